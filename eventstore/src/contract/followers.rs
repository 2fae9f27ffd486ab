//! Followers: they keep up inside the commit, or the commit does not take place.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use async_trait::async_trait;
use futures::future::join_all;
use tokio::sync::Mutex;

use super::notebook::Ask;
use super::world::{HERE, World, id};
use crate::db::Tx;
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::Follower;
use crate::log::Mark;
use crate::statement::sql;
use crate::store::Store;
use crate::writer::WriteError;

/// The events of one commit, between the marks before and after it.
type Seen = (Mark, Vec<Recorded>, Mark);

#[derive(Clone, Default)]
pub(super) struct Witness {
    seen: Arc<Mutex<Vec<Seen>>>,
    failing: Arc<AtomicBool>,
}

impl Witness {
    /// One that gives up at every commit.
    pub(super) fn failing() -> Self {
        Self { failing: Arc::new(AtomicBool::new(true)), ..Self::default() }
    }
}

#[async_trait]
impl Follower for Witness {
    async fn follow(&mut self, _: &mut Tx, before: &Mark, events: &[Recorded], after: &Mark) -> Result<(), StoreError> {
        if self.failing.load(Ordering::SeqCst) {
            return Err(StoreError::malformed("the witness", "looked away"));
        }
        self.seen.lock().await.push((*before, events.to_vec(), *after));
        Ok(())
    }

    fn forget(&mut self) {}
}

/// A follower sees every commit once, whole and in order, each beginning where the last ended.
pub async fn a_follower_sees_every_commit(store: &Store) {
    let world = World::of(store).await;
    let witness = Witness::default();
    let writer = world.writer_with(HERE, witness.clone());
    let root = store.head(HERE).await.unwrap();
    join_all((0..50).map(|at| world.tell(&writer, Ask::Write { book: id(at % 7), lines: (at % 4) as usize }))).await;
    let mut mark = root;
    let mut seen = Vec::new();
    for (before, events, after) in witness.seen.lock().await.iter() {
        assert_eq!((*before, events.is_empty()), (mark, false));
        assert!(events.last().unwrap().ends_commit());
        mark = *after;
        seen.extend(events.clone());
    }
    assert_eq!((mark, &seen), (store.head(HERE).await.unwrap(), &world.log(HERE).await));
    world.end(seen.len() as i64, 0).await;
}

/// A follower that gives up takes the whole batch with it: an append is all or nothing.
pub async fn a_follower_that_gives_up_leaves_nothing(store: &Store) {
    let world = World::of(store).await;
    let witness = Witness::default();
    let writer = world.writer_with(HERE, witness.clone());
    world.tell(&writer, Ask::Write { book: id(5), lines: 1 }).await.unwrap();
    witness.failing.store(true, Ordering::SeqCst);
    let name = || Ask::Name { book: id(5), title: "Diary".into() };
    let answers = join_all((0..3).map(|at| writer.submit(world.ask_once(&format!("key {at}"), name())))).await;
    for answer in answers {
        assert!(matches!(answer, Err(WriteError::Unavailable(StoreError::Malformed { .. }))));
    }
    world.end(1, 0).await;
    witness.failing.store(false, Ordering::SeqCst);
    // Neither the stream, nor the claim, nor the receipt was kept.
    world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 1 }).await.unwrap();
    world.tell(&writer, Ask::Name { book: id(6), title: "Diary".into() }).await.unwrap();
    let again = writer.submit(world.ask_once("key 0", Ask::Write { book: id(5), lines: 1 })).await.unwrap();
    assert!(!again.replayed);
    world.end(4, 0).await;
}

/// A follower that runs into a fault, even one of the database, behind a savepoint.
struct Clumsy;

#[async_trait]
impl Follower for Clumsy {
    async fn follow(&mut self, tx: &mut Tx, _: &Mark, _: &[Recorded], _: &Mark) -> Result<(), StoreError> {
        tx.savepoint().await?;
        let forget = sql("UPDATE companies SET name = $1").bind("spoiled");
        forget.run(&mut tx.conn()).await?;
        tx.savepoint().await?;
        assert!(sql("SELECT nothing FROM nowhere").all(&mut tx.conn()).await.is_err());
        tx.undo().await?;
        tx.undo().await?;
        tx.savepoint().await?;
        let remember = sql("UPDATE companies SET name = $1 WHERE company_id = $2").bind("followed").bind(HERE);
        remember.run(&mut tx.conn()).await?;
        tx.release().await
    }

    fn forget(&mut self) {}
}

/// What a follower takes back to its savepoint is undone, and the command is committed all the same.
pub async fn a_follower_can_take_its_own_work_back(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer_with(HERE, Clumsy);
    world.tell(&writer, Ask::Write { book: id(5), lines: 2 }).await.unwrap();
    let names: Vec<String> = store.companies().await.unwrap().into_iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["followed", "There"]);
    world.end(2, 0).await;
}
