//! Every statement is one the databases understand, says what it wants, and never leaves its company.

use std::collections::{BTreeMap, BTreeSet};

use eventstore::{Conn, Db, Engine};
use sqlx::{AssertSqlSafe, Executor, Row, SqlSafeStr};

use super::files::{File, files};
use crate::databases;

/// Statements that name no company, each with its reason.
const FOR_ALL_COMPANIES: &[(&str, &str)] = &[
    ("eventstore/src/sql/list_companies.sql", "the directory is read whole, to find the companies"),
    ("eventstore/src/sql/next_messages.sql", "a plain read that finds the companies with work to do"),
    ("eventstore/src/sql/next_timers.sql", "a plain read that finds the companies with work to do"),
    ("projections/src/contact_list/sql/sqlite/merge_search.sql", "takes no row: the index by text merges its parts"),
];

const COPIED_BY_ITS_OWN_TOOLS: &str = "PostgreSQL is backed up by its own tools";

/// Statements only one database has, each with its reason. Others lie in both folders under one name.
const FOR_ONE_DATABASE: &[(&str, &str)] = &[
    ("eventstore/src/sql/postgres/lock_migrations.sql", "on SQLite the transaction itself is the lock"),
    ("eventstore/src/sql/postgres/may_create.sql", "on SQLite whoever may write may make tables"),
    ("eventstore/src/sql/postgres/lock_directory.sql", "on SQLite the transaction itself is the lock"),
    ("projections/src/contact_list/sql/sqlite/merge_search.sql", "PostgreSQL does it with VACUUM"),
    ("eventstore/src/sql/postgres/missing_relations.sql", "on SQLite making what exists locks nothing more"),
    ("eventstore/src/sql/sqlite/copy_checkpoints.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_company.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_event_kinds.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_events.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/list_objects.sql", "a backup is a SQLite file; a server's tables are its own matter"),
    ("eventstore/src/sql/sqlite/copy_head.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_outbox.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_receipts.sql", COPIED_BY_ITS_OWN_TOOLS),
    ("eventstore/src/sql/sqlite/copy_timers.sql", COPIED_BY_ITS_OWN_TOOLS),
];

#[tokio::test]
async fn every_statement_is_understood_by_its_databases() {
    let mut refused = Vec::new();
    for database in databases::both().await {
        let other = match database.db.engine() {
            Engine::Sqlite => "/postgres/",
            Engine::Postgres => "/sqlite/",
        };
        for File { path, text } in statements().into_iter().filter(|file| !file.path.contains(other)) {
            if let Err(error) = prepare(&database.db, text).await {
                refused.push(format!("{path} on {:?}: {error}", database.db.engine()));
            }
        }
    }
    assert!(refused.is_empty(), "{refused:#?}");
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let mut seen: Option<BTreeMap<String, BTreeSet<String>>> = None;
    for database in databases::both().await {
        let tables = tables(&database.db).await;
        assert!(tables.contains_key("events"), "tables are not read rightly: {tables:?}");
        match &seen {
            Some(others) => assert_eq!(&tables, others),
            None => seen = Some(tables),
        }
    }
}

#[tokio::test]
async fn every_statement_names_the_company() {
    let mut company_tables = BTreeSet::new();
    for database in databases::both().await {
        let tables = tables(&database.db).await;
        company_tables.extend(tables.into_iter().filter(|(_, columns)| columns.contains("company_id")).map(|(table, _)| table));
    }
    for File { path, text } in statements() {
        let excused = FOR_ALL_COMPANIES.iter().any(|(excused, _)| *excused == path);
        assert_eq!(crosses_companies(&text, &company_tables), excused, "{path} takes rows without saying of which company, or is excused without need");
    }
}

#[test]
fn a_statement_without_its_company_is_found() {
    let tables = BTreeSet::from(["events".to_owned(), "heads".to_owned()]);
    for fine in [
        "SELECT body FROM events WHERE company_id = $1",
        "INSERT INTO public.events (company_id, body) VALUES ($1, $2)",
        "SELECT 1 FROM heads h JOIN events e ON e.company_id = h.company_id WHERE h.company_id = $1",
        "SELECT 1 FROM migrations",
    ] {
        assert!(!crosses_companies(fine, &tables), "{fine}");
    }
    for crossing in [
        "SELECT company_id FROM events",
        "INSERT INTO events (body, company_id) VALUES ($1, $2)",
        "DELETE FROM directory.heads -- company_id = $1",
        "SELECT 1 FROM events WHERE company_id = $1 AND position = (SELECT max(position) FROM heads)",
    ] {
        assert!(crosses_companies(crossing, &tables), "{crossing}");
    }
}

/// The first line names the file, as errors do, and what each marker means.
#[test]
fn every_statement_begins_with_its_name_and_its_binds() {
    for File { path, text } in statements() {
        let header: Vec<&str> = text.lines().take_while(|line| line.starts_with("--")).collect();
        let header = header.join("\n");
        let named = header.strip_prefix("-- ").and_then(|rest| rest.split_whitespace().next());
        assert_eq!(named, Some(path.as_str()), "the first line must name the file");
        let used = markers(&text[header.len()..]);
        assert_eq!(used, (1..=used.len()).collect(), "{path}: markers are numbered from 1 without gaps");
        let explained = markers(&header);
        let in_order = header.contains("then the columns in the order they are named");
        assert!(in_order || explained == used, "{path} uses {used:?} and explains {explained:?}");
    }
}

