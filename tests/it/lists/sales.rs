//! Quotes and sales on their lists, and the one job status that is shown everywhere.

use super::{ids, listed};
use crate::world::{World, approval, id};
use serde_json::{Value, json};

async fn post(world: &World, n: u128, path: &str, body: Value) {
    world.post(&format!("/api/v1/contacts/{}/{path}", id(n)), body).await.ok();
}

/// The quote of contact `n` becomes the sale `n`.
pub async fn sell(world: &World, n: u128) {
    post(world, n, &format!("quotes/{}/mark-sold", id(n)), json!({ "sale": id(n), "sign_date": "2026-07-01", "paper": "folder 17", "by": "Ben" })).await;
}

/// The sale `n` is approved and its job completed.
async fn complete(world: &World, n: u128) {
    approve(world, n).await;
    finish(world, n).await;
}

pub async fn approve(world: &World, n: u128) {
    post(world, n, &format!("sales/{}/approve", id(n)), approval()).await;
}

/// The job of the sale `n` is done.
pub async fn finish(world: &World, n: u128) {
    let sale = format!("sales/{}", id(n));
    let visit = json!({
        "visited_on": "2026-07-01", "job_owner": "Ana", "visitor": "Ana", "documents": "folder 18", "hoa": false, "overview": "two windows", "property_type": "single_family",
    });
    post(world, n, &format!("{sale}/job/complete-site-visit"), visit).await;
    post(world, n, &format!("{sale}/job/approve-to-proceed"), json!({})).await;
    post(world, n, &format!("{sale}/job/schedule"), json!({ "install_on": "2026-07-02" })).await;
    post(world, n, &format!("{sale}/job/start-install"), json!({})).await;
    post(world, n, &format!("{sale}/job/complete-final"), json!({ "revenue_recognized_on": "2026-07-01", "note": "all done" })).await;
}

async fn one(world: &World, path: &str) -> Value {
    let (rows, _) = listed(world, path).await;
    assert_eq!(rows.len(), 1, "{path}");
    rows[0].clone()
}

#[tokio::test]
async fn s0_35_each_quote_says_when_it_entered_each_state() {
    for world in World::both().await {
        world.quoted(1).await;
        world.clock.set("2026-07-02T16:00:00Z");
        post(&world, 1, &format!("quotes/{}/revise", id(1)), json!({ "revision": id(2), "by": "Ben" })).await;
        world.clock.set("2026-07-03T16:00:00Z");
        post(&world, 1, &format!("quotes/{}/lose", id(2)), json!({ "reason": "price", "by": "Ben" })).await;
        let (rows, states) = listed(&world, "/api/v1/quotes").await;
        let lost = json!({
            "quote": id(2), "contact": id(1), "contact_name": "Contact 1", "journey": id(1), "product": "Windows", "product_id": id(200),
            "rep": "Ben", "rep_id": id(301), "state": "lost", "state_since": "2026-07-03T16:00:00Z",
            "entered": { "draft": "2026-07-02T16:00:00Z", "lost": "2026-07-03T16:00:00Z" },
            "total_minor": 100_000, "valid_until": null, "replaces": id(1), "replaced_by": null, "jobs": [],
        });
        let superseded = json!({
            "quote": id(1), "contact": id(1), "contact_name": "Contact 1", "journey": id(1), "product": "Windows", "product_id": id(200),
            "rep": "Ben", "rep_id": id(301), "state": "superseded", "state_since": "2026-07-02T16:00:00Z",
            "entered": { "draft": "2026-07-01T16:00:00Z", "finalized": "2026-07-01T16:00:00Z", "superseded": "2026-07-02T16:00:00Z" },
            "total_minor": 100_000, "valid_until": "2026-08-02T03:59:59.999999Z", "replaces": null, "replaced_by": id(2), "jobs": [],
        });
        assert_eq!((rows, states), (vec![lost, superseded], json!({ "lost": 1, "superseded": 1 })));
        for (query, expected) in [
            ("state=superseded", vec![1]),
            ("state=draft", vec![]),
            ("rep=Ben&product=Windows", vec![2, 1]),
            ("rep=Ana", vec![]),
            ("product=Roofing", vec![]),
            ("from=2026-07-03T00:00:00Z", vec![2]),
            ("to=2026-07-03T00:00:00Z", vec![1]),
            ("q=contact%201&state=lost", vec![2]),
            ("contact=00000000-0000-0000-0000-000000000001", vec![2, 1]),
        ] {
            assert_eq!(ids(&world, &format!("/api/v1/quotes?{query}"), "quote").await, expected, "{query}");
        }
        for (query, at) in [("state=tea", "?state"), ("q=a%0Ab", "?q"), ("kind=demo", "?kind")] {
            assert_eq!(world.get(&format!("/api/v1/quotes?{query}")).await.pointers(), [at], "{query}");
        }
    }
}

