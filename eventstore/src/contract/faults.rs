//! Faults of the connection to a server: nobody is told a thing that is not so.

use super::notebook::Ask;
use super::world::{HERE, World, id};
use crate::error::StoreError;
use crate::store::Store;
use crate::writer::WriteError;

/// A connection that broke while nothing was under way is replaced without a word.
pub async fn a_broken_connection_is_noticed_by_nobody(store: &Store, break_all: impl AsyncFn()) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for lines in 0..5 {
        world.tell(&writer, Ask::WriteAfter { book: id(5), lines }).await.unwrap();
        assert_eq!(store.head(HERE).await.unwrap().position.number, lines + 1);
        break_all().await;
    }
    world.end(5, 0).await;
}

/// A commit that is not confirmed is looked for: what was committed is answered as done and is there once; what was
/// not is done again. `lose` makes the connection break at the next commit, before it or after.
pub async fn a_lost_commit_is_looked_for(store: &Store, lose: impl Fn()) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for at in 0..4 {
        // Without a key, nothing but the log can tell.
        lose();
        world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 3 * at }).await.unwrap();
        lose();
        let answer = writer.submit(world.ask_once(&format!("key {at}"), Ask::Write { book: id(5), lines: 2 })).await.unwrap();
        assert_eq!(&*answer.events, &world.log(HERE).await[answer.events[0].position as usize - 1..]);
        assert!(!answer.replayed);
        let again = writer.submit(world.ask_once(&format!("key {at}"), Ask::Write { book: id(5), lines: 2 })).await.unwrap();
        assert!(again.replayed);
        assert_eq!(again.events, answer.events);
    }
    // A command without events leaves a receipt alone, by which it is found.
    lose();
    assert_eq!(writer.submit(world.ask_once("empty", Ask::Write { book: id(5), lines: 0 })).await.unwrap().events.len(), 0);
    world.end(12, 0).await;
}

/// When the server stays away, callers are told that the store is unavailable; when it is back, all goes on.
pub async fn a_server_that_is_away_is_unavailable(store: &Store, go: impl Fn(bool)) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 0 }).await.unwrap();
    go(false);
    let answer = world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 1 }).await;
    assert!(matches!(answer, Err(WriteError::Unavailable(StoreError::Database { .. }))), "{answer:?}");
    go(true);
    world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 1 }).await.unwrap();
    world.end(2, 0).await;
}
