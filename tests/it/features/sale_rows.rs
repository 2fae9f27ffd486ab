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
