//! Questions to the sale list.

use std::collections::BTreeSet;

use domain::Instant;
use domain::blueprint::{JobStatus, SaleState, State};
use domain::id::{ContactId, PersonId, ProductId, SaleId};
use domain::sale::JobStanding;
use eventstore::{CompanyId, Store, StoreError, Value, select_in, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{SaleJob, SaleList, SaleRow};
use crate::contact_list::{ContactList, Search};
use crate::projection::Projection;
use crate::reading::{Listed, Reading, count_by_state, in_use};

/// The most sales in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// Which sales are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct SaleFilter {
    /// Signed not before this instant.
    pub from: Option<Instant>,
    /// Signed not after this instant.
    pub to: Option<Instant>,
    /// In this state.
    pub state: Option<SaleState>,
    /// Whose job has this status.
    pub job_status: Option<JobStatus>,
    /// Whose job has this standing.
    pub job_standing: Option<JobStanding>,
    /// For which this is still to be done.
    pub task: Option<SaleTask>,
    /// Of this rep.
    pub rep: Option<PersonId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// Of contacts that are found by this text.
    pub text: Option<String>,
}

/// What is still to be done for a sale, whatever state it is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SaleTask {
    /// A lien lies on the property, and nothing is owed any more: it is to be released (P36).
    ReleaseLien,
    /// The company owes the customer something.
    Refund,
}

impl SaleTask {
    /// All of them.
    pub const ALL: &'static [SaleTask] = &[SaleTask::ReleaseLien, SaleTask::Refund];

    /// The name, as it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            SaleTask::ReleaseLien => "release_lien",
            SaleTask::Refund => "refund",
        }
    }
}

/// The last sale of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SaleCursor {
    /// When it was signed.
    pub at: Instant,
    /// The sale.
    pub sale: SaleId,
    /// Whose it is.
    pub contact: ContactId,
}

impl SaleCursor {
    /// The place of a listed sale.
    pub fn of(row: &SaleRow) -> SaleCursor {
        SaleCursor { at: row.signed_at, sale: row.sale, contact: row.contact }
    }
}

/// A page of sales, the last signed first; and how many there are, counted up to a number where one is given.
pub async fn sales(
    store: &Store,
    company: CompanyId,
    filter: &SaleFilter,
    after: Option<SaleCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<SaleRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, SaleList::NAME).await?;
    let contacts = in_use(&mut reader, company, ContactList::NAME).await?.found;
    let search = Search::of(filter.text.as_deref());
    let filtered = |text| {
        sql(text)
            .bind(company)
            .bind(reading.found)
            .bind(filter.from.map_or(i64::MIN, Instant::micros))
            .bind(filter.to.map_or(i64::MAX, Instant::micros))
            .bind(filter.job_status.map(State::name))
            .bind(filter.job_standing.map(JobStanding::name))
            .bind(filter.rep.map(|id| id.0))
            .bind(filter.product.map(|id| id.0))
            .bind(filter.contact.map(|id| id.0))
            .bind(search.text_parts.as_deref())
            .bind(search.text.as_deref())
            .bind(search.digits_parts.as_deref())
            .bind(search.digits.as_deref())
            .bind(contacts)
            .bind(filter.task.map(SaleTask::name))
    };
    let list = filtered(include_str!("sql/list.sql"))
        .bind(filter.state.map(State::name))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.sale.0))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = list.all(&mut reader.conn()).await?;
    let rows = rows.iter().map(SaleRow::from_row).collect::<Result<_, _>>()?;
    let counted = count_by_state(&mut reader.conn(), || filtered(include_str!("sql/count_by_state.sql")), filter.state, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}

/// The jobs of all sales of some contacts, those of a contact in the order in which they were signed (S0:25).
pub async fn jobs(store: &Store, company: CompanyId, contacts: &BTreeSet<ContactId>) -> Result<Vec<SaleJob>, StoreError> {
    let mut reader = store.db.read().await?;
    let generation = in_use(&mut reader, company, SaleList::NAME).await?.found;
    let contacts: Vec<Value> = contacts.iter().map(|contact| contact.0.into()).collect();
    let rows = select_in(&mut reader.conn(), include_str!("sql/jobs.sql"), &[company.into(), generation.into()], &contacts).await?;
    rows.iter().map(SaleJob::from_row).collect()
}
