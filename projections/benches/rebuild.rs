//! How fast read models are rebuilt, beside merely reading and parsing the same events; and how fast the indexes answer.
//!
//! `cargo bench -p projections --bench rebuild`: SQLite in a temporary folder, and PostgreSQL when LEADTRAIL_TEST_POSTGRES_URL names a
//! server (the bench makes a database of its own there). LEADTRAIL_BENCH_JOURNEYS says how many journeys there are, each
//! with ten events: 20,000 unless told; 100,000 give the million events of the published figures. Every figure is the middle
//! of several rounds, with the lowest and the highest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails may stop")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::time::{Duration, Instant as Clock};

use chrono::{DateTime, TimeDelta, Utc};
use domain::company::{Month, Weekday};
use domain::figure::{By, Calendar, Figure, Plan, WindowName};
use domain::id::{JourneyId, MeetingId, PersonId, ProductId, QuoteId, SaleId, SourceId};
use domain::journey::{JourneyEvent, Origin, Outcome};
use domain::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use domain::profile::{Added, ContactEvent};
use domain::quote::{Item, QuoteEvent};
use domain::sale::SaleEvent;
use domain::text::Text;
use domain::{Fact, Instant, Money, Personal, wire};
use eventstore::{CompanyId, Db, Hash, MasterKey, Recorded, Store, Stream, StreamKey};
use projections::{PROJECTIONS, contact_list, journey_table, prepare, rebuild};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
const LOG: Uuid = Uuid::from_u128(2);
const ROUNDS: usize = 3;
const PAGE: usize = 5_000;

#[tokio::main]
async fn main() {
    let journeys = std::env::var("LEADTRAIL_BENCH_JOURNEYS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000);
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &format!("sqlite:{}", folder.path().join("bench.db").display()), journeys).await;
    match std::env::var("LEADTRAIL_TEST_POSTGRES_URL") {
        Ok(server) => measure("PostgreSQL", &own_database(&server).await, journeys).await,
        Err(_) => println!("PostgreSQL: LEADTRAIL_TEST_POSTGRES_URL is not set, so it is left out"),
    }
}

async fn own_database(server: &str) -> String {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let name = format!("leadtrail_bench_{}", std::process::id());
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

async fn measure(name: &str, url: &str, journeys: u64) {
    let db = Db::open(url).await.unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db, MasterKey::new([7; 32]));
    store.create_company(COMPANY, "Bench", LOG, [7; 32], DateTime::UNIX_EPOCH).await.unwrap();
    let events = fill(&store, journeys).await;
    prepare(&store, COMPANY).await.unwrap();
    println!("{name}: {journeys} journeys, {events} events");
    let bare = rounds(async || read_and_parse(&store).await).await;
    println!("  reading and parsing          {}", rate(events, &bare));
    for projection in PROJECTIONS {
        let rebuilt = rounds(async || assert!(rebuild(&store, COMPANY, projection.name(), &mut |_| ()).await.is_ok())).await;
        println!("  rebuild of {:<17} {}  {:.2} of reading and parsing", projection.name(), rate(events, &rebuilt), middle(&bare) / middle(&rebuilt));
    }
    figures(&store).await;
    let counted = rounds(async || drop(contact_list::counts(&store, COMPANY).await.unwrap())).await;
    println!("  contacts by state            {:>8.1} ms", middle(&counted) * 1e3);
}

