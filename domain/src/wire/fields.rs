//! Reading what was sent into a type, and saying everything that is wrong with it at once, in words of our own.
//!
//! serde stops at the first fault and speaks of Rust types. So each faulty value is put aside, however deep it lies, and the rest is
//! read again; what a field should have been is told from its schema.

use super::words;
use crate::refusal::Code;
use schemars::Schema;
use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_path_to_error::Segment;
use std::collections::BTreeMap;

/// How many unknown fields are named; whoever sends more has a larger problem.
const MOST_UNKNOWN: usize = 20;
/// How many faults are told; whoever makes more has made the same one again and again.
const MOST_FAULTS: usize = 50;

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
    let whole = match name {
        Some(name) => Value::Object([(name.to_owned(), Value::Object(fields))].into_iter().collect()),
        None => Value::Object(fields),
    };
    let mut rest = Rest { whole, name, left_out: BTreeMap::new() };
    loop {
        let error = match serde_path_to_error::deserialize::<_, T>(&rest.whole) {
            Ok(read) if faults.is_empty() => return Ok(read),
            Ok(_) => return Err(faults),
            Err(error) => error,
        };
        let pointer = rest.sent(error.path().iter().skip(usize::from(name.is_some())));
        let found = invalid(schema, pointer, &error.inner().to_string());
        let (mut at, beside) = (found.pointer.clone(), rest.lacking(schema, &found));
        for fault in std::iter::once(found).chain(beside) {
            // What was put aside is missed, or the whole is too little without it: that is told already.
            if !faults.iter().any(|told| told.pointer == fault.pointer || told.pointer.starts_with(&format!("{}/", fault.pointer))) {
                faults.push(fault);
            }
        }
        // Where the value was not sent, what should hold it is put aside.
        while !rest.put_aside(&at) {
            let Some((holder, _)) = at.rsplit_once('/') else { return Err(faults) };
            at.truncate(holder.len());
        }
        if faults.len() >= MOST_FAULTS {
            return Err(faults);
        }
    }
}

/// What is still to be read of the fields.
struct Rest<'n> {
    whole: Value,
    /// The name of the variant that holds the fields, where one does.
    name: Option<&'n str>,
    /// How many of the first values of a list were left out, by the pointer to the list as it was sent.
    left_out: BTreeMap<String, usize>,
}

impl Rest<'_> {
    /// Where a value stood that is at this place now.
    fn sent<'p>(&self, path: impl Iterator<Item = &'p Segment>) -> String {
        path.fold(String::new(), |list, segment| match segment {
            Segment::Seq { index } => format!("{list}/{}", index + self.left_out.get(&list).copied().unwrap_or_default()),
            Segment::Map { key } | Segment::Enum { variant: key } => format!("{list}/{}", escaped(key)),
            Segment::Unknown => list,
        })
    }

    /// What stands now where this was sent.
    fn now(&mut self, pointer: &str) -> Option<&mut Value> {
        let mut sent = String::new();
        let mut value = match self.name {
            Some(name) => self.whole.get_mut(name)?,
            None => &mut self.whole,
        };
        for step in pointer.split('/').skip(1) {
            value = match value {
                Value::Array(items) => items.get_mut(step.parse::<usize>().ok()?.checked_sub(self.left_out.get(&sent).copied().unwrap_or_default())?)?,
                Value::Object(fields) => fields.get_mut(&unescaped(step))?,
                _ => return None,
            };
            sent = format!("{sent}/{step}");
        }
        Some(value)
    }

    /// Takes a value out of its object; of its list, with all before it, which were read and are in order. Not there: false.
    fn put_aside(&mut self, pointer: &str) -> bool {
        let Some((holder, last)) = pointer.rsplit_once('/') else { return false };
        let before = self.left_out.get(holder).copied().unwrap_or_default();
        match (self.now(holder), last.parse::<usize>()) {
            (Some(Value::Object(fields)), _) => fields.remove(&unescaped(last)).is_some(),
            (Some(Value::Array(items)), Ok(index)) if (before..before + items.len()).contains(&index) => {
                items.drain(..=index - before);
                self.left_out.insert(holder.to_owned(), index + 1);
                true
            }
            _ => false,
        }
    }

    /// What else is missing in the object in which this is missing.
    fn lacking(&mut self, schema: &Value, fault: &Fault) -> Vec<Fault> {
        let Some((holder, field)) = fault.pointer.rsplit_once('/').filter(|_| fault.wrong == Wrong::Missing) else { return vec![] };
        let Some(Value::Object(there)) = self.now(holder) else { return vec![] };
        let forms = words::forms(words::plain(words::at(schema, holder))).filter(|form| form["properties"].get(field).is_some());
        let needed = forms.flat_map(|form| form["required"].as_array().into_iter().flatten().filter_map(Value::as_str));
        let lacking = needed.filter(|needed| *needed != field && !there.contains_key(*needed));
        lacking.map(|needed| Fault { pointer: format!("{holder}/{needed}"), ..missing(needed) }).collect()
    }
}

fn unknown(schema: &Value, field: &str) -> Fault {
    Fault { pointer: format!("/{}", escaped(field)), wrong: Wrong::Unknown, detail: there_are(schema) }
}

fn missing(field: &str) -> Fault {
    Fault { pointer: format!("/{field}"), wrong: Wrong::Missing, detail: "must be filled in".into() }
}

/// What is wrong with a value: as our own types tell it, else from its schema.
fn invalid(schema: &Value, pointer: String, detail: &str) -> Fault {
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
fn escaped(key: &str) -> String {
    key.replace('~', "~0").replace('/', "~1")
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}
