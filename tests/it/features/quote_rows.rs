//! Quotes: S0-32 to S0-39.

use super::*;

#[tokio::test]
async fn s0_32_a_quote_is_added_where_the_state_offers_it_and_hangs_on_contact_and_journey() {
    for world in World::both().await {
        with_demo(&world, 1, "2026-07-03T16:00:00Z").await;
        assert!(!open(&world, 1, "contact").await.contains(&"quote.add".to_owned()), "the demo is not issued yet");
        world.add_contact(2).await.ok();
        assert!(open(&world, 2, "contact").await.contains(&"quote.add".to_owned()));
        let added = world.post(&format!("{}/quotes", at(2)), quote(2)).await;
        assert_eq!(added.events(), ["quote.created"]);
        assert_eq!((&added.body["contact"], &added.body["events"][0]["journey"]), (&json!(id(2)), &json!(id(2))));
        assert_eq!(contact(&world, 2).await["state"], "quote_in_progress");
    }
}

#[tokio::test]
async fn s0_36_a_quote_goes_step_by_step_and_is_lost_for_a_reason() {
    for world in World::both().await {
        with_offer(&world, 1).await;
        let quote = format!("{}/quotes/{}", at(1), id(1));
        refused(&world, &format!("{quote}/mark-sold"), signed(1), 409, "wrong_state", &[]).await;
        refused(&world, &format!("{quote}/lose"), json!({}), 422, "field_required", &["/reason"]).await;
        world.post(&format!("{quote}/finalize"), final_terms()).await.ok();
        refused(&world, &format!("{quote}/edit"), json!({ "items": [] }), 422, "field_invalid", &["/items"]).await;
        world.post(&format!("{quote}/lose"), json!({ "reason": "too expensive" })).await.ok();
        refused(&world, &format!("{quote}/finalize"), final_terms(), 409, "wrong_state", &[]).await;
    }
}

#[tokio::test]
async fn s0_39_a_quote_that_was_marked_as_sold_by_hand_says_so_and_by_whom() {
    for world in World::both().await {
        with_offer(&world, 1).await;
        let quote = format!("{}/quotes/{}", at(1), id(1));
        world.post(&format!("{quote}/finalize"), final_terms()).await.ok();
        let mut fields = signed(1);
        fields["by"] = json!("Ben");
        let sold = world.post(&format!("{quote}/mark-sold"), fields).await;
        let told = ["quote.marked_sold", "quote.sold", "sale.created", "journey.closed", "ledger.entry_posted", "job.opened"];
        assert_eq!(sold.events(), told);
        let timeline = world.get(&format!("{}/timeline", at(1))).await.ok();
        let marked = timeline["data"].as_array().unwrap().iter().find(|event| event["type"] == "quote.marked_sold").unwrap();
        assert_eq!((&marked["actor_name"], &marked["data"]["paper"]), (&json!("Ben"), &json!("folder 17")));
    }
}
