//! The business, lent to the writer: what it must hold, how it decides, what its events claim.

use chrono::{DateTime, Utc};

use crate::claim::Claim;
use crate::effect::Effect;
use crate::event::{Draft, Recorded};
use crate::log::Stream;

/// Folded streams and the rules over them. The writer calls it under the company's lock, one call at a time.
///
/// State changes only through [`load`](Decider::load) and [`apply`](Decider::apply), that is by recorded events.
/// Whatever was decided and not recorded is taken back by [`forget`](Decider::forget).
pub trait Decider: Send + 'static {
    /// What is asked.
    type Request: Send + Sync + 'static;
    /// Why it is not done.
    type Refusal: Send + Sync + 'static;

    /// The streams that must be held before this request is decided; every stream it may draft for.
    fn needs(&self, request: &Self::Request) -> Vec<Stream>;

    /// Whether a stream is held.
    fn holds(&self, stream: &Stream) -> bool;

    /// Takes up a stream, given all its events in order; none, when it is new.
    fn load(&mut self, stream: &Stream, events: &[Recorded]) -> Result<(), Unreadable>;

    /// Takes the next event of a held stream. Events of other streams are passed over.
    fn apply(&mut self, event: &Recorded) -> Result<(), Unreadable>;

    /// Answers a request by the events it leads to; none means that it is so already. Pure.
    fn decide(&self, request: &Self::Request, now: DateTime<Utc>) -> Result<Vec<Draft>, Self::Refusal>;

    /// Whether events of this name and format can be read. A log that holds others is left alone.
    fn knows(&self, kind: &str, format: i32) -> bool;

    /// What an event does beside being recorded: a function of its stream, name and data alone, so that it can be derived from the log.
    fn effects(&self, stream: &Stream, kind: &str, format: i32, data: &[u8]) -> Vec<Effect>;

    /// The refusal for a request of whose events this one takes a claim that stream `by` holds.
    fn taken(&self, claim: &Claim, by: &Stream, event: &Draft) -> Self::Refusal;

    /// Drops everything held.
    fn forget(&mut self);

    /// Called after each batch: the time to drop what was not used lately.
    fn trim(&mut self);
}

/// A recorded event that the business cannot read: an unknown name, or a newer format than this version knows.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the event at position {position} ({kind}, format {format}) cannot be read: {text}")]
pub struct Unreadable {
    /// Where it stands.
    pub position: i64,
    /// Its stored name.
    pub kind: String,
    /// The version of its body's shape.
    pub format: i32,
    /// What is wrong with it.
    pub text: String,
}

impl Unreadable {
    /// Says what is wrong with an event.
    pub fn new(event: &Recorded, text: impl Into<String>) -> Self {
        Self { position: event.position, kind: event.kind.clone(), format: event.format, text: text.into() }
    }
}
