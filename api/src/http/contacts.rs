//! Contacts: the list, one of them, its timeline, and what may be done with it now.

use super::Service;
use super::beside::{Beside, JobView};
use super::caller::Caller;
use super::commands::ROUTES;
use super::export::{self, ExportQuery};
use super::list::{Count, List, Page, PageQuery, Served, With, page};
use super::page::no_cursor;
use super::path::{self, Path, unknown};
use super::problem::Problem;
use super::query::{NoParameters, Query, day, id, text, whole, word};
use crate::app::desk::contact_stream;
use crate::views::Event;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::blueprint::{ContactState, State as _};
use domain::company::Company;
use domain::contact_file::{Action, ContactFile, actions};
use domain::id::{ContactId, JourneyId};
use domain::instant::Day;
use domain::{Actor, Context, wire};
use eventstore::StoreError;
use projections::contact_list::{self, ContactCursor, ContactFilter, ContactRow};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The most events in one page of a timeline.
const LONGEST_TIMELINE: i64 = 1_000;

/// Which contacts are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct ContactQuery {
    /// In this state, such as `quote_in_progress`.
    state: Option<String>,
    /// Lead source, by id or name.
    source: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// That may be approached on this local day: none that were put aside until a later one.
    #[param(value_type = Option<String>, format = Date)]
    ready_on: Option<String>,
    /// Text in name, phones, e-mails, address or reference.
    q: Option<String>,
}

/// A contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactView {
    /// The contact's id.
    contact: Uuid,
    /// Name of the person or business.
    name: Option<String>,
    /// Telephone numbers.
    phones: Vec<String>,
    /// E-mail addresses.
    emails: Vec<String>,
    /// Property address, in one line.
    address: Option<String>,
    /// Its number in another system.
    reference: Option<String>,
    /// Its state, such as `quote_in_progress`.
    state: &'static str,
    /// Lead source.
    source: String,
    /// Product.
    product: String,
    /// Lead category.
    category: Option<String>,
    /// What it has bought: the products of its sales that are official and not canceled.
    bought: Vec<String>,
    /// The journey its state follows.
    primary_journey: Option<Uuid>,
    /// How many of its journeys have not ended.
    open_journeys: i64,
    /// When it was added.
    #[schema(value_type = String, format = DateTime)]
    added_at: domain::Instant,
    /// When its last event happened.
    #[schema(value_type = String, format = DateTime)]
    last_event_at: domain::Instant,
    /// When the person was forgotten; what was personal is gone since then.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = DateTime)]
    erased_at: Option<domain::Instant>,
    /// Since when it is in its state.
    #[schema(value_type = Option<String>, format = DateTime)]
    state_since: Option<domain::Instant>,
    /// The local day before which it is not to be approached again, while it is in Remarket.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    not_before: Option<Day>,
    /// The contact it was merged into and is found under: lists leave it out.
    #[serde(skip_serializing_if = "Option::is_none")]
    merged_into: Option<Uuid>,
    /// The jobs of its sales.
    jobs: Vec<JobView>,
    /// The version of its stream.
    version: i64,
}

/// A contact, and who is found under it.
#[derive(Debug, Serialize, ToSchema)]
pub struct ContactRecord {
    /// As lists show it.
    #[serde(flatten)]
    row: ContactView,
    /// The contacts that were merged into it.
    merged: Vec<MergedContact>,
}

/// A contact that was merged into another.
#[derive(Debug, Serialize, ToSchema)]
pub struct MergedContact {
    /// The contact's id.
    contact: Uuid,
    /// Name of the person or business.
    name: Option<String>,
    /// The address under which it is still read.
    link: String,
}

impl ContactView {
    /// The view of a row.
    pub fn new(row: &ContactRow, company: &Company, beside: &Beside) -> ContactView {
        ContactView {
            contact: row.contact.0,
            name: row.name.clone(),
            phones: row.phones.clone(),
            emails: row.emails.clone(),
            address: row.address.clone(),
            reference: row.reference.clone(),
            state: row.state.name(),
            source: company.sources.shown(row.source),
            product: company.products.shown(row.product),
            category: row.category.as_deref().map(|kept| company.category_shown(kept)),
            bought: row.bought.iter().map(|id| company.products.shown(*id)).collect(),
            primary_journey: row.primary_journey.map(|id| id.0),
            open_journeys: row.open_journeys,
            added_at: row.added_at,
            last_event_at: row.last_event_at,
            erased_at: row.erased_at,
            state_since: row.state_since,
            not_before: row.not_before,
            merged_into: row.merged_into.map(|survivor| survivor.0),
            jobs: beside.jobs_of(row.contact),
            version: row.version,
        }
    }
}

