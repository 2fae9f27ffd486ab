//! Whatever is sent that cannot be taken gets a clear problem, and nothing is stored.

mod addresses;
mod headers;
mod queries;

use crate::world::{Answer, TOKEN, World, approval, id, new_contact};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};

/// Sends a body to an address and checks the whole refusal: status, code, pointers, and that the log did not grow.
async fn refused(world: &World, path: &str, body: Value, status: u16, code: &str, pointers: &[&str]) -> Answer {
    let before = world.position().await;
    let answer = world.post(path, body).await;
    assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (status, code, pointers), "{path}: {answer:?}");
    assert_eq!(answer.header("content-type"), Some("application/problem+json"));
    assert_eq!(answer.body["type"], format!("/problems/{code}"));
    assert_eq!(answer.body["status"], status);
    assert_eq!(world.position().await, before, "a refusal stores nothing");
    answer
}

fn contact_with(change: impl FnOnce(&mut Value)) -> Value {
    let mut body = new_contact(1);
    change(&mut body);
    body
}

async fn raw(world: &World, content_type: &str, body: impl Into<Body>) -> Answer {
    let request = Request::post("/api/v1/contacts").header("authorization", format!("Bearer {TOKEN}")).header("leadtrail-company", "Acme Windows");
    world.send(request.header("content-type", content_type).body(body.into()).unwrap()).await
}

#[tokio::test]
async fn fields_that_are_unknown_missing_or_of_another_type_are_named() {
    for world in World::both().await {
        let add = "/api/v1/contacts";
        refused(&world, add, contact_with(|body| body["colour"] = "red".into()), 422, "field_invalid", &["/colour"]).await;
        refused(&world, add, contact_with(|body| body["phones"] = "716".into()), 422, "field_invalid", &["/phones"]).await;
        refused(&world, add, contact_with(|body| body["phones"] = json!(["716-555-0100", 7])), 422, "field_invalid", &["/phones/1"]).await;
        refused(&world, add, contact_with(|body| body["journey"] = "one".into()), 422, "field_invalid", &["/journey"]).await;
        refused(&world, add, contact_with(|body| body["contact"] = "one".into()), 422, "field_invalid", &["/contact"]).await;
        refused(&world, add, contact_with(|body| drop(body.as_object_mut().unwrap().remove("source"))), 422, "field_required", &["/source"]).await;
        refused(&world, add, contact_with(|body| drop(body.as_object_mut().unwrap().remove("name"))), 422, "field_required", &["/name"]).await;
        refused(&world, add, contact_with(|body| drop(body.as_object_mut().unwrap().remove("phones"))), 422, "field_required", &["/phones"]).await;
        refused(&world, add, contact_with(|body| body["name"] = "".into()), 422, "field_invalid", &["/name"]).await;
        refused(&world, add, contact_with(|body| body["name"] = "a\u{0}b".into()), 422, "field_invalid", &["/name"]).await;
        refused(&world, add, contact_with(|body| body["source"] = "Nowhere".into()), 422, "unknown_source", &["/source"]).await;
        refused(&world, add, contact_with(|body| body["product"] = "Nothing".into()), 422, "unknown_product", &["/product"]).await;
        refused(&world, add, contact_with(|body| body["by"] = "Nobody".into()), 422, "unknown_person", &["/by"]).await;
    }
}

