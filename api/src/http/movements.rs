//! Movements of sales: what was sold, changed, canceled and brought back, each on its own date (METRICS C.6).

use super::Service;
use super::caller::Caller;
use super::list::Page;
use super::page::read_cursor;
use super::problem::Problem;
use super::query::{Query, contact, flag, id, instant, limit, wait_for, word};
use axum::Json;
use axum::extract::State;
use domain::company::Company;
use domain::figure::MovementKind;
use domain::id::ContactId;
use projections::journey_table::{self, MovementCursor, MovementFilter, MovementRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which movements are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MovementQuery {
    /// Dated not before this instant.
    from: Option<String>,
    /// Dated not after this instant.
    to: Option<String>,
    /// The sale's present rep, by id or name.
    rep: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// `sold`, `change_order`, `canceled` or `reactivated`.
    kind: Option<String>,
    /// `true` for sales that count, `false` for those that wait for approval.
    #[param(value_type = Option<bool>)]
    official: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// As they stood at this instant.
    as_of: Option<String>,
    /// As far as was recorded by this instant.
    known_at: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A movement of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct MovementView {
    /// The sale.
    sale: Uuid,
    /// Which of the sale's movements, from 0.
    number: i64,
    /// The contact.
    contact: Uuid,
    /// The journey.
    journey: Uuid,
    /// What was sold.
    product: String,
    /// The sale's present rep.
    rep: String,
    /// What moved it, and by which rule it is counted: `sold` on the sign date, `change_order` on the report signed date, `canceled` on the cancel
    /// date, `reactivated` at that instant.
    kind: &'static str,
    /// By how much, in minor units; below zero what took away from it.
    amount_minor: i64,
    /// Its date.
    #[schema(value_type = String, format = DateTime)]
    dated_at: domain::Instant,
    /// Whether the sale counts; else it waits for approval, and is in no sum but that of pending sales.
    official: bool,
}

impl MovementView {
    fn new(row: &MovementRow, company: &Company) -> MovementView {
        MovementView {
            sale: row.sale.0,
            number: row.number,
            contact: row.contact.0,
            journey: row.journey.0,
            product: company.products.shown(row.product),
            rep: company.people.shown(row.rep),
            kind: row.movement.kind.name(),
            amount_minor: row.movement.amount_minor,
            dated_at: row.movement.dated_at,
            official: row.official,
        }
    }
}

impl MovementQuery {
    fn filter(&self, company: &Company, contact: Option<ContactId>) -> Result<MovementFilter, Problem> {
        Ok(MovementFilter {
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
            rep: id("rep", &self.rep, &company.people, "people")?,
            product: id("product", &self.product, &company.products, "products")?,
            kind: word("kind", &self.kind, MovementKind::ALL, MovementKind::name)?,
            official: flag("official", &self.official)?,
            contact,
            as_of: instant("as_of", &self.as_of)?,
            known_at: instant("known_at", &self.known_at)?,
        })
    }
}

/// The movements of the company's sales: with the parameters that a dashboard gives, exactly the ones it sums; the latest first.
#[utoipa::path(get, path = "/api/v1/movements", tag = "lists", params(MovementQuery), responses((status = 200, body = Page<MovementView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<MovementQuery>) -> Result<Json<Page<MovementView>>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let filter = query.filter(&company, contact(&service, caller.company, &query.contact).await?)?;
    let after: Option<MovementCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = journey_table::movements(&service.app.store, caller.company, &filter, after, limit + 1).await?;
    Ok(Json(Page::new(reading.at, reading.found, limit, MovementCursor::of, |row| MovementView::new(row, &company))))
}
