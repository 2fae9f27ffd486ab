//! The specification of sales.

mod approval;
mod books;
mod change_orders;
mod closed_books;
mod collected;
mod jobs;
mod rescinded;

use crate::blueprint::{ContactState, JobStatus, SaleState};
use crate::id::SaleId;
use crate::journey::Outcome;
use crate::meeting::MeetingResult;
use crate::money::Money;
use crate::refusal::Code;
use crate::role::Role;
use crate::sale::{EntryKind, JobStanding};
use crate::testing::*;
use crate::wire;
use serde_json::json;

const CLOSES: &str = "official_sale_closes_its_journey";
const REVISES: &str = "sale_canceled_revises_the_outcome";
const REFUSES: &str = "sale_not_approved_refuses_its_quote";
const SELLS_AGAIN: &str = "sale_moved_back_sells_its_quote_again";
const POSTS: &str = "sale_changes_are_posted_to_its_ledger";
const JOB: &str = "job_follows_its_sale";

/// What follows from an approval: the journey closes as sold, the contract is posted, the job opened.
fn now_official(sale: SaleId) -> [Facts; 4] {
    let posted = entry(sale, EntryKind::InitialSale, CONTRACT.0, MONDAY);
    [sale_approved(sale), journey_sold(FIRST).because(CLOSES), posted.because(POSTS), job_opened(sale).because(JOB)]
}

/// What follows from a cancellation at this date: the outcome is revised, the contract taken back, the job canceled.
fn now_canceled(sale: SaleId, at: &str, contract: i64) -> [Facts; 4] {
    let posted = entry(sale, EntryKind::CanceledSale, -contract, at);
    let revised = outcome_revised(FIRST, Outcome::SoldCanceled);
    [sale_canceled(sale, at, Money(contract)), revised.because(REVISES), posted.because(POSTS), job_canceled(sale).because(JOB)]
}

/// A sale for two windows after a demo, in each of its stages.
fn waiting() -> Given {
    given([added(), sold()])
}
fn not_approved() -> Given {
    given([added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE)])
}
fn official() -> Given {
    given([added(), sold_and_approved()])
}
fn canceled() -> Given {
    given([added(), sold_and_approved()].into_iter().chain(now_canceled(SALE, MONDAY, CONTRACT.0)))
}
fn canceled_with_fee() -> Given {
    let fee = [fee_charged(SALE, Money(50_000)), entry(SALE, EntryKind::CancelFee, 50_000, MONDAY)];
    given([added(), sold_and_approved()].into_iter().chain(now_canceled(SALE, MONDAY, CONTRACT.0)).chain(fee))
}

// Approve

#[test]
fn an_approved_sale_is_official_and_closes_its_journey_as_sold() {
    waiting().when(approve(SALE)).then(now_official(SALE));
    assert_eq!(waiting().did([approve(SALE)]).file.state(), Some(ContactState::Customer));
}

