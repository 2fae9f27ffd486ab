//! Brings a database's tables up to this version: numbered files once and in order, read models' files at every start.
//!
//! `migrations/{sqlite,postgres}/NNNN_name.sql` hold the log and what must survive; a file that ran is never edited.
//! `migrations/{sqlite,postgres}/read/*.sql` hold read models as `CREATE TABLE IF NOT EXISTS`, and `columns/*.sql` the columns that
//! their tables gained since. All are part of the binary. Everything runs in one transaction that other starting processes wait
//! for. Where the tables belong to another role than the service's (`migrations/postgres/roles`), it only looks whether all of it
//! has run.

use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection};

use crate::db::{Conn, Db, Engine};
use crate::error::StoreError;
use crate::statement::sql;

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Runs what has not run yet.
pub(crate) async fn run(db: &Db) -> Result<(), StoreError> {
    let (numbered, read, columns) = match db.engine() {
        Engine::Sqlite => (SQLITE, SQLITE_READ, SQLITE_COLUMNS),
        Engine::Postgres => (POSTGRES, POSTGRES_READ, POSTGRES_COLUMNS),
    };
    let mut tx = db.begin().await?;
    if db.engine() == Engine::Postgres {
        // Building an index may take longer than a command may.
        tx.conn().script("migration", "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        tx.conn().script("migration lock", include_str!("sql/postgres/lock_migrations.sql")).await?;
    }
    let may_create = may_create(&mut tx.conn()).await?;
    if may_create {
        tx.conn().script("migration list", include_str!("sql/create_migrations.sql")).await?;
    }
    let done = done(&mut tx.conn()).await?;
    check_known(numbered, &done)?;
    for (file, text) in numbered {
        let sum = checksum(text);
        match done.iter().find(|(name, _)| name == file) {
            Some((_, as_run)) if *as_run == sum => {}
            Some(_) => return Err(StoreError::Migration(format!("{file} was edited after it ran"))),
            None if !may_create => {
                return Err(StoreError::Migration(format!("{file} has not run, and this role may not make tables; start once as their owner")));
            }
            None => {
                tracing::info!(file, "migrating");
                tx.conn().script(file, text).await?;
                let insert = sql(include_str!("sql/insert_migration.sql")).bind(*file).bind(sum);
                insert.run(&mut tx.conn()).await?;
            }
        }
    }
    for (file, text) in columns {
        add_columns(&mut tx.conn(), file, text, may_create).await?;
    }
    for (file, text) in read.iter().filter(|_| may_create) {
        if is_wanting(&mut tx.conn(), text).await? {
            tx.conn().script(file, text).await?;
        }
    }
    tx.commit().await
}

/// Adds the columns of a file to tables that lack them. A table that is not there yet is made with all of them.
async fn add_columns(conn: &mut Conn<'_>, file: &'static str, text: &'static str, may_create: bool) -> Result<(), StoreError> {
    let list_columns = match conn.engine() {
        Engine::Sqlite => include_str!("sql/sqlite/list_columns.sql"),
        Engine::Postgres => include_str!("sql/postgres/list_columns.sql"),
    };
    for statement in text.lines() {
        let Some((table, column)) = statement.strip_prefix("ALTER TABLE ").and_then(|rest| rest.split_once(" ADD COLUMN ")) else { continue };
        let column = column.split_whitespace().next().unwrap_or_default();
        let rows = sql(list_columns).bind(table).all(conn).await?;
        let columns = rows.iter().map(|row| row.get::<String>(0)).collect::<Result<Vec<_>, _>>()?;
        if columns.is_empty() || columns.iter().any(|name| name == column) {
            continue;
        }
        if !may_create {
            return Err(StoreError::Migration(format!("{table} lacks the column {column}, and this role may not add it; start once as its owner")));
        }
        tracing::info!(table, column, "a read model gains a column");
        conn.script(file, statement).await?;
    }
    Ok(())
}

/// Whether we may make tables.
async fn may_create(conn: &mut Conn<'_>) -> Result<bool, StoreError> {
    match conn.engine() {
        Engine::Sqlite => Ok(true),
        Engine::Postgres => Ok(sql(include_str!("sql/postgres/may_create.sql")).one(conn).await?.is_some()),
    }
}

/// Whether something that a file of read models makes is not there. PostgreSQL locks a table against writers before it sees that
/// an index on it exists, and whoever looks at the data must not hold up those who work.
async fn is_wanting(conn: &mut Conn<'_>, text: &str) -> Result<bool, StoreError> {
    if conn.engine() == Engine::Sqlite {
        return Ok(true);
    }
    let made: Vec<&str> = text.split("IF NOT EXISTS ").skip(1).filter_map(|rest| rest.split_whitespace().next()).collect();
    let missing = sql(include_str!("sql/postgres/missing_relations.sql")).bind(made.join(",")).one(conn).await?;
    Ok(missing.is_some())
}

/// What a SQLite file holds beside what all files together make.
pub(crate) async fn strangers(file: &mut SqliteConnection) -> Result<Vec<String>, StoreError> {
    let mut own = SqliteConnection::connect("sqlite::memory:").await.map_err(|error| StoreError::database("opening SQLite in memory", error))?;
    Conn::Sqlite(&mut own).script("migration list", include_str!("sql/create_migrations.sql")).await?;
    for (file, text) in SQLITE.iter().chain(SQLITE_READ) {
        Conn::Sqlite(&mut own).script(file, text).await?;
    }
    let own = objects(&mut own).await?;
    // SQLite's own statistics, and the indexes of keys.
    let is_inner = |kind: &str, name: &str| matches!(kind, "table" | "index") && name.starts_with("sqlite_");
    let others = objects(file).await?.into_iter().filter(|object| !own.contains(object) && !is_inner(&object.0, &object.1));
    Ok(others.map(|(kind, name, _)| format!("{kind} {name}")).collect())
}

/// Kind, name and table of everything in a SQLite file.
async fn objects(file: &mut SqliteConnection) -> Result<Vec<(String, String, String)>, StoreError> {
    let rows = sql(include_str!("sql/sqlite/list_objects.sql")).all(&mut Conn::Sqlite(file)).await?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// Which files ran, and what they held.
async fn done(conn: &mut Conn<'_>) -> Result<Vec<(String, String)>, StoreError> {
    sql(include_str!("sql/list_migrations.sql")).all(conn).await?.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// A file that ran and is not known here came from a newer version, whose tables this one might damage.
fn check_known(numbered: &[(&str, &str)], done: &[(String, String)]) -> Result<(), StoreError> {
    match done.iter().find(|(name, _)| !numbered.iter().any(|(file, _)| file == name)) {
        None => Ok(()),
        Some((name, _)) => Err(StoreError::Migration(format!("it has run {name}, which is unknown here"))),
    }
}

fn checksum(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
