//! When a journey comes into a stage in which it may not stay for ever, the limit of that stage starts (BLUEPRINTS B.0; P2).

use super::Ask;
use crate::blueprint::ContactState;
use crate::journey::JourneyEvent;
use crate::meeting::MeetingEvent;
use crate::profile::ContactEvent;
use crate::{ContactFile, Fact};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    let journey = match fact {
        Fact::Contact(ContactEvent::Attempted { journey, .. } | ContactEvent::Rested { journey })
        | Fact::Meeting(MeetingEvent::Canceled { journey, .. } | MeetingEvent::Resulted { journey, .. } | MeetingEvent::ResultCorrected { journey, .. })
        | Fact::Journey(JourneyEvent::Reopened { journey, .. }) => *journey,
        _ => return vec![],
    };
    match file.stage(journey).filter(|_| file.standing.is_open(journey)) {
        Some(ContactState::AttemptedToSet | ContactState::Rest) => vec![Ask::StartLimit(journey)],
        _ => vec![],
    }
}
