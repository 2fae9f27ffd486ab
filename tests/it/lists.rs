//! The lists people work from, over HTTP: every meeting, quote and sale, found by what it is.

mod records;
mod sales;

use crate::world::{World, id, new_contact};
use serde_json::{Value, json};

/// Sets a meeting of contact `n` by Ana, an hour long.
async fn set(world: &World, n: u128, meeting: u128, more: Value) {
    let mut wish = json!({
        "meeting": id(meeting), "journey": id(n), "kind": "demo", "start": "2026-07-03T18:00:00Z", "length_minutes": 60,
        "decision_makers": true, "address_checked": true, "by": "Ana",
    });
    wish.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    world.post(&format!("/api/v1/contacts/{}/meetings", id(n)), wish).await.ok();
}

async fn ask(world: &World, n: u128, meeting: u128, verb: &str, body: Value) {
    world.post(&format!("/api/v1/contacts/{}/meetings/{}/{verb}", id(n), id(meeting)), body).await.ok();
}

/// The rows and the counts by state that an address lists.
async fn listed(world: &World, path: &str) -> (Vec<Value>, Value) {
    let page = world.get(path).await.ok();
    assert_eq!((&page["has_more"], &page["next_cursor"], page["position"].as_i64()), (&json!(false), &Value::Null, Some(world.position().await)), "{path}");
    (page["data"].as_array().unwrap().clone(), page["states"].clone())
}

/// The ids, as small numbers, that an address lists, in order.
async fn ids(world: &World, path: &str, of: &str) -> Vec<u128> {
    let (rows, states) = listed(world, path).await;
    if !path.contains("state=") {
        assert_eq!(states.as_object().unwrap().values().map(|count| count.as_u64().unwrap()).sum::<u64>(), rows.len() as u64, "{path}");
    }
    rows.iter().map(|row| row[of].as_str().unwrap().parse::<uuid::Uuid>().unwrap().as_u128()).collect()
}

/// Contact 1 from Radio for Windows with a moved demo; contact 2 from Home Show for Roofing with a canceled demo and a service visit.
async fn two_with_meetings(world: &World) {
    world.post("/api/v1/meeting-types", json!({ "meeting_type": id(700), "name": "Service visit", "kind": "other", "confirm_and_issue": false })).await.ok();
    world.add_contact(1).await.ok();
    set(world, 1, 11, json!({})).await;
    ask(world, 1, 11, "confirm", json!({ "with_whom": "Mrs. Contact", "decision_makers": true, "by": "Ana" })).await;
    ask(world, 1, 11, "issue", json!({ "rep": "Ben", "by": "Ana" })).await;
    world.clock.set("2026-07-01T17:00:00Z");
    ask(world, 1, 11, "reschedule", json!({ "start": "2026-07-06T18:00:00Z", "reason": "ill", "asked_by": "customer", "by": "Ana" })).await;
    let mut second = new_contact(2);
    (second["source"], second["product"], second["name"], second["phones"]) = (json!("Home Show"), json!("Roofing"), json!("Lopez"), json!(["212-555-0199"]));
    world.post("/api/v1/contacts", second).await.ok();
    set(world, 2, 21, json!({ "by": "Ben" })).await;
    ask(world, 2, 21, "cancel", json!({ "reason": "rain", "asked_by": "customer", "by": "Ana" })).await;
    set(world, 2, 22, json!({ "kind": null, "type": "Service visit", "start": "2026-07-02T18:00:00Z" })).await;
}

#[tokio::test]
async fn s0_21_every_meeting_is_kept_whatever_became_of_it() {
    for world in World::both().await {
        two_with_meetings(&world).await;
        let (rows, states) = listed(&world, "/api/v1/meetings").await;
        let moved = json!({
            "meeting": id(11), "contact": id(1), "contact_name": "Contact 1", "journey": id(1), "kind": "demo", "type": null, "type_id": null,
            "confirm_and_issue": true, "state": "set", "state_since": "2026-07-01T17:00:00Z", "start": "2026-07-06T18:00:00Z", "length_minutes": 60,
            "scheduler": "Ana", "scheduler_id": id(300), "rep": null, "rep_id": null, "second_rep": null, "second_rep_id": null,
            "result": null, "demoed": false, "source": "Radio", "source_id": id(100), "product": "Windows", "product_id": id(200),
            "set_at": "2026-07-01T16:00:00Z", "confirmed_at": null, "issued_at": null, "ended_at": null, "jobs": [],
        });
        let canceled = json!({
            "meeting": id(21), "contact": id(2), "contact_name": "Lopez", "journey": id(2), "kind": "demo", "type": null, "type_id": null,
            "confirm_and_issue": true, "state": "canceled", "state_since": "2026-07-01T17:00:00Z", "start": "2026-07-03T18:00:00Z", "length_minutes": 60,
            "scheduler": "Ben", "scheduler_id": id(301), "rep": null, "rep_id": null, "second_rep": null, "second_rep_id": null,
            "result": null, "demoed": false, "source": "Home Show", "source_id": id(101), "product": "Roofing", "product_id": id(201),
            "set_at": "2026-07-01T17:00:00Z", "confirmed_at": null, "issued_at": null, "ended_at": "2026-07-01T17:00:00Z", "jobs": [],
        });
        let visit = json!({
            "meeting": id(22), "contact": id(2), "contact_name": "Lopez", "journey": id(2), "kind": "other", "type": "Service visit", "type_id": id(700),
            "confirm_and_issue": false, "state": "set", "state_since": "2026-07-01T17:00:00Z", "start": "2026-07-02T18:00:00Z", "length_minutes": 60,
            "scheduler": "Ana", "scheduler_id": id(300), "rep": null, "rep_id": null, "second_rep": null, "second_rep_id": null,
            "result": null, "demoed": false, "source": "Home Show", "source_id": id(101), "product": "Roofing", "product_id": id(201),
            "set_at": "2026-07-01T17:00:00Z", "confirmed_at": null, "issued_at": null, "ended_at": null, "jobs": [],
        });
        assert_eq!((rows, states), (vec![moved, canceled, visit], json!({ "canceled": 1, "set": 2 })));
    }
}

