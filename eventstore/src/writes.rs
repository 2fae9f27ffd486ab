//! Statements without answers that go to the database together.
//!
//! With SQLite each statement is two changes of thread, which cost more than a statement of few rows, so those are sent as one text.
//! PostgreSQL takes one statement at a time: several in one would be a changing CTE, which not every server runs (SQL-RULES 10).

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, RwLock};

use crate::bulk::{of_keys, of_rows, skip_comments};
use crate::db::{Conn, Engine};
use crate::error::StoreError;
use crate::statement::{Statement, Text, Value};

/// With more markers than this statements are sent one by one: they are worth the way, and too seldom the same to be kept ready.
const MOST_MARKERS: usize = 256;

/// Statements that write, in order.
#[derive(Debug, Default)]
#[must_use = "nothing is written before it is run"]
pub struct Writes(Vec<Write>);

#[derive(Debug)]
enum Write {
    Rows(&'static str, Vec<Value>),
    In(Text, Vec<Value>, Vec<Value>),
    One(Statement),
}

impl Writes {
    /// Inserts rows, as [`crate::insert_values`] does; nothing, when there are none.
    pub fn insert(mut self, text: &'static str, values: Vec<Value>) -> Self {
        self.0.push(Write::Rows(text, values));
        self
    }

    /// Runs a statement for any number of keys, as [`crate::run_in`] does; nothing, when there are none.
    pub fn run_in(mut self, text: impl Into<Text>, fixed: &[Value], keys: Vec<Value>) -> Self {
        self.0.push(Write::In(text.into(), fixed.to_vec(), keys));
        self
    }

    /// Runs a statement.
    pub fn run_one(mut self, statement: Statement) -> Self {
        self.0.push(Write::One(statement));
        self
    }

    /// Runs them all. Returns how many rows the last thing that was asked for touched; no other count is to be had.
    pub async fn run(self, conn: &mut Conn<'_>) -> Result<u64, StoreError> {
        let engine = conn.engine();
        let mut statements = Vec::with_capacity(self.0.len());
        let mut last = 0;
        for write in self.0 {
            let mut more = match write {
                Write::Rows(text, values) => of_rows(engine, text, values)?,
                Write::In(text, fixed, keys) => of_keys(engine, text.of(engine), &fixed, &keys)?,
                Write::One(statement) => vec![statement],
            };
            last = more.len();
            statements.append(&mut more);
        }
        let alone = statements.len() - last;
        let markers: usize = statements.iter().map(|statement| statement.values().len()).sum();
        if engine == Engine::Sqlite && statements.len() > 1 && last <= 1 && markers <= MOST_MARKERS {
            let touched = together(statements)?.run(conn).await?;
            return Ok(if last > 0 { touched } else { 0 });
        }
        let mut touched = 0;
        for (at, statement) in statements.into_iter().enumerate() {
            let rows = statement.run(conn).await?;
            touched += if at >= alone { rows } else { 0 };
        }
        Ok(touched)
    }
}

/// One text of several.
fn together(statements: Vec<Statement>) -> Result<Statement, StoreError> {
    let key: Vec<usize> = statements.iter().map(|statement| statement.text().as_ptr() as usize).collect();
    let known = JOINED.read().unwrap_or_else(|poisoned| poisoned.into_inner()).get(&key).cloned();
    let joined = known.unwrap_or_else(|| {
        let made = Arc::new(join(&statements));
        JOINED.write().unwrap_or_else(|poisoned| poisoned.into_inner()).insert(key, Arc::clone(&made));
        made
    });
    let doing = statements.last().map_or("nothing", Statement::doing);
    let mut values = Vec::with_capacity(joined.order.iter().map(Vec::len).sum());
    for (statement, order) in statements.into_iter().zip(&joined.order) {
        let taken = statement.into_values();
        for at in order {
            let value = taken.get(*at).ok_or_else(|| StoreError::malformed(doing, "a marker without a value"))?;
            values.push(value.clone());
        }
    }
    Ok(Statement::expanded(doing, Arc::clone(&joined.text), values))
}

/// Several texts as one, whose markers are all `?`.
struct Joined {
    text: Arc<str>,
    /// For each text, which of its values its markers take, one after the other.
    order: Vec<Vec<usize>>,
}

/// Texts joined once. The key is the texts' addresses: they are static, or kept for good once they were put together.
static JOINED: LazyLock<RwLock<HashMap<Vec<usize>, Arc<Joined>>>> = LazyLock::new(RwLock::default);

fn join(statements: &[Statement]) -> Joined {
    let (texts, order): (Vec<String>, Vec<Vec<usize>>) = statements.iter().map(|statement| unnumbered(skip_comments(statement.text()))).unzip();
    Joined { text: texts.join(";\n").into(), order }
}

/// A text with `?` for markers, and which value each of them takes.
fn unnumbered(text: &str) -> (String, Vec<usize>) {
    let mut parts = text.split('$');
    let first = parts.next().unwrap_or_default();
    let mut order: Vec<usize> = (0..first.matches('?').count()).collect();
    let mut bare = first.to_owned();
    for part in parts {
        let rest = part.trim_start_matches(|c: char| c.is_ascii_digit());
        let number: usize = part[..part.len() - rest.len()].parse().unwrap_or(0);
        order.push(number.saturating_sub(1));
        bare.extend(["?", rest]);
    }
    (bare, order)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a test may fail by panic")]

    use super::*;
    use crate::statement::{Bound, sql};

    #[test]
    fn statements_become_one_whose_markers_take_their_values_in_turn() {
        let first = sql("-- a.sql    $1 company\nDELETE FROM a WHERE c = $2 AND b = $1 AND d = $2").bind(1).bind(2);
        let second = sql("INSERT INTO b (c, d) VALUES (?, ?)").bind(3).bind(4);
        let third = sql("-- c.sql    $1 company\nDELETE FROM c WHERE c = $1").bind(5);
        let one = together(vec![first, second, third]).unwrap();
        assert_eq!(one.text(), "DELETE FROM a WHERE c = ? AND b = ? AND d = ?;\nINSERT INTO b (c, d) VALUES (?, ?);\nDELETE FROM c WHERE c = ?");
        assert_eq!((one.doing(), one.values()), ("c.sql", [2, 1, 2, 3, 4, 5].map(|value: i64| Bound::One(value.into())).as_slice()));
    }
}
