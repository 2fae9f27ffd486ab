//! Sales: S0-40 to S0-51.

use super::*;
use crate::world::approval;

#[tokio::test]
async fn s0_40_a_sold_quote_makes_a_sale_of_its_total_journey_and_rep() {
    for world in World::both().await {
        world.quoted(1).await;
        let sold = world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), signed(1)).await.ok();
        let created = sold["events"].as_array().unwrap().iter().find(|event| event["type"] == "sale.created").unwrap();
        let told = ["sale", "quote", "journey", "rep", "amount_minor", "needs_approval"].map(|field| created["data"][field].clone());
        assert_eq!(told, [json!(id(1)), json!(id(1)), json!(id(1)), json!(id(301)), json!(100_000), json!(true)]);
    }
}

#[tokio::test]
async fn s0_42_a_sale_without_a_demo_counts_when_it_is_signed() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        let shown = journey(&world, 1).await;
        assert_eq!((&shown["net_sold_minor"], &shown["pending_minor"], &shown["outcome"]), (&json!(100_000), &json!(0), &json!("sold")));
        let figure = world.get("/api/v1/figures/nsla?window=last_7_days").await.ok();
        assert_eq!(figure["windows"][0]["total"]["net_sold_minor"], 100_000);
        refused(&world, &format!("{}/sales/{}/approve", at(1), id(1)), approval(), 409, "wrong_state", &[]).await;
    }
}

#[tokio::test]
async fn s0_47_a_completed_job_lets_what_is_owed_fall_due_or_the_sale_is_paid() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        install(&world, 1).await;
        assert_eq!(told(&world, 1).await.last().map(String::as_str), Some("sale.balance_fell_due"));
        sold_directly(&world, 2).await;
        sale(&world, 2, "post-entry", json!({ "entry": id(1), "kind": "final_payment", "amount_minor": 100_000 })).await.ok();
        install(&world, 2).await;
        assert_eq!(told(&world, 2).await.last().map(String::as_str), Some("sale.paid_in_full"));
    }
}

#[tokio::test]
async fn s0_48_a_lien_notice_is_sent_only_when_a_balance_is_due() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        let path = format!("{}/sales/{}/send-notice", at(1), id(1));
        let notice = json!({ "sent_on": "2026-07-01", "how": "mail", "amount_minor": 100_000, "document": "cabinet 3" });
        refused(&world, &path, notice.clone(), 409, "wrong_state", &[]).await;
        install(&world, 1).await;
        for field in ["sent_on", "how", "document"] {
            let mut fields = notice.clone();
            fields.as_object_mut().unwrap().remove(field);
            refused(&world, &path, fields, 422, "field_required", &[&format!("/{field}")]).await;
        }
        let sent = world.post(&path, notice).await.ok();
        assert_eq!((&sent["events"][0]["type"], &sent["events"][0]["data"]["document"]), (&json!("sale.lien_notice_sent"), &json!("cabinet 3")));
    }
}

#[tokio::test]
async fn s0_49_a_lien_is_filed_only_after_a_notice_and_its_period() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        install(&world, 1).await;
        let path = format!("{}/sales/{}/file-lien", at(1), id(1));
        let lien = |day: &str| json!({ "filed_on": day, "county": "Erie", "filing_number": "L-1", "amount_minor": 100_000 });
        refused(&world, &path, lien("2026-07-01"), 409, "wrong_state", &[]).await;
        sale(&world, 1, "send-notice", json!({ "sent_on": "2026-07-01", "how": "mail", "amount_minor": 100_000, "document": "cabinet 3" })).await.ok();
        world.clock.set("2026-07-05T16:00:00Z");
        refused(&world, &path, lien("2026-07-05"), 409, "guard_failed", &[]).await;
        world.clock.set("2026-07-20T16:00:00Z");
        for field in ["county", "filing_number", "filed_on"] {
            let mut fields = lien("2026-07-20");
            fields.as_object_mut().unwrap().remove(field);
            refused(&world, &path, fields, 422, "field_required", &[&format!("/{field}")]).await;
        }
        assert_eq!(world.post(&path, lien("2026-07-20")).await.events(), ["sale.lien_filed"]);
    }
}

#[tokio::test]
async fn s0_50_an_attorney_is_named_with_the_day() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        install(&world, 1).await;
        sale(&world, 1, "send-notice", json!({ "sent_on": "2026-07-01", "how": "mail", "amount_minor": 100_000, "document": "cabinet 3" })).await.ok();
        let path = format!("{}/sales/{}/send-to-attorney", at(1), id(1));
        for field in ["attorney", "sent_on"] {
            let mut fields = json!({ "attorney": "Marlow", "sent_on": "2026-07-01" });
            fields.as_object_mut().unwrap().remove(field);
            refused(&world, &path, fields, 422, "field_required", &[&format!("/{field}")]).await;
        }
        assert_eq!(world.post(&path, json!({ "attorney": "Marlow", "sent_on": "2026-07-01" })).await.events(), ["sale.sent_to_attorney"]);
    }
}

