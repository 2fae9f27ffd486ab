//! The description of the interface, generated: reads from their handlers, commands from the table of their addresses and
//! the types of their fields.

use super::commands::{CIRCUMSTANCES, CommandRoute, ROUTES};
use super::problem::Details;
use crate::views::Done;
use domain::wire::{COMMANDS, COMPANY_COMMANDS};
use serde_json::{Map, Value, json};
use utoipa::OpenApi;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Leadtrail",
        description = "Every lead, meeting, quote and sale change is an event in one log per company; journeys, canceled demos and the NSLA, NSLS and NSLI figures are rebuilt from it. Reads are GET; each command is a POST of its own. Errors are problem details (RFC 9457) with a stable `code`."
    ),
    components(schemas(Done, Details)),
    security(("token" = [])),
    modifiers(&Token),
    tags(
        (name = "contacts", description = "Contacts, their timelines, and what may be done now"),
        (name = "journeys", description = "Each pass of a contact through the funnel"),
        (name = "lists", description = "Every meeting, quote and sale, found by what it is"),
        (name = "worklists", description = "What waits for somebody, the longest wait first"),
        (name = "figures", description = "Net sold per lead added, set and issued"),
        (name = "live", description = "What happens, told as it happens"),
        (name = "proofs", description = "Signed checkpoints, and proofs that an event is in the log and that the log only grew"),
        (name = "contact commands"), (name = "journey commands"), (name = "meeting commands"), (name = "quote commands"), (name = "sale commands"),
        (name = "change_order commands"), (name = "job commands"),
        (name = "company", description = "Settings, people, sources and products"),
        (name = "campaigns", description = "Whom they find, and who joins"),
        (name = "service")
    )
)]
struct Description;

struct Token;

impl utoipa::Modify for Token {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let bearer = SecurityScheme::Http(
            Http::builder().scheme(HttpAuthScheme::Bearer).description(Some("The token lies in the file `token` of the data folder.")).build(),
        );
        openapi.components.get_or_insert_default().add_security_scheme("token", bearer);
    }
}

/// The OpenAPI 3.1 description of the whole interface.
pub fn openapi() -> Value {
    let (_, readers) = super::readers().split_for_parts();
    let mut whole = Description::openapi();
    whole.merge(readers);
    let (_, exports) = super::exports().split_for_parts();
    whole.merge(exports);
    let mut whole = serde_json::to_value(whole).unwrap_or_default();
    for route in ROUTES {
        whole["paths"][format!("/api/v1{}", route.path)]["post"] = operation(route);
    }
    for (path, object) in bodies_of_several() {
        whole["paths"][path]["post"]["requestBody"] = json_body(object);
    }
    whole
}

fn operation(route: &CommandRoute) -> Value {
    let schema = COMMANDS.get(route.command).or_else(|| COMPANY_COMMANDS.get(route.command));
    let summary = schema.and_then(|schema| schema.get("description")).cloned().unwrap_or_default();
    let noun = route.command.split('.').next().unwrap_or_default();
    let tag = if COMMANDS.contains_key(route.command) { format!("{noun} commands") } else { "company".into() };
    let in_path = route.path_fields().map(|name| parameter(name, "path", true, json!({ "type": "string", "format": "uuid" }), &format!("Id of the {name}")));
    let headers = [
        parameter(
            "Idempotency-Key",
            "header",
            false,
            json!({ "type": "string", "minLength": 1, "maxLength": 255 }),
            "A key of your own: the same request with the same key is carried out once; remembered for 30 days",
        ),
        parameter("If-Match", "header", false, json!({ "type": "string" }), "The ETag of the contact this was decided on, such as \"v17\"; * for any version"),
        parameter("Leadtrail-Company", "header", false, json!({ "type": "string" }), "The company's id or name, where there are several"),
    ];
    let created = if route.creates() { "201" } else { "200" };
    let mut responses = Map::new();
    responses.insert(created.into(), answer("What it did: the events it added and the position behind them", "application/json", "Done"));
    if created == "201" {
        responses.insert("200".into(), answer("It was so already: nothing was added", "application/json", "Done"));
    }
    for (status, text) in [
        ("400", "The body or a header cannot be read"),
        ("401", "No valid token"),
        ("403", "For other roles, or from another machine"),
        ("404", "No such record"),
        ("409", "Not possible now: the open transitions are listed"),
        ("412", "The contact has moved on"),
        ("413", "The body is too large"),
        ("415", "The body is not JSON in UTF-8"),
        ("422", "A field breaks a rule"),
        ("503", "Try again later"),
    ] {
        responses.insert(status.into(), answer(text, "application/problem+json", "Details"));
    }
    json!({
        "tags": [tag],
        "summary": summary,
        "operationId": route.command.replace('.', "_"),
        "parameters": in_path.chain(headers).collect::<Vec<_>>(),
        "requestBody": json_body(fields(route, &route.path_fields().collect::<Vec<_>>())),
        "responses": responses,
    })
}

