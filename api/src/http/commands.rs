//! One POST per command: the table of their addresses, and the one way in which all of them are taken.

use super::Service;
use super::body::Fields;
use super::caller::{Caller, RequestId};
use super::path::{self, Path};
use super::problem::{Problem, ProblemCode};
use super::query::{NoParameters, Query};
use super::similar;
use crate::app::{Asker, Request, Wish};
use crate::views::Done;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, post};
use axum::{Extension, Json};
use chrono::TimeDelta;
use domain::id::ContactId;
use domain::reference::PersonRef;
use domain::wire::{self, CommandError, Fault, Wrong};
use domain::{Code, Instant, Refusal};
use eventstore::ReceiptKey;
use schemars::{JsonSchema, Schema, schema_for};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::LazyLock;
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
    route("contact.change_category",       "/contacts/{contact}/change-category",                         &[]),
    route("contact.change_details",        "/contacts/{contact}/change-details",                          &[]),
    route("contact.correct_address",       "/contacts/{contact}/correct-address",                         &[]),
    route("contact.assign_rehash",         "/contacts/{contact}/assign-rehash",                           &[]),
    route("contact.lose",                  "/contacts/{contact}/lose",                                    &[]),
    route("contact.reopen",                "/contacts/{contact}/reopen",                                  &[]),
    route("contact.move_to_remarket",      "/contacts/{contact}/move-to-remarket",                        &[]),
    route("contact.opt_out",               "/contacts/{contact}/opt-out",                                 &[]),
    route("contact.opt_in",                "/contacts/{contact}/opt-in",                                  &[]),
    route("contact.join_campaign",         "/contacts/{contact}/join-campaign",                           &[]),
    route("contact.leave_campaign",        "/contacts/{contact}/leave-campaign",                          &[]),
    route("contact.merge",                 "/contacts/{contact}/merge",                                   &[]),
    route("contact.unmerge",               "/contacts/{contact}/unmerge",                                 &[]),
    route("journey.open",                  "/contacts/{contact}/journeys",                                &["journey"]),
    route("journey.void",                  "/contacts/{contact}/journeys/{journey}/void",                 &[]),
    route("contact.place_hold",            "/contacts/{contact}/place-hold",                              &[]),
    route("contact.lift_hold",             "/contacts/{contact}/lift-hold",                               &[]),
    route("contact.erase",                 "/contacts/{contact}/erase",                                   &[]),
    route("meeting.set",                   "/contacts/{contact}/meetings",                                &["meeting"]),
    route("meeting.log_confirm_attempt",   "/contacts/{contact}/meetings/{meeting}/log-confirm-attempt",  &[]),
    route("meeting.confirm",               "/contacts/{contact}/meetings/{meeting}/confirm",              &[]),
    route("meeting.issue",                 "/contacts/{contact}/meetings/{meeting}/issue",                &[]),
    route("meeting.reschedule",            "/contacts/{contact}/meetings/{meeting}/reschedule",           &[]),
    route("meeting.cancel",                "/contacts/{contact}/meetings/{meeting}/cancel",               &[]),
    route("meeting.result",                "/contacts/{contact}/meetings/{meeting}/result",               &[]),
    route("meeting.correct_result",        "/contacts/{contact}/meetings/{meeting}/correct-result",       &[]),
    route("quote.add",                     "/contacts/{contact}/quotes",                                  &["quote"]),
    route("quote.edit",                    "/contacts/{contact}/quotes/{quote}/edit",                     &[]),
    route("quote.finalize",                "/contacts/{contact}/quotes/{quote}/finalize",                 &[]),
    route("quote.reopen",                  "/contacts/{contact}/quotes/{quote}/reopen",                   &[]),
    route("quote.revise",                  "/contacts/{contact}/quotes/{quote}/revise",                   &["revision"]),
    route("quote.mark_sold",               "/contacts/{contact}/quotes/{quote}/mark-sold",                &["sale"]),
    route("quote.lose",                    "/contacts/{contact}/quotes/{quote}/lose",                     &[]),
    route("sale.approve",                  "/contacts/{contact}/sales/{sale}/approve",                    &[]),
    route("sale.not_approve",              "/contacts/{contact}/sales/{sale}/not-approve",                &[]),
    route("sale.move_back",                "/contacts/{contact}/sales/{sale}/move-back",                  &[]),
    route("sale.cancel",                   "/contacts/{contact}/sales/{sale}/cancel",                     &[]),
    route("sale.reactivate",               "/contacts/{contact}/sales/{sale}/reactivate",                 &[]),
    route("sale.change_rep",               "/contacts/{contact}/sales/{sale}/change-rep",                 &[]),
    route("sale.approve_change_order",     "/contacts/{contact}/sales/{sale}/approve-change-order",       &["change_order"]),
    route("sale.rescind",                    "/contacts/{contact}/sales/{sale}/rescind",                    &[]),
    route("sale.post_entry",                 "/contacts/{contact}/sales/{sale}/post-entry",                 &["entry"]),
    route("sale.send_notice",                "/contacts/{contact}/sales/{sale}/send-notice",                &[]),
    route("sale.file_lien",                  "/contacts/{contact}/sales/{sale}/file-lien",                  &[]),
    route("sale.release_lien",               "/contacts/{contact}/sales/{sale}/release-lien",               &[]),
    route("sale.send_to_attorney",           "/contacts/{contact}/sales/{sale}/send-to-attorney",           &[]),
    route("sale.write_off",                  "/contacts/{contact}/sales/{sale}/write-off",                  &[]),
    route("sale.close",                      "/contacts/{contact}/sales/{sale}/close",                      &[]),
    route("change_order.create",             "/contacts/{contact}/sales/{sale}/change-orders",              &["change_order"]),
    route("change_order.send",               "/contacts/{contact}/change-orders/{change_order}/send",       &[]),
    route("change_order.sign",               "/contacts/{contact}/change-orders/{change_order}/sign",       &[]),
    route("change_order.pre_approve",        "/contacts/{contact}/change-orders/{change_order}/pre-approve", &[]),
    route("change_order.approve",            "/contacts/{contact}/change-orders/{change_order}/approve",    &[]),
    route("change_order.reverse",            "/contacts/{contact}/change-orders/{change_order}/reverse",    &[]),
    route("change_order.void",               "/contacts/{contact}/change-orders/{change_order}/void",       &[]),
    route("job.complete_site_visit",         "/contacts/{contact}/sales/{sale}/job/complete-site-visit",    &[]),
    route("job.not_authorize",               "/contacts/{contact}/sales/{sale}/job/not-authorize",          &[]),
    route("job.approve_to_proceed",          "/contacts/{contact}/sales/{sale}/job/approve-to-proceed",     &[]),
    route("job.schedule",                    "/contacts/{contact}/sales/{sale}/job/schedule",               &[]),
    route("job.complete_pre_call",           "/contacts/{contact}/sales/{sale}/job/complete-pre-call",      &[]),
    route("job.start_install",               "/contacts/{contact}/sales/{sale}/job/start-install",          &[]),
    route("job.complete_pending",            "/contacts/{contact}/sales/{sale}/job/complete-pending",       &[]),
    route("job.complete_final",              "/contacts/{contact}/sales/{sale}/job/complete-final",         &[]),
    route("job.close",                       "/contacts/{contact}/sales/{sale}/job/close",                  &[]),
    route("job.change_standing",             "/contacts/{contact}/sales/{sale}/job/change-standing",        &[]),
    route("company.configure",             "/company/configure",                                          &[]),
    route("company.set_time_limits",       "/company/set-time-limits",                                    &[]),
    route("company.set_result_meanings",   "/company/set-result-meanings",                                &[]),
    route("accounting_period.close",       "/accounting-periods/close",                                   &[]),
    route("source.define",                 "/sources",                                                    &["source"]),
    route("source.retire",                 "/sources/{source}/retire",                                    &[]),
    route("source.restore",                "/sources/{source}/restore",                                   &[]),
    route("product.define",                "/products",                                                   &["product"]),
    route("product.retire",                "/products/{product}/retire",                                  &[]),
    route("product.restore",               "/products/{product}/restore",                                 &[]),
    route("person.define",                 "/people",                                                     &["person"]),
    route("person.retire",                 "/people/{person}/retire",                                     &[]),
    route("person.restore",                "/people/{person}/restore",                                    &[]),
    route("category.define",               "/categories",                                                 &["category"]),
    route("category.retire",               "/categories/{category}/retire",                               &[]),
    route("category.restore",              "/categories/{category}/restore",                              &[]),
    route("reason.define",                 "/reasons",                                                    &["reason"]),
    route("reason.retire",                 "/reasons/{reason}/retire",                                    &[]),
    route("reason.restore",                "/reasons/{reason}/restore",                                   &[]),
    route("meeting_type.define",           "/meeting-types",                                              &["meeting_type"]),
    route("meeting_type.retire",           "/meeting-types/{meeting_type}/retire",                        &[]),
    route("meeting_type.restore",          "/meeting-types/{meeting_type}/restore",                       &[]),
    route("campaign.define",               "/campaigns",                                                  &["campaign"]),
    route("campaign.retire",               "/campaigns/{campaign}/retire",                                &[]),
    route("campaign.restore",              "/campaigns/{campaign}/restore",                               &[]),
];

