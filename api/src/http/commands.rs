//! One POST per command: the table of their addresses, and the one way in which all of them are taken.

use super::Service;
use super::body::Fields;
use super::caller::{Caller, RequestId};
use super::problem::{Problem, ProblemCode};
use crate::app::{Asker, Request, Wish};
use crate::views::Done;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use axum::{Extension, Json};
use chrono::TimeDelta;
use domain::id::ContactId;
use domain::reference::PersonRef;
use domain::wire::{self, CommandError};
use domain::{Instant, Refusal};
use eventstore::ReceiptKey;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// For how long an idempotency key is remembered (DESIGN: receipts).
const KEY_DAYS: i64 = 30;
/// The longest idempotency key.
const LONGEST_KEY: usize = 255;

/// Where a command is taken.
#[derive(Debug)]
pub struct CommandRoute {
    /// The command's name.
    pub command: &'static str,
    /// Its address below `/api/v1`. A name in braces is a field of the command.
    pub path: &'static str,
    /// Ids that are made when the client brings none.
    pub makes: &'static [&'static str],
}

const fn route(command: &'static str, path: &'static str, makes: &'static [&'static str]) -> CommandRoute {
    CommandRoute { command, path, makes }
}

/// Every command of a contact and of the company's settings.
#[rustfmt::skip]
pub const ROUTES: &[CommandRoute] = &[
    route("contact.add",                   "/contacts",                                                   &["contact", "journey"]),
    route("contact.log_attempt",           "/contacts/{contact}/log-attempt",                             &[]),
    route("contact.return",                "/contacts/{contact}/return",                                  &["journey"]),
    route("contact.add_other_product_rep", "/contacts/{contact}/add-other-product-rep",                   &["journey", "meeting"]),
    route("contact.change_source",         "/contacts/{contact}/change-source",                           &[]),
    route("contact.change_product",        "/contacts/{contact}/change-product",                          &[]),
    route("contact.assign_rehash",         "/contacts/{contact}/assign-rehash",                           &[]),
    route("contact.lose",                  "/contacts/{contact}/lose",                                    &[]),
    route("contact.move_to_remarket",      "/contacts/{contact}/move-to-remarket",                        &[]),
    route("meeting.set",                   "/contacts/{contact}/meetings",                                &["meeting"]),
    route("meeting.confirm",               "/contacts/{contact}/meetings/{meeting}/confirm",              &[]),
    route("meeting.issue",                 "/contacts/{contact}/meetings/{meeting}/issue",                &[]),
    route("meeting.reschedule",            "/contacts/{contact}/meetings/{meeting}/reschedule",           &[]),
    route("meeting.cancel",                "/contacts/{contact}/meetings/{meeting}/cancel",               &[]),
    route("meeting.result",                "/contacts/{contact}/meetings/{meeting}/result",               &[]),
    route("quote.add",                     "/contacts/{contact}/quotes",                                  &["quote"]),
    route("quote.finalize",                "/contacts/{contact}/quotes/{quote}/finalize",                 &[]),
    route("quote.mark_sold",               "/contacts/{contact}/quotes/{quote}/mark-sold",                &["sale"]),
    route("quote.lose",                    "/contacts/{contact}/quotes/{quote}/lose",                     &[]),
    route("sale.approve",                  "/contacts/{contact}/sales/{sale}/approve",                    &[]),
    route("sale.not_approve",              "/contacts/{contact}/sales/{sale}/not-approve",                &[]),
    route("sale.move_back",                "/contacts/{contact}/sales/{sale}/move-back",                  &[]),
    route("sale.cancel",                   "/contacts/{contact}/sales/{sale}/cancel",                     &[]),
    route("sale.reactivate",               "/contacts/{contact}/sales/{sale}/reactivate",                 &[]),
    route("sale.change_rep",               "/contacts/{contact}/sales/{sale}/change-rep",                 &[]),
    route("sale.approve_change_order",     "/contacts/{contact}/sales/{sale}/approve-change-order",       &["change_order"]),
    route("company.configure",             "/company/configure",                                          &[]),
    route("source.define",                 "/sources",                                                    &["source"]),
    route("product.define",                "/products",                                                   &["product"]),
    route("person.define",                 "/people",                                                     &["person"]),
];

/// Fields that every command takes beside its own.
pub const CIRCUMSTANCES: &[(&str, &str, &str)] = &[
    ("occurred_at", "date-time", "When it happened; without it, now. Not before the contact's last event and not in the future"),
    ("by", "", "Who did it: a person's id or name"),
    ("expected_version", "int64", "The version of the contact this was decided on; refused with 412 when it has moved on. The same as If-Match"),
];

