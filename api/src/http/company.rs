//! The company's settings and the names of its people, sources and products.

use super::Service;
use super::caller::Caller;
use super::problem::Problem;
use super::query::{NoParameters, Query};
use axum::Json;
use axum::extract::State;
use domain::company::Names;
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
    /// The position of the last event in its log.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: eventstore::Hash,
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
}

/// The company: zone, currency, calendar.
#[utoipa::path(get, path = "/api/v1/company", tag = "company", responses((status = 200, body = CompanyView), (status = 401, body = super::Details)))]
pub async fn company(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<CompanyView>, Problem> {
    let settings = service.app.settings(caller.company).await?.settings.ok_or_else(super::figures::unconfigured)?;
    let head = service.app.store.head(caller.company).await?;
    Ok(Json(CompanyView {
        id: caller.company.0,
        name: settings.name.to_string(),
        zone: settings.zone.0.name().into(),
        currency: settings.currency.code().into(),
        week_starts_on: settings.week_starts_on,
        year_starts_in: settings.year_starts_in.0,
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

fn listed<Id: Copy + Eq + Hash>(names: &Names<Id>, uuid: impl Fn(Id) -> Uuid) -> Json<NameList> {
    let mut data: Vec<Named> = names.iter().map(|(id, name)| Named { id: uuid(id), name: name.to_string() }).collect();
    data.sort_by(|a, b| a.name.cmp(&b.name));
    Json(NameList { data })
}
