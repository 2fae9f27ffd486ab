//! Rebuilding: the next generation beside the one in use, caught up, put in its place, and the old one swept away.

use eventstore::{CompanyId, Mark, Store, StoreError};
use fail::fail_point;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::checkpoint::{Building, Checkpoint, begin_building, flip, note_sweep, same, statuses};
use crate::error::{Fault, ProjectionError, Stopped};
use crate::projection::{AnyProjection, PROJECTIONS, find};
use crate::runner::{Batch, Course, Lane, Pace, checkpoint_of};

/// Rows deleted in one transaction.
const SWEEP: i64 = 2_000;
/// How often a rebuild goes on where it was, after the database was lost or busy for long.
const TRIES: u32 = 12;

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// The last event that was taken in.
    pub position: i64,
    /// Where the log ended when the rebuild last looked.
    pub head: i64,
}

/// A rebuild that is in use now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// The generation of the rows.
    pub generation: i64,
    /// What they reflect.
    pub at: Mark,
    /// Where it began: 0, or where an interrupted rebuild had come to.
    pub from: i64,
}

/// The read models of a company whose rows were made by code of another revision.
pub async fn needs_rebuild(store: &Store, company: CompanyId) -> Result<Vec<&'static str>, StoreError> {
    let checkpoints = statuses(store, company).await?;
    let other =
        |projection: &&&'static dyn AnyProjection| checkpoints.iter().any(|checkpoint| checkpoint.name == projection.name() && !checkpoint.is_of(**projection));
    Ok(PROJECTIONS.iter().filter(other).map(|projection| projection.name()).collect())
}

