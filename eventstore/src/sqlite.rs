//! How SQLite is opened: durable, strict, one writer.

use std::io::ErrorKind;
use std::path::Path;
use std::time::Duration;

use sqlx::pool::{Pool, PoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, Executor, Sqlite, SqliteConnection, Transaction};

use crate::db::begin;
use crate::error::StoreError;

/// Readers beside the one writer.
const READERS: u32 = 8;
/// What the writer waits for a lock at a time. SQLite asks less and less often, at last ten times a second, and beside a process that
/// writes all the time would meet the moment between two commits by luck alone; asked anew, it asks often again.
pub(crate) const SHORTLY: &str = "PRAGMA busy_timeout = 20";
/// How often the write lock is asked for so: about half a minute.
const TRIES: u32 = 1_500;

/// Opens the write pool (one connection, a fair queue) and the read pool (which cannot write).
pub(crate) async fn open(path: &str) -> Result<(Pool<Sqlite>, Pool<Sqlite>), StoreError> {
    let shared = SqliteConnectOptions::new()
        .filename(path)
        .foreign_keys(true)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .pragma("cache_size", "-16384")
        .statement_cache_capacity(512)
        .disable_statement_logging();
    let writing = shared
        .clone()
        .create_if_missing(true)
        // Bodies up to about two kilobytes then lie in the tree itself.
        .page_size(8192)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        // A batch touches pages all over the indexes: kept in memory, and brought home from the log less often, they
        // are written a few times instead of at every commit.
        .pragma("cache_size", "-65536")
        .pragma("wal_autocheckpoint", "8000")
        // What a savepoint would bring back is kept in memory, not in a file for each batch.
        .pragma("temp_store", "MEMORY")
        .pragma("secure_delete", "ON");
    let reading = shared.pragma("query_only", "ON").row_buffer_size(1024);

    let pool = PoolOptions::<Sqlite>::new().acquire_timeout(Duration::from_secs(30)).test_before_acquire(false).idle_timeout(None).max_lifetime(None);
    // A full or failing disk ends a transaction without asking, and the library counts on as if it were still open: such a
    // connection is of no more use.
    let pool = pool.before_acquire(|conn, _| {
        Box::pin(async move {
            if conn.is_in_transaction() {
                // What was dropped is still on its way to being rolled back.
                conn.ping().await?;
            }
            Ok(!conn.is_in_transaction())
        })
    });
    let write = pool.clone().max_connections(1).after_connect(|conn, _| Box::pin(async { conn.execute(SHORTLY).await.map(drop) }));
    let write = write.connect_with(writing).await.map_err(|error| StoreError::database("opening the SQLite file", error))?;
    let read = pool.max_connections(READERS).connect_lazy_with(reading);
    Ok((write, read))
}

/// Begins a transaction that holds the file's write lock, which another process may have in turns.
pub(crate) async fn begin_writing(write: &Pool<Sqlite>) -> Result<Transaction<'static, Sqlite>, StoreError> {
    let mut tries = 1;
    loop {
        match begin(write, "BEGIN IMMEDIATE").await {
            Err(error) if error.is_lock_timeout() && tries < TRIES => tries += 1,
            answer => return answer,
        }
    }
}

/// Opens a file that nobody writes to, such as a backup, and leaves everything in its folder as it is.
pub(crate) fn open_unchanging(path: &Path) -> Pool<Sqlite> {
    let reading = SqliteConnectOptions::new()
        .filename(path)
        .read_only(true)
        .immutable(true)
        .pragma("trusted_schema", "OFF")
        .pragma("cell_size_check", "ON")
        .row_buffer_size(1024)
        .disable_statement_logging();
    PoolOptions::new().test_before_acquire(false).max_connections(READERS).connect_lazy_with(reading)
}

/// Opens a file to copy into, with the database that is copied attached as `source`. The file has no write-ahead log, so that it is
/// whole by itself.
pub(crate) async fn open_beside(copy: &Path, source: &Path) -> Result<SqliteConnection, StoreError> {
    let copying = SqliteConnectOptions::new()
        .filename(copy)
        .journal_mode(SqliteJournalMode::Delete)
        .synchronous(SqliteSynchronous::Full)
        .busy_timeout(Duration::from_secs(5))
        .pragma("trusted_schema", "OFF")
        .disable_statement_logging();
    let mut file = copying.connect().await.map_err(|error| StoreError::database("opening the copy", error))?;
    // A missing file would be made.
    let uri = format!("file:{}?mode=rw", escaped(source));
    let attach = sqlx::query("ATTACH DATABASE $1 AS source").bind(uri).execute(&mut file);
    attach.await.map_err(|error| StoreError::database("attaching the database", error))?;
    Ok(file)
}

/// A path as it stands in a URI.
fn escaped(path: &Path) -> String {
    path.display().to_string().replace('%', "%25").replace('?', "%3f").replace('#', "%23")
}

/// Whether there is no file, or only an empty one: opening it would make a database.
pub(crate) fn is_missing(path: &str) -> bool {
    match std::fs::metadata(path) {
        Ok(about) => about.is_file() && about.len() == 0,
        Err(error) => matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

    use tokio::time::timeout;

    use super::*;

    #[tokio::test]
    async fn a_lock_that_another_has_is_waited_for_in_many_short_tries() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db").display().to_string();
        let (one, _) = open(&path).await.unwrap();
        let (other, _) = open(&path).await.unwrap();
        let held = begin_writing(&one).await.unwrap();
        let many_tries = Duration::from_millis(300);
        assert!(timeout(many_tries, begin_writing(&other)).await.is_err(), "still trying");
        drop(held);
        begin_writing(&other).await.unwrap().commit().await.unwrap();
    }
}
