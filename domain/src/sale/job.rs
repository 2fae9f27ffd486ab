//! The job of a sale: one master status and a standing beside it (S0:25, P4, P13, P14).

use super::{ChangeJobStanding, CompleteInstall, CompleteSiteVisit, JobStanding, MoveJob, SIGNED, Sale, SaleEvent, ScheduleJob, SiteVisit, view_of};
use crate::blueprint::{JOB, JobStatus, To, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::dates::dated;
use crate::id::SaleId;
use crate::personal::personal;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;
use serde::{Deserialize, Serialize};

/// Where a job stands.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Job {
    /// Its status.
    pub status: JobStatus,
    /// Whether it is worked on.
    pub standing: JobStanding,
}

impl Job {
    /// The job after one more fact about it.
    pub(super) fn evolve(self, event: &SaleEvent) -> Job {
        match event {
            SaleEvent::JobOpened { status, standing, .. } | SaleEvent::JobReopened { status, standing, .. } => Job { status: *status, standing: *standing },
            SaleEvent::JobStatusChanged { status, .. } => Job { status: *status, ..self },
            SaleEvent::JobStandingChanged { standing, .. } => Job { standing: *standing, ..self },
            SaleEvent::JobCanceled { .. } => Job { status: JobStatus::Canceled, standing: JobStanding::Closed },
            _ => self,
        }
    }

    /// The job with the standing that was named, if one was.
    pub(super) fn standing_as(self, named: Option<JobStanding>) -> Job {
        Job { standing: named.unwrap_or(self.standing), ..self }
    }
}

/// Opens the job of an official sale (P4). Open already: nothing.
pub fn open_job(file: &ContactFile, id: SaleId) -> Vec<Fact> {
    match file.sales.get(&id) {
        Some(sale) if sale.job.status == JobStatus::InSaleReview => {
            vec![SaleEvent::JobOpened { sale: id, journey: sale.journey, status: JobStatus::ReadyForSiteVisit, standing: sale.job.standing }.into()]
        }
        _ => vec![],
    }
}

/// Cancels the job of a canceled sale (P7). Canceled already: nothing.
pub fn cancel_job(file: &ContactFile, id: SaleId) -> Vec<Fact> {
    match file.sales.get(&id) {
        Some(sale) if sale.job.status != JobStatus::Canceled => vec![SaleEvent::JobCanceled { sale: id, journey: sale.journey }.into()],
        _ => vec![],
    }
}

/// Brings the job of a reactivated sale back (P9). Back already: nothing.
pub fn reopen_job(file: &ContactFile, id: SaleId, standing: JobStanding) -> Vec<Fact> {
    match file.sales.get(&id) {
        Some(sale) if sale.job.status == JobStatus::Canceled => {
            vec![SaleEvent::JobReopened { sale: id, journey: sale.journey, status: JobStatus::ReadyForSiteVisit, standing }.into()]
        }
        _ => vec![],
    }
}

/// Moves a job on along a row for which nothing more is to be entered.
pub(super) fn go_on(file: &ContactFile, ask: &MoveJob, command: &str, context: &Context) -> Result<SaleEvent, Refusal> {
    let (sale, status) = asked(file, command, ask.sale, ask, context)?;
    Ok(moved(ask.sale, sale, status, &ask.note))
}

pub(super) fn complete_site_visit(file: &ContactFile, ask: &CompleteSiteVisit, context: &Context) -> Result<SaleEvent, Refusal> {
    let (sale, status) = asked(file, "job.complete_site_visit", ask.sale, ask, context)?;
    let person = |field, wanted: &Option<_>| wanted.as_ref().map(|wanted| context.company.person(field, wanted)).transpose();
    let visit = SiteVisit {
        visited_at: dated("visited_on", ask.visited_on, (sale.signed_at, SIGNED), context)?,
        job_owner: person("job_owner", &ask.job_owner)?,
        visitor: person("visitor", &ask.visitor)?,
        documents: personal(&ask.documents),
        hoa: ask.hoa,
        overview: personal(&ask.overview),
        property_type: ask.property_type,
    };
    let note = personal(&ask.note);
    let (sale, journey) = (ask.sale, sale.journey);
    Ok(SaleEvent::JobStatusChanged { sale, journey, status, site_visit: Some(visit), install_at: None, revenue_recognized_at: None, note })
}

