//! Many rows or many keys in few statements, from texts that are valid for one.
//!
//! Row counts are cut into 1, 2, 3, 4, 6, 8, 12 … 128, so that a connection prepares few statements, a batch takes few of them,
//! and no database's limit on parameters (32,766 and 65,535) is met. PostgreSQL takes keys as one array; for SQLite, which has
//! none, their counts are filled up to 1, 2, 4 … 128.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use crate::db::{Conn, Engine};
use crate::error::StoreError;
use crate::statement::{Bound, Row, Statement, Value, file_name};
use crate::writes::Writes;

/// The most rows, or keys that are not an array, in one statement.
const LARGEST: usize = 128;

/// Inserts rows with a one-row statement: `INSERT INTO t (a, b) VALUES ($1, $2) [ON CONFLICT …]`.
///
/// The markers of the `VALUES` group are `$1`, `$2` … in order, and there are none outside it. Returns how many
/// rows were touched.
pub async fn insert_rows(conn: &mut Conn<'_>, text: &'static str, rows: &[Vec<Value>]) -> Result<u64, StoreError> {
    insert_values(conn, text, rows.iter().flatten().cloned().collect()).await
}

/// Like [`insert_rows`], with the values of all rows behind one another; nothing is copied.
pub async fn insert_values(conn: &mut Conn<'_>, text: &'static str, values: Vec<Value>) -> Result<u64, StoreError> {
    Writes::default().insert(text, values).run(conn).await
}

/// Runs a query whose last marker stands alone in an `IN ($n)`, for any number of keys.
///
/// `fixed` binds the markers before it. Order between the answers of two chunks of keys is not kept.
pub async fn select_in(conn: &mut Conn<'_>, text: &'static str, fixed: &[Value], keys: &[Value]) -> Result<Vec<Row>, StoreError> {
    let mut rows = Vec::new();
    for statement in of_keys(conn.engine(), text, fixed, keys)? {
        rows.append(&mut statement.all(conn).await?);
    }
    Ok(rows)
}

/// Like [`select_in`] for a statement without an answer; returns how many rows were touched.
pub async fn run_in(conn: &mut Conn<'_>, text: &'static str, fixed: &[Value], keys: &[Value]) -> Result<u64, StoreError> {
    Writes::default().run_in(text, fixed, keys.to_vec()).run(conn).await
}

/// The statements that insert these rows.
pub(crate) fn of_rows(engine: Engine, text: &'static str, values: Vec<Value>) -> Result<Vec<Statement>, StoreError> {
    let width = width(text)?;
    if !values.len().is_multiple_of(width) {
        return Err(StoreError::malformed(file_name(text), "values do not fill whole rows"));
    }
    let mut left = values.len() / width;
    let mut statements = Vec::new();
    let mut values = values.into_iter();
    while left > 0 {
        let rows = largest_bucket(left);
        left -= rows;
        let expanded = cached(text, engine, rows, || repeated(text, engine, rows))?;
        let bound = values.by_ref().take(rows * width).map(Bound::One).collect();
        statements.push(Statement::expanded(file_name(text), expanded, bound));
    }
    Ok(statements)
}

/// The statements for all keys: with one array, or for each chunk of them, padded to a bucket by repeating the last key.
pub(crate) fn of_keys(engine: Engine, text: &'static str, fixed: &[Value], keys: &[Value]) -> Result<Vec<Statement>, StoreError> {
    let fixed_values = || fixed.iter().cloned().map(Bound::One);
    if engine == Engine::Postgres && !keys.is_empty() {
        let expanded = cached(text, engine, 0, || with_keys(text, fixed.len(), |marker| ["= ANY(", marker, ")"].concat()))?;
        let values = fixed_values().chain([Bound::Many(keys.to_vec())]).collect();
        return Ok(vec![Statement::expanded(file_name(text), expanded, values)]);
    }
    keys.chunks(LARGEST)
        .map(|chunk| {
            let bucket = chunk.len().next_power_of_two();
            let markers = || (1..=bucket).map(|key| marker_name(fixed.len() + key)).collect::<Vec<_>>().join(", ");
            let expanded = cached(text, engine, bucket, || with_keys(text, fixed.len(), |_| ["IN (", &markers(), ")"].concat()))?;
            let padding = chunk.iter().rev().take(1).cycle();
            let values = fixed_values().chain(chunk.iter().chain(padding).take(bucket).cloned().map(Bound::One));
            Ok(Statement::expanded(file_name(text), expanded, values.collect()))
        })
        .collect()
}

/// The largest size that is not more than what is left.
fn largest_bucket(left: usize) -> usize {
    if left >= LARGEST {
        return LARGEST;
    }
    let power = 1 << left.ilog2();
    if left >= power + power / 2 { power + power / 2 } else { power }
}

/// How many values one row of the `VALUES` group has.
fn width(text: &'static str) -> Result<usize, StoreError> {
    let (_, group, _) = split_values(text)?;
    for (at, marker) in group.split(',').enumerate() {
        if marker.trim() != marker_name(at + 1) {
            return Err(StoreError::malformed(file_name(text), "the VALUES group must be ($1, $2, …) in order"));
        }
    }
    Ok(group.split(',').count())
}

fn marker_name(number: usize) -> String {
    let mut name = String::from("$");
    name.push_str(&number.to_string());
    name
}

