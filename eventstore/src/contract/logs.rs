//! Logs: the chain that binds them, the check that finds what was altered, and moving to another company.

use chrono::TimeDelta;
use futures::future::join_all;
use sqlx::AssertSqlSafe;

use super::notebook::{Ask, effects_of};
use super::world::{Clockwork, HERE, START, THERE, World, id};
use crate::adopt::Adopted;
use crate::db::Conn;
use crate::error::StoreError;
use crate::event::Recorded;
use crate::histories::Histories;
use crate::journal::Ack;
use crate::log::{CompanyId, Mark};
use crate::store::Store;
use crate::verify::{Checks, verify_at};
use crate::writer::{Ports, Writer};

/// The same commands at the same times give the same hashes on every database, to the last byte.
pub async fn hashes_are_the_same_everywhere(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for lines in 1..=4 {
        world.clock.pass(TimeDelta::microseconds(1_234_567));
        world.tell(&writer, Ask::Write { book: id(lines as u128 % 2), lines }).await.unwrap();
    }
    world.tell(&writer, Ask::Name { book: id(5), title: "Überblick „heute“".into() }).await.unwrap();
    let head = store.head(HERE).await.unwrap();
    assert_eq!((head.position.number, head.hash.to_string().as_str()), (11, "369ca66baa5512835ba19cb1b67fd3efef5e178dbde1182031283a61450b2043"));
    world.end(11, 0).await;
}

/// Recording times rise along the log, even when the clock stands still or is set back.
pub async fn recording_times_rise(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for step in [0, 5, 0, -1_000, 0, 7_000] {
        world.clock.pass(TimeDelta::microseconds(step));
        world.tell(&writer, Ask::Write { book: id(5), lines: 2 }).await.unwrap();
    }
    let times: Vec<_> = world.log(HERE).await.iter().map(|event| event.recorded_at).collect();
    assert!(times.is_sorted_by(|a, b| a < b), "{times:?}");
    assert_eq!((times[0], times[11]), (START, world.clock.now() + TimeDelta::microseconds(1)));
    world.end(12, 0).await;
}

/// Histories are whole, in the order of their streams, and as they stood at a position, however many are asked for at once.
pub async fn histories_are_read_whole(store: &Store) {
    let world = World::of(store).await;
    let (here, there) = (world.writer(HERE), world.writer(THERE));
    for (book, lines) in [(7, 3), (5, 1), (7, 2), (6, 4)] {
        world.tell(&here, Ask::Write { book: id(book), lines }).await.unwrap();
        world.tell(&there, Ask::Write { book: id(book), lines: 1 }).await.unwrap();
    }
    let log = world.log(HERE).await;
    for until in [0, 1, 5, 6, 10] {
        let mut expected: Vec<_> = log.iter().filter(|event| event.position <= until).cloned().collect();
        expected.sort_by_key(|event| (event.stream.id, event.version));
        for limit in [0, 1, 4, 5, 6, 100] {
            let (mut read, mut after) = (Vec::new(), None);
            loop {
                let Histories { events, more } = store.histories(HERE, after.as_ref(), until, limit).await.unwrap();
                assert!(!more || !events.is_empty(), "it goes on with every answer");
                after = events.last().map(|event| event.stream.clone()).or(after);
                read.extend(events);
                if !more {
                    break;
                }
            }
            assert_eq!(read, expected, "up to {until}, {limit} at once");
        }
    }
    world.end(10, 4).await;
}

