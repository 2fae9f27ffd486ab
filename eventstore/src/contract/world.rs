//! What every promise begins with: two companies, a clock that can be set, ids that can be foretold.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

use chrono::{DateTime, TimeDelta, Utc};
use futures::future::join_all;
use uuid::Uuid;

use super::notebook::{Ask, No, Shelf, effects_of};
use crate::event::Recorded;
use crate::follow::Follower;
use crate::log::CompanyId;
use crate::receipt::ReceiptKey;
use crate::store::Store;
use crate::verify::{Report, verify};
use crate::writer::{Accepted, Ports, Submission, WriteError, Writer};

/// A moment to begin with.
pub(crate) const START: DateTime<Utc> = DateTime::from_timestamp(1_750_000_000, 0).unwrap();

/// An answer of the notebook's writer.
pub(crate) type Answer = Result<Accepted, WriteError<No>>;

/// Time and ids that come out the same in every run.
#[derive(Debug)]
pub(crate) struct Clockwork {
    now_micros: AtomicI64,
    ids: AtomicU64,
}

impl Clockwork {
    /// Ids of two clockworks with different seeds never meet.
    pub(crate) fn new(seed: u64) -> Arc<Self> {
        Arc::new(Self { now_micros: AtomicI64::new(START.timestamp_micros()), ids: AtomicU64::new(seed << 32) })
    }

    pub(crate) fn pass(&self, time: TimeDelta) {
        self.now_micros.fetch_add(time.num_microseconds().unwrap(), Ordering::SeqCst);
    }
}

impl Ports for Clockwork {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.now_micros.load(Ordering::SeqCst)).unwrap()
    }

    fn new_id(&self) -> Uuid {
        id(u128::from(self.ids.fetch_add(1, Ordering::SeqCst)))
    }

    fn random(&self) -> [u8; 32] {
        let id = self.new_id();
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(id.as_bytes());
        bytes[16..].copy_from_slice(id.as_bytes());
        bytes
    }
}

/// A store with two companies.
pub(crate) struct World {
    pub(crate) store: Store,
    pub(crate) clock: Arc<Clockwork>,
}

/// The company things happen in, and the one they must not reach.
pub(crate) const HERE: CompanyId = CompanyId(id(1));
pub(crate) const THERE: CompanyId = CompanyId(id(2));

impl World {
    pub(crate) async fn of(store: &Store) -> Self {
        store.db.migrate().await.unwrap();
        for (company, name) in [(HERE, "Here"), (THERE, "There")] {
            let log_id = Uuid::from_u128(company.0.as_u128() + 100);
            store.create_company(company, name, log_id, [7; 32], START).await.unwrap();
        }
        Self { store: store.clone(), clock: Clockwork::new(1) }
    }

    pub(crate) fn writer(&self, company: CompanyId) -> Writer<Shelf> {
        self.writer_with(company, ())
    }

    pub(crate) fn writer_with(&self, company: CompanyId, follower: impl Follower) -> Writer<Shelf> {
        Writer::start(self.store.clone(), company, Shelf::default(), follower, self.clock.clone())
    }

    pub(crate) fn ask(&self, request: Ask) -> Submission<Ask> {
        Submission { request, command_id: self.clock.new_id(), receipt: None }
    }

    pub(crate) fn ask_once(&self, key: &str, request: Ask) -> Submission<Ask> {
        let mut request_hash = [0; 32];
        let text = format!("{request:?}");
        for (at, byte) in text.bytes().enumerate() {
            request_hash[at % 32] ^= byte.rotate_left((at / 32) as u32);
        }
        let receipt = ReceiptKey { scope: "ana".into(), key: key.into(), request_hash, expires_at: None };
        Submission { receipt: Some(receipt), ..self.ask(request) }
    }

    /// Asks for one thing.
    pub(crate) async fn tell(&self, writer: &Writer<Shelf>, request: Ask) -> Answer {
        writer.submit(self.ask(request)).await
    }

    /// Asks for many things at once, most of which then share a commit.
    pub(crate) async fn tell_all(&self, writer: &Writer<Shelf>, requests: impl IntoIterator<Item = Ask>) -> Vec<Answer> {
        let submissions: Vec<_> = requests.into_iter().map(|request| self.ask(request)).collect();
        join_all(submissions.into_iter().map(|submission| writer.submit(submission))).await
    }

    /// The whole log.
    pub(crate) async fn log(&self, company: CompanyId) -> Vec<Recorded> {
        self.store.page(company, 0, usize::MAX).await.unwrap()
    }

    pub(crate) async fn verify(&self, company: CompanyId) -> Report {
        verify(&self.store, company, &effects_of, &mut |_, _| {}).await.unwrap()
    }

    /// Both logs must be well, and end where they should.
    pub(crate) async fn end(&self, here: i64, there: i64) {
        for (company, expected) in [(HERE, here), (THERE, there)] {
            let report = self.verify(company).await;
            assert_eq!(report.findings, []);
            assert_eq!((report.events, report.head.position.number), (expected, expected));
        }
    }
}

/// A small number as an id.
pub(crate) const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}
