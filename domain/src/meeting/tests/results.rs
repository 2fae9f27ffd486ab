//! Results: what they lead to, what they count as, and how they are put right.

use super::{demo_is_canceled, demo_is_completed, demo_is_issued, demo_is_set, visit_is_set};
use crate::blueprint::ContactState;
use crate::company::{CompanyEvent, ResultMeaning};
use crate::meeting::{MeetingKind, MeetingResult};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use serde_json::json;

#[test]
fn the_result_decides_where_the_contact_stands_next() {
    use ContactState::{AttemptedToSet, MeetingSet, QuoteInProgress};
    for (outcome, state) in [
        (MeetingResult::Sold, QuoteInProgress),
        (MeetingResult::DemoedNotSold, QuoteInProgress),
        (MeetingResult::FollowUp, MeetingSet),
        (MeetingResult::NotDemoed, AttemptedToSet),
        (MeetingResult::OneLeg, AttemptedToSet),
        (MeetingResult::NoShow, AttemptedToSet),
    ] {
        let held = demo_is_issued().at(TUESDAY).did([result(DEMO, outcome)]);
        assert_eq!(held.file.state(), Some(state), "{outcome:?}");
        assert!(held.file.governing_demo(FIRST).is_some(), "the lead stays issued: {outcome:?}");
    }
}

// What results count as

/// The company counts demos with this result so, and all others as usual.
fn counting(result: MeetingResult, issued: bool, demoed: bool) -> [CompanyEvent; 1] {
    let usual = |of: MeetingResult| ResultMeaning { result: of, issued: true, demoed: of.is_demoed() };
    let own = |of| if of == result { ResultMeaning { result, issued, demoed } } else { usual(of) };
    [CompanyEvent::ResultMeaningsSet { version: 2, results: MeetingResult::ALL.iter().copied().map(own).collect() }]
}

fn counted(result: MeetingResult, issued: bool, demoed: bool) -> Facts {
    demo_resulted(result).with("counts_as", json!({ "issued": issued, "demoed": demoed, "version": 2 }))
}

#[test]
fn a_result_remembers_what_it_counted_as_where_the_company_has_meanings_of_its_own() {
    let own = || demo_is_issued().at(TUESDAY).settled(counting(MeetingResult::OneLeg, false, false));
    let limit = || limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-13T23:00:00Z");
    own().when(result(DEMO, MeetingResult::OneLeg)).then([counted(MeetingResult::OneLeg, false, false), limit()]);
    own().when(result(DEMO, MeetingResult::Sold)).then([counted(MeetingResult::Sold, true, true)]);
    let corrected = own().did([result(DEMO, MeetingResult::Sold)]).when(correct_result(DEMO, MeetingResult::OneLeg));
    let counts_as = json!({ "issued": false, "demoed": false, "version": 2 });
    corrected.then([demo_result_corrected(MeetingResult::Sold, MeetingResult::OneLeg).with("counts_as", counts_as), limit()]);
}

#[test]
fn only_the_results_of_demos_count() {
    let visit = visit_is_set().at(WEDNESDAY).settled(counting(MeetingResult::Sold, false, false));
    visit.when(result(VISIT, MeetingResult::Sold)).then([meeting_resulted(VISIT, MeetingKind::Rehash, MeetingResult::Sold)]);
}

#[test]
fn a_demo_whose_result_does_not_count_as_issued_does_not_govern() {
    let own = demo_is_issued().at(TUESDAY).settled(counting(MeetingResult::NoShow, false, false)).did([result(DEMO, MeetingResult::NoShow)]);
    assert_eq!((own.file.governing_demo(FIRST), own.file.rep_of(FIRST)), (None, None));
    assert!(own.file.last_demo(FIRST).is_some());
    let corrected = own.did([correct_result(DEMO, MeetingResult::OneLeg)]);
    assert_eq!(corrected.file.rep_of(FIRST), Some(ANA));
}

#[test]
fn a_demo_was_held_whose_pitch_was_begun_whatever_it_counts_as_or_that_counts_as_demoed() {
    let held = |given: Given, outcome| given.at(TUESDAY).did([result(DEMO, outcome)]).file.demo_was_held(FIRST);
    for result in MeetingResult::ALL {
        let usually = matches!(result, MeetingResult::Sold | MeetingResult::DemoedNotSold | MeetingResult::FollowUp);
        assert_eq!(held(demo_is_issued(), *result), usually, "{result:?}");
        assert!(held(demo_is_issued().settled(counting(*result, true, true)), *result), "{result:?} counts as demoed");
        assert_eq!(held(demo_is_issued().settled(counting(*result, false, false)), *result), usually, "{result:?} counts as nothing");
    }
}

// Correct the result

#[test]
fn a_sales_manager_corrects_a_result_and_says_why() {
    let corrected = || correct_result(DEMO, MeetingResult::DemoedNotSold);
    demo_is_completed().when(corrected()).then([demo_result_corrected(MeetingResult::NoShow, MeetingResult::DemoedNotSold)]);
    demo_is_completed().by(Role::Rep).when(corrected()).then_refused(Code::WrongRole);
    for demo in [demo_is_set(), demo_is_issued(), demo_is_canceled()] {
        demo.when(corrected()).then_refused(Code::WrongState);
    }
}

#[test]
fn correcting_to_what_was_entered_changes_nothing() {
    demo_is_completed().when(correct_result(DEMO, MeetingResult::NoShow)).then([]);
}

