//! The specification of each rule: fed with facts, what it asks for.

use super::{Ask, POLICIES};
use crate::blueprint::{ContactState::AttemptedToSet, JobStatus};
use crate::journey::{Followed, Outcome};
use crate::meeting::{MeetingKind, MeetingResult};
use crate::money::Money;
use crate::sale::{EntryKind, JobStanding, Posting};
use crate::testing::*;

/// What a rule asks for when the last of these facts has happened after the others.
fn asks(rule: &str, history: impl IntoIterator<Item = Facts>) -> Vec<Ask> {
    let history: Vec<Facts> = history.into_iter().collect();
    let last = history.last().and_then(|facts| facts.list.last()).unwrap().clone();
    let policy = POLICIES.iter().find(|policy| policy.name == rule).unwrap();
    (policy.react)(&given(history).file, &last)
}

// One by one: facts in, asks out

#[test]
fn quote_sold_creates_sale() {
    let rule = "quote_sold_creates_sale";
    let ready = [added(), demo_held(MeetingResult::Sold), quote_ready(QUOTE)];
    assert_eq!(asks(rule, ready.clone().into_iter().chain([quote_sold(QUOTE, SALE, MONDAY)])), [Ask::CreateSale(SALE, QUOTE, instant(MONDAY))]);
    assert_eq!(asks(rule, ready), []);
    assert_eq!(asks(rule, [added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE), quote_sold_again(QUOTE)]), []);
}

#[test]
fn official_sale_closes_its_journey() {
    let rule = "official_sale_closes_its_journey";
    assert_eq!(asks(rule, [added(), sold(), sale_approved(SALE)]), [Ask::CloseJourneyAsSold(FIRST)]);
    assert_eq!(asks(rule, [added(), quote_ready(QUOTE), sale_created(SALE, QUOTE, MONDAY, false)]), [Ask::CloseJourneyAsSold(FIRST)]);
    assert_eq!(asks(rule, [added(), sold()]), []);
}

#[test]
fn sale_not_approved_refuses_its_quote() {
    let rule = "sale_not_approved_refuses_its_quote";
    assert_eq!(asks(rule, [added(), sold(), sale_not_approved(SALE)]), [Ask::NotApproveQuote(QUOTE)]);
    assert_eq!(asks(rule, [added(), sold_and_approved(), sale_canceled(SALE, MONDAY, CONTRACT)]), []);
}

#[test]
fn sale_moved_back_sells_its_quote_again() {
    let rule = "sale_moved_back_sells_its_quote_again";
    let refused = [added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE)];
    assert_eq!(asks(rule, refused.clone()), []);
    assert_eq!(asks(rule, refused.into_iter().chain([sale_moved_back(SALE, MONDAY)])), [Ask::SellQuoteAgain(QUOTE)]);
}

#[test]
fn sale_canceled_revises_the_outcome() {
    let rule = "sale_canceled_revises_the_outcome";
    let canceled = [added(), sold_and_approved(), sale_canceled(SALE, MONDAY, CONTRACT)];
    assert_eq!(asks(rule, canceled.clone()), [Ask::ReviseOutcome(FIRST, Outcome::SoldCanceled)]);
    assert_eq!(asks(rule, canceled.into_iter().chain([sale_reactivated(SALE, CONTRACT)])), [Ask::ReviseOutcome(FIRST, Outcome::Sold)]);
    assert_eq!(asks(rule, [added(), sold_and_approved(), sale_rep_changed(SALE, BEN)]), []);
}

#[test]
fn journey_ended_unsold_ends_its_meetings_and_quotes() {
    let rule = "journey_ended_unsold_ends_its_meetings_and_quotes";
    let history = [
        added(),
        demo_held(MeetingResult::DemoedNotSold),
        rehash_assigned(),
        meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY),
        quote_ready(QUOTE),
        quote_created(SECOND_QUOTE, BEN),
        other_product_rep_added(TUESDAY),
        journey_lost(FIRST),
    ];
    let why = line("went elsewhere");
    assert_eq!(asks(rule, history), [Ask::CallOffMeeting(VISIT, why.clone()), Ask::LoseQuote(QUOTE, why.clone()), Ask::LoseQuote(SECOND_QUOTE, why)]);
    assert_eq!(asks(rule, [added(), demo_set(TUESDAY), journey_sold(FIRST)]), []);
}

