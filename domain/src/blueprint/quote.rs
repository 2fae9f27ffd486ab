//! The quote blueprint (BLUEPRINTS B.3): from draft to sold, lost (S0:32) or expired.

use super::{Blueprint, From::*, Guard, State, Step, To};
use crate::money::Money;
use crate::role::Role::{self, *};
use serde::{Deserialize, Serialize};

/// The stages of a quote.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteState {
    /// Being written.
    Draft,
    /// Ready to be sold.
    Finalized,
    /// Sold: there is a sale.
    Sold,
    /// Management refused its sale (P5).
    NotApproved,
    /// Lost.
    Lost,
    /// Its time was over before anything came of it.
    Expired,
    /// A revision took its place.
    Superseded,
}
use QuoteState::*;

impl QuoteState {
    /// Whether it may still be sold or lost.
    pub fn is_open(self) -> bool {
        matches!(self, Draft | Finalized | Expired)
    }
}

impl State for QuoteState {
    const ALL: &'static [QuoteState] = &[Draft, Finalized, Sold, NotApproved, Lost, Expired, Superseded];

    fn name(self) -> &'static str {
        match self {
            Draft => "draft",
            Finalized => "finalized",
            Sold => "sold",
            NotApproved => "not_approved",
            Lost => "lost",
            Expired => "expired",
            Superseded => "superseded",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Draft => "Draft",
            Finalized => "Finalized",
            Sold => "Sold",
            NotApproved => "Not Approved",
            Lost => "Lost",
            Expired => "Expired",
            Superseded => "Superseded",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<QuoteState>, to: QuoteState, who: &'static [Role]) -> Step<QuoteState> {
    Step { label, command, kind: None, from, to: To::State(to), who, asks: &[], guards: &[], emits: &[], source: "" }
}

const WORTH_SOMETHING: Guard = Guard {
    says: "its total is above zero",
    holds: |view| view.quote.and_then(|quote| view.file.quotes.get(&quote)).is_some_and(|quote| quote.amount > Money::ZERO),
};

/// The rows of B.3 that this version knows.
#[rustfmt::skip]
pub const QUOTE: Blueprint<QuoteState> = Blueprint { of: "quote", title: "Quote", steps: &[
    //     button          command             from                               to           who
    Step { emits: &["quote.created"], source: "S0:21",
     ..step("Add a quote",  "quote.add",        Nothing,                           Draft,       &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["quote.edited"], source: "BLUEPRINTS B.3",
     ..step("Edit",         "quote.edit",       In(&[Draft]),                      Draft,       &[Rep, Role::Rehash, SalesManager]) },
    Step { asks: &["valid_until", "terms"], guards: &[WORTH_SOMETHING], emits: &["quote.finalized"], source: "BLUEPRINTS B.3",
     ..step("Finalize",     "quote.finalize",   In(&[Draft]),                      Finalized,   &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["quote.reopened"], source: "BLUEPRINTS B.3",
     ..step("Back to draft", "quote.reopen",    In(&[Finalized]),                  Draft,       &[Rep, Role::Rehash, SalesManager]) },
    Step { emits: &["quote.superseded", "quote.created", "quote.edited"], source: "BLUEPRINTS B.3",
     ..step("Revise",       "quote.revise",     In(&[Finalized, Expired]),         Superseded,  &[Rep, SalesManager]) },
    Step { emits: &["quote.created", "quote.edited"], source: "BLUEPRINTS B.3",
     ..step("Revision",     "quote.revise",     Nothing,                           Draft,       &[System]) },
    Step { asks: &["sign_date", "paper|reason"], emits: &["quote.marked_sold", "quote.sold", "sale.created", "journey.closed", "journey.outcome_revised", "job.opened", "ledger.entry_posted"], source: "S0:23",
     ..step("Mark as Sold", "quote.mark_sold",  In(&[Finalized]),                  Sold,        &[Rep, SalesManager]) },
    Step { emits: &["quote.expired"], source: "BLUEPRINTS B.3",
     ..step("Expire",       "quote.expire",     In(&[Finalized]),                  Expired,     &[System]) },
    Step { emits: &["quote.lost"], source: "S0:32",
     ..step("Lose",         "quote.lose",       In(&[Draft, Finalized, Expired]),  Lost,        &[Rep, SalesManager]) },
    Step { emits: &["quote.lost"], source: "BLUEPRINTS B.1",
     ..step("Journey lost", "contact.lose",     In(&[Draft, Finalized, Expired]),  Lost,        &[System]) },
    Step { emits: &["quote.lost"], source: "BLUEPRINTS B.1",
     ..step("Do not contact", "contact.opt_out", In(&[Draft, Finalized, Expired]), Lost,        &[System]) },
    Step { emits: &["quote.lost"], source: "METRICS C.2",
     ..step("Journey voided", "journey.void",   In(&[Draft, Finalized, Expired]),  Lost,        &[System]) },
    Step { emits: &["quote.not_approved"], source: "P5",
     ..step("Not approved", "sale.not_approve", In(&[Sold]),                       NotApproved, &[System]) },
    Step { emits: &["quote.sold_again"], source: "P6",
     ..step("Back to sold", "sale.move_back",   In(&[NotApproved]),                Sold,        &[System]) },
] };
