//! Whatever is sent that cannot be taken gets a clear problem, and nothing is stored.

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
async fn ids_of_others_are_like_ids_of_nobody() {
    for world in World::both().await {
        world.send_as("Other Windows", "POST", "/api/v1/contacts", &[], Some(new_contact(7))).await.ok();
        for path in [
            format!("/api/v1/contacts/{}", id(7)),
            format!("/api/v1/contacts/{}/timeline", id(7)),
            format!("/api/v1/contacts/{}/transitions", id(7)),
            format!("/api/v1/journeys/{}", id(7)),
        ] {
            let (foreign, unknown) = (world.get(&path).await, world.get(&path.replace(&id(7).to_string(), &id(8).to_string())).await);
            assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(foreign.body, unknown.body, "{path}");
        }
        refused(&world, &format!("/api/v1/contacts/{}/lose", id(7)), json!({ "reason": "x" }), 404, "unknown_contact", &[]).await;
        refused(&world, "/api/v1/contacts/not-an-id/lose", json!({ "reason": "x" }), 404, "unknown_contact", &[]).await;
        assert_eq!(world.get("/api/v1/contacts/not-an-id").await.code(), "unknown_contact");
        assert_eq!(world.get("/api/v1/journeys/not-an-id").await.code(), "unknown_journey");
        world.add_contact(1).await.ok();
        let at = format!("/api/v1/contacts/{}", id(1));
        refused(&world, &format!("{at}/meetings/{}/confirm", id(9)), json!({}), 404, "unknown_meeting", &["/meeting"]).await;
        refused(&world, &format!("{at}/meetings/not-an-id/confirm"), json!({}), 404, "unknown_meeting", &["/meeting"]).await;
        refused(&world, &format!("{at}/quotes/{}/lose", id(9)), json!({ "reason": "x" }), 404, "unknown_quote", &["/quote"]).await;
        refused(&world, &format!("{at}/sales/{}/approve", id(9)), json!({}), 404, "unknown_sale", &["/sale"]).await;
        refused(&world, &format!("{at}/lose"), json!({ "journey": id(9), "reason": "x" }), 404, "unknown_journey", &["/journey"]).await;
        refused(&world, &format!("{at}/lose"), json!({ "contact": id(9), "reason": "x" }), 422, "field_invalid", &["/contact"]).await;
    }
}

#[tokio::test]
async fn a_key_repeats_its_answer_and_serves_no_other_request() {
    for world in World::both().await {
        let key = [("idempotency-key", "abc")];
        let first = world.post_with("/api/v1/contacts", &key, new_contact(1)).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, None));
        let again = world.post_with("/api/v1/contacts", &key, new_contact(1)).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (StatusCode::CREATED, Some("true")));
        assert_eq!(first.body, again.body);
        let before = world.position().await;
        for (path, body) in [("/api/v1/contacts", new_contact(2)), ("/api/v1/sources", json!({ "name": "TV" }))] {
            let other = world.post_with(path, &key, body).await;
            assert_eq!((other.status.as_u16(), other.code()), (422, "idempotency_key_reused"));
        }
        let long = "k".repeat(256);
        let answer = world.post_with("/api/v1/contacts", &[("idempotency-key", &long)], new_contact(2)).await;
        assert_eq!((answer.status.as_u16(), answer.code()), (400, "header_invalid"));
        assert_eq!(world.position().await, before);
    }
}

