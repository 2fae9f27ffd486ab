//! What a batch of commands comes to, worked out in memory under the lock: events, claims, timers, messages, receipts, outcomes.
//!
//! Each command is decided against the effects of those before it. Who holds a claim is often not known yet: the
//! plan then assumes that it is free, says so, and is made anew in the rare case that it was not.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::claim::{Holders, Mac, other_than};
use crate::effect::Effect;
use crate::error::StoreError;
use crate::event::{Draft, Recorded, to_micros};
use crate::keyring::StreamSeal;
use crate::keys::{CompanyKey, StreamKey};
use crate::later::Later;
use crate::log::{CompanyId, Mark, Stream};
use crate::receipt::Receipt;
use crate::seal;
use crate::statement::Value;
use crate::store::Head;
use crate::turn::{Decider, Unreadable};
use crate::writer::{Ports, Submission, WriteError, panic_text};

/// A batch ends when its bodies have come to this many bytes.
const BATCH_BYTES: usize = 1 << 20;

/// What is known before anything is decided.
pub(crate) struct Known {
    pub(crate) company: CompanyId,
    pub(crate) key: Arc<CompanyKey>,
    /// Receipts of this batch's keys.
    pub(crate) receipts: HashMap<[u8; 32], Receipt>,
    /// Who holds a claim, as far as it was looked up.
    pub(crate) holders: HashMap<Mac, Holders>,
    /// Streams that could not be loaded.
    pub(crate) unreadable: HashMap<Stream, Unreadable>,
    /// Commands whose own events could not be applied, by their place in the batch.
    pub(crate) spoiled: HashMap<usize, Unreadable>,
}

/// What a batch comes to.
pub(crate) struct Plan<F> {
    /// Everything to append, in order.
    pub(crate) events: Vec<Recorded>,
    /// One for each command taken into the batch.
    pub(crate) outcomes: Vec<Outcome<F>>,
    /// What to remember.
    pub(crate) receipts: Vec<Receipt>,
    /// What became of claims.
    pub(crate) claims: BTreeMap<Mac, Held>,
    /// Keys of streams that had none, as rows.
    pub(crate) keys: Vec<[Value; 4]>,
    /// Streams whose keys are destroyed and whose claims are let go.
    pub(crate) erased: BTreeSet<Stream>,
    /// Timers and messages.
    pub(crate) later: Later,
    /// Claims taken to be held by this stream alone, or by nobody, without having looked.
    pub(crate) assumed: Vec<(Mac, Stream)>,
    /// The head behind it all.
    pub(crate) head: Head,
    /// Receipts written by this plan: which command of the batch made them.
    answered: HashMap<[u8; 32], (usize, [u8; 32])>,
    bytes: usize,
}

/// What became of one command.
pub(crate) enum Outcome<F> {
    /// Its events end at this mark; `count` of them.
    Accepted { count: usize, mark: Mark },
    /// It carries the key and the request of an earlier command of the batch.
    Same(usize),
    /// It was answered before.
    Replayed(Receipt),
    /// Nothing is stored for it.
    Rejected(WriteError<F>),
}

/// Who holds a claim after the batch.
#[derive(Clone)]
pub(crate) struct Held {
    pub(crate) kind: String,
    pub(crate) by: Holders,
}

/// Why a plan has to be made anew, from streams as they are stored.
pub(crate) enum Setback {
    /// A stream was drafted for that the request did not say it needs.
    Missing(Stream),
    /// The business cannot apply what it drafted itself.
    Spoiled(usize, Unreadable),
}

/// Decides commands in order until all are, or the batch is full.
pub(crate) fn plan<D: Decider>(
    decider: &mut D,
    versions: &mut HashMap<Stream, i64>,
    seals: &mut HashMap<Stream, StreamSeal>,
    ports: &dyn Ports,
    known: &Known,
    head: &Head,
    submissions: &[Submission<D::Request>],
) -> Result<Plan<D::Refusal>, Setback> {
    let mut plan = Plan {
        events: Vec::new(),
        outcomes: Vec::with_capacity(submissions.len()),
        receipts: Vec::new(),
        claims: BTreeMap::new(),
        keys: Vec::new(),
        erased: BTreeSet::new(),
        later: Later::default(),
        assumed: Vec::new(),
        head: head.clone(),
        answered: HashMap::new(),
        bytes: 0,
    };
    for (index, submission) in submissions.iter().enumerate() {
        if plan.bytes >= BATCH_BYTES {
            break;
        }
        let now = to_micros(ports.now());
        let outcome = match plan.decide(decider, seals, known, index, submission, now) {
            Ok(drafts) => plan.accept(decider, versions, seals, ports, known, index, submission, drafts, now)?,
            Err(outcome) => outcome,
        };
        plan.outcomes.push(outcome);
    }
    Ok(plan)
}

