//! What the measurements share: databases of their own, and figures with their spread.

#![allow(dead_code, reason = "each bench uses its own part")]

pub mod year;

use std::fmt;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

/// As the product has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A database to measure on, empty.
pub struct Place {
    /// What it is called.
    pub name: &'static str,
    /// Its address.
    pub url: String,
    /// The folder of the file.
    _folder: Option<TempDir>,
    /// The server, and the name of the database on it.
    server: Option<(String, String)>,
}

/// SQLite in a temporary folder, and PostgreSQL when LEADTRAIL_TEST_POSTGRES_URL names a server.
pub async fn places(bench: &str) -> Vec<Place> {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("bench.db").display());
    let mut places = vec![Place { name: "SQLite", url, _folder: Some(folder), server: None }];
    match std::env::var("LEADTRAIL_TEST_POSTGRES_URL") {
        Ok(server) => {
            let name = format!("leadtrail_{bench}_{}", std::process::id());
            let mut admin = PgConnection::connect(&server).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(format!("CREATE DATABASE {name}"))).execute(&mut admin).await.unwrap();
            let (host, _) = server.rsplit_once('/').unwrap();
            places.push(Place { name: "PostgreSQL", url: format!("{host}/{name}"), _folder: None, server: Some((server, name)) });
        }
        Err(_) => println!("PostgreSQL is left out: LEADTRAIL_TEST_POSTGRES_URL is not set"),
    }
    places
}

/// How many journeys a long log has: LEADTRAIL_BENCH_JOURNEYS.
pub fn journeys() -> u64 {
    std::env::var("LEADTRAIL_BENCH_JOURNEYS").ok().and_then(|text| text.parse().ok()).unwrap_or(20_000)
}

impl Place {
    /// Removes what was made.
    pub async fn remove(self) {
        if let Some((server, name)) = self.server {
            let mut admin = PgConnection::connect(&server).await.unwrap();
            sqlx::raw_sql(AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"))).execute(&mut admin).await.unwrap();
        }
    }
}

/// The figures of several rounds.
#[derive(Default)]
pub struct Figures(Vec<f64>);

impl Figures {
    /// Adds a round's.
    pub fn add(&mut self, figure: f64) {
        self.0.push(figure);
        self.0.sort_by(f64::total_cmp);
    }

    /// The middle of them.
    pub fn middle(&self) -> f64 {
        self.0[self.0.len() / 2]
    }

    /// The middle over that of others.
    pub fn over(&self, others: &Figures) -> f64 {
        self.middle() / others.middle()
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = if self.middle() < 100.0 { 2 } else { 0 };
        write!(f, "{:.digits$} ({:.digits$} to {:.digits$})", self.middle(), self.0[0], self.0[self.0.len() - 1])
    }
}
