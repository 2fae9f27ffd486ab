//! Writes a company's log, page by page, up to where it ended when the export began.

use super::format::{End, EventLine, FORMAT, Header};
use crate::app::App;
use eventstore::{CompanyEntry, Mark, StoreError};
use serde::Serialize;
use std::io::{self, Write};

/// Events read at a time.
const PAGE: usize = 2_000;

/// What was written.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Exported {
    /// How many events.
    pub events: i64,
    /// Where the log ended.
    pub head: Mark,
}

/// The log could not be written.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// It could not be read.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// It could not be written.
    #[error(transparent)]
    Output(#[from] io::Error),
}

impl From<serde_json::Error> for ExportError {
    fn from(error: serde_json::Error) -> ExportError {
        ExportError::Output(error.into())
    }
}

/// Writes a company's log. `progress` is told position and head.
pub async fn export(app: &App, company: &CompanyEntry, out: &mut impl Write, mut progress: impl FnMut(i64, i64)) -> Result<Exported, ExportError> {
    let head = app.store.head(company.id).await?;
    let log_id = app.store.log_id(company.id).await?;
    line(out, &Header { leadtrail: "log".into(), format: FORMAT, company: company.id, name: company.name.clone(), log_id })?;
    let mut position = 0;
    while position < head.position.number {
        let page = app.store.page(company.id, position, PAGE).await?;
        let Some(last) = page.last() else { break };
        let reached = last.position;
        for event in page.iter().filter(|event| event.position <= head.position.number) {
            line(out, &EventLine::of(event))?;
        }
        position = reached.min(head.position.number);
        progress(position, head.position.number);
    }
    line(out, &End { leadtrail: "end".into(), position: head.position.number, hash: head.hash })?;
    out.flush()?;
    Ok(Exported { events: position, head })
}

pub(super) fn line(out: &mut impl Write, value: &impl Serialize) -> Result<(), ExportError> {
    serde_json::to_writer(&mut *out, value)?;
    out.write_all(b"\n")?;
    Ok(())
}
