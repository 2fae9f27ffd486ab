//! What approving, refusing and taking up again ask for.

use super::*;
use crate::sale::SaleEvent;

#[test]
fn a_live_user_says_who_looks_after_an_approved_sale_when_it_was_signed_and_how_its_job_begins() {
    for field in ["finance_owner", "customer_service_owner", "sign_date", "notice_to_proceed", "job_standing"] {
        waiting().when(approve(SALE).without(field)).then_refused_at(Code::FieldRequired, &format!("/{field}"));
    }
    waiting().when(not_approve(SALE).without("note")).then_refused_at(Code::FieldRequired, "/note");
    not_approved().when(move_back(SALE).without("job_standing")).then_refused_at(Code::FieldRequired, "/job_standing");
}

#[test]
fn another_systems_approvals_may_say_less() {
    let bare = wire::command("sale.approve", json!({ "sale": SALE })).unwrap();
    let approved = SaleEvent::Approved {
        sale: SALE,
        journey: FIRST,
        finance_owner: None,
        customer_service_owner: None,
        signed_at: None,
        notice_to_proceed: None,
        job_standing: None,
    };
    let [_, closed, posted, job] = now_official(SALE);
    waiting().by(Role::Importer).when(bare).then([facts([approved]), closed, posted, job]);
}

#[test]
fn who_looks_after_a_sale_is_somebody_the_company_knows() {
    for field in ["finance_owner", "customer_service_owner"] {
        waiting().when(approve(SALE).with(field, STRANGER)).then_refused_at(Code::UnknownPerson, &format!("/{field}"));
    }
}

#[test]
fn a_sale_approved_with_another_sign_date_counts_from_then() {
    let midnight = "2026-03-02T05:00:00Z";
    let signed = waiting().did([approve(SALE).with("sign_date", "2026-03-02")]);
    assert_eq!(signed.file.sales[&SALE].signed_at, instant(midnight));
    waiting().when(approve(SALE).with("sign_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/sign_date");
    waiting().when(approve(SALE).with("sign_date", "2026-03-01")).then_refused_at(Code::FieldInvalid, "/sign_date");
}

#[test]
fn a_job_begins_as_it_was_said_last() {
    let held = not_approved().did([move_back(SALE).with("job_standing", "hold")]);
    assert_eq!(held.file.sales[&SALE].job, crate::sale::Job { status: JobStatus::InSaleReview, standing: JobStanding::Hold });
    let unsaid = held.by(Role::Importer).did([approve(SALE).without("job_standing")]);
    assert_eq!(unsaid.file.sales[&SALE].job.standing, JobStanding::Hold);
    assert_eq!(waiting().did([approve(SALE).with("job_standing", "hold")]).file.sales[&SALE].job.standing, JobStanding::Hold);
}

#[test]
fn reasons_are_those_of_the_companys_lists() {
    let reason = |list: &str, name: &str| {
        let fields = json!({ "reason": uuid::Uuid::from_u128(7), "list": list, "name": name });
        wire::decode("reason.defined", 1, fields.to_string().as_bytes()).unwrap()
    };
    let with = |given: Given, list, name| {
        given.with_company(|company| {
            if let wire::Fact::Company(event) = reason(list, name) {
                company.evolve(&event)
            }
        })
    };
    let credit = |given| with(given, "sale_not_approved", "Credit declined");
    let refused = credit(waiting()).did([not_approve(SALE)]);
    assert_eq!(refused.file.sales[&SALE].state, SaleState::NotApproved);
    credit(waiting()).when(not_approve(SALE).with("reason", "bad mood")).then_refused_at(Code::UnknownReason, "/reason");
    with(official(), "sale_canceled", "Moved").when(cancel_sale(SALE)).then_refused_at(Code::UnknownReason, "/reason");
    let canceled = with(official(), "sale_canceled", "Moved away").when(cancel_sale(SALE)).decided();
    let id = crate::id::ReasonId(uuid::Uuid::from_u128(7));
    assert!(matches!(&canceled[0], wire::Fact::Sale(SaleEvent::Canceled { reason_id, .. }) if *reason_id == Some(id)));
}
