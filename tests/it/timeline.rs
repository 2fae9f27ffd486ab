//! An auditor reads a contact's whole timeline, and finds in it what the log holds.

use crate::world::{World, approval, id};
use serde_json::json;

#[tokio::test]
async fn the_timeline_tells_every_event_in_order_with_who_when_and_why() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        world.clock.set("2026-07-02T16:00:00Z");
        world
            .post(&format!("{at}/quotes/{}/mark-sold", id(1)), json!({ "sale": id(1), "by": "Ben", "sign_date": "2026-07-01", "paper": "folder 17" }))
            .await
            .ok();
        let mut fields = approval();
        fields["by"] = "Ana".into();
        let done = world.post(&format!("{at}/sales/{}/approve", id(1)), fields).await.ok();
        let timeline = world.get(&format!("{at}/timeline")).await.ok();
        let rows = timeline["data"].as_array().unwrap();
        let told: Vec<_> =
            rows.iter().map(|row| (row["type"].as_str().unwrap(), row["actor_name"].as_str().unwrap_or("-"), row["cause"].as_str().unwrap_or("-"))).collect();
        assert_eq!(
            told,
            [
                ("contact.added", "Ana", "-"),
                ("journey.opened", "Ana", "-"),
                ("meeting.set", "Ana", "-"),
                ("meeting.confirmed", "Ana", "-"),
                ("meeting.issued", "Ana", "-"),
                ("meeting.resulted", "Ben", "-"),
                ("quote.created", "Ben", "-"),
                ("quote.finalized", "-", "-"),
                ("quote.marked_sold", "Ben", "-"),
                ("quote.sold", "Ben", "-"),
                ("sale.created", "Ben", "quote_sold_creates_sale"),
                ("sale.approved", "Ana", "-"),
                ("journey.closed", "Ana", "official_sale_closes_its_journey"),
                ("ledger.entry_posted", "Ana", "sale_changes_are_posted_to_its_ledger"),
                ("job.opened", "Ana", "job_follows_its_sale"),
            ]
        );
        let last = rows.last().unwrap();
        assert_eq!((&last["position"], &last["hash"]), (&done["position"], &done["hash"]));
        assert_eq!(last["occurred_at"], "2026-07-02T16:00:00Z");
        let closed = rows.iter().find(|row| row["type"] == "journey.closed").unwrap();
        assert_eq!(closed["data"], json!({ "journey": id(1), "outcome": "sold" }));
        let versions: Vec<i64> = rows.iter().map(|row| row["version"].as_i64().unwrap()).collect();
        assert_eq!(versions, (1..=15).collect::<Vec<_>>());
        let sold = rows.iter().find(|row| row["type"] == "quote.sold").unwrap();
        assert_eq!(sold["data"]["signed_at"], "2026-07-01T04:00:00Z", "a typed day means its first instant in the company's zone");
    }
}

#[tokio::test]
async fn a_long_timeline_is_read_page_by_page_and_by_journey() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}/timeline", id(1));
        let whole = world.get(&at).await.ok();
        let (mut pieces, mut cursor) = (Vec::new(), String::new());
        loop {
            let page = world.get(&format!("{at}?limit=3{cursor}")).await.ok();
            pieces.extend(page["data"].as_array().unwrap().clone());
            match page["next_cursor"].as_str() {
                Some(next) => cursor = format!("&cursor={next}"),
                None => break,
            }
        }
        assert_eq!(whole["data"].as_array().unwrap(), &pieces);
        let of_journey = world.get(&format!("{at}?journey={}", id(1))).await.ok();
        assert_eq!(of_journey["data"], whole["data"], "every event of this contact is about its one journey");
        assert_eq!(world.get(&format!("{at}?journey={}", id(2))).await.code(), "unknown_journey");
    }
}
