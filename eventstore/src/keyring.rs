//! The keys of a database at hand: companies' keys opened once, streams' keys read when they are needed.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use fail::fail_point;
use uuid::Uuid;

use crate::db::{Conn, Tx};
use crate::error::StoreError;
use crate::event::Recorded;
use crate::keys::{CompanyKey, MasterKey, StreamKey};
use crate::log::{CompanyId, Stream};
use crate::statement::{Value, sql};
use crate::store::Store;
use crate::{insert_values, run_in, seal, select_in};

/// Opens keys, and with them what was sealed. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Keyring {
    master: MasterKey,
    companies: Arc<Mutex<HashMap<CompanyId, Arc<CompanyKey>>>>,
}

impl fmt::Debug for Keyring {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Keyring")
    }
}

/// What is known of a stream's key. A stream without anything personal has none.
#[derive(Clone)]
pub(crate) enum StreamSeal {
    /// It is there.
    Key(StreamKey),
    /// It was destroyed: what it sealed is erased, and nothing will be sealed again.
    Destroyed,
}

impl Keyring {
    pub(crate) fn new(master: MasterKey) -> Self {
        Self { master, companies: Arc::default() }
    }

    /// A new company's key, and as it is to be stored.
    pub(crate) fn make(&self, company: CompanyId, random: [u8; 32]) -> Vec<u8> {
        CompanyKey::new(random).wrapped(&self.master, company)
    }

    /// A company's key.
    pub(crate) async fn company(&self, conn: &mut Conn<'_>, company: CompanyId) -> Result<Arc<CompanyKey>, StoreError> {
        if let Some(key) = self.companies.lock().unwrap_or_else(PoisonError::into_inner).get(&company) {
            return Ok(Arc::clone(key));
        }
        let row = sql(include_str!("sql/read_company_key.sql")).bind(company).one(conn).await?.ok_or(StoreError::UnknownCompany(company))?;
        let key = Arc::new(CompanyKey::unwrap(&row.get::<Vec<u8>>(0)?, &self.master, company).ok_or(StoreError::WrongMasterKey(company))?);
        self.companies.lock().unwrap_or_else(PoisonError::into_inner).insert(company, Arc::clone(&key));
        Ok(key)
    }

    /// The keys of streams of one kind, as they are now; those without a key are left out.
    pub(crate) async fn streams(
        &self,
        conn: &mut Conn<'_>,
        company: CompanyId,
        kind: &str,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<Vec<(Stream, StreamSeal)>, StoreError> {
        let ids: Vec<Value> = ids.into_iter().map(Value::from).collect();
        if ids.is_empty() {
            return Ok(vec![]);
        }
        let by = self.company(conn, company).await?;
        let rows = select_in(conn, include_str!("sql/read_stream_keys.sql"), &[company.into(), kind.into()], &ids).await?;
        let found = rows.iter().map(|row| {
            let stream = Stream { kind: kind.to_owned().into(), id: row.get(0)? };
            let key = unwrapped(row.get(1)?, &by, company, &stream)?;
            Ok((stream, key.map_or(StreamSeal::Destroyed, StreamSeal::Key)))
        });
        found.collect()
    }

    /// Opens what is sealed in events just read. Answers the keys that were needed for it.
    pub(crate) async fn open(&self, conn: &mut Conn<'_>, company: CompanyId, events: &mut [Recorded]) -> Result<HashMap<Stream, StreamSeal>, StoreError> {
        let keys = self.needed_for(conn, company, events).await?;
        for event in events {
            event.open(keys.get(&event.stream))?;
        }
        Ok(keys)
    }

    /// The keys of the streams in whose events something is sealed.
    pub(crate) async fn needed_for(&self, conn: &mut Conn<'_>, company: CompanyId, events: &[Recorded]) -> Result<HashMap<Stream, StreamSeal>, StoreError> {
        let mut sealed: BTreeMap<String, HashSet<Uuid>> = BTreeMap::new();
        for event in events.iter().filter(|event| seal::has_sealed(&event.body)) {
            sealed.entry(event.stream.kind.to_string()).or_default().insert(event.stream.id);
        }
        let mut keys = HashMap::new();
        for (kind, ids) in sealed {
            keys.extend(self.streams(conn, company, &kind, ids).await?);
        }
        Ok(keys)
    }
}

/// A key as it is stored, opened; none, when it was destroyed.
fn unwrapped(wrapped: Option<Vec<u8>>, by: &CompanyKey, company: CompanyId, stream: &Stream) -> Result<Option<StreamKey>, StoreError> {
    let Some(wrapped) = wrapped else { return Ok(None) };
    let key = StreamKey::unwrap(&wrapped, by, company, stream);
    key.map(Some).ok_or_else(|| StoreError::malformed("a stream's key", format!("the key of {stream} cannot be opened")))
}

/// Destroys the keys of streams and lets all their claims and timers go.
pub(crate) async fn erase(conn: &mut Conn<'_>, company: CompanyId, streams: &BTreeSet<Stream>) -> Result<(), StoreError> {
    if streams.is_empty() {
        return Ok(());
    }
    let mut kinds: BTreeMap<&str, Vec<Value>> = BTreeMap::new();
    let mut destroyed: Vec<Value> = Vec::with_capacity(streams.len() * 4);
    for stream in streams {
        kinds.entry(&stream.kind).or_default().push(stream.id.into());
        destroyed.extend([company.into(), stream.kind.as_ref().into(), stream.id.into(), Value::Bytes(None)]);
    }
    insert_values(conn, include_str!("sql/destroy_stream_key.sql"), destroyed).await?;
    fail_point!("erase.after_key");
    for (kind, ids) in kinds {
        run_in(conn, include_str!("sql/release_claims.sql"), &[company.into(), kind.into()], &ids).await?;
        run_in(conn, include_str!("sql/disarm_streams.sql"), &[company.into(), kind.into()], &ids).await?;
    }
    Ok(())
}

/// Keys on their way out to a backup of their own, and back.
impl Store {
    /// Opens what is sealed in events that are not in the log yet, with the keys that are there.
    pub async fn open(&self, company: CompanyId, events: &mut [Recorded]) -> Result<(), StoreError> {
        self.keyring.open(&mut self.db.read().await?.conn(), company, events).await.map(drop)
    }

