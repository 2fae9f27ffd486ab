//! What may be asked about the money of a sale: payments posted, what is owed collected, written off.

use crate::id::{LedgerEntryId, SaleId};
use crate::instant::When;
use crate::money::Money;
use crate::sale::{Delivery, EntryKind};
use crate::text::{Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `sale.post_entry`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PostLedgerEntry {
    /// The sale.
    pub sale: SaleId,
    /// Id of the entry.
    pub entry: LedgerEntryId,
    /// What it is. The first five kinds are posted by the product itself and by nobody else.
    pub kind: EntryKind,
    /// How much, in minor units, above zero: whether more or less is owed follows from the kind.
    #[schemars(range(min = 1))]
    pub amount_minor: Money,
    /// The date it is for; without it the business time. Not in the future, not in closed books.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<When>,
    /// The paper behind it: the number of a check, of a receipt.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Line>,
    /// What else is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `sale.send_notice`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendLienNotice {
    /// The sale.
    pub sale: SaleId,
    /// When it was sent; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_on: Option<When>,
    /// How it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub how: Option<Delivery>,
    /// What it asks for, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Money>,
    /// Where the document is kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<Line>,
}

/// `sale.file_lien`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FileLien {
    /// The sale.
    pub sale: SaleId,
    /// When it was filed; without it the business time. Not in the future, not before the notice period was over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filed_on: Option<When>,
    /// In which county.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub county: Option<Label>,
    /// Its number there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filing_number: Option<Label>,
    /// For how much, in minor units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Money>,
}

/// `sale.release_lien`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReleaseLien {
    /// The sale.
    pub sale: SaleId,
    /// When it was released; without it the business time. Not in the future, not before the lien was filed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub released_on: Option<When>,
    /// The number of the release.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub release_number: Option<Label>,
}

/// `sale.send_to_attorney`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SendToAttorney {
    /// The sale.
    pub sale: SaleId,
    /// Who.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attorney: Option<Label>,
    /// When it was sent; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sent_on: Option<When>,
}

/// `sale.write_off`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WriteBalanceOff {
    /// The sale.
    pub sale: SaleId,
    /// What is given up, in minor units: all that is owed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub amount_minor: Option<Money>,
    /// Why.
    pub reason: Line,
}

/// `sale.close`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CloseSale {
    /// The sale.
    pub sale: SaleId,
}
