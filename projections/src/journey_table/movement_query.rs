//! Questions to the movements of sales: those behind net sold and net canceled.

use domain::Instant;
use domain::figure::MovementKind;
use domain::id::{ContactId, PersonId, ProductId, SaleId};
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::query::LONGEST_PAGE;
use super::{JourneyTable, MovementRow};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// Which movements are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct MovementFilter {
    /// Dated not before this instant.
    pub from: Option<Instant>,
    /// Dated not after this instant.
    pub to: Option<Instant>,
    /// Of sales of this rep.
    pub rep: Option<PersonId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this kind.
    pub kind: Option<MovementKind>,
    /// Of official sales, or of those that wait for approval.
    pub official: Option<bool>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// As they stood at this instant; absent: as they stand.
    pub as_of: Option<Instant>,
    /// As was recorded by this instant; absent: as is known.
    pub known_at: Option<Instant>,
}

/// The last movement of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MovementCursor {
    /// Its date.
    pub at: Instant,
    /// Its sale.
    pub sale: SaleId,
    /// Which of the sale's movements.
    pub number: i64,
    /// Its contact.
    pub contact: ContactId,
}

impl MovementCursor {
    /// The place of a listed movement.
    pub fn of(row: &MovementRow) -> MovementCursor {
        MovementCursor { at: row.movement.dated_at, sale: row.sale, number: row.number, contact: row.contact }
    }
}

/// A page of movements, the latest first: with the same times the very ones that a figure counts.
pub async fn movements(
    store: &Store,
    company: CompanyId,
    filter: &MovementFilter,
    after: Option<MovementCursor>,
    limit: u32,
) -> Result<Reading<Vec<MovementRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let statement = sql(include_str!("sql/list_movements.sql"))
        .bind(company)
        .bind(reading.found)
        .bind(filter.from.map_or(i64::MIN, Instant::micros))
        .bind(filter.to.map_or(i64::MAX, Instant::micros))
        .bind(filter.as_of.map_or(i64::MAX - 1, Instant::micros))
        .bind(filter.known_at.map_or(i64::MAX - 1, Instant::micros))
        .bind(filter.rep.map(|id| id.0))
        .bind(filter.product.map(|id| id.0))
        .bind(filter.kind.map(MovementKind::name))
        .bind(filter.official)
        .bind(filter.contact.map(|id| id.0))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.sale.0))
        .bind(after.map_or(i64::MAX, |cursor| cursor.number))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = statement.all(&mut reader.conn()).await?;
    let found = rows.iter().map(MovementRow::from_row).collect::<Result<_, _>>()?;
    Ok(reading.map(|_| found))
}
