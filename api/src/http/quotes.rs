//! Quotes: every one, and each step it took on its way to Sold or Lost (S0:21, 32).

use super::Service;
use super::beside::{Beside, JobView};
use super::caller::Caller;
use super::page::{Page, read_cursor};
use super::problem::Problem;
use super::query::{Query, contact, id, instant, limit, text, wait_for, word};
use axum::Json;
use axum::extract::State;
use domain::Instant;
use domain::blueprint::{QuoteState, State as _};
use domain::company::Company;
use domain::id::ContactId;
use projections::quote_list::{self, QuoteCursor, QuoteFilter, QuoteRow};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which quotes are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
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
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
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

impl QuoteQuery {
    fn filter(&self, company: &Company, contact: Option<ContactId>) -> Result<QuoteFilter, Problem> {
        Ok(QuoteFilter {
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
            state: word("state", &self.state, QuoteState::ALL, QuoteState::name)?,
            rep: id("rep", &self.rep, &company.people, "people")?,
            product: id("product", &self.product, &company.products, "products")?,
            contact,
            text: text("q", &self.q)?,
        })
    }
}

/// The company's quotes, and how many are in each state; those first that entered their state last.
#[utoipa::path(get, path = "/api/v1/quotes", tag = "lists", params(QuoteQuery), responses((status = 200, body = Page<QuoteView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<QuoteQuery>) -> Result<Json<Page<QuoteView>>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let filter = query.filter(&company, contact(&service, caller.company, &query.contact).await?)?;
    let after: Option<QuoteCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = quote_list::quotes(&service.app.store, caller.company, &filter, after, limit + 1).await?;
    let beside = Beside::of(&service, caller.company, reading.found.rows.iter().map(|row| row.contact)).await?;
    let page = Page::new(reading.at, reading.found.rows, limit, QuoteCursor::of, |row| QuoteView::new(row, &company, &beside));
    Ok(Json(page.with_states(reading.found.states)))
}
