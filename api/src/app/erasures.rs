//! The erasure ledger: who was forgotten, kept in a file beside the database, so that a restored backup forgets them again.

use super::data_folder::append_private;
use super::{App, Asker, Request, Wish};
use domain::profile::{ContactEvent, EraseBasis};
use domain::{Code, Command, Fact, id::ContactId};
use eventstore::{CompanyId, Recorded, StoreError, WriteError};
use fail::fail_point;
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A file with one line for each person who was forgotten.
#[derive(Clone, Debug)]
pub struct Ledger {
    path: PathBuf,
}

/// A line of it. It names nobody.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Whose contact it was.
    pub company: CompanyId,
    /// The contact.
    pub contact: ContactId,
    /// On which ground.
    pub basis: EraseBasis,
}

impl Ledger {
    /// The ledger in a file, which may not be there yet.
    pub fn at(path: &Path) -> Ledger {
        Ledger { path: path.to_owned() }
    }

    /// Everything in it. A last line that was cut off by a power cut is left out: its erasure is found in the database.
    pub fn read(&self) -> io::Result<Vec<Erasure>> {
        let text = match std::fs::read_to_string(&self.path) {
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(vec![]),
            text => text?,
        };
        let whole = text.lines().filter(|line| !line.trim().is_empty());
        let read = whole.map(serde_json::from_str).collect::<Vec<Result<Erasure, _>>>();
        let last = read.len();
        let bad = (1..).zip(&read).find(|(number, line)| line.is_err() && (*number < last || text.ends_with('\n')));
        match bad {
            Some((number, _)) => Err(io::Error::other(format!("line {number} is no erasure; bring the file back from its backup"))),
            None => Ok(read.into_iter().flatten().collect()),
        }
    }

    /// Adds lines, and sees to it that they are on the disk.
    pub fn add(&self, erasures: &[Erasure]) -> io::Result<()> {
        // A line that was cut off must not swallow the next.
        let there = std::fs::read(&self.path).or_else(|error| if error.kind() == ErrorKind::NotFound { Ok(vec![]) } else { Err(error) })?;
        let whole = there.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        if whole < there.len() {
            std::fs::OpenOptions::new().write(true).open(&self.path)?.set_len(whole as u64)?;
        }
        let mut text = String::new();
        for erasure in erasures {
            text.push_str(&serde_json::to_string(erasure)?);
            text.push('\n');
        }
        append_private(&self.path, text.as_bytes())
    }
}

impl App {
    /// What has to be done once persons were forgotten: the ledger says so, and the database's files do not show them any more.
    pub(super) async fn after_erasures(&self, events: &[Recorded]) {
        let erasures: Vec<Erasure> = events.iter().filter_map(erasure).collect();
        if erasures.is_empty() {
            return;
        }
        fail_point!("erase.after_rows");
        // The ledger last: what is not in it is scrubbed and noted at the next start, should the process end before.
        if let Err(error) = projections::scrub(&self.store.db).await {
            tracing::error!(%error, "an erased contact may still be found in the database's files");
        }
        if let Some(ledger) = &self.ledger
            && let Err(error) = ledger.add(&erasures)
        {
            tracing::error!(%error, "the erasure ledger could not be written; the next start makes up for it");
        }
    }

    /// Brings ledger and database together: what was erased here is noted there, and what is noted there and stands here, because
    /// a backup was restored, is erased again. Answers how many were.
    pub async fn settle_erasures(&self) -> Result<usize, SettleError> {
        let Some(ledger) = &self.ledger else { return Ok(0) };
        let noted = ledger.read()?;
        // There from the first start on: one that is missing was lost, and does not say that nobody was forgotten.
        ledger.add(&[])?;
        let mut again = 0;
        // A company that is not served is not written to; its turn comes with the start that serves it.
        for company in self.store.companies().await?.into_iter().filter(|company| self.refusal(company.id).is_none()) {
            let erased = self.erased(company.id).await?;
            let missing = self.unnoted(company.id, &erased, &noted).await?;
            if !missing.is_empty() {
                projections::scrub(&self.store.db).await?;
                ledger.add(&missing)?;
            }
            for noted in noted.iter().filter(|noted| noted.company == company.id && !erased.contains(&noted.contact)) {
                let erased = self.erase_again(noted).await;
                again += usize::from(erased.map_err(|error| error.of(noted))?);
            }
        }
        Ok(again)
    }

