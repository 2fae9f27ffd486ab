//! What is remembered of a demo that was called off.

use domain::Fact;
use domain::journey::Origin;
use domain::meeting::{MeetingKind, MeetingResult};
use proptest::prelude::*;

use super::*;
use crate::testing::*;

fn canceled(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<CanceledDemo> {
    let opening = (1, opened(FIRST, Origin::New, WINDOWS));
    let history = history(std::iter::once(opening).chain(told));
    fold::<CanceledDemos>(&history).into_values().flat_map(|rows| rows.canceled).collect()
}

#[test]
fn a_canceled_demo_remembers_who_set_it_and_what_it_was_for() {
    let found = canceled([(2, demo(DEMO).set(SAM, 10)), (5, demo(DEMO).canceled())]);
    let expected = CanceledDemo {
        position: 3,
        contact: ELM_STREET,
        journey: FIRST,
        meeting: DEMO,
        source: RADIO,
        product: WINDOWS,
        category: Some("Family".into()),
        scheduler: SAM,
        rep: None,
        start: day(10),
        set_at: day(2),
        canceled_at: day(5),
        reason: Some("changed their mind".into()),
        asked_by: None,
        actor: "person:sam".into(),
        reason_id: None,
        note: None,
    };
    assert_eq!(found, [expected]);
}

#[test]
fn it_names_the_rep_only_while_it_stood_issued() {
    let set = (2, demo(DEMO).set(SAM, 10));
    let rep = |told: Vec<(u32, Fact)>| canceled(std::iter::once(set.clone()).chain(told).chain([(9, demo(DEMO).canceled())]))[0].rep;
    assert_eq!(rep(vec![(3, demo(DEMO).issued(ANA, 10))]), Some(ANA));
    assert_eq!(rep(vec![(3, demo(DEMO).issued(ANA, 10)), (4, demo(DEMO).reissued(BEN, 10))]), Some(BEN));
    assert_eq!(rep(vec![(3, demo(DEMO).issued(ANA, 10)), (4, demo(DEMO).rescheduled(12))]), None);
}

#[test]
fn it_shows_the_start_it_was_moved_to() {
    assert_eq!(canceled([(2, demo(DEMO).set(SAM, 10)), (4, demo(DEMO).rescheduled(12)), (5, demo(DEMO).canceled())])[0].start, day(12));
}

#[test]
fn it_has_the_journeys_source_and_product_of_that_time() {
    let moved = dimensions(FIRST, HOME_SHOW, ROOFING);
    let back = dimensions(FIRST, RADIO, WINDOWS);
    let found = canceled([(2, demo(DEMO).set(SAM, 10)), (3, moved), (5, demo(DEMO).canceled()), (6, back)]);
    assert_eq!((found[0].source, found[0].product, found[0].category.as_deref()), (HOME_SHOW, ROOFING, None));
}

#[test]
fn each_demo_of_a_journey_is_canceled_for_itself() {
    let found = canceled([(2, demo(DEMO).set(SAM, 10)), (3, demo(DEMO).canceled()), (4, demo(NEXT_DEMO).set(KIM, 12)), (5, demo(NEXT_DEMO).canceled())]);
    assert_eq!(found.iter().map(|demo| (demo.meeting, demo.scheduler)).collect::<Vec<_>>(), [(DEMO, SAM), (NEXT_DEMO, KIM)]);
}

#[test]
fn a_rehash_visit_a_no_show_and_a_reschedule_are_no_canceled_demos() {
    let visit = Of(NEXT_DEMO, FIRST, MeetingKind::Rehash);
    assert_eq!(canceled([(2, visit.set(BEN, 10)), (3, visit.canceled())]), []);
    assert_eq!(canceled([(2, demo(DEMO).set(SAM, 10)), (3, demo(DEMO).issued(ANA, 10)), (10, demo(DEMO).resulted(MeetingResult::NoShow))]), []);
    assert_eq!(canceled([(2, demo(DEMO).set(SAM, 10)), (3, demo(DEMO).rescheduled(12))]), []);
}

#[test]
fn it_keeps_the_reason_of_the_list_and_the_note() {
    let told = demo(DEMO).canceled_for(CHANGED_THEIR_MIND, "calls again in May");
    let found = canceled([(2, demo(DEMO).set(SAM, 10)), (5, told)]);
    assert_eq!((found[0].reason_id, found[0].note.as_deref()), (Some(CHANGED_THEIR_MIND), Some("calls again in May")));
}

#[test]
fn an_erased_contact_leaves_its_canceled_demos_without_the_words() {
    let erased = ContactEvent::Erased { basis: domain::profile::EraseBasis::PersonAsked, journeys: vec![FIRST] };
    let found = canceled([(2, demo(DEMO).set(SAM, 10)), (5, demo(DEMO).canceled_for(CHANGED_THEIR_MIND, "calls again")), (6, erased.into())]);
    let kept = |demo: &CanceledDemo| (demo.reason.clone(), demo.note.clone(), demo.reason_id);
    assert_eq!(found.iter().map(kept).collect::<Vec<_>>(), [(None, None, Some(CHANGED_THEIR_MIND))]);
}

proptest! {
    /// Every row is an event of the log, and no event makes two.
    #[test]
    fn every_canceled_demo_has_an_event_of_its_own(history in any_history(40)) {
        let rows = fold::<CanceledDemos>(&history).into_values().flat_map(|rows| rows.canceled);
        let mut positions: Vec<i64> = rows.map(|demo| demo.position).collect();
        let count = positions.len();
        positions.sort_unstable();
        positions.dedup();
        prop_assert_eq!(positions.len(), count);
        let canceled = |position: &i64| matches!(&history[*position as usize - 1].fact, Fact::Meeting(MeetingEvent::Canceled { kind: MeetingKind::Demo, .. }));
        prop_assert!(positions.iter().all(canceled));
    }
}
