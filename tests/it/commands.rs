//! The central path over HTTP, on both databases: each command does what its row says, and the read models follow at once.

use crate::world::{World, approval, id};
use eventstore::Ports;
use serde_json::{Value, json};

fn at(n: u128) -> String {
    format!("/api/v1/contacts/{}", id(n))
}

async fn state(world: &World, n: u128) -> String {
    world.get(&at(n)).await.ok()["state"].as_str().unwrap().to_owned()
}

async fn journey(world: &World, n: u128) -> Value {
    world.get(&format!("/api/v1/journeys/{}", id(n))).await.ok()
}

#[tokio::test]
async fn s0_41_the_sale_of_a_demo_counts_once_management_approved_it() {
    for world in World::both().await {
        world.quoted(1).await;
        assert_eq!(state(&world, 1).await, "quote_in_progress");
        let sold =
            world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await;
        assert_eq!(sold.events(), ["quote.marked_sold", "quote.sold", "sale.created"]);
        assert_eq!(state(&world, 1).await, "sold_pending_approval");
        assert_eq!((&journey(&world, 1).await["net_sold_minor"], &journey(&world, 1).await["pending_minor"]), (&json!(0), &json!(100_000)));
        let approved = world.post(&format!("{}/sales/{}/approve", at(1), id(1)), approval()).await;
        assert_eq!(approved.events(), ["sale.approved", "journey.closed", "ledger.entry_posted", "job.opened"]);
        assert_eq!(state(&world, 1).await, "customer");
        let shown = journey(&world, 1).await;
        assert_eq!(
            (&shown["net_sold_minor"], &shown["outcome"], &shown["rep"], &shown["scheduler"]),
            (&json!(100_000), &json!("sold"), &json!("Ben"), &json!("Ana"))
        );
    }
}

#[tokio::test]
async fn a_refused_sale_goes_back_and_may_be_taken_up_again() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        let refused = world.post(&format!("{}/sales/{}/not-approve", at(1), id(1)), json!({ "reason": "credit declined", "note": "try again" })).await;
        assert_eq!(refused.events(), ["sale.not_approved", "quote.not_approved"]);
        assert_eq!(state(&world, 1).await, "quote_in_progress");
        let back = world.post(&format!("{}/sales/{}/move-back", at(1), id(1)), json!({ "job_standing": "active" })).await;
        assert_eq!(back.events(), ["sale.moved_back_to_sold", "quote.sold_again"]);
        assert_eq!(state(&world, 1).await, "sold_pending_approval");
    }
}

#[tokio::test]
async fn change_orders_cancels_and_reactivations_move_net_sold() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        let sale = format!("{}/sales/{}", at(1), id(1));
        world.post(&format!("{sale}/approve"), approval()).await.ok();
        world.post(&format!("{sale}/approve-change-order"), json!({ "change_order": id(1), "amount_minor": -20_000 })).await.ok();
        assert_eq!(journey(&world, 1).await["net_sold_minor"], 80_000);
        let fields = json!({ "reason": "changed their mind", "fee_minor": 5_000, "cancel_date": "2026-07-01", "note": "by phone" });
        let canceled = world.post(&format!("{sale}/cancel"), fields).await;
        let told = ["sale.canceled", "sale.cancel_fee_charged", "journey.outcome_revised", "ledger.entry_posted", "job.canceled", "ledger.entry_posted"];
        assert_eq!(canceled.events(), told);
        let shown = journey(&world, 1).await;
        assert_eq!((&shown["net_sold_minor"], &shown["outcome"]), (&json!(0), &json!("sold_canceled")));
        assert_eq!(state(&world, 1).await, "remarket");
        let back = world.post(&format!("{sale}/reactivate"), json!({ "job_standing": "active", "note": "they stay" })).await;
        let told = ["sale.reactivated", "journey.outcome_revised", "ledger.entry_posted", "ledger.entry_posted", "job.reopened"];
        assert_eq!(back.events(), told);
        assert_eq!(journey(&world, 1).await["net_sold_minor"], 80_000);
        assert_eq!(state(&world, 1).await, "customer");
        world.post(&format!("{sale}/change-rep"), json!({ "rep": "Ana", "reason": "left" })).await.ok();
        assert_eq!(journey(&world, 1).await["rep"], "Ben", "the journey's rep stays");
    }
}

#[tokio::test]
async fn s0_14_a_lost_contact_is_put_aside_and_returns_with_another_journey() {
    for world in World::both().await {
        world.quoted(1).await;
        let lost = world.post(&format!("{}/lose", at(1)), json!({ "reason": "too expensive" })).await;
        assert_eq!(lost.events(), ["contact.lost", "journey.closed", "quote.lost"]);
        world.post(&format!("{}/move-to-remarket", at(1)), json!({ "reason": "next year" })).await.ok();
        let back =
            world.post(&format!("{}/return", at(1)), json!({ "journey": id(2), "source": "Home Show", "product": "Roofing", "campaign": "Spring" })).await;
        assert_eq!(back.events(), ["contact.returned", "journey.opened"]);
        assert_eq!(state(&world, 1).await, "new_incoming");
        let (first, second) = (journey(&world, 1).await, journey(&world, 2).await);
        assert_eq!((&first["outcome"], &first["source"], &first["product"]), (&json!("lost"), &json!("Radio"), &json!("Windows")));
        assert_eq!((&second["origin"], &second["source"], &second["campaign"]), (&json!("remarket"), &json!("Home Show"), &json!("Spring")));
    }
}

