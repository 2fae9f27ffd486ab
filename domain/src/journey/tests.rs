//! The specification of journeys by themselves: opened by hand, and voided.

use super::Outcome;
use crate::blueprint::ContactState::{Customer, Lost, NewIncoming, QuoteInProgress, Remarket};
use crate::meeting::MeetingResult;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

// Open by hand

#[test]
fn a_missing_journey_is_opened_beside_an_open_one_and_moves_nothing() {
    let demoed = given([added(), demo_held(MeetingResult::DemoedNotSold)]);
    demoed.clone().when(open_journey(OTHER)).then([journey_opened_by_hand(OTHER)]);
    let both = demoed.did([open_journey(OTHER)]);
    assert_eq!((both.file.state(), both.file.primary(), both.file.stage(OTHER)), (Some(QuoteInProgress), Ok(FIRST), Some(NewIncoming)));
}

#[test]
fn where_no_journey_is_open_it_is_the_one_the_contact_follows() {
    let lost = given([added(), contact_lost(), journey_lost(FIRST)]).did([open_journey(OTHER)]);
    assert_eq!((lost.file.state(), lost.file.primary()), (Some(NewIncoming), Ok(OTHER)));
}

#[test]
fn a_journey_is_opened_by_hand_by_who_answers_for_it_and_under_a_new_id() {
    let lost = given([added(), contact_lost(), journey_lost(FIRST)]);
    lost.clone().by(Role::Scheduler).when(open_journey(OTHER)).then_refused(Code::WrongRole);
    lost.clone().by(Role::SalesManager).when(open_journey(FIRST)).then_refused_at(Code::IdTaken, "/journey");
    lost.by(Role::SalesManager).when(open_journey(OTHER)).then([journey_opened_by_hand(OTHER)]);
}

// Void

#[test]
fn a_voided_journey_is_neither_open_nor_ended_and_what_hung_on_it_is_called_off() {
    let set = given([added(), demo_set(TUESDAY)]);
    let rule = "journey_ended_unsold_ends_its_meetings_and_quotes";
    let called_off = crate::meeting::MeetingEvent::Canceled {
        meeting: DEMO,
        journey: FIRST,
        kind: crate::meeting::MeetingKind::Demo,
        reason: line("entered twice"),
        asked_by: None,
        reason_id: None,
        note: None,
        frees: None,
    };
    set.clone().when(void_journey(FIRST)).then([journey_voided(FIRST), facts([called_off]).because(rule)]);
    let voided = set.did([void_journey(FIRST)]);
    assert_eq!((voided.file.journeys[&FIRST].is_open(), voided.file.journeys[&FIRST].outcome, voided.file.state()), (false, None, Some(Remarket)));
    voided.clone().when(void_journey(FIRST)).then([]);
    voided.when(return_contact()).then([returned()]);
}

#[test]
fn the_contact_follows_the_journey_before_the_voided_one() {
    let again = |history: Vec<Facts>| given(history).did([return_contact(), void_journey(AGAIN)]).file.state();
    assert_eq!(again(vec![added(), contact_lost(), journey_lost(FIRST)]), Some(Lost));
    assert_eq!(again(vec![added(), sold_and_approved()]), Some(Customer));
}

#[test]
fn an_ended_journey_is_voided_too_and_its_sales_stay() {
    let bought = given([added(), sold_and_approved()]).did([void_journey(FIRST)]);
    assert_eq!((bought.file.journeys[&FIRST].outcome, bought.file.state()), (Some(Outcome::Sold), Some(Customer)));
    assert_eq!(bought.file.sales[&SALE].contract, CONTRACT);
}

#[test]
fn journeys_are_voided_by_sales_managers_and_not_while_a_sale_waits() {
    given([added()]).by(Role::Admin).when(void_journey(FIRST)).then_refused(Code::WrongRole);
    given([added(), sold()]).by(Role::SalesManager).when(void_journey(FIRST)).then_refused(Code::GuardFailed);
    given([added()]).when(void_journey(NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
}