#[tokio::test]
async fn everything_that_is_wrong_with_a_body_is_told_at_once() {
    for world in World::both().await {
        let add = "/api/v1/contacts";
        let wrong = contact_with(|body| {
            body["colour"] = "red".into();
            body["phones"] = json!(["716-555-0100", 7]);
            body["occurred_at"] = "yesterday".into();
            body["expected_version"] = (-1).into();
        });
        let answer = refused(&world, add, wrong, 422, "field_invalid", &["/colour", "/phones/1", "/expected_version", "/occurred_at"]).await;
        let told: Vec<&str> = answer.body["errors"].as_array().unwrap().iter().filter_map(|error| error["detail"].as_str()).collect();
        assert!(told[0].contains("`name`") && told[0].ends_with("and beside them `contact`, `occurred_at`, `by`, `expected_version`"), "{}", told[0]);
        assert_eq!(
            told[1..],
            ["must be a telephone number", "must be a whole number, at least 0", "`yesterday` is not an RFC 3339 instant such as 2026-03-01T14:30:00-05:00"]
        );
        refused(&world, add, json!({}), 422, "field_required", &["/source", "/product"]).await;
        let nothing = world.send_as("Acme Windows", "POST", add, &[], None).await;
        assert_eq!((nothing.code(), nothing.pointers().as_slice()), ("field_required", ["/source", "/product"].as_slice()));
        assert_eq!(nothing.body["detail"], "source: must be filled in; product: must be filled in");
        let versioned = json!({ "source": id(9), "name": "TV", "expected_version": 1 });
        refused(&world, "/api/v1/sources", versioned, 422, "field_invalid", &["/expected_version"]).await;
    }
}

#[tokio::test]
async fn a_name_that_cannot_be_seen_or_reads_as_another_is_refused() {
    for world in World::both().await {
        for name in ["\u{200b}\u{200b}", "\u{feff}", "Ana\u{202e}neB", "\u{2066}Ana\u{2069}", "Ana\nBen"] {
            refused(&world, "/api/v1/contacts", contact_with(|body| body["name"] = name.into()), 422, "field_invalid", &["/name"]).await;
            refused(&world, "/api/v1/people", json!({ "name": name }), 422, "field_invalid", &["/name"]).await;
        }
    }
}

#[tokio::test]
async fn whoever_names_nobody_is_told_where_names_are_defined() {
    for world in World::both().await {
        for (field, list) in [("source", "sources"), ("product", "products"), ("by", "people")] {
            let answer = world.post("/api/v1/contacts", contact_with(|body| body[field] = "Nobody".into())).await;
            let told = format!("(GET /api/v1/{list} lists them, POST there defines one)");
            assert!(answer.body["detail"].as_str().unwrap().ends_with(&told), "{answer:?}");
        }
    }
}

#[tokio::test]
async fn dates_and_fees_that_cannot_have_been_are_refused() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let sell = format!("{at}/quotes/{}/mark-sold", id(1));
        refused(&world, &sell, json!({ "sale": id(1), "sign_date": "2026-06-30", "paper": "folder 17" }), 422, "field_invalid", &["/sign_date"]).await;
        let answer =
            refused(&world, &sell, json!({ "sale": id(1), "sign_date": "1900-01-01", "paper": "folder 17" }), 422, "field_invalid", &["/sign_date"]).await;
        assert_eq!(answer.body["detail"], "sign_date: `1900-01-01` lies outside the days that can be entered, 1900-01-02 to 2199-12-30");
        world.post(&sell, json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        world.post(&format!("{at}/sales/{}/approve", id(1)), approval()).await.ok();
        let sale = format!("{at}/sales/{}", id(1));
        let order = json!({ "amount_minor": 1, "report_signed_at": "2026-06-30" });
        refused(&world, &format!("{sale}/approve-change-order"), order, 422, "field_invalid", &["/report_signed_at"]).await;
        refused(&world, &format!("{sale}/cancel"), json!({ "reason": "x", "note": "y", "cancel_date": "2026-06-30" }), 422, "field_invalid", &["/cancel_date"])
            .await;
        refused(
            &world,
            &format!("{sale}/cancel"),
            json!({ "reason": "x", "note": "y", "cancel_date": "2026-07-01", "fee_minor": 100_001 }),
            422,
            "field_invalid",
            &["/fee_minor"],
        )
        .await;
    }
}

