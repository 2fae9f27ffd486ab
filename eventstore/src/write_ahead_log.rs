//! SQLite's write-ahead log, kept from growing without end.
//!
//! SQLite begins the log anew at a moment when nobody reads from it. Where readers overlap all the time, as in a rebuild, that moment
//! does not come by itself. When the log has grown long it is brought home whole: new readers then need it no more, and the
//! last old one is waited for, shortly.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU64, Ordering};

use sqlx::pool::Pool;
use sqlx::{Row as _, Sqlite};

use crate::sqlite;

/// The length, in bytes, that a log may have, and by how much more it grows before emptying it is tried again: four times what
/// brings pages home.
pub(crate) const LONG: u64 = 256 << 20;

/// What readers are waited for.
const PATIENCE: &str = "PRAGMA busy_timeout = 200";

/// The log of a database file.
#[derive(Debug)]
pub(crate) struct WriteAheadLog {
    writer: Pool<Sqlite>,
    path: PathBuf,
    /// By how much it may grow.
    long: u64,
    /// How long it may be now.
    most: AtomicU64,
}

impl WriteAheadLog {
    /// The log of the file that `writer` writes.
    pub(crate) fn of(writer: &Pool<Sqlite>, long: u64) -> Self {
        let options = writer.connect_options();
        // SQLite puts it beside the file itself, wherever a link may stand.
        let mut path = std::fs::canonicalize(options.get_filename()).unwrap_or_else(|_| options.get_filename().to_owned()).into_os_string();
        path.push("-wal");
        Self { writer: writer.clone(), path: path.into(), long, most: AtomicU64::new(long) }
    }

    /// Empties a log that has grown long, unless a reader stays in the middle of it. Only between two transactions.
    pub(crate) async fn keep_short(&self) {
        let length = std::fs::metadata(&self.path).map_or(0, |about| about.len());
        if length <= self.most.load(Ordering::Relaxed) {
            return;
        }
        let most = match empty(&self.writer).await {
            Ok(true) => self.long,
            Ok(false) => length + self.long,
            Err(error) => {
                tracing::warn!(%error, length, "the write-ahead log could not be emptied");
                length + self.long
            }
        };
        self.most.store(most, Ordering::Relaxed);
    }
}

/// Brings the log home and empties it. Whether all of it came home.
pub(crate) async fn empty(writer: &Pool<Sqlite>) -> Result<bool, sqlx::Error> {
    let mut connection = writer.acquire().await?;
    sqlx::raw_sql(PATIENCE).execute(&mut *connection).await?;
    let busy = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").fetch_one(&mut *connection).await.and_then(|row| row.try_get::<i64, _>(0));
    sqlx::raw_sql(sqlite::SHORTLY).execute(&mut *connection).await?;
    Ok(busy? == 0)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

    use super::*;

    /// A database with a log longer than this.
    const SOME: u64 = 100_000;

    async fn write(pool: &Pool<Sqlite>) {
        sqlx::query("INSERT INTO t (x) VALUES (zeroblob(200000))").execute(pool).await.unwrap();
    }

    #[tokio::test]
    async fn a_long_log_is_emptied_and_a_reader_in_it_only_puts_that_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("t.db");
        let (writer, read) = sqlite::open(&path.display().to_string()).await.unwrap();
        sqlx::query("CREATE TABLE t (x BLOB)").execute(&writer).await.unwrap();
        let log = WriteAheadLog::of(&writer, SOME);
        let length = || std::fs::metadata(&log.path).unwrap().len();
        let short = length();
        log.keep_short().await;
        assert_eq!(length(), short, "a short one is left as it is");

        write(&writer).await;
        log.keep_short().await;
        assert_eq!(length(), 0);

        write(&writer).await;
        let mut reader = read.begin().await.unwrap();
        let count = "SELECT count(*) FROM t";
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut *reader).await.unwrap(), 2);
        write(&writer).await;
        let before = length();
        log.keep_short().await;
        assert_eq!((length(), log.most.load(Ordering::Relaxed)), (before, before + SOME));
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&mut *reader).await.unwrap(), 2);
        drop(reader);

        log.keep_short().await;
        assert_eq!(length(), before, "not at once again");
        write(&writer).await;
        log.keep_short().await;
        assert_eq!((length(), log.most.load(Ordering::Relaxed)), (0, SOME));
        assert_eq!(sqlx::query_scalar::<_, i64>(count).fetch_one(&read).await.unwrap(), 4);
    }
}
