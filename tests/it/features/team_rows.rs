//! The dashboards of the sales team and the schedulers, the three indexes, and which demos are canceled (S0-28 to 30, S0-58 to 77).

use super::at;
use crate::drift::change;
use crate::world::{World, approval, id, new_contact};
use serde_json::{Value, json};

/// Six demos of July, and three sales for 1,000.00 each: the first stands, the second was canceled, the third waits for approval.
async fn six_demos() -> Vec<World> {
    let worlds = World::both().await;
    for world in &worlds {
        world.quoted(1).await;
        sold(world, 1, "2026-07-01").await;
        approve(world, 1, "2026-07-01").await;
        set(world, 2, "Roofing", "Ben", "2026-07-03T15:00:00Z").await;
        cancel(world, 2, "sick", "2026-07-06T15:00:00Z").await;
        world.quoted(3).await;
        sold(world, 3, "2026-07-06").await;
        approve(world, 3, "2026-07-06").await;
        set(world, 4, "Windows", "Ana", "2026-07-07T15:00:00Z").await;
        let meeting = format!("{}/meetings/{}", at(4), id(4));
        world.post(&format!("{meeting}/confirm"), json!({ "with_whom": "Mr. Contact", "decision_makers": true, "by": "Ana" })).await.ok();
        world.post(&format!("{meeting}/issue"), json!({ "rep": "Ben", "by": "Ana" })).await.ok();
        world.quoted(5).await;
        sold(world, 5, "2026-07-07").await;
        cancel(world, 4, "rain", "2026-07-08T14:00:00Z").await;
        let regret = json!({ "reason": "regret", "fee_minor": 0, "cancel_date": "2026-07-08", "note": "by phone" });
        world.post(&format!("{}/sales/{}/cancel", at(3), id(3)), regret).await.ok();
        set(world, 6, "Roofing", "Ana", "2026-07-08T15:00:00Z").await;
        cancel(world, 6, "sick", "2026-07-08T16:00:00Z").await;
        world.clock.set("2026-07-09T15:00:00Z");
    }
    worlds
}

/// A lead of the home show, and a demo for the eleventh.
async fn set(world: &World, n: u128, product: &str, by: &str, now: &str) {
    world.clock.set(now);
    let mut lead = new_contact(n);
    (lead["source"], lead["product"]) = (json!("Home Show"), json!(product));
    world.post("/api/v1/contacts", lead).await.ok();
    let demo = json!({
        "meeting": id(n), "journey": id(n), "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2026-07-11T15:00:00Z",
        "length_minutes": 90, "by": by,
    });
    world.post(&format!("{}/meetings", at(n)), demo).await.ok();
}

async fn cancel(world: &World, n: u128, reason: &str, now: &str) {
    world.clock.set(now);
    world.post(&format!("{}/meetings/{}/cancel", at(n), id(n)), json!({ "reason": reason, "asked_by": "customer", "by": "Ana" })).await.ok();
}

async fn sold(world: &World, n: u128, signed_on: &str) {
    let fields = json!({ "sale": id(n), "sign_date": signed_on, "paper": "signed at the table" });
    world.post(&format!("{}/quotes/{}/mark-sold", at(n), id(n)), fields).await.ok();
}

async fn approve(world: &World, n: u128, signed_on: &str) {
    let mut fields = approval();
    fields["sign_date"] = json!(signed_on);
    world.post(&format!("{}/sales/{}/approve", at(n), id(n)), fields).await.ok();
}

async fn dashboard(world: &World, name: &str) -> Value {
    world.get(&format!("/api/v1/dashboards/{name}")).await.ok()
}

/// The values of a tile: this week, month, quarter and year.
fn tile(dashboard: &Value, name: &str) -> Vec<i64> {
    let tiles = dashboard["tiles"].as_array().unwrap().iter().filter(|tile| tile["tile"] == name);
    tiles.map(|tile| tile["value"].as_i64().unwrap()).collect()
}

/// The rows of a table of journeys in one window: key, product, leads, net sold, index.
fn rows(dashboard: &Value, table: &str, window: &str) -> Value {
    let found = dashboard["tables"].as_array().unwrap().iter().find(|shown| shown["table"] == table && shown["window"] == window).unwrap();
    let row = |row: &Value| json!([row["key"], row["product"], row["leads"], row["net_sold_minor"], row["index_minor"]]);
    found["rows"].as_array().unwrap().iter().map(row).collect()
}

