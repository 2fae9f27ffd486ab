//! Messages to the outside: each arrives, at least once, signed, under one id, whatever dies on the way.

use crate::world::{ACME, World, id};
use api::app::{App, Webhook, WebhookKey};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::{Value, json};
use std::collections::HashSet;
use std::sync::atomic::{AtomicU16, Ordering};
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

/// What arrived: id, time of sending, signature and body.
type Got = (String, String, String, String);

/// A receiver that remembers everything and answers as it is told.
struct Receiver {
    got: Mutex<Vec<Got>>,
    answer: AtomicU16,
    /// Lets answers out.
    answers: Semaphore,
    arrived: Semaphore,
    port: u16,
}

const KEY: [u8; 32] = [3; 32];

impl Receiver {
    async fn start() -> Arc<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (got, arrived) = (Mutex::default(), Semaphore::new(0));
        let receiver = Arc::new(Receiver { got, answer: AtomicU16::new(204), answers: Semaphore::new(1_000), arrived, port });
        let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&receiver));
        tokio::spawn(async { axum::serve(listener, router).await });
        receiver
    }

    fn webhook(&self) -> Webhook {
        Webhook::try_new(&format!("http://127.0.0.1:{}/hook", self.port), WebhookKey::new(KEY)).unwrap()
    }

    fn answers(&self, status: u16) {
        self.answer.store(status, Ordering::SeqCst);
    }

    fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    fn ids(&self) -> Vec<String> {
        self.got().into_iter().map(|(id, ..)| id).collect()
    }
}

async fn take(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: String) -> StatusCode {
    let header = |name: &str| headers[name].to_str().unwrap().to_owned();
    receiver.got.lock().unwrap().push((header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), body));
    receiver.arrived.add_permits(1);
    receiver.answers.acquire().await.unwrap().forget();
    StatusCode::from_u16(receiver.answer.load(Ordering::SeqCst)).unwrap()
}

/// Adds a contact and forgets it.
async fn forget(world: &World, n: u128) {
    world.add_contact(n).await.ok();
    world.post(&format!("/api/v1/contacts/{}/erase", id(n)), json!({ "basis": "person_asked" })).await.ok();
}

async fn nothing_waits(world: &World) {
    assert_eq!(world.app.store.next_messages().await.unwrap(), []);
    let report = eventstore::verify(&world.app.store, ACME, &api::app::desk::effects_of, &mut |_, _| ()).await.unwrap();
    assert_eq!(report.findings, []);
}

#[tokio::test]
async fn who_holds_copies_is_told_that_a_person_is_forgotten() {
    for world in World::both().await {
        let receiver = Receiver::start().await;
        forget(&world, 1).await;
        world.clock.set("2026-07-01T16:00:09Z");
        assert_eq!(world.app.send_messages(Some(&receiver.webhook())).await.unwrap(), None);
        let [(message, sent_at, signature, body)]: [Got; 1] = receiver.got().try_into().unwrap();
        let position = world.position().await;
        let event = world.app.store.event(ACME, position).await.unwrap().unwrap();
        let timestamp = event.recorded_at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        let data = json!({ "contact": id(1), "basis": "person_asked" });
        let expected = json!({ "type": "contact.erased", "timestamp": timestamp, "company": ACME, "position": position, "data": data });
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
        assert_eq!(sent_at, "1782921609");
        assert_eq!(signature, WebhookKey::new(KEY).sign(&message, 1_782_921_609, &body));
        assert!(message.starts_with("msg_") && message.len() == 40, "{message}");
        world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        assert_eq!(receiver.got().len(), 1);
        nothing_waits(&world).await;
    }
}

