//! The sales blueprint (BLUEPRINTS B.4): approval, cancellation and return of a sale, and the collection of what is owed.

use super::{Blueprint, From::*, Guard, State, Step, To, View};
use crate::money::Money;
use crate::role::Role::{self, *};
use crate::sale::Sale;
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
    /// The job is done, and the customer owes something (S0:26).
    BalanceDue,
    /// The customer was told that a lien will follow (S0:26).
    SentCustomerNotice,
    /// A lien was filed on the property (S0:26).
    LienFiled,
    /// An attorney collects (S0:26).
    SentToAttorney,
    /// Nothing is owed any more (P9).
    PaidInFull,
    /// Nothing is left to do (P9).
    SaleClosed,
    /// Canceled without a fee (P7).
    Canceled,
    /// Canceled; a fee is owed (P8).
    CanceledWithBalance,
}
use SaleState::*;

impl SaleState {
    /// Whether something is collected that was to be paid by now (S0:26).
    pub fn is_collected(self) -> bool {
        matches!(self, BalanceDue | SentCustomerNotice | LienFiled | SentToAttorney | CanceledWithBalance)
    }
}

impl State for SaleState {
    const ALL: &'static [SaleState] =
        &[Sold, NotApproved, JobInProgress, BalanceDue, SentCustomerNotice, LienFiled, SentToAttorney, PaidInFull, SaleClosed, Canceled, CanceledWithBalance];

    fn name(self) -> &'static str {
        match self {
            Sold => "sold",
            NotApproved => "not_approved",
            JobInProgress => "job_in_progress",
            BalanceDue => "balance_due",
            SentCustomerNotice => "sent_customer_notice",
            LienFiled => "lien_filed",
            SentToAttorney => "sent_to_attorney",
            PaidInFull => "paid_in_full",
            SaleClosed => "sale_closed",
            Canceled => "canceled",
            CanceledWithBalance => "canceled_with_balance",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Sold => "Sold",
            NotApproved => "Not Approved",
            JobInProgress => "Job in Progress",
            BalanceDue => "Balance Due",
            SentCustomerNotice => "Sent Customer Notice",
            LienFiled => "Lien Filed",
            SentToAttorney => "Sent to Attorney",
            PaidInFull => "Paid in Full",
            SaleClosed => "Sale Closed",
            Canceled => "Canceled",
            CanceledWithBalance => "Canceled with Balance",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<SaleState>, to: To<SaleState>, who: &'static [Role]) -> Step<SaleState> {
    Step { label, command, kind: None, from, to, who, asks: &[], guards: &[], emits: &[], source: "" }
}

const JOURNEY_NOT_LOST: Guard = Guard { says: "its journey is not lost", holds: |view| view.journey.is_some_and(|journey| !view.file.is_lost(journey)) };
const JOURNEY_NOT_VOIDED: Guard = Guard {
    says: "its journey is not voided",
    holds: |view| view.journey.and_then(|journey| view.file.journeys.get(&journey)).is_some_and(|journey| !journey.voided),
};
const NOT_CANCELED: Guard = Guard { says: "it is not canceled already", holds: |view| sale(view).is_some_and(|sale| sale.canceled_at.is_none()) };
const AN_OFFICIAL_SALE_WAS_CANCELED: Guard =
    Guard { says: "it was official and was canceled", holds: |view| sale(view).is_some_and(|sale| sale.official && sale.canceled_at.is_some()) };
const SOMETHING_IS_OWED: Guard = Guard { says: "something is owed", holds: |view| balance(view) > Money::ZERO };
const NOTHING_IS_OWED: Guard = Guard { says: "neither side owes anything", holds: |view| balance(view) == Money::ZERO };
const NOTICE_PERIOD_OVER: Guard = Guard {
    says: "the notice period of the property's state is over",
    holds: |view| sale(view).and_then(|sale| sale.lien_from).is_some_and(|from| from <= view.context.at),
};
const A_LIEN_LIES: Guard = Guard { says: "a lien lies on the property", holds: |view| sale(view).is_some_and(|sale| sale.lien) };
const NO_LIEN_LIES: Guard = Guard { says: "no lien lies on the property any more", holds: |view| sale(view).is_some_and(|sale| !sale.lien) };

fn sale<'a>(view: &View<'a>) -> Option<&'a Sale> {
    view.sale.and_then(|sale| view.file.sales.get(&sale))
}

fn balance(view: &View) -> Money {
    sale(view).map_or(Money::ZERO, |sale| sale.ledger.balance)
}

/// Where money is collected.
const COLLECTED: &[SaleState] = &[BalanceDue, CanceledWithBalance, SentCustomerNotice, LienFiled, SentToAttorney];