impl CommandRoute {
    /// The fields that stand in the address.
    pub fn path_fields(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// Whether it makes something new.
    pub fn creates(&self) -> bool {
        !self.makes.is_empty()
    }

    /// The handler for its address.
    pub fn handler(&'static self) -> MethodRouter<Service> {
        post(
            move |State(service): State<Service>,
                  caller: Caller,
                  Extension(id): Extension<RequestId>,
                  Path(path): Path<BTreeMap<String, String>>,
                  headers: HeaderMap,
                  Fields(fields): Fields| async move { take(self, &service, &caller, id, path, &headers, fields).await },
        )
    }
}

async fn take(
    route: &CommandRoute,
    service: &Service,
    caller: &Caller,
    id: RequestId,
    path: BTreeMap<String, String>,
    headers: &HeaderMap,
    mut fields: Map<String, Value>,
) -> Result<Response, Problem> {
    for (field, text) in path {
        let in_path = Uuid::try_parse(&text).map_err(|_| Problem::new(ProblemCode::NotFound, format!("`{text}` is not the id of a {field}")))?;
        let in_body = fields.insert(field.clone(), in_path.to_string().into());
        if in_body.is_some_and(|other| other != in_path.to_string()) {
            return Err(Problem::field(format!("/{field}"), format!("the address names another {field}; leave it out of the body")));
        }
    }
    let receipt = receipt(service, route, headers, &fields)?;
    for field in route.makes {
        fields.entry(*field).or_insert_with(|| service.app.ports.new_id().to_string().into());
    }
    let request = request(route, headers, fields)?;
    let accepted = service.app.execute(caller.company, id.0, request, receipt).await?;
    let done = Done::new(&accepted)?;
    Ok(answer(route, &done, accepted.replayed))
}

fn answer(route: &CommandRoute, done: &Done, replayed: bool) -> Response {
    let status = if route.creates() && !done.events.is_empty() { StatusCode::CREATED } else { StatusCode::OK };
    let mut response = (status, Json(done)).into_response();
    let mut set = |name: &'static str, value: String| {
        if let Ok(value) = HeaderValue::from_str(&value) {
            response.headers_mut().insert(name, value);
        }
    };
    set("x-event-position", done.position.to_string());
    if let Some(version) = done.version {
        set("etag", format!("\"v{version}\""));
    }
    if replayed {
        set("idempotent-replayed", "true".into());
    }
    if let (true, Some(contact)) = (route.command == "contact.add", done.contact) {
        set("location", format!("/api/v1/contacts/{contact}"));
    }
    response
}

/// The receipt under which the answer is remembered: the key and the hash of what was sent, before any id was made up for it.
fn receipt(service: &Service, route: &CommandRoute, headers: &HeaderMap, fields: &Map<String, Value>) -> Result<Option<ReceiptKey>, Problem> {
    let Some(key) = headers.get("idempotency-key") else { return Ok(None) };
    let key = key.to_str().ok().filter(|key| (1..=LONGEST_KEY).contains(&key.len()));
    let key = key.ok_or_else(|| Problem::new(ProblemCode::HeaderInvalid, format!("Idempotency-Key must have 1 to {LONGEST_KEY} visible ASCII characters")))?;
    let mut sum = Sha256::new();
    sum.update(route.command.as_bytes());
    sum.update([0]);
    sum.update(Value::Object(fields.clone()).to_string().as_bytes());
    let expires_at = service.app.ports.now() + TimeDelta::days(KEY_DAYS);
    Ok(Some(ReceiptKey { scope: "token".into(), key: key.into(), request_hash: sum.finalize().into(), expires_at: Some(expires_at) }))
}

/// Takes the circumstances out of the fields and reads the rest as the command.
fn request(route: &CommandRoute, headers: &HeaderMap, mut fields: Map<String, Value>) -> Result<Request, Problem> {
    let at = taken::<Instant>(&mut fields, "occurred_at")?;
    let by = taken::<PersonRef>(&mut fields, "by")?;
    let expected_version = taken::<i64>(&mut fields, "expected_version")?.or(if_match(headers)?);
    let wish = if wire::COMPANY_COMMANDS.contains_key(route.command) {
        Wish::Company(wire::company_command(route.command, Value::Object(fields)).map_err(command_problem)?)
    } else {
        let contact = fields.remove("contact").unwrap_or_default();
        let contact = serde_json::from_value::<ContactId>(contact).map_err(|_| Problem::field("/contact", "the contact's id must be a UUID"))?;
        Wish::Contact(contact, wire::command(route.command, Value::Object(fields)).map_err(command_problem)?)
    };
    Ok(Request { wish, at, asker: Asker::with_every_role(by), expected_version })
}

fn taken<T: serde::de::DeserializeOwned>(fields: &mut Map<String, Value>, name: &str) -> Result<Option<T>, Problem> {
    match fields.remove(name) {
        None | Some(Value::Null) => Ok(None),
        Some(value) => serde_json::from_value(value).map(Some).map_err(|error| Problem::field(format!("/{name}"), error.to_string())),
    }
}

fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let Some(value) = headers.get(header::IF_MATCH) else { return Ok(None) };
    let version = value.to_str().ok().and_then(|text| text.trim().trim_start_matches("W/").trim_matches('"').strip_prefix('v')?.parse().ok());
    version.map(Some).ok_or_else(|| Problem::new(ProblemCode::HeaderInvalid, "If-Match must be the ETag of the contact, such as \"v17\""))
}

fn command_problem(error: CommandError) -> Problem {
    match error {
        CommandError::Unknown(_) => Problem::new(ProblemCode::NotFound, error.to_string()),
        CommandError::Fields { pointer, detail } => {
            let code = if detail.starts_with("missing field") { domain::Code::FieldRequired } else { domain::Code::FieldInvalid };
            Refusal { pointers: vec![pointer], ..Refusal::new(code, detail) }.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_has_one_address() {
        let known: Vec<&str> = wire::COMMANDS.keys().chain(wire::COMPANY_COMMANDS.keys()).map(String::as_str).collect();
        let mut routed: Vec<&str> = ROUTES.iter().map(|route| route.command).collect();
        routed.sort_unstable();
        let mut known = known;
        known.sort_unstable();
        assert_eq!(routed, known);
    }

    #[test]
    fn every_field_of_an_address_and_every_made_id_is_a_field_of_its_command() {
        for route in ROUTES {
            let schema = wire::COMMANDS.get(route.command).or_else(|| wire::COMPANY_COMMANDS.get(route.command)).unwrap();
            let fields = schema.get("properties").unwrap();
            for field in route.path_fields().chain(route.makes.iter().copied()).filter(|field| *field != "contact") {
                assert!(fields.get(field).is_some(), "{} has no field {field}", route.command);
            }
        }
    }
}
