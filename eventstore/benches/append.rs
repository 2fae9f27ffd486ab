//! How fast commands are committed, beside a bare loop that writes the same rows into the same database, and how
//! fast the log is read.
//!
//! `cargo bench -p eventstore --bench append`: SQLite in a temporary folder, and PostgreSQL when
//! LEADTRAIL_TEST_POSTGRES_URL names a server (its tables are made in a database of their own). Every figure is the
//! middle of several rounds, with the lowest and the highest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails may stop")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use eventstore::{
    Claim, CompanyId, Db, Decider, Draft, Effect, Hash, MasterKey, Ports, ReceiptKey, Recorded, Store, Stream, Submission, Unreadable, Value, Writer,
    insert_rows, sql, verify,
};
use futures::future::join_all;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

/// How long one round lasts, and how many there are.
const ROUND: Duration = Duration::from_millis(1_500);
const ROUNDS: usize = 5;

/// Writes one line, always the same, into the notebook it is given.
struct Notebooks {
    held: HashSet<Stream>,
    line: Vec<u8>,
}

impl Notebooks {
    fn writing(line: Vec<u8>) -> Self {
        Notebooks { held: HashSet::new(), line }
    }
}

impl Decider for Notebooks {
    type Request = Uuid;
    type Refusal = ();

    fn needs(&self, book: &Uuid) -> Vec<Stream> {
        vec![Stream::new("book", *book)]
    }
    fn holds(&self, stream: &Stream) -> bool {
        self.held.contains(stream)
    }
    fn load(&mut self, stream: &Stream, _: &[Recorded]) -> Result<(), Unreadable> {
        self.held.insert(stream.clone());
        Ok(())
    }
    fn apply(&mut self, _: &Recorded) -> Result<(), Unreadable> {
        Ok(())
    }
    fn decide(&self, book: &Uuid, now: DateTime<Utc>) -> Result<Vec<Draft>, ()> {
        let draft = Draft {
            stream: Stream::new("book", *book),
            kind: "line.written",
            format: 1,
            body: self.line.clone(),
            occurred_at: now,
            actor: "3c1a52a4-52e1-4b51-9a1b-6a4f5f0f6a11".into(),
            cause: None,
        };
        Ok(vec![draft])
    }
    fn knows(&self, _: &str, _: i32) -> bool {
        true
    }

    fn effects(&self, _: &Stream, _: &str, _: i32, _: &[u8]) -> Vec<Effect> {
        vec![]
    }
    fn taken(&self, _: &Claim, _: &Stream, _: &Draft) {}
    fn forget(&mut self) {
        self.held.clear();
    }
    fn trim(&mut self) {}
}

/// A body of usual size.
fn body() -> Vec<u8> {
    let mut body = br#"{"text":""#.to_vec();
    body.resize(220, b'x');
    body.extend(br#""}"#);
    body
}

/// What is entered of a person, with a mark around each value that makes it sealed, or does not.
fn person(mark: &str) -> Vec<u8> {
    let value = |name: &str, value: &str| format!(r#""{name}":{{"{mark}":"{value}"}}"#);
    let values = [value("name", "Dana Whitfield"), value("phone", "+17165550100"), value("email", "dana.whitfield@example.com")].join(",");
    format!(r#"{{{values},"folder":"3c1a52a4-52e1-4b51-9a1b-6a4f5f0f6a11","source":"3c1a52a4-52e1-4b51-9a1b-6a4f5f0f6a12"}}"#).into_bytes()
}

/// Time and ids, counted.
struct Machine(AtomicU64);

impl Ports for Machine {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(1_750_000_000_000_000 + self.0.load(Ordering::Relaxed) as i64).unwrap()
    }
    fn new_id(&self) -> Uuid {
        Uuid::from_u128((1 << 100) + u128::from(self.0.fetch_add(1, Ordering::Relaxed)))
    }
    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(self.new_id().as_bytes());
        bytes
    }
}

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &format!("sqlite:{}", folder.path().join("bench.db").display())).await;
    match std::env::var("LEADTRAIL_TEST_POSTGRES_URL") {
        Err(_) => println!("PostgreSQL: not measured, LEADTRAIL_TEST_POSTGRES_URL is not set"),
        Ok(server) => {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            let name = format!("leadtrail_bench_{}", std::process::id());
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
            let (host, _) = server.rsplit_once('/').unwrap();
            measure("PostgreSQL", &format!("{host}/{name}")).await;
            sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut admin).await.unwrap();
        }
    }
}

