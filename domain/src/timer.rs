//! Time limits: what happens by itself at an instant, unless something else comes before (BLUEPRINTS B.0).

use crate::blueprint::ContactState;
use crate::id::{JourneyId, QuoteId};
use crate::instant::Instant;
use crate::journey::JourneyEvent;
use crate::quote::QuoteEvent;
use crate::wire::Fact;
use serde::Serialize;
use std::fmt;
use uuid::Uuid;

/// Something that is done when its instant has passed. Only the product itself asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Timer {
    /// A finalized quote stands no longer (BLUEPRINTS B.3).
    #[serde(rename = "quote.expire")]
    ExpireQuote(QuoteId),
    /// No demo was set in time (P2).
    #[serde(rename = "contact.rest")]
    Rest(JourneyId),
    /// Nor while the contact was left in peace (P2).
    #[serde(rename = "contact.give_up")]
    GiveUp(JourneyId),
}

/// What a fact does to a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Change {
    /// From now on it runs, until this instant.
    Arm(Timer, Instant),
    /// It is called off, or was run.
    Disarm(Timer),
}

impl Timer {
    /// The names of the commands that timers send.
    pub const COMMANDS: &'static [&'static str] = &["quote.expire", "contact.rest", "contact.give_up"];

    /// Whether it may be armed by a history that is being entered, in which something may follow that calls it off. The end of a rest is
    /// armed by the limit before it, when that has come to pass; it waits only where it did on the way to something that was entered.
    pub fn is_patient(self) -> bool {
        !matches!(self, Timer::GiveUp(_))
    }

    /// Reads a timer's name.
    pub fn parse(name: &str) -> Option<Timer> {
        let (command, id) = name.split_once('/')?;
        let id = Uuid::try_parse(id).ok()?;
        match command {
            "quote.expire" => Some(Timer::ExpireQuote(QuoteId(id))),
            "contact.rest" => Some(Timer::Rest(JourneyId(id))),
            "contact.give_up" => Some(Timer::GiveUp(JourneyId(id))),
            _ => None,
        }
    }
}

/// The timer's name: its command and the record it is for. It is stored.
impl fmt::Display for Timer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Timer::ExpireQuote(quote) => write!(f, "quote.expire/{quote}"),
            Timer::Rest(journey) => write!(f, "contact.rest/{journey}"),
            Timer::GiveUp(journey) => write!(f, "contact.give_up/{journey}"),
        }
    }
}

/// What a fact does to timers, from the fact alone, so that they can be made anew from the log.
///
/// A limit is not called off when its journey moves on: once it is due nothing comes of it.
pub fn changed_by(fact: &Fact) -> Option<Change> {
    match fact {
        Fact::Quote(QuoteEvent::Finalized { quote, valid_until: Some(until), .. }) => Some(Change::Arm(Timer::ExpireQuote(*quote), *until)),
        Fact::Quote(
            QuoteEvent::Sold { quote, .. }
            | QuoteEvent::Lost { quote, .. }
            | QuoteEvent::Expired { quote, .. }
            | QuoteEvent::Reopened { quote, .. }
            | QuoteEvent::Superseded { quote, .. },
        ) => Some(Change::Disarm(Timer::ExpireQuote(*quote))),
        Fact::Journey(JourneyEvent::LimitStarted { journey, stage: ContactState::AttemptedToSet, until }) => Some(Change::Arm(Timer::Rest(*journey), *until)),
        Fact::Journey(JourneyEvent::LimitStarted { journey, stage: ContactState::Rest, until }) => Some(Change::Arm(Timer::GiveUp(*journey), *until)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reads_back_as_its_timer_and_nothing_else_does() {
        let id = Uuid::from_u128(7);
        for timer in [Timer::ExpireQuote(QuoteId(id)), Timer::Rest(JourneyId(id)), Timer::GiveUp(JourneyId(id))] {
            assert!(Timer::COMMANDS.iter().any(|command| timer.to_string() == format!("{command}/00000000-0000-0000-0000-000000000007")), "{timer}");
            assert_eq!(Timer::parse(&timer.to_string()), Some(timer));
        }
        for name in ["", "quote.expire", "quote.expire/7", "quote.lose/00000000-0000-0000-0000-000000000007"] {
            assert_eq!(Timer::parse(name), None, "{name}");
        }
    }
}
