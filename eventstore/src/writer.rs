//! The company writer: one task that takes what callers ask, and commits it together.

use std::any::Any;
use std::collections::VecDeque;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use chrono::{DateTime, Utc};
use fail::fail_point;
use futures::FutureExt as _;
use tokio::sync::mpsc::error::TrySendError;
use tokio::sync::{Notify, mpsc, oneshot, watch};
use uuid::Uuid;

use crate::batch::Desk;
use crate::error::StoreError;
use crate::event::Recorded;
use crate::follow::Follower;
use crate::log::{CompanyId, Mark};
use crate::receipt::ReceiptKey;
use crate::store::Store;
use crate::turn::{Decider, Unreadable};

/// How many submitted commands may wait; more are told that the company is busy.
const QUEUE: usize = 1024;
/// How many enqueued commands may wait; more wait outside.
const BULK_QUEUE: usize = 512;
/// The most commands in one commit.
pub(crate) const BATCH: usize = 256;
/// What is left of a batch for enqueued commands when submitted ones would fill it.
const BULK_SHARE: usize = 64;

/// Where time and ids come from.
pub trait Ports: Send + Sync + 'static {
    /// The time now.
    fn now(&self) -> DateTime<Utc>;
    /// A new id.
    fn new_id(&self) -> Uuid;
    /// Random bytes that nobody can foretell: for keys, and for sealing under them.
    fn random(&self) -> [u8; 32];
}

/// A command on its way to the writer.
#[derive(Clone, Debug)]
pub struct Submission<R> {
    /// What is asked.
    pub request: R,
    /// The id its events will carry.
    pub command_id: Uuid,
    /// Under which key its answer is remembered, when it is.
    pub receipt: Option<ReceiptKey>,
}

/// A command that was taken, now or when its key was first used.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Its events.
    pub events: Arc<[Recorded]>,
    /// The log right behind them.
    pub head: Mark,
    /// Whether this is the answer of an earlier time, and nothing was done now.
    pub replayed: bool,
}

/// Why a command was not taken.
#[derive(Clone, Debug, thiserror::Error)]
pub enum WriteError<F> {
    /// The business refuses; nothing was stored.
    #[error("the command was refused")]
    Refused(F),
    /// The key was used for another request.
    #[error("the key was used for another request")]
    KeyReused,
    /// Too many commands wait.
    #[error("too many commands are waiting")]
    Busy,
    /// The store failed.
    #[error(transparent)]
    Unavailable(#[from] StoreError),
    /// The log holds an event this version cannot read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
}

/// What a caller is told.
pub(crate) type Answer<D> = Result<Accepted, WriteError<<D as Decider>::Refusal>>;

/// A command and whom to answer. Nobody may be listening any more; that changes nothing.
pub(crate) struct Job<D: Decider> {
    pub(crate) submission: Submission<D::Request>,
    pub(crate) reply: oneshot::Sender<Answer<D>>,
}

/// A handle to a company's writer. When the last one is dropped, the writer finishes what waits and ends.
pub struct Writer<D: Decider> {
    submitted: mpsc::Sender<Job<D>>,
    enqueued: mpsc::Sender<Job<D>>,
    head: watch::Receiver<i64>,
    stop: Arc<Notify>,
}

impl<D: Decider> Clone for Writer<D> {
    fn clone(&self) -> Self {
        Self { submitted: self.submitted.clone(), enqueued: self.enqueued.clone(), head: self.head.clone(), stop: Arc::clone(&self.stop) }
    }
}

impl<D: Decider> Writer<D> {
    /// Starts a company's writer as a task of the current runtime.
    ///
    /// One for each company and process is best; more are slower and just as right.
    pub fn start(store: Store, company: CompanyId, decider: D, follower: impl Follower, ports: Arc<dyn Ports>) -> Self {
        let (submitted, submitted_jobs) = mpsc::channel(QUEUE);
        let (enqueued, enqueued_jobs) = mpsc::channel(BULK_QUEUE);
        let (head_moves, head) = watch::channel(0);
        let stop = Arc::new(Notify::new());
        let task = Task {
            desk: Desk::new(store, company, decider, Box::new(follower), ports),
            submitted: submitted_jobs,
            enqueued: enqueued_jobs,
            carried: VecDeque::new(),
            head: head_moves,
            stop: Arc::clone(&stop),
        };
        tokio::spawn(task.run());
        Self { submitted, enqueued, head, stop }
    }

    /// Asks, and waits for the answer. Busy at once when too many wait already.
    ///
    /// Once this has begun to wait, dropping it changes nothing: the command is carried out all the same.
    pub async fn submit(&self, submission: Submission<D::Request>) -> Answer<D> {
        let (reply, answer) = oneshot::channel();
        match self.submitted.try_send(Job { submission, reply }) {
            Ok(()) => Pending::<D>(answer).await,
            Err(TrySendError::Full(_)) => Err(WriteError::Busy),
            Err(TrySendError::Closed(_)) => Err(StoreError::Stopped.into()),
        }
    }

