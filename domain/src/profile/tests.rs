//! The specification of contacts as a whole.

use super::AddContact;
use crate::journey::Outcome;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::personal::{all_personal, personal};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use crate::wire::Fact;
use serde_json::json;

// Add contact

#[test]
fn adding_a_contact_opens_its_first_journey() {
    given([]).when(add_contact()).then([added()]);
}

#[test]
fn a_contact_keeps_all_that_was_entered_and_its_journey_takes_category_and_campaign() {
    let command = ask(
        "contact.add",
        json!({
            "journey": FIRST, "source": "radio", "product": "WINDOWS", "category": "web", "campaign": "spring", "reference": "A-17",
            "name": "Lopez", "phones": ["716 555 0100"], "emails": ["lopez@example.com"], "address": { "street": "12 Main St", "city": "Buffalo" }
        }),
    );
    let (_, fields) = command.sent();
    let asked: AddContact = serde_json::from_value(fields).unwrap();
    let added = super::Added {
        journey: FIRST,
        source: RADIO,
        product: WINDOWS,
        category: asked.category.clone(),
        campaign: asked.campaign.clone(),
        reference: personal(&asked.reference),
        name: personal(&asked.name),
        phones: all_personal(&asked.phones),
        emails: all_personal(&asked.emails),
        address: personal(&asked.address),
    };
    let opened = super::JourneyEvent::Opened {
        journey: FIRST,
        origin: super::Origin::New,
        source: RADIO,
        product: WINDOWS,
        category: asked.category,
        campaign: asked.campaign,
        rep: None,
    };
    given([]).when(command).then([facts([Fact::from(super::ContactEvent::Added(added)), opened.into()])]);
}

#[test]
fn a_contact_is_added_once() {
    given([added()]).when(add_contact()).then_refused_at(Code::IdTaken, "/contact");
}

#[test]
fn a_live_user_enters_a_name() {
    given([]).when(add_contact().without("name")).then_refused_at(Code::FieldRequired, "/name");
}

#[test]
fn a_live_user_enters_a_telephone_number_or_an_email_address() {
    given([]).when(add_contact().without("phones")).then_refused_at(Code::FieldRequired, "/phones");
    given([]).when(add_contact().with("phones", json!([]))).then_refused_at(Code::FieldRequired, "/phones");
    let by_email = given([]).did([add_contact().without("phones").with("emails", json!(["lopez@example.com"]))]);
    assert_eq!(by_email.file.version, 2);
}

#[test]
fn the_importer_brings_contacts_without_a_name_and_number() {
    let imported = given([]).by(Role::Importer).did([add_contact().without("name").without("phones")]);
    assert_eq!(imported.file.version, 2);
}

#[test]
fn schedulers_marketing_and_admins_add_contacts() {
    for role in [Role::Scheduler, Role::Marketing, Role::Admin] {
        given([]).by(role).when(add_contact()).then([added()]);
    }
    given([]).by(Role::Rep).when(add_contact()).then_refused(Code::WrongRole);
}