/// The text with its `VALUES` group repeated.
///
/// SQLite finds a named parameter by walking a list of names, which makes thousands of `$n` slow, so there they
/// become `?`, which take their values in the same order.
fn repeated(text: &'static str, engine: Engine, rows: usize) -> Result<String, StoreError> {
    let (before, group, after) = split_values(text)?;
    let width = group.split(',').count();
    let marker = |number| match engine {
        Engine::Sqlite => "?".to_owned(),
        Engine::Postgres => marker_name(number),
    };
    let row = |at: usize| ["(", &(1..=width).map(|column| marker(at * width + column)).collect::<Vec<_>>().join(", "), ")"].concat();
    Ok([before, &(0..rows).map(row).collect::<Vec<_>>().join(", "), after].concat())
}

/// The text with something else in the place of the last marker's `IN ($n)`.
fn with_keys(text: &'static str, fixed: usize, keys: impl FnOnce(&str) -> String) -> Result<String, StoreError> {
    let marker = marker_name(fixed + 1);
    let group = ["IN (", &marker, ")"].concat();
    let Some((before, after)) = skip_comments(text).split_once(group.as_str()) else {
        return Err(StoreError::malformed(file_name(text), format!("no {group} after {fixed} fixed binds")));
    };
    Ok([before, &keys(&marker), after].concat())
}

/// Texts put together once. The key is the text's address: it is static, and so is the set of texts.
type Expanded = HashMap<(usize, Engine, usize), Arc<str>>;

static EXPANDED: LazyLock<RwLock<Expanded>> = LazyLock::new(RwLock::default);

fn cached(text: &'static str, engine: Engine, size: usize, make: impl FnOnce() -> Result<String, StoreError>) -> Result<Arc<str>, StoreError> {
    let key = (text.as_ptr() as usize, engine, size);
    if let Some(known) = EXPANDED.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&key) {
        return Ok(Arc::clone(known));
    }
    let made: Arc<str> = make()?.into();
    EXPANDED.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(key, Arc::clone(&made));
    Ok(made)
}

/// The text before, inside and after the parentheses that follow `VALUES`.
fn split_values(text: &'static str) -> Result<(&'static str, &'static str, &'static str), StoreError> {
    let body = skip_comments(text);
    body.find("VALUES")
        .and_then(|values| Some((values, values + body[values..].find('(')?)))
        .and_then(|(values, open)| Some((values, open, open + body[open..].find(')')?)))
        .filter(|(values, open, _)| body[values + "VALUES".len()..*open].trim().is_empty())
        .map(|(_, open, close)| (&body[..open], &body[open + 1..close], &body[close + 1..]))
        .ok_or_else(|| StoreError::malformed(file_name(text), "no VALUES (…) group"))
}

/// Comments may say anything, also VALUES.
pub(crate) fn skip_comments(text: &str) -> &str {
    let mut body = text;
    while body.starts_with("--") {
        body = body.split_once('\n').map_or("", |(_, rest)| rest);
    }
    body
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

    use super::*;

    const INSERT: &str = "-- f.sql    VALUES (here) are no group\nINSERT INTO t (a, b)\nVALUES ($1, $2)\nON CONFLICT DO NOTHING\n";
    const SELECT: &str = "-- g.sql    $1 company\nSELECT a FROM t WHERE c = $1 AND a IN ($2)\nORDER BY a\n";

    #[test]
    fn rows_are_repeated_in_the_dialect() {
        assert_eq!(repeated(INSERT, Engine::Postgres, 2).unwrap(), "INSERT INTO t (a, b)\nVALUES ($1, $2), ($3, $4)\nON CONFLICT DO NOTHING\n");
        assert_eq!(repeated(INSERT, Engine::Sqlite, 2).unwrap(), "INSERT INTO t (a, b)\nVALUES (?, ?), (?, ?)\nON CONFLICT DO NOTHING\n");
    }

    #[test]
    fn keys_are_continued_from_the_last_marker() {
        let text = |engine| of_keys(engine, SELECT, &[1.into()], &[2.into(), 3.into(), 4.into()]).unwrap().remove(0).text().to_owned();
        assert_eq!(text(Engine::Sqlite), "SELECT a FROM t WHERE c = $1 AND a IN ($2, $3, $4, $5)\nORDER BY a\n");
        assert_eq!(text(Engine::Postgres), "SELECT a FROM t WHERE c = $1 AND a = ANY($2)\nORDER BY a\n");
        assert!(of_keys(Engine::Sqlite, SELECT, &[1.into(), 2.into()], &[3.into()]).is_err());
    }

    #[test]
    fn counts_fall_into_few_buckets() {
        let mut left = 300;
        let mut buckets = Vec::new();
        while left > 0 {
            buckets.push(largest_bucket(left));
            left -= largest_bucket(left);
        }
        assert_eq!(buckets, [128, 128, 32, 12]);
        let sizes: std::collections::BTreeSet<usize> = (1..=1000).map(largest_bucket).collect();
        assert_eq!(sizes.len(), 14);
    }

    #[test]
    fn markers_out_of_order_are_refused() {
        assert!(width("INSERT INTO t (a, b) VALUES ($2, $1)").is_err());
        assert!(width("INSERT INTO t SELECT 1").is_err());
    }
}
