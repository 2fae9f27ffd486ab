//! Leases: one holder at a time, and no harm from one that slept.

use chrono::TimeDelta;

use super::notebook::Ask;
use super::world::{HERE, THERE, World, id};
use crate::lease::Lease;
use crate::log::CompanyId;
use crate::outbox::Tried;
use crate::store::Store;
use crate::writer::Ports;

async fn take(world: &World, company: CompanyId, holder: u128) -> Option<Lease> {
    let now = world.clock.now();
    world.store.take_lease(company, "chores", id(holder), now, now + TimeDelta::seconds(30)).await.unwrap()
}

/// Whoever has it keeps it until its time is over, and may take it again before; each taking raises the fence. Works and
/// companies do not meet.
pub async fn a_lease_has_one_holder(store: &Store) {
    let world = World::of(store).await;
    let fence = |lease: Option<Lease>| lease.map(|lease| lease.fence);
    assert_eq!(fence(take(&world, HERE, 1).await), Some(1));
    assert_eq!(fence(take(&world, HERE, 2).await), None);
    assert_eq!(fence(take(&world, THERE, 2).await), Some(1));
    let now = world.clock.now();
    assert_eq!(fence(store.take_lease(HERE, "errands", id(2), now, now).await.unwrap()), Some(1));
    assert_eq!(fence(take(&world, HERE, 1).await), Some(2));
    world.clock.pass(TimeDelta::seconds(29));
    assert_eq!(fence(take(&world, HERE, 2).await), None);
    world.clock.pass(TimeDelta::seconds(1));
    let two = take(&world, HERE, 2).await;
    assert_eq!(fence(two.clone()), Some(3));
    store.release_lease(&two.unwrap()).await.unwrap();
    let one = take(&world, HERE, 1).await;
    assert_eq!(fence(one.clone()), Some(4));
    // What is held is kept by holding on.
    let mut tx = store.db.begin().await.unwrap();
    assert!(one.unwrap().hold(&mut tx, world.clock.now() + TimeDelta::seconds(90)).await.unwrap());
    tx.commit().await.unwrap();
    world.clock.pass(TimeDelta::seconds(60));
    assert_eq!(fence(take(&world, HERE, 2).await), None);
    world.end(0, 0).await;
}

/// A holder that slept through its lease, and another took it: whatever the sleeper still wanted changes nothing
/// (FAULTS 20).
pub async fn a_sleeper_changes_nothing(store: &Store) {
    let world = World::of(store).await;
    let writer = world.writer(HERE);
    world.tell(&writer, Ask::Remind { book: id(5), of: "tea".into(), at: world.clock.now() + TimeDelta::minutes(1) }).await.unwrap();
    world.tell(&writer, Ask::Tell { book: id(5), words: vec!["hello".into()] }).await.unwrap();
    world.clock.pass(TimeDelta::minutes(2));
    let (now, until) = (world.clock.now(), world.clock.now() + TimeDelta::minutes(10));
    let (timers, messages) = (store.due_timers(HERE, now, 10).await.unwrap(), store.due_messages(HERE, now, 10).await.unwrap());
    let done = [(messages[0].message.id, Tried::Done)];

    let sleeper = take(&world, HERE, 1).await.unwrap();
    world.clock.pass(TimeDelta::seconds(31));
    let awake = take(&world, HERE, 2).await.unwrap();
    assert!(!store.put_out_timers(&sleeper, until, &timers).await.unwrap());
    assert!(!store.note_messages(&sleeper, until, &done).await.unwrap());
    store.release_lease(&sleeper).await.unwrap();
    assert!(take(&world, HERE, 1).await.is_none(), "the sleeper lets nothing go that is not its own");
    assert_eq!(store.due_timers(HERE, now, 10).await.unwrap(), timers);
    assert_eq!(store.due_messages(HERE, now, 10).await.unwrap(), messages);

    assert!(store.put_out_timers(&awake, until, &timers).await.unwrap());
    assert!(store.note_messages(&awake, until, &done).await.unwrap());
    assert_eq!(store.due_timers(HERE, now, 10).await.unwrap(), []);
    assert_eq!(store.due_messages(HERE, now, 10).await.unwrap(), []);
    world.end(2, 0).await;
}
