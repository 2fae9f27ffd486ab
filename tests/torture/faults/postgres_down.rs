//! Fault 10: PostgreSQL is stopped or killed in the middle of appends, and started again.

use crate::installation::{Engine, Installation};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};
use std::time::{Duration, Instant};

/// How soon after the server's return a command goes through.
const SOON: Duration = Duration::from_secs(5);

pub async fn postgres_down(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Postgres).await;
    let (server, journal) = (bench.server(), place.journal());
    // Every commit is waited for, so that some are under way whenever the server goes.
    let service = place.start_as(&bench.failing, &[("LEADTRAIL_FAILPOINTS_SLOW", "append.before_commit=40")]);
    let load = Load::start(&place.target(), Mix::of(8, bench.seed), journal.clone());
    for _ in 0..bench.times(1, 8) {
        for way in ["fast", "immediate", "kill"] {
            load.reach(load.met.acks() + 30).await;
            match way {
                "kill" => server.kill().await,
                mode => server.stop(mode),
            }
            tokio::time::sleep(Duration::from_millis(300)).await;
            server.start();
            tally.kills += 1;
            let (back, acks) = (Instant::now(), load.met.acks());
            while load.met.acks() == acks {
                assert!(back.elapsed() < SOON, "no command went through {SOON:?} after the server was back ({way})");
                tokio::time::sleep(Duration::from_millis(10)).await;
            }
        }
    }
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
