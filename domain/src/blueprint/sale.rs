//! The sales blueprint (BLUEPRINTS B.4): approval, cancellation and return of a sale.

use super::{Blueprint, From::*, Guard, State, Step, To};
use crate::role::Role::{self, *};
use serde::{Deserialize, Serialize};

/// The stages of a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SaleState {
    /// Waits for management.
    Sold,
    /// Refused by management (P5).
    NotApproved,
    /// Official; the job runs.
    JobInProgress,
    /// Canceled, nothing owed (P7).
    Canceled,
    /// Canceled; a fee is owed (P8).
    CanceledWithBalance,
}
use SaleState::*;

impl State for SaleState {
    const ALL: &'static [SaleState] = &[Sold, NotApproved, JobInProgress, Canceled, CanceledWithBalance];

    fn name(self) -> &'static str {
        match self {
            Sold => "sold",
            NotApproved => "not_approved",
            JobInProgress => "job_in_progress",
            Canceled => "canceled",
            CanceledWithBalance => "canceled_with_balance",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Sold => "Sold",
            NotApproved => "Not Approved",
            JobInProgress => "Job in Progress",
            Canceled => "Canceled",
            CanceledWithBalance => "Canceled with Balance",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<SaleState>, to: To<SaleState>, who: &'static [Role]) -> Step<SaleState> {
    Step { label, command, kind: None, from, to, who, asks: &[], guards: &[], emits: &[], source: "" }
}

const JOURNEY_NOT_LOST: Guard = Guard { says: "its journey is not lost", holds: |view| view.journey.is_some_and(|journey| !view.file.is_lost(journey)) };

/// The rows of B.4 that this version knows.
#[rustfmt::skip]
pub const SALE: Blueprint<SaleState> = Blueprint { of: "sale", title: "Sale", steps: &[
    //     button                  command                      from                                to                                            who
    Step { emits: &["sale.created"], source: "S0:23, 24",
     ..step("Create",               "quote.mark_sold",           Nothing,                            To::OneOf(&[Sold, JobInProgress]),            &[System]) },
    Step { emits: &["sale.approved", "journey.closed", "journey.outcome_revised"], source: "S0:24, P4",
     ..step("Approve sale",         "sale.approve",              In(&[Sold]),                        To::State(JobInProgress),                     &[Management]) },
    Step { emits: &["sale.not_approved", "quote.not_approved"], source: "P5",
     ..step("Sale not approved",    "sale.not_approve",          In(&[Sold]),                        To::State(NotApproved),                       &[Management]) },
    Step { guards: &[JOURNEY_NOT_LOST], emits: &["sale.moved_back_to_sold", "quote.sold_again"], source: "P6",
     ..step("Move back to Sold",    "sale.move_back",            In(&[NotApproved]),                 To::State(Sold),                              &[Management]) },
    Step { emits: &["sale.canceled", "sale.cancel_fee_charged", "journey.outcome_revised"], source: "P7, P8, P10",
     ..step("Cancel",               "sale.cancel",               In(&[JobInProgress]),               To::OneOf(&[Canceled, CanceledWithBalance]),  &[Management]) },
    Step { emits: &["sale.reactivated", "journey.outcome_revised"], source: "P9",
     ..step("Reactivate",           "sale.reactivate",           In(&[Canceled, CanceledWithBalance]), To::State(JobInProgress),                   &[Management]) },
    Step { emits: &["sale.rep_changed"], source: "METRICS C.6",
     ..step("Change rep of sale",   "sale.change_rep",           In(SaleState::ALL),                 To::Stays,                                    &[Management]) },
    Step { emits: &["change_order.approved"], source: "P11, P12",
     ..step("Approve change order", "sale.approve_change_order", In(&[JobInProgress]),               To::Stays,                                    &[Management]) },
] };
