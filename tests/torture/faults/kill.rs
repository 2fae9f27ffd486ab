//! Faults 1 and 2: `kill -9` under load, at any moment.

use crate::chance::Chance;
use crate::installation::{Engine, Installation};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};

pub async fn kill(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let mut chance = Chance::new(bench.seed);
    let place = Installation::new(bench, engine).await;
    let journal = place.journal();
    let mut service = place.start();
    let load = Load::start(&place.target(), Mix::of(8, bench.seed), journal.clone());
    for _ in 0..bench.times(5, 60) {
        tokio::time::sleep(chance.millis(50, 1_500)).await;
        service.kill();
        tally.kills += 1;
        service = place.start();
        service.count_start(&mut tally);
    }
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    if let Some(url) = &place.url {
        service.kill();
        bench.server().assert_nobody_lingers(url).await;
    }
    tally
}