impl<F> Plan<F> {
    /// Whether there is anything to write.
    pub(crate) fn is_empty(&self) -> bool {
        self.events.is_empty() && self.receipts.is_empty()
    }

    /// The drafts of one command and the claims they change, or what became of it without any.
    fn decide<D: Decider<Refusal = F>>(
        &mut self,
        decider: &D,
        seals: &HashMap<Stream, StreamSeal>,
        known: &Known,
        index: usize,
        submission: &Submission<D::Request>,
        now: DateTime<Utc>,
    ) -> Result<Decided, Outcome<F>> {
        if let Some(key) = &submission.receipt {
            let id = known.key.receipts.id(key);
            let earlier = self.answered.get(&id).map(|(earlier, mac)| (Outcome::Same(*earlier), mac));
            let before = known.receipts.get(&id).map(|receipt| (Outcome::Replayed(receipt.clone()), &receipt.request_mac));
            if let Some((outcome, mac)) = earlier.or(before) {
                return Err(if *mac == known.key.receipts.request(key) { outcome } else { Outcome::Rejected(WriteError::KeyReused) });
            }
        }
        let unreadable = known.spoiled.get(&index).or_else(|| {
            if known.unreadable.is_empty() {
                return None;
            }
            decider.needs(&submission.request).iter().find_map(|stream| known.unreadable.get(stream))
        });
        if let Some(unreadable) = unreadable {
            return Err(Outcome::Rejected(WriteError::Unreadable(unreadable.clone())));
        }
        // A fault in one decision is that command's alone: deciding changes no state.
        let drafts = catch_unwind(AssertUnwindSafe(|| decider.decide(&submission.request, now)))
            .map_err(|panic| {
                let fault = StoreError::Panicked(panic_text(panic.as_ref()));
                tracing::error!(error = %fault, command = %submission.command_id, "a decision was given up");
                Outcome::Rejected(WriteError::Unavailable(fault))
            })?
            .map_err(|refusal| Outcome::Rejected(WriteError::Refused(refusal)))?;
        let is_erased = |stream: &Stream| matches!(seals.get(stream), Some(StreamSeal::Destroyed));
        if let Some(draft) = drafts.iter().find(|draft| is_erased(&draft.stream) && seal::has_personal(&draft.body)) {
            return Err(Outcome::Rejected(WriteError::Unavailable(StoreError::Erased(draft.stream.clone()))));
        }
        let (claims, others) = self.effects(decider, known, &drafts).map_err(|no| Outcome::Rejected(WriteError::Refused(no)))?;
        Ok(Decided { drafts, claims, others })
    }

    /// What the drafts do to claims, or the refusal when one is taken; and what else they do, with the position of each.
    #[allow(clippy::type_complexity, reason = "a pair, named where it is taken apart")]
    fn effects<D: Decider<Refusal = F>>(&mut self, decider: &D, known: &Known, drafts: &[Draft]) -> Result<(Vec<(Mac, Held)>, Vec<(i64, Effect)>), F> {
        let mut changes: BTreeMap<Mac, Held> = BTreeMap::new();
        let mut others = Vec::new();
        for (position, draft) in (self.head.position + 1..).zip(drafts) {
            for change in decider.effects(&draft.stream, draft.kind, draft.format, &draft.body) {
                let claim = match &change {
                    Effect::Take(claim) | Effect::Share(claim) | Effect::Release(claim) => claim,
                    Effect::Arm { .. } | Effect::Disarm { .. } | Effect::Send { .. } => {
                        others.push((position, change));
                        continue;
                    }
                    Effect::Erase => {
                        others.push((position, change));
                        for (mac, held) in self.claims.iter().filter(|(_, held)| held.by.contains_key(&draft.stream)) {
                            changes.entry(*mac).or_insert_with(|| held.clone());
                        }
                        for held in changes.values_mut() {
                            held.by.remove(&draft.stream);
                        }
                        continue;
                    }
                };
                let mac = known.key.claims.mac(claim);
                let held = changes.entry(mac).or_insert_with(|| {
                    let by = match (self.claims.get(&mac), known.holders.get(&mac)) {
                        (Some(held), _) => held.by.clone(),
                        (None, Some(holders)) => {
                            holders.iter().filter(|(holder, _)| !self.erased.contains(*holder)).map(|(holder, at)| (holder.clone(), *at)).collect()
                        }
                        (None, None) => {
                            self.assumed.push((mac, draft.stream.clone()));
                            Holders::new()
                        }
                    };
                    Held { kind: claim.kind.clone(), by }
                });
                match (&change, other_than(&held.by, &draft.stream)) {
                    (Effect::Take(claim), Some(other)) => return Err(decider.taken(claim, other, draft)),
                    (Effect::Release(_), _) => held.by.remove(&draft.stream),
                    _ => held.by.insert(draft.stream.clone(), position),
                };
            }
        }
        Ok((changes.into_iter().collect(), others))
    }

