//! When a journey is lost, its coming meetings are canceled and its open quotes are lost (BLUEPRINTS B.1, Lose).

use super::Ask;
use crate::{
    ContactFile, Fact,
    journey::{JourneyEvent, Outcome},
};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    let Fact::Journey(JourneyEvent::Closed { journey, outcome: Outcome::Lost, reason: Some(reason) }) = fact else { return vec![] };
    let meetings = file.meetings.iter().filter(|(_, meeting)| meeting.journey == *journey && meeting.is_open());
    let quotes = file.quotes.iter().filter(|(_, quote)| quote.journey == *journey && quote.state.is_open());
    let call_off = meetings.map(|(id, _)| Ask::CallOffMeeting(*id, reason.clone()));
    call_off.chain(quotes.map(|(id, _)| Ask::LoseQuote(*id, reason.clone()))).collect()
}
