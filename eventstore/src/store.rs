//! The log as others see it: companies, heads, streams and single events.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::db::{Conn, Db, Engine, Tx};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::range;
use crate::keyring::Keyring;
use crate::keys::MasterKey;
use crate::log::{CompanyId, Hash, Mark, Position, Stream};
use crate::statement::{Row, sql};
use crate::writes::Writes;

/// The logs of all companies in one database. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    /// The database they are in.
    pub db: Db,
    pub(crate) keyring: Keyring,
}

/// A company as the directory knows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompanyEntry {
    /// Its id.
    pub id: CompanyId,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
}

impl Store {
    /// The logs in this database, whose companies' keys are wrapped by this one.
    pub fn new(db: Db, master: MasterKey) -> Self {
        Self { db, keyring: Keyring::new(master) }
    }

    /// Makes a company: its entry in the directory, and an empty log. No two companies have one name, in any case.
    ///
    /// `log_id` and `key` are random and made by the caller, as all chance is.
    pub async fn create_company(&self, id: CompanyId, name: &str, log_id: Uuid, key: [u8; 32], at: DateTime<Utc>) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.engine() == Engine::Postgres {
            // Whoever makes a company waits here, so that nobody takes the name between the look and the entry.
            tx.conn().script("directory lock", include_str!("sql/postgres/lock_directory.sql")).await?;
        }
        let namesake = listed(&mut tx.conn()).await?.into_iter().find(|other| other.id != id && other.name.to_lowercase() == name.to_lowercase());
        if let Some(namesake) = namesake {
            tx.rollback().await?;
            return Err(StoreError::CompanyNameTaken { name: namesake.name, by: namesake.id });
        }
        let entry = sql(include_str!("sql/insert_company.sql")).bind(id).bind(name).bind(at);
        let mut made = entry.run(&mut tx.conn()).await?;
        let head = sql(include_str!("sql/insert_head.sql")).bind(id).bind(log_id).bind(0_i64).bind(Hash::before_first(log_id)).bind(0_i64);
        made += head.run(&mut tx.conn()).await?;
        let key = sql(include_str!("sql/insert_company_key.sql")).bind(id).bind(self.keyring.make(id, key));
        made += key.run(&mut tx.conn()).await?;
        if made != 3 {
            tx.rollback().await?;
            return Err(StoreError::CompanyExists(id));
        }
        tx.commit().await
    }

    /// All companies, the oldest first.
    pub async fn companies(&self) -> Result<Vec<CompanyEntry>, StoreError> {
        listed(&mut self.db.read().await?.conn()).await
    }

    /// Whether the master key opens the key of every company.
    pub async fn check_keys(&self) -> Result<(), StoreError> {
        match self.strange_keys().await?.first() {
            Some(company) => Err(StoreError::WrongMasterKey(*company)),
            None => Ok(()),
        }
    }

    /// The companies whose keys the master key does not open.
    pub async fn strange_keys(&self) -> Result<Vec<CompanyId>, StoreError> {
        let companies = self.companies().await?;
        let mut reader = self.db.read().await?;
        let mut strange = Vec::new();
        for company in companies {
            match self.keyring.company(&mut reader.conn(), company.id).await {
                Err(StoreError::WrongMasterKey(company)) => strange.push(company),
                Err(StoreError::UnknownCompany(company)) => return Err(StoreError::NoKeys(company)),
                opened => drop(opened?),
            }
        }
        Ok(strange)
    }

    /// Where a company's log ends.
    pub async fn head(&self, company: CompanyId) -> Result<Mark, StoreError> {
        Ok(read_head(&mut self.db.read().await?.conn(), company).await?.mark(company))
    }

    /// The id of a company's log, from which its first hash is made.
    pub async fn log_id(&self, company: CompanyId) -> Result<Uuid, StoreError> {
        Ok(read_head(&mut self.db.read().await?.conn(), company).await?.log_id)
    }

    /// All events about one thing, in order.
    pub async fn stream(&self, company: CompanyId, stream: &Stream) -> Result<Vec<Recorded>, StoreError> {
        let mut reader = self.db.read().await?;
        let query = sql(include_str!("sql/read_stream.sql")).bind(company).bind(stream.kind.as_ref()).bind(stream.id);
        let rows = query.all(&mut reader.conn()).await?;
        let mut events = rows.iter().map(|row| Recorded::from_row(company, row)).collect::<Result<Vec<_>, _>>()?;
        self.keyring.open(&mut reader.conn(), company, &mut events).await?;
        Ok(events)
    }

    /// The event at a position, when there is one.
    pub async fn event(&self, company: CompanyId, position: i64) -> Result<Option<Recorded>, StoreError> {
        let mut reader = self.db.read().await?;
        let mut events = range(&mut reader.conn(), company, position, position).await?;
        self.keyring.open(&mut reader.conn(), company, &mut events).await?;
        Ok(events.pop())
    }

    /// The mark at a position of the log, when it reaches that far: what a token's hash is compared with.
    pub async fn mark(&self, company: CompanyId, position: i64) -> Result<Option<Mark>, StoreError> {
        let hash = match position {
            0 => Some(Hash::before_first(self.log_id(company).await?)),
            _ => self.event(company, position).await?.map(|event| event.hash),
        };
        Ok(hash.map(|hash| Mark { position: Position { company, number: position }, hash }))
    }
}

