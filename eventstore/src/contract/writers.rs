//! Writers: several on one log, callers that go away, queues that fill, and an orderly end.

use futures::future::join_all;
use futures::poll;

use super::notebook::{Ask, No};
use super::world::{HERE, World, id};
use crate::error::StoreError;
use crate::store::{Store, lock_head};
use crate::writer::WriteError;

/// Two writers of one company take turns; each sees what the other wrote before it decides.
pub async fn two_writers_take_turns(store: &Store) {
    let world = World::of(store).await;
    let writers = [world.writer(HERE), world.writer(HERE)];
    for lines in 0..20 {
        let writer = &writers[lines as usize % 2];
        world.tell(writer, Ask::WriteAfter { book: id(5), lines }).await.unwrap();
        let stale = world.tell(writer, Ask::WriteAfter { book: id(5), lines }).await;
        assert!(matches!(stale, Err(WriteError::Refused(No::Lines(seen))) if seen == lines + 1));
    }
    let callers = (0..40).map(|at| world.tell(&writers[at % 2], Ask::Write { book: id(at as u128 % 3), lines: 2 }));
    for answer in join_all(callers).await {
        assert_eq!(answer.unwrap().events.len(), 2);
    }
    world.end(100, 0).await;
}

/// A caller that goes away changes nothing: its command is carried out whole.
pub async fn a_caller_that_goes_away_changes_nothing(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for _ in 0..10 {
        let mut asked = Box::pin(world.tell(&writer, Ask::Write { book: id(5), lines: 3 }));
        assert!(poll!(&mut asked).is_pending());
        drop(asked);
    }
    // Whoever asks next finds it done.
    world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 30 }).await.unwrap();
    world.end(31, 0).await;
}

/// When too many wait, the next is told so at once; those who wait are served.
pub async fn a_full_queue_says_so(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let mut held = store.db.begin().await.unwrap();
    lock_head(&mut held, HERE).await.unwrap();
    let mut waiting = Vec::new();
    let mut busy = 0;
    for _ in 0..1_500 {
        let mut asked = Box::pin(world.tell(&writer, Ask::Write { book: id(5), lines: 1 }));
        match poll!(&mut asked) {
            std::task::Poll::Pending => waiting.push(asked),
            std::task::Poll::Ready(Err(WriteError::Busy)) => busy += 1,
            other => panic!("{other:?}"),
        }
    }
    assert!(busy > 0 && waiting.len() >= 1_024, "{busy} were turned away, {} wait", waiting.len());
    held.rollback().await.unwrap();
    let served = waiting.len() as i64;
    for answer in join_all(waiting).await {
        answer.unwrap();
    }
    world.end(served, 0).await;
}

/// What is enqueued is done in order, and leaves room for people at work.
pub async fn enqueued_commands_keep_their_order(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let mut pending = Vec::new();
    for lines in 0..700 {
        pending.push(writer.enqueue(world.ask(Ask::WriteAfter { book: id(5), lines })).await);
        if lines == 350 {
            world.tell(&writer, Ask::Write { book: id(6), lines: 1 }).await.unwrap();
        }
    }
    for answer in join_all(pending).await {
        answer.unwrap();
    }
    assert_eq!(*writer.head().borrow(), 701);
    world.end(701, 0).await;
}

/// A stopped writer finishes what waits and takes no more.
pub async fn a_stopped_writer_finishes(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let mut pending = Vec::new();
    for lines in 0..300 {
        pending.push(writer.enqueue(world.ask(Ask::WriteAfter { book: id(5), lines })).await);
    }
    writer.stop().await;
    for answer in join_all(pending).await {
        answer.unwrap();
    }
    let late = world.tell(&writer, Ask::Write { book: id(5), lines: 1 }).await;
    assert!(matches!(late, Err(WriteError::Unavailable(StoreError::Stopped))));
    let late = writer.enqueue(world.ask(Ask::Write { book: id(5), lines: 1 })).await.await;
    assert!(matches!(late, Err(WriteError::Unavailable(StoreError::Stopped))));
    writer.stop().await;
    world.end(300, 0).await;
}

/// The head can be watched: it moves with every commit, and starts where the log ends.
pub async fn the_head_can_be_watched(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let mut head = writer.head();
    world.tell(&writer, Ask::Write { book: id(5), lines: 3 }).await.unwrap();
    assert_eq!(*head.wait_for(|position| *position >= 3).await.unwrap(), 3);
    let mut elsewhere = world.writer(HERE).head();
    assert_eq!(*elsewhere.wait_for(|position| *position >= 3).await.unwrap(), 3);
    world.end(3, 0).await;
}
