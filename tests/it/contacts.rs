//! Contacts over HTTP: found twice, merged and taken apart, corrected, left alone, put aside by the clock; and the settings they lean on.

use crate::world::{Answer, World, id};
use serde_json::{Value, json};

fn contact(n: u128, address: &str) -> Value {
    json!({ "contact": id(n), "journey": id(n), "source": "Radio", "product": "Windows", "name": "Lopez", "phones": ["716-555-0100"], "address": address })
}

async fn add(world: &World, n: u128, address: &str) -> Value {
    world.post("/api/v1/contacts", contact(n, address)).await.ok()
}

async fn state(world: &World, n: u128) -> Value {
    world.get(&format!("/api/v1/contacts/{}", id(n))).await.ok()["state"].clone()
}

/// The contact an answer is about, with its version and its tag.
fn own(answer: &Answer) -> (Value, Value, Option<&str>) {
    (answer.body["contact"].clone(), answer.body["version"].clone(), answer.header("etag"))
}

/// Nothing is amiss in the log, nor in what is kept beside it.
async fn well(world: &World) {
    let report = eventstore::verify(&world.app.store, world.company, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn s0_02_a_property_is_one_contact_however_its_address_is_written_unless_on_purpose() {
    for world in World::both().await {
        add(&world, 1, "12 N. Main Street Apt 4").await;
        let twin = world.post("/api/v1/contacts", contact(2, "12 North Main St #4")).await;
        assert_eq!((twin.status.as_u16(), twin.code(), &twin.body["other"]), (409, "address_taken", &json!(id(1))));
        let mut on_purpose = contact(2, "12 North Main St #4");
        on_purpose["accept_duplicate"] = json!("two families");
        let added = world.post("/api/v1/contacts", on_purpose).await;
        assert_eq!(added.events(), ["contact.added", "contact.duplicate_accepted", "journey.opened"]);
        // Name and telephone may be those of others (S0:7).
        add(&world, 3, "14 N Main St").await;
        assert_eq!(world.get("/api/v1/contacts?q=716-555-0100").await.ok()["data"].as_array().unwrap().len(), 3);
        well(&world).await;
    }
}

#[tokio::test]
async fn a_corrected_address_is_free_for_others_and_the_right_one_is_taken() {
    for world in World::both().await {
        add(&world, 1, "12 Main St").await;
        let correct = format!("/api/v1/contacts/{}/correct-address", id(1));
        add(&world, 2, "16 Main St").await;
        assert_eq!(world.post(&correct, json!({ "address": "16 Main Street" })).await.code(), "address_taken");
        assert_eq!(world.post(&correct, json!({ "address": "14 Main St" })).await.events(), ["contact.address_corrected"]);
        assert_eq!(world.post("/api/v1/contacts", contact(3, "14 Main Street")).await.code(), "address_taken");
        add(&world, 3, "12 Main Street").await;
        assert_eq!(world.get(&format!("/api/v1/contacts/{}", id(1))).await.ok()["address"], "14 Main St");
        well(&world).await;
    }
}

#[tokio::test]
async fn merged_contacts_keep_their_histories_and_come_apart_again() {
    for world in World::both().await {
        add(&world, 1, "12 Main St").await;
        add(&world, 2, "14 Main St").await;
        let merge = format!("/api/v1/contacts/{}/merge", id(1));
        let before = world.position().await;
        for (other, status, code) in [(1, 422, "field_invalid"), (9, 404, "unknown_contact")] {
            let refused = world.post(&merge, json!({ "other": id(other), "reason": "married" })).await;
            assert_eq!((refused.status.as_u16(), refused.code(), refused.pointers()), (status, code, vec!["/other"]));
        }
        assert_eq!(world.position().await, before);
        let merged = world.post(&merge, json!({ "other": id(2), "reason": "married" })).await;
        assert_eq!(merged.events(), ["contact.merged", "contact.merged_into"]);
        assert_eq!(own(&merged), (json!(id(1)), json!(3), Some("\"v3\"")));
        let attempt = json!({ "channel": "phone", "outcome": "no_answer" });
        let attempted = world.post_with(&format!("/api/v1/contacts/{}/log-attempt", id(1)), &[("if-match", merged.header("etag").unwrap())], attempt).await;
        assert_eq!(attempted.events(), ["contact.attempted", "journey.limit_started"]);
        assert_eq!(world.post(&merge, json!({ "other": id(2), "reason": "married" })).await.events(), Vec::<&str>::new());
        let back = world.post(&format!("/api/v1/contacts/{}/merge", id(2)), json!({ "other": id(1), "reason": "round" })).await;
        assert_eq!((back.status.as_u16(), back.code()), (409, "guard_failed"));
        for (n, last) in [(1, "contact.merged"), (2, "contact.merged_into")] {
            let timeline = world.get(&format!("/api/v1/contacts/{}/timeline", id(n))).await.ok();
            let kinds: Vec<&str> = timeline["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
            assert_eq!(kinds[..3], ["contact.added", "journey.opened", last]);
        }
        let found_under = async |n: u128| world.get(&format!("/api/v1/contacts/{}", id(n))).await.ok()["merged"].clone();
        let second = json!({ "contact": id(2), "name": "Lopez", "link": format!("/api/v1/contacts/{}", id(2)) });
        assert_eq!((found_under(1).await, found_under(2).await), (json!([second]), json!([])));
        assert_eq!(world.get(second["link"].as_str().unwrap()).await.ok()["merged_into"], json!(id(1)));
        let unmerge = format!("/api/v1/contacts/{}/unmerge", id(1));
        let apart = world.post_with(&unmerge, &[("if-match", "\"v5\"")], json!({ "other": id(2), "reason": "two people" })).await;
        assert_eq!(apart.events(), ["contact.unmerged", "contact.unmerged_from"]);
        assert_eq!(own(&apart), (json!(id(1)), json!(6), Some("\"v6\"")));
        assert_eq!(found_under(1).await, json!([]));
        let (hold, seen) = (format!("/api/v1/contacts/{}/place-hold", id(1)), [("if-match", apart.header("etag").unwrap())]);
        let held = world.post_with(&hold, &seen, json!({ "reason": "court" })).await;
        assert_eq!(held.events(), ["contact.hold_placed"]);
        // In the figures each journey was one all the time.
        let figures = world.get("/api/v1/figures/nsla?window=last_7_days").await.ok();
        assert_eq!(figures["windows"][0]["total"]["leads"], 2);
        well(&world).await;
    }
}

#[tokio::test]
async fn the_clock_lets_a_contact_rest_and_puts_it_aside() {
    for world in World::both().await {
        add(&world, 1, "12 Main St").await;
        let attempt = json!({ "channel": "phone", "outcome": "no_answer" });
        let attempted = world.post(&format!("/api/v1/contacts/{}/log-attempt", id(1)), attempt).await;
        assert_eq!(attempted.events(), ["contact.attempted", "journey.limit_started"]);
        for (now, expected) in [
            ("2026-07-11T15:59:59Z", "attempted_to_set"),
            ("2026-07-12T09:00:00Z", "rest"),
            ("2026-08-10T15:59:59Z", "rest"),
            ("2026-08-11T09:00:00Z", "remarket"),
        ] {
            world.clock.set(now);
            world.app.run_timers().await.unwrap();
            assert_eq!(state(&world, 1).await, expected, "{now}");
        }
        let timeline = world.get(&format!("/api/v1/contacts/{}/timeline", id(1))).await.ok();
        let told: Vec<(&str, &str)> = timeline["data"]
            .as_array()
            .unwrap()
            .iter()
            .skip(3)
            .map(|event| (event["type"].as_str().unwrap(), event["occurred_at"].as_str().unwrap()))
            .collect();
        // Each at the instant at which it was due, however late it was looked at.
        let expected = [
            ("journey.limit_started", "2026-07-01T16:00:00Z"),
            ("contact.rested", "2026-07-11T16:00:00Z"),
            ("journey.limit_started", "2026-07-11T16:00:00Z"),
            ("journey.closed", "2026-08-10T16:00:00Z"),
            ("contact.moved_to_remarket", "2026-08-10T16:00:00Z"),
        ];
        assert_eq!(told, expected);
        well(&world).await;
    }
}

#[tokio::test]
async fn a_voided_journey_is_in_no_figure_and_is_listed_when_it_is_asked_for() {
    for world in World::both().await {
        add(&world, 1, "12 Main St").await;
        add(&world, 2, "14 Main St").await;
        let figures = "/api/v1/figures/nsla?window=last_7_days";
        let void = format!("/api/v1/contacts/{0}/journeys/{0}/void", id(2));
        assert_eq!(world.post(&void, json!({ "reason": "entered twice" })).await.events(), ["journey.voided"]);
        assert_eq!(world.get(figures).await.ok()["windows"][0]["total"]["leads"], 1);
        let listed = async |query: &str| world.get(&format!("/api/v1/journeys{query}")).await.ok()["data"].as_array().unwrap().len();
        assert_eq!((listed("").await, listed("?outcome=voided").await), (1, 1));
        assert_eq!(state(&world, 2).await, "remarket");
    }
}

#[tokio::test]
async fn what_people_choose_from_is_renamed_and_retired() {
    for world in World::both().await {
        let source = "/api/v1/sources/00000000-0000-0000-0000-000000000064";
        world.post(&format!("{source}/retire"), json!({})).await.ok();
        let sources = world.get("/api/v1/sources").await.ok();
        let radio = sources["data"].as_array().unwrap().iter().find(|source| source["name"] == "Radio").unwrap();
        assert_eq!(radio["retired"], true);
        let refused = world.post("/api/v1/contacts", contact(1, "12 Main St")).await;
        assert_eq!((refused.status.as_u16(), refused.code(), refused.pointers()), (422, "retired", vec!["/source"]));
        world.post(&format!("{source}/restore"), json!({})).await.ok();
        add(&world, 1, "12 Main St").await;

        world.post("/api/v1/reasons", json!({ "list": "lost", "name": "Price" })).await.ok();
        let lose = format!("/api/v1/contacts/{}/lose", id(1));
        let refused = world.post(&lose, json!({ "reason": "bad weather" })).await;
        assert_eq!((refused.status.as_u16(), refused.code(), refused.pointers()), (422, "unknown_reason", vec!["/reason"]));
        world.post(&lose, json!({ "reason": "price", "note": "by 200 dollars" })).await.ok();
        let reasons = world.get("/api/v1/reasons").await.ok();
        assert_eq!((&reasons["data"][0]["list"], &reasons["data"][0]["name"]), (&json!("lost"), &json!("Price")));
        let timeline = world.get(&format!("/api/v1/contacts/{}/timeline", id(1))).await.ok();
        let lost = timeline["data"].as_array().unwrap().iter().find(|event| event["type"] == "contact.lost").unwrap();
        assert_eq!((&lost["data"]["reason_id"], &lost["data"]["reason"]), (&reasons["data"][0]["id"], &json!("Price")));

        world.post("/api/v1/company/set-time-limits", json!({ "rest_after_days": 7 })).await.ok();
        world.post("/api/v1/accounting-periods/close", json!({ "through": "2026-05-31" })).await.ok();
        let company = world.get("/api/v1/company").await.ok();
        assert_eq!((&company["time_limits"]["rest_after_days"], &company["closed_through"]), (&json!(7), &json!("2026-05-31")));
    }
}
