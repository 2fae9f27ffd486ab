//! What can have happened to a journey. The stored names are a contract for ever.
//!
//! Its governing set and issue and its net sold are not events: a projection derives them (METRICS C.3).

use crate::id::{JourneyId, PersonId, ProductId, SourceId};
use crate::personal::Personal;
use crate::text::{Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about one pass through the funnel.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum JourneyEvent {
    /// A journey began (METRICS C.2).
    #[serde(rename = "journey.opened")]
    Opened {
        /// The journey.
        journey: JourneyId,
        /// What opened it.
        origin: Origin,
        /// The contact's lead source at this time.
        source: SourceId,
        /// The product it is about.
        product: ProductId,
        /// The contact's lead category at this time.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<Label>,
        /// The campaign that brought it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        campaign: Option<Label>,
        /// The rep named when it was opened: only for another product's rep (S0:12).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rep: Option<PersonId>,
    },
    /// An open journey followed its contact to another source, product or category (P2). All three as they are from now on.
    #[serde(rename = "journey.dimensions_changed")]
    DimensionsChanged {
        /// The journey.
        journey: JourneyId,
        /// Its lead source.
        source: SourceId,
        /// Its product.
        product: ProductId,
        /// Its lead category.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        category: Option<Label>,
    },
    /// A rehash rep got the journey after a demo that did not sell (S0:9).
    #[serde(rename = "journey.rehash_assigned")]
    RehashAssigned {
        /// The journey.
        journey: JourneyId,
        /// Who works it from now on.
        rehash_rep: PersonId,
        /// Why it was not sold.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// The journey ended.
    #[serde(rename = "journey.closed")]
    Closed {
        /// The journey.
        journey: JourneyId,
        /// How.
        outcome: Outcome,
        /// Why, where it was lost.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// The outcome of a closed journey changed, because its sale was canceled or came back. Its times stay.
    #[serde(rename = "journey.outcome_revised")]
    OutcomeRevised {
        /// The journey.
        journey: JourneyId,
        /// The outcome from now on.
        outcome: Outcome,
    },
}

/// What opened a journey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Origin {
    /// A new contact (S0:10).
    New,
    /// A return from Remarket (S0:11).
    Remarket,
    /// Another product's rep (S0:12).
    OtherProduct,
}

impl Origin {
    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Origin::New => "new",
            Origin::Remarket => "remarket",
            Origin::OtherProduct => "other_product",
        }
    }
}

/// How a journey ended (METRICS C.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Outcome {
    /// With an official sale.
    Sold,
    /// Without one.
    Lost,
    /// With a sale that was canceled afterwards.
    SoldCanceled,
}

impl Outcome {
    /// All of them.
    pub const ALL: &'static [Outcome] = &[Outcome::Sold, Outcome::Lost, Outcome::SoldCanceled];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Sold => "sold",
            Outcome::Lost => "lost",
            Outcome::SoldCanceled => "sold_canceled",
        }
    }
}