impl List for ContactFilter {
    const NAME: &'static str = "contacts";
    const COUNT: Count = Count::Capped;
    type Query = ContactQuery;
    type Row = ContactRow;
    type Cursor = ContactCursor;
    type View = ContactView;

    async fn asked(query: &ContactQuery, of: &Served) -> Result<ContactFilter, Problem> {
        let company = &of.settings;
        Ok(ContactFilter {
            state: word("state", &query.state, ContactState::ALL, ContactState::name)?,
            source: id("source", &query.source, &company.sources, "sources")?,
            product: id("product", &query.product, &company.products, "products")?,
            ready_on: day("ready_on", &query.ready_on)?,
            text: text("q", &query.q)?,
        })
    }

    async fn read(&self, of: &Served, after: Option<ContactCursor>, limit: u32, count_up_to: Option<i64>) -> Result<Reading<Listed<ContactRow>>, StoreError> {
        contact_list::contacts(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &ContactRow) -> ContactCursor {
        ContactCursor::of(row)
    }

    async fn views(rows: &[ContactRow], of: &Served) -> Result<Vec<ContactView>, StoreError> {
        let beside = Beside::of(&of.service, of.company, rows.iter().map(|row| row.contact)).await?;
        Ok(rows.iter().map(|row| ContactView::new(row, &of.settings, &beside)).collect())
    }
}

/// The company's contacts, and how many are in each state; the last to change first.
#[utoipa::path(get, path = "/api/v1/contacts", tag = "contacts", params(ContactQuery, PageQuery), responses((status = 200, body = Page<ContactView>), (status = 422, body = super::Details)))]
pub async fn list(
    State(service): State<Service>,
    caller: Caller,
    Query(query): Query<With<ContactQuery, PageQuery>>,
) -> Result<Json<Page<ContactView>>, Problem> {
    page::<ContactFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/contacts/export", tag = "contacts", operation_id = "export_contacts", params(ContactQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<ContactQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<ContactFilter>(service, caller, query).await
}

pub(super) fn contact_id(text: &str) -> Result<ContactId, Problem> {
    path::id("contact", text).map(ContactId)
}

/// One contact.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}", tag = "contacts", params(("contact" = Uuid, Path, description = "Id of the contact")),
    responses((status = 200, body = ContactRecord), (status = 404, body = super::Details))
)]
pub async fn one(State(service): State<Service>, caller: Caller, Path(contact): Path<String>, _: Query<NoParameters>) -> Result<Response, Problem> {
    let contact = contact_id(&contact)?;
    let company = service.app.settings(caller.company).await?;
    let row = contact_list::contact(&service.app.store, caller.company, contact).await?.found.ok_or_else(|| unknown("contact"))?;
    let beside = Beside::of(&service, caller.company, std::iter::once(contact)).await?;
    let etag = format!("\"v{}\"", row.version);
    let merged = contact_list::merged(&service.app.store, caller.company, contact).await?;
    let merged = merged.into_iter().map(|(id, name)| MergedContact { contact: id.0, name, link: format!("/api/v1/contacts/{id}") });
    Ok(([(header::ETAG, etag)], Json(ContactRecord { row: ContactView::new(&row, &company, &beside), merged: merged.collect() })).into_response())
}

/// Which part of a timeline is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct TimelineQuery {
    /// Only the events about this journey.
    #[param(value_type = Option<Uuid>)]
    journey: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Events of the page: 1,000 unless told, which is also the most.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 1_000)]
    limit: Option<String>,
}

/// A contact's events.
#[derive(Debug, Serialize, ToSchema)]
pub struct Timeline {
    /// The events, the first one first.
    data: Vec<Event>,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
}

