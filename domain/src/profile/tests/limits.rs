//! The specification of the times a contact may stay as it is.

use super::TENTH_DAY;
use crate::blueprint::ContactState::{self, AttemptedToSet, Rest};
use crate::profile::ContactEvent;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// Thirty days after the tenth.
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
    let aside = facts([ContactEvent::MovedToRemarket { reason: line("no demo was set in time"), not_before: None }]);
    resting.clone().at(FORTIETH_DAY).when(give_up(FIRST)).then([not_set(FIRST), aside]);
    assert_eq!(resting.at(FORTIETH_DAY).did([give_up(FIRST)]).file.state(), Some(ContactState::Remarket));
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
