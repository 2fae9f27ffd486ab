//! The service as a role of its own on PostgreSQL: it does its work, and cannot change the log even if it wanted to (SQL-RULES 11).

use crate::databases::{TestDb, postgres};
use eventstore::{Conn, Db, MasterKey, Store, StoreError, contract};
use sqlx::{AssertSqlSafe, Executor, SqlSafeStr};

const RIGHTS: &str = include_str!("../../migrations/postgres/roles/runtime.sql");

async fn run(db: &Db, text: String) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await.unwrap();
    let Conn::Postgres(conn) = tx.conn() else { panic!("this is PostgreSQL") };
    conn.execute(AssertSqlSafe(text).into_sql_str()).await?;
    tx.commit().await.unwrap();
    Ok(())
}

/// The same database, entered as a role with the service's rights.
async fn as_the_service(owner: &TestDb, role: &str) -> Db {
    run(&owner.db, format!("CREATE ROLE {role} NOLOGIN")).await.unwrap();
    let mut tx = owner.db.begin().await.unwrap();
    let Conn::Postgres(conn) = tx.conn() else { panic!("this is PostgreSQL") };
    sqlx::raw_sql(AssertSqlSafe(RIGHTS.replace("leadtrail_runtime", role))).execute(conn).await.unwrap();
    tx.commit().await.unwrap();
    let sign = if owner.url.contains('?') { '&' } else { '?' };
    Db::open(&format!("{}{sign}options[role]={role}", owner.url)).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_service_needs_no_right_to_change_the_log() {
    let owner = postgres().await;
    let role = format!("leadtrail_runtime_{}", std::process::id());
    let db = as_the_service(&owner, &role).await;
    let store = Store::new(db.clone(), MasterKey::new([7; 32]));
    // A whole promise, with keys, claims and an erasure; it begins by bringing the tables up to date, which is nothing to do.
    contract::an_erased_stream_is_erased_for_ever(&store).await;

    for forbidden in [
        "UPDATE events SET actor = 'eve'",
        "DELETE FROM events",
        "TRUNCATE events",
        "ALTER TABLE events ADD COLUMN more text",
        "GRANT UPDATE ON events TO CURRENT_USER",
        "CREATE TABLE more (company_id uuid)",
        "UPDATE migrations SET checksum = ''",
        "DROP TABLE heads",
    ] {
        let refused = run(&db, forbidden.into()).await;
        let code = refused.as_ref().err().and_then(|error| error.as_database_error()).and_then(|error| error.code());
        // insufficient_privilege; for GRANT, which warns that it granted nothing, the UPDATE after it tells.
        if forbidden.starts_with("GRANT") {
            assert!(run(&db, "UPDATE events SET actor = 'eve'".into()).await.is_err());
        } else {
            assert_eq!(code.as_deref(), Some("42501"), "{forbidden}: {refused:?}");
        }
    }

    // An older database is for its owner to bring up to date.
    run(&owner.db, "DELETE FROM migrations WHERE file = '0002_projections.sql'".into()).await.unwrap();
    let refused = db.migrate().await.unwrap_err();
    assert!(
        matches!(&refused, StoreError::Migration(text) if text.starts_with("0002_projections.sql has not run, and this role may not make tables")),
        "{refused}"
    );
    db.close().await;
    run(&owner.db, format!("DROP OWNED BY {role}")).await.unwrap();
    run(&owner.db, format!("DROP ROLE {role}")).await.unwrap();
}
