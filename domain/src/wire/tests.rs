//! What is stored stays readable, what is sent is read with care, and what is documented is what is read.

use super::*;
use crate::id::*;
use crate::testing::golden::{in_repository, updating};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::fs;
use std::path::PathBuf;

// Stored samples

const SAMPLES: &str = "tests/golden/wire";
/// What each sample held when its format was released, for `sha256sum --check`.
const SUMS: &str = "SHA256SUMS";

/// Data as it was stored in a format.
fn sample(name: &str, format: i32) -> PathBuf {
    in_repository(SAMPLES).join(name).join(format!("{format}.json"))
}

/// The same data, of an older format, as it is read today.
fn as_read_now(name: &str, format: i32) -> PathBuf {
    in_repository(SAMPLES).join(name).join(format!("{format}.now.json"))
}

fn stored(path: PathBuf) -> String {
    let text = fs::read_to_string(&path).unwrap_or_else(|_| panic!("{} is missing; UPDATE_GOLDEN=1 writes what is new", path.display()));
    text.trim_end().to_owned()
}

fn written(fact: &Fact) -> (&'static str, String) {
    let (name, data) = encode(fact);
    (name, String::from_utf8(data).unwrap())
}

/// An example of every stored name with every field filled in, as it is written today.
fn examples() -> Vec<(&'static str, Value)> {
    let id = |last: u8| format!("018f6f2e-0000-7000-8000-0000000000{last:02x}");
    let (journey, meeting, quote, sale, person, source, product) = (id(1), id(2), id(3), id(4), id(5), id(6), id(7));
    let (instant, later) = ("2026-03-02T15:00:00Z", "2026-03-03T23:00:00.123456Z");
    vec![
        (
            "contact.added",
            json!({
                "journey": journey, "source": source, "product": product, "category": "web", "campaign": "Spring", "reference": { "personal": "A-17" }, "name": { "personal": "Lopez" },
                "phones": [{ "personal": "716 555 0100" }], "emails": [{ "personal": "lopez@example.com" }],
                "address": { "personal": { "street": "12 Main St", "city": "Buffalo", "region": "NY", "postal_code": "14201" } }, "address_shared": true,
            }),
        ),
        (
            "contact.address_corrected",
            json!({ "from": { "personal": { "street": "12 Main St" } }, "to": { "personal": { "street": "14 Main St", "city": "Buffalo" } }, "shared": true }),
        ),
        ("contact.attempted", json!({ "journey": journey, "channel": "phone", "outcome": "call_back", "call_back_at": later })),
        ("contact.category_changed", json!({ "category": id(9) })),
        (
            "contact.details_changed",
            json!({
                "name": { "personal": "Lopez" }, "phones": [{ "personal": "716 555 0100" }], "emails": [{ "personal": "lopez@example.com" }],
                "reference": { "personal": "A-17" },
            }),
        ),
        ("contact.duplicate_accepted", json!({ "reason": { "personal": "two flats" } })),
        ("contact.erased", json!({ "basis": "person_asked", "journeys": [journey] })),
        ("contact.joined_campaign", json!({ "campaign": id(14) })),
        ("contact.left_campaign", json!({ "campaign": id(14) })),
        ("contact.hold_lifted", json!({ "reason": { "personal": "settled" } })),
        ("contact.hold_placed", json!({ "reason": { "personal": "claim in court" } })),
        (
            "contact.lost",
            json!({
                "journey": journey, "reason": { "personal": "Price" }, "reason_id": id(10), "competitor": { "personal": "Acme" },
                "note": { "personal": "wants to think" },
            }),
        ),
        ("contact.merged", json!({ "other": id(12), "reason": { "personal": "married" } })),
        ("contact.merged_into", json!({ "survivor": id(12) })),
        ("contact.moved_to_remarket", json!({ "reason": { "personal": "call in spring" }, "not_before": "2027-03-01" })),
        ("contact.opted_in", json!({ "reason": { "personal": "called us" } })),
        ("contact.opted_out", json!({ "asked_by": { "personal": "Mrs Lopez" }, "channel": "phone" })),
        ("contact.other_product_rep_added", json!({ "journey": journey, "product": product, "rep": person })),
        ("contact.product_changed", json!({ "product": product })),
        ("contact.returned", json!({ "journey": journey, "source": source, "product": product, "campaign": "Spring" })),
        ("contact.reopened", json!({ "journey": journey, "reason": { "personal": "called back" } })),
        ("contact.rested", json!({ "journey": journey })),
        ("contact.unmerged", json!({ "other": id(12), "reason": { "personal": "two people" } })),
        ("contact.unmerged_from", json!({ "survivor": id(12) })),
        ("contact.source_changed", json!({ "source": source })),
        ("journey.closed", json!({ "journey": journey, "outcome": "lost", "reason": { "personal": "went elsewhere" }, "reason_id": id(10) })),
        ("journey.dimensions_changed", json!({ "journey": journey, "source": source, "product": product, "category": "web" })),
        (
            "journey.opened",
            json!({ "journey": journey, "origin": "other_product", "source": source, "product": product, "category": "web", "campaign": "Spring", "rep": person, "reason": { "personal": "never entered" } }),
        ),
        ("journey.limit_started", json!({ "journey": journey, "stage": "attempted_to_set", "until": later })),
        ("journey.reopened", json!({ "journey": journey, "stage": "quote_in_progress" })),
        ("journey.voided", json!({ "journey": journey, "reason": { "personal": "entered twice" } })),
        ("journey.outcome_revised", json!({ "journey": journey, "outcome": "sold_canceled" })),
        ("journey.rehash_assigned", json!({ "journey": journey, "rehash_rep": person, "reason": { "personal": "price" }, "reason_id": id(10) })),
        (
            "meeting.canceled",
            json!({ "meeting": meeting, "journey": journey, "kind": "demo", "reason": { "personal": "no time" }, "asked_by": "customer", "reason_id": id(10), "note": { "personal": "calls again" }, "frees": { "reps": [person], "start": later, "minutes": 90 } }),
        ),
        ("meeting.confirmation_attempted", json!({ "meeting": meeting, "journey": journey, "kind": "demo", "channel": "text", "outcome": "no_answer" })),
        (
            "meeting.confirmed",
            json!({ "meeting": meeting, "journey": journey, "kind": "demo", "with_whom": { "personal": "Mrs. Lopez" }, "decision_makers": true }),
        ),
        (
            "meeting.issued",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "rep": person, "start": later, "unconfirmed": { "personal": "known customer" },
                "second_rep": id(12), "takes": { "reps": [person], "start": later, "minutes": 90 }, "overbooked": { "personal": "same street" },
                "takes_if_free": { "reps": [person], "start": later, "minutes": 90 },
            }),
        ),
        (
            "meeting.reissued",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "rep": person, "start": later, "reason": { "personal": "ill" }, "second_rep": id(12),
                "frees": { "reps": [person], "start": later, "minutes": 90 }, "takes": { "reps": [person], "start": later, "minutes": 90 }, "overbooked": { "personal": "same street" },
                "takes_if_free": { "reps": [person], "start": later, "minutes": 90 },
            }),
        ),
        (
            "meeting.rescheduled",
            json!({
                "meeting": meeting, "journey": journey, "kind": "follow_up", "start": later, "reason": { "personal": "storm" }, "reason_id": id(10),
                "asked_by": "customer", "frees": { "reps": [person], "start": later, "minutes": 90 },
            }),
        ),
        (
            "meeting.result_corrected",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "was": "sold", "result": "no_show", "reason": { "personal": "entered for another one" },
                "counts_as": { "issued": false, "demoed": false, "version": 2 },
            }),
        ),
        (
            "meeting.resulted",
            json!({
                "meeting": meeting, "journey": journey, "kind": "rehash", "result": "demoed_not_sold", "note": { "personal": "liked the white ones" }, "frees": { "reps": [person], "start": later, "minutes": 90 },
                "counts_as": { "issued": true, "demoed": true, "version": 2 },
            }),
        ),
        (
            "meeting.set",
            json!({
                "meeting": meeting, "journey": journey, "kind": "demo", "start": later, "length_minutes": 90, "scheduler": person, "meeting_type": id(11),
                "confirm_and_issue": true, "decision_makers": false, "why_not_all": { "personal": "works late" }, "address_checked": true,
            }),
        ),
        (
            "quote.created",
            json!({
                "quote": quote, "journey": journey, "product": product, "rep": person,
                "items": [{ "description": { "personal": "window" }, "quantity": 2, "unit_price_minor": 500_000 }], "total_minor": 1_000_000, "revises": id(13),
            }),
        ),
        (
            "quote.edited",
            json!({
                "quote": quote, "journey": journey, "items": [{ "description": { "personal": "window" }, "quantity": 1, "unit_price_minor": 500_000 }],
                "discounts": [{ "description": { "personal": "spring" }, "basis_points": 1_000 }, { "description": { "personal": "coupon" }, "amount_minor": 5_000 }],
                "tax_millionths": 88_750, "finance": { "plan": { "personal": "twelve months" }, "markup_minor": 20_000 },
                "subtotal_minor": 500_000, "discount_minor": 55_000, "tax_minor": 39_494, "total_minor": 504_494,
            }),
        ),
        ("quote.expired", json!({ "quote": quote, "journey": journey })),
        ("quote.finalized", json!({ "quote": quote, "journey": journey, "valid_until": later, "terms": { "personal": "half on signing" } })),
        ("quote.lost", json!({ "quote": quote, "journey": journey, "reason": { "personal": "too dear" }, "reason_id": id(10) })),
        ("quote.marked_sold", json!({ "quote": quote, "journey": journey, "paper": { "personal": "folder 17" }, "reason": { "personal": "sent by mail" } })),
        ("quote.not_approved", json!({ "quote": quote, "journey": journey })),
        ("quote.sold", json!({ "quote": quote, "journey": journey, "sale": sale, "signed_at": instant })),
        ("quote.reopened", json!({ "quote": quote, "journey": journey })),
        ("quote.sold_again", json!({ "quote": quote, "journey": journey })),
        ("quote.superseded", json!({ "quote": quote, "journey": journey, "by": id(13) })),
        ("change_order.approved", json!({ "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": -25_000, "report_signed_at": instant })),
        (
            "change_order.created",
            json!({ "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": -25_000, "description": { "personal": "one window less" } }),
        ),
        ("change_order.pre_approved", json!({ "sale": sale, "journey": journey, "change_order": id(8), "pre_approved_at": instant })),
        (
            "change_order.reversed",
            json!({
                "sale": sale, "journey": journey, "change_order": id(8), "amount_minor": 25_000, "report_signed_at": instant,
                "reason": { "personal": "wanted after all" },
            }),
        ),
        (
            "change_order.sent",
            json!({
                "sale": sale, "journey": journey, "change_order": id(8), "signer": { "personal": "Lopez" }, "email": { "personal": "lopez@example.com" },
            }),
        ),
        ("change_order.signed", json!({ "sale": sale, "journey": journey, "change_order": id(8), "signed_at": instant })),
        ("change_order.voided", json!({ "sale": sale, "journey": journey, "change_order": id(8), "reason": { "personal": "too dear" } })),
        ("job.canceled", json!({ "sale": sale, "journey": journey })),
        ("job.opened", json!({ "sale": sale, "journey": journey, "status": "ready_for_site_visit", "standing": "active" })),
        ("job.reopened", json!({ "sale": sale, "journey": journey, "status": "ready_for_site_visit", "standing": "hold" })),
        ("job.standing_changed", json!({ "sale": sale, "journey": journey, "standing": "hold", "note": { "personal": "snow" } })),
        (
            "job.status_changed",
            json!({
                "sale": sale, "journey": journey, "status": "completed_site_visit",
                "site_visit": {
                    "visited_at": instant, "job_owner": person, "visitor": person, "documents": { "personal": "folder 7" }, "hoa": false,
                    "overview": { "personal": "two windows" }, "property_type": "single_family",
                },
                "install_at": later, "revenue_recognized_at": instant, "note": { "personal": "dog in the yard" },
            }),
        ),
        (
            "ledger.entry_posted",
            json!({
                "sale": sale, "journey": journey, "kind": "down_payment", "amount_minor": -30_000, "dated_at": instant, "entry": id(12),
                "change_order": id(8), "document": { "personal": "check 1017" }, "note": { "personal": "at the door" },
            }),
        ),
        (
            "sale.approved",
            json!({
                "sale": sale, "journey": journey, "finance_owner": person, "customer_service_owner": person, "signed_at": instant,
                "notice_to_proceed": "deposit_taken", "job_standing": "active",
            }),
        ),
        ("sale.balance_fell_due", json!({ "sale": sale, "journey": journey })),
        ("sale.balance_written_off", json!({ "sale": sale, "journey": journey, "amount_minor": 30_000, "reason": { "personal": "insolvent" } })),
        ("sale.cancel_fee_charged", json!({ "sale": sale, "journey": journey, "fee_minor": 50_000 })),
        (
            "sale.canceled",
            json!({
                "sale": sale, "journey": journey, "canceled_at": instant, "reason": { "personal": "moved away" }, "contract_minor": 1_000_000,
                "reason_id": id(10), "note": { "personal": "by phone" }, "kind": "rescission", "how": "certified_mail",
            }),
        ),
        ("sale.closed", json!({ "sale": sale, "journey": journey })),
        (
            "sale.created",
            json!({
                "sale": sale, "journey": journey, "quote": quote, "product": product, "rep": person,
                "amount_minor": 1_000_000, "signed_at": instant, "needs_approval": true,
            }),
        ),
        (
            "sale.lien_filed",
            json!({
                "sale": sale, "journey": journey, "filed_at": instant, "county": { "personal": "Erie" }, "filing_number": { "personal": "L-1" },
                "amount_minor": 30_000,
            }),
        ),
        (
            "sale.lien_notice_sent",
            json!({
                "sale": sale, "journey": journey, "sent_at": instant, "lien_from": later, "how": "certified_mail", "amount_minor": 30_000,
                "document": { "personal": "cabinet 3" },
            }),
        ),
        ("sale.lien_released", json!({ "sale": sale, "journey": journey, "released_at": instant, "release_number": { "personal": "R-1" } })),
        ("sale.moved_back_to_sold", json!({ "sale": sale, "journey": journey, "signed_at": instant, "job_standing": "hold" })),
        (
            "sale.not_approved",
            json!({ "sale": sale, "journey": journey, "reason": { "personal": "credit declined" }, "reason_id": id(10), "note": { "personal": "try again" } }),
        ),
        ("sale.paid_in_full", json!({ "sale": sale, "journey": journey })),
        (
            "sale.reactivated",
            json!({ "sale": sale, "journey": journey, "contract_minor": 1_000_000, "job_standing": "active", "note": { "personal": "they stay" } }),
        ),
        ("sale.rep_changed", json!({ "sale": sale, "journey": journey, "rep": person, "reason": { "personal": "left" } })),
        ("sale.sent_to_attorney", json!({ "sale": sale, "journey": journey, "sent_at": instant, "attorney": { "personal": "Marlow" } })),
        ("company.configured", json!({ "name": "Acme", "zone": "America/New_York", "currency": "USD", "week_starts_on": "sunday", "year_starts_in": 2 })),
        (
            "company.time_limits_set",
            json!({
                "first_attempt_minutes": 5, "business_hours": { "opens": "09:00", "closes": "17:30", "days": ["monday", "friday"] }, "rest_after_days": 10, "remarket_after_days": 30, "confirm_hours_before": 24, "issue_hours_before": 2, "quote_idle_days": 14,
                "rehash_days": 30, "approval_business_days": 2, "balance_due_days": 10, "notice_days": 10, "notice_days_by_region": { "NY": 20 },
                "rescission_business_days": 3, "reopen_days": 30,
            }),
        ),
        ("company.result_meanings_set", json!({ "version": 2, "results": [{ "result": "one_leg", "issued": true, "demoed": false }] })),
        ("accounting_period.closed", json!({ "through": "2026-01-31" })),
        ("source.defined", json!({ "source": source, "name": "Home show" })),
        ("source.retired", json!({ "source": source })),
        ("source.restored", json!({ "source": source })),
        ("product.defined", json!({ "product": product, "name": "Windows" })),
        ("product.retired", json!({ "product": product })),
        ("product.restored", json!({ "product": product })),
        ("person.defined", json!({ "person": person, "name": "Ana" })),
        ("person.retired", json!({ "person": person })),
        ("person.restored", json!({ "person": person })),
        ("category.defined", json!({ "category": id(9), "name": "Commercial" })),
        ("category.retired", json!({ "category": id(9) })),
        ("category.restored", json!({ "category": id(9) })),
        ("reason.defined", json!({ "reason": id(10), "list": "meeting_canceled", "name": "No time" })),
        ("reason.retired", json!({ "reason": id(10) })),
        ("reason.restored", json!({ "reason": id(10) })),
        ("meeting_type.defined", json!({ "meeting_type": id(11), "name": "Service", "kind": "other", "confirm_and_issue": true })),
        ("meeting_type.retired", json!({ "meeting_type": id(11) })),
        ("meeting_type.restored", json!({ "meeting_type": id(11) })),
        (
            "campaign.defined",
            json!({
                "campaign": id(14), "name": "Second chance",
                "audience": {
                    "states": ["lost", "remarket"], "source": source, "product": product, "category": id(9), "bought": "any", "without": product,
                    "never_set": true, "last_event_before": "2026-01-31",
                },
            }),
        ),
        ("campaign.retired", json!({ "campaign": id(14) })),
        ("campaign.restored", json!({ "campaign": id(14) })),
    ]
}

