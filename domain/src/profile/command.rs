//! What may be asked of a contact as a whole.

use super::{AttemptOutcome, Channel, EraseBasis};
use crate::address::Address;
use crate::id::{ContactId, JourneyId, MeetingId};
use crate::instant::{Day, Instant};
use crate::reference::{CampaignRef, CategoryRef, PersonRef, ProductRef, SourceRef};
use crate::text::{Email, Label, Line, Phone};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wish about the contact as a whole.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum ContactCommand {
    /// Enter a new contact; its first journey opens (S0:10).
    #[serde(rename = "contact.add")]
    Add(AddContact),
    /// Record that somebody tried to reach the contact.
    #[serde(rename = "contact.log_attempt")]
    LogAttempt(LogAttempt),
    /// Make the contact a new incoming lead again; another journey opens (S0:11).
    #[serde(rename = "contact.return")]
    Return(ReturnContact),
    /// Schedule another rep to sell another product; a second journey opens beside the first (S0:12).
    #[serde(rename = "contact.add_other_product_rep")]
    AddOtherProductRep(AddOtherProductRep),
    /// Correct the lead source; open journeys follow (P2).
    #[serde(rename = "contact.change_source")]
    ChangeSource(ChangeSource),
    /// Correct the product; the primary journey follows while it is open, those about other products do not (P2).
    #[serde(rename = "contact.change_product")]
    ChangeProduct(ChangeProduct),
    /// Correct the lead category; open journeys follow (P2).
    #[serde(rename = "contact.change_category")]
    ChangeCategory(ChangeCategory),
    /// Correct how the person or business can be reached; what is left out stays as it is.
    #[serde(rename = "contact.change_details")]
    ChangeDetails(ChangeDetails),
    /// Correct the property address; no two contacts of a company share one, but on purpose (S0:7).
    #[serde(rename = "contact.correct_address")]
    CorrectAddress(CorrectAddress),
    /// Give a journey that was demoed and not sold to a rehash rep (S0:9).
    #[serde(rename = "contact.assign_rehash")]
    AssignRehash(AssignRehash),
    /// Give the contact up; its open quotes are lost and its coming meetings canceled (S0:28).
    #[serde(rename = "contact.lose")]
    Lose(LoseContact),
    /// Take a lost contact up again where it was left, within the time there is for that (BLUEPRINTS B.1).
    #[serde(rename = "contact.reopen")]
    Reopen(ReopenContact),
    /// Put a lost contact or a customer aside for remarketing (S0:4, 11).
    #[serde(rename = "contact.move_to_remarket")]
    MoveToRemarket(MoveToRemarket),
    /// Note that the contact wants to be approached no more: its journeys end, its coming meetings are canceled.
    #[serde(rename = "contact.opt_out")]
    OptOut(OptOut),
    /// Let a contact be approached again.
    #[serde(rename = "contact.opt_in")]
    OptIn(OptIn),
    /// Approach the contact with a campaign: it is a member from now on (S0:4).
    #[serde(rename = "contact.join_campaign")]
    JoinCampaign(JoinCampaign),
    /// Approach the contact with a campaign no more.
    #[serde(rename = "contact.leave_campaign")]
    LeaveCampaign(LeaveCampaign),
    /// Find another contact under this one from now on, because it is the same person or business. Both histories stay.
    #[serde(rename = "contact.merge")]
    Merge(MergeContact),
    /// Let a contact that was merged into this one stand on its own again.
    #[serde(rename = "contact.unmerge")]
    Unmerge(UnmergeContact),
    /// Places a legal hold: the contact cannot be erased until it is lifted.
    #[serde(rename = "contact.place_hold")]
    PlaceHold(PlaceHold),
    /// Lifts the legal hold.
    #[serde(rename = "contact.lift_hold")]
    LiftHold(LiftHold),
    /// Forgets the person, for ever: names, numbers, addresses and free text can be read by nobody any more. Events,
    /// amounts and figures stay. Nothing can happen to the contact afterwards.
    #[serde(rename = "contact.erase")]
    Erase(EraseContact),
}

/// `contact.add`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddContact {
    /// Id of the journey that opens.
    pub journey: JourneyId,
    /// Lead source.
    pub source: SourceRef,
    /// Product asked for.
    pub product: ProductRef,
    /// Lead category: one of the company's, once it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub category: Option<CategoryRef>,
    /// Campaign that brought the lead: one of the company's, or any other in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignRef>,
    /// The contact's number in another system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Label>,
    /// Name of the person or business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Telephone numbers, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "few")]
    #[schemars(length(max = 10))]
    pub phones: Vec<Phone>,
    /// E-mail addresses, at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty", deserialize_with = "few")]
    #[schemars(length(max = 10))]
    pub emails: Vec<Email>,
    /// Property address. No two contacts of a company share one (S0:7).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address: Option<Address>,
    /// Why it is entered although another contact may have its address. It claims the address for nobody then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_duplicate: Option<Line>,
}

