//! Brings a database's tables up to this version: numbered files once and in order, read models' files at every start.
//!
//! `migrations/{sqlite,postgres}/NNNN_name.sql` hold the log and what must survive; a file that ran is never edited.
//! `migrations/{sqlite,postgres}/read/*.sql` hold read models as `CREATE TABLE IF NOT EXISTS`. Both are part of the
//! binary. Everything runs in one transaction that other starting processes wait for.

use sha2::{Digest, Sha256};

use crate::db::{Conn, Db, Engine};
use crate::error::StoreError;
use crate::statement::sql;

include!(concat!(env!("OUT_DIR"), "/migrations.rs"));

/// Runs what has not run yet.
pub(crate) async fn run(db: &Db) -> Result<(), StoreError> {
    let (numbered, read) = match db.engine() {
        Engine::Sqlite => (SQLITE, SQLITE_READ),
        Engine::Postgres => (POSTGRES, POSTGRES_READ),
    };
    let mut tx = db.begin().await?;
    if db.engine() == Engine::Postgres {
        // Building an index may take longer than a command may.
        tx.conn().script("migration", "SET LOCAL statement_timeout = 0; SET LOCAL lock_timeout = 0").await?;
        tx.conn().script("migration lock", include_str!("sql/postgres/lock_migrations.sql")).await?;
    }
    tx.conn().script("migration list", include_str!("sql/create_migrations.sql")).await?;
    let done = done(&mut tx.conn()).await?;
    check_known(numbered, &done)?;
    for (file, text) in numbered {
        let sum = checksum(text);
        match done.iter().find(|(name, _)| name == file) {
            Some((_, as_run)) if *as_run == sum => {}
            Some(_) => return Err(StoreError::Migration(format!("{file} was edited after it ran"))),
            None => {
                tracing::info!(file, "migrating");
                tx.conn().script(file, text).await?;
                let insert = sql(include_str!("sql/insert_migration.sql")).bind(*file).bind(sum);
                insert.run(&mut tx.conn()).await?;
            }
        }
    }
    for (file, text) in read {
        tx.conn().script(file, text).await?;
    }
    tx.commit().await
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
