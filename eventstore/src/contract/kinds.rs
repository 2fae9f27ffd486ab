//! Events that a version does not know, and ends of logs that do not hold: nothing is built on either.

use super::logs::run;
use super::notebook::{Ask, Shelf};
use super::world::{HERE, THERE, World, id};
use crate::error::StoreError;
use crate::kinds::Kind;
use crate::store::Store;
use crate::turn::Unreadable;
use crate::writer::{WriteError, Writer};

fn confide(at: u128) -> Ask {
    Ask::Confide { book: id(at), word: "Dana".into() }
}

fn old_writer(world: &World) -> Writer<Shelf> {
    Writer::start(world.store.clone(), HERE, Shelf::of_old(), (), world.clock.clone())
}

/// What an old shelf can read.
fn known_of_old(kind: &str, _: i32) -> bool {
    kind != "line.confided"
}

fn is_confided(error: &StoreError, at: i64) -> bool {
    matches!(error, StoreError::Unreadable(Unreadable { position, kind, format: 1, .. }) if *position == at && kind == "line.confided")
}

/// Which kinds of events a log holds is known without reading it, whoever wrote them, and in a log taken over too.
pub async fn the_kinds_of_events_are_listed(store: &Store) {
    let world = World::of(store).await;
    let (one, two) = (world.writer(HERE), world.writer(HERE));
    world.tell(&one, Ask::Write { book: id(5), lines: 2 }).await.unwrap();
    for writer in [&two, &one] {
        world.tell_all(writer, [Ask::Write { book: id(5), lines: 1 }, confide(6), Ask::Name { book: id(5), title: "Diary".into() }]).await;
    }
    let kind = |position, name: &str| Kind { position, name: name.into(), format: 1 };
    let listed = [kind(1, "line.written"), kind(4, "line.confided"), kind(5, "title.taken")];
    assert_eq!(store.kinds(HERE).await.unwrap(), listed);
    assert_eq!(store.kinds(THERE).await.unwrap(), []);

    let log = world.log(HERE).await;
    store.adopt(THERE, store.log_id(HERE).await.unwrap(), &log[..4], &super::notebook::effects_of).await.unwrap();
    assert_eq!(store.kinds(THERE).await.unwrap(), listed[..2]);
    store.adopt(THERE, store.log_id(HERE).await.unwrap(), &log[4..], &super::notebook::effects_of).await.unwrap();
    assert_eq!(store.kinds(THERE).await.unwrap(), listed);
    world.end(8, 8).await;
}

/// A log that holds an event of an unknown kind is not written to, from the moment it stands there, whatever is asked; and that is
/// told at once, also to who only looks.
pub async fn a_log_with_an_unknown_event_is_left_alone(store: &Store) {
    let world = World::of(store).await;
    let (old, new) = (old_writer(&world), world.writer(HERE));
    world.tell(&old, Ask::Write { book: id(5), lines: 2 }).await.unwrap();
    store.check_kinds(HERE, &known_of_old).await.unwrap();
    world.tell(&new, confide(6)).await.unwrap();
    // Neither of these streams holds the event; a writer that just starts is no better off.
    for writer in [&old, &old, &old_writer(&world)] {
        let refused = world.tell(writer, Ask::Write { book: id(5), lines: 1 }).await.unwrap_err();
        assert!(matches!(&refused, WriteError::Unavailable(error) if is_confided(error, 3)), "{refused:?}");
    }
    assert!(is_confided(&store.check_kinds(HERE, &known_of_old).await.unwrap_err(), 3));
    assert!(is_confided(&store.check_tail(HERE, 10, &known_of_old).await.unwrap_err(), 3));
    store.check_kinds(THERE, &known_of_old).await.unwrap();
    store.check_kinds(HERE, &|_, _| true).await.unwrap();
    // Who knows it goes on.
    world.tell(&new, confide(5)).await.unwrap();
    world.end(4, 0).await;
}

/// However much of the end of a log is looked at, it holds when it was only appended to, and what was altered in it is found.
pub async fn the_end_of_a_log_is_looked_at(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for lines in [1, 3, 2, 1, 3] {
        world.tell(&writer, Ask::Write { book: id(5 + lines as u128), lines }).await.unwrap();
    }
    let look = async |events| store.check_tail(HERE, events, &|_, _| true).await;
    for events in 0..=12 {
        look(events).await.unwrap();
    }
    store.check_tail(THERE, 5, &|_, _| true).await.unwrap();
    let alterations = [
        ("UPDATE events SET body = hash WHERE position = 8", 8, "I4 hash chain"),
        ("UPDATE events SET version = 9 WHERE position = 10", 10, "I3 versions"),
        ("UPDATE events SET recorded_at = 0 WHERE position = 9", 9, "recorded_at"),
        ("UPDATE events SET commit_end = 9 WHERE position = 9", 9, "commit"),
        ("DELETE FROM events WHERE position = 9", 10, "I3 positions"),
        ("DELETE FROM events WHERE position = 10", 9, "I3 head"),
        ("DELETE FROM events WHERE position = 6", 6, "I3 positions"),
        ("UPDATE heads SET position = 9 WHERE position = 10", 10, "I3 head"),
        ("UPDATE heads SET last_recorded_at = last_recorded_at + 1 WHERE position = 10", 10, "I3 head"),
        ("DELETE FROM heads WHERE position = 10", 0, "I3 head"),
        ("UPDATE heads SET hash = (SELECT hash FROM events WHERE position = 4) WHERE position = 10", 10, "I4 head"),
    ];
    for (alteration, position, rule) in alterations {
        let found = super::logs::while_altered(&world, alteration, look(4)).await;
        let is_it = matches!(&found, Err(StoreError::Damaged { position: at, rule: of, .. }) if *at == position && *of == rule);
        assert!(is_it, "{alteration}: {found:?}");
    }
    // What lies further back is for the whole check.
    super::logs::while_altered(&world, "UPDATE events SET actor = 'eve' WHERE position = 5", look(4)).await.unwrap();
    run(&world, "DELETE FROM event_kinds".into()).await;
    assert_eq!(world.verify(HERE).await.first().map(|finding| (finding.position, finding.rule)), Some((1, "kinds")));
}
