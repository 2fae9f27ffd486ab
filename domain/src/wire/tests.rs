//! What is stored stays readable, what is sent is read with care, and what is documented is what is read.

mod examples;
mod samples;
mod sent;

use super::*;

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
