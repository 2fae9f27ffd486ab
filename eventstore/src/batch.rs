//! One transaction of the company writer: lock, read, decide, write, commit once.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use fail::fail_point;

use crate::claim::{Holders, Mac, other_than};
use crate::db::Tx;
use crate::error::StoreError;
use crate::event::{Recorded, to_micros};
use crate::follow::{Follower, range};
use crate::held::Held;
use crate::keyring::erase;
use crate::log::{CompanyId, Hash, Mark, Position, Stream};
use crate::plan::{Known, Outcome, Plan, Setback, plan};
use crate::receipt::{self, Receipt};
use crate::statement::{Value, sql};
use crate::store::{Head, Store, lock_head, move_head};
use crate::turn::Decider;
use crate::writer::{Accepted, Answer, Ports, Submission, WriteError};
use crate::writes::Writes;
use crate::{insert_values, run_in, select_in};

/// How often work that surely was not committed is tried again.
const RETRIES: u32 = 5;
/// How often expired receipts are swept out.
const SWEEP: TimeDelta = TimeDelta::hours(1);

/// What a company's writer has before it: the lent business, and what it remembers between batches.
pub(crate) struct Desk<D: Decider> {
    store: Store,
    company: CompanyId,
    held: Held<D>,
    follower: Box<dyn Follower>,
    ports: Arc<dyn Ports>,
    next_sweep: DateTime<Utc>,
    /// Whether the last transaction failed: the next one is shared with nobody, who might suffer from it.
    alone: bool,
}

impl<D: Decider> Desk<D> {
    pub(crate) fn new(store: Store, company: CompanyId, decider: D, follower: Box<dyn Follower>, ports: Arc<dyn Ports>) -> Self {
        let held = Held::new(company, decider, store.keyring.clone());
        Self { store, company, held, follower, ports, next_sweep: DateTime::UNIX_EPOCH, alone: false }
    }

    /// Where the log ends now.
    pub(crate) async fn look(&mut self) -> Result<i64, StoreError> {
        Ok(self.store.head(self.company).await?.position.number)
    }

    /// The head as of the last batch.
    pub(crate) fn position(&self) -> Option<i64> {
        self.held.position()
    }

    /// Drops what is held, by the follower too; the next batch reads it anew.
    pub(crate) fn forget(&mut self) {
        self.held.forget();
        self.follower.forget();
    }

    /// Settles the first of these commands, all of them unless they are too big for one commit.
    pub(crate) async fn settle(&mut self, submissions: &[Submission<D::Request>]) -> Vec<Answer<D>> {
        match self.persist(submissions).await {
            Ok(answers) => answers,
            // The database refused something: one command must not spoil the others, so each is tried alone.
            Err(error) if submissions.len() > 1 && error.is_about_values() => {
                let mut answers = Vec::with_capacity(submissions.len());
                for submission in submissions {
                    self.alone = true;
                    match self.persist(std::slice::from_ref(submission)).await {
                        Ok(answer) => answers.extend(answer),
                        Err(error) => answers.push(Err(WriteError::Unavailable(error))),
                    }
                }
                answers
            }
            Err(error) => submissions.iter().map(|_| Err(WriteError::Unavailable(error.clone()))).collect(),
        }
    }

    /// Tries a batch until it is settled or hopeless.
    async fn persist(&mut self, submissions: &[Submission<D::Request>]) -> Result<Vec<Answer<D>>, StoreError> {
        let mut tries = 0;
        loop {
            match self.attempt(submissions).await {
                Ok(answers) => return Ok(answers),
                Err(error) => {
                    self.forget();
                    self.alone = true;
                    tries += 1;
                    if tries > RETRIES || !error.is_transient() || error.is_lock_timeout() {
                        tracing::error!(company = %self.company, %error, commands = submissions.len(), "commands could not be committed");
                        return Err(error);
                    }
                    tracing::warn!(company = %self.company, %error, tries, "trying a batch of commands again");
                    self.back_off(tries).await;
                }
            }
        }
    }

    /// Waits longer each time, and not as long as another process does.
    async fn back_off(&mut self, tries: u32) {
        let jitter = self.ports.new_id().as_bytes()[15];
        tokio::time::sleep(Duration::from_millis((10 << tries) + u64::from(jitter) / 8)).await;
    }