/// The rows of B.4.
#[rustfmt::skip]
pub const SALE: Blueprint<SaleState> = Blueprint { of: "sale", title: "Sale", steps: &[
    //     button                  command                      from                                to                                            who
    Step { emits: &["sale.created"], source: "S0:23, 24",
     ..step("Create",                    "quote.mark_sold",                 Nothing, To::OneOf(&[Sold, JobInProgress]), &[System]) },
    Step { asks: &["finance_owner", "customer_service_owner", "sign_date", "notice_to_proceed", "job_standing"],
           emits: &["sale.approved", "journey.closed", "journey.outcome_revised", "job.opened", "ledger.entry_posted"], source: "S0:24, P4",
     ..step("Approve sale",              "sale.approve",                    In(&[Sold]), To::State(JobInProgress), &[Management]) },
    Step { asks: &["note"], emits: &["sale.not_approved", "quote.not_approved"], source: "P5",
     ..step("Sale not approved",         "sale.not_approve",                In(&[Sold]), To::State(NotApproved), &[Management]) },
    Step { asks: &["job_standing"], guards: &[JOURNEY_NOT_LOST, JOURNEY_NOT_VOIDED], emits: &["sale.moved_back_to_sold", "quote.sold_again"], source: "P6",
     ..step("Move back to Sold",         "sale.move_back",                  In(&[NotApproved]), To::State(Sold), &[Management]) },
    Step { asks: &["received_on", "how"], emits: &["sale.canceled", "journey.outcome_revised", "ledger.entry_posted", "job.canceled"], source: "P34",
     ..step("Rescind",                   "sale.rescind",                    In(&[Sold, JobInProgress]), To::State(Canceled), &[Management, Finance]) },
    Step { asks: &["cancel_date", "note"], guards: &[NOT_CANCELED],
           emits: &["sale.canceled", "sale.cancel_fee_charged", "journey.outcome_revised", "ledger.entry_posted", "job.canceled", "sale.paid_in_full"], source: "P7, P8, P10",
     ..step("Cancel",                    "sale.cancel",                     In(&[JobInProgress, BalanceDue]), To::OneOf(&[Canceled, CanceledWithBalance]), &[Management]) },
    Step { emits: &["sale.paid_in_full"], source: "P9",
     ..step("Fee paid before",           "sale.cancel",                     In(&[JobInProgress, BalanceDue]), To::State(PaidInFull), &[System]) },
    Step { asks: &["job_standing", "note"], guards: &[AN_OFFICIAL_SALE_WAS_CANCELED, JOURNEY_NOT_VOIDED],
           emits: &["sale.reactivated", "journey.outcome_revised", "ledger.entry_posted", "job.reopened"], source: "P9",
     ..step("Reactivate",                "sale.reactivate",                 In(&[Canceled, CanceledWithBalance, BalanceDue, SentCustomerNotice, LienFiled, SentToAttorney, PaidInFull, SaleClosed]), To::State(JobInProgress), &[Management]) },
    Step { emits: &["sale.balance_fell_due", "sale.paid_in_full"], source: "S0:26, P14",
     ..step("Job completed",             "job.complete_final",              In(&[JobInProgress]), To::OneOf(&[BalanceDue, PaidInFull]), &[System]) },
    Step { asks: &["sent_on", "how", "amount_minor", "document"], guards: &[SOMETHING_IS_OWED], emits: &["sale.lien_notice_sent"], source: "S0:26, P9",
     ..step("Send notice",               "sale.send_notice",                In(&[BalanceDue, CanceledWithBalance]), To::State(SentCustomerNotice), &[Finance]) },
    Step { asks: &["filed_on", "county", "filing_number", "amount_minor"], guards: &[NOTICE_PERIOD_OVER], emits: &["sale.lien_filed"], source: "S0:26, P35, P36",
     ..step("File lien",                 "sale.file_lien",                  In(&[SentCustomerNotice]), To::State(LienFiled), &[Finance, Management]) },
    Step { asks: &["attorney", "sent_on"], emits: &["sale.sent_to_attorney"], source: "S0:26",
     ..step("Send to attorney",          "sale.send_to_attorney",           In(&[SentCustomerNotice, LienFiled]), To::State(SentToAttorney), &[Management]) },
    Step { emits: &["ledger.entry_posted", "sale.paid_in_full", "sale.balance_fell_due"], source: "P10",
     ..step("Post entry",                "sale.post_entry",                 In(SaleState::ALL), To::Stays, &[Finance]) },
    Step { emits: &["sale.paid_in_full"], source: "P9",
     ..step("Paid",                      "sale.post_entry",                 In(COLLECTED), To::State(PaidInFull), &[System]) },
    Step { emits: &["sale.balance_fell_due"], source: "P10",
     ..step("Payment bounced",           "sale.post_entry",                 In(&[PaidInFull, SaleClosed, Canceled]), To::State(BalanceDue), &[System]) },
    Step { asks: &["released_on", "release_number"], guards: &[A_LIEN_LIES], emits: &["sale.lien_released"], source: "P36",
     ..step("Release lien",              "sale.release_lien",               In(&[PaidInFull, SaleClosed]), To::Stays, &[Finance]) },
    Step { asks: &["amount_minor"], guards: &[SOMETHING_IS_OWED], emits: &["sale.balance_written_off", "sale.closed", "ledger.entry_posted"], source: "BLUEPRINTS B.4",
     ..step("Write off",                 "sale.write_off",                  In(&[BalanceDue, CanceledWithBalance, SentToAttorney]), To::State(SaleClosed), &[Management]) },
    Step { guards: &[NOTHING_IS_OWED, NO_LIEN_LIES], emits: &["sale.closed"], source: "P9",
     ..step("Close",                     "sale.close",                      In(&[PaidInFull, Canceled]), To::State(SaleClosed), &[Finance]) },
    Step { asks: &["reason"], emits: &["sale.rep_changed"], source: "METRICS C.6",
     ..step("Change rep of sale",        "sale.change_rep",                 In(&[Sold, NotApproved, JobInProgress, BalanceDue, SentCustomerNotice, LienFiled, SentToAttorney, PaidInFull, Canceled, CanceledWithBalance]), To::Stays, &[Management]) },
    Step { emits: &["change_order.created"], source: "P11, P12",
     ..step("Create change order",       "change_order.create",             In(&[JobInProgress]), To::Stays, &[Rep, SalesManager, Ops, Management]) },
    Step { emits: &["change_order.approved", "ledger.entry_posted"], source: "P11, P12",
     ..step("Approve change order",      "sale.approve_change_order",       In(&[JobInProgress]), To::Stays, &[Management]) },
] };
