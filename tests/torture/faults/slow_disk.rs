//! Fault 8: the disk is slow. The queue is bounded, who finds it full is told when to come again, and the health check answers.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, get};
use crate::trace::shim;
use crate::{Bench, Tally};
use reqwest::{Client, StatusCode};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// More than a commit takes and may wait for it, of one company (`BATCH` and `QUEUE` of the writer).
const CLIENTS: usize = 1_500;

pub async fn slow_disk(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Sqlite).await;
    let tools = TempDir::new().expect("a temporary folder can be made");
    let (library, control) = (shim(tools.path()).display().to_string(), place.beside("control"));
    let (folder, told) = (place.data.display().to_string(), control.display().to_string());
    let service = place.start_as(&place.binary, &[("LD_PRELOAD", &library), ("SHIM_FOLDER", &folder), ("SHIM_CONTROL", &told)]);
    let journal = place.journal();
    let mut target = place.target();
    target.companies.truncate(1);
    let http = Client::new();
    // Nothing is answered while the disk stands still, and every client has something to commit: the queue must fill.
    std::fs::write(&control, "hold").expect("the disk can be told");
    let mix = Mix { erase: 0, keyless: 0, alone: true, most: bench.times(1, 3), ..Mix::of(CLIENTS, bench.seed) };
    let load = Load::start(&target, mix, journal.clone());
    let since = Instant::now();
    while load.met.code("busy") < 100 {
        assert!(since.elapsed() < Duration::from_secs(120), "few were told that the service is busy: {:?}", load.met.codes);
        let answer = get(&http, &target, COMPANIES[0], "/healthz").await.expect("the health check answers");
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    assert_eq!(load.met.acks(), 0, "nothing is acknowledged before it is on the disk");
    std::fs::write(&control, "slow 300").expect("the disk can be told");
    load.reach(CLIENTS as u64).await;
    std::fs::remove_file(&control).expect("the disk can be told");
    let met = load.end().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
