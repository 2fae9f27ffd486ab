//! Timers that are due become commands: at least once, to one effect, at the instant at which they were due.

use super::{App, Asker, Request, Wish, sooner};
use chrono::{DateTime, TimeDelta, Utc};
use domain::id::ContactId;
use domain::{Command, Timer as Limit};
use eventstore::{CompanyId, ReceiptKey, StoreError, Submission, Timer, WriteError};
use sha2::{Digest, Sha256};

/// The name of the work, of which one process has the lease.
const TIMERS: &str = "timers";
/// How long the lease lasts: longer than a commit of so many commands takes.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How many timers are run at once; they may share a commit.
const AT_ONCE: i64 = 128;
/// How long it is remembered that a timer was run; what it led to disarms it, so this is for the time in between.
const REMEMBERED: TimeDelta = TimeDelta::days(1);

impl App {
    /// Runs the timers of every company whose instant has passed. Answers when the next one is to be run.
    pub async fn run_timers(&self) -> Result<Option<DateTime<Utc>>, StoreError> {
        let now = self.ports.now();
        let mut next = None;
        for (company, at) in self.store.next_timers().await? {
            if self.refusal(company).is_some() {
                // It may not be written to; why was said when it was refused.
                continue;
            }
            if at >= now {
                next = sooner(next, at);
            } else if let Err(error) = self.run_timers_of(company, now).await {
                tracing::warn!(%company, %error, "timers that are due could not be run");
            }
        }
        Ok(next)
    }

    async fn run_timers_of(&self, company: CompanyId, now: DateTime<Utc>) -> Result<(), StoreError> {
        let Some(lease) = self.store.take_lease(company, TIMERS, self.me, now, now + LEASE).await? else {
            return Ok(());
        };
        loop {
            let due = self.store.due_timers(company, now, AT_ONCE).await?;
            let done = self.fire(company, &due).await;
            if done.is_empty() {
                break;
            }
            if !self.store.put_out_timers(&lease, self.ports.now() + LEASE, &done).await? {
                tracing::warn!(%company, "another process has taken over the timers");
                return Ok(());
            }
        }
        self.store.release_lease(&lease).await
    }

    /// Asks for what timers stand for, in their order, and answers those that are done with. A refusal is the end of a timer
    /// too: what it was to do has lost its point.
    ///
    /// A timer that is fired twice is answered the second time with what came of it the first time.
    pub async fn fire(&self, company: CompanyId, timers: &[Timer]) -> Vec<Timer> {
        let writer = self.writer(company).await;
        let mut asked = Vec::with_capacity(timers.len());
        for timer in timers {
            let Some(request) = request(timer) else {
                tracing::warn!(%company, timer = timer.name, "a timer of another version is left alone");
                continue;
            };
            let submission = Submission { request, command_id: self.ports.new_id(), receipt: Some(self.receipt(timer)) };
            asked.push((timer, writer.enqueue(submission).await));
        }
        let mut done = Vec::with_capacity(asked.len());
        for (timer, answer) in asked {
            match answer.await {
                Ok(_) | Err(WriteError::KeyReused) => done.push(timer.clone()),
                Err(WriteError::Refused(refusal)) => {
                    tracing::info!(%company, timer = timer.name, %refusal, "what a timer asked for was refused");
                    done.push(timer.clone());
                }
                Err(error) => tracing::warn!(%company, timer = timer.name, %error, "a timer that is due could not be run yet"),
            }
        }
        done
    }

    /// The key under which a timer is run once. Armed again, it is another timer.
    fn receipt(&self, timer: &Timer) -> ReceiptKey {
        let key = format!("{} {} {}", timer.stream, timer.name, timer.position);
        let request_hash = Sha256::digest(key.as_bytes()).into();
        ReceiptKey { scope: "timer".into(), key, request_hash, expires_at: Some(self.ports.now() + REMEMBERED) }
    }
}

/// The command of a timer, with the instant at which it was due as its business time.
fn request(timer: &Timer) -> Option<Request> {
    let limit = Limit::parse(&timer.name).filter(|_| timer.stream.kind == "contact")?;
    let wish = Wish::Contact(ContactId(timer.stream.id), Command::Due(limit));
    Some(Request { wish, at: Some(timer.due_at.into()), asker: Asker::system(), expected_version: None })
}
