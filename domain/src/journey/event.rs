//! What can have happened to a journey. The stored names are a contract for ever.
//!
//! Its governing set and issue and its net sold are not events: a projection derives them (METRICS C.3).

use crate::blueprint::ContactState;
use crate::id::{JourneyId, PersonId, ProductId, ReasonId, SourceId};
use crate::instant::Instant;
use crate::personal::Personal;
use crate::reference::{CampaignRef, CategoryRef};
use crate::text::Line;
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
        category: Option<CategoryRef>,
        /// The campaign that brought it: one of the company's by id, or any other in words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        campaign: Option<CampaignRef>,
        /// The rep named when it was opened: only for another product's rep (S0:12).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        rep: Option<PersonId>,
        /// Why it was opened by hand, where it was (P2).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// A journey came into a stage in which it may not stay for ever; the limit starts anew each time it comes there (BLUEPRINTS B.0).
    #[serde(rename = "journey.limit_started")]
    LimitStarted {
        /// The journey.
        journey: JourneyId,
        /// The stage.
        stage: ContactState,
        /// The instant at which it moves on by itself.
        until: Instant,
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
        category: Option<CategoryRef>,
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
        /// Which reason of the company's list that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
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
        /// Which reason of the company's list that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
    },
    /// A lost journey goes on (BLUEPRINTS B.1).
    #[serde(rename = "journey.reopened")]
    Reopened {
        /// The journey.
        journey: JourneyId,
        /// The stage in which it goes on.
        stage: ContactState,
    },
    /// The journey was opened by mistake: no figure counts it (METRICS C.2).
    #[serde(rename = "journey.voided")]
    Voided {
        /// The journey.
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
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
    /// Somebody who found it missing (P2).
    Manual,
}

impl Origin {
    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Origin::New => "new",
            Origin::Remarket => "remarket",
            Origin::OtherProduct => "other_product",
            Origin::Manual => "manual",
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
    /// Without a demo, in the time there was for setting one (P2).
    NotSet,
    /// Because the contact wants to be approached no more.
    DoNotContact,
}

impl Outcome {
    /// All of them.
    pub const ALL: &'static [Outcome] = &[Outcome::Sold, Outcome::Lost, Outcome::SoldCanceled, Outcome::NotSet, Outcome::DoNotContact];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            Outcome::Sold => "sold",
            Outcome::Lost => "lost",
            Outcome::SoldCanceled => "sold_canceled",
            Outcome::NotSet => "not_set",
            Outcome::DoNotContact => "do_not_contact",
        }
    }
}
