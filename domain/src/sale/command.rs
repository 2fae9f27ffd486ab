//! What may be asked of a sale.

use crate::id::{ChangeOrderId, SaleId};
use crate::instant::When;
use crate::money::Money;
use crate::reference::PersonRef;
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A wish about one sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum SaleCommand {
    /// Make a sale official (S0:24).
    #[serde(rename = "sale.approve")]
    Approve(ApproveSale),
    /// Refuse a sale (P5).
    #[serde(rename = "sale.not_approve")]
    NotApprove(NotApproveSale),
    /// Take a refused sale up again (P6).
    #[serde(rename = "sale.move_back")]
    MoveBack(MoveSaleBack),
    /// Cancel an official sale, with or without a fee (P7, P8).
    #[serde(rename = "sale.cancel")]
    Cancel(CancelSale),
    /// Bring a canceled sale back (P9).
    #[serde(rename = "sale.reactivate")]
    Reactivate(ReactivateSale),
    /// Give the sale's figures to another rep (METRICS C.6).
    #[serde(rename = "sale.change_rep")]
    ChangeRep(ChangeSaleRep),
    /// Approve a change to the contract (P11, P12).
    #[serde(rename = "sale.approve_change_order")]
    ApproveChangeOrder(ApproveChangeOrder),
}

/// `sale.approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveSale {
    /// The sale.
    pub sale: SaleId,
}

/// `sale.not_approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NotApproveSale {
    /// The sale.
    pub sale: SaleId,
    /// Why, such as credit declined.
    pub reason: Line,
}

/// `sale.move_back`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveSaleBack {
    /// The sale.
    pub sale: SaleId,
    /// When it counts as signed from now on; without it the date stays. Not in the future, not before the day its journey opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_date: Option<When>,
}

/// `sale.cancel`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelSale {
    /// The sale.
    pub sale: SaleId,
    /// The cancel date; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cancel_date: Option<When>,
    /// Why.
    pub reason: Line,
    /// A fee the customer owes, in minor units, not negative and at most the contract; without it, or zero, none.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "fee")]
    #[schemars(range(min = 0))]
    pub fee_minor: Option<Money>,
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
}

/// `sale.change_rep`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSaleRep {
    /// The sale.
    pub sale: SaleId,
    /// Whose it is from now on.
    pub rep: PersonRef,
}

/// `sale.approve_change_order`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveChangeOrder {
    /// The sale.
    pub sale: SaleId,
    /// Id of the change order.
    pub change_order: ChangeOrderId,
    /// By how much the contract changes, in minor units; may be negative, not zero.
    pub amount_minor: Money,
    /// The date by which reports count it; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_signed_at: Option<When>,
}
