//! Sales: every one, where it and its job stand, and what is owed for it (S0:23 to 26).

use super::Service;
use super::beside::Beside;
use super::caller::Caller;
use super::export::{self, ExportQuery};
use super::list::{Count, List, Page, PageQuery, Served, With, page};
use super::problem::Problem;
use super::query::{Query, contact, id, instant, text, word};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::Instant;
use domain::blueprint::{JobStatus, SaleState, State as _};
use domain::company::Company;
use domain::sale::JobStanding;
use eventstore::StoreError;
use projections::sale_list::{self, SaleCursor, SaleFilter, SaleRow, SaleTask};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which sales are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
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

impl List for SaleFilter {
    const NAME: &'static str = "sales";
    const COUNT: Count = Count::Capped;
    type Query = SaleQuery;
    type Row = SaleRow;
    type Cursor = SaleCursor;
    type View = SaleView;

    async fn asked(query: &SaleQuery, of: &Served) -> Result<SaleFilter, Problem> {
        let company = &of.settings;
        Ok(SaleFilter {
            from: instant("from", &query.from)?,
            to: instant("to", &query.to)?,
            state: word("state", &query.state, SaleState::ALL, SaleState::name)?,
            job_status: word("job_status", &query.job_status, JobStatus::ALL, JobStatus::name)?,
            job_standing: word("job_standing", &query.job_standing, JobStanding::ALL, JobStanding::name)?,
            task: word("task", &query.task, SaleTask::ALL, SaleTask::name)?,
            rep: id("rep", &query.rep, &company.people, "people")?,
            product: id("product", &query.product, &company.products, "products")?,
            contact: contact(&of.service, of.company, &query.contact).await?,
            text: text("q", &query.q)?,
        })
    }

    async fn read(&self, of: &Served, after: Option<SaleCursor>, limit: u32, count_up_to: Option<i64>) -> Result<Reading<Listed<SaleRow>>, StoreError> {
        sale_list::sales(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &SaleRow) -> SaleCursor {
        SaleCursor::of(row)
    }

    async fn views(rows: &[SaleRow], of: &Served) -> Result<Vec<SaleView>, StoreError> {
        let beside = Beside::of(&of.service, of.company, rows.iter().map(|row| row.contact)).await?;
        Ok(rows.iter().map(|row| SaleView::new(row, &of.settings, &beside)).collect())
    }
}

/// The company's sales, and how many are in each state; the last signed first.
#[utoipa::path(get, path = "/api/v1/sales", tag = "lists", params(SaleQuery, PageQuery), responses((status = 200, body = Page<SaleView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<With<SaleQuery, PageQuery>>) -> Result<Json<Page<SaleView>>, Problem> {
    page::<SaleFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/sales/export", tag = "lists", operation_id = "export_sales", params(SaleQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<SaleQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<SaleFilter>(service, caller, query).await
}