    /// Records the drafts, moves the head in memory, and lets the decider see the events.
    #[allow(clippy::too_many_arguments, reason = "the parts of one turn, lent side by side")]
    fn accept<D: Decider<Refusal = F>>(
        &mut self,
        decider: &mut D,
        versions: &mut HashMap<Stream, i64>,
        seals: &mut HashMap<Stream, StreamSeal>,
        ports: &dyn Ports,
        known: &Known,
        index: usize,
        submission: &Submission<D::Request>,
        decided: Decided,
        now: DateTime<Utc>,
    ) -> Result<Outcome<F>, Setback> {
        let Decided { drafts, claims, others } = decided;
        let count = drafts.len();
        let first = self.head.position + 1;
        let commit_end = self.head.position + i64::try_from(count).unwrap_or(i64::MAX);
        for draft in drafts {
            let Some(version) = versions.get_mut(&draft.stream) else {
                return Err(match known.unreadable.get(&draft.stream) {
                    Some(unreadable) => Setback::Spoiled(index, unreadable.clone()),
                    None => Setback::Missing(draft.stream),
                });
            };
            *version += 1;
            let mut event = Recorded {
                company: known.company,
                position: self.head.position + 1,
                commit_end,
                stream: draft.stream,
                version: *version,
                event_id: ports.new_id(),
                command_id: submission.command_id,
                kind: draft.kind.to_owned(),
                format: draft.format,
                occurred_at: to_micros(draft.occurred_at),
                recorded_at: now.max(self.head.last_recorded_at + TimeDelta::microseconds(1)),
                actor: draft.actor,
                cause: draft.cause,
                body: draft.body,
                opened: None,
                hash: self.head.hash,
            };
            if seal::has_personal(&event.body) {
                let key = self.stream_key(&event.stream, seals, ports, known);
                event.seal(&key, || ports.random());
            }
            event.hash = event.chain(&self.head.hash);
            decider.apply(&event).map_err(|unreadable| Setback::Spoiled(index, unreadable))?;
            self.head.position = event.position;
            self.head.hash = event.hash;
            self.head.last_recorded_at = event.recorded_at;
            self.bytes += event.body.len();
            self.events.push(event);
        }
        self.claims.extend(claims);
        for (position, effect) in others {
            let Some(event) = self.events.iter().rev().find(|event| event.position == position) else { continue };
            if effect == Effect::Erase {
                seals.insert(event.stream.clone(), StreamSeal::Destroyed);
                self.erased.insert(event.stream.clone());
            }
            self.later.note(self.head.log_id, event, &effect);
        }
        if let Some(key) = &submission.receipt {
            let (id, request_mac) = (known.key.receipts.id(key), known.key.receipts.request(key));
            self.answered.insert(id, (index, request_mac));
            self.receipts.push(Receipt { id, request_mac, command_id: submission.command_id, first, last: commit_end, expires_at: key.expires_at });
        }
        Ok(Outcome::Accepted { count, mark: self.head.mark(known.company) })
    }
}

impl<F> Plan<F> {
    /// The key of a stream; made now, when it has none.
    fn stream_key(&mut self, stream: &Stream, seals: &mut HashMap<Stream, StreamSeal>, ports: &dyn Ports, known: &Known) -> StreamKey {
        if let Some(StreamSeal::Key(key)) = seals.get(stream) {
            return key.clone();
        }
        let key = StreamKey::new(ports.random());
        let wrapped = key.wrapped(&known.key, known.company, stream);
        self.keys.push([known.company.into(), stream.kind.as_ref().into(), stream.id.into(), wrapped.into()]);
        seals.insert(stream.clone(), StreamSeal::Key(key.clone()));
        key
    }
}

/// What one command's decision came to.
struct Decided {
    drafts: Vec<Draft>,
    claims: Vec<(Mac, Held)>,
    others: Vec<(i64, Effect)>,
}
