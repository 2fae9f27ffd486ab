//! Receipts: a command sent twice is done once.

use chrono::TimeDelta;
use futures::future::join_all;

use super::notebook::Ask;
use super::world::{HERE, START, World, id};
use crate::log::Hash;
use crate::receipt::ReceiptKey;
use crate::store::Store;
use crate::writer::{Submission, WriteError};

fn write(lines: usize) -> Ask {
    Ask::Write { book: id(5), lines }
}

/// The same key and the same request give the first answer and add nothing; another request is refused.
pub async fn a_key_is_answered_once(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, write(1)).await.unwrap();
    let first = writer.submit(world.ask_once("key", write(3))).await.unwrap();
    world.tell(&writer, write(1)).await.unwrap();
    // A writer that has not seen it answers the same.
    for writer in [writer, world.writer(HERE)] {
        let again = writer.submit(world.ask_once("key", write(3))).await.unwrap();
        assert!(again.replayed && !first.replayed);
        assert_eq!((&again.events, again.head), (&first.events, first.head));
        let other = writer.submit(world.ask_once("key", write(2))).await;
        assert!(matches!(other, Err(WriteError::KeyReused)));
    }
    let mut elsewhere = world.ask_once("key", write(3));
    elsewhere.receipt.as_mut().unwrap().scope = "ben".into();
    assert!(!world.writer(HERE).submit(elsewhere).await.unwrap().replayed, "keys of two callers never meet");
    world.end(8, 0).await;
}

/// The same holds within one commit.
pub async fn a_key_is_answered_once_within_a_commit(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let submissions = [
        world.ask_once("refused", Ask::WriteAfter { book: id(5), lines: 9 }),
        world.ask_once("key", write(2)),
        world.ask_once("key", write(2)),
        world.ask_once("key", write(1)),
        world.ask_once("refused", write(1)),
        world.ask_once("key", write(2)),
    ];
    let answers = join_all(submissions.into_iter().map(|submission| writer.submit(submission))).await;
    let first = answers[1].as_ref().unwrap();
    for at in [2, 5] {
        let again = answers[at].as_ref().unwrap();
        assert!(again.replayed);
        assert_eq!((&again.events, again.head), (&first.events, first.head));
    }
    assert!(matches!(answers[0], Err(WriteError::Refused(_))));
    assert!(matches!(answers[3], Err(WriteError::KeyReused)));
    assert!(!answers[4].as_ref().unwrap().replayed, "a refusal remembers nothing");
    world.end(3, 0).await;
}

/// A command that changes nothing is remembered too, with the place it stood at.
pub async fn a_command_without_events_is_remembered(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let root = writer.submit(world.ask_once("before the first", write(0))).await.unwrap();
    assert_eq!((root.head.position.number, root.head.hash), (0, Hash::before_first(id(101))));
    world.tell(&writer, write(2)).await.unwrap();
    let first = writer.submit(world.ask_once("key", write(0))).await.unwrap();
    assert_eq!((first.events.len(), first.head), (0, store.head(HERE).await.unwrap()));
    world.tell(&writer, write(2)).await.unwrap();
    for (key, then) in [("before the first", root), ("key", first)] {
        let again = writer.submit(world.ask_once(key, write(0))).await.unwrap();
        assert!(again.replayed);
        assert_eq!((again.events.len(), again.head), (0, then.head));
    }
    world.end(4, 0).await;
}

/// After its time a key is as if it had never been used.
pub async fn a_key_expires(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let expiring = || {
        let submission = world.ask_once("key", write(1));
        let receipt = submission.receipt.clone().unwrap();
        let expires_at = Some(START + TimeDelta::days(30));
        Submission { receipt: Some(ReceiptKey { expires_at, ..receipt }), ..submission }
    };
    assert!(!writer.submit(expiring()).await.unwrap().replayed);
    world.clock.pass(TimeDelta::days(30) - TimeDelta::microseconds(1));
    assert!(writer.submit(expiring()).await.unwrap().replayed);
    world.clock.pass(TimeDelta::microseconds(1));
    assert!(!writer.submit(expiring()).await.unwrap().replayed);
    world.end(2, 0).await;
}
