//! Forgetting a person: nothing personal is left anywhere, and everything else stands as it stood.

use crate::import::{file, import};
use crate::world::{ACME, OTHER, World, id};
use api::app::{Erasure, Ledger};
use domain::id::ContactId;
use domain::profile::EraseBasis;
use eventstore::Engine;
use projections::PROJECTIONS;
use serde_json::{Value, json};

/// Stands in every field in which something personal can be typed.
const CANARY: &str = "Canaria";

/// A contact with the canary in every such field, a canceled demo, a lost quote, and a journey that is lost.
async fn contact_with_canaries(world: &World, company: &str) {
    let post = async |path: &str, body: Value| world.send_as(company, "POST", &format!("/api/v1/contacts{path}"), &[], Some(body)).await.ok();
    let contact = json!({
        "contact": id(1), "journey": id(1), "source": "Radio", "product": "Windows", "reference": CANARY, "name": CANARY,
        "phones": ["716-555-0199"], "emails": ["canaria@example.com"], "address": { "street": "1 Canaria St", "city": "Buffalo" },
    });
    post("", contact).await;
    let at = format!("/{}", id(1));
    let start = "2026-07-03T16:00:00Z";
    for n in [1, 2] {
        post(&format!("{at}/meetings"), json!({ "meeting": id(n), "journey": id(1), "kind": "demo", "decision_makers": false, "why_not_all": CANARY, "address_checked": true, "start": start, "length_minutes": 90, "by": "Ana" })).await;
        if n == 1 {
            post(&format!("{at}/meetings/{}/reschedule", id(n)), json!({ "start": "2026-07-04T16:00:00Z", "reason": CANARY, "asked_by": "us" })).await;
            post(&format!("{at}/meetings/{}/cancel", id(n)), json!({ "reason": CANARY, "asked_by": "customer", "note": CANARY })).await;
        }
    }
    post(&format!("{at}/meetings/{}/issue", id(2)), json!({ "rep": "Ben", "reason": CANARY })).await;
    let items = json!([{ "description": CANARY, "quantity": 1, "unit_price_minor": 50_000 }]);
    post(&format!("{at}/quotes"), json!({ "quote": id(1), "journey": id(1), "product": "Windows", "items": items })).await;
    post(&format!("{at}/lose"), json!({ "reason": CANARY })).await;
}

async fn erase(world: &World) -> Value {
    world.post(&format!("/api/v1/contacts/{}/erase", id(1)), json!({ "basis": "person_asked" })).await.ok()
}

fn says_canary(text: &str) -> bool {
    text.to_lowercase().contains("canaria") || text.contains("555-0199") || text.contains("7165550199")
}

#[tokio::test]
async fn a_forgotten_person_is_found_nowhere_and_everything_else_stands() {
    for world in World::both().await {
        contact_with_canaries(&world, "Acme Windows").await;
        contact_with_canaries(&world, "Other Windows").await;
        for event in world.app.store.page(world.company, 0, 1_000).await.unwrap() {
            assert!(!says_canary(&String::from_utf8_lossy(&event.body)), "{} is stored in the clear", event.kind);
        }
        let figures = "/api/v1/figures/nsla?as_of=2026-07-01T16:00:00Z";
        let before = world.get(figures).await.ok();
        erase(&world).await;

        let at = format!("/api/v1/contacts/{}", id(1));
        let paths = [
            at.clone(),
            format!("{at}/timeline"),
            format!("{at}/transitions"),
            "/api/v1/contacts".into(),
            "/api/v1/canceled-demos".into(),
            "/api/v1/meetings".into(),
        ];
        for path in &paths {
            assert!(!says_canary(&world.get(path).await.ok().to_string()), "{path}");
            assert!(path.ends_with("transitions") || says_canary(&world.send_as("Other Windows", "GET", path, &[], None).await.ok().to_string()), "{path}");
        }
        let contact = world.get(&at).await.ok();
        assert_eq!((&contact["name"], &contact["erased_at"], &contact["state"]), (&Value::Null, &json!("2026-07-01T16:00:00Z"), &json!("lost")));
        let timeline = world.get(&paths[1]).await.ok();
        assert_eq!(timeline["data"][0]["data"]["name"], json!({ "erased": true }));
        assert_eq!(world.get("/api/v1/canceled-demos").await.ok()["data"][0]["reason"], Value::Null);
        assert_eq!(world.get("/api/v1/contacts?q=canaria").await.ok()["data"], json!([]));
        let after = world.get(figures).await.ok();
        assert_eq!(before["windows"], after["windows"]);

        for projection in PROJECTIONS {
            let live = projections::digest(&world.app.store, world.company, projection.name()).await.unwrap();
            projections::rebuild(&world.app.store, world.company, &[projection.name()], &mut |_| ()).await.unwrap();
            let rebuilt = projections::digest(&world.app.store, world.company, projection.name()).await.unwrap();
            assert_eq!(live, rebuilt, "{}", projection.name());
        }
        let report = eventstore::verify(&world.app.store, world.company, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
        assert_eq!(report.findings, []);
    }
}

#[tokio::test]
async fn a_forgotten_contact_takes_no_command_and_gives_its_address_free() {
    for world in World::both().await {
        contact_with_canaries(&world, "Acme Windows").await;
        let again = json!({
            "contact": id(2), "journey": id(2), "source": "Radio", "product": "Windows", "name": "Somebody else", "phones": ["716-555-0100"],
            "address": { "street": "1 Canaria St", "city": "Buffalo" },
        });
        assert_eq!(world.post("/api/v1/contacts", again.clone()).await.code(), "address_taken");
        erase(&world).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        for (path, body) in [("erase", json!({ "basis": "person_asked" })), ("place-hold", json!({ "reason": "late" })), ("lose", json!({ "reason": "again" }))]
        {
            assert_eq!(world.post(&format!("{at}/{path}"), body).await.code(), "contact_erased");
        }
        world.post("/api/v1/contacts", again).await.ok();
    }
}

#[tokio::test]
async fn a_legal_hold_refuses_the_erasure_and_says_why() {
    for world in World::both().await {
        contact_with_canaries(&world, "Acme Windows").await;
        let at = format!("/api/v1/contacts/{}", id(1));
        world.post(&format!("{at}/place-hold"), json!({ "reason": "claim in court" })).await.ok();
        let before = world.position().await;
        let refused = world.post(&format!("{at}/erase"), json!({ "basis": "person_asked" })).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "guard_failed"));
        assert!(refused.body["detail"].as_str().unwrap().contains("claim in court"));
        assert_eq!(world.position().await, before);
        world.post(&format!("{at}/lift-hold"), json!({ "reason": "settled" })).await.ok();
        erase(&world).await;
    }
}

