//! A fact as read models see it: decoded once for all of them.

use domain::id::ContactId;
use domain::{Fact, Instant, wire};
use eventstore::Recorded;

use crate::error::Fault;

/// Something that happened, with what the log knows about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Happened {
    /// Where it stands in the log.
    pub position: i64,
    /// In whose file it stands; `None` when it is about the company.
    pub contact: Option<ContactId>,
    /// Its number within that file.
    pub version: i64,
    /// When it happened in the business.
    pub occurred_at: Instant,
    /// When it was recorded.
    pub recorded_at: Instant,
    /// Who did it.
    pub actor: String,
    /// What happened.
    pub fact: Fact,
}

impl Happened {
    /// Reads a recorded event. An event that cannot be read is a fault of every read model.
    pub fn read(event: &Recorded) -> Result<Happened, Fault> {
        let fact = wire::decode(&event.kind, event.format, event.data()).map_err(|error| Fault::new(event.position, error.to_string()))?;
        Ok(Happened {
            position: event.position,
            contact: (event.stream.kind == "contact").then_some(ContactId(event.stream.id)),
            version: event.version,
            occurred_at: Instant::new(event.occurred_at),
            recorded_at: Instant::new(event.recorded_at),
            actor: event.actor.clone(),
            fact,
        })
    }

    /// Reads a batch up to its end or its first unreadable event, whichever comes first.
    pub fn read_all(events: &[Recorded]) -> (Vec<Happened>, Option<Fault>) {
        let mut read = Vec::with_capacity(events.len());
        for event in events {
            match Happened::read(event) {
                Ok(happened) => read.push(happened),
                Err(fault) => return (read, Some(fault)),
            }
        }
        (read, None)
    }
}
