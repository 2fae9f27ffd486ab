//! The edge cases of METRICS C.10, one test each, in the order of its table: what each does to leads added, set and issued, to their money, and
//! to the sales by their own dates.

use super::*;
use crate::world::approval;

const BEFORE: &str = "2026-07-02T15:00:00Z";
const START: &str = "2026-07-03T16:00:00Z";
const AFTER: &str = "2026-07-03T19:00:00Z";

/// Sets a demo of contact `n` by Ana, and issues it to Ben.
async fn issued(world: &World, n: u128) {
    with_demo(world, n, START).await;
    issue(world, n, n, "Ben").await;
}

/// Confirms and issues a meeting of contact `n`.
async fn issue(world: &World, n: u128, of: u128, rep: &str) {
    let path = format!("{}/meetings/{}", at(n), id(of));
    world.post(&format!("{path}/confirm"), json!({ "with_whom": "Mrs. Lopez", "decision_makers": true, "by": "Ana" })).await.ok();
    world.post(&format!("{path}/issue"), json!({ "rep": rep, "by": "Ana", "overbook": true, "reason": "same street" })).await.ok();
}

/// Sets a demo of contact `n` once more.
async fn set_again(world: &World, n: u128, of: u128, by: &str) {
    let mut fields = demo(n, "2026-07-06T16:00:00Z");
    (fields["meeting"], fields["by"]) = (json!(id(of)), json!(by));
    world.post(&format!("{}/meetings", at(n)), fields).await.ok();
}

/// Cancels the demo of contact `n`.
async fn cancel_demo(world: &World, n: u128) {
    meeting(world, n, "cancel", json!({ "reason": "sick", "asked_by": "customer", "by": "Ana" })).await.ok();
}

/// Holds the demo of contact `n`, with this result.
async fn held(world: &World, n: u128, result: &str) {
    issued(world, n).await;
    world.clock.set(AFTER);
    meeting(world, n, "result", json!({ "result": result, "by": "Ben" })).await.ok();
}

/// Sells an offer of contact `n` after its demo: the sale waits for approval.
async fn sell(world: &World, n: u128, of: u128) {
    let mut fields = quote(n);
    fields["quote"] = json!(id(of));
    world.post(&format!("{}/quotes", at(n)), fields).await.ok();
    world.post(&format!("{}/quotes/{}/finalize", at(n), id(of)), final_terms()).await.ok();
    let signed = json!({ "sale": id(of), "sign_date": "2026-07-03", "paper": "folder 17" });
    world.post(&format!("{}/quotes/{}/mark-sold", at(n), id(of)), signed).await.ok();
}

fn approved() -> Value {
    let mut fields = approval();
    fields["sign_date"] = json!("2026-07-03");
    fields
}

/// A sale of contact `n` that management approved.
async fn official(world: &World, n: u128) {
    held(world, n, "demoed_not_sold").await;
    sell(world, n, n).await;
    sale(world, n, "approve", approved()).await.ok();
}

/// Leads and money by source as added, by scheduler as set and by rep as issued, three weeks later.
async fn counted(world: &World) -> Value {
    let mut all = json!({});
    for (figure, name) in [("nsla", "added"), ("nsls", "set"), ("nsli", "issued")] {
        let answer = world.get(&format!("/api/v1/figures/{figure}?as_of=2026-07-25T16:00:00Z&window=last_30_days")).await.ok();
        all[name] = json!({});
        for row in answer["windows"][0]["rows"].as_array().unwrap() {
            all[name][row["key"].as_str().unwrap()] = json!([row["leads"], row["net_sold_minor"]]);
        }
    }
    all
}

/// What moved the sales of each rep in July: gross sold, change orders, net canceled, reactivated, net sold, pending.
async fn moved(world: &World) -> Value {
    let team = world.get("/api/v1/dashboards/sales-team?as_of=2026-07-25T16:00:00Z").await.ok();
    let month = team["sales"].as_array().unwrap().iter().find(|table| table["window"] == "this_month").unwrap();
    let fields = ["gross_sold_minor", "change_orders_minor", "net_canceled_minor", "reactivated_minor", "net_sold_minor", "pending_minor"];
    let row = |row: &Value| (row["key"].as_str().unwrap().to_owned(), fields.map(|field| row[field].clone()).to_vec().into());
    Value::Object(month["rows"].as_array().unwrap().iter().map(row).collect())
}