#[tokio::test]
async fn a_key_of_a_refused_command_is_free_again() {
    for world in World::both().await {
        let key = [("idempotency-key", "abc")];
        let refused = world.post_with("/api/v1/contacts", &key, contact_with(|body| body["source"] = "TV".into())).await;
        assert_eq!(refused.code(), "unknown_source");
        world.post_with("/api/v1/contacts", &key, new_contact(1)).await.ok();
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
async fn query_parameters_are_checked_like_fields() {
    for world in World::both().await {
        for (path, pointer) in [
            ("/api/v1/figures/nsla?as_of=9999-01-01T00:00:00Z", "?as_of"),
            ("/api/v1/figures/nsla?zone=Mars", "?zone"),
            ("/api/v1/figures/nsla?week_starts_on=someday", "?week_starts_on"),
            ("/api/v1/figures/nsla?by=colour", "?by"),
            ("/api/v1/figures/nsla?window=yesterday", "?window"),
            ("/api/v1/figures/nsla?color=red", "?color"),
            ("/api/v1/contacts?limit=0", "?limit"),
            ("/api/v1/contacts?limit=201", "?limit"),
            ("/api/v1/contacts?cursor=nonsense", "?cursor"),
            ("/api/v1/journeys?basis=birth", "?basis"),
            ("/api/v1/journeys?source=nobody", "?source"),
            ("/api/v1/journeys?outcome=won", "?outcome"),
            ("/api/v1/journeys?open=yes", "?open"),
            ("/api/v1/journeys?limit=five", "?limit"),
            ("/api/v1/journeys?limit=5&limit=6", "?limit"),
            ("/api/v1/journeys?min_position=-1", "?min_position"),
            ("/api/v1/canceled-demos?min_position=99999999999999999999", "?min_position"),
            ("/api/v1/figures/nsla?min_position=-1", "?min_position"),
            ("/api/v1/figures/nsla?by=key,key", "?by"),
            ("/api/v1/figures/nsla?by=product,product", "?by"),
            ("/api/v1/contacts?q=%ff", "?q"),
            ("/api/v1/company?x=1", "?x"),
            ("/api/v1/people?x=1", "?x"),
            ("/api/v1/openapi.json?x=1", "?x"),
        ] {
            let answer = world.get(path).await;
            let told = answer.body["detail"].as_str().unwrap_or_default();
            assert!(!["expected", "invalid", "digit", "variant", "u32"].iter().any(|word| told.contains(word)), "{path}: {told}");
            assert_eq!(
                (answer.status.as_u16(), answer.code(), answer.pointers().as_slice()),
                (422, "query_invalid", [pointer].as_slice()),
                "{path}: {answer:?}"
            );
        }
        assert_eq!(world.get("/api/v1/figures/profit").await.code(), "not_found");
        assert_eq!(world.get("/api/v1/nothing").await.code(), "not_found");
        assert_eq!(world.send_as("Acme Windows", "DELETE", "/api/v1/contacts", &[], None).await.code(), "method_not_allowed");
    }
}

#[tokio::test]
async fn what_a_parameter_should_have_been_is_told_in_its_own_words() {
    for world in World::both().await {
        for (path, told) in [
            ("/api/v1/contacts?limit=abc", "`limit` must be a whole number from 1 to 200, not `abc`"),
            ("/api/v1/contacts?min_position=-1", "`min_position` must be a whole number from 0 on, not `-1`"),
            ("/api/v1/journeys?basis=birth", "`birth` is not one of opened, set, meeting"),
            ("/api/v1/company?x=1", "there is no query parameter `x` here; this address takes none"),
            ("/api/v1/contacts?source=TV", "the company has none of this id or name: `TV`; GET /api/v1/sources has those there are"),
            (
                "/api/v1/figures/nsla?as_of=2026-06-01T00:00:00+02:00",
                "`2026-06-01T00:00:00 02:00` is not an RFC 3339 instant such as 2026-03-01T14:30:00-05:00; in an address the + of an offset is written %2B, or give the instant in UTC, ending in Z",
            ),
        ] {
            assert_eq!(world.get(path).await.body["detail"], told, "{path}");
        }
        world.get("/api/v1/figures/nsla?as_of=2026-06-01T00:00:00%2B02:00").await.ok();
        let either = ["key,product", "product,key"].map(|by| format!("/api/v1/figures/nsla?by={by}"));
        assert_eq!(world.get(&either[0]).await.ok()["windows"], world.get(&either[1]).await.ok()["windows"]);
    }
}

#[tokio::test]
async fn an_address_that_names_what_the_company_does_not_have_leads_nowhere() {
    for world in World::both().await {
        for (list, kind) in [
            ("sources", "source"),
            ("products", "product"),
            ("people", "person"),
            ("categories", "category"),
            ("reasons", "reason"),
            ("meeting-types", "meeting_type"),
            ("campaigns", "campaign"),
        ] {
            for verb in ["retire", "restore"] {
                let pointer = format!("/{kind}");
                let path = format!("/api/v1/{list}/{}/{verb}", id(9));
                let answer = refused(&world, &path, json!({}), 404, &format!("unknown_{kind}"), &[&pointer]).await;
                assert_eq!(answer.body["title"], "There is no such record");
            }
        }
        refused(&world, "/api/v1/sources/00000000-0000-0000-0000-000000000064/retire", json!({ "by": "Nobody" }), 422, "unknown_person", &["/by"]).await;
    }
}

#[tokio::test]
async fn a_command_takes_no_query_parameters() {
    for world in World::both().await {
        refused(&world, "/api/v1/contacts?dry_run=true", new_contact(1), 422, "query_invalid", &["?dry_run"]).await;
    }
}

#[tokio::test]
async fn a_list_of_an_unknown_contact_or_journey_is_no_empty_list() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        for nobody in [id(9).to_string(), "nobody".into()] {
            for path in ["/api/v1/journeys", "/api/v1/canceled-demos", "/api/v1/meetings", "/api/v1/quotes", "/api/v1/sales"] {
                let answer = world.get(&format!("{path}?contact={nobody}")).await;
                assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (404, "unknown_contact", ["?contact"].as_slice()));
                assert_eq!(world.get(&format!("{path}?contact={}", id(1))).await.status, StatusCode::OK);
            }
            let timeline = format!("/api/v1/contacts/{}/timeline", id(1));
            let answer = world.get(&format!("{timeline}?journey={nobody}")).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (404, "unknown_journey", ["?journey"].as_slice()));
            assert_eq!(world.get(&format!("{timeline}?journey={}&cursor=2", id(1))).await.ok()["data"], json!([]));
        }
        for cursor in ["-1", "x", ""] {
            assert_eq!(world.get(&format!("/api/v1/contacts/{}/timeline?cursor={cursor}", id(1))).await.pointers(), ["?cursor"], "{cursor}");
        }
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_an_address_is_a_problem() {
    for world in World::both().await {
        for (method, path, status) in [
            ("GET", "/api/v1/contacts/%ff", 404),
            ("GET", "/api/v1/contacts/%ff/timeline", 404),
            ("GET", "/api/v1/contacts/%zz", 404),
            ("GET", "/api/v1/journeys/%c0%80", 404),
            ("GET", "/api/v1/figures/%ff", 404),
            ("GET", "/problems/%ff", 404),
            ("GET", "/docs/%ff", 404),
            ("GET", "/docs/nothing.js", 404),
            ("GET", "//", 404),
            ("POST", "/api/v1/contacts/%ff/lose", 404),
            ("PUT", "/api/v1/contacts", 405),
            ("DELETE", "/docs", 405),
            ("POST", "/healthz", 405),
            ("GET", "/api/v1/company/configure", 405),
        ] {
            let answer = world.send_as("Acme Windows", method, path, &[], None).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}: {answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}: {answer:?}");
            assert_eq!(answer.body["status"], status);
            assert!(status != 405 || answer.header("allow").is_some(), "{method} {path}: {answer:?}");
        }
    }
}

