//! The customer's right to withdraw: three business days, for nothing (16 CFR 429, P34).

use super::*;

/// What follows from a rescission of an official sale.
fn now_rescinded(at: &str) -> [Facts; 4] {
    let [_, revised, posted, job] = now_canceled(SALE, at, CONTRACT.0);
    [sale_rescinded(SALE, at), revised, posted, job]
}

#[test]
fn an_official_sale_is_rescinded_as_it_would_be_canceled_and_never_for_a_fee() {
    official().when(rescind(SALE)).then(now_rescinded(NOON));
    assert_eq!(official().did([rescind(SALE)]).file.sales[&SALE].balance(), Money::ZERO);
    assert!(wire::command("sale.rescind", json!({ "sale": SALE, "fee_minor": 1 })).is_err());
}

#[test]
fn a_sale_that_waits_is_rescinded_and_its_journey_goes_on() {
    let rescinded = waiting().did([rescind(SALE)]);
    waiting().when(rescind(SALE)).then([sale_rescinded(SALE, NOON), job_canceled(SALE).because(JOB)]);
    assert_eq!((rescinded.file.state(), rescinded.file.journeys[&FIRST].outcome), (Some(ContactState::QuoteInProgress), None));
    rescinded.when(reactivate(SALE)).then_refused(Code::GuardFailed);
}

#[test]
fn a_rescinded_official_sale_may_come_back() {
    assert_eq!(official().did([rescind(SALE), reactivate(SALE)]).file.sales[&SALE].state, SaleState::JobInProgress);
}

#[test]
fn the_notice_comes_until_midnight_of_the_third_business_day() {
    // Signed on Monday: Tuesday, Wednesday, Thursday.
    let last = "2026-03-06T04:59:59Z";
    official().at(last).when(rescind(SALE).with("received_on", last)).then(now_rescinded(last));
    let late = official().at("2026-03-06T05:00:00Z");
    late.clone().when(rescind(SALE).with("received_on", "2026-03-06")).then_refused_at(Code::FieldInvalid, "/received_on");
    let said = "the customer could withdraw until 2026-03-05, and the notice came on 2026-03-06; cancel the sale instead";
    late.clone().when(rescind(SALE).with("received_on", "2026-03-06")).then_refused_saying(said);
    // What came in time may be entered late.
    let thursday = "2026-03-05T05:00:00Z";
    late.when(rescind(SALE).with("received_on", "2026-03-05")).then(now_rescinded(thursday));
}

#[test]
fn saturdays_count_and_sundays_do_not() {
    let friday = given([added(), sold()]).at("2026-03-06T17:00:00Z").did([approve(SALE).with("sign_date", "2026-03-06")]);
    let on = |day: &str, at: &str| friday.clone().at(at).when(rescind(SALE).with("received_on", day));
    on("2026-03-10", "2026-03-10T17:00:00Z").then(now_rescinded("2026-03-10T04:00:00Z"));
    on("2026-03-11", "2026-03-11T17:00:00Z").then_refused_at(Code::FieldInvalid, "/received_on");
}

#[test]
fn a_notice_says_when_and_how_it_came_and_comes_to_management_or_finance() {
    for field in ["received_on", "how"] {
        official().when(rescind(SALE).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
    }
    official().when(rescind(SALE).with("received_on", "2026-03-01")).then_refused_at(Code::FieldInvalid, "/received_on");
    official().when(rescind(SALE).with("received_on", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/received_on");
    official().by(Role::Finance).when(rescind(SALE)).then(now_rescinded(NOON));
    official().by(Role::SalesManager).when(rescind(SALE)).then_refused(Code::WrongRole);
    for sale in [not_approved(), canceled(), canceled_with_fee()] {
        sale.when(rescind(SALE)).then_refused(Code::WrongState);
    }
}
