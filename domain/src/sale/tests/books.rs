//! The customer's account: what rules post, what Finance posts, and what is owed.

use super::*;
use crate::id::LedgerEntryId;

const PAID: &str = "balance_at_zero_is_paid_in_full";

#[test]
fn a_direct_sale_is_posted_when_it_is_made() {
    let direct = given([added(), quote_ready(QUOTE)]).did([mark_sold(QUOTE, SALE)]);
    assert_eq!(direct.file.sales[&SALE].balance(), CONTRACT);
}

#[test]
fn who_pays_owes_less_and_whose_payment_comes_back_owes_more() {
    use EntryKind::*;
    for (kind, amount) in [(DownPayment, -300), (PartialPayment, -300), (FinalPayment, -300), (CustomerCredit, -300), (ReDeposit, -300)] {
        official().when(post_entry(ENTRY, kind, 300).with("dated", NOON)).then([entry_posted(ENTRY, kind, amount)]);
    }
    for kind in [ServiceCall, Refund, Chargeback, ReturnedCheck] {
        official().when(post_entry(ENTRY, kind, 300)).then([entry_posted(ENTRY, kind, 300)]);
    }
    let paid = official().did([post_entry(ENTRY, DownPayment, 300_000), post_entry(SECOND_ENTRY, Refund, 50_000)]);
    assert_eq!(paid.file.sales[&SALE].balance(), Money(750_000));
}

#[test]
fn what_rules_post_is_posted_by_nobody_else() {
    use EntryKind::*;
    for kind in [InitialSale, ChangeOrder, CanceledSale, CancelFee, WrittenOff] {
        official().when(post_entry(ENTRY, kind, 300)).then_refused_at(Code::FieldInvalid, "/kind");
    }
}

#[test]
fn an_entry_is_posted_once_for_an_amount_above_zero_and_never_for_a_day_to_come() {
    let payment = |entry: LedgerEntryId| post_entry(entry, EntryKind::DownPayment, 300);
    official().did([payment(ENTRY)]).when(payment(ENTRY)).then_refused_at(Code::IdTaken, "/entry");
    for amount in [0, -300] {
        official().when(payment(ENTRY).with("amount_minor", amount)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    }
    let all = 1_000_000_000_000i64;
    official().when(post_entry(ENTRY, EntryKind::ServiceCall, all)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    official().when(payment(ENTRY).with("dated", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/dated");
}

#[test]
fn finance_posts_and_may_take_a_deposit_before_the_sale_is_approved() {
    waiting().by(Role::Finance).when(post_entry(ENTRY, EntryKind::DownPayment, 300)).then([entry_posted(ENTRY, EntryKind::DownPayment, -300)]);
    for role in [Role::Management, Role::Rep, Role::Ops, Role::Admin] {
        waiting().by(role).when(post_entry(ENTRY, EntryKind::DownPayment, 300)).then_refused(Code::WrongRole);
    }
}

#[test]
fn a_fee_that_the_deposit_covers_is_paid_at_once() {
    let deposited = official().did([post_entry(ENTRY, EntryKind::DownPayment, 50_000)]);
    let [told, revised, posted, job] = now_canceled(SALE, NOON, CONTRACT.0);
    let fee = entry(SALE, EntryKind::CancelFee, 50_000, NOON).because(POSTS);
    let answer = [told, fee_charged(SALE, Money(50_000)), revised, posted, job, fee, paid_in_full().because(PAID)];
    deposited.when(cancel_sale(SALE).with("fee_minor", 50_000)).then(answer);
}

#[test]
fn a_paid_fee_stays_when_the_sale_comes_back() {
    let paid = canceled_with_fee().did([post_entry(ENTRY, EntryKind::FinalPayment, 50_000)]);
    assert_eq!(paid.file.sales[&SALE].state, SaleState::PaidInFull);
    let back = paid.did([reactivate(SALE)]);
    assert_eq!((back.file.sales[&SALE].state, back.file.sales[&SALE].balance()), (SaleState::JobInProgress, CONTRACT));
}

#[test]
fn a_second_fee_is_posted_as_it_was_charged_whatever_became_of_the_first() {
    let paid = canceled_with_fee().did([post_entry(ENTRY, EntryKind::FinalPayment, 50_000), reactivate(SALE)]);
    for fee in [20_000, 50_000, 80_000] {
        let [told, revised, posted, job] = now_canceled(SALE, NOON, CONTRACT.0);
        let again = entry(SALE, EntryKind::CancelFee, fee, NOON).because(POSTS);
        paid.clone().when(cancel_sale(SALE).with("fee_minor", fee)).then([told, fee_charged(SALE, Money(fee)), revised, posted, job, again]);
        let canceled = paid.clone().did([cancel_sale(SALE).with("fee_minor", fee)]);
        assert_eq!((canceled.file.sales[&SALE].state, canceled.file.sales[&SALE].balance()), (SaleState::CanceledWithBalance, Money(fee)));
        let back = canceled.did([reactivate(SALE)]);
        assert_eq!(back.file.sales[&SALE].balance(), CONTRACT, "what is taken back is the second fee, which was not paid");
    }
    paid.did([cancel_sale(SALE)]).when(close_sale(SALE)).then([sale_closed()]);
}

#[test]
fn a_sale_from_before_there_were_ledgers_is_posted_with_its_first_change() {
    let old = given([added(), sold(), sale_approved(SALE), journey_sold(FIRST)]);
    let first = entry(SALE, EntryKind::InitialSale, CONTRACT.0, MONDAY).because(POSTS);
    let order = order_posted(ORDER, 7, NOON).because(POSTS);
    old.clone().when(change_order(ORDER, 7)).then([change_order_approved(ORDER, Money(7), NOON), first, order]);
    let revised = outcome_revised(FIRST, Outcome::SoldCanceled).because(REVISES);
    old.when(cancel_sale(SALE)).then([sale_canceled(SALE, NOON, CONTRACT), revised, job_canceled(SALE).because(JOB)]);
}
