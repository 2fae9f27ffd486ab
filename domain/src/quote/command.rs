//! What may be asked of a quote.

use super::entry::{discounts, finance, items, millionths};
use super::{Discount, Finance, Item, Terms};
use crate::id::{JourneyId, QuoteId, SaleId};
use crate::instant::When;
use crate::reference::{PersonRef, ProductRef};
use crate::text::{Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wish about one quote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum QuoteCommand {
    /// Draft a quote on a journey (S0:21).
    #[serde(rename = "quote.add")]
    Add(AddQuote),
    /// Write a draft anew: items, discounts, tax, finance.
    #[serde(rename = "quote.edit")]
    Edit(EditQuote),
    /// Make a draft ready to be sold.
    #[serde(rename = "quote.finalize")]
    Finalize(FinalizeQuote),
    /// Take a finalized quote back, to write on it.
    #[serde(rename = "quote.reopen")]
    Reopen(ReopenQuote),
    /// Put a new draft with the same offer in a quote's place.
    #[serde(rename = "quote.revise")]
    Revise(ReviseQuote),
    /// Mark a quote as sold by hand; a sale is created (S0:23).
    #[serde(rename = "quote.mark_sold")]
    MarkSold(MarkQuoteSold),
    /// Give a quote up (S0:32).
    #[serde(rename = "quote.lose")]
    Lose(LoseQuote),
}

/// `quote.add`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddQuote {
    /// Id of the quote.
    pub quote: QuoteId,
    /// The journey it is made on.
    pub journey: JourneyId,
    /// What is offered.
    pub product: ProductRef,
    /// Line by line, 1 to 200 of them.
    #[serde(deserialize_with = "items")]
    #[schemars(length(min = 1, max = 200))]
    pub items: Vec<Item<Line>>,
    /// Who offers it; without it the journey's rep, else who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rep: Option<PersonRef>,
}

/// `quote.edit`: what is sent takes the place of all that stood there.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EditQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Line by line, 1 to 200 of them.
    #[serde(deserialize_with = "items")]
    #[schemars(length(min = 1, max = 200))]
    pub items: Vec<Item<Line>>,
    /// What is taken off, at most 20 of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "discounts")]
    #[schemars(length(max = 20))]
    pub discounts: Vec<Discount<Line>>,
    /// The rate of sales tax on items less discounts, in millionths, 0 to 1,000,000: 88,750 is 8.875 %.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "millionths")]
    #[schemars(range(min = 0, max = 1_000_000))]
    pub tax_millionths: Option<u32>,
    /// How it is financed.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "finance")]
    pub finance: Option<Finance<Label>>,
}

/// `quote.finalize`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FinalizeQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Until when it stands; a day means all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<When>,
    /// On which terms, such as when what is paid.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terms: Option<Terms>,
}

/// `quote.reopen`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenQuote {
    /// The quote.
    pub quote: QuoteId,
}

/// `quote.revise`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReviseQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Id of the new draft.
    pub revision: QuoteId,
}

/// `quote.mark_sold`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkQuoteSold {
    /// The quote.
    pub quote: QuoteId,
    /// Id of the sale it becomes.
    pub sale: SaleId,
    /// When it was signed; without it the business time. Not in the future, not before the day its journey opened, and not in closed
    /// books where no demo was held, so that nobody approves the sale.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_date: Option<When>,
    /// Where the signed paper is to be found.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paper: Option<Line>,
    /// Why there is no signed paper.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `quote.lose`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Why, from the company's list where it has one.
    pub reason: Line,
}