#[test]
fn contact_changed_so_open_journeys_follow() {
    let rule = "contact_changed_so_open_journeys_follow";
    let two = [added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)];
    assert_eq!(
        asks(rule, two.clone().into_iter().chain([source_changed(HOME_SHOW)])),
        [Ask::Follow(FIRST, Followed { source: true, ..Followed::NOTHING }), Ask::Follow(OTHER, Followed { source: true, ..Followed::NOTHING })]
    );
    assert_eq!(
        asks(rule, two.into_iter().chain([product_changed(GUTTERS)])),
        [Ask::Follow(FIRST, Followed { product: true, ..Followed::NOTHING }), Ask::Follow(OTHER, Followed { product: true, ..Followed::NOTHING })]
    );
    assert_eq!(asks(rule, [added(), contact_lost(), journey_lost(FIRST), source_changed(HOME_SHOW)]), []);
}

#[test]
fn sale_changes_are_posted_to_its_ledger() {
    let rule = "sale_changes_are_posted_to_its_ledger";
    let post = |posting| [Ask::Post(SALE, posting)];
    let monday = instant(MONDAY);
    let after = |last| [added(), sold_and_approved()].into_iter().chain([last]);
    assert_eq!(asks(rule, [added(), sold(), sale_approved(SALE)]), post(Posting::Contract(Some(monday))));
    assert_eq!(asks(rule, [added(), quote_ready(QUOTE), sale_created(SALE, QUOTE, MONDAY, false)]), post(Posting::Contract(Some(monday))));
    assert_eq!(asks(rule, [added(), sold()]), []);
    assert_eq!(asks(rule, after(change_order_approved(ORDER, Money(5), MONDAY))), post(Posting::ChangeOrder(ORDER, Money(5), monday)));
    assert_eq!(asks(rule, after(change_order_reversed(ORDER, -5, MONDAY))), post(Posting::ChangeOrder(ORDER, Money(-5), monday)));
    assert_eq!(asks(rule, after(sale_canceled(SALE, MONDAY, CONTRACT))), post(Posting::Contract(Some(monday))));
    assert_eq!(asks(rule, after(fee_charged(SALE, Money(5)))), post(Posting::Fee(Money(5))));
    assert_eq!(asks(rule, after(sale_reactivated(SALE, CONTRACT))), [Posting::Contract(None), Posting::UnpaidFee].map(|posting| Ask::Post(SALE, posting)));
    assert_eq!(asks(rule, after(written_off(5))), post(Posting::WrittenOff(Money(5))));
    assert_eq!(asks(rule, after(entry_posted(ENTRY, EntryKind::DownPayment, -5))), []);
}

#[test]
fn job_follows_its_sale() {
    let rule = "job_follows_its_sale";
    let after = |last| asks(rule, [added(), sold_and_approved()].into_iter().chain([last]));
    assert_eq!(asks(rule, [added(), sold(), sale_approved(SALE)]), [Ask::OpenJob(SALE)]);
    assert_eq!(asks(rule, [added(), quote_ready(QUOTE), sale_created(SALE, QUOTE, MONDAY, false)]), [Ask::OpenJob(SALE)]);
    assert_eq!(asks(rule, [added(), sold()]), []);
    assert_eq!(after(sale_canceled(SALE, MONDAY, CONTRACT)), [Ask::CancelJob(SALE)]);
    assert_eq!(after(sale_reactivated(SALE, CONTRACT)), [Ask::ReopenJob(SALE, JobStanding::Active)]);
    assert_eq!(after(balance_fell_due()), []);
}

#[test]
fn completed_job_lets_the_balance_fall_due() {
    let rule = "completed_job_lets_the_balance_fall_due";
    let after = |status| asks(rule, [added(), sold_and_approved(), job_completed(status)]);
    assert_eq!(after(JobStatus::InstallCompleteFinal), [Ask::FinishSale(SALE)]);
    assert_eq!(after(JobStatus::InstallCompletePending), []);
}

#[test]
fn balance_at_zero_is_paid_in_full() {
    let rule = "balance_at_zero_is_paid_in_full";
    let after = |entry| asks(rule, [added(), sold_and_approved(), entry]);
    assert_eq!(after(entry_posted(ENTRY, EntryKind::FinalPayment, -5)), [Ask::SettleSale(SALE)]);
    assert_eq!(after(entry(SALE, EntryKind::CancelFee, 5, MONDAY)), [Ask::SettleSale(SALE)]);
    assert_eq!(after(entry(SALE, EntryKind::CanceledSale, -5, MONDAY)), []);
}

