//! What a writer holds from batch to batch: the lent business with its folded streams, and how far they are folded.

use std::collections::{BTreeMap, HashMap, HashSet};

use uuid::Uuid;

use crate::db::Tx;
use crate::effect::Effect;
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::range;
use crate::keyring::{Keyring, StreamSeal};
use crate::kinds::{self, Noted, all_known};
use crate::log::{CompanyId, Hash, Stream};
use crate::select_in;
use crate::statement::Value;
use crate::store::Head;
use crate::turn::{Decider, Unreadable};

/// A log that grew by more than this elsewhere is read anew, stream by stream, as streams are needed.
const LONGEST_TAIL: i64 = 10_000;
/// How many stream versions are kept before those of dropped streams are let go.
const VERSIONS: usize = 10_000;

/// The lent business, and the versions of the streams it holds.
pub(crate) struct Held<D> {
    company: CompanyId,
    /// The business. Between batches it holds only what is recorded.
    pub(crate) decider: D,
    /// The last version of every stream the decider holds.
    pub(crate) versions: HashMap<Stream, i64>,
    /// The keys of those among them that have or had one.
    pub(crate) seals: HashMap<Stream, StreamSeal>,
    /// The kinds of events that the log holds.
    pub(crate) noted: Noted,
    keyring: Keyring,
    /// The head that the streams are folded up to; absent when nothing is held.
    head: Option<Head>,
}

impl<D: Decider> Held<D> {
    /// Nothing yet.
    pub(crate) fn new(company: CompanyId, decider: D, keyring: Keyring) -> Self {
        Self { company, decider, versions: HashMap::new(), seals: HashMap::new(), noted: Noted::default(), keyring, head: None }
    }

    /// The position up to which streams are folded.
    pub(crate) fn position(&self) -> Option<i64> {
        self.head.as_ref().map(|head| head.position)
    }

    /// Drops all streams, and the memory of any head.
    pub(crate) fn forget(&mut self) {
        self.head = None;
        self.let_go();
    }

    /// Drops all streams: the decider has seen events that will not be recorded, or missed some that were.
    pub(crate) fn let_go(&mut self) {
        self.decider.forget();
        self.versions.clear();
        self.seals.clear();
    }

    /// What was decided is recorded up to here. Streams not used lately may go.
    pub(crate) fn advance(&mut self, head: Head) {
        self.head = Some(head);
        self.decider.trim();
        if self.versions.len() > VERSIONS {
            self.versions.retain(|stream, _| self.decider.holds(stream));
            self.seals.retain(|stream, _| self.versions.contains_key(stream));
        }
    }

    /// Brings what is held up to the locked head, when another process has written meanwhile.
    pub(crate) async fn catch_up(&mut self, tx: &mut Tx, head: &Head) -> Result<(), StoreError> {
        // Until the batch is committed no head is remembered, so that a failure on the way leaves nothing half done.
        let before = self.head.take();
        if before.as_ref() == Some(head) {
            return Ok(());
        }
        // Who else wrote may have been a newer version.
        let kinds = kinds::read(&mut tx.conn(), self.company).await?;
        all_known(&kinds, |kind, format| self.decider.knows(kind, format))?;
        self.noted = Noted::these(kinds);
        if !self.follows(tx, before, head).await? {
            self.let_go();
        }
        Ok(())
    }

    /// Whether the streams could be folded on from one head to the other.
    async fn follows(&mut self, tx: &mut Tx, before: Option<Head>, head: &Head) -> Result<bool, StoreError> {
        let Some(before) = before else {
            return Ok(false);
        };
        let grown = head.position - before.position;
        if grown <= 0 || grown > LONGEST_TAIL {
            return Ok(false);
        }
        // The event at the held position comes along: it tells whether this is still the log we know.
        let mut tail = range(&mut tx.conn(), self.company, before.position, head.position).await?;
        let seals = self.keyring.open(&mut tx.conn(), self.company, &mut tail).await?;
        let known = match before.position {
            0 => before.hash == Hash::before_first(head.log_id),
            _ => tail.first().is_some_and(|event| event.hash == before.hash),
        };
        if !known {
            return Ok(false);
        }
        for event in tail.iter().filter(|event| event.position > before.position) {
            if self.decider.apply(event).is_err() {
                // Which stream it is, and what is wrong, shows when a command needs it.
                return Ok(false);
            }
            if let Some(version) = self.versions.get_mut(&event.stream) {
                *version = event.version;
                if self.decider.effects(&event.stream, &event.kind, event.format, event.data()).contains(&Effect::Erase) {
                    self.seals.insert(event.stream.clone(), StreamSeal::Destroyed);
                } else if let Some(seal) = seals.get(&event.stream) {
                    self.seals.insert(event.stream.clone(), seal.clone());
                }
            }
        }
        Ok(true)
    }

    /// Loads those of the needed streams that are not held, in one query for each kind; returns those that cannot
    /// be read.
    pub(crate) async fn load(&mut self, tx: &mut Tx, needed: Vec<Stream>) -> Result<HashMap<Stream, Unreadable>, StoreError> {
        let mut seen = HashSet::new();
        let mut missing: BTreeMap<String, Vec<Stream>> = BTreeMap::new();
        for stream in needed {
            let held = self.decider.holds(&stream) && self.versions.contains_key(&stream);
            if !held && seen.insert(stream.clone()) {
                missing.entry(stream.kind.to_string()).or_default().push(stream);
            }
        }
        let mut unreadable = HashMap::new();
        for (kind, streams) in missing {
            let mut events = self.read(tx, &kind, &streams).await?;
            for stream in streams {
                let events = events.remove(&stream.id).unwrap_or_default();
                match self.decider.load(&stream, &events) {
                    Ok(()) => {
                        self.versions.insert(stream, events.last().map_or(0, |event| event.version));
                    }
                    Err(error) => {
                        tracing::error!(company = %self.company, %stream, %error, "a stream cannot be read");
                        unreadable.insert(stream, error);
                    }
                }
            }
        }
        Ok(unreadable)
    }

    /// The events of streams of one kind, in order.
    async fn read(&mut self, tx: &mut Tx, kind: &str, streams: &[Stream]) -> Result<HashMap<Uuid, Vec<Recorded>>, StoreError> {
        let ids: Vec<Value> = streams.iter().map(|stream| stream.id.into()).collect();
        let fixed = [self.company.into(), kind.into()];
        let mut events: HashMap<Uuid, Vec<Recorded>> = HashMap::with_capacity(streams.len());
        for row in &select_in(&mut tx.conn(), include_str!("sql/read_streams.sql"), &fixed, &ids).await? {
            let event = Recorded::from_row(self.company, row)?;
            events.entry(event.stream.id).or_default().push(event);
        }
        // A stream without events has no key.
        let seals: HashMap<Stream, StreamSeal> = self.keyring.streams(&mut tx.conn(), self.company, kind, events.keys().copied()).await?.into_iter().collect();
        for event in events.values_mut().flatten() {
            event.open(seals.get(&event.stream))?;
        }
        self.seals.extend(seals);
        Ok(events)
    }
}
