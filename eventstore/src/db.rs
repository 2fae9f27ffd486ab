//! Two databases behind one way to ask: a pool for writing, a pool for reading, transactions of either.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::pool::Pool;
use sqlx::{PgConnection, Postgres, Sqlite, SqliteConnection, Transaction};

use crate::error::StoreError;
use crate::shared_commit::{SharedWriter, Turn};
use crate::statement::sql;
use crate::{postgres, sqlite, write_ahead_log};

/// Which database it is, for the few statements that differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Engine {
    /// A file in the data folder.
    Sqlite,
    /// A server.
    Postgres,
}

/// An open database. Cheap to clone.
///
/// On SQLite the write pool has one connection, so that writers queue in order instead of fighting for the file's
/// lock; readers are apart and never wait for it.
#[derive(Clone, Debug)]
pub struct Db {
    pools: Pools,
    /// Events appended since it was opened.
    appended: Arc<AtomicU64>,
}

/// After so many appended events, what PostgreSQL knows about its tables is made new. It does this by itself a minute or so
/// after a table has grown; whoever fills empty tables faster should not wait.
const ANALYZE_AT: [u64; 5] = [1_000, 4_000, 16_000, 64_000, 256_000];

#[derive(Clone, Debug)]
enum Pools {
    Sqlite { write: SharedWriter, read: Pool<Sqlite> },
    Postgres { write: Pool<Postgres>, read: Pool<Postgres> },
}

impl Db {
    /// Opens `sqlite:PATH` (made when missing) or `postgres://USER@HOST:PORT/NAME`.
    pub async fn open(url: &str) -> Result<Self, StoreError> {
        let pools = match address(url)? {
            Address::Sqlite(path) => {
                let (write, read) = sqlite::open(path).await?;
                Pools::Sqlite { write: SharedWriter::new(write), read }
            }
            Address::Postgres => {
                let (write, read) = postgres::open(url).await?;
                Pools::Postgres { write, read }
            }
        };
        Ok(Self { pools, appended: Arc::default() })
    }

    /// Opens a database that holds our tables; where there is none, `None`, and nothing is made.
    pub async fn open_existing(url: &str) -> Result<Option<Self>, StoreError> {
        if let Address::Sqlite(path) = address(url)?
            && sqlite::is_missing(path)
        {
            return Ok(None);
        }
        let db = Self::open(url).await?;
        if db.has_tables().await? {
            return Ok(Some(db));
        }
        db.close().await;
        Ok(None)
    }

    /// Opens a SQLite file that nobody writes to, such as a backup, for reading alone. Nothing in its folder is touched.
    pub fn open_unchanging(path: &Path) -> Self {
        let pool = sqlite::open_unchanging(path);
        Self { pools: Pools::Sqlite { write: SharedWriter::new(pool.clone()), read: pool }, appended: Arc::default() }
    }

    /// Whether our tables are in it.
    pub async fn has_tables(&self) -> Result<bool, StoreError> {
        let mut reader = self.read().await?;
        let mut conn = reader.conn();
        let text = conn.pick(include_str!("sql/sqlite/has_tables.sql"), include_str!("sql/postgres/has_tables.sql"));
        Ok(sql(text).one(&mut conn).await?.is_some())
    }

    /// The file that an address means, when it is one of SQLite.
    pub fn sqlite_file(url: &str) -> Option<&Path> {
        match address(url) {
            Ok(Address::Sqlite(path)) => Some(Path::new(path)),
            _ => None,
        }
    }

    /// Which database an address means, in words and without a password.
    pub fn named_by(url: &str) -> String {
        match address(url) {
            Ok(Address::Sqlite(path)) => format!("the SQLite file {path}"),
            Ok(Address::Postgres) => postgres::named_by(url),
            Err(_) => without_password(url),
        }
    }

    /// Brings the tables up to this version; see [`crate::migrate`].
    pub async fn migrate(&self) -> Result<(), StoreError> {
        crate::migrate::run(self).await
    }

    /// What a SQLite file holds that no migration of this version makes: triggers, views, other tables. None on PostgreSQL.
    pub async fn strangers(&self) -> Result<Vec<String>, StoreError> {
        match self.read().await?.conn() {
            Conn::Sqlite(conn) => crate::migrate::strangers(conn).await,
            Conn::Postgres(_) => Ok(vec![]),
        }
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match self.pools {
            Pools::Sqlite { .. } => Engine::Sqlite,
            Pools::Postgres { .. } => Engine::Postgres,
        }
    }

    /// Begins a transaction that may write. On SQLite it holds the only write lock from here on.
    pub async fn begin(&self) -> Result<Tx, StoreError> {
        let inner = match &self.pools {
            Pools::Sqlite { write, .. } => Writing::Sqlite(write.alone().await?),
            Pools::Postgres { write, .. } => Writing::Postgres(begin(write, "BEGIN").await?),
        };
        Ok(Tx { inner })
    }

