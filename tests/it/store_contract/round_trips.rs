//! How many times an append waits for PostgreSQL: counted on the line, whatever the product believes (SQL-RULES, appendix B).

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::app::desk::{Asker, Desk, Request, Wish};
use domain::id::ContactId;
use domain::wire;
use eventstore::{CompanyId, Db, Follower, MasterKey, Ports, ReceiptKey, Store, Submission, Writer};
use futures::future::join_all;
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

use crate::databases::{TestDb, postgres};
use crate::world::{ACME, Fixed, id};

/// Begin, head, receipts, events, receipts, head, commit: of what the appendix lists, all but the reservations, which this has none of.
const KNOWN_CONTACT: usize = 7;
/// The same and: the contact's stream is looked for, its address is claimed (looked up, and taken), and its key is kept.
const NEW_CONTACT: usize = KNOWN_CONTACT + 4;
/// All read models at once: a savepoint and its end, their checkpoints, and for each table what is loaded and what is saved.
const READ_MODELS: usize = 13;

/// Counts the messages after which a client waits: a simple query, or the end of an extended one.
#[derive(Clone, Default)]
struct Trips(Arc<AtomicUsize>);

impl Trips {
    fn take(&self) -> usize {
        self.0.swap(0, Ordering::SeqCst)
    }

    async fn carry(self, client: TcpStream, server: TcpStream) -> std::io::Result<()> {
        let ((from, mut to), (mut answers, requests)) = (client.into_split(), server.into_split());
        tokio::select! {
            ended = self.count(from, requests) => ended,
            ended = tokio::io::copy(&mut answers, &mut to) => ended.map(drop),
        }
    }

    async fn count(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf) -> std::io::Result<()> {
        // Only the first message has no letter; without TLS it is the only one of its kind.
        let mut begun = false;
        loop {
            let kind = if begun { Some(from.read_u8().await?) } else { None };
            let length = from.read_u32().await?;
            let mut body = vec![0; length as usize - 4];
            from.read_exact(&mut body).await?;
            self.0.fetch_add(usize::from(matches!(kind, Some(b'Q' | b'S'))), Ordering::SeqCst);
            let head: Vec<u8> = kind.into_iter().chain(length.to_be_bytes()).collect();
            to.write_all(&[head, body].concat()).await?;
            begun = true;
        }
    }
}

/// A database reached over a line on which trips are counted.
async fn counted() -> (TestDb, Store, Trips) {
    let database = postgres().await;
    let (scheme, rest) = database.url.split_once('@').expect("the address names a user");
    let (server, name) = rest.split_once('/').expect("the address names a database");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let sign = if name.contains('?') { '&' } else { '?' };
    let url = format!("{scheme}@{}/{name}{sign}sslmode=disable", listener.local_addr().expect("it has an address"));
    let (trips, server) = (Trips::default(), server.to_owned());
    let counting = trips.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.expect("the server answers");
            tokio::spawn(counting.clone().carry(client, server));
        }
    });
    let db = Db::open(&url).await.expect("the database can be opened over the line");
    (database, Store::new(db, MasterKey::new([7; 32])), trips)
}

struct Edge {
    writer: Writer<Desk>,
    ports: Arc<Fixed>,
}

impl Edge {
    async fn tell(&self, contact: u128, command: &str, fields: serde_json::Value) {
        let wish = Wish::Contact(ContactId(id(contact)), wire::command(command, fields).unwrap());
        let command_id = self.ports.new_id();
        let receipt = ReceiptKey { scope: "trips".into(), key: command_id.to_string(), request_hash: [0; 32], expires_at: None };
        let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
        self.writer.submit(Submission { request, command_id, receipt: Some(receipt) }).await.unwrap();
    }

    async fn add(&self, contact: u128) {
        let fields = json!({ "journey": id(contact), "source": id(1), "product": id(2), "name": "Dana", "phones": ["716 555 0100"], "address": format!("{contact} Elm St") });
        self.tell(contact, "contact.add", fields).await;
    }

    async fn attempt(&self, contact: u128) {
        self.tell(contact, "contact.log_attempt", json!({ "channel": "phone", "outcome": "no_answer" })).await;
    }
}

/// How many trips a batch takes on a connection that knows its statements: for a contact that is held, and for a new one.
async fn trips(follower: impl Fn(CompanyId) -> Box<dyn FnOnce(Store, Arc<Fixed>) -> Writer<Desk>>) -> (usize, usize) {
    let (_database, store, trips) = counted().await;
    let ports = Fixed::at("2026-07-01T16:00:00Z");
    let app = api::app::App::new(store.clone(), ports.clone());
    let settings = json!({ "name": "Acme", "zone": "UTC", "currency": "USD", "week_starts_on": "monday", "year_starts_in": 1 });
    app.create_company(ACME, serde_json::from_value(settings).unwrap()).await.unwrap();
    for (name, fields) in [("source.define", json!({ "source": id(1), "name": "Radio" })), ("product.define", json!({ "product": id(2), "name": "Roofs" }))] {
        let wish = Wish::Company(wire::company_command(name, fields).unwrap());
        let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
        app.execute(ACME, Uuid::from_u128(7), request, None).await.unwrap();
    }
    app.stop().await;
    let edge = Edge { writer: follower(ACME)(store, ports.clone()), ports };
    let mut counts = (usize::MAX, usize::MAX);
    // The first of each prepare their statements; after them it is the same every time.
    for round in 0..20 {
        trips.take();
        edge.add(100 + round).await;
        counts.1 = counts.1.min(trips.take());
        // The first attempt starts a time limit, which is a row more.
        edge.attempt(100 + round).await;
        trips.take();
        edge.attempt(100 + round).await;
        counts.0 = counts.0.min(trips.take());
    }
    // However many share it, a commit takes no more: what waits while one is under way goes into one or two.
    join_all((0..20).map(|round| edge.attempt(100 + round))).await;
    assert!(trips.take() <= 3 * counts.0 + 8, "a batch takes a trip for each command");
    counts
}

fn with<F: Follower>(make: impl Fn(CompanyId) -> F + Clone + 'static) -> impl Fn(CompanyId) -> Box<dyn FnOnce(Store, Arc<Fixed>) -> Writer<Desk>> {
    move |company| {
        let follower = make(company);
        Box::new(move |store, ports| Writer::start(store, company, Desk::default(), follower, ports))
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_append_takes_few_round_trips() {
    assert_eq!(trips(with(|_| ())).await, (KNOWN_CONTACT, NEW_CONTACT));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn read_models_add_few_round_trips() {
    let (known, new) = trips(with(projections::Inline::new)).await;
    assert!(known <= KNOWN_CONTACT + READ_MODELS && new <= NEW_CONTACT + READ_MODELS, "{known} and {new}");
}
