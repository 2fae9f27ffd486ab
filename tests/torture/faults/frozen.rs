//! Fault 20: a service is frozen in the middle of work that it has a lease for; another one does the work, and then the first wakes up.

use crate::installation::{COMPANIES, Engine, Installation, hits};
use crate::load::{Target, get, send};
use crate::receiver::Receiver;
use crate::{Bench, Tally};
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Client;
use serde_json::{Value, json};
use std::time::{Duration, Instant, SystemTime};
use uuid::Uuid;

/// Longer than a lease lasts, in seconds.
const LEASE: i64 = 60;
/// Longer than the quotes stand.
const DAYS: i64 = 3 * 86_400;
const QUOTES: u128 = 2;

/// Waits until it is so.
macro_rules! until {
    ($what:literal, $is_so:expr) => {{
        let since = Instant::now();
        while !$is_so {
            assert!(since.elapsed() < Duration::from_secs(30), "{}: not in half a minute", $what);
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }};
}

pub async fn frozen(bench: &Bench) -> Tally {
    let receiver = Receiver::start().await;
    let place = Installation::new(bench, Engine::Postgres).await.sending_to(&receiver.address);
    let (noted, clock) = (place.beside("hits"), place.beside("clock"));
    let (noted_in, told) = (noted.display().to_string(), clock.display().to_string());
    let mut late = 0;
    let mut pass = |seconds: i64| {
        late += seconds;
        std::fs::write(&clock, late.to_string()).expect("the clock can be set");
    };
    pass(0);
    // It stays a while at every commit, so that it can be caught there.
    let slow = [("LEADTRAIL_FAILPOINTS_SLOW", "append.before_lock=1500"), ("LEADTRAIL_FAILPOINTS_HITS", &noted_in), ("LEADTRAIL_CLOCK", &told)];
    let sleeper = place.start_as(&bench.failing, &slow);
    for n in 1..=QUOTES {
        let id = Uuid::from_u128(0xF0 + n);
        let add = json!({ "contact": id, "journey": id, "source": "Radio", "product": "Windows", "by": "Ana", "name": "A", "phones": ["716-555-0100"], "address": format!("{n} Main St") });
        tell(&place.target(), "contacts", add).await;
        let items = json!([{ "description": "Window", "quantity": 1, "unit_price_minor": 50_000 }]);
        tell(&place.target(), &format!("contacts/{id}/quotes"), json!({ "quote": id, "journey": id, "product": "Windows", "items": items, "by": "Ben" })).await;
        let tomorrow = DateTime::<Utc>::from(SystemTime::now()) + TimeDelta::days(1);
        tell(&place.target(), &format!("contacts/{id}/quotes/{id}/finalize"), json!({ "valid_until": tomorrow.date_naive(), "terms": "half on signing" }))
            .await;
    }

    // It has sent a message and not heard whether it was taken.
    let held = receiver.hold().await;
    tell(&place.target(), &format!("contacts/{}/erase", Uuid::from_u128(1)), json!({ "basis": "person_asked" })).await;
    until!("the message is sent", receiver.got().len() == 1);
    sleeper.signal("STOP");
    drop(held);
    pass(LEASE);
    let (mut other, _) = place.start_beside(&bench.failing, &[("LEADTRAIL_CLOCK", &told)]);
    until!("the other one sends it", receiver.got().len() == 2 && !place.messages_wait().await);
    sleeper.signal("CONT");
    until!("the sleeper learns that it was overtaken", sleeper.says("another process has taken over the outbox"));
    assert_eq!(receiver.got().windows(2).filter(|pair| pair[0] != pair[1]).count(), 0, "it is the same message");
    other.kill();

    // It is about to do what timers ask for.
    let before = hits(&noted).get("append.before_lock").copied();
    pass(DAYS);
    until!("it runs the timers", hits(&noted).get("append.before_lock").copied() > before);
    sleeper.signal("STOP");
    pass(LEASE);
    let (mut other, address) = place.start_beside(&bench.failing, &[("LEADTRAIL_CLOCK", &told)]);
    until!("the other one runs them", expired(&address).await == [1; QUOTES as usize]);
    sleeper.signal("CONT");
    until!("the sleeper learns that it was overtaken", sleeper.says("another process has taken over the timers"));
    assert_eq!(expired(&place.target()).await, [1; QUOTES as usize], "a quote expires once");
    other.kill();
    place.verify();
    sleeper.check_log();
    Tally { kills: 2, ..Tally::default() }
}

/// Sends a command that is taken.
async fn tell(target: &Target, path: &str, body: Value) {
    let answer = send(&Client::new(), target, COMPANIES[0], None, path, &body).await.expect("the service answers");
    assert!(answer.status.is_success(), "{path}: {}", answer.body);
}

/// How often each quote expired.
async fn expired(target: &Target) -> Vec<usize> {
    let mut counts = Vec::new();
    for n in 1..=QUOTES {
        let question = format!("/api/v1/contacts/{}/timeline", Uuid::from_u128(0xF0 + n));
        let timeline = get(&Client::new(), target, COMPANIES[0], &question).await.expect("the service answers");
        let told = timeline.body["data"].as_array().expect("a timeline has events");
        counts.push(told.iter().filter(|event| event["type"] == "quote.expired").count());
    }
    counts
}
