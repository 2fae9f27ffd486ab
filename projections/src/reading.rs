//! Answers of read models: what was found, and the place in the log it reflects.

use std::collections::BTreeMap;

use eventstore::{CompanyId, Hash, Mark, Reader, StoreError, sql};

use crate::checkpoint::mark;

/// An answer and the place in the log that it reflects. Both are read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T> {
    /// What the rows reflect.
    pub at: Mark,
    /// Where the log ended at the same moment.
    pub head: i64,
    /// What was found.
    pub found: T,
}

/// A page of a list, and what stands around it. Both are read in one snapshot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed<T> {
    /// The rows.
    pub rows: Vec<T>,
    /// How many rows in each state pass the filters, the one for the state left aside; a state without rows is left out.
    pub states: BTreeMap<&'static str, i64>,
}

impl<T> Reading<T> {
    /// Whether the log holds events that this answer does not reflect yet.
    pub fn is_behind(&self) -> bool {
        self.at.position.number < self.head
    }

    /// The same place with something else found there.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Reading<U> {
        Reading { at: self.at, head: self.head, found: change(self.found) }
    }
}

/// The generation of a read model that is in use, and what it reflects. Read before the rows, in the same snapshot.
pub(crate) async fn in_use(reader: &mut Reader, company: CompanyId, name: &str) -> Result<Reading<i64>, StoreError> {
    let row = sql(include_str!("sql/read_current.sql")).bind(company).bind(name).one(&mut reader.conn()).await?;
    let row = row.ok_or(StoreError::UnknownCompany(company))?;
    let head = row.get(0)?;
    Ok(match (row.get::<Option<i64>>(1)?, row.get::<Option<i64>>(2)?, row.get::<Option<Hash>>(3)?) {
        (Some(generation), Some(position), Some(hash)) => Reading { at: mark(company, position, hash), head, found: generation },
        // The company is new, and nothing was read from its log yet.
        _ => Reading { at: mark(company, 0, Hash([0; 32])), head, found: 1 },
    })
}
