//! A log leaves as a file and comes back with every hash; whatever is wrong with the file is found.

use crate::databases::{TestDb, both};
use crate::import::{file, import, log, sold};
use crate::world::{ACME, Fixed, OTHER, World};
use api::app::App;
use api::log_file::{Imported, Source, TakeOverError, check, export, export_keys, import_keys, read_keys};
use chrono::{DateTime, Utc};
use eventstore::{CompanyId, Hash, Recorded, StoreError, Stream};
use serde_json::{Value, json};
use uuid::Uuid;

/// A company that does not exist in any world.
const NEW: CompanyId = CompanyId(Uuid::from_u128(0x4E57));

/// A world whose company has sold to two contacts, and its log as a file.
async fn exported(world: &World) -> String {
    import(&world.app, ACME, file(&[sold(1), sold(2)].concat())).await;
    let company = world.app.company(Some("Acme Windows")).await.unwrap();
    let (mut text, mut last) = (Vec::new(), 0);
    let exported = export(&world.app, &company, &mut text, |position, head| {
        assert!(last < position && position <= head);
        last = position;
    });
    let exported = exported.await.unwrap();
    assert_eq!((exported.events, exported.head), (world.position().await, world.app.store.head(ACME).await.unwrap()));
    String::from_utf8(text).unwrap()
}

/// An empty company in a database of its own.
async fn empty(db: &TestDb) -> App {
    let app = App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"));
    app.store.create_company(NEW, "New", Uuid::from_u128(5), [7; 32], app.ports.now()).await.unwrap();
    app
}

async fn take_over(app: &App, company: CompanyId, text: &str) -> Result<Imported, TakeOverError> {
    Source::open(text.as_bytes(), app.ports.now())?.take(app, company, |_, _| {}).await
}

/// What is found wrong with a file where it lies; `None` when it is no exported log.
fn checked(app: &App, text: &str) -> Option<Vec<eventstore::Finding>> {
    check(text.as_bytes(), app.ports.now(), |_| (), |_, _| ()).ok().map(|checked| checked.findings)
}

#[tokio::test]
async fn a_log_comes_back_with_the_same_hashes_and_the_same_rows() {
    for (world, db) in World::both().await.into_iter().zip(both().await.into_iter().rev()) {
        let text = exported(&world).await;
        let app = empty(&db).await;
        let mut keys = Vec::new();
        export_keys(&world.app, ACME, &mut keys).await.unwrap();
        let keys = read_keys(world.app.store.log_id(ACME).await.unwrap(), keys.as_slice()).unwrap();
        import_keys(&app, NEW, &keys).await.unwrap();
        let imported = take_over(&app, NEW, &text).await.unwrap();
        let (old, new) = (log(&world.app, ACME).await, log(&app, NEW).await);
        assert_eq!((imported.added, imported.already_there, imported.head.hash), (old.len(), 0, old.last().unwrap().hash));
        let moved: Vec<_> = old.into_iter().map(|event| eventstore::Recorded { company: NEW, ..event }).collect();
        assert_eq!(new, moved);
        for projection in projections::PROJECTIONS {
            projections::catch_up(&app.store, NEW, projection.name()).await.unwrap();
            let digests = (projections::digest(&app.store, NEW, projection.name()).await, projections::digest(&world.app.store, ACME, projection.name()).await);
            assert_eq!(digests.0.unwrap(), digests.1.unwrap(), "{}", projection.name());
        }
        let report = eventstore::verify(&app.store, NEW, &api::app::desk::effects_of, &mut |_, _| {}).await.unwrap();
        assert_eq!(report.findings, []);

        let again = take_over(&app, NEW, &text).await.unwrap();
        assert_eq!((again.added, again.already_there, again.head), (0, moved.len(), imported.head));
        // Business goes on where the log ends, and the addresses in it are taken.
        let (summary, bad) = import(&app, NEW, file(&sold(3))).await;
        assert_eq!(summary.taken, 10, "{bad:?}");
        let taken = file(&sold(4)[..1]).replace("4 Elm St", "1 ELM ST");
        assert_eq!(import(&app, NEW, taken).await.1[0].code, "address_taken");
        app.stop().await;
    }
}