/// The rows of cancel rates in one window, and all together: key, demos, canceled, rate, above the average.
fn rates(dashboard: &Value, key: &str, window: &str) -> Value {
    let found = dashboard["cancel_rates"].as_array().unwrap().iter().find(|shown| shown["key"] == key && shown["window"] == window).unwrap();
    let rate = |row: &Value| json!([row["key"], row["demos"], row["canceled"], row["rate"]["rate"], row["above_average"]]);
    found["rows"].as_array().unwrap().iter().chain([&found["total"]]).map(rate).collect()
}

/// What an address lists: the contacts' numbers, the last first.
async fn behind(world: &World, address: &Value) -> Vec<u128> {
    let listed = world.get(address.as_str().unwrap()).await.ok();
    listed["data"].as_array().unwrap().iter().map(|row| row["contact"].as_str().unwrap().parse::<uuid::Uuid>().unwrap().as_u128()).collect()
}

#[tokio::test]
async fn s0_28_types_of_leads_that_cancel_above_the_company_average_are_marked() {
    for world in six_demos().await {
        let shown = dashboard(&world, "canceled-demos").await;
        let sources = json!([["Home Show", 3, 3, 1.0, true], ["Radio", 3, 0, 0.0, false], [null, 6, 3, 0.5, null]]);
        assert_eq!(rates(&shown, "source", "last_30_days"), sources);
        let lately = json!([["Home Show", 3, 3, 1.0, true], ["Radio", 2, 0, 0.0, false], [null, 5, 3, 0.6, null]]);
        assert_eq!(rates(&shown, "source", "last_7_days"), lately);
        let products = json!([["Roofing", 2, 2, 1.0, true], ["Windows", 4, 1, 0.25, false], [null, 6, 3, 0.5, null]]);
        assert_eq!(rates(&shown, "product", "last_30_days"), products);
        assert_eq!(rates(&shown, "category", "last_30_days"), json!([[null, 6, 3, 0.5, false], [null, 6, 3, 0.5, null]]));
        let table = shown["cancel_rates"].as_array().unwrap().iter().find(|table| table["key"] == "source" && table["window"] == "last_30_days").unwrap();
        assert_eq!((&table["rows"][0]["few"], &table["total"]["few"]), (&json!(true), &json!(false)));
        assert_eq!(behind(&world, &table["rows"][0]["canceled_rows"]).await, [6, 4, 2]);
        assert_eq!(behind(&world, &table["rows"][1]["demo_rows"]).await, [5, 3, 1]);
        // Before the two that were canceled on the eighth.
        let then = world.get("/api/v1/dashboards/canceled-demos?as_of=2026-07-08T13:59:59Z").await.ok();
        let sources = json!([["Home Show", 2, 1, 0.5, true], ["Radio", 3, 0, 0.0, false], [null, 5, 1, 0.2, null]]);
        assert_eq!(rates(&then, "source", "last_30_days"), sources);
    }
}

#[tokio::test]
async fn s0_29_reasons_are_ranked_and_add_up_to_all_that_was_canceled() {
    for world in six_demos().await {
        let shown = dashboard(&world, "canceled-demos").await;
        let table = shown["cancel_rates"].as_array().unwrap().iter().find(|table| table["key"] == "reason" && table["window"] == "last_30_days").unwrap();
        let ranked: Value = table["rows"].as_array().unwrap().iter().map(|row| json!([row["key"], row["canceled"], row["share"], row["rate"]])).collect();
        assert_eq!(ranked, json!([["sick", 2, 0.6667, null], ["rain", 1, 0.3333, null]]));
        assert_eq!(table["total"]["canceled"], 3);
        assert_eq!(behind(&world, &table["rows"][0]["demo_rows"]).await, [6, 2]);
        assert_eq!(tile(&shown, "canceled"), [3, 3, 3, 3]);
    }
}

#[tokio::test]
async fn s0_30_schedulers_and_reps_whose_demos_cancel_above_the_average_are_marked() {
    for world in six_demos().await {
        let shown = dashboard(&world, "canceled-demos").await;
        let schedulers = json!([["Ana", 5, 2, 0.4, false], ["Ben", 1, 1, 1.0, true], [null, 6, 3, 0.5, null]]);
        assert_eq!(rates(&shown, "scheduler", "last_30_days"), schedulers);
        // Only demos that stand issued, or stood so when they were canceled.
        assert_eq!(rates(&shown, "rep", "last_30_days"), json!([["Ben", 4, 1, 0.25, false], [null, 4, 1, 0.25, null]]));
        let table = shown["cancel_rates"].as_array().unwrap().iter().find(|table| table["key"] == "rep" && table["window"] == "last_30_days").unwrap();
        assert_eq!(behind(&world, &table["total"]["demo_rows"]).await, [5, 4, 3, 1]);
    }
}

