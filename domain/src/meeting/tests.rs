//! The specification of meetings.

mod overlap;
mod results;
mod types;

use super::{MeetingKind, MeetingResult, RepTime};
use crate::blueprint::ContactState;
use crate::company::{CompanyEvent, ReasonList};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// A demo of the first journey, set for Tuesday, in each of its stages.
fn demo_is_set() -> Given {
    given([added(), demo_set(TUESDAY)])
}
fn demo_is_confirmed() -> Given {
    given([added(), demo_set(TUESDAY), demo_confirmed()])
}
fn demo_is_issued() -> Given {
    given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)])
}
fn demo_is_completed() -> Given {
    given([added(), demo_held(MeetingResult::NoShow)])
}
fn demo_is_canceled() -> Given {
    given([added(), demo_set(TUESDAY), meeting_canceled(DEMO, MeetingKind::Demo)])
}

/// The fact that ends this demo's hold on the time of its rep, where it has one.
fn freeing(demo: &Given, told: Facts) -> Facts {
    match &demo.file.meetings[&DEMO].takes {
        Some(taken) => told.with("frees", taken),
        None => told,
    }
}

/// A rehash meeting on Wednesday.
fn visit_is_set() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned(), meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY)])
}

// Set

#[test]
fn a_demo_is_set_on_a_new_or_tried_lead() {
    given([added()]).when(set_demo(TUESDAY)).then([demo_set(TUESDAY)]);
    given([added(), attempted()]).when(set_demo(TUESDAY)).then([demo_set(TUESDAY)]);
}

#[test]
fn a_journey_has_one_demo_in_the_calendar() {
    demo_is_set().when(set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)).then_refused(Code::WrongState);
    given([added(), sold()]).when(set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)).then_refused(Code::WrongState);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(set_demo(TUESDAY)).then_refused(Code::WrongState);
}

#[test]
fn a_demo_is_set_anew_after_a_cancel_a_no_show_a_one_leg_or_a_pitch_miss() {
    demo_is_canceled().when(set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)).then([meeting_set(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)]);
    for result in [MeetingResult::NoShow, MeetingResult::OneLeg, MeetingResult::NotDemoed] {
        given([added(), demo_held(result)]).when(set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)).then([meeting_set(
            SECOND_DEMO,
            MeetingKind::Demo,
            WEDNESDAY,
        )]);
    }
}

#[test]
fn a_follow_up_meeting_is_set_when_the_pitch_was_not_finished() {
    let follow_up = || set_meeting(VISIT, MeetingKind::FollowUp, WEDNESDAY);
    given([added(), demo_held(MeetingResult::FollowUp)]).when(follow_up()).then([meeting_set(VISIT, MeetingKind::FollowUp, WEDNESDAY)]);
    demo_is_issued().when(follow_up()).then_refused(Code::GuardFailed);
    given([added()]).when(follow_up()).then_refused(Code::WrongState);
}

#[test]
fn a_rehash_meeting_is_set_once_a_rehash_rep_works_the_journey() {
    let rehash = || set_meeting(VISIT, MeetingKind::Rehash, WEDNESDAY);
    let rehashed = || given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]);
    rehashed().when(rehash()).then([meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY)]);
    rehashed().by(Role::Rehash).when(rehash()).then([meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY)]);
    given([added(), demo_held(MeetingResult::DemoedNotSold)]).when(rehash()).then_refused(Code::WrongState);
}