/// What is told with a command beside its own fields.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct Circumstances {
    /// Id of the contact.
    contact: Option<ContactId>,
    /// When it happened; without it, now. Not before the contact's last event and not in the future.
    occurred_at: Option<Instant>,
    /// Who did it.
    by: Option<PersonRef>,
    /// The version of the contact this was decided on, 0 before it was added; refused with 412 when it has moved on. The same as `If-Match`.
    expected_version: Option<u64>,
}

/// The schema of the circumstances: a field for each.
pub static CIRCUMSTANCES: LazyLock<Schema> = LazyLock::new(|| schema_for!(Circumstances));

impl CommandRoute {
    /// The fields that stand in the address.
    pub fn path_fields(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
    }

    /// The circumstances it takes. The company's settings have no version of their own.
    pub fn circumstances(&self) -> &'static [&'static str] {
        if self.is_of_company() { &["occurred_at", "by"] } else { &["contact", "occurred_at", "by", "expected_version"] }
    }

    /// Whether it is about the company's settings, not about a contact.
    fn is_of_company(&self) -> bool {
        wire::COMPANY_COMMANDS.contains_key(self.command)
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
                  _: Query<NoParameters>,
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
        let in_path = path::id(&field, &text)?;
        let in_body = fields.insert(field.clone(), in_path.to_string().into());
        if in_body.is_some_and(|other| other.as_str().and_then(|text| Uuid::try_parse(text).ok()) != Some(in_path)) {
            return Err(Problem::field(format!("/{field}"), format!("the address names another {field}; leave it out of the body")));
        }
    }
    let receipt = receipt(service, route, headers, &fields)?;
    for field in route.makes {
        if fields.get(*field).is_none_or(Value::is_null) {
            fields.insert((*field).into(), service.app.ports.new_id().to_string().into());
        }
    }
    let request = request(route, headers, fields)?;
    let accepted = service.app.execute(caller.company, id.0, request, receipt).await;
    let accepted = accepted.map_err(|error| Problem::from(error).of_address(|field| route.path_fields().any(|named| named == field)))?;
    let mut done = Done::new(&accepted, route.creates())?;
    if route.command == "contact.add" {
        // It was added, whether or not others can be looked for now.
        done.similar = similar::to_added(service, caller.company, &accepted).await.ok();
    }
    Ok(answer(route, &done, accepted.replayed))
}

