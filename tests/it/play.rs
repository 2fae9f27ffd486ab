//! Business at random: each step presses one of the buttons that are open, as the product itself lists them.

use crate::world::{Fixed, World, id};
use api::app::{App, Asker, Request, Wish};
use chrono::{DateTime, TimeDelta, Utc};
use domain::contact_file::{Action, actions};
use domain::id::ContactId;
use domain::role::Actor;
use domain::{Context, Instant, wire};
use eventstore::CompanyId;
use serde_json::{Value, json};
use std::sync::Arc;
use uuid::Uuid;

const RESULTS: &[&str] = &["sold", "demoed_not_sold", "demoed_not_sold", "follow_up", "not_demoed", "one_leg", "no_show"];

/// Numbers from a seed: the same on every machine and for ever (SplitMix64).
pub struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    pub fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
        &list[self.below(list.len() as u64) as usize]
    }
}

/// What brings a lead to a sale, and a sale to its end.
const ONWARD: &[&str] = &[
    "meeting.set",
    "meeting.confirm",
    "meeting.issue",
    "meeting.result",
    "quote.add",
    "quote.finalize",
    "quote.mark_sold",
    "sale.approve",
    "sale.not_approve",
    "sale.move_back",
    "sale.cancel",
    "sale.reactivate",
    "change_order.create",
    "change_order.send",
    "change_order.sign",
    "change_order.approve",
];

/// Plays business at random: each step presses one of the buttons that are open, as the product itself lists them.
pub struct Play {
    app: App,
    clock: Arc<Fixed>,
    company: CompanyId,
    pub chance: Chance,
    made: u128,
}

impl Play {
    pub fn new(world: &World, seed: u64) -> Play {
        Play { app: world.app.clone(), clock: world.clock.clone(), company: world.company, chance: Chance(seed), made: 1_000_000 }
    }

    fn new_id(&mut self) -> Value {
        self.made += 1;
        json!(Uuid::from_u128(self.made))
    }

