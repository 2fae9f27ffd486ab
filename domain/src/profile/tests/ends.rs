//! The specification of contacts that are lost, put aside, left alone and taken up again.

use super::TENTH_DAY;
use crate::blueprint::ContactState::{self, AttemptedToSet, MeetingSet, QuoteInProgress};
use crate::journey::Outcome;
use crate::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

// Lose

#[test]
fn an_open_contact_is_lost_with_its_journey() {
    given([added()]).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    given([added(), attempted()]).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    given([added(), demo_held(MeetingResult::DemoedNotSold)]).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
}

#[test]
fn an_ended_contact_is_not_lost_again() {
    given([added(), contact_lost(), journey_lost(FIRST)]).when(lose_contact()).then_refused(Code::WrongState);
    given([added(), contact_lost(), journey_lost(FIRST), moved_to_remarket()]).when(lose_contact()).then_refused(Code::WrongState);
    given([added(), sold_and_approved()]).when(lose_contact()).then_refused(Code::WrongState);
}

#[test]
fn a_contact_whose_sale_waits_for_approval_is_not_lost() {
    given([added(), sold()]).when(lose_contact()).then_refused(Code::WrongState);
}

#[test]
fn schedulers_lose_contacts_before_a_demo_and_rehash_reps_after_one() {
    let before = || given([added(), attempted()]);
    let after = || given([added(), demo_held(MeetingResult::DemoedNotSold)]);
    before().by(Role::Scheduler).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    before().by(Role::Rehash).when(lose_contact()).then_refused(Code::WrongRole);
    after().by(Role::Rehash).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    after().by(Role::Scheduler).when(lose_contact()).then_refused(Code::WrongRole);
}

#[test]
fn losing_the_contact_ends_every_open_journey() {
    let call_off = "journey_ended_unsold_ends_its_meetings_and_quotes";
    given([added(), demo_set(TUESDAY), other_product_rep_added(WEDNESDAY)]).when(lose_contact()).then([
        contact_lost(),
        journey_lost(FIRST),
        journey_lost(OTHER),
        meeting_called_off(DEMO, FIRST, MeetingKind::Demo).because(call_off),
        meeting_called_off(OTHER_DEMO, OTHER, MeetingKind::Demo).because(call_off),
    ]);
}

#[test]
fn losing_another_products_journey_leaves_the_contact_as_it_is() {
    let lost = given([added(), demo_set(TUESDAY), other_product_rep_added(WEDNESDAY)]);
    let before = lost.file.state();
    let after = lost.clone().did([lose_journey(OTHER)]);
    assert_eq!(after.file.state(), before);
    let call_off = "journey_ended_unsold_ends_its_meetings_and_quotes";
    lost.when(lose_journey(OTHER)).then([journey_lost(OTHER), meeting_called_off(OTHER_DEMO, OTHER, MeetingKind::Demo).because(call_off)]);
}

#[test]
fn losing_the_primary_journey_alone_loses_the_contact_and_keeps_the_other_journey() {
    let lost = given([added(), other_product_rep_added(WEDNESDAY)]).did([lose_journey(FIRST)]);
    assert_eq!(lost.file.journeys[&FIRST].outcome, Some(Outcome::Lost));
    assert_eq!(lost.file.journeys[&OTHER].outcome, None);
    assert_eq!(lost.file.state(), Some(ContactState::Lost));
}

