//! A rep is issued one meeting at a time, exactly, whoever asks: claims on half hours, in both databases (BLUEPRINTS B.2).

use crate::world::{World, id, new_contact};
use serde_json::{Value, json};

/// Contact `n` with a confirmed demo of this start.
async fn confirmed(world: &World, n: u128, start: &str) {
    world.post("/api/v1/contacts", new_contact(n)).await.ok();
    let demo = json!({
        "meeting": id(n), "journey": id(n), "kind": "demo", "start": start, "length_minutes": 90, "decision_makers": true, "address_checked": true, "by": "Ana"
    });
    world.post(&format!("/api/v1/contacts/{}/meetings", id(n)), demo).await.ok();
    let said_yes = json!({ "with_whom": "Mrs. Contact", "decision_makers": true, "by": "Ana" });
    world.post(&format!("{}/confirm", at(n)), said_yes).await.ok();
}

fn at(n: u128) -> String {
    format!("/api/v1/contacts/{}/meetings/{}", id(n), id(n))
}

fn to(rep: &str) -> Value {
    json!({ "rep": rep, "by": "Ana" })
}

#[tokio::test]
async fn a_rep_has_one_meeting_at_a_time_until_its_time_is_free_again() {
    for world in World::both().await {
        confirmed(&world, 1, "2026-07-03T18:00:00Z").await;
        confirmed(&world, 2, "2026-07-03T19:00:00Z").await;
        confirmed(&world, 3, "2026-07-03T19:30:00Z").await;
        world.post(&format!("{}/issue", at(1)), to("Ben")).await.ok();
        let before = world.position().await;
        let busy = world.post(&format!("{}/issue", at(2)), to("Ben")).await;
        assert_eq!((busy.status.as_u16(), busy.code(), &busy.body["other"]), (409, "rep_busy", &json!(id(1))));
        assert_eq!(world.position().await, before, "nothing was stored");
        world.post(&format!("{}/issue", at(3)), to("Ben")).await.ok();
        world.post(&format!("{}/issue", at(2)), to("Ana")).await.ok();

        let moved = json!({ "start": "2026-07-05T18:00:00Z", "reason": "rain", "asked_by": "customer", "by": "Ana" });
        for n in [1, 3] {
            world.post(&format!("{}/reschedule", at(n)), moved.clone()).await.ok();
        }
        world.post(&format!("{}/issue", at(2)), json!({ "rep": "Ben", "reason": "knows them", "by": "Ana" })).await.ok();
        confirmed(&world, 4, "2026-07-03T19:00:00Z").await;
        assert_eq!(world.post(&format!("{}/issue", at(4)), to("Ben")).await.code(), "rep_busy");
        world.post(&format!("{}/issue", at(4)), to("Ana")).await.ok();
        let overbooked = json!({ "rep": "Ben", "overbook": true, "reason": "same street", "by": "Ana" });
        let moved_on = world.post(&format!("{}/issue", at(4)), overbooked).await.ok();
        assert_eq!(moved_on["events"][0]["data"]["overbooked"], "same street");
        verifies(&world).await;
    }
}

#[tokio::test]
async fn an_overbooked_meeting_takes_its_time_beside_others() {
    for world in World::both().await {
        let to_ben = json!({ "rep": "Ben", "overbook": true, "reason": "to be sure", "by": "Ana" });
        for (n, start) in [(1, "2026-07-03T18:00:00Z"), (2, "2026-07-03T18:30:00Z"), (3, "2026-07-03T19:30:00Z"), (4, "2026-07-03T18:00:00Z")] {
            confirmed(&world, n, start).await;
        }
        world.post(&format!("{}/issue", at(1)), to_ben.clone()).await.ok();
        assert_eq!(world.post(&format!("{}/issue", at(2)), to("Ben")).await.code(), "rep_busy");
        world.post(&format!("{}/issue", at(2)), to_ben).await.ok();
        let busy = world.post(&format!("{}/issue", at(3)), to("Ben")).await;
        assert_eq!((busy.code(), &busy.body["other"]), ("rep_busy", &json!(id(2))), "all of it is taken");

        let moved = json!({ "start": "2026-07-05T18:00:00Z", "reason": "rain", "asked_by": "customer", "by": "Ana" });
        world.post(&format!("{}/reschedule", at(1)), moved).await.ok();
        assert_eq!(world.post(&format!("{}/issue", at(4)), to("Ben")).await.code(), "rep_busy", "the second one goes on");
        world.post(&format!("{}/cancel", at(2)), json!({ "reason": "rain", "asked_by": "customer", "by": "Ana" })).await.ok();
        world.post(&format!("{}/issue", at(4)), to("Ben")).await.ok();
        verifies(&world).await;
    }
}

