//! Contacts and their journeys: S0-01 to S0-20.

use super::*;
use std::collections::BTreeMap;

#[tokio::test]
async fn s0_01_leads_and_customers_are_one_list_and_a_contact_keeps_its_id() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        sold_directly(&world, 2).await;
        let listed = world.get("/api/v1/contacts").await.ok();
        let rows = listed["data"].as_array().unwrap().iter().map(|row| (row["contact"].clone(), row["state"].clone()));
        let expected = [(json!(id(2)), json!("customer")), (json!(id(1)), json!("new_incoming"))];
        assert_eq!(
            BTreeMap::from_iter(rows.map(|(contact, state)| (contact.to_string(), state))),
            BTreeMap::from_iter(expected.map(|(c, s)| (c.to_string(), s)))
        );
    }
}

#[tokio::test]
async fn s0_04_the_history_of_all_journeys_is_told_in_order_with_who_and_when() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        world.clock.set("2026-07-02T16:00:00Z");
        world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved", "by": "Ben" })).await.ok();
        world.clock.set("2026-07-03T16:00:00Z");
        world.post(&format!("{}/return", at(1)), json!({ "journey": id(2), "source": "Home Show", "product": "Roofing", "by": "Ana" })).await.ok();
        let timeline = world.get(&format!("{}/timeline", at(1))).await.ok();
        let rows = timeline["data"].as_array().unwrap().iter();
        let rows: Vec<_> = rows.map(|row| json!([row["type"], row["occurred_at"], row["actor_name"], row["journey"]])).collect();
        let expected = [
            json!(["contact.added", "2026-07-01T16:00:00Z", "Ana", id(1)]),
            json!(["journey.opened", "2026-07-01T16:00:00Z", "Ana", id(1)]),
            json!(["contact.lost", "2026-07-02T16:00:00Z", "Ben", id(1)]),
            json!(["journey.closed", "2026-07-02T16:00:00Z", "Ben", id(1)]),
            json!(["contact.returned", "2026-07-03T16:00:00Z", "Ana", id(2)]),
            json!(["journey.opened", "2026-07-03T16:00:00Z", "Ana", id(2)]),
        ];
        assert_eq!(rows, expected);
    }
}

#[tokio::test]
async fn s0_05_each_state_is_counted_and_the_count_equals_the_rows() {
    for world in World::both().await {
        for n in 1..=5 {
            world.add_contact(n).await.ok();
        }
        for n in [1, 2] {
            world.post(&format!("{}/log-attempt", at(n)), json!({ "channel": "phone", "outcome": "no_answer" })).await.ok();
        }
        world.post(&format!("{}/lose", at(3)), json!({ "reason": "moved" })).await.ok();
        let counts = world.get("/api/v1/contacts").await.ok()["states"].clone();
        assert_eq!(counts, json!({ "new_incoming": 2, "attempted_to_set": 2, "lost": 1 }));
        for (state, count) in counts.as_object().unwrap() {
            let rows = world.get(&format!("/api/v1/contacts?state={state}")).await.ok()["data"].as_array().unwrap().len();
            assert_eq!(json!(rows), *count, "{state}");
        }
    }
}

#[tokio::test]
async fn s0_10_a_transition_that_the_state_does_not_offer_is_refused_with_those_it_does() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let answer =
            refused(&world, &format!("{}/assign-rehash", at(1)), json!({ "journey": id(1), "rehash_rep": "Ben", "reason": "price" }), 409, "wrong_state", &[])
                .await;
        let mut offered: Vec<_> = answer.body["open_transitions"].as_array().unwrap().iter().map(|open| open["command"].as_str().unwrap().to_owned()).collect();
        let mut expected = open(&world, 1, "contact").await;
        offered.sort();
        expected.sort();
        assert_eq!(offered, expected);
        assert!(offered.iter().any(|command| command == "meeting.set"), "{offered:?}");
    }
}

#[tokio::test]
async fn s0_11_a_required_field_that_is_missing_is_named_and_nothing_is_stored() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        for field in ["length_minutes", "decision_makers", "address_checked"] {
            let mut fields = demo(1, "2026-07-03T16:00:00Z");
            fields.as_object_mut().unwrap().remove(field);
            refused(&world, &format!("{}/meetings", at(1)), fields, 422, "field_required", &[&format!("/{field}")]).await;
        }
        refused(&world, &format!("{}/lose", at(1)), json!({}), 422, "field_required", &["/reason"]).await;
    }
}

