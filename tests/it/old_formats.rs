//! A log in which events of older formats stand, written by three versions of a business, is read, decided over, followed, exported and
//! verified by the newest; and left alone by the older ones. The business is a till: our own events have no second format yet.

use crate::databases::both;
use crate::world::{ACME, Fixed, OTHER, id};
use api::app::App;
use api::log_file::export;
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use domain::wire::{Formats, Step};
use eventstore::{Claim, Decider, Draft, Effect, Follower, Mark, Ports, Recorded, Store, StoreError, Stream, Submission, Tx, Unreadable, WriteError, Writer};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

/// Coins were counted; then money in the smallest unit, and the note became a remark; then also in which drawer.
static STEPS: [Step; 2] = [
    Step { name: "till.counted", from: 1, change: |old| json!({ "minor": old["coins"].as_i64().unwrap() * 100, "remark": old["note"] }) },
    Step { name: "till.counted", from: 2, change: |old| json!({ "minor": old["minor"], "remark": old["remark"], "drawer": "unrecorded" }) },
];

/// A version of the business: what it reads, and how it writes.
struct Version {
    formats: Formats,
    write: fn(i64) -> Value,
    read: fn(&Value) -> Option<i64>,
}

static FIRST: Version = Version {
    formats: Formats::new(&[]),
    write: |minor| json!({ "coins": minor / 100, "note": { "personal": "Dana" } }),
    read: |data| Some(data["coins"].as_i64()? * 100),
};
static SECOND: Version = Version {
    formats: Formats::new(STEPS.split_at(1).0),
    write: |minor| json!({ "minor": minor, "remark": { "personal": "Dana" } }),
    read: |data| data["minor"].as_i64(),
};
static THIRD: Version = Version {
    formats: Formats::new(&STEPS),
    write: |minor| json!({ "minor": minor, "remark": { "personal": "Dana" }, "drawer": "left" }),
    // It never sees data without a drawer.
    read: |data| data["drawer"].as_str().and(data["minor"].as_i64()),
};

impl Version {
    fn minor(&self, event: &Recorded) -> Result<i64, Unreadable> {
        let data = self.formats.upcast(&event.kind, event.format, event.data()).map_err(|error| Unreadable::new(event, error.to_string()))?;
        let data: Value = serde_json::from_slice(&data).map_err(|error| Unreadable::new(event, error.to_string()))?;
        (self.read)(&data).ok_or_else(|| Unreadable::new(event, "a field is missing"))
    }
}

/// What lies in each till.
type Sums = HashMap<Stream, i64>;

struct Tills {
    version: &'static Version,
    sums: Sums,
}

impl Decider for Tills {
    type Request = (Stream, i64);
    type Refusal = i64;

    fn needs(&self, (till, _): &(Stream, i64)) -> Vec<Stream> {
        vec![till.clone()]
    }
    fn holds(&self, stream: &Stream) -> bool {
        self.sums.contains_key(stream)
    }
    fn load(&mut self, stream: &Stream, events: &[Recorded]) -> Result<(), Unreadable> {
        let sum = events.iter().map(|event| self.version.minor(event)).sum::<Result<i64, _>>()?;
        self.sums.insert(stream.clone(), sum);
        Ok(())
    }
    fn apply(&mut self, event: &Recorded) -> Result<(), Unreadable> {
        let minor = self.version.minor(event)?;
        self.sums.entry(event.stream.clone()).and_modify(|sum| *sum += minor);
        Ok(())
    }
    /// A till holds no more than 100.00; who wants more is told how much lies in it.
    fn decide(&self, (till, minor): &(Stream, i64), now: DateTime<Utc>) -> Result<Vec<Draft>, i64> {
        let sum = self.sums[till];
        if sum + minor > 10_000 {
            return Err(sum);
        }
        let (kind, body) = ("till.counted", (self.version.write)(*minor).to_string().into_bytes());
        let format = self.version.formats.newest(kind);
        Ok(vec![Draft { stream: till.clone(), kind, format, body, occurred_at: now, actor: "ana".into(), cause: None }])
    }
    fn knows(&self, kind: &str, format: i32) -> bool {
        kind == "till.counted" && self.version.formats.knows(kind, format)
    }
    fn effects(&self, _: &Stream, _: &str, _: i32, _: &[u8]) -> Vec<Effect> {
        vec![]
    }
    fn taken(&self, _: &Claim, _: &Stream, _: &Draft) -> i64 {
        0
    }
    fn forget(&mut self) {
        self.sums.clear();
    }
    fn trim(&mut self) {}
}

/// A read model of the tills, kept up inside the append.
struct Board {
    version: &'static Version,
    sums: Arc<Mutex<Sums>>,
}

