//! What can have happened to a quote. The stored names are a contract for ever.

use crate::id::{JourneyId, PersonId, ProductId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::Personal;
use crate::text::Line;
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
    },
    /// It was made ready to be sold.
    #[serde(rename = "quote.finalized")]
    Finalized {
        quote: QuoteId,
        journey: JourneyId,
        /// The instant until which it stands.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        valid_until: Option<Instant>,
    },
    /// Somebody marked it as sold by hand (S0:23).
    #[serde(rename = "quote.marked_sold")]
    MarkedSold { quote: QuoteId, journey: JourneyId },
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
    },
    /// Management did not approve its sale (P5).
    #[serde(rename = "quote.not_approved")]
    NotApproved { quote: QuoteId, journey: JourneyId },
    /// Its sale was moved back to sold (P6).
    #[serde(rename = "quote.sold_again")]
    SoldAgain { quote: QuoteId, journey: JourneyId },
}

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