#[tokio::test]
async fn s0_12_a_journey_that_ended_has_an_outcome() {
    for world in World::both().await {
        for n in 1..=4 {
            world.add_contact(n).await.ok();
        }
        world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved" })).await.ok();
        world.post(&format!("{}/opt-out", at(2)), json!({ "asked_by": "the owner", "channel": "phone" })).await.ok();
        world.post(&format!("{}/log-attempt", at(3)), json!({ "channel": "phone", "outcome": "no_answer" })).await.ok();
        sold_directly(&world, 5).await;
        // Nobody looked for two months: the rest and its end are both made up for.
        world.clock.set("2026-09-01T16:00:00Z");
        world.app.run_timers().await.unwrap();
        for (n, outcome) in [(1, json!("lost")), (2, json!("do_not_contact")), (3, json!("not_set")), (4, Value::Null), (5, json!("sold"))] {
            let shown = journey(&world, n).await;
            assert_eq!((&shown["outcome"], shown["closed_at"].is_null()), (&outcome, outcome.is_null()), "{n}");
        }
    }
}

#[tokio::test]
async fn s0_13_a_new_contact_has_one_open_journey_of_origin_new() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let rows = world.get(&format!("/api/v1/journeys?contact={}", id(1))).await.ok();
        let rows: Vec<_> =
            rows["data"].as_array().unwrap().iter().map(|row| json!([row["journey"], row["origin"], row["closed_at"], row["outcome"]])).collect();
        assert_eq!(rows, [json!([id(1), "new", null, null])]);
    }
}

#[tokio::test]
async fn s0_16_a_journey_closes_with_its_approval_or_loss() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), signed(1)).await.ok();
        assert_eq!(journey(&world, 1).await["closed_at"], Value::Null, "it waits for management");
        world.clock.set("2026-07-02T16:00:00Z");
        sale(&world, 1, "approve", crate::world::approval()).await.ok();
        let shown = journey(&world, 1).await;
        assert_eq!((&shown["outcome"], &shown["closed_at"]), (&json!("sold"), &json!("2026-07-02T16:00:00Z")));
        world.add_contact(2).await.ok();
        world.post(&format!("{}/lose", at(2)), json!({ "reason": "moved" })).await.ok();
        let shown = journey(&world, 2).await;
        assert_eq!((&shown["outcome"], &shown["closed_at"]), (&json!("lost"), &json!("2026-07-02T16:00:00Z")));
    }
}

#[tokio::test]
async fn s0_17_whoever_returns_has_one_journey_more() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        for n in 2..=4 {
            world.post(&format!("{}/lose", at(1)), json!({ "reason": "moved" })).await.ok();
            world.post(&format!("{}/return", at(1)), json!({ "journey": id(n), "source": "Radio", "product": "Windows" })).await.ok();
            let rows = world.get(&format!("/api/v1/journeys?contact={}", id(1))).await.ok();
            assert_eq!(rows["data"].as_array().unwrap().len() as u128, n);
        }
        let open = world.get(&format!("/api/v1/journeys?contact={}&open=true", id(1))).await.ok();
        assert_eq!((open["data"].as_array().unwrap().len(), &open["data"][0]["journey"]), (1, &json!(id(4))));
    }
}

#[tokio::test]
async fn s0_18_a_journey_shows_source_rep_scheduler_and_rehash_rep_and_each_has_a_report() {
    for world in World::both().await {
        world.quoted(1).await;
        world.post(&format!("{}/assign-rehash", at(1)), json!({ "journey": id(1), "rehash_rep": "Ana", "reason": "price" })).await.ok();
        let shown = journey(&world, 1).await;
        let performers = ["source", "rep", "scheduler", "rehash_rep"].map(|field| shown[field].clone());
        assert_eq!(performers, [json!("Radio"), json!("Ben"), json!("Ana"), json!("Ana")]);
        for (performer, name) in [("source", "Radio"), ("rep", "Ben"), ("scheduler", "Ana"), ("rehash_rep", "Ana")] {
            let rows = world.get(&format!("/api/v1/journeys?{performer}={name}")).await.ok();
            assert_eq!(rows["data"][0]["journey"], json!(id(1)), "{performer}");
        }
        for (figure, key) in [("nsla", "Radio"), ("nsls", "Ana"), ("nsli", "Ben")] {
            let report = world.get(&format!("/api/v1/figures/{figure}?window=last_7_days")).await.ok();
            assert_eq!(report["windows"][0]["rows"][0]["key"], key, "{figure}");
        }
    }
}

#[tokio::test]
async fn s0_20_a_missing_journey_is_opened_by_hand_with_a_reason() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let path = format!("{}/journeys", at(1));
        refused(&world, &path, json!({ "journey": id(2) }), 422, "field_required", &["/reason"]).await;
        let missing = json!({ "journey": id(2), "reason": "the second sale had none", "by": "Ana" });
        refused(&world, &path, missing.clone(), 422, "field_invalid", &["/product"]).await;
        let missing = json!({ "product": "Roofing", "journey": id(2), "reason": "the second sale had none", "by": "Ana" });
        world.post(&path, missing).await.ok();
        let shown = journey(&world, 2).await;
        assert_eq!((&shown["origin"], &shown["closed_at"]), (&json!("manual"), &Value::Null));
        assert_eq!(told(&world, 1).await, ["contact.added", "journey.opened", "journey.opened"]);
        assert_eq!(contact(&world, 1).await["primary_journey"], json!(id(1)));
    }
}