#[tokio::test]
async fn json_that_cannot_be_taken_is_refused_whatever_its_size_and_depth() {
    for world in World::both().await {
        let before = world.position().await;
        let deep = format!("{{\"name\":{}1{}}}", "[".repeat(100_000), "]".repeat(100_000));
        for broken in ["{", "[]", "7", "{\"a\":1,\"a\":2}", "{\"name\":1e999}", "{\"name\":\"\\ud800\"}", deep.as_str()] {
            let answer = raw(&world, "application/json", broken.to_owned()).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_json"), "{answer:?}");
        }
        let answer = raw(&world, "application/json", b"{\"name\":\"\xff\"}".to_vec()).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "bad_json"));
        let answer = raw(&world, "application/json", format!("{{\"name\":\"{}\"}}", "x".repeat(1 << 20))).await;
        assert_eq!((answer.status, answer.code()), (StatusCode::PAYLOAD_TOO_LARGE, "body_too_large"));
        for content_type in ["text/plain", "application/jsonx", "application/json; charset=iso-8859-1", "application/json; charset=utf-16"] {
            let answer = raw(&world, content_type, "{}").await;
            assert_eq!((answer.status, answer.code()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"), "{content_type}");
        }
        for content_type in ["application/json", "Application/JSON; charset=UTF-8", "application/json;charset=\"utf-8\""] {
            assert_eq!(raw(&world, content_type, "{}").await.code(), "field_required", "{content_type}");
        }
        let packed = world.post_with("/api/v1/contacts", &[("content-encoding", "gzip")], new_contact(1)).await;
        assert_eq!((packed.status, packed.code()), (StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));
        let answer = raw(&world, "application/json", "nothing").await;
        assert_eq!(answer.body["detail"], "the body is not JSON that can be taken: what stands there is not JSON, at line 1, column 2");
        assert_eq!(world.position().await, before);
    }
}

#[tokio::test]
async fn times_out_of_range_in_the_future_or_before_the_last_event_are_refused() {
    for world in World::both().await {
        let add = "/api/v1/contacts";
        refused(&world, add, contact_with(|body| body["occurred_at"] = "9999-12-31T00:00:00Z".into()), 422, "field_invalid", &["/occurred_at"]).await;
        refused(&world, add, contact_with(|body| body["occurred_at"] = "yesterday".into()), 422, "field_invalid", &["/occurred_at"]).await;
        refused(&world, add, contact_with(|body| body["occurred_at"] = "2026-07-01T16:00:00.000001Z".into()), 422, "in_the_future", &["/occurred_at"]).await;
        world.add_contact(1).await.ok();
        let attempt = format!("/api/v1/contacts/{}/log-attempt", id(1));
        let earlier = json!({ "channel": "phone", "outcome": "spoke", "occurred_at": "2026-07-01T15:59:59Z" });
        refused(&world, &attempt, earlier, 422, "before_last_event", &["/occurred_at"]).await;
        let demo = json!({ "journey": id(1), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "9999-01-01T00:00:00Z", "length_minutes": 60, "by": "Ana" });
        refused(&world, &format!("/api/v1/contacts/{}/meetings", id(1)), demo, 422, "field_invalid", &["/start"]).await;
        let past = json!({ "journey": id(1), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-01T15:00:00Z", "length_minutes": 60, "by": "Ana" });
        refused(&world, &format!("/api/v1/contacts/{}/meetings", id(1)), past, 422, "field_invalid", &["/start"]).await;
    }
}

#[tokio::test]
async fn money_that_makes_no_sense_is_refused() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let quote = |items: Value| json!({ "journey": id(1), "product": "Windows", "items": items });
        let item = |quantity: i64, price: i64| json!([{ "description": "Window", "quantity": quantity, "unit_price_minor": price }]);
        let add = format!("{at}/quotes");
        refused(&world, &add, quote(item(1, -1)), 422, "field_invalid", &["/items/0/unit_price_minor"]).await;
        refused(&world, &add, quote(item(0, 1)), 422, "field_invalid", &["/items/0/quantity"]).await;
        refused(&world, &add, quote(json!([])), 422, "field_invalid", &["/items"]).await;
        refused(&world, &add, quote(item(1, i64::MAX)), 422, "field_invalid", &["/items/0/unit_price_minor"]).await;
        refused(&world, &add, quote(item(1_000_000, 1_000_000_000)), 422, "field_invalid", &["/items"]).await;
        refused(
            &world,
            &add,
            quote(json!([{ "description": "Window", "quantity": 1.5, "unit_price_minor": 1 }])),
            422,
            "field_invalid",
            &["/items/0/quantity"],
        )
        .await;
        world.post(&format!("{at}/quotes/{}/mark-sold", id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        world.post(&format!("{at}/sales/{}/approve", id(1)), approval()).await.ok();
        let sale = format!("{at}/sales/{}", id(1));
        refused(&world, &format!("{sale}/cancel"), json!({ "reason": "x", "fee_minor": -1 }), 422, "field_invalid", &["/fee_minor"]).await;
        refused(&world, &format!("{sale}/cancel"), json!({ "reason": "x", "note": "y", "cancel_date": "2026-07-02" }), 422, "field_invalid", &["/cancel_date"])
            .await;
        refused(&world, &format!("{sale}/approve-change-order"), json!({ "amount_minor": 0 }), 422, "field_invalid", &["/amount_minor"]).await;
        refused(&world, &format!("{sale}/approve-change-order"), json!({ "amount_minor": -100_001 }), 422, "field_invalid", &["/amount_minor"]).await;
    }
}

#[tokio::test]
async fn a_taken_address_names_the_contact_that_has_it() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let second = json!({ "contact": id(2), "journey": id(2), "source": "Radio", "product": "Windows", "name": "Other", "phones": ["716-555-0101"], "address": "1 MAIN st. Buffalo, ny" });
        let answer = refused(&world, "/api/v1/contacts", second, 409, "address_taken", &["/address"]).await;
        assert_eq!(answer.body["other"], id(1).to_string());
        let elsewhere = world.send_as("Other Windows", "POST", "/api/v1/contacts", &[], Some(new_contact(1))).await;
        assert_eq!(elsewhere.status, StatusCode::CREATED, "another company may have the same address and the same ids");
    }
}

