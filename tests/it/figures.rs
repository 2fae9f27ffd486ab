//! The indexes against an independent recomputation from raw events, over whatever business chance brings about.

use crate::oracle::{self, Question, RawEvent};
use crate::world::{Fixed, World, approval, id};
use api::app::{App, Asker, Request, Wish};
use chrono::{DateTime, TimeDelta, Utc, Weekday};
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
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    fn pick<'a, T>(&mut self, list: &'a [T]) -> &'a T {
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
struct Play {
    app: App,
    clock: Arc<Fixed>,
    company: CompanyId,
    chance: Chance,
    made: u128,
}

impl Play {
    fn new(world: &World, seed: u64) -> Play {
        Play { app: world.app.clone(), clock: world.clock.clone(), company: world.company, chance: Chance(seed), made: 1_000_000 }
    }

    fn new_id(&mut self) -> Value {
        self.made += 1;
        json!(Uuid::from_u128(self.made))
    }

    fn person(&mut self) -> &'static str {
        self.chance.pick::<&'static str>(&["Ana", "Ben"])
    }

    async fn contact(&mut self, n: u128, mut at: DateTime<Utc>, steps: u32) {
        let contact = ContactId(id(n));
        let source = *self.chance.pick(&["Radio", "Home Show"]);
        let product = *self.chance.pick(&["Windows", "Roofing"]);
        let journey = self.new_id();
        self.press(contact, "contact.add", json!({ "journey": journey, "source": source, "product": product, "name": "N", "phones": ["716-555-0100"] }), at)
            .await;
        for _ in 0..steps {
            at += TimeDelta::minutes(self.chance.below(6 * 24 * 60) as i64);
            let Some(action) = self.open_action(contact, at).await else { continue };
            let fields = self.fields(&action, contact, at).await;
            self.press(contact, action.command, fields, at).await;
        }
    }

    async fn open_action(&mut self, contact: ContactId, at: DateTime<Utc>) -> Option<Action> {
        let file = self.app.contact_file(self.company, contact).await.unwrap();
        let company = self.app.settings(self.company).await.unwrap();
        let context = Context { at: at.into(), actor: Actor::with_every_role(None), company: &company };
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
        let left_out = ["contact.change_category", "contact.merge", "contact.unmerge"];
        let timid = self.chance.below(5) > 0;
        let open = actions(&file, &context)
            .into_iter()
            .filter(|action| action.allowed && !left_out.contains(&action.command) && !(timid && seldom.contains(&action.command)));
        let open: Vec<Action> = open.collect();
        // More often than not things take their course, or nothing would ever be sold.
        let onward: Vec<Action> =
            open.iter().filter(|action| ONWARD.contains(&action.command) && action.kind.is_none_or(|kind| kind == "demo")).cloned().collect();
        let chosen = if onward.is_empty() || self.chance.below(5) < 2 { open } else { onward };
        if chosen.is_empty() { None } else { Some(self.chance.pick(&chosen).clone()) }
    }

    async fn fields(&mut self, action: &Action, contact: ContactId, at: DateTime<Utc>) -> Value {
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
            "journey.open" => json!({ "journey": self.new_id(), "reason": "missing" }),
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
    async fn press(&mut self, contact: ContactId, command: &str, fields: Value, at: DateTime<Utc>) {
        let wish = Wish::Contact(contact, wire::command(command, fields).unwrap());
        let asker = Asker::with_every_role(Some(domain::reference::Ref::Name(domain::text::Label::try_new(self.person()).unwrap())));
        let request = Request { wish, at: Some(at.into()), asker, expected_version: None };
        self.clock.set(&at.to_rfc3339());
        let answer = self.app.execute(self.company, id(0), request, None).await;
        assert!(matches!(answer, Ok(_) | Err(eventstore::WriteError::Refused(_))), "{answer:?}");
    }
}

/// Every event of a company's log, as the oracle reads it.
pub async fn raw_events(app: &App, company: CompanyId) -> Vec<RawEvent> {
    let events = app.store.page(company, 0, usize::MAX).await.unwrap();
    let raw = |event: &eventstore::Recorded| RawEvent {
        position: event.position,
        kind: event.kind.clone(),
        occurred_at: event.occurred_at,
        stream_kind: event.stream.kind.to_string(),
        stream_id: event.stream.id,
        body: serde_json::from_slice(event.data()).unwrap(),
    };
    events.iter().map(raw).collect()
}

