//! Timers and messages: committed with the events that arm and send them, and done with only as somebody says so.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::followers::Witness;
use super::logs::while_altered;
use super::notebook::{Ask, book, effects_of};
use super::world::{HERE, START, THERE, World, id};
use crate::lease::Lease;
use crate::log::CompanyId;
use crate::outbox::{Message, Tried, Waiting};
use crate::store::Store;
use crate::timer::Timer;
use crate::writer::{Ports, WriteError};

/// Minutes after the beginning.
fn at(minutes: i64) -> DateTime<Utc> {
    START + TimeDelta::minutes(minutes)
}

fn remind(book: u128, of: &str, minutes: i64) -> Ask {
    Ask::Remind { book: id(book), of: of.into(), at: at(minutes) }
}

fn forget(book: u128, of: &str) -> Ask {
    Ask::Forget { book: id(book), of: of.into() }
}

fn tell(book: u128, words: &[&str]) -> Ask {
    Ask::Tell { book: id(book), words: words.iter().map(ToString::to_string).collect() }
}

fn timer(of: u128, name: &str, minutes: i64, position: i64) -> Timer {
    Timer { stream: book(id(of)), name: name.into(), due_at: at(minutes), position }
}

async fn due(store: &Store, company: CompanyId, minutes: i64) -> Vec<Timer> {
    store.due_timers(company, at(minutes), 100).await.unwrap()
}

/// Who does the work in these promises.
async fn lease(world: &World, company: CompanyId) -> Lease {
    let now = world.clock.now();
    world.store.take_lease(company, "chores", id(1), now, now).await.unwrap().unwrap()
}

/// A timer is there with the event that armed it. Armed again it is another one, in the old one's place; disarmed it is
/// gone. Disarming what is not armed changes nothing, and within one commit all is as in one commit after another.
pub async fn a_timer_is_armed_replaced_and_disarmed_with_the_events(store: &Store) {
    let world = World::of(store).await;
    let (here, there) = (world.writer(HERE), world.writer(THERE));
    world.tell(&there, remind(5, "tea", 10)).await.unwrap();
    world.tell(&here, remind(5, "tea", 10)).await.unwrap();
    assert_eq!(due(store, HERE, 11).await, [timer(5, "tea", 10, 1)]);
    assert_eq!(due(store, HERE, 10).await, [], "it is due when its instant has passed");
    world.tell(&here, remind(5, "tea", 20)).await.unwrap();
    assert_eq!(due(store, HERE, 60).await, [timer(5, "tea", 20, 2)]);
    world.tell(&here, forget(5, "cake")).await.unwrap();
    world.tell(&here, forget(5, "tea")).await.unwrap();
    assert_eq!(due(store, HERE, 60).await, []);

    let asks = [remind(5, "tea", 5), remind(6, "tea", 6), forget(5, "tea"), remind(7, "tea", 7), remind(7, "tea", 8), remind(5, "cake", 9)];
    for answer in world.tell_all(&here, asks).await {
        answer.unwrap();
    }
    assert_eq!(due(store, HERE, 60).await, [timer(6, "tea", 6, 6), timer(7, "tea", 8, 9), timer(5, "cake", 9, 10)]);
    assert_eq!(due(store, THERE, 60).await, [timer(5, "tea", 10, 1)]);
    world.end(10, 1).await;
}

/// The next timer of each company is told, and a company's timers come in the order in which they are due.
pub async fn timers_are_found_in_the_order_they_are_due(store: &Store) {
    let world = World::of(store).await;
    assert_eq!(store.next_timers().await.unwrap(), []);
    let writer = world.writer(HERE);
    let order = [7, 3, 9, 1, 5];
    world.tell_all(&writer, order.map(|minutes| remind(minutes as u128, "tea", minutes))).await;
    world.tell(&world.writer(THERE), remind(5, "tea", 4)).await.unwrap();
    let mut next = store.next_timers().await.unwrap();
    next.sort();
    assert_eq!(next, [(HERE, at(1)), (THERE, at(4))]);
    let names: Vec<i64> = due(store, HERE, 60).await.iter().map(|timer| (timer.due_at - START).num_minutes()).collect();
    assert_eq!(names, [1, 3, 5, 7, 9]);
    assert_eq!(store.due_timers(HERE, at(60), 2).await.unwrap(), due(store, HERE, 4).await);
    world.end(5, 1).await;
}