#[tokio::test]
async fn s0_19_open_journeys_follow_the_contacts_source_and_closed_ones_are_frozen() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let changed = world.post(&format!("{}/change-source", at(1)), json!({ "source": "Home Show" })).await;
        assert_eq!(changed.events(), ["contact.source_changed", "journey.dimensions_changed"]);
        assert_eq!(journey(&world, 1).await["source"], "Home Show");
        world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved" })).await.ok();
        let frozen = world.post(&format!("{}/change-source", at(1)), json!({ "source": "Radio" })).await;
        assert_eq!(frozen.events(), ["contact.source_changed"]);
        assert_eq!(journey(&world, 1).await["source"], "Home Show");
    }
}

#[tokio::test]
async fn s0_15_rehash_and_other_products_have_their_own_people() {
    for world in World::both().await {
        world.quoted(1).await;
        let rehash = world.post(&format!("{}/assign-rehash", at(1)), json!({ "journey": id(1), "rehash_rep": "Ana", "reason": "price" })).await;
        assert_eq!(rehash.events(), ["journey.rehash_assigned"]);
        let meeting = json!({ "meeting": id(8), "journey": id(1), "kind": "rehash", "start": "2026-07-05T16:00:00Z", "length_minutes": 60, "by": "Ana" });
        world.post(&format!("{}/meetings", at(1)), meeting).await.ok();
        let shown = journey(&world, 1).await;
        assert_eq!((&shown["rehash_rep"], &shown["meeting_at"]), (&json!("Ana"), &json!("2026-07-01T16:00:00Z")), "a rehash meeting never governs");
        let same = json!({ "journey": id(2), "product": "Windows", "rep": "Ana", "meeting": id(9), "start": "2026-07-06T16:00:00Z", "by": "Ana" });
        assert_eq!(world.post(&format!("{}/add-other-product-rep", at(1)), same).await.pointers(), ["/product"]);
        let other = json!({ "journey": id(2), "product": "Roofing", "rep": "Ana", "meeting": id(9), "start": "2026-07-06T16:00:00Z", "by": "Ana" });
        let added = world.post(&format!("{}/add-other-product-rep", at(1)), other).await;
        assert_eq!(added.events(), ["contact.other_product_rep_added", "journey.opened", "meeting.set"]);
        assert_eq!(state(&world, 1).await, "rehash", "another product's journey does not move the contact");
    }
}

#[tokio::test]
async fn s0_27_a_canceled_demo_is_recorded_with_all_that_was_known() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let meeting = json!({ "meeting": id(1), "journey": id(1), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-03T16:00:00Z", "length_minutes": 60, "by": "Ana" });
        world.post(&format!("{}/meetings", at(1)), meeting).await.ok();
        world.post(&format!("{}/meetings/{}/confirm", at(1), id(1)), json!({ "with_whom": "Mrs. Contact", "decision_makers": true })).await.ok();
        world.post(&format!("{}/meetings/{}/issue", at(1), id(1)), json!({ "rep": "Ben" })).await.ok();
        assert_eq!(journey(&world, 1).await["rep"], "Ben");
        world.clock.set("2026-07-02T16:00:00Z");
        world.post(&format!("{}/meetings/{}/cancel", at(1), id(1)), json!({ "reason": "sick", "asked_by": "customer", "by": "Ana" })).await.ok();
        let rows = world.get("/api/v1/canceled-demos?reason=sick").await.ok();
        let row = &rows["data"][0];
        let told =
            ["contact", "source", "product", "scheduler", "rep", "start", "canceled_at", "reason", "asked_by", "canceled_by"].map(|field| row[field].clone());
        let expected = [
            json!(id(1)),
            json!("Radio"),
            json!("Windows"),
            json!("Ana"),
            json!("Ben"),
            json!("2026-07-03T16:00:00Z"),
            json!("2026-07-02T16:00:00Z"),
            json!("sick"),
            json!("customer"),
            json!("Ana"),
        ];
        assert_eq!(told, expected);
        assert_eq!(rows["data"].as_array().unwrap().len(), 1);
        let shown = journey(&world, 1).await;
        assert_eq!(
            (&shown["rep"], &shown["scheduler"], &shown["meeting_at"]),
            (&Value::Null, &json!("Ana"), &Value::Null),
            "a cancel undoes the issue, not the set"
        );
        assert_eq!(world.get("/api/v1/canceled-demos?reason=rain").await.ok()["data"], json!([]));
    }
}