fn one(net: i64) -> Value {
    json!({ "added": { "Radio": [1, net] }, "set": { "Ana": [1, net] }, "issued": { "Ben": [1, net] } })
}

const NOT_ISSUED: fn() -> Value = || json!({ "added": { "Radio": [1, 0] }, "set": { "Ana": [1, 0] }, "issued": {} });

#[tokio::test]
async fn c10_01_a_demo_canceled_before_issue_stays_set() {
    for world in World::both().await {
        with_demo(&world, 1, START).await;
        cancel_demo(&world, 1).await;
        assert_eq!(counted(&world).await, NOT_ISSUED());
    }
}

#[tokio::test]
async fn c10_02_a_demo_canceled_after_issue_is_no_longer_issued() {
    for world in World::both().await {
        issued(&world, 1).await;
        assert_eq!(counted(&world).await, one(0));
        cancel_demo(&world, 1).await;
        assert_eq!(counted(&world).await, NOT_ISSUED());
        assert_eq!(moved(&world).await, json!({}));
    }
}

#[tokio::test]
async fn c10_03_set_again_by_another_scheduler_it_is_theirs() {
    for world in World::both().await {
        with_demo(&world, 1, START).await;
        cancel_demo(&world, 1).await;
        world.clock.set(BEFORE);
        set_again(&world, 1, 11, "Ben").await;
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [1, 0] }, "set": { "Ben": [1, 0] }, "issued": {} }));
        assert_eq!(journey(&world, 1).await["set_at"], BEFORE);
    }
}

#[tokio::test]
async fn c10_04_rescheduled_it_is_issued_only_when_it_is_issued_again() {
    for world in World::both().await {
        issued(&world, 1).await;
        meeting(&world, 1, "reschedule", json!({ "start": "2026-07-07T16:00:00Z", "reason": "storm", "asked_by": "us", "by": "Ana" })).await.ok();
        assert_eq!(counted(&world).await, NOT_ISSUED());
        issue(&world, 1, 1, "Ben").await;
        assert_eq!(counted(&world).await, one(0));
        assert_eq!(journey(&world, 1).await["meeting_at"], "2026-07-07T16:00:00Z");
    }
}

#[tokio::test]
async fn c10_05_issued_to_another_rep_it_counts_for_the_last_one() {
    for world in World::both().await {
        issued(&world, 1).await;
        meeting(&world, 1, "issue", json!({ "rep": "Ana", "reason": "ill", "by": "Ana" })).await.ok();
        assert_eq!(counted(&world).await["issued"], json!({ "Ana": [1, 0] }));
    }
}

#[tokio::test]
async fn c10_06_no_show_one_leg_and_not_demoed_are_issued_and_not_demoed() {
    for world in World::both().await {
        for (n, result) in [(1, "no_show"), (2, "one_leg"), (3, "not_demoed")] {
            world.clock.set("2026-07-01T16:00:00Z");
            held(&world, n, result).await;
            let shown = journey(&world, n).await;
            assert_eq!((&shown["result"], &shown["demoed"]), (&json!(result), &json!(false)));
        }
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [3, 0] }, "set": { "Ana": [3, 0] }, "issued": { "Ben": [3, 0] } }));
    }
}

#[tokio::test]
async fn c10_07_a_one_leg_lead_that_is_issued_again_is_one_lead_of_the_last_rep_and_time() {
    for world in World::both().await {
        held(&world, 1, "one_leg").await;
        set_again(&world, 1, 11, "Ben").await;
        issue(&world, 1, 11, "Ana").await;
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [1, 0] }, "set": { "Ben": [1, 0] }, "issued": { "Ana": [1, 0] } }));
        assert_eq!(journey(&world, 1).await["meeting_at"], "2026-07-06T16:00:00Z");
    }
}

#[tokio::test]
async fn c10_08_a_rehash_sale_is_money_for_source_scheduler_and_the_journeys_rep() {
    for world in World::both().await {
        held(&world, 1, "demoed_not_sold").await;
        world.post(&format!("{}/assign-rehash", at(1)), json!({ "journey": id(1), "rehash_rep": "Ana", "reason": "price" })).await.ok();
        sell(&world, 1, 1).await;
        sale(&world, 1, "approve", approved()).await.ok();
        assert_eq!(counted(&world).await, one(100_000));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 0, 0, 100_000, 0] }));
        assert_eq!(journey(&world, 1).await["rehash_rep"], "Ana");
    }
}