#[test]
fn stage_with_a_limit_starts_it() {
    let rule = "stage_with_a_limit_starts_it";
    let canceled = [added(), demo_set(TUESDAY), meeting_canceled(DEMO, MeetingKind::Demo)];
    assert_eq!(asks(rule, [added(), attempted()]), [Ask::StartLimit(FIRST)]);
    assert_eq!(asks(rule, canceled), [Ask::StartLimit(FIRST)]);
    assert_eq!(asks(rule, [added(), rested(FIRST)]), [Ask::StartLimit(FIRST)]);
    assert_eq!(asks(rule, [added(), contact_lost(), journey_lost(FIRST), journey_reopened(FIRST, AttemptedToSet)]), [Ask::StartLimit(FIRST)]);
    assert_eq!(asks(rule, [added(), demo_held(MeetingResult::DemoedNotSold)]), []);
}

#[test]
fn every_rule_has_a_name_of_its_own() {
    let names: std::collections::BTreeSet<_> = POLICIES.iter().map(|policy| policy.name).collect();
    assert_eq!(names.len(), POLICIES.len());
}

#[test]
fn asked_twice_a_wish_is_found_to_be_true_already() {
    let given = given([added(), demo_set(TUESDAY), sold_and_approved()]);
    for wish in [
        Ask::CloseJourneyAsSold(FIRST),
        Ask::Follow(FIRST, Followed { source: true, ..Followed::NOTHING }),
        Ask::Follow(FIRST, Followed { product: true, ..Followed::NOTHING }),
        Ask::ReviseOutcome(FIRST, Outcome::Sold),
        Ask::LoseQuote(QUOTE, line("late")),
        Ask::SellQuoteAgain(QUOTE),
        Ask::CreateSale(SALE, QUOTE, instant(MONDAY)),
        Ask::CallOffMeeting(DEMO, line("late")),
        Ask::Post(SALE, Posting::Contract(None)),
        Ask::Post(SALE, Posting::ChangeOrder(ORDER, Money(5), instant(MONDAY))),
        Ask::Post(SALE, Posting::Fee(Money::ZERO)),
        Ask::Post(SALE, Posting::UnpaidFee),
        Ask::OpenJob(SALE),
        Ask::ReopenJob(SALE, JobStanding::Active),
        Ask::SettleSale(SALE),
    ] {
        assert_eq!(super::answer(&given.file, &wish, &given.context()), [], "{wish:?}");
    }
}

// All together: a command and everything that follows from it, in order

#[test]
fn a_direct_sale_without_a_demo_is_official_and_closes_the_journey_at_once() {
    given([added(), quote_ready(QUOTE)]).when(mark_sold(QUOTE, SALE)).then([
        quote_sold(QUOTE, SALE, NOON),
        sale_created(SALE, QUOTE, NOON, false).because("quote_sold_creates_sale"),
        journey_sold(FIRST).because("official_sale_closes_its_journey"),
        entry(SALE, EntryKind::InitialSale, CONTRACT.0, NOON).because("sale_changes_are_posted_to_its_ledger"),
        job_opened(SALE).because("job_follows_its_sale"),
    ]);
}

#[test]
fn a_second_direct_sale_makes_a_canceled_journey_sold_again() {
    let canceled = given([added(), quote_ready(QUOTE), quote_ready(SECOND_QUOTE)]).did([mark_sold(QUOTE, SALE), cancel_sale(SALE)]);
    canceled.when(mark_sold(SECOND_QUOTE, SECOND_SALE)).then([
        quote_sold(SECOND_QUOTE, SECOND_SALE, NOON),
        sale_created(SECOND_SALE, SECOND_QUOTE, NOON, false).because("quote_sold_creates_sale"),
        outcome_revised(FIRST, Outcome::Sold).because("sale_canceled_revises_the_outcome"),
        entry(SECOND_SALE, EntryKind::InitialSale, CONTRACT.0, NOON).because("sale_changes_are_posted_to_its_ledger"),
        job_opened(SECOND_SALE).because("job_follows_its_sale"),
    ]);
}

#[test]
fn losing_a_contact_cancels_its_coming_meetings_and_loses_its_open_quotes() {
    let rule = "journey_ended_unsold_ends_its_meetings_and_quotes";
    let history = [
        added(),
        demo_held(MeetingResult::DemoedNotSold),
        rehash_assigned(),
        meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY),
        quote_created(QUOTE, ANA),
        quote_ready(SECOND_QUOTE),
    ];
    given(history).when(lose_contact()).then([
        contact_lost(),
        journey_lost(FIRST),
        meeting_called_off(VISIT, FIRST, MeetingKind::Rehash).because(rule),
        quote_lost(QUOTE, "went elsewhere").because(rule),
        quote_lost(SECOND_QUOTE, "went elsewhere").because(rule),
    ]);
}

