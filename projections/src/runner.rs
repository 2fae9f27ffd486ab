//! Catching up: in small transactions until the head is near, and the last step under its lock.

use std::collections::HashMap;
use std::time::Duration;

use domain::wire;
use eventstore::{CompanyId, Conn, Mark, Store, StoreError, Tx, Writes};
use fail::fail_point;

use crate::checkpoint::{self, Checkpoint, advance, mark, noted, same};
use crate::error::{Fault, ProjectionError, Stopped};
use crate::happened::Happened;
use crate::projection::{AnyProjection, PROJECTIONS, find};
use crate::rebuild::{rebuild, sweep};
use crate::rows::Fold;

/// In which steps a read model goes to the head. Any steps lead to the same rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// Events in one transaction: the fewer, the sooner a command gets its turn.
    pub batch: usize,
    /// With fewer events than this left, the rest is taken in under the head lock.
    pub near: usize,
    /// How many keys are remembered between transactions.
    pub remember: usize,
}

impl Pace {
    /// Beside commands, a short way.
    pub const CATCH_UP: Pace = Pace { batch: 2_000, near: 500, remember: 50_000 };
    /// The whole log.
    pub const REBUILD: Pace = Pace { batch: 10_000, near: 500, remember: 200_000 };
}

/// How often the read models are looked after.
const ROUND: Duration = Duration::from_secs(1);
/// How many rounds a read model that failed is left alone at most.
const PATIENCE: u32 = 60;

/// Makes the checkpoints that a company lacks. Asked again, it changes nothing.
pub async fn prepare(store: &Store, company: CompanyId) -> Result<(), StoreError> {
    if checkpoint::statuses(store, company).await?.len() >= PROJECTIONS.len() {
        return Ok(());
    }
    let mut tx = store.db.begin().await?;
    checkpoint::insert_missing(&mut tx.conn(), company).await?;
    tx.commit().await
}

/// Brings a read model of a company to the head of its log, where [`crate::Inline`] takes over. Answers what it reflects then.
pub async fn catch_up(store: &Store, company: CompanyId, name: &str) -> Result<Mark, ProjectionError> {
    catch_up_at(store, company, name, Pace::CATCH_UP).await
}

/// Like [`catch_up`], in steps of another size.
pub async fn catch_up_at(store: &Store, company: CompanyId, name: &str, pace: Pace) -> Result<Mark, ProjectionError> {
    let projection = find(name)?;
    let checkpoint = checkpoint_of(store, company, projection).await?;
    if !checkpoint.is_of(projection) {
        return Err(ProjectionError::OtherRevision(projection.name()));
    }
    let mut course = Course::new(company, projection, pace.remember, checkpoint.generation, checkpoint.at);
    loop {
        let batch = Batch::after(store, &mut store.db.read().await?.conn(), &course.at, pace.batch, None).await?;
        if batch.count < pace.near && batch.fault.is_none() {
            let mut tx = store.db.begin().await?;
            let head = tx.lock_head(company).await?;
            let rest = Batch::after(store, &mut tx.conn(), &course.at, pace.batch, None).await?;
            if rest.count == 0 && !same(&course.at, &head) {
                drop(tx);
                let fault = Fault::new(course.at.position.number, "the log does not hold what these rows were made from; rebuild them");
                return Err(course.halt(store, Stopped::Fault(fault)).await);
            }
            if rest.fault.is_none() && same(&rest.to, &head) {
                match course.step(&mut tx, &rest).await {
                    Ok(()) => {
                        tx.commit().await?;
                        return Ok(course.at);
                    }
                    Err(stopped) => {
                        drop(tx);
                        return Err(course.halt(store, stopped).await);
                    }
                }
            }
            // It grew a lot since, or something is wrong that shows below.
            drop(tx);
        }
        course.run(store, batch).await?;
    }
}