#[test]
fn the_contact_stands_where_the_corrected_result_leads() {
    use ContactState::{AttemptedToSet, MeetingSet, QuoteInProgress};
    let corrected = |was, is| given([added(), demo_held(was)]).did([correct_result(DEMO, is)]).file.state();
    assert_eq!(corrected(MeetingResult::NoShow, MeetingResult::DemoedNotSold), Some(QuoteInProgress));
    assert_eq!(corrected(MeetingResult::Sold, MeetingResult::OneLeg), Some(AttemptedToSet));
    assert_eq!(corrected(MeetingResult::NotDemoed, MeetingResult::FollowUp), Some(MeetingSet));
    assert_eq!(corrected(MeetingResult::FollowUp, MeetingResult::NoShow), Some(AttemptedToSet));
}

#[test]
fn a_correction_that_leads_back_before_the_demo_starts_the_limit_there() {
    let corrected = given([added(), demo_held(MeetingResult::Sold)]).when(correct_result(DEMO, MeetingResult::OneLeg));
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z");
    corrected.then([demo_result_corrected(MeetingResult::Sold, MeetingResult::OneLeg), limit]);
}

#[test]
fn a_journey_that_went_on_stays_where_it_is_when_a_result_is_corrected() {
    use ContactState::{Lost, MeetingSet, QuoteInProgress, Rehash};
    let corrected = |history: Vec<Facts>, is| given(history).did([correct_result(DEMO, is)]).file.state();
    let held = |outcome| vec![added(), demo_held(outcome)];
    let and = |mut history: Vec<Facts>, more: Facts| {
        history.push(more);
        history
    };
    let demoed = || held(MeetingResult::DemoedNotSold);
    assert_eq!(corrected(and(demoed(), quote_created(QUOTE, ANA)), MeetingResult::NoShow), Some(QuoteInProgress));
    assert_eq!(corrected(and(demoed(), rehash_assigned()), MeetingResult::NoShow), Some(Rehash));
    assert_eq!(corrected(and(demoed(), journey_lost(FIRST)), MeetingResult::NoShow), Some(Lost));
    let again = and(held(MeetingResult::NoShow), meeting_set(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY));
    assert_eq!(corrected(again, MeetingResult::DemoedNotSold), Some(MeetingSet));
}

#[test]
fn that_no_demo_was_held_is_refused_while_a_sale_of_the_journey_stands() {
    let no_show = || correct_result(DEMO, MeetingResult::NoShow);
    for sold in [given([added(), sold()]), given([added(), sold_and_approved()])] {
        sold.clone().when(no_show()).then_refused_at(Code::FieldInvalid, "/result");
        let corrected = sold.when(correct_result(DEMO, MeetingResult::DemoedNotSold));
        corrected.then([demo_result_corrected(MeetingResult::Sold, MeetingResult::DemoedNotSold)]);
    }
    let corrected = || demo_result_corrected(MeetingResult::Sold, MeetingResult::NoShow);
    given([added(), sold_and_approved(), sale_canceled(SALE, MONDAY, CONTRACT)]).when(no_show()).then([corrected()]);
    given([added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE)]).when(no_show()).then([corrected()]);
}

/// A demo with this result, and a sale of its journey.
fn sold_after(result: MeetingResult) -> Given {
    given([added(), demo_held(result)]).did([add_quote(QUOTE), finalize(QUOTE), mark_sold(QUOTE, SALE)])
}

#[test]
fn that_a_demo_was_held_is_refused_while_a_sale_counts_that_management_never_approved() {
    let direct = || sold_after(MeetingResult::NoShow);
    assert!(direct().file.sales[&SALE].counts());
    for held in [MeetingResult::Sold, MeetingResult::DemoedNotSold, MeetingResult::FollowUp] {
        direct().when(correct_result(DEMO, held)).then_refused_at(Code::FieldInvalid, "/result");
    }
    let one_leg = || correct_result(DEMO, MeetingResult::OneLeg);
    direct().when(one_leg()).then([demo_result_corrected(MeetingResult::NoShow, MeetingResult::OneLeg)]);
    let counted = direct().settled(counting(MeetingResult::OneLeg, true, true));
    counted.when(one_leg()).then_refused_at(Code::FieldInvalid, "/result");
    let canceled = direct().did([cancel_sale(SALE)]).when(correct_result(DEMO, MeetingResult::Sold));
    canceled.then([demo_result_corrected(MeetingResult::NoShow, MeetingResult::Sold)]);
}

#[test]
fn the_sale_of_a_demo_waits_for_management_whatever_its_result_counts_as() {
    let own = demo_is_issued().at(TUESDAY).settled(counting(MeetingResult::Sold, true, false)).did([result(DEMO, MeetingResult::Sold)]);
    let sold = own.did([add_quote(QUOTE), finalize(QUOTE), mark_sold(QUOTE, SALE)]);
    assert!(!sold.file.sales[&SALE].official);
}

#[test]
fn another_demo_that_was_held_carries_the_sale() {
    let second = facts([meeting_set(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY)].into_iter().flat_map(|facts| facts.list));
    let two = given([added(), demo_held(MeetingResult::OneLeg), second]).did([confirm(SECOND_DEMO), issue(SECOND_DEMO, BEN)]);
    let sold = two.did([correct_result(DEMO, MeetingResult::DemoedNotSold), add_quote(QUOTE), finalize(QUOTE), mark_sold(QUOTE, SALE)]);
    sold.when(correct_result(DEMO, MeetingResult::NoShow)).then([demo_result_corrected(MeetingResult::DemoedNotSold, MeetingResult::NoShow)]);
}
