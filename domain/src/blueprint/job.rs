//! The job blueprint (BLUEPRINTS B.4, Job Status): from the review of its sale to the last nail (S0:25, P13, P14).

use super::{Blueprint, From::*, Guard, State, Step, To};
use crate::role::Role::{self, *};
use crate::sale::JobStanding;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The status of a job: one master field, shown everywhere (S0:25).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum JobStatus {
    /// The sale waits for management.
    InSaleReview,
    /// The sale is official; somebody is to look at the property.
    ReadyForSiteVisit,
    /// Somebody was there.
    CompletedSiteVisit,
    /// It must not go on as it is.
    NotAuthorizedToProceed,
    /// It may be planned.
    ApprovedToProceed,
    /// The installation has a day.
    Scheduled,
    /// The customer knows.
    PreCallCompleted,
    /// They are there.
    InstallInProgress,
    /// Done but for a punch list.
    InstallCompletePending,
    /// Done.
    InstallCompleteFinal,
    /// Nothing is left to do.
    JobClosed,
    /// Canceled with its sale.
    Canceled,
}
use JobStatus::*;

impl State for JobStatus {
    const ALL: &'static [JobStatus] = &[
        InSaleReview,
        ReadyForSiteVisit,
        CompletedSiteVisit,
        NotAuthorizedToProceed,
        ApprovedToProceed,
        Scheduled,
        PreCallCompleted,
        InstallInProgress,
        InstallCompletePending,
        InstallCompleteFinal,
        JobClosed,
        Canceled,
    ];

    fn name(self) -> &'static str {
        match self {
            InSaleReview => "in_sale_review",
            ReadyForSiteVisit => "ready_for_site_visit",
            CompletedSiteVisit => "completed_site_visit",
            NotAuthorizedToProceed => "not_authorized_to_proceed",
            ApprovedToProceed => "approved_to_proceed",
            Scheduled => "scheduled",
            PreCallCompleted => "pre_call_completed",
            InstallInProgress => "install_in_progress",
            InstallCompletePending => "install_complete_pending",
            InstallCompleteFinal => "install_complete_final",
            JobClosed => "job_closed",
            Canceled => "canceled",
        }
    }

    fn label(self) -> &'static str {
        match self {
            InSaleReview => "In Sale Review",
            ReadyForSiteVisit => "Ready for Site Visit",
            CompletedSiteVisit => "Completed Site Visit",
            NotAuthorizedToProceed => "Not Authorized to Proceed",
            ApprovedToProceed => "Approved to Proceed",
            Scheduled => "Scheduled",
            PreCallCompleted => "Pre-Call Completed",
            InstallInProgress => "Install in Progress",
            InstallCompletePending => "Install Complete, Pending",
            InstallCompleteFinal => "Install Complete, Final",
            JobClosed => "Job Closed",
            Canceled => "Canceled",
        }
    }
}

const fn step(label: &'static str, command: &'static str, from: super::From<JobStatus>, to: To<JobStatus>, who: &'static [Role]) -> Step<JobStatus> {
    Step { label, command, kind: None, from, to, who, asks: &[], guards: &[], emits: &[], source: "" }
}

const NOT_ON_HOLD: Guard = Guard {
    says: "the job is not on hold",
    holds: |view| view.sale.and_then(|sale| view.file.sales.get(&sale)).is_some_and(|sale| sale.job.standing == JobStanding::Active),
};

/// All statuses but the last.
const NOT_CANCELED: &[JobStatus] = &[
    InSaleReview,
    ReadyForSiteVisit,
    CompletedSiteVisit,
    NotAuthorizedToProceed,
    ApprovedToProceed,
    Scheduled,
    PreCallCompleted,
    InstallInProgress,
    InstallCompletePending,
    InstallCompleteFinal,
    JobClosed,
];

