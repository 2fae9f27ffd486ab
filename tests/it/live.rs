//! Live updates: whoever listens is told of everything it asked for, once, in order, also after it was cut off.

use crate::world::{ACME, TOKEN, World, id, new_contact};
use api::app::{App, Listeners};
use eventstore::MasterKey;
use reqwest::{Client, Response};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::future::IntoFuture;
use std::time::Duration;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// The service behind a port of this machine.
struct Served {
    address: String,
    listeners: Listeners,
    stop: oneshot::Sender<()>,
    done: JoinHandle<std::io::Result<()>>,
    http: Client,
}

impl Served {
    /// With a heartbeat that no test lives to see after the first.
    async fn start(world: &World) -> Served {
        Served::with(world, Listeners::new(1_000, Duration::from_secs(3_600))).await
    }

    async fn with(world: &World, listeners: Listeners) -> Served {
        Served::over(world.app.clone().with_listeners(listeners)).await
    }

    async fn over(app: App) -> Served {
        drop(rustls::crypto::ring::default_provider().install_default());
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let listeners = app.listeners.clone();
        let router = api::http::router(app, TOKEN);
        let (stop, stopped) = oneshot::channel::<()>();
        let server = axum::serve(listener, router).with_graceful_shutdown(async move { drop(stopped.await) });
        Served { address, listeners, stop, done: tokio::spawn(server.into_future()), http: Client::new() }
    }

    async fn ask(&self, query: &str, told_last: Option<&str>) -> Response {
        let request = self.http.get(format!("{}/api/v1/stream?{query}", self.address)).bearer_auth(TOKEN).header("leadtrail-company", "Acme Windows");
        let request = told_last.into_iter().fold(request, |request, id| request.header("last-event-id", id));
        request.send().await.unwrap()
    }

    /// Listens; the heartbeat it begins with is taken, and its `id` kept.
    async fn listen(&self, query: &str, told_last: Option<&str>) -> Listening {
        let response = self.ask(query, told_last).await;
        assert_eq!(response.status(), 200, "{query}");
        let mut listening = Listening { response, text: String::new(), begins_at: String::new() };
        let first = listening.block().await.expect("it begins with a heartbeat");
        listening.begins_at = first.strip_prefix(": so far\nid: ").expect("it says where it begins").to_owned();
        listening
    }
}

/// What a listener is told.
struct Listening {
    response: Response,
    text: String,
    begins_at: String,
}

impl Listening {
    /// The next block of lines; `None` when the answer was brought to its end.
    async fn block(&mut self) -> Option<String> {
        loop {
            if let Some((block, rest)) = self.text.split_once("\n\n") {
                let block = block.to_owned();
                self.text = rest.to_owned();
                return Some(block);
            }
            let Some(bytes) = self.response.chunk().await.expect("the answer is not cut off") else {
                assert_eq!(self.text, "", "the last block is whole");
                return None;
            };
            self.text += std::str::from_utf8(&bytes).unwrap();
        }
    }

    /// The next message: its `id` and what it says.
    async fn message(&mut self) -> (String, Value) {
        let block = self.block().await.expect("there is a message");
        let (id, data) = block.split_once('\n').unwrap();
        (id.strip_prefix("id: ").expect(&block).to_owned(), serde_json::from_str(data.strip_prefix("data: ").expect(&block)).unwrap())
    }

    async fn messages(&mut self, count: usize) -> Vec<(String, Value)> {
        let mut messages = Vec::new();
        while messages.len() < count {
            messages.push(self.message().await);
        }
        messages
    }
}

/// What the topic `log` tells of the whole log.
async fn whole_log(world: &World) -> Vec<(String, Value)> {
    let events = world.app.store.page(ACME, 0, usize::MAX).await.unwrap();
    let message = |event: &eventstore::Recorded| {
        let contact = (event.stream.kind == "contact").then_some(event.stream.id);
        let told = json!({ "topics": ["log"], "type": event.kind, "contact": contact, "position": event.position });
        (token(event), told)
    };
    events.iter().map(message).collect()
}

fn token(event: &eventstore::Recorded) -> String {
    format!("{}-{}", event.position, &event.hash.to_string()[..16])
}

async fn lose(world: &World, n: u128) {
    world.post(&format!("/api/v1/contacts/{}/lose", id(n)), json!({ "reason": "moved away" })).await.ok();
}

#[tokio::test]
async fn every_event_is_told_as_it_happens() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        let before = world.position().await as usize;
        let mut listening = served.listen("topics=log", None).await;
        let headers = listening.response.headers();
        let told = ["content-type", "cache-control", "x-accel-buffering"].map(|name| headers[name].to_str().unwrap());
        assert_eq!(told, ["text/event-stream", "no-store", "no"]);
        assert_eq!(listening.begins_at, whole_log(&world).await.last().unwrap().0);
        let done = world.add_contact(1).await.ok();
        let messages = listening.messages(2).await;
        assert_eq!(messages, whole_log(&world).await[before..]);
        assert_eq!(messages[1].1, json!({ "topics": ["log"], "type": "journey.opened", "contact": id(1), "position": done["position"] }));
        // The id is what a read takes as `min_position`.
        world.get(&format!("/api/v1/contacts?min_position={}", messages[1].0)).await.ok();
        world.post("/api/v1/sources", json!({ "name": "Fair" })).await.ok();
        assert_eq!(listening.message().await.1, json!({ "topics": ["log"], "type": "source.defined", "contact": null, "position": before + 3 }));
    }
}