/// A change to any column of any event, a missing event, and a lost claim are found, and their place is named.
pub async fn anything_altered_is_found(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for _ in 0..3 {
        world.tell(&writer, Ask::Write { book: id(5), lines: 3 }).await.unwrap();
    }
    writer.submit(world.ask_once("key", Ask::Name { book: id(5), title: "Diary".into() })).await.unwrap();
    world.end(10, 0).await;
    let event = |change: &str| format!("UPDATE events SET {change} WHERE position = 5");
    let alterations = [
        (event("body = (SELECT body FROM events WHERE position = 4)"), 5),
        (event("hash = (SELECT hash FROM events WHERE position = 4)"), 5),
        (event("actor = 'eve'"), 5),
        (event("cause = ''"), 5),
        (event("kind = 'line.writtem'"), 5),
        (event("format = 2"), 5),
        (event("occurred_at = occurred_at + 1"), 5),
        (event("recorded_at = recorded_at + 1"), 5),
        (event("event_id = command_id"), 5),
        (event("event_id = (SELECT event_id FROM events WHERE position = 4)"), 5),
        (event("command_id = event_id"), 5),
        (event("version = 17"), 5),
        (event("commit_end = 5"), 5),
        (event("stream_kind = 'boot'"), 5),
        ("UPDATE events SET body = hash WHERE position = 10".into(), 10),
        ("DELETE FROM events WHERE position = 5".into(), 6),
        ("DELETE FROM events WHERE position = 10".into(), 9),
        ("UPDATE heads SET hash = (SELECT hash FROM events WHERE position = 4) WHERE position = 10".into(), 10),
        ("UPDATE heads SET log_id = company_id".into(), 1),
        ("UPDATE heads SET position = 9".into(), 9),
        ("UPDATE claims SET position = 4".into(), 10),
        ("DELETE FROM claims".into(), 10),
        ("UPDATE claims SET mac = (SELECT hash FROM heads LIMIT 1)".into(), 10),
        ("UPDATE event_kinds SET format = 2 WHERE position = 10".into(), 10),
        ("DELETE FROM event_kinds WHERE position = 1".into(), 1),
        ("UPDATE receipts SET last_position = 11".into(), 11),
        ("UPDATE receipts SET first_position = 9".into(), 10),
        ("UPDATE receipts SET command_id = company_id".into(), 10),
    ];
    for (alteration, position) in alterations {
        let report = altered(&world, Checks::whole(), &alteration).await;
        assert_eq!(report.first().map(|finding| finding.position), Some(position), "{alteration}: {:#?}", report.findings);
    }
    world.end(10, 0).await;
}

/// The last events alone are checked from the event before them, versions and all.
pub async fn a_tail_is_checked_from_the_event_before_it(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    for _ in 0..3 {
        world.tell(&writer, Ask::Write { book: id(5), lines: 3 }).await.unwrap();
    }
    world.tell(&writer, Ask::Write { book: id(6), lines: 1 }).await.unwrap();
    let cases = [
        (1, "UPDATE heads SET last_recorded_at = 0", Some((10, "I3 head"))),
        (4, "UPDATE heads SET last_recorded_at = 0", Some((10, "I3 head"))),
        (50, "UPDATE heads SET last_recorded_at = 0", Some((10, "I3 head"))),
        (5, "UPDATE events SET actor = 'eve' WHERE position = 5", None),
        (6, "UPDATE events SET actor = 'eve' WHERE position = 5", Some((5, "I4 hash chain"))),
        (3, "UPDATE events SET version = 17 WHERE position = 8", Some((8, "I3 versions"))),
        (2, "UPDATE events SET version = 17 WHERE position = 9", Some((9, "I3 versions"))),
        (1, "UPDATE events SET version = 17 WHERE position = 10", Some((10, "I3 versions"))),
        (5, "DELETE FROM events WHERE position = 5", Some((5, "I3 positions"))),
        (5, "UPDATE events SET command_id = company_id, actor = '' WHERE position = 9", Some((9, "I8 named"))),
    ];
    for (tail, alteration, expected) in cases {
        let report = altered(&world, Checks::whole().of_tail(tail), alteration).await;
        let found = |(position, rule): (i64, &str)| report.findings.iter().any(|found| (found.position, found.rule) == (position, rule));
        assert!(expected.map_or(report.findings.is_empty(), found), "the last {tail}: {alteration}: {:#?}", report.findings);
        assert!(report.events <= tail, "{report:?}");
    }
    world.end(10, 0).await;
}

