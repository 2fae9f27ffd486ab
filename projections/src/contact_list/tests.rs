//! Where a contact stands, and how it is found.

use domain::Fact;
use domain::instant::Day;
use domain::journey::{Origin, Outcome};
use domain::profile::{ContactEvent, EraseBasis};
use proptest::prelude::*;

use super::*;
use crate::testing::*;

fn contact(told: impl IntoIterator<Item = (u32, Fact)>) -> ContactRow {
    let opening = [(1, added()), (1, opened(FIRST, Origin::New, WINDOWS))];
    let history = history(opening.into_iter().chain(told));
    fold::<ContactList>(&history)[&ELM_STREET].clone().unwrap().row
}

#[test]
fn a_new_contact_is_a_new_incoming_lead() {
    let expected = ContactRow {
        contact: ELM_STREET,
        name: Some("Ünal Élan".into()),
        phones: vec!["+1 (716) 555-0100".into()],
        emails: vec!["Unal@Example.com".into()],
        address: Some("12 Elm St, Buffalo".into()),
        reference: Some("A-17".into()),
        state: ContactState::NewIncoming,
        source: RADIO,
        product: WINDOWS,
        category: Some("Family".into()),
        primary_journey: Some(FIRST),
        open_journeys: 1,
        added_at: day(1),
        last_event_at: day(1),
        version: 2,
        erased_at: None,
        state_since: Some(day(1)),
        merged_into: None,
        bought: vec![],
        demo_ever_set: false,
        not_before: None,
    };
    assert_eq!(contact([]), expected);
}

#[test]
fn it_follows_its_primary_journey() {
    let after = contact([(2, attempted()), (3, demo(DEMO).set(SAM, 10))]);
    assert_eq!((after.state, after.state_since, after.last_event_at, after.version), (ContactState::MeetingSet, Some(day(3)), day(3), 4));
    let after = contact([(2, opened(SECOND, Origin::OtherProduct, ROOFING))]);
    assert_eq!((after.primary_journey, after.open_journeys), (Some(FIRST), 2));
    let after = contact([(2, closed(FIRST, Outcome::Lost)), (3, opened(SECOND, Origin::Remarket, WINDOWS))]);
    assert_eq!((after.state, after.primary_journey, after.open_journeys), (ContactState::NewIncoming, Some(SECOND), 1));
}

#[test]
fn an_approved_sale_makes_it_a_customer() {
    let after = contact([(2, sold(SALE, 5, true)), (3, approved(SALE)), (3, closed(FIRST, Outcome::Sold))]);
    assert_eq!((after.state, after.open_journeys), (ContactState::Customer, 0));
}

#[test]
fn corrections_and_returns_show_at_once() {
    assert_eq!(contact([(2, ContactEvent::SourceChanged { source: HOME_SHOW }.into())]).source, HOME_SHOW);
    assert_eq!(contact([(2, ContactEvent::ProductChanged { product: ROOFING }.into())]).product, ROOFING);
    let back = ContactEvent::Returned { journey: SECOND, source: HOME_SHOW, product: ROOFING, campaign: None };
    let after = contact([(2, back.into())]);
    assert_eq!((after.source, after.product), (HOME_SHOW, ROOFING));
}

#[test]
fn it_is_found_in_lower_case_and_by_bare_digits() {
    assert_eq!(contact([]).search(), "ünal élan\n+1 (716) 555-0100\nunal@example.com\n12 elm st, buffalo\na-17\n17165550100\n17165550100");
}

#[test]
fn an_erased_contact_is_found_by_nothing_and_stands_where_it_stood() {
    let erased = ContactEvent::Erased { basis: EraseBasis::PersonAsked, journeys: vec![FIRST] };
    let before = contact([(2, attempted())]);
    let after = contact([(2, attempted()), (4, erased.into())]);
    assert_eq!((after.search().as_str(), after.erased_at), ("", Some(day(4))));
    let (name, phones, emails, address, reference) = Default::default();
    assert_eq!(after, ContactRow { name, phones, emails, address, reference, erased_at: Some(day(4)), last_event_at: day(4), version: 4, ..before });
}

#[test]
fn what_happens_before_it_was_added_makes_no_row() {
    assert_eq!(fold::<ContactList>(&history([(1, attempted())]))[&ELM_STREET], None);
}

proptest! {
    /// The list shows what the decider guards with: one fold for both.
    #[test]
    fn it_stands_where_the_rules_say(history in any_history(40)) {
        let Some(Some(current)) = fold::<ContactList>(&history).remove(&ELM_STREET) else { return Ok(()) };
        let first = history.iter().position(|happened| matches!(happened.fact, Fact::Contact(ContactEvent::Added(_)))).unwrap();
        let mut standing = Standing::default();
        history[first..].iter().for_each(|happened| standing.evolve(&happened.fact));
        prop_assert_eq!(&current.row.primary_journey, &standing.primary);
        prop_assert_eq!(current.row.state, standing.state.unwrap_or(ContactState::NewIncoming));
        prop_assert_eq!(current.row.version, history.len() as i64);
        prop_assert_eq!(current.standing, standing);
    }
}

