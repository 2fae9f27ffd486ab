//! The rows of a read model as one hash, and whether they equal a rebuild.

use std::cmp::Ordering;

use eventstore::{CompanyId, Conn, Hash, Mark, Reader, Store, StoreError, sql};
use futures::{Stream, StreamExt, TryStreamExt};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::checkpoint::same;
use crate::error::ProjectionError;
use crate::projection::{AnyProjection, find};
use crate::reading::in_use;
use crate::rebuild::{Build, Progress, give_up};
use crate::runner::{Pace, catch_up, checkpoint_of};
use crate::table::Table;

/// How often the rows are tried to be compared at one position while the log grows.
const TRIES: usize = 50;

/// The first row in which a read model differs from its rebuild.
#[derive(Clone, Debug, PartialEq)]
pub struct Difference {
    /// The table.
    pub table: &'static str,
    /// The key of the row, column by column.
    pub key: String,
    /// The row as it is stored; `None` when there is none.
    pub stored: Option<String>,
    /// The row as a rebuild makes it; `None` when it makes none.
    pub rebuilt: Option<String>,
    /// The place in the log that both reflect.
    pub position: i64,
}

impl std::fmt::Display for Difference {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Difference { table, key, position, .. } = self;
        let (stored, rebuilt) = (self.stored.as_deref().unwrap_or("missing"), self.rebuilt.as_deref().unwrap_or("missing"));
        write!(f, "{table}, {key}, at position {position}: stored {stored}, rebuilt {rebuilt}")
    }
}

/// SHA-256 over all rows in use of a read model, in the order of their keys: the same on every database.
pub async fn digest(store: &Store, company: CompanyId, name: &str) -> Result<String, ProjectionError> {
    let projection = find(name)?;
    let mut reader = store.db.read().await?;
    let generation = in_use(&mut reader, company, projection.name()).await?.found;
    Ok(digest_of(&mut reader, company, projection, generation).await?)
}

async fn digest_of(reader: &mut Reader, company: CompanyId, projection: &dyn AnyProjection, generation: i64) -> Result<String, StoreError> {
    let mut sum = Sha256::new();
    let mut conn = reader.conn();
    for table in projection.tables() {
        sum.update(table.name.as_bytes());
        sum.update(b"\n");
        let mut rows = rows(&mut conn, table, company, generation);
        while let Some(row) = rows.try_next().await? {
            sum.update(Value::from(row).to_string().as_bytes());
            sum.update(b"\n");
        }
    }
    Ok(Hash(sum.finalize().into()).to_string())
}