async fn measure(name: &str, url: &str) {
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db, MasterKey::new([7; 32]));
    let machine = Arc::new(Machine(AtomicU64::new(0)));
    println!("{name}: events a second, one event of {} bytes and one receipt each", body().len());
    for callers in [1, 8, 32, 128] {
        let bare = rounds(async || bare(&store, &machine, callers).await).await;
        let writer = rounds(async || through_the_writer(&store, &machine, callers, body()).await).await;
        println!(
            "  {callers:>4} at once: writer {:>8.0} ({:.0} to {:.0}), bare loop {:>8.0} ({:.0} to {:.0}), ratio {:.2}",
            writer[ROUNDS / 2],
            writer[0],
            writer[ROUNDS - 1],
            bare[ROUNDS / 2],
            bare[0],
            bare[ROUNDS - 1],
            writer[ROUNDS / 2] / bare[ROUNDS / 2]
        );
    }
    sealing(&store, &machine).await;
    reading(&store, &machine).await;
    store.db.close().await;
}

/// What it costs to seal three values of each event.
async fn sealing(store: &Store, machine: &Arc<Machine>) {
    let (mut plain, mut sealed) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        plain.push(through_the_writer(store, machine, 32, person("ordinary")).await);
        sealed.push(through_the_writer(store, machine, 32, person("personal")).await);
    }
    plain.sort_by(f64::total_cmp);
    sealed.sort_by(f64::total_cmp);
    let (plain, sealed) = (plain[ROUNDS / 2], sealed[ROUNDS / 2]);
    println!("    32 at once, three values of each event: plain {plain:.0}, sealed {sealed:.0}, ratio {:.2}", sealed / plain);
}

/// How fast a log is read page by page, and how fast it is checked.
async fn reading(store: &Store, machine: &Arc<Machine>) {
    const EVENTS: u64 = 50_000;
    let company = company(store, &**machine).await;
    let writer = Writer::start(store.clone(), company, Notebooks::writing(body()), (), machine.clone());
    let mut pending = Vec::new();
    for number in 0..EVENTS {
        let request = Uuid::from_u128(u128::from(number % 5_000));
        pending.push(writer.enqueue(Submission { request, command_id: machine.new_id(), receipt: None }).await);
    }
    join_all(pending).await;
    let begin = Instant::now();
    let mut after = 0;
    while let Some(last) = store.page(company, after, 1_000).await.unwrap().last() {
        after = last.position;
    }
    let read = EVENTS as f64 / begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let mut hash = Hash::before_first(store.log_id(company).await.unwrap());
    let mut after = 0;
    while let page = store.page(company, after, 1_000).await.unwrap()
        && let Some(last) = page.last()
    {
        hash = page.iter().fold(hash, |hash, event| event.chain(&hash));
        after = last.position;
    }
    assert_eq!(hash, store.head(company).await.unwrap().hash);
    let hashed = EVENTS as f64 / begin.elapsed().as_secs_f64();
    let begin = Instant::now();
    let report = verify(store, company, &|_| vec![], &mut |_, _| {}).await.unwrap();
    assert_eq!((report.first(), report.events), (None, EVENTS as i64));
    let verified = EVENTS as f64 / begin.elapsed().as_secs_f64();
    println!("  a log of {EVENTS} events: read {read:.0} a second, read and hashed {hashed:.0}, verified {verified:.0}, ratio {:.2}", verified / hashed);
}