    /// One transaction. After an error nothing was committed, unless the error says that this is unknown.
    async fn attempt(&mut self, submissions: &[Submission<D::Request>]) -> Result<Vec<Answer<D>>, StoreError> {
        let mut tx = if self.alone { self.store.db.begin().await? } else { self.store.db.begin_turn().await? };
        fail_point!("append.before_lock");
        let head = lock_head(&mut tx, self.company).await?;
        fail_point!("append.after_lock");
        self.held.catch_up(&mut tx, &head).await?;
        let now = to_micros(self.ports.now());
        let mut known = self.known(&mut tx, submissions, now).await?;
        let plan = self.plan(&mut tx, &mut known, &head, submissions).await?;
        let replayed = self.replayed(&mut tx, &plan).await?;
        if plan.is_empty() {
            tx.leave().await?;
        } else {
            self.write(&mut tx, &known, &head, &plan).await?;
            self.follow(&mut tx, &head, &plan).await?;
            self.sweep(&mut tx, now).await?;
            fail_point!("append.before_commit");
            if let Err(error) = tx.commit().await {
                tracing::warn!(company = %self.company, %error, "a commit was not confirmed, looking for it");
                if !self.was_committed(&plan, now).await? {
                    return Err(error);
                }
            }
            fail_point!("append.after_commit");
        }
        self.alone = false;
        self.store.db.appended(plan.events.len());
        self.held.noted.remember(&plan.events);
        self.held.advance(plan.head.clone());
        Ok(self.answers(plan, &head, &replayed))
    }

    /// What must be known before deciding: the key of claims, earlier answers, the streams.
    async fn known(&mut self, tx: &mut Tx, submissions: &[Submission<D::Request>], now: DateTime<Utc>) -> Result<Known, StoreError> {
        let key = self.store.keyring.company(&mut tx.conn(), self.company).await?;
        let ids: Vec<Value> = submissions.iter().filter_map(|s| s.receipt.as_ref()).map(|receipt| key.receipts.id(receipt).into()).collect();
        let receipts = receipt::read(&mut tx.conn(), self.company, now, &ids).await?;
        let mut known = Known {
            company: self.company,
            key,
            receipts: receipts.into_iter().map(|receipt| (receipt.id, receipt)).collect(),
            holders: HashMap::new(),
            unreadable: HashMap::new(),
            spoiled: HashMap::new(),
        };
        self.load(tx, &mut known, submissions, &[]).await?;
        Ok(known)
    }

    /// Loads the streams that the batch needs, but not for commands that were answered before.
    async fn load(&mut self, tx: &mut Tx, known: &mut Known, submissions: &[Submission<D::Request>], more: &[Stream]) -> Result<(), StoreError> {
        let is_new = |submission: &&Submission<D::Request>| match &submission.receipt {
            Some(key) => !known.receipts.contains_key(&known.key.receipts.id(key)),
            None => true,
        };
        let needs = submissions.iter().filter(is_new).flat_map(|submission| self.held.decider.needs(&submission.request));
        let needed = needs.chain(more.iter().cloned()).collect();
        known.unreadable.extend(self.held.load(tx, needed).await?);
        Ok(())
    }

    /// Plans the batch, and again until nothing that was assumed turns out otherwise.
    ///
    /// Every round learns at least one claim, stream or fault that the one before did not know, so it ends; it is
    /// hardly ever more than one.
    async fn plan(&mut self, tx: &mut Tx, known: &mut Known, head: &Head, submissions: &[Submission<D::Request>]) -> Result<Plan<D::Refusal>, StoreError> {
        let mut more = Vec::new();
        loop {
            let ports = self.ports.as_ref();
            match plan(&mut self.held.decider, &mut self.held.versions, &mut self.held.seals, ports, known, head, submissions) {
                Ok(plan) => {
                    let holders = self.holders(tx, &plan.assumed).await?;
                    let wrong = plan.assumed.iter().any(|(mac, stream)| holders.get(mac).is_some_and(|holders| other_than(holders, stream).is_some()));
                    for (mac, _) in &plan.assumed {
                        known.holders.insert(*mac, holders.get(mac).cloned().unwrap_or_default());
                    }
                    if !wrong {
                        return Ok(plan);
                    }
                }
                Err(Setback::Missing(stream)) => more.push(stream),
                Err(Setback::Spoiled(index, unreadable)) => {
                    tracing::error!(company = %self.company, error = %unreadable, "a command's own event cannot be read");
                    known.spoiled.insert(index, unreadable);
                }
            }
            self.held.let_go();
            self.load(tx, known, submissions, &more).await?;
        }
    }