#[tokio::test]
async fn c10_09_another_products_rep_is_a_second_lead_with_its_own_demo() {
    for world in World::both().await {
        issued(&world, 1).await;
        let other = json!({ "journey": id(2), "product": "Roofing", "rep": "Ana", "meeting": id(12), "start": "2026-07-06T16:00:00Z", "by": "Ben" });
        world.post(&format!("{}/add-other-product-rep", at(1)), other).await.ok();
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [2, 0] }, "set": { "Ana": [1, 0], "Ben": [1, 0] }, "issued": { "Ben": [1, 0] } }));
        issue(&world, 1, 12, "Ana").await;
        assert_eq!(counted(&world).await["issued"], json!({ "Ana": [1, 0], "Ben": [1, 0] }));
    }
}

#[tokio::test]
async fn c10_10_a_return_is_a_new_lead_of_its_present_source() {
    for world in World::both().await {
        issued(&world, 1).await;
        world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved" })).await.ok();
        world.clock.set(BEFORE);
        world.post(&format!("{}/return", at(1)), json!({ "journey": id(2), "source": "Home Show", "product": "Windows" })).await.ok();
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [1, 0], "Home Show": [1, 0] }, "set": { "Ana": [1, 0] }, "issued": {} }));
    }
}

#[tokio::test]
async fn c10_11_a_sale_that_waits_for_approval_is_pending() {
    for world in World::both().await {
        held(&world, 1, "demoed_not_sold").await;
        sell(&world, 1, 1).await;
        assert_eq!(counted(&world).await, one(0));
        assert_eq!(moved(&world).await, json!({ "Ben": [0, 0, 0, 0, 0, 100_000] }));
        assert_eq!(journey(&world, 1).await["pending_minor"], 100_000);
    }
}

#[tokio::test]
async fn c10_12_and_13_a_refused_sale_counts_for_nothing_until_it_is_taken_up_again_and_approved() {
    for world in World::both().await {
        held(&world, 1, "demoed_not_sold").await;
        sell(&world, 1, 1).await;
        sale(&world, 1, "not-approve", json!({ "reason": "credit declined", "note": "try again" })).await.ok();
        assert_eq!(counted(&world).await, one(0));
        assert_eq!(moved(&world).await, json!({}));
        assert_eq!(journey(&world, 1).await["pending_minor"], 0);
        sale(&world, 1, "move-back", json!({ "job_standing": "active" })).await.ok();
        sale(&world, 1, "approve", approved()).await.ok();
        assert_eq!(counted(&world).await, one(100_000));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 0, 0, 100_000, 0] }));
    }
}

#[tokio::test]
async fn c10_14_a_change_order_changes_the_journeys_money_at_any_age() {
    for world in World::both().await {
        official(&world, 1).await;
        world.clock.set("2026-07-20T16:00:00Z");
        sale(&world, 1, "approve-change-order", json!({ "change_order": id(1), "amount_minor": -20_000 })).await.ok();
        assert_eq!(counted(&world).await, one(80_000));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, -20_000, 0, 0, 80_000, 0] }));
    }
}

#[tokio::test]
async fn c10_15_16_and_18_a_canceled_sale_counts_for_nothing_whatever_its_fee_until_it_is_reactivated() {
    for world in World::both().await {
        official(&world, 1).await;
        let ended = journey(&world, 1).await["closed_at"].clone();
        world.clock.set("2026-07-20T16:00:00Z");
        sale(&world, 1, "cancel", json!({ "reason": "regret", "fee_minor": 5_000, "cancel_date": "2026-07-20", "note": "by phone" })).await.ok();
        assert_eq!(counted(&world).await, one(0));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 100_000, 0, 0, 0] }));
        sale(&world, 1, "reactivate", json!({ "job_standing": "active", "note": "they stay" })).await.ok();
        assert_eq!(counted(&world).await, one(100_000));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 100_000, 100_000, 100_000, 0] }));
        let shown = journey(&world, 1).await;
        assert_eq!((&shown["closed_at"], &shown["set_at"]), (&ended, &json!("2026-07-01T16:00:00Z")), "its times do not move");
    }
}

