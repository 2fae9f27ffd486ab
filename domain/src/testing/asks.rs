//! What can be asked, in the words of the tests: every command complete, as a live user sends it.

use super::cast::*;
use crate::contact_file::Command;
use crate::id::*;
use crate::meeting::{MeetingKind, MeetingResult};
use crate::sale::{EntryKind, JobStanding};
use crate::timer::Timer;
use crate::wire;
use serde_json::{Value, json};

/// A command by its name and fields, read as it would be from outside.
#[track_caller]
pub fn ask(name: &str, fields: Value) -> Command {
    wire::command(name, fields).unwrap()
}

impl Command {
    /// The name and the fields, as they would be sent.
    pub fn sent(&self) -> (String, Value) {
        match serde_json::to_value(self).unwrap() {
            Value::Object(whole) => whole.into_iter().next().unwrap(),
            other => panic!("{other}"),
        }
    }

    /// The same command with another value in a field.
    #[track_caller]
    pub fn with(self, field: &str, value: impl serde::Serialize) -> Command {
        let (name, mut fields) = self.sent();
        fields[field] = serde_json::to_value(value).unwrap();
        ask(&name, fields)
    }

    /// The same command with a field left out.
    #[track_caller]
    pub fn without(self, field: &str) -> Command {
        let (name, mut fields) = self.sent();
        assert!(fields.as_object_mut().unwrap().remove(field).is_some(), "{name} has no {field}");
        ask(&name, fields)
    }
}

pub fn add_contact() -> Command {
    ask("contact.add", json!({ "journey": FIRST, "source": RADIO, "product": WINDOWS, "name": "Lopez", "phones": ["716 555 0100"] }))
}

pub fn log_attempt() -> Command {
    ask("contact.log_attempt", json!({ "channel": "phone", "outcome": "no_answer" }))
}

pub fn rest(journey: JourneyId) -> Command {
    Command::Due(Timer::Rest(journey))
}

pub fn give_up(journey: JourneyId) -> Command {
    Command::Due(Timer::GiveUp(journey))
}

pub fn reopen() -> Command {
    ask("contact.reopen", json!({ "reason": "called back" }))
}

pub fn opt_out() -> Command {
    ask("contact.opt_out", json!({ "asked_by": "Mrs Lopez", "channel": "phone" }))
}

pub fn opt_in() -> Command {
    ask("contact.opt_in", json!({ "reason": "called us" }))
}

pub fn change_category(category: &str) -> Command {
    ask("contact.change_category", json!({ "category": category }))
}

pub fn change_details() -> Command {
    ask("contact.change_details", json!({ "name": "Lopez-Smith", "emails": ["lopez@example.com"] }))
}

pub fn correct_address(address: &str) -> Command {
    ask("contact.correct_address", json!({ "address": address }))
}

pub fn join_campaign(campaign: CampaignId) -> Command {
    ask("contact.join_campaign", json!({ "campaign": campaign }))
}

pub fn leave_campaign(campaign: CampaignId) -> Command {
    ask("contact.leave_campaign", json!({ "campaign": campaign }))
}

pub fn merge(other: ContactId) -> Command {
    ask("contact.merge", json!({ "other": other, "reason": "married" }))
}

pub fn unmerge(other: ContactId) -> Command {
    ask("contact.unmerge", json!({ "other": other, "reason": "two people" }))
}

pub fn open_journey(journey: JourneyId) -> Command {
    ask("journey.open", json!({ "journey": journey, "reason": "never entered" }))
}

pub fn void_journey(journey: JourneyId) -> Command {
    ask("journey.void", json!({ "journey": journey, "reason": "entered twice" }))
}

pub fn return_contact() -> Command {
    ask("contact.return", json!({ "journey": AGAIN, "source": HOME_SHOW, "product": ROOFING }))
}

pub fn add_other_product_rep(start: &str) -> Command {
    let fields = json!({ "journey": OTHER, "product": ROOFING, "rep": BEN, "meeting": OTHER_DEMO, "start": start, "length_minutes": 90 });
    ask("contact.add_other_product_rep", fields)
}

pub fn change_source(source: SourceId) -> Command {
    ask("contact.change_source", json!({ "source": source }))
}

pub fn change_product(product: ProductId) -> Command {
    ask("contact.change_product", json!({ "product": product }))
}

pub fn assign_rehash() -> Command {
    ask("contact.assign_rehash", json!({ "journey": FIRST, "rehash_rep": RIA, "reason": "price" }))
}

pub fn lose_contact() -> Command {
    ask("contact.lose", json!({ "reason": "went elsewhere" }))
}

pub fn lose_journey(journey: JourneyId) -> Command {
    lose_contact().with("journey", journey)
}

pub fn place_hold() -> Command {
    ask("contact.place_hold", json!({ "reason": "claim in court" }))
}

pub fn lift_hold() -> Command {
    ask("contact.lift_hold", json!({ "reason": "settled" }))
}