#[tokio::test]
async fn s0_45_sales_are_listed_with_their_money_and_their_job() {
    for world in World::both().await {
        for n in [1, 2] {
            world.quoted(n).await;
            sell(&world, n).await;
        }
        let waiting = json!({
            "sale": id(1), "contact": id(1), "contact_name": "Contact 1", "journey": id(1), "quote": id(1), "product": "Windows", "product_id": id(200),
            "rep": "Ben", "rep_id": id(301), "state": "sold", "state_since": "2026-07-01T16:00:00Z", "needs_approval": true,
            "contract_minor": 100_000, "balance_minor": 0, "job_status": "in_sale_review", "job_standing": "active",
            "signed_at": "2026-07-01T04:00:00Z", "approved_at": null, "canceled_at": null, "due_since": null, "lien_release_owed": false,
        });
        assert_eq!(one(&world, "/api/v1/sales?q=1%20Main").await, waiting);
        world.clock.set("2026-07-01T18:00:00Z");
        complete(&world, 1).await;
        let mut due = waiting.clone();
        for (field, value) in [
            ("state", json!("balance_due")),
            ("state_since", json!("2026-07-01T18:00:00Z")),
            ("balance_minor", json!(100_000)),
            ("job_status", json!("install_complete_final")),
            ("approved_at", json!("2026-07-01T18:00:00Z")),
            ("due_since", json!("2026-07-01T18:00:00Z")),
        ] {
            due[field] = value;
        }
        assert_eq!(one(&world, "/api/v1/sales?state=balance_due").await, due);
        let (_, states) = listed(&world, "/api/v1/sales?state=balance_due").await;
        assert_eq!(states, json!({ "balance_due": 1, "sold": 1 }));
        for (query, expected) in [
            ("", vec![2, 1]),
            ("job_status=install_complete_final", vec![1]),
            ("job_status=in_sale_review&job_standing=active", vec![2]),
            ("job_standing=hold", vec![]),
            ("rep=Ben&product=Windows&q=contact%202", vec![2]),
            ("rep=Ana", vec![]),
            ("from=2026-07-01T04:00:01Z", vec![]),
            ("to=2026-07-01T04:00:00Z", vec![2, 1]),
            ("contact=00000000-0000-0000-0000-000000000002", vec![2]),
        ] {
            assert_eq!(ids(&world, &format!("/api/v1/sales?{query}"), "sale").await, expected, "{query}");
        }
        // A payment changes the balance at once, and the last one ends the collection (S0-46, S0-47).
        let pay = |entry: u128, amount: i64| json!({ "entry": id(entry), "kind": "partial_payment", "amount_minor": amount, "dated": "2026-07-01", "document": "check 1" });
        post(&world, 1, &format!("sales/{}/post-entry", id(1)), pay(1, 40_000)).await;
        assert_eq!(one(&world, "/api/v1/sales?state=balance_due").await["balance_minor"], 60_000);
        post(&world, 1, &format!("sales/{}/post-entry", id(1)), pay(2, 60_000)).await;
        let paid = one(&world, "/api/v1/sales?state=paid_in_full").await;
        assert_eq!((&paid["balance_minor"], &paid["due_since"]), (&json!(0), &Value::Null));
        for (query, at) in [("state=tea", "?state"), ("job_status=tea", "?job_status"), ("job_standing=tea", "?job_standing"), ("source=Radio", "?source")] {
            assert_eq!(world.get(&format!("/api/v1/sales?{query}")).await.pointers(), [at], "{query}");
        }
    }
}

