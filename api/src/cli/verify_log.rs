//! `leadtrail verify log`: whether an exported log is whole and unchanged.

use super::input::Input;
use super::output::{print, print_json};
use super::progress::{Progress, Unit};
use super::table::grouped;
use super::verify::{Checked, text};
use super::{CliError, Place, Verdict};
use crate::app::ports::SystemPorts;
use crate::log_file::check;
use clap::Args;
use eventstore::{Mark, Ports, Position};
use std::path::PathBuf;

/// Check an exported log where it lies, without a database: no gap, every hash, whole commits, every version and who did it
#[derive(Debug, Args)]
pub struct VerifyLog {
    /// The file; `-` for the standard input
    file: PathBuf,
}

impl VerifyLog {
    /// Checks it.
    pub fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let Input { bytes, size } = Input::open(&self.file)?;
        let mut progress = Progress::start(place.json, "log", size, Unit::Bytes);
        let done = check(bytes, SystemPorts.now(), |_| (), |bytes, events| progress.at(bytes, || format!("{} events", grouped(events))));
        let seconds = progress.finish().as_secs_f64();
        let file = done.map_err(|error| super::import_log::refused(&self.file, error))?;
        let head = Mark { position: Position { company: file.header.company, number: file.events }, hash: file.hash };
        let findings = file.findings.into_iter().map(Into::into).collect();
        let name = file.header.name;
        let checked = Checked { company: file.header.company, name, head, events: file.events, read_models: vec![], findings, seconds };
        let verdict = Verdict::of(checked.findings.is_empty());
        if place.json {
            print_json(&[checked])?;
        } else {
            print(&text(&checked, true))?;
        }
        Ok(verdict)
    }
}
