//! An event before and after it is recorded, and the chain hash that binds it to all before it.

use chrono::{DateTime, Utc};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::error::StoreError;
use crate::keyring::StreamSeal;
use crate::keys::StreamKey;
use crate::log::{CompanyId, Hash, Position, Stream};
use crate::seal;
use crate::statement::{Row, Value};

/// What a decision wants recorded. The store adds position, version, ids, recording time and hash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// Which thing it is about.
    pub stream: Stream,
    /// The stored name.
    pub kind: &'static str,
    /// The version of the body's shape, from 1.
    pub format: i32,
    /// The body: compact JSON of the data alone, stored as it is but for values marked as personal, which are sealed.
    pub body: Vec<u8>,
    /// When it happened in the business.
    pub occurred_at: DateTime<Utc>,
    /// Who did it.
    pub actor: String,
    /// What made it happen, when it was not the actor directly.
    pub cause: Option<String>,
}

/// An event as it stands in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// Whose log it stands in.
    pub company: CompanyId,
    /// Where it stands.
    pub position: i64,
    /// Where the last event of the same command stands. Commands are recorded whole, and pages never cut one.
    pub commit_end: i64,
    /// Which thing it is about.
    pub stream: Stream,
    /// Its number within that stream, from 1.
    pub version: i64,
    /// Its own id.
    pub event_id: Uuid,
    /// The command it came from.
    pub command_id: Uuid,
    /// The stored name.
    pub kind: String,
    /// The version of the body's shape, from 1.
    pub format: i32,
    /// When it happened in the business.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded; strictly rising along the log.
    pub recorded_at: DateTime<Utc>,
    /// Who did it.
    pub actor: String,
    /// What made it happen, when it was not the actor directly.
    pub cause: Option<String>,
    /// The body, the exact bytes that were hashed. Personal values are sealed in it, so that forgetting a key never
    /// touches the chain.
    pub body: Vec<u8>,
    /// The body with its sealed values opened or erased; absent when nothing is sealed in it.
    pub opened: Option<Vec<u8>>,
    /// The chain up to and including this event.
    pub hash: Hash,
}

impl Recorded {
    /// What it says: the body, with what was sealed in it opened or erased.
    pub fn data(&self) -> &[u8] {
        self.opened.as_deref().unwrap_or(&self.body)
    }

    /// What a sealed value of it is bound to: this event of this stream, and its number within the body.
    pub(crate) fn place(&self, number: usize) -> Vec<u8> {
        let number = (number as u64).to_be_bytes();
        [
            b"leadtrail.sealed.v1".as_slice(),
            self.event_id.as_bytes(),
            self.stream.id.as_bytes(),
            &number,
            self.stream.kind.as_bytes(),
            b"/",
            self.kind.as_bytes(),
        ]
        .concat()
    }

    /// Seals what is marked as personal in its body; must come before it is hashed.
    pub fn seal(&mut self, key: &StreamKey, mut random: impl FnMut() -> [u8; 32]) {
        if !seal::has_personal(&self.body) {
            return;
        }
        let sealed = seal::seal(&self.body, |number, value| key.seal(value, &self.place(number), random()));
        self.opened = Some(std::mem::replace(&mut self.body, sealed));
    }

    /// The same event as somebody without keys reads it: what is sealed in it is erased.
    pub fn without_keys(&self) -> Result<Recorded, StoreError> {
        let mut event = self.clone();
        event.open(None)?;
        Ok(event)
    }

    /// The same event as somebody with the key of its stream reads it.
    pub fn with_key(&self, key: &StreamKey) -> Result<Recorded, StoreError> {
        let mut event = self.clone();
        event.open(Some(&StreamSeal::Key(key.clone())))?;
        Ok(event)
    }

    /// Opens what is sealed in its body. A value that is there, under a key that is there, and does not open was altered.
    pub(crate) fn open(&mut self, seal: Option<&StreamSeal>) -> Result<(), StoreError> {
        if !seal::has_sealed(&self.body) {
            return Ok(());
        }
        let mut altered = false;
        let opened = seal::open(&self.body, |number, sealed| match seal {
            Some(StreamSeal::Key(key)) => {
                let value = key.open(sealed, &self.place(number));
                altered |= value.is_none();
                value
            }
            Some(StreamSeal::Destroyed) | None => None,
        });
        if altered {
            return Err(StoreError::malformed("event body", format!("a sealed value at position {} does not open under its key", self.position)));
        }
        self.opened = Some(opened);
        Ok(())
    }

    /// Where it stands, with its company.
    pub fn at(&self) -> Position {
        Position { company: self.company, number: self.position }
    }

    /// Whether it is the last event of its command, so that one may stop reading here.
    pub fn ends_commit(&self) -> bool {
        self.position == self.commit_end
    }

