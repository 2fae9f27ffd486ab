//! What may be asked of the job of a sale.

use crate::id::SaleId;
use crate::instant::When;
use crate::reference::PersonRef;
use crate::sale::{JobStanding, PropertyType};
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Where nothing but the job is named: `job.not_authorize`, `job.approve_to_proceed`, `job.complete_pre_call`, `job.start_install`, `job.close`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MoveJob {
    /// The sale whose job it is.
    pub sale: SaleId,
    /// What is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `job.complete_site_visit`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteSiteVisit {
    /// The sale whose job it is.
    pub sale: SaleId,
    /// When the visit was; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visited_on: Option<When>,
    /// Who leads the job.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub job_owner: Option<PersonRef>,
    /// Who was there.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub visitor: Option<PersonRef>,
    /// Where its documents are kept.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub documents: Option<Line>,
    /// Whether a homeowners' association has a say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hoa: Option<bool>,
    /// What there is to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overview: Option<Line>,
    /// What the property is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub property_type: Option<PropertyType>,
    /// What else is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `job.schedule`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleJob {
    /// The sale whose job it is.
    pub sale: SaleId,
    /// When the installation is to begin. Not on a day that is over.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub install_on: Option<When>,
    /// What is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `job.complete_pending`, `job.complete_final`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CompleteInstall {
    /// The sale whose job it is.
    pub sale: SaleId,
    /// The date at which its revenue is recognized; without it the business time. Not in the future, not before the sign date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revenue_recognized_on: Option<When>,
    /// What is to be known about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `job.change_standing`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeJobStanding {
    /// The sale whose job it is.
    pub sale: SaleId,
    /// Whether it is worked on from now on: active or hold. It is closed with `job.close`.
    pub standing: JobStanding,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}
