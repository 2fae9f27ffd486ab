//! Meetings: S0-21 to S0-31.

use super::*;

#[tokio::test]
async fn s0_23_a_type_of_meetings_is_confirmed_and_issued_or_it_is_not() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        for (n, name, issued) in [(50, "Measuring", true), (51, "Service", false)] {
            world.post("/api/v1/meeting-types", json!({ "meeting_type": id(n), "name": name, "kind": "other", "confirm_and_issue": issued })).await.ok();
            let fields = json!({ "meeting": id(n), "journey": id(1), "kind": "other", "type": name, "start": "2026-07-03T16:00:00Z", "length_minutes": 60, "by": "Ana" });
            world.post(&format!("{}/meetings", at(1)), fields).await.ok();
            let transitions = world.get(&format!("{}/transitions", at(1))).await.ok();
            let of_it: Vec<&str> = transitions["data"]
                .as_array()
                .unwrap()
                .iter()
                .filter(|action| action["id"] == json!(id(n)))
                .map(|action| action["command"].as_str().unwrap())
                .collect();
            assert_eq!(["meeting.confirm", "meeting.issue"].map(|command| of_it.contains(&command)), [issued; 2], "{name}: {of_it:?}");
        }
    }
}

#[tokio::test]
async fn s0_24_a_confirmed_demo_says_who_confirmed_it_and_when() {
    for world in World::both().await {
        with_demo(&world, 1, "2026-07-03T16:00:00Z").await;
        world.clock.set("2026-07-02T15:00:00Z");
        let done = meeting(&world, 1, "confirm", json!({ "with_whom": "Mrs. Lopez", "decision_makers": true, "by": "Ben" })).await;
        assert_eq!(done.events(), ["meeting.confirmed"]);
        let timeline = world.get(&format!("{}/timeline", at(1))).await.ok();
        let last = timeline["data"].as_array().unwrap().last().unwrap();
        assert_eq!(
            (&last["occurred_at"], &last["actor_name"], &last["data"]["with_whom"]),
            (&json!("2026-07-02T15:00:00Z"), &json!("Ben"), &json!("Mrs. Lopez"))
        );
        refused(
            &world,
            &format!("{}/meetings/{}/confirm", at(1), id(1)),
            json!({ "with_whom": "Mrs. Lopez", "decision_makers": true }),
            409,
            "wrong_state",
            &[],
        )
        .await;
    }
}

#[tokio::test]
async fn s0_25_a_demo_is_issued_to_a_rep_once_it_is_confirmed() {
    for world in World::both().await {
        with_demo(&world, 1, "2026-07-03T16:00:00Z").await;
        let issue = format!("{}/meetings/{}/issue", at(1), id(1));
        meeting(&world, 1, "confirm", json!({ "with_whom": "Mrs. Lopez", "decision_makers": true })).await.ok();
        refused(&world, &issue, json!({ "by": "Ana" }), 422, "field_required", &["/rep"]).await;
        world.clock.set("2026-07-02T15:00:00Z");
        world.post(&issue, json!({ "rep": "Ben", "by": "Ana" })).await.ok();
        let shown = journey(&world, 1).await;
        let told = ["rep", "issued_at", "meeting_at"].map(|field| shown[field].clone());
        assert_eq!(told, [json!("Ben"), json!("2026-07-02T15:00:00Z"), json!("2026-07-03T16:00:00Z")]);
    }
}

#[tokio::test]
async fn s0_26_a_demo_is_canceled_for_a_reason_of_the_list() {
    for world in World::both().await {
        world.post("/api/v1/reasons", json!({ "list": "meeting_canceled", "name": "Sick" })).await.ok();
        with_demo(&world, 1, "2026-07-03T16:00:00Z").await;
        let cancel = format!("{}/meetings/{}/cancel", at(1), id(1));
        refused(&world, &cancel, json!({ "asked_by": "customer" }), 422, "field_required", &["/reason"]).await;
        refused(&world, &cancel, json!({ "reason": "Sick" }), 422, "field_required", &["/asked_by"]).await;
        refused(&world, &cancel, json!({ "reason": "rain", "asked_by": "customer" }), 422, "unknown_reason", &["/reason"]).await;
        world.post(&cancel, json!({ "reason": "Sick", "asked_by": "customer" })).await.ok();
        assert_eq!(contact(&world, 1).await["state"], "attempted_to_set");
    }
}

#[tokio::test]
async fn s0_31_a_demo_without_a_result_is_listed_until_it_has_one() {
    for world in World::both().await {
        with_demo(&world, 1, "2026-07-02T12:00:00Z").await;
        let lists = async || world.get("/api/v1/worklists").await.ok()["data"].clone();
        let is_here = |list: &&Value| !list["rows"].as_str().unwrap().starts_with("/api/v1/sales");
        let counts = async || lists().await.as_array().unwrap().iter().filter(is_here).map(|list| json!([list["name"], list["count"]])).collect::<Vec<_>>();
        let with = |numbers: [i64; 5]| {
            ["overdue", "needs_result", "to_confirm", "to_issue", "remarket"].into_iter().zip(numbers).map(|pair| json!(pair)).collect::<Vec<_>>()
        };
        assert_eq!(counts().await, with([0, 0, 1, 0, 0]));
        meeting(&world, 1, "confirm", json!({ "with_whom": "Mrs. Lopez", "decision_makers": true })).await.ok();
        world.clock.set("2026-07-02T10:30:00Z");
        assert_eq!(counts().await, with([0, 0, 0, 1, 0]));
        meeting(&world, 1, "issue", json!({ "rep": "Ben" })).await.ok();
        assert_eq!(counts().await, with([0, 0, 0, 0, 0]));
        world.clock.set("2026-07-02T15:00:00Z");
        assert_eq!(counts().await, with([0, 1, 0, 0, 0]));
        let rows = world.get(lists().await[1]["rows"].as_str().unwrap()).await.ok();
        assert_eq!((rows["data"].as_array().unwrap().len(), &rows["data"][0]["meeting"]), (1, &json!(id(1))));
        meeting(&world, 1, "result", json!({ "result": "demoed_not_sold" })).await.ok();
        assert_eq!(counts().await, with([0; 5]));
        assert_eq!(journey(&world, 1).await["result"], "demoed_not_sold");
    }
}

#[tokio::test]
async fn s0_06_sales_and_service_meetings_are_set_and_found_at_the_contact() {
    for world in World::both().await {
        world.post("/api/v1/meeting-types", json!({ "meeting_type": id(50), "name": "Service", "kind": "other", "confirm_and_issue": false })).await.ok();
        with_demo(&world, 1, "2026-07-03T16:00:00Z").await;
        let service = json!({ "meeting": id(11), "journey": id(1), "kind": "other", "type": "Service", "start": "2026-07-09T16:00:00Z", "length_minutes": 60, "by": "Ana" });
        world.post(&format!("{}/meetings", at(1)), service).await.ok();
        with_demo(&world, 2, "2026-07-03T16:00:00Z").await;
        let listed = world.get(&format!("/api/v1/meetings?contact={}", id(1))).await.ok();
        let rows: Vec<_> = listed["data"].as_array().unwrap().iter().map(|row| json!([row["meeting"], row["kind"], row["type"], row["state"]])).collect();
        assert_eq!(rows, [json!([id(11), "other", "Service", "set"]), json!([id(1), "demo", null, "set"])]);
    }
}
