//! The auditor pack of a contact: its timeline with all proofs, to be checked without the database.

use super::Service;
use super::caller::Caller;
use super::path::{self, Path, unknown};
use super::problem::{Problem, ProblemCode};
use super::query::{Query, word};
use crate::app::SignError;
use crate::pack::{MakeError, make};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::id::ContactId;
use serde::Deserialize;
use utoipa::IntoParams;

/// What the pack holds.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PackQuery {
    /// `true` leaves out the key that opens what is personal. Default: `false`.
    #[param(value_type = Option<bool>)]
    sealed: Option<String>,
}

impl From<MakeError> for Problem {
    fn from(error: MakeError) -> Problem {
        match error {
            MakeError::UnknownContact => unknown("contact"),
            MakeError::Sign(SignError::Store(error)) => error.into(),
            error => {
                tracing::error!(%error, "no pack could be made");
                Problem::new(ProblemCode::Unavailable, format!("no pack can be made now: {error}"))
            }
        }
    }
}

/// One contact's whole timeline with proofs against a signed checkpoint, made now where the log has grown: `leadtrail verify pack` checks it.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/pack", tag = "proofs", params(("contact" = Uuid, Path, description = "Id of the contact"), PackQuery),
    responses((status = 200, description = "The pack", body = Object), (status = 404, body = super::Details), (status = 409, body = super::Details))
)]
pub async fn pack(State(service): State<Service>, caller: Caller, Path(contact): Path<String>, Query(query): Query<PackQuery>) -> Result<Response, Problem> {
    let contact = path::id("contact", &contact).map(ContactId)?;
    let sealed = word("sealed", &query.sealed, &[true, false], |sealed| if sealed { "true" } else { "false" })?.unwrap_or(false);
    let company = service.app.company(Some(&caller.company.to_string())).await?;
    let pack = make(&service.app, &company, contact, sealed).await?;
    let name = format!("attachment; filename=\"pack-{contact}.json\"");
    Ok(([(header::CONTENT_TYPE, "application/json".to_owned()), (header::CONTENT_DISPOSITION, name)], pack).into_response())
}