#[tokio::test]
async fn only_this_machines_own_names_are_answered() {
    for world in World::both().await {
        let ask = async |headers: &[(&str, &str)]| world.send_as("Acme Windows", "GET", "/api/v1/contacts", headers, None).await;
        for host in ["localhost", "LocalHost:8080", "127.0.0.1:8080", "127.0.0.2", "[::1]:8080"] {
            ask(&[("host", host), ("origin", &format!("http://{host}"))]).await.ok();
        }
        for host in ["example.com", "example.com:8080", "localhost.example.com", "192.168.1.5:8080", "0.0.0.0", "example.com:80@localhost", ""] {
            let answer = ask(&[("host", host)]).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "not_local"), "{host}");
        }
        for origin in ["http://example.com", "https://127.0.0.1.example.com", "null"] {
            assert_eq!(ask(&[("host", "localhost:8080"), ("origin", origin)]).await.code(), "not_local", "{origin}");
        }
        assert_eq!(ask(&[("host", "localhost"), ("host", "example.com")]).await.code(), "not_local");
    }
}

#[tokio::test]
async fn without_the_token_nothing_is_told() {
    for world in World::both().await {
        for request in [
            Request::get("/api/v1/contacts").body(Body::empty()),
            Request::get("/api/v1/contacts").header("authorization", "Bearer wrong").body(Body::empty()),
            Request::post("/api/v1/contacts").header("authorization", TOKEN).body(Body::empty()),
        ] {
            let answer = world.send(request.unwrap()).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.header("www-authenticate")), (401, "unauthorized", Some("Bearer")));
        }
        let lower = Request::get("/api/v1/contacts").header("authorization", format!("bearer {TOKEN}")).header("leadtrail-company", "Acme Windows");
        world.send(lower.body(Body::empty()).unwrap()).await.ok();
        let health = world.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
        assert_eq!((health.status, health.body), (StatusCode::OK, json!({ "status": "ok", "refused_companies": 0, "drifted": [] })));
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

#[tokio::test]
async fn a_header_that_says_two_things_is_refused() {
    for world in World::both().await {
        let before = world.position().await;
        for name in ["idempotency-key", "leadtrail-company", "content-type", "authorization"] {
            let mut request = Request::post("/api/v1/contacts").header("authorization", format!("Bearer {TOKEN}"));
            request = request.header("content-type", "application/json").header("leadtrail-company", "Acme Windows").header("idempotency-key", "one");
            let request = request.header(name, "another").body(Body::from(contact_with(|_| ()).to_string())).unwrap();
            let answer = world.send(request).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "header_invalid"), "{name}");
        }
        assert_eq!(world.position().await, before);
    }
}