/// The product's answer without what the oracle does not know: ids, addresses, and the hash of the log.
pub fn bare(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("hash");
    for window in answer["windows"].as_array_mut().unwrap() {
        for row in window["rows"].as_array_mut().unwrap() {
            let row = row.as_object_mut().unwrap();
            row.retain(|field, _| !["key_id", "product_id", "journeys"].contains(&field.as_str()));
        }
        window["total"].as_object_mut().unwrap().remove("journeys");
    }
    answer
}

#[tokio::test]
async fn whatever_happens_the_figures_equal_a_recomputation_from_raw_events() {
    for world in World::both().await {
        let mut play = Play::new(&world, 20_260_701);
        // From before one clock change of New York to after the other, and over the turn of a year.
        let first: DateTime<Utc> = "2025-10-20T15:00:00Z".parse().unwrap();
        for n in 1..=120 {
            let at = first + TimeDelta::minutes(30 * 61 * n as i64);
            play.contact(n, at, 26).await;
        }
        let events = raw_events(&world.app, world.company).await;
        let kinds: std::collections::BTreeSet<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        // Settings change no figure of this company, and neither does who is found under whom, or what is worked, posted and collected
        // for a sale.
        let left_out = |kind: &str| {
            let settings = ["company.", "source.", "product.", "person.", "category.", "reason.", "meeting_type.", "accounting_period."];
            let found = ["contact.category_changed", "contact.duplicate_accepted", "contact.merged", "contact.unmerged"];
            let after_the_sale = ["job.", "ledger.", "sale.balance_", "sale.lien_", "sale.sent_to_attorney", "sale.paid_in_full", "sale.closed"];
            settings.iter().chain(&found).chain(&after_the_sale).any(|part| kind.starts_with(part))
        };
        let unseen: Vec<&String> = wire::EVENTS.keys().filter(|kind| !kinds.contains(kind.as_str()) && !left_out(kind)).collect();
        assert!(unseen.is_empty(), "chance never brought about {unseen:?}");
        let asked = [
            ("2026-07-04T12:00:00Z", "America/New_York", "monday", Weekday::Mon),
            ("2026-03-10T03:30:00Z", "America/New_York", "sunday", Weekday::Sun),
            ("2025-11-03T04:59:59Z", "America/New_York", "monday", Weekday::Mon),
            ("2026-01-01T05:00:00Z", "America/New_York", "sunday", Weekday::Sun),
            ("2026-02-14T22:00:00Z", "Pacific/Kiritimati", "saturday", Weekday::Sat),
            ("2025-10-01T00:00:00Z", "UTC", "monday", Weekday::Mon),
        ];
        for (as_of, zone, day, week_starts_on) in asked {
            for figure in ["nsla", "nsls", "nsli"] {
                for by in ["key", "product", "key,product"] {
                    let path = format!("/api/v1/figures/{figure}?as_of={as_of}&zone={zone}&week_starts_on={day}&by={by}");
                    let product = bare(world.get(&path).await.ok());
                    let question = Question { figure, by, as_of: as_of.parse().unwrap(), zone: zone.parse().unwrap(), week_starts_on, year_starts_in: 1 };
                    let expected = oracle::answer(&events, &question);
                    for (window, right) in product["windows"].as_array().unwrap().iter().zip(expected["windows"].as_array().unwrap()) {
                        assert_eq!(window, right, "{path}");
                    }
                    assert_eq!(product, expected, "{path}");
                }
            }
        }
        every_number_opens_the_journeys_behind_it(&world, "2026-03-10T03:30:00Z").await;
        for projection in projections::PROJECTIONS {
            assert_eq!(projections::check(&world.app.store, world.company, projection.name(), &mut |_| {}).await.unwrap(), None, "{}", projection.name());
        }
    }
}

