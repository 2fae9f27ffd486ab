//! The specification of a second rep, for another product.

use crate::journey::JourneyEvent;
use crate::meeting::MeetingResult;
use crate::profile::ContactEvent;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use crate::wire::Fact;

#[test]
fn another_products_rep_opens_a_second_journey_with_a_demo() {
    given([added(), demo_set(TUESDAY)]).when(add_other_product_rep(WEDNESDAY)).then([other_product_rep_added(WEDNESDAY)]);
}

#[test]
fn another_products_rep_is_added_from_meeting_set_on() {
    given([added()]).when(add_other_product_rep(TUESDAY)).then_refused(Code::WrongState);
    given([added(), attempted()]).when(add_other_product_rep(TUESDAY)).then_refused(Code::WrongState);
    for history in [demo_held(MeetingResult::DemoedNotSold), sold(), sold_and_approved()] {
        given([added(), history]).when(add_other_product_rep(TUESDAY)).then([other_product_rep_added(TUESDAY)]);
    }
    given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]).when(add_other_product_rep(TUESDAY)).then([other_product_rep_added(TUESDAY)]);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(add_other_product_rep(TUESDAY)).then_refused(Code::WrongState);
}

#[test]
fn the_other_product_is_not_that_of_an_open_journey() {
    given([added(), demo_set(TUESDAY)]).when(add_other_product_rep(TUESDAY).with("product", WINDOWS)).then_refused_at(Code::FieldInvalid, "/product");
    let sold = given([added(), sold_and_approved()]).when(add_other_product_rep(TUESDAY).with("product", WINDOWS));
    let mut expected = other_product_rep_added(TUESDAY);
    for fact in &mut expected.list {
        match fact {
            Fact::Contact(ContactEvent::OtherProductRepAdded { product, .. }) | Fact::Journey(JourneyEvent::Opened { product, .. }) => *product = WINDOWS,
            _ => {}
        }
    }
    sold.then([expected]);
}

#[test]
fn the_other_rep_is_not_that_of_an_open_journey() {
    let issued_to_ben = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(BEN)]);
    issued_to_ben.when(add_other_product_rep(WEDNESDAY)).then_refused_at(Code::FieldInvalid, "/rep");
    let two = given([added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)]);
    let third = add_other_product_rep(WEDNESDAY).with("journey", NO_JOURNEY).with("meeting", NO_MEETING).with("product", GUTTERS);
    two.when(third).then_refused_at(Code::FieldInvalid, "/rep");
}

#[test]
fn another_products_journey_and_demo_have_new_ids_a_known_rep_and_a_start_to_come() {
    let set = || given([added(), demo_set(TUESDAY)]);
    let ask = || add_other_product_rep(WEDNESDAY);
    set().when(ask().with("journey", FIRST)).then_refused_at(Code::IdTaken, "/journey");
    set().when(ask().with("meeting", DEMO)).then_refused_at(Code::IdTaken, "/meeting");
    set().when(ask().with("start", MONDAY)).then_refused_at(Code::FieldInvalid, "/start");
    set().when(ask().with("rep", STRANGER)).then_refused_at(Code::UnknownPerson, "/rep");
    set().when(ask().with("product", UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
    set().when(ask().with("scheduler", STRANGER)).then_refused_at(Code::UnknownPerson, "/scheduler");
    set().by_nobody().when(ask()).then_refused_at(Code::FieldRequired, "/scheduler");
    set().by(Role::Rep).when(ask()).then_refused(Code::WrongRole);
}
