//! Every sale, where it and its job stand, and what is owed for it (S0:23 to 26).

pub mod query;
mod row;
#[cfg(test)]
mod tests;

pub use query::{SaleCursor, SaleFilter, SaleTask, jobs, sales};
pub use row::{Current, SaleJob, SaleRow};

use async_trait::async_trait;
use domain::id::{ContactId, SaleId};
use domain::sale::{Sale, SaleEvent};
use domain::{Fact, Instant};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};

/// The read model.
pub struct SaleList;

#[async_trait]
impl Projection for SaleList {
    const NAME: &'static str = "sale_list";
    const REVISION: i32 = 2;
    const TABLES: &'static [Table] = &[SALES];
    type Key = (SaleId, ContactId);
    type Rows = Option<Current>;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
        let sale = if let Fact::Sale(event) = &happened.fact { Some(event.sale()) } else { None };
        sale.zip(happened.contact)
    }

    fn evolve(&(_, contact): &Self::Key, rows: Option<Current>, happened: &Happened) -> Option<Current> {
        let Fact::Sale(event) = &happened.fact else { return rows };
        created(contact, event, happened.occurred_at).or_else(|| rows.map(|current| current.evolve(event, happened.occurred_at)))
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Option<Current>)>, StoreError> {
        let sales: Vec<Value> = keys.iter().map(|(sale, _)| sale.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &sales).await?;
        let found = rows.iter().map(|row| {
            let current = Current::from_row(row)?;
            Ok(((current.row.sale, current.row.contact), Some(current)))
        });
        found.collect()
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Option<Current>)]) -> Result<Writes, StoreError> {
        let mut values = Vec::with_capacity(changed.len() * 21);
        for current in changed.iter().filter_map(|(_, current)| current.as_ref()) {
            current.push_values(company, generation, &mut values)?;
        }
        Ok(writes.insert(include_str!("sql/save.sql"), values))
    }
}

/// The sale that was made; of any other fact, none.
fn created(contact: ContactId, event: &SaleEvent, at: Instant) -> Option<Current> {
    let sale = Sale::created(event)?;
    let SaleEvent::Created { sale: id, product, needs_approval, .. } = event else { return None };
    let row = SaleRow {
        sale: *id,
        contact,
        journey: sale.journey,
        quote: sale.quote,
        product: *product,
        rep: sale.rep,
        state: sale.state,
        state_since: at,
        needs_approval: *needs_approval,
        contract_minor: sale.contract.0,
        balance_minor: sale.balance().0,
        job_status: sale.job.status,
        job_standing: sale.job.standing,
        signed_at: sale.signed_at,
        approved_at: None,
        canceled_at: None,
        due_since: None,
        lien_release_owed: false,
    };
    Some(Current { row, sale })
}

impl Current {
    /// The sale after one more fact about it.
    fn evolve(self, event: &SaleEvent, at: Instant) -> Current {
        let Current { mut row, sale } = self;
        let sale = sale.evolve(event);
        if row.state != sale.state {
            (row.state, row.state_since) = (sale.state, at);
        }
        if let SaleEvent::Approved { .. } = event {
            row.approved_at = Some(at);
        }
        (row.rep, row.contract_minor, row.balance_minor) = (sale.rep, sale.contract.0, sale.balance().0);
        (row.job_status, row.job_standing) = (sale.job.status, sale.job.standing);
        (row.signed_at, row.canceled_at) = (sale.signed_at, sale.canceled_at);
        row.due_since = row.due_since.or(Some(at)).filter(|_| sale.state.is_collected());
        row.lien_release_owed = sale.owes_a_release();
        Current { row, sale }
    }
}

const SALES: Table = Table {
    name: "sale_list",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("sale_id", Id),
        ("contact_id", Id),
        ("journey_id", Id),
        ("quote_id", Id),
        ("product_id", Id),
        ("rep_id", Id),
        ("state", Text),
        ("state_since", Int),
        ("needs_approval", Int),
        ("contract_minor", Int),
        ("balance_minor", Int),
        ("job_status", Text),
        ("job_standing", Text),
        ("signed_at", Int),
        ("approved_at", Int),
        ("canceled_at", Int),
        ("due_since", Int),
        ("lien_release_owed", Int),
        ("workings", Text),
    ],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};
