//! The contact blueprint (BLUEPRINTS B.1): how a contact goes through a journey, from new lead to sale or loss.
//!
//! The contact's state follows its primary journey; each journey has a stage of its own, which these rows guard.

use super::{Blueprint, From::*, Guard, MeetingState, SaleState, State, Step, To, View};
use crate::meeting::{Meeting, MeetingResult};
use crate::money::Money;
use crate::role::Role::{self, *};
use chrono::TimeDelta;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The stages of a contact, and of each of its journeys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum ContactState {
    /// Nobody has tried to reach it yet.
    NewIncoming,
    /// Somebody tries to set a demo.
    AttemptedToSet,
    /// Nobody managed to in time; left in peace for a while (P2).
    Rest,
    /// A demo is set.
    MeetingSet,
    /// There is an offer, or there was a demo.
    QuoteInProgress,
    /// A rehash rep works it.
    Rehash,
    /// Sold; management has not approved yet.
    SoldPendingApproval,
    /// Bought.
    Customer,
    /// Given up.
    Lost,
    /// Put aside for remarketing.
    Remarket,
    /// Wants to be approached no more.
    DoNotContact,
}
use ContactState::*;

impl State for ContactState {
    const ALL: &'static [ContactState] =
        &[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer, Lost, Remarket, DoNotContact];

    fn name(self) -> &'static str {
        match self {
            NewIncoming => "new_incoming",
            AttemptedToSet => "attempted_to_set",
            Rest => "rest",
            MeetingSet => "meeting_set",
            QuoteInProgress => "quote_in_progress",
            ContactState::Rehash => "rehash",
            SoldPendingApproval => "sold_pending_approval",
            Customer => "customer",
            Lost => "lost",
            Remarket => "remarket",
            DoNotContact => "do_not_contact",
        }
    }

    fn label(self) -> &'static str {
        match self {
            NewIncoming => "New Incoming",
            AttemptedToSet => "Attempted to Set",
            Rest => "Rest",
            MeetingSet => "Meeting Set",
            QuoteInProgress => "Quote in Progress",
            ContactState::Rehash => "Rehash",
            SoldPendingApproval => "Sold Pending Approval",
            Customer => "Customer",
            Lost => "Lost",
            Remarket => "Remarket",
            DoNotContact => "Do Not Contact",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<ContactState>, to: To<ContactState>, who: &'static [Role]) -> Step<ContactState> {
    Step { label, command, kind: None, from, to, who, asks: &[], guards: &[], emits: &[], source: "" }
}

const DEMO_ISSUED: Guard =
    Guard { says: "a demo of the journey is issued", holds: |view| view.journey.is_some_and(|journey| view.file.last_demo(journey).is_some()) };
const DEMO_UNFINISHED: Guard = Guard {
    says: "the last demo of the journey ended as a follow-up",
    holds: |view| view.journey.and_then(|journey| view.file.last_demo(journey)).is_some_and(|demo| demo.result == Some(MeetingResult::FollowUp)),
};
const DEMOED_NOT_SOLD: Guard = Guard {
    says: "the last demo of the journey was demoed and not sold",
    holds: |view| view.journey.and_then(|journey| view.file.last_demo(journey)).is_some_and(|demo| demo.result == Some(MeetingResult::DemoedNotSold)),
};
const HELD: Guard = Guard { says: "a legal hold lies on the contact", holds: |view| is_held(view) };
const NOT_HELD: Guard = Guard { says: "no legal hold lies on the contact", holds: |view| !is_held(view) };

const NOT_MERGED: Guard =
    Guard { says: "the contact is not found under another one", holds: |view| view.file.profile.as_ref().is_none_or(|profile| profile.merged_into.is_none()) };
const FOUND_UNDER_IT: Guard =
    Guard { says: "another contact is found under this one", holds: |view| view.file.profile.as_ref().is_some_and(|profile| !profile.merged.is_empty()) };