    /// What its hash must be, given the one before it. Every field counts except the company: see
    /// [`Hash::before_first`].
    pub fn chain(&self, previous: &Hash) -> Hash {
        let mut sum = Sha256::new();
        sum.update(b"leadtrail.event.v1");
        sum.update(previous.0);
        number(&mut sum, self.position);
        number(&mut sum, self.commit_end);
        bytes(&mut sum, self.stream.kind.as_bytes());
        bytes(&mut sum, self.stream.id.as_bytes());
        number(&mut sum, self.version);
        bytes(&mut sum, self.event_id.as_bytes());
        bytes(&mut sum, self.command_id.as_bytes());
        bytes(&mut sum, self.kind.as_bytes());
        number(&mut sum, i64::from(self.format));
        number(&mut sum, self.occurred_at.timestamp_micros());
        number(&mut sum, self.recorded_at.timestamp_micros());
        bytes(&mut sum, self.actor.as_bytes());
        match &self.cause {
            None => sum.update([0]),
            Some(cause) => {
                sum.update([1]);
                bytes(&mut sum, cause.as_bytes());
            }
        }
        bytes(&mut sum, &self.body);
        Hash(sum.finalize().into())
    }

    /// Reads a row whose columns are those of `sql/read_page.sql`.
    pub(crate) fn from_row(company: CompanyId, row: &Row) -> Result<Self, StoreError> {
        Ok(Self {
            company,
            position: row.get(0)?,
            commit_end: row.get(1)?,
            stream: Stream { kind: row.get::<String>(2)?.into(), id: row.get(3)? },
            version: row.get(4)?,
            event_id: row.get(5)?,
            command_id: row.get(6)?,
            kind: row.get(7)?,
            format: row.get(8)?,
            occurred_at: row.get(9)?,
            recorded_at: row.get(10)?,
            actor: row.get(11)?,
            cause: row.get(12)?,
            body: row.get(13)?,
            opened: None,
            hash: row.get(14)?,
        })
    }

    /// Adds its values in the order of `sql/insert_event.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, values: &mut Vec<Value>) {
        values.extend([
            company.into(),
            self.position.into(),
            self.commit_end.into(),
            self.stream.kind.as_ref().into(),
            self.stream.id.into(),
            self.version.into(),
            self.event_id.into(),
            self.command_id.into(),
            self.kind.as_str().into(),
            self.format.into(),
            self.occurred_at.into(),
            self.recorded_at.into(),
            self.actor.as_str().into(),
            self.cause.as_deref().into(),
            self.body.as_slice().into(),
            self.hash.into(),
        ]);
    }
}

/// Cuts an instant to microseconds, the finest that both databases keep.
pub fn to_micros(instant: DateTime<Utc>) -> DateTime<Utc> {
    DateTime::from_timestamp_micros(instant.timestamp_micros()).unwrap_or(instant)
}

/// Numbers have one length, so they need no prefix.
fn number(sum: &mut Sha256, value: i64) {
    sum.update(value.to_be_bytes());
}

/// Bytes go in behind their length, so that no two events share one preimage.
fn bytes(sum: &mut Sha256, value: &[u8]) {
    sum.update((value.len() as u64).to_be_bytes());
    sum.update(value);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Changes one field of an event.
    type Edit = fn(&mut Recorded);

    fn sample() -> Recorded {
        Recorded {
            company: CompanyId(Uuid::from_u128(1)),
            position: 1,
            commit_end: 1,
            stream: Stream::new("note", Uuid::from_u128(2)),
            version: 1,
            event_id: Uuid::from_u128(3),
            command_id: Uuid::from_u128(4),
            kind: "note.written".into(),
            format: 1,
            occurred_at: DateTime::from_timestamp_nanos(1_700_000_000_000_000_000),
            recorded_at: DateTime::from_timestamp_nanos(1_700_000_001_000_000_000),
            actor: "ana".into(),
            cause: None,
            body: br#"{"text":"hello"}"#.to_vec(),
            opened: None,
            hash: Hash([0; 32]),
        }
    }

    /// The stored format: when this changes, logs that exist no longer verify.
    #[test]
    fn the_hash_of_a_known_event_is_known() {
        let root = Hash::before_first(Uuid::from_u128(9));
        assert_eq!(sample().chain(&root).to_string(), "c609b74e63905c02c4541a91d6d4a4010a253ed52844a66e6e625bfcf859622f");
    }

    #[test]
    fn every_field_but_the_company_counts() {
        let root = Hash::before_first(Uuid::from_u128(9));
        let hash = sample().chain(&root);
        let edits: [Edit; 14] = [
            |event| event.position = 2,
            |event| event.commit_end = 2,
            |event| event.stream.kind = "nota".into(),
            |event| event.stream.id = Uuid::from_u128(5),
            |event| event.version = 2,
            |event| event.event_id = Uuid::from_u128(5),
            |event| event.command_id = Uuid::from_u128(5),
            |event| event.kind = "note.writte".into(),
            |event| event.format = 2,
            |event| event.occurred_at += chrono::TimeDelta::microseconds(1),
            |event| event.recorded_at += chrono::TimeDelta::microseconds(1),
            |event| event.actor = "an".into(),
            |event| event.cause = Some(String::new()),
            |event| event.body.push(b' '),
        ];
        for edit in edits {
            let mut altered = sample();
            edit(&mut altered);
            assert_ne!(altered.chain(&root), hash, "{altered:?}");
        }
        let moved = Recorded { company: CompanyId(Uuid::from_u128(8)), ..sample() };
        assert_eq!(moved.chain(&root), hash);
        assert_ne!(sample().chain(&hash), hash);
    }
}
