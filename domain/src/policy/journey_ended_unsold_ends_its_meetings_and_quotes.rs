//! When a journey is lost, given up or voided, its coming meetings are canceled and its open quotes are lost (BLUEPRINTS B.1, Lose).

use super::Ask;
use crate::meeting::MeetingKind;
use crate::{
    ContactFile, Fact,
    journey::{JourneyEvent, Outcome},
};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    let (journey, reason) = match fact {
        Fact::Journey(JourneyEvent::Closed { journey, outcome: Outcome::Lost | Outcome::DoNotContact | Outcome::NotSet, reason: Some(reason), .. }) => {
            (journey, reason)
        }
        Fact::Journey(JourneyEvent::Voided { journey, reason }) => (journey, reason),
        _ => return vec![],
    };
    // A service visit is due to who has bought, whatever became of the journey.
    let is_of_sale = |kind| kind != MeetingKind::Other;
    let meetings = file.meetings.iter().filter(|(_, meeting)| meeting.journey == *journey && meeting.is_open() && is_of_sale(meeting.kind));
    let quotes = file.quotes.iter().filter(|(_, quote)| quote.journey == *journey && quote.state.is_open());
    let call_off = meetings.map(|(id, _)| Ask::CallOffMeeting(*id, reason.clone()));
    call_off.chain(quotes.map(|(id, _)| Ask::LoseQuote(*id, reason.clone()))).collect()
}
