//! Fault 3 (and 16, 18): the end of the process at every fail point, under load.

use crate::chance::Chance;
use crate::installation::{Engine, Installation, hits};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};
use std::path::Path;
use std::sync::atomic::Ordering;
use std::time::Duration;

/// Those in the service, which every command passes, or every erasure.
const SERVING: [&str; 13] = [
    "append.before_lock",
    "append.after_lock",
    "append.after_events",
    "append.after_reservations",
    "append.before_commit",
    "append.after_commit",
    "append.before_reply",
    "projector.after_read",
    "projector.before_checkpoint",
    "projector.after_checkpoint",
    "projector.after_apply",
    "erase.after_key",
    "erase.after_rows",
];
/// Those of `leadtrail rebuild`, which runs beside the service.
const REBUILDING: [&str; 6] =
    ["projector.before_checkpoint", "projector.after_checkpoint", "projector.after_apply", "rebuild.after_copy", "rebuild.before_swap", "rebuild.after_swap"];

pub async fn fail_points(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let mut chance = Chance::new(bench.seed);
    let place = Installation::new(bench, engine).await;
    let journal = place.journal();
    let noted = place.beside("hits");
    let noted_in = noted.display().to_string();
    // The clients are quick to begin and then wait for the service.
    let mut service = place.start();
    let load = Load::start(&place.target(), Mix { erase: 12, ..Mix::of(6, bench.seed) }, journal.clone());
    service.kill();
    for _ in 0..bench.times(1, 5) {
        for point in SERVING {
            let times = 1 + chance.below(if point.starts_with("erase.") { 3 } else { 25 });
            let deadly = format!("{point}={times}");
            let mut doomed = place.start_as(&bench.failing, &[("LEADTRAIL_FAILPOINTS", &deadly), ("LEADTRAIL_FAILPOINTS_HITS", &noted_in)]);
            assert!(doomed.ended(Duration::from_secs(40)).await.is_some(), "{deadly} was not reached");
            assert_eq!(hits(&noted).get(point), Some(&(times as usize)), "{point} was passed as often as asked");
            std::fs::remove_file(&noted).expect("the hits are counted anew");
            tally.kills += 1;
            place.verify();
        }
    }
    service = place.start();
    service.count_start(&mut tally);
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    let load = Load::start(&place.target(), Mix { erase: 12, ..Mix::of(4, bench.seed + 1) }, journal.clone());
    for point in REBUILDING {
        let deadly = format!("{point}=1");
        let rebuilt = |environment: &[(&str, &str)], binary: &Path| {
            let arguments = ["rebuild", "--company", "Acme", "--json"];
            place.command(binary, &arguments).envs(environment.iter().copied()).output().expect("the product runs")
        };
        let output = rebuilt(&[("LEADTRAIL_FAILPOINTS", &deadly), ("LEADTRAIL_FAILPOINTS_HITS", &noted_in)], &bench.failing);
        assert_eq!((output.status.code(), hits(&noted).get(point).copied()), (None, Some(1)), "{deadly} ends a rebuild");
        std::fs::remove_file(&noted).expect("the hits are counted anew");
        tally.kills += 1;
        place.verify();
    }
    place.run(&["rebuild", "--company", "Acme"]);
    let more = load.finish().await;
    more.unknown.fetch_add(met.unknown.load(Ordering::SeqCst), Ordering::SeqCst);
    let mut all = Tally { kills: tally.kills, slowest_start: tally.slowest_start, ..Tally::default() };
    place.conclude(&service, &journal, &more, &mut all).await;
    all
}
