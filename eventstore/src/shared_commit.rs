//! One commit for the turns of several companies, on SQLite.
//!
//! The file has one lock, and a commit waits for the disk. Who comes while others wait for the lock leaves its work in the
//! open transaction, and one commit serves them all. Nobody is answered before it. There is no savepoint between them, as failures are
//! rare and a savepoint costs each turn a third of its time: a turn that fails takes the whole transaction with it, those who had
//! finished are told and make theirs again, and the one that failed does so alone.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};

use sqlx::pool::Pool;
use sqlx::{Sqlite, SqliteConnection, Transaction};
use tokio::sync::{Mutex, OwnedMutexGuard, oneshot};

use crate::error::StoreError;
use crate::sqlite::begin_writing;
use crate::write_ahead_log::{self, WriteAheadLog};

/// The one writing connection of a SQLite file, and the queue for it.
#[derive(Clone, Debug)]
pub(crate) struct SharedWriter {
    pub(crate) pool: Pool<Sqlite>,
    /// What finished turns have left to be committed. Whoever holds the gate may write; they come in order.
    gate: Arc<Mutex<Option<Shared>>>,
    /// Turns that wait for the gate.
    waiting: Arc<AtomicUsize>,
    /// Set for good once the disk did not keep a commit. What reached it is unknown then, and a second try may be told that all is
    /// well when it is not; only a new start reads what is there (FAULTS 7).
    disk_failed: Arc<AtomicBool>,
    log: Arc<WriteAheadLog>,
}

/// A transaction with the work of several turns in it.
#[derive(Debug)]
struct Shared {
    tx: Transaction<'static, Sqlite>,
    /// Who waits for the commit.
    finished: Vec<oneshot::Sender<Result<(), StoreError>>>,
    disk_failed: Arc<AtomicBool>,
    log: Arc<WriteAheadLog>,
}

/// A turn at writing.
///
/// Dropped before its end, it takes the whole transaction with it: those who had finished are told, and try again.
#[derive(Debug)]
pub(crate) struct Turn {
    shared: Shared,
    seat: OwnedMutexGuard<Option<Shared>>,
    /// Those who wait for the gate, when the commit may be left to them.
    shares_with: Option<Arc<AtomicUsize>>,
}

impl SharedWriter {
    pub(crate) fn new(pool: Pool<Sqlite>) -> Self {
        let log = Arc::new(WriteAheadLog::of(&pool, write_ahead_log::LONG));
        Self { pool, gate: Arc::default(), waiting: Arc::default(), disk_failed: Arc::default(), log }
    }

    /// A short turn, which shares its commit with those who wait.
    pub(crate) async fn turn(&self) -> Result<Turn, StoreError> {
        let mut seat = {
            let _waiting = Waiting::count(&self.waiting);
            Arc::clone(&self.gate).lock_owned().await
        };
        let shared = match seat.take() {
            Some(shared) => shared,
            None => self.begin().await?,
        };
        Ok(Turn { shared, seat, shares_with: Some(Arc::clone(&self.waiting)) })
    }

    /// A turn with a commit of its own: however long it takes, nobody's answer waits for its end.
    pub(crate) async fn alone(&self) -> Result<Turn, StoreError> {
        let mut seat = Arc::clone(&self.gate).lock_owned().await;
        if let Some(shared) = seat.take() {
            shared.commit().await;
        }
        Ok(Turn { shared: self.begin().await?, seat, shares_with: None })
    }
}

impl SharedWriter {
    async fn begin(&self) -> Result<Shared, StoreError> {
        if self.disk_failed.load(Ordering::SeqCst) {
            return Err(StoreError::DiskFailed);
        }
        let tx = begin_writing(&self.pool).await?;
        Ok(Shared { tx, finished: vec![], disk_failed: Arc::clone(&self.disk_failed), log: Arc::clone(&self.log) })
    }
}

impl Turn {
    /// What statements run on.
    pub(crate) fn conn(&mut self) -> &mut SqliteConnection {
        &mut self.shared.tx
    }

    /// Keeps what was done, and waits until it is on the disk. After an error it is unknown whether it is.
    pub(crate) async fn commit(self) -> Result<(), StoreError> {
        let Turn { mut shared, mut seat, shares_with } = self;
        let first = !shared.is_joined();
        let (done, committed) = oneshot::channel();
        shared.finished.push(done);
        if shares_with.is_none_or(|waiting| waiting.load(Ordering::Acquire) == 0) {
            shared.commit().await;
        } else {
            *seat = Some(shared);
            if first {
                // Its place in the queue is behind all who wait now: they take their turns first.
                let gate = Arc::clone(OwnedMutexGuard::mutex(&seat));
                tokio::spawn(async move {
                    let mut seat = gate.lock_owned().await;
                    if let Some(shared) = seat.take() {
                        shared.commit().await;
                    }
                });
            }
        }
        drop(seat);
        committed.await.unwrap_or_else(|_| Err(StoreError::database("COMMIT", sqlx::Error::WorkerCrashed)))
    }

    /// Ends a turn that has written nothing.
    pub(crate) async fn leave(self) -> Result<(), StoreError> {
        if self.shared.is_joined() {
            let Turn { shared, mut seat, .. } = self;
            *seat = Some(shared);
            return Ok(());
        }
        self.rollback().await
    }

