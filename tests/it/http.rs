//! The interface as programs meet it: descriptions, headers, pages, concurrency.

use crate::world::{TOKEN, World, id, new_contact};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeSet;

#[tokio::test]
async fn the_description_names_every_command_and_resolves_every_reference() {
    let description = api::http::openapi();
    assert_eq!(description["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
    let operations: BTreeSet<&str> = description["paths"]
        .as_object()
        .unwrap()
        .values()
        .flat_map(|path| path.as_object().unwrap().values())
        .filter_map(|operation| operation["operationId"].as_str())
        .collect();
    for route in api::http::ROUTES {
        assert!(operations.contains(route.command.replace('.', "_").as_str()), "{}", route.command);
    }
    let mut references = Vec::new();
    collect_references(&description, &mut references);
    assert!(!references.is_empty());
    for reference in references {
        assert!(description.pointer(reference.trim_start_matches('#')).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn the_description_has_the_bodies_of_requests_for_several() {
    let description = api::http::openapi();
    let body = |path: &str| description["paths"][path]["post"]["requestBody"]["content"]["application/json"]["schema"].clone();
    let fields = |schema: &Value| schema["properties"].as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    let issue = body("/api/v1/meetings/issue-several");
    assert_eq!((fields(&issue), &issue["required"]), (vec!["items".to_owned()], &json!(["items"])));
    let demo = &issue["properties"]["items"]["items"];
    assert_eq!(fields(demo), ["by", "contact", "expected_version", "meeting", "occurred_at", "overbook", "reason", "rep", "second_rep"]);
    assert_eq!(demo["required"], json!(["meeting", "rep", "contact"]));
    assert_eq!(fields(&body("/api/v1/campaigns/{campaign}/join")), ["all", "by", "contacts", "occurred_at"]);
}

fn collect_references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(object) => {
            if let Some(reference) = object.get("$ref").and_then(Value::as_str) {
                found.push(reference.to_owned());
            }
            object.values().for_each(|value| collect_references(value, found));
        }
        Value::Array(list) => list.iter().for_each(|value| collect_references(value, found)),
        _ => {}
    }
}

#[tokio::test]
async fn the_docs_page_and_the_problem_pages_are_served_offline() {
    for world in World::both().await {
        for path in ["/docs/", "/docs/swagger-ui-bundle.js", "/problems/wrong_state"] {
            let answer = world.send(Request::get(path).body(Body::empty()).unwrap()).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(!answer.body.to_string().contains("https://cdn"), "{path}");
        }
        assert_eq!(world.get("/api/v1/openapi.json").await.ok()["info"]["title"], "Leadtrail");
        let root = world.send(Request::get("/").body(Body::empty()).unwrap()).await;
        assert_eq!((root.status, root.header("location")), (StatusCode::TEMPORARY_REDIRECT, Some("/docs")));
    }
}

#[tokio::test]
async fn every_answer_names_its_request_and_that_is_the_commands_id() {
    for world in World::both().await {
        let answer = world.add_contact(1).await;
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let id = answer.header("x-request-id").unwrap().to_owned();
        let body = answer.ok();
        assert!(body["events"].as_array().unwrap().iter().all(|event| event["command_id"] == id));
    }
}

#[tokio::test]
async fn a_command_answers_with_its_events_their_position_and_the_version() {
    for world in World::both().await {
        let before = world.position().await;
        let answer = world.add_contact(1).await;
        assert_eq!(answer.status, StatusCode::CREATED);
        assert_eq!(answer.header("location"), Some(format!("/api/v1/contacts/{}", id(1)).as_str()));
        assert_eq!(answer.header("etag"), Some("\"v2\""));
        assert_eq!(answer.header("x-event-position"), Some((before + 2).to_string().as_str()));
        assert_eq!(answer.events(), ["contact.added", "journey.opened"]);
        let body = answer.ok();
        assert_eq!((&body["contact"], &body["version"], &body["position"]), (&json!(id(1)), &json!(2), &json!(before + 2)));
        assert_eq!(body["hash"], world.app.store.head(world.company).await.unwrap().hash.to_string());
    }
}

#[tokio::test]
async fn ids_are_made_for_those_who_bring_none() {
    for world in World::both().await {
        let body = json!({ "source": "Radio", "product": "Windows", "name": "Dana", "emails": ["dana@example.com"] });
        let added = world.post("/api/v1/contacts", body).await.ok();
        let contact = added["contact"].as_str().unwrap().to_owned();
        let journey = added["events"][0]["data"]["journey"].as_str().unwrap().to_owned();
        let at = format!("/api/v1/contacts/{contact}");
        let set = world
            .post(
                &format!("{at}/meetings"),
                json!({ "journey": journey, "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-03T14:00:00-04:00", "length_minutes": 90, "by": "Ana" }),
            )
            .await;
        assert_eq!(set.status, StatusCode::CREATED);
        assert_eq!(set.body["events"][0]["data"]["start"], "2026-07-03T18:00:00Z");
        let shown = world.get(&at).await.ok();
        assert_eq!(
            (&shown["name"], &shown["state"], &shown["source"], &shown["open_journeys"]),
            (&json!("Dana"), &json!("meeting_set"), &json!("Radio"), &json!(1))
        );
    }
}

#[tokio::test]
async fn what_is_so_already_adds_nothing() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let before = world.position().await;
        let same = world.post(&format!("/api/v1/contacts/{}/change-source", id(1)), json!({ "source": "Radio" })).await;
        assert_eq!((same.status, same.body["events"].as_array().unwrap().len(), world.position().await), (StatusCode::OK, 0, before));
    }
}

#[tokio::test]
async fn a_decision_on_an_old_version_is_refused() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let attempt = format!("/api/v1/contacts/{}/log-attempt", id(1));
        let body = json!({ "channel": "phone", "outcome": "no_answer" });
        let taken = world.post_with(&attempt, &[("if-match", "\"v2\"")], body.clone()).await;
        assert_eq!(taken.header("etag"), Some("\"v4\""));
        let stale = world.post_with(&attempt, &[("if-match", "\"v2\"")], body.clone()).await;
        assert_eq!((stale.status.as_u16(), stale.code()), (412, "version_mismatch"));
        let mut named = body;
        named["expected_version"] = 2.into();
        assert_eq!(world.post(&attempt, named).await.code(), "version_mismatch");
        assert_eq!(world.get(&format!("/api/v1/contacts/{}", id(1))).await.header("etag"), Some("\"v4\""));
    }
}

