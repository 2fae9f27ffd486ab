//! The keys of a company's streams, written out for a backup of their own, and taken in again before the log they open.

use super::export::ExportError;
use super::format::FORMAT;
use super::import::TakeOverError;
use crate::app::App;
use eventstore::{CompanyId, Stream, StreamKey};
use serde::{Deserialize, Serialize};
use std::io::{BufRead, Write};
use uuid::Uuid;

/// Keys read from the database at a time.
const PAGE: i64 = 2_000;

/// The first line: the log they belong to.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Header {
    leadtrail: String,
    format: u32,
    log_id: Uuid,
}

/// One key as hexadecimal digits; none, when it was destroyed.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyLine {
    kind: String,
    id: Uuid,
    key: Option<String>,
}

/// Writes the keys of a company's streams and says how many. Whoever has them and the log can read what is personal in it.
pub async fn export_keys(app: &App, company: CompanyId, out: &mut impl Write) -> Result<u64, ExportError> {
    let log_id = app.store.log_id(company).await?;
    super::export::line(out, &Header { leadtrail: "keys".into(), format: FORMAT, log_id })?;
    let mut written = 0;
    let mut after: Option<Stream> = None;
    loop {
        let page = app.store.stream_keys(company, after.as_ref(), PAGE).await?;
        for (stream, key) in &page {
            let key = key.as_ref().map(|key| hex::encode(key.expose()));
            super::export::line(out, &KeyLine { kind: stream.kind.to_string(), id: stream.id, key })?;
            written += 1;
        }
        match page.into_iter().last() {
            Some((stream, _)) => after = Some(stream),
            None => break,
        }
    }
    out.flush()?;
    Ok(written)
}

/// Takes such keys into a company and says how many: all, or none when one of them is for what was taken in without it.
pub async fn import_keys(app: &App, company: CompanyId, keys: &[(Stream, Option<StreamKey>)]) -> Result<u64, TakeOverError> {
    app.store.adopt_keys(company, keys).await?;
    Ok(keys.len() as u64)
}

/// Reads a file of keys, which must be those of this log, to its end.
pub fn read_keys(log_id: Uuid, input: impl BufRead) -> Result<Vec<(Stream, Option<StreamKey>)>, TakeOverError> {
    let mut keys = Vec::new();
    let mut is_begun = false;
    for (number, line) in (1..).zip(input.split(b'\n')) {
        let text = line.map_err(|source| TakeOverError::Input { line: number, source })?;
        let malformed = |text: String| TakeOverError::Malformed { line: number, text };
        if !std::mem::replace(&mut is_begun, true) {
            match serde_json::from_slice::<Header>(&text) {
                Ok(header) if header.leadtrail == "keys" && header.format == FORMAT && header.log_id == log_id => {}
                Ok(header) if header.leadtrail == "keys" && header.format == FORMAT => return Err(malformed("these are the keys of another log".into())),
                _ => return Err(malformed("this is no file of keys that this version knows".into())),
            }
            continue;
        }
        let KeyLine { kind, id, key } = serde_json::from_slice(&text).map_err(|_| malformed("this is not a key".into()))?;
        let mut bytes = [0; 32];
        let key = match key {
            Some(digits) => {
                hex::decode_to_slice(digits, &mut bytes).map_err(|_| malformed("a key has 64 hexadecimal digits".into()))?;
                Some(StreamKey::new(bytes))
            }
            None => None,
        };
        keys.push((Stream { kind: kind.into(), id }, key));
    }
    if is_begun { Ok(keys) } else { Err(TakeOverError::Malformed { line: 1, text: "this is no file of keys that this version knows".into() }) }
}