#[test]
fn a_meeting_is_set_on_a_journey_of_the_contact_under_a_new_id() {
    given([added()]).when(set_demo(TUESDAY).with("journey", NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
    demo_is_canceled().when(set_demo(WEDNESDAY)).then_refused_at(Code::IdTaken, "/meeting");
}

#[test]
fn a_meeting_begins_no_earlier_than_it_is_set() {
    given([added()]).at(TUESDAY).when(set_demo(TUESDAY)).then([demo_set(TUESDAY)]);
    given([added()]).at("2026-03-03T23:00:00.000001Z").when(set_demo(TUESDAY)).then_refused_at(Code::FieldInvalid, "/start");
}

#[test]
fn a_live_user_says_how_long_a_meeting_takes() {
    given([added()]).when(set_demo(TUESDAY).without("length_minutes")).then_refused_at(Code::FieldRequired, "/length_minutes");
    let imported = given([added()]).by(Role::Importer).when(set_demo(TUESDAY).without("length_minutes"));
    imported.then([demo_set(TUESDAY).without("length_minutes")]);
}

#[test]
fn the_credit_for_setting_goes_to_who_is_named_else_to_who_did_it() {
    given([added()]).when(set_demo(TUESDAY)).then([demo_set(TUESDAY).with("scheduler", SAM)]);
    given([added()]).when(set_demo(TUESDAY).with("scheduler", "ria")).then([demo_set(TUESDAY).with("scheduler", RIA)]);
    given([added()]).by_nobody().when(set_demo(TUESDAY).with("scheduler", RIA)).then([demo_set(TUESDAY).with("scheduler", RIA)]);
    given([added()]).by_nobody().when(set_demo(TUESDAY)).then_refused_at(Code::FieldRequired, "/scheduler");
    given([added()]).when(set_demo(TUESDAY).with("scheduler", STRANGER)).then_refused_at(Code::UnknownPerson, "/scheduler");
}

#[test]
fn a_live_user_says_whether_all_who_decide_will_be_there_and_else_why_not() {
    given([added()]).when(set_demo(TUESDAY).without("decision_makers")).then_refused_at(Code::FieldRequired, "/decision_makers");
    let alone = || set_demo(TUESDAY).with("decision_makers", false);
    given([added()]).when(alone()).then_refused_at(Code::FieldRequired, "/why_not_all");
    let told = demo_set(TUESDAY).with("decision_makers", false);
    given([added()]).when(alone().with("why_not_all", "works late")).then([told.clone().with("why_not_all", line("works late"))]);
    given([added()]).by(Role::Importer).when(alone()).then([told]);
}

#[test]
fn a_demo_is_set_once_its_address_was_checked() {
    given([added()]).when(set_demo(TUESDAY).without("address_checked")).then_refused_at(Code::FieldRequired, "/address_checked");
    given([added()]).when(set_demo(TUESDAY).with("address_checked", false)).then_refused_at(Code::FieldInvalid, "/address_checked");
    let imported = given([added()]).by(Role::Importer).when(set_demo(TUESDAY).with("address_checked", false));
    imported.then([demo_set(TUESDAY).with("address_checked", false)]);
    let told_nothing = set_demo(TUESDAY).without("address_checked").without("decision_makers");
    given([added()]).by(Role::Importer).when(told_nothing).then([demo_set(TUESDAY).without("address_checked").without("decision_makers")]);
}

#[test]
fn demos_are_set_by_schedulers() {
    given([added()]).by(Role::Scheduler).when(set_demo(TUESDAY)).then([demo_set(TUESDAY)]);
    given([added()]).by(Role::Rep).when(set_demo(TUESDAY)).then_refused(Code::WrongRole);
}

// Confirm

#[test]
fn a_demo_is_confirmed_once() {
    demo_is_set().when(confirm(DEMO)).then([demo_confirmed()]);
    demo_is_confirmed().when(confirm(DEMO)).then_refused(Code::WrongState);
    demo_is_issued().when(confirm(DEMO)).then_refused(Code::WrongState);
    demo_is_completed().when(confirm(DEMO)).then_refused(Code::WrongState);
    demo_is_canceled().when(confirm(DEMO)).then_refused(Code::WrongState);
}

#[test]
fn a_live_user_says_who_confirmed_and_whether_all_who_decide_will_be_there() {
    demo_is_set().when(confirm(DEMO).without("with_whom")).then_refused_at(Code::FieldRequired, "/with_whom");
    demo_is_set().when(confirm(DEMO).without("decision_makers")).then_refused_at(Code::FieldRequired, "/decision_makers");
    let imported = demo_is_set().by(Role::Importer).when(confirm(DEMO).without("with_whom").without("decision_makers"));
    imported.then([demo_confirmed().without("with_whom").without("decision_makers")]);
}

#[test]
fn attempts_to_have_a_demo_confirmed_are_recorded_until_it_is() {
    demo_is_set().when(log_confirm_attempt(DEMO)).then([confirmation_attempted()]);
    let tried = given([added(), demo_set(TUESDAY), confirmation_attempted()]);
    tried.clone().when(log_confirm_attempt(DEMO)).then([confirmation_attempted()]);
    tried.when(confirm(DEMO)).then([demo_confirmed()]);
    for demo in [demo_is_confirmed(), demo_is_issued(), demo_is_completed(), demo_is_canceled()] {
        demo.when(log_confirm_attempt(DEMO)).then_refused(Code::WrongState);
    }
    demo_is_set().by(Role::Rep).when(log_confirm_attempt(DEMO)).then_refused(Code::WrongRole);
    visit_is_set().when(log_confirm_attempt(VISIT)).then_refused(Code::WrongState);
}

#[test]
fn only_demos_are_confirmed_and_issued() {
    visit_is_set().when(confirm(VISIT)).then_refused(Code::WrongState);
    visit_is_set().when(issue(VISIT, ANA)).then_refused(Code::WrongState);
    visit_is_set()
        .when(confirm(VISIT))
        .then_refused_saying("this meeting is neither confirmed nor issued, by its kind or type: it is set, then completed or canceled");
}

#[test]
fn demos_are_confirmed_by_schedulers() {
    demo_is_set().by(Role::SalesManager).when(confirm(DEMO)).then_refused(Code::WrongRole);
}

#[test]
fn a_meeting_must_exist() {
    let held = [result(NO_MEETING, MeetingResult::Sold), correct_result(NO_MEETING, MeetingResult::Sold)];
    let ahead = [log_confirm_attempt(NO_MEETING), confirm(NO_MEETING), issue(NO_MEETING, ANA), reschedule(NO_MEETING, WEDNESDAY), cancel(NO_MEETING)];
    for command in ahead.into_iter().chain(held) {
        demo_is_set().when(command).then_refused_at(Code::UnknownMeeting, "/meeting");
    }
}

// Issue

#[test]
fn a_confirmed_demo_is_issued_to_a_rep() {
    demo_is_confirmed().when(issue(DEMO, ANA)).then([demo_issued(ANA)]);
    demo_is_confirmed().by(Role::Scheduler).when(issue(DEMO, ANA)).then([demo_issued(ANA)]);
    demo_is_confirmed().by(Role::Rep).when(issue(DEMO, ANA)).then_refused(Code::WrongRole);
}

#[test]
fn a_sales_manager_may_issue_a_demo_unconfirmed_and_says_why() {
    demo_is_set().by(Role::SalesManager).when(issue_because(DEMO, ANA, "known customer")).then([demo_issued_unconfirmed(ANA, "known customer")]);
    demo_is_set().by(Role::SalesManager).when(issue(DEMO, ANA)).then_refused_at(Code::FieldRequired, "/reason");
    demo_is_set().by(Role::Scheduler).when(issue_because(DEMO, ANA, "known customer")).then_refused(Code::WrongRole);
}

#[test]
fn the_importer_may_leave_out_why_a_demo_was_issued_unconfirmed() {
    demo_is_set().by(Role::Importer).when(issue(DEMO, ANA)).then([demo_issued_unconfirmed(ANA, "not recorded")]);
}

#[test]
fn an_issued_demo_goes_to_another_rep_for_a_reason() {
    demo_is_issued().when(issue_because(DEMO, BEN, "ill")).then([demo_reissued(BEN)]);
    demo_is_issued().when(issue(DEMO, BEN)).then_refused_at(Code::FieldRequired, "/reason");
    let imported = demo_is_issued().by(Role::Importer).when(issue(DEMO, BEN));
    imported.then([demo_reissued(BEN).without("reason")]);
}

#[test]
fn issuing_to_the_rep_who_has_it_changes_nothing() {
    demo_is_issued().when(issue(DEMO, ANA)).then([]);
}

#[test]
fn a_second_rep_who_is_somebody_else_may_go_along() {
    let with_ben = issue(DEMO, ANA).with("second_rep", "Ben");
    let both = || RepTime { reps: vec![ANA, BEN], ..time_of(ANA, TUESDAY) };
    demo_is_confirmed().when(with_ben.clone()).then([demo_issued(ANA).with("second_rep", BEN).with("takes", both())]);
    demo_is_confirmed().when(issue(DEMO, ANA).with("second_rep", ANA)).then_refused_at(Code::FieldInvalid, "/second_rep");
    demo_is_confirmed().when(issue(DEMO, ANA).with("second_rep", STRANGER)).then_refused_at(Code::UnknownPerson, "/second_rep");
    demo_is_issued().when(with_ben.clone()).then_refused_at(Code::FieldRequired, "/reason");
    demo_is_issued().when(with_ben.clone().with("reason", "ill")).then([demo_reissued(ANA).with("second_rep", BEN).with("takes", both())]);
    demo_is_confirmed().did([with_ben.clone()]).when(with_ben).then([]);
}

#[test]
fn a_demo_with_a_result_or_canceled_is_not_issued() {
    demo_is_completed().when(issue_because(DEMO, BEN, "ill")).then_refused(Code::WrongState);
    demo_is_canceled().when(issue_because(DEMO, BEN, "ill")).then_refused(Code::WrongState);
}

#[test]
fn a_demo_is_issued_to_somebody_the_company_knows() {
    demo_is_confirmed().when(issue(DEMO, STRANGER)).then_refused_at(Code::UnknownPerson, "/rep");
}

// Reschedule

#[test]
fn a_moved_demo_must_be_confirmed_and_issued_again() {
    for demo in [demo_is_set(), demo_is_confirmed(), demo_is_issued()] {
        demo.clone().when(reschedule(DEMO, WEDNESDAY)).then([freeing(&demo, demo_rescheduled(WEDNESDAY))]);
        let moved = demo.did([reschedule(DEMO, WEDNESDAY)]);
        assert_eq!(moved.file.governing_demo(FIRST), None);
        moved.clone().by(Role::Scheduler).when(issue_because(DEMO, ANA, "again")).then_refused(Code::WrongRole);
        moved.when(confirm(DEMO)).then([demo_confirmed()]);
    }
}

#[test]
fn a_demo_with_a_result_or_canceled_is_not_moved() {
    demo_is_completed().when(reschedule(DEMO, WEDNESDAY)).then_refused(Code::WrongState);
    demo_is_canceled().when(reschedule(DEMO, WEDNESDAY)).then_refused(Code::WrongState);
}

#[test]
fn a_meeting_is_moved_to_a_time_to_come_and_live_users_say_why() {
    demo_is_set().when(reschedule(DEMO, MONDAY)).then_refused_at(Code::FieldInvalid, "/start");
    demo_is_set().when(reschedule(DEMO, WEDNESDAY).without("reason")).then_refused_at(Code::FieldRequired, "/reason");
    demo_is_set().when(reschedule(DEMO, WEDNESDAY).without("asked_by")).then_refused_at(Code::FieldRequired, "/asked_by");
    let imported = demo_is_set().by(Role::Importer).when(reschedule(DEMO, WEDNESDAY).without("reason"));
    imported.then([demo_rescheduled(WEDNESDAY).without("reason")]);
    demo_is_set().by(Role::Rep).when(reschedule(DEMO, WEDNESDAY)).then_refused(Code::WrongRole);
    visit_is_set().by(Role::Rep).when(reschedule(VISIT, THURSDAY)).then([meeting_rescheduled(VISIT, MeetingKind::Rehash, THURSDAY)]);
}

// Cancel

#[test]
fn a_meeting_is_canceled_before_its_start() {
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z");
    for demo in [demo_is_set(), demo_is_confirmed(), demo_is_issued()] {
        demo.clone().when(cancel(DEMO)).then([freeing(&demo, meeting_canceled(DEMO, MeetingKind::Demo)), limit.clone()]);
        demo.at(TUESDAY).when(cancel(DEMO)).then_refused(Code::GuardFailed);
    }
    visit_is_set().when(cancel(VISIT)).then([meeting_canceled(VISIT, MeetingKind::Rehash)]);
    visit_is_set().at(WEDNESDAY).when(cancel(VISIT)).then_refused(Code::GuardFailed);
}

#[test]
fn a_meeting_that_has_begun_needs_a_result_instead_of_a_cancel() {
    let begun = demo_is_issued().at(TUESDAY).when(cancel(DEMO));
    begun.then_refused_saying("“Cancel” is possible only when the meeting has not begun (after its start it needs a result instead)");
}

#[test]
fn a_meeting_is_canceled_once_and_not_after_its_result() {
    demo_is_completed().when(cancel(DEMO)).then_refused(Code::WrongState);
    demo_is_canceled().when(cancel(DEMO)).then_refused(Code::WrongState);
}

#[test]
fn a_live_user_says_who_asked_for_a_cancel() {
    demo_is_set().when(cancel(DEMO).without("asked_by")).then_refused_at(Code::FieldRequired, "/asked_by");
    let imported = demo_is_set().by(Role::Importer).when(cancel(DEMO).without("asked_by"));
    imported.then([meeting_canceled(DEMO, MeetingKind::Demo).without("asked_by")]);
    demo_is_set().by(Role::Rep).when(cancel(DEMO)).then_refused(Code::WrongRole);
}

#[test]
fn reasons_come_from_the_companys_lists_and_are_recorded_with_their_ids() {
    let defined = |list, name| CompanyEvent::ReasonDefined { reason: REASON, list, name: label(name) };
    let lists = || demo_is_set().settled([defined(ReasonList::MeetingCanceled, "No time")]);
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z");
    lists().when(cancel(DEMO)).then([meeting_canceled(DEMO, MeetingKind::Demo).with("reason", line("No time")).with("reason_id", REASON), limit]);
    lists().when(cancel(DEMO).with("reason", "bad mood")).then_refused_at(Code::UnknownReason, "/reason");
    lists().when(reschedule(DEMO, WEDNESDAY)).then([demo_rescheduled(WEDNESDAY)]);
    let lists = || demo_is_set().settled([defined(ReasonList::MeetingRescheduled, "Storm")]);
    lists().when(reschedule(DEMO, WEDNESDAY)).then([demo_rescheduled(WEDNESDAY).with("reason", line("Storm")).with("reason_id", REASON)]);
    lists().when(reschedule(DEMO, WEDNESDAY).with("reason", "bad mood")).then_refused_at(Code::UnknownReason, "/reason");
}

#[test]
fn a_note_is_kept_with_a_cancel_and_with_a_result() {
    let canceled = demo_is_set().when(cancel(DEMO).with("note", "calls again in May"));
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z");
    canceled.then([meeting_canceled(DEMO, MeetingKind::Demo).with("note", line("calls again in May")), limit]);
    let held = demo_is_issued().at(TUESDAY).when(result(DEMO, MeetingResult::Sold).with("note", "wants white ones"));
    held.then([demo_resulted(MeetingResult::Sold).with("note", line("wants white ones"))]);
}

#[test]
fn canceling_undoes_the_issue_but_not_the_set() {
    let canceled = demo_is_issued().did([cancel(DEMO)]);
    assert_eq!(canceled.file.governing_demo(FIRST), None);
    assert_eq!(canceled.file.state(), Some(ContactState::AttemptedToSet));
}

// Result

#[test]
fn an_issued_demo_has_a_result_after_its_start() {
    demo_is_issued().at(TUESDAY).when(result(DEMO, MeetingResult::Sold)).then([demo_resulted(MeetingResult::Sold)]);
    demo_is_issued().when(result(DEMO, MeetingResult::Sold)).then_refused(Code::GuardFailed);
}

#[test]
fn a_demo_not_issued_has_no_result() {
    for demo in [demo_is_set(), demo_is_confirmed(), demo_is_completed(), demo_is_canceled()] {
        demo.at(WEDNESDAY).when(result(DEMO, MeetingResult::NoShow)).then_refused(Code::WrongState);
    }
}

#[test]
fn other_meetings_have_a_result_without_having_been_issued() {
    visit_is_set().at(WEDNESDAY).when(result(VISIT, MeetingResult::Sold)).then([meeting_resulted(VISIT, MeetingKind::Rehash, MeetingResult::Sold)]);
    visit_is_set().when(result(VISIT, MeetingResult::Sold)).then_refused(Code::GuardFailed);
}

#[test]
fn results_are_entered_by_reps_rehash_reps_and_sales_managers() {
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-13T23:00:00Z");
    for role in [Role::Rep, Role::Rehash, Role::SalesManager] {
        let resulted = demo_is_issued().at(TUESDAY).by(role).when(result(DEMO, MeetingResult::OneLeg));
        resulted.then([demo_resulted(MeetingResult::OneLeg), limit.clone()]);
    }
    demo_is_issued().at(TUESDAY).by(Role::Scheduler).when(result(DEMO, MeetingResult::OneLeg)).then_refused(Code::WrongRole);
}
