//! Which buttons a person sees, and what a refusal offers instead.

use crate::contact_file::{actions, open_transitions};
use crate::meeting::MeetingResult;
use crate::refusal::{Code, OpenTransition};
use crate::role::Role;
use crate::sale::EntryKind;
use crate::testing::*;

/// The buttons that may be pressed now, as record, command and kind.
fn open(given: &Given) -> Vec<(&'static str, &'static str)> {
    open_transitions(&given.file, &given.context()).into_iter().map(|button| (button.of, button.command)).collect()
}

#[test]
fn a_contact_that_was_not_added_has_no_buttons() {
    let nobody = given([]);
    assert_eq!(actions(&nobody.file, &nobody.context()), []);
}

#[test]
fn a_scheduler_sees_what_a_scheduler_may_press() {
    let added = given([added()]).by(Role::Scheduler);
    let expected = [
        ("contact", "meeting.set"),
        ("contact", "meeting.set"),
        ("contact", "contact.lose"),
        ("contact", "contact.log_attempt"),
        ("contact", "contact.change_source"),
        ("contact", "contact.change_product"),
        ("contact", "contact.change_category"),
        ("contact", "contact.change_details"),
        ("contact", "contact.correct_address"),
        ("contact", "contact.opt_out"),
        ("contact", "contact.join_campaign"),
        ("contact", "contact.leave_campaign"),
        ("contact", "contact.merge"),
    ];
    assert_eq!(open(&added), expected);
}

#[test]
fn a_rep_with_an_issued_demo_that_has_begun_may_enter_its_result_quote_or_give_up() {
    let issued = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]).by(Role::Rep).at(TUESDAY);
    let expected = [
        ("contact", "quote.add"),
        ("contact", "contact.lose"),
        ("contact", "contact.change_product"),
        ("contact", "contact.change_details"),
        ("contact", "contact.correct_address"),
        ("contact", "contact.opt_out"),
        ("meeting", "meeting.result"),
    ];
    assert_eq!(open(&issued), expected);
}

#[test]
fn a_button_says_where_it_leads_also_by_itself() {
    let leads_to = |given: &Given, command: &str| actions(&given.file, &given.context()).into_iter().find(|button| button.command == command).unwrap().leads_to;
    let official = given([added(), sold_and_approved()]);
    assert_eq!(leads_to(&official, "sale.cancel"), ["canceled", "canceled_with_balance", "paid_in_full"]);
    assert_eq!(leads_to(&official, "sale.post_entry"), ["job_in_progress"]);
    let due = official.did(install(SALE));
    assert_eq!(leads_to(&due, "sale.post_entry"), ["balance_due", "paid_in_full"]);
    let paid = due.did([post_entry(ENTRY, EntryKind::FinalPayment, CONTRACT.0)]);
    assert_eq!(leads_to(&paid, "sale.post_entry"), ["paid_in_full", "balance_due"]);
}

#[test]
fn the_journey_of_a_contact_that_may_be_contacted_again_stands_with_it() {
    let again = given([added()]).did([opt_out(), opt_in()]);
    let void = actions(&again.file, &again.context()).into_iter().find(|button| button.command == "journey.void").unwrap();
    assert_eq!((void.state, void.allowed, void.leads_to.contains(&"remarket")), ("remarket", true, true));
}

#[test]
fn management_sees_the_buttons_of_a_sale_in_its_state() {
    let waiting = given([added(), sold()]).by(Role::Management);
    let sale = ["sale.approve", "sale.not_approve", "sale.rescind", "sale.change_rep"].map(|command| ("sale", command));
    let job = [("job", "job.change_standing")];
    assert_eq!(open(&waiting), [&[("contact", "contact.opt_out"), ("contact", "contact.place_hold")], &sale[..], &job].concat());
    let official = given([added(), sold_and_approved()]).by(Role::Management);
    let sale = ["sale.rescind", "sale.cancel", "sale.change_rep", "change_order.create", "sale.approve_change_order"].map(|command| ("sale", command));
    let job = ["job.complete_site_visit", "job.change_standing"].map(|command| ("job", command));
    assert_eq!(open(&official), [&[("contact", "contact.opt_out"), ("contact", "contact.place_hold")], &sale[..], &job].concat());
}

#[test]
fn finance_and_ops_see_their_own_buttons_of_a_sale() {
    let due = || given([added(), sold_and_approved()]).did(install(SALE));
    assert_eq!(
        open(&due().by(Role::Finance)),
        [("contact", "contact.change_details"), ("contact", "contact.opt_out"), ("sale", "sale.send_notice"), ("sale", "sale.post_entry")]
    );
    assert_eq!(open(&due().by(Role::Ops)), [("contact", "contact.opt_out"), ("job", "job.close")]);
}

