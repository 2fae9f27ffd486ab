//! The company's settings, and what its people choose from.

use super::Service;
use super::caller::Caller;
use super::problem::Problem;
use super::query::{NoParameters, Query};
use axum::Json;
use axum::extract::State;
use domain::company::{Names, ReasonList, ResultMeaning, TimeLimits};
use domain::id::MeetingTypeId;
use domain::instant::Day;
use serde::Serialize;
use std::hash::Hash;
use utoipa::ToSchema;
use uuid::Uuid;

/// A company's settings.
#[derive(Debug, Serialize, ToSchema)]
pub struct CompanyView {
    /// Its id.
    id: Uuid,
    /// What it is called.
    name: String,
    /// IANA zone of its local days.
    zone: String,
    /// ISO 4217 code of its currency.
    currency: String,
    /// First day of its week.
    #[schema(value_type = String)]
    week_starts_on: domain::company::Weekday,
    /// First month of its year, 1 to 12.
    year_starts_in: u32,
    /// How long things may take.
    #[schema(value_type = Object)]
    time_limits: TimeLimits,
    /// What results of demos count as, for those entered from now on.
    #[schema(value_type = Object)]
    result_meanings: MeaningsView,
    /// The last day of the books that are closed.
    #[schema(value_type = Option<String>, format = Date)]
    closed_through: Option<Day>,
    /// The position of the last event in its log.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: eventstore::Hash,
}

/// What results count as, and since which version of it.
#[derive(Debug, Serialize)]
pub struct MeaningsView {
    version: u32,
    results: Vec<ResultMeaning>,
}

/// Names with their permanent ids, by name.
#[derive(Debug, Serialize, ToSchema)]
pub struct NameList {
    /// The names.
    data: Vec<Named>,
}

/// A permanent id and its name.
#[derive(Debug, Serialize, ToSchema)]
pub struct Named {
    /// The id.
    id: Uuid,
    /// The name.
    name: String,
    /// Whether it is chosen no more.
    retired: bool,
}

/// The company's reasons.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonPage {
    /// The reasons, list by list and by name.
    data: Vec<ReasonView>,
}

/// A reason people choose.
#[derive(Debug, Serialize, ToSchema)]
pub struct ReasonView {
    /// The id.
    id: Uuid,
    /// For what it is a reason, such as `meeting_canceled`.
    list: &'static str,
    /// The name.
    name: String,
    /// Whether it is chosen no more.
    retired: bool,
}

/// The company's own types of meetings.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingTypePage {
    /// The types, by name.
    data: Vec<MeetingTypeView>,
}

/// A type of meetings.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingTypeView {
    /// The id.
    id: Uuid,
    /// The name.
    name: String,
    /// What such meetings are for; those of the kind `demo` count as demos.
    kind: &'static str,
    /// Whether they are confirmed and issued to a rep.
    confirm_and_issue: bool,
    /// Whether it is chosen no more.
    retired: bool,
}

/// The company: zone, currency, calendar.
#[utoipa::path(get, path = "/api/v1/company", tag = "company", responses((status = 200, body = CompanyView), (status = 401, body = super::Details)))]
pub async fn company(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<CompanyView>, Problem> {
    let company = service.app.settings(caller.company).await?;
    let settings = company.settings.ok_or_else(super::figures::unconfigured)?;
    let head = service.app.store.head(caller.company).await?;
    Ok(Json(CompanyView {
        id: caller.company.0,
        name: settings.name.to_string(),
        zone: settings.zone.0.name().into(),
        currency: settings.currency.code().into(),
        week_starts_on: settings.week_starts_on,
        year_starts_in: settings.year_starts_in.0,
        time_limits: company.limits,
        result_meanings: MeaningsView { version: company.results.version, results: company.results.all().to_vec() },
        closed_through: company.closed_through.map(Day),
        position: head.position.number,
        hash: head.hash,
    }))
}

/// The company's lead sources.
#[utoipa::path(get, path = "/api/v1/sources", tag = "company", responses((status = 200, body = NameList)))]
pub async fn sources(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<NameList>, Problem> {
    Ok(listed(&service.app.settings(caller.company).await?.sources, |id| id.0))
}

/// The company's products.
#[utoipa::path(get, path = "/api/v1/products", tag = "company", responses((status = 200, body = NameList)))]
pub async fn products(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<NameList>, Problem> {
    Ok(listed(&service.app.settings(caller.company).await?.products, |id| id.0))
}

/// The company's people.
#[utoipa::path(get, path = "/api/v1/people", tag = "company", responses((status = 200, body = NameList)))]
pub async fn people(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<NameList>, Problem> {
    Ok(listed(&service.app.settings(caller.company).await?.people, |id| id.0))
}

/// The company's lead categories.
#[utoipa::path(get, path = "/api/v1/categories", tag = "company", responses((status = 200, body = NameList)))]
pub async fn categories(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<NameList>, Problem> {
    Ok(listed(&service.app.settings(caller.company).await?.categories, |id| id.0))
}

/// The company's lists of reasons. A list that has any takes no other words.
#[utoipa::path(get, path = "/api/v1/reasons", tag = "company", responses((status = 200, body = ReasonPage)))]
pub async fn reasons(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<ReasonPage>, Problem> {
    let reasons = service.app.settings(caller.company).await?.reasons;
    let mut data = Vec::new();
    for (list, names) in ReasonList::ALL.iter().filter_map(|list| Some((*list, reasons.of(*list)?))) {
        let Json(NameList { data: named }) = listed(names, |id| id.0);
        data.extend(named.into_iter().map(|Named { id, name, retired }| ReasonView { id, list: list.name(), name, retired }));
    }
    Ok(Json(ReasonPage { data }))
}

/// The company's own types of meetings, beside `demo`, `rehash` and `follow_up`, which every company has.
#[utoipa::path(get, path = "/api/v1/meeting-types", tag = "company", responses((status = 200, body = MeetingTypePage)))]
pub async fn meeting_types(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<MeetingTypePage>, Problem> {
    let types = service.app.settings(caller.company).await?.meeting_types;
    let Json(NameList { data: named }) = listed(&types.names, |id| id.0);
    let view = |Named { id, name, retired }| {
        let about = types.get(MeetingTypeId(id))?;
        Some(MeetingTypeView { id, name, kind: about.kind.name(), confirm_and_issue: about.confirm_and_issue, retired })
    };
    Ok(Json(MeetingTypePage { data: named.into_iter().filter_map(view).collect() }))
}

fn listed<Id: Copy + Eq + Hash>(names: &Names<Id>, uuid: impl Fn(Id) -> Uuid) -> Json<NameList> {
    let mut data: Vec<Named> = names.iter().map(|(id, name)| Named { id: uuid(id), name: name.to_string(), retired: names.is_retired(id) }).collect();
    data.sort_by(|a, b| a.name.cmp(&b.name));
    Json(NameList { data })
}
