//! Questions to the demos: those behind a cancel rate.

use domain::Instant;
use domain::figure::DemoBasis;
use domain::id::{ContactId, MeetingId, PersonId, ProductId, ReasonId, SourceId};
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::query::LONGEST_PAGE;
use super::{DemoRow, JourneyTable};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// Which demos are listed. What is absent filters nothing; those of voided journeys are on no list.
#[derive(Clone, Debug)]
pub struct DemoFilter {
    /// By which time, for `from`, `to` and the order: the latest first.
    pub basis: DemoBasis,
    /// Not before this instant.
    pub from: Option<Instant>,
    /// Not after this instant.
    pub to: Option<Instant>,
    /// Of this lead source.
    pub source: Option<SourceId>,
    /// Of this lead category, as it is recorded.
    pub category: Option<String>,
    /// With a lead category, or without.
    pub has_category: Option<bool>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Set by this scheduler.
    pub scheduler: Option<PersonId>,
    /// Issued to this rep, also when it was canceled.
    pub rep: Option<PersonId>,
    /// Canceled for this reason of the company's list.
    pub reason_id: Option<ReasonId>,
    /// Canceled for a reason in exactly these words.
    pub reason: Option<String>,
    /// Canceled for a reason that is known, or not.
    pub has_reason: Option<bool>,
    /// Issued, also when it was canceled, or not.
    pub issued: Option<bool>,
    /// Canceled, or not.
    pub canceled: Option<bool>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// As they stood at this instant; absent: as they stand.
    pub as_of: Option<Instant>,
    /// As was recorded by this instant; absent: as is known.
    pub known_at: Option<Instant>,
}

impl DemoFilter {
    /// All demos, by this time.
    pub fn by(basis: DemoBasis) -> DemoFilter {
        DemoFilter {
            basis,
            from: None,
            to: None,
            source: None,
            category: None,
            has_category: None,
            product: None,
            scheduler: None,
            rep: None,
            reason_id: None,
            reason: None,
            has_reason: None,
            issued: None,
            canceled: None,
            contact: None,
            as_of: None,
            known_at: None,
        }
    }
}

/// The last demo of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DemoCursor {
    /// Its time.
    pub at: Instant,
    /// The demo.
    pub meeting: MeetingId,
    /// Its contact.
    pub contact: ContactId,
}

impl DemoCursor {
    /// The place of a listed demo.
    pub fn of(basis: DemoBasis, row: &DemoRow) -> DemoCursor {
        let at = match basis {
            DemoBasis::Set => row.demo.set_at,
            DemoBasis::Canceled => row.demo.canceled_at.unwrap_or(row.demo.set_at),
        };
        DemoCursor { at, meeting: row.meeting, contact: row.contact }
    }
}

/// A page of demos, the latest first: with the same basis and times the very ones that a figure counts.
pub async fn demos(store: &Store, company: CompanyId, filter: &DemoFilter, after: Option<DemoCursor>, limit: u32) -> Result<Reading<Vec<DemoRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    // No stored text holds a control character, and PostgreSQL takes none that holds a NUL.
    if [&filter.category, &filter.reason].into_iter().flatten().any(|words| words.contains('\0')) {
        return Ok(reading.map(|_| Vec::new()));
    }
    let text = match filter.basis {
        DemoBasis::Set => include_str!("sql/list_demos_by_set.sql"),
        DemoBasis::Canceled => include_str!("sql/list_demos_by_cancel.sql"),
    };
    let statement = sql(text)
        .bind(company)
        .bind(reading.found)
        .bind(filter.from.map_or(i64::MIN, Instant::micros))
        .bind(filter.to.map_or(i64::MAX, Instant::micros))
        .bind(filter.as_of.map_or(i64::MAX - 1, Instant::micros))
        .bind(filter.known_at.map_or(i64::MAX - 1, Instant::micros))
        .bind(filter.source.map(|id| id.0))
        .bind(filter.category.as_deref())
        .bind(filter.product.map(|id| id.0))
        .bind(filter.scheduler.map(|id| id.0))
        .bind(filter.rep.map(|id| id.0))
        .bind(filter.reason_id.map(|id| id.0))
        .bind(filter.reason.as_deref())
        .bind(filter.issued)
        .bind(filter.canceled)
        .bind(filter.contact.map(|id| id.0))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.meeting.0))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE))
        .bind(filter.has_category)
        .bind(filter.has_reason);
    let rows = statement.all(&mut reader.conn()).await?;
    let found = rows.iter().map(DemoRow::from_row).collect::<Result<_, _>>()?;
    Ok(reading.map(|_| found))
}
