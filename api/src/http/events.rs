//! Single events of the log: that each is in it.

use super::Service;
use super::caller::Caller;
use super::path::Path;
use super::problem::{Problem, ProblemCode};
use super::query::{Query, whole};
use crate::proofs::{InclusionProof, inclusion};
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use utoipa::IntoParams;

/// In which tree an event is shown to be.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ProofQuery {
    /// How many events the tree holds. Default: those of the newest checkpoint that has the event, or all.
    #[param(value_type = Option<u64>)]
    size: Option<String>,
}

/// That an event is in the log: the hashes that lead from it to a root, and the checkpoint that signs this root.
#[utoipa::path(
    get, path = "/api/v1/events/{position}/proof", tag = "proofs", params(("position" = u64, Path, description = "Position of the event"), ProofQuery),
    responses((status = 200, body = InclusionProof), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn proof(
    State(service): State<Service>,
    caller: Caller,
    Path(position): Path<String>,
    Query(query): Query<ProofQuery>,
) -> Result<Json<InclusionProof>, Problem> {
    let nowhere = || Problem::new(ProblemCode::NotFound, format!("`{position}` is no position: they are whole numbers from 1 on"));
    let position = position.parse().ok().filter(|position: &i64| *position > 0).ok_or_else(nowhere)?;
    let size = whole("size", &query.size, 1..=i64::MAX)?;
    Ok(Json(inclusion(&service.app, caller.company, position, size).await?))
}
