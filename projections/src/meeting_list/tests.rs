//! What the meeting list shows of each meeting, whatever became of it.

use domain::Fact;
use domain::journey::{Origin, Outcome};
use domain::meeting::{CountsAs, MeetingKind, MeetingResult};
use proptest::prelude::*;

use super::*;
use crate::testing::*;

fn meetings(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<MeetingRow> {
    let opening = (1, opened(FIRST, Origin::New, WINDOWS));
    let history = history(std::iter::once(opening).chain(told));
    fold::<MeetingList>(&history).into_values().flat_map(|rows| rows.meetings.into_values()).map(|current| current.row).collect()
}

fn just_set() -> MeetingRow {
    MeetingRow {
        journey: FIRST,
        contact: ELM_STREET,
        meeting: DEMO,
        kind: MeetingKind::Demo,
        meeting_type: None,
        confirm_and_issue: true,
        state: MeetingState::Set,
        state_since: day(2),
        start: day(10),
        length_minutes: None,
        scheduler: SAM,
        rep: None,
        second_rep: None,
        result: None,
        demoed: false,
        source: RADIO,
        product: WINDOWS,
        set_at: day(2),
        confirmed_at: None,
        issued_at: None,
        ended_at: None,
    }
}

fn set() -> (u32, Fact) {
    (2, demo(DEMO).set(SAM, 10))
}

#[test]
fn a_meeting_is_listed_from_the_moment_it_is_set() {
    assert_eq!(meetings([set()]), [just_set()]);
}

#[test]
fn s0_21_a_held_demo_shows_every_step_it_took() {
    let told = [set(), (3, demo(DEMO).confirmed()), (4, demo(DEMO).issued(ANA, 10)), (10, demo(DEMO).resulted(MeetingResult::DemoedNotSold))];
    let held = MeetingRow {
        state: MeetingState::Completed,
        state_since: day(10),
        rep: Some(ANA),
        result: Some(MeetingResult::DemoedNotSold),
        demoed: true,
        confirmed_at: Some(day(3)),
        issued_at: Some(day(4)),
        ended_at: Some(day(10)),
        ..just_set()
    };
    assert_eq!(meetings(told), [held]);
}

#[test]
fn s0_21_a_canceled_demo_stays_on_the_list_without_its_rep() {
    let told = [set(), (3, demo(DEMO).confirmed()), (4, demo(DEMO).issued(ANA, 10)), (5, demo(DEMO).canceled())];
    let canceled = MeetingRow { state: MeetingState::Canceled, state_since: day(5), confirmed_at: Some(day(3)), ended_at: Some(day(5)), ..just_set() };
    assert_eq!(meetings(told), [canceled]);
}

#[test]
fn s0_21_a_moved_demo_is_one_row_that_is_set_again() {
    let told = [set(), (3, demo(DEMO).confirmed()), (4, demo(DEMO).issued(ANA, 10)), (5, demo(DEMO).rescheduled(12))];
    assert_eq!(meetings(told), [MeetingRow { state_since: day(5), start: day(12), ..just_set() }]);
}

#[test]
fn a_demo_that_goes_to_another_rep_stands_issued_as_long_as_before() {
    let told = [set(), (3, demo(DEMO).issued(ANA, 10)), (4, demo(DEMO).reissued(BEN, 10))];
    let issued = MeetingRow { state: MeetingState::Issued, state_since: day(3), rep: Some(BEN), issued_at: Some(day(4)), ..just_set() };
    assert_eq!(meetings(told), [issued]);
}

#[test]
fn s0_31_a_result_counts_as_the_company_laid_down() {
    let demoed = |counts_as| meetings([set(), (3, demo(DEMO).issued(ANA, 10)), (10, demo(DEMO).counted(MeetingResult::FollowUp, counts_as))])[0].demoed;
    assert!(!demoed(None));
    assert!(demoed(Some(CountsAs { issued: true, demoed: true, version: 2 })));
    let visit = Of(NEXT_DEMO, FIRST, MeetingKind::Rehash);
    let found = meetings([(2, visit.set(BEN, 10)), (10, visit.resulted(MeetingResult::Sold))]);
    assert_eq!((found[0].confirm_and_issue, found[0].result, found[0].demoed), (false, Some(MeetingResult::Sold), false));
}

#[test]
fn a_corrected_result_ended_the_demo_when_the_first_one_did() {
    let issued = [set(), (3, demo(DEMO).issued(ANA, 10)), (10, demo(DEMO).resulted(MeetingResult::Sold))];
    let found = meetings(issued.into_iter().chain([(12, demo(DEMO).corrected(MeetingResult::Sold, MeetingResult::NoShow, None))]));
    assert_eq!((found[0].result, found[0].demoed, found[0].ended_at, found[0].state_since), (Some(MeetingResult::NoShow), false, Some(day(10)), day(10)));
}

#[test]
fn s0_19_all_meetings_of_an_open_journey_follow_its_source_and_product() {
    let told = [set(), (3, demo(DEMO).canceled()), (4, demo(NEXT_DEMO).set(KIM, 12)), (5, dimensions(FIRST, HOME_SHOW, ROOFING))];
    let found = meetings(told);
    let shown: Vec<_> = found.iter().map(|row| (row.meeting, row.source, row.product, row.state)).collect();
    assert_eq!(shown, [(DEMO, HOME_SHOW, ROOFING, MeetingState::Canceled), (NEXT_DEMO, HOME_SHOW, ROOFING, MeetingState::Set)]);
    // A later one begins with what the journey is about by then, also when the journey has ended.
    let later = meetings([(3, dimensions(FIRST, HOME_SHOW, ROOFING)), (4, closed(FIRST, Outcome::Sold)), (5, demo(DEMO).set(SAM, 10))]);
    assert_eq!((later[0].source, later[0].product), (HOME_SHOW, ROOFING));
}

#[test]
fn only_what_changed_is_written() {
    let told = [(1, opened(FIRST, Origin::New, WINDOWS)), set(), (3, demo(NEXT_DEMO).set(KIM, 12))];
    let rows = fold::<MeetingList>(&history(told)).remove(&(FIRST, ELM_STREET)).unwrap();
    let after = MeetingList::evolve(&(FIRST, ELM_STREET), MeetingList::settled(rows), &history([(4, demo(DEMO).confirmed())])[0]);
    assert_eq!((after.moved, after.changed), (false, BTreeSet::from([DEMO])));
}

proptest! {
    /// The list shows what the decider guards with: one fold for both. Nothing personal is kept in it.
    #[test]
    fn it_stands_where_the_rules_say(history in any_history(40)) {
        let opened = |journey: &JourneyId| history.iter().position(|happened| matches!(&happened.fact, Fact::Journey(JourneyEvent::Opened { journey: begun, .. }) if begun == journey));
        let mut meetings: BTreeMap<(JourneyId, MeetingId), Meeting> = BTreeMap::new();
        for (at, happened) in history.iter().enumerate() {
            let Fact::Meeting(event) = &happened.fact else { continue };
            if opened(&event.journey()).is_some_and(|opened| opened < at) {
                let key = (event.journey(), event.meeting());
                if let Some(meeting) = Meeting::set(event).or_else(|| meetings.remove(&key).map(|meeting| meeting.evolve(event))) {
                    meetings.insert(key, meeting);
                }
            }
        }
        let rows = fold::<MeetingList>(&history);
        let listed: BTreeMap<_, _> = rows.values().flat_map(|rows| rows.meetings.values()).map(|current| ((current.row.journey, current.row.meeting), current)).collect();
        prop_assert_eq!(listed.keys().collect::<Vec<_>>(), meetings.keys().collect::<Vec<_>>());
        for (key, current) in listed {
            prop_assert_eq!(&current.meeting, &meetings[&key]);
            prop_assert_eq!((current.row.state, current.row.start, current.row.rep), (current.meeting.state, current.meeting.start, current.meeting.rep));
            prop_assert_eq!(current.row.ended_at.is_some(), !current.meeting.is_open());
        }
    }
}
