//! Read models inside the append: those that stand at the head keep up with it in the same transaction.

use async_trait::async_trait;
use eventstore::{CompanyId, Follower, Mark, Recorded, StoreError, Tx, Writes};
use fail::fail_point;

use crate::checkpoint::{self, Checkpoint, advance, note_fault, same};
use crate::error::{Fault, Stopped, is_own_fault};
use crate::happened::Happened;
use crate::projection::{AnyProjection, PROJECTIONS};
use crate::rows::Fold;

/// How many keys each read model remembers between batches.
const REMEMBER: usize = 8_192;

/// Follows one company's log with every read model that stands at its head.
///
/// A fault of a read model takes back its own rows and is noted; the command commits all the same, and the read model
/// catches up later ([`crate::keep_up`]).
pub struct Inline {
    company: CompanyId,
    places: Vec<Place>,
    /// Whether the last batch stumbled: it comes again, and is followed behind savepoints.
    careful: bool,
}

/// Where a read model is believed to stand. The fence in the database has the last word.
struct Place {
    projection: &'static dyn AnyProjection,
    fold: Box<dyn Fold>,
    checkpoint: Option<Checkpoint>,
}

impl Inline {
    /// Follows with every read model.
    pub fn new(company: CompanyId) -> Inline {
        Inline::with(company, PROJECTIONS)
    }

    /// Follows with these read models.
    pub fn with(company: CompanyId, projections: &[&'static dyn AnyProjection]) -> Inline {
        let place = |projection: &&'static dyn AnyProjection| Place { projection: *projection, fold: projection.fold(REMEMBER), checkpoint: None };
        Inline { company, places: projections.iter().map(place).collect(), careful: false }
    }

    /// Reads the checkpoints, because some are unknown or not where the log ended. Costs nothing in a healthy company.
    async fn look(&mut self, tx: &mut Tx) -> Result<(), StoreError> {
        let company = self.company;
        let mut found = checkpoint::read(&mut tx.conn(), company).await?;
        if self.places.iter().any(|place| !found.iter().any(|checkpoint| checkpoint.name == place.projection.name())) {
            checkpoint::insert_missing(&mut tx.conn(), company).await?;
            found = checkpoint::read(&mut tx.conn(), company).await?;
        }
        for place in &mut self.places {
            let now = found.iter().find(|checkpoint| checkpoint.name == place.projection.name()).cloned();
            let known = |checkpoint: &Option<Checkpoint>| checkpoint.as_ref().map(|checkpoint| (checkpoint.at, checkpoint.generation));
            if known(&place.checkpoint) != known(&now) {
                place.fold.forget();
            }
            place.checkpoint = now;
        }
        Ok(())
    }

    /// Applies a batch with these places behind one savepoint: with all of them, or with none.
    async fn apply(&mut self, tx: &mut Tx, ready: &[usize], before: &Mark, batch: &[Happened], after: &Mark) -> Result<(), Stopped> {
        tx.savepoint().await?;
        let done = self.apply_all(tx, ready, before, batch, after).await;
        match done {
            Ok(()) => tx.release().await?,
            Err(_) => {
                ready.iter().for_each(|at| self.places[*at].fold.forget());
                tx.undo().await?;
            }
        }
        done
    }

    async fn apply_all(&mut self, tx: &mut Tx, ready: &[usize], before: &Mark, batch: &[Happened], after: &Mark) -> Result<(), Stopped> {
        let models: Vec<_> = ready.iter().map(|at| (self.places[*at].projection.name(), self.places[*at].generation())).collect();
        let mut writes = Writes::default();
        for at in ready {
            let place = &mut self.places[*at];
            let generation = place.generation();
            writes = place.fold.apply(&mut tx.conn(), self.company, generation, batch, writes).await.map_err(|error| error.0)?;
        }
        fail_point!("projector.after_apply");
        fail_point!("projector.before_checkpoint");
        // The fence comes last: what was read before it still held when it is passed.
        advance(&mut tx.conn(), writes, &models, before, after).await?;
        fail_point!("projector.after_checkpoint");
        for at in ready {
            if let Some(checkpoint) = &mut self.places[*at].checkpoint {
                checkpoint.at = *after;
            }
        }
        Ok(())
    }

    /// Asks for the batch to be made again, because what was written for it cannot be taken back alone.
    fn stumble(&mut self, stopped: Stopped) -> StoreError {
        self.careful = true;
        StoreError::Stumbled(match stopped {
            Stopped::Fault(fault) => fault.to_string(),
            Stopped::Store(error) => error.to_string(),
            Stopped::Overtaken => "a read model was moved by somebody else".to_owned(),
        })
    }

    /// Notes what stopped a read model, in the transaction of the command that goes on without it.
    async fn stop(&mut self, tx: &mut Tx, at: usize, fault: Fault) -> Result<(), StoreError> {
        let (company, place) = (self.company, &mut self.places[at]);
        tracing::error!(%company, projection = place.projection.name(), %fault, "a read model stopped; commands go on without it");
        note_fault(&mut tx.conn(), company, place.projection.name(), &fault).await?;
        place.fold.forget();
        if let Some(checkpoint) = &mut place.checkpoint {
            checkpoint.fault = Some(fault);
        }
        Ok(())
    }

    /// The places that stand where the batch begins, with rows of today's revision.
    fn ready(&self, before: &Mark) -> Vec<usize> {
        (0..self.places.len()).filter(|at| self.places[*at].is_ready(before)).collect()
    }
}

impl Place {
    fn is_ready(&self, before: &Mark) -> bool {
        self.checkpoint.as_ref().is_some_and(|checkpoint| checkpoint.fault.is_none() && checkpoint.is_of(self.projection) && same(&checkpoint.at, before))
    }

