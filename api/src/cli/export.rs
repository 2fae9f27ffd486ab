//! `leadtrail export`: a company's log as JSON lines.

use super::error::Code;
use super::output::{print_json, say};
use super::place::{is_same_file, with_end};
use super::progress::{Progress, Unit, per_second};
use super::table::{grouped, many};
use super::{CliError, Place, Verdict};
use crate::app::{App, private};
use crate::log_file::{ExportError, Exported, export, export_keys};
use clap::Args;
use eventstore::CompanyEntry;
use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Write a company's log as JSON lines, for `leadtrail import log` or for keeping
#[derive(Debug, Args)]
pub struct Export {
    /// The file; `-` for the standard output. A file is there whole or not at all, and only you can read it
    #[arg(long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
    /// Write also the keys that open what is personal in the log, into a file of their own that only you can read
    #[arg(long, value_name = "FILE")]
    keys: Option<PathBuf>,
}

impl Export {
    /// Writes it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        self.mind_the_data(place)?;
        let app = place.open().await?;
        let company = place.one(&app).await?;
        if let Some(path) = &self.keys {
            self.keys_to(path, &app, &company, place).await?;
        }
        if self.out == Path::new("-") {
            let mut out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
            let done = write(&app, &company, &mut out, place.json).await;
            let (exported, took) = done.map_err(|error| failed(error, CliError::output))?;
            tell(&company, &exported, took, place);
            return Ok(Verdict::Well);
        }
        let (exported, took) = self.to_file(&app, &company, place).await?;
        tell(&company, &exported, took, place);
        if place.json {
            print_json(&exported)?;
        }
        Ok(Verdict::Well)
    }

    /// Neither file may be one of the data, nor both the same.
    fn mind_the_data(&self, place: &Place) -> Result<(), CliError> {
        if self.out != Path::new("-") {
            place.mind_the_data("--out", &self.out)?;
            place.mind_the_data("--out", &self.part())?;
        }
        let Some(keys) = &self.keys else { return Ok(()) };
        place.mind_the_data("--keys", keys)?;
        match *keys == self.out || is_same_file(keys, &self.out) {
            true => Err(CliError::usage("--keys and --out name the same file").hint("the keys need a file of their own, kept apart from the log")),
            false => Ok(()),
        }
    }

    /// What is written until it is whole.
    fn part(&self) -> PathBuf {
        with_end(&self.out, ".part")
    }

    /// Writes the keys into a new file for its owner alone.
    async fn keys_to(&self, path: &Path, app: &App, company: &CompanyEntry, place: &Place) -> Result<(), CliError> {
        let cannot_write = |error: &io::Error| CliError::file("write", path, error);
        let mut out = BufWriter::new(private(path).map_err(|error| cannot_write(&error))?);
        let written = export_keys(app, company.id, &mut out).await.map_err(|error| failed(error, cannot_write))?;
        out.get_ref().sync_all().map_err(|error| cannot_write(&error))?;
        place.tell(&format!("{}: keep {} apart from the log, and not longer than you must: {}", company.name, path.display(), many(written, "key")));
        Ok(())
    }

    /// Writes beside the file and renames, so that a half-written one is never taken for a whole.
    async fn to_file(&self, app: &App, company: &CompanyEntry, place: &Place) -> Result<(Exported, Duration), CliError> {
        let part = self.part();
        let cannot_write = |error: &io::Error| CliError::file("write", &self.out, error);
        if self.out.is_dir() {
            return Err(CliError::new(Code::File, format!("cannot write {}: it is a folder", self.out.display())));
        }
        let file = begin(&part).map_err(|error| CliError::file("write", &part, &error).hint("remove what is there, or give another --out"))?;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        let done = write(app, company, &mut out, place.json).await.map_err(|error| failed(error, cannot_write));
        let whole = done.and_then(|done| {
            out.get_ref().sync_all().and_then(|()| std::fs::rename(&part, &self.out)).map_err(|error| cannot_write(&error))?;
            Ok(done)
        });
        whole.inspect_err(|_| {
            // When even that fails, half a file is left whose name says so.
            if std::fs::remove_file(&part).is_err() {}
        })
    }
}

/// A new file for its owner alone. What an export that was killed left there is removed; anything else is not ours, and a link
/// would lead somewhere else.
fn begin(part: &Path) -> io::Result<File> {
    if part.symlink_metadata().is_ok_and(|about| about.is_file()) {
        std::fs::remove_file(part)?;
    }
    private(part)
}

async fn write(app: &App, company: &CompanyEntry, out: &mut impl Write, json: bool) -> Result<(Exported, Duration), ExportError> {
    let mut progress = Progress::start(json, "export", Some(0), Unit::Of("events"));
    let done = export(app, company, out, |position, head| progress.at_event(position, head)).await;
    let took = progress.finish();
    Ok((done?, took))
}

fn failed(error: ExportError, cannot_write: impl FnOnce(&io::Error) -> CliError) -> CliError {
    match error {
        ExportError::Store(error) => error.into(),
        ExportError::Output(error) => cannot_write(&error),
    }
}

fn tell(company: &CompanyEntry, exported: &Exported, took: Duration, place: &Place) {
    if !place.json {
        let Exported { events, head } = exported;
        let rate = per_second(events.unsigned_abs(), took);
        say(&format!("{}: {} events up to hash {}; {:.1} s, {rate} events a second", company.name, grouped(*events), head.hash, took.as_secs_f64()));
    }
}
