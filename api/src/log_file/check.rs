//! Checks a log file where it lies, without a database: what `leadtrail verify` checks of a log, as far as a file shows it.

use super::format::Header;
use super::import::{Source, TakeOverError};
use chrono::{DateTime, Utc};
use eventstore::{Finding, Hash, Recorded, Walk};
use std::io::BufRead;

/// More findings than this say nothing new.
const MOST_FINDINGS: usize = 20;

/// What a check of a file came to.
#[derive(Debug)]
pub struct FileChecked {
    /// Its first line.
    pub header: Header,
    /// How many events could be read.
    pub events: i64,
    /// The hash that they lead to.
    pub hash: Hash,
    /// What is wrong, by position; the first twenty. Empty when all is well.
    pub findings: Vec<Finding>,
}

/// Checks a log file to its end, or to where it cannot be read on. `see` is shown every event, `progress` how many bytes were read.
///
/// A file that is no exported log is an error; one that was cut off or changed is a finding.
pub fn check(
    input: impl BufRead,
    now: DateTime<Utc>,
    mut see: impl FnMut(&Recorded),
    mut progress: impl FnMut(u64, i64),
) -> Result<FileChecked, TakeOverError> {
    let mut source = Source::begin(input, now)?;
    let mut walk = Walk::of_log(source.header.log_id);
    let mut findings = Vec::new();
    loop {
        let company = source.header.company;
        let part = match source.part() {
            Ok(part) => part,
            Err(error @ (TakeOverError::Malformed { .. } | TakeOverError::Unfit { .. } | TakeOverError::CutOff { .. })) => {
                findings.push(Finding { company, position: source.events + 1, rule: "log file", text: error.to_string() });
                break;
            }
            Err(error) => return Err(error),
        };
        for event in &part.events {
            let mut faults = Vec::new();
            walk.step(event, &mut faults);
            findings.extend(faults.into_iter().map(|(rule, text)| Finding { company, position: event.position, rule, text }));
            see(event);
        }
        progress(source.bytes, source.events);
        if part.is_last {
            break;
        }
    }
    findings.truncate(MOST_FINDINGS);
    Ok(FileChecked { events: source.events, hash: source.hash, header: source.header, findings })
}