#[tokio::test]
async fn a_file_that_was_cut_off_is_said_to_be_so_and_a_longer_one_continues() {
    for (world, db) in World::both().await.into_iter().zip(both().await) {
        let text = exported(&world).await;
        let app = empty(&db).await;
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let cut = take_over(&app, NEW, &lines[..10].concat()).await;
        assert!(matches!(cut, Err(TakeOverError::CutOff { line: 10 })), "{cut:?}");
        let mid_line = &text[..text.len() / 2];
        assert!(matches!(take_over(&app, NEW, mid_line).await, Err(TakeOverError::CutOff { .. })));
        assert_eq!(app.store.head(NEW).await.unwrap().position.number, 0, "a part with a fault is not taken");
        let whole = take_over(&app, NEW, &text).await.unwrap();
        assert_eq!(whole.head.hash, world.app.store.head(ACME).await.unwrap().hash);

        // The log goes on where it was, and the company here has its beginning.
        import(&world.app, ACME, file(&sold(3))).await;
        let company = world.app.company(Some("Acme Windows")).await.unwrap();
        let mut longer = Vec::new();
        export(&world.app, &company, &mut longer, |_, _| {}).await.unwrap();
        let rest = take_over(&app, NEW, std::str::from_utf8(&longer).unwrap()).await.unwrap();
        assert_eq!(rest.head.hash, world.app.store.head(ACME).await.unwrap().hash);
        assert_eq!((rest.added, rest.already_there), (16, whole.added));
    }
}

#[tokio::test]
async fn whatever_was_changed_in_a_file_is_found() {
    for (world, db) in World::both().await.into_iter().zip(both().await) {
        let text = exported(&world).await;
        let lines: Vec<String> = text.lines().map(|line| format!("{line}\n")).collect();
        let with = |change: &dyn Fn(&mut Vec<String>)| {
            let mut lines = lines.clone();
            change(&mut lines);
            lines.concat()
        };
        let app = empty(&db).await;
        assert_eq!(checked(&app, &text).unwrap(), []);
        let log_id = world.app.store.log_id(ACME).await.unwrap();
        let changed: Vec<(&str, String)> = vec![
            ("nothing", String::new()),
            ("no header", with(&|lines| drop(lines.remove(0)))),
            ("a newer format", text.replacen("\"format\":1", "\"format\":2", 1)),
            ("another log's id", text.replacen(&log_id.to_string(), &Uuid::from_u128(6).to_string(), 1)),
            ("a price", text.replace("\"unit_price_minor\":50000", "\"unit_price_minor\":50001")),
            ("an actor", text.replacen("\"actor\":\"importer:", "\"actor\":\"person:", 1)),
            ("a time", text.replacen("\"occurred_at\":\"2026-06-01T14:00:00.000000Z\"", "\"occurred_at\":\"2026-06-01T14:00:00.000001Z\"", 1)),
            ("a blank in the data", text.replacen("\"data\":{\"", "\"data\":{ \"", 1)),
            ("a line is missing", with(&|lines| drop(lines.remove(5)))),
            ("two lines changed places", with(&|lines| lines.swap(4, 5))),
            ("a line stands twice", with(&|lines| lines.insert(5, lines[5].clone()))),
            ("the last events are missing", with(&|lines| drop(lines.remove(lines.len() - 2)))),
            ("the end has another hash", with(&|lines| *lines.last_mut().unwrap() = lines.last().unwrap().replace("\"hash\":\"", "\"hash\":\"00"))),
            ("something follows", with(&|lines| lines.push("{}\n".into()))),
            ("an unknown field", text.replacen("\"version\":", "\"edition\":1,\"version\":", 1)),
        ];
        for (number, (what, changed)) in (1..).zip(changed) {
            assert_ne!(changed, text, "{what}");
            assert!(checked(&app, &changed).is_none_or(|findings| !findings.is_empty()), "{what}");
            let company = CompanyId(Uuid::from_u128(number));
            app.store.create_company(company, what, Uuid::from_u128(number), [7; 32], app.ports.now()).await.unwrap();
            let taken = take_over(&app, company, &changed).await;
            assert!(taken.is_err(), "{what}: {taken:?}");
            // What was taken before the fault is right, and the true file completes it.
            take_over(&app, company, &text).await.unwrap();
            assert_eq!(app.store.head(company).await.unwrap().hash, world.app.store.head(ACME).await.unwrap().hash, "{what}");
        }
    }
}

