//! `leadtrail import log`: an exported log, with every hash.

use super::error::{Code, in_words};
use super::input::{Input, name};
use super::output::{print_json, say};
use super::progress::{Progress, Unit, per_second};
use super::rebuild::bring_up;
use super::table::{grouped, many};
use super::{CliError, Place, Verdict};
use crate::app::ports::SystemPorts;
use crate::app::{App, CompanyError, ports};
use crate::log_file::{Header, Imported, Source, TakeOverError, import_keys, read_keys};
use clap::Args;
use domain::text::Label;
use eventstore::{CompanyEntry, CompanyId, Ports, StoreError};
use serde::Serialize;
use std::path::{Path, PathBuf};
use uuid::Uuid;

/// Take an exported log into an empty company, hash by hash
///
/// The company is made when it is missing, with the id and the name that the file says; --company names another. The file is taken in
/// parts of some 2,000 events, and a part with a fault is not taken: the parts before it stay. The same file a second time adds nothing,
/// and an import that was stopped, or met a fault, continues where it was.
#[derive(Debug, Args)]
pub struct ImportLog {
    /// The file; `-` for the standard input
    file: PathBuf,
    /// Another name for a company that is made
    #[arg(long, value_name = "NAME", value_parser = Label::try_new)]
    name: Option<Label>,
    /// The file of keys that `leadtrail export --keys` wrote; without it what is personal in the log stays sealed
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
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
        let Input { bytes, size } = Input::open(&self.file)?;
        let source = Source::open(bytes, SystemPorts.now()).map_err(|error| refused(&self.file, error).after("nothing was taken and nothing made"))?;
        let keys = match &self.keys {
            Some(path) => {
                let read = read_keys(source.header.log_id, Input::open(path)?.bytes);
                Some((path, read.map_err(|error| refused(path, error).after("nothing was taken and nothing made"))?))
            }
            None => None,
        };
        let app = place.open_or_make().await?;
        let company = self.company_for(&app, place.company.as_deref(), &source.header).await?;
        if let Some((path, keys)) = keys {
            let keys = import_keys(&app, company.id, &keys).await.map_err(|error| refused(path, error))?;
            place.tell(&format!("{}: {} taken", company.name, many(keys, "key")));
        }
        let mut progress = Progress::start(place.json, "import", size, Unit::Bytes);
        let imported = source.take(&app, company.id, |bytes, events| progress.at(bytes, || format!("{} events", grouped(events as i64)))).await;
        let took = progress.finish();
        let imported = match imported {
            Ok(imported) => imported,
            Err(error) => return Err(stopped(&app, &company, refused(&self.file, error)).await),
        };
        bring_up(&app, company.id, place.json).await?;
        app.close().await;
        if place.json {
            print_json(&Answer { company: company.id, name: company.name, imported, seconds: took.as_secs_f64() })?;
            return Ok(Verdict::Well);
        }
        let Imported { added, already_there, head } = imported;
        let events = (added + already_there) as u64;
        say(&format!(
            "{}: {} added, {} already there, every hash checked; the log ends at {} ({})",
            company.name,
            many(added as u64, "event"),
            grouped(already_there as i64),
            grouped(head.position.number),
            head.hash
        ));
        say(&format!("{:.1} s, {} events a second", took.as_secs_f64(), per_second(events, took)));
        Ok(Verdict::Well)
    }

    /// The company meant; made when it is missing, with the file's id where that is free.
    async fn company_for(&self, app: &App, wanted: Option<&str>, header: &Header) -> Result<CompanyEntry, CliError> {
        let header_id = header.company.to_string();
        let wanted = wanted.unwrap_or(&header_id);
        match app.company(Some(wanted)).await {
            Ok(found) => return Ok(found),
            Err(CompanyError::None | CompanyError::Unknown { .. } | CompanyError::Several(_)) => {}
            Err(error) => return Err(error.into()),
        }
        let named = Uuid::try_parse(wanted).ok().map(CompanyId);
        let name = match (&self.name, named) {
            (Some(name), _) => name.to_string(),
            (None, Some(_)) => header.name.clone(),
            (None, None) => Label::try_new(wanted).map_err(|rule| CliError::usage(format!("--company: the name {rule}")))?.to_string(),
        };
        let there = app.store.companies().await?;
        if there.iter().any(|company| company.name.to_lowercase() == name.to_lowercase()) {
            let taken = CliError::new(Code::CompanyExists, format!("there is another company “{name}” already"));
            return Err(taken.hint("give the one in the file another name with --name, or import it into a new data folder"));
        }
        let free = !there.iter().any(|company| company.id == header.company);
        let id = named.unwrap_or_else(|| if free { header.company } else { CompanyId(app.ports.new_id()) });
        match app.store.create_company(id, &name, header.log_id, ports::random_bytes(), app.ports.now()).await {
            // Another import of the same log made it a moment ago.
            Ok(()) | Err(StoreError::CompanyExists(_)) => {}
            Err(error) => return Err(error.into()),
        }
        Ok(app.company(Some(&id.to_string())).await?)
    }
}

/// What is wrong with the file, or with taking it.
pub(super) fn refused(file: &Path, error: TakeOverError) -> CliError {
    let bad = |text: &str, hint: &str| CliError::new(Code::BadFile, format!("{}: {text}", name(file))).hint(hint);
    let text = error.to_string();
    match error {
        TakeOverError::Input { line, source } => CliError::new(Code::File, format!("{}: line {line} cannot be read: {}", name(file), in_words(&source))),
        TakeOverError::Empty | TakeOverError::NotALog(_) => {
            bad(&text, "`leadtrail export` writes such a file; another system's history is taken by `leadtrail import history`")
        }
        TakeOverError::Malformed { .. } => bad(&text, "get the file as `leadtrail export` wrote it, and import it again"),
        TakeOverError::Unfit { .. } => bad(&text, "check the clock of this machine, and use the version of Leadtrail that wrote the file or a newer one"),
        TakeOverError::CutOff { .. } => bad(&text, "get the whole file, and import it again"),
        TakeOverError::Store(StoreError::BrokenLog { .. }) => {
            bad(&text, "the company has another log than the file: say --company NAME to make another company of it, or import it into a new data folder")
        }
        TakeOverError::Store(StoreError::KeyTooLate(_)) => {
            bad(&text, "take the log and its keys at once: into a new data folder, or with --company NAME as another company; no key was taken")
        }
        TakeOverError::Store(error) => error.into(),
    }
}

/// The same failure, with what stays of what was taken.
async fn stopped(app: &App, company: &CompanyEntry, error: CliError) -> CliError {
    match app.store.head(company.id).await.map(|head| head.position.number) {
        Ok(0) => error.after(&format!("nothing was taken; “{}” is empty", company.name)),
        Ok(last) => {
            error.after(&format!("positions 1 to {} of “{}” stay and are right, and an import of the same log continues there", grouped(last), company.name))
        }
        Err(_) => error.after("what was taken before stays, and an import of the same log continues there"),
    }
}
