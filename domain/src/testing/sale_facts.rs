//! What can have happened to sales, their jobs, change orders and ledgers, in the words of the tests.

use super::cast::*;
use super::facts::*;
use crate::blueprint::JobStatus;
use crate::id::*;
use crate::meeting::MeetingResult;
use crate::money::Money;
use crate::personal::Personal;
use crate::sale::{CancelKind, Delivery, EntryKind, JobStanding, NoticeToProceed, SaleEvent};

pub fn sale_created(sale: SaleId, quote: QuoteId, signed: &str, needs_approval: bool) -> Facts {
    let signed_at = instant(signed);
    facts([SaleEvent::Created { sale, journey: FIRST, quote, product: WINDOWS, rep: ANA, amount_minor: CONTRACT, signed_at, needs_approval }])
}

/// A sale of Ana's after a demo, waiting for approval, with all that led to it.
pub fn sold() -> Facts {
    sold_as(QUOTE, SALE)
}

/// The same for another quote and sale of the journey.
pub fn sold_as(quote: QuoteId, sale: SaleId) -> Facts {
    let demo = (sale == SALE).then(|| demo_held(MeetingResult::Sold));
    let rest = [quote_ready(quote), quote_sold(quote, sale, MONDAY), sale_created(sale, quote, MONDAY, true)];
    facts(demo.into_iter().chain(rest).flat_map(|facts| facts.list))
}

/// The same, approved, with all that follows from it.
pub fn sold_and_approved() -> Facts {
    let follows = [journey_sold(FIRST), entry(SALE, EntryKind::InitialSale, CONTRACT.0, MONDAY), job_opened(SALE)];
    facts([sold(), sale_approved(SALE)].into_iter().chain(follows).flat_map(|facts| facts.list))
}

pub fn sale_approved(sale: SaleId) -> Facts {
    facts([SaleEvent::Approved {
        sale,
        journey: FIRST,
        finance_owner: Some(SAM),
        customer_service_owner: Some(RIA),
        signed_at: Some(instant(MONDAY)),
        notice_to_proceed: Some(NoticeToProceed::DepositTaken),
        job_standing: Some(JobStanding::Active),
    }])
}

pub fn sale_not_approved(sale: SaleId) -> Facts {
    facts([SaleEvent::NotApproved { sale, journey: FIRST, reason: line("credit declined"), reason_id: None, note: Some(line("try again")) }])
}

pub fn sale_moved_back(sale: SaleId, signed: &str) -> Facts {
    facts([SaleEvent::MovedBackToSold { sale, journey: FIRST, signed_at: instant(signed), job_standing: Some(JobStanding::Active) }])
}

fn canceled(sale: SaleId, at: &str, reason: &str, contract_minor: Money) -> SaleEvent {
    let (canceled_at, reason) = (instant(at), line(reason));
    SaleEvent::Canceled { sale, journey: FIRST, canceled_at, reason, contract_minor, reason_id: None, note: Some(line("by phone")), kind: None, how: None }
}

pub fn sale_canceled(sale: SaleId, at: &str, contract_minor: Money) -> Facts {
    facts([canceled(sale, at, "moved away", contract_minor)])
}

/// The customer withdrew, by certified mail.
pub fn sale_rescinded(sale: SaleId, at: &str) -> Facts {
    let mut rescinded = canceled(sale, at, "Rescinded", CONTRACT);
    if let SaleEvent::Canceled { note, kind, how, .. } = &mut rescinded {
        (*note, *kind, *how) = (None, Some(CancelKind::Rescission), Some(Delivery::CertifiedMail));
    }
    facts([rescinded])
}

pub fn fee_charged(sale: SaleId, fee_minor: Money) -> Facts {
    facts([SaleEvent::CancelFeeCharged { sale, journey: FIRST, fee_minor }])
}

pub fn sale_reactivated(sale: SaleId, contract_minor: Money) -> Facts {
    facts([SaleEvent::Reactivated { sale, journey: FIRST, contract_minor, job_standing: Some(JobStanding::Active), note: Some(line("they stay")) }])
}

pub fn sale_rep_changed(sale: SaleId, rep: PersonId) -> Facts {
    facts([SaleEvent::RepChanged { sale, journey: FIRST, rep, reason: Some(line("left")) }])
}

/// An entry that a rule posted.
pub fn entry(sale: SaleId, kind: EntryKind, amount_minor: i64, dated: &str) -> Facts {
    posted(sale, kind, amount_minor, dated, None, None)
}

/// An entry for the first sale that somebody posted, for Monday noon.
pub fn entry_posted(entry: LedgerEntryId, kind: EntryKind, amount_minor: i64) -> Facts {
    posted(SALE, kind, amount_minor, NOON, Some(entry), None)
}

/// The entry of a change order of the first sale.
pub fn order_posted(change_order: ChangeOrderId, amount_minor: i64, dated: &str) -> Facts {
    posted(SALE, EntryKind::ChangeOrder, amount_minor, dated, None, Some(change_order))
}

fn posted(sale: SaleId, kind: EntryKind, amount_minor: i64, dated: &str, entry: Option<LedgerEntryId>, change_order: Option<ChangeOrderId>) -> Facts {
    let (amount_minor, dated_at) = (Money(amount_minor), instant(dated));
    facts([SaleEvent::LedgerEntryPosted { sale, journey: FIRST, kind, amount_minor, dated_at, entry, change_order, document: None, note: None }])
}

