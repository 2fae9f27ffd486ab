//! One contact in each situation that the tables tell apart.

use crate::contact_file::Command;
use crate::meeting::{MeetingKind, MeetingResult};
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
    let friday = "2026-03-06T15:00:00Z";
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
        waiting(),
        later(waiting(), &[not_approve(SALE)]),
        later(waiting(), &[not_approve(SALE), lose_contact()]),
        bought(),
        later(bought(), &[add_other_product_rep(friday)]),
        later(bought(), &[move_to_remarket()]),
        later(bought(), &[return_contact()]),
        later(bought(), &[cancel_sale(SALE)]),
        later(bought(), &[cancel_sale(SALE).with("fee_minor", 500)]),
        scene(&[place_hold()]),
        scene(&[lose_contact()]),
        scene(&[lose_contact(), move_to_remarket()]),
    ]
}
