//! A quick look at the end of a log before anything is built on it: whether its last events are what the head vouches for.

use chrono::DateTime;

use crate::chain::{Fault, Walk};
use crate::error::StoreError;
use crate::follow::range;
use crate::kinds::{Knows, known};
use crate::log::{CompanyId, Hash};
use crate::store::{Store, read_head};

impl Store {
    /// Checks the last events of the log of a company that is listed, at most this many: their positions, commits and times, every hash, the head, and
    /// that each can be read. What is before them is taken as it is.
    ///
    /// The first thing that does not hold is a [`StoreError::Damaged`], an event of an unknown kind a [`StoreError::Unreadable`].
    pub async fn check_tail(&self, company: CompanyId, events: i64, knows: Knows<'_>) -> Result<(), StoreError> {
        let mut reader = self.db.read().await?;
        let head = match read_head(&mut reader.conn(), company).await {
            Err(StoreError::UnknownCompany(_)) => return Err(damaged(0, ("I3 head", "the row that says where the log ends is missing".to_owned()))),
            read => read?,
        };
        let before = (head.position - events).max(0);
        // The event before them has the hash they stand on, and none stands behind the head.
        let mut tail = range(&mut reader.conn(), company, before, head.position + 1).await?.into_iter();
        let mut walk = match before {
            0 => Walk::from(0, Hash::before_first(head.log_id), DateTime::UNIX_EPOCH),
            _ => match tail.next().filter(|event| event.position == before) {
                Some(event) => Walk::behind(&event),
                None => return Err(damaged(before, ("I3 positions", "there is no event at this position".to_owned()))),
            },
        };
        for event in tail {
            if event.position > head.position {
                return Err(damaged(event.position, ("I3 head", format!("an event stands here, and the head says {}", head.position))));
            }
            let mut faults = Vec::new();
            walk.step(&event, &mut faults);
            if let Some(fault) = faults.into_iter().next() {
                return Err(damaged(event.position, fault));
            }
            known(event.position, &event.kind, event.format, knows)?;
        }
        if walk.position() != head.position {
            let text = format!("the head says {}, and the last event stands at {}", head.position, walk.position());
            return Err(damaged(walk.position(), ("I3 head", text)));
        }
        if walk.hash() != head.hash {
            return Err(damaged(head.position, ("I4 head", format!("the head's hash is {}, the last event's {}", head.hash, walk.hash()))));
        }
        if head.position > 0 && walk.last_recorded_at() != head.last_recorded_at {
            let text = format!("the head says that the last event was recorded at {}, and it was at {}", head.last_recorded_at, walk.last_recorded_at());
            return Err(damaged(head.position, ("I3 head", text)));
        }
        if walk.is_inside_commit() {
            return Err(damaged(head.position, ("commit", "the log ends inside a commit".to_owned())));
        }
        Ok(())
    }
}

fn damaged(position: i64, (rule, text): Fault) -> StoreError {
    StoreError::Damaged { position, rule, text }
}
