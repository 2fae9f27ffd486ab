//! The outbox: messages committed with the events that send them, delivered after, at least once, under ids that never change.
//!
//! Whoever delivers holds a [`Lease`], and notes what became of a message under its fence.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::lease::Lease;
use crate::log::CompanyId;
use crate::run_in;
use crate::statement::{Row, Value, sql};
use crate::store::Store;
use crate::timer::next_of_each;
use crate::writes::Writes;

/// A message to the world.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id: the same whenever it is sent again, so that a receiver can tell.
    pub id: Uuid,
    /// The place in the log that it speaks of.
    pub position: i64,
    /// Whether the event there sends it, as [`crate::Effect::Send`]; else somebody put it here beside the log.
    pub of_event: bool,
    /// What it is about.
    pub topic: String,
    /// What it says, as JSON, with nothing personal in it.
    pub body: Vec<u8>,
    /// Since when it could be sent.
    pub occurred_at: DateTime<Utc>,
}

/// A message that waits to be delivered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// It.
    pub message: Message,
    /// How often it was tried.
    pub attempts: i64,
}

/// What became of a message that was tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tried {
    /// It is done with: delivered, dropped or given up.
    Done,
    /// It is to be tried again then.
    Again(DateTime<Utc>),
}

/// The id of an event's message: it follows from the log, the event's place and the message's number there, so that a log
/// keeps it wherever it goes.
pub(crate) fn message_id(log_id: Uuid, position: i64, number: i64) -> Uuid {
    let mut sum = Sha256::new();
    sum.update(b"leadtrail.message.v1");
    sum.update(log_id.as_bytes());
    sum.update(position.to_be_bytes());
    sum.update(number.to_be_bytes());
    let sum: [u8; 32] = sum.finalize().into();
    let mut bytes = [0; 16];
    bytes.copy_from_slice(&sum[..16]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

/// Adds messages for the outbox to what is written. One whose id is there already is left as it is.
pub(crate) fn put(writes: Writes, company: CompanyId, messages: &[Message]) -> Writes {
    let mut values = Vec::with_capacity(messages.len() * 9);
    for message in messages {
        values.extend([
            company.into(),
            message.id.into(),
            message.position.into(),
            i64::from(message.of_event).into(),
            message.topic.as_str().into(),
            message.body.as_slice().into(),
            message.occurred_at.into(),
            message.occurred_at.into(),
            0_i64.into(),
        ]);
    }
    writes.insert(include_str!("sql/insert_message.sql"), values)
}

impl Tx {
    /// Puts a message beside the log into the outbox, to be delivered once this commits. Its id is the sender's own affair:
    /// one that follows from what the message is about makes it safe to put it there twice.
    pub async fn send(&mut self, company: CompanyId, message: Message) -> Result<(), StoreError> {
        let writes = put(Writes::default(), company, &[Message { of_event: false, ..message }]);
        writes.run(&mut self.conn()).await.map(drop)
    }
}

impl Store {
    /// When the next message of each company is to be sent. Companies without any are left out.
    pub async fn next_messages(&self) -> Result<Vec<(CompanyId, DateTime<Utc>)>, StoreError> {
        next_of_each(sql(include_str!("sql/next_messages.sql")).all(&mut self.db.read().await?.conn()).await?)
    }

    /// A company's messages that were to be sent before `now`, the longest waiting first; `limit` at most.
    pub async fn due_messages(&self, company: CompanyId, now: DateTime<Utc>, limit: i64) -> Result<Vec<Waiting>, StoreError> {
        let rows = sql(include_str!("sql/due_messages.sql")).bind(company).bind(now).bind(limit).all(&mut self.db.read().await?.conn()).await?;
        rows.iter().map(waiting).collect()
    }

    /// Notes what became of messages. Answers whether the lease was still held; if not, nothing was changed.
    pub async fn note_messages(&self, lease: &Lease, until: DateTime<Utc>, tried: &[(Uuid, Tried)]) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if !lease.hold(&mut tx, until).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        let done: Vec<Value> = tried.iter().filter(|(_, tried)| *tried == Tried::Done).map(|(id, _)| (*id).into()).collect();
        run_in(&mut tx.conn(), include_str!("sql/delete_messages.sql"), &[lease.company.into()], &done).await?;
        for (id, tried) in tried {
            if let Tried::Again(at) = tried {
                sql(include_str!("sql/postpone_message.sql")).bind(lease.company).bind(*id).bind(*at).run(&mut tx.conn()).await?;
            }
        }
        tx.commit().await.map(|()| true)
    }
}

fn waiting(row: &Row) -> Result<Waiting, StoreError> {
    let message =
        Message { id: row.get(0)?, position: row.get(1)?, of_event: row.get::<i64>(2)? != 0, topic: row.get(3)?, body: row.get(4)?, occurred_at: row.get(5)? };
    Ok(Waiting { message, attempts: row.get(6)? })
}

/// All messages that wait.
pub(crate) async fn stored_messages(conn: &mut Conn<'_>, company: CompanyId) -> Result<Vec<Message>, StoreError> {
    let rows = sql(include_str!("sql/list_messages.sql")).bind(company).all(conn).await?;
    rows.iter().map(|row| waiting(row).map(|waiting| waiting.message)).collect()
}
