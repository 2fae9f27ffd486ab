//! How fast read models are rebuilt, beside merely reading and parsing the same events; and how fast the indexes answer.
//!
//! `cargo bench -p tests --bench rebuild`: SQLite in a temporary folder, and PostgreSQL when LEADTRAIL_TEST_POSTGRES_URL names a
//! server. LEADTRAIL_BENCH_JOURNEYS says how many journeys there are, each
//! with ten events: 20,000 unless told; 100,000 give the million events of the published figures. Every figure is the middle
//! of several rounds, with the lowest and the highest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails may stop")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

#[path = "common/mod.rs"]
mod common;

use std::time::{Duration, Instant as Clock};

use common::year::fill;
use common::{Place, journeys, places};
use domain::company::{Month, Weekday};
use domain::figure::{By, Calendar, DemoBasis, DemoKey, Figure, Plan, WindowName};
use domain::{Instant, wire};
use eventstore::{CompanyId, Db, MasterKey, Store};
use projections::figures::{DemoQuestion, MovementQuestion, Question, Questions};
use projections::{Figures, PROJECTIONS, contact_list, prepare, rebuild};
use uuid::Uuid;

const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
const ROUNDS: usize = 3;
const PAGE: usize = 5_000;

#[tokio::main]
async fn main() {
    for place in places("rebuild").await {
        measure(&place).await;
        place.remove().await;
    }
}

async fn measure(place: &Place) {
    let db = Db::open(&place.url).await.unwrap();
    db.migrate().await.unwrap();
    let store = Store::new(db, MasterKey::new([7; 32]));
    let journeys = journeys();
    let events = fill(&store, COMPANY, journeys).await;
    prepare(&store, COMPANY).await.unwrap();
    println!("{}: {journeys} journeys, {events} events", place.name);
    let bare = rounds(async || read_and_parse(&store).await).await;
    println!("  reading and parsing          {}", rate(events, &bare));
    for projection in PROJECTIONS {
        let rebuilt = rounds(async || assert!(rebuild(&store, COMPANY, &[projection.name()], &mut |_| ()).await.is_ok())).await;
        println!("  rebuild of {:<17} {}  {:.2} of reading and parsing", projection.name(), rate(events, &rebuilt), middle(&bare) / middle(&rebuilt));
    }
    let names: Vec<_> = PROJECTIONS.iter().map(|projection| projection.name()).collect();
    let rebuilt = rounds(async || assert!(rebuild(&store, COMPANY, &names, &mut |_| ()).await.is_ok())).await;
    println!("  rebuild of all               {}  {:.2} of reading and parsing", rate(events, &rebuilt), middle(&bare) / middle(&rebuilt));
    figures(&store).await;
    let counted =
        rounds(async || drop(contact_list::contacts(&store, COMPANY, &contact_list::ContactFilter::default(), None, 1, Some(i64::MAX)).await.unwrap())).await;
    println!("  contacts by state            {:>8.1} ms", middle(&counted) * 1e3);
    store.db.close().await;
}

/// Each index with its eight windows, as of the end of the year and as of its middle.
async fn figures(store: &Store) {
    let calendar = Calendar { zone: chrono_tz::America::New_York, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
    let figures = Figures::default();
    let ask = async |figures: &Figures, questions: &Questions| assert!(figures.answers(store, COMPANY, questions).await.is_ok());
    let plan = Plan::new(WindowName::ALL, Instant::parse("2025-12-31T23:00:00Z").unwrap(), &calendar);
    let first = Question {
        figure: Figure::Nsla,
        by: By { key: true, product: true },
        product: None,
        cuts: plan.cuts.clone(),
        as_of: plan.as_of,
        known_at: None,
        zone: calendar.zone,
    };
    let first = Questions { journeys: vec![first], ..Questions::default() };
    println!("  the first after a start      {:>8.1} ms", middle(&rounds(async || ask(&Figures::default(), &first).await).await) * 1e3);
    for as_of in ["2025-12-31T23:00:00Z", "2025-07-01T12:00:00Z"] {
        let plan = Plan::new(WindowName::ALL, Instant::parse(as_of).unwrap(), &calendar);
        for figure in Figure::ALL {
            let by = By { key: true, product: true };
            let took = rounds(async || {
                let question = Question { figure: *figure, by, product: None, cuts: plan.cuts.clone(), as_of: plan.as_of, known_at: None, zone: calendar.zone };
                let reading = figures.tallies(store, COMPANY, &[question]).await.unwrap();
                assert!(!plan.answer(&reading.found[0]).is_empty());
            })
            .await;
            println!("  {} as of {as_of}   {:>8.1} ms", figure.name(), middle(&took) * 1e3);
        }
        let (product, cuts, as_of, known_at) = (None, plan.cuts.clone(), plan.as_of, None);
        let movements = Questions { movements: vec![MovementQuestion { product, cuts, as_of, known_at }], ..Questions::default() };
        println!("  movements as of {as_of}   {:>8.1} ms", middle(&rounds(async || ask(&figures, &movements).await).await) * 1e3);
        let (basis, by, cuts) = (DemoBasis::Set, DemoKey::Scheduler, plan.cuts.clone());
        let demos = Questions { demos: vec![DemoQuestion { basis, by, product, cuts, as_of, known_at }], ..Questions::default() };
        println!("  cancel rates as of {as_of}   {:>8.1} ms", middle(&rounds(async || ask(&figures, &demos).await).await) * 1e3);
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
