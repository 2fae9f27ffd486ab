//! A company's days in memory, brought up to what the rows reflect whenever they are asked.

use std::collections::{BTreeSet, HashMap};

use chrono_tz::Tz;
use domain::Instant;
use domain::id::{ContactId, JourneyId};
use eventstore::{CompanyId, Conn, Mark, Store, StoreError, Value, select_in, sql};
use uuid::Uuid;

use super::days::Days;
use crate::checkpoint::same;
use crate::journey_table::{JourneyTable, Standing};
use crate::projection::Projection;
use crate::reading::Reading;
use crate::runner::Batch;

/// Rows read at once.
const PAGE: u32 = 2_000;
/// Events read at once.
const EVENTS: usize = 2_000;

/// The days of a company, and which rows they were made from.
pub(super) struct Held {
    /// The sums.
    pub(super) days: Days,
    /// The business time of the last change of any journey: nothing happened after it.
    pub(super) latest: Instant,
    /// When that was recorded which was recorded last.
    pub(super) recorded: Instant,
    /// How many journeys.
    journeys: usize,
    generation: i64,
    at: Mark,
}

impl Held {
    /// Reads all journeys of a snapshot.
    pub(super) async fn load(conn: &mut Conn<'_>, company: CompanyId, reading: &Reading<i64>, zone: Tz) -> Result<Held, StoreError> {
        let earliest = Instant::new(chrono::DateTime::<chrono::Utc>::MIN_UTC);
        let mut held = Held { days: Days::new(zone), latest: earliest, recorded: earliest, journeys: 0, generation: reading.found, at: reading.at };
        let mut after = (Uuid::nil(), Uuid::nil());
        loop {
            let page = sql(include_str!("sql/all.sql")).bind(company).bind(held.generation).bind(after.0).bind(after.1).bind(PAGE);
            let rows = page.all(conn).await?;
            for row in &rows {
                let standing = Standing::from_row(row)?;
                after = (standing.row.journey.0, standing.row.contact.0);
                held.take(&standing);
                held.journeys += 1;
            }
            if rows.len() < PAGE as usize {
                return Ok(held);
            }
        }
    }

    /// Brings it to what a snapshot reflects, by what happened since; `None` where reading all of it anew is the shorter way, or the only one.
    pub(super) async fn caught_up(mut self, store: &Store, conn: &mut Conn<'_>, reading: &Reading<i64>, zone: Tz) -> Result<Option<Held>, StoreError> {
        let since = reading.at.position.number - self.at.position.number;
        if self.generation != reading.found || self.days.zone() != zone || since < 0 || since > PAGE as i64 + self.journeys as i64 {
            return Ok(None);
        }
        let mut changed = BTreeSet::new();
        let mut read = self.at;
        while read.position.number < reading.at.position.number {
            let batch = Batch::after(store, conn, &read, EVENTS, Some(reading.at.position.number + 1)).await?;
            if batch.facts.is_empty() {
                return Ok(None);
            }
            changed.extend(batch.facts.iter().flat_map(JourneyTable::keys));
            read = batch.to;
        }
        if !same(&read, &reading.at) {
            return Ok(None);
        }
        self.change(conn, reading, &changed).await?;
        self.at = reading.at;
        Ok(Some(self))
    }

    /// Puts these journeys as they stand in the place of how they stood.
    async fn change(&mut self, conn: &mut Conn<'_>, reading: &Reading<i64>, changed: &BTreeSet<(JourneyId, ContactId)>) -> Result<(), StoreError> {
        let (company, seen) = (self.at.position.company, self.at.position.number);
        let ids: BTreeSet<Uuid> = changed.iter().map(|(journey, _)| journey.0).collect();
        let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        let keys: Vec<_> = changed.iter().copied().collect();
        let now = JourneyTable::load(conn, company, reading.found, &keys).await?;
        let before = select_in(conn, include_str!("sql/before.sql"), &[company.into(), reading.found.into(), seen.into()], &ids).await?;
        let mut stood: HashMap<(JourneyId, ContactId), Standing> = HashMap::new();
        for row in &before {
            let standing = Standing::from_row(row)?;
            let key = (standing.row.journey, standing.row.contact);
            if stood.get(&key).is_none_or(|other| other.since.position < standing.since.position) {
                stood.insert(key, standing);
            }
        }
        for standing in now.into_iter().filter_map(|(_, rows)| Some(rows.current?.standing)) {
            // What was asked for by its id alone, or did not change in the end, is counted already.
            if standing.since.position <= seen {
                continue;
            }
            match stood.get(&(standing.row.journey, standing.row.contact)) {
                Some(before) => self.days.add(&before.row, -1),
                None => self.journeys += 1,
            }
            self.take(&standing);
        }
        Ok(())
    }

    fn take(&mut self, standing: &Standing) {
        self.days.add(&standing.row, 1);
        self.latest = self.latest.max(standing.since.valid_from);
        self.recorded = self.recorded.max(standing.since.known_from);
    }
}
