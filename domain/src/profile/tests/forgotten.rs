//! The specification of persons who are forgotten, and of the hold that keeps them.

use crate::contact_file::Command;
use crate::meeting::MeetingKind;
use crate::profile::EraseBasis;
use crate::refusal::Code;
use crate::role::Role;
use crate::sale::EntryKind;
use crate::testing::*;

#[test]
fn a_person_is_forgotten_once_and_nothing_happens_to_the_contact_afterwards() {
    let sold = [added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)];
    let over = || given(sold.clone()).at(THURSDAY);
    over().when(erase()).then([erased([FIRST, OTHER])]);
    over().by(Role::Management).when(erase()).then_refused(Code::WrongRole);
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

#[test]
fn nobody_is_forgotten_while_there_is_something_to_do_that_could_not_be_done_any_more() {
    let issued = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]);
    issued.clone().when(erase()).then_refused(Code::GuardFailed);
    for to_come in [
        issued.did([reschedule(DEMO, THURSDAY)]),
        given([added(), demo_set(TUESDAY), demo_confirmed()]),
        given([added(), meeting_set(VISIT, MeetingKind::Other, TUESDAY)]),
    ] {
        to_come.when(erase()).then_refused(Code::GuardFailed);
    }
    given([added(), demo_set(TUESDAY)]).did([cancel(DEMO), erase()]);
    given([added(), sold()]).when(erase()).then_refused(Code::GuardFailed);
    let owed = given([added(), sold_and_approved()]).did(install(SALE));
    owed.clone().when(erase()).then_refused(Code::GuardFailed);
    owed.did([write_off(SALE, CONTRACT.0), erase()]);
}

#[test]
fn nobody_is_forgotten_while_either_side_owes_something_or_a_lien_lies() {
    let running = given([added(), sold_and_approved()]);
    running.clone().when(erase()).then_refused(Code::GuardFailed);
    let overpaid = running.did([post_entry(ENTRY, EntryKind::DownPayment, 300), cancel_sale(SALE)]);
    overpaid.clone().when(erase()).then_refused(Code::GuardFailed);
    overpaid.did([post_entry(SECOND_ENTRY, EntryKind::Refund, 300), erase()]);
    let due = given([added(), sold_and_approved()]).did(install(SALE)).did([send_notice(SALE)]);
    let secured = due.at("2026-03-13T15:00:00Z").did([file_lien(SALE), post_entry(ENTRY, EntryKind::FinalPayment, CONTRACT.0)]);
    secured.clone().when(erase()).then_refused(Code::GuardFailed);
    secured.did([release_lien(SALE), erase()]);
}

#[test]
fn who_was_forgotten_is_forgotten_again_whatever_a_backup_says() {
    let backup = given([added(), hold_placed(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]);
    backup.when(Command::BeErased(EraseBasis::PersonAsked)).then([erased([FIRST])]);
    given([]).when(Command::BeErased(EraseBasis::PersonAsked)).then_refused(Code::UnknownContact);
}
