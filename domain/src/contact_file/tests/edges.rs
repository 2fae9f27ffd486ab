//! The settled edge cases (METRICS C.10), as far as the contact file decides them: what governs, what counts, what moves on.

use crate::blueprint::ContactState;
use crate::journey::{Origin, Outcome};
use crate::meeting::{MeetingKind, MeetingResult};
use crate::money::Money;
use crate::testing::*;

/// The rep and the start of the demo that governs the first journey.
fn governing(given: &Given) -> Option<(crate::id::PersonId, crate::instant::Instant)> {
    given.file.governing_demo(FIRST).map(|demo| (demo.rep.unwrap(), demo.start))
}

#[test]
fn a_demo_canceled_before_issue_leaves_the_lead_not_issued() {
    let canceled = given([added(), demo_set(TUESDAY)]).did([cancel(DEMO)]);
    assert_eq!((governing(&canceled), canceled.file.state()), (None, Some(ContactState::AttemptedToSet)));
}

#[test]
fn a_demo_canceled_after_issue_leaves_the_lead_no_longer_issued() {
    let canceled = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]).did([cancel(DEMO)]);
    assert_eq!((governing(&canceled), canceled.file.rep_of(FIRST)), (None, None));
}

#[test]
fn a_rescheduled_demo_governs_again_with_its_new_start_once_it_is_issued_again() {
    let moved = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]).did([reschedule(DEMO, WEDNESDAY)]);
    assert_eq!((governing(&moved), moved.file.state()), (None, Some(ContactState::MeetingSet)));
    let issued = moved.did([confirm(DEMO), issue(DEMO, BEN)]);
    assert_eq!(governing(&issued), Some((BEN, instant(WEDNESDAY))));
}

#[test]
fn a_demo_issued_to_another_rep_counts_for_the_last_one_only() {
    let reissued = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA)]).did([issue_because(DEMO, BEN, "ill")]);
    assert_eq!(governing(&reissued), Some((BEN, instant(TUESDAY))));
}

#[test]
fn a_no_show_one_leg_or_pitch_miss_stays_issued() {
    for result in [MeetingResult::NoShow, MeetingResult::OneLeg, MeetingResult::NotDemoed] {
        assert_eq!(governing(&given([added(), demo_held(result)])), Some((ANA, instant(TUESDAY))));
    }
}

#[test]
fn a_one_leg_lead_issued_again_is_governed_by_the_last_demo() {
    let again = given([added(), demo_held(MeetingResult::OneLeg)]).did([
        set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY),
        confirm(SECOND_DEMO),
        issue(SECOND_DEMO, BEN),
    ]);
    assert_eq!(governing(&again), Some((BEN, instant(WEDNESDAY))));
    assert_eq!(again.file.journeys.len(), 1);
}

#[test]
fn a_last_demo_canceled_gives_way_to_the_one_issued_before_it() {
    let again = given([added(), demo_held(MeetingResult::OneLeg)]).did([
        set_meeting(SECOND_DEMO, MeetingKind::Demo, WEDNESDAY),
        confirm(SECOND_DEMO),
        issue(SECOND_DEMO, BEN),
        cancel(SECOND_DEMO),
    ]);
    assert_eq!(governing(&again), Some((ANA, instant(TUESDAY))));
}

#[test]
fn rehash_and_follow_up_meetings_never_govern() {
    let rehashed = given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned(), meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY)]);
    let held = rehashed.at(WEDNESDAY).did([result(VISIT, MeetingResult::Sold)]);
    assert_eq!((governing(&held), held.file.state()), (Some((ANA, instant(TUESDAY))), Some(ContactState::Rehash)));
    let followed = given([added(), demo_held(MeetingResult::FollowUp), meeting_set(VISIT, MeetingKind::FollowUp, WEDNESDAY)]);
    assert_eq!(governing(&followed), Some((ANA, instant(TUESDAY))));
}

#[test]
fn a_rehash_sale_is_the_rehash_reps_and_the_lead_stays_the_demo_reps() {
    let rehashed = given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]);
    let sold = rehashed.did([add_quote(QUOTE).with("rep", RIA), finalize(QUOTE), mark_sold(QUOTE, SALE)]);
    assert_eq!((sold.file.sales[&SALE].rep, sold.file.rep_of(FIRST)), (RIA, Some(ANA)));
}