const NOBODY_FOUND_UNDER_IT: Guard = Guard {
    says: "no other contact is found under this one, forgotten or not; take those merges back first",
    holds: |view| view.file.profile.as_ref().is_none_or(|profile| profile.merged.is_empty()),
};
const NOTHING_LEFT_TO_DO: Guard = Guard {
    says: "no meeting is issued or still to come, no sale waits for approval, neither side owes anything, and no lien lies on the property",
    holds: |view| {
        let to_come = |meeting: &Meeting| meeting.is_open() && view.context.at < meeting.start;
        let meetings = view.file.meetings.values().any(|meeting| meeting.state == MeetingState::Issued || to_come(meeting));
        let sales = view.file.sales.values().any(|sale| sale.state == SaleState::Sold || sale.balance() != Money::ZERO || sale.lien);
        !meetings && !sales
    },
};
const LOST_LATELY: Guard = Guard {
    says: "the contact was lost not longer ago than it can be reopened",
    holds: |view| {
        let days = TimeDelta::days(view.context.company.limits.reopen_days.0.into());
        let lost_at = view.file.profile.as_ref().and_then(|profile| profile.lost_at);
        lost_at.is_some_and(|lost_at| view.context.at.utc() <= lost_at.utc() + days)
    },
};
const NOTHING_TO_APPROVE: Guard =
    Guard { says: "none of its sales waits for approval", holds: |view| view.journey.is_some_and(|journey| !view.file.standing.awaits_approval(journey)) };

fn is_held(view: &View) -> bool {
    view.file.profile.as_ref().is_some_and(|profile| profile.hold.is_some())
}