pub fn balance_fell_due() -> Facts {
    facts([SaleEvent::BalanceFellDue { sale: SALE, journey: FIRST }])
}

pub fn paid_in_full() -> Facts {
    facts([SaleEvent::PaidInFull { sale: SALE, journey: FIRST }])
}

/// Sent on Monday; a lien may be filed from this instant.
pub fn lien_notice_sent(lien_from: &str) -> Facts {
    facts([SaleEvent::LienNoticeSent {
        sale: SALE,
        journey: FIRST,
        sent_at: instant(NOON),
        lien_from: instant(lien_from),
        how: Some(Delivery::CertifiedMail),
        amount_minor: Some(Money(500)),
        document: Some(line("cabinet 3")),
    }])
}

pub fn lien_filed(at: &str) -> Facts {
    let (county, filing_number) = (Some(label("Erie").into()), Some(label("L-1").into()));
    facts([SaleEvent::LienFiled { sale: SALE, journey: FIRST, filed_at: instant(at), county, filing_number, amount_minor: Some(Money(500)) }])
}

pub fn lien_released() -> Facts {
    facts([SaleEvent::LienReleased { sale: SALE, journey: FIRST, released_at: instant("2026-03-13T15:00:00Z"), release_number: Some(label("R-1").into()) }])
}

pub fn sent_to_attorney() -> Facts {
    facts([SaleEvent::SentToAttorney { sale: SALE, journey: FIRST, sent_at: instant(NOON), attorney: Some(label("Marlow").into()) }])
}

pub fn written_off(amount_minor: i64) -> Facts {
    facts([SaleEvent::BalanceWrittenOff { sale: SALE, journey: FIRST, amount_minor: Money(amount_minor), reason: line("insolvent") }])
}

pub fn sale_closed() -> Facts {
    facts([SaleEvent::Closed { sale: SALE, journey: FIRST }])
}

pub fn job_opened(sale: SaleId) -> Facts {
    facts([SaleEvent::JobOpened { sale, journey: FIRST, status: JobStatus::ReadyForSiteVisit, standing: JobStanding::Active }])
}

pub fn job_canceled(sale: SaleId) -> Facts {
    facts([SaleEvent::JobCanceled { sale, journey: FIRST }])
}

pub fn job_reopened(sale: SaleId) -> Facts {
    facts([SaleEvent::JobReopened { sale, journey: FIRST, status: JobStatus::ReadyForSiteVisit, standing: JobStanding::Active }])
}

/// The job of the first sale went on, as agreed.
pub fn job_moved(status: JobStatus) -> Facts {
    let note = Some(line("as agreed"));
    facts([SaleEvent::JobStatusChanged { sale: SALE, journey: FIRST, status, site_visit: None, install_at: None, revenue_recognized_at: None, note }])
}

/// The installation of the first sale was completed, its revenue recognized on Monday.
pub fn job_completed(status: JobStatus) -> Facts {
    let (recognized, note) = (Some(instant(NOON)), Some(line("as agreed")));
    facts([SaleEvent::JobStatusChanged { sale: SALE, journey: FIRST, status, site_visit: None, install_at: None, revenue_recognized_at: recognized, note }])
}

pub fn standing_changed(standing: JobStanding, note: Option<&str>) -> Facts {
    facts([SaleEvent::JobStandingChanged { sale: SALE, journey: FIRST, standing, note: note.map(line) }])
}

pub fn change_order_created(change_order: ChangeOrderId, amount_minor: i64) -> Facts {
    let description = Some(line("a third window"));
    facts([SaleEvent::ChangeOrderCreated { sale: SALE, journey: FIRST, change_order, amount_minor: Money(amount_minor), description }])
}

pub fn change_order_sent(change_order: ChangeOrderId) -> Facts {
    let email = serde_json::from_str("\"lopez@example.com\"").unwrap();
    facts([SaleEvent::ChangeOrderSent { sale: SALE, journey: FIRST, change_order, signer: Some(label("Lopez").into()), email: Some(Personal::Known(email)) }])
}

pub fn change_order_signed(change_order: ChangeOrderId, at: &str) -> Facts {
    facts([SaleEvent::ChangeOrderSigned { sale: SALE, journey: FIRST, change_order, signed_at: instant(at) }])
}

pub fn change_order_pre_approved(change_order: ChangeOrderId, at: &str) -> Facts {
    facts([SaleEvent::ChangeOrderPreApproved { sale: SALE, journey: FIRST, change_order, pre_approved_at: instant(at) }])
}

pub fn change_order_reversed(change_order: ChangeOrderId, amount_minor: i64, at: &str) -> Facts {
    let (amount_minor, report_signed_at, reason) = (Money(amount_minor), instant(at), Some(line("not wanted")));
    facts([SaleEvent::ChangeOrderReversed { sale: SALE, journey: FIRST, change_order, amount_minor, report_signed_at, reason }])
}

pub fn change_order_voided(change_order: ChangeOrderId) -> Facts {
    facts([SaleEvent::ChangeOrderVoided { sale: SALE, journey: FIRST, change_order, reason: line("too dear") }])
}

pub fn change_order_approved(change_order: ChangeOrderId, amount_minor: Money, at: &str) -> Facts {
    facts([SaleEvent::ChangeOrderApproved { sale: SALE, journey: FIRST, change_order, amount_minor, report_signed_at: instant(at) }])
}
