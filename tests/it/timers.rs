//! Time limits: what happens by itself happens at its instant, once, however late it is looked at.

use crate::world::{ACME, World, id, new_contact};
use api::app::App;
use chrono::{DateTime, Utc};
use eventstore::Timer;
use futures::future::join;
use serde_json::{Value, json};

/// The last instant of the first of August in New York, until which the quotes of a world stand.
const END: &str = "2026-08-02T03:59:59.999999Z";
const NEXT_DAY: &str = "2026-08-02T15:00:00Z";
const WEEKS_LATER: &str = "2026-09-15T15:00:00Z";

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn at(n: u128) -> String {
    format!("/api/v1/contacts/{}", id(n))
}

/// What an auditor sees of a contact's past, but for what differs with the way it came about: when it was recorded, and by which command.
async fn history(world: &World, n: u128) -> Vec<Value> {
    let timeline = world.get(&format!("{}/timeline", at(n))).await.ok();
    let told = |event: &Value| json!([event["type"], event["occurred_at"], event["actor"], event["cause"], event["data"], event["version"]]);
    timeline["data"].as_array().unwrap().iter().map(told).collect()
}

async fn due(world: &World) -> Vec<Timer> {
    world.app.store.due_timers(world.company, world.app.ports.now(), 10).await.unwrap()
}

/// Another process on the same database.
fn another(world: &World) -> App {
    App::new(world.app.store.clone(), world.clock.clone())
}

