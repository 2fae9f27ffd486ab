//! Meetings: every one that was ever made, and where it stands (S0:14).

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
use domain::blueprint::{MeetingState, State as _};
use domain::company::Company;
use domain::id::PersonId;
use domain::meeting::MeetingKind;
use eventstore::StoreError;
use projections::meeting_list::{self, MeetingCursor, MeetingFilter, MeetingRow};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which meetings are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct MeetingQuery {
    /// `demo`, `rehash`, `follow_up` or `other`.
    kind: Option<String>,
    /// Type of meetings, by id or name.
    r#type: Option<String>,
    /// `set`, `confirmed`, `issued`, `completed` or `canceled`.
    state: Option<String>,
    /// Sales rep who goes or goes along, by id or name.
    rep: Option<String>,
    /// Scheduler, by id or name.
    scheduler: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// Lead source, by id or name.
    source: Option<String>,
    /// Beginning not before this instant.
    from: Option<String>,
    /// Beginning not after this instant.
    to: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// Text in the contact's name, phones, e-mails, address or reference.
    q: Option<String>,
}

/// A meeting.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingView {
    /// The meeting's id.
    meeting: Uuid,
    /// The contact whose it is.
    contact: Uuid,
    /// The contact's name.
    contact_name: Option<String>,
    /// The journey it is for.
    journey: Uuid,
    /// What it is for: `demo`, `rehash`, `follow_up` or `other`.
    kind: &'static str,
    /// The company's type of meetings that it is of.
    r#type: Option<String>,
    /// Id of that type.
    type_id: Option<Uuid>,
    /// Whether it is confirmed and issued to a rep.
    confirm_and_issue: bool,
    /// Its state, such as `issued`.
    state: &'static str,
    /// Since when it is in that state.
    #[schema(value_type = String, format = DateTime)]
    state_since: domain::Instant,
    /// When it begins.
    #[schema(value_type = String, format = DateTime)]
    start: domain::Instant,
    /// How long it is to take.
    length_minutes: Option<u32>,
    /// Who set it.
    scheduler: String,
    /// Their id.
    scheduler_id: Uuid,
    /// Who goes, while it is issued or after it was held.
    rep: Option<String>,
    /// Their id.
    rep_id: Option<Uuid>,
    /// Who goes along.
    second_rep: Option<String>,
    /// Their id.
    second_rep_id: Option<Uuid>,
    /// What came of it.
    result: Option<&'static str>,
    /// Whether it counts as demoed.
    demoed: bool,
    /// Lead source of its journey.
    source: String,
    /// Its id.
    source_id: Uuid,
    /// Product of its journey.
    product: String,
    /// Its id.
    product_id: Uuid,
    /// When it was set.
    #[schema(value_type = String, format = DateTime)]
    set_at: domain::Instant,
    /// When it was confirmed; a new start makes that void.
    #[schema(value_type = Option<String>, format = DateTime)]
    confirmed_at: Option<domain::Instant>,
    /// When it was issued to its rep; a new start or a cancel makes that void.
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<domain::Instant>,
    /// When its first result was entered, or when it was canceled.
    #[schema(value_type = Option<String>, format = DateTime)]
    ended_at: Option<domain::Instant>,
    /// The jobs of its journey's sales.
    jobs: Vec<JobView>,
}

impl MeetingView {
    pub(super) fn new(row: &MeetingRow, company: &Company, beside: &Beside) -> MeetingView {
        let person = |id: Option<PersonId>| id.map(|id| company.people.shown(id));
        MeetingView {
            meeting: row.meeting.0,
            contact: row.contact.0,
            contact_name: beside.name(row.contact),
            journey: row.journey.0,
            kind: row.kind.name(),
            r#type: row.meeting_type.map(|id| company.meeting_types.names.shown(id)),
            type_id: row.meeting_type.map(|id| id.0),
            confirm_and_issue: row.confirm_and_issue,
            state: row.state.name(),
            state_since: row.state_since,
            start: row.start,
            length_minutes: row.length_minutes,
            scheduler: company.people.shown(row.scheduler),
            scheduler_id: row.scheduler.0,
            rep: person(row.rep),
            rep_id: row.rep.map(|id| id.0),
            second_rep: person(row.second_rep),
            second_rep_id: row.second_rep.map(|id| id.0),
            result: row.result.map(|result| result.name()),
            demoed: row.demoed,
            source: company.sources.shown(row.source),
            source_id: row.source.0,
            product: company.products.shown(row.product),
            product_id: row.product.0,
            set_at: row.set_at,
            confirmed_at: row.confirmed_at,
            issued_at: row.issued_at,
            ended_at: row.ended_at,
            jobs: beside.jobs_on(row.contact, row.journey),
        }
    }
}

impl List for MeetingFilter {
    const NAME: &'static str = "meetings";
    const COUNT: Count = Count::Capped;
    type Query = MeetingQuery;
    type Row = MeetingRow;
    type Cursor = MeetingCursor;
    type View = MeetingView;

    async fn asked(query: &MeetingQuery, of: &Served) -> Result<MeetingFilter, Problem> {
        let company = &of.settings;
        Ok(MeetingFilter {
            from: instant("from", &query.from)?,
            to: instant("to", &query.to)?,
            kind: word("kind", &query.kind, MeetingKind::ALL, MeetingKind::name)?,
            meeting_type: id("type", &query.r#type, &company.meeting_types.names, "meeting-types")?,
            state: word("state", &query.state, MeetingState::ALL, MeetingState::name)?,
            rep: id("rep", &query.rep, &company.people, "people")?,
            scheduler: id("scheduler", &query.scheduler, &company.people, "people")?,
            product: id("product", &query.product, &company.products, "products")?,
            source: id("source", &query.source, &company.sources, "sources")?,
            contact: contact(&of.service, of.company, &query.contact).await?,
            text: text("q", &query.q)?,
        })
    }

    async fn read(&self, of: &Served, after: Option<MeetingCursor>, limit: u32, count_up_to: Option<i64>) -> Result<Reading<Listed<MeetingRow>>, StoreError> {
        meeting_list::meetings(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &MeetingRow) -> MeetingCursor {
        MeetingCursor::of(row)
    }

    async fn views(rows: &[MeetingRow], of: &Served) -> Result<Vec<MeetingView>, StoreError> {
        let beside = Beside::of(&of.service, of.company, rows.iter().map(|row| row.contact)).await?;
        Ok(rows.iter().map(|row| MeetingView::new(row, &of.settings, &beside)).collect())
    }
}

/// The company's meetings, the canceled, moved and held ones too, and how many are in each state; the last to begin first.
#[utoipa::path(get, path = "/api/v1/meetings", tag = "lists", params(MeetingQuery, PageQuery), responses((status = 200, body = Page<MeetingView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(
    State(service): State<Service>,
    caller: Caller,
    Query(query): Query<With<MeetingQuery, PageQuery>>,
) -> Result<Json<Page<MeetingView>>, Problem> {
    page::<MeetingFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/meetings/export", tag = "lists", operation_id = "export_meetings", params(MeetingQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<MeetingQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<MeetingFilter>(service, caller, query).await
}