/// Carries out one of several commands of one name: what was sent for it is what its own address would take, with the ids in it.
pub(super) async fn one_of_several(
    service: &Service,
    caller: &Caller,
    headers: &HeaderMap,
    command: &str,
    number: usize,
    fields: Map<String, Value>,
) -> Result<Done, Problem> {
    let route = ROUTES.iter().find(|route| route.command == command);
    let route = route.ok_or_else(|| Problem::new(ProblemCode::Internal, format!("{command} has no address; please report this")))?;
    let receipt = receipt(service, route, headers, &fields)?;
    let receipt = receipt.map(|receipt| ReceiptKey { key: format!("{}/{number}", receipt.key), ..receipt });
    let request = request(route, &HeaderMap::new(), fields)?;
    let accepted = service.app.execute(caller.company, service.app.ports.new_id(), request, receipt).await?;
    Ok(Done::new(&accepted, route.creates())?)
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
    let visible = |key: &&str| (1..=LONGEST_KEY).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic());
    let key = key.to_str().ok().filter(visible);
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
    let told: Map<String, Value> = route.circumstances().iter().filter_map(|name| fields.remove_entry(*name)).collect();
    let told = wire::fields::object::<Circumstances>(&CIRCUMSTANCES, told.into());
    let if_match = if_match(headers)?;
    let (told, wish) = if route.is_of_company() {
        if if_match.is_some() {
            return Err(Problem::new(ProblemCode::HeaderInvalid, "If-Match is for commands of a contact: the company's settings have no version of their own"));
        }
        let (told, command) = both(route, told, wire::company_command(route.command, fields.into()))?;
        (told, Wish::Company(command))
    } else {
        let (told, command) = both(route, told, wire::command(route.command, fields.into()))?;
        let contact = told.contact.ok_or_else(|| Problem::field("/contact", "must be filled in"))?;
        (told, Wish::Contact(contact, command))
    };
    let in_body = told.expected_version.map(|version| i64::try_from(version).unwrap_or(i64::MAX));
    if let (Some(header), Some(body)) = (if_match, in_body)
        && header != body
    {
        let detail = format!("If-Match names version {header} and expected_version names {body}: send one of them");
        return Err(Problem::new(ProblemCode::HeaderInvalid, detail));
    }
    Ok(Request { wish, at: told.occurred_at, asker: Asker::with_every_role(told.by), expected_version: if_match.or(in_body) })
}

