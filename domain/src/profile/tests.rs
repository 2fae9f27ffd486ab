//! The specification of contacts as a whole.

mod campaigns;
mod ends;
mod entries;
mod forgotten;
mod limits;
mod merges;
mod other_product;

use crate::blueprint::ContactState::AttemptedToSet;
use crate::journey::JourneyEvent;
use crate::meeting::MeetingResult;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// Ten days after noon, when an attempt starts the first limit.
const TENTH_DAY: &str = "2026-03-12T17:00:00Z";

#[test]
fn nothing_can_be_asked_of_a_contact_that_was_not_added() {
    for command in [log_attempt(), return_contact(), change_source(RADIO), lose_contact(), set_demo(TUESDAY), add_quote(QUOTE), approve(SALE)] {
        given([]).when(command).then_refused(Code::UnknownContact);
    }
}

// Log attempt

#[test]
fn an_attempt_is_logged_until_a_demo_is_set() {
    let limit = limit_started(FIRST, AttemptedToSet, "2026-03-12T17:00:00Z");
    given([added()]).when(log_attempt()).then([attempted(), limit.clone()]);
    given([added(), attempted(), limit]).when(log_attempt()).then([attempted()]);
    given([added(), demo_set(TUESDAY)]).when(log_attempt()).then_refused(Code::WrongState);
}

#[test]
fn attempts_are_logged_by_schedulers() {
    given([added()]).by(Role::Rep).when(log_attempt()).then_refused(Code::WrongRole);
}

// Return as new incoming

#[test]
fn a_contact_put_aside_lost_or_sold_to_returns_as_a_new_journey() {
    given([added(), contact_lost(), journey_lost(FIRST)]).when(return_contact()).then([returned()]);
    given([added(), contact_lost(), journey_lost(FIRST), moved_to_remarket()]).when(return_contact()).then([returned()]);
    given([added(), sold_and_approved()]).when(return_contact()).then([returned()]);
}

#[test]
fn a_contact_with_an_open_primary_journey_cannot_return() {
    given([added()]).when(return_contact()).then_refused(Code::WrongState);
    given([added(), sold()]).when(return_contact()).then_refused(Code::WrongState);
    given([added(), contact_lost(), journey_lost(FIRST), returned()]).when(return_contact().with("journey", NO_JOURNEY)).then_refused(Code::WrongState);
}

#[test]
fn a_return_opens_a_journey_of_a_new_id_with_a_known_source_and_product() {
    let lost = || given([added(), contact_lost(), journey_lost(FIRST)]);
    lost().when(return_contact().with("journey", FIRST)).then_refused_at(Code::IdTaken, "/journey");
    lost().when(return_contact().with("source", UNKNOWN_SOURCE)).then_refused_at(Code::UnknownSource, "/source");
    lost().when(return_contact().with("product", UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
    lost().by(Role::Rep).when(return_contact()).then_refused(Code::WrongRole);
}

#[test]
fn a_returned_contact_has_the_source_and_product_of_its_return() {
    let returned = given([added(), contact_lost(), journey_lost(FIRST), returned()]);
    returned.when(change_source(HOME_SHOW)).then([]);
}

// Send to rehash

#[test]
fn a_journey_demoed_and_not_sold_goes_to_a_rehash_rep() {
    given([added(), demo_held(MeetingResult::DemoedNotSold)]).when(assign_rehash()).then([rehash_assigned()]);
    given([added(), demo_held(MeetingResult::DemoedNotSold), quote_created(QUOTE, ANA)]).when(assign_rehash()).then([rehash_assigned()]);
}

#[test]
fn a_journey_not_demoed_or_sold_does_not_go_to_rehash() {
    given([added()]).when(assign_rehash()).then_refused(Code::WrongState);
    given([added(), demo_set(TUESDAY)]).when(assign_rehash()).then_refused(Code::GuardFailed);
    given([added(), demo_held(MeetingResult::FollowUp)]).when(assign_rehash()).then_refused(Code::GuardFailed);
    given([added(), demo_held(MeetingResult::Sold)]).when(assign_rehash()).then_refused(Code::GuardFailed);
    given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]).when(assign_rehash()).then_refused(Code::WrongState);
}

#[test]
fn sending_to_rehash_needs_a_known_rep_and_of_live_users_a_reason() {
    let demoed = || given([added(), demo_held(MeetingResult::DemoedNotSold)]);
    demoed().when(assign_rehash().without("reason")).then_refused_at(Code::FieldRequired, "/reason");
    demoed().when(assign_rehash().with("rehash_rep", STRANGER)).then_refused_at(Code::UnknownPerson, "/rehash_rep");
    demoed().when(assign_rehash().with("journey", NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
    demoed().by(Role::Scheduler).when(assign_rehash()).then_refused(Code::WrongRole);
    let imported = demoed().by(Role::Importer).when(assign_rehash().without("reason"));
    imported.then([facts([JourneyEvent::RehashAssigned { journey: FIRST, rehash_rep: RIA, reason: None, reason_id: None }])]);
}

// Time

#[test]
fn history_is_entered_in_order() {
    given([added()]).at("2026-03-02T14:59:59.999999Z").when(log_attempt()).then_refused_at(Code::BeforeLastEvent, "/occurred_at");
    given([added()]).at(MONDAY).when(log_attempt()).then([attempted(), limit_started(FIRST, AttemptedToSet, "2026-03-12T15:00:00Z")]);
}
