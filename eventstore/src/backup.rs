//! A copy of the logs to keep: without keys, without what is derived, and so without anything personal that can be read. And
//! the keys as they are stored, wrapped, on their way to a place of their own and back.

use std::path::Path;

use fail::fail_point;
use sqlx::Connection;
use uuid::Uuid;

use crate::db::{Conn, Db};
use crate::effect::{Effect, EffectsOf};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::insert_values;
use crate::log::{CompanyId, Mark, Stream};
use crate::sqlite;
use crate::statement::{Value, sql};
use crate::store::{CompanyEntry, Store, read_head};

/// Events copied by one statement.
const PART: i64 = 20_000;
/// Events whose effects are derived in one commit.
const PAGE: usize = 2_000;

/// The tables that a backup holds.
pub const COPIED: [&str; 8] = ["companies", "heads", "events", "event_kinds", "receipts", "timers", "outbox", "checkpoints"];

/// The tables of the log that it leaves empty, each with the reason. Read models are left out too: they are rebuilt.
pub const LEFT_OUT: [(&str, &str); 7] = [
    ("migrations", "it is filled when the tables are made"),
    ("company_keys", "keys have a backup of their own"),
    ("stream_keys", "keys have a backup of their own"),
    ("claims", "they are derived from the log; and who has the key could try a guess on them"),
    ("tree_nodes", "they are derived when somebody asks"),
    ("leases", "whoever takes the work up takes a new one"),
    ("projections", "read models are rebuilt"),
];

/// A company as a backup holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kept {
    /// Its entry in the directory.
    pub entry: CompanyEntry,
    /// The id of its log.
    pub log_id: Uuid,
    /// Where its log ends.
    pub head: Mark,
}

impl Store {
    /// Copies the logs of this SQLite database, which lies in `source`, into `copy`: a new or empty file. All is of one moment, and
    /// writers go on meanwhile. `progress` is told how many events were copied, and of how many.
    ///
    /// The copy is on the disk when this returns, whole, with no other files beside it.
    pub async fn copy_logs(&self, source: &Path, copy: &Path, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<Vec<Kept>, StoreError> {
        let made = Db::open(&format!("sqlite:{}", copy.display())).await?;
        made.migrate().await?;
        made.close().await;
        // A company that is made from here on belongs into the next backup.
        let companies = self.companies().await?;
        let mut file = sqlite::open_beside(copy, source).await?;
        // It takes no lock on the source, as BEGIN IMMEDIATE would.
        let mut tx = file.begin().await.map_err(|error| StoreError::database("BEGIN", error))?;
        let mut conn = Conn::Sqlite(&mut tx);
        let mut kept = Vec::new();
        for entry in companies {
            sql(include_str!("sql/sqlite/copy_head.sql")).bind(entry.id).run(&mut conn).await?;
            sql(include_str!("sql/sqlite/copy_company.sql")).bind(entry.id).run(&mut conn).await?;
            sql(include_str!("sql/sqlite/copy_event_kinds.sql")).bind(entry.id).run(&mut conn).await?;
            sql(include_str!("sql/sqlite/copy_receipts.sql")).bind(entry.id).run(&mut conn).await?;
            // Not derived again, as claims are: what was delivered, and which timer fired, is not in the log.
            sql(include_str!("sql/sqlite/copy_timers.sql")).bind(entry.id).run(&mut conn).await?;
            sql(include_str!("sql/sqlite/copy_outbox.sql")).bind(entry.id).run(&mut conn).await?;
            sql(include_str!("sql/sqlite/copy_checkpoints.sql")).bind(entry.id).run(&mut conn).await?;
            let head = read_head(&mut conn, entry.id).await?;
            kept.push(Kept { head: head.mark(entry.id), log_id: head.log_id, entry });
        }
        let total = kept.iter().map(|company| company.head.position.number).sum();
        let mut done = 0;
        for company in &kept {
            let (id, end) = (company.entry.id, company.head.position.number);
            let mut after = 0;
            while after < end {
                let last = end.min(after + PART);
                sql(include_str!("sql/sqlite/copy_events.sql")).bind(id).bind(after).bind(last).run(&mut conn).await?;
                done += last - after;
                after = last;
                progress(done, total);
                fail_point!("backup.mid_copy");
            }
        }
        tx.commit().await.map_err(|error| StoreError::database("COMMIT", error))?;
        file.close().await.map_err(|error| StoreError::database("closing the copy", error))?;
        Ok(kept)
    }

    /// Every company with where its log ends.
    pub async fn kept(&self) -> Result<Vec<Kept>, StoreError> {
        let mut kept = Vec::new();
        for entry in self.companies().await? {
            let head = read_head(&mut self.db.read().await?.conn(), entry.id).await?;
            kept.push(Kept { head: head.mark(entry.id), log_id: head.log_id, entry });
        }
        Ok(kept)
    }

    /// A company's key as it is stored, wrapped by the master key.
    pub async fn wrapped_company_key(&self, company: CompanyId) -> Result<Vec<u8>, StoreError> {
        let row = sql(include_str!("sql/read_company_key.sql")).bind(company).one(&mut self.db.read().await?.conn()).await?;
        row.ok_or(StoreError::UnknownCompany(company))?.get(0)
    }

    /// Whether a company has its key here.
    pub async fn has_keys(&self, company: CompanyId) -> Result<bool, StoreError> {
        let query = sql(include_str!("sql/read_company_key.sql")).bind(company);
        Ok(query.one(&mut self.db.read().await?.conn()).await?.is_some())
    }

    /// Takes a company's keys and claims away again, when they were put back in vain.
    pub async fn take_keys_away(&self, company: CompanyId) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        for text in [include_str!("sql/clear_company_key.sql"), include_str!("sql/clear_stream_keys.sql"), include_str!("sql/clear_claims.sql")] {
            sql(text).bind(company).run(&mut tx.conn()).await?;
        }
        tx.commit().await
    }

