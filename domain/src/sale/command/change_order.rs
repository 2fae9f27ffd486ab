//! What may be asked of change orders.

use crate::id::{ChangeOrderId, SaleId};
use crate::instant::When;
use crate::money::Money;
use crate::text::{Email, Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
    /// The date by which reports count it; without it the business time. Not in the future, not before the sign date, not in closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report_signed_at: Option<When>,
}

/// `change_order.create`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateChangeOrder {
    /// The sale.
    pub sale: SaleId,
    /// Id of the change order.
    pub change_order: ChangeOrderId,
    /// By how much the contract would change, in minor units; may be negative, not zero.
    pub amount_minor: Money,
    /// What changes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<Line>,
}

/// `change_order.send`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
    /// Who is to sign.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signer: Option<Label>,
    /// Where it is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<Email>,
}

/// `change_order.sign`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SignChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
    /// When it was signed; without it the business time. Not in the future, not before the sale was signed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub signed_on: Option<When>,
}

/// `change_order.pre_approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PreApproveChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
    /// When it was approved; without it the business time. By it reports count it. Not in the future, not before the sale was signed, not in
    /// closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pre_approved_on: Option<When>,
}

/// `change_order.approve`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ApproveSignedChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
}

/// `change_order.reverse`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReverseChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
    /// The date by which reports count it; without it the business time. Not in the future, not before the date of what is undone, not in closed
    /// books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reversed_on: Option<When>,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `change_order.void`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidChangeOrder {
    /// The change order.
    pub change_order: ChangeOrderId,
    /// Why.
    pub reason: Line,
}