#[tokio::test]
async fn a_listener_who_was_cut_off_is_told_exactly_what_it_missed() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        let mut listening = served.listen("topics=log", None).await;
        let begins_at = listening.begins_at.clone();
        world.quoted(1).await;
        let (told_last, _) = listening.message().await;
        drop(listening);
        lose(&world, 1).await;
        let log = whole_log(&world).await;
        // Wherever it was cut off: before the first message, between two of one command, at the end; by header or by address.
        for told in [&begins_at, &told_last].into_iter().chain(log.iter().map(|(id, _)| id)) {
            let missed = log.iter().position(|(id, _)| id == told).unwrap() + 1;
            let mut by_header = served.listen("topics=log&after=0", Some(told)).await;
            let mut by_address = served.listen(&format!("topics=log&after={}", told.split_once('-').unwrap().0), None).await;
            assert_eq!((&by_header.begins_at, &by_address.begins_at), (told, told));
            for again in [&mut by_header, &mut by_address] {
                assert_eq!(again.messages(log.len() - missed).await, log[missed..]);
            }
        }
        let mut again = served.listen("topics=log", log.last().map(|(id, _)| id.as_str())).await;
        world.add_contact(2).await.ok();
        assert_eq!(again.message().await.1["position"], log.len() + 1, "and nothing comes twice");
    }
}

#[tokio::test]
async fn a_heartbeat_says_how_far_the_log_was_read() {
    for world in World::both().await {
        let served = Served::with(&world, Listeners::new(10, Duration::from_millis(10))).await;
        world.add_contact(1).await.ok();
        let mut listening = served.listen(&format!("topics=contact:{}", id(1)), None).await;
        assert_eq!(listening.block().await, Some(format!(": so far\nid: {}", listening.begins_at)));
        // Nothing of this is told, and yet whoever comes back does not read it again.
        world.add_contact(2).await.ok();
        let head = format!(": so far\nid: {}", whole_log(&world).await.last().unwrap().0);
        while listening.block().await.unwrap() != head {}
    }
}

#[tokio::test]
async fn a_contact_is_heard_of_alone() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        world.add_contact(1).await.ok();
        world.add_contact(2).await.ok();
        world.send_as("Other Windows", "POST", "/api/v1/contacts", &[], Some(new_contact(1))).await.ok();
        let topic = format!("contact:{}", id(1));
        let mut listening = served.listen(&format!("topics={topic}"), None).await;
        let before = world.position().await;
        lose(&world, 2).await;
        world.send_as("Other Windows", "POST", &format!("/api/v1/contacts/{}/lose", id(1)), &[], Some(json!({ "reason": "moved away" }))).await.ok();
        world.add_contact(3).await.ok();
        let other = world.position().await;
        assert!(other > before);
        lose(&world, 1).await;
        let events = world.app.store.page(ACME, other, 100).await.unwrap();
        let expected: Vec<_> =
            events.iter().map(|event| (token(event), json!({ "topics": [topic], "type": event.kind, "contact": id(1), "position": event.position }))).collect();
        assert_eq!(listening.messages(expected.len()).await, expected);
        // Two contacts in one stream, and one event told once though it is about two topics.
        let mut both = served.listen(&format!("topics=log,contact:{},{topic},{topic}&after={other}", id(2)), None).await;
        assert_eq!(both.message().await.1["topics"], json!([topic, "log"]));
    }
}

#[tokio::test]
async fn a_dashboard_is_told_once_of_all_that_changed_it() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        let told =
            |topics: &[&str], kind: &str, contact: Value, position: i64| json!({ "topics": topics, "type": kind, "contact": contact, "position": position });
        let log = whole_log(&world).await;
        let resulted = log.iter().position(|(_, told)| told["type"] == "meeting.resulted").unwrap() as i64 + 1;
        let (leads, rehash) = ("dashboard:lead-performance", "dashboard:rehash");
        let mut listening = served.listen(&format!("topics={leads},{rehash}&after=0"), None).await;
        assert_eq!(listening.message().await.1, told(&[leads, rehash], "meeting.resulted", json!(id(1)), resulted), "the last of many changes");
        // Names are shown; those of types of meetings are not.
        world.post("/api/v1/meeting-types", json!({ "name": "Chat", "kind": "other", "confirm_and_issue": false })).await.ok();
        world.post("/api/v1/reasons", json!({ "list": "lost", "name": "Snow" })).await.ok();
        let here = world.position().await;
        assert_eq!(listening.message().await.1, told(&[leads, rehash], "reason.defined", Value::Null, here));
        // Sold, without approval yet: the money waits, and that is shown too.
        let sold = json!({ "sale": id(1), "by": "Ben", "sign_date": "2026-07-01", "paper": "folder 17" });
        world.post(&format!("{at}/quotes/{}/mark-sold", id(1)), sold).await.ok();
        assert_eq!(listening.message().await.1, told(&[leads, rehash], "sale.created", json!(id(1)), world.position().await));
    }
}

