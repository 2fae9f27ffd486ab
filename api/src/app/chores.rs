//! The work beside the commands, for as long as the service lasts: timers are run and messages sent.

use super::App;
use super::webhook::Webhook;
use chrono::{DateTime, Utc};
use eventstore::StoreError;
use futures::future::join;
use std::time::Duration;

/// How long nobody looks, at most: what was committed meanwhile, here or by another process, waits no longer than this.
const POLL: Duration = Duration::from_secs(1);

impl App {
    /// Runs timers when they are due and sends messages as they come, until it is dropped; wherever that happens, the next who
    /// does it goes on.
    pub async fn do_chores(&self, webhook: Option<&Webhook>) {
        let timers = async {
            loop {
                self.pause_until(self.run_timers().await).await;
            }
        };
        let messages = async {
            loop {
                self.pause_until(self.send_messages(webhook).await).await;
            }
        };
        join(timers, messages).await;
    }

    /// Waits for the next instant that is known, or for the next look.
    async fn pause_until(&self, next: Result<Option<DateTime<Utc>>, StoreError>) {
        let next = next.unwrap_or_else(|error| {
            tracing::warn!(%error, "it cannot be looked up what is due");
            None
        });
        // Due is what has passed, so a moment more.
        let until = next.and_then(|at| (at - self.ports.now()).to_std().ok()).map_or(POLL, |wait| wait + Duration::from_millis(1));
        tokio::time::sleep(until.min(POLL)).await;
    }
}
