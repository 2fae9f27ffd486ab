//! Schemas in words: what a field holds, for the documents and for whoever sent something else.

use serde_json::Value;

/// What a field holds, such as "text of at most 120 characters".
pub fn kind_of(schema: &Value) -> String {
    let schema = plain(schema);
    let choices = choices(schema);
    if choices.is_empty() { forms(schema).map(one_kind).collect::<Vec<_>>().join(", or ") } else { choices.join(", ") }
}

/// What a field should have held, to follow "must be".
pub fn should_be(schema: &Value) -> String {
    let schema = plain(schema);
    let choices = choices(schema);
    if choices.is_empty() {
        forms(schema).map(|form| with_article(&one_kind(form))).collect::<Vec<_>>().join(", or ")
    } else {
        format!("one of {}", choices.join(", "))
    }
}

/// What a field means.
pub fn description(schema: &Value) -> &str {
    schema["description"].as_str().or_else(|| plain(schema)["description"].as_str()).unwrap_or_default()
}

/// The forms a value may take.
pub fn forms(schema: &Value) -> impl Iterator<Item = &Value> {
    let forms = schema["oneOf"].as_array();
    forms.into_iter().flatten().chain(forms.is_none().then_some(schema))
}

/// What is inside an optional value.
pub fn plain(schema: &Value) -> &Value {
    let inside = schema["anyOf"].as_array().into_iter().flatten().find(|choice| choice["type"] != "null");
    inside.unwrap_or(schema)
}

/// The schema of what a JSON pointer leads to; null where it leads nowhere.
pub(super) fn at<'s>(schema: &'s Value, pointer: &str) -> &'s Value {
    pointer.split('/').skip(1).fold(schema, |schema, step| {
        let of_any_name = |form: &'s Value| form.get("additionalProperties").filter(|values| values.is_object());
        let inside = |form: &'s Value| form["properties"].get(step).or_else(|| form.get("items")).or_else(|| of_any_name(form));
        forms(plain(schema)).find_map(inside).unwrap_or(&Value::Null)
    })
}

/// The words a value is chosen from, where it is.
fn choices(schema: &Value) -> Vec<String> {
    let constants = forms(schema).filter_map(|form| form["const"].as_str());
    constants.chain(schema["enum"].as_array().into_iter().flatten().filter_map(Value::as_str)).map(|word| format!("`{word}`")).collect()
}

fn one_kind(schema: &Value) -> String {
    let is = |name: &str| schema["type"] == name || schema["type"].as_array().is_some_and(|types| types.iter().any(|each| each == name));
    match schema["format"].as_str() {
        Some("uuid") => return "id".into(),
        Some("date-time") => return "instant".into(),
        Some("date") => return "day".into(),
        Some("email") => return "e-mail address".into(),
        Some("phone") => return "telephone number".into(),
        Some(format @ ("id-or-name" | "day-or-instant")) => return format.replace('-', " "),
        _ => {}
    }
    match (schema["maxLength"].as_u64(), schema["minimum"].as_i64(), schema["maximum"].as_i64()) {
        _ if is("array") => format!("list of {}", plural(&kind_of(&schema["items"]))),
        _ if is("object") => "object".into(),
        _ if is("boolean") => "true or false".into(),
        (Some(most), ..) => format!("text of at most {most} characters"),
        (_, Some(least), Some(most)) => format!("whole number from {least} to {most}"),
        (_, Some(least), None) => format!("whole number, at least {least}"),
        _ if is("integer") => "whole number".into(),
        _ => "text".into(),
    }
}

fn plural(kind: &str) -> String {
    format!("{kind}{}", if kind.ends_with('s') { "es" } else { "s" })
}

fn with_article(kind: &str) -> String {
    match kind {
        "id" => "an id (UUID)".into(),
        "instant" => "an RFC 3339 instant such as 2026-03-01T14:30:00-05:00".into(),
        "day" => "a day such as 2026-03-01".into(),
        "true or false" => kind.into(),
        _ if kind.starts_with("text") => kind.into(),
        _ if kind.starts_with(['a', 'e', 'i', 'o']) => format!("an {kind}"),
        _ => format!("a {kind}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_schema_is_told_in_words() {
        let cases = [
            (json!({ "type": "string", "format": "uuid" }), "an id (UUID)"),
            (json!({ "type": ["integer", "null"], "minimum": 1, "maximum": 1440 }), "a whole number from 1 to 1440"),
            (json!({ "type": ["boolean", "null"] }), "true or false"),
            (json!({ "type": "string", "format": "date" }), "a day such as 2026-03-01"),
            (json!({ "anyOf": [{ "type": "string", "enum": ["customer", "us"] }, { "type": "null" }] }), "one of `customer`, `us`"),
            (json!({ "type": "array", "items": { "type": "string", "format": "email" } }), "a list of e-mail addresses"),
            (json!({ "oneOf": [{ "type": "string", "maxLength": 200 }, { "type": "object" }] }), "text of at most 200 characters, or an object"),
        ];
        for (schema, words) in cases {
            assert_eq!(should_be(&schema), words);
        }
    }

    #[test]
    fn a_pointer_leads_into_fields_lists_and_values_of_any_name() {
        let days = json!({ "type": "integer", "minimum": 1 });
        let schema = json!({ "properties": {
            "list": { "type": "array", "items": { "properties": { "days": days } } },
            "named": { "type": "object", "additionalProperties": days },
            "fixed": { "properties": {}, "additionalProperties": false },
        } });
        for (pointer, found) in [("/list/0/days", &days), ("/named/NY", &days), ("/fixed/NY", &Value::Null)] {
            assert_eq!(at(&schema, pointer), found, "{pointer}");
        }
    }
}
