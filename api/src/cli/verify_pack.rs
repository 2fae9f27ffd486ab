//! `leadtrail verify pack`: whether an auditor pack holds, with nothing but the file and a public key.

use super::error::Code;
use super::output::{print, print_json};
use super::table::{grouped, many};
use super::timeline::lines;
use super::{CliError, Place, Verdict};
use crate::pack::{Audit, PackError, check};
use crate::views::Event;
use chrono::{DateTime, SecondsFormat, Utc};
use clap::Args;
use eventstore::{Hash, Verifier};
use serde::Serialize;
use std::path::PathBuf;
use uuid::Uuid;

/// Check a file that `leadtrail pack` wrote: no database and no data folder is needed
///
/// Exit code 1 when something in it does not hold; the first such thing is named.
#[derive(Debug, Args)]
pub struct VerifyPack {
    /// The file
    file: PathBuf,
    /// The public key that must have signed it, as `leadtrail checkpoint key` prints it; given again, for earlier keys
    #[arg(long, value_name = "KEY")]
    key: Vec<Verifier>,
    /// Print every event of it
    #[arg(long)]
    events: bool,
}

#[derive(Serialize)]
struct Answer {
    holds: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    wrong: Option<String>,
    #[serde(flatten)]
    found: Option<Found>,
}

#[derive(Serialize)]
struct Found {
    company: eventstore::CompanyId,
    company_name: String,
    log_id: Uuid,
    contact: Uuid,
    key: String,
    key_was_given: bool,
    opened: bool,
    /// The checkpoint that every event is in.
    size: i64,
    root: Hash,
    signed_at: DateTime<Utc>,
    checkpoints: usize,
    events: Vec<Told>,
}

#[derive(Serialize)]
struct Told {
    /// By when it was in the log.
    signed_by: DateTime<Utc>,
    #[serde(flatten)]
    event: Event,
}

impl VerifyPack {
    /// Checks it.
    pub fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let bytes = std::fs::read(&self.file).map_err(|error| CliError::file("read", &self.file, &error))?;
        let bad = |text: &str| {
            CliError::new(Code::BadFile, format!("{}: {text}", self.file.display())).hint("`leadtrail pack` writes such a file; get it again as it was written")
        };
        let text = String::from_utf8(bytes).map_err(|_| bad("it is not text in UTF-8"))?;
        match check(&text, &self.key) {
            Ok(audit) => {
                let found = Found::new(audit, !self.key.is_empty())?;
                match place.json {
                    true => print_json(&Answer { holds: true, wrong: None, found: Some(found) })?,
                    false => print(&found.told(self.events))?,
                }
                Ok(Verdict::Well)
            }
            Err(PackError::NotAPack(text)) => Err(bad(&format!("this is no auditor pack that can be read: {text}"))),
            Err(PackError::Wrong(wrong)) => {
                match place.json {
                    true => print_json(&Answer { holds: false, wrong: Some(wrong), found: None })?,
                    false => print(&format!("{}: FOUND WRONG: {wrong}\n  nothing in this file proves anything\n", self.file.display()))?,
                }
                Ok(Verdict::Wanting)
            }
        }
    }
}

impl Found {
    fn new(audit: Audit, key_was_given: bool) -> Result<Found, CliError> {
        let Some(head) = audit.checkpoints.last() else { return Err(CliError::new(Code::Internal, "a pack without a checkpoint was taken for whole")) };
        let told = audit.events.iter().map(|event| Ok(Told { signed_by: event.signed_by, event: Event::new(&event.event, None)? }));
        Ok(Found {
            company: head.company,
            company_name: audit.company_name,
            log_id: head.log_id,
            contact: audit.contact,
            key: audit.key.to_string(),
            key_was_given,
            opened: audit.has_key,
            size: head.size,
            root: head.root,
            signed_at: head.at,
            checkpoints: audit.checkpoints.len(),
            events: told.collect::<Result<_, eventstore::StoreError>>()?,
        })
    }

    fn told(&self, with_events: bool) -> String {
        let Found { company_name, log_id, contact, key, size, root, signed_at, checkpoints, events, .. } = self;
        let time = |at: DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
        let (count, size, signed_at) = (many(events.len() as u64, "event"), grouped(*size), time(*signed_at));
        let first = events.first().map(|told| time(told.event.recorded_at)).unwrap_or_default();
        let last = events.last().map(|told| time(told.event.recorded_at)).unwrap_or_default();
        let mut text = format!("contact {contact} of “{company_name}”, log {log_id}\n  {count}, recorded from {first} to {last}\n  signed by {key}\n");
        if with_events {
            text.extend(events.iter().map(|told| format!("{}           in the log by {}\n", lines(&told.event), time(told.signed_by))));
        }
        text += "proven:\n";
        text += "  the file is as it was made, to the byte\n";
        text += "  each event is what was recorded: its hash follows from its bytes and from the hash before it\n";
        text += &format!("  each event is in the log of {size} events whose root was signed at {signed_at}\n    {root}\n");
        text += "  none is missing between the first and the last: their versions have no gap\n";
        text += &match checkpoints {
            1 => "  it comes with one checkpoint, so nothing is said of earlier ones\n".to_owned(),
            many => format!("  its {many} checkpoints are of one log that only grew; each event was in the log when the first one after it was signed\n"),
        };
        text +=
            if self.opened { "  what is personal opens under the key in the file\n" } else { "  what is personal is sealed or erased, and cannot be read\n" };
        text += "not proven:\n";
        if !self.key_was_given {
            text += "  who made the file: the key is the one that it names itself. Get the public key another way and give it with --key\n";
        }
        text += "  that nobody was shown another log: compare the checkpoint with one that was kept outside\n";
        text += "  that nothing was recorded of the contact after the last event: only the signature of whoever made the file says so\n";
        text + "  that what was recorded is true\n"
    }
}