#[tokio::test]
async fn a_receiver_that_was_down_gets_every_message_once_it_is_up() {
    for world in World::both().await {
        let receiver = Receiver::start().await;
        let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
        let down = Webhook::try_new(&format!("http://{nobody}/hook"), WebhookKey::new(KEY)).unwrap();
        for n in 1..=20 {
            forget(&world, n).await;
        }
        world.clock.set("2026-07-01T16:01:00Z");
        world.app.send_messages(Some(&down)).await.unwrap();
        // What failed waits for a while.
        world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        assert_eq!(receiver.got().len(), 0);
        for (minute, status) in [(2, 500), (4, 307), (30, 404)] {
            receiver.answers(status);
            world.clock.set(&format!("2026-07-01T16:{minute:02}:00Z"));
            world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        }
        assert_eq!(receiver.got().len(), 60);
        receiver.answers(200);
        world.clock.set("2026-07-01T23:00:00Z");
        world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        let ids = receiver.ids();
        let distinct = |ids: &[String]| ids.iter().cloned().collect::<HashSet<_>>();
        assert_eq!((ids.len(), distinct(&ids).len(), distinct(&ids[60..]).len()), (80, 20, 20));
        let bodies: HashSet<String> = receiver.got().into_iter().map(|(.., body)| body).collect();
        assert_eq!(bodies.len(), 20, "a message says the same each time");
        nothing_waits(&world).await;
    }
}

#[tokio::test]
async fn a_message_that_nobody_takes_is_given_up_in_the_end() {
    for world in World::both().await {
        let receiver = Receiver::start().await;
        receiver.answers(503);
        forget(&world, 1).await;
        for day in 2..=12 {
            world.clock.set(&format!("2026-07-{day:02}T16:00:00Z"));
            world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        }
        assert_eq!((receiver.got().len(), world.app.store.next_messages().await.unwrap().len()), (11, 1));
        world.clock.set("2026-07-13T16:00:00Z");
        world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        assert_eq!(receiver.got().len(), 12);
        nothing_waits(&world).await;
    }
}

/// The sender ends after the receiver got the message and before that is noted (FAULTS 21): it arrives again, as the same.
#[tokio::test]
async fn a_sender_that_dies_before_it_could_note_it_sends_the_same_again() {
    for world in World::both().await {
        let receiver = Receiver::start().await;
        receiver.answers.forget_permits(1_000);
        forget(&world, 1).await;
        world.clock.set("2026-07-01T16:01:00Z");
        let dying = tokio::spawn({
            let (app, webhook) = (world.app.clone(), receiver.webhook());
            async move { app.send_messages(Some(&webhook)).await }
        });
        receiver.arrived.acquire().await.unwrap().forget();
        dying.abort();
        assert!(dying.await.unwrap_err().is_cancelled());

        receiver.answers.add_permits(1_000);
        let next = App::new(world.app.store.clone(), world.clock.clone());
        next.send_messages(Some(&receiver.webhook())).await.unwrap();
        assert_eq!(receiver.got().len(), 1, "the lease of the one that died has not run out");
        world.clock.set("2026-07-01T16:01:31Z");
        next.send_messages(Some(&receiver.webhook())).await.unwrap();
        let ids = receiver.ids();
        assert_eq!((ids.len(), &ids[0]), (2, &ids[1]));
        nothing_waits(&world).await;
    }
}

#[tokio::test]
async fn without_a_receiver_messages_are_dropped() {
    for world in World::both().await {
        forget(&world, 1).await;
        world.clock.set("2026-07-01T16:01:00Z");
        world.app.send_messages(None).await.unwrap();
        nothing_waits(&world).await;
    }
}

/// Whoever keeps the messages has a second copy of every checkpoint (SECURITY 4.4).
#[tokio::test]
async fn a_signed_checkpoint_is_told() {
    for world in World::both().await {
        let receiver = Receiver::start().await;
        world.add_contact(1).await.ok();
        let signed = world.app.sign(ACME).await.unwrap().unwrap();
        world.app.sign(ACME).await.unwrap();
        world.clock.set("2026-07-01T16:00:09Z");
        world.app.send_messages(Some(&receiver.webhook())).await.unwrap();
        let [(.., body)]: [Got; 1] = receiver.got().try_into().unwrap();
        let timestamp = signed.checkpoint.at.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
        let expected = json!({ "type": "checkpoint.signed", "timestamp": timestamp, "company": ACME, "position": signed.checkpoint.size, "data": { "note": signed.note } });
        assert_eq!(serde_json::from_str::<Value>(&body).unwrap(), expected);
        nothing_waits(&world).await;
    }
}
