//! Two sales funnels that really happened, from their published files to figures, on both databases.
//!
//! The files are not ours to publish: they are read from the folder named by LEADTRAIL_REAL_DATA, or from `../shared/data` beside
//! the project. Where neither is there, these tests say so and end.

use crate::figures::{bare, raw_events};
use crate::oracle::{self, Question};
use crate::world::{ACME, Fixed};
use api::app::App;
use api::history::{BadLine, NewCompany, Watch, company_for, take};
use axum::body::Body;
use axum::http::Request;
use chrono::Weekday;
use domain::company::{Currency, Zone};
use domain::text::Label;
use serde_json::Value;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use tower::ServiceExt;

#[path = "../../api/examples/loan_funnel.rs"]
#[allow(dead_code, reason = "an example that is also tried here")]
mod loan_funnel;
#[path = "../../api/examples/olist_funnel.rs"]
#[allow(dead_code, clippy::duplicate_mod, reason = "an example that is also tried here")]
mod olist_funnel;

fn folder(name: &str) -> Option<PathBuf> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    let folder = std::env::var_os("LEADTRAIL_REAL_DATA").map_or(beside, PathBuf::from).join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    println!("skipped: {} is not there; set LEADTRAIL_REAL_DATA to the folder that holds {name}", folder.display());
    None
}

#[derive(Default)]
struct Bad(Vec<BadLine>);

impl Watch for Bad {
    fn read(&mut self, _: u64, _: u64) {}

    fn bad(&mut self, bad: &BadLine) -> io::Result<()> {
        self.0.push(bad.clone());
        Ok(())
    }
}

/// Imports a history into a new company, twice, and checks that the second time adds nothing.
async fn import(app: &App, zone: &str, history: &[u8]) {
    let new =
        NewCompany { id: Some(ACME), name: Label::try_new("Imported").unwrap(), zone: Zone::parse(zone).unwrap(), currency: Currency::parse("EUR").unwrap() };
    let company = company_for(app, None, Some(new)).await.unwrap();
    for time in 1..=2 {
        let before = app.store.head(company.id).await.unwrap();
        let mut bad = Bad::default();
        let summary = take(app, company.id, true, history, &mut bad).await.unwrap();
        assert!(bad.0.is_empty(), "{:?}", bad.0.first());
        assert!(summary.is_complete());
        assert!(time == 1 || app.store.head(company.id).await.unwrap() == before, "the second time adds nothing");
    }
}

/// How many events of each stored name there are.
fn counts(events: &[oracle::RawEvent]) -> BTreeMap<&str, usize> {
    let mut counts = BTreeMap::new();
    for event in events {
        *counts.entry(event.kind.as_str()).or_default() += 1;
    }
    counts
}

/// Asks the service for a figure.
async fn figure(app: &App, path: &str) -> Value {
    let router = api::http::router(app.clone(), crate::world::TOKEN);
    let request = Request::get(path).header("authorization", format!("Bearer {}", crate::world::TOKEN)).body(Body::empty()).unwrap();
    let response = router.oneshot(request).await.unwrap();
    let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
    serde_json::from_slice(&bytes).unwrap()
}

/// Checks the log, the read models against a rebuild, and the figures against the oracle; answers the row digests.
async fn check(app: &App, zone: &str, instants: &[&str]) -> Vec<String> {
    let report = eventstore::verify(&app.store, ACME, &api::app::desk::effects_of, &mut |_, _| {}).await.unwrap();
    assert_eq!(report.findings, []);
    let events = raw_events(app, ACME).await;
    for as_of in instants {
        for name in ["nsla", "nsls", "nsli"] {
            let by = if name == "nsla" { "key,product" } else { "key" };
            let answer = bare(figure(app, &format!("/api/v1/figures/{name}?as_of={as_of}&by={by}")).await);
            let question = Question {
                figure: name,
                by,
                as_of: as_of.parse().unwrap(),
                known_at: None,
                zone: zone.parse().unwrap(),
                week_starts_on: Weekday::Mon,
                year_starts_in: 1,
            };
            assert_eq!(answer, oracle::answer(&events, &question), "{name} as of {as_of}");
        }
    }
    let mut digests = Vec::new();
    for projection in projections::PROJECTIONS {
        let difference = projections::check(&app.store, ACME, projection.name(), &mut |_| {}).await.unwrap();
        assert!(difference.is_none(), "{difference:?}");
        digests.push(projections::digest(&app.store, ACME, projection.name()).await.unwrap());
    }
    digests
}

#[tokio::test(flavor = "multi_thread")]
async fn the_loan_funnel_imports_completely_and_its_figures_hold() {
    let Some(folder) = folder("loan-funnel-2012") else { return };
    let mut history = Vec::new();
    let account = loan_funnel::convert(flate2::read::GzDecoder::new(File::open(folder.join("events.csv.gz")).unwrap()), &mut history).unwrap();
    assert_eq!(account.rows(), 262_200, "every row is accounted for");
    let mut digests = Vec::new();
    for db in crate::databases::both().await {
        let app = App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"));
        import(&app, "Europe/Amsterdam", &history).await;
        let events = raw_events(&app, ACME).await;
        let counts = counts(&events);
        let told = ["contact.added", "meeting.issued", "quote.created", "sale.created", "sale.approved"].map(|kind| counts[kind]);
        assert_eq!(told, [13_087, 5_113, 7_030, 2_243, 2_243]);
        // The clocks went back on 30 October 2011; the log ends in March 2012.
        digests.push(check(&app, "Europe/Amsterdam", &["2011-10-30T12:00:00Z", "2011-12-31T23:30:00Z", "2012-03-20T12:00:00Z"]).await);
        app.stop().await;
    }
    assert_eq!(digests[0], digests[1], "the other database gives the same rows");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_olist_funnel_imports_completely_and_its_figures_hold() {
    let Some(folder) = folder("olist-funnel") else { return };
    let open = |name: &str| File::open(folder.join(name)).unwrap();
    let mut history = Vec::new();
    let account = olist_funnel::convert(open("marketing_qualified_leads.csv"), open("closed_deals.csv"), &mut history).unwrap();
    assert_eq!(account.rows(), 8_842, "every row is accounted for");
    let mut digests = Vec::new();
    for db in crate::databases::both().await {
        let app = App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"));
        import(&app, "America/Sao_Paulo", &history).await;
        let events = raw_events(&app, ACME).await;
        let counts = counts(&events);
        assert_eq!(["contact.added", "meeting.issued", "quote.created", "sale.approved"].map(|kind| counts[kind]), [8_000, 842, 45, 45]);
        // São Paulo skips the midnight of 15 October 2017.
        digests.push(check(&app, "America/Sao_Paulo", &["2017-10-18T12:00:00Z", "2018-05-31T12:00:00Z", "2018-11-30T12:00:00Z"]).await);
        app.stop().await;
    }
    assert_eq!(digests[0], digests[1], "the other database gives the same rows");
}