#[test]
fn another_products_journey_has_its_own_set_issue_and_sale() {
    let both = given([added(), demo_held(MeetingResult::DemoedNotSold), other_product_rep_added(TUESDAY)]);
    assert_eq!(both.file.stage(OTHER), Some(ContactState::MeetingSet));
    let sold = both.did([
        confirm(OTHER_DEMO),
        issue(OTHER_DEMO, BEN),
        add_quote(QUOTE).with("journey", OTHER),
        finalize(QUOTE),
        mark_sold(QUOTE, SALE),
        approve(SALE),
    ]);
    assert_eq!((sold.file.rep_of(FIRST), sold.file.rep_of(OTHER)), (Some(ANA), Some(BEN)));
    assert_eq!((sold.file.journeys[&FIRST].outcome, sold.file.journeys[&OTHER].outcome), (None, Some(Outcome::Sold)));
    assert_eq!(sold.file.state(), Some(ContactState::QuoteInProgress), "the contact follows its primary journey");
}

#[test]
fn a_customer_stays_one_whatever_becomes_of_another_products_journey() {
    let customer = given([added(), sold_and_approved(), other_product_rep_added(TUESDAY)]);
    assert_eq!(customer.file.state(), Some(ContactState::Customer));
    let lost = customer.did([lose_journey(OTHER)]);
    assert_eq!(lost.file.state(), Some(ContactState::Customer));
}

#[test]
fn a_contact_in_remarket_stays_there_when_another_products_journey_is_lost() {
    let put_aside = given([added(), sold_and_approved(), other_product_rep_added(TUESDAY), moved_to_remarket()]);
    assert_eq!(put_aside.did([lose_journey(OTHER)]).file.state(), Some(ContactState::Remarket));
}

#[test]
fn a_return_opens_a_journey_with_the_present_source() {
    let again = given([added(), contact_lost(), journey_lost(FIRST), moved_to_remarket()]).did([return_contact()]);
    let journeys = |id| (again.file.journeys[&id].source, again.file.journeys[&id].origin);
    assert_eq!((journeys(FIRST), journeys(AGAIN)), ((RADIO, Origin::New), (HOME_SHOW, Origin::Remarket)));
    assert_eq!((again.file.state(), again.file.primary()), (Some(ContactState::NewIncoming), Ok(AGAIN)));
}

#[test]
fn a_sale_that_waits_or_is_refused_does_not_close_the_journey() {
    assert_eq!(given([added(), sold()]).file.journeys[&FIRST].outcome, None);
    assert_eq!(given([added(), sold()]).did([not_approve(SALE)]).file.journeys[&FIRST].outcome, None);
}

#[test]
fn two_sales_of_a_journey_count_each_on_their_own() {
    let two = given([added(), sold(), sold_as(SECOND_QUOTE, SECOND_SALE)]).did([approve(SALE), approve(SECOND_SALE), change_order(ORDER, 5)]);
    assert_eq!([SALE, SECOND_SALE].map(|sale| two.file.sales[&sale].contract), [Money(1_000_005), CONTRACT]);
}

#[test]
fn a_sale_refused_while_another_waits_leaves_the_contact_pending() {
    let two = given([added(), sold(), sold_as(SECOND_QUOTE, SECOND_SALE)]).did([not_approve(SALE)]);
    assert_eq!(two.file.state(), Some(ContactState::SoldPendingApproval));
    assert_eq!(two.did([not_approve(SECOND_SALE)]).file.state(), Some(ContactState::QuoteInProgress));
}

#[test]
fn the_rep_of_a_sale_changes_without_the_journeys() {
    let changed = given([added(), sold_and_approved()]).did([change_rep(SALE, BEN)]);
    assert_eq!((changed.file.sales[&SALE].rep, changed.file.rep_of(FIRST)), (BEN, Some(ANA)));
}

#[test]
fn a_source_changed_after_closing_changes_no_journey() {
    let changed = given([added(), sold_and_approved()]).did([change_source(HOME_SHOW)]);
    assert_eq!(changed.file.journeys[&FIRST].source, RADIO);
}

#[test]
fn a_demo_that_is_issued_and_has_no_result_counts_as_held() {
    let unanswered = given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA), quote_ready(QUOTE)]).at(THURSDAY).did([mark_sold(QUOTE, SALE)]);
    assert_eq!(unanswered.file.state(), Some(ContactState::SoldPendingApproval));
}

#[test]
fn a_customer_whose_new_journey_is_lost_is_still_a_customer() {
    let returned = given([added(), sold_and_approved(), returned()]);
    assert_eq!(returned.did([lose_contact()]).file.state(), Some(ContactState::Customer));
}