#[test]
fn only_a_journey_of_the_contact_can_be_lost() {
    given([added()]).when(lose_journey(NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
}

// Move to Remarket

#[test]
fn a_lost_contact_or_a_customer_is_put_aside_for_remarketing() {
    given([added(), contact_lost(), journey_lost(FIRST)]).when(move_to_remarket()).then([moved_to_remarket()]);
    given([added(), sold_and_approved()]).when(move_to_remarket()).then([moved_to_remarket()]);
    given([added(), contact_lost(), journey_lost(FIRST)]).by(Role::Rep).when(move_to_remarket()).then_refused(Code::WrongRole);
}

#[test]
fn a_contact_in_work_or_in_remarket_already_is_not_put_aside() {
    given([added()]).when(move_to_remarket()).then_refused(Code::WrongState);
    given([added(), demo_set(TUESDAY)]).when(move_to_remarket()).then_refused(Code::WrongState);
    given([added(), contact_lost(), journey_lost(FIRST), moved_to_remarket()]).when(move_to_remarket()).then_refused(Code::WrongState);
}

// Reopen

#[test]
fn a_lost_contact_goes_on_where_it_was_left() {
    let lost = given([added(), demo_held(MeetingResult::DemoedNotSold)]).did([lose_contact()]);
    lost.clone().when(reopen()).then([journey_reopened(FIRST, QuoteInProgress)]);
    let reopened = lost.did([reopen()]);
    assert_eq!((reopened.file.state(), reopened.file.journeys[&FIRST].outcome), (Some(QuoteInProgress), None));
    reopened.when(reopen()).then_refused(Code::WrongState);
}

#[test]
fn a_demo_that_was_called_off_with_the_loss_is_not_set_again_by_reopening() {
    let lost = given([added(), demo_set(TUESDAY)]).did([lose_contact()]);
    lost.when(reopen()).then([journey_reopened(FIRST, AttemptedToSet), limit_started(FIRST, AttemptedToSet, TENTH_DAY)]);
    let begun = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]).at(WEDNESDAY).did([lose_contact()]);
    begun.when(reopen()).then([journey_reopened(FIRST, MeetingSet)]);
}

#[test]
fn a_reopened_journey_follows_what_its_contact_became_meanwhile() {
    let changed = given([added(), contact_lost(), journey_lost(FIRST)]).did([change_source(HOME_SHOW)]);
    let follows = dimensions_changed(FIRST, HOME_SHOW, WINDOWS).because("contact_changed_so_open_journeys_follow");
    changed.when(reopen()).then([journey_reopened(FIRST, ContactState::NewIncoming), follows]);
}

#[test]
fn a_contact_is_reopened_by_a_sales_manager_within_thirty_days() {
    let lost = given([added()]).did([lose_contact()]);
    lost.clone().by(Role::Scheduler).when(reopen()).then_refused(Code::WrongRole);
    lost.clone().by(Role::SalesManager).at("2026-04-01T17:00:00Z").when(reopen()).then([journey_reopened(FIRST, ContactState::NewIncoming)]);
    lost.by(Role::SalesManager).at("2026-04-01T17:00:01Z").when(reopen()).then_refused(Code::GuardFailed);
}

// Do not contact

#[test]
fn who_wants_to_be_left_alone_has_no_open_journey_meeting_or_quote() {
    let set = given([added(), demo_set(TUESDAY)]).did([add_other_product_rep(TUESDAY)]);
    let called_off = |meeting, journey| {
        let reason = line("the contact wants to be approached no more");
        let kind = MeetingKind::Demo;
        let fact = MeetingEvent::Canceled { meeting, journey, kind, reason, asked_by: None, reason_id: None, note: None, frees: None, keeps: vec![] };
        facts([fact]).because("journey_ended_unsold_ends_its_meetings_and_quotes")
    };
    let told = [opted_out(), journey_ended_by_wish(FIRST), journey_ended_by_wish(OTHER), called_off(DEMO, FIRST), called_off(OTHER_DEMO, OTHER)];
    set.clone().when(opt_out()).then(told);
    let left = set.did([opt_out()]);
    assert_eq!(left.file.state(), Some(ContactState::DoNotContact));
    for command in [log_attempt(), set_demo(TUESDAY).with("meeting", VISIT), return_contact(), opt_out(), reopen()] {
        left.clone().when(command).then_refused(Code::WrongState);
    }
}

#[test]
fn a_sale_that_waits_is_still_approved_and_the_contact_stays_left_alone() {
    let waiting = given([added(), sold()]).did([opt_out()]);
    assert!(waiting.file.journeys[&FIRST].is_open());
    let approved = waiting.did([approve(SALE)]);
    assert_eq!((approved.file.journeys[&FIRST].outcome, approved.file.state()), (Some(Outcome::Sold), Some(ContactState::DoNotContact)));
    assert_eq!(approved.did([opt_in()]).file.state(), Some(ContactState::Customer));
}

#[test]
fn who_may_be_approached_again_is_put_aside() {
    let back = given([added()]).did([opt_out()]);
    back.clone().by(Role::Scheduler).when(opt_in()).then_refused(Code::WrongRole);
    assert_eq!(back.did([opt_in()]).file.state(), Some(ContactState::Remarket));
}
