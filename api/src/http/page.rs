//! Lists: a page of rows, and an opaque cursor to read on.

use super::problem::Problem;
use eventstore::{Hash, Mark};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    data: Vec<T>,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// Of contacts, meetings, quotes and sales: how many pass the filters in each state, the filter for the state left aside.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, i64>>)]
    states: Option<BTreeMap<&'static str, i64>>,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

impl<T> Page<T> {
    /// A page of at most so many of these rows, of which there is one more where the list goes on. `place` tells where a row stands in it.
    pub fn new<Row, Cursor: Serialize>(at: Mark, rows: Vec<Row>, limit: u32, place: impl Fn(&Row) -> Cursor, view: impl Fn(&Row) -> T) -> Page<T> {
        let (rows, has_more) = cut(rows, limit);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| write_cursor(&place(last)));
        Page { data: rows.iter().map(view).collect(), has_more, next_cursor, states: None, position: at.position.number, hash: at.hash }
    }

    /// The same, with the numbers of rows in each state.
    pub fn with_states(self, states: BTreeMap<&'static str, i64>) -> Page<T> {
        Page { states: Some(states), ..self }
    }
}

/// Writes a cursor: the sort values of a page's last row, in a form that nobody is tempted to build by hand.
pub fn write_cursor<T: Serialize>(last: &T) -> String {
    hex::encode(serde_json::to_vec(last).unwrap_or_default())
}

/// Reads a cursor that [`write_cursor`] wrote.
pub fn read_cursor<T: DeserializeOwned>(text: Option<&str>) -> Result<Option<T>, Problem> {
    let read = |text: &str| serde_json::from_slice(&hex::decode(text).ok()?).ok();
    match text {
        None => Ok(None),
        Some(text) => read(text).map(Some).ok_or_else(no_cursor),
    }
}

/// No page gave this cursor.
pub fn no_cursor() -> Problem {
    Problem::query("cursor", "this is not a cursor that an earlier page gave")
}

/// Cuts the one row too many that tells whether there are more.
pub fn cut<T>(mut rows: Vec<T>, limit: u32) -> (Vec<T>, bool) {
    let limit = limit as usize;
    let has_more = rows.len() > limit;
    rows.truncate(limit);
    (rows, has_more)
}