pub(super) fn schedule(file: &ContactFile, ask: &ScheduleJob, context: &Context) -> Result<SaleEvent, Refusal> {
    let (sale, status) = asked(file, "job.schedule", ask.sale, ask, context)?;
    let zone = context.company.zone();
    let install_at = ask.install_on.map(|when| when.instant(zone));
    let today = context.at.local_day(zone);
    if let Some(over) = install_at.map(|at| at.local_day(zone)).filter(|day| *day < today && !context.actor.is_importer()) {
        return Err(Refusal::of_field(Code::FieldInvalid, "install_on", format!("{over} is over: today is {today}")));
    }
    let note = personal(&ask.note);
    let (sale, journey) = (ask.sale, sale.journey);
    Ok(SaleEvent::JobStatusChanged { sale, journey, status, site_visit: None, install_at, revenue_recognized_at: None, note })
}

pub(super) fn complete_install(file: &ContactFile, ask: &CompleteInstall, command: &str, context: &Context) -> Result<SaleEvent, Refusal> {
    let (sale, status) = asked(file, command, ask.sale, ask, context)?;
    let recognized = dated("revenue_recognized_on", ask.revenue_recognized_on, (sale.signed_at, SIGNED), context)?;
    let note = personal(&ask.note);
    let (sale, journey) = (ask.sale, sale.journey);
    Ok(SaleEvent::JobStatusChanged { sale, journey, status, site_visit: None, install_at: None, revenue_recognized_at: Some(recognized), note })
}

/// A job that is closed is not worked on any more.
pub(super) fn close(file: &ContactFile, ask: &MoveJob, context: &Context) -> Result<Vec<SaleEvent>, Refusal> {
    let (sale, status) = asked(file, "job.close", ask.sale, ask, context)?;
    let standing = SaleEvent::JobStandingChanged { sale: ask.sale, journey: sale.journey, standing: JobStanding::Closed, note: None };
    Ok(vec![moved(ask.sale, sale, status, &ask.note), standing])
}

/// The same standing again changes nothing.
pub(super) fn change_standing(file: &ContactFile, ask: &ChangeJobStanding, context: &Context) -> Result<Option<SaleEvent>, Refusal> {
    let (sale, _) = asked(file, "job.change_standing", ask.sale, ask, context)?;
    not_closed("standing", Some(ask.standing))?;
    let changed = SaleEvent::JobStandingChanged { sale: ask.sale, journey: sale.journey, standing: ask.standing, note: personal(&ask.note) };
    Ok((ask.standing != sale.job.standing).then_some(changed))
}

/// Refuses a standing that only the end of a job brings.
pub(super) fn not_closed(field: &str, standing: Option<JobStanding>) -> Result<(), Refusal> {
    match standing {
        Some(JobStanding::Closed) => Err(Refusal::of_field(Code::FieldInvalid, field, "a job is closed with “Close job”, or canceled with its sale")),
        _ => Ok(()),
    }
}

fn moved(id: SaleId, sale: &Sale, status: JobStatus, note: &Option<Line>) -> SaleEvent {
    let note = personal(note);
    SaleEvent::JobStatusChanged { sale: id, journey: sale.journey, status, site_visit: None, install_at: None, revenue_recognized_at: None, note }
}

/// The sale whose job it is, and the status to which the row leads; refused where the table does not permit it or a field is missing.
fn asked<'a, T: Serialize>(file: &'a ContactFile, command: &str, id: SaleId, ask: &T, context: &Context) -> Result<(&'a Sale, JobStatus), Refusal> {
    let sale = file.sale(id)?;
    let step = JOB.permit(command, None, Some(sale.job.status), &view_of(file, id, sale, context))?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let status = if let To::State(status) = step.to { status } else { sale.job.status };
    Ok((sale, status))
}
