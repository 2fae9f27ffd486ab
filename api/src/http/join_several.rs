//! Several contacts that join a campaign with one request: an answer for each of them.

use super::Service;
use super::body::Fields;
use super::caller::Caller;
use super::campaigns::campaign;
use super::commands::one_of_several;
use super::path::Path;
use super::problem::{Details, Problem, ProblemCode};
use super::query::{NoParameters, Query};
use crate::views::Done;
use axum::Json;
use axum::extract::State;
use axum::http::HeaderMap;
use projections::campaign_members;
use serde::Serialize;
use serde_json::{Map, Value};
use utoipa::ToSchema;

/// The most contacts in one request.
const MOST: u32 = 200;

/// What became of each contact, in the order in which they were sent or found.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedSeveral {
    /// One answer for each.
    items: Vec<JoinedOne>,
    /// With `all`, how many contacts the campaign would still find.
    #[serde(skip_serializing_if = "Option::is_none")]
    remaining: Option<i64>,
}

/// What became of one contact: one of the two.
#[derive(Debug, Serialize, ToSchema)]
pub struct JoinedOne {
    /// The contact, as it was sent.
    #[schema(value_type = Uuid)]
    contact: Value,
    /// What was done; no events where it was a member already.
    #[serde(skip_serializing_if = "Option::is_none")]
    done: Option<Done>,
    /// Why nothing was.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<Details>,
}

/// Let several contacts join a campaign: `contacts`, a list of 1 to 200 ids, or `all`: true, the first 200 that the campaign finds. Beside them `by` and
/// `occurred_at`, as `contact.join_campaign` takes them. Each is carried out for itself; the contacts of a list under the `Idempotency-Key` and their
/// place in it. With `all` there is no such key: sent again, it goes on with the next.
#[utoipa::path(
    post, path = "/api/v1/campaigns/{campaign}/join", tag = "campaigns", request_body = Object,
    params(("campaign" = Uuid, Path, description = "Id of the campaign")),
    responses((status = 200, body = JoinedSeveral), (status = 404, body = Details), (status = 422, body = Details))
)]
pub async fn join_several(
    State(service): State<Service>,
    caller: Caller,
    Path(text): Path<String>,
    _: Query<NoParameters>,
    headers: HeaderMap,
    Fields(mut fields): Fields,
) -> Result<Json<JoinedSeveral>, Problem> {
    let company = service.app.settings(caller.company).await?;
    let wanted = campaign(&service, &company, &text)?;
    let (listed, all) = (fields.remove("contacts"), fields.remove("all"));
    let mut told: Map<String, Value> = ["by", "occurred_at"].iter().filter_map(|name| fields.remove_entry(*name)).collect();
    if let Some(unknown) = fields.keys().next() {
        return Err(Problem::field(format!("/{unknown}"), "there is no field of this name; there are `contacts`, `all`, `by`, `occurred_at`"));
    }
    let all = match all {
        None | Some(Value::Bool(false)) => false,
        Some(Value::Bool(true)) if headers.contains_key("idempotency-key") => {
            let detail = "with `all` there is no Idempotency-Key: sent again, it goes on with the next; name the `contacts`, or leave the key out";
            return Err(Problem::new(ProblemCode::HeaderInvalid, detail));
        }
        Some(Value::Bool(true)) => true,
        Some(_) => return Err(Problem::field("/all", "must be true or false")),
    };
    let contacts: Vec<Value> = match listed {
        None if all => {
            let found = campaign_members::candidates(&service.app.store, caller.company, wanted, None, MOST).await?.found;
            found.iter().map(|row| row.contact.to_string().into()).collect()
        }
        Some(Value::Array(contacts)) if !all && (1..=MOST as usize).contains(&contacts.len()) => contacts,
        Some(_) if all => return Err(Problem::field("/contacts", "leave it out where `all` is true")),
        _ => return Err(Problem::field("/contacts", format!("must be a list of 1 to {MOST} ids, or `all` be true"))),
    };
    told.insert("campaign".into(), wanted.campaign.to_string().into());
    let mut items = Vec::with_capacity(contacts.len());
    for (number, contact) in contacts.into_iter().enumerate() {
        let mut fields = told.clone();
        fields.insert("contact".into(), contact.clone());
        items.push(match one_of_several(&service, &caller, &headers, "contact.join_campaign", number, fields).await {
            Ok(done) => JoinedOne { contact, done: Some(done), problem: None },
            Err(problem) => JoinedOne { contact, done: None, problem: Some(problem.into_details()) },
        });
    }
    let remaining = if all { Some(campaign_members::count_candidates(&service.app.store, caller.company, wanted).await?) } else { None };
    Ok(Json(JoinedSeveral { items, remaining }))
}