#[tokio::test]
async fn what_a_command_makes_stands_in_its_answer_by_kind() {
    for world in World::both().await {
        let made = async |path: &str, body: Value| world.post(path, body).await.ok()["created"].clone();
        let kinds = |created: &Value| created.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
        // Whatever is made can be used at once by the id that is told.
        let lead = json!({ "source": "Radio", "product": "Windows", "name": "Lopez", "phones": ["716-555-0100"], "address": "1 Main St" });
        let first = world.post_with("/api/v1/contacts", &[("idempotency-key", "lopez")], lead.clone()).await.ok()["created"].clone();
        assert_eq!(kinds(&first), ["contact", "journey"]);
        let again = world.post_with("/api/v1/contacts", &[("idempotency-key", "lopez")], lead).await.ok();
        assert_eq!((&again["created"], &again["contact"]), (&first, &first["contact"]), "an answer that is given again names what was made then");
        let contact = format!("/api/v1/contacts/{}", first["contact"].as_str().unwrap());
        let of = |what: &str, created: &Value, kind: &str, verb: &str| format!("{contact}/{what}/{}/{verb}", created[kind].as_str().unwrap());

        let start = json!({ "journey": first["journey"], "kind": "demo", "start": world.clock.now(), "length_minutes": 90, "decision_makers": true, "address_checked": true, "by": "Ana" });
        let demo = made(&format!("{contact}/meetings"), start).await;
        assert_eq!(kinds(&demo), ["meeting"]);
        world.post(&of("meetings", &demo, "meeting", "confirm"), json!({ "with_whom": "Mrs. Lopez", "decision_makers": true })).await.ok();
        let issued = world.post(&of("meetings", &demo, "meeting", "issue"), json!({ "rep": "Ben" })).await.ok();
        assert_eq!(issued.get("created"), None, "it made nothing");
        world.post(&of("meetings", &demo, "meeting", "result"), json!({ "result": "demoed_not_sold" })).await.ok();
        let items = json!([{ "description": "Window", "quantity": 2, "unit_price_minor": 50_000 }]);
        let quote = made(&format!("{contact}/quotes"), json!({ "journey": first["journey"], "product": "Windows", "items": items })).await;
        let finalize = json!({ "valid_until": "2026-08-01", "terms": "half on signing" });
        world.post(&of("quotes", &quote, "quote", "finalize"), finalize.clone()).await.ok();
        let revision = made(&of("quotes", &quote, "quote", "revise"), json!({})).await;
        assert_eq!((kinds(&quote), kinds(&revision)), (vec!["quote".to_owned()], vec!["quote".to_owned()]));
        world.post(&of("quotes", &revision, "quote", "finalize"), finalize).await.ok();
        let sale = made(&of("quotes", &revision, "quote", "mark-sold"), json!({ "sign_date": "2026-07-01", "paper": "folder 17" })).await;
        assert_eq!(kinds(&sale), ["sale"]);
        world.post(&of("sales", &sale, "sale", "approve"), approval()).await.ok();
        let order = made(&of("sales", &sale, "sale", "change-orders"), json!({ "amount_minor": 5_000 })).await;
        assert_eq!(kinds(&order), ["change_order"]);
        world.post(&of("change-orders", &order, "change_order", "sign"), json!({ "signed_on": "2026-07-01" })).await.ok();
        let approved = world.post(&of("change-orders", &order, "change_order", "approve"), json!({})).await.ok();
        assert_eq!(approved.get("created"), None, "it was there");
        assert_eq!(kinds(&made(&of("sales", &sale, "sale", "approve-change-order"), json!({ "amount_minor": 1_000 })).await), ["change_order"]);
        assert_eq!(kinds(&made(&of("sales", &sale, "sale", "post-entry"), json!({ "kind": "down_payment", "amount_minor": 100 })).await), ["entry"]);
        let other = json!({ "product": "Roofing", "rep": "Ana", "start": "2026-07-02T16:00:00Z", "by": "Ana" });
        let other = made(&format!("{contact}/add-other-product-rep"), other).await;
        assert_eq!(kinds(&other), ["journey", "meeting"]);
        assert_eq!(world.get(&format!("/api/v1/journeys/{}", other["journey"].as_str().unwrap())).await.ok()["product"], "Roofing");

        for (list, kind, body) in [
            ("sources", "source", json!({ "name": "Angi" })),
            ("products", "product", json!({ "name": "Doors" })),
            ("people", "person", json!({ "name": "Cid" })),
            ("categories", "category", json!({ "name": "Family" })),
            ("reasons", "reason", json!({ "list": "lost", "name": "Price" })),
            ("meeting-types", "meeting_type", json!({ "name": "Service", "kind": "other", "confirm_and_issue": false })),
            ("campaigns", "campaign", json!({ "name": "Spring", "audience": {} })),
        ] {
            let created = made(&format!("/api/v1/{list}"), body).await;
            assert_eq!(kinds(&created), [kind]);
            let listed = world.get(&format!("/api/v1/{list}")).await.ok();
            let ids = listed["data"].as_array().unwrap().iter().map(|row| row.get("id").or(row.get("campaign")).unwrap());
            assert!(ids.into_iter().any(|id| *id == created[kind]), "{list}");
        }
    }
}
