//! The specification of contacts as a whole.

mod campaigns;

use super::AddContact;
use crate::blueprint::ContactState::{AttemptedToSet, MeetingSet, QuoteInProgress, Rest};
use crate::contact_file::Command;
use crate::journey::{JourneyEvent, Origin, Outcome};
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
            "journey": FIRST, "source": "radio", "product": "WINDOWS", "category": "commercial", "campaign": "spring", "reference": "A-17",
            "name": "Lopez", "phones": ["716 555 0100"], "emails": ["lopez@example.com"], "address": { "street": "12 Main St", "city": "Buffalo" }
        }),
    );
    let (_, fields) = command.sent();
    let asked: AddContact = serde_json::from_value(fields).unwrap();
    let added = super::Added {
        journey: FIRST,
        source: RADIO,
        product: WINDOWS,
        category: Some(COMMERCIAL.into()),
        campaign: asked.campaign.clone(),
        reference: personal(&asked.reference),
        name: personal(&asked.name),
        phones: all_personal(&asked.phones),
        emails: all_personal(&asked.emails),
        address: personal(&asked.address),
        address_shared: false,
    };
    let opened = JourneyEvent::Opened {
        journey: FIRST,
        origin: Origin::New,
        source: RADIO,
        product: WINDOWS,
        category: Some(COMMERCIAL.into()),
        campaign: asked.campaign,
        rep: None,
        reason: None,
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
            Fact::Contact(super::ContactEvent::OtherProductRepAdded { product, .. }) | Fact::Journey(JourneyEvent::Opened { product, .. }) => {
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
    imported.then([facts([JourneyEvent::RehashAssigned { journey: FIRST, rehash_rep: RIA, reason: None, reason_id: None }])]);
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
    given([added()]).at(MONDAY).when(log_attempt()).then([attempted(), limit_started(FIRST, AttemptedToSet, "2026-03-12T15:00:00Z")]);
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

// Time limits

/// Ten days after noon, when an attempt starts the first limit; and thirty days after that.
const TENTH_DAY: &str = "2026-03-12T17:00:00Z";
const FORTIETH_DAY: &str = "2026-04-11T17:00:00Z";

/// Attempted at noon, and left so.
fn attempted_at_noon() -> Given {
    given([added()]).did([log_attempt()])
}

#[test]
fn an_attempted_contact_rests_after_ten_days_and_is_given_up_after_thirty_more() {
    attempted_at_noon().at("2026-03-12T16:59:59Z").when(rest(FIRST)).then([]);
    let resting = attempted_at_noon().at(TENTH_DAY);
    resting.clone().when(rest(FIRST)).then([rested(FIRST), limit_started(FIRST, Rest, FORTIETH_DAY)]);
    let resting = resting.did([rest(FIRST)]);
    assert_eq!(resting.file.state(), Some(Rest));
    resting.clone().at("2026-04-11T16:59:59Z").when(give_up(FIRST)).then([]);
    let aside = facts([super::ContactEvent::MovedToRemarket { reason: line("no demo was set in time"), not_before: None }]);
    resting.clone().at(FORTIETH_DAY).when(give_up(FIRST)).then([not_set(FIRST), aside]);
    assert_eq!(resting.at(FORTIETH_DAY).did([give_up(FIRST)]).file.state(), Some(crate::blueprint::ContactState::Remarket));
}

#[test]
fn what_was_due_comes_before_what_is_asked_later_as_it_would_have_by_itself() {
    let late = attempted_at_noon().at("2026-03-20T17:00:00Z").when(log_attempt());
    let by_itself = [rested(FIRST).at(TENTH_DAY), limit_started(FIRST, Rest, FORTIETH_DAY).at(TENTH_DAY)];
    late.then(by_itself.into_iter().chain([attempted(), limit_started(FIRST, AttemptedToSet, "2026-03-30T17:00:00Z")]));
}

#[test]
fn a_timer_that_is_run_late_says_what_it_would_have_said_in_time() {
    let by_itself = [rested(FIRST).at(TENTH_DAY), limit_started(FIRST, Rest, FORTIETH_DAY).at(TENTH_DAY)];
    attempted_at_noon().at("2026-03-20T17:00:00Z").when(rest(FIRST)).then(by_itself);
}

#[test]
fn a_demo_ends_the_limit_and_its_cancel_starts_it_anew() {
    let set = attempted_at_noon().did([set_demo(TUESDAY)]);
    set.clone().at(TENTH_DAY).when(rest(FIRST)).then([]);
    let canceled = set.at("2026-03-03T17:00:00Z").did([cancel(DEMO)]);
    canceled.clone().at(TENTH_DAY).when(rest(FIRST)).then([]);
    canceled.at("2026-03-13T17:00:00Z").when(rest(FIRST)).then([rested(FIRST), limit_started(FIRST, Rest, "2026-04-12T17:00:00Z")]);
}

#[test]
fn what_the_importer_brings_starts_no_limit() {
    given([added()]).by(Role::Importer).when(log_attempt()).then([attempted()]);
}

#[test]
fn a_call_back_has_a_time_to_come() {
    let call_back = |at: &str| log_attempt().with("outcome", "call_back").with("call_back_at", at);
    given([added()]).when(log_attempt().with("outcome", "call_back")).then_refused_at(Code::FieldRequired, "/call_back_at");
    given([added()]).when(call_back(MONDAY)).then_refused_at(Code::FieldInvalid, "/call_back_at");
    assert_eq!(given([added()]).did([call_back(TUESDAY)]).file.state(), Some(AttemptedToSet));
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
    changed.when(reopen()).then([journey_reopened(FIRST, crate::blueprint::ContactState::NewIncoming), follows]);
}

#[test]
fn a_contact_is_reopened_by_a_sales_manager_within_thirty_days() {
    let lost = given([added()]).did([lose_contact()]);
    lost.clone().by(Role::Scheduler).when(reopen()).then_refused(Code::WrongRole);
    lost.clone().by(Role::SalesManager).at("2026-04-01T17:00:00Z").when(reopen()).then([journey_reopened(FIRST, crate::blueprint::ContactState::NewIncoming)]);
    lost.by(Role::SalesManager).at("2026-04-01T17:00:01Z").when(reopen()).then_refused(Code::GuardFailed);
}

// Do not contact

#[test]
fn who_wants_to_be_left_alone_has_no_open_journey_meeting_or_quote() {
    let set = given([added(), demo_set(TUESDAY)]).did([add_other_product_rep(TUESDAY)]);
    let called_off = |meeting, journey| {
        let reason = line("the contact wants to be approached no more");
        let kind = MeetingKind::Demo;
        let fact = crate::meeting::MeetingEvent::Canceled { meeting, journey, kind, reason, asked_by: None, reason_id: None, note: None, frees: None };
        facts([fact]).because("journey_ended_unsold_ends_its_meetings_and_quotes")
    };
    let told = [opted_out(), journey_ended_by_wish(FIRST), journey_ended_by_wish(OTHER), called_off(DEMO, FIRST), called_off(OTHER_DEMO, OTHER)];
    set.clone().when(opt_out()).then(told);
    let left = set.did([opt_out()]);
    assert_eq!(left.file.state(), Some(crate::blueprint::ContactState::DoNotContact));
    for command in [log_attempt(), set_demo(TUESDAY).with("meeting", VISIT), return_contact(), opt_out(), reopen()] {
        left.clone().when(command).then_refused(Code::WrongState);
    }
}

#[test]
fn a_sale_that_waits_is_still_approved_and_the_contact_stays_left_alone() {
    let waiting = given([added(), sold()]).did([opt_out()]);
    assert!(waiting.file.journeys[&FIRST].is_open());
    let approved = waiting.did([approve(SALE)]);
    assert_eq!((approved.file.journeys[&FIRST].outcome, approved.file.state()), (Some(Outcome::Sold), Some(crate::blueprint::ContactState::DoNotContact)));
    assert_eq!(approved.did([opt_in()]).file.state(), Some(crate::blueprint::ContactState::Customer));
}

#[test]
fn who_may_be_approached_again_is_put_aside() {
    let back = given([added()]).did([opt_out()]);
    back.clone().by(Role::Scheduler).when(opt_in()).then_refused(Code::WrongRole);
    assert_eq!(back.did([opt_in()]).file.state(), Some(crate::blueprint::ContactState::Remarket));
}

// Details, category and address

#[test]
fn details_are_told_as_far_as_they_changed() {
    let changed = |fields| given([added()]).when(ask("contact.change_details", fields));
    changed(json!({ "name": "Lopez", "phones": ["716 555 0100"] })).then([]);
    let details = super::ContactEvent::DetailsChanged { name: Some(label("Diaz").into()), phones: None, emails: None, reference: None };
    changed(json!({ "name": "Diaz", "phones": ["716 555 0100"] })).then([facts([details])]);
    changed(json!({ "phones": [] })).then_refused_at(Code::FieldRequired, "/phones");
    given([added()]).did([change_details()]).when(change_details()).then([]);
}

#[test]
fn an_open_journey_follows_its_contacts_category_and_a_closed_one_does_not() {
    let changed = facts([super::ContactEvent::CategoryChanged { category: COMMERCIAL }]);
    let dimensions = facts([JourneyEvent::DimensionsChanged { journey: FIRST, source: RADIO, product: WINDOWS, category: Some(COMMERCIAL.into()) }]);
    let follows = dimensions.because("contact_changed_so_open_journeys_follow");
    given([added()]).when(change_category("commercial")).then([changed.clone(), follows]);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(change_category("commercial")).then([changed]);
    given([added()]).when(change_category("Retail")).then_refused_at(Code::UnknownCategory, "/category");
    given([]).when(add_contact().with("category", "Retail")).then_refused_at(Code::UnknownCategory, "/category");
}

#[test]
fn an_address_is_corrected_and_let_go() {
    use crate::claim::{freed_by, of_address, taken_by};
    let address = |text: &str| serde_json::from_value::<crate::address::Address>(text.into()).unwrap();
    let at_main = given([]).did([add_contact().with("address", "12 Main St")]);
    let corrected = at_main.file.decide(&correct_address("14 Main St"), &at_main.context()).unwrap();
    assert_eq!(freed_by(&corrected[0].fact), [of_address(&address("12 main street"))]);
    assert_eq!(taken_by(&corrected[0].fact), [of_address(&address("14 Main St"))]);
    at_main.when(correct_address("12 Main St")).then([]);
}

#[test]
fn a_duplicate_that_was_accepted_claims_nothing_and_says_why() {
    let nobody = given([]);
    let twin = add_contact().with("address", "12 Main St").with("accept_duplicate", "two flats");
    let decided = nobody.file.decide(&twin, &nobody.context()).unwrap();
    let names: Vec<_> = decided.iter().map(|caused| crate::wire::encode(&caused.fact).0).collect();
    assert_eq!(names, ["contact.added", "contact.duplicate_accepted", "journey.opened"]);
    assert!(decided.iter().all(|caused| crate::claim::taken_by(&caused.fact).is_empty()));
}

// Merge

#[test]
fn a_contact_is_found_under_the_one_it_was_merged_into_until_that_is_taken_back() {
    let merged = |survivor| facts([super::ContactEvent::MergedInto { survivor }]);
    given([added()]).when(Command::BeMerged(TWIN)).then([merged(TWIN)]);
    given([added(), merged(TWIN)]).when(Command::BeMerged(TWIN)).then([]);
    let other = crate::id::ContactId(uuid::Uuid::from_u128(0x92));
    given([added(), merged(TWIN)]).when(Command::BeMerged(other)).then_refused(Code::GuardFailed);
    given([added()]).did([merge(TWIN)]).when(Command::BeMerged(other)).then_refused(Code::GuardFailed);
    given([]).when(Command::BeMerged(TWIN)).then_refused(Code::UnknownContact);
    given([added(), merged(TWIN)]).when(merge(other)).then_refused(Code::GuardFailed);
    given([added(), merged(TWIN)]).when(Command::BeUnmerged(TWIN)).then([facts([super::ContactEvent::UnmergedFrom { survivor: TWIN }])]);
    given([added()]).when(unmerge(TWIN)).then_refused(Code::GuardFailed);
    given([added()]).did([merge(TWIN)]).when(unmerge(other)).then_refused_at(Code::UnknownContact, "/other");
    let again = given([added()]).did([merge(TWIN), unmerge(TWIN)]);
    assert!(again.file.profile().unwrap().merged.is_empty());
}

#[test]
fn what_was_begun_with_a_merged_contact_goes_on_and_nothing_new_begins() {
    let merged = given([added(), demo_set(TUESDAY)]).did([Command::BeMerged(TWIN)]);
    merged.clone().when(confirm(DEMO)).then([demo_confirmed()]);
    merged.clone().when(add_other_product_rep(TUESDAY)).then_refused(Code::GuardFailed);
    merged.did([lose_contact()]).when(return_contact()).then_refused(Code::GuardFailed);
}

#[test]
fn a_merge_strands_nobody_when_one_of_both_is_forgotten() {
    given([added()]).did([merge(TWIN)]).when(erase()).then_refused(Code::GuardFailed);
    let forgotten = given([added()]).did([Command::BeMerged(TWIN), erase()]);
    assert_eq!(forgotten.file.profile().unwrap().merged_into, None);
    forgotten.clone().when(Command::BeUnmerged(TWIN)).then([]);
    forgotten.when(Command::BeMerged(TWIN)).then_refused(Code::ContactErased);
    let survivor = given([added()]).did([merge(TWIN), unmerge(TWIN)]);
    survivor.did([erase()]);
}
