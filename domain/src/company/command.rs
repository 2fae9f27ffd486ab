//! What may be asked of a company's settings.

use super::{AudienceAsk, ReasonList, ResultMeaning, Settings, TimeLimits};
use crate::id::{CampaignId, CategoryId, MeetingTypeId, PersonId, ProductId, ReasonId, SourceId};
use crate::instant::Day;
use crate::meeting::MeetingKind;
use crate::role::Role;
use crate::text::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wish concerning the company's settings.
///
/// What has an id keeps it for ever: to define it again is to rename it, and what was used is retired, never deleted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub enum CompanyCommand {
    /// Lay down name, zone, currency and calendar.
    #[serde(rename = "company.configure")]
    Configure(Settings),
    /// Lay down all time limits; what is left out is as the product brings it.
    #[serde(rename = "company.set_time_limits")]
    SetTimeLimits(TimeLimits),
    /// Lay down what every result of a demo counts as, for results entered from now on.
    #[serde(rename = "company.set_result_meanings")]
    SetResultMeanings {
        /// Each of the six results once.
        results: Vec<ResultMeaning>,
    },
    /// Close the books up to and with a day that is over: no sale counts as signed in them any more. They stay closed.
    #[serde(rename = "accounting_period.close")]
    CloseAccountingPeriod {
        /// The last closed day, in the company's zone.
        through: Day,
    },
    /// Name a lead source.
    #[serde(rename = "source.define")]
    DefineSource {
        /// The lead source, by the id it has for ever.
        source: SourceId,
        /// What people call it; unique within its kind.
        name: Label,
    },
    /// Let a lead source be chosen no more.
    #[serde(rename = "source.retire")]
    RetireSource {
        /// The lead source, by the id it has for ever.
        source: SourceId,
    },
    /// Let a retired lead source be chosen again.
    #[serde(rename = "source.restore")]
    RestoreSource {
        /// The lead source, by the id it has for ever.
        source: SourceId,
    },
    /// Name a product.
    #[serde(rename = "product.define")]
    DefineProduct {
        /// The product, by the id it has for ever.
        product: ProductId,
        /// What people call it; unique within its kind.
        name: Label,
    },
    /// Let a product be chosen no more.
    #[serde(rename = "product.retire")]
    RetireProduct {
        /// The product, by the id it has for ever.
        product: ProductId,
    },
    /// Let a retired product be chosen again.
    #[serde(rename = "product.restore")]
    RestoreProduct {
        /// The product, by the id it has for ever.
        product: ProductId,
    },
    /// Name a person.
    #[serde(rename = "person.define")]
    DefinePerson {
        /// The person, by the id they have for ever.
        person: PersonId,
        /// What people call it; unique within its kind.
        name: Label,
    },
    /// Let a person be chosen no more.
    #[serde(rename = "person.retire")]
    RetirePerson {
        /// The person, by the id they have for ever.
        person: PersonId,
    },
    /// Let a retired person be chosen again.
    #[serde(rename = "person.restore")]
    RestorePerson {
        /// The person, by the id they have for ever.
        person: PersonId,
    },
    /// Name a lead category.
    #[serde(rename = "category.define")]
    DefineCategory {
        /// The lead category, by the id it has for ever.
        category: CategoryId,
        /// What people call it; unique within its kind.
        name: Label,
    },
    /// Let a lead category be chosen no more.
    #[serde(rename = "category.retire")]
    RetireCategory {
        /// The lead category, by the id it has for ever.
        category: CategoryId,
    },
    /// Let a retired lead category be chosen again.
    #[serde(rename = "category.restore")]
    RestoreCategory {
        /// The lead category, by the id it has for ever.
        category: CategoryId,
    },
    /// Put a reason on a list, or rename it. A list that has reasons takes no other words any more, also when all of them are retired.
    #[serde(rename = "reason.define")]
    DefineReason {
        /// The reason, by the id it has for ever.
        reason: ReasonId,
        /// For what it is a reason; it never changes.
        list: ReasonList,
        /// What people call it; unique within its kind.
        name: Label,
    },
    /// Let a reason be chosen no more.
    #[serde(rename = "reason.retire")]
    RetireReason {
        /// The reason, by the id it has for ever.
        reason: ReasonId,
    },
    /// Let a retired reason be chosen again.
    #[serde(rename = "reason.restore")]
    RestoreReason {
        /// The reason, by the id it has for ever.
        reason: ReasonId,
    },
    /// Lay down a type of meetings; anew, for meetings that are set from now on (S0:30).
    #[serde(rename = "meeting_type.define")]
    DefineMeetingType {
        /// The type, by the id it has for ever.
        meeting_type: MeetingTypeId,
        /// What people call it; unique within its kind.
        name: Label,
        /// What such meetings are for. Those of the kind demo count as demos, and are always confirmed and issued.
        kind: MeetingKind,
        /// Whether they are confirmed and issued to a rep.
        confirm_and_issue: bool,
    },
    /// Let a type of meetings be chosen no more.
    #[serde(rename = "meeting_type.retire")]
    RetireMeetingType {
        /// The type, by the id it has for ever.
        meeting_type: MeetingTypeId,
    },
    /// Let a retired type of meetings be chosen again.
    #[serde(rename = "meeting_type.restore")]
    RestoreMeetingType {
        /// The type, by the id it has for ever.
        meeting_type: MeetingTypeId,
    },
    /// Lay down a campaign; anew, for whoever is looked for from now on. Its members stay (S0:4).
    #[serde(rename = "campaign.define")]
    DefineCampaign {
        /// The campaign, by the id it has for ever.
        campaign: CampaignId,
        /// What people call it; unique within its kind.
        name: Label,
        /// Whom it is for.
        audience: AudienceAsk,
    },
    /// Let nobody join a campaign any more. Its members stay.
    #[serde(rename = "campaign.retire")]
    RetireCampaign {
        /// The campaign, by the id it has for ever.
        campaign: CampaignId,
    },
    /// Let contacts join a retired campaign again.
    #[serde(rename = "campaign.restore")]
    RestoreCampaign {
        /// The campaign, by the id it has for ever.
        campaign: CampaignId,
    },
}

