//! `leadtrail import history`: another system's history, one command a line.

use super::error::{Code, in_words};
use super::figures::no_settings;
use super::input::{Input, name};
use super::output::{in_a_line, print_exactly, print_in_passing, say};
use super::place::is_same_file;
use super::progress::{Progress, Unit, per_second};
use super::table::{grouped, many};
use super::{CliError, Place, Verdict};
use crate::app::{App, CompanyError};
use crate::history::{self, Ahead, BadLine, ImportError, NewCompany, Summary, Watch, company::NoCompany};
use clap::Args;
use domain::company::{Currency, Zone};
use domain::text::Label;
use eventstore::{CompanyEntry, CompanyId, StoreError, WriteError};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bad lines told in full; of the others only the number.
const TOLD_IN_FULL: u64 = 20;
const HOW_TO_MAKE_ONE: &str = "to make the company, say --zone, such as --zone America/New_York, and what it is called with --company NAME";

/// Bring in another system's history: one JSON object a line, in order for each contact
///
/// {"id": KEY, "at": INSTANT, "by": PERSON, "contact": UUID, "command": "meeting.issue", "with": {…}}
///
/// A bad line is reported with its number, field and rule, and the rest goes on; the exit code is then 1. The same file a second time
/// adds nothing: an import that was stopped continues where it was, and a mended file brings in what was refused.
#[derive(Debug, Args)]
pub struct ImportHistory {
    /// The file; `-` for the standard input
    file: PathBuf,
    /// Make the company when it is missing, with local days in this IANA zone
    #[arg(long, value_name = "ZONE", value_parser = Zone::parse)]
    zone: Option<Zone>,
    /// The currency of a company that is made
    #[arg(long, value_name = "CODE", default_value = "USD", value_parser = Currency::parse)]
    currency: Currency,
    /// The id of a company that is made; without it, a new one
    #[arg(long, value_name = "UUID", value_parser = company_id)]
    id: Option<CompanyId>,
    /// Make people, lead sources and products that are named and not known
    #[arg(long)]
    create_missing: bool,
    /// Write every bad line to this file, as JSON lines
    #[arg(long, value_name = "FILE")]
    report: Option<PathBuf>,
}

