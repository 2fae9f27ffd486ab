//! Several demos issued with one request: all or none for each of them, and an answer for each (P15).

use super::Service;
use super::body::Fields;
use super::caller::Caller;
use super::commands::one_of_several;
use super::problem::{Details, Problem};
use super::query::{NoParameters, Query};
use crate::views::Done;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// The most demos in one request.
const MOST: usize = 200;

/// What became of each demo, in the order in which they were sent.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedSeveral {
    /// One answer for each.
    items: Vec<IssuedOne>,
}

/// What became of one demo: one of the two.
#[derive(Debug, Serialize, ToSchema)]
pub struct IssuedOne {
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<Done>,
    /// Why nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Details>,
}

/// Issue several demos, of different contacts. Each of `items`, 1 to 200, holds what `meeting.issue` takes, `contact` and `meeting` included; each is
/// carried out for itself, under the `Idempotency-Key` and its place among them.
#[utoipa::path(
    post, path = "/api/v1/meetings/issue-several", tag = "meeting commands", request_body = Object,
    responses((status = 200, body = IssuedSeveral), (status = 422, body = Details))
)]
pub async fn issue_several(
    State(service): State<Service>,
    caller: Caller,
    _: Query<NoParameters>,
    headers: HeaderMap,
    Fields(mut fields): Fields,
) -> Result<Json<IssuedSeveral>, Problem> {
    let items = match fields.remove("items") {
        Some(Value::Array(items)) if (1..=MOST).contains(&items.len()) => items,
        _ => return Err(Problem::field("/items", format!("must be a list of 1 to {MOST} objects"))),
    };
    if let Some(unknown) = fields.keys().next() {
        return Err(Problem::field(format!("/{unknown}"), "there is no field of this name; there are `items`"));
    }
    let mut answers = Vec::with_capacity(items.len());
    for (number, item) in items.into_iter().enumerate() {
        let done = match item {
            Value::Object(fields) => one_of_several(&service, &caller, &headers, "meeting.issue", number, fields).await,
            _ => Err(Problem::field(format!("/items/{number}"), "must be an object")),
        };
        answers.push(match done {
            Ok(done) => IssuedOne { done: Some(done), problem: None },
            Err(problem) => IssuedOne { done: None, problem: Some(problem.into_details()) },
        });
    }
    Ok(Json(IssuedSeveral { items: answers }))
}