#[tokio::test]
async fn s0_58_nsla_is_net_sold_divided_by_leads_added() {
    for world in six_demos().await {
        let total = &world.get("/api/v1/figures/nsla?window=last_30_days").await.ok()["windows"][0]["total"];
        assert_eq!((&total["leads"], &total["net_sold_minor"], &total["index_minor"]), (&json!(6), &json!(100_000), &json!(16_667)));
        let none = &world.get("/api/v1/figures/nsla?window=last_30_days&as_of=2026-06-30T00:00:00Z").await.ok()["windows"][0]["total"];
        assert_eq!((&none["leads"], &none["index_minor"]), (&json!(0), &Value::Null));
    }
}

#[tokio::test]
async fn s0_59_nsla_has_a_table_by_source_for_each_of_the_last_days() {
    for world in six_demos().await {
        let shown = dashboard(&world, "nsla").await;
        assert_eq!(rows(&shown, "lead_sources", "last_7_days"), json!([["Home Show", null, 3, 0, 0], ["Radio", null, 2, 0, 0]]));
        for window in ["last_30_days", "last_90_days", "last_180_days"] {
            assert_eq!(rows(&shown, "lead_sources", window), json!([["Home Show", null, 3, 0, 0], ["Radio", null, 3, 100_000, 33_333]]), "{window}");
        }
    }
}

#[tokio::test]
async fn s0_60_nsla_has_a_table_by_product_and_source() {
    for world in six_demos().await {
        let shown = dashboard(&world, "nsla").await;
        let expected = json!([["Home Show", "Roofing", 2, 0, 0], ["Home Show", "Windows", 1, 0, 0], ["Radio", "Windows", 3, 100_000, 33_333]]);
        assert_eq!(rows(&shown, "lead_sources_by_product", "last_90_days"), expected);
    }
}

#[tokio::test]
async fn s0_61_nsls_is_net_sold_divided_by_leads_set() {
    for world in six_demos().await {
        let figure = world.get("/api/v1/figures/nsls?window=last_7_days,last_30_days").await.ok();
        let total = |at: usize| ["leads", "net_sold_minor", "index_minor"].map(|field| figure["windows"][at]["total"][field].as_i64().unwrap());
        assert_eq!((total(0), total(1)), ([5, 0, 0], [6, 100_000, 16_667]));
    }
}

#[tokio::test]
async fn s0_62_nsls_has_a_table_by_scheduler_for_each_of_the_last_days() {
    for world in six_demos().await {
        let shown = dashboard(&world, "nsls").await;
        assert_eq!(rows(&shown, "schedulers", "last_7_days"), json!([["Ana", null, 4, 0, 0], ["Ben", null, 1, 0, 0]]));
        for window in ["last_30_days", "last_90_days", "last_180_days"] {
            assert_eq!(rows(&shown, "schedulers", window), json!([["Ana", null, 5, 100_000, 20_000], ["Ben", null, 1, 0, 0]]), "{window}");
        }
    }
}

#[tokio::test]
async fn s0_63_nsls_has_a_table_by_product_and_scheduler() {
    for world in six_demos().await {
        let shown = dashboard(&world, "nsls").await;
        let expected = json!([["Ana", "Roofing", 1, 0, 0], ["Ana", "Windows", 4, 100_000, 25_000], ["Ben", "Roofing", 1, 0, 0]]);
        assert_eq!(rows(&shown, "schedulers_by_product", "last_30_days"), expected);
    }
}

#[tokio::test]
async fn s0_64_nsli_is_net_sold_divided_by_issued_leads_by_lead_meeting_time() {
    for world in six_demos().await {
        let figure = world.get("/api/v1/figures/nsli?window=last_7_days,last_30_days").await.ok();
        let total = |at: usize| ["leads", "net_sold_minor", "index_minor"].map(|field| figure["windows"][at]["total"][field].as_i64().unwrap());
        assert_eq!((total(0), total(1)), ([2, 0, 0], [3, 100_000, 33_333]));
    }
}