#[test]
fn every_format_of_every_name_has_a_sample_that_is_read_as_the_newest() {
    if updating() {
        for (name, data) in examples() {
            let newest = FORMATS.newest(name);
            let (_, written) = written(&decode(name, newest, data.to_string().as_bytes()).unwrap());
            fs::create_dir_all(in_repository(SAMPLES).join(name)).unwrap();
            if !sample(name, newest).exists() {
                fs::write(sample(name, newest), written + "\n").unwrap();
            }
        }
    }
    for name in EVENTS.keys() {
        let newest = FORMATS.newest(name);
        for format in 1..newest {
            let fact = decode(name, format, stored(sample(name, format)).as_bytes()).unwrap();
            assert_eq!(written(&fact), (name.as_str(), stored(as_read_now(name, format))), "format {format}");
        }
        let data = stored(sample(name, newest));
        assert_eq!(written(&decode(name, newest, data.as_bytes()).unwrap()), (name.as_str(), data));
    }
}

/// A sample that is gone, or holds something else, is a promise broken: there may be logs with such an event.
#[test]
fn samples_are_only_ever_added() {
    let sums = in_repository(SAMPLES).join(SUMS);
    let listed = fs::read_to_string(&sums).unwrap_or_default();
    let mut listed: BTreeMap<String, String> = listed.lines().filter_map(|line| line.split_once("  ")).map(|(sum, path)| (path.into(), sum.into())).collect();
    let mut there = BTreeMap::new();
    for folder in fs::read_dir(in_repository(SAMPLES)).unwrap().map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir()) {
        let name = folder.file_name().into_string().unwrap();
        for file in fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap()) {
            let format: Option<i32> = file.file_name().to_str().and_then(|file| file.strip_suffix(".json")?.trim_end_matches(".now").parse().ok());
            assert!(format.is_some_and(|format| knows(&name, format)), "{} is no sample of an event that is known", file.path().display());
            let sum: String = Sha256::digest(fs::read(file.path()).unwrap()).iter().map(|byte| format!("{byte:02x}")).collect();
            there.insert(format!("{name}/{}", file.file_name().into_string().unwrap()), sum);
        }
    }
    if updating() {
        for (path, sum) in &there {
            listed.entry(path.clone()).or_insert_with(|| sum.clone());
        }
        fs::write(&sums, listed.iter().map(|(path, sum)| format!("{sum}  {path}\n")).collect::<String>()).unwrap();
    }
    assert_eq!(there, listed, "a sample of a released format was changed or removed; a changed shape is a new format, a changed meaning a new name");
}