/// Whatever a client was told is found again; what was lost or altered is named with its line.
pub async fn what_was_acknowledged_is_found_again(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let mut acks = Vec::new();
    for lines in [3, 0, 1, 2] {
        let submission = world.ask(Ask::Write { book: id(5), lines });
        let command_id = submission.command_id;
        let accepted = writer.submit(submission).await.unwrap();
        let Mark { position, hash } = accepted.head;
        acks.push(Ack { company: HERE, key: None, command_id, events: lines as i64, position: position.number, hash });
    }
    let lost = async |acks: &[Ack]| {
        let numbered: Vec<(u64, Ack)> = (1..).zip(acks.iter().cloned()).collect();
        store.lost(HERE, &numbered).await.unwrap().into_iter().map(|lost| (lost.line, lost.position)).collect::<Vec<_>>()
    };
    let altered = |at: usize, change: fn(&mut Ack)| {
        let mut acks = acks.clone();
        change(&mut acks[at]);
        acks
    };
    assert_eq!(lost(&acks).await, []);
    for (changed, line, position) in [
        (altered(0, |ack| ack.hash.0[0] ^= 1), 1, 3),
        (altered(1, |ack| ack.hash.0[0] ^= 1), 2, 3),
        (altered(2, |ack| ack.command_id = id(99)), 3, 4),
        (altered(3, |ack| ack.events = 1), 4, 6),
        (altered(3, |ack| ack.events = 3), 4, 6),
        (altered(3, |ack| ack.position = 7), 4, 7),
    ] {
        assert_eq!(lost(&changed).await, [(line, position)], "{:?}", changed[line as usize - 1]);
    }
    world.end(6, 0).await;
}

/// The report after a change that is taken back again, in however many ranges.
async fn altered(world: &World, checks: Checks, alteration: &str) -> crate::Report {
    let look = async {
        let checked = async |checks: Checks| verify_at(&world.store, HERE, &checks, &effects_of, &mut |_, _| {}).await.unwrap();
        let report = checked(checks.clone().in_ranges(1, 1)).await;
        for ranges in [2, 3, 10] {
            assert_eq!(checked(checks.clone().in_ranges(ranges, 1)).await, report, "{alteration}: in {ranges} ranges");
        }
        report
    };
    while_altered(world, alteration, look).await
}

/// What is found after a change that is taken back again.
pub(super) async fn while_altered<T>(world: &World, alteration: &str, look: impl Future<Output = T>) -> T {
    let tables = ["events", "heads", "claims", "receipts", "event_kinds", "timers", "outbox"];
    for table in tables {
        run(world, format!("CREATE TABLE saved_{table} AS SELECT * FROM {table}")).await;
    }
    run(world, alteration.to_owned()).await;
    let found = look.await;
    for table in tables {
        run(world, format!("DELETE FROM {table}")).await;
        run(world, format!("INSERT INTO {table} SELECT * FROM saved_{table}")).await;
        run(world, format!("DROP TABLE saved_{table}")).await;
    }
    found
}

/// What no part of the product does.
pub(super) async fn run(world: &World, text: String) {
    let mut tx = world.store.db.begin().await.unwrap();
    match tx.conn() {
        Conn::Sqlite(conn) => drop(sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.unwrap()),
        Conn::Postgres(conn) => drop(sqlx::raw_sql(AssertSqlSafe(text)).execute(conn).await.unwrap()),
    }
    tx.commit().await.unwrap();
}

/// A log taken over into an empty company keeps every hash, can be taken over twice, and goes on from there.
pub async fn a_log_can_be_adopted(store: &Store) {
    let world = World::of(store).await;
    let log = exported(&world).await;
    let log_id = store.log_id(HERE).await.unwrap();
    let (first, second) = log.split_at(4);
    let adopt = |events| store.adopt(THERE, log_id, events, &effects_of);
    let there = adopt(first).await.unwrap();
    assert_eq!((there.added, there.already, there.head.position.number, there.head.hash), (4, 0, 4, log[3].hash));
    let there = adopt(&log).await.unwrap();
    assert_eq!(there, Adopted { added: 5, already: 4, head: there.head });
    assert_eq!(adopt(second).await.unwrap(), Adopted { added: 0, already: 5, head: there.head });
    assert_eq!(there.head.hash, store.head(HERE).await.unwrap().hash);
    world.end(9, 9).await;
    // The writer takes up where the log ends, and the claims are held again.
    let writer = world.writer(THERE);
    world.tell(&writer, Ask::Name { book: id(7), title: "Diary".into() }).await.unwrap_err();
    world.tell(&writer, Ask::WriteAfter { book: id(5), lines: 6 }).await.unwrap();
    world.end(9, 10).await;
}

