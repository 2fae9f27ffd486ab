//! What can have happened to a company's settings. The stored names are a contract for ever.

use super::{Audience, ReasonList, ResultMeaning, Settings, TimeLimits};
use crate::id::{CampaignId, CategoryId, MeetingTypeId, PersonId, ProductId, ReasonId, SourceId};
use crate::instant::Day;
use crate::meeting::MeetingKind;
use crate::text::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact in the company's own stream.
///
/// What was named once keeps its id for ever. Named again it has another name; retired it is chosen no more, and what was said of it
/// before still holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "the ids say whose they are, and mean the same in every fact")]
pub enum CompanyEvent {
    /// The company's name, zone, currency and calendar were laid down, first or anew.
    #[serde(rename = "company.configured")]
    Configured(Settings),
    /// The time limits of its processes were laid down, all of them (BLUEPRINTS B.0).
    #[serde(rename = "company.time_limits_set")]
    TimeLimitsSet(TimeLimits),
    /// What the results of demos count as was laid down, all of them. It holds for results entered from then on (BLUEPRINTS B.2).
    #[serde(rename = "company.result_meanings_set")]
    ResultMeaningsSet {
        /// The number of this version: 2, 3 … after the first, which every company begins with.
        version: u32,
        /// What each result counts as.
        results: Vec<ResultMeaning>,
    },
    /// The books were closed up to and with a local day: no sale counts as signed in them any more (P4, P6).
    #[serde(rename = "accounting_period.closed")]
    AccountingPeriodClosed {
        /// The last closed day.
        through: Day,
    },
    /// A lead source got its permanent id and its name.
    #[serde(rename = "source.defined")]
    SourceDefined {
        /// Its permanent id.
        source: SourceId,
        /// Its name, unique among sources.
        name: Label,
    },
    /// A lead source is chosen no more.
    #[serde(rename = "source.retired")]
    SourceRetired { source: SourceId },
    /// A retired lead source may be chosen again.
    #[serde(rename = "source.restored")]
    SourceRestored { source: SourceId },
    /// A product got its permanent id and its name.
    #[serde(rename = "product.defined")]
    ProductDefined {
        /// Its permanent id.
        product: ProductId,
        /// Its name, unique among products.
        name: Label,
    },
    /// A product is chosen no more.
    #[serde(rename = "product.retired")]
    ProductRetired { product: ProductId },
    /// A retired product may be chosen again.
    #[serde(rename = "product.restored")]
    ProductRestored { product: ProductId },
    /// A person who works for the company got a permanent id and a name.
    #[serde(rename = "person.defined")]
    PersonDefined {
        /// Their permanent id.
        person: PersonId,
        /// Their name, unique among people.
        name: Label,
    },
    /// A person works for the company no more.
    #[serde(rename = "person.retired")]
    PersonRetired { person: PersonId },
    /// A person is back.
    #[serde(rename = "person.restored")]
    PersonRestored { person: PersonId },
    /// A lead category got its permanent id and its name.
    #[serde(rename = "category.defined")]
    CategoryDefined {
        category: CategoryId,
        /// Its name, unique among categories.
        name: Label,
    },
    /// A lead category is chosen no more.
    #[serde(rename = "category.retired")]
    CategoryRetired { category: CategoryId },
    /// A retired lead category may be chosen again.
    #[serde(rename = "category.restored")]
    CategoryRestored { category: CategoryId },
    /// A reason got its permanent id, its list and its name.
    #[serde(rename = "reason.defined")]
    ReasonDefined {
        reason: ReasonId,
        /// For what it is a reason. It never changes.
        list: ReasonList,
        /// Its name, unique within its list.
        name: Label,
    },
    /// A reason is chosen no more.
    #[serde(rename = "reason.retired")]
    ReasonRetired { reason: ReasonId },
    /// A retired reason may be chosen again.
    #[serde(rename = "reason.restored")]
    ReasonRestored { reason: ReasonId },
    /// A type of meeting got its permanent id, or was laid down anew for meetings set from then on (S0:30).
    #[serde(rename = "meeting_type.defined")]
    MeetingTypeDefined {
        meeting_type: MeetingTypeId,
        /// Its name, unique among types.
        name: Label,
        /// What such meetings are for, and whether they count as demos.
        kind: MeetingKind,
        /// Whether they are confirmed and issued to a rep.
        confirm_and_issue: bool,
    },
    /// A type of meeting is chosen no more.
    #[serde(rename = "meeting_type.retired")]
    MeetingTypeRetired { meeting_type: MeetingTypeId },
    /// A retired type of meeting may be chosen again.
    #[serde(rename = "meeting_type.restored")]
    MeetingTypeRestored { meeting_type: MeetingTypeId },
    /// A campaign got its permanent id, or was laid down anew (S0:4).
    #[serde(rename = "campaign.defined")]
    CampaignDefined {
        campaign: CampaignId,
        /// Its name, unique among campaigns.
        name: Label,
        /// Whom it is for.
        audience: Audience,
    },
    /// Nobody joins a campaign any more.
    #[serde(rename = "campaign.retired")]
    CampaignRetired { campaign: CampaignId },
    /// A retired campaign may be joined again.
    #[serde(rename = "campaign.restored")]
    CampaignRestored { campaign: CampaignId },
}