#[tokio::test]
async fn a_log_is_not_mixed_with_another() {
    for world in World::both().await {
        let text = exported(&world).await;
        let mixed = Source::open(text.as_bytes(), world.app.ports.now()).unwrap().take(&world.app, OTHER, |_, _| {}).await;
        assert!(matches!(mixed, Err(TakeOverError::Store(StoreError::BrokenLog { .. }))), "{mixed:?}");
    }
}

#[tokio::test]
async fn what_does_not_fit_is_found_where_the_file_lies_though_every_hash_is_right() {
    for world in World::both().await {
        let text = exported(&world).await;
        type Change = fn(&mut Value);
        let changes: [(&str, &str, Change); 4] = [
            ("I3 versions", "follows", |line| line["version"] = json!(17)),
            ("I8 named", "it does not name its actor", |line| line["actor"] = json!("")),
            ("I8 named", "it does not name its command", |line| line["command_id"] = json!(Uuid::nil())),
            ("recorded_at", "no later", |line| line["recorded_at"] = json!("2001-01-01T00:00:00.000000Z")),
        ];
        for (rule, says, change) in changes {
            let findings = checked(&world.app, &forged(&text, 9, change)).unwrap();
            assert!(findings.iter().any(|found| (found.position, found.rule) == (9, rule) && found.text.contains(says)), "{says}: {findings:?}");
        }
    }
}

/// The same log with one line changed and every hash made anew: whole, and such as this version never writes.
fn forged(text: &str, at: usize, change: impl Fn(&mut Value)) -> String {
    let mut lines: Vec<Value> = text.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    change(&mut lines[at]);
    let uuid = |value: &Value| serde_json::from_value::<Uuid>(value.clone()).unwrap();
    let mut hash = Hash::before_first(uuid(&lines[0]["log_id"]));
    let last = lines.len() - 1;
    for line in &mut lines[1..last] {
        let text = |key: &str| line[key].as_str().unwrap().to_owned();
        let number = |key: &str| line[key].as_i64().unwrap();
        let time = |key: &str| text(key).parse::<DateTime<Utc>>().unwrap();
        let event = Recorded {
            company: ACME,
            position: number("position"),
            commit_end: number("commit_end"),
            stream: Stream { kind: line["stream"]["kind"].as_str().unwrap().to_owned().into(), id: uuid(&line["stream"]["id"]) },
            version: number("version"),
            event_id: uuid(&line["event_id"]),
            command_id: uuid(&line["command_id"]),
            kind: text("type"),
            format: number("format") as i32,
            occurred_at: time("occurred_at"),
            recorded_at: time("recorded_at"),
            actor: text("actor"),
            cause: line["cause"].as_str().map(str::to_owned),
            body: line["data"].to_string().into_bytes(),
            opened: None,
            hash,
        };
        hash = event.chain(&hash);
        line["hash"] = json!(hash);
    }
    lines[last]["hash"] = json!(hash);
    lines.iter().map(|line| format!("{line}\n")).collect()
}

#[tokio::test]
async fn what_this_version_cannot_read_or_has_not_happened_is_not_taken() {
    for (world, db) in World::both().await.into_iter().zip(both().await) {
        let text = exported(&world).await;
        let app = empty(&db).await;
        type Change = fn(&mut Value);
        let changes: [(&str, Change); 5] = [
            ("is unknown to this version", |line| line["type"] = json!("contact.sung")),
            ("of format 99", |line| line["format"] = json!(99)),
            ("cannot be read", |line| line["data"] = json!({ "nonsense": true })),
            ("occurred_at is 2026-07-01T16:05:01Z", |line| line["occurred_at"] = json!("2026-07-01T16:05:01.000000Z")),
            ("recorded_at is 2027", |line| line["recorded_at"] = json!("2027-01-01T00:00:00.000000Z")),
        ];
        for (says, change) in changes {
            let refused = take_over(&app, NEW, &forged(&text, 9, change)).await.unwrap_err();
            assert!(matches!(refused, TakeOverError::Unfit { .. }), "{says}: {refused}");
            let refused = refused.to_string();
            assert!(refused.starts_with("line 10, position 9: ") && refused.contains(says), "{says}: {refused}");
            assert_eq!(app.store.head(NEW).await.unwrap().position.number, 0, "{says}");
        }
        // With nothing changed, a forged log is as good as the true one.
        assert_eq!(take_over(&app, NEW, &forged(&text, 9, |_| {})).await.unwrap().head.position.number, world.position().await);
    }
}