/// The rows of B.1 that this version knows.
#[rustfmt::skip]
pub const CONTACT: Blueprint<ContactState> = Blueprint { of: "contact", title: "Contact", steps: &[
    //     button                          command                             from                                                          to                           who
    Step { asks: &["name", "phones|emails"], emits: &["contact.added", "contact.duplicate_accepted", "journey.opened"], source: "S0:7, 10",
     ..step("Add contact",                 "contact.add",                      Nothing,                                                      To::State(NewIncoming),      &[Scheduler, Marketing, Admin]) },
    Step { emits: &["contact.attempted", "journey.limit_started"], source: "P2, P3",
     ..step("Log attempt",                 "contact.log_attempt",              In(&[NewIncoming, AttemptedToSet, Rest]),                     To::State(AttemptedToSet),   &[Scheduler]) },
    Step { kind: Some("demo"), asks: &["length_minutes", "decision_makers", "address_checked"], emits: &["meeting.set"], source: "S0:59",
     ..step("Set demo",                    "meeting.set",                      In(&[NewIncoming, AttemptedToSet, Rest]),                     To::State(MeetingSet),       &[Scheduler]) },
    Step { emits: &["contact.rested", "journey.limit_started"], source: "P2",
     ..step("Rest",                        "contact.rest",                     In(&[AttemptedToSet]),                                        To::State(Rest),             &[System]) },
    Step { emits: &["journey.closed", "contact.moved_to_remarket"], source: "P2",
     ..step("Give up",                     "contact.give_up",                  In(&[Rest]),                                                  To::State(Remarket),         &[System]) },
    Step { kind: Some("follow_up"), guards: &[DEMO_UNFINISHED], asks: &["length_minutes"], emits: &["meeting.set"], source: "P24",
     ..step("Set follow-up meeting",       "meeting.set",                      In(&[MeetingSet]),                                            To::Stays,                   &[Scheduler, Rep]) },
    Step { kind: Some("rehash"), asks: &["length_minutes"], emits: &["meeting.set"], source: "P27",
     ..step("Set rehash meeting",          "meeting.set",                      In(&[ContactState::Rehash]),                                  To::Stays,                   &[Role::Rehash, Scheduler]) },
    Step { kind: Some("other"), asks: &["length_minutes"], emits: &["meeting.set"], source: "S0:4, 30",
     ..step("Set other meeting",           "meeting.set",                      In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, SalesManager]) },
    Step { source: "S0:30",
     ..step("Demo canceled",               "meeting.cancel",                   In(&[MeetingSet]),                                            To::State(AttemptedToSet),   &[System]) },
    Step { source: "BLUEPRINTS B.2",
     ..step("Demo resulted",               "meeting.result",                   In(&[MeetingSet]),                                            To::OneOf(&[MeetingSet, QuoteInProgress, AttemptedToSet]), &[System]) },
    Step { source: "BLUEPRINTS B.2",
     ..step("Demo's result corrected",     "meeting.correct_result",           In(&[MeetingSet, QuoteInProgress, AttemptedToSet]),           To::OneOf(&[MeetingSet, QuoteInProgress, AttemptedToSet]), &[System]) },
    Step { guards: &[DEMO_ISSUED], emits: &["quote.created"], source: "S0:21",
     ..step("Add a quote",                 "quote.add",                        In(&[MeetingSet]),                                            To::State(QuoteInProgress),  &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["quote.created"], source: "S0:21",
     ..step("Add a quote",                 "quote.add",                        In(&[NewIncoming, AttemptedToSet, Rest, QuoteInProgress, ContactState::Rehash]), To::State(QuoteInProgress), &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["quote.created"], source: "S0:21",
     ..step("Add a quote",                 "quote.add",                        In(&[Customer]),                                              To::Stays,                   &[Rep, Role::Rehash, SalesManager]) },
    Step { guards: &[DEMOED_NOT_SOLD], asks: &["reason"], emits: &["journey.rehash_assigned"], source: "S0:9, P26",
     ..step("Send to rehash",              "contact.assign_rehash",            In(&[MeetingSet, QuoteInProgress]),                           To::State(ContactState::Rehash), &[Rep, SalesManager]) },
    Step { source: "S0:23, 24",
     ..step("Quote sold",                  "quote.mark_sold",                  In(&[QuoteInProgress, ContactState::Rehash]),                 To::OneOf(&[SoldPendingApproval, Customer]), &[System]) },
    Step { source: "S0:12, 24",
     ..step("Another journey sold",        "quote.mark_sold",                  In(&[Lost, Remarket]),                                         To::State(Customer),         &[System]) },
    Step { source: "S0:24",
     ..step("Sale approved",               "sale.approve",                     In(&[SoldPendingApproval, Lost, Remarket]),                   To::State(Customer),         &[System]) },
    Step { source: "P5",
     ..step("Sale not approved",           "sale.not_approve",                 In(&[SoldPendingApproval]),                                   To::State(QuoteInProgress),  &[System]) },
    Step { source: "P6",
     ..step("Sale moved back to sold",     "sale.move_back",                   In(&[QuoteInProgress, ContactState::Rehash]),                 To::State(SoldPendingApproval), &[System]) },
    Step { source: "BLUEPRINTS B.1",
     ..step("Last sale canceled",          "sale.cancel",                      In(&[Customer]),                                              To::State(Remarket),         &[System]) },
    Step { source: "P34",
     ..step("Last sale rescinded",         "sale.rescind",                     In(&[Customer]),                                              To::State(Remarket),         &[System]) },
    Step { source: "P34",
     ..step("Sale rescinded",              "sale.rescind",                     In(&[SoldPendingApproval]),                                   To::State(QuoteInProgress),  &[System]) },
    Step { source: "P9",
     ..step("Sale reactivated",            "sale.reactivate",                  In(&[Lost, Remarket]),                                        To::State(Customer),         &[System]) },
    Step { emits: &["contact.lost", "journey.closed", "meeting.canceled", "quote.lost"], source: "S0:28",
     ..step("Lose",                        "contact.lose",                     In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet]),         To::State(Lost),             &[Scheduler, Rep, SalesManager]) },
    Step { emits: &["contact.lost", "journey.closed", "meeting.canceled", "quote.lost"], source: "S0:28",
     ..step("Lose",                        "contact.lose",                     In(&[QuoteInProgress, ContactState::Rehash]),                 To::State(Lost),             &[Rep, Role::Rehash, SalesManager]) },
    Step { source: "S0:4",
     ..step("Lost, and still a customer",  "contact.lose",                     In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash]), To::State(Customer), &[System]) },
    Step { guards: &[LOST_LATELY], emits: &["contact.reopened", "journey.reopened", "journey.limit_started", "journey.dimensions_changed"], source: "BLUEPRINTS B.1",
     ..step("Reopen",                      "contact.reopen",                   In(&[Lost]),                                                  To::OneOf(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash]), &[SalesManager]) },
    Step { emits: &["contact.moved_to_remarket"], source: "S0:4, 11",
     ..step("Move to Remarket",            "contact.move_to_remarket",         In(&[Lost, Customer]),                                        To::State(Remarket),         &[Scheduler, Marketing]) },
    Step { guards: &[NOT_MERGED], emits: &["contact.returned", "journey.opened"], source: "S0:11",
     ..step("Return as new incoming",      "contact.return",                   In(&[Remarket, Lost, Customer]),                              To::State(NewIncoming),      &[Scheduler, Marketing]) },
    Step { guards: &[NOT_MERGED], emits: &["contact.other_product_rep_added", "journey.opened", "meeting.set"], source: "S0:12",
     ..step("Add Other Product Sales Rep", "contact.add_other_product_rep",    In(&[MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer]), To::Stays, &[Scheduler, SalesManager]) },
    Step { emits: &["contact.source_changed", "journey.dimensions_changed"], source: "P2",
     ..step("Change lead source",          "contact.change_source",            In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, SalesManager, Marketing, Admin]) },
    Step { emits: &["contact.product_changed", "journey.dimensions_changed"], source: "P2",
     ..step("Change product",              "contact.change_product",           In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, Rep, SalesManager, Admin]) },
    Step { emits: &["contact.category_changed", "journey.dimensions_changed"], source: "P2",
     ..step("Change lead category",        "contact.change_category",          In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, SalesManager, Marketing, Admin]) },
    Step { emits: &["contact.details_changed"], source: "EVENTS D.2",
     ..step("Change details",              "contact.change_details",           In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, Rep, Role::Rehash, SalesManager, Finance, Marketing, Admin]) },
    Step { emits: &["contact.address_corrected", "contact.duplicate_accepted"], source: "S0:7",
     ..step("Correct address",             "contact.correct_address",          In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, Rep, SalesManager, Marketing, Admin]) },
    Step { emits: &["contact.opted_out", "contact.left_campaign", "journey.closed", "meeting.canceled", "quote.lost"], source: "BLUEPRINTS B.1",
     ..step("Do not contact",              "contact.opt_out",                  In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer, Lost, Remarket]), To::State(DoNotContact), Role::PEOPLE) },
    Step { emits: &["contact.opted_in"], source: "BLUEPRINTS B.1",
     ..step("Contact again",               "contact.opt_in",                   In(&[DoNotContact]),                                          To::OneOf(&[Remarket, Customer, SoldPendingApproval, QuoteInProgress]), &[SalesManager, Management, Admin]) },
    Step { guards: &[NOT_MERGED], emits: &["journey.opened"], source: "P2",
     ..step("Open missing journey",        "journey.open",                     In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval]), To::Stays, &[SalesManager, Admin]) },
    Step { guards: &[NOT_MERGED], emits: &["journey.opened"], source: "P2",
     ..step("Open missing journey",        "journey.open",                     In(&[Customer, Lost, Remarket]),                              To::OneOf(&[NewIncoming, Customer]), &[SalesManager, Admin]) },
    Step { guards: &[NOTHING_TO_APPROVE], emits: &["journey.voided", "meeting.canceled", "quote.lost"], source: "METRICS C.2",
     ..step("Void journey",                "journey.void",                     In(&[DoNotContact]),                                          To::Stays,                   &[SalesManager]) },
    Step { guards: &[NOTHING_TO_APPROVE], emits: &["journey.voided", "meeting.canceled", "quote.lost"], source: "METRICS C.2",
     ..step("Void journey",                "journey.void",                     In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer, Lost, Remarket]), To::OneOf(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer, Lost, Remarket]), &[SalesManager]) },
    Step { guards: &[NOT_MERGED], emits: &["contact.joined_campaign"], source: "S0:4",
     ..step("Join campaign",               "contact.join_campaign",            In(&[NewIncoming, AttemptedToSet, Rest, MeetingSet, QuoteInProgress, ContactState::Rehash, SoldPendingApproval, Customer, Lost, Remarket]), To::Stays, &[Marketing, Scheduler, SalesManager, Admin]) },
    Step { emits: &["contact.left_campaign"], source: "S0:4",
     ..step("Leave campaign",              "contact.leave_campaign",           In(ContactState::ALL),                                        To::Stays,                   &[Marketing, Scheduler, SalesManager, Admin]) },
    Step { guards: &[NOT_MERGED], emits: &["contact.merged"], source: "EVENTS D.2",
     ..step("Merge another contact",       "contact.merge",                    In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, SalesManager, Marketing, Admin]) },
    Step { guards: &[FOUND_UNDER_IT], emits: &["contact.unmerged"], source: "EVENTS D.2",
     ..step("Take a merge back",           "contact.unmerge",                  In(ContactState::ALL),                                        To::Stays,                   &[Scheduler, SalesManager, Marketing, Admin]) },
    Step { guards: &[NOT_HELD], emits: &["contact.hold_placed"], source: "SECURITY 4.5",
     ..step("Place legal hold",            "contact.place_hold",               In(ContactState::ALL),                                        To::Stays,                   &[Management, Admin]) },
    Step { guards: &[HELD], emits: &["contact.hold_lifted"], source: "SECURITY 4.5",
     ..step("Lift legal hold",             "contact.lift_hold",                In(ContactState::ALL),                                        To::Stays,                   &[Management, Admin]) },
    Step { guards: &[NOT_HELD, NOBODY_FOUND_UNDER_IT, NOTHING_LEFT_TO_DO], emits: &["contact.erased"], source: "SECURITY 4.5",
     ..step("Erase",                       "contact.erase",                    In(ContactState::ALL),                                        To::Stays,                   &[Admin]) },
] };
