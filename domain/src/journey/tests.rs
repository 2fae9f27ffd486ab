//! The specification of journeys by themselves: opened by hand, and voided.

use super::Outcome;
use crate::blueprint::ContactState::{Customer, DoNotContact, Lost, NewIncoming, QuoteInProgress, Remarket};
use crate::contact_file::Command;
use crate::id::JourneyId;
use crate::meeting::MeetingResult;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// A missing journey about roofing.
fn about_roofing(journey: JourneyId) -> Command {
    open_journey(journey).with("product", ROOFING)
}

// Open by hand

#[test]
fn a_missing_journey_is_opened_beside_an_open_one_and_moves_nothing() {
    let demoed = given([added(), demo_held(MeetingResult::DemoedNotSold)]);
    demoed.clone().when(about_roofing(OTHER)).then([journey_opened_by_hand(OTHER).with("product", ROOFING)]);
    let both = demoed.did([about_roofing(OTHER)]);
    assert_eq!((both.file.state(), both.file.primary(), both.file.stage(OTHER)), (Some(QuoteInProgress), Ok(FIRST), Some(NewIncoming)));
}

#[test]
fn no_two_open_journeys_are_about_one_product() {
    given([added()]).when(open_journey(OTHER)).then_refused_at(Code::FieldInvalid, "/product");
    given([added()]).did([about_roofing(OTHER)]).when(about_roofing(AGAIN)).then_refused_at(Code::FieldInvalid, "/product");
    given([added()]).did([about_roofing(OTHER), void_journey(OTHER)]).when(about_roofing(AGAIN)).then([journey_opened_by_hand(AGAIN).with("product", ROOFING)]);
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

#[test]
fn no_other_way_leads_to_two_open_journeys_about_one_product() {
    let both = || given([added()]).did([about_roofing(OTHER)]);
    both().when(change_product(ROOFING)).then_refused_at(Code::FieldInvalid, "/product");
    let changed = both().did([change_product(GUTTERS)]);
    assert_eq!((changed.file.journeys[&FIRST].product, changed.file.journeys[&OTHER].product), (GUTTERS, ROOFING));
    let back = both().did([lose_journey(FIRST)]);
    back.when(return_contact()).then_refused_at(Code::FieldInvalid, "/product");
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
        keeps: vec![],
    };
    set.clone().when(void_journey(FIRST)).then([journey_voided(FIRST), facts([called_off]).because(rule)]);
    let voided = set.did([void_journey(FIRST)]);
    assert_eq!((voided.file.journeys[&FIRST].is_open(), voided.file.journeys[&FIRST].outcome, voided.file.state()), (false, None, Some(Remarket)));
    voided.clone().when(void_journey(FIRST)).then([]);
    voided.clone().when(add_quote(QUOTE)).then_refused_saying("“Add a quote” is not possible on this journey: it was voided");
    voided.when(return_contact()).then([returned()]);
}

#[test]
fn the_contact_follows_the_journey_before_the_voided_one() {
    let again = |history: Vec<Facts>| given(history).did([return_contact(), void_journey(AGAIN)]).file.state();
    assert_eq!(again(vec![added(), contact_lost(), journey_lost(FIRST)]), Some(Lost));
    assert_eq!(again(vec![added(), sold_and_approved()]), Some(Customer));
}

#[test]
fn the_contact_follows_the_first_open_journey_beside_the_voided_one() {
    let gutters = || open_journey(AGAIN).with("product", GUTTERS);
    let three = || given([added(), demo_held(MeetingResult::DemoedNotSold)]).did([about_roofing(OTHER), gutters()]);
    let stands = |given: Given| (given.file.state(), given.file.primary());
    assert_eq!(stands(three().did([void_journey(FIRST)])), (Some(NewIncoming), Ok(OTHER)));
    assert_eq!(stands(three().did([void_journey(OTHER)])), (Some(QuoteInProgress), Ok(FIRST)));
    assert_eq!(stands(three().did([void_journey(OTHER), void_journey(FIRST)])), (Some(NewIncoming), Ok(AGAIN)));
    assert_eq!(stands(three().did([lose_journey(OTHER), void_journey(FIRST)])), (Some(NewIncoming), Ok(AGAIN)));
    let none_left = three().did([void_journey(FIRST), void_journey(OTHER), void_journey(AGAIN)]);
    assert_eq!(none_left.file.state(), Some(Remarket));
}

#[test]
fn a_journey_that_ended_is_nowhere_but_with_its_contact_while_that_wants_to_be_left_alone() {
    let left_alone = given([added(), sold_and_approved()]).did([opt_out()]);
    assert_eq!(left_alone.file.stage(FIRST), Some(DoNotContact));
    left_alone.did([void_journey(FIRST)]).when(add_quote(SECOND_QUOTE)).then_refused(Code::WrongState);
}

#[test]
fn an_ended_journey_is_voided_too_and_its_sales_stay() {
    let bought = given([added(), sold_and_approved()]).did([void_journey(FIRST)]);
    assert_eq!((bought.file.journeys[&FIRST].outcome, bought.file.state()), (Some(Outcome::Sold), Some(Customer)));
    assert_eq!(bought.file.sales[&SALE].contract, CONTRACT);
    let canceled = given([added(), sold_and_approved()]).did([cancel_sale(SALE), void_journey(FIRST)]);
    canceled.when(reactivate(SALE)).then_refused(Code::GuardFailed);
    let refused = given([added(), sold()]).did([not_approve(SALE), void_journey(FIRST)]);
    refused.when(move_back(SALE)).then_refused(Code::GuardFailed);
}

#[test]
fn journeys_are_voided_by_sales_managers_and_not_while_a_sale_waits() {
    given([added()]).by(Role::Admin).when(void_journey(FIRST)).then_refused(Code::WrongRole);
    given([added(), sold()]).by(Role::SalesManager).when(void_journey(FIRST)).then_refused(Code::GuardFailed);
    given([added()]).when(void_journey(NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
}