impl ImportHistory {
    /// Brings it in.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let Input { mut bytes, size } = Input::open(&self.file)?;
        self.mind_an_exported_log(&mut bytes)?;
        let report = self.report.as_deref().map(|path| self.report_to(path, place)).transpose()?;
        let (ahead, bytes) = history::look_ahead(bytes).map_err(|error| CliError::file("read", &self.file, &error))?;
        let company = self.company(ahead, place).await?;
        if let Some((app, company)) = &company {
            self.mind_the_zone(&app.settings(company.id).await?, place);
        }
        let mut watch = Telling { json: place.json, progress: Progress::start(place.json, "import", size, Unit::Bytes), report, told: 0 };
        if place.json {
            print_in_passing("{\"bad_lines\":[");
        }
        let done = match &company {
            Some((app, company)) => {
                let done = history::take(app, company.id, self.create_missing, bytes, &mut watch).await;
                // What was handed over is carried out before the process ends.
                app.close().await;
                done
            }
            None => history::refuse(bytes, &mut watch),
        };
        let took = watch.finish()?;
        let summary = match done {
            Ok(summary) => summary,
            Err(error) => {
                if place.json {
                    print_in_passing("]}\n");
                }
                return Err(stopped(&self.file, error));
            }
        };
        let company = company.map(|(_, company)| company);
        if place.json {
            print_end(company.as_ref(), &summary, took)?
        } else {
            tell(company.as_ref(), &summary, took, self.create_missing)
        }
        Ok(Verdict::of(summary.is_complete()))
    }

    /// What the history goes into. A company is made, and a place for it, only when there is a line to take; without one, what
    /// is there is looked at and nothing is made.
    async fn company(&self, ahead: Ahead, place: &Place) -> Result<Option<(App, CompanyEntry)>, CliError> {
        let new = match ahead {
            Ahead::ALine => self.new_company(),
            Ahead::Nothing => None,
            Ahead::NothingSoFar => {
                let none = CliError::new(Code::BadFile, format!("nothing at the beginning of {} is a line that can be taken", name(&self.file)));
                return Err(none.hint("a line is one JSON object; docs/RUNNING.md shows one").after("nothing was taken and nothing made"));
            }
        };
        let found = async {
            let app = if new.is_some() { place.open_or_make().await? } else { self.open(place).await? };
            let company = history::company_for(&app, place.company.as_deref(), new).await.map_err(no_company)?;
            app.check_served(company.id).await?;
            Ok((app, company))
        };
        let could_be_made = |error: &CliError| matches!(error.code, Code::NoData | Code::NoCompany | Code::UnknownCompany | Code::NoSettings);
        match found.await {
            Err(error) if ahead == Ahead::Nothing && self.zone.is_some() && could_be_made(&error) => Ok(None),
            found => found.map(Some),
        }
    }

    /// Opens what is there; a place without data is told how to begin one.
    async fn open(&self, place: &Place) -> Result<App, CliError> {
        place.open().await.map_err(|error| match error.code {
            Code::NoData => error.hint(HOW_TO_MAKE_ONE),
            _ => error,
        })
    }

    fn mind_an_exported_log(&self, bytes: &mut impl BufRead) -> Result<(), CliError> {
        let begins = bytes.fill_buf().map_err(|error| CliError::file("read", &self.file, &error))?;
        if begins.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(begins).starts_with(b"{\"leadtrail\":") {
            let log = CliError::new(Code::BadFile, format!("{} is an exported log, not another system's history", name(&self.file)));
            return Err(log.hint("`leadtrail import log FILE` takes it"));
        }
        Ok(())
    }

    fn report_to(&self, path: &Path, place: &Place) -> Result<BufWriter<File>, CliError> {
        place.mind_the_data("--report", path)?;
        if is_same_file(path, &self.file) {
            return Err(CliError::usage(format!("--report {} would overwrite the file that is imported", path.display())));
        }
        Ok(BufWriter::new(File::create(path).map_err(|error| CliError::file("write", path, &error))?))
    }

    fn new_company(&self) -> Option<NewCompany> {
        let zone = self.zone?;
        let stem = self.file.file_stem().and_then(|stem| stem.to_str()).filter(|stem| *stem != "-");
        let name = Label::try_new(stem.unwrap_or("Imported")).or_else(|_| Label::try_new("Imported")).ok()?;
        Some(NewCompany { id: self.id, name, zone, currency: self.currency.clone() })
    }

    fn mind_the_zone(&self, company: &domain::company::Company, place: &Place) {
        if let (Some(zone), Some(settings)) = (self.zone, &company.settings)
            && zone != settings.zone
        {
            place.tell(&format!("the company's zone stays {}; --zone is for a company that is made", settings.zone.0.name()));
        }
    }
}

fn company_id(text: &str) -> Result<CompanyId, String> {
    text.parse().map_err(|_| "an id is a UUID, such as 0197a3c1-6c1e-7d1a-9f3e-2b4c5d6e7f80".into())
}

fn no_company(error: NoCompany) -> CliError {
    match error {
        NoCompany::Unclear(CompanyError::Unknown { wanted, known }) => {
            CliError::new(Code::UnknownCompany, format!("there is no company “{wanted}”; there are: {}", known.join(", "))).hint(HOW_TO_MAKE_ONE)
        }
        NoCompany::Unclear(CompanyError::None) => CliError::new(Code::NoCompany, "there is no company yet").hint(HOW_TO_MAKE_ONE),
        NoCompany::Unclear(error) => error.into(),
        NoCompany::NoSettings(name) => no_settings(&name).hint("say them now: --zone, such as --zone America/New_York, and --currency unless it is USD"),
        NoCompany::Name(text) => CliError::usage(format!("--company: {text}")),
        NoCompany::NotMade(WriteError::Unavailable(StoreError::CompanyExists(id))) => {
            CliError::new(Code::CompanyExists, format!("there is a company with the id {id} already")).hint("name it with --company, or leave --id out")
        }
        NoCompany::NotMade(error) => error.into(),
    }
}