pub fn erase() -> Command {
    ask("contact.erase", json!({ "basis": "person_asked" }))
}

pub fn move_to_remarket() -> Command {
    ask("contact.move_to_remarket", json!({ "reason": "call in spring" }))
}

pub fn set_meeting(meeting: MeetingId, kind: MeetingKind, start: &str) -> Command {
    let set = ask("meeting.set", json!({ "meeting": meeting, "journey": FIRST, "kind": kind, "start": start, "length_minutes": 90 }));
    if kind.is_demo() { set.with("decision_makers", true).with("address_checked", true) } else { set }
}

pub fn set_demo(start: &str) -> Command {
    set_meeting(DEMO, MeetingKind::Demo, start)
}

pub fn log_confirm_attempt(meeting: MeetingId) -> Command {
    ask("meeting.log_confirm_attempt", json!({ "meeting": meeting, "channel": "text", "outcome": "no_answer" }))
}

pub fn confirm(meeting: MeetingId) -> Command {
    ask("meeting.confirm", json!({ "meeting": meeting, "with_whom": "Mrs. Lopez", "decision_makers": true }))
}

pub fn issue(meeting: MeetingId, rep: PersonId) -> Command {
    ask("meeting.issue", json!({ "meeting": meeting, "rep": rep }))
}

pub fn issue_because(meeting: MeetingId, rep: PersonId, why: &str) -> Command {
    issue(meeting, rep).with("reason", why)
}

pub fn reschedule(meeting: MeetingId, start: &str) -> Command {
    ask("meeting.reschedule", json!({ "meeting": meeting, "start": start, "reason": "storm", "asked_by": "customer" }))
}

pub fn cancel(meeting: MeetingId) -> Command {
    ask("meeting.cancel", json!({ "meeting": meeting, "reason": "no time", "asked_by": "customer" }))
}

pub fn result(meeting: MeetingId, result: MeetingResult) -> Command {
    ask("meeting.result", json!({ "meeting": meeting, "result": result }))
}

pub fn correct_result(meeting: MeetingId, result: MeetingResult) -> Command {
    ask("meeting.correct_result", json!({ "meeting": meeting, "result": result, "reason": "entered for another one" }))
}

/// A quote for two windows on the first journey.
pub fn add_quote(quote: QuoteId) -> Command {
    let items = json!([{ "description": "window", "quantity": 2, "unit_price_minor": 500_000 }]);
    ask("quote.add", json!({ "quote": quote, "journey": FIRST, "product": WINDOWS, "items": items }))
}

pub fn finalize(quote: QuoteId) -> Command {
    ask("quote.finalize", json!({ "quote": quote, "valid_until": "2026-04-01", "terms": "half on signing" }))
}

/// One window less, a tenth off, with sales tax and financing.
pub fn edit_quote(quote: QuoteId) -> Command {
    let items = json!([{ "description": "window", "quantity": 1, "unit_price_minor": 500_000 }]);
    let discounts = json!([{ "description": "spring", "basis_points": 1_000 }]);
    let finance = json!({ "plan": "twelve months", "markup_minor": 20_000 });
    ask("quote.edit", json!({ "quote": quote, "items": items, "discounts": discounts, "tax_millionths": 88_750, "finance": finance }))
}

pub fn reopen_quote(quote: QuoteId) -> Command {
    ask("quote.reopen", json!({ "quote": quote }))
}

pub fn revise_quote(quote: QuoteId, revision: QuoteId) -> Command {
    ask("quote.revise", json!({ "quote": quote, "revision": revision }))
}

/// Signed on Monday at noon.
pub fn mark_sold(quote: QuoteId, sale: SaleId) -> Command {
    ask("quote.mark_sold", json!({ "quote": quote, "sale": sale, "sign_date": NOON, "paper": "folder 17" }))
}

pub fn lose_quote(quote: QuoteId) -> Command {
    ask("quote.lose", json!({ "quote": quote, "reason": "too dear" }))
}

/// Approved as it was signed, on Monday.
pub fn approve(sale: SaleId) -> Command {
    let owners = json!({ "sale": sale, "finance_owner": SAM, "customer_service_owner": RIA, "sign_date": MONDAY, "notice_to_proceed": "deposit_taken" });
    ask("sale.approve", owners).with("job_standing", "active")
}

pub fn not_approve(sale: SaleId) -> Command {
    ask("sale.not_approve", json!({ "sale": sale, "reason": "credit declined", "note": "try again" }))
}

pub fn move_back(sale: SaleId) -> Command {
    ask("sale.move_back", json!({ "sale": sale, "job_standing": "active" }))
}

/// The notice came at noon on Monday.
pub fn rescind(sale: SaleId) -> Command {
    ask("sale.rescind", json!({ "sale": sale, "received_on": NOON, "how": "certified_mail" }))
}

