//! From a balance that is due to a sale that is closed.

use super::*;
use crate::company::{CompanyEvent, Count, TimeLimits};

const PAID: &str = "balance_at_zero_is_paid_in_full";

/// The job is done and nothing is paid.
fn due() -> Given {
    official().did(install(SALE))
}
fn noticed() -> Given {
    due().did([send_notice(SALE)])
}
fn secured() -> Given {
    noticed().at("2026-03-13T15:00:00Z").did([file_lien(SALE)])
}
fn with_attorney() -> Given {
    noticed().did([send_to_attorney(SALE)])
}
fn pay() -> crate::contact_file::Command {
    post_entry(ENTRY, EntryKind::FinalPayment, CONTRACT.0).with("dated", NOON)
}
fn paid() -> Given {
    due().did([pay()])
}

fn state(given: &Given) -> SaleState {
    given.file.sales[&SALE].state
}

#[test]
fn a_notice_says_from_when_on_a_lien_may_be_filed() {
    // Ten days after Monday, the second; by then the clocks have changed.
    due().when(send_notice(SALE)).then([lien_notice_sent("2026-03-13T04:00:00Z")]);
    canceled_with_fee().when(send_notice(SALE)).then([lien_notice_sent("2026-03-13T04:00:00Z")]);
}

#[test]
fn the_notice_period_is_that_of_the_propertys_state() {
    let limits = TimeLimits { notice_days_by_region: [("NY".to_owned(), Count(20))].into(), ..TimeLimits::default() };
    let in_new_york = |given: Given| given.with_company(|company| company.evolve(&CompanyEvent::TimeLimitsSet(limits.clone())));
    let somewhere = in_new_york(due());
    assert_eq!(somewhere.clone().file.region(), None);
    somewhere.when(send_notice(SALE)).then([lien_notice_sent("2026-03-13T04:00:00Z")]);
    let address = json!({ "street": "12 Main St", "city": "Buffalo", "region": "NY" });
    let at_home = in_new_york(given([]).did([add_contact().with("address", address), add_quote(QUOTE), finalize(QUOTE), mark_sold(QUOTE, SALE)]));
    let due = at_home.did(install(SALE));
    assert_eq!(due.file.region(), Some("NY"));
    due.when(send_notice(SALE)).then([lien_notice_sent("2026-03-23T04:00:00Z")]);
}

#[test]
fn a_lien_is_filed_once_the_notice_period_is_over() {
    noticed().at("2026-03-13T03:59:59Z").when(file_lien(SALE)).then_refused(Code::GuardFailed);
    let over = || noticed().at("2026-03-13T04:00:00Z");
    over().when(file_lien(SALE)).then([lien_filed("2026-03-13T04:00:00Z")]);
    over().when(file_lien(SALE).with("filed_on", "2026-03-12")).then_refused_at(Code::FieldInvalid, "/filed_on");
}

#[test]
fn an_attorney_collects_after_a_notice() {
    for before in [noticed(), secured()] {
        before.when(send_to_attorney(SALE)).then([sent_to_attorney()]);
    }
    due().when(send_to_attorney(SALE)).then_refused(Code::WrongState);
}

