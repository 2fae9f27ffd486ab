//! Demos: each that was set, who has it, and whether it was canceled; the rows behind cancel rates (METRICS C.7).

use super::Service;
use super::caller::Caller;
use super::list::Page;
use super::page::read_cursor;
use super::problem::Problem;
use super::query::{Query, contact, flag, id, instant, limit, text, wait_for, word};
use axum::Json;
use axum::extract::State;
use domain::company::{Company, ReasonList};
use domain::figure::DemoBasis;
use domain::id::ContactId;
use domain::text::Label;
use projections::journey_table::{self, DemoCursor, DemoFilter, DemoRow};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which demos are listed: what is left out filters nothing. Those of voided journeys are on no list.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DemoQuery {
    /// By which time `from`, `to` and the order go: `set` (default) or `canceled`.
    basis: Option<String>,
    /// Not before this instant.
    from: Option<String>,
    /// Not after this instant.
    to: Option<String>,
    /// Lead source, by id or name.
    source: Option<String>,
    /// Lead category, by its present name or as it is recorded.
    category: Option<String>,
    /// `false` for demos of leads without a category.
    #[param(value_type = Option<bool>)]
    has_category: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// Scheduler, by id or name.
    scheduler: Option<String>,
    /// The sales rep it stands issued to, or stood issued to when it was canceled, by id or name.
    rep: Option<String>,
    /// Canceled for this reason, by its id or its present name on the company's list; else in exactly these words.
    reason: Option<String>,
    /// `false` for demos whose reason is not known: not canceled, or of somebody who was forgotten.
    #[param(value_type = Option<bool>)]
    has_reason: Option<String>,
    /// `true` for demos that stand issued, or stood so when they were canceled; `false` for the others.
    #[param(value_type = Option<bool>)]
    issued: Option<String>,
    /// `true` for canceled demos, `false` for the others.
    #[param(value_type = Option<bool>)]
    canceled: Option<String>,
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

/// A demo that was set.
#[derive(Debug, Serialize, ToSchema)]
pub struct DemoView {
    /// The demo.
    meeting: Uuid,
    /// The contact.
    contact: Uuid,
    /// The journey.
    journey: Uuid,
    /// Lead source of the journey.
    source: String,
    /// Lead category of the journey.
    category: Option<String>,
    /// Product of the journey.
    product: String,
    /// Who set it.
    scheduler: String,
    /// The sales rep it stands issued to, or stood issued to when it was canceled.
    rep: Option<String>,
    /// When it was set.
    #[schema(value_type = String, format = DateTime)]
    set_at: domain::Instant,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    start: domain::Instant,
    /// When it was canceled.
    #[schema(value_type = Option<String>, format = DateTime)]
    canceled_at: Option<domain::Instant>,
    /// Why: the present name of the reason, where it is one of the company's list.
    reason: Option<String>,
    /// Id of that reason.
    reason_id: Option<Uuid>,
}

impl DemoView {
    fn new(row: &DemoRow, company: &Company) -> DemoView {
        let demo = &row.demo;
        DemoView {
            meeting: row.meeting.0,
            contact: row.contact.0,
            journey: row.journey.0,
            source: company.sources.shown(row.source),
            category: row.category.as_deref().map(|kept| company.category_shown(kept)),
            product: company.products.shown(row.product),
            scheduler: company.people.shown(demo.scheduler),
            rep: demo.rep.map(|rep| company.people.shown(rep)),
            set_at: demo.set_at,
            start: demo.start,
            canceled_at: demo.canceled_at,
            reason: demo.reason_id.and_then(|id| company.reasons.name(id)).map(ToString::to_string).or_else(|| demo.reason.clone()),
            reason_id: demo.reason_id.map(|id| id.0),
        }
    }
}

impl DemoQuery {
    fn filter(&self, company: &Company, contact: Option<ContactId>) -> Result<DemoFilter, Problem> {
        let label = |said: &String| Label::try_new(said).ok();
        let of_list = self.reason.as_ref().and_then(|said| company.reasons.of(ReasonList::MeetingCanceled)?.find(&label(said)?.into()));
        let category = self.category.as_ref().and_then(|said| company.categories.find(&label(said)?.into()));
        Ok(DemoFilter {
            from: instant("from", &self.from)?,
            to: instant("to", &self.to)?,
            source: id("source", &self.source, &company.sources, "sources")?,
            category: category.map(|id| id.to_string()).or(text("category", &self.category)?),
            has_category: flag("has_category", &self.has_category)?,
            product: id("product", &self.product, &company.products, "products")?,
            scheduler: id("scheduler", &self.scheduler, &company.people, "people")?,
            rep: id("rep", &self.rep, &company.people, "people")?,
            reason: text("reason", &self.reason)?.filter(|_| of_list.is_none()),
            reason_id: of_list,
            has_reason: flag("has_reason", &self.has_reason)?,
            issued: flag("issued", &self.issued)?,
            canceled: flag("canceled", &self.canceled)?,
            contact,
            as_of: instant("as_of", &self.as_of)?,
            known_at: instant("known_at", &self.known_at)?,
            ..DemoFilter::by(word("basis", &self.basis, DemoBasis::ALL, DemoBasis::name)?.unwrap_or(DemoBasis::Set))
        })
    }
}

/// The company's demos: with the parameters that a dashboard gives, exactly the ones it counts; the latest first.
#[utoipa::path(get, path = "/api/v1/demos", tag = "lists", params(DemoQuery), responses((status = 200, body = Page<DemoView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<DemoQuery>) -> Result<Json<Page<DemoView>>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let filter = query.filter(&company, contact(&service, caller.company, &query.contact).await?)?;
    let after: Option<DemoCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = journey_table::demos(&service.app.store, caller.company, &filter, after, limit + 1).await?;
    Ok(Json(Page::new(reading.at, reading.found, limit, |row| DemoCursor::of(filter.basis, row), |row| DemoView::new(row, &company))))
}