/// Who looks after the settings.
const KEEPERS: &[Role] = &[Role::Admin, Role::Management];

impl CompanyCommand {
    /// What its button is called, and who may press it.
    pub fn button(&self) -> (&'static str, &'static [Role]) {
        use CompanyCommand::*;
        match self {
            Configure(_) => ("Configure the company", KEEPERS),
            SetTimeLimits(_) => ("Set time limits", KEEPERS),
            SetResultMeanings { .. } => ("Set what results count as", KEEPERS),
            CloseAccountingPeriod { .. } => ("Close the books", &[Role::Management, Role::Finance]),
            DefineSource { .. } => ("Define lead source", &[Role::Admin, Role::Management, Role::Marketing]),
            RetireSource { .. } => ("Retire lead source", &[Role::Admin, Role::Management, Role::Marketing]),
            RestoreSource { .. } => ("Restore lead source", &[Role::Admin, Role::Management, Role::Marketing]),
            DefineProduct { .. } => ("Define product", KEEPERS),
            RetireProduct { .. } => ("Retire product", KEEPERS),
            RestoreProduct { .. } => ("Restore product", KEEPERS),
            DefinePerson { .. } => ("Define person", KEEPERS),
            RetirePerson { .. } => ("Retire person", KEEPERS),
            RestorePerson { .. } => ("Restore person", KEEPERS),
            DefineCategory { .. } => ("Define lead category", &[Role::Admin, Role::Management, Role::Marketing]),
            RetireCategory { .. } => ("Retire lead category", &[Role::Admin, Role::Management, Role::Marketing]),
            RestoreCategory { .. } => ("Restore lead category", &[Role::Admin, Role::Management, Role::Marketing]),
            DefineReason { .. } => ("Define reason", KEEPERS),
            RetireReason { .. } => ("Retire reason", KEEPERS),
            RestoreReason { .. } => ("Restore reason", KEEPERS),
            DefineMeetingType { .. } => ("Define type of meeting", KEEPERS),
            RetireMeetingType { .. } => ("Retire type of meeting", KEEPERS),
            RestoreMeetingType { .. } => ("Restore type of meeting", KEEPERS),
            DefineCampaign { .. } => ("Define campaign", &[Role::Admin, Role::Management, Role::Marketing]),
            RetireCampaign { .. } => ("Retire campaign", &[Role::Admin, Role::Management, Role::Marketing]),
            RestoreCampaign { .. } => ("Restore campaign", &[Role::Admin, Role::Management, Role::Marketing]),
        }
    }
}