#[tokio::test]
async fn s0_22_meetings_are_listed_by_filters_that_combine() {
    for world in World::both().await {
        two_with_meetings(&world).await;
        for (query, expected) in [
            ("kind=demo", vec![11, 21]),
            ("kind=rehash", vec![]),
            ("type=service%20visit", vec![22]),
            ("state=set", vec![11, 22]),
            ("scheduler=Ana", vec![11, 22]),
            ("scheduler=Ana&kind=demo", vec![11]),
            ("product=Roofing", vec![21, 22]),
            ("product=Roofing&state=canceled", vec![21]),
            ("source=Radio", vec![11]),
            ("source=Radio&product=Roofing", vec![]),
            ("from=2026-07-03T18:00:00Z", vec![11, 21]),
            ("to=2026-07-03T18:00:00Z", vec![21, 22]),
            ("from=2026-07-03T00:00:00Z&to=2026-07-04T00:00:00Z", vec![21]),
            ("contact=00000000-0000-0000-0000-000000000002", vec![21, 22]),
            ("q=lopez", vec![21, 22]),
            ("q=(212)%20555-01", vec![21, 22]),
            ("q=1%20Main", vec![11]),
            ("q=lopez&kind=demo&scheduler=Ben&state=canceled", vec![21]),
        ] {
            assert_eq!(ids(&world, &format!("/api/v1/meetings?{query}"), "meeting").await, expected, "{query}");
        }
        ask(&world, 1, 11, "confirm", json!({ "with_whom": "Mrs. Contact", "decision_makers": true, "by": "Ana" })).await;
        ask(&world, 1, 11, "issue", json!({ "rep": "Ben", "second_rep": "Ana", "by": "Ana" })).await;
        for rep in ["Ana", "Ben"] {
            assert_eq!(ids(&world, &format!("/api/v1/meetings?rep={rep}"), "meeting").await, [11], "{rep} goes, or goes along");
        }
        // The counts leave the state aside: each equals the rows of its state.
        let (rows, states) = listed(&world, "/api/v1/meetings?kind=demo&state=issued").await;
        assert_eq!((rows.len(), states), (1, json!({ "canceled": 1, "issued": 1 })));
        let first = world.get("/api/v1/meetings?limit=2").await.ok();
        let rest = world.get(&format!("/api/v1/meetings?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await.ok();
        let shown = |page: &Value| page["data"].as_array().unwrap().iter().map(|row| row["meeting"].clone()).collect::<Vec<_>>();
        assert_eq!((shown(&first), shown(&rest), &first["states"]), (vec![json!(id(11)), json!(id(21))], vec![json!(id(22))], &rest["states"]));
        for (query, at) in [
            ("kind=tea", "?kind"),
            ("type=Tea", "?type"),
            ("state=tea", "?state"),
            ("rep=Nobody", "?rep"),
            ("from=noon", "?from"),
            ("q=a%0Ab", "?q"),
            ("tea=1", "?tea"),
        ] {
            let refused = world.get(&format!("/api/v1/meetings?{query}")).await;
            assert_eq!((refused.status.as_u16(), refused.pointers()), (422, vec![at]), "{query}");
        }
    }
}

#[tokio::test]
async fn an_erased_contact_keeps_its_meetings_without_its_name() {
    for world in World::both().await {
        two_with_meetings(&world).await;
        ask(&world, 2, 22, "cancel", json!({ "reason": "moved away", "asked_by": "customer" })).await;
        world.post(&format!("/api/v1/contacts/{}/lose", id(2)), json!({ "reason": "moved away" })).await.ok();
        world.post(&format!("/api/v1/contacts/{}/erase", id(2)), json!({ "basis": "person_asked" })).await.ok();
        assert_eq!(ids(&world, "/api/v1/meetings?q=lopez", "meeting").await, [] as [u128; 0]);
        let (rows, _) = listed(&world, "/api/v1/meetings").await;
        let names: Vec<&Value> = rows.iter().map(|row| &row["contact_name"]).collect();
        assert_eq!(names, [&json!("Contact 1"), &Value::Null, &Value::Null]);
    }
}
