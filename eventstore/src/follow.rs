//! Reading on: pages of the log that never cut a commit, and followers that keep up inside it.

use async_trait::async_trait;

use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::log::{CompanyId, Mark};
use crate::statement::sql;
use crate::store::Store;

/// Something that keeps up with the log inside the append's own transaction, such as the read models at the head.
///
/// A fault of a read model must not stop the business. It is for the follower to set a [`Tx::savepoint`], to undo its own
/// work, to note the fault, and to answer `Ok`. As faults are rare, it may also go without a savepoint and answer
/// [`StoreError::Stumbled`] when one comes: the batch is rolled back and made again, and then it sets one. Any other `Err`
/// means the transaction itself is of no use: the whole batch is rolled back, and its callers are told that the store is
/// unavailable.
#[async_trait]
pub trait Follower: Send + 'static {
    /// Takes in the events that lead from `before` to `after`, whole commits, in order.
    async fn follow(&mut self, tx: &mut Tx, before: &Mark, events: &[Recorded], after: &Mark) -> Result<(), StoreError>;

    /// Drops what is remembered of the database: a transaction it followed in may not have been committed.
    fn forget(&mut self);
}

/// Nobody follows.
#[async_trait]
impl Follower for () {
    async fn follow(&mut self, _: &mut Tx, _: &Mark, _: &[Recorded], _: &Mark) -> Result<(), StoreError> {
        Ok(())
    }

    fn forget(&mut self) {}
}

impl Store {
    /// The events after a position, in order: `limit` of them, and then to the end of the last one's commit.
    ///
    /// Positions have no gaps and events never change, so what is read here is right at any time, beside any writer.
    pub async fn page(&self, company: CompanyId, after: i64, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        self.page_on(&mut self.db.read().await?.conn(), company, after, limit).await
    }

    /// A page, read on a connection at hand.
    pub async fn page_on(&self, conn: &mut Conn<'_>, company: CompanyId, after: i64, limit: usize) -> Result<Vec<Recorded>, StoreError> {
        let mut events = page(conn, company, after, limit).await?;
        self.keyring.open(conn, company, &mut events).await?;
        Ok(events)
    }
}

/// A page, with what is sealed in it unopened.
pub(crate) async fn page(conn: &mut Conn<'_>, company: CompanyId, after: i64, limit: usize) -> Result<Vec<Recorded>, StoreError> {
    let limit = i64::try_from(limit.max(1)).unwrap_or(i64::MAX);
    let rows = sql(include_str!("sql/read_page.sql")).bind(company).bind(after).bind(limit).all(conn).await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in &rows {
        events.push(Recorded::from_row(company, row)?);
    }
    if let Some(last) = events.last()
        && !last.ends_commit()
    {
        let (next, end) = (last.position + 1, last.commit_end);
        events.append(&mut range(conn, company, next, end).await?);
    }
    Ok(events)
}

/// The events from one position to another, both included, with what is sealed in them unopened.
pub(crate) async fn range(conn: &mut Conn<'_>, company: CompanyId, first: i64, last: i64) -> Result<Vec<Recorded>, StoreError> {
    sql(include_str!("sql/read_range.sql")).bind(company).bind(first).bind(last).all(conn).await?.iter().map(|row| Recorded::from_row(company, row)).collect()
}