#[test]
fn only_a_sale_that_waits_is_approved_or_refused() {
    for sale in [not_approved(), official(), canceled(), canceled_with_fee()] {
        sale.clone().when(approve(SALE)).then_refused(Code::WrongState);
        sale.when(not_approve(SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn sales_are_approved_refused_canceled_and_brought_back_by_management() {
    for role in [Role::Rep, Role::SalesManager, Role::Finance, Role::Admin] {
        waiting().by(role).when(approve(SALE)).then_refused(Code::WrongRole);
        waiting().by(role).when(not_approve(SALE)).then_refused(Code::WrongRole);
        not_approved().by(role).when(move_back(SALE)).then_refused(Code::WrongRole);
        official().by(role).when(cancel_sale(SALE)).then_refused(Code::WrongRole);
        canceled().by(role).when(reactivate(SALE)).then_refused(Code::WrongRole);
        official().by(role).when(change_rep(SALE, BEN)).then_refused(Code::WrongRole);
        official().by(role).when(change_order(ORDER, 1)).then_refused(Code::WrongRole);
    }
    waiting().by(Role::Management).when(approve(SALE)).then(now_official(SALE));
}

#[test]
fn a_sale_must_exist() {
    for command in [approve(NO_SALE), not_approve(NO_SALE), move_back(NO_SALE), cancel_sale(NO_SALE), reactivate(NO_SALE), change_rep(NO_SALE, BEN)] {
        waiting().when(command).then_refused_at(Code::UnknownSale, "/sale");
    }
    waiting().when(change_order(ORDER, 1).with("sale", NO_SALE)).then_refused_at(Code::UnknownSale, "/sale");
}

// Not approve, move back

#[test]
fn a_refused_sale_refuses_its_quote_and_the_contact_goes_on() {
    waiting().when(not_approve(SALE)).then([sale_not_approved(SALE), quote_not_approved(QUOTE).because(REFUSES)]);
    assert_eq!(waiting().did([not_approve(SALE)]).file.state(), Some(ContactState::QuoteInProgress));
}

#[test]
fn a_refused_sale_moved_back_waits_again_and_sells_its_quote_again() {
    not_approved().when(move_back(SALE)).then([sale_moved_back(SALE, MONDAY), quote_sold_again(QUOTE).because(SELLS_AGAIN)]);
    assert_eq!(not_approved().did([move_back(SALE)]).file.state(), Some(ContactState::SoldPendingApproval));
}

#[test]
fn a_sale_moved_back_may_get_a_new_sign_date_not_in_the_future() {
    let midnight = "2026-03-02T05:00:00Z";
    not_approved().when(move_back(SALE).with("sign_date", "2026-03-02")).then([sale_moved_back(SALE, midnight), quote_sold_again(QUOTE).because(SELLS_AGAIN)]);
    not_approved().when(move_back(SALE).with("sign_date", TUESDAY)).then_refused_at(Code::FieldInvalid, "/sign_date");
}

#[test]
fn only_a_refused_sale_is_moved_back() {
    for sale in [waiting(), official(), canceled(), canceled_with_fee()] {
        sale.when(move_back(SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_refused_sale_of_a_lost_journey_is_not_moved_back() {
    let lost = given([added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE), contact_lost(), journey_lost(FIRST)]);
    lost.when(move_back(SALE)).then_refused(Code::GuardFailed);
}

#[test]
fn a_sale_moved_back_can_be_approved_after_all() {
    not_approved().did([move_back(SALE)]).when(approve(SALE)).then(now_official(SALE));
}

// Cancel, reactivate

#[test]
fn an_official_sale_is_canceled_at_its_whole_contract() {
    let order = [change_order_approved(ORDER, Money(25_000), MONDAY), order_posted(ORDER, 25_000, MONDAY)];
    let changed = given([added(), sold_and_approved()].into_iter().chain(order));
    changed.when(cancel_sale(SALE)).then(now_canceled(SALE, NOON, 1_025_000));
}

#[test]
fn a_cancel_fee_is_a_fact_of_its_own() {
    let [told, revised, posted, job] = now_canceled(SALE, NOON, CONTRACT.0);
    let fee = entry(SALE, EntryKind::CancelFee, 50_000, NOON).because(POSTS);
    let charged = official().when(cancel_sale(SALE).with("fee_minor", 50_000));
    charged.then([told, fee_charged(SALE, Money(50_000)), revised, posted, job, fee]);
    official().when(cancel_sale(SALE).with("fee_minor", 0)).then(now_canceled(SALE, NOON, CONTRACT.0));
    assert!(wire::command("sale.cancel", json!({ "sale": SALE, "reason": "moved away", "fee_minor": -1 })).is_err());
}

#[test]
fn a_cancel_date_is_not_in_the_future() {
    official().when(cancel_sale(SALE).with("cancel_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/cancel_date");
    official().when(cancel_sale(SALE).with("cancel_date", MONDAY)).then(now_canceled(SALE, MONDAY, CONTRACT.0));
}

#[test]
fn a_live_user_says_when_a_sale_was_canceled_and_what_is_to_be_known() {
    for field in ["cancel_date", "note"] {
        official().when(cancel_sale(SALE).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
    }
    for field in ["job_standing", "note"] {
        canceled().when(reactivate(SALE).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
    }
    official().when(change_rep(SALE, BEN).without("reason")).then_refused_at(Code::FieldRequired, "/reason");
}

#[test]
fn only_an_official_sale_is_canceled() {
    for sale in [waiting(), not_approved(), canceled(), canceled_with_fee()] {
        sale.when(cancel_sale(SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_canceled_sale_comes_back_with_its_contract_and_without_an_unpaid_fee() {
    let revised = outcome_revised(FIRST, Outcome::Sold).because(REVISES);
    let posted = entry(SALE, EntryKind::InitialSale, CONTRACT.0, NOON).because(POSTS);
    let fee = entry(SALE, EntryKind::CancelFee, -50_000, NOON).because(POSTS);
    let told = [sale_reactivated(SALE, CONTRACT), revised, posted];
    canceled().when(reactivate(SALE)).then(told.clone().into_iter().chain([job_reopened(SALE).because(JOB)]));
    canceled_with_fee().when(reactivate(SALE)).then(told.into_iter().chain([fee, job_reopened(SALE).because(JOB)]));
    for sale in [canceled(), canceled_with_fee()] {
        assert_eq!(sale.file.state(), Some(ContactState::Remarket));
        let back = sale.did([reactivate(SALE)]);
        assert_eq!((back.file.state(), back.file.sales[&SALE].balance()), (Some(ContactState::Customer), CONTRACT));
    }
}

#[test]
fn only_a_canceled_sale_comes_back() {
    for sale in [waiting(), not_approved(), official()] {
        sale.when(reactivate(SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_sale_can_be_canceled_and_brought_back_again_and_again() {
    let back = official().did([cancel_sale(SALE), reactivate(SALE), cancel_sale(SALE).with("fee_minor", 1), reactivate(SALE)]);
    assert_eq!(back.file.journeys[&FIRST].outcome, Some(Outcome::Sold));
    back.when(cancel_sale(SALE)).then(now_canceled(SALE, NOON, CONTRACT.0));
}

#[test]
fn while_another_sale_is_official_the_outcome_stays_sold() {
    let unrevised = |[told, _, posted, job]: [Facts; 4]| [told, posted, job];
    let two = given([added(), sold(), sold_as(SECOND_QUOTE, SECOND_SALE), sale_approved(SALE), journey_sold(FIRST)]);
    two.clone().when(approve(SECOND_SALE)).then(unrevised(now_official(SECOND_SALE)));
    let both = given([added(), sold(), sold_as(SECOND_QUOTE, SECOND_SALE)]).did([approve(SALE), approve(SECOND_SALE)]);
    both.clone().when(cancel_sale(SALE)).then(unrevised(now_canceled(SALE, NOON, CONTRACT.0)));
    let one = both.did([cancel_sale(SALE)]);
    assert_eq!(one.file.state(), Some(ContactState::Customer));
    one.clone().when(cancel_sale(SECOND_SALE)).then(now_canceled(SECOND_SALE, NOON, CONTRACT.0));
    let posted = entry(SALE, EntryKind::InitialSale, CONTRACT.0, NOON).because(POSTS);
    one.when(reactivate(SALE)).then([sale_reactivated(SALE, CONTRACT), posted, job_reopened(SALE).because(JOB)]);
}

#[test]
fn a_sale_approved_after_another_was_canceled_makes_the_journey_sold_again() {
    let two = given([added(), sold(), sold_as(SECOND_QUOTE, SECOND_SALE)]).did([approve(SALE), cancel_sale(SALE)]);
    let [told, _, posted, job] = now_official(SECOND_SALE);
    two.when(approve(SECOND_SALE)).then([told, outcome_revised(FIRST, Outcome::Sold).because(REVISES), posted, job]);
}

// Change rep

#[test]
fn a_sale_goes_to_another_rep_in_every_stage() {
    for sale in [waiting(), not_approved(), official(), canceled(), canceled_with_fee()] {
        sale.clone().when(change_rep(SALE, BEN)).then([sale_rep_changed(SALE, BEN)]);
        sale.when(change_rep(SALE, ANA)).then([]);
    }
    official().when(change_rep(SALE, STRANGER)).then_refused_at(Code::UnknownPerson, "/rep");
}

// What cannot have been

#[test]
fn no_date_of_a_sale_lies_before_what_it_follows() {
    let sunday = "2026-03-01";
    official().when(change_order(ORDER, 1).with("report_signed_at", sunday)).then_refused_at(Code::FieldInvalid, "/report_signed_at");
    official()
        .when(cancel_sale(SALE).with("cancel_date", sunday))
        .then_refused_saying("2026-03-01 lies before 2026-03-02, the day on which the sale was signed");
    not_approved()
        .when(move_back(SALE).with("sign_date", sunday))
        .then_refused_saying("2026-03-01 lies before 2026-03-02, the day on which its journey opened");
    // A typed day is its first instant: on the day itself that is earlier than the journey, and as it should be.
    not_approved()
        .when(move_back(SALE).with("sign_date", "2026-03-02"))
        .then([sale_moved_back(SALE, "2026-03-02T05:00:00Z"), quote_sold_again(QUOTE).because(SELLS_AGAIN)]);
}

#[test]
fn another_systems_papers_may_be_older_than_its_records() {
    let canceled = official().by(Role::Importer).when(cancel_sale(SALE).with("cancel_date", "2026-03-01"));
    canceled.then(now_canceled(SALE, "2026-03-01T05:00:00Z", CONTRACT.0));
    official().by(Role::Importer).when(cancel_sale(SALE).with("cancel_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/cancel_date");
}

#[test]
fn a_cancel_fee_is_at_most_the_contract() {
    official().when(cancel_sale(SALE).with("fee_minor", 1_000_001)).then_refused_saying("a fee is at most the contract, which is 1000000 minor units");
    assert_eq!(official().did([cancel_sale(SALE).with("fee_minor", 1_000_000)]).file.sales[&SALE].balance(), CONTRACT);
}

// Created without a demo

#[test]
fn a_sale_needs_approval_when_a_demo_was_held() {
    for (outcome, needs_approval) in [
        (MeetingResult::Sold, true),
        (MeetingResult::DemoedNotSold, true),
        (MeetingResult::FollowUp, true),
        (MeetingResult::NotDemoed, false),
        (MeetingResult::OneLeg, false),
        (MeetingResult::NoShow, false),
    ] {
        let sold = given([added(), demo_held(outcome), quote_ready(QUOTE)]).did([mark_sold(QUOTE, SALE)]);
        let state = if needs_approval { ContactState::SoldPendingApproval } else { ContactState::Customer };
        assert_eq!(sold.file.state(), Some(state), "{outcome:?}");
    }
}