#[test]
fn each_step_asks_for_what_its_row_says() {
    let required = |given: Given, command: crate::contact_file::Command, fields: &[&str]| {
        for field in fields {
            given.clone().when(command.clone().without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
        }
    };
    required(due(), send_notice(SALE), &["sent_on", "how", "amount_minor", "document"]);
    required(noticed().at("2026-03-13T15:00:00Z"), file_lien(SALE), &["filed_on", "county", "filing_number", "amount_minor"]);
    required(noticed(), send_to_attorney(SALE), &["attorney", "sent_on"]);
    required(secured().did([pay()]), release_lien(SALE), &["released_on", "release_number"]);
    required(due(), write_off(SALE, CONTRACT.0), &["amount_minor"]);
}

#[test]
fn each_step_is_for_its_own_people() {
    let only = |given: Given, command: crate::contact_file::Command, who: &[Role]| {
        for role in Role::PEOPLE.iter().filter(|role| !who.contains(role)) {
            given.clone().by(*role).when(command.clone()).then_refused(Code::WrongRole);
        }
    };
    only(due(), send_notice(SALE), &[Role::Finance]);
    only(noticed().at("2026-03-13T15:00:00Z"), file_lien(SALE), &[Role::Finance, Role::Management]);
    only(noticed(), send_to_attorney(SALE), &[Role::Management]);
    only(secured().did([pay()]), release_lien(SALE), &[Role::Finance]);
    only(due(), write_off(SALE, CONTRACT.0), &[Role::Management]);
    only(paid(), close_sale(SALE), &[Role::Finance]);
}

#[test]
fn whoever_pays_all_is_paid_in_full_from_every_step() {
    for before in [due(), noticed(), secured(), with_attorney()] {
        let told = [entry_posted(ENTRY, EntryKind::FinalPayment, -CONTRACT.0), paid_in_full().because(PAID)];
        before.clone().when(pay()).then(told);
        let part = before.did([post_entry(ENTRY, EntryKind::PartialPayment, 1)]);
        assert_ne!(state(&part), SaleState::PaidInFull);
    }
    let fee = canceled_with_fee().did([post_entry(ENTRY, EntryKind::FinalPayment, 50_000)]);
    assert_eq!(state(&fee), SaleState::PaidInFull);
}

#[test]
fn a_payment_that_bounced_is_due_again() {
    for before in [paid(), paid().did([close_sale(SALE)])] {
        for kind in [EntryKind::Chargeback, EntryKind::ReturnedCheck] {
            let told = [entry_posted(SECOND_ENTRY, kind, CONTRACT.0), balance_fell_due().because(PAID)];
            before.clone().when(post_entry(SECOND_ENTRY, kind, CONTRACT.0)).then(told);
        }
    }
}

#[test]
fn a_lien_is_released_once_the_sale_is_paid_and_before_it_is_closed() {
    let settled = secured().did([pay()]);
    settled.clone().when(close_sale(SALE)).then_refused(Code::GuardFailed);
    settled.clone().when(release_lien(SALE)).then([lien_released()]);
    let free = settled.did([release_lien(SALE)]);
    free.clone().when(release_lien(SALE)).then_refused(Code::GuardFailed);
    free.when(close_sale(SALE)).then([sale_closed()]);
    paid().when(release_lien(SALE)).then_refused(Code::GuardFailed);
}

#[test]
fn what_is_written_off_is_all_that_is_owed() {
    for before in [due(), with_attorney()] {
        let posted = entry(SALE, EntryKind::WrittenOff, -CONTRACT.0, &before.at.to_string()).because(POSTS);
        before.clone().when(write_off(SALE, CONTRACT.0)).then([written_off(CONTRACT.0), sale_closed(), posted]);
        before.when(write_off(SALE, 5)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    }
    assert_eq!(canceled_with_fee().did([write_off(SALE, 50_000)]).file.sales[&SALE].balance(), Money::ZERO);
    for before in [noticed(), secured(), paid(), official()] {
        before.when(write_off(SALE, CONTRACT.0)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_sale_is_closed_when_nothing_is_owed() {
    for before in [paid(), canceled()] {
        before.when(close_sale(SALE)).then([sale_closed()]);
    }
    let called = canceled().did([post_entry(ENTRY, EntryKind::ServiceCall, 5)]);
    called.clone().when(close_sale(SALE)).then_refused(Code::WrongState);
    assert_eq!(state(&called), SaleState::BalanceDue, "what is owed is collected");
    for before in [official(), due(), noticed(), secured(), with_attorney(), canceled_with_fee()] {
        before.when(close_sale(SALE)).then_refused(Code::WrongState);
    }
    paid().did([close_sale(SALE)]).when(change_rep(SALE, BEN)).then_refused(Code::WrongState);
}

#[test]
fn a_sale_whose_balance_is_due_may_still_be_canceled() {
    due().when(cancel_sale(SALE)).then(now_canceled(SALE, NOON, CONTRACT.0));
    for before in [noticed(), secured(), with_attorney(), paid()] {
        before.when(cancel_sale(SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_canceled_sale_comes_back_from_wherever_its_fee_was_collected_and_no_other_does() {
    let collected = || {
        let noticed = canceled_with_fee().did([send_notice(SALE)]);
        let filed = noticed.clone().at("2026-03-13T15:00:00Z").did([file_lien(SALE)]);
        let paid = canceled_with_fee().did([post_entry(ENTRY, EntryKind::FinalPayment, 50_000)]);
        let bounced = paid.clone().did([post_entry(SECOND_ENTRY, EntryKind::ReturnedCheck, 50_000)]);
        let closed = paid.clone().did([close_sale(SALE)]);
        [noticed.clone(), filed, noticed.did([send_to_attorney(SALE)]), paid, bounced, closed]
    };
    for sale in collected() {
        assert_eq!(state(&sale.did([reactivate(SALE)])), SaleState::JobInProgress);
    }
    collected()[4].clone().when(cancel_sale(SALE)).then_refused(Code::GuardFailed);
    for sale in [due(), noticed(), secured(), with_attorney(), paid(), paid().did([close_sale(SALE)])] {
        sale.when(reactivate(SALE)).then_refused(Code::GuardFailed);
    }
}

#[test]
fn what_a_notice_asks_for_and_a_lien_is_filed_for_is_above_zero() {
    for amount in [0, -1] {
        due().when(send_notice(SALE).with("amount_minor", amount)).then_refused_at(Code::FieldInvalid, "/amount_minor");
        let over = noticed().at("2026-03-13T15:00:00Z");
        over.when(file_lien(SALE).with("amount_minor", amount)).then_refused_at(Code::FieldInvalid, "/amount_minor");
    }
}

#[test]
fn what_a_canceled_sale_comes_to_owe_by_a_bounced_payment_is_collected() {
    let refunded = official().did([post_entry(ENTRY, EntryKind::DownPayment, 3_000), cancel_sale(SALE), post_entry(SECOND_ENTRY, EntryKind::Refund, 3_000)]);
    assert_eq!((state(&refunded), refunded.file.sales[&SALE].balance()), (SaleState::Canceled, Money::ZERO));
    let bounced = refunded.did([post_entry(THIRD_ENTRY, EntryKind::ReturnedCheck, 3_000)]);
    assert_eq!((state(&bounced), bounced.file.sales[&SALE].balance()), (SaleState::BalanceDue, Money(3_000)));
    bounced.did([send_notice(SALE)]);
}

#[test]
fn a_lien_is_released_when_what_it_secured_was_given_up() {
    let closed = secured().did([send_to_attorney(SALE), write_off(SALE, CONTRACT.0)]);
    assert_eq!((state(&closed), closed.file.sales[&SALE].owes_a_release()), (SaleState::SaleClosed, true));
    assert!(!closed.did([release_lien(SALE)]).file.sales[&SALE].lien);
}
