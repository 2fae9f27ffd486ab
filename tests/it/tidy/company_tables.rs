//! Every table of a company can be spread over a cluster by its company (SQL-RULES 1, 17), and is, by migrations/citus.

use std::collections::{BTreeMap, BTreeSet};

use eventstore::{Conn, Db, Engine};
use sqlx::{Executor, Row};

use super::files::read;
use super::sql::tables;
use crate::databases;

/// What is kept for all companies together and stays on the coordinator.
const DIRECTORY: &[&str] = &["companies", "migrations"];

/// An index by text, which SQLite keeps as a table without a key: what it finds is compared with the company afterwards.
const BY_TEXT: (Engine, &str) = (Engine::Sqlite, "contact_list_search");

/// An index: its table, its name, whether it is a primary key, its first column.
type Index = (String, String, bool, String);

async fn indexes(db: &Db) -> Vec<Index> {
    let mut reader = db.read().await.expect("a read begins");
    match reader.conn() {
        Conn::Sqlite(conn) => {
            let text = "SELECT t.name, i.name, i.origin = 'pk', c.name FROM pragma_table_list t, pragma_index_list(t.name) i, pragma_index_info(i.name) c
                WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND t.type <> 'shadow' AND c.seqno = 0";
            let rows = conn.fetch_all(text).await.expect("indexes are listed");
            rows.iter().map(|row| (row.get(0), row.get(1), row.get::<i64, _>(2) == 1, row.get(3))).collect()
        }
        Conn::Postgres(conn) => {
            let text = "SELECT t.relname::text, i.relname::text, x.indisprimary, a.attname::text
                FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid
                JOIN pg_namespace n ON n.oid = t.relnamespace JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = x.indkey[0]
                WHERE n.nspname IN ('public', 'directory')";
            let rows = conn.fetch_all(text).await.expect("indexes are listed");
            rows.iter().map(|row| (row.get(0), row.get(1), row.get(2), row.get(3))).collect()
        }
    }
}

#[tokio::test]
async fn every_key_and_index_begins_with_the_company() {
    for database in databases::both().await {
        let (tables, indexes) = (tables(&database.db).await, indexes(&database.db).await);
        for (table, columns) in tables.iter().filter(|(table, _)| !DIRECTORY.contains(&table.as_str())) {
            assert!(columns.contains("company_id"), "{table} does not say whose its rows are");
            let keys = indexes.iter().filter(|(of, _, is_primary, _)| of == table && *is_primary).count();
            assert_eq!(keys, usize::from((database.db.engine(), table.as_str()) != BY_TEXT), "{table} has no primary key");
        }
        let other = indexes.iter().filter(|(table, _, _, first)| first != "company_id" && !DIRECTORY.contains(&table.as_str()));
        assert_eq!(other.collect::<Vec<_>>(), [] as [&Index; 0]);
    }
}

/// One type everywhere, and never empty (SQL-RULES 1); bodies are bytes (SQL-RULES 18).
#[tokio::test]
async fn companies_and_bodies_are_of_one_type_everywhere() {
    let database = databases::postgres().await;
    let mut reader = database.db.read().await.expect("a read begins");
    let Conn::Postgres(conn) = reader.conn() else { panic!("this is PostgreSQL") };
    let text = "SELECT table_name::text, column_name::text, data_type::text, is_nullable::text FROM information_schema.columns
        WHERE table_schema IN ('public', 'directory') AND column_name IN ('company_id', 'body')";
    let found = conn.fetch_all(text).await.expect("columns are listed");
    let found: BTreeSet<(String, String, String)> = found.iter().map(|row| (row.get(1), row.get(2), row.get(3))).collect();
    let expected = [("body", "bytea", "NO"), ("company_id", "uuid", "NO")].map(|(name, kind, null)| (name.into(), kind.into(), null.into()));
    assert_eq!(found, BTreeSet::from(expected));
}

/// The tables that a text distributes, how often, and beside which.
fn distributed(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in text.lines() {
        let Some(rest) = line.strip_prefix("SELECT create_distributed_table('") else { continue };
        let parts: Vec<&str> = rest.split('\'').collect();
        let [table, _, "company_id", ", colocate_with => ", beside, ");"] = parts[..] else { panic!("{line}") };
        found.entry(table.into()).or_default().push(beside.into());
    }
    found
}

#[tokio::test]
async fn every_table_of_a_company_is_distributed_once() {
    let database = databases::postgres().await;
    let expected = tables(&database.db).await.into_keys().filter(|table| !DIRECTORY.contains(&table.as_str()));
    let expected: BTreeMap<String, Vec<String>> =
        expected.map(|table| (table.clone(), vec![if table == "heads" { "none" } else { "heads" }.to_owned()])).collect();
    assert_eq!(distributed(&read("migrations/citus/distribute.sql")), expected);
}