#[tokio::test]
async fn what_cannot_be_listened_to_is_refused_by_name() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        let some = |n: usize| (0..n).map(|n| format!("contact:{}", id(n as u128))).collect::<Vec<_>>().join(",");
        for (topics, named) in [
            ("".to_owned(), "``"),
            ("log,".into(), "``"),
            ("Log".into(), "`Log`"),
            ("log:all".into(), "`log:all`"),
            ("log,weather".into(), "`weather`"),
            ("contact".into(), "`contact`"),
            ("contact:7".into(), "`contact:7`"),
            (format!("log,contact:{}", id(9)), "`contact:00000000-0000-0000-0000-000000000009`"),
            ("dashboard:sales".into(), "`dashboard:sales`"),
            (some(51), "50 topics at most, not 51"),
        ] {
            let answer = world.get(&format!("/api/v1/stream?topics={topics}")).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers()), (422, "query_invalid", vec!["?topics"]), "{topics}");
            assert!(answer.body["detail"].as_str().unwrap().contains(named), "{topics}: {}", answer.body);
        }
        assert_eq!(world.get("/api/v1/stream").await.pointers(), ["?topics"]);
        assert_eq!(world.get("/api/v1/stream?topics=log&after=x").await.pointers(), ["?after"]);
        assert_eq!(world.get("/api/v1/stream?topics=log&from=1").await.pointers(), ["?from"]);
        // Of another log, or beyond this one.
        let (head, hash) = (world.position().await, "0123456789abcdef");
        for place in [format!("{head}-{hash}"), format!("{}-{hash}", head + 1), (head + 1).to_string()] {
            let by_address = world.get(&format!("/api/v1/stream?topics=log&after={place}")).await;
            let by_header = world.send_as("Acme Windows", "GET", "/api/v1/stream?topics=log", &[("last-event-id", place.as_str())], None).await;
            for answer in [by_address, by_header] {
                assert_eq!((answer.status.as_u16(), answer.code()), (409, "log_diverged"), "{place}");
            }
        }
        for ids in [vec!["x"], vec![""], vec!["1-2"], vec!["1", "1"]] {
            let headers: Vec<_> = ids.iter().map(|id| ("last-event-id", *id)).collect();
            let answer = world.send_as("Acme Windows", "GET", "/api/v1/stream?topics=log", &headers, None).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "header_invalid"), "{ids:?}");
        }
        let nobody = axum::http::Request::get("/api/v1/stream?topics=log").body(axum::body::Body::empty()).unwrap();
        assert_eq!(world.send(nobody).await.code(), "unauthorized");
    }
}

#[tokio::test]
async fn no_more_listen_than_there_is_room_for() {
    for world in World::both().await {
        let served = Served::with(&world, Listeners::new(1, Duration::from_millis(10))).await;
        let first = served.listen("topics=log", None).await;
        let refused = served.ask("topics=log", None).await;
        assert_eq!((refused.status().as_u16(), refused.headers()["retry-after"].to_str().unwrap()), (503, "1"));
        assert_eq!(refused.json::<Value>().await.unwrap()["code"], "too_many_listeners");
        drop(first);
        // The service notices in its own time.
        while served.ask("topics=log", None).await.status() != 200 {}
    }
}

#[tokio::test]
async fn who_is_slow_to_listen_misses_nothing() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        let mut listening = served.listen("topics=log", None).await;
        let before = world.position().await as usize;
        for n in 1..=120 {
            world.add_contact(n).await.ok();
        }
        let log = whole_log(&world).await;
        assert_eq!(listening.messages(240).await, log[before..]);
    }
}

#[tokio::test]
async fn what_another_process_commits_is_told_too() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        let mut listening = served.listen("topics=log", None).await;
        let elsewhere = App::open(world.url(), MasterKey::new([7; 32]), world.clock.clone()).await.unwrap();
        let another = Served::over(elsewhere.clone()).await;
        let done = another.http.post(format!("{}/api/v1/contacts", another.address)).bearer_auth(TOKEN).header("leadtrail-company", "Acme Windows");
        assert_eq!(done.json(&new_contact(1)).send().await.unwrap().status(), 201);
        let log = whole_log(&world).await;
        assert_eq!(listening.messages(2).await, log[log.len() - 2..]);
        elsewhere.close().await;
    }
}

#[tokio::test]
async fn the_service_stops_though_somebody_listens() {
    for world in World::both().await {
        let served = Served::start(&world).await;
        world.quoted(1).await;
        let mut idle = served.listen("topics=log", None).await;
        let mut behind = served.listen("topics=log&after=0", None).await;
        served.listeners.end();
        served.stop.send(()).unwrap();
        assert_eq!(idle.block().await, None);
        let mut told = BTreeSet::new();
        while let Some(block) = behind.block().await {
            assert!(told.insert(block), "nothing comes twice");
        }
        served.done.await.unwrap().unwrap();
    }
}
