//! How PostgreSQL is opened: nobody may hold a company's head row for long.

use std::str::FromStr;
use std::time::Duration;

use sqlx::pool::{Pool, PoolOptions};
use sqlx::postgres::PgConnectOptions;
use sqlx::{ConnectOptions, Connection, Postgres, Row};

use crate::db::without_password;
use crate::error::StoreError;

/// Writers at a time; more wait for one of these connections.
const WRITERS: u32 = 16;
/// Readers at a time.
const READERS: u32 = 16;
/// How long a connection is waited for.
const PATIENCE: Duration = Duration::from_secs(10);
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

    // The pool would try a silent server again and again, and then say only that it gave up: one connection says why.
    let first = tokio::time::timeout(PATIENCE, writing.connect()).await.unwrap_or(Err(sqlx::Error::PoolTimedOut));
    let mut first = first.map_err(|error| StoreError::database("connecting to PostgreSQL", error))?;
    let version: i32 = sqlx::query("SELECT current_setting('server_version_num')::int")
        .fetch_one(&mut first)
        .await
        .and_then(|row: sqlx::postgres::PgRow| row.try_get(0))
        .map_err(|error| StoreError::database("asking PostgreSQL for its version", error))?;
    if version < OLDEST {
        return Err(StoreError::Migration(format!("PostgreSQL 15 or later is needed, this is {}", version / 10_000)));
    }
    first.close().await.map_err(|error| StoreError::database("asking PostgreSQL for its version", error))?;
    // A dead connection is noticed when a transaction begins on it, so it need not be tried before.
    let pool = PoolOptions::new().acquire_timeout(PATIENCE).test_before_acquire(false);
    Ok((pool.clone().max_connections(WRITERS).connect_lazy_with(writing), pool.max_connections(READERS).connect_lazy_with(reading)))
}

/// The server, the database and the user an address means.
pub(crate) fn named_by(url: &str) -> String {
    let Ok(options) = PgConnectOptions::from_str(url) else {
        return without_password(url);
    };
    let user = options.get_username();
    let server = match options.get_socket() {
        Some(socket) => socket.display().to_string(),
        None => format!("{}:{}", options.get_host(), options.get_port()),
    };
    format!("PostgreSQL at {server}, database {}, user {user}", options.get_database().unwrap_or(user))
}
