//! How a batch is folded: rows loaded at once, folded in memory, each changed one written once.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};

use async_trait::async_trait;
use eventstore::{CompanyId, Conn, StoreError, Writes};

use crate::error::{Fault, Stopped};
use crate::happened::Happened;
use crate::projection::Projection;

/// A read model being folded, with the rows it remembers from earlier batches.
#[async_trait]
pub trait Fold: Send + Sync {
    /// Takes a batch in: loads what is not remembered, folds, and adds what changed to what is written.
    ///
    /// After an error, and after its transaction was given up, it must [`forget`](Fold::forget).
    async fn apply(&mut self, conn: &mut Conn<'_>, company: CompanyId, generation: i64, batch: &[Happened], writes: Writes) -> Result<Writes, FoldError>;

    /// Forgets all rows: they may differ from what is stored.
    fn forget(&mut self);
}

/// Why a batch was not folded.
#[derive(Debug)]
pub struct FoldError(pub(crate) Stopped);

impl<E: Into<Stopped>> From<E> for FoldError {
    fn from(error: E) -> FoldError {
        FoldError(error.into())
    }
}

/// The one implementation of [`Fold`].
pub(crate) struct Folding<P: Projection> {
    memory: Memory<P::Key, P::Rows>,
}

impl<P: Projection> Folding<P> {
    pub(crate) fn new(remember: usize) -> Self {
        Folding { memory: Memory::new(remember) }
    }
}

#[async_trait]
impl<P: Projection> Fold for Folding<P> {
    async fn apply(&mut self, conn: &mut Conn<'_>, company: CompanyId, generation: i64, batch: &[Happened], writes: Writes) -> Result<Writes, FoldError> {
        let (mut before, missing) = self.take(batch)?;
        if !missing.is_empty() {
            before.extend(P::load(conn, company, generation, &missing).await?);
        }
        let after = fold::<P>(&before, batch)?;
        let writes = save::<P>(writes, company, generation, &before, &after)?;
        for (key, rows) in after {
            self.memory.put(key, P::settled(rows));
        }
        Ok(writes)
    }

    fn forget(&mut self) {
        self.memory.clear();
    }
}

impl<P: Projection> Folding<P> {
    /// The remembered rows that a batch concerns, and the keys of the others.
    #[allow(clippy::type_complexity, reason = "a pair, named where it is taken apart")]
    fn take(&mut self, batch: &[Happened]) -> Result<(HashMap<P::Key, P::Rows>, Vec<P::Key>), Fault> {
        // Nothing is stored of a contact that begins here: its keys are its own.
        let begun: HashSet<_> = batch.iter().filter(|happened| happened.version == 1).filter_map(|happened| happened.contact).collect();
        let mut seen = HashSet::new();
        let mut known = HashMap::new();
        let mut missing = Vec::new();
        for happened in batch {
            for key in guarded(happened, || P::keys(happened).into_iter().collect::<Vec<_>>())? {
                if !seen.insert(key.clone()) {
                    continue;
                }
                match self.memory.take(&key) {
                    Some(rows) => drop(known.insert(key, rows)),
                    None if happened.contact.is_some_and(|contact| begun.contains(&contact)) => {}
                    None => missing.push(key),
                }
            }
        }
        missing.sort();
        Ok((known, missing))
    }
}

/// The rows that follow from whole histories, as writes into a generation that has none of them.
pub(crate) fn make<P: Projection>(company: CompanyId, generation: i64, histories: &[Happened]) -> Result<Writes, FoldError> {
    let nothing = HashMap::new();
    let rows = fold::<P>(&nothing, histories)?;
    Ok(save::<P>(Writes::default(), company, generation, &nothing, &rows)?)
}

/// Adds the rows that changed to what is written.
fn save<P: Projection>(
    writes: Writes,
    company: CompanyId,
    generation: i64,
    before: &HashMap<P::Key, P::Rows>,
    after: &HashMap<P::Key, P::Rows>,
) -> Result<Writes, StoreError> {
    let nothing = P::Rows::default();
    let mut changed: Vec<(&P::Key, &P::Rows)> = after.iter().filter(|(key, rows)| before.get(key).unwrap_or(&nothing) != *rows).collect();
    // In the order of the tables' keys, so that neighbours are written together.
    changed.sort_unstable_by_key(|(key, _)| *key);
    if changed.is_empty() { Ok(writes) } else { P::save(writes, company, generation, &changed) }
}

/// Folds a batch over the rows before it. A panic of the read model is its fault, at the fact it stumbled over.
fn fold<P: Projection>(before: &HashMap<P::Key, P::Rows>, batch: &[Happened]) -> Result<HashMap<P::Key, P::Rows>, Fault> {
    let mut after: HashMap<P::Key, P::Rows> = HashMap::with_capacity(before.len());
    for happened in batch {
        guarded(happened, || {
            for key in P::keys(happened) {
                let rows = after.remove(&key).or_else(|| before.get(&key).cloned()).unwrap_or_default();
                let rows = P::evolve(&key, rows, happened);
                after.insert(key, rows);
            }
        })?;
    }
    Ok(after)
}

/// Runs code of a read model and turns a panic into a fault.
fn guarded<T>(happened: &Happened, work: impl FnOnce() -> T) -> Result<T, Fault> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|panic| {
        let text = match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
            (Some(text), _) => (*text).to_owned(),
            (_, Some(text)) => text.clone(),
            _ => "no text".to_owned(),
        };
        Fault::new(happened.position, format!("the fold panicked: {text}"))
    })
}

/// Rows by key, the ones used lately: two halves, of which the older is dropped when the newer is full.
struct Memory<K, R> {
    newer: HashMap<K, R>,
    older: HashMap<K, R>,
    half: usize,
}

impl<K: std::hash::Hash + Eq, R> Memory<K, R> {
    fn new(capacity: usize) -> Self {
        Memory { newer: HashMap::new(), older: HashMap::new(), half: capacity / 2 }
    }

    fn take(&mut self, key: &K) -> Option<R> {
        self.newer.remove(key).or_else(|| self.older.remove(key))
    }

    fn put(&mut self, key: K, rows: R) {
        if self.newer.len() >= self.half {
            self.older = std::mem::take(&mut self.newer);
        }
        if self.half > 0 {
            self.newer.insert(key, rows);
        }
    }

    fn clear(&mut self) {
        self.newer.clear();
        self.older.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_used_lately_is_remembered_and_the_rest_is_let_go() {
        let mut memory = Memory::new(4);
        (1..=4).for_each(|key| memory.put(key, key));
        assert_eq!(memory.take(&1), Some(1));
        memory.put(1, 1);
        assert_eq!([1, 2, 3, 4].map(|key| memory.take(&key)), [Some(1), None, Some(3), Some(4)]);
    }

    #[test]
    fn a_memory_without_room_remembers_nothing() {
        let mut memory = Memory::new(0);
        memory.put(1, 1);
        assert_eq!(memory.take(&1), None);
    }
}
