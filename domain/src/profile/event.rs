//! What can have happened to a contact as a whole. The stored names are a contract for ever.

use crate::address::Address;
use crate::id::{CampaignId, CategoryId, ContactId, JourneyId, PersonId, ProductId, ReasonId, SourceId};
use crate::instant::{Day, Instant};
use crate::personal::Personal;
use crate::reference::{CampaignRef, CategoryRef};
use crate::text::{Email, Label, Line, Phone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about the contact: who it is, where it came from, how it was approached.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(clippy::large_enum_variant, reason = "the large one happens once per contact, and facts are not kept once folded")]
pub enum ContactEvent {
    /// The contact was entered (S0:7, 10).
    #[serde(rename = "contact.added")]
    Added(Added),
    /// It was entered although another contact has its property address: on purpose, so it claims the address for nobody (S0:7).
    #[serde(rename = "contact.duplicate_accepted")]
    DuplicateAccepted {
        /// Why there are two.
        reason: Personal<Line>,
    },
    /// How the person or business can be reached was corrected. What is absent stayed as it was.
    #[serde(rename = "contact.details_changed")]
    DetailsChanged {
        /// Name of the person or business from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        name: Option<Personal<Label>>,
        /// All telephone numbers from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        phones: Option<Vec<Personal<Phone>>>,
        /// All e-mail addresses from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        emails: Option<Vec<Personal<Email>>>,
        /// The contact's number in another system from now on.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reference: Option<Personal<Label>>,
    },
    /// The property address was corrected: the contact is the one at the new address from now on (S0:7).
    #[serde(rename = "contact.address_corrected")]
    AddressCorrected {
        /// The address until now; absent where there was none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Personal<Address>>,
        /// The right one.
        to: Personal<Address>,
        /// Whether another contact has it too, on purpose: then it is claimed for nobody.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        shared: bool,
    },
    /// Somebody tried to reach the contact (P2, P3).
    #[serde(rename = "contact.attempted")]
    Attempted {
        /// The journey it was tried for.
        journey: JourneyId,
        /// By which way.
        channel: Channel,
        /// With which outcome.
        outcome: AttemptOutcome,
        /// When the contact wants to be called again.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        call_back_at: Option<Instant>,
    },
    /// The time for setting a demo was over; the contact is left in peace for a while (P2).
    #[serde(rename = "contact.rested")]
    Rested {
        /// The journey that rests.
        journey: JourneyId,
    },
    /// The contact came back and is a new incoming lead again (S0:11).
    #[serde(rename = "contact.returned")]
    Returned {
        /// The journey that begins.
        journey: JourneyId,
        /// Where it came from this time.
        source: SourceId,
        /// What it asks for this time.
        product: ProductId,
        /// The remarketing campaign that brought it back: by id, or by the name it was given before campaigns had ids.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        campaign: Option<CampaignRef>,
    },
    /// The contact is to be approached with a campaign (S0:4).
    #[serde(rename = "contact.joined_campaign")]
    JoinedCampaign {
        /// The campaign.
        campaign: CampaignId,
    },
    /// The contact is approached with a campaign no more.
    #[serde(rename = "contact.left_campaign")]
    LeftCampaign {
        /// The campaign.
        campaign: CampaignId,
    },
    /// A second rep was scheduled to sell another product (S0:12).
    #[serde(rename = "contact.other_product_rep_added")]
    OtherProductRepAdded {
        /// The journey that begins.
        journey: JourneyId,
        /// The product of the second pitch.
        product: ProductId,
        /// Who will pitch it.
        rep: PersonId,
    },
    /// The contact's lead source was corrected (P2).
    #[serde(rename = "contact.source_changed")]
    SourceChanged {
        /// The source from now on.
        source: SourceId,
    },
    /// The contact's product was corrected (P2).
    #[serde(rename = "contact.product_changed")]
    ProductChanged {
        /// The product from now on.
        product: ProductId,
    },
    /// The contact's lead category was corrected (P2).
    #[serde(rename = "contact.category_changed")]
    CategoryChanged {
        /// The category from now on.
        category: CategoryId,
    },
    /// The contact was given up (S0:28).
    #[serde(rename = "contact.lost")]
    Lost {
        /// The primary journey that ends with it.
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
        /// Which reason of the company's list that is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
        /// To whom it was lost.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        competitor: Option<Personal<Label>>,
        /// What else there is to say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// A lost contact was taken up again where it was left (BLUEPRINTS B.1).
    #[serde(rename = "contact.reopened")]
    Reopened {
        /// The primary journey that goes on.
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
    },
    /// The contact was put aside for remarketing (S0:4, 11).
    #[serde(rename = "contact.moved_to_remarket")]
    MovedToRemarket {
        /// Why.
        reason: Personal<Line>,
        /// Before which day nobody should approach it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        not_before: Option<Day>,
    },
    /// The contact wants to be approached no more (BLUEPRINTS B.1).
    #[serde(rename = "contact.opted_out")]
    OptedOut {
        /// Who asked for it.
        asked_by: Personal<Line>,
        /// By which way.
        channel: Channel,
    },
    /// The contact may be approached again.
    #[serde(rename = "contact.opted_in")]
    OptedIn {
        /// Why.
        reason: Personal<Line>,
    },
    /// Another contact turned out to be the same person or business. Both histories stay as they are.
    #[serde(rename = "contact.merged")]
    Merged {
        /// The other contact, which is found under this one from now on.
        other: ContactId,
        /// Why they are one.
        reason: Personal<Line>,
    },
    /// The contact turned out to be the same as another, under which it is found from now on.
    #[serde(rename = "contact.merged_into")]
    MergedInto {
        /// The other contact.
        survivor: ContactId,
    },
    /// They were two after all.
    #[serde(rename = "contact.unmerged")]
    Unmerged {
        /// The other contact, which stands on its own again.
        other: ContactId,
        /// Why they are two.
        reason: Personal<Line>,
    },
    /// The contact stands on its own again.
    #[serde(rename = "contact.unmerged_from")]
    UnmergedFrom {
        /// The other contact.
        survivor: ContactId,
    },
    /// A legal hold was placed: what is personal must not be erased (SECURITY 4.5).
    #[serde(rename = "contact.hold_placed")]
    HoldPlaced {
        /// Why.
        reason: Personal<Line>,
    },
    /// The legal hold was lifted.
    #[serde(rename = "contact.hold_lifted")]
    HoldLifted {
        /// Why.
        reason: Personal<Line>,
    },
    /// The person was forgotten: the contact's key is destroyed with this event, and nothing happens to the contact any
    /// more (SECURITY 4.5).
    #[serde(rename = "contact.erased")]
    Erased {
        /// On which ground.
        basis: EraseBasis,
        /// All journeys of the contact, so that whatever was kept of them can be found.
        journeys: Vec<JourneyId>,
    },
}

/// On which ground a person is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum EraseBasis {
    /// The person asked for it.
    PersonAsked,
    /// The time for which the data may be kept is over.
    RetentionEnded,
    /// The contact should never have been entered.
    EnteredByMistake,
}

/// The data of `contact.added`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Added {
    /// The journey that begins.
    pub journey: JourneyId,
    /// Where the lead came from.
    pub source: SourceId,
    /// What it asks for.
    pub product: ProductId,
    /// The lead category: by id, or by the name it was given before categories had ids.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryRef>,
    /// The campaign that brought it: one of the company's by id, or any other in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignRef>,
    /// The contact's number in another system.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Personal<Label>>,
    /// Name of the person or business.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Personal<Label>>,
    /// Telephone numbers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub phones: Vec<Personal<Phone>>,
    /// E-mail addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<Personal<Email>>,
    /// The property.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub address: Option<Personal<Address>>,
    /// Whether another contact has this address too, on purpose: then it is claimed for nobody.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub address_shared: bool,
}

/// By which way somebody was approached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the names say it")]
pub enum Channel {
    Phone,
    Text,
    Email,
    Visit,
    Other,
}

/// What came of an attempt to reach somebody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the names say it")]
pub enum AttemptOutcome {
    Spoke,
    NoAnswer,
    LeftMessage,
    WrongNumber,
    CallBack,
}
