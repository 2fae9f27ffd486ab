//! Rebuilding: the next generation beside the one in use, caught up, put in its place, and the old one swept away.

use std::collections::HashMap;
use std::num::NonZero;
use std::thread::available_parallelism;

use eventstore::{CompanyId, Histories, Mark, Store, StoreError, Stream, Tx, Writes};
use fail::fail_point;
use tokio::sync::mpsc;
use tokio::task::{JoinHandle, spawn_blocking};

use crate::checkpoint::{
    Building, Checkpoint, Unfinished, advance_building, advance_histories, begin_building, drop_building, flip, note_sweep, same, statuses,
};
use crate::error::{Fault, ProjectionError, Stopped};
use crate::happened::Happened;
use crate::projection::{AnyProjection, PROJECTIONS, find};
use crate::rows::Fold;
use crate::runner::{Batch, Pace, checkpoint_of, prepare};

/// Rows deleted in one transaction.
const SWEEP: i64 = 2_000;
/// How often a rebuild goes on where it was, after the database was lost or busy for long.
const TRIES: u32 = 12;

/// How far a rebuild has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// How many events were taken in.
    pub events: i64,
    /// Where the log ended when the rebuild last looked.
    pub head: i64,
}

/// A rebuild that is in use now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rebuilt {
    /// Of which read model.
    pub name: &'static str,
    /// The generation of the rows.
    pub generation: i64,
    /// What they reflect.
    pub at: Mark,
    /// How many events an interrupted rebuild had taken in before; 0 when there was none.
    pub from: i64,
}

/// A rebuild that was begun and given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Canceled {
    /// Of which read model.
    pub name: &'static str,
    /// The generation of the rows that are gone.
    pub generation: i64,
    /// How many events had been taken in.
    pub events: i64,
}

/// The read models of a company whose rows were made by code of another revision.
pub async fn needs_rebuild(store: &Store, company: CompanyId) -> Result<Vec<&'static str>, StoreError> {
    let checkpoints = statuses(store, company).await?;
    let other =
        |projection: &&&'static dyn AnyProjection| checkpoints.iter().any(|checkpoint| checkpoint.name == projection.name() && !checkpoint.is_of(**projection));
    Ok(PROJECTIONS.iter().filter(other).map(|projection| projection.name()).collect())
}

/// Rebuilds read models of a company from all histories, read once for all of them, while commands go on, and puts them in use.
///
/// An interrupted rebuild of the same revision is continued. Readers see the old rows until the new ones are complete.
pub async fn rebuild(store: &Store, company: CompanyId, names: &[&str], progress: &mut (dyn FnMut(Progress) + Send)) -> Result<Vec<Rebuilt>, ProjectionError> {
    rebuild_at(store, company, names, Pace::REBUILD, progress).await
}

/// Like [`rebuild`], in steps of another size.
pub async fn rebuild_at(
    store: &Store,
    company: CompanyId,
    names: &[&str],
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
) -> Result<Vec<Rebuilt>, ProjectionError> {
    let projections = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
    let (mut began, mut rebuilt, mut tries) = (HashMap::new(), Vec::new(), 0);
    loop {
        match attempt(store, company, &projections, pace, progress, &mut began, &mut rebuilt).await {
            Err(ProjectionError::Store(error)) if error.is_transient() && tries < TRIES => tries += 1,
            done => break done?,
        }
    }
    tries = 0;
    for projection in projections {
        while let Err(error) = sweep(store, company, projection).await {
            if !error.is_transient() || tries == TRIES {
                return Err(error.into());
            }
            tries += 1;
        }
    }
    Ok(rebuilt)
}

