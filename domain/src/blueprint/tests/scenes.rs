//! One contact in each situation that the tables tell apart.

use crate::contact_file::Command;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::sale::{EntryKind, JobStanding};
use crate::testing::*;

/// Histories, and for each the last business time in them.
pub fn scenes() -> Vec<Given> {
    let scene = |commands: &[Command]| given([]).did([add_contact()]).did(commands.iter().cloned());
    let later = |given: Given, commands: &[Command]| given.at(THURSDAY).did(commands.iter().cloned());
    let issued = || scene(&[set_demo(TUESDAY), confirm(DEMO), issue(DEMO, ANA)]);
    let held = |outcome| later(issued(), &[result(DEMO, outcome)]);
    let demoed = || held(MeetingResult::DemoedNotSold);
    let ready = || later(held(MeetingResult::Sold), &[add_quote(QUOTE), finalize(QUOTE)]);
    let waiting = || later(ready(), &[mark_sold(QUOTE, SALE)]);
    let bought = || later(waiting(), &[approve(SALE)]);
    let rehashed = || later(demoed(), &[assign_rehash()]);
    let due = || later(bought(), &install(SALE));
    let noticed = || later(due(), &[send_notice(SALE)]);
    let pay = || post_entry(ENTRY, EntryKind::FinalPayment, 1_000_000);
    let (friday, april) = ("2026-03-06T15:00:00Z", "2026-04-01T15:00:00Z");
    vec![
        given([]),
        scene(&[]),
        scene(&[log_attempt()]),
        scene(&[add_quote(QUOTE), finalize(QUOTE)]),
        scene(&[set_demo(TUESDAY)]),
        scene(&[set_demo(TUESDAY)]).at(THURSDAY),
        scene(&[set_demo(TUESDAY), confirm(DEMO)]),
        scene(&[set_demo(TUESDAY), cancel(DEMO)]),
        issued(),
        issued().at(THURSDAY),
        held(MeetingResult::FollowUp),
        held(MeetingResult::NoShow),
        demoed(),
        rehashed(),
        later(rehashed(), &[set_meeting(VISIT, MeetingKind::Rehash, friday)]),
        later(rehashed(), &[set_meeting(VISIT, MeetingKind::Rehash, friday)]).at(friday),
        later(rehashed(), &[set_meeting(VISIT, MeetingKind::Rehash, THURSDAY), result(VISIT, MeetingResult::Sold)]),
        later(rehashed(), &[set_meeting(VISIT, MeetingKind::Rehash, friday), cancel(VISIT)]),
        later(demoed(), &[add_quote(QUOTE)]),
        ready(),
        later(ready(), &[lose_quote(QUOTE)]),
        later(ready(), &[revise_quote(QUOTE, SECOND_QUOTE)]),
        waiting(),
        later(waiting(), &[not_approve(SALE)]),
        later(waiting(), &[not_approve(SALE), lose_contact()]),
        bought(),
        later(bought(), &[add_other_product_rep(friday)]),
        later(bought(), &[move_to_remarket()]),
        later(bought(), &[return_contact()]),
        later(bought(), &[cancel_sale(SALE)]),
        later(bought(), &[cancel_sale(SALE).with("fee_minor", 500)]),
        later(bought(), &[rescind(SALE)]),
        later(bought(), &[change_standing(SALE, JobStanding::Hold)]),
        later(bought(), &install(SALE)[..1]),
        later(bought(), &install(SALE)[..2]),
        later(bought(), &install(SALE)[..3]),
        later(bought(), &install(SALE)[..4]),
        later(bought(), &[&install(SALE)[..4], &[complete_install(SALE, "complete_pending")]].concat()),
        due(),
        later(due(), &[cancel_sale(SALE)]),
        noticed(),
        noticed().at(april),
        noticed().at(april).did([file_lien(SALE)]),
        noticed().at(april).did([file_lien(SALE), pay()]),
        noticed().at(april).did([file_lien(SALE), pay(), release_lien(SALE), close_sale(SALE)]),
        later(noticed(), &[send_to_attorney(SALE)]),
        later(due(), &[pay(), move_job(SALE, "close")]),
        later(bought(), &[cancel_sale(SALE).with("fee_minor", 500), post_entry(ENTRY, EntryKind::FinalPayment, 500)]),
        later(bought(), &[create_change_order(ORDER, -8)]),
        later(bought(), &[create_change_order(ORDER, -8), send_change_order(ORDER)]),
        later(bought(), &[create_change_order(ORDER, -8), sign_change_order(ORDER)]),
        later(bought(), &[create_change_order(ORDER, -8), sign_change_order(ORDER), void_change_order(ORDER)]),
        later(bought(), &[change_order(ORDER, 7)]),
        later(bought(), &[change_order(ORDER, 7).with("report_signed_at", NOON), reverse_change_order(ORDER)]),
        scene(&[place_hold()]),
        scene(&[lose_contact()]),
        scene(&[lose_contact(), move_to_remarket()]),
        scene(&[log_attempt()]).at("2026-03-12T17:00:00Z").did([rest(FIRST)]),
        scene(&[log_attempt()]).at("2026-03-12T17:00:00Z").did([rest(FIRST)]).at("2026-04-11T17:00:00Z").did([give_up(FIRST)]),
        scene(&[opt_out()]),
        scene(&[join_campaign(SECOND_CHANCE)]),
        scene(&[merge(TWIN)]),
        scene(&[Command::BeMerged(TWIN)]),
        scene(&[void_journey(FIRST)]),
    ]
}
