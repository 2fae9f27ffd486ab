//! What may be asked of a quote.

use super::Item;
use crate::id::{JourneyId, QuoteId, SaleId};
use crate::instant::When;
use crate::money::Money;
use crate::reference::{PersonRef, ProductRef};
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A wish about one quote.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum QuoteCommand {
    /// Draft a quote on a journey (S0:21).
    #[serde(rename = "quote.add")]
    Add(AddQuote),
    /// Make a draft ready to be sold.
    #[serde(rename = "quote.finalize")]
    Finalize(FinalizeQuote),
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

fn items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item<Line>>, D::Error> {
    let items = Vec::<Offered>::deserialize(deserializer)?;
    if !(1..=200).contains(&items.len()) {
        return Err(de::Error::custom("a quote has 1 to 200 items"));
    }
    Ok(items.into_iter().map(|Offered(item)| item).collect())
}

/// An item as it may be sent: an object (serde alone would take a bare list of its values as well), within its bounds.
struct Offered(Item<Line>);

impl<'de> Deserialize<'de> for Offered {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Offered, D::Error> {
        struct Object;
        impl<'de> de::Visitor<'de> for Object {
            type Value = Offered;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("an object with description, quantity, unit_price_minor")
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Offered, A::Error> {
                let item = Item::<Line>::deserialize(de::value::MapAccessDeserializer::new(map))?;
                if !(1..=1_000_000).contains(&item.quantity) {
                    return Err(de::Error::custom("the quantity must be between 1 and 1000000"));
                }
                if item.unit_price_minor < Money::ZERO {
                    return Err(de::Error::custom("the price must not be negative"));
                }
                Ok(Offered(item))
            }
        }
        deserializer.deserialize_map(Object)
    }
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
}

/// `quote.mark_sold`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MarkQuoteSold {
    /// The quote.
    pub quote: QuoteId,
    /// Id of the sale it becomes.
    pub sale: SaleId,
    /// When it was signed; without it the business time. Not in the future, not before the day its journey opened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sign_date: Option<When>,
}

/// `quote.lose`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseQuote {
    /// The quote.
    pub quote: QuoteId,
    /// Why.
    pub reason: Line,
}