/// What does not continue the log, in any respect, adds nothing.
pub async fn an_altered_log_is_not_adopted(store: &Store) {
    let world = World::of(store).await;
    let log = exported(&world).await;
    let log_id = store.log_id(HERE).await.unwrap();
    let altered = |at: usize, change: fn(&mut Recorded)| {
        let mut log = log.clone();
        change(&mut log[at]);
        log
    };
    let attempts = [
        (log_id, altered(2, |event| event.body[0] ^= 1), 3),
        (log_id, altered(8, |event| event.hash.0[31] ^= 1), 9),
        (log_id, altered(4, |event| event.version = 4), 5),
        (log_id, altered(0, |event| event.commit_end = 2), 1),
        (log_id, log[1..].to_vec(), 2),
        (log_id, [&log[..3], &log[4..]].concat(), 5),
        (log_id, log[..2].to_vec(), 2),
        (id(99), log.clone(), 1),
    ];
    for (log_id, events, position) in attempts {
        let refused = store.adopt(THERE, log_id, &events, &effects_of).await.unwrap_err();
        assert!(matches!(refused, StoreError::BrokenLog { position: at, .. } if at == position), "{position}: {refused}");
    }
    world.end(9, 0).await;
    // Into a company with a history of its own, and over events that differ from those there.
    world.tell(&world.writer(THERE), Ask::Write { book: id(5), lines: 1 }).await.unwrap();
    assert!(store.adopt(THERE, log_id, &log, &effects_of).await.is_err());
    assert!(store.adopt(HERE, log_id, &altered(2, |event| event.actor = "eve".into()), &effects_of).await.is_err());
    world.end(9, 1).await;
}

async fn exported(world: &World) -> Vec<Recorded> {
    let writer = world.writer(HERE);
    for lines in [3, 1] {
        world.tell(&writer, Ask::Write { book: id(5), lines }).await.unwrap();
    }
    world.tell(&writer, Ask::Name { book: id(5), title: "Diary".into() }).await.unwrap();
    world.tell(&writer, Ask::Name { book: id(6), title: "Album".into() }).await.unwrap();
    world.tell(&writer, Ask::Rename { book: id(6), from: "Album".into() }).await.unwrap();
    world.tell(&writer, Ask::Name { book: id(6), title: "Atlas".into() }).await.unwrap();
    world.tell(&writer, Ask::Name { book: id(5), title: "Album".into() }).await.unwrap();
    world.log(HERE).await
}

/// A company is made once, and asking for one that was never made is an error.
pub async fn a_company_is_made_once(store: &Store) {
    let world = World::of(store).await;
    let again = store.create_company(HERE, "Again", id(99), [1; 32], START).await;
    assert!(matches!(again, Err(StoreError::CompanyExists(HERE))));
    let nowhere = CompanyId(id(77));
    assert!(matches!(store.head(nowhere).await, Err(StoreError::UnknownCompany(_))));
    let writer = Writer::start(store.clone(), nowhere, super::notebook::Shelf::default(), (), Clockwork::new(3));
    assert!(world.tell(&writer, Ask::Write { book: id(5), lines: 1 }).await.is_err());
    assert_eq!(store.mark(HERE, 0).await.unwrap(), Some(store.head(HERE).await.unwrap()));
    assert_eq!(store.mark(HERE, 1).await.unwrap(), None);
    world.end(0, 0).await;
}

/// Of many who make a company of one name at once, one does, and the others learn whose it is.
pub async fn a_company_name_is_taken_once(store: &Store) {
    store.db.migrate().await.unwrap();
    let make = |number: u128| async move {
        let name = if number.is_multiple_of(2) { "Ünter Elm" } else { "ünter elm" };
        store.create_company(CompanyId(id(number)), name, id(number + 100), [7; 32], START).await
    };
    let made = join_all((1..=8).map(make)).await;
    let [only] = store.companies().await.unwrap().try_into().unwrap();
    for (number, made) in (1..).zip(made) {
        match made {
            Ok(()) => assert_eq!(only.id, CompanyId(id(number))),
            Err(StoreError::CompanyNameTaken { by, .. }) => assert_eq!(by, only.id),
            Err(error) => panic!("{error}"),
        }
    }
    store.create_company(CompanyId(id(9)), "Elm", id(109), [7; 32], START).await.unwrap();
}
