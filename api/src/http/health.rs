//! Whether the service is up: answers without a token.

use super::Service;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The service is up and can read its store. Which companies it refuses, and why, is told to those who may ask about them.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// `ok`, or `some_refused`.
    status: &'static str,
    /// How many companies are not served, because their logs are damaged or hold events that this version does not know.
    refused_companies: usize,
    /// The read models whose rows differed from a rebuild when they were last compared; see `leadtrail serve --check-every`.
    drifted: Vec<&'static str>,
}

/// Is the service up?
#[utoipa::path(get, path = "/healthz", tag = "service", security(()), responses((status = 200, body = Health), (status = 503, description = "the store cannot be read")))]
pub async fn healthz(State(service): State<Service>) -> Result<Json<Health>, Problem> {
    service.app.store.companies().await?;
    let refused_companies = service.app.refused().len();
    let status = if refused_companies == 0 { "ok" } else { "some_refused" };
    Ok(Json(Health { status, refused_companies, drifted: service.app.drift.read_models() }))
}
