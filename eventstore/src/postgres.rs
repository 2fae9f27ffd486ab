//! How PostgreSQL is opened: nobody may hold a company's head row for long.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::{Pool, PoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Postgres, Row};

use crate::error::StoreError;

/// Writers at a time; more wait for one of these connections.
const WRITERS: u32 = 16;
/// Readers at a time.
const READERS: u32 = 16;
/// `server_version_num` of PostgreSQL 15.
const OLDEST: i32 = 150_000;

/// Opens the write pool and the read pool.
pub(crate) async fn open(url: &str) -> Result<(Pool<Postgres>, Pool<Postgres>), StoreError> {
    let shared = PgConnectOptions::from_str(url)
        .map_err(|_| StoreError::Address(without_password(url)))?
        .application_name("leadtrail")
        .options([
            ("search_path", "public,directory"),
            ("timezone", "UTC"),
            ("synchronous_commit", "on"),
            // A plan kept from when a table was empty reads the whole of it for ever.
            ("plan_cache_mode", "force_custom_plan"),
        ])
        .statement_cache_capacity(512)
        .disable_statement_logging();
    // A session that stops while it holds a head row would freeze one company: these end it.
    let writing = shared.clone().options([
        ("default_transaction_isolation", "read committed"),
        ("statement_timeout", "30s"),
        ("lock_timeout", "10s"),
        ("idle_in_transaction_session_timeout", "10s"),
    ]);
    let reading = shared.options([("default_transaction_read_only", "on"), ("statement_timeout", "300s")]);

    // A dead connection is noticed when a transaction begins on it, so it need not be tried before.
    let pool = PoolOptions::new().acquire_timeout(Duration::from_secs(10)).test_before_acquire(false);
    let write = pool.clone().max_connections(WRITERS).connect_with(writing).await.map_err(|error| StoreError::database("connecting to PostgreSQL", error))?;
    let version: i32 = sqlx::query("SELECT current_setting('server_version_num')::int")
        .fetch_one(&write)
        .await
        .and_then(|row: sqlx::postgres::PgRow| row.try_get(0))
        .map_err(|error| StoreError::database("asking PostgreSQL for its version", error))?;
    if version < OLDEST {
        return Err(StoreError::Migration(format!("PostgreSQL 15 or later is needed, this is {}", version / 10_000)));
    }
    Ok((write, pool.max_connections(READERS).connect_lazy_with(reading)))
}

/// An address fit for a log.
fn without_password(url: &str) -> String {
    match (url.find("://"), url.rfind('@')) {
        (Some(scheme), Some(at)) if scheme + 3 <= at => [&url[..scheme + 3], "…", &url[at..]].concat(),
        _ => url.to_owned(),
    }
}