impl Board {
    fn take(&self, events: &[Recorded]) {
        for event in events {
            *self.sums.lock().unwrap().entry(event.stream.clone()).or_default() += self.version.minor(event).unwrap();
        }
    }
}

#[async_trait]
impl Follower for Board {
    async fn follow(&mut self, _: &mut Tx, _: &Mark, events: &[Recorded], _: &Mark) -> Result<(), StoreError> {
        self.take(events);
        Ok(())
    }

    fn forget(&mut self) {}
}

fn till(n: u128) -> Stream {
    Stream::new("till", id(n))
}

struct Run {
    writer: Writer<Tills>,
    sums: Arc<Mutex<Sums>>,
    ports: Arc<dyn Ports>,
}

/// A version is started: its read model is made from the log, and follows it.
async fn start(version: &'static Version, store: &Store, ports: &Arc<Fixed>) -> Run {
    let board = Board { version, sums: Arc::default() };
    board.take(&store.page(ACME, 0, usize::MAX).await.unwrap());
    let (sums, tills) = (Arc::clone(&board.sums), Tills { version, sums: Sums::new() });
    Run { writer: Writer::start(store.clone(), ACME, tills, board, ports.clone()), sums, ports: ports.clone() }
}

impl Run {
    async fn count(&self, n: u128, minor: i64) -> Result<eventstore::Accepted, WriteError<i64>> {
        self.writer.submit(Submission { request: (till(n), minor), command_id: self.ports.new_id(), receipt: None }).await
    }
}

#[tokio::test]
async fn a_log_of_older_formats_is_read_as_if_it_were_written_today() {
    for database in both().await {
        let (store, ports) = (database.store(), Fixed::at("2026-07-01T16:00:00Z"));
        for (company, name) in [(ACME, "Acme"), (OTHER, "Other")] {
            store.create_company(company, name, ports.new_id(), ports.random(), ports.now()).await.unwrap();
        }
        let mut hashes = Vec::new();
        for (version, minor) in [(&FIRST, 1_200), (&SECOND, 2_050), (&THIRD, 3_099)] {
            let run = start(version, &store, &ports).await;
            run.count(1, minor).await.unwrap();
            run.count(2, minor).await.unwrap();
            // What was written before is what it was, to the last bit.
            let log = store.page(ACME, 0, usize::MAX).await.unwrap();
            assert!(log.iter().map(|event| event.hash).take(hashes.len()).eq(hashes.iter().copied()));
            hashes = log.iter().map(|event| event.hash).collect();
            run.writer.stop().await;
        }
        let run = start(&THIRD, &store, &ports).await;
        // Decided over all three formats: 12.00 and 20.50 and 30.99 lie in the till.
        assert!(matches!(run.count(1, 3_652).await, Err(WriteError::Refused(6_349))));
        run.count(1, 3_651).await.unwrap();
        let expected = Sums::from([(till(1), 10_000), (till(2), 6_349)]);
        assert_eq!(*run.sums.lock().unwrap(), expected);
        assert_eq!(*start(&THIRD, &store, &ports).await.sums.lock().unwrap(), expected, "made anew");

        // Whoever is older leaves it alone, and says which event it cannot read.
        for (version, position, format) in [(&FIRST, 3, 2), (&SECOND, 5, 3)] {
            let tills = Tills { version, sums: Sums::new() };
            let old = Run { writer: Writer::start(store.clone(), ACME, tills, (), ports.clone()), sums: Arc::default(), ports: ports.clone() };
            let refused = old.count(9, 1).await.unwrap_err();
            let WriteError::Unavailable(StoreError::Unreadable(event)) = &refused else { panic!("{refused:?}") };
            assert_eq!((event.position, event.kind.as_str(), event.format), (position, "till.counted", format));
        }

        let head = store.head(ACME).await.unwrap();
        let report = eventstore::verify(&store, ACME, &|_| vec![], &mut |_, _| {}).await.unwrap();
        assert_eq!((report.findings, report.head), (vec![], head));
        let app = App::new(store.clone(), ports.clone());
        let mut file = Vec::new();
        export(&app, &app.company(Some("Acme")).await.unwrap(), &mut file, |_, _| {}).await.unwrap();
        let lines: Vec<Value> = file.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect();
        let formats: Vec<i64> = lines.iter().filter(|line| line["data"].is_object()).filter_map(|line| line["format"].as_i64()).collect();
        assert_eq!(formats, [1, 1, 2, 2, 3, 3, 3]);
        assert!(lines[1]["data"]["coins"] == 12 && lines[1]["data"]["note"]["sealed"].is_string(), "as it was stored: {}", lines[1]);

        let log = store.page(ACME, 0, usize::MAX).await.unwrap();
        let taken = store.adopt(OTHER, store.log_id(ACME).await.unwrap(), &log, &|_| vec![]).await.unwrap();
        assert_eq!(taken.head.hash, head.hash);
    }
}