#[test]
fn steps_lead_from_each_format_to_the_next_and_to_no_other_name() {
    for step in FORMATS.steps() {
        assert!(EVENTS.contains_key(step.name), "{step:?}");
        let of_name: Vec<i32> = FORMATS.steps().iter().filter(|other| other.name == step.name).map(|other| other.from).collect();
        assert!(of_name.iter().copied().eq(1..=of_name.len() as i32), "{step:?}");
    }
}

#[test]
fn the_examples_fill_in_every_field_of_every_event() {
    let examples: BTreeMap<_, _> = examples().into_iter().collect();
    assert!(examples.keys().copied().eq(EVENTS.keys().map(String::as_str)));
    for (name, schema) in EVENTS.iter() {
        let fields: Vec<_> = schema.as_value()["properties"].as_object().unwrap().keys().cloned().collect();
        let mut filled: Vec<_> = examples[name.as_str()].as_object().unwrap().keys().cloned().collect();
        filled.sort();
        let mut expected = fields;
        expected.sort();
        assert_eq!(filled, expected, "{name}");
    }
}

#[test]
fn what_is_absent_is_not_written() {
    let journey = JourneyId(uuid::Uuid::from_u128(1));
    let fact = Fact::from(JourneyEvent::Closed { journey, outcome: crate::journey::Outcome::Sold, reason: None, reason_id: None });
    let (name, data) = encode(&fact);
    assert_eq!((name, data.as_slice()), ("journey.closed", br#"{"journey":"00000000-0000-0000-0000-000000000001","outcome":"sold"}"#.as_slice()));
}

// What cannot be read

#[test]
fn an_unknown_name_or_format_says_that_a_newer_version_wrote_it() {
    for (name, format) in [("meeting.issued", 2), ("meeting.issued", 0), ("meeting.dreamt", 1), ("", 1), ("contact.added\":{}", 1)] {
        assert!(matches!(decode(name, format, b"{}"), Err(ReadError::Unknown { .. })), "{name} {format}");
    }
}

#[test]
fn malformed_data_is_refused_and_never_panics() {
    let journey = r#""journey":"00000000-0000-0000-0000-000000000001""#;
    for data in [
        String::new(),
        "null".into(),
        "{".into(),
        "{}".into(),
        format!("{{{journey},\"outcome\":\"won\"}}"),
        format!("{{{journey},{journey},\"outcome\":\"sold\"}}"),
        format!("{{{journey},\"outcome\":\"sold\"}},\"journey.closed\":{{{journey},\"outcome\":\"sold\"}}"),
        format!("{{{journey},\"outcome\":\"sold\"}}}}{{"),
        "[".repeat(100_000),
    ] {
        assert!(matches!(decode("journey.closed", 1, data.as_bytes()), Err(ReadError::Malformed { .. })), "{data:.80}");
    }
    assert!(decode("journey.closed", 1, &[0xff, 0xfe]).is_err());
}

#[test]
fn an_unknown_field_of_a_fact_is_left_aside() {
    let data = br#"{"journey":"00000000-0000-0000-0000-000000000001","outcome":"sold","new_in_another_version":1}"#;
    assert!(decode("journey.closed", 1, data).is_ok());
}

#[test]
fn an_amount_is_a_whole_number_within_bounds() {
    for amount in ["1e999", "1e3", "1.0", "1000000000001", "-1000000000001", "99999999999999999999", "\"5\"", "null", "NaN"] {
        let data = format!(r#"{{"sale":"{id}","journey":"{id}","fee_minor":{amount}}}"#, id = "00000000-0000-0000-0000-000000000001");
        assert!(decode("sale.cancel_fee_charged", 1, data.as_bytes()).is_err(), "{amount}");
    }
}

// Schemas

#[test]
fn every_schema_stands_on_its_own() {
    for (name, schema) in EVENTS.iter().chain(COMMANDS.iter()).chain(COMPANY_COMMANDS.iter()) {
        let text = schema.as_value().to_string();
        assert!(!text.contains("$ref") && !text.contains("$defs"), "{name} points at a schema that is not there");
        assert_eq!(schema.as_value()["type"], "object", "{name}");
    }
}

#[test]
fn every_command_and_each_of_its_fields_is_described() {
    for (name, schema) in COMMANDS.iter().chain(COMPANY_COMMANDS.iter()) {
        assert!(schema.as_value()["description"].is_string(), "{name}");
        assert_eq!(schema.as_value()["additionalProperties"], false, "{name} takes unknown fields");
        for (field, schema) in schema.as_value()["properties"].as_object().unwrap() {
            assert!(schema["description"].is_string(), "{name} {field}");
        }
    }
}

// What is sent

/// What is wrong with a command, but for fields that are missing.
fn at_fault(name: &str, fields: Value) -> String {
    let wrong = faults(name, fields).into_iter().filter(|fault| fault.wrong != Wrong::Missing || fault.pointer.matches('/').count() > 1);
    wrong.map(|fault| fault.pointer).collect::<Vec<_>>().join(" ")
}

fn faults(name: &str, fields: Value) -> Vec<Fault> {
    match command(name, fields) {
        Err(CommandError::Fields(faults)) => faults,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_command_that_does_not_exist_is_unknown() {
    for name in ["", "contact", "contact.added", "company.configure", "journey.close", "sale.create", "quote.expire", "Contact.add"] {
        assert!(matches!(command(name, json!({})), Err(CommandError::Unknown(unknown)) if unknown == name), "{name}");
    }
    assert!(matches!(company_command("contact.add", json!({})), Err(CommandError::Unknown(_))));
}

#[test]
fn the_fields_are_an_object() {
    for fields in [json!(null), json!([]), json!(["phone", "spoke"]), json!("phone"), json!(1)] {
        assert_eq!(at_fault("contact.log_attempt", fields), "");
    }
}

#[test]
fn what_is_wrong_is_pointed_at() {
    assert_eq!(at_fault("quote.finalize", json!({ "bogus": 1 })), "/bogus");
    assert_eq!(at_fault("quote.finalize", json!({ "a/b~c`d": 1 })), "/a~1b~0c`d");
    assert_eq!(at_fault("quote.finalize", json!({ "quote": "x" })), "/quote");
    assert_eq!(at_fault("contact.add", json!({ "phones": ["716 555 0100", 3] })), "/phones/1");
    assert_eq!(at_fault("contact.add", json!({ "phones": vec!["716 555 0100"; 11] })), "/phones");
    assert_eq!(at_fault("contact.add", json!({ "address": { "street": "12 Main St", "zip": "14201" } })), "/address/zip");
    assert_eq!(at_fault("contact.add", json!({ "address": { "city": "Buffalo" } })), "/address/street");
    assert_eq!(at_fault("contact.add", json!({ "address": ["12 Main St"] })), "/address");
    assert_eq!(at_fault("quote.add", json!({ "items": [{ "description": "window", "quantity": 1 }] })), "/items/0/unit_price_minor");
    assert_eq!(at_fault("quote.add", json!({ "items": [{ "description": "window", "quantity": 1.5, "unit_price_minor": 1 }] })), "/items/0/quantity");
}

#[test]
fn everything_that_is_wrong_is_told_at_once() {
    let told = faults("meeting.set", json!({ "meeting": 5, "colour": "red", "kind": "party", "length_minutes": 0, "a/b": 1 }));
    let told: Vec<(&str, Wrong, &str)> = told.iter().map(|fault| (fault.pointer.as_str(), fault.wrong, fault.detail.as_str())).collect();
    let there_are = "there is no field of this name; there are `address_checked`, `decision_makers`, `journey`, \
        `kind`, `length_minutes`, `meeting`, `scheduler`, `start`, `type`, `why_not_all`";
    assert_eq!(
        told,
        [
            ("/a~1b", Wrong::Unknown, there_are),
            ("/colour", Wrong::Unknown, there_are),
            ("/journey", Wrong::Missing, "must be filled in"),
            ("/start", Wrong::Missing, "must be filled in"),
            ("/kind", Wrong::Invalid, "must be one of `demo`, `rehash`, `follow_up`, `other`"),
            ("/length_minutes", Wrong::Invalid, "must be between 1 and 1440 minutes"),
            ("/meeting", Wrong::Invalid, "must be an id (UUID)"),
        ]
    );
    assert_eq!(faults("contact.lose", json!({ "reason": 1, "x": 1 })).len(), 2);
    let in_the_address = faults(
        "contact.add",
        json!({ "journey": "1e1e1e1e-0000-0000-0000-000000000001", "source": "a", "product": "b", "address": { "street": "1 Elm", "zip": "1" } }),
    );
    assert!(in_the_address[0].detail.ends_with("there are `city`, `postal_code`, `region`, `street`"), "{}", in_the_address[0].detail);
}

#[test]
fn a_thousand_unknown_fields_are_not_listed() {
    let many: serde_json::Map<String, Value> = (0..1_000).map(|n| (n.to_string(), json!(n))).collect();
    assert!(faults("contact.lose", many.into()).len() < 30);
}

#[test]
fn no_word_of_the_language_it_is_written_in_is_told() {
    let anything = [
        json!(null),
        json!(true),
        json!(-1),
        json!(1.5),
        json!(u64::MAX),
        json!(""),
        json!("x"),
        json!([]),
        json!([1]),
        json!([{}]),
        json!({ "x": 1 }),
        json!({}),
    ];
    for (name, schema) in COMMANDS.iter().chain(COMPANY_COMMANDS.iter()) {
        for field in schema.as_value()["properties"].as_object().unwrap().keys() {
            for value in &anything {
                let sent = json!({ field: value });
                let answer = if COMMANDS.contains_key(name) { command(name, sent).err() } else { company_command(name, sent).err() };
                let Some(CommandError::Fields(faults)) = answer else { continue };
                for Fault { pointer, detail, .. } in faults {
                    let rust = ["expected", "invalid", "variant", "u32", "i64", "UUID parsing", "struct", "sequence", "`null`", "unit"];
                    assert!(!rust.iter().any(|word| detail.contains(word)) || detail.contains("unit_price_minor"), "{name} {pointer}: {detail}");
                }
            }
        }
    }
}

#[test]
fn nonsense_is_refused() {
    let far = ["9999-12-31T00:00:00Z", "1899-12-31T23:59:59Z", "2026-02-30T00:00:00Z", "2026-03-01", "yesterday", ""];
    far.iter().for_each(|start| assert_eq!(at_fault("meeting.set", json!({ "start": start })), "/start", "{start}"));
    for day in ["9999-12-31", "0000-01-01", "2026-02-30", "1900-01-01", "2199-12-31", "+2026-03-01-01"] {
        assert_eq!(at_fault("quote.mark_sold", json!({ "sign_date": day })), "/sign_date", "{day}");
    }
    for minutes in [json!(0), json!(1441), json!(-1), json!(1.5), json!("90")] {
        assert_eq!(at_fault("meeting.set", json!({ "length_minutes": minutes })), "/length_minutes");
    }
    for fee in [json!(-1), json!(1_000_000_000_001i64), json!(u64::MAX), json!(1e300)] {
        assert_eq!(at_fault("sale.cancel", json!({ "fee_minor": fee })), "/fee_minor");
    }
    for id in [json!("1"), json!(1), json!(null), json!(""), json!({})] {
        assert_eq!(at_fault("sale.approve", json!({ "sale": id })), "/sale");
    }
    for reason in [json!(""), json!(" "), json!("a\u{0}b"), json!("x".repeat(401)), json!(7)] {
        assert_eq!(at_fault("quote.lose", json!({ "reason": reason })), "/reason");
    }
}

#[test]
fn a_leap_second_is_the_second_after_it() {
    let read = crate::instant::Instant::parse("2016-12-31T23:59:60.5Z").unwrap();
    assert_eq!(read.to_string(), "2017-01-01T00:00:00.500Z");
    assert!(crate::instant::Instant::parse("2199-12-31T23:59:60Z").is_err(), "what is read can be read again");
}

#[test]
fn every_day_that_may_be_typed_begins_at_an_instant_that_can_be_read_again() {
    for zone in chrono_tz::TZ_VARIANTS {
        for day in ["1900-01-02", "2199-12-30"] {
            let when: crate::instant::When = serde_json::from_value(day.into()).unwrap();
            let instant = when.instant(zone);
            assert_eq!(crate::instant::Instant::parse(&instant.to_string()), Ok(instant), "{zone} {day}");
        }
    }
}