#[tokio::test]
async fn what_a_sale_leaves_to_be_done_is_listed_until_it_is_done() {
    for world in World::both().await {
        world.quoted(1).await;
        sell(&world, 1).await;
        complete(&world, 1).await;
        let sale = format!("sales/{}", id(1));
        let notice = json!({ "sent_on": "2026-07-01", "how": "certified_mail", "amount_minor": 100_000, "document": "letter 1" });
        post(&world, 1, &format!("{sale}/send-notice"), notice).await;
        world.clock.set("2026-07-20T16:00:00Z");
        let lien = json!({ "filed_on": "2026-07-20", "county": "Erie", "filing_number": "17", "amount_minor": 100_000 });
        post(&world, 1, &format!("{sale}/file-lien"), lien).await;
        let tasks = async || {
            let lists = world.get("/api/v1/worklists").await.ok();
            let mut found = Vec::new();
            for name in ["lien_to_release", "to_refund"] {
                let list = lists["data"].as_array().unwrap().iter().find(|list| list["name"] == name).unwrap().clone();
                let rows = ids(&world, list["rows"].as_str().unwrap(), "sale").await;
                assert_eq!(list["count"], rows.len(), "{name}");
                found.push(rows);
            }
            found
        };
        assert_eq!(tasks().await, [[] as [u128; 0], []]);
        let paid = json!({ "entry": id(1), "kind": "final_payment", "amount_minor": 100_500, "dated": "2026-07-20", "document": "check 1" });
        post(&world, 1, &format!("{sale}/post-entry"), paid).await;
        assert_eq!(tasks().await, [[1], [1]]);
        let at = |what: &str| format!("/api/v1/contacts/{}/{sale}/{what}", id(1));
        let early = world.post(&at("release-lien"), json!({ "released_on": "2026-07-19", "release_number": "18" })).await;
        assert_eq!((early.code(), early.pointers()), ("field_invalid", vec!["/released_on"]));
        post(&world, 1, &format!("{sale}/release-lien"), json!({ "released_on": "2026-07-20", "release_number": "18" })).await;
        assert_eq!(world.post(&at("close"), json!({})).await.code(), "guard_failed", "the customer paid too much");
        let back = json!({ "entry": id(2), "kind": "refund", "amount_minor": 500, "dated": "2026-07-20", "document": "transfer 1" });
        post(&world, 1, &format!("{sale}/post-entry"), back).await;
        assert_eq!(tasks().await, [[] as [u128; 0], []]);
        post(&world, 1, &format!("{sale}/close"), json!({})).await;
        assert_eq!(world.get("/api/v1/sales?task=tea").await.pointers(), ["?task"]);
    }
}

#[tokio::test]
async fn s0_50_sales_with_an_attorney_are_a_list() {
    for world in World::both().await {
        world.quoted(1).await;
        sell(&world, 1).await;
        complete(&world, 1).await;
        let sale = format!("sales/{}", id(1));
        post(
            &world,
            1,
            &format!("{sale}/send-notice"),
            json!({ "sent_on": "2026-07-01", "how": "certified_mail", "amount_minor": 100_000, "document": "letter 1" }),
        )
        .await;
        post(&world, 1, &format!("{sale}/send-to-attorney"), json!({ "attorney": "Ruiz & Ruiz", "sent_on": "2026-07-01" })).await;
        assert_eq!(ids(&world, "/api/v1/sales?state=sent_to_attorney", "sale").await, [1]);
        assert_eq!(ids(&world, "/api/v1/sales?state=sent_customer_notice", "sale").await, [] as [u128; 0]);
    }
}

#[tokio::test]
async fn s0_44_the_job_status_is_the_same_on_contact_journey_quote_meeting_and_sale() {
    for world in World::both().await {
        world.quoted(1).await;
        let views = [format!("/api/v1/contacts/{}", id(1)), format!("/api/v1/journeys/{}", id(1))];
        let lists = ["/api/v1/contacts", "/api/v1/journeys", "/api/v1/quotes", "/api/v1/meetings"];
        let everywhere = async |expected: Value| {
            for path in &views {
                assert_eq!(world.get(path).await.ok()["jobs"], expected, "{path}");
            }
            for path in lists {
                assert_eq!(world.get(path).await.ok()["data"][0]["jobs"], expected, "{path}");
            }
            let sales = world.get("/api/v1/sales").await.ok();
            let of_sales: Vec<Value> = sales["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|row| json!({ "sale": row["sale"], "job_status": row["job_status"], "job_standing": row["job_standing"] }))
                .collect();
            assert_eq!(json!(of_sales), expected);
        };
        everywhere(json!([])).await;
        sell(&world, 1).await;
        everywhere(json!([{ "sale": id(1), "job_status": "in_sale_review", "job_standing": "active" }])).await;
        complete(&world, 1).await;
        everywhere(json!([{ "sale": id(1), "job_status": "install_complete_final", "job_standing": "active" }])).await;
        post(&world, 1, &format!("sales/{}/job/close", id(1)), json!({})).await;
        everywhere(json!([{ "sale": id(1), "job_status": "job_closed", "job_standing": "closed" }])).await;
        let other = world.send_as("Other Windows", "GET", "/api/v1/sales", &[], None).await.ok();
        assert_eq!(other["data"], json!([]), "nothing of one company shows in the other");
    }
}