/// Looks after a company's read models for ever: rebuilds those of another revision, catches up with those that are behind.
///
/// A read model that fails is tried again after a while, at longer and longer intervals. When another process has written an event
/// that this version does not know, the rows are left as they are, and that is the answer.
pub async fn keep_up(store: Store, company: CompanyId) -> StoreError {
    let mut waits: HashMap<&'static str, (u32, u32)> = HashMap::new();
    loop {
        match look_after(&store, company, &mut waits).await {
            Ok(()) => {}
            Err(error) if error.is_about_the_log() => return error,
            Err(error) => tracing::warn!(%company, %error, "the read models cannot be looked after"),
        }
        tokio::time::sleep(ROUND).await;
    }
}

/// One round of [`keep_up`]. `waits` holds how many rounds a read model is still left alone, and how many the last time.
async fn look_after(store: &Store, company: CompanyId, waits: &mut HashMap<&'static str, (u32, u32)>) -> Result<(), StoreError> {
    store.check_kinds(company, &wire::knows).await?;
    prepare(store, company).await?;
    let checkpoints = checkpoint::statuses(store, company).await?;
    let mut others = Vec::new();
    for projection in PROJECTIONS {
        let Some(checkpoint) = checkpoints.iter().find(|checkpoint| checkpoint.name == projection.name()) else { continue };
        if checkpoint.is_of(*projection) && !checkpoint.is_behind() && checkpoint.fault.is_none() {
            waits.remove(projection.name());
            // What an interrupted rebuild left behind.
            sweep(store, company, *projection).await?;
            continue;
        }
        let (left, last) = waits.get(projection.name()).copied().unwrap_or_default();
        if left > 0 {
            waits.insert(projection.name(), (left - 1, last));
            continue;
        }
        if !checkpoint.is_of(*projection) {
            others.push(projection.name());
            continue;
        }
        let done = catch_up(store, company, projection.name()).await.map(drop);
        note(company, &[projection.name()], done, waits);
    }
    if !others.is_empty() {
        tracing::info!(%company, projections = ?others, "rebuilding read models of another revision");
        let done = rebuild(store, company, &others, &mut |_| ()).await.map(drop);
        // The others are rebuilt without the one that is at fault, the next time.
        let concerned = if let Err(ProjectionError::Faulted { name, .. }) = &done { vec![*name] } else { others };
        note(company, &concerned, done, waits);
    }
    Ok(())
}

