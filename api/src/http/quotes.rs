//! Quotes: every one, and each step it took on its way to Sold or Lost (S0:21, 32).

use super::Service;
use super::beside::{Beside, JobView};
use super::caller::Caller;
use super::export::{self, ExportQuery};
use super::list::{Count, List, Page, PageQuery, Served, With, page};
use super::problem::Problem;
use super::query::{Query, contact, id, instant, text, word};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::Instant;
use domain::blueprint::{QuoteState, State as _};
use domain::company::Company;
use eventstore::StoreError;
use projections::quote_list::{self, QuoteCursor, QuoteFilter, QuoteRow};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which quotes are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct QuoteQuery {
    /// In this state, such as `finalized`.
    state: Option<String>,
    /// Sales rep, by id or name.
    rep: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// In its state not since before this instant.
    from: Option<String>,
    /// In its state not since after this instant.
    to: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// Text in the contact's name, phones, e-mails, address or reference.
    q: Option<String>,
}

/// A quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteView {
    /// The quote's id.
    quote: Uuid,
    /// The contact whose it is.
    contact: Uuid,
    /// The contact's name.
    contact_name: Option<String>,
    /// The journey it is made on.
    journey: Uuid,
    /// What product is offered.
    product: String,
    /// Its id.
    product_id: Uuid,
    /// Who offers it.
    rep: String,
    /// Their id.
    rep_id: Uuid,
    /// Its state, such as `finalized`.
    state: &'static str,
    /// Since when it is in that state.
    #[schema(value_type = String, format = DateTime)]
    state_since: Instant,
    /// When it entered each state that it was in, the last time.
    #[schema(value_type = Object)]
    entered: BTreeMap<String, Instant>,
    /// What the customer would pay, sales tax included, in minor units.
    total_minor: i64,
    /// The instant until which it stands, once it is finalized.
    #[schema(value_type = Option<String>, format = DateTime)]
    valid_until: Option<Instant>,
    /// The quote whose place it took.
    replaces: Option<Uuid>,
    /// The quote that took its place.
    replaced_by: Option<Uuid>,
    /// The jobs of its journey's sales.
    jobs: Vec<JobView>,
}

impl QuoteView {
    pub(super) fn new(row: &QuoteRow, company: &Company, beside: &Beside) -> QuoteView {
        QuoteView {
            quote: row.quote.0,
            contact: row.contact.0,
            contact_name: beside.name(row.contact),
            journey: row.journey.0,
            product: company.products.shown(row.product),
            product_id: row.product.0,
            rep: company.people.shown(row.rep),
            rep_id: row.rep.0,
            state: row.state.name(),
            state_since: row.state_since,
            entered: row.entered.clone(),
            total_minor: row.total_minor,
            valid_until: row.valid_until,
            replaces: row.replaces.map(|id| id.0),
            replaced_by: row.replaced_by.map(|id| id.0),
            jobs: beside.jobs_on(row.contact, row.journey),
        }
    }
}

impl List for QuoteFilter {
    const NAME: &'static str = "quotes";
    const COUNT: Count = Count::Capped;
    type Query = QuoteQuery;
    type Row = QuoteRow;
    type Cursor = QuoteCursor;
    type View = QuoteView;

    async fn asked(query: &QuoteQuery, of: &Served) -> Result<QuoteFilter, Problem> {
        let company = &of.settings;
        Ok(QuoteFilter {
            from: instant("from", &query.from)?,
            to: instant("to", &query.to)?,
            state: word("state", &query.state, QuoteState::ALL, QuoteState::name)?,
            rep: id("rep", &query.rep, &company.people, "people")?,
            product: id("product", &query.product, &company.products, "products")?,
            contact: contact(&of.service, of.company, &query.contact).await?,
            text: text("q", &query.q)?,
        })
    }

    async fn read(&self, of: &Served, after: Option<QuoteCursor>, limit: u32, count_up_to: Option<i64>) -> Result<Reading<Listed<QuoteRow>>, StoreError> {
        quote_list::quotes(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &QuoteRow) -> QuoteCursor {
        QuoteCursor::of(row)
    }

    async fn views(rows: &[QuoteRow], of: &Served) -> Result<Vec<QuoteView>, StoreError> {
        let beside = Beside::of(&of.service, of.company, rows.iter().map(|row| row.contact)).await?;
        Ok(rows.iter().map(|row| QuoteView::new(row, &of.settings, &beside)).collect())
    }
}

/// The company's quotes, and how many are in each state; those first that entered their state last.
#[utoipa::path(get, path = "/api/v1/quotes", tag = "lists", params(QuoteQuery, PageQuery), responses((status = 200, body = Page<QuoteView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<With<QuoteQuery, PageQuery>>) -> Result<Json<Page<QuoteView>>, Problem> {
    page::<QuoteFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/quotes/export", tag = "lists", operation_id = "export_quotes", params(QuoteQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<QuoteQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<QuoteFilter>(service, caller, query).await
}
