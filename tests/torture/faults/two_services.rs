//! Fault 14: two services on one PostgreSQL database work on the same contacts; on one SQLite folder the second is refused.

use crate::installation::{Engine, Installation, said};
use crate::journal::Journal;
use crate::load::{Load, Mix};
use crate::{Bench, Tally};
use serde_json::Value;
use std::sync::atomic::Ordering;
use std::time::Duration;

pub async fn two_services(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Postgres).await;
    let journal = place.journal();
    let service = place.start();
    let (other, second) = place.start_beside(&place.binary, &[]);
    let loads = [(place.target(), 1), (second, 2)].map(|(target, number)| Load::start(&target, Mix::of(8, bench.seed + number), journal.clone()));
    tokio::time::sleep(Duration::from_secs(bench.times(2, 60))).await;
    for load in &loads {
        load.reach(40).await;
    }
    let [one, two] = loads.map(Load::finish);
    let (one, two) = (one.await, two.await);
    // One count for both: what is unknown to either may stand in the log.
    one.unknown.fetch_add(two.unknown.load(Ordering::SeqCst), Ordering::SeqCst);
    assert_eq!(two.faults(), Vec::<String>::new());
    place.conclude(&service, &journal, &one, &mut tally).await;
    other.check_log();
    only_one_on_sqlite(bench).await;
    tally
}

async fn only_one_on_sqlite(bench: &Bench) {
    let place = Installation::new(bench, Engine::Sqlite).await;
    let service = place.start();
    let refused = place.command(&place.binary, &["serve", "--json", "--listen", "127.0.0.1:0"]).output().expect("the product runs");
    let word: Value = serde_json::from_slice(&refused.stderr).unwrap_or_else(|error| panic!("{error}: {}", said(&refused.stderr)));
    assert_eq!((refused.status.code(), word["code"].as_str()), (Some(3), Some("in_use")), "{word}");
    let journal: std::sync::Arc<Journal> = place.journal();
    let load = Load::start(&place.target(), Mix::of(2, bench.seed), journal.clone());
    load.reach(20).await;
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut Tally::default()).await;
}
