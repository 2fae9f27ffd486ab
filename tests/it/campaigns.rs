//! Campaigns over HTTP: whom they find, who joins, who comes back, and what becomes of them.

use crate::world::{World, approval, id};
use serde_json::{Value, json};

const CAMPAIGN: u128 = 0xCA;

fn at(n: u128) -> String {
    format!("/api/v1/contacts/{}", id(n))
}

fn campaign(what: &str) -> String {
    format!("/api/v1/campaigns/{}{what}", id(CAMPAIGN))
}

async fn define(world: &World, name: &str, audience: Value) {
    world.post("/api/v1/campaigns", json!({ "campaign": id(CAMPAIGN), "name": name, "audience": audience })).await.ok();
}

/// Contact `n` was added and lost, and put aside.
async fn aside(world: &World, n: u128) {
    world.add_contact(n).await.ok();
    world.post(&format!("{}/lose", at(n)), json!({ "reason": "price" })).await.ok();
    world.post(&format!("{}/move-to-remarket", at(n)), json!({ "reason": "spring" })).await.ok();
}

#[tokio::test]
async fn who_is_put_aside_until_a_day_is_left_alone_until_then() {
    for world in World::both().await {
        aside(&world, 1).await;
        aside(&world, 2).await;
        world.add_contact(3).await.ok();
        world.post(&format!("{}/lose", at(3)), json!({ "reason": "price" })).await.ok();
        let later = json!({ "reason": "new roof first", "not_before": "2026-07-03" });
        world.post(&format!("{}/move-to-remarket", at(3)), later).await.ok();
        assert_eq!(world.get(&at(3)).await.ok()["not_before"], "2026-07-03");
        define(&world, "Spring", json!({ "states": ["remarket"] })).await;
        let listed = async || {
            let lists = world.get("/api/v1/worklists").await.ok();
            let list = lists["data"].as_array().unwrap().iter().find(|list| list["name"] == "remarket").unwrap().clone();
            let rows = world.get(list["rows"].as_str().unwrap()).await.ok();
            assert_eq!(list["count"], rows["states"]["remarket"]);
            numbers(&rows)
        };
        assert_eq!((found(&world).await, listed().await), (vec![1, 2], vec![1, 2]));
        // Midnight in New York.
        world.clock.set("2026-07-03T03:59:59Z");
        assert_eq!((found(&world).await, listed().await), (vec![1, 2], vec![1, 2]));
        world.clock.set("2026-07-03T04:00:00Z");
        assert_eq!((found(&world).await, listed().await), (vec![1, 2, 3], vec![1, 2, 3]));
        world.post(&format!("{}/erase", at(2)), json!({ "basis": "person_asked" })).await.ok();
        assert_eq!((found(&world).await, listed().await), (vec![1, 3], vec![1, 3]), "who was forgotten is won by nobody");
        let back = json!({ "journey": id(33), "source": "Home Show", "product": "Roofing" });
        world.post(&format!("{}/return", at(3)), back).await.ok();
        assert_eq!(world.get(&at(3)).await.ok()["not_before"], Value::Null);
        assert_eq!(world.get("/api/v1/contacts?ready_on=soon").await.status.as_u16(), 422);
    }
}

/// Contact `n` bought windows.
async fn bought(world: &World, n: u128) {
    world.quoted(n).await;
    world.post(&format!("{}/quotes/{}/mark-sold", at(n), id(n)), json!({ "sale": id(n), "sign_date": "2026-07-01", "paper": "folder" })).await.ok();
    world.post(&format!("{}/sales/{}/approve", at(n), id(n)), approval()).await.ok();
}

/// The contacts of a list, by their numbers, in order of the numbers.
fn numbers(list: &Value) -> Vec<u128> {
    let mut numbers: Vec<u128> =
        list["data"].as_array().unwrap().iter().map(|row| row["contact"].as_str().unwrap().parse::<uuid::Uuid>().unwrap().as_u128()).collect();
    numbers.sort_unstable();
    numbers
}

async fn found(world: &World) -> Vec<u128> {
    let list = world.get(&campaign("/candidates")).await.ok();
    assert_eq!(list["total"], list["data"].as_array().unwrap().len());
    numbers(&list)
}