    /// The keys of a company's streams after one of them, as they are stored, wrapped by the company's; destroyed ones as none.
    pub async fn wrapped_keys(&self, company: CompanyId, after: Option<&Stream>, limit: i64) -> Result<Vec<(Stream, Option<Vec<u8>>)>, StoreError> {
        let (kind, id) = after.map_or(("", Uuid::nil()), |stream| (stream.kind.as_ref(), stream.id));
        let query = sql(include_str!("sql/page_stream_keys.sql")).bind(company).bind(kind).bind(id).bind(limit);
        let rows = query.all(&mut self.db.read().await?.conn()).await?;
        rows.iter().map(|row| Ok((Stream { kind: row.get::<String>(0)?.into(), id: row.get(1)? }, row.get(2)?))).collect()
    }

    /// Puts a company's wrapped key back, where it has none.
    pub async fn put_company_key(&self, company: CompanyId, wrapped: Vec<u8>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        sql(include_str!("sql/insert_company_key.sql")).bind(company).bind(wrapped).run(&mut tx.conn()).await?;
        tx.commit().await
    }

    /// Puts wrapped keys of streams back, where they have none and were not erased.
    pub async fn put_keys(&self, company: CompanyId, keys: Vec<(Stream, Vec<u8>)>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        let values = keys.into_iter().flat_map(|(stream, wrapped)| [company.into(), stream.kind.as_ref().into(), stream.id.into(), Value::from(wrapped)]);
        insert_values(&mut tx.conn(), include_str!("sql/adopt_stream_key.sql"), values.collect()).await?;
        tx.commit().await
    }

    /// Does again what the events of a log did to claims and keys, once the keys are back: claims are taken and let go, keys of what was
    /// erased are destroyed. `progress` is told position and head.
    pub async fn derive_claims(&self, company: CompanyId, effects_of: EffectsOf<'_>, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<(), StoreError> {
        let head = self.head(company).await?.position.number;
        let log_id = self.log_id(company).await?;
        let of_claims = |event: &Recorded| effects_of(event).into_iter().filter(|effect| effect.claim().is_some() || *effect == Effect::Erase).collect();
        let mut tx = self.db.begin().await?;
        sql(include_str!("sql/clear_claims.sql")).bind(company).run(&mut tx.conn()).await?;
        tx.commit().await?;
        let mut after = 0;
        while after < head {
            let events = self.page(company, after, PAGE).await?;
            let Some(last) = events.last() else { break };
            after = last.position;
            let mut tx = self.db.begin().await?;
            tx.lock_head(company).await?;
            self.apply_effects(&mut tx, company, log_id, &events, &of_claims).await?;
            tx.commit().await?;
            progress(after, head);
        }
        Ok(())
    }
}