/// Rebuilds what is not in `rebuilt` yet, or goes on where it was; `began` holds how many events each had at the first attempt.
async fn attempt(
    store: &Store,
    company: CompanyId,
    projections: &[&'static dyn AnyProjection],
    pace: Pace,
    progress: &mut (dyn FnMut(Progress) + Send),
    began: &mut HashMap<&'static str, i64>,
    rebuilt: &mut Vec<Rebuilt>,
) -> Result<(), ProjectionError> {
    let left: Vec<_> = projections.iter().copied().filter(|projection| rebuilt.iter().all(|done| done.name != projection.name())).collect();
    for mut build in Build::begin(store, company, &left, pace).await? {
        for model in &build.models {
            began.entry(model.name()).or_insert(build.events());
        }
        build.run(store, progress).await?;
        fail_point!("rebuild.after_copy");
        build.put_in_use(store).await?;
        fail_point!("rebuild.after_swap");
        progress(Progress { events: build.events(), head: build.events() });
        let done = |model: &Model| Rebuilt {
            name: model.name(),
            generation: model.generation,
            at: build.at,
            from: began.get(model.name()).copied().unwrap_or_default(),
        };
        rebuilt.extend(build.models.iter().map(done));
    }
    Ok(())
}

/// Generations of read models that are made together, from the same facts: from whole histories up to a place in the log, and from
/// there by following it.
pub(crate) struct Build {
    company: CompanyId,
    models: Vec<Model>,
    /// What the rows reflect, once all histories are in.
    pub(crate) at: Mark,
    /// The histories taken in so far; `None` when all are.
    unfinished: Option<Unfinished>,
    pace: Pace,
}

struct Model {
    projection: &'static dyn AnyProjection,
    generation: i64,
    fold: Box<dyn Fold>,
}

impl Model {
    fn name(&self) -> &'static str {
        self.projection.name()
    }
}

