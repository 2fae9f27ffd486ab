//! Questions to the journey table: the journeys behind a figure, one journey.

use domain::Instant;
use domain::figure::Basis;
use domain::id::{ContactId, JourneyId, PersonId, ProductId, SourceId};
use eventstore::{CompanyId, Conn, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{End, JourneyTable, Standing};
use crate::projection::Projection;
use crate::reading::{Listed, Reading, count, in_use};

/// The most journeys in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

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
    /// Given to a rehash rep, or to none.
    pub rehashed: Option<bool>,
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
    /// As was recorded by this instant; absent: as is known.
    pub known_at: Option<Instant>,
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
            rehashed: None,
            product: None,
            end: None,
            open: None,
            contact: None,
            as_of: None,
            known_at: None,
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
            Basis::Issued => standing.row.issued_at,
            Basis::Meeting => standing.row.meeting_at,
        };
        JourneyCursor { at: at.unwrap_or(standing.row.opened_at), journey: standing.row.journey, contact: standing.row.contact }
    }
}

/// A page of journeys, the latest first: with the same basis and times the very ones that a figure counts; and how many there are, counted
/// up to a number where one is given.
pub async fn journeys(
    store: &Store,
    company: CompanyId,
    filter: &JourneyFilter,
    after: Option<JourneyCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<Standing>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let rows = page(&mut reader.conn(), company, reading.found, filter, after, limit.clamp(1, LONGEST_PAGE)).await?;
    let counting = sql(include_str!("sql/count.sql"))
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
        .bind(filter.rehashed)
        .bind(filter.known_at.map_or(i64::MAX, Instant::micros))
        .bind(filter.basis.name());
    let counted = count(&mut reader.conn(), counting, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}

/// A page of journeys in a snapshot at hand.
pub(crate) async fn page(
    conn: &mut Conn<'_>,
    company: CompanyId,
    generation: i64,
    filter: &JourneyFilter,
    after: Option<JourneyCursor>,
    limit: u32,
) -> Result<Vec<Standing>, StoreError> {
    let text = match filter.basis {
        Basis::Opened => include_str!("sql/list_by_opened.sql"),
        Basis::Set => include_str!("sql/list_by_set.sql"),
        Basis::Issued => include_str!("sql/list_by_issued.sql"),
        Basis::Meeting => include_str!("sql/list_by_meeting.sql"),
    };
    let statement = sql(text)
        .bind(company)
        .bind(generation)
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
        .bind(limit)
        .bind(filter.known_at.map_or(i64::MAX, Instant::micros))
        .bind(filter.rehashed);
    statement.all(conn).await?.iter().map(Standing::from_row).collect()
}

/// One journey, as it stands or stood, as far as was recorded by an instant.
pub async fn journey(
    store: &Store,
    company: CompanyId,
    journey: JourneyId,
    as_of: Option<Instant>,
    known_at: Option<Instant>,
) -> Result<Reading<Option<Standing>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let micros = |instant: Option<Instant>| instant.map_or(i64::MAX, Instant::micros);
    let statement = sql(include_str!("sql/one.sql")).bind(company).bind(reading.found).bind(journey.0).bind(micros(as_of)).bind(micros(known_at));
    let row = statement.one(&mut reader.conn()).await?;
    let found = row.as_ref().map(Standing::from_row).transpose()?;
    Ok(reading.map(|_| found))
}