    /// Who holds these claims.
    async fn holders(&mut self, tx: &mut Tx, claims: &[(Mac, Stream)]) -> Result<HashMap<Mac, Holders>, StoreError> {
        let keys: Vec<Value> = claims.iter().map(|(mac, _)| (*mac).into()).collect();
        let mut found: HashMap<Mac, Holders> = HashMap::new();
        for row in select_in(&mut tx.conn(), include_str!("sql/read_claims.sql"), &[self.company.into()], &keys).await? {
            found.entry(row.get(0)?).or_default().insert(Stream { kind: row.get::<String>(1)?.into(), id: row.get(2)? }, row.get(3)?);
        }
        Ok(found)
    }

    /// The events of answers given before, by position; and, for those without events, the one they stood behind.
    async fn replayed(&mut self, tx: &mut Tx, plan: &Plan<D::Refusal>) -> Result<HashMap<i64, Recorded>, StoreError> {
        let positions: Vec<Value> = plan
            .outcomes
            .iter()
            .filter_map(|outcome| match outcome {
                Outcome::Replayed(receipt) => Some(receipt.first.min(receipt.last)..=receipt.last),
                _ => None,
            })
            .flatten()
            .map(Value::from)
            .collect();
        let rows = select_in(&mut tx.conn(), include_str!("sql/read_positions.sql"), &[self.company.into()], &positions).await?;
        let mut events = rows.iter().map(|row| Recorded::from_row(self.company, row)).collect::<Result<Vec<_>, _>>()?;
        self.store.keyring.open(&mut tx.conn(), self.company, &mut events).await?;
        Ok(events.into_iter().map(|event| (event.position, event)).collect())
    }

    /// Writes events, keys, claims, timers, messages and receipts, each as rows of few statements, and moves the head.
    async fn write(&mut self, tx: &mut Tx, known: &Known, head: &Head, plan: &Plan<D::Refusal>) -> Result<(), StoreError> {
        let mut conn = tx.conn();
        let mut keys: Vec<Value> = plan.keys.iter().flatten().cloned().collect();
        if !plan.erased.is_empty() {
            // A key that is destroyed may be of this very batch.
            insert_values(&mut conn, include_str!("sql/insert_stream_key.sql"), std::mem::take(&mut keys)).await?;
            erase(&mut conn, self.company, &plan.erased).await?;
        }
        let mut gone: Vec<Value> = Vec::new();
        let mut taken: Vec<Value> = Vec::new();
        for (mac, held) in &plan.claims {
            if known.holders.get(mac).is_some_and(|holders| !holders.is_empty()) {
                gone.push((*mac).into());
            }
            for (stream, position) in &held.by {
                taken.extend([
                    self.company.into(),
                    (*mac).into(),
                    held.kind.as_str().into(),
                    stream.kind.as_ref().into(),
                    stream.id.into(),
                    (*position).into(),
                ]);
            }
        }
        run_in(&mut conn, include_str!("sql/delete_claims.sql"), &[self.company.into()], &gone).await?;
        fail_point!("append.after_reservations");

        let mut events = Vec::with_capacity(plan.events.len() * 16);
        plan.events.iter().for_each(|event| event.push_values(self.company, &mut events));
        let writes = Writes::default()
            .insert(include_str!("sql/insert_event.sql"), events)
            .insert(include_str!("sql/insert_event_kind.sql"), self.held.noted.missing(self.company, &plan.events))
            .insert(include_str!("sql/insert_stream_key.sql"), keys)
            .insert(include_str!("sql/insert_claim.sql"), taken);
        let writes = plan.later.write(writes, self.company);
        let writes = receipt::insert(writes, self.company, &plan.receipts);
        match plan.events.is_empty() {
            true => drop(writes.run(&mut conn).await?),
            false => move_head(&mut conn, writes, self.company, head.position, &plan.head).await?,
        }
        fail_point!("append.after_events");
        Ok(())
    }