    /// The key of one stream; none, when there is none or it was destroyed.
    pub async fn stream_key(&self, company: CompanyId, stream: &Stream) -> Result<Option<StreamKey>, StoreError> {
        let keys = self.keyring.streams(&mut self.db.read().await?.conn(), company, &stream.kind, [stream.id]).await?;
        Ok(keys.into_iter().find_map(|(_, seal)| match seal {
            StreamSeal::Key(key) => Some(key),
            StreamSeal::Destroyed => None,
        }))
    }

    /// The keys of a company's streams after one of them, in order; destroyed ones as none.
    pub async fn stream_keys(&self, company: CompanyId, after: Option<&Stream>, limit: i64) -> Result<Vec<(Stream, Option<StreamKey>)>, StoreError> {
        let mut reader = self.db.read().await?;
        let by = self.keyring.company(&mut reader.conn(), company).await?;
        let (kind, id) = after.map_or(("", Uuid::nil()), |stream| (stream.kind.as_ref(), stream.id));
        let query = sql(include_str!("sql/page_stream_keys.sql")).bind(company).bind(kind).bind(id).bind(limit);
        let rows = query.all(&mut reader.conn()).await?;
        let found = rows.iter().map(|row| {
            let stream = Stream { kind: row.get::<String>(0)?.into(), id: row.get(1)? };
            let key = unwrapped(row.get(2)?, &by, company, &stream)?;
            Ok((stream, key))
        });
        found.collect()
    }

    /// The streams that were erased.
    pub async fn erased_streams(&self, company: CompanyId) -> Result<Vec<Stream>, StoreError> {
        let rows = sql(include_str!("sql/erased_streams.sql")).bind(company).all(&mut self.db.read().await?.conn()).await?;
        rows.iter().map(|row| Ok(Stream { kind: row.get::<String>(0)?.into(), id: row.get(1)? })).collect()
    }

    /// Takes keys that were kept outside, for streams that have none here and were not erased here. All of them or none: a key for
    /// what stands in the log already comes too late.
    pub async fn adopt_keys(&self, company: CompanyId, keys: &[(Stream, Option<StreamKey>)]) -> Result<(), StoreError> {
        let mut tx = self.db.begin().await?;
        if tx.lock_head(company).await?.position.number > 0 {
            self.refuse_late_keys(&mut tx, company, keys).await?;
        }
        let by = self.keyring.company(&mut tx.conn(), company).await?;
        let mut values: Vec<Value> = Vec::with_capacity(keys.len() * 4);
        for (stream, key) in keys {
            let wrapped = Value::Bytes(key.as_ref().map(|key| key.wrapped(&by, company, stream)));
            values.extend([company.into(), stream.kind.as_ref().into(), stream.id.into(), wrapped]);
        }
        insert_values(&mut tx.conn(), include_str!("sql/adopt_stream_key.sql"), values).await?;
        tx.commit().await
    }

    /// No key may be for a sealed value that stands in the log while its key does not.
    async fn refuse_late_keys(&self, tx: &mut Tx, company: CompanyId, keys: &[(Stream, Option<StreamKey>)]) -> Result<(), StoreError> {
        let mut brought: BTreeMap<&str, Vec<Uuid>> = BTreeMap::new();
        for (stream, _) in keys.iter().filter(|(_, key)| key.is_some()) {
            brought.entry(&stream.kind).or_default().push(stream.id);
        }
        for (kind, ids) in brought {
            let mut conn = tx.conn();
            let there: HashSet<Uuid> =
                self.keyring.streams(&mut conn, company, kind, ids.iter().copied()).await?.into_iter().map(|(stream, _)| stream.id).collect();
            let new: Vec<Value> = ids.into_iter().filter(|id| !there.contains(id)).map(Value::from).collect();
            let events = select_in(&mut conn, include_str!("sql/read_streams.sql"), &[company.into(), kind.into()], &new).await?;
            let events = events.iter().map(|row| Recorded::from_row(company, row)).collect::<Result<Vec<_>, _>>()?;
            if let Some(first) = events.iter().filter(|event| seal::has_sealed(&event.body)).map(|event| event.position).min() {
                return Err(StoreError::KeyTooLate(first));
            }
        }
        Ok(())
    }
}
