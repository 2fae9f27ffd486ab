//! How many commands a second the whole product takes: over HTTP, and in process without HTTP, all read models following.
//!
//! `cargo bench -p api --bench commands`: SQLite in a temporary folder, and PostgreSQL when LEADTRAIL_TEST_POSTGRES_URL names a server
//! (the bench makes a database of its own there). Callers add contacts of their own. Every figure is the middle of several
//! rounds, with the lowest and the highest.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a measurement that fails may stop")]
#![allow(clippy::disallowed_methods, reason = "a measurement reads the clock")]

use std::sync::Arc;
use std::time::{Duration, Instant};

use api::app::ports::SystemPorts;
use api::app::{App, Asker, Request, Wish};
use domain::company::{Currency, Month, Settings, Weekday, Zone};
use domain::id::ContactId;
use domain::text::Label;
use domain::wire;
use eventstore::{CompanyId, MasterKey, Ports};
use futures::future::join_all;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use uuid::Uuid;

const COMPANY: CompanyId = CompanyId(Uuid::from_u128(1));
const TOKEN: &str = "bench-token-bench-token-bench-token";
const ROUND: Duration = Duration::from_secs(2);
const ROUNDS: usize = 5;

#[tokio::main]
async fn main() {
    let folder = tempfile::tempdir().unwrap();
    measure("SQLite", &format!("sqlite:{}", folder.path().join("bench.db").display())).await;
    match std::env::var("LEADTRAIL_TEST_POSTGRES_URL") {
        Ok(server) => measure("PostgreSQL", &own_database(&server).await).await,
        Err(_) => println!("PostgreSQL: LEADTRAIL_TEST_POSTGRES_URL is not set, so it is left out"),
    }
}

async fn own_database(server: &str) -> String {
    let mut connection = PgConnection::connect(server).await.unwrap();
    let name = format!("leadtrail_commands_{}", std::process::id());
    sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut connection).await.unwrap();
    let (host, _) = server.rsplit_once('/').unwrap();
    format!("{host}/{name}")
}

async fn measure(name: &str, url: &str) {
    let app = App::open(url, MasterKey::new([7; 32]), Arc::new(SystemPorts)).await.unwrap();
    let settings = Settings {
        name: Label::try_new("Bench").unwrap(),
        zone: Zone::parse("America/New_York").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        week_starts_on: Weekday::Monday,
        year_starts_in: Month(1),
    };
    app.create_company(COMPANY, settings).await.unwrap();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/api/v1", listener.local_addr().unwrap());
    let router = api::http::router(app.clone(), TOKEN);
    let served = tokio::spawn(async move { axum::serve(listener, router).await });
    let client = reqwest::Client::new();
    for (what, body) in [("sources", json!({ "name": "Radio" })), ("products", json!({ "name": "Windows" })), ("people", json!({ "name": "Ana" }))] {
        assert!(client.post(format!("{address}/{what}")).bearer_auth(TOKEN).json(&body).send().await.unwrap().status().is_success());
    }
    println!("{name}");
    for callers in [1, 8, 32] {
        let (mut within, mut over) = (Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            within.push(in_process(&app, callers).await);
            over.push(over_http(&client, &address, callers).await);
        }
        let ratio = middle(&mut over) / middle(&mut within);
        println!("  {callers:>2} callers: in process {}, over HTTP {}, {ratio:.2} of it", told(&mut within), told(&mut over));
    }
    served.abort();
    app.stop().await;
}

fn body() -> Value {
    json!({ "journey": SystemPorts.new_id(), "source": "Radio", "product": "Windows", "name": "Dana", "phones": ["716-555-0100"] })
}

/// Commands a second of callers who ask the writer.
async fn in_process(app: &App, callers: usize) -> f64 {
    let end = Instant::now() + ROUND;
    let caller = async || {
        let mut done = 0;
        while Instant::now() < end {
            let wish = Wish::Contact(ContactId(SystemPorts.new_id()), wire::command("contact.add", body()).unwrap());
            let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
            app.execute(COMPANY, SystemPorts.new_id(), request, None).await.unwrap();
            done += 1;
        }
        done
    };
    join_all((0..callers).map(|_| caller())).await.into_iter().sum::<u64>() as f64 / ROUND.as_secs_f64()
}

/// Commands a second of callers who ask over connections of their own.
async fn over_http(client: &reqwest::Client, address: &str, callers: usize) -> f64 {
    let end = Instant::now() + ROUND;
    let caller = async || {
        let mut done = 0;
        while Instant::now() < end {
            let answer = client.post(format!("{address}/contacts")).bearer_auth(TOKEN).json(&body()).send().await.unwrap();
            assert_eq!(answer.status(), 201);
            answer.bytes().await.unwrap();
            done += 1;
        }
        done
    };
    join_all((0..callers).map(|_| caller())).await.into_iter().sum::<u64>() as f64 / ROUND.as_secs_f64()
}

fn middle(rates: &mut [f64]) -> f64 {
    rates.sort_by(f64::total_cmp);
    rates[rates.len() / 2]
}

fn told(rates: &mut [f64]) -> String {
    format!("{:.0}/s ({:.0} to {:.0})", middle(rates), rates[0], rates[rates.len() - 1])
}
