//! What was forgotten, gone from the files too.

use eventstore::{Db, Engine, StoreError, sql};

/// Overwrites what was deleted or replaced and still lies in the files, as far as the database can: after an erasure.
///
/// SQLite's index by text notes what was deleted and drops it when it next merges its parts, which is done here; while it is, a second or
/// so for each half million contacts, commands wait.
pub async fn scrub(db: &Db) -> Result<(), StoreError> {
    if db.engine() == Engine::Sqlite {
        let mut tx = db.begin().await?;
        sql(include_str!("sql/sqlite/merge_search.sql")).bind("optimize").run(&mut tx.conn()).await?;
        tx.commit().await?;
    }
    db.scrub().await
}
