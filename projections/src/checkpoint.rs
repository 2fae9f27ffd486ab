//! How far each read model of a company has come, and which generation of its rows is in use.

use eventstore::{CompanyId, Conn, Hash, Mark, Position, Row, Store, StoreError, Stream, Value, Writes, insert_rows, run_in, sql};
use uuid::Uuid;

use crate::error::{Fault, Stopped};
use crate::projection::{AnyProjection, PROJECTIONS};

/// The hash at position 0: an empty log may still take another one's identity, so none is noted.
const NOTHING: Hash = Hash([0; 32]);
/// The longest text of a fault that is kept, in characters.
const LONGEST_FAULT: usize = 2_000;

/// Where one read model of one company stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which read model.
    pub name: String,
    /// The revision of the code that made the rows in use.
    pub revision: i32,
    /// The generation of the rows in use.
    pub generation: i64,
    /// What those rows reflect.
    pub at: Mark,
    /// The rows being made beside them, when there are any.
    pub building: Option<Building>,
    /// Where it stopped, when it did.
    pub fault: Option<Fault>,
    /// Where the log ended when this was read.
    pub head: i64,
    pub(crate) last_generation: i64,
    pub(crate) swept_below: i64,
}

/// Rows being made beside those in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Building {
    /// Their generation.
    pub generation: i64,
    /// The revision of the code that makes them.
    pub revision: i32,
    /// What they reflect, once all histories are in.
    pub at: Mark,
    /// How far the histories up to there have been taken in; `None` when all are.
    pub unfinished: Option<Unfinished>,
}

impl Building {
    /// How many events have been taken in.
    pub fn events(&self) -> i64 {
        self.unfinished.as_ref().map_or(self.at.position.number, |unfinished| unfinished.events)
    }
}

/// Histories taken in so far, stream by stream.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Unfinished {
    /// Their events.
    pub events: i64,
    /// The last stream; `None` before the first.
    pub after: Option<Stream>,
}

impl Checkpoint {
    /// Whether the rows in use lack events of the log.
    pub fn is_behind(&self) -> bool {
        self.at.position.number < self.head
    }

    /// Whether the rows in use were made by the code of today.
    pub fn is_of(&self, projection: &dyn AnyProjection) -> bool {
        self.revision == projection.revision()
    }

    fn from_row(company: CompanyId, row: &Row) -> Result<Checkpoint, StoreError> {
        let stream = row.get::<Option<String>>(10)?.zip(row.get::<Option<Uuid>>(11)?);
        let after = stream.map(|(kind, id)| Stream { kind: kind.into(), id });
        let unfinished = row.get::<Option<i64>>(9)?.map(|events| Unfinished { events, after });
        let building = match (row.get::<Option<i64>>(5)?, row.get::<Option<i32>>(6)?, row.get::<Option<i64>>(7)?, row.get::<Option<Hash>>(8)?) {
            (Some(generation), Some(revision), Some(position), Some(hash)) => {
                Some(Building { generation, revision, at: mark(company, position, hash), unfinished })
            }
            _ => None,
        };
        let fault = match (row.get::<Option<i64>>(14)?, row.get::<Option<String>>(15)?) {
            (Some(position), text) => Some(Fault::new(position, text.unwrap_or_default())),
            _ => None,
        };
        Ok(Checkpoint {
            name: row.get(0)?,
            revision: row.get(1)?,
            generation: row.get(2)?,
            at: mark(company, row.get(3)?, row.get(4)?),
            building,
            last_generation: row.get(12)?,
            swept_below: row.get(13)?,
            fault,
            head: row.get(16)?,
        })
    }
}

/// Where every read model of a company stands, as of one moment.
pub async fn statuses(store: &Store, company: CompanyId) -> Result<Vec<Checkpoint>, StoreError> {
    read(&mut store.db.read().await?.conn(), company).await
}

/// Reads the checkpoints of a company.
pub(crate) async fn read(conn: &mut Conn<'_>, company: CompanyId) -> Result<Vec<Checkpoint>, StoreError> {
    let rows = sql(include_str!("sql/read_checkpoints.sql")).bind(company).all(conn).await?;
    rows.iter().map(|row| Checkpoint::from_row(company, row)).collect()
}

/// Makes the checkpoints that a company lacks: of a new company, or of a read model that this version brought.
pub(crate) async fn insert_missing(conn: &mut Conn<'_>, company: CompanyId) -> Result<(), StoreError> {
    let rows: Vec<_> = PROJECTIONS
        .iter()
        .map(|projection| {
            let (name, revision) = (projection.name(), projection.revision());
            vec![company.into(), name.into(), revision.into(), 1_i64.into(), 0_i64.into(), NOTHING.into(), 1_i64.into(), 1_i64.into()]
        })
        .collect();
    insert_rows(conn, include_str!("sql/insert_checkpoint.sql"), &rows).await.map(drop)
}