fn few<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Vec<T>, D::Error> {
    let list = Vec::<T>::deserialize(deserializer)?;
    if list.len() > 10 {
        return Err(serde::de::Error::custom("at most 10 are kept"));
    }
    Ok(list)
}

/// `contact.log_attempt`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogAttempt {
    /// By which way.
    pub channel: Channel,
    /// With which outcome.
    pub outcome: AttemptOutcome,
    /// When the contact wants to be called again; needed with the outcome `call_back`, not before the business time.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub call_back_at: Option<Instant>,
}

/// `contact.return`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReturnContact {
    /// Id of the journey that opens.
    pub journey: JourneyId,
    /// Lead source this time.
    pub source: SourceRef,
    /// Product asked for this time.
    pub product: ProductRef,
    /// Remarketing campaign that brought the contact back: one of the company's, once it has any. Without it, the only one that the contact
    /// is a member of and has not come back by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub campaign: Option<CampaignRef>,
}

/// `contact.add_other_product_rep`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AddOtherProductRep {
    /// Id of the journey that opens.
    pub journey: JourneyId,
    /// The other product; not that of an open journey of the contact.
    pub product: ProductRef,
    /// The other rep; not that of an open journey of the contact.
    pub rep: PersonRef,
    /// Id of the demo that is set.
    pub meeting: MeetingId,
    /// When it is to begin.
    pub start: Instant,
    /// How long it is to take, 1 to 1,440 minutes.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "crate::meeting::minutes")]
    #[schemars(range(min = 1, max = 1440))]
    pub length_minutes: Option<u32>,
    /// Who gets the credit for setting it; without it, who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<PersonRef>,
}

/// `contact.change_source`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeSource {
    /// The right lead source.
    pub source: SourceRef,
}

/// `contact.change_product`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeProduct {
    /// The right product.
    pub product: ProductRef,
}

/// `contact.change_category`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCategory {
    /// The right category.
    pub category: CategoryRef,
}

/// `contact.change_details`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeDetails {
    /// Name of the person or business.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// All telephone numbers, at most 10.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "few_or_none")]
    #[schemars(length(max = 10))]
    pub phones: Option<Vec<Phone>>,
    /// All e-mail addresses, at most 10.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "few_or_none")]
    #[schemars(length(max = 10))]
    pub emails: Option<Vec<Email>>,
    /// The contact's number in another system.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<Label>,
}

fn few_or_none<'de, D: serde::Deserializer<'de>, T: Deserialize<'de>>(deserializer: D) -> Result<Option<Vec<T>>, D::Error> {
    match Option::<Vec<T>>::deserialize(deserializer)? {
        Some(list) if list.len() > 10 => Err(serde::de::Error::custom("at most 10 are kept")),
        list => Ok(list),
    }
}

/// `contact.correct_address`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectAddress {
    /// The right address.
    pub address: Address,
    /// Why two contacts may have it. It is claimed for nobody then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accept_duplicate: Option<Line>,
}

/// `contact.assign_rehash`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignRehash {
    /// The journey.
    pub journey: JourneyId,
    /// Who works it from now on.
    pub rehash_rep: PersonRef,
    /// Why it was not sold; one of the company's list `not_sold`, once it has any.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `contact.lose`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoseContact {
    /// Only this journey; without it the whole contact.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub journey: Option<JourneyId>,
    /// Why; one of the company's list `lost`, once it has any.
    pub reason: Line,
    /// To whom it was lost.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub competitor: Option<Label>,
    /// What else there is to say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `contact.reopen`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ReopenContact {
    /// Why.
    pub reason: Line,
}

/// `contact.move_to_remarket`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveToRemarket {
    /// Why.
    pub reason: Line,
    /// Before which day nobody should approach it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub not_before: Option<Day>,
}

/// `contact.opt_out`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptOut {
    /// Who asked for it.
    pub asked_by: Line,
    /// By which way.
    pub channel: Channel,
}

/// `contact.opt_in`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OptIn {
    /// Why.
    pub reason: Line,
}

/// `contact.join_campaign`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct JoinCampaign {
    /// The campaign.
    pub campaign: CampaignRef,
}

/// `contact.leave_campaign`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaveCampaign {
    /// The campaign.
    pub campaign: CampaignRef,
}

/// `contact.merge`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeContact {
    /// The other contact.
    pub other: ContactId,
    /// Why they are one.
    pub reason: Line,
}

/// `contact.unmerge`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct UnmergeContact {
    /// The other contact.
    pub other: ContactId,
    /// Why they are two.
    pub reason: Line,
}

/// `contact.place_hold`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceHold {
    /// Why.
    pub reason: Line,
}

/// `contact.lift_hold`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LiftHold {
    /// Why.
    pub reason: Line,
}

/// `contact.erase`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EraseContact {
    /// On which ground.
    pub basis: EraseBasis,
}