#[tokio::test]
async fn s0_09_who_is_overlooked_is_listed_and_moved_on_by_itself() {
    for world in World::both().await {
        for n in [1, 2] {
            world.add_contact(n).await.ok();
        }
        world.post(&format!("{}/log-attempt", at(2)), json!({ "channel": "phone", "outcome": "no_answer" })).await.ok();
        with_offer(&world, 3).await;
        let overdue = async |query: &str| world.get(&format!("/api/v1/worklists/overdue{query}")).await.ok();
        let rows = |page: &Value| page["data"].as_array().unwrap().iter().map(|row| (row["contact"].clone(), row["overdue_since"].clone())).collect::<Vec<_>>();
        world.clock.set("2026-07-01T16:04:59Z");
        assert_eq!(rows(&overdue("").await), []);
        world.clock.set("2026-07-16T16:00:00Z");
        let page = overdue("").await;
        let expected = [(1, "2026-07-01T16:05:00Z"), (2, "2026-07-11T16:00:00Z"), (3, "2026-07-15T16:00:00Z")];
        assert_eq!(rows(&page), expected.map(|(n, since)| (json!(id(n)), json!(since))));
        assert_eq!(
            page["states"],
            json!({ "new_incoming": 1, "attempted_to_set": 1, "rest": 0, "quote_in_progress": 1, "rehash": 0, "sold_pending_approval": 0 })
        );
        assert_eq!(rows(&overdue("?state=quote_in_progress").await), rows(&page)[2..]);
        let (mut cursor, mut read) = (String::new(), Vec::new());
        for _ in 1..=3 {
            let page = overdue(&format!("?limit=1{cursor}")).await;
            read.extend(rows(&page));
            cursor = format!("&cursor={}", page["next_cursor"].as_str().unwrap_or_default());
        }
        assert_eq!(read, rows(&page));
        world.app.run_timers().await.unwrap();
        assert_eq!(contact(&world, 2).await["state"], "rest");
        assert_eq!(rows(&overdue("?state=attempted_to_set").await), []);
    }
}

#[tokio::test]
async fn a_new_lead_waits_only_while_the_office_is_open() {
    for world in World::both().await {
        let hours = json!({ "opens": "09:00", "closes": "12:02", "days": ["wednesday", "thursday", "friday"] });
        world.post("/api/v1/company/set-time-limits", json!({ "business_hours": hours })).await.ok();
        // A Wednesday at noon in New York: two minutes, and three on the next morning.
        world.add_contact(1).await.ok();
        let late = async || world.get("/api/v1/worklists/overdue").await.ok()["data"].clone();
        world.clock.set("2026-07-02T13:02:59Z");
        assert_eq!(late().await, json!([]));
        world.clock.set("2026-07-02T13:03:00Z");
        assert_eq!((&late().await[0]["contact"], &late().await[0]["overdue_since"]), (&json!(id(1)), &json!("2026-07-02T13:03:00Z")));
        let never = json!({ "business_hours": { "opens": "12:00", "closes": "09:00", "days": ["friday"] } });
        refused(&world, "/api/v1/company/set-time-limits", never, 422, "field_invalid", &["/business_hours"]).await;
        let twice = json!({ "business_hours": { "opens": "09:00", "closes": "12:00", "days": ["friday", "friday"] } });
        refused(&world, "/api/v1/company/set-time-limits", twice, 422, "field_invalid", &["/business_hours/days"]).await;
    }
}

#[tokio::test]
async fn s0_03_name_mail_and_telephone_may_be_those_of_others() {
    for world in World::both().await {
        for (n, address) in [(1, "12 Elm St"), (2, "14 Elm St"), (3, "16 Elm St")] {
            let fields = json!({ "contact": id(n), "journey": id(n), "source": "Radio", "product": "Windows", "name": "Lopez", "phones": ["716-555-0100"], "emails": ["lopez@example.com"], "address": address });
            world.post("/api/v1/contacts", fields).await.ok();
        }
        for text in ["716-555-0100", "lopez@example.com", "Lopez"] {
            let found = world.get(&format!("/api/v1/contacts?q={text}")).await.ok();
            let mut addresses: Vec<_> = found["data"].as_array().unwrap().iter().map(|row| row["address"].as_str().unwrap()).collect();
            addresses.sort_unstable();
            assert_eq!(addresses, ["12 Elm St", "14 Elm St", "16 Elm St"], "{text}");
        }
    }
}
