//! Fault 44: a person is forgotten, and the process ends in the middle of it; then an old copy of the database is brought back. The person is
//! found nowhere in the bytes, and everything verifies.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::send;
use crate::{Bench, Tally};
use reqwest::Client;
use serde_json::json;
use std::path::Path;
use std::time::Duration;
use uuid::Uuid;

/// What no file may hold afterwards, in small letters.
const CANARIES: [&str; 3] = ["canaria", "555-0199", "7165550199"];

pub async fn forgotten(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    for point in ["erase.after_key", "append.before_commit", "append.after_commit", "erase.after_rows"] {
        let place = Installation::new(bench, Engine::Sqlite).await;
        let mut service = place.start();
        let id = Uuid::from_u128(77);
        // A client of its own each time: a connection kept from before a kill would not reach the service.
        let tell = async |path: String, body| send(&Client::new(), &place.target(), COMPANIES[0], Some(&path), &path, &body).await;
        let add = json!({
            "contact": id, "journey": id, "source": "Radio", "product": "Windows", "by": "Ana", "name": "Canaria", "reference": "Canaria",
            "phones": ["716-555-0199"], "emails": ["canaria@example.com"], "address": { "street": "1 Canaria St", "city": "Canaria" }
        });
        assert!(tell("contacts".into(), add).await.expect("the service answers").status.is_success());
        let lost = tell(format!("contacts/{id}/lose"), json!({ "reason": "Canaria moved away" })).await.expect("the service answers");
        assert!(lost.status.is_success(), "{}", lost.body);
        // The same person once more, with what other tables keep: a canceled demo's reason, and the timer of a quote.
        let again = Uuid::from_u128(78);
        let at = format!("contacts/{again}");
        let add = json!({ "contact": again, "journey": again, "source": "Radio", "product": "Windows", "by": "Ana", "name": "Canaria", "phones": ["716-555-0199"], "address": "1 Canaria St" });
        let demo = json!({ "meeting": again, "journey": again, "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2198-07-01T16:00:00Z", "length_minutes": 90, "by": "Ana" });
        let cancel = json!({ "reason": "Canaria is away", "asked_by": "customer", "by": "Ana" });
        let items = json!([{ "description": "Window", "quantity": 1, "unit_price_minor": 50_000 }]);
        let quote = json!({ "quote": again, "journey": again, "product": "Windows", "items": items, "by": "Ben" });
        for (path, body) in [
            ("contacts".to_owned(), add),
            (format!("{at}/meetings"), demo),
            (format!("{at}/meetings/{again}/cancel"), cancel),
            (format!("{at}/quotes"), quote),
            (format!("{at}/quotes/{again}/finalize"), json!({ "valid_until": "2198-08-01", "terms": "half on signing" })),
        ] {
            let done = send(&Client::new(), &place.target(), COMPANIES[0], None, &path, &body).await.expect("the service answers");
            assert!(done.status.is_success(), "{path}: {}", done.body);
        }
        service.kill();
        let old = place.beside("old");
        std::fs::create_dir(&old).expect("a folder can be made");
        copy_database(&place.data, &old);
        assert!(says_canary(&place.data), "the person is in the data");

        let deadly = format!("{point}=1");
        service = place.start_as(&bench.failing, &[("LEADTRAIL_FAILPOINTS", &deadly)]);
        let erase = json!({ "basis": "person_asked" });
        assert!(tell(format!("contacts/{id}/erase"), erase.clone()).await.is_err(), "nobody answers from a dead service");
        assert!(service.ended(Duration::from_secs(10)).await.is_some(), "{point} was not reached");
        tally.kills += 1;
        service = place.start();
        service.count_start(&mut tally);
        assert!(tell(format!("contacts/{id}/erase"), erase.clone()).await.expect("the service answers").status.is_success());
        assert!(tell(format!("contacts/{again}/erase"), erase).await.expect("the service answers").status.is_success());
        service.kill();
        place.verify();
        assert!(!says_canary(&place.data), "the person was forgotten, and stands in the data folder ({point})");

        copy_database(&old, &place.data);
        assert!(says_canary(&place.data), "the old copy knows the person");
        service = place.start();
        service.kill();
        assert!(!says_canary(&place.data), "the person came back with an old copy ({point})");
        let exported = place.run(&["export", "--company", "Acme"]).stdout;
        assert!(!holds_canary(&exported), "an export names the person");
        place.verify();
        service.check_log();
        tally.images += 2;
    }
    tally
}

/// The database's own files, and what else of them lies in the place is taken away.
fn copy_database(from: &Path, to: &Path) {
    for name in ["leadtrail.db", "leadtrail.db-wal", "leadtrail.db-shm"] {
        drop(std::fs::remove_file(to.join(name)));
        if from.join(name).exists() {
            std::fs::copy(from.join(name), to.join(name)).expect("the database can be copied");
        }
    }
}

fn says_canary(folder: &Path) -> bool {
    let files = std::fs::read_dir(folder).expect("the folder can be read");
    files.map(|entry| entry.expect("the folder can be read").path()).any(|path| holds_canary(&std::fs::read(path).expect("a file can be read")))
}

fn holds_canary(bytes: &[u8]) -> bool {
    let small = bytes.to_ascii_lowercase();
    CANARIES.iter().any(|canary| small.windows(canary.len()).any(|part| part == canary.as_bytes()))
}
