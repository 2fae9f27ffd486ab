//! `leadtrail verify log`: whether an exported log is whole and unchanged.

use super::input::Input;
use super::progress::{Progress, Unit};
use super::table::grouped;
use super::verify::{Checked, Journal, answer};
use super::{CliError, Place, Verdict};
use crate::app::ports::SystemPorts;
use crate::log_file::check;
use clap::Args;
use eventstore::{Mark, Ports, Position, Recall};
use std::path::PathBuf;

/// Check an exported log where it lies, without a database: no gap, every hash, whole commits, every version and who did it
#[derive(Debug, Args)]
pub struct VerifyLog {
    /// The file; `-` for the standard input
    file: PathBuf,
    #[command(flatten)]
    journal: Journal,
}

impl VerifyLog {
    /// Checks it.
    pub fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let acks = self.journal.read()?;
        // Whose log it is stands in its first line, so all are looked for until it is known.
        let all: Vec<_> = acks.iter().flat_map(|acks| acks.values().flatten().cloned()).collect();
        let mut recall = Recall::of(&all);
        let Input { bytes, size } = Input::open(&self.file)?;
        let mut progress = Progress::start(place.json, "log", size, Unit::Bytes);
        let done = check(bytes, SystemPorts.now(), |event| recall.see(event), |bytes, events| progress.at(bytes, || format!("{} events", grouped(events))));
        let seconds = progress.finish().as_secs_f64();
        let file = done.map_err(|error| super::import_log::refused(&self.file, error))?;
        let (company, events) = (file.header.company, file.events);
        let head = Mark { position: Position { company, number: events }, hash: file.hash };
        let findings = file.findings.into_iter().map(Into::into).collect();
        let mut checked = Checked { head, events, findings, seconds, ..Checked::nothing(company, file.header.name) };
        if let Some(acks) = acks {
            let own = acks.get(&company).map_or(&[][..], Vec::as_slice);
            checked.recalls(own.len(), &recall.lost(own, file.header.log_id));
        }
        answer(&[checked], place)
    }
}