/// The job statuses of B.4, and how each is reached.
#[rustfmt::skip]
pub const JOB: Blueprint<JobStatus> = Blueprint { of: "job", title: "Job", steps: &[
    //     button                   command                     from                                to                                    who
    Step { emits: &["job.opened"], source: "S0:23, 24",
     ..step("Sale created",              "quote.mark_sold",                 Nothing, To::OneOf(&[InSaleReview, ReadyForSiteVisit]), &[System]) },
    Step { emits: &["job.opened"], source: "P4",
     ..step("Sale approved",             "sale.approve",                    In(&[InSaleReview]), To::State(ReadyForSiteVisit), &[System]) },
    Step { asks: &["visited_on", "job_owner", "visitor", "documents", "hoa", "overview", "property_type"], guards: &[NOT_ON_HOLD],
           emits: &["job.status_changed"], source: "P13",
     ..step("Complete site visit",       "job.complete_site_visit",         In(&[ReadyForSiteVisit, NotAuthorizedToProceed]), To::State(CompletedSiteVisit), &[Ops, Management]) },
    Step { asks: &["note"], emits: &["job.status_changed"], source: "P13",
     ..step("Not authorized",            "job.not_authorize",               In(&[CompletedSiteVisit, ApprovedToProceed, Scheduled, PreCallCompleted]), To::State(NotAuthorizedToProceed), &[Management]) },
    Step { guards: &[NOT_ON_HOLD], emits: &["job.status_changed"], source: "P13",
     ..step("Approve to proceed",        "job.approve_to_proceed",          In(&[CompletedSiteVisit, NotAuthorizedToProceed]), To::State(ApprovedToProceed), &[Ops, Management]) },
    Step { asks: &["install_on"], guards: &[NOT_ON_HOLD], emits: &["job.status_changed"], source: "BLUEPRINTS B.4",
     ..step("Schedule",                  "job.schedule",                    In(&[ApprovedToProceed, Scheduled, PreCallCompleted]), To::State(Scheduled), &[Ops, Management]) },
    Step { guards: &[NOT_ON_HOLD], emits: &["job.status_changed"], source: "P14",
     ..step("Complete pre-call",         "job.complete_pre_call",           In(&[Scheduled]), To::State(PreCallCompleted), &[Ops, Management]) },
    Step { guards: &[NOT_ON_HOLD], emits: &["job.status_changed"], source: "P14",
     ..step("Start installation",        "job.start_install",               In(&[Scheduled, PreCallCompleted]), To::State(InstallInProgress), &[Ops, Management]) },
    Step { asks: &["revenue_recognized_on", "note"], guards: &[NOT_ON_HOLD], emits: &["job.status_changed"], source: "P14",
     ..step("Complete but Pending",      "job.complete_pending",            In(&[InstallInProgress]), To::State(InstallCompletePending), &[Ops, Management]) },
    Step { asks: &["revenue_recognized_on", "note"], guards: &[NOT_ON_HOLD],
           emits: &["job.status_changed", "sale.balance_fell_due", "sale.paid_in_full"], source: "P14, S0:26",
     ..step("Complete and Final",        "job.complete_final",              In(&[InstallInProgress, InstallCompletePending]), To::State(InstallCompleteFinal), &[Ops, Management]) },
    Step { emits: &["job.status_changed", "job.standing_changed"], source: "P4",
     ..step("Close job",                 "job.close",                       In(&[InstallCompleteFinal]), To::State(JobClosed), &[Ops, Management]) },
    Step { asks: &["note"], emits: &["job.standing_changed"], source: "P4",
     ..step("Change standing",           "job.change_standing",             In(&[InSaleReview, ReadyForSiteVisit, CompletedSiteVisit, NotAuthorizedToProceed, ApprovedToProceed, Scheduled, PreCallCompleted, InstallInProgress, InstallCompletePending]), To::Stays, &[Ops, Management]) },
    Step { emits: &["job.canceled"], source: "P7",
     ..step("Sale canceled",             "sale.cancel",                     In(NOT_CANCELED), To::State(Canceled), &[System]) },
    Step { emits: &["job.canceled"], source: "P34",
     ..step("Sale rescinded",            "sale.rescind",                    In(NOT_CANCELED), To::State(Canceled), &[System]) },
    Step { emits: &["job.reopened"], source: "P9",
     ..step("Sale reactivated",          "sale.reactivate",                 In(&[Canceled]), To::State(ReadyForSiteVisit), &[System]) },
] };