#[tokio::test]
async fn s0_65_nsli_has_tables_by_rep_and_by_product() {
    for world in six_demos().await {
        let shown = dashboard(&world, "nsli").await;
        for (window, leads, net, index) in [("last_7_days", 2, 0, 0), ("last_30_days", 3, 100_000, 33_333), ("last_180_days", 3, 100_000, 33_333)] {
            assert_eq!(rows(&shown, "sales_reps", window), json!([["Ben", null, leads, net, index]]), "{window}");
            assert_eq!(rows(&shown, "sales_reps_by_product", window), json!([["Ben", "Windows", leads, net, index]]), "{window}");
        }
    }
}

#[tokio::test]
async fn s0_66_issued_leads_are_told_by_their_meeting_time() {
    for world in six_demos().await {
        assert_eq!(tile(&dashboard(&world, "sales-team").await, "issued"), [2, 3, 3, 3]);
    }
}

#[tokio::test]
async fn s0_67_net_sold_goes_by_the_dates_of_the_sales_and_pending_stands_beside() {
    for world in six_demos().await {
        let team = dashboard(&world, "sales-team").await;
        assert_eq!(tile(&team, "net_sold"), [0, 100_000, 100_000, 100_000]);
        let week = team["tiles"].as_array().unwrap().iter().find(|tile| tile["tile"] == "net_sold").unwrap();
        assert_eq!(week["pending"]["value"], 100_000);
        assert_eq!(behind(&world, &week["pending"]["rows"]).await, [5]);
        approve(&world, 5, "2026-07-07").await;
        assert_eq!(tile(&dashboard(&world, "sales-team").await, "net_sold"), [100_000, 200_000, 200_000, 200_000]);
        let before = world.get("/api/v1/dashboards/sales-team?as_of=2026-07-08T00:00:00Z").await.ok();
        assert_eq!(tile(&before, "net_sold"), [100_000, 200_000, 200_000, 200_000], "the second stood until it was canceled");
    }
}

#[tokio::test]
async fn s0_68_net_canceled_goes_by_cancel_date() {
    for world in six_demos().await {
        let team = dashboard(&world, "sales-team").await;
        assert_eq!(tile(&team, "net_canceled"), [100_000; 4]);
        world.post(&format!("{}/sales/{}/reactivate", at(3), id(3)), json!({ "job_standing": "active", "note": "they stay" })).await.ok();
        let after = dashboard(&world, "sales-team").await;
        let sums = &after["sales"][0]["total"];
        let moved =
            ["sales", "gross_sold_minor", "cancels", "net_canceled_minor", "reactivated_minor", "net_sold_minor"].map(|field| sums[field].as_i64().unwrap());
        assert_eq!(moved, [1, 100_000, 1, 100_000, 100_000, 100_000]);
    }
}

#[tokio::test]
async fn s0_69_sales_reps_are_told_by_lead_meeting_time() {
    for world in six_demos().await {
        let team = dashboard(&world, "sales-team").await;
        assert_eq!(rows(&team, "sales_reps", "last_7_days"), json!([["Ben", null, 2, 0, 0]]));
        assert_eq!(rows(&team, "sales_reps", "last_90_days"), json!([["Ben", null, 3, 100_000, 33_333]]));
        let shown = team["tables"].as_array().unwrap().iter().find(|table| table["window"] == "last_90_days").unwrap();
        let row = ["issued", "demoed", "pending_minor"].map(|field| shown["rows"][0][field].as_i64().unwrap());
        assert_eq!(row, [3, 3, 100_000]);
    }
}

#[tokio::test]
async fn s0_70_every_number_of_the_sales_team_opens_its_records() {
    for world in six_demos().await {
        let team = dashboard(&world, "sales-team").await;
        let rows = |name: &str, window: &str| {
            let tile = team["tiles"].as_array().unwrap().iter().find(|tile| tile["tile"] == name && tile["window"] == window).unwrap();
            tile["rows"].clone()
        };
        assert_eq!(behind(&world, &rows("issued", "this_week")).await, [5, 3]);
        assert_eq!(behind(&world, &rows("net_canceled", "this_week")).await, [3]);
        let moved = world.get(rows("net_sold", "this_month").as_str().unwrap()).await.ok();
        let moved: Value = moved["data"].as_array().unwrap().iter().map(|row| json!([row["kind"], row["amount_minor"], row["dated_at"], row["rep"]])).collect();
        let expected = json!([
            ["canceled", -100_000, "2026-07-08T04:00:00Z", "Ben"],
            ["sold", 100_000, "2026-07-06T04:00:00Z", "Ben"],
            ["sold", 100_000, "2026-07-01T04:00:00Z", "Ben"],
        ]);
        assert_eq!(moved, expected);
    }
}

