//! The time of reps: an issued meeting takes it, and nobody has two at once unless on purpose.

use super::{demo_is_confirmed, demo_is_issued, demo_is_set};
use crate::blueprint::ContactState;
use crate::claim::{REP_TIME, freed_by, shared_by, taken_by};
use crate::contact_file::Command;
use crate::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

const HALF_AN_HOUR_LATER: &str = "2026-03-03T23:30:00Z";

/// Tuesday's demo is issued to Ana, and a service visit half an hour after its beginning is confirmed.
fn two_at_once() -> Given {
    let visit = set_meeting(VISIT, MeetingKind::Other, HALF_AN_HOUR_LATER).with("type", SERVICE);
    demo_is_issued().did([visit, confirm(VISIT)])
}

fn overbooked_visit() -> Command {
    issue_because(VISIT, ANA, "same street").with("overbook", true)
}

#[test]
fn a_rep_has_no_two_meetings_at_once() {
    two_at_once().when(issue(VISIT, ANA)).then_refused_at(Code::RepBusy, "/rep");
    two_at_once().when(issue(VISIT, BEN).with("second_rep", ANA)).then_refused_at(Code::RepBusy, "/second_rep");
    two_at_once().when(issue(VISIT, ANA).with("second_rep", BEN)).then_refused_at(Code::RepBusy, "/rep");
    let with_ben = two_at_once().did([issue(VISIT, BEN)]);
    with_ben.when(issue_because(DEMO, BEN, "ill")).then_refused_at(Code::RepBusy, "/rep");
}

#[test]
fn overbooking_takes_time_beside_others_and_says_why() {
    let overbooked = || issue(DEMO, ANA).with("overbook", true);
    let told = || demo_issued(ANA).without("takes").with("shares", time_of(ANA, TUESDAY));
    demo_is_confirmed().when(overbooked()).then_refused_at(Code::FieldRequired, "/reason");
    demo_is_confirmed().when(overbooked().with("reason", "same street")).then([told().with("overbooked", line("same street"))]);
    demo_is_confirmed().by(Role::Importer).when(overbooked()).then([told().with("overbooked", line("not recorded"))]);
    demo_is_confirmed().when(issue(DEMO, ANA).with("overbook", false)).then([demo_issued(ANA)]);
    let moved = demo_reissued(BEN).without("takes").with("shares", time_of(BEN, TUESDAY)).with("overbooked", line("ill"));
    demo_is_issued().when(issue_because(DEMO, BEN, "ill").with("overbook", true)).then([moved]);
    let visit = MeetingEvent::Issued {
        meeting: VISIT,
        journey: FIRST,
        kind: MeetingKind::Other,
        rep: ANA,
        start: instant(HALF_AN_HOUR_LATER),
        unconfirmed: None,
        second_rep: None,
        takes: None,
        overbooked: Some(line("same street")),
        shares: Some(time_of(ANA, HALF_AN_HOUR_LATER)),
    };
    two_at_once().when(overbooked_visit()).then([facts([visit])]);
}

#[test]
fn what_one_meeting_frees_another_of_the_contact_keeps() {
    let both = two_at_once().did([overbooked_visit()]);
    let kept = |told: Facts| told.with("keeps", [time_of(ANA, HALF_AN_HOUR_LATER)]);
    let freeing = |told: Facts| kept(told.with("frees", time_of(ANA, TUESDAY)));
    both.clone().when(reschedule(DEMO, THURSDAY)).then([freeing(demo_rescheduled(THURSDAY))]);
    both.clone().when(issue_because(DEMO, BEN, "ill")).then([kept(demo_reissued(BEN))]);
    both.clone().at(TUESDAY).when(result(DEMO, MeetingResult::Sold)).then([kept(demo_resulted(MeetingResult::Sold))]);
    let canceled = freeing(meeting_canceled(DEMO, MeetingKind::Demo));
    both.clone().when(cancel(DEMO)).then([canceled, limit_started(FIRST, ContactState::AttemptedToSet, "2026-03-12T17:00:00Z")]);
    let left = both.did([cancel(DEMO)]);
    left.when(cancel(VISIT)).then([meeting_canceled(VISIT, MeetingKind::Other).with("frees", time_of(ANA, HALF_AN_HOUR_LATER))]);
}

#[test]
fn of_meetings_that_end_at_once_the_last_keeps_nothing() {
    let other = [add_other_product_rep(TUESDAY), confirm(OTHER_DEMO), issue_because(OTHER_DEMO, ANA, "same house").with("overbook", true)];
    let ended = demo_is_issued().did(other).when(opt_out()).decided();
    let kept: Vec<_> = ended.iter().filter(|fact| !freed_by(fact).is_empty()).map(|fact| half_hours(shared_by(fact)).len()).collect();
    assert_eq!(kept, [3, 0]);
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
    let overbooked = demo_issued(ANA).without("takes").with("shares", time_of(ANA, TUESDAY));
    assert_eq!((told(overbooked.clone()), half_hours(shared_by(&overbooked.list[0]))), ((vec![], vec![]), of(ANA, [0, 1, 2])));
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
