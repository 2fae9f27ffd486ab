//! Messages that wait in the outbox are sent, at least once, until the receiver takes them.

use super::webhook::Webhook;
use super::{App, sooner};
use chrono::{DateTime, TimeDelta, Utc};
use eventstore::{CompanyId, StoreError, Tried, Waiting};
use fail::fail_point;
use futures::future::join_all;

/// The name of the work, of which one process has the lease.
const OUTBOX: &str = "outbox";
/// How long the lease lasts: longer than the slowest delivery.
const LEASE: TimeDelta = TimeDelta::seconds(30);
/// How many messages are sent at once.
const AT_ONCE: i64 = 16;
/// How long is waited before each further attempt, at least; together three days.
const PAUSES: [TimeDelta; 11] = [
    TimeDelta::seconds(5),
    TimeDelta::seconds(30),
    TimeDelta::minutes(5),
    TimeDelta::minutes(30),
    TimeDelta::hours(2),
    TimeDelta::hours(5),
    TimeDelta::hours(8),
    TimeDelta::hours(12),
    TimeDelta::hours(12),
    TimeDelta::hours(16),
    TimeDelta::hours(17),
];

impl App {
    /// Sends the messages of every company that are to be sent now; without a receiver they are dropped. Answers when the next
    /// one is to be sent.
    pub async fn send_messages(&self, webhook: Option<&Webhook>) -> Result<Option<DateTime<Utc>>, StoreError> {
        let now = self.ports.now();
        let mut next = None;
        for (company, at) in self.store.next_messages().await? {
            if at >= now {
                next = sooner(next, at);
            } else if let Err(error) = self.send_messages_of(company, webhook).await {
                tracing::warn!(%company, %error, "messages could not be sent");
            }
        }
        Ok(next)
    }

    async fn send_messages_of(&self, company: CompanyId, webhook: Option<&Webhook>) -> Result<(), StoreError> {
        loop {
            let now = self.ports.now();
            let Some(lease) = self.store.take_lease(company, OUTBOX, self.me, now, now + LEASE).await? else {
                return Ok(());
            };
            let due = self.store.due_messages(company, now, AT_ONCE).await?;
            if due.is_empty() {
                return self.store.release_lease(&lease).await;
            }
            let sent = join_all(due.iter().map(|waiting| self.send(company, webhook, waiting, now))).await;
            let tried: Vec<_> = due.iter().map(|waiting| waiting.message.id).zip(sent).collect();
            fail_point!("outbox.before_mark");
            if !self.store.note_messages(&lease, self.ports.now() + LEASE, &tried).await? {
                tracing::warn!(%company, "another process has taken over the outbox; it sends again what was sent just now");
                return Ok(());
            }
        }
    }

    /// Tries a message once.
    async fn send(&self, company: CompanyId, webhook: Option<&Webhook>, waiting: &Waiting, now: DateTime<Utc>) -> Tried {
        let Some(webhook) = webhook else { return Tried::Done };
        let message = &waiting.message;
        fail_point!("outbox.before_send");
        let delivered = webhook.deliver(company, message, now).await;
        fail_point!("outbox.after_send");
        match delivered {
            Ok(()) => Tried::Done,
            Err(error) => match self.pause(waiting.attempts) {
                Some(pause) => {
                    tracing::warn!(%company, message = %message.id, topic = message.topic, error, "a message could not be delivered, and will be tried again");
                    Tried::Again(self.ports.now() + pause)
                }
                None => {
                    tracing::error!(%company, message = %message.id, topic = message.topic, error, "a message was given up: the receiver never took it");
                    Tried::Done
                }
            },
        }
    }

    /// How long to wait after so many attempts and one more, up to a fifth longer than at least, so that not all come at once;
    /// `None` when it was tried long enough.
    fn pause(&self, attempts: i64) -> Option<TimeDelta> {
        let pause = *PAUSES.get(usize::try_from(attempts).ok()?)?;
        Some(pause + pause / 5 * i32::from(self.ports.random()[0]) / 255)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_tried_for_three_days_with_growing_pauses() {
        assert!(PAUSES.is_sorted());
        let whole: TimeDelta = PAUSES.iter().sum();
        assert!(whole > TimeDelta::days(3) && whole < TimeDelta::days(4), "{whole}");
    }
}
