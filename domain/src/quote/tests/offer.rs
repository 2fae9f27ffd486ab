//! What is offered: written, written anew, taken back and revised; and what it comes to.

use super::{draft, expired, finalized, lost, not_approved, sold_quote};
use crate::blueprint::{ContactState, QuoteState};
use crate::money::Money;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use crate::wire;
use serde_json::{Value, json};

// Edit

#[test]
fn a_draft_is_written_anew_and_its_totals_are_computed() {
    draft().when(edit_quote(QUOTE)).then([quote_edited(QUOTE)]);
    draft().by(Role::Rehash).when(edit_quote(QUOTE)).then([quote_edited(QUOTE)]);
    draft().by(Role::Scheduler).when(edit_quote(QUOTE)).then_refused(Code::WrongRole);
    for quote in [finalized(), sold_quote(), not_approved(), lost(), expired()] {
        quote.when(edit_quote(QUOTE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_draft_as_it_stands_is_not_edited() {
    draft().did([edit_quote(QUOTE)]).when(edit_quote(QUOTE)).then([]);
    let same = edit_quote(QUOTE).without("discounts").without("tax_millionths").without("finance");
    draft().when(same.with("items", json!([{ "description": "window", "quantity": 2, "unit_price_minor": 500_000 }]))).then([]);
}

/// What is offered instead of two windows, and what it comes to: amount of the sale, tax.
fn comes_to(fields: Value) -> (i64, i64) {
    let edit = fields.as_object().unwrap().iter().fold(ask("quote.edit", edit_quote(QUOTE).sent().1), |edit, (field, value)| edit.with(field, value));
    let file = draft().did([edit]).file;
    let quote = &file.quotes[&QUOTE];
    (quote.amount.0, quote.offer.totals().unwrap().tax.0)
}

#[test]
fn shares_are_rounded_to_a_minor_unit_each_for_itself() {
    let items = json!([{ "description": "screen", "quantity": 3, "unit_price_minor": 333 }]);
    let none = json!({ "plan": "cash", "markup_minor": 0 });
    let off = |basis_points: u32| json!({ "description": "off", "basis_points": basis_points });
    let with = |discounts: Value, tax: u32| comes_to(json!({ "items": items, "discounts": discounts, "tax_millionths": tax, "finance": none }));
    assert_eq!(with(json!([]), 0), (999, 0));
    assert_eq!(with(json!([]), 1_000_000), (999, 999));
    // 49.95 and 0.4995 round up; 0.0999 and 0.4 of a unit round down.
    assert_eq!(with(json!([off(500)]), 0), (949, 0));
    assert_eq!(with(json!([off(5), off(5)]), 0), (999, 0));
    assert_eq!(with(json!([off(1), { "description": "coupon", "amount_minor": 99 }]), 500), (900, 0));
    assert_eq!(with(json!([off(10_000)]), 88_750), (0, 0));
}

#[test]
fn sales_tax_is_no_part_of_the_amount_of_the_sale_and_financing_is() {
    let sold = draft().did([edit_quote(QUOTE), finalize(QUOTE), mark_sold(QUOTE, SALE)]);
    assert_eq!(sold.file.sales[&SALE].contract, Money(470_000));
    assert_eq!(sold.file.quotes[&QUOTE].offer.totals().unwrap().total(), Money(509_938));
}

#[test]
fn discounts_of_more_than_there_is_and_totals_beyond_every_sensible_amount_are_refused() {
    let off = json!([{ "description": "all of it", "basis_points": 10_000 }, { "description": "and more", "amount_minor": 1 }]);
    draft().when(edit_quote(QUOTE).with("discounts", off)).then_refused_at(Code::FieldInvalid, "/discounts");
    let gold = json!([{ "description": "gold", "quantity": 1, "unit_price_minor": 1_000_000_000_000i64 }]);
    draft().when(edit_quote(QUOTE).with("items", gold).without("discounts")).then_refused_at(Code::FieldInvalid, "/items");
}

#[test]
fn a_quote_that_is_discounted_to_nothing_is_not_finalized() {
    let off = json!([{ "description": "gift", "basis_points": 10_000 }]);
    let gift = edit_quote(QUOTE).with("discounts", off).without("finance");
    draft().did([gift]).when(finalize(QUOTE)).then_refused(Code::GuardFailed);
}

#[test]
fn parts_of_an_offer_out_of_bounds_are_refused_where_they_stand() {
    let (_, fields) = edit_quote(QUOTE).sent();
    let refused_at = |field: &str, value: Value| {
        let mut fields = fields.clone();
        fields[field] = value;
        match wire::command("quote.edit", fields) {
            Err(wire::CommandError::Fields(faults)) => faults[0].pointer.clone(),
            other => panic!("{other:?}"),
        }
    };
    let off = |amount: Value, points: Value| json!([{ "description": "off", "amount_minor": amount, "basis_points": points }]);
    assert_eq!(refused_at("discounts", off(json!(null), json!(null))), "/discounts/0");
    assert_eq!(refused_at("discounts", off(json!(1), json!(1))), "/discounts/0");
    assert_eq!(refused_at("discounts", off(json!(-1), json!(null))), "/discounts/0/amount_minor");
    assert_eq!(refused_at("discounts", off(json!(null), json!(10_001))), "/discounts/0/basis_points");
    assert_eq!(refused_at("discounts", json!(vec![json!({ "description": "off", "amount_minor": 1 }); 21])), "/discounts");
    assert_eq!(refused_at("discounts", json!([["off", 1]])), "/discounts/0");
    assert_eq!(refused_at("items", json!([])), "/items");
    assert_eq!(refused_at("tax_millionths", json!(1_000_001)), "/tax_millionths");
    assert_eq!(refused_at("finance", json!({ "plan": "x", "markup_minor": -1 })), "/finance/markup_minor");
    assert_eq!(refused_at("finance", json!(["x", 1])), "/finance");
}

// Back to draft

#[test]
fn a_finalized_quote_is_taken_back_and_written_on() {
    finalized().when(reopen_quote(QUOTE)).then([quote_reopened(QUOTE)]);
    finalized().did([reopen_quote(QUOTE)]).when(edit_quote(QUOTE)).then([quote_edited(QUOTE)]);
    for quote in [draft(), sold_quote(), not_approved(), lost(), expired()] {
        quote.when(reopen_quote(QUOTE)).then_refused(Code::WrongState);
    }
    let open = finalized().did([reopen_quote(QUOTE)]).at("2026-05-01T15:00:00Z").when(lose_quote(QUOTE));
    open.then([quote_lost(QUOTE, "too dear")]);
}

// Revise

#[test]
fn a_revision_is_a_draft_with_the_same_offer_in_the_quotes_place() {
    let revised = || [quote_superseded(QUOTE, SECOND_QUOTE), quote_created(SECOND_QUOTE, ANA).with("revises", QUOTE)];
    finalized().when(revise_quote(QUOTE, SECOND_QUOTE)).then(revised());
    expired().when(revise_quote(QUOTE, SECOND_QUOTE)).then(revised());
    let edited = draft().did([edit_quote(QUOTE), finalize(QUOTE)]);
    let one_window = quote_created(SECOND_QUOTE, ANA).with("items", json!([{ "description": line("window"), "quantity": 1, "unit_price_minor": 500_000 }]));
    let created = one_window.with("total_minor", 500_000).with("revises", QUOTE);
    edited.when(revise_quote(QUOTE, SECOND_QUOTE)).then([quote_superseded(QUOTE, SECOND_QUOTE), created, quote_edited(SECOND_QUOTE)]);
}

#[test]
fn what_was_superseded_is_over() {
    let revised = finalized().did([revise_quote(QUOTE, SECOND_QUOTE)]);
    assert_eq!([QUOTE, SECOND_QUOTE].map(|quote| revised.file.quotes[&quote].state), [QuoteState::Superseded, QuoteState::Draft]);
    for command in [edit_quote(QUOTE), finalize(QUOTE), reopen_quote(QUOTE), revise_quote(QUOTE, NO_QUOTE), mark_sold(QUOTE, SALE), lose_quote(QUOTE)] {
        revised.clone().when(command).then_refused(Code::WrongState);
    }
    revised
        .at("2026-05-01T15:00:00Z")
        .when(finalize(SECOND_QUOTE).with("valid_until", "2026-06-01"))
        .then([quote_finalized(SECOND_QUOTE).with("valid_until", "2026-06-02T03:59:59.999999Z")]);
}

#[test]
fn a_revision_has_a_new_id_and_is_made_by_reps_and_sales_managers() {
    finalized().when(revise_quote(QUOTE, QUOTE)).then_refused_at(Code::IdTaken, "/revision");
    finalized().by(Role::Rehash).when(revise_quote(QUOTE, SECOND_QUOTE)).then_refused(Code::WrongRole);
    for quote in [draft(), sold_quote(), not_approved(), lost()] {
        quote.when(revise_quote(QUOTE, SECOND_QUOTE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_revision_does_not_move_the_contact() {
    let rehashed = given([added(), demo_held(crate::meeting::MeetingResult::DemoedNotSold), quote_ready(QUOTE), rehash_assigned()]);
    assert_eq!(rehashed.did([revise_quote(QUOTE, SECOND_QUOTE)]).file.state(), Some(ContactState::Rehash));
}