#[tokio::test]
async fn a_precondition_that_cannot_hold_or_be_read_is_refused() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let attempt = format!("/api/v1/contacts/{}/log-attempt", id(1));
        let body = json!({ "channel": "phone", "outcome": "no_answer" });
        let before = world.position().await;
        for (tag, status, code) in [
            ("W/\"v2\"", 412, "version_mismatch"),
            ("\"v-1\"", 412, "version_mismatch"),
            ("\"abc\"", 412, "version_mismatch"),
            ("v2", 400, "header_invalid"),
            ("\"v2\", \"v3\"", 400, "header_invalid"),
            ("\"v2", 400, "header_invalid"),
        ] {
            let answer = world.post_with(&attempt, &[("if-match", tag)], body.clone()).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (status, code), "{tag}");
        }
        let with_version = |version: i64| {
            let mut body = body.clone();
            body["expected_version"] = version.into();
            body
        };
        let negative = world.post(&attempt, with_version(-1)).await;
        assert_eq!((negative.code(), negative.pointers().as_slice()), ("field_invalid", ["/expected_version"].as_slice()));
        let torn = world.post_with(&attempt, &[("if-match", "\"v2\"")], with_version(3)).await;
        assert_eq!((torn.status.as_u16(), torn.code()), (400, "header_invalid"));
        assert_eq!(world.post_with("/api/v1/sources", &[("if-match", "\"v2\"")], json!({ "name": "TV" })).await.code(), "header_invalid");
        assert_eq!(world.position().await, before);
        world.post_with(&attempt, &[("if-match", "\"v2\"")], with_version(2)).await.ok();
        world.post_with(&attempt, &[("if-match", "*")], body).await.ok();
    }
}