    /// Like [`Db::begin`], for a short turn: on SQLite it shares its commit with others who wait to write, and its failure.
    pub(crate) async fn begin_turn(&self) -> Result<Tx, StoreError> {
        match &self.pools {
            Pools::Sqlite { write, .. } => Ok(Tx { inner: Writing::Sqlite(write.turn().await?) }),
            Pools::Postgres { .. } => self.begin().await,
        }
    }

    /// Begins a read transaction: everything read through it is of one moment.
    pub async fn read(&self) -> Result<Reader, StoreError> {
        const SNAPSHOT: &str = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY";
        let inner = match &self.pools {
            Pools::Sqlite { read, .. } => Reading::Sqlite(begin(read, "BEGIN").await?),
            Pools::Postgres { read, .. } => Reading::Postgres(begin(read, SNAPSHOT).await?),
        };
        Ok(Reader { inner })
    }

    /// Lets PostgreSQL count its tables, so that it plans for what is in them now; nothing on SQLite.
    pub async fn analyze(&self) -> Result<(), StoreError> {
        // What is not the owner's is left out without a word.
        const COUNT: &str = "SET LOCAL statement_timeout = 0; SET LOCAL client_min_messages = error; ANALYZE";
        if self.engine() == Engine::Postgres {
            let mut tx = self.begin().await?;
            tx.conn().script("ANALYZE", COUNT).await?;
            tx.commit().await?;
        }
        Ok(())
    }

    /// Told that events were appended: has the tables counted, aside, when they may have outgrown what is known of them.
    pub(crate) fn appended(&self, events: usize) {
        let before = self.appended.fetch_add(events as u64, Ordering::Relaxed);
        let after = before + events as u64;
        if self.engine() == Engine::Postgres && ANALYZE_AT.iter().any(|count| before < *count && *count <= after) {
            let db = self.clone();
            tokio::spawn(async move {
                if let Err(error) = db.analyze().await {
                    tracing::warn!(%error, "the tables could not be counted");
                }
            });
        }
    }

    /// Overwrites what was deleted or replaced and still lies in the files, as far as the database can: after an erasure.
    ///
    /// SQLite zeroes what it replaces; its write-ahead log is brought home and emptied. PostgreSQL frees old row versions;
    /// its own write-ahead log and its backups keep them until they expire.
    pub async fn scrub(&self) -> Result<(), StoreError> {
        match &self.pools {
            Pools::Sqlite { write, .. } => {
                // A reader in the middle of its work keeps the log in use; it will be done soon.
                for pause in [0, 20, 100, 500, 2_000, 5_000] {
                    tokio::time::sleep(Duration::from_millis(pause)).await;
                    if write_ahead_log::empty(&write.pool).await.map_err(|error| StoreError::database("wal_checkpoint", error))? {
                        return Ok(());
                    }
                }
                tracing::warn!("readers keep the write-ahead log in use; what was erased leaves it with the next checkpoint");
            }
            Pools::Postgres { write, .. } => {
                let mut connection = write.acquire().await.map_err(|error| StoreError::database("VACUUM", error))?;
                for statement in ["SET statement_timeout = 0; SET lock_timeout = 0", "VACUUM", "SET statement_timeout = '30s'; SET lock_timeout = '10s'"] {
                    sqlx::raw_sql(statement).execute(&mut *connection).await.map_err(|error| StoreError::database("VACUUM", error))?;
                }
            }
        }
        Ok(())
    }

    /// Closes every connection, after the work on them.
    pub async fn close(&self) {
        match &self.pools {
            Pools::Sqlite { write, read } => {
                read.close().await;
                write.pool.close().await;
            }
            Pools::Postgres { write, read } => {
                read.close().await;
                write.close().await;
            }
        }
    }
}

enum Address<'a> {
    Sqlite(&'a str),
    Postgres,
}

fn address(url: &str) -> Result<Address<'_>, StoreError> {
    let path = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path));
    match path {
        Some(path) if !path.is_empty() && !path.starts_with(":memory:") => Ok(Address::Sqlite(path)),
        None if url.starts_with("postgres:") || url.starts_with("postgresql:") => Ok(Address::Postgres),
        _ => Err(StoreError::Address(without_password(url))),
    }
}

/// An address fit for a log: without user, password and options, any of which may hold a secret.
pub(crate) fn without_password(url: &str) -> String {
    let (scheme, rest) = url.split_once("://").map_or(("", url), |(scheme, rest)| (scheme, rest));
    // A password may hold an `@` or a `?` too.
    let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
    let place = place.split('?').next().unwrap_or(place);
    match (scheme, place.len() < rest.len()) {
        (_, false) => url.to_owned(),
        ("", true) => format!("…{place}"),
        (scheme, true) => format!("{scheme}://…@{place}"),
    }
}

/// A write transaction. Dropped, it is rolled back.
#[derive(Debug)]
pub struct Tx {
    inner: Writing,
}

