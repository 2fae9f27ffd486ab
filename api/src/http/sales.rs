//! Sales: every one, where it and its job stand, and what is owed for it (S0:23 to 26).

use super::Service;
use super::beside::Beside;
use super::caller::Caller;
use super::page::{Page, read_cursor};
use super::problem::Problem;
use super::query::{Query, contact, id, instant, limit, text, wait_for, word};
use axum::Json;
use axum::extract::State;
use domain::Instant;
use domain::blueprint::{JobStatus, SaleState, State as _};
use domain::company::Company;
use domain::id::ContactId;
use domain::sale::JobStanding;
use projections::sale_list::{self, SaleCursor, SaleFilter, SaleRow, SaleTask};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which sales are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SaleQuery {
    /// In this state, such as `sold` (waiting for approval) or `sent_to_attorney`.
    state: Option<String>,
    /// Whose job has this status, such as `scheduled`.
    job_status: Option<String>,
    /// Whose job is `active`, on `hold` or `closed`.
    job_standing: Option<String>,
    /// For which this is still to be done: `release_lien` (nothing is owed any more) or `refund` (the company owes the customer).
    task: Option<String>,
    /// Sales rep, by id or name.
    rep: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// Signed not before this instant.
    from: Option<String>,
    /// Signed not after this instant.
    to: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// Text in the contact's name, phones, e-mails, address or reference.
    q: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleView {
    /// The sale's id.
    sale: Uuid,
    /// The contact whose it is.
    contact: Uuid,
    /// The contact's name.
    contact_name: Option<String>,
    /// The journey it belongs to.
    journey: Uuid,
    /// The quote it comes from.
    quote: Uuid,
    /// What was sold.
    product: String,
    /// Its id.
    product_id: Uuid,
    /// Whose sale it is.
    rep: String,
    /// Their id.
    rep_id: Uuid,
    /// Its state, such as `balance_due`.
    state: &'static str,
    /// Since when it is in that state.
    #[schema(value_type = String, format = DateTime)]
    state_since: Instant,
    /// Whether management must approve it before it counts.
    needs_approval: bool,
    /// Its amount with the approved change orders, in minor units.
    contract_minor: i64,
    /// What the customer owes, in minor units; below zero, the company owes it.
    balance_minor: i64,
    /// The one status of its job, such as `scheduled`.
    job_status: &'static str,
    /// Whether the job is worked on: `active`, `hold` or `closed`.
    job_standing: &'static str,
    /// When it counts as signed.
    #[schema(value_type = String, format = DateTime)]
    signed_at: Instant,
    /// When management approved it.
    #[schema(value_type = Option<String>, format = DateTime)]
    approved_at: Option<Instant>,
    /// The cancel date, while it is canceled.
    #[schema(value_type = Option<String>, format = DateTime)]
    canceled_at: Option<Instant>,
    /// Since when something is collected.
    #[schema(value_type = Option<String>, format = DateTime)]
    due_since: Option<Instant>,
    /// Whether a lien is to be released: it lies on the property, and nothing is owed any more.
    lien_release_owed: bool,
}

impl SaleView {
    pub(super) fn new(row: &SaleRow, company: &Company, beside: &Beside) -> SaleView {
        SaleView {
            sale: row.sale.0,
            contact: row.contact.0,
            contact_name: beside.name(row.contact),
            journey: row.journey.0,
            quote: row.quote.0,
            product: company.products.shown(row.product),
            product_id: row.product.0,
            rep: company.people.shown(row.rep),
            rep_id: row.rep.0,
            state: row.state.name(),
            state_since: row.state_since,
            needs_approval: row.needs_approval,
            contract_minor: row.contract_minor,
            balance_minor: row.balance_minor,
            job_status: row.job_status.name(),
            job_standing: row.job_standing.name(),
            signed_at: row.signed_at,
            approved_at: row.approved_at,
            canceled_at: row.canceled_at,
            due_since: row.due_since,
            lien_release_owed: row.lien_release_owed,
        }
    }
}

impl SaleQuery {
    fn filter(&self, company: &Company, contact: Option<ContactId>) -> Result<SaleFilter, Problem> {
        Ok(SaleFilter {
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
            state: word("state", &self.state, SaleState::ALL, SaleState::name)?,
            job_status: word("job_status", &self.job_status, JobStatus::ALL, JobStatus::name)?,
            job_standing: word("job_standing", &self.job_standing, JobStanding::ALL, JobStanding::name)?,
            task: word("task", &self.task, SaleTask::ALL, SaleTask::name)?,
            rep: id("rep", &self.rep, &company.people, "people")?,
            product: id("product", &self.product, &company.products, "products")?,
            contact,
            text: text("q", &self.q)?,
        })
    }
}

/// The company's sales, and how many are in each state; the last signed first.
#[utoipa::path(get, path = "/api/v1/sales", tag = "lists", params(SaleQuery), responses((status = 200, body = Page<SaleView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<SaleQuery>) -> Result<Json<Page<SaleView>>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let filter = query.filter(&company, contact(&service, caller.company, &query.contact).await?)?;
    let after: Option<SaleCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = sale_list::sales(&service.app.store, caller.company, &filter, after, limit + 1).await?;
    let beside = Beside::of(&service, caller.company, reading.found.rows.iter().map(|row| row.contact)).await?;
    let page = Page::new(reading.at, reading.found.rows, limit, SaleCursor::of, |row| SaleView::new(row, &company, &beside));
    Ok(Json(page.with_states(reading.found.states)))
}