/// Canceled at noon on Monday.
pub fn cancel_sale(sale: SaleId) -> Command {
    ask("sale.cancel", json!({ "sale": sale, "reason": "moved away", "cancel_date": NOON, "note": "by phone" }))
}

pub fn reactivate(sale: SaleId) -> Command {
    ask("sale.reactivate", json!({ "sale": sale, "job_standing": "active", "note": "they stay" }))
}

pub fn change_rep(sale: SaleId, rep: PersonId) -> Command {
    ask("sale.change_rep", json!({ "sale": sale, "rep": rep, "reason": "left" }))
}

/// An entry for the first sale.
pub fn post_entry(entry: LedgerEntryId, kind: EntryKind, amount_minor: i64) -> Command {
    ask("sale.post_entry", json!({ "sale": SALE, "entry": entry, "kind": kind, "amount_minor": amount_minor }))
}

pub fn send_notice(sale: SaleId) -> Command {
    ask("sale.send_notice", json!({ "sale": sale, "sent_on": NOON, "how": "certified_mail", "amount_minor": 500, "document": "cabinet 3" }))
}

/// Filed on Friday of the week after.
pub fn file_lien(sale: SaleId) -> Command {
    ask("sale.file_lien", json!({ "sale": sale, "filed_on": "2026-03-13", "county": "Erie", "filing_number": "L-1", "amount_minor": 500 }))
}

pub fn release_lien(sale: SaleId) -> Command {
    ask("sale.release_lien", json!({ "sale": sale, "released_on": "2026-03-13T15:00:00Z", "release_number": "R-1" }))
}

pub fn send_to_attorney(sale: SaleId) -> Command {
    ask("sale.send_to_attorney", json!({ "sale": sale, "sent_on": NOON, "attorney": "Marlow" }))
}

pub fn write_off(sale: SaleId, amount_minor: i64) -> Command {
    ask("sale.write_off", json!({ "sale": sale, "amount_minor": amount_minor, "reason": "insolvent" }))
}

pub fn close_sale(sale: SaleId) -> Command {
    ask("sale.close", json!({ "sale": sale }))
}

pub fn complete_site_visit(sale: SaleId) -> Command {
    let fields = json!({
        "sale": sale, "visited_on": NOON, "job_owner": SAM, "visitor": ANA, "documents": "folder 7", "hoa": false, "overview": "two windows",
        "property_type": "single_family",
    });
    ask("job.complete_site_visit", fields)
}

pub fn schedule_job(sale: SaleId, install_on: &str) -> Command {
    ask("job.schedule", json!({ "sale": sale, "install_on": install_on }))
}

/// A command for the job that names the job and a note: `not_authorize`, `approve_to_proceed`, `complete_pre_call`, `start_install`, `close`.
pub fn move_job(sale: SaleId, verb: &str) -> Command {
    ask(&format!("job.{verb}"), json!({ "sale": sale, "note": "as agreed" }))
}

/// `complete_pending` or `complete_final`, at noon on Monday.
pub fn complete_install(sale: SaleId, verb: &str) -> Command {
    move_job(sale, verb).with("revenue_recognized_on", NOON)
}

pub fn change_standing(sale: SaleId, standing: JobStanding) -> Command {
    ask("job.change_standing", json!({ "sale": sale, "standing": standing, "note": "snow" }))
}

/// From the opened job to the completed installation.
pub fn install(sale: SaleId) -> Vec<Command> {
    vec![
        complete_site_visit(sale),
        move_job(sale, "approve_to_proceed"),
        schedule_job(sale, "2026-03-20"),
        move_job(sale, "start_install"),
        complete_install(sale, "complete_final"),
    ]
}

/// A change order of the first sale, written down.
pub fn create_change_order(change_order: ChangeOrderId, amount_minor: i64) -> Command {
    ask("change_order.create", json!({ "sale": SALE, "change_order": change_order, "amount_minor": amount_minor, "description": "a third window" }))
}

pub fn send_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.send", json!({ "change_order": change_order, "signer": "Lopez", "email": "lopez@example.com" }))
}

pub fn sign_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.sign", json!({ "change_order": change_order, "signed_on": NOON }))
}

pub fn pre_approve_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.pre_approve", json!({ "change_order": change_order, "pre_approved_on": NOON }))
}

pub fn approve_signed_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.approve", json!({ "change_order": change_order }))
}

pub fn reverse_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.reverse", json!({ "change_order": change_order, "reversed_on": NOON, "reason": "not wanted" }))
}

pub fn void_change_order(change_order: ChangeOrderId) -> Command {
    ask("change_order.void", json!({ "change_order": change_order, "reason": "too dear" }))
}

/// A change order of the first sale, signed and approved in one.
pub fn change_order(change_order: ChangeOrderId, amount_minor: i64) -> Command {
    ask("sale.approve_change_order", json!({ "sale": SALE, "change_order": change_order, "amount_minor": amount_minor }))
}