/// Each index with its eight windows, as of the end of the year and as of its middle.
async fn figures(store: &Store) {
    let calendar = Calendar { zone: chrono_tz::America::New_York, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
    for as_of in ["2025-12-31T23:00:00Z", "2025-07-01T12:00:00Z"] {
        let plan = Plan::new(WindowName::ALL, Instant::parse(as_of).unwrap(), &calendar);
        for figure in Figure::ALL {
            let by = By { key: true, product: true };
            let took = rounds(async || {
                let reading = journey_table::tallies(store, COMPANY, figure.basis(), by, &plan.cuts, plan.as_of).await.unwrap();
                assert!(!plan.answer(&reading.found).is_empty());
            })
            .await;
            println!("  {} as of {as_of}   {:>8.1} ms", figure.name(), middle(&took) * 1e3);
        }
    }
}

async fn read_and_parse(store: &Store) {
    let mut position = 0;
    loop {
        let page = store.page(COMPANY, position, PAGE).await.unwrap();
        let Some(last) = page.last() else { return };
        position = last.position;
        for event in &page {
            std::hint::black_box(wire::decode(&event.kind, event.format, event.data()).unwrap());
        }
    }
}

async fn rounds(mut work: impl AsyncFnMut()) -> Vec<Duration> {
    let mut took = Vec::new();
    for _ in 0..ROUNDS {
        let start = Clock::now();
        work().await;
        took.push(start.elapsed());
    }
    took.sort();
    took
}

fn middle(took: &[Duration]) -> f64 {
    took[took.len() / 2].as_secs_f64()
}

fn rate(events: u64, took: &[Duration]) -> String {
    let per_second = |took: &Duration| events as f64 / took.as_secs_f64();
    let (slowest, fastest) = (per_second(&took[took.len() - 1]), per_second(&took[0]));
    format!("{:>8.0} events/s ({slowest:.0} to {fastest:.0})", events as f64 / middle(took))
}

/// Writes the log of a year: each journey goes from lead to approved sale, spread over the days.
async fn fill(store: &Store, journeys: u64) -> u64 {
    let mut chain = Chain { position: 0, hash: Hash::before_first(LOG), page: Vec::new(), keys: Vec::new() };
    for n in 0..journeys {
        chain.journey(n, journeys);
        if chain.page.len() >= PAGE || n + 1 == journeys {
            store.adopt_keys(COMPANY, &std::mem::take(&mut chain.keys)).await.unwrap();
            store.adopt(COMPANY, LOG, &chain.page, &|_| vec![]).await.unwrap();
            chain.page.clear();
        }
    }
    store.db.analyze().await.unwrap();
    chain.position.unsigned_abs()
}

/// A log being written.
struct Chain {
    position: i64,
    hash: Hash,
    page: Vec<Recorded>,
    keys: Vec<(Stream, Option<StreamKey>)>,
}

impl Chain {
    fn journey(&mut self, n: u64, of: u64) {
        let opened: DateTime<Utc> = "2025-01-01T12:00:00Z".parse().unwrap();
        let opened = opened + TimeDelta::seconds((n * 340 * 86_400 / of) as i64);
        self.keys.push((Stream::new("contact", id(n, 0)), Some(key(n))));
        for (version, (fact, hours)) in facts(n).into_iter().enumerate() {
            self.record(n, version as i64 + 1, &fact, opened + TimeDelta::hours(hours));
        }
    }

    fn record(&mut self, n: u64, version: i64, fact: &Fact, at: DateTime<Utc>) {
        self.position += 1;
        let (kind, body) = wire::encode(fact);
        let mut event = Recorded {
            company: COMPANY,
            position: self.position,
            commit_end: self.position,
            stream: Stream::new("contact", id(n, 0)),
            version,
            event_id: id(self.position.unsigned_abs(), 9),
            command_id: id(self.position.unsigned_abs(), 10),
            kind: kind.to_owned(),
            format: 1,
            occurred_at: at,
            recorded_at: DateTime::from_timestamp_micros(1_800_000_000_000_000 + self.position).unwrap(),
            actor: format!("person:{}", id(n % 12, 7)),
            cause: None,
            body,
            opened: None,
            hash: self.hash,
        };
        event.seal(&key(n), || bytes(id(self.position.unsigned_abs(), 11)));
        event.hash = event.chain(&self.hash);
        self.hash = event.hash;
        self.page.push(event);
    }
}

/// The key of a contact.
fn key(n: u64) -> StreamKey {
    StreamKey::new(bytes(id(n, 12)))
}

fn bytes(id: Uuid) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(id.as_bytes());
    bytes
}

/// A stable id that is spread like a random one.
fn id(n: u64, kind: u8) -> Uuid {
    let mixed = (n.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (n << 7);
    Uuid::from_u64_pair(mixed, (u64::from(kind) << 56) | n)
}

/// The ten facts of a journey, with the hours after its opening.
fn facts(n: u64) -> [(Fact, i64); 10] {
    let journey = JourneyId(id(n, 1));
    let (meeting, quote, sale) = (MeetingId(id(n, 2)), QuoteId(id(n, 3)), SaleId(id(n, 4)));
    let (source, product) = (SourceId(id(n % 9, 5)), ProductId(id(n % 5, 6)));
    let (scheduler, rep) = (PersonId(id(n % 6, 7)), PersonId(id(n % 11, 7)));
    let kind = MeetingKind::Demo;
    let start = Instant::parse("2025-06-01T15:00:00Z").unwrap();
    let start = Instant::new(start.utc() + TimeDelta::hours(n as i64 % 2_000));
    let amount = Money(800_000 + (n % 977) as i64 * 1_000);
    let added = Added {
        journey,
        source,
        product,
        category: None,
        campaign: None,
        reference: None,
        name: Text::try_new(&format!("Contact {n}")).ok().map(Personal::Known),
        phones: vec![],
        emails: vec![],
        address: None,
    };
    let opened = JourneyEvent::Opened { journey, origin: Origin::New, source, product, category: None, campaign: None, rep: None };
    let items = vec![Item { description: Personal::Known(Text::try_new("Windows, installed").unwrap()), quantity: 1, unit_price_minor: amount }];
    [
        (ContactEvent::Added(added).into(), 0),
        (opened.into(), 0),
        (MeetingEvent::Set { meeting, journey, kind, start, length_minutes: Some(90), scheduler }.into(), 2),
        (MeetingEvent::Confirmed { meeting, journey, kind }.into(), 20),
        (MeetingEvent::Issued { meeting, journey, kind, rep, start, unconfirmed: None }.into(), 22),
        (MeetingEvent::Resulted { meeting, journey, kind, result: MeetingResult::Sold }.into(), 50),
        (QuoteEvent::Created { quote, journey, product, rep, items, total_minor: amount }.into(), 50),
        (SaleEvent::Created { sale, journey, quote, product, rep, amount_minor: amount, signed_at: start, needs_approval: true }.into(), 60),
        (SaleEvent::Approved { sale, journey }.into(), 90),
        (JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None }.into(), 90),
    ]
}