    fn generation(&self) -> i64 {
        self.checkpoint.as_ref().map_or(0, |checkpoint| checkpoint.generation)
    }
}

#[async_trait]
impl Follower for Inline {
    async fn follow(&mut self, tx: &mut Tx, before: &Mark, events: &[Recorded], after: &Mark) -> Result<(), StoreError> {
        if self.ready(before).len() < self.places.len() {
            self.look(tx).await?;
        }
        let mut ready = self.ready(before);
        if ready.is_empty() {
            return Ok(());
        }
        let (batch, unreadable) = Happened::read_all(events);
        fail_point!("projector.after_read");
        if let Some(fault) = unreadable {
            for at in ready {
                self.stop(tx, at, fault.clone()).await?;
            }
            return Ok(());
        }
        if !self.careful {
            return match self.apply_all(tx, &ready, before, &batch, after).await {
                Ok(()) => Ok(()),
                Err(Stopped::Store(error)) if !is_own_fault(&error) => Err(error),
                Err(stopped) => Err(self.stumble(stopped)),
            };
        }
        self.careful = false;
        match self.apply(tx, &ready, before, &batch, after).await {
            Ok(()) => return Ok(()),
            Err(Stopped::Overtaken) => {
                self.look(tx).await?;
                ready = self.ready(before);
            }
            Err(Stopped::Store(error)) if !is_own_fault(&error) => return Err(error),
            Err(_) => {}
        }
        // One of them is at fault: each on its own, so that the others keep up.
        for at in ready {
            match self.apply(tx, &[at], before, &batch, after).await {
                Ok(()) => {}
                Err(Stopped::Fault(fault)) => self.stop(tx, at, fault).await?,
                Err(Stopped::Store(error)) if is_own_fault(&error) => {
                    let first = events.first().map_or(after.position.number, |event| event.position);
                    self.stop(tx, at, Fault::new(first, error.to_string())).await?;
                }
                Err(Stopped::Store(error)) => return Err(error),
                // Somebody else moves it right now; it is theirs.
                Err(Stopped::Overtaken) => self.places[at].checkpoint = None,
            }
        }
        Ok(())
    }

    fn forget(&mut self) {
        for place in &mut self.places {
            place.fold.forget();
            place.checkpoint = None;
        }
    }
}
