//! Backups: made while commands go on, they lose nothing that was told before, hold nothing that can be read, and come back whole.

use crate::databases::{bare_postgres, postgres};
use crate::world::{ACME, Answer, Fixed, OTHER, World, id, new_contact};
use api::app::{App, Ledger};
use api::backup::{BackupError, Restore, Restored, back_up, back_up_keys, check};
use eventstore::{Ack, Checks, Conn, Db, Engine, MasterKey, Ports, Store};
use projections::PROJECTIONS;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicBool, Ordering};
use tempfile::TempDir;

/// A place for backups, with the master key of the worlds in it.
struct Vault(TempDir);

impl Vault {
    fn new() -> Vault {
        let vault = Vault(TempDir::new().unwrap());
        fs::write(vault.at("master.key"), hex::encode([7; 32])).unwrap();
        #[cfg(unix)]
        fs::set_permissions(vault.at("master.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        vault
    }

    fn at(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Backs a SQLite world up under these names.
    async fn back_up(&self, world: &World, logs: &str, keys: &str) {
        back_up(&world.app, world.file(), &self.at(logs), &mut |_, _| ()).await.unwrap();
        back_up_keys(&world.app, &self.at(keys)).await.unwrap();
    }

    fn restoring(&self, logs: &str, keys: &str, data: &str) -> Restore {
        let [from, keys, master_key, data] = [logs, keys, "master.key", data].map(|name| self.at(name));
        Restore { from: Some(from), keys, master_key, ledger: None, data, database_url: None }
    }

    async fn restore(&self, logs: &str, keys: &str, data: &str) -> Result<Restored, BackupError> {
        self.restoring(logs, keys, data).run(Fixed::at("2026-07-02T16:00:00Z"), &mut |_, _, _| ()).await
    }

    /// What was restored, opened.
    async fn opened(&self, data: &str) -> App {
        let url = format!("sqlite:{}", self.at(data).join("leadtrail.db").display());
        App::open(&url, MasterKey::new([7; 32]), Fixed::at("2026-07-02T16:00:00Z")).await.unwrap()
    }
}

/// A line of a client's journal.
fn ack(answer: &Value, command_id: uuid::Uuid) -> Ack {
    let events = answer["events"].as_array().unwrap().len() as i64;
    let hash = answer["hash"].as_str().unwrap().parse().unwrap();
    Ack { company: ACME, key: None, command_id, events, position: answer["position"].as_i64().unwrap(), hash }
}

/// The command that an answer's request became: its id is that of the request.
fn told(answer: Answer) -> Ack {
    let command_id = answer.header("x-request-id").unwrap().parse().unwrap();
    ack(&answer.ok(), command_id)
}

/// Everything that `verify` checks, of every company.
async fn is_well(store: &Store) {
    for company in [ACME, OTHER] {
        let report = eventstore::verify(store, company, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
        assert_eq!(report.findings, []);
        for projection in PROJECTIONS {
            assert_eq!(projections::check(store, company, projection.name(), &mut |_| ()).await.unwrap(), None, "{}", projection.name());
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_backup_made_while_commands_go_on_is_a_prefix_of_what_was_told() {
    let world = World::both().await.swap_remove(0);
    let vault = Vault::new();
    let mut acks = Vec::new();
    for n in 1..=50 {
        acks.push(told(world.add_contact(n).await));
    }
    let before = acks.len();
    let made = AtomicBool::new(false);
    let copying = async {
        vault.back_up(&world, "logs", "keys").await;
        made.store(true, Ordering::SeqCst);
    };
    let writing = async {
        let (mut during, mut n) = (Vec::new(), 50);
        // On until some were told after it too.
        let mut after = 0;
        while after < 20 {
            n += 1;
            during.push(told(world.add_contact(n).await));
            after += usize::from(made.load(Ordering::SeqCst));
        }
        during
    };
    let ((), during) = tokio::join!(copying, writing);
    acks.extend(during);

    let checked = check(&vault.at("logs"), &Checks::whole(), &mut |_, _| ()).await.unwrap();
    assert_eq!(checked.first(), None);
    let restored = vault.restore("logs", "keys", "data").await.unwrap();
    let head = restored.companies.iter().find(|company| company.company == ACME).unwrap().head();
    let numbered: Vec<(u64, Ack)> = (1..).zip(acks).collect();
    let kept = numbered.iter().take_while(|(_, ack)| ack.position <= head.position.number).count();
    assert!((before..numbered.len()).contains(&kept), "{kept} of {}", numbered.len());
    assert_eq!(numbered[kept - 1].1.hash, head.hash, "the head is what the last of them was told");

    let app = vault.opened("data").await;
    is_well(&app.store).await;
    assert_eq!(app.store.head(ACME).await.unwrap(), head);
    assert_eq!(app.store.lost(ACME, &numbered[..kept]).await.unwrap(), []);
    let lost = app.store.lost(ACME, &numbered).await.unwrap();
    assert_eq!(lost.iter().map(|lost| lost.line).collect::<Vec<_>>(), (kept as u64 + 1..=numbered.len() as u64).collect::<Vec<_>>());
    // Business goes on where it ends: addresses in it are taken, and names can be read.
    assert!(is_known(&app, 3).await);
    app.close().await;
}

/// Whether the name of a contact can still be read.
async fn is_known(app: &App, n: u128) -> bool {
    let events = app.store.stream(ACME, &api::app::desk::contact_stream(domain::id::ContactId(id(n)))).await.unwrap();
    events.iter().any(|event| String::from_utf8_lossy(event.data()).contains(&format!("\"Contact {n}\"")))
}

fn holds(folder: &Path, text: &str) -> bool {
    fs::read_dir(folder).unwrap().any(|file| {
        let bytes = fs::read(file.unwrap().path()).unwrap();
        bytes.windows(text.len()).any(|part| part == text.as_bytes())
    })
}

#[tokio::test]
async fn a_backup_holds_nothing_personal_no_key_and_nothing_derived() {
    let world = World::both().await.swap_remove(0);
    let vault = Vault::new();
    world.quoted(1).await;
    world.post_with("/api/v1/contacts", &[("idempotency-key", "once")], new_contact(2)).await.ok();
    vault.back_up(&world, "logs", "keys").await;
    let names = |name: &str| {
        let mut names: Vec<String> = fs::read_dir(vault.at(name)).unwrap().map(|file| file.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    };
    assert_eq!(names("logs"), ["leadtrail.db", "manifest.json"]);
    assert_eq!(names("keys"), ["erasures.jsonl", "keys.jsonl", "manifest.json"]);
    for personal in ["Contact 1", "1 Main St", "716-555-0100", "7165550100"] {
        assert!(!holds(&vault.at("logs"), personal) && !holds(&vault.at("keys"), personal), "{personal}");
    }
    let wrapped = world.app.store.wrapped_company_key(ACME).await.unwrap();
    assert!(holds(&vault.at("keys"), &hex::encode(&wrapped)));
    assert!(!fs::read(vault.at("logs/leadtrail.db")).unwrap().windows(wrapped.len()).any(|part| part == wrapped));
    #[cfg(unix)]
    for file in ["logs", "logs/leadtrail.db", "logs/manifest.json", "keys", "keys/keys.jsonl", "keys/erasures.jsonl", "keys/manifest.json"] {
        let mode = std::os::unix::fs::PermissionsExt::mode(&fs::metadata(vault.at(file)).unwrap().permissions());
        assert_eq!(mode & 0o077, 0, "{file}");
    }

    // Every table is copied or left out for a reason.
    let copy = Db::open_unchanging(&vault.at("logs/leadtrail.db"));
    let left_out: Vec<&str> = eventstore::backup::LEFT_OUT.iter().map(|(table, _)| *table).collect();
    let read_models: Vec<&str> = PROJECTIONS.iter().flat_map(|projection| projection.tables()).map(|table| table.name).collect();
    for (table, rows) in counts(&copy).await {
        let is_copied = eventstore::backup::COPIED.contains(&table.as_str());
        assert!(is_copied || left_out.contains(&table.as_str()) || read_models.contains(&table.as_str()), "{table} is neither copied nor left out");
        assert_eq!(rows > 0, (is_copied && !EMPTY_HERE.contains(&table.as_str())) || table == "migrations", "{table} has {rows} rows");
    }
    // Checking it touched nothing.
    check(&vault.at("logs"), &Checks::whole(), &mut |_, _| ()).await.unwrap();
    assert_eq!(names("logs"), ["leadtrail.db", "manifest.json"]);
}

/// Tables that nothing in these tests fills: nothing is sent to the world, and nothing signed.
const EMPTY_HERE: [&str; 2] = ["outbox", "checkpoints"];

/// How many rows each table of a database has.
async fn counts(db: &Db) -> Vec<(String, i64)> {
    let mut reader = db.read().await.unwrap();
    let mut counts = Vec::new();
    match reader.conn() {
        Conn::Sqlite(conn) => {
            // A shadow is what an index by text keeps of its own.
            let listed = "SELECT name FROM pragma_table_list WHERE schema = 'main' AND type <> 'shadow' AND name NOT LIKE 'sqlite%'";
            let tables: Vec<(String,)> = sqlx::query_as(listed).fetch_all(&mut *conn).await.unwrap();
            for (table,) in tables {
                let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
                counts.push((table, sqlx::query_scalar(count).fetch_one(&mut *conn).await.unwrap()));
            }
        }
        Conn::Postgres(conn) => {
            let listed = "SELECT tablename::text FROM pg_tables WHERE schemaname IN ('public', 'directory')";
            let tables: Vec<(String,)> = sqlx::query_as(listed).fetch_all(&mut *conn).await.unwrap();
            for (table,) in tables {
                let count = sqlx::AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
                counts.push((table, sqlx::query_scalar(count).fetch_one(&mut *conn).await.unwrap()));
            }
        }
    }
    counts
}

#[tokio::test]
async fn whoever_was_forgotten_after_the_backup_is_forgotten_again_before_anything_is_served() {
    let world = World::both().await.swap_remove(0);
    let vault = Vault::new();
    let ledger = || Ledger::at(&vault.at("erasures.jsonl"));
    let app = world.app.clone().with_ledger(ledger());
    for n in 1..=4 {
        world.quoted(n).await;
    }
    let erase = async |n: u128| world.post(&format!("/api/v1/contacts/{}/erase", id(n)), json!({ "basis": "person_asked" })).await.ok();
    erase(1).await;
    vault.back_up(&world, "logs", "old-keys").await;
    erase(2).await;
    back_up_keys(&app, &vault.at("keys")).await.unwrap();
    erase(3).await;
    assert_eq!(app.settle_erasures().await.unwrap(), 0);

    // With keys as old as the logs, the ledger alone knows of two; with newer ones, their own of one, and its key is gone.
    for (keys, given, again, known) in
        [("old-keys", true, 2, [4].as_slice()), ("keys", true, 2, &[4]), ("keys", false, 1, &[3, 4]), ("old-keys", false, 0, &[2, 3, 4])]
    {
        let data = format!("data-{keys}-{given}");
        let restore = Restore { ledger: given.then(|| vault.at("erasures.jsonl")), ..vault.restoring("logs", keys, &data) };
        let restored = restore.run(Fixed::at("2026-07-02T16:00:00Z"), &mut |_, _, _| ()).await.unwrap();
        assert_eq!(restored.erased_again, again, "{data}");
        let app = vault.opened(&data).await;
        is_well(&app.store).await;
        for n in 1..=4 {
            assert_eq!(is_known(&app, n).await, known.contains(&n), "{data}: contact {n}");
        }
        app.close().await;
        for n in (1..=3).filter(|n| !known.contains(n)) {
            assert!(!holds(&vault.at(&data), &format!("Contact {n}")), "{data}: contact {n}");
        }
        let noted = Ledger::at(&vault.at(&data).join("erasures.jsonl")).read().unwrap();
        assert_eq!(noted.iter().map(|noted| noted.contact.0).collect::<BTreeSet<_>>(), (1..=4).filter(|n| !known.contains(n)).map(id).collect(), "{data}");
    }
}

#[tokio::test]
async fn what_is_damaged_or_does_not_fit_is_refused_and_nothing_is_left() {
    let world = World::both().await.swap_remove(0);
    let vault = Vault::new();
    world.add_contact(1).await.ok();
    vault.back_up(&world, "logs", "keys").await;
    world.add_contact(2).await.ok();
    vault.back_up(&world, "newer", "newer-keys").await;
    let refused = async |logs: &str, keys: &str| {
        let refused = vault.restore(logs, keys, "data").await.unwrap_err().to_string();
        assert!(!vault.at("data").exists() && !vault.at("data.part").exists(), "{refused}");
        refused.replace(&format!("{}/", vault.0.path().display()), "")
    };
    assert!(refused("newer", "keys").await.contains("the keys in keys do not fit: those of the company “Acme Windows” reach to position"));
    assert_eq!(refused("keys", "keys").await, "keys holds keys, not the logs");
    assert_eq!(refused("logs", "logs").await, "logs holds the logs, not the keys");
    assert_eq!(refused("nothing", "keys").await, "nothing holds no backup: there is no manifest.json in it");
    fs::write(vault.at("other.key"), hex::encode([8; 32])).unwrap();
    #[cfg(unix)]
    fs::set_permissions(vault.at("other.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let other = Restore { master_key: vault.at("other.key"), ..vault.restoring("logs", "keys", "data") };
    let other = other.run(Fixed::at("2026-07-02T16:00:00Z"), &mut |_, _, _| ()).await.unwrap_err();
    assert!(other.to_string().contains("not the master key"), "{other}");

    // A changed event is named by its place, any other changed byte by its file.
    let position = world.position().await - 1;
    let database = vault.at("newer/leadtrail.db");
    let whole = fs::read(&database).unwrap();
    for (statement, says) in [
        (format!("UPDATE events SET actor = 'eve' WHERE position = {position}"), format!("company “Acme Windows”, position {position}: the hash is")),
        (format!("DELETE FROM events WHERE position > {position}"), format!("position {position}: the head says")),
        ("UPDATE companies SET name = 'Eve Windows'".into(), "leadtrail.db is not what was written".to_owned()),
        ("CREATE TRIGGER eve AFTER INSERT ON events BEGIN SELECT 1; END".into(), "leadtrail.db holds the trigger eve, which".to_owned()),
        ("CREATE VIEW eve AS SELECT * FROM events".into(), "leadtrail.db holds the view eve, which".to_owned()),
        ("CREATE TABLE eve (name TEXT)".into(), "leadtrail.db holds the table eve, which".to_owned()),
    ] {
        let db = Db::open(&format!("sqlite:{}", database.display())).await.unwrap();
        let mut tx = db.begin().await.unwrap();
        let Conn::Sqlite(conn) = tx.conn() else { panic!("it is a file") };
        sqlx::raw_sql(sqlx::AssertSqlSafe(statement)).execute(conn).await.unwrap();
        tx.commit().await.unwrap();
        db.close().await;
        let said = refused("newer", "newer-keys").await;
        assert!(said.starts_with("the backup in newer is damaged: ") && said.contains(&says), "{said}");
        fs::write(&database, &whole).unwrap();
    }
    // Nor does a file that cannot be read, or is not there, hide behind the database's own words.
    for broken in [&whole[..whole.len() / 2], &whole[..50], b"", b"no database"] {
        fs::write(&database, broken).unwrap();
        let said = refused("newer", "newer-keys").await;
        assert!(said.starts_with("the backup in newer is damaged: "), "{said}");
    }
    fs::remove_file(&database).unwrap();
    assert_eq!(refused("newer", "newer-keys").await, "the backup in newer is damaged: leadtrail.db is missing");
    fs::write(&database, &whole).unwrap();
    // The manifest names the companies of the backup and no others, and its file.
    let manifest = fs::read_to_string(vault.at("newer/manifest.json")).unwrap();
    let with = |change: &dyn Fn(&mut Value)| {
        let mut changed: Value = serde_json::from_str(&manifest).unwrap();
        change(&mut changed);
        fs::write(vault.at("newer/manifest.json"), changed.to_string()).unwrap();
    };
    with(&|manifest| manifest["companies"] = json!([]));
    let says =
        |said: usize| format!("the backup in newer is damaged: the companies that the manifest names ({said}) are not those that leadtrail.db holds (2)");
    assert_eq!(refused("newer", "newer-keys").await, says(0));
    with(&|manifest| manifest["companies"][0] = manifest["companies"][1].clone());
    assert_eq!(refused("newer", "newer-keys").await, says(2));
    with(&|manifest| manifest["files"] = json!({}));
    assert!(refused("newer", "newer-keys").await.contains("the manifest has to name the sum of leadtrail.db"));
    fs::write(vault.at("newer/manifest.json"), &manifest).unwrap();
    let keys = fs::read_to_string(vault.at("newer-keys/keys.jsonl")).unwrap();
    fs::write(vault.at("newer-keys/keys.jsonl"), &keys[..keys.len() / 2]).unwrap();
    assert!(refused("newer", "newer-keys").await.contains("keys.jsonl is not what was written"));
    fs::write(vault.at("newer-keys/keys.jsonl"), &keys).unwrap();
    vault.restore("newer", "newer-keys", "data").await.unwrap();
    // Nothing is restored over something.
    assert!(vault.restore("newer", "newer-keys", "data").await.unwrap_err().to_string().contains("there is something in it already"));
}

/// Bits flipped anywhere in the file are found, by position where an event cannot be read.
#[tokio::test]
async fn a_rotten_bit_is_found_wherever_it_is() {
    let world = World::both().await.swap_remove(0);
    let vault = Vault::new();
    for n in 1..=200 {
        world.add_contact(n).await.ok();
    }
    vault.back_up(&world, "logs", "keys").await;
    let database = vault.at("logs/leadtrail.db");
    let whole = fs::read(&database).unwrap();
    let mut named = 0;
    for step in 0..60 {
        let mut rotten = whole.clone();
        let at = 100 + (step * 7_919 * 13) % (whole.len() - 100);
        rotten[at] ^= 1 << (step % 8);
        fs::write(&database, rotten).unwrap();
        match vault.restore("logs", "keys", "data").await.unwrap_err() {
            BackupError::Damaged { text, .. } => named += usize::from(text.contains("position ")),
            other => panic!("byte {at}: {other}"),
        }
    }
    assert!(named > 5, "{named} of 60 were named by their position");
}

/// The tables that `docs/RUNNING.md` tells to leave out of a dump.
fn left_out_of_a_dump() -> Vec<String> {
    let manual = include_str!("../../docs/RUNNING.md");
    let options = manual.split("--exclude-table-data=").skip(1);
    options.map(|rest| rest.split(|c: char| c.is_whitespace() || c == '\'').find(|word| !word.is_empty()).unwrap().to_owned()).collect()
}

fn run(program: &str, arguments: &[&str]) {
    let program = std::env::var_os("LEADTRAIL_TEST_POSTGRES_BIN").map_or_else(|| program.into(), |folder| Path::new(&folder).join(program));
    let ran = Command::new(&program).args(arguments).output().unwrap_or_else(|error| panic!("{}: {error}", program.display()));
    assert!(ran.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&ran.stderr));
}

/// The drill for PostgreSQL as `docs/RUNNING.md` describes it, with the server's own tools.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_dump_of_a_server_comes_back_with_its_keys() {
    let world = World::both().await.swap_remove(1);
    assert_eq!(world.app.store.db.engine(), Engine::Postgres);
    let vault = Vault::new();
    for n in 1..=3 {
        world.quoted(n).await;
    }
    world.post_with("/api/v1/contacts", &[("idempotency-key", "once")], new_contact(4)).await.ok();
    let head = world.app.store.head(ACME).await.unwrap();
    let dump = vault.at("logs.dump");
    let dump = dump.to_str().unwrap();
    let left_out = left_out_of_a_dump();
    let mut arguments = vec!["--format=custom".to_owned(), format!("--file={dump}"), format!("--dbname={}", world.url())];
    arguments.extend(left_out.iter().map(|table| format!("--exclude-table-data={table}")));
    let dumping = tokio::task::spawn_blocking(move || run("pg_dump", &arguments.iter().map(String::as_str).collect::<Vec<_>>()));
    let mut n = 4;
    while !dumping.is_finished() {
        n += 1;
        world.post("/api/v1/contacts", new_contact(n)).await.ok();
    }
    dumping.await.unwrap();
    back_up_keys(&world.app, &vault.at("keys")).await.unwrap();
    world.post(&format!("/api/v1/contacts/{}/erase", id(2)), json!({ "basis": "person_asked" })).await.ok();
    let ledger = Ledger::at(&vault.at("erasures.jsonl"));
    world.app.clone().with_ledger(ledger).settle_erasures().await.unwrap();

    // Keys without logs are no restore: where pg_restore was forgotten, nothing is made that would be in its way.
    let target = bare_postgres().await;
    let restoring = |url: &str, data: &str| {
        let ledger = Some(vault.at("erasures.jsonl"));
        Restore { from: None, ledger, database_url: Some(url.to_owned()), ..vault.restoring("", "keys", data) }
    };
    let refused = async |restore: Restore| {
        let refused = restore.run(Fixed::at("2026-07-02T16:00:00Z"), &mut |_, _, _| ()).await.unwrap_err();
        assert!(!restore.data.exists() && !vault.at("data.part").exists(), "{refused}");
        refused
    };
    let said = refused(restoring(&target.url, "data")).await.to_string();
    assert!(said.starts_with("the logs are not in PostgreSQL at ") && said.ends_with(": it has no tables"), "{said}");
    assert_eq!(counts(&target.db).await, []);
    let other = postgres().await;
    let said = refused(restoring(&other.url, "data")).await.to_string();
    assert!(said.ends_with(": it has no log of the company “Other Windows”, nor of any other that the keys are of"), "{said}");
    // Nor are they put over those of a database that is served.
    let before = world.app.store.wrapped_company_key(ACME).await.unwrap();
    let said = refused(restoring(world.url(), "data")).await.to_string();
    assert!(said.starts_with("there are keys of the company “Other Windows” in PostgreSQL at "), "{said}");
    assert_eq!(world.app.store.wrapped_company_key(ACME).await.unwrap(), before);

    run("pg_restore", &["--exit-on-error", &format!("--dbname={}", target.url), dump]);
    for (table, rows) in counts(&target.db).await {
        let is_kept = (eventstore::backup::COPIED.contains(&table.as_str()) && !EMPTY_HERE.contains(&table.as_str())) || table == "migrations";
        assert_eq!(rows > 0, is_kept, "{table} has {rows} rows");
    }
    // A restore that fails leaves no key behind, and can be run again.
    fs::write(vault.at("other.key"), hex::encode([8; 32])).unwrap();
    #[cfg(unix)]
    fs::set_permissions(vault.at("other.key"), std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let other = refused(Restore { master_key: vault.at("other.key"), ..restoring(&target.url, "data") }).await;
    assert!(other.to_string().contains("not the master key"), "{other}");
    let left: Vec<_> = counts(&target.db).await.into_iter().filter(|(table, rows)| table.contains("keys") && *rows > 0).collect();
    assert_eq!(left, []);
    let restored = restoring(&target.url, "data").run(Fixed::at("2026-07-02T16:00:00Z"), &mut |_, _, _| ()).await.unwrap();
    assert_eq!((restored.erased_again, restored.without_logs), (1, vec![]));
    assert!(restored.companies.iter().any(|company| company.company == ACME && company.position >= head.position.number));
    let app = App::open(&target.url, MasterKey::new([7; 32]), Fixed::at("2026-07-02T16:00:00Z")).await.unwrap();
    is_well(&app.store).await;
    assert_eq!((is_known(&app, 1).await, is_known(&app, 2).await, is_known(&app, 3).await), (true, false, true));
    assert!(vault.at("data/master.key").exists());
    app.close().await;

    // Logs that were altered on their way are refused.
    let altered = postgres().await;
    let store = altered.store();
    store.create_company(ACME, "Acme Windows", world.app.store.log_id(ACME).await.unwrap(), [9; 32], Fixed::at("2026-07-01T16:00:00Z").now()).await.unwrap();
    let mut tx = altered.db.begin().await.unwrap();
    let Conn::Postgres(conn) = tx.conn() else { panic!("it is a server") };
    sqlx::raw_sql("UPDATE heads SET position = 3; DELETE FROM company_keys").execute(conn).await.unwrap();
    tx.commit().await.unwrap();
    let said = refused(restoring(&altered.url, "other")).await.to_string();
    assert!(
        said.starts_with("the logs in PostgreSQL at ") && said.contains(" are damaged: company “Acme Windows”, ") && said.contains("the head says 3"),
        "{said}"
    );
    assert!(!altered.store().has_keys(ACME).await.unwrap());
}