#[tokio::test]
async fn s0_07_a_lost_lead_is_found_joins_and_comes_back_by_the_campaign() {
    for world in World::both().await {
        for n in 1..=3 {
            aside(&world, n).await;
        }
        world.add_contact(4).await.ok();
        define(&world, "Spring", json!({ "states": ["remarket"] })).await;
        assert_eq!(found(&world).await, [1, 2, 3]);

        let contacts = json!({ "contacts": [id(1), id(2), id(1), id(9), "nobody"], "by": "Ana" });
        let joined = world.post_with(&campaign("/join"), &[("idempotency-key", "monday")], contacts.clone()).await.ok();
        let told = |joined: &Value| -> Vec<Value> {
            let items = joined["items"].as_array().unwrap();
            items.iter().map(|item| if item["done"].is_null() { item["problem"]["code"].clone() } else { item["done"]["events"][0]["type"].clone() }).collect()
        };
        let joins = json!("contact.joined_campaign");
        assert_eq!(told(&joined), [joins.clone(), joins.clone(), Value::Null, json!("unknown_contact"), json!("field_invalid")]);
        assert_eq!(joined["remaining"], Value::Null);
        let before = world.position().await;
        let again = world.post_with(&campaign("/join"), &[("idempotency-key", "monday")], contacts).await.ok();
        assert_eq!((told(&again), world.position().await), (told(&joined), before), "what was done is not done again");
        assert_eq!(found(&world).await, [3]);

        let back = world.post(&format!("{}/return", at(1)), json!({ "journey": id(11), "source": "Home Show", "product": "Roofing" })).await.ok();
        assert_eq!(back["events"][1]["data"]["campaign"], json!(id(CAMPAIGN)));
        world.post(&format!("{}/leave-campaign", at(2)), json!({ "campaign": "spring" })).await.ok();
        let members = world.get(&campaign("/members")).await.ok();
        assert_eq!([&members["members"], &members["returned"], &members["left"]], [1, 1, 1]);
        assert_eq!(numbers(&members), [1, 2]);
        let returned = world.get(&campaign("/members?standing=returned")).await.ok();
        let row = &returned["data"][0];
        assert_eq!((&row["contact"], &row["journey"], &row["state"]), (&json!(id(1)), &json!(id(11)), &json!("new_incoming")));
        assert_eq!(
            (numbers(&world.get(&campaign("/members?standing=left")).await.ok()), found(&world).await),
            (vec![2], vec![3]),
            "who left is not found again"
        );

        // The journey shows the name the campaign has now.
        define(&world, "Spring again", json!({ "states": ["remarket"] })).await;
        let journeys = world.get(&format!("/api/v1/journeys?contact={}", id(1))).await.ok();
        let marked: Vec<&Value> =
            journeys["data"].as_array().unwrap().iter().map(|journey| &journey["campaign"]).filter(|campaign| !campaign.is_null()).collect();
        assert_eq!(marked, ["Spring again"]);
        let timeline = world.get(&format!("{}/timeline", at(2))).await.ok();
        let kinds: Vec<&str> = timeline["data"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect();
        assert_eq!(kinds[kinds.len() - 2..], ["contact.joined_campaign", "contact.left_campaign"]);
        let listed = world.get("/api/v1/campaigns").await.ok();
        let only = &listed["data"][0];
        assert_eq!((&only["name"], &only["audience"]["states"], &only["members"]), (&json!("Spring again"), &json!(["remarket"]), &json!(1)));
    }
}

#[tokio::test]
async fn s0_08_customers_who_did_not_buy_a_product_are_found() {
    for world in World::both().await {
        bought(&world, 1).await;
        world.quoted(2).await;
        aside(&world, 3).await;
        for (audience, expected) in [
            (json!({ "bought": "any", "without": "Roofing" }), vec![1]),
            (json!({ "bought": "any", "without": "Windows" }), vec![]),
            (json!({ "bought": "windows" }), vec![1]),
            (json!({ "bought": "Roofing" }), vec![]),
            (json!({ "bought": "none" }), vec![2, 3]),
            (json!({ "never_set": true }), vec![3]),
            (json!({ "states": ["customer", "remarket"] }), vec![1, 3]),
            (json!({ "source": "Radio", "product": "Windows" }), vec![1, 2, 3]),
            (json!({ "source": "Home Show" }), vec![]),
            (json!({ "last_event_before": "2026-07-02" }), vec![1, 2, 3]),
            (json!({ "last_event_before": "2026-07-01" }), vec![]),
        ] {
            define(&world, "Cross", audience.clone()).await;
            assert_eq!(found(&world).await, expected, "{audience}");
        }
        define(&world, "Cross", json!({ "bought": "any", "without": "Roofing" })).await;
        assert_eq!(world.get(&at(1)).await.ok()["bought"], json!(["Windows"]));
        world.post(&format!("{}/sales/{}/cancel", at(1), id(1)), json!({ "reason": "moved", "cancel_date": "2026-07-01", "note": "by phone" })).await.ok();
        assert_eq!(found(&world).await, [0_u128; 0]);
    }
}

#[tokio::test]
async fn s0_07_all_who_are_found_join_two_hundred_at_a_time_and_those_to_be_left_alone_never() {
    for world in World::both().await {
        for n in 1..=203 {
            world.add_contact(n).await.ok();
        }
        world.post(&format!("{}/opt-out", at(1)), json!({ "asked_by": "Mrs. Contact", "channel": "phone" })).await.ok();
        define(&world, "Everybody", json!({})).await;
        let first = world.get(&campaign("/candidates?limit=200")).await.ok();
        assert_eq!((&first["total"], &first["has_more"]), (&json!(202), &json!(true)));
        let rest = world.get(&campaign(&format!("/candidates?limit=200&cursor={}", first["next_cursor"].as_str().unwrap()))).await.ok();
        assert_eq!((rest["data"].as_array().unwrap().len(), &rest["has_more"]), (2, &json!(false)));
        for (joined, remaining) in [(200, 2), (2, 0), (0, 0)] {
            let answer = world.post(&campaign("/join"), json!({ "all": true, "by": "Ana" })).await.ok();
            assert_eq!((answer["items"].as_array().unwrap().len(), &answer["remaining"]), (joined, &json!(remaining)));
            assert!(answer["items"].as_array().unwrap().iter().all(|item| item["problem"].is_null()));
        }
        world.post(&format!("{}/opt-out", at(2)), json!({ "asked_by": "Mrs. Contact", "channel": "phone" })).await.ok();
        world.post(&format!("{}/erase", at(3)), json!({ "basis": "person_asked" })).await.ok();
        let members = world.get(&campaign("/members?limit=1")).await.ok();
        assert_eq!([&members["members"], &members["returned"], &members["left"]], [200, 0, 2]);
        let mut seen = 0;
        let mut cursor = String::new();
        loop {
            let page = world.get(&campaign(&format!("/members?limit=90{cursor}"))).await.ok();
            seen += page["data"].as_array().unwrap().len();
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(seen, 202);
    }
}

#[tokio::test]
async fn s0_07_a_campaign_is_asked_for_properly_or_nothing_happens() {
    for world in World::both().await {
        aside(&world, 1).await;
        define(&world, "Spring", json!({ "states": ["remarket"] })).await;
        let before = world.position().await;
        for (body, pointer) in [
            (json!({}), "/contacts"),
            (json!({ "contacts": [] }), "/contacts"),
            (json!({ "contacts": 7 }), "/contacts"),
            (json!({ "contacts": vec![id(1); 201] }), "/contacts"),
            (json!({ "contacts": [id(1)], "all": true }), "/contacts"),
            (json!({ "all": "yes" }), "/all"),
            (json!({ "contacts": [id(1)], "campaign": id(CAMPAIGN) }), "/campaign"),
        ] {
            assert_eq!(world.post(&campaign("/join"), body.clone()).await.pointers(), [pointer], "{body}");
        }
        let keyed = world.post_with(&campaign("/join"), &[("idempotency-key", "k")], json!({ "all": true })).await;
        assert_eq!((keyed.status.as_u16(), keyed.code()), (400, "header_invalid"));
        for path in ["candidates", "members"] {
            for campaign in [id(9).to_string(), "spring".into()] {
                assert_eq!(world.get(&format!("/api/v1/campaigns/{campaign}/{path}")).await.status.as_u16(), 404);
            }
        }
        assert_eq!(world.get(&campaign("/members?standing=gone")).await.status.as_u16(), 422);
        let retired = world.post(&campaign("/retire"), json!({})).await;
        assert_eq!(retired.events(), ["campaign.retired"]);
        let refused = world.post(&format!("{}/join-campaign", at(1)), json!({ "campaign": "Spring" })).await;
        assert_eq!((refused.status.as_u16(), refused.code(), refused.pointers()), (422, "retired", vec!["/campaign"]));
        assert_eq!(world.position().await, before + 1, "only the retirement was stored");
        let unknown = world.post("/api/v1/campaigns", json!({ "name": "Odd", "audience": { "source": "Television" } })).await;
        assert_eq!((unknown.code(), unknown.pointers()), ("unknown_source", vec!["/audience/source"]));
    }
}
