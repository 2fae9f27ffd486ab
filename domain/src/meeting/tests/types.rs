//! Meetings of the company's own types, and of no kind in particular.

use crate::blueprint::ContactState;
use crate::company::CompanyEvent;
use crate::contact_file::Command;
use crate::id::MeetingTypeId;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use serde_json::json;

/// A meeting of this type on Wednesday, with no word of its kind.
fn set_of_type(of: impl serde::Serialize) -> Command {
    set_meeting(VISIT, MeetingKind::Other, WEDNESDAY).without("kind").with("type", of)
}

fn visit_set(meeting_type: MeetingTypeId, confirm_and_issue: bool) -> Facts {
    meeting_set(VISIT, MeetingKind::Other, WEDNESDAY).with("meeting_type", meeting_type).with("confirm_and_issue", confirm_and_issue)
}

#[test]
fn a_meeting_is_of_a_type_by_id_or_name_and_of_its_kind() {
    given([added()]).when(set_of_type("service")).then([visit_set(SERVICE, true)]);
    given([added()]).when(set_of_type(MEASURING)).then([visit_set(MEASURING, false)]);
    given([added()]).when(set_of_type(SERVICE).with("kind", "other")).then([visit_set(SERVICE, true)]);
    given([added()]).when(set_of_type(SERVICE).with("kind", "demo")).then_refused_at(Code::FieldInvalid, "/kind");
    given([added()]).when(set_of_type("Séance")).then_refused_at(Code::UnknownMeetingType, "/type");
    given([added()]).when(set_demo(TUESDAY).without("kind")).then_refused_at(Code::FieldRequired, "/kind");
}

#[test]
fn a_type_of_the_kind_demo_is_a_demo_in_every_respect() {
    let meeting_type = MeetingTypeId(uuid::Uuid::from_u128(0xf3));
    let kitchen = CompanyEvent::MeetingTypeDefined { meeting_type, name: label("Kitchen demo"), kind: MeetingKind::Demo, confirm_and_issue: true };
    let set = set_demo(TUESDAY).without("kind").with("type", "Kitchen demo");
    let kitchen = given([added()]).settled([kitchen]);
    kitchen.clone().when(set.clone()).then([demo_set(TUESDAY).with("meeting_type", meeting_type).with("confirm_and_issue", true)]);
    kitchen.clone().when(set.clone().without("address_checked")).then_refused_at(Code::FieldRequired, "/address_checked");
    assert_eq!(kitchen.did([set]).file.state(), Some(ContactState::MeetingSet));
}

#[test]
fn a_type_that_is_confirmed_and_issued_has_those_buttons_and_another_has_not() {
    let service = given([added()]).did([set_of_type(SERVICE)]);
    service.clone().at(WEDNESDAY).when(result(VISIT, MeetingResult::NoShow)).then_refused(Code::WrongState);
    let issued = service.did([confirm(VISIT), issue(VISIT, BEN)]);
    assert_eq!(issued.file.meetings[&VISIT].rep, Some(BEN));
    let held = meeting_resulted(VISIT, MeetingKind::Other, MeetingResult::NoShow);
    issued.at(WEDNESDAY).when(result(VISIT, MeetingResult::NoShow)).then([held.with("frees", time_of(BEN, WEDNESDAY))]);
    let measuring = given([added()]).did([set_of_type(MEASURING)]);
    measuring.clone().when(confirm(VISIT)).then_refused(Code::WrongState);
    measuring.clone().when(issue(VISIT, BEN)).then_refused(Code::WrongState);
    measuring.at(WEDNESDAY).when(result(VISIT, MeetingResult::NoShow)).then([meeting_resulted(VISIT, MeetingKind::Other, MeetingResult::NoShow)]);
}

#[test]
fn other_meetings_are_set_wherever_the_contact_stands() {
    let lost = || given([added(), contact_lost(), journey_lost(FIRST)]);
    let customer = || given([added(), sold_and_approved()]);
    for anywhere in [given([added()]), given([added(), demo_set(TUESDAY)]), given([added(), sold()]), customer(), lost()] {
        let before = anywhere.file.state();
        anywhere.clone().when(set_of_type(SERVICE)).then([visit_set(SERVICE, true)]);
        assert_eq!(anywhere.did([set_of_type(SERVICE), confirm(VISIT), issue(VISIT, BEN)]).file.state(), before);
    }
    given([added(), erased([FIRST])]).when(set_of_type(SERVICE)).then_refused(Code::ContactErased);
    given([added()]).when(set_of_type(SERVICE).without("length_minutes")).then_refused_at(Code::FieldRequired, "/length_minutes");
}

#[test]
fn other_meetings_need_no_type_and_are_set_by_schedulers_and_sales_managers() {
    let plain = || set_meeting(VISIT, MeetingKind::Other, WEDNESDAY);
    for role in [Role::Scheduler, Role::SalesManager] {
        given([added()]).by(role).when(plain()).then([meeting_set(VISIT, MeetingKind::Other, WEDNESDAY)]);
    }
    given([added()]).by(Role::Rep).when(plain()).then_refused(Code::WrongRole);
}

#[test]
fn other_meetings_never_govern() {
    let service = given([added(), demo_held(MeetingResult::OneLeg)]).did([set_of_type(SERVICE), confirm(VISIT), issue(VISIT, BEN)]);
    assert_eq!(service.file.rep_of(FIRST), Some(ANA));
    let held = service.at(WEDNESDAY).did([result(VISIT, MeetingResult::Sold)]);
    assert_eq!((held.file.rep_of(FIRST), held.file.state()), (Some(ANA), Some(ContactState::AttemptedToSet)));
    assert!(!held.file.demo_was_held(FIRST));
}

#[test]
fn a_type_that_was_retired_is_chosen_no_more_and_its_meetings_go_on() {
    let set = given([added()]).did([set_of_type(SERVICE)]).settled([CompanyEvent::MeetingTypeRetired { meeting_type: SERVICE }]);
    set.clone().when(set_of_type(SERVICE).with("meeting", DEMO)).then_refused_at(Code::Retired, "/type");
    let confirmed = demo_confirmed().with("meeting", VISIT).with("kind", json!("other"));
    set.when(confirm(VISIT)).then([confirmed]);
}
