//! Closed books do not change (P4, P6, METRICS C.6): what is dated into them is refused, or counts in the current period.

use super::*;
use crate::company::CompanyEvent;
use crate::instant::Day;

/// The books are closed up to and with this day.
fn closed(given: Given, through: &str) -> Given {
    given.with_company(|company| company.evolve(&CompanyEvent::AccountingPeriodClosed { through: Day(through.parse().unwrap()) }))
}

#[test]
fn no_sale_is_approved_into_closed_books() {
    let late = || closed(waiting().at(THURSDAY), "2026-03-02");
    late().when(approve(SALE)).then_refused_saying("2026-03-02 lies in closed books; they are closed up to and with 2026-03-02, so enter a later day");
    late().when(approve(SALE)).then_refused_at(Code::FieldInvalid, "/sign_date");
    assert_eq!(late().did([approve(SALE).with("sign_date", "2026-03-03")]).file.sales[&SALE].state, SaleState::JobInProgress);
    assert_eq!(late().by(Role::Importer).did([approve(SALE)]).file.sales[&SALE].state, SaleState::JobInProgress, "another system's books had it");
}

#[test]
fn a_sale_moved_back_from_closed_books_gets_the_first_day_that_is_open() {
    let late = || closed(not_approved().at(THURSDAY), "2026-03-03");
    let first = "2026-03-04T05:00:00Z";
    late().when(move_back(SALE)).then([sale_moved_back(SALE, first), quote_sold_again(QUOTE).because(SELLS_AGAIN)]);
    late().when(move_back(SALE).with("sign_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/sign_date");
    late().by(Role::Importer).when(move_back(SALE)).then([sale_moved_back(SALE, MONDAY), quote_sold_again(QUOTE).because(SELLS_AGAIN)]);
}

#[test]
fn a_sale_without_a_demo_is_not_signed_into_closed_books() {
    let late = || closed(given([added()]).did([add_quote(QUOTE), finalize(QUOTE)]).at(THURSDAY), "2026-03-03");
    late().when(mark_sold(QUOTE, SALE).with("sign_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/sign_date");
    assert!(late().did([mark_sold(QUOTE, SALE).with("sign_date", "2026-03-04")]).file.sales[&SALE].official);
    assert!(late().by(Role::Importer).did([mark_sold(QUOTE, SALE).with("sign_date", "2026-03-03")]).file.sales[&SALE].official);
}

#[test]
fn what_waits_for_approval_may_have_been_signed_in_closed_books() {
    let demoed = given([added(), demo_held(MeetingResult::DemoedNotSold)]).did([add_quote(QUOTE), finalize(QUOTE)]);
    let late = closed(demoed.at(THURSDAY), "2026-03-04").did([mark_sold(QUOTE, SALE).with("sign_date", "2026-03-04")]);
    late.when(approve(SALE).with("sign_date", "2026-03-04")).then_refused_at(Code::FieldInvalid, "/sign_date");
}

#[test]
fn nothing_is_canceled_posted_or_changed_in_closed_books() {
    let late = || closed(official().did([create_change_order(ORDER, 5_000)]).at(THURSDAY), "2026-03-03");
    late().when(cancel_sale(SALE).with("cancel_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/cancel_date");
    late().when(post_entry(ENTRY, EntryKind::FinalPayment, 500).with("dated", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/dated");
    late().when(change_order(SECOND_ORDER, 500).with("report_signed_at", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/report_signed_at");
    late().when(pre_approve_change_order(ORDER).with("pre_approved_on", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/pre_approved_on");
    let approved = closed(official().did([change_order(ORDER, 5_000)]).at(THURSDAY), "2026-03-03");
    approved.when(reverse_change_order(ORDER).with("reversed_on", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/reversed_on");
}

#[test]
fn what_came_or_was_signed_before_the_books_were_closed_counts_in_the_current_period() {
    let first = instant("2026-03-04T05:00:00Z");
    let rescinded = closed(official().at(THURSDAY), "2026-03-03").did([rescind(SALE).with("received_on", "2026-03-03")]);
    assert_eq!(rescinded.file.sales[&SALE].canceled_at, Some(first));
    let signed = official().did([create_change_order(ORDER, 5_000), send_change_order(ORDER), sign_change_order(ORDER)]);
    let approved = closed(signed.at(THURSDAY), "2026-03-03").did([approve_signed_change_order(ORDER)]);
    assert_eq!(approved.file.sales[&SALE].change_orders[&ORDER].signed_at, Some(first));
}