/// Writes rows, and moves the checkpoints of read models that stand together at one place; all of them, or it was overtaken.
pub(crate) async fn advance(conn: &mut Conn<'_>, writes: Writes, models: &[(&str, i64)], from: &Mark, to: &Mark) -> Result<(), Stopped> {
    let from = noted(from);
    let fixed = [from.position.company.into(), from.position.number.into(), from.hash.into(), to.position.number.into(), noted(to).hash.into()];
    let moved = writes.run_in(include_str!("sql/advance.sql"), &fixed, keys(models)).run(conn).await?;
    if moved == models.len() as u64 { Ok(()) } else { Err(Stopped::Overtaken) }
}

/// Notes why a read model stands still.
pub(crate) async fn note_fault(conn: &mut Conn<'_>, company: CompanyId, name: &str, fault: &Fault) -> Result<(), StoreError> {
    let text: String = fault.text.chars().filter(|c| *c != '\0').take(LONGEST_FAULT).collect();
    sql(include_str!("sql/note_fault.sql")).bind(company).bind(name).bind(fault.position).bind(text).run(conn).await.map(drop)
}

/// Begins a generation beside the one in use. It will be made of the histories up to a place, and go on from there.
pub(crate) async fn begin_building(conn: &mut Conn<'_>, checkpoint: &Checkpoint, revision: i32, at: &Mark) -> Result<Building, Stopped> {
    let generation = checkpoint.last_generation + 1;
    let at = noted(at);
    let begun = sql(include_str!("sql/begin_building.sql"))
        .bind(at.position.company)
        .bind(&checkpoint.name)
        .bind(checkpoint.last_generation)
        .bind(generation)
        .bind(revision)
        .bind(at.position.number)
        .bind(at.hash)
        .run(conn)
        .await?;
    if begun == 1 { Ok(Building { generation, revision, at, unfinished: Some(Unfinished::default()) }) } else { Err(Stopped::Overtaken) }
}

/// Notes how many histories the generations being built have taken in; `to` is `None` when those were the last ones.
pub(crate) async fn advance_histories(
    conn: &mut Conn<'_>,
    models: &[(&str, i64)],
    at: &Mark,
    from: &Unfinished,
    to: Option<&Unfinished>,
) -> Result<(), Stopped> {
    let last = to.and_then(|to| to.after.as_ref());
    let fixed = [
        at.position.company.into(),
        at.position.number.into(),
        from.events.into(),
        to.map(|to| to.events).into(),
        last.map(|stream| stream.kind.as_ref()).into(),
        last.map(|stream| stream.id).into(),
    ];
    let moved = run_in(conn, include_str!("sql/advance_histories.sql"), &fixed, &keys(models)).await?;
    if moved == models.len() as u64 { Ok(()) } else { Err(Stopped::Overtaken) }
}

/// Moves the checkpoints of generations being built that have all histories up to one place.
pub(crate) async fn advance_building(conn: &mut Conn<'_>, models: &[(&str, i64)], from: &Mark, to: &Mark) -> Result<(), Stopped> {
    let from = noted(from);
    let fixed = [from.position.company.into(), from.position.number.into(), from.hash.into(), to.position.number.into(), noted(to).hash.into()];
    let moved = run_in(conn, include_str!("sql/advance_building.sql"), &fixed, &keys(models)).await?;
    if moved == models.len() as u64 { Ok(()) } else { Err(Stopped::Overtaken) }
}

/// Read models with their generations, as statements ask for them.
fn keys(models: &[(&str, i64)]) -> Vec<Value> {
    models.iter().map(|(name, generation)| [name, ":", &generation.to_string()].concat().into()).collect()
}

/// Puts the generation that was built in use. Only under the head lock, and only at the head.
pub(crate) async fn flip(conn: &mut Conn<'_>, name: &str, generation: i64, head: &Mark) -> Result<(), Stopped> {
    let head = noted(head);
    let flipped =
        sql(include_str!("sql/flip.sql")).bind(head.position.company).bind(name).bind(generation).bind(head.position.number).bind(head.hash).run(conn).await?;
    if flipped == 1 { Ok(()) } else { Err(Stopped::Overtaken) }
}

/// Gives up the generation being built, and answers whether it was this one.
pub(crate) async fn drop_building(conn: &mut Conn<'_>, company: CompanyId, name: &str, generation: i64) -> Result<bool, StoreError> {
    let dropped = sql(include_str!("sql/drop_building.sql")).bind(company).bind(name).bind(generation).run(conn).await?;
    Ok(dropped == 1)
}

/// Notes that the generations before the one in use have no rows left.
pub(crate) async fn note_sweep(conn: &mut Conn<'_>, company: CompanyId, name: &str, generation: i64) -> Result<(), StoreError> {
    sql(include_str!("sql/note_sweep.sql")).bind(company).bind(name).bind(generation).run(conn).await.map(drop)
}

/// A place in a company's log.
pub(crate) fn mark(company: CompanyId, number: i64, hash: Hash) -> Mark {
    Mark { position: Position { company, number }, hash }
}

/// Whether two marks are the same place, as checkpoints note them.
pub(crate) fn same(one: &Mark, other: &Mark) -> bool {
    noted(one) == noted(other)
}

/// A place as checkpoints note it.
pub(crate) fn noted(at: &Mark) -> Mark {
    if at.position.number == 0 { Mark { hash: NOTHING, ..*at } } else { *at }
}