#[tokio::test]
async fn c10_17_a_rescinded_sale_counts_as_canceled() {
    for world in World::both().await {
        official(&world, 1).await;
        world.clock.set("2026-07-06T16:00:00Z");
        sale(&world, 1, "rescind", json!({ "received_on": "2026-07-06", "how": "mail" })).await.ok();
        assert_eq!(counted(&world).await, one(0));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 100_000, 0, 0, 0] }));
        let timeline = world.get(&format!("{}/timeline", at(1))).await.ok();
        let canceled = timeline["data"].as_array().unwrap().iter().find(|event| event["type"] == "sale.canceled").unwrap();
        assert_eq!(canceled["data"]["kind"], "rescission", "it is reported apart");
    }
}

#[tokio::test]
async fn c10_19_the_rep_of_a_sale_is_not_the_rep_of_its_journey() {
    for world in World::both().await {
        official(&world, 1).await;
        sale(&world, 1, "change-rep", json!({ "rep": "Ana", "reason": "left" })).await.ok();
        assert_eq!(counted(&world).await, one(100_000));
        assert_eq!(moved(&world).await, json!({ "Ana": [100_000, 0, 0, 0, 100_000, 0] }), "its movements are");
    }
}

#[tokio::test]
async fn c10_20_two_sales_of_a_journey_are_summed() {
    for world in World::both().await {
        held(&world, 1, "demoed_not_sold").await;
        for of in [1, 2] {
            let mut fields = quote(1);
            fields["quote"] = json!(id(of));
            world.post(&format!("{}/quotes", at(1)), fields).await.ok();
            world.post(&format!("{}/quotes/{}/finalize", at(1), id(of)), final_terms()).await.ok();
        }
        for of in [1, 2] {
            let signed = json!({ "sale": id(of), "sign_date": "2026-07-03", "paper": "folder 17" });
            world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(of)), signed).await.ok();
        }
        for of in [1, 2] {
            world.post(&format!("{}/sales/{}/approve", at(1), id(of)), approved()).await.ok();
        }
        assert_eq!(counted(&world).await, one(200_000));
        assert_eq!(moved(&world).await, json!({ "Ben": [200_000, 0, 0, 0, 200_000, 0] }));
    }
}

#[tokio::test]
async fn c10_21_a_direct_sale_is_money_for_the_source_alone() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [1, 100_000] }, "set": {}, "issued": {} }));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 0, 0, 100_000, 0] }));
    }
}

#[tokio::test]
async fn c10_22_and_23_an_open_lead_follows_its_source_and_a_closed_one_does_not() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        world.post(&format!("{}/change-source", at(1)), json!({ "source": "Home Show" })).await.ok();
        assert_eq!(counted(&world).await["added"], json!({ "Home Show": [1, 0] }));
        world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved" })).await.ok();
        world.post(&format!("{}/change-source", at(1)), json!({ "source": "Radio" })).await.ok();
        assert_eq!(counted(&world).await["added"], json!({ "Home Show": [1, 0] }));
    }
}

#[tokio::test]
async fn c10_24_a_voided_journey_leaves_and_its_sale_stays_a_contract() {
    for world in World::both().await {
        official(&world, 1).await;
        world.post(&format!("{0}/journeys/{1}/void", at(1), id(1)), json!({ "reason": "entered twice" })).await.ok();
        assert_eq!(counted(&world).await, json!({ "added": {}, "set": {}, "issued": {} }));
        assert_eq!(moved(&world).await, json!({ "Ben": [100_000, 0, 0, 0, 100_000, 0] }));
        assert!(open(&world, 1, "sale").await.contains(&"sale.post_entry".to_owned()), "the contract is real");
    }
}

#[tokio::test]
async fn c10_25_merged_contacts_keep_a_lead_each() {
    for world in World::both().await {
        issued(&world, 1).await;
        world.add_contact(2).await.ok();
        world.post(&format!("{}/merge", at(1)), json!({ "other": id(2), "reason": "married" })).await.ok();
        assert_eq!(counted(&world).await, json!({ "added": { "Radio": [2, 0] }, "set": { "Ana": [1, 0] }, "issued": { "Ben": [1, 0] } }));
    }
}

#[tokio::test]
async fn c10_26_nothing_in_the_window_has_no_index() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let answer = world.get("/api/v1/figures/nsls?as_of=2026-07-25T16:00:00Z&window=last_30_days").await.ok();
        let total = &answer["windows"][0]["total"];
        assert_eq!((&total["leads"], &total["net_sold_minor"], &total["index_minor"]), (&json!(0), &json!(0), &Value::Null));
        assert_eq!(moved(&world).await, json!({}));
    }
}
