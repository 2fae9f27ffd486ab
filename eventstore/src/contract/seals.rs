//! Personal values: sealed where they are stored, open to who reads the log, and gone once their key is.

use super::notebook::{Ask, No, book};
use super::world::{HERE, THERE, World, id};
use crate::error::StoreError;
use crate::keys::MasterKey;
use crate::statement::sql;
use crate::store::Store;
use crate::writer::WriteError;

const OPEN: &[u8] = br#"{"word":{"personal":"Dana"}}"#;
const ERASED: &[u8] = br#"{"word":{"erased":true}}"#;

fn confide(at: u128) -> Ask {
    Ask::Confide { book: id(at), word: "Dana".into() }
}

/// Whoever reads the log reads the value: by page, by stream, by position, in the answer and in the answer given again.
/// What is stored, and hashed, does not hold it, and no two sealed values look the same.
pub async fn personal_values_are_sealed_where_they_are_stored(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let first = world.ask_once("one", confide(5));
    let mut answers = vec![writer.submit(first.clone()).await.unwrap()];
    answers.push(world.tell(&writer, confide(5)).await.unwrap());
    answers.push(writer.submit(first.clone()).await.unwrap());
    // A writer that holds nothing yet finds the key.
    answers.push(world.tell(&world.writer(HERE), confide(5)).await.unwrap());
    answers.push(world.writer(HERE).submit(first).await.unwrap());
    for answer in &answers {
        assert_eq!(answer.events[0].data(), OPEN);
    }
    let log = world.log(HERE).await;
    assert_eq!(log, store.stream(HERE, &book(id(5))).await.unwrap());
    assert_eq!(Some(&log[1]), store.event(HERE, 2).await.unwrap().as_ref());
    for event in &log {
        assert_eq!(event.data(), OPEN);
        assert!(!event.body.windows(4).any(|part| part == b"Dana"), "{event:?}");
    }
    assert_ne!(log[0].body, log[1].body);
    world.end(3, 0).await;
}

/// After an erasure the value is nowhere to be had, its claims are free, every hash still holds, and nothing else
/// is touched: neither other streams nor the same stream of another company.
pub async fn an_erased_stream_is_erased_for_ever(store: &Store) {
    let world = World::of(store).await;
    let (here, there) = (world.writer(HERE), world.writer(THERE));
    world.tell(&there, confide(5)).await.unwrap();
    let name = |at| Ask::Name { book: id(at), title: "Diary".into() };
    world.tell(&here, name(5)).await.unwrap();
    world.tell(&here, confide(5)).await.unwrap();
    world.tell(&here, confide(6)).await.unwrap();
    let before = store.head(HERE).await.unwrap();
    world.tell(&here, Ask::Erase { book: id(5) }).await.unwrap();

    let log = world.log(HERE).await;
    assert_eq!((log[1].data(), log[2].data()), (ERASED, OPEN));
    assert_eq!(log[2].hash, before.hash);
    assert_eq!(world.log(THERE).await[0].data(), OPEN);
    // Nothing personal is taken up again, by who knows of the erasure and by who has to look; the rest goes on.
    for writer in [&here, &world.writer(HERE)] {
        let refused = world.tell(writer, confide(5)).await.unwrap_err();
        assert!(matches!(refused, WriteError::Unavailable(StoreError::Erased(stream)) if stream == book(id(5))));
        world.tell(writer, Ask::Write { book: id(5), lines: 1 }).await.unwrap();
    }
    world.tell(&here, name(6)).await.unwrap();
    world.end(7, 1).await;
}

/// Within one commit, a stream is sealed and erased, and its claims pass on, just as one commit after another.
pub async fn erasures_take_effect_within_a_commit(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let name = |at, title: &str| Ask::Name { book: id(at), title: title.into() };
    world.tell(&writer, name(5, "Old")).await.unwrap();
    let answers =
        world.tell_all(&writer, [confide(5), name(5, "New"), Ask::Erase { book: id(5) }, confide(5), name(6, "New"), name(6, "Old"), name(5, "New")]).await;
    let taken: Vec<bool> = answers.iter().map(Result::is_ok).collect();
    assert_eq!(taken, [true, true, true, false, true, true, false]);
    assert!(matches!(answers[6], Err(WriteError::Refused(No::Taken(ref by))) if *by == book(id(6))));
    assert_eq!(world.log(HERE).await[1].data(), ERASED);
    world.end(6, 0).await;
}

/// Of two writers, one learns from the log what the other sealed and erased.
pub async fn writers_learn_of_keys_from_each_other(store: &Store) {
    let world = World::of(store).await;
    let (one, two) = (world.writer(HERE), world.writer(HERE));
    for writer in [&one, &two] {
        world.tell(writer, Ask::Write { book: id(5), lines: 1 }).await.unwrap();
    }
    for writer in [&one, &two, &one] {
        world.tell(writer, confide(5)).await.unwrap();
    }
    world.tell(&two, Ask::Erase { book: id(5) }).await.unwrap();
    let refused = world.tell(&one, confide(5)).await.unwrap_err();
    assert!(matches!(refused, WriteError::Unavailable(StoreError::Erased(_))), "{refused:?}");
    world.end(6, 0).await;
}

/// A sealed value that was altered, or moved into another event, does not open; and it is no erasure.
pub async fn a_sealed_value_cannot_be_moved(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell_all(&writer, [confide(5), confide(5)]).await;
    let mut tx = store.db.begin().await.unwrap();
    // Whoever may not change the log cannot try this: the test speaks as the one who gave itself the right.
    if store.db.engine() == crate::Engine::Postgres {
        tx.conn().script("right", "GRANT UPDATE ON events TO CURRENT_USER").await.unwrap();
    }
    let other = sql("SELECT body FROM events WHERE company_id = $1 AND position = 2").bind(HERE).one(&mut tx.conn()).await.unwrap().unwrap();
    let body: Vec<u8> = other.get(0).unwrap();
    sql("UPDATE events SET body = $2 WHERE company_id = $1 AND position = 1").bind(HERE).bind(body).run(&mut tx.conn()).await.unwrap();
    tx.commit().await.unwrap();
    let error = store.event(HERE, 1).await.unwrap_err();
    assert_eq!(error.to_string(), "event body: a sealed value at position 1 does not open under its key");
}

/// Under another master key nothing is read and nothing is written, and the reason is told.
pub async fn another_master_key_opens_nothing(store: &Store) {
    let world = World::of(store).await;
    world.tell(&world.writer(HERE), confide(5)).await.unwrap();
    let strange = World { store: Store::new(store.db.clone(), MasterKey::new([9; 32])), clock: world.clock.clone() };
    assert!(matches!(strange.store.page(HERE, 0, 10).await, Err(StoreError::WrongMasterKey(HERE))));
    let refused = strange.tell(&strange.writer(HERE), Ask::Write { book: id(7), lines: 1 }).await.unwrap_err();
    assert!(matches!(refused, WriteError::Unavailable(StoreError::WrongMasterKey(HERE))), "{refused:?}");
    world.end(1, 0).await;
}
