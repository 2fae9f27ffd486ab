//! Canceled demos: one row for each, with all that was known when it was canceled (S0:16).

use super::Service;
use super::caller::Caller;
use super::export::{self, ExportQuery};
use super::list::{Count, List, Page, PageQuery, Served, With, page};
use super::problem::Problem;
use super::query::{Query, contact, id, instant};
use crate::views::actor_name;
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::company::{Company, ReasonList};
use domain::text::Label;
use eventstore::StoreError;
use projections::canceled_demos::{self, CanceledCursor, CanceledDemo, CanceledFilter};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which canceled demos are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct CanceledDemoQuery {
    /// Canceled not before this instant.
    from: Option<String>,
    /// Canceled not after this instant.
    to: Option<String>,
    /// Lead source, by id or name.
    source: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// Scheduler, by id or name.
    scheduler: Option<String>,
    /// Sales rep, by id or name.
    rep: Option<String>,
    /// This reason, by its id or its present name on the company's list; else in exactly these words.
    reason: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
}

/// A canceled demo.
#[derive(Debug, Serialize, ToSchema)]
pub struct CanceledDemoView {
    /// The contact.
    contact: Uuid,
    /// The journey.
    journey: Uuid,
    /// The demo.
    meeting: Uuid,
    /// Lead source of the journey when it was canceled.
    source: String,
    /// Product of the journey when it was canceled.
    product: String,
    /// Lead category of the journey when it was canceled.
    category: Option<String>,
    /// Who had set it.
    scheduler: String,
    /// The rep it was issued to, if it was.
    rep: Option<String>,
    /// When it was to begin.
    #[schema(value_type = String, format = DateTime)]
    start: domain::Instant,
    /// When it had been set.
    #[schema(value_type = String, format = DateTime)]
    set_at: domain::Instant,
    /// When it was canceled.
    #[schema(value_type = String, format = DateTime)]
    canceled_at: domain::Instant,
    /// Why: the present name of the reason, where it is one of the company's list.
    reason: Option<String>,
    /// Id of that reason.
    reason_id: Option<Uuid>,
    /// What else was to be known.
    note: Option<String>,
    /// Who wanted it: `customer` or `us`.
    asked_by: Option<String>,
    /// Who canceled it: the person's name, else the actor as recorded.
    canceled_by: String,
    /// The position of the event.
    position: i64,
}

impl CanceledDemoView {
    fn new(row: &CanceledDemo, company: &Company) -> CanceledDemoView {
        let person = |id| company.people.shown(id);
        CanceledDemoView {
            contact: row.contact.0,
            journey: row.journey.0,
            meeting: row.meeting.0,
            source: company.sources.shown(row.source),
            product: company.products.shown(row.product),
            category: row.category.as_deref().map(|kept| company.category_shown(kept)),
            scheduler: person(row.scheduler),
            rep: row.rep.map(person),
            start: row.start,
            set_at: row.set_at,
            canceled_at: row.canceled_at,
            reason: row.reason_id.and_then(|id| company.reasons.name(id)).map(ToString::to_string).or_else(|| row.reason.clone()),
            reason_id: row.reason_id.map(|id| id.0),
            note: row.note.clone(),
            asked_by: row.asked_by.map(|by| by.name().to_owned()),
            canceled_by: actor_name(company, &row.actor).unwrap_or_else(|| row.actor.clone()),
            position: row.position,
        }
    }
}

impl List for CanceledFilter {
    const NAME: &'static str = "canceled-demos";
    const COUNT: Count = Count::None;
    type Query = CanceledDemoQuery;
    type Row = CanceledDemo;
    type Cursor = CanceledCursor;
    type View = CanceledDemoView;

    async fn asked(query: &CanceledDemoQuery, of: &Served) -> Result<CanceledFilter, Problem> {
        let company = &of.settings;
        let of_list = query.reason.as_ref().and_then(|said| company.reasons.of(ReasonList::MeetingCanceled)?.find(&Label::try_new(said).ok()?.into()));
        Ok(CanceledFilter {
            from: instant("from", &query.from)?,
            to: instant("to", &query.to)?,
            source: id("source", &query.source, &company.sources, "sources")?,
            product: id("product", &query.product, &company.products, "products")?,
            scheduler: id("scheduler", &query.scheduler, &company.people, "people")?,
            rep: id("rep", &query.rep, &company.people, "people")?,
            reason: query.reason.clone().filter(|_| of_list.is_none()),
            reason_id: of_list,
            contact: contact(&of.service, of.company, &query.contact).await?,
        })
    }

    async fn read(
        &self,
        of: &Served,
        after: Option<CanceledCursor>,
        limit: u32,
        count_up_to: Option<i64>,
    ) -> Result<Reading<Listed<CanceledDemo>>, StoreError> {
        canceled_demos::canceled_demos(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &CanceledDemo) -> CanceledCursor {
        CanceledCursor::of(row)
    }

    async fn views(rows: &[CanceledDemo], of: &Served) -> Result<Vec<CanceledDemoView>, StoreError> {
        Ok(rows.iter().map(|row| CanceledDemoView::new(row, &of.settings)).collect())
    }
}

/// The demos that were canceled; the last canceled first.
#[utoipa::path(get, path = "/api/v1/canceled-demos", tag = "journeys", params(CanceledDemoQuery, PageQuery), responses((status = 200, body = Page<CanceledDemoView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(
    State(service): State<Service>,
    caller: Caller,
    Query(query): Query<With<CanceledDemoQuery, PageQuery>>,
) -> Result<Json<Page<CanceledDemoView>>, Problem> {
    page::<CanceledFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/canceled-demos/export", tag = "journeys", operation_id = "export_canceled_demos", params(CanceledDemoQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<CanceledDemoQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<CanceledFilter>(service, caller, query).await
}
