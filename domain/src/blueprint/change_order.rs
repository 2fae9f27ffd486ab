//! The change order blueprint (BLUEPRINTS B.4): only approved change orders touch the contract (P11, P12).

use super::{Blueprint, From::*, Guard, State, Step, To, View};
use crate::money::LIMIT_MINOR;
use crate::role::Role::{self, *};
use crate::sale::Sale;
use serde::{Deserialize, Serialize};

/// The stages of a change order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeOrderState {
    /// Written down.
    Open,
    /// With the customer.
    Sent,
    /// Signed by the customer.
    Signed,
    /// It counts.
    Approved,
    /// Approved once, and undone.
    Reversed,
    /// Came to nothing.
    Void,
}
use ChangeOrderState::*;

impl State for ChangeOrderState {
    const ALL: &'static [ChangeOrderState] = &[Open, Sent, Signed, Approved, Reversed, Void];

    fn name(self) -> &'static str {
        match self {
            Open => "open",
            Sent => "sent",
            Signed => "signed",
            Approved => "approved",
            Reversed => "reversed",
            Void => "void",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Open => "Open",
            Sent => "Sent for Signature",
            Signed => "Signed",
            Approved => "Approved",
            Reversed => "Reversed",
            Void => "Void",
        }
    }
}

const fn step(
    label: &'static str,
    command: &'static str,
    from: super::From<ChangeOrderState>,
    to: ChangeOrderState,
    who: &'static [Role],
) -> Step<ChangeOrderState> {
    Step { label, command, kind: None, from, to: To::State(to), who, asks: &[], guards: &[], emits: &[], source: "" }
}

const JOB_RUNS: Guard =
    Guard { says: "the job of its sale is in progress", holds: |view| sale(view).is_some_and(|sale| sale.state == super::SaleState::JobInProgress) };
const CONTRACT_STAYS_IN_BOUNDS: Guard = Guard {
    says: "the contract without it is not below zero, nor beyond all bounds",
    holds: |view| {
        let amount = sale(view).zip(view.change_order).and_then(|(sale, id)| Some((sale, sale.change_orders.get(&id)?.amount)));
        amount.is_some_and(|(sale, amount)| (0..=LIMIT_MINOR).contains(&sale.contract.plus(amount.negated()).0))
    },
};

fn sale<'a>(view: &View<'a>) -> Option<&'a Sale> {
    view.sale.and_then(|sale| view.file.sales.get(&sale))
}

/// The change orders of B.4.
#[rustfmt::skip]
pub const CHANGE_ORDER: Blueprint<ChangeOrderState> = Blueprint { of: "change_order", title: "Change order", steps: &[
    //     button                   command                      from                   to         who
    Step { emits: &["change_order.created"], source: "P11, P12",
     ..step("Create",                    "change_order.create",             Nothing, Open, &[Rep, SalesManager, Ops, Management]) },
    Step { emits: &["change_order.approved"], source: "P11, P12",
     ..step("Approved at once",          "sale.approve_change_order",       Nothing, Approved, &[System]) },
    Step { asks: &["signer", "email"], guards: &[JOB_RUNS], emits: &["change_order.sent"], source: "BLUEPRINTS B.4",
     ..step("Send for signature",        "change_order.send",               In(&[Open, Sent]), Sent, &[Rep, SalesManager, Ops, Management]) },
    Step { asks: &["signed_on"], guards: &[JOB_RUNS], emits: &["change_order.signed"], source: "BLUEPRINTS B.4",
     ..step("Sign",                      "change_order.sign",               In(&[Open, Sent]), Signed, &[Rep, SalesManager, Ops, Management]) },
    Step { asks: &["pre_approved_on"], guards: &[JOB_RUNS], emits: &["change_order.pre_approved", "change_order.approved", "ledger.entry_posted"], source: "P11, P12",
     ..step("Pre-approve",               "change_order.pre_approve",        In(&[Open]), Approved, &[Management]) },
    Step { guards: &[JOB_RUNS], emits: &["change_order.approved", "ledger.entry_posted"], source: "P11, P12",
     ..step("Approve",                   "change_order.approve",            In(&[Signed]), Approved, &[Management]) },
    Step { asks: &["reversed_on", "reason"], guards: &[JOB_RUNS, CONTRACT_STAYS_IN_BOUNDS], emits: &["change_order.reversed", "ledger.entry_posted"], source: "P11, P12",
     ..step("Reverse",                   "change_order.reverse",            In(&[Approved]), Reversed, &[Management]) },
    Step { emits: &["change_order.voided"], source: "BLUEPRINTS B.4",
     ..step("Void",                      "change_order.void",               In(&[Open, Sent, Signed]), Void, &[Rep, SalesManager, Ops, Management]) },
] };
