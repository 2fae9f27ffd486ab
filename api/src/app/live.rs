//! Live updates: who listens to a company's log reads on in it, page by page, as it grows.

use super::App;
use eventstore::{CompanyId, Mark, Position, Recorded, Store, StoreError};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Mutex, OwnedSemaphorePermit, Semaphore, watch};
use tokio::task::JoinHandle;

/// How many listen at a time.
const MOST: usize = 100;
/// How long nobody is told anything at most.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// About how many events are read at once: what is held for a listener who is slow to take them.
const PAGE: usize = 100;
/// How long nobody looks, at most: what another process committed waits no longer than this.
const POLL: Duration = Duration::from_secs(1);

/// Who listens: so many at a time, until the service stops. Cheap to clone.
#[derive(Clone)]
pub struct Listeners {
    seats: Arc<Semaphore>,
    over: watch::Sender<bool>,
    lookouts: Arc<Mutex<HashMap<CompanyId, Lookout>>>,
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
        Listeners { seats: Arc::new(Semaphore::new(most)), over: watch::Sender::new(false), lookouts: Arc::default(), heartbeat }
    }

    /// Lets all of them go: the service stops.
    pub fn end(&self) {
        self.over.send_replace(true);
    }
}

/// Whole commits that stand one after the other in a log.
#[derive(Clone)]
struct Page {
    /// The position before the first event.
    after: i64,
    events: Arc<[Recorded]>,
}

impl Page {
    fn end(&self) -> i64 {
        self.events.last().map_or(self.after, |event| event.position)
    }
}

/// Who looks out for what comes at the end of a log: reads it once, for all who listen there.
struct Lookout {
    newest: watch::Receiver<Page>,
    task: JoinHandle<()>,
}

impl Lookout {
    /// Looks out behind a position, for as long as the writer works whose head this is.
    fn start(store: Store, company: CompanyId, after: i64, mut head: watch::Receiver<i64>) -> Lookout {
        let (pages, newest) = watch::channel(Page { after, events: Arc::default() });
        let look = async move {
            let mut after = after;
            loop {
                // What is committed from here on ends the pause below.
                head.borrow_and_update();
                match store.page(company, after, PAGE).await {
                    Ok(events) if !events.is_empty() => {
                        let page = Page { after, events: events.into() };
                        after = page.end();
                        pages.send_replace(page);
                        continue;
                    }
                    Ok(_) => {}
                    Err(error) => tracing::warn!(%company, %error, "what listeners are to be told cannot be read"),
                }
                if let Ok(Err(_)) = tokio::time::timeout(POLL, head.changed()).await {
                    return;
                }
            }
        };
        Lookout { newest, task: tokio::spawn(look) }
    }
}

/// Who listens to a company's log from some place on. Dropped, the seat is free again.
pub struct Listener {
    app: App,
    company: CompanyId,
    /// Everything up to here was read.
    pub at: Mark,
    newest: watch::Receiver<Page>,
    over: watch::Receiver<bool>,
    _seat: OwnedSemaphorePermit,
}

impl App {
    /// Begins to listen behind a place of a company's log; `None` where all seats are taken.
    pub async fn listen(&self, at: Mark) -> Result<Option<Listener>, StoreError> {
        let Ok(seat) = self.listeners.seats.clone().try_acquire_owned() else { return Ok(None) };
        let company = at.position.company;
        let newest = self.look_out(company).await?;
        Ok(Some(Listener { app: self.clone(), company, at, newest, over: self.listeners.over.subscribe(), _seat: seat }))
    }

    /// The newest page of a company's log, from now on.
    async fn look_out(&self, company: CompanyId) -> Result<watch::Receiver<Page>, StoreError> {
        let mut lookouts = self.listeners.lookouts.lock().await;
        if let Some(lookout) = lookouts.get(&company).filter(|lookout| !lookout.task.is_finished()) {
            return Ok(lookout.newest.clone());
        }
        let after = self.store.head(company).await?.position.number;
        let lookout = Lookout::start(self.store.clone(), company, after, self.writer(company).await.head());
        let newest = lookout.newest.clone();
        lookouts.insert(company, lookout);
        Ok(newest)
    }
}

impl Listener {
    /// The next whole commits, as soon as there are any; `None` when there is no more to hear. May be dropped while it waits, and asked again.
    pub async fn next(&mut self) -> Option<Arc<[Recorded]>> {
        let mut over = self.over.clone();
        tokio::select! {
            biased;
            _ = over.wait_for(|over| *over) => None,
            events = self.read_on() => events,
        }
    }

    async fn read_on(&mut self) -> Option<Arc<[Recorded]>> {
        let after = self.at.position.number;
        while self.app.refusal(self.company).is_none() {
            let newest = self.newest.borrow_and_update().clone();
            if newest.end() > after {
                // Who is behind reads for itself until it has come to where all are.
                let events = if newest.after == after { newest.events } else { self.page(after).await? };
                let last = events.last()?;
                self.at = Mark { position: Position { company: self.company, number: last.position }, hash: last.hash };
                return Some(events);
            }
            self.newest.changed().await.ok()?;
        }
        None
    }

    async fn page(&self, after: i64) -> Option<Arc<[Recorded]>> {
        let page = self.app.store.page(self.company, after, PAGE).await;
        page.map(Arc::from).inspect_err(|error| tracing::warn!(company = %self.company, %error, "a listener cannot read on")).ok()
    }
}
