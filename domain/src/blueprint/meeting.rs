//! The meeting blueprint (BLUEPRINTS B.2): some meetings, always demos, are confirmed and issued; the others are set, held or canceled.

use super::{Blueprint, From::*, Guard, State, Step, To};
use crate::role::Role::{self, *};
use serde::{Deserialize, Serialize};

/// The stages of a meeting.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MeetingState {
    /// In the calendar.
    Set,
    /// The customer said yes once more.
    Confirmed,
    /// Given to a rep.
    Issued,
    /// Has a result.
    Completed,
    /// Called off.
    Canceled,
}
use MeetingState::*;

impl State for MeetingState {
    const ALL: &'static [MeetingState] = &[Set, Confirmed, Issued, Completed, Canceled];

    fn name(self) -> &'static str {
        match self {
            Set => "set",
            Confirmed => "confirmed",
            Issued => "issued",
            Completed => "completed",
            Canceled => "canceled",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Set => "Set",
            Confirmed => "Confirmed",
            Issued => "Issued",
            Completed => "Completed",
            Canceled => "Canceled",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<MeetingState>, to: MeetingState, who: &'static [Role]) -> Step<MeetingState> {
    Step { label, command, kind: None, from, to: To::State(to), who, asks: &[], guards: &[], emits: &[], source: "" }
}

fn starts_later(view: &super::View) -> bool {
    view.meeting.and_then(|meeting| view.file.meetings.get(&meeting)).is_some_and(|meeting| view.context.at < meeting.start)
}

const BEFORE_THE_START: Guard = Guard { says: "the meeting has not begun (after its start it needs a result instead)", holds: starts_later };
const AFTER_THE_START: Guard = Guard { says: "the meeting has begun", holds: |view| !starts_later(view) };

/// Meetings that are confirmed and issued: demos, and those of types for which the company chose it (S0:30).
#[rustfmt::skip]
pub const DEMO: Blueprint<MeetingState> = Blueprint { of: "meeting", title: "Demo", steps: &[
    //     button                  command               from                            to         who
    Step { emits: &["meeting.set"], source: "S0:14",
     ..step("Set",                  "meeting.set",        Nothing,                        Set,       &[Scheduler]) },
    Step { emits: &["meeting.set"], source: "S0:12",
     ..step("Other product's rep",  "contact.add_other_product_rep", Nothing,             Set,       &[System]) },
    Step { emits: &["meeting.confirmation_attempted"], source: "BLUEPRINTS B.2",
     ..step("Log confirm attempt",  "meeting.log_confirm_attempt", In(&[Set]),            Set,       &[Scheduler]) },
    Step { asks: &["with_whom", "decision_makers"], emits: &["meeting.confirmed"], source: "S0:30",
     ..step("Confirm",              "meeting.confirm",    In(&[Set]),                     Confirmed, &[Scheduler]) },
    Step { emits: &["meeting.issued"], source: "S0:30, P15",
     ..step("Issue",                "meeting.issue",      In(&[Confirmed]),               Issued,    &[Scheduler, SalesManager]) },
    Step { asks: &["reason"], emits: &["meeting.issued"], source: "BLUEPRINTS B.2",
     ..step("Issue unconfirmed",    "meeting.issue",      In(&[Set]),                     Issued,    &[SalesManager]) },
    Step { asks: &["reason"], emits: &["meeting.reissued"], source: "BLUEPRINTS B.2",
     ..step("Issue to another rep", "meeting.issue",      In(&[Issued]),                  Issued,    &[Scheduler, SalesManager]) },
    Step { asks: &["reason", "asked_by"], emits: &["meeting.rescheduled"], source: "P27",
     ..step("Reschedule",           "meeting.reschedule", In(&[Set, Confirmed, Issued]),  Set,       &[Scheduler]) },
    Step { asks: &["asked_by"], guards: &[BEFORE_THE_START], emits: &["meeting.canceled", "journey.limit_started"], source: "S0:16, 30",
     ..step("Cancel",               "meeting.cancel",     In(&[Set, Confirmed, Issued]),  Canceled,  &[Scheduler]) },
    Step { guards: &[AFTER_THE_START], emits: &["meeting.resulted", "journey.limit_started"], source: "P23, P24, P27",
     ..step("Result",               "meeting.result",     In(&[Issued]),                  Completed, &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["meeting.result_corrected", "journey.limit_started"], source: "BLUEPRINTS B.2",
     ..step("Correct the result",   "meeting.correct_result", In(&[Completed]),           Completed, &[SalesManager]) },
    Step { emits: &["meeting.canceled"], source: "BLUEPRINTS B.1",
     ..step("Journey lost",         "contact.lose",       In(&[Set, Confirmed, Issued]),  Canceled,  &[System]) },
    Step { emits: &["meeting.canceled"], source: "BLUEPRINTS B.1",
     ..step("Do not contact",       "contact.opt_out",    In(&[Set, Confirmed, Issued]),  Canceled,  &[System]) },
    Step { emits: &["meeting.canceled"], source: "METRICS C.2",
     ..step("Journey voided",       "journey.void",       In(&[Set, Confirmed, Issued]),  Canceled,  &[System]) },
] };

/// All other meetings: set, then completed or canceled.
#[rustfmt::skip]
pub const PLAIN_MEETING: Blueprint<MeetingState> = Blueprint { of: "meeting", title: "Other meetings", steps: &[
    //     button         command               from                 to         who
    Step { emits: &["meeting.set"], source: "P27",
     ..step("Set",         "meeting.set",        Nothing,             Set,       &[Scheduler, Rep, Role::Rehash, SalesManager]) },
    Step { asks: &["reason", "asked_by"], emits: &["meeting.rescheduled"], source: "P27",
     ..step("Reschedule",  "meeting.reschedule", In(&[Set]),          Set,       &[Scheduler, Rep, Role::Rehash]) },
    Step { asks: &["asked_by"], guards: &[BEFORE_THE_START], emits: &["meeting.canceled"], source: "S0:16",
     ..step("Cancel",      "meeting.cancel",     In(&[Set]),          Canceled,  &[Scheduler, Rep, Role::Rehash]) },
    Step { guards: &[AFTER_THE_START], emits: &["meeting.resulted"], source: "P27",
     ..step("Result",      "meeting.result",     In(&[Set]),          Completed, &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["meeting.result_corrected"], source: "BLUEPRINTS B.2",
     ..step("Correct the result", "meeting.correct_result", In(&[Completed]), Completed, &[SalesManager]) },
    Step { emits: &["meeting.canceled"], source: "BLUEPRINTS B.1",
     ..step("Journey lost", "contact.lose",      In(&[Set]),          Canceled,  &[System]) },
    Step { emits: &["meeting.canceled"], source: "BLUEPRINTS B.1",
     ..step("Do not contact", "contact.opt_out", In(&[Set]),          Canceled,  &[System]) },
    Step { emits: &["meeting.canceled"], source: "METRICS C.2",
     ..step("Journey voided", "journey.void",    In(&[Set]),          Canceled,  &[System]) },
] };