#[tokio::test]
async fn s0_51_a_sale_goes_along_its_table_from_approval_to_its_end() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), signed(1)).await.ok();
        let too_early = [
            ("close", json!({})),
            ("reactivate", json!({ "job_standing": "active", "note": "they stay" })),
            ("send-to-attorney", json!({ "attorney": "Marlow", "sent_on": "2026-07-01" })),
        ];
        for (verb, fields) in too_early {
            refused(&world, &format!("{}/sales/{}/{verb}", at(1), id(1)), fields, 409, "wrong_state", &[]).await;
        }
        sale(&world, 1, "approve", approval()).await.ok();
        install(&world, 1).await;
        sale(&world, 1, "post-entry", json!({ "entry": id(1), "kind": "final_payment", "amount_minor": 100_000 })).await.ok();
        assert_eq!(sale(&world, 1, "close", json!({})).await.events(), ["sale.closed"]);
        assert_eq!(open(&world, 1, "sale").await, ["sale.post_entry"]);
    }
}

/// The sale of contact `n` as it stands.
async fn record(world: &World, n: u128) -> Value {
    world.get(&format!("{}/sales/{}", at(n), id(n))).await.ok()
}

#[tokio::test]
async fn s0_43_a_job_has_one_status_of_a_fixed_list_at_every_moment() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), signed(1)).await.ok();
        let status = async || record(&world, 1).await["job_status"].clone();
        assert_eq!(status().await, "in_sale_review");
        sale(&world, 1, "approve", approval()).await.ok();
        assert_eq!(status().await, "ready_for_site_visit");
        install(&world, 1).await;
        assert_eq!(status().await, "install_complete_final");
        sale(&world, 1, "job/close", json!({ "note": "all done" })).await.ok();
        assert_eq!(status().await, "job_closed");
        let every = world.get("/api/v1/sales?job_status=nowhere").await;
        assert_eq!((every.status.as_u16(), every.pointers()), (422, vec!["?job_status"]));
        assert_eq!(world.get("/api/v1/sales?job_status=job_closed").await.ok()["data"].as_array().unwrap().len(), 1);
    }
}

#[tokio::test]
async fn s0_46_the_open_balance_is_the_sum_of_the_ledger_at_every_moment() {
    for world in World::both().await {
        sold_directly(&world, 1).await;
        let steps = [("down_payment", 30_000, 70_000), ("service_call", 5_000, 75_000), ("final_payment", 75_000, 0), ("returned_check", 75_000, 75_000)];
        for (n, (kind, amount, expected)) in (1..).zip(steps) {
            sale(&world, 1, "post-entry", json!({ "entry": id(n), "kind": kind, "amount_minor": amount })).await.ok();
            let shown = record(&world, 1).await;
            let sum: i64 = shown["ledger"].as_array().unwrap().iter().map(|entry| entry["amount_minor"].as_i64().unwrap()).sum();
            assert_eq!((&shown["balance_minor"], sum), (&json!(expected), expected), "{kind}");
            assert_eq!(world.get("/api/v1/sales").await.ok()["data"][0]["balance_minor"], expected);
        }
    }
}

#[tokio::test]
async fn s0_47_what_waits_for_approval_and_what_is_owed_is_listed_step_by_step() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), signed(1)).await.ok();
        sold_directly(&world, 2).await;
        install(&world, 2).await;
        let lists = world.get("/api/v1/worklists").await.ok();
        let of_sales: Vec<&Value> =
            lists["data"].as_array().unwrap().iter().filter(|list| list["rows"].as_str().unwrap().starts_with("/api/v1/sales")).collect();
        let counts: Vec<Value> = of_sales.iter().map(|list| json!([list["name"], list["count"]])).collect();
        let by_state = [("to_approve", 1), ("balance_due", 1), ("canceled_with_balance", 0), ("notice_sent", 0), ("lien_filed", 0), ("with_attorney", 0)];
        let tasks = [("lien_to_release", 0), ("to_refund", 0)];
        assert_eq!(counts, by_state.into_iter().chain(tasks).map(|list| json!(list)).collect::<Vec<_>>());
        for (list, sale) in [(of_sales[0], 1), (of_sales[1], 2)] {
            let rows = world.get(list["rows"].as_str().unwrap()).await.ok();
            assert_eq!((rows["data"].as_array().unwrap().len(), &rows["data"][0]["sale"]), (1, &json!(id(sale))));
        }
    }
}
