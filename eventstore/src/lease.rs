//! Leases: work beside the writer is done by one process at a time, and one that slept through its lease does no harm.
//!
//! Each taking raises a number, the fence. Whatever the holder changes, it changes in a transaction that begins with
//! [`Lease::hold`], which finds the number it was given or changes nothing.

use chrono::{DateTime, Utc};
use fail::fail_point;
use uuid::Uuid;

use crate::db::Tx;
use crate::error::StoreError;
use crate::log::CompanyId;
use crate::statement::sql;
use crate::store::Store;

/// A piece of work of one company, taken by somebody for a time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lease {
    /// Whose work it is.
    pub company: CompanyId,
    /// Which work.
    pub name: &'static str,
    /// How often it was taken, this time included.
    pub fence: i64,
}

impl Store {
    /// Takes a lease until an instant; `None` when somebody else has it at `now`. Who has it may take it anew.
    pub async fn take_lease(
        &self,
        company: CompanyId,
        name: &'static str,
        holder: Uuid,
        now: DateTime<Utc>,
        until: DateTime<Utc>,
    ) -> Result<Option<Lease>, StoreError> {
        let mut tx = self.db.begin().await?;
        let take = sql(include_str!("sql/take_lease.sql")).bind(company).bind(name).bind(holder).bind(1_i64).bind(until).bind(now);
        let taken = take.one(&mut tx.conn()).await?;
        tx.commit().await?;
        let Some(row) = taken else { return Ok(None) };
        fail_point!("lease.after_take");
        Ok(Some(Lease { company, name, fence: row.get(0)? }))
    }

    /// Lets a lease go before its time, so that another process need not wait for it.
    pub async fn release_lease(&self, lease: &Lease) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        lease.hold(&mut tx, DateTime::UNIX_EPOCH).await?;
        tx.commit().await
    }
}

impl Lease {
    /// Whether it was not taken by anybody since; if so it now lasts until that instant, and nobody takes it before this
    /// transaction ends.
    pub async fn hold(&self, tx: &mut Tx, until: DateTime<Utc>) -> Result<bool, StoreError> {
        let hold = sql(include_str!("sql/hold_lease.sql")).bind(self.company).bind(self.name).bind(self.fence).bind(until);
        Ok(hold.run(&mut tx.conn()).await? == 1)
    }
}
