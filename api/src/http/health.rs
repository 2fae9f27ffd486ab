//! Whether the service is up: answers without a token.

use super::Service;
use super::problem::Problem;
use axum::Json;
use axum::extract::State;
use serde::Serialize;
use utoipa::ToSchema;

/// The service is up and can read its store.
#[derive(Debug, Serialize, ToSchema)]
pub struct Health {
    /// Always `ok`.
    status: &'static str,
}

/// Is the service up?
#[utoipa::path(get, path = "/healthz", tag = "service", security(()), responses((status = 200, body = Health), (status = 503, description = "the store cannot be read")))]
pub async fn healthz(State(service): State<Service>) -> Result<Json<Health>, Problem> {
    service.app.store.companies().await?;
    Ok(Json(Health { status: "ok" }))
}