/// The circumstances and the command, or everything that is wrong with either.
fn both<T>(route: &CommandRoute, told: Result<Circumstances, Vec<Fault>>, command: Result<T, CommandError>) -> Result<(Circumstances, T), Problem> {
    let command = command.map_err(|error| match error {
        CommandError::Unknown(_) => vec![],
        CommandError::Fields(faults) => faults,
    });
    match (told, command) {
        (Ok(told), Ok(command)) => Ok((told, command)),
        (told, command) => {
            let mut faults: Vec<Fault> = [command.err(), told.err()].into_iter().flatten().flatten().collect();
            let beside = route.circumstances().iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
            for unknown in faults.iter_mut().filter(|fault| fault.wrong == Wrong::Unknown) {
                unknown.detail.push_str(&format!(", and beside them {beside}"));
            }
            Err(Problem::fields(faults))
        }
    }
}

/// The version that `If-Match` asks for; none where any will do (RFC 9110, 13.1.1).
///
/// Tags are compared strongly, so a weak one matches nothing, and neither does a tag that no contact ever had.
fn if_match(headers: &HeaderMap) -> Result<Option<i64>, Problem> {
    let lines: Vec<&str> = headers.get_all(header::IF_MATCH).iter().map(|line| line.to_str().unwrap_or_default().trim()).collect();
    let sent = lines.join(", ");
    if lines.is_empty() || sent == "*" {
        return Ok(None);
    }
    let tag = sent.strip_prefix("W/").unwrap_or(&sent);
    let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"')).filter(|inside| !inside.contains(['"', ' ']));
    let one_tag = || Problem::new(ProblemCode::HeaderInvalid, "If-Match takes one ETag as a contact's answer gives it, such as \"v17\", or * for any version");
    let inside = inside.ok_or_else(one_tag)?;
    let number = inside.strip_prefix('v').and_then(|number| number.parse().ok().filter(|version: &i64| *version >= 0 && version.to_string() == number));
    let no_version = || Refusal::new(Code::VersionMismatch, format!("{sent} is the ETag of no version; read the contact again and send its ETag as it is"));
    number.filter(|_| tag == sent).map(Some).ok_or_else(|| no_version().into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sent(if_match: &[&'static str]) -> Result<Option<i64>, &'static str> {
        let headers = if_match.iter().map(|line| (header::IF_MATCH, HeaderValue::from_static(line))).collect();
        super::if_match(&headers).map_err(|problem| problem.code())
    }

    #[test]
    fn if_match_takes_one_strong_tag_or_any_version() {
        assert_eq!((sent(&[]), sent(&["*"]), sent(&["\"v17\""]), sent(&[" \"v0\" "])), (Ok(None), Ok(None), Ok(Some(17)), Ok(Some(0))));
        for matches_nothing in ["W/\"v17\"", "\"v-1\"", "\"v+1\"", "\"17\"", "\"\"", "\"abc\"", "\"v99999999999999999999\"", "\"v017\""] {
            assert_eq!(sent(&[matches_nothing]), Err("version_mismatch"), "{matches_nothing}");
        }
        for no_tag in ["", "v17", "17", "\"v17", "\"v1\", \"v2\"", "*, \"v1\"", "w/\"v17\""] {
            assert_eq!(sent(&[no_tag]), Err("header_invalid"), "{no_tag}");
        }
        assert_eq!(sent(&["\"v1\"", "\"v2\""]), Err("header_invalid"), "several lines are one list");
    }

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