/// Everything that happened to a contact, in order: who, when, why, and the hash that binds it to what came before.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/timeline", tag = "contacts", params(("contact" = Uuid, Path, description = "Id of the contact"), TimelineQuery),
    responses((status = 200, body = Timeline), (status = 404, body = super::Details))
)]
pub async fn timeline(
    State(service): State<Service>,
    caller: Caller,
    Path(contact): Path<String>,
    Query(query): Query<TimelineQuery>,
) -> Result<Json<Timeline>, Problem> {
    let contact = contact_id(&contact)?;
    let limit = whole("limit", &query.limit, 1..=LONGEST_TIMELINE)?.unwrap_or(LONGEST_TIMELINE) as usize;
    let after = match query.cursor.as_deref().map(str::parse::<i64>) {
        None => 0,
        Some(Ok(version @ 0..)) => version,
        Some(_) => return Err(no_cursor()),
    };
    let unknown_journey = || unknown("journey").at("?journey");
    let journey = query.journey.as_deref().map(|text| Uuid::try_parse(text).map(JourneyId).map_err(|_| unknown_journey())).transpose()?;
    let events = service.app.store.stream(caller.company, &contact_stream(contact)).await?;
    if events.is_empty() {
        return Err(unknown("contact"));
    }
    let company = service.app.settings(caller.company).await?;
    let mut known = journey.is_none();
    let mut data = Vec::new();
    for event in &events {
        let event = Event::new(event, Some(&company))?;
        let wanted = journey.is_none() || event.journey == journey;
        known |= wanted;
        if wanted && event.version > after {
            data.push(event);
        }
        if data.len() > limit {
            break;
        }
    }
    if !known {
        return Err(unknown_journey());
    }
    let has_more = data.len() > limit;
    data.truncate(limit);
    let next_cursor = data.last().filter(|_| has_more).map(|last| last.version.to_string());
    Ok(Json(Timeline { data, has_more, next_cursor }))
}

/// A transition with the address that takes it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transition {
    /// The command, its record, whether it is allowed and why not.
    #[serde(flatten)]
    #[schema(value_type = Object)]
    action: Action,
    /// Always `POST`.
    method: &'static str,
    /// The address that takes it.
    address: String,
    /// JSON Schema of the fields.
    #[schema(value_type = Object)]
    fields: Value,
}

/// The transitions of a contact.
#[derive(Debug, Serialize, ToSchema)]
pub struct Transitions {
    /// The state of the contact, or of its record where one is asked for.
    state: &'static str,
    /// The version of the contact's stream that this holds for.
    version: i64,
    /// Every transition of the contact and of its open journeys, meetings and quotes and its sales; or those of one record.
    data: Vec<Transition>,
}

/// What may be pressed now: each transition with its fields, the states it leads to, and why not, where it may not.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/transitions", tag = "contacts", params(("contact" = Uuid, Path, description = "Id of the contact")),
    responses((status = 200, body = Transitions), (status = 404, body = super::Details))
)]
pub async fn transitions(
    State(service): State<Service>,
    caller: Caller,
    Path(contact): Path<String>,
    _: Query<NoParameters>,
) -> Result<Json<Transitions>, Problem> {
    let contact = contact_id(&contact)?;
    let file = service.app.contact_file(caller.company, contact).await?;
    let state = file.state().ok_or_else(|| unknown("contact"))?;
    let company = service.app.settings(caller.company).await?;
    Ok(Json(Transitions::of(&service, contact, &file, &company, state.name(), |_| true)))
}

impl Transitions {
    /// The buttons of a contact that are about some of its records.
    pub(super) fn of(
        service: &Service,
        contact: ContactId,
        file: &ContactFile,
        company: &Company,
        state: &'static str,
        about: impl Fn(&Action) -> bool,
    ) -> Transitions {
        let now = domain::Instant::new(service.app.ports.now());
        let context = Context { at: file.last_at.map_or(now, |last| last.max(now)), actor: Actor::with_every_role(None), company };
        let data = actions(file, &context).into_iter().filter(about).map(|action| transition(contact, action)).collect();
        Transitions { state, version: file.version, data }
    }
}

fn transition(contact: ContactId, action: Action) -> Transition {
    let route = ROUTES.iter().find(|route| route.command == action.command);
    let path = route.map_or("", |route| route.path).replace("{contact}", &contact.to_string());
    // A job is addressed by its sale, and what is told of a contact's journey by that.
    let of = match action.of {
        "job" => "sale",
        "contact" => "journey",
        of => of,
    };
    let address = format!("/api/v1{}", path.replace(&format!("{{{of}}}"), &action.id.to_string()));
    let fields = wire::COMMANDS.get(action.command).map(|schema| schema.as_value().clone()).unwrap_or_default();
    Transition { action, method: "POST", address, fields }
}
