//! Appends: whole, in order, without gaps, read in pages that never cut one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::future::join_all;

use super::notebook::{Ask, No, book};
use super::world::{HERE, THERE, World, id};
use crate::error::StoreError;
use crate::store::Store;
use crate::writer::WriteError;

/// The events of a command stand side by side under its id, end together, and are answered as they are stored.
pub async fn an_append_is_whole(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, Ask::Write { book: id(9), lines: 2 }).await.unwrap();
    let answer = world.tell(&writer, Ask::Write { book: id(5), lines: 3 }).await.unwrap();
    assert!(!answer.replayed);
    assert_eq!(answer.head, store.head(HERE).await.unwrap());
    let log = world.log(HERE).await;
    assert_eq!(&*answer.events, &log[2..]);
    assert_eq!(store.stream(HERE, &book(id(5))).await.unwrap(), &log[2..]);
    assert_eq!(store.event(HERE, 4).await.unwrap().as_ref(), Some(&log[3]));
    assert_eq!(store.event(HERE, 6).await.unwrap(), None);
    for (at, event) in (1..).zip(&log[2..]) {
        assert_eq!((event.position, event.version, event.commit_end), (at + 2, at, 5));
        assert_eq!(event.command_id, log[2].command_id);
    }
    world.end(5, 0).await;
}

/// Whoever asks at the same time, positions and versions are 1, 2, 3 …
pub async fn positions_have_no_gaps(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let callers = (0..16).map(|caller| {
        let (world, writer) = (&world, writer.clone());
        async move {
            for turn in 0..10 {
                let lines = 1 + (caller + turn) % 3;
                world.tell(&writer, Ask::Write { book: id(caller as u128 % 5), lines }).await.unwrap();
            }
        }
    });
    join_all(callers).await;
    let events = (0..16).flat_map(|caller| (0..10).map(move |turn| 1 + (caller + turn) % 3)).sum::<usize>() as i64;
    let positions: Vec<i64> = world.log(HERE).await.iter().map(|event| event.position).collect();
    assert_eq!(positions, (1..=events).collect::<Vec<_>>());
    world.end(events, 0).await;
}

/// A reader that has seen position 7 never later finds a 6: what it reads, poll by poll, is the log.
pub async fn a_reader_never_misses_an_event(store: &Store) {
    let world = World::of(store).await;
    let done = Arc::new(AtomicBool::new(false));
    let readers: Vec<_> = (1..=3)
        .map(|limit| {
            let (store, done) = (store.clone(), Arc::clone(&done));
            tokio::spawn(async move {
                let mut seen = Vec::new();
                loop {
                    let ending = done.load(Ordering::SeqCst);
                    let after = seen.last().map_or(0, |event: &crate::Recorded| event.position);
                    let page = store.page(HERE, after, limit).await.unwrap();
                    if page.is_empty() && ending {
                        return seen;
                    }
                    seen.extend(page);
                    tokio::task::yield_now().await;
                }
            })
        })
        .collect();
    let writers = [world.writer(HERE), world.writer(HERE)];
    let callers = (0..12).map(|caller| {
        let (world, writer) = (&world, writers[caller % 2].clone());
        async move {
            for lines in 1..=5 {
                world.tell(&writer, Ask::Write { book: id(caller as u128), lines }).await.unwrap();
            }
        }
    });
    join_all(callers).await;
    done.store(true, Ordering::SeqCst);
    let log = world.log(HERE).await;
    for reader in readers {
        assert_eq!(reader.await.unwrap(), log);
    }
    world.end(12 * 15, 0).await;
}

/// Pages of any size end where a commit ends.
pub async fn pages_never_cut_a_commit(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for lines in [1, 2, 3, 4, 5, 6, 7, 7, 1, 6, 2, 5, 3, 4] {
        world.tell(&writer, Ask::Write { book: id(5), lines }).await.unwrap();
    }
    let log = world.log(HERE).await;
    for limit in 1..=7 {
        let mut seen = Vec::new();
        loop {
            let page = store.page(HERE, seen.len() as i64, limit).await.unwrap();
            let Some(last) = page.last() else { break };
            assert_eq!(last.position, last.commit_end, "a page of {limit}");
            assert!(page.len() >= limit || last.position == log.len() as i64);
            seen.extend(page);
        }
        assert_eq!(seen, log);
    }
    world.end(56, 0).await;
}

