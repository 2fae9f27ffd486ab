//! The words that facts about sales and commands to them share.

use crate::id::PersonId;
use crate::instant::Instant;
use crate::personal::Personal;
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// On what grounds a job may begin (P4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum NoticeToProceed {
    /// The customer has paid a deposit.
    DepositTaken,
    /// The financing is confirmed.
    FinancingConfirmed,
    /// Management said so.
    ManagementsWord,
}

/// Whether a job is worked on, beside its status (P4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum JobStanding {
    /// It is worked on.
    #[default]
    Active,
    /// It waits.
    Hold,
    /// It is over.
    Closed,
}

impl JobStanding {
    /// All of them.
    pub const ALL: &'static [JobStanding] = &[JobStanding::Active, JobStanding::Hold, JobStanding::Closed];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            JobStanding::Active => "active",
            JobStanding::Hold => "hold",
            JobStanding::Closed => "closed",
        }
    }
}

/// What kind of cancellation it is, where it is not an ordinary one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum CancelKind {
    /// The customer withdrew inside the legal window (16 CFR 429, P34).
    Rescission,
}

/// How a notice went or came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Delivery {
    /// By certified mail.
    CertifiedMail,
    /// By ordinary mail.
    Mail,
    /// By a courier.
    Courier,
    /// By e-mail.
    Email,
    /// From hand to hand.
    InPerson,
}

/// What an entry in the ledger is (P10).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EntryKind {
    /// The contract of a sale that became official, or came back: more is owed.
    InitialSale,
    /// A change order, approved or reversed: more or less is owed.
    ChangeOrder,
    /// The contract of a sale that was canceled, change orders included: less is owed.
    CanceledSale,
    /// The fee for canceling, or its reversal: more or less is owed.
    CancelFee,
    /// What was given up: less is owed.
    WrittenOff,
    /// Work after the job: more is owed.
    ServiceCall,
    /// The first payment: less is owed.
    DownPayment,
    /// A payment on the way: less is owed.
    PartialPayment,
    /// The last payment: less is owed.
    FinalPayment,
    /// What the company gave the customer: less is owed.
    CustomerCredit,
    /// Money that went back to the customer: more is owed.
    Refund,
    /// A payment that the customer's bank took back: more is owed.
    Chargeback,
    /// A check that was not honored: more is owed.
    ReturnedCheck,
    /// A returned check that was honored after all: less is owed.
    ReDeposit,
}

impl EntryKind {
    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        use EntryKind::*;
        match self {
            InitialSale => "initial_sale",
            ChangeOrder => "change_order",
            CanceledSale => "canceled_sale",
            CancelFee => "cancel_fee",
            WrittenOff => "written_off",
            ServiceCall => "service_call",
            DownPayment => "down_payment",
            PartialPayment => "partial_payment",
            FinalPayment => "final_payment",
            CustomerCredit => "customer_credit",
            Refund => "refund",
            Chargeback => "chargeback",
            ReturnedCheck => "returned_check",
            ReDeposit => "re_deposit",
        }
    }
}

/// What a property is (P13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum PropertyType {
    /// A house for one family.
    SingleFamily,
    /// A house for several families.
    MultiFamily,
    /// A house in a row.
    Townhouse,
    /// An apartment that is owned.
    Condominium,
    /// A mobile or manufactured home.
    MobileHome,
    /// No home.
    Commercial,
}

/// What was found at a site visit (P13).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct SiteVisit {
    /// When the visit was.
    pub visited_at: Instant,
    /// Who leads the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub job_owner: Option<PersonId>,
    /// Who was there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visitor: Option<PersonId>,
    /// Where its documents are kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub documents: Option<Personal<Line>>,
    /// Whether a homeowners' association has a say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hoa: Option<bool>,
    /// What there is to do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub overview: Option<Personal<Line>>,
    /// What the property is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub property_type: Option<PropertyType>,
}
