//! The time of reps: an issued meeting takes it, and nobody has two at once unless on purpose.

use super::{demo_is_confirmed, demo_is_issued, demo_is_set};
use crate::blueprint::ContactState;
use crate::claim::{REP_TIME, freed_by, taken_by, taken_if_free_by};
use crate::meeting::{MeetingKind, MeetingResult};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// Wednesday's demo of Ana's is confirmed, and so is a service visit half an hour after its beginning.
fn two_at_once() -> Given {
    let visit = set_meeting(VISIT, MeetingKind::Other, "2026-03-03T23:30:00Z").with("type", SERVICE);
    demo_is_issued().did([visit, confirm(VISIT)])
}

#[test]
fn a_rep_has_no_two_meetings_at_once() {
    two_at_once().when(issue(VISIT, ANA)).then_refused_at(Code::RepBusy, "/rep");
    two_at_once().when(issue(VISIT, BEN).with("second_rep", ANA)).then_refused_at(Code::RepBusy, "/rep");
    let with_ben = two_at_once().did([issue(VISIT, BEN)]);
    with_ben.when(issue_because(DEMO, BEN, "ill")).then_refused_at(Code::RepBusy, "/rep");
}

#[test]
fn overbooking_takes_only_what_is_free_and_says_why() {
    let overbooked = || issue(DEMO, ANA).with("overbook", true);
    let told = || demo_issued(ANA).without("takes").with("takes_if_free", time_of(ANA, TUESDAY));
    demo_is_confirmed().when(overbooked()).then_refused_at(Code::FieldRequired, "/reason");
    demo_is_confirmed().when(overbooked().with("reason", "same street")).then([told().with("overbooked", line("same street"))]);
    demo_is_confirmed().by(Role::Importer).when(overbooked()).then([told().with("overbooked", line("not recorded"))]);
    demo_is_confirmed().when(issue(DEMO, ANA).with("overbook", false)).then([demo_issued(ANA)]);
    let moved = demo_reissued(BEN).without("takes").with("takes_if_free", time_of(BEN, TUESDAY)).with("overbooked", line("ill"));
    demo_is_issued().when(issue_because(DEMO, BEN, "ill").with("overbook", true)).then([moved]);
    let both = two_at_once().did([issue_because(VISIT, ANA, "same street").with("overbook", true)]);
    assert!(both.file.meetings[&VISIT].takes.is_none(), "the contact's own meetings share the time");
}

#[test]
fn what_is_moved_canceled_given_away_or_held_frees_its_time() {
    for freed in [reschedule(DEMO, THURSDAY), cancel(DEMO), issue_because(DEMO, BEN, "ill")] {
        two_at_once().did([freed, issue(VISIT, ANA)]);
    }
    let held = two_at_once().at(TUESDAY).did([result(DEMO, MeetingResult::NoShow)]);
    held.did([issue(VISIT, ANA)]);
}

#[test]
fn a_meeting_without_a_length_takes_ninety_minutes() {
    let set = set_demo(TUESDAY).without("length_minutes");
    let imported = given([added()]).by(Role::Importer).did([set, confirm(DEMO)]);
    imported.when(issue(DEMO, ANA)).then([demo_issued(ANA)]);
}

/// The values of claims, as the half hours they are about.
fn half_hours(claims: Vec<crate::claim::Claim>) -> Vec<String> {
    assert!(claims.iter().all(|claim| claim.kind == REP_TIME));
    claims.into_iter().map(|claim| claim.value).collect()
}

#[test]
fn every_half_hour_that_a_meeting_touches_is_claimed_and_let_go() {
    let first = instant(TUESDAY).micros() / 1_800_000_000;
    let of = |rep, slots: [i64; 3]| slots.map(|slot| format!("{rep}/{}", first + slot)).to_vec();
    let told = |facts: Facts| (half_hours(taken_by(&facts.list[0])), half_hours(freed_by(&facts.list[0])));
    assert_eq!(told(demo_issued(ANA)), (of(ANA, [0, 1, 2]), vec![]));
    let overbooked = demo_issued(ANA).without("takes").with("takes_if_free", time_of(ANA, TUESDAY));
    assert_eq!((told(overbooked.clone()), half_hours(taken_if_free_by(&overbooked.list[0]))), ((vec![], vec![]), of(ANA, [0, 1, 2])));
    assert_eq!(told(demo_reissued(BEN)), (of(BEN, [0, 1, 2]), of(ANA, [0, 1, 2])));
    assert_eq!(told(demo_resulted(MeetingResult::Sold)), (vec![], of(ANA, [0, 1, 2])));
    let odd = crate::meeting::RepTime { minutes: 31, start: instant("2026-03-03T23:20:00Z"), ..time_of(ANA, TUESDAY) };
    assert_eq!(told(demo_issued(ANA).with("takes", odd)), (of(ANA, [0, 1, 2])[..2].to_vec(), vec![]));
}

#[test]
fn facts_of_before_claim_nothing_and_free_nothing() {
    let before = |facts: Facts| (taken_by(&facts.list[0]), freed_by(&facts.list[0]));
    let issued = demo_issued(ANA).without("takes");
    assert_eq!(before(issued.clone()), (vec![], vec![]));
    assert_eq!(before(demo_rescheduled(WEDNESDAY)), (vec![], vec![]));
    let mut old = demo_is_set();
    issued.list.iter().for_each(|fact| old.file.evolve(fact, instant(MONDAY)));
    let limit = limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z");
    old.when(cancel(DEMO)).then([meeting_canceled(DEMO, MeetingKind::Demo), limit]);
}
