//! Where a contact and its journeys stand after each fact.

use crate::blueprint::ContactState::{self, *};
use crate::contact_file::Standing;
use crate::journey::Outcome;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::testing::*;

/// The contact's state after each of these.
fn states(history: impl IntoIterator<Item = Facts>) -> Vec<Option<ContactState>> {
    let mut standing = Standing::default();
    let after = |facts: Facts| {
        facts.list.iter().for_each(|fact| standing.evolve(fact));
        standing.state
    };
    history.into_iter().map(after).collect()
}

fn somes(states: impl IntoIterator<Item = ContactState>) -> Vec<Option<ContactState>> {
    states.into_iter().map(Some).collect()
}

#[test]
fn before_it_was_added_a_contact_stands_nowhere() {
    assert_eq!(Standing::default().state, None);
    assert_eq!(states([attempted(), demo_set(TUESDAY), sale_approved(SALE)]), [None, None, None]);
}

#[test]
fn the_way_of_a_sale() {
    let way = [
        added(),
        attempted(),
        demo_set(TUESDAY),
        demo_confirmed(),
        demo_issued(ANA),
        demo_resulted(MeetingResult::Sold),
        quote_ready(QUOTE),
        quote_sold(QUOTE, SALE, MONDAY),
        sale_created(SALE, QUOTE, MONDAY, true),
        sale_approved(SALE),
        journey_sold(FIRST),
    ];
    let expected = [
        NewIncoming,
        AttemptedToSet,
        MeetingSet,
        MeetingSet,
        MeetingSet,
        QuoteInProgress,
        QuoteInProgress,
        QuoteInProgress,
        SoldPendingApproval,
        SoldPendingApproval,
        Customer,
    ];
    assert_eq!(states(way), somes(expected));
}

#[test]
fn the_way_of_a_loss_and_a_return() {
    let way = [added(), demo_set(TUESDAY), meeting_canceled(DEMO, MeetingKind::Demo), contact_lost(), journey_lost(FIRST), moved_to_remarket(), returned()];
    assert_eq!(states(way), somes([NewIncoming, MeetingSet, AttemptedToSet, AttemptedToSet, Lost, Remarket, NewIncoming]));
}

#[test]
fn the_way_of_a_canceled_sale() {
    let way = [
        added(),
        sold_and_approved(),
        sale_canceled(SALE, MONDAY, CONTRACT),
        outcome_revised(FIRST, Outcome::SoldCanceled),
        sale_reactivated(SALE, CONTRACT),
        outcome_revised(FIRST, Outcome::Sold),
    ];
    assert_eq!(states(way), somes([NewIncoming, Customer, Remarket, Remarket, Customer, Customer]));
}

#[test]
fn the_way_through_rehash() {
    let way = [added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned(), meeting_set(VISIT, MeetingKind::Rehash, WEDNESDAY), quote_ready(QUOTE)];
    assert_eq!(states(way), somes([NewIncoming, QuoteInProgress, Rehash, Rehash, QuoteInProgress]));
}

#[test]
fn a_demo_result_after_a_quote_leaves_the_journey_with_its_quote() {
    let way = [added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA), quote_created(QUOTE, ANA), demo_resulted(MeetingResult::NoShow)];
    assert_eq!(states(way).last(), Some(&Some(QuoteInProgress)));
}

#[test]
fn the_stage_of_a_sold_journey_is_that_of_a_customer_only_while_the_contact_is_one() {
    let given = given([added(), sold_and_approved()]);
    assert_eq!(given.file.stage(FIRST), Some(Customer));
    assert_eq!(given.did([move_to_remarket()]).file.stage(FIRST), Some(Remarket));
}
