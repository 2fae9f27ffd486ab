//! `leadtrail import log`: an exported log, with every hash.

use super::output::{print_json, say};
use super::progress::{Progress, Unit, per_second};
use super::rebuild::bring_up;
use super::table::grouped;
use super::{CliError, Place, Verdict};
use crate::app::{App, CompanyError, ports};
use crate::log_file::{Header, Imported, Source, TakeOverError};
use clap::Args;
use eventstore::{CompanyEntry, CompanyId};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Take an exported log into an empty company, hash by hash
///
/// The company is made when it is missing, with the id and the name that the file says. The same file a second time adds nothing; an
/// import that was stopped continues where it was.
#[derive(Debug, Args)]
pub struct ImportLog {
    /// The file; `-` for the standard input
    file: PathBuf,
    /// Another company than the file's: its name, or its id
    #[arg(long, value_name = "NAME_OR_ID")]
    company: Option<String>,
    /// Another name for a company that is made
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
}

#[derive(Serialize)]
struct Answer {
    company: CompanyId,
    name: String,
    #[serde(flatten)]
    imported: Imported,
    seconds: f64,
}

impl ImportLog {
    /// Takes it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let (input, size): (Box<dyn BufRead>, _) = if self.file == Path::new("-") {
            (Box::new(BufReader::new(io::stdin())), None)
        } else {
            let file = File::open(&self.file).map_err(|error| CliError::file("read", &self.file, &error))?;
            let size = file.metadata().ok().map(|about| about.len());
            (Box::new(BufReader::with_capacity(1 << 16, file)), size)
        };
        let source = Source::open(input).map_err(failed)?;
        let app = place.open().await?;
        let company = self.company_for(&app, &source.header).await?;
        let mut progress = Progress::start(place.json, "import", size, Unit::Bytes);
        let imported = source.take(&app, company.id, |bytes, events| progress.at(bytes, || format!("{} events", grouped(events as i64)))).await;
        let took = progress.finish();
        let imported = imported.map_err(failed)?;
        bring_up(&app, company.id, place.json).await?;
        if place.json {
            print_json(&Answer { company: company.id, name: company.name, imported, seconds: took.as_secs_f64() })?;
            return Ok(Verdict::Well);
        }
        let Imported { added, already_there, head } = imported;
        let events = (added + already_there) as u64;
        say(&format!(
            "{}: {} events added, {} already there, every hash checked; the log ends at {} ({})",
            company.name,
            grouped(added as i64),
            grouped(already_there as i64),
            grouped(head.position.number),
            head.hash
        ));
        say(&format!("{:.1} s, {} events a second", took.as_secs_f64(), per_second(events, took)));
        Ok(Verdict::Well)
    }

    /// The company meant; made when it is missing, with the file's id where that is free.
    async fn company_for(&self, app: &App, header: &Header) -> Result<CompanyEntry, CliError> {
        let header_id = header.company.to_string();
        let wanted = self.company.as_deref().unwrap_or(&header_id);
        match app.company(Some(wanted)).await {
            Ok(found) => return Ok(found),
            Err(CompanyError::Store(error)) => return Err(error.into()),
            Err(_) => {}
        }
        let named = Uuid::try_parse(wanted).ok().map(CompanyId);
        let name = match (&self.name, named) {
            (Some(name), _) => name.clone(),
            (None, Some(_)) => header.name.clone(),
            (None, None) => wanted.to_owned(),
        };
        let there = app.store.companies().await?;
        if there.iter().any(|company| company.name.to_lowercase() == name.to_lowercase()) {
            return Err(CliError::Failed(format!("there is another company “{name}”; give this one another name with --name")));
        }
        let free = !there.iter().any(|company| company.id == header.company);
        let id = named.unwrap_or_else(|| if free { header.company } else { CompanyId(app.ports.new_id()) });
        app.store.create_company(id, &name, header.log_id, ports::random_bytes(), app.ports.now()).await?;
        Ok(app.company(Some(&id.to_string())).await?)
    }
}

fn failed(error: TakeOverError) -> CliError {
    match error {
        TakeOverError::Store(error) => error.into(),
        error => CliError::Failed(error.to_string()),
    }
}