/// What was due when it was entered belongs to a history that is coming in: it is run a day later, unless the rest of the
/// history calls it off, and it is still due when it was due.
pub async fn a_timer_that_was_due_when_it_was_armed_waits_for_the_rest(store: &Store) {
    let world = World::of(store).await;
    world.tell(&world.writer(HERE), remind(5, "tea", -600)).await.unwrap();
    world.tell(&world.writer(HERE), remind(6, "tea", -600)).await.unwrap();
    let day = 24 * 60;
    assert_eq!(due(store, HERE, day).await, []);
    world.tell(&world.writer(HERE), forget(6, "tea")).await.unwrap();
    assert_eq!(due(store, HERE, day + 1).await, [timer(5, "tea", -600, 1)]);
    world.end(3, 0).await;
}

/// Put out, a timer is not found again, and the log still verifies. One that was armed again meanwhile is another one.
pub async fn a_timer_that_fired_wakes_nobody_until_it_is_armed_again(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell_all(&writer, [remind(5, "tea", 1), remind(6, "tea", 2)]).await;
    world.tell(&world.writer(THERE), remind(5, "tea", 1)).await.unwrap();
    let fired = due(store, HERE, 60).await;
    world.tell(&writer, remind(6, "tea", 30)).await.unwrap();
    assert!(store.put_out_timers(&lease(&world, HERE).await, START, &fired).await.unwrap());
    assert_eq!(due(store, HERE, 60).await, [timer(6, "tea", 30, 3)]);
    assert_eq!(due(store, THERE, 60).await, [timer(5, "tea", 1, 1)], "the other company's timer of that name is another one");
    let mut next = store.next_timers().await.unwrap();
    next.sort();
    assert_eq!(next, [(HERE, at(30)), (THERE, at(1))]);
    world.verify(HERE).await;
    world.tell(&writer, remind(5, "tea", 40)).await.unwrap();
    assert_eq!(due(store, HERE, 60).await, [timer(6, "tea", 30, 3), timer(5, "tea", 40, 4)]);
    world.end(4, 1).await;
}

/// With the key of a stream its timers go, those of the same commit too; others stay.
pub async fn an_erased_stream_has_no_timers(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell_all(&writer, [remind(5, "tea", 1), remind(6, "tea", 2)]).await;
    world.tell_all(&writer, [remind(5, "cake", 3), Ask::Erase { book: id(5) }, remind(5, "late", 4)]).await;
    assert_eq!(due(store, HERE, 60).await, [timer(6, "tea", 2, 2), timer(5, "late", 4, 5)]);
    world.end(5, 0).await;
}

/// Timers and messages are of the commit: what is not recorded leaves none.
pub async fn a_command_that_fails_leaves_nothing_for_later(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, Ask::Name { book: id(6), title: "Diary".into() }).await.unwrap();
    let failing = world.writer_with(HERE, Witness::failing());
    for ask in [remind(5, "tea", 1), tell(5, &["hello"])] {
        let refused = world.tell(&failing, ask).await.unwrap_err();
        assert!(matches!(refused, WriteError::Unavailable(_)), "{refused:?}");
    }
    assert_eq!(due(store, HERE, 60).await, []);
    assert_eq!(store.next_messages().await.unwrap(), []);
    world.end(1, 0).await;
}

/// Position, body, id and attempts of what waits.
async fn waiting(store: &Store, company: CompanyId, minutes: i64) -> Vec<(i64, String, Uuid, i64)> {
    let messages = store.due_messages(company, at(minutes), 100).await.unwrap().into_iter();
    let told = messages.map(|Waiting { message, attempts }| (message.position, String::from_utf8(message.body).unwrap(), message.id, attempts));
    // Messages of one event have no order.
    let mut told: Vec<_> = told.collect();
    told.sort();
    told
}

