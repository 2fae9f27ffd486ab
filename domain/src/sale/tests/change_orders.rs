//! Change orders: what counts and when, and how they come to it.

use super::*;
use crate::blueprint::ChangeOrderState;

/// What follows from an approved change order.
fn now_changed(amount: i64, at: &str) -> [Facts; 2] {
    [change_order_approved(ORDER, Money(amount), at), order_posted(ORDER, amount, at).because(POSTS)]
}

fn open() -> Given {
    official().did([create_change_order(ORDER, -25_000)])
}
fn signed() -> Given {
    open().did([sign_change_order(ORDER)])
}
fn approved() -> Given {
    official().did([change_order(ORDER, 25_000)])
}

#[test]
fn an_approved_change_order_changes_the_contract() {
    official().when(change_order(ORDER, 25_000)).then(now_changed(25_000, NOON));
    official().when(change_order(ORDER, -25_000)).then(now_changed(-25_000, NOON));
    let twice = official().did([change_order(ORDER, 25_000), change_order(SECOND_ORDER, -5_000)]);
    assert_eq!(twice.file.sales[&SALE].contract, Money(1_020_000));
}

#[test]
fn a_change_order_is_dated_by_its_report_signed_date_not_in_the_future() {
    let midnight = "2026-03-02T05:00:00Z";
    official().when(change_order(ORDER, 1).with("report_signed_at", "2026-03-02")).then(now_changed(1, midnight));
    official().when(change_order(ORDER, 1).with("report_signed_at", TUESDAY)).then_refused_at(Code::FieldInvalid, "/report_signed_at");
}

#[test]
fn a_change_order_is_approved_once() {
    let changed = || given([added(), sold_and_approved(), change_order_approved(ORDER, Money(1), MONDAY)]);
    changed().when(change_order(ORDER, 1)).then_refused_at(Code::IdTaken, "/change_order");
    changed().when(change_order(ORDER, 2)).then_refused_at(Code::IdTaken, "/change_order");
}

#[test]
fn a_change_order_changes_something_and_leaves_a_contract_of_zero_or_more() {
    official().when(change_order(ORDER, 0)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    official().when(change_order(ORDER, -1_000_001)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    official().when(change_order(ORDER, 1_000_000_000_000)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    official().when(change_order(ORDER, -1_000_000)).then(now_changed(-1_000_000, NOON));
}

#[test]
fn only_an_official_sale_has_change_orders() {
    for sale in [waiting(), not_approved(), canceled(), canceled_with_fee()] {
        sale.when(change_order(ORDER, 1)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_change_order_is_written_sent_signed_and_approved_and_counts_from_then() {
    official().when(create_change_order(ORDER, -25_000)).then([change_order_created(ORDER, -25_000)]);
    open().when(send_change_order(ORDER)).then([change_order_sent(ORDER)]);
    let sent = open().did([send_change_order(ORDER)]);
    sent.clone().when(sign_change_order(ORDER)).then([change_order_signed(ORDER, NOON)]);
    assert_eq!(signed().file.sales[&SALE].contract, CONTRACT, "only what is approved counts");
    // Reports count it by the day of its signature.
    signed().at(THURSDAY).when(approve_signed_change_order(ORDER)).then(now_changed(-25_000, NOON));
    for early in [open(), sent] {
        early.when(approve_signed_change_order(ORDER)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_pre_approved_change_order_counts_without_a_signature_by_the_day_of_its_approval() {
    let [counts, posted] = now_changed(-25_000, NOON);
    open().at(THURSDAY).when(pre_approve_change_order(ORDER)).then([change_order_pre_approved(ORDER, NOON), counts, posted]);
    signed().when(pre_approve_change_order(ORDER)).then_refused(Code::WrongState);
}

#[test]
fn a_change_order_is_reversed_by_its_opposite() {
    let undone = [change_order_reversed(ORDER, -25_000, NOON), order_posted(ORDER, -25_000, NOON).because(POSTS)];
    approved().when(reverse_change_order(ORDER)).then(undone);
    let after = approved().did([reverse_change_order(ORDER)]);
    assert_eq!((after.file.sales[&SALE].contract, after.file.sales[&SALE].balance()), (CONTRACT, CONTRACT));
    after.clone().when(reverse_change_order(ORDER)).then_refused(Code::WrongState);
    after.when(reverse_change_order(ORDER)).then_refused_saying("“Reverse” does not start from Reversed, in which this change order is");
    approved().when(reverse_change_order(ORDER).with("reversed_on", "2026-03-01")).then_refused_at(Code::FieldInvalid, "/reversed_on");
}

#[test]
fn a_reversal_never_takes_the_contract_below_zero() {
    let all_gone = approved().did([change_order(SECOND_ORDER, -1_025_000)]);
    all_gone.when(reverse_change_order(ORDER)).then_refused(Code::GuardFailed);
}

#[test]
fn a_change_order_that_was_not_approved_may_come_to_nothing() {
    for before in [open(), open().did([send_change_order(ORDER)]), signed()] {
        before.clone().when(void_change_order(ORDER)).then([change_order_voided(ORDER)]);
        let void = before.did([void_change_order(ORDER)]);
        assert_eq!(void.file.sales[&SALE].change_orders[&ORDER].state, ChangeOrderState::Void);
        void.when(sign_change_order(ORDER)).then_refused(Code::WrongState);
    }
    approved().when(void_change_order(ORDER)).then_refused(Code::WrongState);
}

#[test]
fn a_written_change_order_changes_something_and_leaves_a_contract_of_zero_or_more() {
    official().when(create_change_order(ORDER, 0)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    open().when(create_change_order(ORDER, 5)).then_refused_at(Code::IdTaken, "/change_order");
    open().when(change_order(ORDER, 5)).then_refused_at(Code::IdTaken, "/change_order");
    let too_much = official().did([create_change_order(ORDER, -1_000_001)]);
    too_much.clone().when(pre_approve_change_order(ORDER)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    too_much.did([sign_change_order(ORDER)]).when(approve_signed_change_order(ORDER)).then_refused_at(Code::FieldInvalid, "/amount_minor");
}

#[test]
fn a_change_order_must_exist_and_its_job_run() {
    for command in [send_change_order, sign_change_order, pre_approve_change_order, approve_signed_change_order, reverse_change_order, void_change_order] {
        official().when(command(NO_ORDER)).then_refused_at(Code::UnknownChangeOrder, "/change_order");
    }
    let canceled = signed().did([cancel_sale(SALE)]);
    canceled.clone().when(approve_signed_change_order(ORDER)).then_refused(Code::GuardFailed);
    canceled.when(void_change_order(ORDER)).then([change_order_voided(ORDER)]);
}

#[test]
fn each_step_of_a_change_order_asks_for_what_its_row_says() {
    let required = |given: Given, command: crate::contact_file::Command, fields: &[&str]| {
        for field in fields {
            given.clone().when(command.clone().without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
        }
    };
    required(open(), send_change_order(ORDER), &["signer", "email"]);
    required(open(), sign_change_order(ORDER), &["signed_on"]);
    required(open(), pre_approve_change_order(ORDER), &["pre_approved_on"]);
    required(approved(), reverse_change_order(ORDER), &["reversed_on", "reason"]);
    for role in [Role::Rep, Role::SalesManager, Role::Ops, Role::Finance] {
        open().by(role).when(pre_approve_change_order(ORDER)).then_refused(Code::WrongRole);
        signed().by(role).when(approve_signed_change_order(ORDER)).then_refused(Code::WrongRole);
        approved().by(role).when(reverse_change_order(ORDER)).then_refused(Code::WrongRole);
    }
}