/// One contact holds a half hour once, for whichever of its meetings take it.
#[tokio::test]
async fn two_meetings_of_one_contact_share_the_time_of_a_rep() {
    let moved = json!({ "start": "2026-07-05T18:00:00Z", "reason": "rain", "asked_by": "customer", "by": "Ana" });
    let canceled = json!({ "reason": "rain", "asked_by": "customer", "by": "Ana" });
    let given_away = json!({ "rep": "Ana", "reason": "ill", "by": "Ana" });
    for (verb, freeing) in [("reschedule", &moved), ("cancel", &canceled), ("issue", &given_away)] {
        for world in World::both().await {
            for n in [1, 2] {
                confirmed(&world, n, "2026-07-03T18:00:00Z").await;
            }
            let other = json!({ "product": "Roofing", "rep": "Ben", "start": "2026-07-03T18:30:00Z", "journey": id(11), "meeting": id(11), "by": "Ana" });
            world.post(&format!("/api/v1/contacts/{}/add-other-product-rep", id(1)), other).await.ok();
            let second = format!("/api/v1/contacts/{}/meetings/{}", id(1), id(11));
            world.post(&format!("{second}/confirm"), json!({ "with_whom": "Mrs. Contact", "decision_makers": true, "by": "Ana" })).await.ok();
            world.post(&format!("{}/issue", at(1)), to("Ben")).await.ok();
            let busy = world.post(&format!("{second}/issue"), to("Ben")).await;
            assert_eq!((busy.code(), busy.pointers(), &busy.body["other"]), ("rep_busy", vec!["/rep"], &Value::Null));
            world.post(&format!("{second}/issue"), json!({ "rep": "Ben", "overbook": true, "reason": "same house", "by": "Ana" })).await.ok();

            world.post(&format!("{}/{verb}", at(1)), freeing.clone()).await.ok();
            let busy = world.post(&format!("{}/issue", at(2)), to("Ben")).await;
            assert_eq!((busy.code(), &busy.body["other"]), ("rep_busy", &json!(id(1))), "after {verb} the other meeting keeps its time");
            verifies(&world).await;
            world.post(&format!("{second}/cancel"), canceled.clone()).await.ok();
            world.post(&format!("{}/issue", at(2)), to("Ben")).await.ok();
            verifies(&world).await;
        }
    }
}

#[tokio::test]
async fn a_refusal_points_at_the_rep_who_is_busy() {
    for world in World::both().await {
        for n in [1, 2] {
            confirmed(&world, n, "2026-07-03T18:00:00Z").await;
        }
        world.post(&format!("{}/issue", at(1)), to("Ben")).await.ok();
        for (rep, second, pointer) in [("Ben", "Ana", "/rep"), ("Ana", "Ben", "/second_rep")] {
            let busy = world.post(&format!("{}/issue", at(2)), json!({ "rep": rep, "second_rep": second, "by": "Ana" })).await;
            assert_eq!((busy.code(), busy.pointers(), &busy.body["other"]), ("rep_busy", vec![pointer], &json!(id(1))));
        }
    }
}

async fn verifies(world: &World) {
    let report = eventstore::verify(&world.app.store, world.company, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn several_demos_are_issued_at_once_each_for_itself() {
    for world in World::both().await {
        for n in [1, 2, 3] {
            confirmed(&world, n, "2026-07-03T18:00:00Z").await;
        }
        let item = |n: u128, rep: &str| json!({ "contact": id(n), "meeting": id(n), "rep": rep, "by": "Ana" });
        let items = json!({ "items": [item(1, "Ben"), item(2, "Ben"), item(3, "Ana"), item(9, "Ana"), json!(7)] });
        let path = "/api/v1/meetings/issue-several";
        let answer = world.post_with(path, &[("idempotency-key", "monday")], items.clone()).await.ok();
        let told: Vec<&Value> = answer["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| if item["done"].is_null() { &item["problem"]["code"] } else { &item["done"]["events"][0]["type"] })
            .collect();
        assert_eq!(told, ["meeting.issued", "rep_busy", "meeting.issued", "unknown_contact", "field_invalid"]);
        let before = world.position().await;
        let again = world.post_with(path, &[("idempotency-key", "monday")], items).await.ok();
        assert_eq!(again["items"][0]["done"], answer["items"][0]["done"]);
        assert_eq!(world.position().await, before, "what was done is not done again");
        for bad in [json!({}), json!({ "items": [] }), json!({ "items": 7 }), json!({ "items": vec![item(1, "Ben"); 201] })] {
            assert_eq!(world.post(path, bad).await.pointers(), ["/items"]);
        }
        assert_eq!(world.post(path, json!({ "items": [item(1, "Ben")], "by": "Ana" })).await.pointers(), ["/by"]);
    }
}
