//! Random walks through the rules: every command over a small pool of ids, and the files they lead to.

use super::asks::*;
use super::cast::*;
use super::{Given, given};
use crate::contact_file::{Caused, Command};
use crate::id::{ChangeOrderId, JourneyId, LedgerEntryId, MeetingId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::role::Actor;
use crate::sale::{EntryKind, JobStanding};
use chrono::TimeDelta;
use proptest::prelude::*;

const JOURNEYS: [JourneyId; 3] = [FIRST, OTHER, AGAIN];
const MEETINGS: [MeetingId; 4] = [DEMO, SECOND_DEMO, OTHER_DEMO, VISIT];
const QUOTES: [QuoteId; 2] = [QUOTE, SECOND_QUOTE];
const SALES: [SaleId; 2] = [SALE, SECOND_SALE];
const ENTRIES: [LedgerEntryId; 3] = [ENTRY, SECOND_ENTRY, THIRD_ENTRY];
const ORDERS: [ChangeOrderId; 2] = [ORDER, SECOND_ORDER];

/// Every command, with every id of the pool, as a live user would send it at this time; meetings begin three hours later.
pub fn every_command(at: Instant) -> Vec<Command> {
    let start = (at.utc() + TimeDelta::hours(3)).to_rfc3339();
    let mut all = vec![add_contact(), log_attempt(), lose_contact(), reopen(), move_to_remarket(), opt_out(), opt_in(), place_hold(), lift_hold(), erase()];
    all.extend([change_category("Commercial"), change_details(), correct_address("12 Main St"), correct_address("14 Main St"), merge(TWIN), unmerge(TWIN)]);
    all.extend([RADIO, HOME_SHOW].map(change_source));
    all.extend([SECOND_CHANCE, GUTTER_WEEKS].into_iter().flat_map(|campaign| [join_campaign(campaign), leave_campaign(campaign)]));
    all.extend([WINDOWS, ROOFING, GUTTERS].map(change_product));
    for journey in JOURNEYS {
        all.push(return_contact().with("journey", journey));
        all.extend([lose_journey(journey), open_journey(journey), void_journey(journey)]);
        all.push(assign_rehash().with("journey", journey));
        for meeting in MEETINGS {
            all.push(add_other_product_rep(&start).with("journey", journey).with("meeting", meeting));
            for kind in [MeetingKind::Demo, MeetingKind::Rehash, MeetingKind::FollowUp, MeetingKind::Other] {
                all.push(set_meeting(meeting, kind, &start).with("journey", journey));
            }
            all.push(set_meeting(meeting, MeetingKind::Other, &start).with("journey", journey).with("type", SERVICE));
        }
        all.extend(QUOTES.map(|quote| add_quote(quote).with("journey", journey)));
    }
    for meeting in MEETINGS {
        all.extend([log_confirm_attempt(meeting), confirm(meeting), reschedule(meeting, &start), cancel(meeting)]);
        all.extend([issue_because(meeting, ANA, "asked for").with("overbook", true), issue_because(meeting, BEN, "asked for")]);
        for outcome in [MeetingResult::Sold, MeetingResult::DemoedNotSold, MeetingResult::FollowUp, MeetingResult::NoShow] {
            all.extend([result(meeting, outcome), correct_result(meeting, outcome)]);
        }
    }
    for quote in QUOTES {
        all.extend([edit_quote(quote), finalize(quote).with("valid_until", &start), reopen_quote(quote), lose_quote(quote)]);
        all.extend(QUOTES.map(|revision| revise_quote(quote, revision)));
        all.extend(SALES.map(|sale| mark_sold(quote, sale).with("sign_date", at)));
    }
    for sale in SALES {
        all.extend([
            approve(sale),
            not_approve(sale),
            move_back(sale),
            cancel_sale(sale),
            cancel_sale(sale).with("fee_minor", 500),
            reactivate(sale),
            change_rep(sale, BEN),
        ]);
        all.extend([change_order(ORDER, 7), change_order(SECOND_ORDER, -7)].map(|command| command.with("sale", sale)));
        all.extend([create_change_order(ORDER, -8), create_change_order(SECOND_ORDER, 8)].map(|command| command.with("sale", sale)));
        for entry in ENTRIES {
            let entries = [(EntryKind::FinalPayment, 1_000_000), (EntryKind::DownPayment, 500), (EntryKind::ReturnedCheck, 500)];
            all.extend(entries.map(|(kind, amount)| post_entry(entry, kind, amount).with("sale", sale)));
        }
        all.extend([rescind(sale), send_notice(sale), file_lien(sale).with("filed_on", at), release_lien(sale), send_to_attorney(sale), close_sale(sale)]);
        all.extend([500, 1_000_000].map(|amount| write_off(sale, amount)));
        all.extend([complete_site_visit(sale), schedule_job(sale, &start)]);
        all.extend(["not_authorize", "approve_to_proceed", "complete_pre_call", "start_install", "close"].map(|verb| move_job(sale, verb)));
        all.extend(["complete_pending", "complete_final"].map(|verb| complete_install(sale, verb)));
        all.extend([JobStanding::Hold, JobStanding::Active].map(|standing| change_standing(sale, standing)));
    }
    for order in ORDERS {
        all.extend([send_change_order(order), sign_change_order(order), pre_approve_change_order(order), approve_signed_change_order(order)]);
        all.extend([reverse_change_order(order).with("reversed_on", at), void_change_order(order)]);
    }
    all
}

/// What ends a sale, brings it back and moves its balance about zero.
pub fn turns_of_a_sale(at: Instant) -> Vec<Command> {
    let mut all: Vec<Command> = [0, 500, 1_000].map(|fee| cancel_sale(SALE).with("cancel_date", at).with("fee_minor", fee)).into();
    all.extend([reactivate(SALE), send_notice(SALE), close_sale(SALE)]);
    for entry in ENTRIES {
        all.extend([EntryKind::DownPayment, EntryKind::ReturnedCheck].map(|kind| post_entry(entry, kind, 500)));
    }
    all
}

/// One step of a walk: how long it waits, and which of the commands that are accepted then it takes.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    hours: i64,
    choice: prop::sample::Index,
}

