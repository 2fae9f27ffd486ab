//! Answers of read models: what was found, and the place in the log it reflects.

use std::collections::BTreeMap;

use domain::blueprint::State;
use eventstore::{CompanyId, Conn, Hash, Mark, Reader, Statement, StoreError, sql};
use serde::de::DeserializeOwned;

use crate::checkpoint::mark;
use crate::table::counted;

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
    /// How many rows there are, where that was asked for.
    pub counted: Option<Counted>,
}

/// How many rows pass the filters, counted up to a number.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counted {
    /// How many; that number, where there are more.
    pub total: i64,
    /// Whether there are more.
    pub is_capped: bool,
    /// How many in each state, the filter for the state left aside; a state without rows is left out. Nothing of a list without states, nor
    /// where more than that number were to be counted.
    pub states: Option<BTreeMap<&'static str, i64>>,
}

impl Counted {
    /// What is known after so many rows were found, and one more than the most was looked for.
    pub(crate) fn up_to(most: i64, found: i64) -> Counted {
        Counted { total: found.min(most), is_capped: found > most, states: None }
    }
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

/// Counts rows up to a number, where one is given. To the statement, which has its filters, a limit is bound.
pub(crate) async fn count(conn: &mut Conn<'_>, statement: Statement, up_to: Option<i64>) -> Result<Option<Counted>, StoreError> {
    let Some(most) = up_to else { return Ok(None) };
    let row = statement.bind(most.saturating_add(1)).one(conn).await?;
    Ok(Some(Counted::up_to(most, row.map_or(Ok(0), |row| row.get(0))?)))
}

/// Counts rows by state, up to a number, where one is given. To the statement, which has its filters, a state and a limit are bound.
pub(crate) async fn count_by_state<S: State + DeserializeOwned>(
    conn: &mut Conn<'_>,
    statement: impl Fn() -> Statement,
    state: Option<S>,
    up_to: Option<i64>,
) -> Result<Option<Counted>, StoreError> {
    let Some(most) = up_to else { return Ok(None) };
    let in_any = statement().bind(None::<&str>).bind(most.saturating_add(1)).all(conn).await?;
    let states = counted::<S>(&in_any)?;
    let found = states.values().sum();
    let Some(state) = state else {
        return Ok(Some(Counted { states: Some(states).filter(|_| found <= most), ..Counted::up_to(most, found) }));
    };
    if found <= most {
        let total = states.get(state.name()).copied().unwrap_or_default();
        return Ok(Some(Counted { total, is_capped: false, states: Some(states) }));
    }
    let in_one = statement().bind(state.name()).bind(most.saturating_add(1)).all(conn).await?;
    Ok(Some(Counted::up_to(most, counted::<S>(&in_one)?.values().sum())))
}