/// The bodies of requests for several commands, and where they are sent.
fn bodies_of_several() -> [(&'static str, Value); 2] {
    let mut demo = ROUTES.iter().find(|route| route.command == "meeting.issue").map(|route| fields(route, &[])).unwrap_or_default();
    if let Some(required) = demo["required"].as_array_mut() {
        required.push("contact".into());
    }
    let items = json!({ "type": "array", "minItems": 1, "maxItems": 200, "items": demo, "description": "What `meeting.issue` takes, for each demo" });
    let contacts = json!({
        "type": "array", "minItems": 1, "maxItems": 200, "items": { "type": "string", "format": "uuid" }, "description": "Who joins; or `all`",
    });
    let all = json!({ "type": "boolean", "description": "The first 200 whom the campaign finds; instead of `contacts`" });
    let circumstance = |name: &str| CIRCUMSTANCES.as_value()["properties"][name].clone();
    let joining = json!({ "contacts": contacts, "all": all, "by": circumstance("by"), "occurred_at": circumstance("occurred_at") });
    [
        ("/api/v1/meetings/issue-several", json!({ "type": "object", "required": ["items"], "properties": { "items": items }, "additionalProperties": false })),
        ("/api/v1/campaigns/{campaign}/join", json!({ "type": "object", "properties": joining, "additionalProperties": false })),
    ]
}

fn json_body(schema: Value) -> Value {
    json!({ "required": true, "content": { "application/json": { "schema": schema } } })
}

/// The command's own fields, less those in the address, with the circumstances, and ids that may be left out.
fn fields(route: &CommandRoute, in_path: &[&str]) -> Value {
    let schema = COMMANDS.get(route.command).or_else(|| COMPANY_COMMANDS.get(route.command));
    let mut schema = schema.map(|schema| schema.as_value().clone()).unwrap_or_default();
    let Some(object) = schema.as_object_mut() else { return schema };
    object.remove("description");
    if let Some(required) = object.get_mut("required").and_then(Value::as_array_mut) {
        required.retain(|name| !in_path.iter().chain(route.makes).any(|known| name == known));
    }
    if let Some(fields) = object.entry("properties").or_insert_with(|| json!({})).as_object_mut() {
        fields.retain(|name, _| !in_path.contains(&name.as_str()));
        for name in route.circumstances().iter().filter(|name| !in_path.contains(name)) {
            fields.insert((*name).into(), CIRCUMSTANCES.as_value()["properties"][name].clone());
        }
        for name in route.makes {
            if let Some(text) = fields.get_mut(*name).and_then(|field| field.get_mut("description")) {
                *text = format!("{}; made when left out", text.as_str().unwrap_or_default()).into();
            }
        }
    }
    schema
}

fn parameter(name: &str, place: &str, required: bool, schema: Value, description: &str) -> Value {
    json!({ "name": name, "in": place, "required": required, "schema": schema, "description": description })
}

fn answer(description: &str, media: &str, schema: &str) -> Value {
    json!({ "description": description, "content": { media: { "schema": { "$ref": format!("#/components/schemas/{schema}") } } } })
}
