//! Fault 19: the clock is set back an hour, forward a year and back ninety days while commands arrive.

use crate::installation::{Engine, Installation};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};

/// By how many seconds the clock is wrong, one after the other.
const ERRORS: [i64; 5] = [0, -3_600, 365 * 86_400, -90 * 86_400, 0];

pub async fn clock(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, engine).await;
    let (journal, clock) = (place.journal(), place.beside("clock"));
    let told = clock.display().to_string();
    let service = place.start_as(&bench.failing, &[("LEADTRAIL_CLOCK", &told)]);
    let load = Load::start(&place.target(), Mix::of(8, bench.seed), journal.clone());
    for error in ERRORS {
        std::fs::write(&clock, error.to_string()).expect("the clock can be set");
        // New contacts are added under every clock; older ones wait until their last event is not in the future any more.
        load.reach(load.met.acks() + bench.times(60, 1_000)).await;
    }
    let met = load.finish().await;
    // Keys are remembered for thirty days of that clock, so they lapsed when it was a year ahead: nothing is sent again.
    place.hold_against(&service, &journal, &met, &mut tally).await;
    tally
}