    /// Takes back what is in the transaction, also of those who have finished.
    pub(crate) async fn rollback(self) -> Result<(), StoreError> {
        self.shared.tx.rollback().await.map_err(|error| StoreError::database("ROLLBACK", error))
    }
}

impl Shared {
    /// Whether it holds the work of a turn that has finished.
    fn is_joined(&self) -> bool {
        !self.finished.is_empty()
    }

    /// Commits, and tells those who wait for it.
    async fn commit(self) {
        let mut committed = self.tx.commit().await.map_err(|error| StoreError::database("COMMIT", error));
        if let Err(error) = &committed
            && error.is_failed_sync()
        {
            tracing::error!(%error, "the disk failed to keep a commit; nothing more is written until the service is started again");
            self.disk_failed.store(true, Ordering::SeqCst);
            committed = Err(StoreError::DiskFailed);
        }
        for waiting in self.finished {
            // Nobody listening is no matter.
            drop(waiting.send(committed.clone()));
        }
        self.log.keep_short().await;
    }
}

/// Counted for as long as it waits, also when it gives up.
struct Waiting<'a>(&'a AtomicUsize);

impl<'a> Waiting<'a> {
    fn count(waiting: &'a AtomicUsize) -> Self {
        waiting.fetch_add(1, Ordering::AcqRel);
        Self(waiting)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tokio::task::JoinHandle;

    use super::*;
    use crate::sqlite;

    /// Two turns: the first has finished and waits for the second, which is at its work.
    struct Two {
        writer: SharedWriter,
        read: Pool<Sqlite>,
        first: JoinHandle<Result<(), StoreError>>,
        second: Turn,
    }

    async fn two(folder: &Path) -> Two {
        let (write, read) = sqlite::open(&folder.join("t.db").display().to_string()).await.unwrap();
        sqlx::query("CREATE TABLE t (n INTEGER)").execute(&write).await.unwrap();
        let writer = SharedWriter::new(write);
        let mut first = writer.turn().await.unwrap();
        insert(&mut first, 1).await;
        let queued = tokio::spawn({
            let writer = writer.clone();
            async move { writer.turn().await.unwrap() }
        });
        while writer.waiting.load(Ordering::Acquire) == 0 {
            tokio::task::yield_now().await;
        }
        let first = tokio::spawn(first.commit());
        let mut second = queued.await.unwrap();
        insert(&mut second, 2).await;
        Two { writer, read, first, second }
    }

    async fn insert(turn: &mut Turn, n: i64) {
        sqlx::query("INSERT INTO t (n) VALUES ($1)").bind(n).execute(turn.conn()).await.unwrap();
    }

    async fn committed(read: &Pool<Sqlite>) -> Vec<i64> {
        sqlx::query_scalar("SELECT n FROM t ORDER BY n").fetch_all(read).await.unwrap()
    }

    #[tokio::test]
    async fn who_waits_shares_the_commit_and_nobody_is_answered_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let Two { read, first, second, .. } = two(folder.path()).await;
        assert!(!first.is_finished());
        assert!(committed(&read).await.is_empty());
        second.commit().await.unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(committed(&read).await, [1, 2]);
    }

    #[tokio::test]
    async fn a_turn_that_wrote_nothing_leaves_the_work_of_those_before_it() {
        let folder = tempfile::tempdir().unwrap();
        let Two { writer, read, first, second } = two(folder.path()).await;
        let third = tokio::spawn(async move { writer.turn().await.unwrap().leave().await });
        second.commit().await.unwrap();
        third.await.unwrap().unwrap();
        first.await.unwrap().unwrap();
        assert_eq!(committed(&read).await, [1, 2]);
    }

    #[tokio::test]
    async fn a_turn_that_is_taken_back_takes_those_before_it_along_and_they_are_told() {
        let folder = tempfile::tempdir().unwrap();
        let Two { read, first, second, .. } = two(folder.path()).await;
        second.rollback().await.unwrap();
        assert!(first.await.unwrap().unwrap_err().is_transient());
        assert!(committed(&read).await.is_empty());
    }

    #[tokio::test]
    async fn a_turn_that_breaks_off_is_told_to_those_before_it_and_the_next_begins_anew() {
        let folder = tempfile::tempdir().unwrap();
        let Two { writer, read, first, second } = two(folder.path()).await;
        drop(second);
        assert!(first.await.unwrap().unwrap_err().is_transient());
        assert!(committed(&read).await.is_empty());
        let mut next = writer.turn().await.unwrap();
        insert(&mut next, 3).await;
        next.commit().await.unwrap();
        assert_eq!(committed(&read).await, [3]);
    }

    #[tokio::test]
    async fn a_long_turn_leaves_nobody_waiting_for_its_end() {
        let folder = tempfile::tempdir().unwrap();
        let Two { writer, read, first, second } = two(folder.path()).await;
        let long = tokio::spawn(async move { writer.alone().await.unwrap() });
        second.commit().await.unwrap();
        first.await.unwrap().unwrap();
        let mut long = long.await.unwrap();
        assert_eq!(committed(&read).await, [1, 2]);
        insert(&mut long, 3).await;
        long.commit().await.unwrap();
        assert_eq!(committed(&read).await, [1, 2, 3]);
    }
}