#[test]
fn statements_that_differ_lie_in_both_folders() {
    for File { path, .. } in statements() {
        let excused = FOR_ONE_DATABASE.iter().any(|(excused, _)| *excused == path);
        let twin = if path.contains("/sqlite/") { path.replace("/sqlite/", "/postgres/") } else { path.replace("/postgres/", "/sqlite/") };
        let alone = !super::files::root().join(&twin).exists();
        assert_eq!(alone, excused, "{path} has no {twin}, or is excused without need");
    }
}

#[test]
fn every_statement_is_used() {
    let sources: String = ["eventstore", "projections", "api"].iter().flat_map(|name| files(&format!("{name}/src"), ".rs")).map(|file| file.text).collect();
    for File { path, .. } in statements() {
        let name = path.rsplit('/').next().unwrap_or_default();
        assert!(sources.contains(&format!("/{name}\"")), "{path} is used nowhere");
    }
}

pub(super) fn statements() -> Vec<File> {
    let found: Vec<File> = ["eventstore", "projections", "api"].iter().flat_map(|name| files(&format!("{name}/src"), ".sql")).collect();
    assert!(!found.is_empty(), "there is SQL to check");
    found
}

/// Lets the database read a statement without running it.
async fn prepare(db: &Db, text: String) -> Result<(), sqlx::Error> {
    let mut tx = db.begin().await.expect("a transaction begins");
    // A copy reads the database attached beside it, which has the same tables.
    let text = AssertSqlSafe(text.replace("FROM source.", "FROM ")).into_sql_str();
    match tx.conn() {
        Conn::Sqlite(conn) => conn.prepare(text).await.map(drop),
        Conn::Postgres(conn) => conn.prepare(text).await.map(drop),
    }
}

/// Every table with its columns.
pub(super) async fn tables(db: &Db) -> BTreeMap<String, BTreeSet<String>> {
    let mut reader = db.read().await.expect("a read begins");
    let rows: Vec<(String, String)> = match reader.conn() {
        Conn::Sqlite(conn) => pairs(
            // A shadow is what an index by text keeps of its own.
            conn.fetch_all(
                "SELECT t.name, c.name FROM pragma_table_list t, pragma_table_info(t.name) c
                WHERE t.schema = 'main' AND t.name NOT LIKE 'sqlite%' AND t.type <> 'shadow'",
            )
            .await,
        ),
        Conn::Postgres(conn) => pairs(
            conn.fetch_all("SELECT table_name::text, column_name::text FROM information_schema.columns WHERE table_schema IN ('public', 'directory')").await,
        ),
    };
    let mut tables: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (table, column) in rows {
        tables.entry(table).or_default().insert(column);
    }
    tables
}

fn pairs<R: Row>(rows: Result<Vec<R>, sqlx::Error>) -> Vec<(String, String)>
where
    usize: sqlx::ColumnIndex<R>,
    for<'r> String: sqlx::Decode<'r, R::Database> + sqlx::Type<R::Database>,
{
    rows.expect("tables are listed").iter().map(|row| (row.get(0), row.get(1))).collect()
}

/// Counted, not parsed: each place where a statement takes rows of a company's table needs a place that says whose.
/// An INSERT says it by its first column.
fn crosses_companies(text: &str, company_tables: &BTreeSet<String>) -> bool {
    let words = words(text);
    let last = |word: &str| word.rsplit('.').next().unwrap_or_default().to_owned();
    let (mut taken, mut said) = (0, 0);
    for (at, pair) in words.windows(2).enumerate() {
        if ["from", "join", "into", "update"].contains(&pair[0].as_str()) && company_tables.contains(&last(&pair[1])) {
            taken += 1;
        }
        let before = |steps: usize| at.checked_sub(steps).map(|at| words[at].as_str());
        let compared = pair[1] == "=" || pair[1] == "in" || before(1) == Some("using");
        let inserted = before(2) == Some("into");
        if last(&pair[0]) == "company_id" && (compared || inserted) {
            said += 1;
        }
    }
    taken > said
}

/// The numbers of the `$n` in a text.
fn markers(text: &str) -> BTreeSet<usize> {
    text.split('$').skip(1).filter_map(|rest| rest.split(|c: char| !c.is_ascii_digit()).next()?.parse().ok()).collect()
}

/// The words and signs of a statement without its comments, in small letters; opening brackets are left out.
pub(super) fn words(text: &str) -> Vec<String> {
    let code: String = text.lines().map(|line| line.split("--").next().unwrap_or_default().to_lowercase() + "\n").collect();
    let spaced = ["=", ")", ","].iter().fold(code, |code, sign| code.replace(sign, &format!(" {sign} ")));
    spaced.replace('(', " ").split_whitespace().map(str::to_owned).collect()
}
