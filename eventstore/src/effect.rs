//! What events do beside being recorded: a function of each event alone, so that all of it can be derived from the log.

use chrono::{DateTime, Utc};

use crate::claim::Claim;
use crate::event::Recorded;

/// What an event does beside being recorded, committed together with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// The event's stream takes a claim, for the first time or again.
    Take(Claim),
    /// The event's stream takes a claim beside whoever holds it; nobody else takes it for itself while it does.
    Share(Claim),
    /// The event's stream lets a claim go. Letting go of what one does not hold changes nothing.
    Release(Claim),
    /// The event's stream arms a timer, in the place of its timer of this name if there is one.
    Arm {
        /// What is to be done then. It is unique within the stream.
        name: String,
        /// When.
        due_at: DateTime<Utc>,
        /// Whether it waits a while if it was due before it was armed: then its event may be part of a history that is being entered, and
        /// what calls it off is on its way. So does one that is not patient if its event is not the last of its commit.
        patient: bool,
    },
    /// The event's stream has no timer of this name any more.
    Disarm {
        /// Which.
        name: String,
    },
    /// The world is told, after the commit.
    Send {
        /// What it is about.
        topic: String,
        /// What is said, as JSON. Nothing personal: it leaves the house.
        body: Vec<u8>,
    },
    /// The event's stream lets all its claims and timers go, and the key of what is personal in it is destroyed, for ever.
    Erase,
}

impl Effect {
    /// The claim it takes or lets go.
    pub(crate) fn claim(&self) -> Option<&Claim> {
        match self {
            Self::Take(claim) | Self::Share(claim) | Self::Release(claim) => Some(claim),
            Self::Arm { .. } | Self::Disarm { .. } | Self::Send { .. } | Self::Erase => None,
        }
    }
}

/// What derives the effects of a recorded event, as [`crate::Decider::effects`] does.
pub type EffectsOf<'a> = &'a (dyn Fn(&Recorded) -> Vec<Effect> + Sync);