#[test]
fn an_issued_demo_that_has_begun_is_not_called_off_with_its_journey() {
    let issued = || given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]);
    let called_off = meeting_called_off(DEMO, FIRST, MeetingKind::Demo).with("frees", time_of(ANA, TUESDAY));
    let called_off = called_off.because("journey_ended_unsold_ends_its_meetings_and_quotes");
    issued().when(lose_contact()).then([contact_lost(), journey_lost(FIRST), called_off]);
    issued().at(TUESDAY).when(lose_contact()).then([contact_lost(), journey_lost(FIRST)]);
    let lost = issued().at(TUESDAY).did([lose_contact()]);
    lost.when(result(DEMO, MeetingResult::NoShow)).then([demo_resulted(MeetingResult::NoShow)]);
}

#[test]
fn a_demo_never_issued_is_called_off_with_its_journey_even_after_its_start() {
    let called_off = meeting_called_off(DEMO, FIRST, MeetingKind::Demo).because("journey_ended_unsold_ends_its_meetings_and_quotes");
    given([added(), demo_set(TUESDAY)]).at(WEDNESDAY).when(lose_contact()).then([contact_lost(), journey_lost(FIRST), called_off]);
}

#[test]
fn a_journey_whose_sale_waits_for_approval_outlives_the_contact() {
    let history = [added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)];
    let quote = add_quote(QUOTE).with("journey", OTHER);
    let demo = [confirm(OTHER_DEMO), issue(OTHER_DEMO, BEN)];
    let waiting = given(history).did(demo).did([quote, finalize(QUOTE), mark_sold(QUOTE, SALE)]);
    let called_off = meeting_called_off(DEMO, FIRST, MeetingKind::Demo).because("journey_ended_unsold_ends_its_meetings_and_quotes");
    waiting.clone().when(lose_contact()).then([contact_lost(), journey_lost(FIRST), called_off]);
    waiting.did([lose_contact()]).when(approve(SALE)).then([
        sale_approved(SALE).on(OTHER),
        journey_sold(OTHER).because("official_sale_closes_its_journey"),
        entry(SALE, EntryKind::InitialSale, CONTRACT.0, MONDAY).on(OTHER).because("sale_changes_are_posted_to_its_ledger"),
        job_opened(SALE).on(OTHER).because("job_follows_its_sale"),
    ]);
}

#[test]
fn open_journeys_follow_a_corrected_source_and_closed_ones_are_frozen() {
    let rule = "contact_changed_so_open_journeys_follow";
    given([added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)]).when(change_source(HOME_SHOW)).then([
        source_changed(HOME_SHOW),
        dimensions_changed(FIRST, HOME_SHOW, WINDOWS).because(rule),
        dimensions_changed(OTHER, HOME_SHOW, ROOFING).because(rule),
    ]);
    given([added(), contact_lost(), journey_lost(FIRST), returned()])
        .when(change_source(RADIO))
        .then([source_changed(RADIO), dimensions_changed(AGAIN, RADIO, ROOFING).because(rule)]);
}

#[test]
fn a_journey_for_another_product_keeps_its_product() {
    given([added(), demo_set(TUESDAY), other_product_rep_added(TUESDAY)])
        .when(change_product(GUTTERS))
        .then([product_changed(GUTTERS), dimensions_changed(FIRST, RADIO, GUTTERS).because("contact_changed_so_open_journeys_follow")]);
}

#[test]
fn canceling_with_a_fee_tells_cancel_fee_and_outcome_in_this_order() {
    given([added(), sold_and_approved()]).when(cancel_sale(SALE).with("fee_minor", 5)).then([
        sale_canceled(SALE, NOON, CONTRACT),
        fee_charged(SALE, Money(5)),
        outcome_revised(FIRST, Outcome::SoldCanceled).because("sale_canceled_revises_the_outcome"),
        entry(SALE, EntryKind::CanceledSale, -CONTRACT.0, NOON).because("sale_changes_are_posted_to_its_ledger"),
        job_canceled(SALE).because("job_follows_its_sale"),
        entry(SALE, EntryKind::CancelFee, 5, NOON).because("sale_changes_are_posted_to_its_ledger"),
    ]);
}