    fn person(&mut self) -> &'static str {
        self.chance.pick::<&'static str>(&["Ana", "Ben"])
    }

    /// Adds contact `n` and presses so many buttons of it.
    pub async fn contact(&mut self, n: u128, mut at: DateTime<Utc>, steps: u32) {
        let contact = self.begin(n, at).await;
        for _ in 0..steps {
            at += TimeDelta::minutes(self.chance.below(6 * 24 * 60) as i64);
            let Some(action) = self.open_action(contact, at).await else { continue };
            let fields = self.fields(&action, contact, at).await;
            self.press(contact, action.command, fields, at).await;
        }
    }

    /// Adds contact `n`.
    pub async fn begin(&mut self, n: u128, at: DateTime<Utc>) -> ContactId {
        let contact = ContactId(id(n));
        let source = *self.chance.pick(&["Radio", "Home Show"]);
        let product = *self.chance.pick(&["Windows", "Roofing"]);
        let journey = self.new_id();
        self.press(contact, "contact.add", json!({ "journey": journey, "source": source, "product": product, "name": "N", "phones": ["716-555-0100"] }), at)
            .await;
        contact
    }

    /// The buttons of a contact and its records at this time.
    pub async fn actions(&self, contact: ContactId, at: DateTime<Utc>) -> Vec<Action> {
        let file = self.app.contact_file(self.company, contact).await.unwrap();
        let company = self.app.settings(self.company).await.unwrap();
        actions(&file, &Context { at: at.into(), actor: Actor::with_every_role(None), company: &company })
    }

    /// One of the buttons that may be pressed now.
    pub async fn open_action(&mut self, contact: ContactId, at: DateTime<Utc>) -> Option<Action> {
        // What ends things is pressed seldom, or nothing would ever get far.
        let seldom = [
            "contact.lose",
            "contact.move_to_remarket",
            "contact.opt_out",
            "meeting.cancel",
            "quote.lose",
            "quote.reopen",
            "quote.revise",
            "contact.change_source",
            "contact.change_product",
            "contact.change_details",
            "contact.correct_address",
            "contact.erase",
            "journey.open",
            "journey.void",
        ];
        // These take settings or another contact.
        let left_out = ["contact.change_category", "contact.merge", "contact.unmerge", "contact.join_campaign", "contact.leave_campaign"];
        let timid = self.chance.below(5) > 0;
        let open = self
            .actions(contact, at)
            .await
            .into_iter()
            .filter(|action| action.allowed && !left_out.contains(&action.command) && !(timid && seldom.contains(&action.command)));
        let open: Vec<Action> = open.collect();
        // More often than not things take their course, or nothing would ever be sold.
        let onward: Vec<Action> =
            open.iter().filter(|action| ONWARD.contains(&action.command) && action.kind.is_none_or(|kind| kind == "demo")).cloned().collect();
        let chosen = if onward.is_empty() || self.chance.below(5) < 2 { open } else { onward };
        if chosen.is_empty() { None } else { Some(self.chance.pick(&chosen).clone()) }
    }

    /// Fields for a button, of which most are taken.
    pub async fn fields(&mut self, action: &Action, contact: ContactId, at: DateTime<Utc>) -> Value {
        let now = Instant::new(at);
        let soon = Instant::new(at + TimeDelta::hours(self.chance.below(72) as i64));
        let price = 100 * (1 + self.chance.below(9_000));
        let (person, other) = (self.person(), self.person());
        let source = *self.chance.pick(&["Radio", "Home Show"]);
        let product = *self.chance.pick(&["Windows", "Roofing"]);
        let of = json!(action.id);
        match action.command {
            "contact.log_attempt" => json!({ "channel": "phone", "outcome": "spoke" }),
            "contact.return" => json!({ "journey": self.new_id(), "source": source, "product": product }),
            "contact.add_other_product_rep" => json!({ "journey": self.new_id(), "product": product, "rep": person, "meeting": self.new_id(), "start": soon }),
            "contact.change_source" => json!({ "source": source }),
            "contact.change_product" => json!({ "product": product }),
            "contact.assign_rehash" => json!({ "journey": of, "rehash_rep": person, "reason": "price" }),
            "contact.lose" if self.chance.below(4) > 0 => json!({ "reason": "no" }),
            "contact.lose" => json!({ "journey": of, "reason": "no" }),
            "contact.move_to_remarket" | "contact.place_hold" | "contact.lift_hold" | "contact.reopen" | "contact.opt_in" => json!({ "reason": "later" }),
            "contact.opt_out" => json!({ "asked_by": "the owner", "channel": "phone" }),
            "contact.change_details" => json!({ "name": format!("N {price}") }),
            "contact.correct_address" => json!({ "address": format!("{price} {contact} St") }),
            "journey.open" => json!({ "journey": self.new_id(), "product": product, "reason": "missing" }),
            "journey.void" => json!({ "journey": of, "reason": "a mistake" }),
            "contact.erase" => json!({ "basis": "person_asked" }),
            "meeting.set" => {
                json!({ "meeting": self.new_id(), "journey": of, "kind": action.kind, "start": soon, "length_minutes": 60, "scheduler": person, "decision_makers": true, "address_checked": true })
            }
            "meeting.log_confirm_attempt" => json!({ "meeting": of, "channel": "text", "outcome": "no_answer" }),
            "meeting.confirm" => json!({ "meeting": of, "with_whom": "Dana", "decision_makers": true }),
            "meeting.issue" => json!({ "meeting": of, "rep": other, "reason": "as it is", "overbook": true }),
            "meeting.reschedule" => json!({ "meeting": of, "start": soon, "reason": "rain", "asked_by": "customer" }),
            "meeting.cancel" => json!({ "meeting": of, "reason": "rain", "asked_by": "customer" }),
            "meeting.result" => json!({ "meeting": of, "result": self.chance.pick(RESULTS) }),
            "meeting.correct_result" => json!({ "meeting": of, "result": self.chance.pick(RESULTS), "reason": "entered wrong" }),
            "quote.add" => {
                json!({ "quote": self.new_id(), "journey": of, "product": product, "rep": other, "items": [{ "description": "Work", "quantity": 1, "unit_price_minor": price }] })
            }
            "quote.finalize" => json!({ "quote": of, "valid_until": Instant::new(at + TimeDelta::days(30)), "terms": "half on signing" }),
            "quote.edit" => {
                let off = json!([{ "description": "Spring", "basis_points": 1_000 }]);
                json!({ "quote": of, "items": [{ "description": "Work", "quantity": 1, "unit_price_minor": price }], "discounts": off, "tax_millionths": 88_750 })
            }
            "quote.reopen" => json!({ "quote": of }),
            "quote.revise" => json!({ "quote": of, "revision": self.new_id() }),
            "quote.mark_sold" => json!({ "quote": of, "sale": self.new_id(), "sign_date": Instant::new(at), "paper": "folder 17" }),
            "quote.lose" => json!({ "quote": of, "reason": "no" }),
            "sale.approve" => {
                json!({ "sale": of, "finance_owner": person, "customer_service_owner": other, "sign_date": now, "notice_to_proceed": "deposit_taken", "job_standing": "active" })
            }
            "sale.move_back" => json!({ "sale": of, "job_standing": "active" }),
            "sale.not_approve" => json!({ "sale": of, "reason": "credit", "note": "try again" }),
            "sale.rescind" => json!({ "sale": of, "received_on": now, "how": "mail" }),
            "sale.cancel" => json!({ "sale": of, "reason": "regret", "fee_minor": self.chance.below(2) * 5_000, "cancel_date": now, "note": "by phone" }),
            "sale.reactivate" => json!({ "sale": of, "job_standing": "active", "note": "they stay" }),
            "sale.change_rep" => json!({ "sale": of, "rep": person, "reason": "left" }),
            "sale.post_entry" => {
                let kind = *self.chance.pick(&["final_payment", "down_payment", "returned_check", "service_call"]);
                json!({ "sale": of, "entry": self.new_id(), "kind": kind, "amount_minor": price })
            }
            "sale.send_notice" => json!({ "sale": of, "sent_on": now, "how": "mail", "amount_minor": price, "document": "cabinet 3" }),
            "sale.file_lien" => json!({ "sale": of, "filed_on": now, "county": "Erie", "filing_number": "L-1", "amount_minor": price }),
            "sale.release_lien" => json!({ "sale": of, "released_on": now, "release_number": "R-1" }),
            "sale.send_to_attorney" => json!({ "sale": of, "attorney": "Marlow", "sent_on": now }),
            "sale.write_off" => json!({ "sale": of, "amount_minor": 5_000, "reason": "insolvent" }),
            "sale.close" => json!({ "sale": of }),
            "sale.approve_change_order" | "change_order.create" => json!({ "sale": of, "change_order": self.new_id(), "amount_minor": price }),
            "change_order.send" => json!({ "change_order": of, "signer": "Lopez", "email": "lopez@example.com" }),
            "change_order.sign" => json!({ "change_order": of, "signed_on": now }),
            "change_order.pre_approve" => json!({ "change_order": of, "pre_approved_on": now }),
            "change_order.approve" => json!({ "change_order": of }),
            "change_order.reverse" => json!({ "change_order": of, "reversed_on": now, "reason": "not wanted" }),
            "change_order.void" => json!({ "change_order": of, "reason": "too dear" }),
            "job.complete_site_visit" => {
                json!({ "sale": of, "visited_on": now, "job_owner": person, "visitor": other, "documents": "folder", "hoa": false, "overview": "as sold", "property_type": "single_family" })
            }
            "job.schedule" => json!({ "sale": of, "install_on": soon }),
            "job.complete_pending" | "job.complete_final" => json!({ "sale": of, "revenue_recognized_on": now, "note": "done" }),
            "job.change_standing" => json!({ "sale": of, "standing": self.chance.pick(&["active", "hold"]), "note": "snow" }),
            "job.not_authorize" | "job.approve_to_proceed" | "job.complete_pre_call" | "job.start_install" | "job.close" => {
                json!({ "sale": of, "note": "so be it" })
            }
            other => panic!("no fields for {other} of {contact}"),
        }
    }

    /// Sends one command. A choice of fields may break a rule of its own (the other product is the same one); then nothing happens.
    pub async fn press(&mut self, contact: ContactId, command: &str, fields: Value, at: DateTime<Utc>) {
        let wish = Wish::Contact(contact, wire::command(command, fields).unwrap());
        let asker = Asker::with_every_role(Some(domain::reference::Ref::Name(domain::text::Label::try_new(self.person()).unwrap())));
        let request = Request { wish, at: Some(at.into()), asker, expected_version: None };
        self.clock.set(&at.to_rfc3339());
        let answer = self.app.execute(self.company, id(0), request, None).await;
        assert!(matches!(answer, Ok(_) | Err(eventstore::WriteError::Refused(_))), "{answer:?}");
    }
}
