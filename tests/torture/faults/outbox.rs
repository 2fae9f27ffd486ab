//! Fault 21: the process ends at every point of sending a message. Each message arrives, at least once, as the same.

use crate::chance::Chance;
use crate::installation::{COMPANIES, Engine, Installation, hits};
use crate::load::{Load, Mix};
use crate::receiver::Receiver;
use crate::{Bench, Tally};
use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Where it ends, last those behind which a message arrived and nobody noted it.
const POINTS: [&str; 4] = ["lease.after_take", "outbox.before_send", "outbox.after_send", "outbox.before_mark"];
/// How long the lease of one that died lasts, and a little more, in seconds.
const LEASE: i64 = 31;

pub async fn outbox(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let mut chance = Chance::new(bench.seed);
    let receiver = Receiver::start().await;
    let place = Installation::new(bench, engine).await.sending_to(&receiver.address);
    let (journal, noted, clock) = (place.journal(), place.beside("hits"), place.beside("clock"));
    let (noted_in, told) = (noted.display().to_string(), clock.display().to_string());
    let mut late = 0;
    let mut pass = || {
        // Nobody waits for the lease of the one that died: its time has passed.
        late += LEASE;
        std::fs::write(&clock, late.to_string()).expect("the clock can be set");
    };
    pass();
    let mut service = place.start_as(&bench.failing, &[("LEADTRAIL_CLOCK", &told)]);
    let load = Load::start(&place.target(), Mix { erase: 6, keyless: 0, ..Mix::of(6, bench.seed) }, journal.clone());
    service.kill();
    for point in (0..bench.times(1, 6)).flat_map(|_| POINTS) {
        pass();
        let times = 1 + chance.below(4);
        let deadly = format!("{point}={times}");
        let environment = [("LEADTRAIL_FAILPOINTS", deadly.as_str()), ("LEADTRAIL_FAILPOINTS_HITS", &noted_in), ("LEADTRAIL_CLOCK", &told)];
        let mut doomed = place.start_as(&bench.failing, &environment);
        assert!(doomed.ended(Duration::from_secs(40)).await.is_some(), "{deadly} was not reached");
        assert_eq!(hits(&noted).get(point), Some(&(times as usize)), "{point} was passed as often as asked");
        std::fs::remove_file(&noted).expect("the hits are counted anew");
        tally.kills += 1;
        place.verify();
    }
    pass();
    service = place.start_as(&bench.failing, &[("LEADTRAIL_CLOCK", &told)]);
    service.count_start(&mut tally);
    let met = load.finish().await;
    let mut expected: BTreeSet<(Uuid, i64)> = BTreeSet::new();
    for company in COMPANIES {
        let erasures = place.positions_of(company, "contact.erased").await;
        expected.extend(erasures.into_iter().map(|position| (company, position)));
    }
    let since = Instant::now();
    while place.messages_wait().await {
        assert!(since.elapsed() < Duration::from_secs(20), "messages wait, and nobody sends them");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    let mut as_said: BTreeMap<String, (Uuid, i64, String)> = BTreeMap::new();
    let got = receiver.got();
    for message in &got {
        let said = (message.company, message.position, message.body.clone());
        assert_eq!(*as_said.entry(message.id.clone()).or_insert_with(|| said.clone()), said, "{}: a message says the same each time", message.id);
    }
    let arrived: BTreeSet<(Uuid, i64)> = as_said.values().map(|(company, position, _)| (*company, *position)).collect();
    assert_eq!(arrived, expected, "every erasure is told, and nothing else");
    assert_eq!(as_said.len(), expected.len(), "each under one id");
    assert!(got.len() > as_said.len(), "what arrived and was not noted is sent again");
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