#[tokio::test]
async fn s0_71_leads_set_are_told_by_set_time() {
    for world in six_demos().await {
        assert_eq!(tile(&dashboard(&world, "schedulers").await, "set"), [4, 6, 6, 6]);
    }
}

#[tokio::test]
async fn s0_72_issued_leads_are_told_by_issue_time() {
    for world in six_demos().await {
        let shown = dashboard(&world, "schedulers").await;
        assert_eq!(tile(&shown, "issued"), [2, 3, 3, 3], "a canceled demo is not issued any more");
    }
}

#[tokio::test]
async fn s0_73_canceled_demos_are_told_by_cancel_time() {
    for world in six_demos().await {
        let shown = dashboard(&world, "schedulers").await;
        assert_eq!(tile(&shown, "canceled"), [3, 3, 3, 3]);
        assert_eq!(rates(&shown, "scheduler", "last_7_days"), json!([["Ana", 4, 2, 0.5, false], ["Ben", 1, 1, 1.0, true], [null, 5, 3, 0.6, null]]));
    }
}

#[tokio::test]
async fn s0_74_schedulers_are_told_by_set_time() {
    for world in six_demos().await {
        let shown = dashboard(&world, "schedulers").await;
        assert_eq!(rows(&shown, "by_set_time", "last_7_days"), json!([["Ana", null, 4, 0, 0], ["Ben", null, 1, 0, 0]]));
    }
}

#[tokio::test]
async fn s0_75_schedulers_are_told_by_issue_time() {
    for world in six_demos().await {
        let shown = dashboard(&world, "schedulers").await;
        assert_eq!(rows(&shown, "by_issue_time", "last_7_days"), json!([["Ana", null, 2, 0, 0]]));
        assert_eq!(rows(&shown, "by_issue_time", "last_30_days"), json!([["Ana", null, 3, 100_000, 33_333]]));
    }
}

#[tokio::test]
async fn s0_76_every_number_of_the_schedulers_opens_its_records() {
    for world in six_demos().await {
        let shown = dashboard(&world, "schedulers").await;
        let rows = |name: &str| shown["tiles"].as_array().unwrap().iter().find(|tile| tile["tile"] == name).unwrap()["rows"].clone();
        assert_eq!(behind(&world, &rows("set")).await, [6, 5, 4, 3]);
        assert_eq!(behind(&world, &rows("issued")).await, [5, 3]);
        assert_eq!(behind(&world, &rows("canceled")).await, [6, 4, 2]);
    }
}

#[tokio::test]
async fn s0_77_a_rehash_rep_is_told_by_net_sold_per_lead_rehashed() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/assign-rehash", at(1)), json!({ "journey": id(1), "rehash_rep": "Ana", "reason": "price" })).await.ok();
        sold(&world, 1, "2026-07-01").await;
        approve(&world, 1, "2026-07-01").await;
        let shown = dashboard(&world, "rehash").await;
        assert_eq!((tile(&shown, "rehashed"), tile(&shown, "net_sold")), (vec![1; 4], vec![100_000; 4]));
        assert_eq!(rows(&shown, "rehash_reps", "last_7_days"), json!([["Ana", null, 1, 100_000, 100_000]]));
        // The same money once more: the journey stays with its rep, who sees which part of it was rehashed.
        let of_rep = &dashboard(&world, "nsli").await["tables"][0]["rows"][0];
        assert_eq!((&of_rep["key"], &of_rep["net_sold_minor"], &of_rep["rehashed_net_sold_minor"]), (&json!("Ben"), &json!(100_000), &json!(100_000)));
        assert_eq!(behind(&world, &shown["tiles"][0]["rows"]).await, [1]);
    }
}

#[tokio::test]
async fn money_that_moved_no_sale_is_found() {
    for world in six_demos().await {
        let reconciled = async || projections::figures::reconcile(&world.app.store, world.company).await.unwrap().found;
        let sound = reconciled().await;
        assert_eq!((sound.net_sold_minor, sound.voided_minor, sound.apart.len()), (100_000, 0, 0));
        change(&world, "UPDATE journey_movements SET amount_minor = amount_minor + 1 WHERE official = 1 AND kind = 'canceled'").await;
        let apart = reconciled().await.apart;
        let told: Vec<_> = apart.iter().map(|apart| (apart.contact.0, apart.net_sold_minor, apart.moved_minor)).collect();
        assert_eq!(told, [(id(3), 0, 1)]);
    }
}
