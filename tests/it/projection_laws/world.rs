//! A database with two companies that hold the same ids, and writers that record whatever they are given.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use chrono::{DateTime, Utc};
use eventstore::{Accepted, Claim, CompanyId, Decider, Draft, Effect, Follower, Ports, Recorded, Store, Stream, Submission, Unreadable, Writer};
use projections::PROJECTIONS;
use uuid::Uuid;

use super::story::Command;

pub const ONE: CompanyId = CompanyId(Uuid::from_u128(1));
pub const OTHER: CompanyId = CompanyId(Uuid::from_u128(2));

/// Makes both companies.
pub async fn settle(store: &Store) {
    for company in [ONE, OTHER] {
        store.create_company(company, &format!("Elm Windows {company}"), Uuid::from_u128(99), [7; 32], DateTime::UNIX_EPOCH).await.unwrap();
    }
}

/// A writer of a company, whose read models follow as told.
pub fn writer(store: &Store, company: CompanyId, follower: impl Follower) -> Writer<Scribe> {
    Writer::start(store.clone(), company, Scribe, follower, Arc::new(Still::default()))
}

/// Records commands one by one.
pub async fn record(writer: &Writer<Scribe>, commands: &[Command]) -> Option<Accepted> {
    let mut last = None;
    for command in commands {
        last = Some(writer.submit(submission(command)).await.unwrap());
    }
    last
}

/// Records commands as fast as they can be handed over, many to a commit.
pub async fn record_together(writer: &Writer<Scribe>, commands: &[Command]) {
    let mut pending = Vec::new();
    for command in commands {
        pending.push(writer.enqueue(submission(command)).await);
    }
    for answer in pending {
        answer.await.unwrap();
    }
}

fn submission(command: &Command) -> Submission<Command> {
    Submission { request: command.clone(), command_id: Uuid::from_u128(5), receipt: None }
}

/// The digests of all read models of a company.
pub async fn digests(store: &Store, company: CompanyId) -> Vec<String> {
    let mut digests = Vec::new();
    for projection in PROJECTIONS {
        digests.push(projections::digest(store, company, projection.name()).await.unwrap());
    }
    digests
}

/// Where each read model stands, behind the head by how much, in the order of their names.
pub async fn behind(store: &Store, company: CompanyId) -> Vec<(String, i64)> {
    let statuses = projections::statuses(store, company).await.unwrap();
    statuses.into_iter().map(|status| (status.name, status.head - status.at.position.number)).collect()
}

/// Decides nothing: what is asked is recorded.
pub struct Scribe;

impl Decider for Scribe {
    type Request = Command;
    type Refusal = String;

    fn needs(&self, request: &Command) -> Vec<Stream> {
        request.iter().map(|draft| draft.stream.clone()).collect()
    }
    fn holds(&self, _: &Stream) -> bool {
        false
    }
    fn load(&mut self, _: &Stream, _: &[Recorded]) -> Result<(), Unreadable> {
        Ok(())
    }
    fn apply(&mut self, _: &Recorded) -> Result<(), Unreadable> {
        Ok(())
    }
    fn decide(&self, request: &Command, _: DateTime<Utc>) -> Result<Vec<Draft>, String> {
        Ok(request.clone())
    }
    fn knows(&self, _: &str, _: i32) -> bool {
        true
    }
    fn effects(&self, _: &Stream, _: &str, _: i32, _: &[u8]) -> Vec<Effect> {
        Vec::new()
    }
    fn taken(&self, _: &Claim, _: &Stream, _: &Draft) -> String {
        String::new()
    }
    fn forget(&mut self) {}
    fn trim(&mut self) {}
}

/// A clock that stands still, and ids that count: the same story is recorded the same way everywhere.
#[derive(Default)]
struct Still(AtomicU64);

impl Ports for Still {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).unwrap()
    }
    fn new_id(&self) -> Uuid {
        Uuid::from_u64_pair(77, self.0.fetch_add(1, Ordering::Relaxed))
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(self.new_id().as_bytes());
        bytes
    }
}