    /// Everybody who was forgotten, by the ledger and by the database.
    pub async fn erasures(&self) -> Result<Vec<Erasure>, SettleError> {
        let mut all = self.ledger.as_ref().map_or_else(|| Ok(vec![]), Ledger::read)?;
        for company in self.store.companies().await? {
            let erased = self.erased(company.id).await?;
            all.extend(self.unnoted(company.id, &erased, &all).await?);
        }
        Ok(all)
    }

    /// The contacts whose keys were destroyed here.
    async fn erased(&self, company: CompanyId) -> Result<HashSet<ContactId>, StoreError> {
        Ok(self.store.erased_streams(company).await?.into_iter().map(|stream| ContactId(stream.id)).collect())
    }

    /// The lines that a ledger lacks of those who were erased here.
    async fn unnoted(&self, company: CompanyId, erased: &HashSet<ContactId>, noted: &[Erasure]) -> Result<Vec<Erasure>, StoreError> {
        let noted: HashSet<ContactId> = noted.iter().filter(|noted| noted.company == company).map(|noted| noted.contact).collect();
        let mut missing = Vec::new();
        for contact in erased.difference(&noted) {
            let events = self.store.stream(company, &super::desk::contact_stream(*contact)).await?;
            missing.extend(events.iter().filter_map(erasure));
        }
        Ok(missing)
    }

    /// Forgets a contact once more, whatever was left to do when the backup was made. One that the restored log does not know needs nothing.
    async fn erase_again(&self, noted: &Erasure) -> Result<bool, SettleError> {
        let wish = Wish::Contact(noted.contact, Command::BeErased(noted.basis));
        let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
        match self.execute(noted.company, self.ports.new_id(), request, None).await {
            Err(WriteError::Refused(refusal)) if refusal.code == Code::UnknownContact => Ok(false),
            done => done.map(|_| true).map_err(SettleError::other),
        }
    }
}

/// The ledger and the database could not be brought together.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// The ledger cannot be read or written.
    #[error("the erasure ledger: {0}")]
    Ledger(#[from] io::Error),
    /// The database failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A contact of the ledger could not be erased again.
    #[error("a contact of the erasure ledger could not be erased again: {0}")]
    Refused(String),
}

impl SettleError {
    fn other(error: impl std::fmt::Display) -> SettleError {
        SettleError::Refused(error.to_string())
    }

    /// The same, with who it was.
    fn of(self, noted: &Erasure) -> SettleError {
        match self {
            SettleError::Refused(text) => SettleError::Refused(format!("contact {} of company {}: {text}", noted.contact.0, noted.company)),
            other => other,
        }
    }
}

/// The ledger's line for an event that forgets a person.
fn erasure(event: &Recorded) -> Option<Erasure> {
    if event.kind != "contact.erased" {
        return None;
    }
    match super::desk::read(event) {
        Ok(Fact::Contact(ContactEvent::Erased { basis, .. })) => Some(Erasure { company: event.company, contact: ContactId(event.stream.id), basis }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn erasure(n: u128) -> Erasure {
        Erasure { company: CompanyId(Uuid::from_u128(1)), contact: ContactId(Uuid::from_u128(n)), basis: EraseBasis::PersonAsked }
    }

    #[test]
    fn the_ledger_keeps_what_was_added_also_after_a_line_that_was_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("erasures.jsonl");
        let ledger = Ledger::at(&path);
        assert_eq!(ledger.read().unwrap(), []);
        ledger.add(&[erasure(1), erasure(2)]).unwrap();
        let whole = std::fs::read_to_string(&path).unwrap();
        std::fs::write(&path, &whole[..whole.len() - 20]).unwrap();
        assert_eq!(ledger.read().unwrap(), [erasure(1)]);
        ledger.add(&[erasure(3)]).unwrap();
        assert_eq!(ledger.read().unwrap(), [erasure(1), erasure(3)]);
        std::fs::write(&path, format!("nonsense\n{whole}")).unwrap();
        assert!(ledger.read().unwrap_err().to_string().starts_with("line 1 is no erasure"));
    }
}