/// Two companies with the same stream ids have nothing in common.
pub async fn companies_never_meet(store: &Store) {
    let world = World::of(store).await;
    let (here, there) = (world.writer(HERE), world.writer(THERE));
    for writer in [&here, &there] {
        let named = Ask::Name { book: id(5), title: "Diary".into() };
        writer.submit(world.ask_once("key", named)).await.unwrap();
    }
    world.tell(&here, Ask::Write { book: id(5), lines: 3 }).await.unwrap();
    let answer = world.tell(&there, Ask::WriteAfter { book: id(5), lines: 1 }).await.unwrap();
    assert_eq!((answer.events[0].position, answer.events[0].version), (2, 2));
    assert_eq!(store.stream(HERE, &book(id(5))).await.unwrap().len(), 4);
    assert!(world.log(THERE).await.iter().all(|event| event.company == THERE));
    let (one, other) = (store.head(HERE).await.unwrap(), store.head(THERE).await.unwrap());
    assert_ne!(one.hash, other.hash);
    assert_eq!(store.companies().await.unwrap().iter().map(|entry| entry.id).collect::<Vec<_>>(), [HERE, THERE]);
    world.end(4, 2).await;
}

/// A command is decided against the effects of those before it, also within one commit; a refusal, a fault in a
/// decision, or an event nobody can read is that command's own affair.
pub async fn a_refusal_hurts_no_neighbour(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for bad in [0, 1, 100, 255] {
        let before = store.stream(HERE, &book(id(5))).await.unwrap().len() as i64;
        let requests = (0..256).map(|at| match at {
            _ if at == bad => match bad {
                0 => Ask::WriteAfter { book: id(5), lines: -1 },
                1 => Ask::Stumble { book: id(5) },
                100 => Ask::Scrawl { book: id(5) },
                _ => Ask::WriteAfter { book: id(5), lines: before + 256 },
            },
            _ => Ask::WriteAfter { book: id(5), lines: before + at - i64::from(at > bad) },
        });
        let answers = world.tell_all(&writer, requests).await;
        for (at, answer) in (0..).zip(&answers) {
            match answer {
                Ok(accepted) if at != bad => assert_eq!(accepted.events.len(), 1),
                Err(WriteError::Refused(No::Lines(lines))) if at == bad => assert_eq!(*lines, before + at),
                Err(WriteError::Unavailable(StoreError::Panicked(_))) if at == bad => assert_eq!(bad, 1),
                Err(WriteError::Unreadable(_)) if at == bad => assert_eq!(bad, 100),
                other => panic!("command {at} of a batch whose {bad} is bad: {other:?}"),
            }
        }
    }
    world.end(4 * 255, 0).await;
}

/// A value the database itself refuses spoils no other command of its batch.
pub async fn a_value_the_database_refuses_hurts_no_neighbour(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let requests = (0..32).map(|at| match at {
        7 => Ask::Sign { book: id(7), actor: "a\0b".into() },
        _ => Ask::Write { book: id(at), lines: 2 },
    });
    let answers = world.tell_all(&writer, requests).await;
    for (at, answer) in answers.iter().enumerate().filter(|(at, _)| *at != 7) {
        assert!(answer.is_ok(), "command {at}: {answer:?}");
    }
    // SQLite keeps what PostgreSQL refuses; either way the log is whole.
    let kept = answers[7].is_ok();
    world.end(62 + i64::from(kept), 0).await;
}

/// Bodies that are too big for one commit go into the next; one that is bigger than a whole batch goes alone.
pub async fn large_bodies_are_spread_over_commits(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let requests = (0..12).map(|at| Ask::WriteLong { book: id(at % 2), bytes: if at == 3 { 3 << 20 } else { 300 << 10 } });
    for (at, answer) in world.tell_all(&writer, requests).await.into_iter().enumerate() {
        assert_eq!(answer.unwrap().events[0].position, at as i64 + 1);
    }
    world.end(12, 0).await;
}

/// A stream that a request did not say it needs is loaded all the same.
pub async fn a_forgotten_need_is_made_good(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&world.writer(HERE), Ask::Write { book: id(6), lines: 2 }).await.unwrap();
    let answer = world.tell(&writer, Ask::WriteBoth { book: id(5), other: id(6) }).await.unwrap();
    assert_eq!(answer.events.iter().map(|event| event.version).collect::<Vec<_>>(), [1, 3]);
    world.end(4, 0).await;
}