/// The import had to stop before the end of the file.
fn stopped(file: &Path, error: ImportError) -> CliError {
    let failed = match error {
        ImportError::Input { line, source } => CliError::new(Code::File, format!("{} cannot be read after line {line}: {}", name(file), in_words(&source))),
        ImportError::Erasures(error) => {
            CliError::new(Code::File, error.to_string()).hint("mend that and import the same file once more: it continues where it stopped")
        }
        ImportError::Report(error) => CliError::new(Code::File, format!("the report cannot be written: {}", in_words(&error))),
        ImportError::Store { line, source } => CliError::new(Code::Database, format!("the import stopped at line {line}: {source}")),
    };
    failed.hint("what was taken stays; when the cause is mended, import the same file again: it continues where it stopped")
}

/// Tells people, or a program, what becomes of the lines.
struct Telling {
    json: bool,
    progress: Progress,
    report: Option<BufWriter<File>>,
    told: u64,
}

impl Watch for Telling {
    fn read(&mut self, bytes: u64, lines: u64) {
        self.progress.at(bytes, || format!("{} lines", grouped(lines as i64)));
    }

    fn bad(&mut self, bad: &BadLine) -> io::Result<()> {
        if let Some(report) = &mut self.report {
            serde_json::to_writer(&mut *report, bad)?;
            report.write_all(b"\n")?;
        }
        if self.json {
            let comma = if self.told > 0 { "," } else { "" };
            print_in_passing(&format!("{comma}{}", serde_json::to_string(bad)?));
        } else if self.told < TOLD_IN_FULL {
            self.progress.aside(&in_a_line(&bad.to_string()));
        }
        self.told += 1;
        Ok(())
    }
}

impl Telling {
    fn finish(self) -> Result<Duration, CliError> {
        let took = self.progress.finish();
        if let Some(mut report) = self.report {
            report.flush().map_err(|error| CliError::new(Code::File, format!("the report cannot be written: {}", in_words(&error))))?;
        }
        Ok(took)
    }
}

/// The rest of the JSON object whose bad lines were written one by one.
fn print_end(company: Option<&CompanyEntry>, summary: &Summary, took: Duration) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct End<'a> {
        company: Option<CompanyId>,
        name: Option<&'a str>,
        #[serde(flatten)]
        summary: &'a Summary,
        seconds: f64,
    }
    let end = End { company: company.map(|company| company.id), name: company.map(|company| company.name.as_str()), summary, seconds: took.as_secs_f64() };
    let text = serde_json::to_string(&end).map_err(|error| CliError::new(Code::Internal, format!("the result cannot be written as JSON: {error}")))?;
    match print_exactly(&format!("],{}\n", text.trim_start_matches('{'))) {
        Err(error) if error.is_broken_pipe => Ok(()),
        printed => printed,
    }
}

fn tell(company: Option<&CompanyEntry>, summary: &Summary, took: Duration, create_missing: bool) {
    if summary.refused > TOLD_IN_FULL {
        say(&format!("… and {}; --report FILE writes all of them", many(summary.refused - TOLD_IN_FULL, "more bad line")));
    }
    for (code, lines) in &summary.refused_by_code {
        say(&format!("{:>9}  {code}", grouped(*lines as i64)));
    }
    let is_unknown = |code: &&str| ["unknown_person", "unknown_source", "unknown_product"].contains(code);
    if !create_missing && summary.refused_by_code.keys().any(is_unknown) {
        say("--create-missing makes the people, sources and products that the company does not have yet");
    }
    let Summary { lines, taken, already_there, refused, events, contacts, names, head, .. } = summary;
    let (Some(company), Some(head)) = (company, head) else {
        return say(&format!("{}, none of which can be taken; no company was made", many(*lines, "line")));
    };
    say(&format!(
        "{}: {}: {} taken, {} already there, {} refused",
        company.name,
        many(*lines, "line"),
        grouped(*taken as i64),
        grouped(*already_there as i64),
        grouped(*refused as i64)
    ));
    say(&format!(
        "added {}: {}, {}; the log ends at {} ({})",
        many(*events, "event"),
        many(*contacts, "new contact"),
        many(*names, "new name"),
        grouped(head.position.number),
        head.hash
    ));
    say(&format!("{:.1} s, {} lines a second", took.as_secs_f64(), per_second(*lines, took)));
}