async fn rounds(mut round: impl AsyncFnMut() -> f64) -> Vec<f64> {
    let mut rates = Vec::new();
    for _ in 0..ROUNDS {
        rates.push(round().await);
    }
    rates.sort_by(f64::total_cmp);
    rates
}

async fn company(store: &Store, ports: &impl Ports) -> CompanyId {
    let company = CompanyId(ports.new_id());
    store.create_company(company, &format!("Bench {company}"), ports.new_id(), [7; 32], ports.now()).await.unwrap();
    company
}

/// Callers who each ask again as soon as they are answered.
async fn through_the_writer(store: &Store, machine: &Arc<Machine>, callers: usize, line: Vec<u8>) -> f64 {
    let company = company(store, &**machine).await;
    let writer = Writer::start(store.clone(), company, Notebooks::writing(line), (), machine.clone());
    let begin = Instant::now();
    let tasks = (0..callers).map(|caller| {
        let (writer, machine) = (writer.clone(), Arc::clone(machine));
        tokio::spawn(async move {
            let mut done = 0_u64;
            while begin.elapsed() < ROUND {
                let command_id = machine.new_id();
                let receipt = ReceiptKey { scope: "bench".into(), key: command_id.to_string(), request_hash: [1; 32], expires_at: Some(machine.now()) };
                let request = Uuid::from_u128((caller as u128) << 32 | u128::from(done % 50));
                writer.submit(Submission { request, command_id, receipt: Some(receipt) }).await.unwrap_or_else(|error| panic!("{error}"));
                done += 1;
            }
            done
        })
    });
    let done: u64 = join_all(tasks).await.into_iter().map(|done| done.unwrap()).sum();
    let rate = done as f64 / begin.elapsed().as_secs_f64();
    writer.stop().await;
    rate
}

/// One loop that writes as many rows a commit as there would be callers, and does nothing else.
async fn bare(store: &Store, ports: &Machine, callers: usize) -> f64 {
    let company = company(store, ports).await;
    let begin = Instant::now();
    let mut position = 0_i64;
    while begin.elapsed() < ROUND {
        let now = ports.now();
        let mut events = Vec::with_capacity(callers);
        let mut receipts = Vec::with_capacity(callers);
        let from = position;
        for caller in 0..callers {
            position += 1;
            let (event, command) = (ports.new_id(), ports.new_id());
            events.push(vec![
                company.into(),
                position.into(),
                position.into(),
                "book".into(),
                Uuid::from_u128((caller as u128) << 32 | (position as u128 / callers as u128 % 50)).into(),
                position.into(),
                event.into(),
                command.into(),
                "line.written".into(),
                1_i64.into(),
                now.into(),
                now.into(),
                "3c1a52a4-52e1-4b51-9a1b-6a4f5f0f6a11".into(),
                Value::Text(None),
                body().into(),
                [7_u8; 32].into(),
            ]);
            let mut id = [9; 32];
            // Receipts lie in no order, as hashes do.
            id[..16].copy_from_slice(&command.as_u128().wrapping_mul(0x9E37_79B9_7F4A_7C15_F39C_C060_5CED_C835).to_be_bytes());
            receipts.push(vec![company.into(), id.into(), [1_u8; 32].into(), command.into(), position.into(), position.into(), now.into()]);
        }
        let mut tx = store.db.begin().await.unwrap();
        insert_rows(&mut tx.conn(), include_str!("../src/sql/insert_event.sql"), &events).await.unwrap();
        insert_rows(&mut tx.conn(), include_str!("../src/sql/insert_receipt.sql"), &receipts).await.unwrap();
        let head = sql(include_str!("../src/sql/move_head.sql")).bind(company).bind(from).bind(position).bind([7_u8; 32]).bind(now);
        head.run(&mut tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
    }
    position as f64 / begin.elapsed().as_secs_f64()
}
