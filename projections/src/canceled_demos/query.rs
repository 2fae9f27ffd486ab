//! Questions to the canceled demos.

use domain::Instant;
use domain::id::{ContactId, PersonId, ProductId, ReasonId, SourceId};
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};

use super::{CanceledDemo, CanceledDemos};
use crate::projection::Projection;
use crate::reading::{Counted, Listed, Reading, count, in_use};

/// The most demos in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// Which canceled demos are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct CanceledFilter {
    /// Not canceled before this instant.
    pub from: Option<Instant>,
    /// Not canceled after this instant.
    pub to: Option<Instant>,
    /// Of this lead source.
    pub source: Option<SourceId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Set by this scheduler.
    pub scheduler: Option<PersonId>,
    /// Issued to this rep when canceled.
    pub rep: Option<PersonId>,
    /// Canceled for a reason in exactly these words.
    pub reason: Option<String>,
    /// Canceled for this reason of the company's list.
    pub reason_id: Option<ReasonId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
}

/// The last demo of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CanceledCursor {
    /// When it was canceled.
    pub at: Instant,
    /// The event that canceled it.
    pub position: i64,
}

impl CanceledCursor {
    /// The place of a listed demo.
    pub fn of(demo: &CanceledDemo) -> CanceledCursor {
        CanceledCursor { at: demo.canceled_at, position: demo.position }
    }
}

/// A page of canceled demos, the last canceled first; and how many there are, counted up to a number where one is given.
pub async fn canceled_demos(
    store: &Store,
    company: CompanyId,
    filter: &CanceledFilter,
    after: Option<CanceledCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<CanceledDemo>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, CanceledDemos::NAME).await?;
    // No stored reason holds a control character, and PostgreSQL takes no text that holds a NUL.
    if filter.reason.as_ref().is_some_and(|reason| reason.contains('\0')) {
        return Ok(reading.map(|_| Listed { rows: Vec::new(), counted: count_up_to.map(|most| Counted::up_to(most, 0)) }));
    }
    let list = sql(include_str!("sql/list.sql"))
        .bind(company)
        .bind(reading.found)
        .bind(filter.from.map_or(i64::MIN, Instant::micros))
        .bind(filter.to.map_or(i64::MAX, Instant::micros))
        .bind(filter.source.map(|id| id.0))
        .bind(filter.product.map(|id| id.0))
        .bind(filter.scheduler.map(|id| id.0))
        .bind(filter.rep.map(|id| id.0))
        .bind(filter.reason.as_deref())
        .bind(filter.contact.map(|id| id.0))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(i64::MAX, |cursor| cursor.position))
        .bind(limit.clamp(1, LONGEST_PAGE))
        .bind(filter.reason_id.map(|id| id.0));
    let rows = list.all(&mut reader.conn()).await?;
    let rows = rows.iter().map(CanceledDemo::from_row).collect::<Result<_, _>>()?;
    let counting = sql(include_str!("sql/count.sql"))
        .bind(company)
        .bind(reading.found)
        .bind(filter.from.map_or(i64::MIN, Instant::micros))
        .bind(filter.to.map_or(i64::MAX, Instant::micros))
        .bind(filter.source.map(|id| id.0))
        .bind(filter.product.map(|id| id.0))
        .bind(filter.scheduler.map(|id| id.0))
        .bind(filter.rep.map(|id| id.0))
        .bind(filter.reason.as_deref())
        .bind(filter.reason_id.map(|id| id.0))
        .bind(filter.contact.map(|id| id.0));
    let counted = count(&mut reader.conn(), counting, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}
