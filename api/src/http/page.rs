//! Pages: an opaque cursor to read on, and whether there is more.

use super::problem::Problem;
use serde::Serialize;
use serde::de::DeserializeOwned;

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