/// The directory, the oldest company first.
async fn listed(conn: &mut Conn<'_>) -> Result<Vec<CompanyEntry>, StoreError> {
    let rows = sql(include_str!("sql/list_companies.sql")).all(conn).await?;
    rows.iter().map(|row| Ok(CompanyEntry { id: row.get(0)?, name: row.get(1)?, created_at: row.get(2)? })).collect()
}

/// A company's head row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) log_id: Uuid,
    pub(crate) position: i64,
    pub(crate) hash: Hash,
    pub(crate) last_recorded_at: DateTime<Utc>,
}

impl Head {
    pub(crate) fn mark(&self, company: CompanyId) -> Mark {
        Mark { position: Position { company, number: self.position }, hash: self.hash }
    }

    fn from_row(row: &Row) -> Result<Self, StoreError> {
        Ok(Self { log_id: row.get(0)?, position: row.get(1)?, hash: row.get(2)?, last_recorded_at: row.get(3)? })
    }
}

/// Where a log ends, without holding it.
pub(crate) async fn read_head(conn: &mut Conn<'_>, company: CompanyId) -> Result<Head, StoreError> {
    let row = sql(include_str!("sql/read_head.sql")).bind(company).one(conn).await?;
    Head::from_row(&row.ok_or(StoreError::UnknownCompany(company))?)
}

/// Holds a log's head until the transaction ends. Must come before anything else is read in it.
pub(crate) async fn lock_head(tx: &mut Tx, company: CompanyId) -> Result<Head, StoreError> {
    let mut conn = tx.conn();
    let text = conn.pick(include_str!("sql/sqlite/lock_head.sql"), include_str!("sql/postgres/lock_head.sql"));
    let row = sql(text).bind(company).one(&mut conn).await?;
    Head::from_row(&row.ok_or(StoreError::UnknownCompany(company))?)
}

impl Tx {
    /// Holds a log's head until the transaction ends, and says where it is. Must come before anything else is read in it.
    pub async fn lock_head(&mut self, company: CompanyId) -> Result<Mark, StoreError> {
        Ok(lock_head(self, company).await?.mark(company))
    }
}

/// Moves a held head, together with what is written before it; a second mover would find another position and is an error.
pub(crate) async fn move_head(conn: &mut Conn<'_>, writes: Writes, company: CompanyId, old: i64, new: &Head) -> Result<(), StoreError> {
    let head = sql(include_str!("sql/move_head.sql")).bind(company).bind(old).bind(new.position).bind(new.hash).bind(new.last_recorded_at);
    if writes.run_one(head).run(conn).await? == 1 { Ok(()) } else { Err(StoreError::HeadMoved(old)) }
}