impl Build {
    /// Begins new generations, or goes on with those that were begun by today's code from this log. Those that stand at the same place go
    /// on together.
    pub(crate) async fn begin(
        store: &Store,
        company: CompanyId,
        projections: &[&'static dyn AnyProjection],
        pace: Pace,
    ) -> Result<Vec<Build>, ProjectionError> {
        prepare(store, company).await?;
        let checkpoints = statuses(store, company).await?;
        let head = store.head(company).await?;
        let mut builds: Vec<Build> = Vec::new();
        for projection in projections.iter().copied() {
            let checkpoint = checkpoints.iter().find(|checkpoint| checkpoint.name == projection.name()).ok_or(StoreError::UnknownCompany(company))?;
            let Building { generation, at, unfinished, .. } = begin_or_continue(store, projection, checkpoint, &head).await?;
            let model = Model { projection, generation, fold: projection.fold(pace.remember) };
            match builds.iter_mut().find(|build| same(&build.at, &at) && build.unfinished == unfinished) {
                Some(build) => build.models.push(model),
                None => builds.push(Build { company, models: vec![model], at, unfinished, pace }),
            }
        }
        Ok(builds)
    }

    /// The generation of the first read model.
    pub(crate) fn generation(&self) -> i64 {
        self.models.first().map_or(0, |model| model.generation)
    }

    /// How many events have been taken in.
    fn events(&self) -> i64 {
        self.unfinished.as_ref().map_or(self.at.position.number, |unfinished| unfinished.events)
    }

    fn marked(&self) -> Vec<(&'static str, i64)> {
        self.models.iter().map(|model| (model.name(), model.generation)).collect()
    }

    /// The error of whatever concerns all of them.
    fn failed(&self, stopped: Stopped) -> ProjectionError {
        stopped.of(self.models.first().map_or("", Model::name))
    }

    /// Takes in all histories, and then the log until the head is near.
    pub(crate) async fn run(&mut self, store: &Store, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<(), ProjectionError> {
        self.take_histories(store, progress).await?;
        loop {
            let batch = Batch::after(store, &mut store.db.read().await?.conn(), &self.at, self.pace.batch, None).await?;
            let near = batch.count < self.pace.near;
            self.follow(store, batch).await?;
            let head = store.head(self.company).await?.position.number;
            progress(Progress { events: self.events(), head });
            if near {
                return Ok(());
            }
        }
    }

    async fn take_histories(&mut self, store: &Store, progress: &mut (dyn FnMut(Progress) + Send)) -> Result<(), ProjectionError> {
        let Some(mut done) = self.unfinished.clone() else { return Ok(()) };
        let models: Vec<_> = self.models.iter().map(|model| (model.projection, model.generation)).collect();
        let mut made = make_ahead(store.clone(), self.at, models, done.after.clone(), self.pace.batch);
        while let Some(slice) = made.slices.recv().await {
            let slice = slice.await.map_err(|error| StoreError::Panicked(error.to_string()))??;
            let now = Unfinished { events: done.events + slice.events, after: slice.last.or(done.after.take()) };
            if !slice.more && now.events != self.at.position.number {
                let text = format!("the streams of the log hold {} events up to here; run `leadtrail verify`", now.events);
                return Err(self.failed(Fault::new(self.at.position.number, text).into()));
            }
            let mut tx = store.db.begin().await?;
            fail_point!("projector.before_checkpoint");
            let (from, to) = (Unfinished { after: None, ..done }, slice.more.then_some(&now));
            advance_histories(&mut tx.conn(), &self.marked(), &self.at, &from, to).await.map_err(|stopped| self.failed(stopped))?;
            fail_point!("projector.after_checkpoint");
            for (name, writes) in slice.writes {
                let written = writes.run(&mut tx.conn()).await;
                written.map_err(|error| Stopped::from_write(error, slice.first).of(name))?;
            }
            fail_point!("projector.after_apply");
            tx.commit().await?;
            self.unfinished = to.cloned();
            done = now;
            progress(Progress { events: done.events, head: store.head(self.company).await?.position.number });
        }
        Ok(())
    }

    /// Takes a batch in, in a transaction of its own.
    async fn follow(&mut self, store: &Store, batch: Batch) -> Result<(), ProjectionError> {
        if !batch.facts.is_empty() {
            let mut tx = store.db.begin().await?;
            self.step(&mut tx, &batch).await?;
            tx.commit().await?;
        }
        batch.fault.map_or(Ok(()), |fault| Err(self.failed(fault.into())))
    }

    /// Takes a batch in, in a transaction at hand: the fence first, so that nobody else does the same work meanwhile. After an error
    /// it is of no more use.
    pub(crate) async fn step(&mut self, tx: &mut Tx, batch: &Batch) -> Result<(), ProjectionError> {
        let mut conn = tx.conn();
        fail_point!("projector.before_checkpoint");
        advance_building(&mut conn, &self.marked(), &self.at, &batch.to).await.map_err(|stopped| self.failed(stopped))?;
        fail_point!("projector.after_checkpoint");
        for model in &mut self.models {
            let name = model.name();
            let writes = model.fold.apply(&mut conn, self.company, model.generation, &batch.facts, Writes::default()).await;
            let writes = writes.map_err(|error| error.0.of(name))?;
            writes.run(&mut conn).await.map_err(|error| Stopped::from_write(error, self.at.position.number + 1).of(name))?;
        }
        fail_point!("projector.after_apply");
        self.at = batch.to;
        Ok(())
    }

    /// Takes what is left in under the head's lock, which is held until the transaction ends.
    pub(crate) async fn reach_head(&mut self, store: &Store) -> Result<(Tx, Mark), ProjectionError> {
        loop {
            let mut tx = store.db.begin().await?;
            let head = tx.lock_head(self.company).await?;
            let rest = Batch::after(store, &mut tx.conn(), &self.at, self.pace.batch, None).await?;
            if rest.fault.is_none() && same(&rest.to, &head) {
                self.step(&mut tx, &rest).await?;
                return Ok((tx, head));
            }
            drop(tx);
            if rest.count == 0 {
                let fault = Fault::new(self.at.position.number, "the log does not hold what these rows were made from; rebuild them");
                return Err(self.failed(fault.into()));
            }
            self.follow(store, rest).await?;
        }
    }

    async fn put_in_use(&mut self, store: &Store) -> Result<(), ProjectionError> {
        let (mut tx, head) = self.reach_head(store).await?;
        fail_point!("rebuild.before_swap");
        for model in &self.models {
            flip(&mut tx.conn(), model.name(), model.generation, &head).await.map_err(|stopped| stopped.of(model.name()))?;
        }
        Ok(tx.commit().await?)
    }
}

/// The generation to build: the one that was begun, when it is of today's code and of this log, else the next.
async fn begin_or_continue(store: &Store, projection: &dyn AnyProjection, checkpoint: &Checkpoint, head: &Mark) -> Result<Building, ProjectionError> {
    if let Some(building) = &checkpoint.building
        && building.revision == projection.revision()
        && (building.at.position.number == 0 || store.mark(head.position.company, building.at.position.number).await? == Some(building.at))
    {
        return Ok(building.clone());
    }
    let mut tx = store.db.begin().await?;
    let begun = begin_building(&mut tx.conn(), checkpoint, projection.revision(), head).await.map_err(|stopped| stopped.of(projection.name()))?;
    tx.commit().await?;
    Ok(begun)
}

/// The rows that follow from some histories, ready to be written.
struct Slice {
    writes: Vec<(&'static str, Writes)>,
    events: i64,
    /// The position of the first event that was read.
    first: i64,
    last: Option<Stream>,
    more: bool,
}

/// Slices on their way: the next are read and folded while one is written. It ends with its receiver.
struct MakeAhead {
    slices: mpsc::Receiver<JoinHandle<Result<Slice, ProjectionError>>>,
    task: JoinHandle<()>,
}

impl Drop for MakeAhead {
    fn drop(&mut self) {
        self.task.abort();
    }
}

fn make_ahead(store: Store, at: Mark, models: Vec<(&'static dyn AnyProjection, i64)>, mut after: Option<Stream>, limit: usize) -> MakeAhead {
    let (sender, slices) = mpsc::channel(available_parallelism().map_or(1, NonZero::get));
    let company = at.position.company;
    let task = tokio::spawn(async move {
        loop {
            let read = store.histories(company, after.as_ref(), at.position.number, limit).await;
            let more = read.as_ref().is_ok_and(|read| read.more);
            after = read.as_ref().ok().and_then(|read| read.events.last()).map(|event| event.stream.clone());
            let models = models.clone();
            let made = spawn_blocking(move || make(company, &models, read?));
            if sender.send(made).await.is_err() || !more {
                return;
            }
        }
    });
    MakeAhead { slices, task }
}

/// Makes the rows of histories.
fn make(company: CompanyId, models: &[(&'static dyn AnyProjection, i64)], read: Histories) -> Result<Slice, ProjectionError> {
    let (histories, unreadable) = Happened::read_all(&read.events);
    let mut writes = Vec::with_capacity(models.len());
    for (projection, generation) in models {
        if let Some(fault) = &unreadable {
            return Err(Stopped::Fault(fault.clone()).of(projection.name()));
        }
        writes.push((projection.name(), projection.make(company, *generation, &histories).map_err(|error| error.0.of(projection.name()))?));
    }
    let first = read.events.first().map_or(0, |event| event.position);
    let last = read.events.last().map(|event| event.stream.clone());
    Ok(Slice { writes, events: read.events.len() as i64, first, last, more: read.more })
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

/// Gives up the rebuilds of read models that were begun and not put in use, and deletes their rows in small steps. Answers which there
/// were; a process that is still at one of them finds that it was overtaken, and writes no more.
pub async fn cancel(store: &Store, company: CompanyId, names: &[&str]) -> Result<Vec<Canceled>, ProjectionError> {
    let projections = names.iter().map(|name| find(name)).collect::<Result<Vec<_>, _>>()?;
    let checkpoints = statuses(store, company).await?;
    let mut canceled = Vec::new();
    for projection in projections {
        let begun = checkpoints.iter().find(|checkpoint| checkpoint.name == projection.name()).and_then(|checkpoint| checkpoint.building.as_ref());
        if let Some(building) = begun
            && give_up(store, company, projection, building.generation).await?
        {
            canceled.push(Canceled { name: projection.name(), generation: building.generation, events: building.events() });
        }
    }
    Ok(canceled)
}

/// Gives up a generation being built and deletes its rows, unless somebody else put it in use or gave it up meanwhile.
pub(crate) async fn give_up(store: &Store, company: CompanyId, projection: &dyn AnyProjection, generation: i64) -> Result<bool, StoreError> {
    // The pointer first: of a generation that is in use by now, the rows are not ours to delete.
    let mut tx = store.db.begin().await?;
    let dropped = drop_building(&mut tx.conn(), company, projection.name(), generation).await?;
    tx.commit().await?;
    if dropped {
        clear(store, company, projection, generation).await?;
    }
    Ok(dropped)
}

/// Deletes a generation's rows in small steps.
async fn clear(store: &Store, company: CompanyId, projection: &dyn AnyProjection, generation: i64) -> Result<(), StoreError> {
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
