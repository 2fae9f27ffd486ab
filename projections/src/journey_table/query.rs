//! Questions to the journey table: sums for figures, the journeys behind them, one journey.

use std::collections::BTreeMap;

use domain::Instant;
use domain::figure::{Basis, By, Tally};
use domain::id::{ContactId, JourneyId, PersonId, ProductId, SourceId};
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{End, JourneyTable, Standing};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// The most cuts in one question.
pub const MOST_CUTS: usize = 8;
/// The most journeys in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// Sums the journeys as they stood at an instant, by keys, products and slots of time.
///
/// `cuts` are rising instants, at most [`MOST_CUTS`]: slot `i` holds what lies from `cuts[i]` until just before
/// `cuts[i + 1]`, the last slot what lies up to `as_of`, included. What lies before the first cut is left out.
pub async fn tallies(store: &Store, company: CompanyId, basis: Basis, by: By, cuts: &[Instant], as_of: Instant) -> Result<Reading<Vec<Tally>>, StoreError> {
    if cuts.is_empty() || cuts.len() > MOST_CUTS || !cuts.is_sorted() {
        return Err(StoreError::malformed("tallies", "the cuts must be one to eight rising instants"));
    }
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let (standing, versions) = match basis {
        Basis::Opened => (include_str!("sql/tally_by_opened.sql"), include_str!("sql/tally_versions_by_opened.sql")),
        Basis::Set => (include_str!("sql/tally_by_set.sql"), include_str!("sql/tally_versions_by_set.sql")),
        Basis::Meeting => (include_str!("sql/tally_by_meeting.sql"), include_str!("sql/tally_versions_by_meeting.sql")),
    };
    // Up to the as-of instant, included: instants are whole microseconds.
    let until = as_of.micros().saturating_add(1);
    let cut = |slot: usize| cuts.get(slot).map_or(until, |cut| cut.micros());
    let asked = |text, from, until| sql(text).bind(company).bind(reading.found).bind(as_of.micros()).bind(from).bind(until).bind(by.key).bind(by.product);
    let mut sums = BTreeMap::new();
    for slot in 0..cuts.len() {
        for row in asked(standing, cut(slot), cut(slot + 1).min(until)).all(&mut reader.conn()).await? {
            add(&mut sums, (row.get(0)?, row.get(1)?, slot), row.get(2)?, row.get(3)?);
        }
    }
    let statement = (1..MOST_CUTS).fold(asked(versions, cut(0), until), |statement, slot| statement.bind(cut(slot)));
    for row in statement.all(&mut reader.conn()).await? {
        let slot: u32 = row.get(2)?;
        add(&mut sums, (row.get(0)?, row.get(1)?, slot as usize), row.get(3)?, row.get(4)?);
    }
    let tally =
        |((key, product, slot), (leads, net_sold_minor)): (Slot, (i64, i64))| Tally { key, product: product.map(ProductId), slot, leads, net_sold_minor };
    Ok(reading.map(|_| sums.into_iter().map(tally).collect()))
}

/// Key, product and slot.
type Slot = (Option<Uuid>, Option<Uuid>, usize);

fn add(sums: &mut BTreeMap<Slot, (i64, i64)>, slot: Slot, leads: i64, net_sold_minor: i64) {
    let sum = sums.entry(slot).or_default();
    *sum = (sum.0 + leads, sum.1.saturating_add(net_sold_minor));
}

/// Which journeys are listed. What is absent filters nothing.
#[derive(Clone, Debug)]
pub struct JourneyFilter {
    /// By which time, for `from`, `to` and the order: the latest first.
    pub basis: Basis,
    /// Not before this instant.
    pub from: Option<Instant>,
    /// Not after this instant.
    pub to: Option<Instant>,
    /// Of this lead source.
    pub source: Option<SourceId>,
    /// Of this scheduler.
    pub scheduler: Option<PersonId>,
    /// Of this sales rep.
    pub rep: Option<PersonId>,
    /// Of this rehash rep.
    pub rehash_rep: Option<PersonId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Ended this way; absent, all but the voided ones.
    pub end: Option<End>,
    /// Open, or ended.
    pub open: Option<bool>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// As they stood at this instant; absent: as they stand.
    pub as_of: Option<Instant>,
}

impl Default for JourneyFilter {
    /// All journeys, by the time they opened.
    fn default() -> Self {
        JourneyFilter {
            basis: Basis::Opened,
            from: None,
            to: None,
            source: None,
            scheduler: None,
            rep: None,
            rehash_rep: None,
            product: None,
            end: None,
            open: None,
            contact: None,
            as_of: None,
        }
    }
}

/// The last journey of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct JourneyCursor {
    /// Its time.
    pub at: Instant,
    /// The journey.
    pub journey: JourneyId,
    /// Its contact.
    pub contact: ContactId,
}

impl JourneyCursor {
    /// The place of a listed journey.
    pub fn of(basis: Basis, standing: &Standing) -> JourneyCursor {
        let at = match basis {
            Basis::Opened => Some(standing.row.opened_at),
            Basis::Set => standing.row.set_at,
            Basis::Meeting => standing.row.meeting_at,
        };
        JourneyCursor { at: at.unwrap_or(standing.row.opened_at), journey: standing.row.journey, contact: standing.row.contact }
    }
}

/// A page of journeys, the latest first: with the same basis and times the very ones that [`tallies`] counts.
pub async fn journeys(
    store: &Store,
    company: CompanyId,
    filter: &JourneyFilter,
    after: Option<JourneyCursor>,
    limit: u32,
) -> Result<Reading<Vec<Standing>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let text = match filter.basis {
        Basis::Opened => include_str!("sql/list_by_opened.sql"),
        Basis::Set => include_str!("sql/list_by_set.sql"),
        Basis::Meeting => include_str!("sql/list_by_meeting.sql"),
    };
    let statement = sql(text)
        .bind(company)
        .bind(reading.found)
        .bind(filter.as_of.map_or(i64::MAX, Instant::micros))
        .bind(filter.from.map_or(i64::MIN, Instant::micros))
        .bind(filter.to.map_or(i64::MAX, Instant::micros))
        .bind(filter.source.map(|id| id.0))
        .bind(filter.scheduler.map(|id| id.0))
        .bind(filter.rep.map(|id| id.0))
        .bind(filter.rehash_rep.map(|id| id.0))
        .bind(filter.product.map(|id| id.0))
        .bind(filter.end.map(End::name))
        .bind(filter.open)
        .bind(filter.contact.map(|id| id.0))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.journey.0))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = statement.all(&mut reader.conn()).await?;
    let found = rows.iter().map(Standing::from_row).collect::<Result<_, _>>()?;
    Ok(reading.map(|_| found))
}

/// One journey, as it stands or stood.
pub async fn journey(store: &Store, company: CompanyId, journey: JourneyId, as_of: Option<Instant>) -> Result<Reading<Option<Standing>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let statement = sql(include_str!("sql/one.sql")).bind(company).bind(reading.found).bind(journey.0).bind(as_of.map_or(i64::MAX, Instant::micros));
    let row = statement.one(&mut reader.conn()).await?;
    let found = row.as_ref().map(Standing::from_row).transpose()?;
    Ok(reading.map(|_| found))
}
