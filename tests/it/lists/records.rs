//! One meeting, quote or sale with everything about it, and its own buttons.

use super::sales::{approve, finish, sell};
use crate::world::{World, id};
use serde_json::{Value, json};

fn types(record: &Value) -> Vec<&str> {
    record["history"].as_array().unwrap().iter().map(|event| event["type"].as_str().unwrap()).collect()
}

/// What a record says beside its row on a list, without its history.
fn more(record: &Value, row: &Value) -> Value {
    let mut rest = record.clone();
    for (field, value) in row.as_object().unwrap() {
        assert_eq!(&record[field], value, "{field}");
        rest.as_object_mut().unwrap().remove(field);
    }
    rest.as_object_mut().unwrap().remove("history");
    rest
}

#[tokio::test]
async fn s0_45_the_sale_reaches_contact_journey_quote_meetings_change_orders_job_and_balance() {
    for world in World::both().await {
        world.quoted(1).await;
        sell(&world, 1).await;
        approve(&world, 1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let order = json!({ "change_order": id(5), "amount_minor": 10_000, "report_signed_at": "2026-07-01" });
        world.post(&format!("{at}/sales/{}/approve-change-order", id(1)), order).await.ok();
        finish(&world, 1).await;
        let paid = json!({ "entry": id(6), "kind": "down_payment", "amount_minor": 30_000, "dated": "2026-07-01", "document": "check 17", "by": "Ana" });
        world.post(&format!("{at}/sales/{}/post-entry", id(1)), paid).await.ok();
        let answer = world.get(&format!("{at}/sales/{}", id(1))).await;
        let version = answer.header("etag").unwrap().to_owned();
        let record = answer.ok();
        let row = world.get("/api/v1/sales").await.ok()["data"][0].clone();
        assert_eq!((&row["contract_minor"], &row["balance_minor"]), (&json!(110_000), &json!(80_000)));
        let entry = |at: usize, kind: &str, amount: i64, balance: i64| {
            let posted = &record["ledger"][at];
            json!({
                "position": posted["position"], "kind": kind, "amount_minor": amount, "balance_minor": balance, "dated_at": posted["dated_at"],
                "posted_at": "2026-07-01T16:00:00Z", "entry": null, "change_order": null, "document": null, "note": null, "posted_by": posted["posted_by"],
            })
        };
        let (mut ordered, mut payment) = (entry(1, "change_order", 10_000, 110_000), entry(2, "down_payment", -30_000, 80_000));
        ordered["change_order"] = json!(id(5));
        (payment["entry"], payment["document"], payment["posted_by"]) = (json!(id(6)), json!("check 17"), json!("Ana"));
        let expected = json!({
            "meetings": [id(1)], "items_minor": 100_000, "amount_minor": 100_000,
            "change_orders": [{ "change_order": id(5), "state": "approved", "amount_minor": 10_000, "signed_at": "2026-07-01T04:00:00Z", "description": null }],
            "ledger": [entry(0, "initial_sale", 100_000, 100_000), ordered, payment],
            "job": { "status": "install_complete_final", "standing": "active", "install_at": "2026-07-02T04:00:00Z", "revenue_recognized_at": "2026-07-01T04:00:00Z" },
            "lien": { "notice_sent_at": null, "lien_from": null, "filed_at": null, "county": null, "filing_number": null, "amount_minor": null, "released_at": null, "lies": false },
            "version": record["version"],
        });
        assert_eq!(more(&record, &row), expected);
        assert_eq!(version, format!("\"v{}\"", record["version"]));
        assert_eq!(types(&record)[..3], ["sale.created", "sale.approved", "ledger.entry_posted"]);
    }
}

#[tokio::test]
async fn a_quote_shows_what_is_offered_and_what_it_comes_to() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let record = world.get(&format!("{at}/quotes/{}", id(1))).await.ok();
        let row = world.get("/api/v1/quotes").await.ok()["data"][0].clone();
        let expected = json!({
            "items": [{ "description": "Window", "quantity": 2, "unit_price_minor": 50_000 }], "discounts": [], "tax_millionths": null, "finance_plan": null,
            "subtotal_minor": 100_000, "discount_minor": 0, "markup_minor": 0, "tax_minor": 0, "amount_minor": 100_000, "terms": "half on signing", "sales": [],
            "version": record["version"],
        });
        assert_eq!((more(&record, &row), types(&record)), (expected, vec!["quote.created", "quote.finalized"]));
        sell(&world, 1).await;
        let sold = world.get(&format!("{at}/quotes/{}", id(1))).await.ok();
        assert_eq!((&sold["state"], &sold["sales"], &sold["jobs"][0]["job_status"]), (&json!("sold"), &json!([id(1)]), &json!("in_sale_review")));
    }
}

#[tokio::test]
async fn a_meeting_shows_who_did_what_and_when() {
    for world in World::both().await {
        world.quoted(1).await;
        let record = world.get(&format!("/api/v1/contacts/{0}/meetings/{0}", id(1))).await.ok();
        let row = world.get("/api/v1/meetings").await.ok()["data"][0].clone();
        assert_eq!(more(&record, &row), json!({ "version": record["version"] }));
        assert_eq!(types(&record), ["meeting.set", "meeting.confirmed", "meeting.issued", "meeting.resulted"]);
        assert_eq!((&record["history"][1]["actor_name"], &record["history"][1]["data"]["with_whom"]), (&json!("Ana"), &json!("Mrs. Contact")));
    }
}

#[tokio::test]
async fn each_record_has_its_own_buttons_and_no_others() {
    for world in World::both().await {
        world.quoted(1).await;
        sell(&world, 1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let whole = world.get(&format!("{at}/transitions")).await.ok();
        for (path, of, state) in
            [("meetings", &["meeting"][..], "completed"), ("quotes", &["quote"], "sold"), ("sales", &["sale", "job", "change_order"], "sold")]
        {
            let own = world.get(&format!("{at}/{path}/{}/transitions", id(1))).await.ok();
            let expected: Vec<&Value> = whole["data"].as_array().unwrap().iter().filter(|button| of.iter().any(|of| button["of"] == *of)).collect();
            assert_eq!(own, json!({ "state": state, "version": whole["version"], "data": expected }), "{path}");
        }
        // Every address that a button names is one that takes it.
        for button in whole["data"].as_array().unwrap() {
            assert!(!button["address"].as_str().unwrap().contains('{'), "{button}");
        }
        for (path, code) in [("meetings", "unknown_meeting"), ("quotes", "unknown_quote"), ("sales", "unknown_sale")] {
            for nothing in [id(9).to_string(), "nothing".into()] {
                for rest in ["", "/transitions"] {
                    let answer = world.get(&format!("{at}/{path}/{nothing}{rest}")).await;
                    assert_eq!((answer.status.as_u16(), answer.code()), (404, code), "{path} {nothing}");
                    assert_eq!(world.get(&format!("/api/v1/contacts/{}/{path}/{}{rest}", id(9), id(1))).await.code(), "unknown_contact");
                }
            }
        }
    }
}