/// Rebuilds a read model into a spare generation and compares it, row by row, with the rows in use, which stay in use.
pub async fn check(store: &Store, company: CompanyId, name: &str, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Option<Difference>, ProjectionError> {
    check_at(store, company, name, Pace::REBUILD, progress).await
}

/// Like [`check`], in steps of another size.
pub async fn check_at(
    store: &Store,
    company: CompanyId,
    name: &str,
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Option<Difference>, ProjectionError> {
    let projection = find(name)?;
    let checkpoint = checkpoint_of(store, company, projection).await?;
    if !checkpoint.is_of(projection) {
        return Err(ProjectionError::OtherRevision(projection.name()));
    }
    if checkpoint.is_behind() || checkpoint.fault.is_some() {
        catch_up(store, company, name).await?;
    }
    let mut builds = Build::begin(store, company, &[projection], pace).await?;
    let Some(build) = builds.first_mut() else { return Ok(None) };
    let generation = build.generation();
    build.run(store, progress).await?;
    let found = compare_at_head(store, company, projection, build).await;
    give_up(store, company, projection, generation).await?;
    found
}

/// Brings the spare generation to the head and compares, before the next command moves the rows in use on.
async fn compare_at_head(
    store: &Store,
    company: CompanyId,
    projection: &'static dyn AnyProjection,
    build: &mut Build,
) -> Result<Option<Difference>, ProjectionError> {
    for _ in 0..TRIES {
        let (tx, _) = build.reach_head(store).await?;
        tx.commit().await?;
        let mut stored = store.db.read().await?;
        let reading = in_use(&mut stored, company, projection.name()).await?;
        if same(&reading.at, &build.at) {
            let mut rebuilt = store.db.read().await?;
            let generations = (reading.found, build.generation());
            return Ok(first_difference(&mut stored, &mut rebuilt, projection, &build.at, generations).await?);
        }
        if !reading.is_behind() {
            continue;
        }
        drop(stored);
        catch_up(store, company, projection.name()).await?;
    }
    Err(ProjectionError::KeptGrowing(projection.name()))
}

/// Walks two generations side by side.
async fn first_difference(
    stored: &mut Reader,
    rebuilt: &mut Reader,
    projection: &dyn AnyProjection,
    at: &Mark,
    (in_use, spare): (i64, i64),
) -> Result<Option<Difference>, StoreError> {
    let company = at.position.company;
    let (mut stored, mut rebuilt) = (stored.conn(), rebuilt.conn());
    for table in projection.tables() {
        let mut left = rows(&mut stored, table, company, in_use);
        let mut right = rows(&mut rebuilt, table, company, spare);
        loop {
            let (one, other) = (left.try_next().await?, right.try_next().await?);
            if one == other {
                match one {
                    Some(_) => continue,
                    None => break,
                }
            }
            return Ok(Some(difference(table, one, other, at.position.number)));
        }
    }
    Ok(None)
}

/// Names what differs: of two rows with different keys, the one that comes first has no partner.
fn difference(table: &Table, stored: Option<Vec<Value>>, rebuilt: Option<Vec<Value>>, position: i64) -> Difference {
    let order = match (&stored, &rebuilt) {
        (Some(stored), Some(rebuilt)) => compare_keys(&stored[..table.key], &rebuilt[..table.key]),
        (Some(_), None) => Ordering::Less,
        (None, _) => Ordering::Greater,
    };
    let (stored, rebuilt) = match order {
        Ordering::Less => (stored, None),
        Ordering::Equal => (stored, rebuilt),
        Ordering::Greater => (None, rebuilt),
    };
    let named = |row: &[Value], columns: std::ops::Range<usize>| -> String {
        let pairs = columns.filter_map(|at| Some([table.columns.get(at)?.0, " ", &row.get(at)?.to_string()].concat()));
        pairs.collect::<Vec<_>>().join(", ")
    };
    let differs = |at: &usize| stored.as_ref().map(|row| &row[*at]) != rebuilt.as_ref().map(|row| &row[*at]);
    let column = (table.key..table.columns.len()).find(differs).unwrap_or(table.key);
    let show = |row: &Option<Vec<Value>>| row.as_ref().map(|row| named(row, column..column + 1));
    let key = stored.as_ref().or(rebuilt.as_ref()).map_or_else(String::new, |row| named(row, 0..table.key));
    Difference { table: table.name, key, stored: show(&stored), rebuilt: show(&rebuilt), position }
}

/// Keys in the order of the database: numbers as numbers, ids by their bytes, which is the order of their text.
fn compare_keys(one: &[Value], other: &[Value]) -> Ordering {
    one.iter()
        .zip(other)
        .map(|(one, other)| one.as_i64().cmp(&other.as_i64()).then_with(|| one.as_str().cmp(&other.as_str())))
        .find(|order| order.is_ne())
        .unwrap_or(Ordering::Equal)
}

/// All rows of a table, in the order of the key.
fn rows<'c>(
    conn: &'c mut Conn<'_>,
    table: &'static Table,
    company: CompanyId,
    generation: i64,
) -> impl Stream<Item = Result<Vec<Value>, StoreError>> + Unpin + 'c {
    sql(table.rows).bind(company).bind(generation).stream(conn).map(|row| table.canonical(&row?))
}