/// Up to this many steps.
pub fn steps(most: usize) -> impl Strategy<Value = Vec<Step>> {
    let hours = prop_oneof![12 => Just(0i64), 8 => Just(1), 8 => Just(4), 1 => Just(264)];
    prop::collection::vec((hours, any::<prop::sample::Index>()).prop_map(|(hours, choice)| Step { hours, choice }), 0..most)
}

/// One accepted command of a walk.
#[derive(Clone)]
pub struct Move {
    pub before: Given,
    pub command: Command,
    pub decided: Vec<Caused>,
    pub after: Given,
}

/// Walks from nothing: at each step one of the commands that add facts now.
pub fn walk(steps: &[Step]) -> Vec<Move> {
    walk_from(given([]), every_command, steps)
}

/// Walks from here with these commands.
pub fn walk_from(given: Given, commands: impl Fn(Instant) -> Vec<Command>, steps: &[Step]) -> Vec<Move> {
    let mut now = Given { actor: Actor::with_every_role(Some(SAM)), ..given };
    let mut moves = Vec::new();
    for step in steps {
        now.at = Instant::new(now.at.utc() + TimeDelta::hours(step.hours));
        let accepted = commands(now.at).into_iter().filter_map(|command| match now.file.decide(&command, &now.context()) {
            Ok(decided) if !decided.is_empty() => Some((command, decided)),
            _ => None,
        });
        let accepted: Vec<_> = accepted.collect();
        let Some((command, decided)) = accepted.get(step.choice.index(accepted.len().max(1))).cloned() else { continue };
        let before = now.clone();
        decided.iter().for_each(|caused| now.file.evolve(&caused.fact, caused.at));
        moves.push(Move { before, command, decided, after: now.clone() });
    }
    moves
}
