//! What may be asked about the course of a sale: approved, refused, taken back, canceled, brought back.

use crate::id::SaleId;
use crate::instant::When;
use crate::money::Money;
use crate::reference::PersonRef;
use crate::sale::{Delivery, JobStanding, NoticeToProceed};
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// `sale.approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveSale {
    /// The sale.
    pub sale: SaleId,
    /// Who looks after its money.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub finance_owner: Option<PersonRef>,
    /// Who looks after the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer_service_owner: Option<PersonRef>,
    /// When it counts as signed; without it the date stays. Not in the future, not before the day its journey opened, not in closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_date: Option<When>,
    /// On what grounds the job may begin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub notice_to_proceed: Option<NoticeToProceed>,
    /// Whether the job begins at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_standing: Option<JobStanding>,
}

/// `sale.not_approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotApproveSale {
    /// The sale.
    pub sale: SaleId,
    /// Why, such as credit declined: one of the company's reasons, where it has a list of them.
    pub reason: Line,
    /// What else is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `sale.move_back`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSaleBack {
    /// The sale.
    pub sale: SaleId,
    /// When it counts as signed from now on; without it the date stays, unless it lies in closed books: then it becomes the first day that is open. Not in the future, not before the day its journey opened, not in closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_date: Option<When>,
    /// Whether its job would begin at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_standing: Option<JobStanding>,
}

/// `sale.rescind`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RescindSale {
    /// The sale.
    pub sale: SaleId,
    /// When the customer's notice was received; without it the business time. Not after the last day of the window, not before the sign date.
    /// Where it lies in closed books, the sale counts as canceled on the first day that is open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_on: Option<When>,
    /// How it came.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<Delivery>,
    /// Why, where the customer said so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `sale.cancel`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelSale {
    /// The sale.
    pub sale: SaleId,
    /// The cancel date; without it the business time. Not in the future, not before the sign date, not in closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_date: Option<When>,
    /// Why: one of the company's reasons, where it has a list of them.
    pub reason: Line,
    /// A fee the customer owes, in minor units, not negative and at most the contract; without it, or zero, none.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "fee")]
    #[schemars(range(min = 0))]
    pub fee_minor: Option<Money>,
    /// What else is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

fn fee<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Money>, D::Error> {
    match Option::<Money>::deserialize(deserializer)? {
        Some(fee) if fee < Money::ZERO => Err(de::Error::custom("a fee must not be negative")),
        fee => Ok(fee),
    }
}

/// `sale.reactivate`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReactivateSale {
    /// The sale.
    pub sale: SaleId,
    /// Whether its job goes on at once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_standing: Option<JobStanding>,
    /// What is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `sale.change_rep`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSaleRep {
    /// The sale.
    pub sale: SaleId,
    /// Whose it is from now on.
    pub rep: PersonRef,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}