async fn verifies(world: &World) {
    let report = eventstore::verify(&world.app.store, world.company, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn a_quote_expires_at_its_instant_however_late_it_is_looked_at() {
    for world in World::both().await {
        world.quoted(1).await;
        let before = world.position().await;
        for early in ["2026-07-01T16:00:01Z", END] {
            world.clock.set(early);
            assert_eq!(world.app.run_timers().await.unwrap(), Some(instant(END)));
        }
        assert_eq!(world.position().await, before);
        world.clock.set(WEEKS_LATER);
        assert_eq!(world.app.run_timers().await.unwrap(), None);
        assert_eq!(world.app.run_timers().await.unwrap(), None);
        assert_eq!(world.position().await, before + 1);
        let quote = json!({ "quote": id(1), "journey": id(1) });
        assert_eq!(history(&world, 1).await.last(), Some(&json!(["quote.expired", END, "system", null, quote, before - 6])));
        let event = world.app.store.event(world.company, before + 1).await.unwrap().unwrap();
        assert_eq!(event.recorded_at, instant(WEEKS_LATER));

        let transitions = world.get(&format!("{}/transitions", at(1))).await.ok();
        let of_quote = transitions["data"].as_array().unwrap().iter().filter(|action| action["of"] == "quote" && action["allowed"] == true);
        assert_eq!(of_quote.map(|action| &action["command"]).collect::<Vec<_>>(), ["quote.revise", "quote.lose"]);
        let refused =
            world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await;
        assert_eq!((refused.status.as_u16(), refused.code()), (409, "wrong_state"));
        verifies(&world).await;
    }
}

/// Whether somebody ran the timer in time or nobody did, what is asked later finds the same past and leaves the same.
#[tokio::test]
async fn a_late_run_gives_the_same_history_as_a_punctual_one() {
    let mut histories = Vec::new();
    for punctual in [true, false] {
        for world in World::both().await {
            for n in [1, 2] {
                world.quoted(n).await;
            }
            world.clock.set(NEXT_DAY);
            if punctual {
                world.app.run_timers().await.unwrap();
            }
            world.clock.set(WEEKS_LATER);
            world.post(&format!("{}/quotes/{}/lose", at(1), id(1)), json!({ "reason": "too late" })).await.ok();
            let position = world.position().await;
            // What changes nothing, or is refused, runs no timer either.
            world.post(&format!("{}/change-source", at(2)), json!({ "source": "Radio" })).await.ok();
            assert_eq!(
                world
                    .post(&format!("{}/quotes/{}/mark-sold", at(2), id(2)), json!({ "sale": id(2), "sign_date": "2026-07-01", "paper": "folder 17" }))
                    .await
                    .code(),
                "wrong_state"
            );
            assert_eq!(world.position().await, position);
            world.app.run_timers().await.unwrap();
            assert_eq!(due(&world).await, []);
            verifies(&world).await;
            histories.push((history(&world, 1).await, history(&world, 2).await));
        }
    }
    assert_eq!(histories[0].0.iter().filter(|event| event[0] == "quote.expired" && event[1] == END && event[2] == "system").count(), 1);
    assert!(histories.windows(2).all(|pair| pair[0] == pair[1]), "{histories:#?}");
}

#[tokio::test]
async fn what_was_sold_lost_or_forgotten_before_does_not_expire() {
    for world in World::both().await {
        for n in [1, 2, 3] {
            world.quoted(n).await;
        }
        world.post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        world.post(&format!("{}/lose", at(2)), json!({ "reason": "went elsewhere" })).await.ok();
        world.post(&format!("{}/erase", at(3)), json!({ "basis": "person_asked" })).await.ok();
        let before = world.position().await;
        world.clock.set(WEEKS_LATER);
        assert_eq!(world.app.run_timers().await.unwrap(), None);
        assert_eq!(world.position().await, before);
        verifies(&world).await;
    }
}

/// Two processes at once, a process that ends between the command and what it would have noted after it, and one that wakes up
/// with a timer in its hands that was run long ago: there is one effect.
#[tokio::test]
async fn a_timer_that_is_run_again_has_one_effect() {
    for world in World::both().await {
        for n in [1, 2] {
            world.quoted(n).await;
        }
        let (one, two) = (another(&world), another(&world));
        let before = world.position().await;
        world.clock.set(NEXT_DAY);
        let found = due(&world).await;
        assert_eq!(found.len(), 2);
        // The first gets no further than to the first command.
        assert_eq!(one.fire(ACME, &found[..1]).await, found[..1]);
        assert_eq!(world.position().await, before + 1);
        let (first, second) = join(world.app.run_timers(), two.run_timers()).await;
        assert_eq!((first.unwrap(), second.unwrap()), (None, None));
        assert_eq!((world.position().await, due(&world).await), (before + 2, vec![]));
        for late in [&one, &two, &world.app] {
            assert_eq!(late.fire(ACME, &found).await, found);
        }
        assert_eq!(world.position().await, before + 2);
        verifies(&world).await;
    }
}

/// A history that is entered afterwards may tell of a sale before the quote's end: its timer waits for the rest of it.
#[tokio::test]
async fn a_history_that_is_being_entered_is_not_overtaken_by_its_timers() {
    for world in World::both().await {
        for n in [1, 2] {
            let mut contact = new_contact(n);
            contact["occurred_at"] = json!("2026-01-05T15:00:00Z");
            world.post("/api/v1/contacts", contact).await.ok();
            let items = json!([{ "description": "Window", "quantity": 1, "unit_price_minor": 50_000 }]);
            let quote = json!({ "quote": id(n), "journey": id(n), "product": "Windows", "items": items, "by": "Ben", "occurred_at": "2026-01-06T15:00:00Z" });
            world.post(&format!("{}/quotes", at(n)), quote).await.ok();
            let ready = json!({ "valid_until": "2026-02-01", "terms": "half on signing", "occurred_at": "2026-01-06T16:00:00Z" });
            world.post(&format!("{}/quotes/{}/finalize", at(n), id(n)), ready).await.ok();
        }
        world.clock.set("2026-07-02T15:59:00Z");
        world.app.run_timers().await.unwrap();
        world
            .post(
                &format!("{}/quotes/{}/mark-sold", at(1), id(1)),
                json!({ "sale": id(1), "occurred_at": "2026-01-10T15:00:00Z", "sign_date": "2026-01-10", "paper": "folder 17" }),
            )
            .await
            .ok();
        world.clock.set("2026-07-02T16:01:00Z");
        assert_eq!(world.app.run_timers().await.unwrap(), None);
        assert_eq!(history(&world, 1).await.last().unwrap()[0], "job.opened");
        let last = history(&world, 2).await.pop().unwrap();
        assert_eq!((&last[0], &last[1]), (&json!("quote.expired"), &json!("2026-02-02T04:59:59.999999Z")));
        verifies(&world).await;
    }
}

/// A limit that ran out before a line of history arms the next one, and that one waits for the rest of the history as well. Where nothing
/// more came for a day, they follow each other at once.
#[tokio::test]
async fn a_history_that_is_being_entered_is_not_overtaken_by_a_limit_that_follows_another() {
    for world in World::both().await {
        for n in [1, 2, 3] {
            let mut contact = new_contact(n);
            contact["occurred_at"] = json!("2026-04-01T15:00:00Z");
            world.post("/api/v1/contacts", contact).await.ok();
            let called = json!({ "channel": "phone", "outcome": "no_answer", "by": "Ana", "occurred_at": "2026-04-02T15:00:00Z" });
            world.post(&format!("{}/log-attempt", at(n)), called).await.ok();
        }
        for n in [1, 2] {
            let heard = json!({ "source": "Home Show", "by": "Ana", "occurred_at": "2026-04-20T15:00:00Z" });
            let told = world.post(&format!("{}/change-source", at(n)), heard).await;
            assert_eq!(told.events()[..2], ["contact.rested", "journey.limit_started"]);
        }
        world.clock.set("2026-07-02T15:59:00Z");
        let before = world.position().await;
        world.app.run_timers().await.unwrap();
        assert_eq!(world.position().await, before, "the history may go on");
        let called = json!({ "channel": "phone", "outcome": "spoke", "by": "Ana", "occurred_at": "2026-05-11T15:00:00Z" });
        world.post(&format!("{}/log-attempt", at(1)), called).await.ok();
        verifies(&world).await;

        world.clock.set("2026-07-02T16:01:00Z");
        world.app.run_timers().await.unwrap();
        assert_eq!(history(&world, 1).await.last().unwrap()[0], "journey.limit_started");
        for n in [2, 3] {
            let last = history(&world, n).await.pop().unwrap();
            assert_eq!((&last[0], &last[1]), (&json!("contact.moved_to_remarket"), &json!("2026-05-12T15:00:00Z")));
        }
        verifies(&world).await;
    }
}
