//! Whether the money of journeys is the money of sales: over all time, what moved official sales is what all journeys have sold (METRICS C.6).

use domain::id::{ContactId, JourneyId};
use eventstore::{CompanyId, Row, Store, StoreError, sql};

use crate::journey_table::JourneyTable;
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// How many journeys are told at most.
const MOST: u32 = 100;

/// What came of the comparison. Amounts are in minor units.
#[derive(Clone, Debug, PartialEq)]
pub struct Reconciled {
    /// The net sold of all journeys.
    pub net_sold_minor: i64,
    /// Which part of it lies on voided journeys: they are in no index, but their sales are real.
    pub voided_minor: i64,
    /// The journeys that differ, at most a hundred.
    pub apart: Vec<Apart>,
}

/// A journey whose net sold is not what moved its sales.
#[derive(Clone, Debug, PartialEq)]
pub struct Apart {
    /// The journey.
    pub journey: JourneyId,
    /// Whose it is.
    pub contact: ContactId,
    /// The event that brought its row.
    pub position: i64,
    /// Its net sold.
    pub net_sold_minor: i64,
    /// What moved its official sales.
    pub moved_minor: i64,
}

/// Compares the journeys of a company with what moved their sales.
pub async fn reconcile(store: &Store, company: CompanyId) -> Result<Reading<Reconciled>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
    let mut conn = reader.conn();
    let sums = sql(include_str!("sql/sold.sql")).bind(company).bind(reading.found).one(&mut conn).await?;
    let (net_sold_minor, voided_minor) = sums.map_or(Ok((0, 0)), |row| Ok::<_, StoreError>((row.get(0)?, row.get(1)?)))?;
    let apart = sql(include_str!("sql/apart.sql")).bind(company).bind(reading.found).bind(i64::MAX).bind(MOST).all(&mut conn).await?;
    let apart = apart.iter().map(Apart::from_row).collect::<Result<_, _>>()?;
    Ok(reading.map(|_| Reconciled { net_sold_minor, voided_minor, apart }))
}

impl Apart {
    fn from_row(row: &Row) -> Result<Apart, StoreError> {
        Ok(Apart {
            journey: JourneyId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            position: row.get(2)?,
            net_sold_minor: row.get(3)?,
            moved_minor: row.get(4)?,
        })
    }
}
