//! The tables of a read model as plain columns: what digests, comparisons and clearing need to know of them.

use std::collections::BTreeMap;

use domain::Instant;
use domain::blueprint::State;
use eventstore::{CompanyId, Conn, Row, StoreError, Text, sql};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A table of a read model. Its rows carry `company_id` and `generation` before the columns named here.
#[derive(Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// All rows of a company and generation (`$1`, `$2`) in the order of the key, with exactly these columns.
    pub rows: &'static str,
    /// The columns, those of the key first.
    pub columns: &'static [(&'static str, Kind)],
    /// How many of them are the key.
    pub key: usize,
    /// Deletes the first `$3` rows of a company and generation by the first column of the key, and those that share the last one's.
    pub clear: Text,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A whole number, also an instant or an amount.
    Int,
    /// Text.
    Text,
    /// An id.
    Id,
}

impl Table {
    /// A row in one form for both databases: a JSON list of its values.
    pub(crate) fn canonical(&self, row: &Row) -> Result<Vec<serde_json::Value>, StoreError> {
        self.columns
            .iter()
            .enumerate()
            .map(|(at, (_, kind))| {
                Ok(match kind {
                    Kind::Int => row.get::<Option<i64>>(at)?.into(),
                    Kind::Text => row.get::<Option<String>>(at)?.into(),
                    Kind::Id => row.get::<Option<uuid::Uuid>>(at)?.map(|id| id.to_string()).into(),
                })
            })
            .collect()
    }

    /// Deletes some rows of a generation and says how many.
    pub(crate) async fn clear_some(&self, conn: &mut Conn<'_>, company: CompanyId, generation: i64, limit: i64) -> Result<u64, StoreError> {
        sql(self.clear.of(conn.engine())).bind(company).bind(generation).bind(limit).run(conn).await
    }
}

/// Reads a stored name of a domain enum.
pub(crate) fn named<T: DeserializeOwned>(name: String) -> Result<T, StoreError> {
    T::deserialize(serde::de::value::StringDeserializer::<serde::de::value::Error>::new(name))
        .map_err(|error| StoreError::malformed("a read model's row", error.to_string()))
}

/// Reads how many rows are in each state, from a state and a number.
pub(crate) fn counted<S: State + DeserializeOwned>(rows: &[Row]) -> Result<BTreeMap<&'static str, i64>, StoreError> {
    rows.iter().map(|row| Ok((named::<S>(row.get(0)?)?.name(), row.get(1)?))).collect()
}

/// Reads what was stored as JSON.
pub(crate) fn json<T: DeserializeOwned>(text: &str) -> Result<T, StoreError> {
    serde_json::from_str(text).map_err(|error| StoreError::malformed("a read model's row", error.to_string()))
}

/// Writes as JSON.
pub(crate) fn to_json<T: Serialize>(value: &T) -> Result<String, StoreError> {
    serde_json::to_string(value).map_err(|error| StoreError::malformed("a read model's row", error.to_string()))
}

/// Reads an instant.
pub(crate) fn instant(row: &Row, column: usize) -> Result<Instant, StoreError> {
    row.get(column).map(Instant::new)
}