#[tokio::test]
async fn a_full_page_of_two_hundred_says_whether_there_are_more() {
    for world in World::both().await {
        for n in 1..=201 {
            world.add_contact(n).await.ok();
            let at = format!("/api/v1/contacts/{}", id(n));
            let demo = json!({ "meeting": id(n), "journey": id(n), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-03T18:00:00Z", "length_minutes": 60, "by": "Ana" });
            world.post(&format!("{at}/meetings"), demo).await.ok();
            world.post(&format!("{at}/meetings/{}/cancel", id(n)), json!({ "reason": "rain", "asked_by": "customer" })).await.ok();
        }
        for list in ["contacts", "journeys", "canceled-demos", "meetings"] {
            let page = world.get(&format!("/api/v1/{list}?limit=200")).await.ok();
            assert_eq!((page["data"].as_array().unwrap().len(), &page["has_more"]), (200, &json!(true)), "{list}");
            let rest = world.get(&format!("/api/v1/{list}?limit=200&cursor={}", page["next_cursor"].as_str().unwrap())).await.ok();
            assert_eq!((rest["data"].as_array().unwrap().len(), &rest["has_more"], &rest["next_cursor"]), (1, &json!(false), &Value::Null), "{list}");
        }
    }
}

#[tokio::test]
async fn lists_are_read_page_by_page_and_filtered() {
    for world in World::both().await {
        for n in 1..=7 {
            world.clock.set(&format!("2026-07-01T16:00:0{n}Z"));
            world.add_contact(n).await.ok();
        }
        world.post(&format!("/api/v1/contacts/{}/lose", id(3)), json!({ "reason": "moved away" })).await.ok();
        let (mut names, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("/api/v1/contacts?limit=3{cursor}")).await.ok();
            names.extend(page["data"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()));
            assert_eq!(page["has_more"], page["next_cursor"].is_string());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(names.len(), 7);
        assert_eq!(names.iter().collect::<BTreeSet<_>>().len(), 7, "no row twice");
        let count = async |query: &str| world.get(&format!("/api/v1/contacts?{query}")).await.ok()["data"].as_array().unwrap().len();
        assert_eq!(count("state=lost").await, 1);
        assert_eq!(count("source=Radio").await, 7);
        assert_eq!(count("source=Home%20Show").await, 0);
        assert_eq!(count("q=contact%205").await, 1);
        assert_eq!(count("q=%25").await, 0, "a percent sign is only a character");
        for (query, states) in [
            ("", json!({ "new_incoming": 6, "lost": 1 })),
            ("?state=lost", json!({ "new_incoming": 6, "lost": 1 })),
            ("?q=contact%205", json!({ "new_incoming": 1 })),
            ("?q=contact%203&source=Radio", json!({ "lost": 1 })),
            ("?product=Roofing", json!({})),
        ] {
            assert_eq!(world.get(&format!("/api/v1/contacts{query}")).await.ok()["states"], states, "{query}");
        }
    }
}

#[tokio::test]
async fn transitions_say_what_may_be_pressed_now_with_fields_and_why_not() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let at = format!("/api/v1/contacts/{}", id(1));
        world
            .post(
                &format!("{at}/meetings"),
                json!({ "meeting": id(5), "journey": id(1), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-03T18:00:00Z", "length_minutes": 60, "by": "Ana" }),
            )
            .await
            .ok();
        let answer = world.get(&format!("{at}/transitions")).await.ok();
        let rows = answer["data"].as_array().unwrap();
        let find = |command: &str| rows.iter().find(|row| row["command"] == command).unwrap_or_else(|| panic!("{command} is missing"));
        let result = find("meeting.result");
        assert_eq!(
            (&result["allowed"], &result["of"], &result["id"], &result["why_not"]["code"]),
            (&json!(false), &json!("meeting"), &json!(id(5)), &json!("wrong_state"))
        );
        let issue = find("meeting.issue");
        assert_eq!((&issue["allowed"], &issue["label"], &issue["leads_to"]), (&json!(true), &json!("Issue unconfirmed"), &json!(["issued"])));
        assert_eq!(issue["method"], "POST");
        assert_eq!(issue["address"], format!("{at}/meetings/{}/issue", id(5)));
        assert_eq!(issue["asks"], json!(["reason"]));
        assert!(issue["fields"]["properties"]["rep"].is_object(), "{issue}");
        let attempt = find("contact.log_attempt");
        assert_eq!((&attempt["allowed"], &attempt["why_not"]["code"]), (&json!(false), &json!("wrong_state")));
        let quote = find("quote.add");
        assert_eq!((&quote["allowed"], &quote["why_not"]["code"]), (&json!(false), &json!("guard_failed")));
    }
}

#[tokio::test]
async fn several_companies_must_be_told_apart() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let request = |company: Option<&str>| {
            let request = Request::get("/api/v1/contacts").header("authorization", format!("Bearer {TOKEN}"));
            match company {
                Some(company) => request.header("leadtrail-company", company),
                None => request,
            }
        };
        let unclear = world.send(request(None).body(Body::empty()).unwrap()).await;
        assert_eq!((unclear.status.as_u16(), unclear.code()), (422, "company_unclear"));
        assert_eq!(world.send(request(Some("Nobody")).body(Body::empty()).unwrap()).await.code(), "company_unclear");
        let other = world.send(request(Some("Other Windows")).body(Body::empty()).unwrap()).await.ok();
        assert_eq!(other["data"], json!([]), "nothing of one company shows in the other");
    }
}

#[tokio::test]
async fn a_read_may_wait_for_a_position_and_always_says_what_it_reflects() {
    for world in World::both().await {
        let done = world.post("/api/v1/contacts", new_contact(1)).await.ok();
        let position = done["position"].as_i64().unwrap();
        for path in
            ["/api/v1/contacts", "/api/v1/journeys", "/api/v1/canceled-demos", "/api/v1/meetings", "/api/v1/quotes", "/api/v1/sales", "/api/v1/figures/nsla"]
        {
            let separator = if path.contains('?') { '&' } else { '?' };
            let answer = world.get(&format!("{path}{separator}min_position={position}")).await.ok();
            assert_eq!(answer["position"], position, "{path}");
        }
    }
}