    /// Hands over a command in order, waiting for room but not for the answer: for imports, which must not take
    /// the room of people at work.
    pub async fn enqueue(&self, submission: Submission<D::Request>) -> Pending<D> {
        let (reply, answer) = oneshot::channel();
        // When the writer has stopped, the job is dropped with its reply, and the answer says so.
        drop(self.enqueued.send(Job { submission, reply }).await);
        Pending::<D>(answer)
    }

    /// The head's position, as last seen by this writer; moves after each of its commits.
    pub fn head(&self) -> watch::Receiver<i64> {
        self.head.clone()
    }

    /// Takes no more commands, finishes those that wait, and ends.
    pub async fn stop(&self) {
        self.stop.notify_one();
        self.submitted.closed().await;
        let mut head = self.head.clone();
        while head.changed().await.is_ok() {}
    }
}

/// The answer to come to an enqueued command.
pub struct Pending<D: Decider>(oneshot::Receiver<Answer<D>>);

impl<D: Decider> Future for Pending<D> {
    type Output = Answer<D>;

    fn poll(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        Pin::new(&mut self.0).poll(context).map(|answer| answer.unwrap_or_else(|_| Err(StoreError::Stopped.into())))
    }
}

/// What runs as the writer's task.
struct Task<D: Decider> {
    desk: Desk<D>,
    submitted: mpsc::Receiver<Job<D>>,
    enqueued: mpsc::Receiver<Job<D>>,
    /// Taken from the queues and left over by the last batch.
    carried: VecDeque<Job<D>>,
    head: watch::Sender<i64>,
    stop: Arc<Notify>,
}

impl<D: Decider> Task<D> {
    async fn run(mut self) {
        // So that waiting for a position works before the first commit; a failure will show with the first command.
        if let Ok(position) = self.desk.look().await {
            self.head.send_replace(position);
        }
        while let Some(batch) = self.gather().await {
            self.settle(batch).await;
        }
    }

    /// Waits for a command, then takes what else is there. `None` when there will be none.
    async fn gather(&mut self) -> Option<Vec<Job<D>>> {
        let mut batch: Vec<Job<D>> = self.carried.drain(..).collect();
        while batch.is_empty() {
            tokio::select! {
                biased;
                () = self.stop.notified() => {
                    self.submitted.close();
                    self.enqueued.close();
                }
                job = next(&mut self.submitted, &mut self.enqueued) => batch.push(job?),
            }
        }
        self.linger().await;
        let reserved = self.enqueued.len().min(BULK_SHARE);
        while batch.len() < BATCH - reserved
            && let Ok(job) = self.submitted.try_recv()
        {
            batch.push(job);
        }
        while batch.len() < BATCH
            && let Ok(job) = self.enqueued.try_recv()
        {
            batch.push(job);
        }
        Some(batch)
    }

    /// Lets callers who were just answered ask again, as long as they do: it fills the commit at the price of a
    /// few steps of the scheduler.
    async fn linger(&mut self) {
        let mut waiting = 0;
        loop {
            tokio::task::yield_now().await;
            let now = self.submitted.len() + self.enqueued.len();
            if now <= waiting || now >= BATCH {
                return;
            }
            waiting = now;
        }
    }

    /// Commits a batch and answers; what it left over is carried into the next.
    async fn settle(&mut self, batch: Vec<Job<D>>) {
        let (submissions, replies): (Vec<_>, Vec<_>) = batch.into_iter().map(|job| (job.submission, job.reply)).unzip();
        let answers = match AssertUnwindSafe(self.desk.settle(&submissions)).catch_unwind().await {
            Ok(answers) => answers,
            Err(panic) => {
                // The transaction was rolled back when it was dropped.
                self.desk.forget();
                let fault = StoreError::Panicked(panic_text(panic.as_ref()));
                tracing::error!(error = %fault, "a batch of commands was given up");
                submissions.iter().map(|_| Err(WriteError::Unavailable(fault.clone()))).collect()
            }
        };
        if let Some(position) = self.desk.position() {
            self.head.send_if_modified(|head| std::mem::replace(head, position) != position);
        }
        fail_point!("append.before_reply");
        let mut answers = answers.into_iter();
        for (submission, reply) in submissions.into_iter().zip(replies) {
            match answers.next() {
                // Nobody listening is no matter: what was committed stays.
                Some(answer) => drop(reply.send(answer)),
                None => self.carried.push_back(Job { submission, reply }),
            }
        }
    }
}

/// The next command of either queue; `None` when both are closed and empty.
async fn next<J>(first: &mut mpsc::Receiver<J>, second: &mut mpsc::Receiver<J>) -> Option<J> {
    tokio::select! {
        biased;
        Some(job) = first.recv() => Some(job),
        Some(job) = second.recv() => Some(job),
        else => None,
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn Any + Send)) -> String {
    match (panic.downcast_ref::<&str>(), panic.downcast_ref::<String>()) {
        (Some(text), _) => (*text).to_owned(),
        (_, Some(text)) => text.clone(),
        _ => "no text".to_owned(),
    }
}