/// Follows the address of every row and total, and adds up what it lists.
async fn every_number_opens_the_journeys_behind_it(world: &World, as_of: &str) {
    for figure in ["nsla", "nsls", "nsli"] {
        let answer = world.get(&format!("/api/v1/figures/{figure}?as_of={as_of}&by=key,product&window=last_90_days,this_month")).await.ok();
        for window in answer["windows"].as_array().unwrap() {
            for number in window["rows"].as_array().unwrap().iter().chain([&window["total"]]) {
                let (mut leads, mut net, mut cursor) = (0, 0, String::new());
                loop {
                    let page = world.get(&format!("{}&limit=20{cursor}", number["journeys"].as_str().unwrap())).await.ok();
                    leads += page["data"].as_array().unwrap().len() as i64;
                    net += page["data"].as_array().unwrap().iter().map(|row| row["net_sold_minor"].as_i64().unwrap()).sum::<i64>();
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => break,
                    }
                }
                assert_eq!((json!(leads), json!(net)), (number["leads"].clone(), number["net_sold_minor"].clone()), "{number}");
            }
        }
    }
}

/// The rows of one window of an index, as (key, leads, net sold, index).
async fn rows(world: &World, figure: &str, as_of: &str, window: &str) -> Vec<(String, i64, i64, i64)> {
    let answer = world.get(&format!("/api/v1/figures/{figure}?as_of={as_of}&window={window}")).await.ok();
    let row = |row: &Value| {
        (row["key"].as_str().unwrap().to_owned(), row["leads"].as_i64().unwrap(), row["net_sold_minor"].as_i64().unwrap(), row["index_minor"].as_i64().unwrap())
    };
    answer["windows"][0]["rows"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn figures_of_a_past_instant_stay_what_they_were() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        world.clock.set("2026-07-03T16:00:00Z");
        world.post(&format!("{at}/quotes/{}/mark-sold", id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        world.clock.set("2026-07-05T16:00:00Z");
        world.post(&format!("{at}/sales/{}/approve", id(1)), approval()).await.ok();
        world.clock.set("2026-07-07T16:00:00Z");
        world.post(&format!("{at}/sales/{}/cancel", id(1)), json!({ "reason": "regret", "cancel_date": "2026-07-07", "note": "by phone" })).await.ok();
        world.clock.set("2026-07-09T16:00:00Z");
        let net = [
            ("2026-07-04T16:00:00Z", 0),
            ("2026-07-05T15:59:59Z", 0),
            ("2026-07-05T16:00:00Z", 100_000),
            ("2026-07-07T15:59:59Z", 100_000),
            ("2026-07-07T16:00:00Z", 0),
        ];
        for (as_of, expected) in net {
            for (figure, key) in [("nsla", "Radio"), ("nsls", "Ana"), ("nsli", "Ben")] {
                assert_eq!(rows(&world, figure, as_of, "last_30_days").await, [(key.to_owned(), 1, expected, expected)], "{figure} as of {as_of}");
            }
        }
        assert_eq!(rows(&world, "nsla", "2026-07-01T15:59:59Z", "last_30_days").await, [], "before it was added there is nothing");
    }
}

#[tokio::test]
async fn an_empty_company_has_eight_windows_and_null_totals() {
    for world in World::both().await {
        let answer = world.get("/api/v1/figures/nsli").await.ok();
        assert_eq!(
            (&answer["figure"], &answer["zone"], &answer["week_starts_on"], &answer["currency"]),
            (&json!("nsli"), &json!("America/New_York"), &json!("monday"), &json!("USD"))
        );
        let windows = answer["windows"].as_array().unwrap();
        assert_eq!(windows.len(), 8);
        for window in windows {
            assert_eq!(
                (&window["rows"], &window["total"]["leads"], &window["total"]["net_sold_minor"], &window["total"]["index_minor"]),
                (&json!([]), &json!(0), &json!(0), &Value::Null)
            );
        }
    }
}

#[tokio::test]
async fn a_window_holds_both_its_ends() {
    for world in World::both().await {
        // Midnight of 25 June in New York is 04:00 UTC; seven days end with 1 July.
        for (n, at) in [(1, "2026-06-25T03:59:59.999999Z"), (2, "2026-06-25T04:00:00Z"), (3, "2026-07-01T16:00:00Z")] {
            let mut body = crate::world::new_contact(n);
            body["occurred_at"] = at.into();
            world.post("/api/v1/contacts", body).await.ok();
        }
        assert_eq!(rows(&world, "nsla", "2026-07-01T16:00:00Z", "last_7_days").await, [("Radio".to_owned(), 2, 0, 0)]);
        assert_eq!(rows(&world, "nsla", "2026-07-01T15:59:59.999999Z", "last_7_days").await, [("Radio".to_owned(), 1, 0, 0)]);
    }
}
