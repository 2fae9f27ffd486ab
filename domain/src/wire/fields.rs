//! Reading what was sent into a type, and saying everything that is wrong with it at once, in words of our own.
//!
//! serde stops at the first fault and speaks of Rust types. So each faulty field is put aside and the rest is read again, and
//! what a field should have been is told from its schema.

use super::words;
use crate::refusal::Code;
use schemars::Schema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;

/// How many unknown fields are named; whoever sends more has a larger problem.
const MOST_UNKNOWN: usize = 20;

/// A field that cannot be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer to it.
    pub pointer: String,
    /// In which way.
    pub wrong: Wrong,
    /// What is wrong with it, for people.
    pub detail: String,
}

/// In which way a field cannot be taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// There is no field of this name.
    Unknown,
    /// It is needed and was not sent.
    Missing,
    /// Its value breaks a rule.
    Invalid,
}

impl Wrong {
    /// The code under which it is refused.
    pub fn code(self) -> Code {
        match self {
            Wrong::Missing => Code::FieldRequired,
            Wrong::Unknown | Wrong::Invalid => Code::FieldInvalid,
        }
    }
}

/// All of it in one sentence: each field with what is wrong with it.
pub fn sentence(faults: &[Fault]) -> String {
    let told = |fault: &Fault| match fault.pointer.strip_prefix('/') {
        Some(field) => format!("{field}: {}", fault.detail),
        None => fault.detail.clone(),
    };
    faults.iter().map(told).collect::<Vec<_>>().join("; ")
}

/// Reads an object into a type.
pub fn object<T: DeserializeOwned>(schema: &Schema, fields: Value) -> Result<T, Vec<Fault>> {
    read(schema.as_value(), fields, None)
}

/// Reads an object into the variant of this name.
pub(super) fn variant<T: DeserializeOwned>(name: &str, schema: &Schema, fields: Value) -> Result<T, Vec<Fault>> {
    read(schema.as_value(), fields, Some(name))
}

fn read<T: DeserializeOwned>(schema: &Value, fields: Value, name: Option<&str>) -> Result<T, Vec<Fault>> {
    let Value::Object(mut fields) = fields else {
        return Err(vec![Fault { pointer: String::new(), wrong: Wrong::Invalid, detail: "the fields must be a JSON object".into() }]);
    };
    let mut faults: Vec<Fault> =
        fields.keys().filter(|field| schema["properties"].get(field).is_none()).take(MOST_UNKNOWN).map(|field| unknown(schema, field)).collect();
    fields.retain(|field, _| schema["properties"].get(field).is_some());
    let needed = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str);
    faults.extend(needed.filter(|field| !fields.contains_key(*field)).map(missing));
    let mut whole = match name {
        Some(name) => Value::Object([(name.to_owned(), Value::Object(fields))].into_iter().collect()),
        None => Value::Object(fields),
    };
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&whole) {
            Ok(read) if faults.is_empty() => return Ok(read),
            Ok(_) => return Err(faults),
            Err(error) => error,
        };
        let path: Vec<&Segment> = error.path().iter().skip(usize::from(name.is_some())).collect();
        let fields = match name {
            Some(name) => whole[name].as_object_mut(),
            None => whole.as_object_mut(),
        };
        let put_aside = match (path.first(), fields) {
            (Some(Segment::Map { key }), Some(fields)) => fields.remove(key).is_some(),
            _ => false,
        };
        let fault = invalid(schema, &path, &error.inner().to_string());
        // Where no field that was sent is at fault, one is missing, and that is told already.
        if put_aside || faults.is_empty() {
            faults.push(fault);
        }
        if !put_aside {
            return Err(faults);
        }
    }
}

fn unknown(schema: &Value, field: &str) -> Fault {
    Fault { pointer: format!("/{}", escaped(field)), wrong: Wrong::Unknown, detail: there_are(schema) }
}

fn missing(field: &str) -> Fault {
    Fault { pointer: format!("/{field}"), wrong: Wrong::Missing, detail: "must be filled in".into() }
}

/// What is wrong with a value: as our own types tell it, else from its schema.
fn invalid(schema: &Value, path: &[&Segment], detail: &str) -> Fault {
    let pointer: String = path.iter().map(|segment| token(segment)).collect();
    if let Some(field) = detail.strip_prefix("missing field `").and_then(|rest| rest.split('`').next()) {
        return Fault { pointer: format!("{pointer}/{field}"), ..missing(field) };
    }
    if detail.starts_with("unknown field") {
        let holder = words::at(schema, pointer.rsplit_once('/').map_or("", |(holder, _)| holder));
        return Fault { pointer, wrong: Wrong::Invalid, detail: there_are(holder) };
    }
    // An object that checks its own fields says which of them it means.
    let here = words::plain(words::at(schema, &pointer));
    let is_field = |name: &str| words::forms(here).any(|form| form["properties"].get(name).is_some());
    if let Some((field, told)) = detail.split_once(": ").filter(|(field, _)| is_field(field)) {
        return Fault { pointer: format!("{pointer}/{field}"), wrong: Wrong::Invalid, detail: told.into() };
    }
    let told = if speaks_rust(detail) { format!("must be {}", words::should_be(words::at(schema, &pointer))) } else { detail.to_owned() };
    Fault { pointer, wrong: Wrong::Invalid, detail: told }
}

/// Whether a message is serde's or a library's own, which speak of types instead of rules.
fn speaks_rust(detail: &str) -> bool {
    const OPENINGS: &[&str] = &["invalid type", "invalid value", "invalid length", "unknown variant", "duplicate field", "UUID parsing failed", "expected "];
    OPENINGS.iter().any(|opening| detail.starts_with(opening))
}

fn there_are(schema: &Value) -> String {
    let objects = words::forms(words::plain(schema)).filter_map(|form| form["properties"].as_object());
    let fields: Vec<String> = objects.flatten().map(|(field, _)| format!("`{field}`")).collect();
    format!("there is no field of this name; there are {}", fields.join(", "))
}

/// One step of a JSON pointer (RFC 6901).
fn token(segment: &Segment) -> String {
    match segment {
        Segment::Seq { index } => format!("/{index}"),
        Segment::Map { key } | Segment::Enum { variant: key } => format!("/{}", escaped(key)),
        Segment::Unknown => String::new(),
    }
}

fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}
