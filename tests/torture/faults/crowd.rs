//! Fault 13: two hundred people ask slow questions at once. Commands have connections of their own and go on.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, get};
use crate::{Bench, Tally};
use futures::future::join_all;
use reqwest::{Client, StatusCode};

const CROWD: usize = 200;

pub async fn crowd(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, engine).await;
    let journal = place.journal();
    let service = place.start();
    let (target, http) = (place.target(), Client::new());
    let load = Load::start(&target, Mix::of(8, bench.seed), journal.clone());
    load.reach(200).await;
    let before = load.met.acks();
    let asking = (0..CROWD).map(async |number| {
        let question = ["/api/v1/figures/nsla", "/api/v1/journeys?limit=200", "/api/v1/contacts?limit=200"][number % 3];
        for _ in 0..bench.times(1, 10) {
            let answer = get(&http, &target, COMPANIES[number % 2], question).await.unwrap_or_else(|error| panic!("{question}: {error}"));
            let fine = answer.status == StatusCode::OK || (answer.status == StatusCode::SERVICE_UNAVAILABLE && answer.retry_after);
            assert!(fine, "{question}: {} {}", answer.status, answer.body);
        }
    });
    join_all(asking).await;
    assert!(load.met.acks() > before + 10, "commands go on beside {CROWD} questions at a time");
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
