//! Who has been in a state for too long.

use std::collections::BTreeMap;

use domain::Instant;
use domain::blueprint::{ContactState, State};
use domain::id::ContactId;
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ContactList, ContactRow};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// A state with a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// The state.
    pub state: ContactState,
    /// Whether the wait begins with the contact's last event, not when it came into the state.
    pub without_event: bool,
    /// Who waits since this instant, or longer, waits too long.
    pub since: Instant,
}

/// The last contact of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverdueCursor {
    /// Its state.
    pub state: ContactState,
    /// Since when it waits.
    pub began: Instant,
    /// The contact.
    pub contact: ContactId,
}

/// Contacts that wait too long.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Overdue {
    /// A page of them with the beginnings of their waits: state by state as they were asked for, in each the longest wait first.
    pub rows: Vec<(Instant, ContactRow)>,
    /// How many there are in each state.
    pub counts: BTreeMap<ContactState, i64>,
}

impl Limit {
    fn began(&self, row: &ContactRow) -> Instant {
        row.state_since.filter(|_| !self.without_event).unwrap_or(row.last_event_at)
    }
}

/// A page of the contacts that are beyond these limits, behind the last one of the page before.
pub async fn overdue(store: &Store, company: CompanyId, limits: &[Limit], after: Option<OverdueCursor>, limit: u32) -> Result<Reading<Overdue>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, ContactList::NAME).await?;
    let mut found = Overdue::default();
    let mut reached = after.is_none();
    for waiting in limits {
        let by_state = i64::from(!waiting.without_event);
        let count =
            sql(include_str!("sql/count_waiting.sql")).bind(company).bind(reading.found).bind(waiting.state.name()).bind(by_state).bind(waiting.since.micros());
        let count = count.one(&mut reader.conn()).await?.map_or(Ok(0), |row| row.get(0))?;
        found.counts.insert(waiting.state, count);
        let here = after.filter(|cursor| cursor.state == waiting.state);
        reached |= here.is_some();
        let room = limit.saturating_sub(u32::try_from(found.rows.len()).unwrap_or(u32::MAX));
        if !reached || room == 0 {
            continue;
        }
        let statement = sql(include_str!("sql/waiting.sql"))
            .bind(company)
            .bind(reading.found)
            .bind(waiting.state.name())
            .bind(by_state)
            .bind(waiting.since.micros())
            .bind(here.map_or(i64::MIN, |cursor| cursor.began.micros()))
            .bind(here.map_or(Uuid::nil(), |cursor| cursor.contact.0))
            .bind(room);
        for row in statement.all(&mut reader.conn()).await? {
            let row = ContactRow::from_row(&row)?;
            found.rows.push((waiting.began(&row), row));
        }
    }
    Ok(reading.map(|_| found))
}