/// A message waits from its commit until it is said to be done, is found again when it is put off, and keeps its id.
pub async fn a_message_waits_under_an_id_that_never_changes(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell_all(&writer, [tell(5, &["a", "b"]), tell(5, &["a"])]).await;
    world.tell(&world.writer(THERE), tell(5, &["a"])).await.unwrap();
    let found = waiting(store, HERE, 1).await;
    let told: Vec<(i64, &str, i64)> = found.iter().map(|(position, body, _, attempts)| (*position, body.as_str(), *attempts)).collect();
    assert_eq!(told, [(1, "\"a\"", 0), (1, "\"b\"", 0), (2, "\"a\"", 0)]);
    let mut ids: HashSet<Uuid> = found.iter().map(|found| found.2).collect();
    ids.insert(waiting(store, THERE, 1).await[0].2);
    assert_eq!(ids.len(), 4, "ids of two logs never meet");
    assert_eq!(found[0].2.to_string(), "238c4644-d8e5-8cde-8b21-98a9792f67e3", "the id of a known message is known");

    let tried = [(found[0].2, Tried::Done), (found[1].2, Tried::Again(at(5)))];
    assert!(store.note_messages(&lease(&world, HERE).await, START, &tried).await.unwrap());
    assert_eq!(waiting(store, HERE, 1).await, found[2..]);
    let again = waiting(store, HERE, 6).await;
    assert_eq!((again.len(), again[0].2, again[0].3), (2, found[1].2, 1));
    let mut next = store.next_messages().await.unwrap();
    next.sort();
    assert_eq!(next.iter().map(|(company, _)| *company).collect::<Vec<_>>(), [HERE, THERE]);
    world.end(2, 1).await;
}

/// A transaction can send a message of its own, under its own id, once; and checks of the log let it be.
pub async fn a_message_can_be_put_beside_the_log(store: &Store) {
    let world = World::of(store).await;
    let message = Message { id: id(9), position: 0, of_event: false, topic: "mark".into(), body: b"{}".to_vec(), occurred_at: START };
    for commit in [false, true, true] {
        let mut tx = store.db.begin().await.unwrap();
        tx.send(HERE, message.clone()).await.unwrap();
        if commit {
            tx.commit().await.unwrap()
        } else {
            tx.rollback().await.unwrap()
        }
        assert_eq!(waiting(store, HERE, 1).await.len(), usize::from(commit));
    }
    assert_eq!(store.due_messages(HERE, at(1), 9).await.unwrap()[0].message, message);
    world.end(0, 0).await;
}

/// A log that is taken over brings its timers and its messages along, under the same ids.
pub async fn timers_and_messages_move_with_the_log(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    let asks = [
        remind(5, "tea", 1),
        remind(6, "tea", 2),
        forget(5, "tea"),
        remind(7, "tea", 3),
        Ask::Erase { book: id(7) },
        tell(5, &["a", "b"]),
        remind(8, "old", -1),
    ];
    world.tell_all(&writer, asks).await;
    let log = world.log(HERE).await;
    let log_id = store.log_id(HERE).await.unwrap();
    for part in [&log[..3], &log[3..]] {
        store.adopt(THERE, log_id, part, &effects_of).await.unwrap();
    }
    assert_eq!(due(store, THERE, 60).await, [timer(6, "tea", 2, 2)]);
    assert_eq!(due(store, THERE, 60 * 25).await, due(store, HERE, 60 * 25).await);
    assert_eq!(waiting(store, THERE, 1).await, waiting(store, HERE, 1).await);
    world.end(7, 7).await;
}

/// Timers that are not as the log arms them are found by the check, and messages that no event sends.
pub async fn altered_timers_and_messages_are_found(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell_all(&writer, [remind(5, "tea", 1), tell(5, &["a"]), remind(6, "tea", 2), forget(6, "tea")]).await;
    for (alteration, found) in [
        ("DELETE FROM timers", Some((1, "timers"))),
        ("UPDATE timers SET due_at = due_at + 1", Some((1, "timers"))),
        ("UPDATE timers SET wake_at = wake_at + 1", Some((1, "timers"))),
        ("UPDATE timers SET name = 'cake'", Some((1, "timers"))),
        ("UPDATE timers SET position = 3", Some((1, "timers"))),
        ("UPDATE timers SET timer_id = (SELECT hash FROM heads LIMIT 1)", Some((1, "timers"))),
        ("UPDATE timers SET wake_at = NULL", None),
        ("UPDATE outbox SET position = 3", Some((3, "outbox"))),
        ("UPDATE outbox SET topic = 'b'", Some((2, "outbox"))),
        ("UPDATE outbox SET body = (SELECT hash FROM heads LIMIT 1)", Some((2, "outbox"))),
        ("DELETE FROM outbox", None),
    ] {
        let report = while_altered(&world, alteration, world.verify(HERE)).await;
        assert_eq!(report.first().map(|finding| (finding.position, finding.rule)), found, "{alteration}: {:#?}", report.findings);
    }
    world.end(4, 0).await;
}
