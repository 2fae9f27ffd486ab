//! What may be asked of a journey by itself.

use crate::id::JourneyId;
use crate::reference::{CampaignRef, CategoryRef, ProductRef, SourceRef};
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wish about one journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum JourneyCommand {
    /// Open a journey that is missing, by hand (P2). It is the contact's primary one where none is open.
    #[serde(rename = "journey.open")]
    Open(OpenJourney),
    /// Take a journey that was opened by mistake out of all figures (METRICS C.2).
    #[serde(rename = "journey.void")]
    Void(VoidJourney),
}

/// `journey.open`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenJourney {
    /// Id of the journey.
    pub journey: JourneyId,
    /// Lead source; without it the contact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<SourceRef>,
    /// Product, about which no other journey of the contact is open; without it the contact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<ProductRef>,
    /// Lead category; without it the contact's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryRef>,
    /// Campaign that brought it: one of the company's, or any other in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignRef>,
    /// Why it is missing.
    pub reason: Line,
}

/// `journey.void`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidJourney {
    /// The journey.
    pub journey: JourneyId,
    /// What the mistake was.
    pub reason: Line,
}