    /// Lets the follower keep up, when there is something to follow.
    async fn follow(&mut self, tx: &mut Tx, head: &Head, plan: &Plan<D::Refusal>) -> Result<(), StoreError> {
        if plan.events.is_empty() {
            return Ok(());
        }
        let (before, after) = (head.mark(self.company), plan.head.mark(self.company));
        self.follower.follow(tx, &before, &plan.events, &after).await
    }

    /// Now and then, lets receipts go that need not be remembered any more.
    async fn sweep(&mut self, tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
        if now < self.next_sweep {
            return Ok(());
        }
        self.next_sweep = now + SWEEP;
        let delete = sql(include_str!("sql/delete_receipts.sql")).bind(self.company).bind(now);
        delete.run(&mut tx.conn()).await.map(drop)
    }

    /// Whether a plan whose commit was not confirmed is in the log, looked up under the lock, so that a commit
    /// still under way is waited for.
    async fn was_committed(&mut self, plan: &Plan<D::Refusal>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        for tries in 1..=RETRIES {
            match self.find(plan, now).await {
                Ok(found) => return Ok(found),
                Err(error @ StoreError::DiskFailed) => return Err(error),
                Err(error) => tracing::warn!(company = %self.company, %error, tries, "the commit cannot be looked up yet"),
            }
            self.back_off(tries).await;
        }
        Err(StoreError::OutcomeUnknown)
    }

    async fn find(&mut self, plan: &Plan<D::Refusal>, now: DateTime<Utc>) -> Result<bool, StoreError> {
        let mut tx = self.store.db.begin_turn().await?;
        lock_head(&mut tx, self.company).await?;
        let found = match (plan.events.first(), plan.receipts.first()) {
            (Some(event), _) => {
                let there = range(&mut tx.conn(), self.company, event.position, event.position).await?;
                there.first().is_some_and(|there| there.event_id == event.event_id)
            }
            (None, Some(Receipt { id, command_id, .. })) => {
                let there = receipt::read(&mut tx.conn(), self.company, now, &[(*id).into()]).await?;
                there.first().is_some_and(|there| there.command_id == *command_id)
            }
            (None, None) => true,
        };
        tx.leave().await?;
        Ok(found)
    }

    /// What each caller is told.
    fn answers(&self, plan: Plan<D::Refusal>, before: &Head, replayed: &HashMap<i64, Recorded>) -> Vec<Answer<D>> {
        let mut events = plan.events.into_iter();
        let mut answers: Vec<Answer<D>> = Vec::with_capacity(plan.outcomes.len());
        for outcome in plan.outcomes {
            let answer = match outcome {
                Outcome::Accepted { count, mark } => Ok(Accepted { events: events.by_ref().take(count).collect(), head: mark, replayed: false }),
                Outcome::Same(earlier) => match answers.get(earlier) {
                    Some(Ok(first)) => Ok(Accepted { replayed: true, ..first.clone() }),
                    _ => Err(WriteError::Unavailable(StoreError::malformed("a batch", "an answer is missing"))),
                },
                Outcome::Replayed(receipt) => self.replay(&receipt, before, replayed).map_err(WriteError::Unavailable),
                Outcome::Rejected(error) => Err(error),
            };
            answers.push(answer);
        }
        answers
    }

    /// The answer that a receipt remembers.
    fn replay(&self, receipt: &Receipt, head: &Head, replayed: &HashMap<i64, Recorded>) -> Result<Accepted, StoreError> {
        let find = |position: i64| {
            replayed.get(&position).ok_or_else(|| StoreError::malformed("a receipt", format!("it points at position {position}, where no event stands")))
        };
        let hash = if receipt.last == 0 { Hash::before_first(head.log_id) } else { find(receipt.last)?.hash };
        let events = (receipt.first..=receipt.last).map(|position| find(position).cloned()).collect::<Result<_, _>>()?;
        let position = Position { company: self.company, number: receipt.last };
        Ok(Accepted { events, head: Mark { position, hash }, replayed: true })
    }
}