/// A copy of the database from before the erasure is put back: the ledger, which is not in it, makes it forget again.
#[tokio::test]
async fn a_restored_backup_forgets_again() {
    for world in World::both().await {
        let folder = tempfile::tempdir().unwrap();
        let ledger = || Ledger::at(&folder.path().join("erasures.jsonl"));
        let app = world.app.clone().with_ledger(ledger());
        contact_with_canaries(&world, "Acme Windows").await;
        contact_with_canaries(&world, "Other Windows").await;
        world.post(&format!("/api/v1/contacts/{}/place-hold", id(1)), json!({ "reason": "court" })).await.ok();
        let visit = json!({ "meeting": id(3), "journey": id(1), "kind": "other", "start": "2026-07-09T16:00:00Z", "length_minutes": 60, "by": "Ana" });
        world.post(&format!("/api/v1/contacts/{}/meetings", id(1)), visit).await.ok();
        // What was erased without the ledger hearing of it is noted at the next start.
        world.send_as("Other Windows", "POST", &format!("/api/v1/contacts/{}/erase", id(1)), &[], Some(json!({ "basis": "retention_ended" }))).await.ok();
        assert_eq!(app.settle_erasures().await.unwrap(), 0);
        let noted = ledger().read().unwrap();
        assert_eq!(noted.iter().map(|noted| noted.company).collect::<Vec<_>>(), [OTHER]);

        // The ledger knows of erasures that this database does not: one of a contact under a hold that expects a visit, one of a contact that came later.
        let contacts = [id(1), id(77)].map(|contact| Erasure { company: ACME, contact: ContactId(contact), basis: EraseBasis::PersonAsked });
        ledger().add(&contacts).unwrap();
        assert_eq!(app.settle_erasures().await.unwrap(), 1);
        assert_eq!(app.settle_erasures().await.unwrap(), 0);
        assert!(!says_canary(&world.get(&format!("/api/v1/contacts/{}/timeline", id(1))).await.ok().to_string()));
    }
}

#[tokio::test]
async fn who_is_forgotten_in_an_imported_history_is_noted_too() {
    for world in World::both().await {
        let folder = tempfile::tempdir().unwrap();
        let ledger = || Ledger::at(&folder.path().join("erasures.jsonl"));
        contact_with_canaries(&world, "Acme Windows").await;
        let app = world.app.clone().with_ledger(ledger());
        let line = json!({ "id": "1", "at": "2026-07-01T16:00:00Z", "contact": id(1), "command": "contact.erase", "with": { "basis": "person_asked" } });
        let (summary, bad) = import(&app, ACME, file(&[line])).await;
        assert_eq!((summary.taken, bad.len()), (1, 0), "{bad:?}");
        assert_eq!(ledger().read().unwrap(), [Erasure { company: ACME, contact: ContactId(id(1)), basis: EraseBasis::PersonAsked }]);
    }
}

/// The bytes of the SQLite file and of its log are looked through: what was overwritten must be gone there as well.
#[tokio::test]
async fn no_byte_of_the_files_tells_a_forgotten_person() {
    for world in World::both().await {
        if world.app.store.db.engine() != Engine::Sqlite {
            continue;
        }
        contact_with_canaries(&world, "Acme Windows").await;
        assert!(world.files().iter().any(|bytes| says_canary(&String::from_utf8_lossy(bytes))), "the read models hold it before");
        erase(&world).await;
        for bytes in world.files() {
            assert!(!says_canary(&String::from_utf8_lossy(&bytes)));
        }
    }
}