#[test]
fn a_change_order_has_buttons_of_its_own() {
    let official = given([added(), sold_and_approved()]).did([create_change_order(ORDER, 5)]).by(Role::Rep);
    let mine = actions(&official.file, &official.context()).into_iter().filter(|action| action.of == "change_order" && action.allowed);
    let mine: Vec<_> = mine.map(|action| (action.command, action.id, action.state)).collect();
    assert_eq!(mine, ["change_order.send", "change_order.sign", "change_order.void"].map(|command| (command, ORDER.0, "open")));
}

#[test]
fn a_sales_manager_may_correct_the_result_of_a_meeting_that_was_held() {
    let held = given([added(), demo_held(MeetingResult::NoShow)]).by(Role::SalesManager);
    assert!(open(&held).contains(&("meeting", "meeting.correct_result")));
    let canceled = given([added(), demo_set(TUESDAY), meeting_canceled(DEMO, crate::meeting::MeetingKind::Demo)]);
    assert!(actions(&canceled.file, &canceled.context()).iter().all(|action| action.of != "meeting"), "a canceled meeting has no buttons");
}

#[test]
fn a_button_that_may_not_be_pressed_says_why() {
    let set = given([added(), demo_set(TUESDAY)]).by(Role::Scheduler);
    let buttons = actions(&set.file, &set.context());
    let why = |command, kind| buttons.iter().find(|action| (action.command, action.kind) == (command, kind)).unwrap().why_not.clone().map(|why| why.code);
    assert_eq!(why("meeting.confirm", None), None);
    assert_eq!(why("meeting.issue", None), Some("wrong_role"));
    assert_eq!(why("meeting.result", None), Some("wrong_role"));
    assert_eq!(why("contact.log_attempt", None), Some("wrong_state"));
    assert_eq!(why("meeting.set", Some("demo")), Some("wrong_state"));
    assert_eq!(why("meeting.set", Some("follow_up")), Some("guard_failed"));
}

#[test]
fn a_button_says_where_it_leads_and_what_it_asks_for() {
    let set = given([added(), demo_set(TUESDAY)]);
    let buttons = actions(&set.file, &set.context());
    let issue = buttons.iter().find(|action| action.command == "meeting.issue").unwrap();
    assert_eq!((issue.label, issue.of, issue.id, issue.state), ("Issue unconfirmed", "meeting", DEMO.0, "set"));
    assert_eq!((&issue.leads_to, &issue.asks, issue.allowed), (&vec!["issued"], &vec!["reason"], true));
}

#[test]
fn each_open_journey_has_buttons_of_its_own() {
    let two = given([added(), demo_held(MeetingResult::DemoedNotSold), other_product_rep_added(TUESDAY)]);
    let buttons = actions(&two.file, &two.context());
    let lose: Vec<_> = buttons.iter().filter(|action| action.command == "contact.lose").map(|action| (action.id, action.state)).collect();
    assert_eq!(lose, [(FIRST.0, "quote_in_progress"), (OTHER.0, "meeting_set")]);
    assert_eq!(buttons.iter().filter(|action| action.command == "contact.return").count(), 1);
}

#[test]
fn a_refused_transition_offers_the_open_ones() {
    let waiting = given([added(), demo_set(TUESDAY)]).by(Role::Scheduler);
    let refusal = waiting.file.decide(&set_meeting(SECOND_DEMO, crate::meeting::MeetingKind::Demo, TUESDAY), &waiting.context()).unwrap_err();
    let button = |command, label, of, id| OpenTransition { command, label, of, id };
    assert_eq!(refusal.code, Code::WrongState);
    assert_eq!(
        refusal.open,
        [
            button("meeting.set", "Set other meeting", "contact", FIRST.0),
            button("contact.lose", "Lose", "contact", FIRST.0),
            button("contact.add_other_product_rep", "Add Other Product Sales Rep", "contact", FIRST.0),
            button("contact.change_source", "Change lead source", "contact", FIRST.0),
            button("contact.change_product", "Change product", "contact", FIRST.0),
            button("contact.change_category", "Change lead category", "contact", FIRST.0),
            button("contact.change_details", "Change details", "contact", FIRST.0),
            button("contact.correct_address", "Correct address", "contact", FIRST.0),
            button("contact.opt_out", "Do not contact", "contact", FIRST.0),
            button("contact.join_campaign", "Join campaign", "contact", FIRST.0),
            button("contact.leave_campaign", "Leave campaign", "contact", FIRST.0),
            button("contact.merge", "Merge another contact", "contact", FIRST.0),
            button("meeting.log_confirm_attempt", "Log confirm attempt", "meeting", DEMO.0),
            button("meeting.confirm", "Confirm", "meeting", DEMO.0),
            button("meeting.reschedule", "Reschedule", "meeting", DEMO.0),
            button("meeting.cancel", "Cancel", "meeting", DEMO.0),
        ]
    );
}