#[tokio::test]
async fn a_transition_out_of_order_lists_the_open_ones() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let at = format!("/api/v1/contacts/{}", id(1));
        let answer = refused(&world, &format!("{at}/move-to-remarket"), json!({ "reason": "later" }), 409, "wrong_state", &[]).await;
        let open: Vec<&str> = answer.body["open_transitions"].as_array().unwrap().iter().filter_map(|open| open["command"].as_str()).collect();
        assert_eq!(
            open,
            [
                "meeting.set",
                "meeting.set",
                "quote.add",
                "contact.lose",
                "journey.void",
                "contact.log_attempt",
                "contact.change_source",
                "contact.change_product",
                "contact.change_category",
                "contact.change_details",
                "contact.correct_address",
                "contact.opt_out",
                "journey.open",
                "contact.join_campaign",
                "contact.leave_campaign",
                "contact.merge",
                "contact.place_hold",
                "contact.erase"
            ]
        );
        refused(&world, "/api/v1/contacts", new_contact(1), 409, "id_taken", &["/contact"]).await;
    }
}

#[tokio::test]
async fn a_name_that_reads_as_an_id_or_looks_like_another_is_refused() {
    for world in World::both().await {
        let source = async |name: &str| world.post("/api/v1/sources", json!({ "name": name })).await;
        assert_eq!(source(&id(100).to_string()).await.code(), "field_invalid");
        for alike in ["RADIO", "Ra\u{200b}dio", "\u{ff32}adio", "Radio\u{e0041}"] {
            assert_eq!(source(alike).await.code(), "name_taken", "{alike:?}");
        }
        world.add_contact(1).await.ok();
        let alike = contact_with(|body| {
            (body["contact"], body["journey"]) = (json!(id(2)), json!(id(2)));
            body["address"] = json!("1 Main\u{200d} St, Buffalo NY");
        });
        assert_eq!(world.post("/api/v1/contacts", alike).await.code(), "address_taken");
    }
}
