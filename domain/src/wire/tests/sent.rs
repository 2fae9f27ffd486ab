//! What is sent is read with care, and all that is wrong with it is pointed at.

use crate::wire::*;
use serde_json::{Value, json};

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
fn everything_that_is_wrong_within_lists_and_objects_is_told_too() {
    let good = json!({ "description": "window", "quantity": 1, "unit_price_minor": 1 });
    let items =
        json!([good, { "description": 5, "quantity": "x" }, 7, good, { "description": "door", "colour": 1, "unit_price_minor": 1.5, "quantity": 1 }, {}]);
    let told = at_fault("quote.add", json!({ "items": items, "journey": 5 }));
    let expected = [
        "/items/1/description",
        "/items/1/quantity",
        "/items/1/unit_price_minor",
        "/items/2",
        "/items/4/colour",
        "/items/4/unit_price_minor",
        "/items/5/description",
        "/items/5/quantity",
        "/items/5/unit_price_minor",
        "/journey",
    ];
    assert_eq!(told.split(' ').collect::<Vec<_>>(), expected);
    let address = json!({ "city": 1, "zip": 2, "region": "NY" });
    let told = at_fault("contact.add", json!({ "address": address, "emails": [1, "ana@example.com", "b"], "phones": ["12", "716 555 0100", 3] }));
    assert_eq!(told, "/address/city /address/zip /address/street /emails/0 /emails/2 /phones/0 /phones/2");
    assert_eq!(at_fault("quote.add", json!({ "items": [7] })), "/items/0", "that none is left is no fault of its own");
    assert!(faults("quote.add", json!({ "items": vec![7; 200] })).len() < 60);
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