#[test]
fn a_contact_comes_from_a_source_and_asks_for_a_product_that_the_company_has() {
    given([]).when(add_contact().with("source", UNKNOWN_SOURCE)).then_refused_at(Code::UnknownSource, "/source");
    given([]).when(add_contact().with("source", "Billboard")).then_refused_at(Code::UnknownSource, "/source");
    given([]).when(add_contact().with("product", UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
}

#[test]
fn nothing_can_be_asked_of_a_contact_that_was_not_added() {
    for command in [log_attempt(), return_contact(), change_source(RADIO), lose_contact(), set_demo(TUESDAY), add_quote(QUOTE), approve(SALE)] {
        given([]).when(command).then_refused(Code::UnknownContact);
    }
}

// Log attempt

#[test]
fn an_attempt_is_logged_until_a_demo_is_set() {
    given([added()]).when(log_attempt()).then([attempted()]);
    given([added(), attempted()]).when(log_attempt()).then([attempted()]);
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

// Add Other Product Sales Rep

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
            Fact::Contact(super::ContactEvent::OtherProductRepAdded { product, .. }) | Fact::Journey(super::JourneyEvent::Opened { product, .. }) => {
                *product = WINDOWS
            }
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

// Change source, change product

#[test]
fn correcting_the_source_to_what_it_is_changes_nothing() {
    given([added()]).when(change_source(RADIO)).then([]);
    given([added()]).when(change_product(WINDOWS)).then([]);
}

#[test]
fn source_and_product_can_be_corrected_in_every_state_to_what_the_company_has() {
    let follows = "contact_changed_so_open_journeys_follow";
    given([added()]).when(change_source(HOME_SHOW)).then([source_changed(HOME_SHOW), dimensions_changed(FIRST, HOME_SHOW, WINDOWS).because(follows)]);
    given([added()]).when(change_product(ROOFING)).then([product_changed(ROOFING), dimensions_changed(FIRST, RADIO, ROOFING).because(follows)]);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(change_source(HOME_SHOW)).then([source_changed(HOME_SHOW)]);
    given([added(), sold_and_approved()]).when(change_product(ROOFING)).then([product_changed(ROOFING)]);
    given([added()]).when(change_source(UNKNOWN_SOURCE)).then_refused_at(Code::UnknownSource, "/source");
    given([added()]).when(change_product(UNKNOWN_PRODUCT)).then_refused_at(Code::UnknownProduct, "/product");
    given([added()]).by(Role::Finance).when(change_source(HOME_SHOW)).then_refused(Code::WrongRole);
    given([added()]).by(Role::Marketing).when(change_product(ROOFING)).then_refused(Code::WrongRole);
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
    imported.then([facts([super::JourneyEvent::RehashAssigned { journey: FIRST, rehash_rep: RIA, reason: None }])]);
}

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
    let call_off = "journey_lost_ends_its_meetings_and_quotes";
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
    let call_off = "journey_lost_ends_its_meetings_and_quotes";
    lost.when(lose_journey(OTHER)).then([journey_lost(OTHER), meeting_called_off(OTHER_DEMO, OTHER, MeetingKind::Demo).because(call_off)]);
}

#[test]
fn losing_the_primary_journey_alone_loses_the_contact_and_keeps_the_other_journey() {
    let lost = given([added(), other_product_rep_added(WEDNESDAY)]).did([lose_journey(FIRST)]);
    assert_eq!(lost.file.journeys[&FIRST].outcome, Some(Outcome::Lost));
    assert_eq!(lost.file.journeys[&OTHER].outcome, None);
    assert_eq!(lost.file.state(), Some(crate::blueprint::ContactState::Lost));
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

// Time

#[test]
fn history_is_entered_in_order() {
    given([added()]).at("2026-03-02T14:59:59.999999Z").when(log_attempt()).then_refused_at(Code::BeforeLastEvent, "/occurred_at");
    given([added()]).at(MONDAY).when(log_attempt()).then([attempted()]);
}

#[test]
fn a_person_is_forgotten_once_and_nothing_happens_to_the_contact_afterwards() {
    let sold = [added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)];
    given(sold.clone()).when(erase()).then([erased([FIRST, OTHER])]);
    given(sold.clone()).by(Role::Management).when(erase()).then_refused(Code::WrongRole);
    let forgotten = given(sold.into_iter().chain([erased([FIRST, OTHER])]));
    for command in [erase(), place_hold(), confirm(DEMO), lose_contact()] {
        forgotten.clone().when(command).then_refused(Code::ContactErased);
    }
    assert_eq!(crate::contact_file::actions(&forgotten.file, &forgotten.context()), []);
}

#[test]
fn a_legal_hold_keeps_a_person_from_being_forgotten_and_says_why() {
    given([added()]).when(place_hold()).then([hold_placed()]);
    given([added()]).when(lift_hold()).then_refused(Code::GuardFailed);
    let held = given([added(), hold_placed()]);
    held.clone().when(place_hold()).then_refused(Code::GuardFailed);
    let refused = held.file.decide(&erase(), &held.context()).unwrap_err();
    assert_eq!((refused.code, refused.detail.contains("claim in court")), (Code::GuardFailed, true));
    held.when(lift_hold()).then([hold_lifted()]);
    given([added(), hold_placed(), hold_lifted()]).when(erase()).then([erased([FIRST])]);
}
