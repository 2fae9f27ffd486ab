//! The job of a sale: its one status, and whether it is worked on.

use super::*;
use crate::instant::Instant;
use crate::sale::{PropertyType, SaleEvent, SiteVisit};

const FALLS_DUE: &str = "completed_job_lets_the_balance_fall_due";

fn job_of(given: &Given) -> (JobStatus, JobStanding) {
    let job = given.file.sales[&SALE].job;
    (job.status, job.standing)
}

/// An official sale whose job came so many steps far.
fn worked(steps: usize) -> Given {
    official().did(install(SALE).into_iter().take(steps))
}

#[test]
fn a_sale_always_has_one_job_status() {
    let stages = [waiting(), not_approved(), official(), canceled(), canceled_with_fee()].map(|given| job_of(&given));
    use JobStanding::*;
    let reviewed = (JobStatus::InSaleReview, Active);
    let off = (JobStatus::Canceled, Closed);
    assert_eq!(stages, [reviewed, reviewed, (JobStatus::ReadyForSiteVisit, Active), off, off]);
    assert_eq!(job_of(&canceled().did([reactivate(SALE).with("job_standing", "hold")])), (JobStatus::ReadyForSiteVisit, Hold));
}

#[test]
fn a_site_visit_tells_all_that_it_found() {
    let visit = SiteVisit {
        visited_at: instant(NOON),
        job_owner: Some(SAM),
        visitor: Some(ANA),
        documents: Some(line("folder 7")),
        hoa: Some(false),
        overview: Some(line("two windows")),
        property_type: Some(PropertyType::SingleFamily),
    };
    let told = changed(JobStatus::CompletedSiteVisit, Some(visit), None);
    official().when(complete_site_visit(SALE)).then([told]);
    for field in ["visited_on", "job_owner", "visitor", "documents", "hoa", "overview", "property_type"] {
        official().when(complete_site_visit(SALE).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
    }
    for field in ["job_owner", "visitor"] {
        official().when(complete_site_visit(SALE).with(field, STRANGER)).then_refused_at(Code::UnknownPerson, &format!("/{field}"));
    }
    official().when(complete_site_visit(SALE).with("visited_on", TUESDAY)).then_refused_at(Code::FieldInvalid, "/visited_on");
}

fn changed(status: JobStatus, site_visit: Option<SiteVisit>, install_at: Option<Instant>) -> Facts {
    facts([SaleEvent::JobStatusChanged { sale: SALE, journey: FIRST, status, site_visit, install_at, revenue_recognized_at: None, note: None }])
}

#[test]
fn a_job_goes_its_way_step_by_step() {
    worked(1).when(move_job(SALE, "approve_to_proceed")).then([job_moved(JobStatus::ApprovedToProceed)]);
    worked(1).when(move_job(SALE, "not_authorize")).then([job_moved(JobStatus::NotAuthorizedToProceed)]);
    let planned = changed(JobStatus::Scheduled, None, Some(instant("2026-03-20T04:00:00Z")));
    worked(2).when(schedule_job(SALE, "2026-03-20")).then([planned]);
    worked(3).when(move_job(SALE, "complete_pre_call")).then([job_moved(JobStatus::PreCallCompleted)]);
    worked(3).when(move_job(SALE, "start_install")).then([job_moved(JobStatus::InstallInProgress)]);
    worked(4).when(complete_install(SALE, "complete_pending")).then([job_completed(JobStatus::InstallCompletePending)]);
    worked(2).when(move_job(SALE, "start_install")).then_refused(Code::WrongState);
    official().when(move_job(SALE, "approve_to_proceed")).then_refused(Code::WrongState);
    waiting().when(complete_site_visit(SALE)).then_refused(Code::WrongState);
}

#[test]
fn a_day_that_is_over_is_no_day_for_an_installation() {
    worked(2).when(schedule_job(SALE, "2026-03-01")).then_refused_at(Code::FieldInvalid, "/install_on");
    worked(2).when(schedule_job(SALE, "2026-03-20").without("install_on")).then_refused_at(Code::FieldRequired, "/install_on");
}

#[test]
fn a_completed_job_needs_the_date_of_its_revenue_and_a_note() {
    for verb in ["complete_pending", "complete_final"] {
        for field in ["revenue_recognized_on", "note"] {
            worked(4).when(complete_install(SALE, verb).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
        }
        worked(4).when(complete_install(SALE, verb).with("revenue_recognized_on", TUESDAY)).then_refused_at(Code::FieldInvalid, "/revenue_recognized_on");
    }
}

#[test]
fn with_a_completed_job_what_is_owed_falls_due() {
    let done = job_completed(JobStatus::InstallCompleteFinal);
    worked(4).when(complete_install(SALE, "complete_final")).then([done.clone(), balance_fell_due().because(FALLS_DUE)]);
    let pending = worked(4).did([complete_install(SALE, "complete_pending")]);
    pending.when(complete_install(SALE, "complete_final")).then([done.clone(), balance_fell_due().because(FALLS_DUE)]);
    let paid = worked(4).did([post_entry(ENTRY, EntryKind::FinalPayment, CONTRACT.0)]);
    assert_eq!(paid.file.sales[&SALE].state, SaleState::JobInProgress, "a job that runs goes on, paid or not");
    paid.when(complete_install(SALE, "complete_final")).then([done, paid_in_full().because(FALLS_DUE)]);
}

#[test]
fn a_job_on_hold_waits() {
    let held = official().did([change_standing(SALE, JobStanding::Hold)]);
    official().when(change_standing(SALE, JobStanding::Hold)).then([standing_changed(JobStanding::Hold, Some("snow"))]);
    held.clone().when(change_standing(SALE, JobStanding::Hold)).then([]);
    held.clone().when(complete_site_visit(SALE)).then_refused(Code::GuardFailed);
    held.when(change_standing(SALE, JobStanding::Active)).then([standing_changed(JobStanding::Active, Some("snow"))]);
    official().when(change_standing(SALE, JobStanding::Closed)).then_refused_at(Code::FieldInvalid, "/standing");
}

#[test]
fn a_closed_job_is_not_worked_on_any_more() {
    worked(5).when(move_job(SALE, "close")).then([job_moved(JobStatus::JobClosed), standing_changed(JobStanding::Closed, None)]);
    worked(5).did([move_job(SALE, "close")]).when(change_standing(SALE, JobStanding::Hold)).then_refused(Code::WrongState);
}

#[test]
fn jobs_are_for_ops_and_management() {
    for role in [Role::Rep, Role::Finance, Role::SalesManager, Role::Admin] {
        official().by(role).when(complete_site_visit(SALE)).then_refused(Code::WrongRole);
    }
    worked(1).by(Role::Ops).when(move_job(SALE, "approve_to_proceed")).then([job_moved(JobStatus::ApprovedToProceed)]);
    worked(1).by(Role::Ops).when(move_job(SALE, "not_authorize")).then_refused(Code::WrongRole);
    official().when(complete_site_visit(NO_SALE)).then_refused_at(Code::UnknownSale, "/sale");
}
