//! What a client was told: its journal of acknowledgements, and whether the log still holds all of it.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize;
use uuid::Uuid;

use crate::error::StoreError;
use crate::event::Recorded;
use crate::log::{CompanyId, Hash};
use crate::select_in;
use crate::statement::Value;
use crate::store::Store;

/// Acknowledgements looked up at a time.
const PART: usize = 500;

/// One acknowledged command, as the client noted it: a line of the journal, in JSON.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ack {
    /// Whose log.
    pub company: CompanyId,
    /// The idempotency key it was sent with, when there was one.
    pub key: Option<String>,
    /// The command.
    pub command_id: Uuid,
    /// How many events it appended; none, when what it asked was so already.
    pub events: i64,
    /// Where its last event stands; without events, where the log ended.
    pub position: i64,
    /// The hash there.
    pub hash: Hash,
}

/// Acknowledgements by company, each with its line.
pub type Acks = BTreeMap<CompanyId, Vec<(u64, Ack)>>;

/// An acknowledgement that the log does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lost {
    /// Its line in the journal, from 1.
    pub line: u64,
    /// Where it should be.
    pub position: i64,
    /// What is there instead.
    pub text: String,
}

/// What is remembered of an event to compare acknowledgements with.
#[derive(Clone, Copy, Debug)]
struct Standing {
    commit_end: i64,
    command_id: Uuid,
    hash: Hash,
}

/// The events that acknowledgements speak of, found in a log from wherever it is read.
#[derive(Debug)]
pub struct Recall {
    needed: BTreeSet<i64>,
    found: HashMap<i64, Standing>,
}

impl Recall {
    /// For these acknowledgements, each with its line.
    pub fn of(acks: &[(u64, Ack)]) -> Self {
        // The last event, the first, and the one before it: that shows how many there are.
        let needed = acks.iter().flat_map(|(_, ack)| [ack.position, ack.position - ack.events + 1, ack.position - ack.events]).filter(|at| *at > 0);
        Self { needed: needed.collect(), found: HashMap::new() }
    }

    /// Remembers an event, when it is one of them.
    pub fn see(&mut self, event: &Recorded) {
        if self.needed.contains(&event.position) {
            self.found.insert(event.position, Standing { commit_end: event.commit_end, command_id: event.command_id, hash: event.hash });
        }
    }

    /// Those of these acknowledgements that the log does not hold. `log_id` gives the hash before the first event.
    pub fn lost(&self, acks: &[(u64, Ack)], log_id: Uuid) -> Vec<Lost> {
        let lost = acks.iter().filter_map(|(line, ack)| Some(Lost { line: *line, position: ack.position, text: self.missing(ack, log_id)? }));
        lost.collect()
    }

    fn missing(&self, ack: &Ack, log_id: Uuid) -> Option<String> {
        let (command, position) = (ack.command_id, ack.position);
        if position == 0 && ack.events == 0 {
            return (ack.hash != Hash::before_first(log_id)).then(|| "the log began with another hash".into());
        }
        let Some(last) = self.found.get(&position) else {
            return Some(format!("command {command} was acknowledged at position {position}, and no event stands there"));
        };
        if last.hash != ack.hash {
            return Some(format!("command {command} was acknowledged with hash {}, and {} stands there", ack.hash, last.hash));
        }
        if ack.events <= 0 {
            return None;
        }
        let is_own = |at: i64| self.found.get(&at).is_some_and(|event| event.command_id == command && event.commit_end == position);
        let first = position - ack.events + 1;
        if !is_own(position) || !is_own(first) || is_own(first - 1) {
            return Some(format!("command {command} was acknowledged with {} events, and its commit is another", ack.events));
        }
        None
    }
}

impl Store {
    /// Which of these acknowledgements of a company, each with its line, its log does not hold.
    pub async fn lost(&self, company: CompanyId, acks: &[(u64, Ack)]) -> Result<Vec<Lost>, StoreError> {
        let log_id = self.log_id(company).await?;
        let mut lost = Vec::new();
        for part in acks.chunks(PART) {
            let mut recall = Recall::of(part);
            let positions: Vec<Value> = recall.needed.iter().map(|at| (*at).into()).collect();
            let mut reader = self.db.read().await?;
            for row in select_in(&mut reader.conn(), include_str!("sql/read_positions.sql"), &[company.into()], &positions).await? {
                recall.see(&Recorded::from_row(company, &row)?);
            }
            lost.extend(recall.lost(part, log_id));
        }
        Ok(lost)
    }
}

/// Reads a journal, and sorts it by company. A last line without an end is left out: it was being written.
///
/// # Errors
///
/// The number of the first line that is no acknowledgement, and why.
pub fn read(text: &str) -> Result<Acks, (u64, String)> {
    let mut companies = Acks::new();
    for (number, line) in (1..).zip(text.split_inclusive('\n')) {
        match serde_json::from_str::<Ack>(line) {
            Ok(ack) => companies.entry(ack.company).or_default().push((number, ack)),
            Err(_) if line.trim().is_empty() || !line.ends_with('\n') => {}
            Err(error) => return Err((number, error.to_string())),
        }
    }
    Ok(companies)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_journal_is_read_line_by_line_and_the_last_may_be_cut_off() {
        let company = CompanyId(Uuid::from_u128(1));
        let ack = Ack { company, key: None, command_id: Uuid::from_u128(2), events: 2, position: 9, hash: Hash([7; 32]) };
        let line = format!(r#"{{"company":"{company}","key":null,"command_id":"{}","events":2,"position":9,"hash":"{}"}}"#, ack.command_id, ack.hash);
        let read_back = BTreeMap::from([(company, vec![(1, ack.clone()), (3, ack)])]);
        assert_eq!(read(&format!("{line}\n\n{line}\n{}", &line[..40])), Ok(read_back));
        assert_eq!(read(&format!("{line}\n{}\n", &line[..40])).unwrap_err().0, 2);
        assert_eq!(read(&line.replace("null", "1")), Ok(BTreeMap::new()));
    }
}
