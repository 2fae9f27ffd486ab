//! Live updates: who listens to a company's log reads on in it, page by page, as it grows.

use super::App;
use eventstore::{CompanyId, Mark, Position, Recorded};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

/// How many listen at a time.
const MOST: usize = 100;
/// How long nobody is told anything at most.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// About how many events are read at once: what is held for a listener who is slow to take them.
const PAGE: usize = 100;
/// How long nobody looks, at most: what another process committed waits no longer than this.
const POLL: Duration = Duration::from_secs(1);

/// Who listens: so many at a time, until the service stops. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Listeners {
    seats: Arc<Semaphore>,
    over: watch::Sender<bool>,
    /// How long a listener is told nothing at most.
    pub heartbeat: Duration,
}

impl Default for Listeners {
    fn default() -> Listeners {
        Listeners::new(MOST, HEARTBEAT)
    }
}

impl Listeners {
    /// Room for so many, each told something every so often. The heartbeat is not zero.
    pub fn new(most: usize, heartbeat: Duration) -> Listeners {
        Listeners { seats: Arc::new(Semaphore::new(most)), over: watch::Sender::new(false), heartbeat }
    }

    /// Lets all of them go: the service stops.
    pub fn end(&self) {
        self.over.send_replace(true);
    }
}

/// Who listens to a company's log from some place on. Dropped, the seat is free again.
pub struct Listener {
    app: App,
    company: CompanyId,
    /// Everything up to here was read.
    pub at: Mark,
    head: watch::Receiver<i64>,
    over: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
}

impl App {
    /// Begins to listen behind a place of a company's log; `None` where all seats are taken.
    pub async fn listen(&self, at: Mark) -> Option<Listener> {
        let seat = self.listeners.seats.clone().try_acquire_owned().ok()?;
        let company = at.position.company;
        let head = self.writer(company).await.head();
        Some(Listener { app: self.clone(), company, at, head, over: self.listeners.over.subscribe(), _seat: seat })
    }
}

impl Listener {
    /// The next whole commits, as soon as there are any; `None` when there is no more to hear. May be dropped while it waits, and asked again.
    pub async fn next(&mut self) -> Option<Vec<Recorded>> {
        let mut over = self.over.clone();
        tokio::select! {
            biased;
            _ = over.wait_for(|over| *over) => None,
            events = self.read_on() => events,
        }
    }

    async fn read_on(&mut self) -> Option<Vec<Recorded>> {
        while self.app.refusal(self.company).is_none() {
            // What is committed from here on wakes who waits below.
            self.head.borrow_and_update();
            let page = self.app.store.page(self.company, self.at.position.number, PAGE).await;
            let events = page.inspect_err(|error| tracing::warn!(company = %self.company, %error, "a listener cannot read on")).ok()?;
            if let Some(last) = events.last() {
                self.at = Mark { position: Position { company: self.company, number: last.position }, hash: last.hash };
                return Some(events);
            }
            match tokio::time::timeout(POLL, self.head.changed()).await {
                Ok(Err(_)) => return None,
                Ok(Ok(())) | Err(_) => {}
            }
        }
        None
    }
}
