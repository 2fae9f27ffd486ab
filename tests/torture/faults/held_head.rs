//! Fault 15: somebody holds the end of one company's log. That company's commands are told to come again, the other's go on.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, send};
use crate::server::connect;
use crate::{Bench, Tally};
use reqwest::{Client, StatusCode};
use serde_json::json;
use sqlx::{Connection, Executor};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Twice as long as the service waits for a lock, since a command may come while another one waits, and a little more.
const PATIENCE: Duration = Duration::from_secs(25);

pub async fn held_head(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Postgres).await;
    let journal = place.journal();
    let service = place.start();
    let [held, free] = COMPANIES;
    let mut target = place.target();
    let http = Client::new();
    let log_attempt = async |company: Uuid, key: &str| {
        let path = format!("contacts/{}/log-attempt", Uuid::from_u128(1));
        let body = json!({ "channel": "phone", "outcome": "spoke" });
        send(&http, &place.target(), company, Some(key), &path, &body).await.expect("the service answers")
    };
    let mut holder = connect(place.url.as_deref().expect("it is on PostgreSQL")).await;
    let mut transaction = holder.begin().await.expect("a transaction begins");
    let hold = sqlx::query("SELECT position FROM heads WHERE company_id = $1 FOR UPDATE").bind(held);
    transaction.execute(hold).await.expect("the head can be held");
    target.companies = vec![free];
    let load = Load::start(&target, Mix::of(4, bench.seed), journal.clone());
    let since = Instant::now();
    let answer = log_attempt(held, "held").await;
    assert_eq!((answer.status, answer.retry_after), (StatusCode::SERVICE_UNAVAILABLE, true), "{}", answer.body);
    assert!(since.elapsed() < PATIENCE, "a held company is told so in time, and not after {:?}", since.elapsed());
    load.reach(100).await;
    transaction.rollback().await.expect("the head is let go");
    assert_eq!(log_attempt(held, "held").await.status, StatusCode::OK, "it goes on as soon as the head is free");
    let met = load.finish().await;
    // That one command of ours is in no journal.
    met.unknown.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
