//! What can have happened to a quote. The stored names are a contract for ever.

use crate::id::{JourneyId, PersonId, ProductId, QuoteId, ReasonId, SaleId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::Personal;
use crate::text::{Label, Line, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about one quote. Each names its journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "quote and journey mean the same in every fact")]
pub enum QuoteEvent {
    /// It was drafted (S0:21).
    #[serde(rename = "quote.created")]
    Created {
        quote: QuoteId,
        journey: JourneyId,
        /// What is offered.
        product: ProductId,
        /// Who offers it.
        rep: PersonId,
        /// Line by line.
        items: Vec<Item>,
        /// The sum of the items: computed, never typed.
        total_minor: Money,
        /// The quote whose place it takes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revises: Option<QuoteId>,
    },
    /// Its draft was written anew; all of what is offered stands here (BLUEPRINTS B.3).
    #[serde(rename = "quote.edited")]
    Edited {
        quote: QuoteId,
        journey: JourneyId,
        /// Line by line.
        items: Vec<Item>,
        /// What is taken off.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        discounts: Vec<Discount>,
        /// The rate of sales tax on items less discounts, in millionths: 88,750 is 8.875 %.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        tax_millionths: Option<u32>,
        /// How it is financed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finance: Option<Finance>,
        /// The sum of the items.
        subtotal_minor: Money,
        /// The sum of the discounts.
        discount_minor: Money,
        /// The sales tax.
        tax_minor: Money,
        /// Items less discounts, with the markup for financing and sales tax: computed, never typed.
        total_minor: Money,
    },
    /// It was made ready to be sold.
    #[serde(rename = "quote.finalized")]
    Finalized {
        quote: QuoteId,
        journey: JourneyId,
        /// The instant until which it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<Instant>,
        /// On which terms.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terms: Option<Personal<Terms>>,
    },
    /// It was taken back to be written on (BLUEPRINTS B.3).
    #[serde(rename = "quote.reopened")]
    Reopened { quote: QuoteId, journey: JourneyId },
    /// A revision took its place (BLUEPRINTS B.3).
    #[serde(rename = "quote.superseded")]
    Superseded {
        quote: QuoteId,
        journey: JourneyId,
        /// The quote that did.
        by: QuoteId,
    },
    /// Somebody marked it as sold by hand (S0:23).
    #[serde(rename = "quote.marked_sold")]
    MarkedSold {
        quote: QuoteId,
        journey: JourneyId,
        /// Where the signed paper is to be found.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        paper: Option<Personal<Line>>,
        /// Why there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// It was sold, by whatever way (S0:23).
    #[serde(rename = "quote.sold")]
    Sold {
        quote: QuoteId,
        journey: JourneyId,
        /// The sale it becomes.
        sale: SaleId,
        /// When it was signed.
        signed_at: Instant,
    },
    /// It stands no longer: its time was over before anything came of it (BLUEPRINTS B.3).
    #[serde(rename = "quote.expired")]
    Expired { quote: QuoteId, journey: JourneyId },
    /// It was lost (S0:32).
    #[serde(rename = "quote.lost")]
    Lost {
        quote: QuoteId,
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
        /// Which reason of the company's list it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
    },
    /// Management did not approve its sale (P5).
    #[serde(rename = "quote.not_approved")]
    NotApproved { quote: QuoteId, journey: JourneyId },
    /// Its sale was moved back to sold (P6).
    #[serde(rename = "quote.sold_again")]
    SoldAgain { quote: QuoteId, journey: JourneyId },
}

/// The terms of a quote.
pub type Terms = Text<4000>;

/// One line of a quote: as it is recorded, or as it is asked for, with a description not marked as personal yet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Item<Description = Personal<Line>> {
    /// What it is.
    pub description: Description,
    /// How many, 1 to 1,000,000.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub quantity: u32,
    /// Price of one, in minor units, not negative.
    #[schemars(range(min = 0))]
    pub unit_price_minor: Money,
}

impl Item<Line> {
    /// As it is recorded.
    pub(crate) fn recorded(&self) -> Item {
        Item { description: self.description.clone().into(), quantity: self.quantity, unit_price_minor: self.unit_price_minor }
    }
}

/// What is taken off a quote: an amount, or a share of its items.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Discount<Description = Personal<Line>> {
    /// What for.
    pub description: Description,
    /// How much, in minor units, not negative; instead of a share.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 0))]
    pub amount_minor: Option<Money>,
    /// Which share of the sum of the items, in hundredths of a percent, 1 to 10,000; instead of an amount.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 10_000))]
    pub basis_points: Option<u32>,
}

impl Discount<Line> {
    /// As it is recorded.
    pub(crate) fn recorded(&self) -> Discount {
        Discount { description: self.description.clone().into(), amount_minor: self.amount_minor, basis_points: self.basis_points }
    }
}

/// How a quote is financed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(inline)]
pub struct Finance<Plan = Personal<Label>> {
    /// The plan, such as its lender and term.
    pub plan: Plan,
    /// What is added for it, in minor units, not negative. It is part of the sale's amount (METRICS C.5).
    #[schemars(range(min = 0))]
    pub markup_minor: Money,
}

impl Finance<Label> {
    /// As it is recorded.
    pub(crate) fn recorded(&self) -> Finance {
        Finance { plan: self.plan.clone().into(), markup_minor: self.markup_minor }
    }
}
