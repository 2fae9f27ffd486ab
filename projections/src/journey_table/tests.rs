//! The edges of METRICS C.10 that the commands of today reach, and what figures saw at any time before.

use domain::figure::MovementKind;
use domain::id::PersonId;
use domain::journey::{Origin, Outcome};
use domain::meeting::{CountsAs, MeetingKind, MeetingResult};
use domain::{Fact, Instant};
use proptest::prelude::*;

use super::*;
use crate::testing::*;

/// A new journey of the first of March, and what happened afterwards.
fn given(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<Happened> {
    let opening = (1, opened(FIRST, Origin::New, WINDOWS));
    history(std::iter::once(opening).chain(told))
}

/// A demo set by Sam for the tenth, confirmed and issued to Ana.
fn issued() -> Vec<(u32, Fact)> {
    vec![(2, demo(DEMO).set(SAM, 10)), (3, demo(DEMO).confirmed()), (4, demo(DEMO).issued(ANA, 10))]
}

/// What happened after [`issued`].
fn after_issue(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<Happened> {
    given(issued().into_iter().chain(told))
}

/// An issued demo that sold for 10,000.00, and what happened afterwards.
fn after_sale(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<Happened> {
    let sale = [(10, demo(DEMO).resulted(MeetingResult::Sold)), (11, sold(SALE, 1_000_000, true))];
    after_issue(sale.into_iter().chain(told))
}

fn row_of(history: &[Happened], journey: JourneyId) -> JourneyRow {
    fold::<JourneyTable>(history)[&(journey, ELM_STREET)].current.clone().unwrap().standing.row
}

/// What the three indexes make of the first journey: who set it and when, who has it and when the demo is, for how much.
#[derive(Debug, PartialEq)]
struct Counted {
    set: Option<(PersonId, Instant)>,
    issued: Option<(PersonId, Instant)>,
    net_sold_minor: i64,
}

fn counted(row: &JourneyRow) -> Counted {
    Counted { set: row.scheduler.zip(row.set_at), issued: row.rep.zip(row.meeting_at), net_sold_minor: row.net_sold_minor }
}

fn then(history: Vec<Happened>, set: Option<(PersonId, u32)>, issued: Option<(PersonId, u32)>, net_sold_minor: i64) {
    let on = |(person, on): (PersonId, u32)| (person, day(on));
    let row = row_of(&history, FIRST);
    assert_eq!(counted(&row), Counted { set: set.map(on), issued: issued.map(on), net_sold_minor });
    assert_eq!((row.opened_at, row.origin), (day(1), Origin::New), "a lead added stays added");
}

/// The row as it stood at an instant.
fn as_of(history: &[Happened], at: Instant) -> Option<JourneyRow> {
    known(history, at, Instant::parse("2199-01-01T00:00:00Z").unwrap())
}

/// The row as it stood at an instant, as far as was recorded by another.
fn known(history: &[Happened], at: Instant, by: Instant) -> Option<JourneyRow> {
    let rows = fold::<JourneyTable>(history).remove(&(FIRST, ELM_STREET)).unwrap_or_default();
    let begun = |since: &Since| since.valid_from <= at && since.known_from <= by;
    let mut closed = rows.closed.into_iter().filter(|version| begun(&version.standing.since) && (version.valid_until > at || version.known_until > by));
    let found = closed.next().map(|version| version.standing);
    assert_eq!(closed.next(), None, "it stood in one way");
    let current = rows.current.map(|current| current.standing).filter(|standing| begun(&standing.since));
    found.or(current).map(|standing| standing.row)
}

#[test]
fn a_demo_canceled_before_issue_stays_set_and_was_never_issued() {
    then(given([(2, demo(DEMO).set(SAM, 10)), (5, demo(DEMO).canceled())]), Some((SAM, 2)), None, 0);
}

#[test]
fn a_demo_canceled_after_issue_stays_set_and_is_no_longer_issued() {
    then(after_issue([]), Some((SAM, 2)), Some((ANA, 10)), 0);
    then(after_issue([(5, demo(DEMO).canceled())]), Some((SAM, 2)), None, 0);
}

#[test]
fn set_again_by_another_scheduler_it_moves_to_them_and_their_time() {
    then(after_issue([(5, demo(DEMO).canceled()), (6, demo(NEXT_DEMO).set(KIM, 20))]), Some((KIM, 6)), None, 0);
}

#[test]
fn rescheduled_it_is_not_issued_until_it_is_issued_again() {
    let moved = vec![(5, demo(DEMO).rescheduled(15))];
    then(after_issue(moved.clone()), Some((SAM, 2)), None, 0);
    let again = [(6, demo(DEMO).confirmed()), (7, demo(DEMO).issued(ANA, 15))];
    then(after_issue(moved.into_iter().chain(again)), Some((SAM, 2)), Some((ANA, 15)), 0);
}

#[test]
fn issued_to_another_rep_it_counts_for_the_last_one_only() {
    let history = after_issue([(5, demo(DEMO).reissued(BEN, 10))]);
    assert_eq!(row_of(&history, FIRST).issued_at, Some(day(5)));
    then(history, Some((SAM, 2)), Some((BEN, 10)), 0);
}

/// As the company's second version of meanings has it.
fn counting(issued: bool, demoed: bool) -> Option<CountsAs> {
    Some(CountsAs { issued, demoed, version: 2 })
}

#[test]
fn a_result_counts_as_the_company_said_when_it_was_entered() {
    let history = after_issue([(10, demo(DEMO).counted(MeetingResult::OneLeg, counting(true, true)))]);
    assert!(row_of(&history, FIRST).demoed);
    let history = after_issue([(10, demo(DEMO).counted(MeetingResult::Sold, counting(true, false)))]);
    assert!(!row_of(&history, FIRST).demoed);
    then(history, Some((SAM, 2)), Some((ANA, 10)), 0);
    then(after_issue([(10, demo(DEMO).counted(MeetingResult::NoShow, counting(false, false)))]), Some((SAM, 2)), None, 0);
}

#[test]
fn a_demo_that_does_not_count_as_issued_gives_way_to_the_one_before_it() {
    let again = [(11, demo(NEXT_DEMO).set(KIM, 20)), (12, demo(NEXT_DEMO).issued(BEN, 20))];
    let no_show = (20, demo(NEXT_DEMO).counted(MeetingResult::NoShow, counting(false, false)));
    let history = after_issue([(10, demo(DEMO).resulted(MeetingResult::OneLeg))].into_iter().chain(again).chain([no_show]));
    then(history, Some((KIM, 11)), Some((ANA, 10)), 0);
}

#[test]
fn a_corrected_result_holds_from_its_correction_on() {
    let wrong = (10, demo(DEMO).counted(MeetingResult::NoShow, counting(false, false)));
    let history = after_issue([wrong, (12, demo(DEMO).corrected(MeetingResult::NoShow, MeetingResult::DemoedNotSold, None))]);
    let row = row_of(&history, FIRST);
    assert_eq!((row.result, row.demoed, row.rep), (Some(MeetingResult::DemoedNotSold), true, Some(ANA)));
    assert_eq!(as_of(&history, day(11)).map(|row| (row.result, row.rep)), Some((None, None)));
    let back = [(10, demo(DEMO).resulted(MeetingResult::Sold)), (12, demo(DEMO).corrected(MeetingResult::Sold, MeetingResult::NoShow, None))];
    assert!(!row_of(&after_issue(back), FIRST).demoed);
}

#[test]
fn no_show_one_leg_and_not_demoed_are_issued_and_not_demoed() {
    for result in [MeetingResult::NoShow, MeetingResult::OneLeg, MeetingResult::NotDemoed] {
        let history = after_issue([(10, demo(DEMO).resulted(result))]);
        assert!(!row_of(&history, FIRST).demoed);
        then(history, Some((SAM, 2)), Some((ANA, 10)), 0);
    }
    assert!(row_of(&after_issue([(10, demo(DEMO).resulted(MeetingResult::DemoedNotSold))]), FIRST).demoed);
}

#[test]
fn a_one_leg_lead_set_and_issued_again_is_one_lead_of_the_last_rep() {
    let again = vec![(10, demo(DEMO).resulted(MeetingResult::OneLeg)), (11, demo(NEXT_DEMO).set(KIM, 20)), (12, demo(NEXT_DEMO).issued(BEN, 20))];
    then(after_issue(again.clone()), Some((KIM, 11)), Some((BEN, 20)), 0);
    // And the first demo, which still stands, governs again when the second is canceled.
    let history = after_issue(again.into_iter().chain([(13, demo(NEXT_DEMO).canceled())]));
    assert_eq!(row_of(&history, FIRST).result, Some(MeetingResult::OneLeg));
    then(history, Some((KIM, 11)), Some((ANA, 10)), 0);
}

#[test]
fn a_rehash_sale_is_money_for_the_journeys_own_scheduler_and_rep() {
    let visit = Of(NEXT_DEMO, FIRST, MeetingKind::Rehash);
    let told = [
        (10, demo(DEMO).resulted(MeetingResult::DemoedNotSold)),
        (11, rehash_assigned(BEN)),
        (12, visit.set(BEN, 20)),
        (20, visit.resulted(MeetingResult::Sold)),
        (20, sold(SALE, 900_000, true)),
        (21, approved(SALE)),
    ];
    let history = after_issue(told);
    assert_eq!(row_of(&history, FIRST).rehash_rep, Some(BEN));
    then(history, Some((SAM, 2)), Some((ANA, 10)), 900_000);
}

#[test]
fn another_product_and_a_return_are_leads_of_their_own() {
    for (origin, product) in [(Origin::OtherProduct, ROOFING), (Origin::Remarket, WINDOWS)] {
        let own = Of(NEXT_DEMO, SECOND, MeetingKind::Demo);
        let history = after_issue([(5, opened(SECOND, origin, product)), (5, own.set(KIM, 12)), (6, own.issued(BEN, 12))]);
        let second = row_of(&history, SECOND);
        assert_eq!((second.opened_at, second.origin, second.product), (day(5), origin, product));
        assert_eq!(counted(&second), Counted { set: Some((KIM, day(5))), issued: Some((BEN, day(12))), net_sold_minor: 0 });
        then(history, Some((SAM, 2)), Some((ANA, 10)), 0);
    }
}

#[test]
fn money_counts_while_the_sale_is_official_and_not_canceled() {
    let both = |net, history| then(history, Some((SAM, 2)), Some((ANA, 10)), net);
    let refused = vec![(12, not_approved(SALE))];
    let back = [(13, moved_back(SALE)), (14, approved(SALE))];
    both(0, after_sale([]));
    both(0, after_sale(refused.clone()));
    both(0, after_sale(refused.iter().cloned().chain(back[..1].iter().cloned())));
    both(1_000_000, after_sale(refused.into_iter().chain(back)));
    both(1_000_000, after_sale([(12, approved(SALE))]));
    both(0, after_sale([(12, approved(SALE)), (20, sale_canceled(SALE))]));
    both(0, after_sale([(12, approved(SALE)), (20, sale_canceled(SALE)), (20, fee(SALE))]));
    both(1_000_000, after_sale([(12, approved(SALE)), (20, sale_canceled(SALE)), (25, reactivated(SALE))]));
    both(1_000_000, after_sale([(12, approved(SALE)), (13, rep_changed(SALE, BEN))]));
}

#[test]
fn a_sale_that_waits_for_approval_is_pending() {
    assert_eq!(row_of(&after_sale([]), FIRST).pending_minor, 1_000_000);
    assert_eq!(row_of(&after_sale([(12, approved(SALE))]), FIRST).pending_minor, 0);
}

#[test]
fn change_orders_change_net_sold_whenever_they_are_approved() {
    let ordered = |amount| after_sale([(12, approved(SALE)), (12, closed(FIRST, Outcome::Sold)), (30, change_order(SALE, amount))]);
    then(ordered(50_000), Some((SAM, 2)), Some((ANA, 10)), 1_050_000);
    then(ordered(-50_000), Some((SAM, 2)), Some((ANA, 10)), 950_000);
}

#[test]
fn a_reversed_change_order_is_as_if_it_had_not_been() {
    let told = [(12, approved(SALE)), (20, change_order(SALE, 50_000)), (30, change_order_reversed(SALE, -50_000))];
    let history = after_sale(told);
    assert_eq!(as_of(&history, day(29)).unwrap().net_sold_minor, 1_050_000);
    then(history, Some((SAM, 2)), Some((ANA, 10)), 1_000_000);
}

#[test]
fn a_sale_rescinded_before_it_was_approved_is_no_longer_pending() {
    let row = row_of(&after_sale([(12, sale_canceled(SALE))]), FIRST);
    assert_eq!((row.net_sold_minor, row.pending_minor), (0, 0));
}

#[test]
fn what_is_posted_and_done_for_a_sale_moves_no_figure() {
    let before = after_sale([(12, approved(SALE))]);
    let after = after_sale([(12, approved(SALE)), (13, entry_posted(SALE, -500)), (14, balance_fell_due(SALE))]);
    assert_eq!(row_of(&before, FIRST), row_of(&after, FIRST));
}

#[test]
fn two_sales_of_a_journey_are_summed() {
    let history = after_sale([(12, approved(SALE)), (13, sold(SECOND_SALE, 300_000, true)), (14, approved(SECOND_SALE))]);
    then(history, Some((SAM, 2)), Some((ANA, 10)), 1_300_000);
}

#[test]
fn a_direct_sale_counts_for_the_source_and_for_nobody_who_set_or_sold() {
    then(given([(2, sold(SALE, 400_000, false))]), None, None, 400_000);
}

#[test]
fn an_open_journey_follows_its_source() {
    let row = row_of(&given([(2, dimensions(FIRST, HOME_SHOW, ROOFING))]), FIRST);
    assert_eq!((row.source, row.product), (HOME_SHOW, ROOFING));
}

#[test]
fn a_correction_after_the_end_changes_nothing() {
    // No event reaches the journey then: the contact's own correction is not its business.
    let history = given([(2, closed(FIRST, Outcome::Lost)), (3, domain::profile::ContactEvent::SourceChanged { source: HOME_SHOW }.into())]);
    assert_eq!(row_of(&history, FIRST).source, RADIO);
}

#[test]
fn the_outcome_is_revised_and_the_end_stays() {
    let history =
        after_sale([(12, approved(SALE)), (12, closed(FIRST, Outcome::Sold)), (20, sale_canceled(SALE)), (20, revised(FIRST, Outcome::SoldCanceled))]);
    let row = row_of(&history, FIRST);
    assert_eq!((row.end, row.closed_at, row.is_open()), (Some(End::With(Outcome::SoldCanceled)), Some(day(12)), false));
}

#[test]
fn a_figure_of_a_past_instant_sees_what_was_so_then() {
    let history = after_sale([(12, approved(SALE)), (20, sale_canceled(SALE)), (25, reactivated(SALE))]);
    let net = |on| as_of(&history, day(on)).map(|row| row.net_sold_minor);
    assert_eq!([11, 12, 19, 20, 24, 25, 31].map(net), [0, 1_000_000, 1_000_000, 0, 0, 1_000_000, 1_000_000].map(Some));
    assert_eq!(as_of(&history, Instant::new(day(1).utc() - chrono::TimeDelta::microseconds(1))), None, "it had not opened");
    assert_eq!(as_of(&history, day(3)).unwrap().rep, None);
    assert_eq!(as_of(&history, day(4)).unwrap().rep, Some(ANA));
}

#[test]
fn what_stood_for_no_time_is_kept_for_it_was_known() {
    let history = given([(1, demo(DEMO).set(SAM, 10)), (1, demo(DEMO).issued(ANA, 10)), (5, demo(DEMO).canceled())]);
    let rows = fold::<JourneyTable>(&history).remove(&(FIRST, ELM_STREET)).unwrap();
    assert_eq!(rows.closed.len(), 3);
    assert_eq!((rows.closed[1].standing.since.valid_from, rows.closed[1].valid_until, rows.closed[1].standing.row.rep), (day(1), day(1), None));
    assert_eq!(known(&history, day(1), history[1].recorded_at).unwrap().rep, None);
    let Version { standing, valid_until, known_until } = &rows.closed[2];
    assert_eq!((standing.row.rep, standing.since.valid_from, standing.since.position), (Some(ANA), day(1), 3));
    assert_eq!((*valid_until, *known_until), (day(5), history[3].recorded_at));
}

#[test]
fn events_that_change_no_row_leave_no_version() {
    let history = given([(2, demo(DEMO).confirmed()), (3, fee(SALE)), (4, dimensions(FIRST, RADIO, WINDOWS)), (5, dimensions(FIRST, RADIO, WINDOWS))]);
    let rows = fold::<JourneyTable>(&history).remove(&(FIRST, ELM_STREET)).unwrap();
    assert_eq!(rows.closed.len(), 1, "only the category went");
}

#[test]
fn facts_about_a_journey_that_never_opened_make_no_row() {
    let rows = fold::<JourneyTable>(&history([(1, demo(DEMO).set(SAM, 3)), (2, sold(SALE, 5, false))]));
    assert!(rows.values().all(|rows| *rows == Rows::default()));
}

proptest! {
    /// Whatever happens, a row that is asked for as of now and one that is folded from what had happened by then agree.
    #[test]
    fn a_past_row_is_the_row_of_the_past(history in any_history(40), on in 1..31u32) {
        let by_then: Vec<Happened> = history.iter().filter(|happened| happened.occurred_at <= day(on)).cloned().collect();
        let folded = fold::<JourneyTable>(&by_then).remove(&(FIRST, ELM_STREET)).and_then(|rows| rows.current).map(|current| current.standing.row);
        prop_assert_eq!(as_of(&history, day(on)), folded);
    }

    /// The same, as far as was recorded by then.
    #[test]
    fn a_row_as_it_was_known_is_the_row_of_what_was_recorded(history in any_history(40), on in 1..31u32, recorded in 0..40usize) {
        let Some(by) = history.get(recorded).map(|happened| happened.recorded_at) else { return Ok(()) };
        let by_then: Vec<Happened> = history.iter().filter(|happened| happened.occurred_at <= day(on) && happened.recorded_at <= by).cloned().collect();
        let folded = fold::<JourneyTable>(&by_then).remove(&(FIRST, ELM_STREET)).and_then(|rows| rows.current).map(|current| current.standing.row);
        prop_assert_eq!(known(&history, day(on), by), folded);
    }

    /// Versions follow each other without a gap and without an overlap, up to the row that stands.
    #[test]
    fn versions_follow_each_other(history in any_history(40)) {
        for rows in fold::<JourneyTable>(&history).into_values() {
            let ends = rows.closed.iter().map(|version| version.valid_until);
            let begins = rows.closed.iter().map(|version| version.standing.since).chain(rows.current.iter().map(|current| current.standing.since)).skip(1);
            prop_assert!(ends.eq(begins.map(|since| since.valid_from)));
            prop_assert!(rows.closed.iter().all(|version| version.standing.since.valid_from <= version.valid_until));
            prop_assert!(rows.closed.iter().all(|version| version.standing.since.known_from < version.known_until));
        }
    }

    /// What is folded one by one, writing and forgetting in between, is what is folded at once.
    #[test]
    fn batches_of_any_size_give_the_same_rows(history in any_history(40), size in 1..10usize) {
        let whole = fold::<JourneyTable>(&history);
        let mut parts: std::collections::BTreeMap<_, Rows> = Default::default();
        let mut closed: std::collections::BTreeMap<_, Vec<Version>> = Default::default();
        for part in history.chunks(size) {
            for happened in part {
                for key in JourneyTable::keys(happened) {
                    let rows = parts.remove(&key).unwrap_or_default();
                    parts.insert(key, JourneyTable::evolve(&key, rows, happened));
                }
            }
            for (key, rows) in &mut parts {
                closed.entry(*key).or_default().append(&mut rows.closed);
            }
        }
        for (key, rows) in whole {
            prop_assert_eq!(&rows.current, &parts[&key].current);
            prop_assert_eq!(&rows.closed, &closed[&key]);
        }
    }
}

/// A spell of a demo: the demo, from which day until which, its rep, and whether it was canceled.
type DemoSpell = (MeetingId, Instant, Option<Instant>, Option<PersonId>, bool);

/// The spells of the first journey's demos.
fn spells_of_demos(history: &[Happened]) -> Vec<DemoSpell> {
    let rows = &fold::<JourneyTable>(history)[&(FIRST, ELM_STREET)];
    let told = |spell: &Spell<DemoRow>| {
        (spell.row.meeting, spell.since.valid_from, spell.until.map(|until| until.valid), spell.row.demo.rep, spell.row.demo.canceled_at.is_some())
    };
    rows.demos.iter().map(told).collect()
}

#[test]
fn a_demo_has_a_row_for_each_spell_in_which_it_stood_so() {
    let history = after_issue([(5, demo(DEMO).canceled()), (6, demo(NEXT_DEMO).set(KIM, 12)), (7, demo(NEXT_DEMO).rescheduled(14))]);
    let expected = [
        (DEMO, day(2), Some(day(4)), None, false),
        (DEMO, day(4), Some(day(5)), Some(ANA), false),
        (DEMO, day(5), None, Some(ANA), true),
        (NEXT_DEMO, day(6), Some(day(7)), None, false),
        (NEXT_DEMO, day(7), None, None, false),
    ];
    assert_eq!(spells_of_demos(&history), expected);
}

#[test]
fn demos_follow_the_source_of_their_journey_and_leave_with_it() {
    let moved = after_issue([(5, dimensions(FIRST, HOME_SHOW, ROOFING))]);
    let rows = &fold::<JourneyTable>(&moved)[&(FIRST, ELM_STREET)];
    let last = rows.demos.iter().last().unwrap();
    assert_eq!((last.row.source, last.row.product, last.since.valid_from, last.until), (HOME_SHOW, ROOFING, day(5), None));
    let voided = after_issue([(5, JourneyEvent::Voided { journey: FIRST, reason: domain::text::Line::try_new("twice").unwrap().into() }.into())]);
    assert_eq!(spells_of_demos(&voided).last(), Some(&(DEMO, day(4), Some(day(5)), Some(ANA), false)));
}

/// What stands of the first journey's movements: kind, amount, date, rep, and whether the sale counts.
fn movements_now(history: &[Happened]) -> Vec<(MovementKind, i64, Instant, PersonId, bool)> {
    let rows = &fold::<JourneyTable>(history)[&(FIRST, ELM_STREET)];
    let standing = rows.movements.iter().filter(|spell| spell.until.is_none()).map(|spell| &spell.row);
    standing.map(|row| (row.movement.kind, row.movement.amount_minor, row.movement.dated_at, row.rep, row.official)).collect()
}

#[test]
fn a_sale_moves_on_its_own_dates_once_it_is_official() {
    use MovementKind::*;
    let then = |told: Vec<(u32, Fact)>| movements_now(&after_sale(told));
    assert_eq!(then(vec![]), [(Sold, 1_000_000, day(1), ANA, false)], "it waits");
    assert_eq!(then(vec![(12, not_approved(SALE))]), []);
    let dated = moved_back_to();
    assert_eq!(then(vec![(12, not_approved(SALE)), (13, moved_back(SALE)), (14, approved(SALE))]), [(Sold, 1_000_000, dated, ANA, true)]);
    let after =
        then(vec![(12, approved(SALE)), (13, change_order(SALE, -1)), (14, sale_canceled(SALE)), (15, reactivated(SALE)), (16, rep_changed(SALE, BEN))]);
    let kinds: Vec<_> = after.iter().map(|(kind, .., rep, official)| (*kind, *rep, *official)).collect();
    assert_eq!(kinds, [Sold, ChangeOrder, Canceled, Reactivated].map(|kind| (kind, BEN, true)));
}

/// The sign date that [`moved_back`] gives.
fn moved_back_to() -> Instant {
    match moved_back(SALE) {
        Fact::Sale(SaleEvent::MovedBackToSold { signed_at, .. }) => signed_at,
        other => panic!("{other:?}"),
    }
}
