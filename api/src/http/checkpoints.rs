//! Signed checkpoints of the log, and that one continues another.

use super::Service;
use super::caller::Caller;
use super::page::{cut, no_cursor};
use super::problem::{Problem, ProblemCode};
use super::query::{Query, limit, whole};
use crate::proofs::{CheckpointView, ConsistencyProof, ProofError, consistency as prove};
use axum::Json;
use axum::extract::State;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

impl From<ProofError> for Problem {
    fn from(error: ProofError) -> Problem {
        match error {
            ProofError::NoEvent { .. } => Problem::new(ProblemCode::NotFound, error.to_string()),
            ProofError::Size { name, .. } => Problem::query(name, error.to_string()),
            ProofError::Store(error) => error.into(),
        }
    }
}

/// Which checkpoints are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CheckpointQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
}

/// A page of checkpoints.
#[derive(Debug, Serialize, ToSchema)]
pub struct CheckpointPage {
    /// The checkpoints, the newest first.
    data: Vec<CheckpointView>,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// The public key that new checkpoints are signed with, as NAME+ID+KEY. Get it over another way before you trust it.
    key: Option<String>,
}

/// What was signed of the log, the newest first.
#[utoipa::path(get, path = "/api/v1/checkpoints", tag = "proofs", params(CheckpointQuery), responses((status = 200, body = CheckpointPage), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<CheckpointQuery>) -> Result<Json<CheckpointPage>, Problem> {
    let limit = limit(&query.limit)?;
    let below = match query.cursor.as_deref().map(str::parse::<i64>) {
        None => i64::MAX,
        Some(Ok(size @ 1..)) => size,
        Some(_) => return Err(no_cursor()),
    };
    let signed = service.app.store.checkpoints_below(caller.company, below, i64::from(limit) + 1).await?;
    let (signed, has_more) = cut(signed, limit);
    let next_cursor = signed.last().filter(|_| has_more).map(|last| last.checkpoint.size.to_string());
    let key = service.app.signer.as_ref().map(|signer| signer.verifier().to_string());
    Ok(Json(CheckpointPage { data: signed.into_iter().map(CheckpointView::from).collect(), has_more, next_cursor, key }))
}

/// Between which sizes of the log.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConsistencyQuery {
    /// How many events the log held earlier: the size of a checkpoint.
    #[param(value_type = u64)]
    from: Option<String>,
    /// How many it held later. Default: those of the newest checkpoint.
    #[param(value_type = Option<u64>)]
    to: Option<String>,
}

/// That the log only grew between two checkpoints: the later tree begins with the earlier one.
#[utoipa::path(
    get, path = "/api/v1/checkpoints/consistency", tag = "proofs", params(ConsistencyQuery),
    responses((status = 200, body = ConsistencyProof), (status = 422, body = super::Details))
)]
pub async fn consistency(State(service): State<Service>, caller: Caller, Query(query): Query<ConsistencyQuery>) -> Result<Json<ConsistencyProof>, Problem> {
    let from = whole("from", &query.from, 1..=i64::MAX)?.ok_or_else(|| Problem::query("from", "`from` must be given: the size of an earlier checkpoint"))?;
    let to = whole("to", &query.to, 1..=i64::MAX)?;
    Ok(Json(prove(&service.app, caller.company, from, to).await?))
}