/// Rebuilds a read model of a company from the first event while commands go on, and puts it in use.
///
/// An interrupted rebuild of the same revision is continued. Readers see the old rows until the new ones are complete.
pub async fn rebuild(store: &Store, company: CompanyId, name: &str, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Rebuilt, ProjectionError> {
    rebuild_at(store, company, name, Pace::REBUILD, progress).await
}

/// Like [`rebuild`], in steps of another size.
pub async fn rebuild_at(
    store: &Store,
    company: CompanyId,
    name: &str,
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Rebuilt, ProjectionError> {
    let projection = find(name)?;
    let (mut from, mut tries) = (None, 0);
    let rebuilt = loop {
        match attempt(store, company, projection, pace, progress, &mut from).await {
            Err(ProjectionError::Store(error)) if error.is_transient() && tries < TRIES => tries += 1,
            done => break done?,
        }
    };
    tries = 0;
    while let Err(error) = sweep(store, company, projection).await {
        if !error.is_transient() || tries == TRIES {
            return Err(error.into());
        }
        tries += 1;
    }
    Ok(rebuilt)
}

/// Rebuilds, or goes on with a rebuild that was begun; `from` is where the first attempt began.
async fn attempt(
    store: &Store,
    company: CompanyId,
    projection: &'static dyn AnyProjection,
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
    from: &mut Option<i64>,
) -> Result<Rebuilt, ProjectionError> {
    let (mut course, began) = build(store, company, projection, pace, progress).await?;
    let from = *from.get_or_insert(began);
    fail_point!("rebuild.after_copy");
    loop {
        let mut tx = store.db.begin().await?;
        let head = tx.lock_head(company).await?;
        let rest = Batch::after(store, &mut tx.conn(), &course.at, pace.batch, None).await?;
        if rest.fault.is_none() && same(&rest.to, &head) {
            let done = match course.step(&mut tx, &rest).await {
                Ok(()) => {
                    fail_point!("rebuild.before_swap");
                    flip(&mut tx.conn(), projection.name(), course.generation, &head).await
                }
                stopped => stopped,
            };
            if let Err(stopped) = done {
                drop(tx);
                return Err(course.halt(store, stopped).await);
            }
            tx.commit().await?;
            fail_point!("rebuild.after_swap");
            break;
        }
        drop(tx);
        course.check_log(&rest, &head)?;
        course.run(store, rest).await?;
    }
    progress(Progress { position: course.at.position.number, head: course.at.position.number });
    Ok(Rebuilt { generation: course.generation, at: course.at, from })
}

/// Builds the next generation until the head is near, and answers where it began.
pub(crate) async fn build(
    store: &Store,
    company: CompanyId,
    projection: &'static dyn AnyProjection,
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<(Course, i64), ProjectionError> {
    let checkpoint = checkpoint_of(store, company, projection).await?;
    let building = begin_or_continue(store, company, projection, &checkpoint).await?;
    let from = building.at.position.number;
    let mut course = Course::new(company, projection, pace.remember, Lane::Building, building.generation, building.at);
    let mut reading = read_ahead(store.clone(), building.at, pace);
    while let Some(batch) = reading.batches.recv().await {
        let batch = batch?;
        let near = batch.count < pace.near;
        course.run(store, batch).await?;
        let head = store.head(company).await?.position.number;
        progress(Progress { position: course.at.position.number, head });
        if near {
            break;
        }
    }
    Ok((course, from))
}

/// The generation to build: the one that was begun, when it is of today's code and of this log, else the next.
async fn begin_or_continue(store: &Store, company: CompanyId, projection: &dyn AnyProjection, checkpoint: &Checkpoint) -> Result<Building, ProjectionError> {
    if let Some(building) = &checkpoint.building
        && building.revision == projection.revision()
        && (building.at.position.number == 0 || store.mark(company, building.at.position.number).await? == Some(building.at))
    {
        return Ok(building.clone());
    }
    let mut tx = store.db.begin().await?;
    let begun = begin_building(&mut tx.conn(), company, checkpoint, projection.revision()).await.map_err(|stopped| stopped.of(projection.name()))?;
    tx.commit().await?;
    Ok(begun)
}

/// A task that reads and decodes the next batch while one is written. It ends with its receiver.
struct ReadAhead {
    batches: mpsc::Receiver<Result<Batch, StoreError>>,
    task: JoinHandle<()>,
}

impl Drop for ReadAhead {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn read_ahead(store: Store, from: Mark, pace: Pace) -> ReadAhead {
    let (sender, batches) = mpsc::channel(1);
    let task = tokio::spawn(async move {
        let mut at = from;
        loop {
            let batch = match store.db.read().await {
                Ok(mut reader) => Batch::after(&store, &mut reader.conn(), &at, pace.batch, None).await,
                Err(error) => Err(error),
            };
            let last = batch.as_ref().map_or(true, |batch| batch.fault.is_some() || batch.count < pace.near);
            if let Ok(batch) = &batch {
                at = batch.to;
            }
            if sender.send(batch).await.is_err() || last {
                return;
            }
        }
    });
    ReadAhead { batches, task }
}

impl Course {
    /// Stops when the log no longer holds the place that was reached.
    pub(crate) fn check_log(&self, rest: &Batch, head: &Mark) -> Result<(), ProjectionError> {
        if rest.count > 0 || same(&self.at, head) {
            return Ok(());
        }
        let fault = Fault::new(self.at.position.number, "the log does not hold what these rows were made from; rebuild them");
        Err(Stopped::Fault(fault).of(self.projection.name()))
    }
}

/// Deletes the rows of generations before the one in use, in small steps, so that commands get their turn in between.
pub async fn sweep(store: &Store, company: CompanyId, projection: &'static dyn AnyProjection) -> Result<(), StoreError> {
    let checkpoint = checkpoint_of(store, company, projection).await?;
    if checkpoint.swept_below >= checkpoint.generation {
        return Ok(());
    }
    for generation in checkpoint.swept_below..checkpoint.generation {
        clear(store, company, projection, generation).await?;
    }
    let mut tx = store.db.begin().await?;
    note_sweep(&mut tx.conn(), company, projection.name(), checkpoint.generation).await?;
    tx.commit().await
}

/// Deletes a generation's rows in small steps.
pub(crate) async fn clear(store: &Store, company: CompanyId, projection: &dyn AnyProjection, generation: i64) -> Result<(), StoreError> {
    for table in projection.tables() {
        loop {
            let mut tx = store.db.begin().await?;
            let deleted = table.clear_some(&mut tx.conn(), company, generation, SWEEP).await?;
            tx.commit().await?;
            if deleted == 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    Ok(())
}