/// Notes how bringing read models to the head went: those that failed are left alone for a while.
fn note(company: CompanyId, names: &[&'static str], done: Result<(), ProjectionError>, waits: &mut HashMap<&'static str, (u32, u32)>) {
    for name in names {
        match &done {
            Ok(()) => {
                waits.remove(name);
                tracing::info!(%company, projection = name, "a read model is at the head again");
            }
            Err(error) => {
                let (_, last) = waits.get(name).copied().unwrap_or_default();
                let next = (last * 2).clamp(1, PATIENCE);
                waits.insert(name, (next, next));
                tracing::warn!(%company, projection = name, %error, "a read model is behind");
            }
        }
    }
}

/// The checkpoint of a read model, made when it is missing.
pub(crate) async fn checkpoint_of(store: &Store, company: CompanyId, projection: &dyn AnyProjection) -> Result<Checkpoint, StoreError> {
    prepare(store, company).await?;
    let found = checkpoint::statuses(store, company).await?.into_iter().find(|checkpoint| checkpoint.name == projection.name());
    found.ok_or(StoreError::UnknownCompany(company))
}

/// Whole commits of the log, decoded.
pub(crate) struct Batch {
    /// How many events were read.
    pub(crate) count: usize,
    /// The facts, up to the last commit that can be taken in.
    pub(crate) facts: Vec<Happened>,
    /// The place behind the last fact.
    pub(crate) to: Mark,
    /// What cannot be taken in after that.
    pub(crate) fault: Option<Fault>,
}

impl Batch {
    /// Reads on from a place; with `until`, only commits that end before that position.
    pub(crate) async fn after(store: &Store, conn: &mut Conn<'_>, from: &Mark, limit: usize, until: Option<i64>) -> Result<Batch, StoreError> {
        let company = from.position.company;
        let mut events = store.page_on(conn, company, from.position.number, limit).await?;
        let count = events.len();
        if let Some(first) = events.first()
            && (first.position != from.position.number + 1 || (from.position.number > 0 && first.chain(&from.hash) != first.hash))
        {
            let fault = Fault::new(first.position, "the log does not continue what these rows were made from; rebuild them");
            return Ok(Batch { count, facts: Vec::new(), to: *from, fault: Some(fault) });
        }
        if let Some(until) = until {
            events.truncate(events.partition_point(|event| event.commit_end < until));
        }
        let (mut facts, fault) = Happened::read_all(&events);
        if let Some(fault) = &fault {
            events.truncate(events.partition_point(|event| event.commit_end < fault.position));
            facts.truncate(events.len());
        }
        let to = events.last().map_or_else(|| noted(from), |event| mark(company, event.position, event.hash));
        Ok(Batch { count, facts, to, fault })
    }
}

/// A read model of a company on its way to the head, with the rows in use.
pub(crate) struct Course {
    pub(crate) company: CompanyId,
    pub(crate) projection: &'static dyn AnyProjection,
    pub(crate) fold: Box<dyn Fold>,
    pub(crate) generation: i64,
    pub(crate) at: Mark,
}

impl Course {
    pub(crate) fn new(company: CompanyId, projection: &'static dyn AnyProjection, remember: usize, generation: i64, at: Mark) -> Course {
        Course { company, projection, fold: projection.fold(remember), generation, at }
    }

    /// Takes a batch in, in a transaction at hand: the fence first, so that nobody else does the same work meanwhile.
    pub(crate) async fn step(&mut self, tx: &mut Tx, batch: &Batch) -> Result<(), Stopped> {
        let mut conn = tx.conn();
        let name = self.projection.name();
        fail_point!("projector.before_checkpoint");
        advance(&mut conn, Writes::default(), &[(name, self.generation)], &self.at, &batch.to).await?;
        fail_point!("projector.after_checkpoint");
        let writes = self.fold.apply(&mut conn, self.company, self.generation, &batch.facts, Writes::default()).await.map_err(|error| error.0)?;
        writes.run(&mut conn).await?;
        fail_point!("projector.after_apply");
        self.at = batch.to;
        Ok(())
    }

    /// Takes a batch in, in a transaction of its own. At a fault it stops right before the commit that holds it.
    pub(crate) async fn run(&mut self, store: &Store, batch: Batch) -> Result<(), ProjectionError> {
        if !batch.facts.is_empty() {
            let from = self.at;
            if let Err(stopped) = self.commit(store, &batch).await {
                self.at = from;
                self.fold.forget();
                let Stopped::Fault(fault) = &stopped else { return Err(self.halt(store, stopped).await) };
                let sound = Batch::after(store, &mut store.db.read().await?.conn(), &from, batch.count, Some(fault.position)).await?;
                if !sound.facts.is_empty() {
                    self.commit(store, &sound).await.map_err(|again| again.of(self.projection.name()))?;
                }
                return Err(self.halt(store, stopped).await);
            }
        }
        match batch.fault {
            Some(fault) => Err(self.halt(store, Stopped::Fault(fault)).await),
            None => Ok(()),
        }
    }

    async fn commit(&mut self, store: &Store, batch: &Batch) -> Result<(), Stopped> {
        let mut tx = store.db.begin().await?;
        self.step(&mut tx, batch).await?;
        Ok(tx.commit().await?)
    }

    /// Notes what stopped it, once, and says so.
    pub(crate) async fn halt(&mut self, store: &Store, stopped: Stopped) -> ProjectionError {
        self.fold.forget();
        let stopped = match stopped {
            Stopped::Store(error) => Stopped::from_write(error, self.at.position.number + 1),
            other => other,
        };
        if let Stopped::Fault(fault) = &stopped
            && let Err(error) = self.note(store, fault).await
        {
            return error.into();
        }
        stopped.of(self.projection.name())
    }

    async fn note(&self, store: &Store, fault: &Fault) -> Result<(), StoreError> {
        let known = checkpoint_of(store, self.company, self.projection).await?.fault;
        if known.as_ref() == Some(fault) {
            return Ok(());
        }
        tracing::error!(company = %self.company, projection = self.projection.name(), %fault, "a read model stopped");
        let mut tx = store.db.begin().await?;
        checkpoint::note_fault(&mut tx.conn(), self.company, self.projection.name(), fault).await?;
        tx.commit().await
    }
}
