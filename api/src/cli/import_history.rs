//! `leadtrail import history`: another system's history, one command a line.

use super::output::{print, say};
use super::place::Which;
use super::progress::{Progress, Unit, per_second};
use super::table::grouped;
use super::{CliError, Place, Verdict};
use crate::history::{self, BadLine, NewCompany, Summary, Watch, company::NoCompany};
use clap::Args;
use domain::company::{Currency, Zone};
use domain::text::Label;
use eventstore::{CompanyEntry, CompanyId};
use serde::Serialize;
use std::fs::File;
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Bad lines told in full; of the others only the number.
const TOLD_IN_FULL: u64 = 20;

/// Bring in another system's history: one JSON object a line, in order for each contact
///
/// {"id": KEY, "at": INSTANT, "by": PERSON, "contact": UUID, "command": "meeting.issue", "with": {…}}
///
/// A bad line is reported with its number, field and rule, and the rest goes on. The same file a second time adds nothing; an
/// import that was stopped continues where it was.
#[derive(Debug, Args)]
pub struct ImportHistory {
    /// The file; `-` for the standard input
    file: PathBuf,
    #[command(flatten)]
    which: Which,
    /// Make the company when it is missing, with local days in this IANA zone
    #[arg(long, value_name = "ZONE", value_parser = Zone::parse)]
    zone: Option<Zone>,
    /// The currency of a company that is made
    #[arg(long, value_name = "CODE", default_value = "USD", value_parser = Currency::parse)]
    currency: Currency,
    /// The id of a company that is made; without it, a new one
    #[arg(long, value_name = "UUID")]
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
        let (input, size) = open(&self.file)?;
        let report = match &self.report {
            None => None,
            Some(path) => Some(BufWriter::new(File::create(path).map_err(|error| CliError::file("write", path, &error))?)),
        };
        let app = place.open().await?;
        let company = history::company_for(&app, self.which.company.as_deref(), self.new_company()).await.map_err(no_company)?;
        self.mind_the_zone(&app.settings(company.id).await?, place);
        let mut watch = Telling { json: place.json, progress: Progress::start(place.json, "import", size, Unit::Bytes), report, told: 0 };
        if place.json {
            print("{\"bad_lines\":[")?;
        }
        let done = history::take(&app, company.id, self.create_missing, input, &mut watch).await;
        let took = watch.finish()?;
        // What was handed over is carried out before the process ends.
        app.stop().await;
        let summary = done.map_err(|error| CliError::Failed(error.to_string()))?;
        if place.json {
            print_end(&company, &summary, took)?
        } else {
            tell(&company, &summary, took)
        }
        Ok(Verdict::of(summary.is_complete()))
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

fn open(path: &Path) -> Result<(Box<dyn BufRead>, Option<u64>), CliError> {
    if path == Path::new("-") {
        return Ok((Box::new(BufReader::new(io::stdin())), None));
    }
    let file = File::open(path).map_err(|error| CliError::file("read", path, &error))?;
    let about = file.metadata().map_err(|error| CliError::file("read", path, &error))?;
    if about.is_dir() {
        return Err(CliError::Failed(format!("cannot read {}: it is a folder", path.display())));
    }
    let size = about.is_file().then_some(about.len());
    Ok((Box::new(BufReader::with_capacity(1 << 16, file)), size))
}

fn no_company(error: NoCompany) -> CliError {
    match error {
        NoCompany::Unclear(crate::app::CompanyError::Unknown { wanted, known }) => CliError::Failed(format!(
            "there is no company “{wanted}”; there are: {}. To make it, say --zone, such as --zone America/New_York",
            known.join(", ")
        )),
        NoCompany::Unclear(crate::app::CompanyError::None) => {
            CliError::Failed("there is no company yet; to make it, say --zone, such as --zone America/New_York, and what it is called with --company".into())
        }
        NoCompany::Unclear(error) => error.into(),
        NoCompany::NotMade(eventstore::WriteError::Unavailable(error)) => error.into(),
        error => CliError::Failed(error.to_string()),
    }
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
            // When nobody reads the bad lines any more, the others are still to be taken.
            if write!(io::stdout().lock(), "{comma}{}", serde_json::to_string(bad)?).is_err() {}
        } else if self.told < TOLD_IN_FULL {
            self.progress.aside(&bad.to_string());
        }
        self.told += 1;
        Ok(())
    }
}

impl Telling {
    fn finish(self) -> Result<Duration, CliError> {
        let took = self.progress.finish();
        if let Some(mut report) = self.report {
            report.flush().map_err(|error| CliError::Failed(format!("the report cannot be written: {error}")))?;
        }
        Ok(took)
    }
}

/// The rest of the JSON object whose bad lines were written one by one.
fn print_end(company: &CompanyEntry, summary: &Summary, took: Duration) -> Result<(), CliError> {
    #[derive(Serialize)]
    struct End<'a> {
        company: CompanyId,
        name: &'a str,
        #[serde(flatten)]
        summary: &'a Summary,
        seconds: f64,
    }
    let end = End { company: company.id, name: &company.name, summary, seconds: took.as_secs_f64() };
    let text = serde_json::to_string(&end).map_err(|error| CliError::Failed(format!("the result cannot be written as JSON: {error}")))?;
    print(&format!("],{}\n", text.trim_start_matches('{')))
}

fn tell(company: &CompanyEntry, summary: &Summary, took: Duration) {
    let count = |number: u64| grouped(number as i64);
    if summary.refused > TOLD_IN_FULL {
        say(&format!("… and {} more bad lines; --report FILE writes all of them", count(summary.refused - TOLD_IN_FULL)));
    }
    for (code, lines) in &summary.refused_by_code {
        say(&format!("{:>9}  {code}", count(*lines)));
    }
    let Summary { lines, taken, already_there, refused, events, contacts, names, head, .. } = summary;
    say(&format!(
        "{}: {} lines: {} taken, {} already there, {} refused; {} events added, {} contacts, {} names; the log ends at {} ({})",
        company.name,
        count(*lines),
        count(*taken),
        count(*already_there),
        count(*refused),
        count(*events),
        count(*contacts),
        count(*names),
        grouped(head.position.number),
        head.hash
    ));
    say(&format!("{:.1} s, {} lines a second", took.as_secs_f64(), per_second(*lines, took)));
}