#[derive(Debug)]
enum Writing {
    Sqlite(Turn),
    Postgres(Transaction<'static, Postgres>),
}

/// A read transaction: one snapshot.
#[derive(Debug)]
pub struct Reader {
    inner: Reading,
}

#[derive(Debug)]
enum Reading {
    Sqlite(Transaction<'static, Sqlite>),
    Postgres(Transaction<'static, Postgres>),
}

impl Tx {
    /// What statements run on.
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.inner {
            Writing::Sqlite(turn) => Conn::Sqlite(turn.conn()),
            Writing::Postgres(tx) => Conn::Postgres(tx),
        }
    }

    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match self.inner {
            Writing::Sqlite(_) => Engine::Sqlite,
            Writing::Postgres(_) => Engine::Postgres,
        }
    }

    /// Commits. After an error it is unknown whether the commit took place.
    pub async fn commit(self) -> Result<(), StoreError> {
        match self.inner {
            Writing::Sqlite(turn) => turn.commit().await,
            Writing::Postgres(tx) => tx.commit().await.map_err(|error| StoreError::database("COMMIT", error)),
        }
    }

    /// Ends a transaction that has written nothing.
    pub(crate) async fn leave(self) -> Result<(), StoreError> {
        match self.inner {
            Writing::Sqlite(turn) => turn.leave().await,
            Writing::Postgres(_) => self.rollback().await,
        }
    }

    /// Gives up everything since the transaction began.
    pub async fn rollback(self) -> Result<(), StoreError> {
        match self.inner {
            Writing::Sqlite(turn) => turn.rollback().await,
            Writing::Postgres(tx) => tx.rollback().await.map_err(|error| StoreError::database("ROLLBACK", error)),
        }
    }

    /// Marks a place to come back to. Savepoints nest; each is ended by [`Tx::release`] or [`Tx::undo`].
    pub async fn savepoint(&mut self) -> Result<(), StoreError> {
        self.conn().script("SAVEPOINT", "SAVEPOINT step").await
    }

    /// Keeps what was done since the last savepoint.
    pub async fn release(&mut self) -> Result<(), StoreError> {
        self.conn().script("RELEASE SAVEPOINT", "RELEASE SAVEPOINT step").await
    }

    /// Takes back what was done since the last savepoint, also after a statement failed.
    pub async fn undo(&mut self) -> Result<(), StoreError> {
        self.conn().script("ROLLBACK TO SAVEPOINT", "ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step").await
    }
}

impl Reader {
    /// What statements run on.
    pub fn conn(&mut self) -> Conn<'_> {
        match &mut self.inner {
            Reading::Sqlite(tx) => Conn::Sqlite(tx),
            Reading::Postgres(tx) => Conn::Postgres(tx),
        }
    }
}

/// A connection to one of the databases, borrowed from a [`Tx`] or a [`Reader`].
#[derive(Debug)]
pub enum Conn<'a> {
    /// To a file.
    Sqlite(&'a mut SqliteConnection),
    /// To a server.
    Postgres(&'a mut PgConnection),
}

impl Conn<'_> {
    /// Which database it is.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Sqlite(_) => Engine::Sqlite,
            Self::Postgres(_) => Engine::Postgres,
        }
    }

    /// The text for this database, where the dialects truly differ.
    pub fn pick(&self, sqlite: &'static str, postgres: &'static str) -> &'static str {
        match self {
            Self::Sqlite(_) => sqlite,
            Self::Postgres(_) => postgres,
        }
    }

    /// Runs a text of any number of statements without binds.
    pub(crate) async fn script(&mut self, doing: &'static str, text: &'static str) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(conn) => sqlx::raw_sql(text).execute(&mut **conn).await.map(drop),
            Self::Postgres(conn) => sqlx::raw_sql(text).execute(&mut **conn).await.map(drop),
        }
        .map_err(|error| StoreError::database(doing, error))
    }
}

/// Begins a transaction, passing over connections that died in the pool: a server that was restarted should be
/// noticed by nobody.
pub(crate) async fn begin<D: sqlx::Database>(pool: &Pool<D>, statement: &'static str) -> Result<Transaction<'static, D>, StoreError> {
    let mut dead = 0;
    loop {
        match pool.begin_with(statement).await.map_err(|error| StoreError::database(statement, error)) {
            Err(error) if error.is_connection() && dead < pool.options().get_max_connections() => dead += 1,
            answer => return answer,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_told_without_its_password() {
        for (url, told) in [
            ("postgres://ana:s3cret@db:5433/books", "PostgreSQL at db:5433, database books, user ana"),
            ("postgres://ana:s3@cret@db:5433/books", "PostgreSQL at db:5433, database books, user ana"),
            ("postgres://db:5433/books?user=ana&password=s3cret", "PostgreSQL at db:5433, database books, user ana"),
            ("mysql://ana:s3cret@db/books", "mysql://…@db/books"),
            ("ana:s3cret@db/books", "…db/books"),
            ("sqlite:data/leadtrail.db", "the SQLite file data/leadtrail.db"),
            ("nonsense", "nonsense"),
        ] {
            assert_eq!(Db::named_by(url), told);
        }
    }
}
