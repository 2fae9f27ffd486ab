//! Logs that cannot be built on: a company with an event of a newer version, or with a damaged end, is not served; the others are.

use crate::world::{ACME, OTHER, World, id, new_contact};
use api::app::desk::{company_stream, effects_of};
use eventstore::{CompanyId, Engine, Recorded, Store, StoreError, sql};
use projections::{PROJECTIONS, statuses};
use serde_json::json;

/// Another process, of a newer version, writes an event that this one does not know. Answers its position.
async fn dream(store: &Store, company: CompanyId, kind: &str, format: i32) -> i64 {
    let head = store.head(company).await.unwrap();
    let last = store.event(company, head.position.number).await.unwrap().unwrap();
    let position = last.position + 1;
    let mut event = Recorded {
        position,
        commit_end: position,
        version: store.stream(company, &company_stream()).await.unwrap().len() as i64 + 1,
        stream: company_stream(),
        event_id: id(0xD4EA),
        command_id: id(0xD4EB),
        kind: kind.into(),
        format,
        recorded_at: last.recorded_at + chrono::TimeDelta::microseconds(1),
        body: b"{}".to_vec(),
        opened: None,
        ..last
    };
    event.hash = event.chain(&head.hash);
    store.adopt(company, store.log_id(company).await.unwrap(), &[event], &effects_of).await.unwrap();
    position
}

/// What the read models of a company hold and reflect.
async fn read_models(store: &Store, company: CompanyId) -> Vec<(eventstore::Mark, i64, String)> {
    let mut all = Vec::new();
    for (status, projection) in statuses(store, company).await.unwrap().into_iter().zip(PROJECTIONS) {
        all.push((status.at, status.generation, projections::digest(store, company, projection.name()).await.unwrap()));
    }
    all
}

/// Everything that is asked of the company is answered alike; the other one is served.
async fn is_refused(world: &World, code: &str, detail: &str, n: u128) {
    for answer in [
        world.get("/api/v1/contacts").await,
        world.get("/api/v1/figures/nsli").await,
        world.get("/api/v1/company").await,
        world.get(&format!("/api/v1/contacts/{}/timeline", id(1))).await,
        world.post("/api/v1/contacts", new_contact(n)).await,
        world.post("/api/v1/sources", json!({ "name": "Web" })).await,
    ] {
        assert_eq!((answer.status.as_u16(), answer.code(), answer.header("retry-after")), (503, code, Some("60")), "{answer:?}");
        assert_eq!(answer.body["detail"], detail);
    }
    world.send_as("Other Windows", "POST", "/api/v1/contacts", &[], Some(new_contact(n))).await.ok();
    assert_eq!(world.send_as("Other Windows", "GET", "/api/v1/contacts", &[], None).await.ok()["data"][0]["name"], format!("Contact {n}"));
    assert_eq!(world.get("/healthz").await.ok(), json!({ "status": "some_refused", "refused_companies": 1, "drifted": [] }));
}

#[tokio::test]
async fn a_company_with_an_event_of_a_newer_version_is_not_served() {
    for (kind, format) in [("meeting.dreamt", 1), ("meeting.set", 2)] {
        for world in World::both().await {
            world.quoted(1).await;
            assert_eq!(world.get("/healthz").await.ok(), json!({ "status": "ok", "refused_companies": 0, "drifted": [] }));
            let before = read_models(&world.app.store, ACME).await;
            let position = dream(&world.app.store, ACME, kind, format).await;
            let detail = format!(
                "the event at position {position} ({kind}, format {format}) cannot be read: this version does not know it, a newer one wrote it; \
                 nothing of this company is read or changed until that version is started again"
            );
            is_refused(&world, "unreadable_log", &detail, 7).await;
            let met = projections::keep_up(world.app.store.clone(), ACME).await;
            assert_eq!(met.to_string(), detail);

            let world = world.started_again().await;
            is_refused(&world, "unreadable_log", &detail, 8).await;
            assert_eq!(read_models(&world.app.store, ACME).await, before, "the read models were touched");
            assert_eq!(world.position().await, position, "the log was written to");
            let report = eventstore::verify(&world.app.store, OTHER, &effects_of, &mut |_, _| {}).await.unwrap();
            assert_eq!(report.findings, []);
        }
    }
}

#[tokio::test]
async fn a_company_is_refused_by_the_first_command_that_meets_the_event() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        dream(&world.app.store, ACME, "meeting.dreamt", 1).await;
        assert_eq!(world.post("/api/v1/contacts", new_contact(2)).await.code(), "unreadable_log");
        assert_eq!(world.get("/healthz").await.ok()["refused_companies"], 1);
    }
}

#[tokio::test]
async fn a_company_with_a_damaged_end_is_not_served() {
    for world in World::both().await {
        world.quoted(1).await;
        let position = world.position().await - 1;
        let store = &world.app.store;
        let mut tx = store.db.begin().await.unwrap();
        if store.db.engine() == Engine::Postgres {
            sql("GRANT UPDATE ON events TO CURRENT_USER").run(&mut tx.conn()).await.unwrap();
        }
        sql("UPDATE events SET actor = 'eve' WHERE company_id = $1 AND position = $2").bind(ACME).bind(position).run(&mut tx.conn()).await.unwrap();
        tx.commit().await.unwrap();

        let world = world.started_again().await;
        let refusal = world.app.refusal(ACME).unwrap();
        assert!(matches!(&refusal, StoreError::Damaged { position: at, rule: "I4 hash chain", .. } if *at == position), "{refusal}");
        is_refused(&world, "damaged_log", &refusal.to_string(), 7).await;
    }
}
