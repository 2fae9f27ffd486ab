//! The rows of the sale list.

use domain::Instant;
use domain::blueprint::{JobStatus, SaleState, State};
use domain::id::{ContactId, JourneyId, PersonId, ProductId, QuoteId, SaleId};
use domain::sale::{JobStanding, Sale};
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::Serialize;

use crate::table::{instant, json, named, to_json};

/// One sale, as lists see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct SaleRow {
    /// The sale.
    pub sale: SaleId,
    /// Whose it is.
    pub contact: ContactId,
    /// The journey it belongs to.
    pub journey: JourneyId,
    /// The quote it comes from.
    pub quote: QuoteId,
    /// What was sold.
    pub product: ProductId,
    /// Whose sale it is.
    pub rep: PersonId,
    /// Where it stands.
    pub state: SaleState,
    /// Since when it stands there.
    pub state_since: Instant,
    /// Whether management must approve it before it counts (S0:24).
    pub needs_approval: bool,
    /// Its amount with the approved change orders.
    pub contract_minor: i64,
    /// What the customer owes; below zero, the company owes it (S0:26).
    pub balance_minor: i64,
    /// The one status of its job (S0:25).
    pub job_status: JobStatus,
    /// Whether the job is worked on.
    pub job_standing: JobStanding,
    /// When it counts as signed.
    pub signed_at: Instant,
    /// When management approved it.
    pub approved_at: Option<Instant>,
    /// The cancel date, while it is canceled.
    pub canceled_at: Option<Instant>,
    /// Since when something is collected (S0:26).
    pub due_since: Option<Instant>,
    /// Whether a lien is to be released (P36).
    pub lien_release_owed: bool,
}

/// A sale with what the fold remembers of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// The sale.
    pub row: SaleRow,
    /// As rules see it.
    pub sale: Sale,
}

/// Where the job of a sale stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SaleJob {
    /// Whose it is.
    pub contact: ContactId,
    /// The journey of the sale.
    pub journey: JourneyId,
    /// The sale.
    pub sale: SaleId,
    /// The one status of its job (S0:25).
    pub status: JobStatus,
    /// Whether the job is worked on.
    pub standing: JobStanding,
}

impl SaleJob {
    /// Reads a row of `sql/jobs.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<SaleJob, StoreError> {
        Ok(SaleJob {
            contact: ContactId(row.get(0)?),
            journey: JourneyId(row.get(1)?),
            sale: SaleId(row.get(2)?),
            status: named(row.get(3)?)?,
            standing: named(row.get(4)?)?,
        })
    }
}

impl SaleRow {
    /// Reads the columns that all statements of the sale list begin with.
    pub(crate) fn from_row(row: &Row) -> Result<SaleRow, StoreError> {
        let at = |column| Ok::<_, StoreError>(row.get::<Option<_>>(column)?.map(Instant::new));
        Ok(SaleRow {
            sale: SaleId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            journey: JourneyId(row.get(2)?),
            quote: QuoteId(row.get(3)?),
            product: ProductId(row.get(4)?),
            rep: PersonId(row.get(5)?),
            state: named(row.get(6)?)?,
            state_since: instant(row, 7)?,
            needs_approval: row.get::<i64>(8)? == 1,
            contract_minor: row.get(9)?,
            balance_minor: row.get(10)?,
            job_status: named(row.get(11)?)?,
            job_standing: named(row.get(12)?)?,
            signed_at: instant(row, 13)?,
            approved_at: at(14)?,
            canceled_at: at(15)?,
            due_since: at(16)?,
            lien_release_owed: row.get::<i64>(17)? == 1,
        })
    }
}

impl Current {
    /// Reads a row of `sql/load.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<Current, StoreError> {
        Ok(Current { row: SaleRow::from_row(row)?, sale: json(&row.get::<String>(18)?)? })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) -> Result<(), StoreError> {
        let row = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            row.sale.0.into(),
            row.contact.0.into(),
            row.journey.0.into(),
            row.quote.0.into(),
            row.product.0.into(),
            row.rep.0.into(),
            row.state.name().into(),
            row.state_since.micros().into(),
            i64::from(row.needs_approval).into(),
            row.contract_minor.into(),
            row.balance_minor.into(),
            row.job_status.name().into(),
            row.job_standing.name().into(),
            row.signed_at.micros().into(),
            row.approved_at.map(Instant::micros).into(),
            row.canceled_at.map(Instant::micros).into(),
            row.due_since.map(Instant::micros).into(),
            i64::from(row.lien_release_owed).into(),
            to_json(&self.sale)?.into(),
        ]);
        Ok(())
    }
}
