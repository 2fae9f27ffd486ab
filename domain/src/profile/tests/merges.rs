//! The specification of two contacts that are one.

use crate::contact_file::Command;
use crate::profile::ContactEvent;
use crate::refusal::Code;
use crate::testing::*;

#[test]
fn a_contact_is_found_under_the_one_it_was_merged_into_until_that_is_taken_back() {
    let merged = |survivor| facts([ContactEvent::MergedInto { survivor }]);
    given([added()]).when(Command::BeMerged(TWIN)).then([merged(TWIN)]);
    given([added(), merged(TWIN)]).when(Command::BeMerged(TWIN)).then([]);
    let other = crate::id::ContactId(uuid::Uuid::from_u128(0x92));
    given([added(), merged(TWIN)]).when(Command::BeMerged(other)).then_refused(Code::GuardFailed);
    given([added()]).did([merge(TWIN)]).when(Command::BeMerged(other)).then_refused(Code::GuardFailed);
    given([]).when(Command::BeMerged(TWIN)).then_refused(Code::UnknownContact);
    given([added(), merged(TWIN)]).when(merge(other)).then_refused(Code::GuardFailed);
    given([added(), merged(TWIN)]).when(Command::BeUnmerged(TWIN)).then([facts([ContactEvent::UnmergedFrom { survivor: TWIN }])]);
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
    forgotten.clone().when(Command::BeUnmerged(TWIN)).then([facts([crate::profile::ContactEvent::UnmergedFrom { survivor: TWIN }])]);
    forgotten.did([Command::BeUnmerged(TWIN)]).when(Command::BeMerged(TWIN)).then_refused(Code::ContactErased);
    let survivor = given([added()]).did([merge(TWIN), unmerge(TWIN)]);
    survivor.did([erase()]);
}
