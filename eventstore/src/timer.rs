//! Timers: committed with the events that arm them, found once they are due, and put out after they fired.
//!
//! What has to be done at the instant is an ordinary command to the company's writer; whoever runs timers holds a
//! [`Lease`], and puts them out under its fence. A timer that fired stays as a row that wakes nobody, until an event disarms
//! or arms it again: so the timers there are can be derived from the log at any time.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};

use crate::db::Conn;
use crate::error::StoreError;
use crate::lease::Lease;
use crate::log::{CompanyId, Stream};
use crate::run_in;
use crate::statement::{Row, Value, sql};
use crate::store::Store;

/// Stream and name of a timer as they are stored: of one length, so that many can be named in one statement.
pub(crate) type TimerId = [u8; 32];

pub(crate) fn timer_id(stream: &Stream, name: &str) -> TimerId {
    let mut sum = Sha256::new();
    sum.update(b"leadtrail.timer.v1");
    sum.update((stream.kind.len() as u64).to_be_bytes());
    sum.update(stream.kind.as_bytes());
    sum.update(stream.id.as_bytes());
    sum.update(name.as_bytes());
    sum.finalize().into()
}

/// A timer that is armed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Whose it is.
    pub stream: Stream,
    /// What is to be done, unique within the stream.
    pub name: String,
    /// When it is to be done.
    pub due_at: DateTime<Utc>,
    /// The event that armed it. Armed again, it is another timer.
    pub position: i64,
}

/// A timer as the log says it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Armed {
    pub(crate) stream: Stream,
    pub(crate) name: String,
    pub(crate) due_at: DateTime<Utc>,
    /// When it is looked for: when it is due, or some time after it was armed, when it was due by then.
    pub(crate) wake_at: DateTime<Utc>,
    pub(crate) position: i64,
}

impl Store {
    /// When the next timer of each company is to be run. Companies without any are left out.
    pub async fn next_timers(&self) -> Result<Vec<(CompanyId, DateTime<Utc>)>, StoreError> {
        next_of_each(sql(include_str!("sql/next_timers.sql")).all(&mut self.db.read().await?.conn()).await?)
    }

    /// A company's timers that were to be run before `now`, in the order in which they are due; `limit` at most.
    pub async fn due_timers(&self, company: CompanyId, now: DateTime<Utc>, limit: i64) -> Result<Vec<Timer>, StoreError> {
        let rows = sql(include_str!("sql/due_timers.sql")).bind(company).bind(now).bind(limit).all(&mut self.db.read().await?.conn()).await?;
        let timer = |row: &Row| Ok(Timer { stream: stream_at(row, 0)?, name: row.get(2)?, due_at: row.get(3)?, position: row.get(4)? });
        rows.iter().map(timer).collect()
    }

    /// Puts out timers that fired, unless they were armed again since. Answers whether the lease was still held; if not,
    /// nothing was changed.
    pub async fn put_out_timers(&self, lease: &Lease, until: DateTime<Utc>, timers: &[Timer]) -> Result<bool, StoreError> {
        let mut tx = self.db.begin().await?;
        if !lease.hold(&mut tx, until).await? {
            tx.rollback().await?;
            return Ok(false);
        }
        // An event that arms one of them again comes later than all that armed them.
        let last = timers.iter().map(|timer| timer.position).max().unwrap_or_default();
        let ids: Vec<Value> = timers.iter().map(|timer| timer_id(&timer.stream, &timer.name).into()).collect();
        run_in(&mut tx.conn(), include_str!("sql/put_out_timers.sql"), &[lease.company.into(), last.into()], &ids).await?;
        tx.commit().await.map(|()| true)
    }
}

/// Rows of company and instant; those without an instant are left out.
pub(crate) fn next_of_each(rows: Vec<Row>) -> Result<Vec<(CompanyId, DateTime<Utc>)>, StoreError> {
    let mut found = Vec::new();
    for row in &rows {
        if let Some(at) = row.get(1)? {
            found.push((row.get(0)?, at));
        }
    }
    Ok(found)
}

fn stream_at(row: &Row, column: usize) -> Result<Stream, StoreError> {
    Ok(Stream { kind: row.get::<String>(column)?.into(), id: row.get(column + 1)? })
}

/// All timers as they are stored; one that fired wakes at no instant.
pub(crate) async fn stored_timers(conn: &mut Conn<'_>, company: CompanyId) -> Result<Vec<(TimerId, Armed, bool)>, StoreError> {
    const PAGE: i64 = 5_000;
    let mut timers = Vec::new();
    let mut after: Vec<u8> = Vec::new();
    loop {
        let page = sql(include_str!("sql/page_timers.sql")).bind(company).bind(after.clone()).bind(PAGE);
        let rows = page.all(conn).await?;
        for row in &rows {
            let (id, due_at): (TimerId, DateTime<Utc>) = (row.get(0)?, row.get(4)?);
            let wake_at: Option<DateTime<Utc>> = row.get(5)?;
            let armed = Armed { stream: stream_at(row, 1)?, name: row.get(3)?, due_at, wake_at: wake_at.unwrap_or(due_at), position: row.get(6)? };
            after = id.to_vec();
            timers.push((id, armed, wake_at.is_none()));
        }
        if rows.len() < PAGE as usize {
            return Ok(timers);
        }
    }
}