#[test]
fn it_is_in_its_state_since_it_came_into_it() {
    let tried = contact([(2, attempted()), (5, attempted())]);
    assert_eq!((tried.state, tried.state_since, tried.last_event_at), (ContactState::AttemptedToSet, Some(day(2)), day(5)));
}

#[test]
fn a_merged_contact_names_the_one_it_is_found_under_until_they_are_two_again() {
    let survivor = ContactId(uuid::Uuid::from_u128(77));
    let merged = ContactEvent::MergedInto { survivor };
    assert_eq!(contact([(2, merged.clone().into())]).merged_into, Some(survivor));
    assert_eq!(contact([(2, merged.into()), (3, ContactEvent::UnmergedFrom { survivor }.into())]).merged_into, None);
}

#[test]
fn it_has_bought_what_its_official_sales_are_about_while_they_are() {
    let bought = |told: Vec<(u32, Fact)>| contact(told).bought;
    assert_eq!(bought(vec![(2, sold(SALE, 5, true))]), [], "it waits for approval");
    assert_eq!(bought(vec![(2, sold(SALE, 5, true)), (3, approved(SALE))]), [WINDOWS]);
    let two = vec![(2, sold(SALE, 5, false)), (2, sold(SECOND_SALE, 5, false))];
    assert_eq!(bought(two.clone()), [WINDOWS], "each product once");
    assert_eq!(bought(two.into_iter().chain([(3, sale_canceled(SALE)), (4, sale_canceled(SECOND_SALE))]).collect()), []);
}

#[test]
fn it_remembers_that_a_demo_was_set_whatever_became_of_it() {
    let set = |told: Vec<(u32, Fact)>| contact(told).demo_ever_set;
    assert!(!set(vec![(2, Of(DEMO, FIRST, MeetingKind::Other).set(SAM, 10))]));
    assert!(set(vec![(2, demo(DEMO).set(SAM, 10)), (3, demo(DEMO).canceled()), (4, closed(FIRST, Outcome::Lost))]));
}

#[test]
fn who_is_put_aside_until_a_day_is_so_while_it_is_put_aside() {
    let aside = |not_before: Option<Day>| {
        let reason = domain::text::Line::try_new("in spring").unwrap().into();
        Fact::from(ContactEvent::MovedToRemarket { reason, not_before })
    };
    let spring = Some(Day("2026-04-01".parse().unwrap()));
    let until = |told: Vec<(u32, Fact)>| contact([(2, closed(FIRST, Outcome::Lost))].into_iter().chain(told)).not_before;
    assert_eq!(until(vec![(3, aside(spring))]), spring);
    assert_eq!(until(vec![(3, aside(spring)), (4, aside(None))]), None);
    assert_eq!(until(vec![(3, aside(spring)), (4, opened(SECOND, Origin::Remarket, WINDOWS))]), None, "it came back");
}

/// What is stored of its keys after a history told in one batch, and whether other keys were stored before.
fn keys(told: impl IntoIterator<Item = (u32, Fact)>) -> (Vec<(&'static str, String)>, Keys) {
    let opening = [(1, added()), (1, opened(FIRST, Origin::New, WINDOWS))];
    let current = fold::<ContactList>(&history(opening.into_iter().chain(told)))[&ELM_STREET].clone().unwrap();
    (current.row.keys().into_iter().map(|(likeness, value)| (likeness.name(), value)).collect(), current.keys)
}

#[test]
fn it_has_a_key_for_all_by_which_another_may_be_the_same() {
    let expected = [
        ("same_address", "12 ELM ST BUFFALO"),
        ("same_phone", "+17165550100"),
        ("same_email", "unal@example.com"),
        ("same_building", "12 ELM ST BUFFALO"),
        ("same_street", "12 ELM ST"),
    ];
    assert_eq!(keys([]), (expected.map(|(kind, value)| (kind, value.to_owned())).to_vec(), Keys::New));
    let erased = ContactEvent::Erased { basis: EraseBasis::PersonAsked, journeys: vec![FIRST] };
    assert_eq!(keys([(2, erased.into())]), (vec![], Keys::New));
}

#[test]
fn its_keys_are_written_anew_only_when_what_they_follow_from_changes() {
    let stored = || ContactList::settled(fold::<ContactList>(&history([(1, added())]))[&ELM_STREET].clone());
    let after = |fact: Fact| ContactList::evolve(&ELM_STREET, stored(), &history([(2, fact)])[0]).unwrap().keys;
    assert_eq!(after(attempted()), Keys::Stored);
    let details = ContactEvent::DetailsChanged { name: None, phones: Some(vec![]), emails: None, reference: None };
    assert_eq!(after(details.into()), Keys::Changed);
    let erased = ContactEvent::Erased { basis: EraseBasis::PersonAsked, journeys: vec![FIRST] };
    assert_eq!(after(erased.into()), Keys::Changed);
}
