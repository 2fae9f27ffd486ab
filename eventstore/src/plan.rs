//! What a batch of commands comes to, worked out in memory under the lock: events, claims, receipts, outcomes.
//!
//! Each command is decided against the effects of those before it. Who holds a claim is often not known yet: the
//! plan then assumes that it is free, says so, and is made anew in the rare case that it was not.

use std::collections::{BTreeMap, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{DateTime, TimeDelta, Utc};

use crate::claim::{ClaimChange, ClaimKey, Mac};
use crate::error::StoreError;
use crate::event::{Draft, Recorded, to_micros};
use crate::log::{CompanyId, Mark, Stream};
use crate::receipt::Receipt;
use crate::store::Head;
use crate::turn::{Decider, Unreadable};
use crate::writer::{Ports, Submission, WriteError, panic_text};

/// A batch ends when its bodies have come to this many bytes.
const BATCH_BYTES: usize = 1 << 20;

/// What is known before anything is decided.
pub(crate) struct Known {
    pub(crate) company: CompanyId,
    pub(crate) claim_key: ClaimKey,
    /// Receipts of this batch's keys.
    pub(crate) receipts: HashMap<[u8; 32], Receipt>,
    /// Who holds a claim, as far as it was looked up.
    pub(crate) holders: HashMap<Mac, Option<Stream>>,
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
    pub(crate) claims: BTreeMap<Mac, Holding>,
    /// Claims taken to be free, or held by this stream, without having looked.
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
pub(crate) struct Holding {
    pub(crate) kind: String,
    pub(crate) stream: Option<Stream>,
    pub(crate) position: i64,
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
        let outcome = match plan.decide(decider, known, index, submission, now) {
            Ok(drafts) => plan.accept(decider, versions, ports, known, index, submission, drafts, now)?,
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
        known: &Known,
        index: usize,
        submission: &Submission<D::Request>,
        now: DateTime<Utc>,
    ) -> Result<Decided, Outcome<F>> {
        if let Some(key) = &submission.receipt {
            let id = key.id();
            let earlier = self.answered.get(&id).map(|(earlier, hash)| (Outcome::Same(*earlier), hash));
            let before = known.receipts.get(&id).map(|receipt| (Outcome::Replayed(receipt.clone()), &receipt.request_hash));
            if let Some((outcome, hash)) = earlier.or(before) {
                return Err(if *hash == key.request_hash { outcome } else { Outcome::Rejected(WriteError::KeyReused) });
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
        let claims = self.claim(decider, known, &drafts).map_err(|no| Outcome::Rejected(WriteError::Refused(no)))?;
        Ok(Decided { drafts, claims })
    }

    /// What the drafts do to claims, or the refusal when one is taken.
    fn claim<D: Decider<Refusal = F>>(&mut self, decider: &D, known: &Known, drafts: &[Draft]) -> Result<Vec<(Mac, Holding)>, F> {
        let mut changes: Vec<(Mac, Holding)> = Vec::new();
        for (position, draft) in (self.head.position + 1..).zip(drafts) {
            for change in decider.claims(&draft.stream, draft.kind, draft.format, &draft.body) {
                let mac = known.claim_key.mac(change.claim());
                let holder = match changes.iter().rev().find(|(changed, _)| *changed == mac) {
                    Some((_, holding)) => holding.stream.as_ref(),
                    None => match (self.claims.get(&mac), known.holders.get(&mac)) {
                        (Some(holding), _) => holding.stream.as_ref(),
                        (None, Some(holder)) => holder.as_ref(),
                        (None, None) => {
                            self.assumed.push((mac, draft.stream.clone()));
                            match change {
                                ClaimChange::Take(_) => None,
                                ClaimChange::Release(_) => Some(&draft.stream),
                            }
                        }
                    },
                };
                let stream = match (&change, holder) {
                    (ClaimChange::Take(claim), Some(other)) if *other != draft.stream => {
                        return Err(decider.taken(claim, other));
                    }
                    (ClaimChange::Take(_), _) => Some(draft.stream.clone()),
                    (ClaimChange::Release(_), Some(own)) if *own == draft.stream => None,
                    (ClaimChange::Release(_), _) => continue,
                };
                changes.push((mac, Holding { kind: change.claim().kind.clone(), stream, position }));
            }
        }
        Ok(changes)
    }

    /// Records the drafts, moves the head in memory, and lets the decider see the events.
    #[allow(clippy::too_many_arguments, reason = "the parts of one turn, lent side by side")]
    fn accept<D: Decider<Refusal = F>>(
        &mut self,
        decider: &mut D,
        versions: &mut HashMap<Stream, i64>,
        ports: &dyn Ports,
        known: &Known,
        index: usize,
        submission: &Submission<D::Request>,
        decided: Decided,
        now: DateTime<Utc>,
    ) -> Result<Outcome<F>, Setback> {
        let Decided { drafts, claims } = decided;
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
                hash: self.head.hash,
            };
            event.hash = event.chain(&self.head.hash);
            decider.apply(&event).map_err(|unreadable| Setback::Spoiled(index, unreadable))?;
            self.head.position = event.position;
            self.head.hash = event.hash;
            self.head.last_recorded_at = event.recorded_at;
            self.bytes += event.body.len();
            self.events.push(event);
        }
        self.claims.extend(claims);
        if let Some(key) = &submission.receipt {
            self.answered.insert(key.id(), (index, key.request_hash));
            self.receipts.push(Receipt {
                id: key.id(),
                request_hash: key.request_hash,
                command_id: submission.command_id,
                first,
                last: commit_end,
                expires_at: key.expires_at,
            });
        }
        // Timers and messages to be sent will be drafted beside the events and gathered here.
        Ok(Outcome::Accepted { count, mark: self.head.mark(known.company) })
    }
}

/// What one command's decision came to.
struct Decided {
    drafts: Vec<Draft>,
    claims: Vec<(Mac, Holding)>,
}
