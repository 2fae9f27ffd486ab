//! One line of a history: a command, when it was given, by whom and for which contact.

use super::report::BadLine;
use crate::json;
use domain::id::ContactId;
use domain::reference::{PersonRef, ProductRef, Ref, SourceRef};
use domain::text::Label;
use domain::wire::{self, CommandError};
use domain::{Code, Command, Instant};
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};
use sha2::{Digest, Sha256};

/// The line is longer than a line may be.
pub const LINE_TOO_LONG: &str = "line_too_long";
/// There is no command of this name.
pub const UNKNOWN_COMMAND: &str = "unknown_command";
/// The line is not JSON that can be taken.
pub const BAD_JSON: &str = "bad_json";

/// The longest id of a line.
const LONGEST_ID: usize = 255;
/// What a line may hold.
const KEYS: [&str; 6] = ["id", "at", "by", "contact", "command", "with"];

/// A line that makes sense by itself.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its idempotency key.
    pub id: String,
    /// When it happened.
    pub at: Instant,
    /// Who did it, where the history names somebody.
    pub by: Option<PersonRef>,
    /// The contact it is about.
    pub contact: ContactId,
    /// The name of what was asked.
    pub name: String,
    /// What was asked.
    pub command: Command,
    /// The names it uses, in order.
    pub names: Vec<Named>,
    /// The hash of what it says: the same id with another hash is an error.
    pub hash: [u8; 32],
}

/// A name that the company should have.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Named {
    /// Of a lead source.
    Source(Label),
    /// Of a product.
    Product(Label),
    /// Of a person.
    Person(Label),
}

/// Reads a line; of what is wrong with it, the first thing.
pub fn read(number: u64, text: &[u8]) -> Result<Line, Box<BadLine>> {
    let value = json::parse(text).map_err(|error| Box::new(BadLine::new(number, BAD_JSON, not_json(&error))))?;
    let Value::Object(mut keys) = value else {
        return Err(Box::new(BadLine::new(number, BAD_JSON, "a line must be one JSON object")));
    };
    let told = BadLine::naming(number, &keys);
    take_apart(&mut keys).map_err(|(code, pointer, detail)| Box::new(BadLine { code, pointers: vec![pointer], detail, ..told }))
}

/// What is wrong with JSON. Its own count of lines is always 1 here, and would be taken for the file's.
fn not_json(error: &json::NotJson) -> String {
    format!("this is not JSON that can be taken: {}", error.to_string().replace("at line 1, column", "at column"))
}

/// What is wrong: a code, a pointer and a sentence.
type Wrong = (&'static str, String, String);

fn take_apart(keys: &mut Map<String, Value>) -> Result<Line, Wrong> {
    if let Some(unknown) = keys.keys().find(|key| !KEYS.contains(&key.as_str())) {
        let detail = format!("unknown field `{unknown}`, expected one of {}", KEYS.map(|key| format!("`{key}`")).join(", "));
        return Err(invalid(&format!("/{}", unknown.replace('~', "~0").replace('/', "~1")), detail));
    }
    let hash = hash_of(keys);
    let id: String = required(keys, "id")?;
    if !(1..=LONGEST_ID).contains(&id.len()) || id.chars().any(char::is_control) {
        return Err(invalid("/id", format!("must be text of 1 to {LONGEST_ID} bytes without control characters")));
    }
    let at = required(keys, "at")?;
    let by: Option<PersonRef> =
        keys.remove("by").map(serde_json::from_value).transpose().map(Option::flatten).map_err(|error| invalid("/by", error.to_string()))?;
    let contact = required(keys, "contact")?;
    let name: String = required(keys, "command")?;
    let with: Value = required(keys, "with")?;
    let mut names: Vec<Named> = by.as_ref().and_then(name_of).map(Named::Person).into_iter().collect();
    names.extend(names_in(&with));
    let command = wire::command(&name, with).map_err(wrong_command)?;
    Ok(Line { id, at, by, contact, name, command, names, hash })
}

fn required<T: DeserializeOwned>(keys: &mut Map<String, Value>, name: &str) -> Result<T, Wrong> {
    match keys.remove(name) {
        None | Some(Value::Null) => Err((Code::FieldRequired.as_str(), format!("/{name}"), format!("missing field `{name}`"))),
        Some(value) => serde_json::from_value(value).map_err(|error| invalid(&format!("/{name}"), error.to_string())),
    }
}

fn invalid(pointer: &str, detail: impl Into<String>) -> Wrong {
    (Code::FieldInvalid.as_str(), pointer.to_owned(), detail.into())
}

fn wrong_command(error: CommandError) -> Wrong {
    match error {
        CommandError::Unknown(name) if ["company.", "person.", "source.", "product."].iter().any(|of| name.starts_with(of)) => {
            let detail = format!(
                "`{name}` is not about a contact, and a history is: --zone and --currency set a company up, and --create-missing makes people, sources and products"
            );
            (UNKNOWN_COMMAND, "/command".into(), detail)
        }
        CommandError::Unknown(_) => (UNKNOWN_COMMAND, "/command".into(), error.to_string()),
        CommandError::Fields(faults) => match faults.into_iter().next() {
            Some(first) => (first.wrong.code().as_str(), format!("/with{}", first.pointer), first.detail),
            None => invalid("/with", "these fields cannot be taken"),
        },
    }
}

/// The names among a command's fields, whichever command it is.
fn names_in(with: &Value) -> Vec<Named> {
    let field = |name: &str| with.get(name).cloned().unwrap_or_default();
    let person = |name: &str| serde_json::from_value::<PersonRef>(field(name)).ok().as_ref().and_then(name_of).map(Named::Person);
    let source = serde_json::from_value::<SourceRef>(field("source")).ok().as_ref().and_then(name_of).map(Named::Source);
    let product = serde_json::from_value::<ProductRef>(field("product")).ok().as_ref().and_then(name_of).map(Named::Product);
    [source, product].into_iter().chain(["scheduler", "rep", "rehash_rep"].map(person)).flatten().collect()
}

fn name_of<Id>(reference: &Ref<Id>) -> Option<Label> {
    match reference {
        Ref::Name(name) => Some(name.clone()),
        Ref::Id(_) => None,
    }
}

/// The hash of what a line says, whatever the order of its keys and the blanks between them.
fn hash_of(keys: &Map<String, Value>) -> [u8; 32] {
    let mut sum = Sha256::new();
    sum.update(b"leadtrail.history.v1");
    object(&mut sum, keys);
    sum.finalize().into()
}

fn object(sum: &mut Sha256, map: &Map<String, Value>) {
    let mut entries: Vec<_> = map.iter().collect();
    entries.sort_by_key(|(key, _)| key.as_str());
    sum.update(b"{");
    for (key, value) in entries {
        text(sum, key);
        canonical(sum, value);
    }
    sum.update(b"}");
}

fn canonical(sum: &mut Sha256, value: &Value) {
    match value {
        Value::Null => sum.update(b"0"),
        Value::Bool(yes) => sum.update(if *yes { b"t" } else { b"f" }),
        Value::Number(number) => text(sum, &number.to_string()),
        Value::String(string) => {
            sum.update(b"\"");
            text(sum, string);
        }
        Value::Array(list) => {
            sum.update(b"[");
            list.iter().for_each(|item| canonical(sum, item));
            sum.update(b"]");
        }
        Value::Object(map) => object(sum, map),
    }
}

/// Text behind its length, so that no two lines have one preimage.
fn text(sum: &mut Sha256, text: &str) {
    sum.update((text.len() as u64).to_be_bytes());
    sum.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn line() -> Value {
        json!({
            "id": "17", "at": "2026-03-02T15:04:05Z", "by": "Ana", "contact": "00000000-0000-0000-0000-000000000001",
            "command": "meeting.issue", "with": { "meeting": "00000000-0000-0000-0000-000000000002", "rep": "Ben" }
        })
    }

    fn with(change: impl FnOnce(&mut Value)) -> Value {
        let mut line = line();
        change(&mut line);
        line
    }

    fn wrong(line: &str) -> (&'static str, String) {
        let bad = read(7, line.as_bytes()).unwrap_err();
        assert_eq!(bad.line, 7);
        (bad.code, bad.pointers.concat())
    }

    #[test]
    fn a_line_names_the_people_it_needs_in_order() {
        let line = read(1, line().to_string().as_bytes()).unwrap();
        let person = |name| Named::Person(Label::try_new(name).unwrap());
        assert_eq!(line.names, [person("Ana"), person("Ben")]);
    }

    #[test]
    fn the_order_of_keys_and_blanks_do_not_make_another_line() {
        let one = read(1, br#"{"id":"1","at":"2026-03-02T15:04:05Z","contact":"00000000-0000-0000-0000-000000000001","command":"sale.approve","with":{"sale":"00000000-0000-0000-0000-000000000002"}}"#).unwrap();
        let same = read(2, br#" { "with":{"sale" : "00000000-0000-0000-0000-000000000002"}, "command":"sale.approve","contact":"00000000-0000-0000-0000-000000000001","id":"1","at":"2026-03-02T15:04:05Z"} "#).unwrap();
        assert_eq!(one.hash, same.hash);
        assert_eq!(one.by, None);
        let other = read(1, with(|line| line["with"]["rep"] = "Eve".into()).to_string().as_bytes()).unwrap();
        assert_ne!(read(1, line().to_string().as_bytes()).unwrap().hash, other.hash);
    }

    #[test]
    fn what_is_wrong_is_named_by_field_and_rule() {
        let cases: &[(Value, &str, &str)] = &[
            (json!([]), "bad_json", ""),
            (with(|line| drop(line.as_object_mut().unwrap().remove("at"))), "field_required", "/at"),
            (with(|line| line["at"] = "soon".into()), "field_invalid", "/at"),
            (with(|line| line["at"] = "9999-01-01T00:00:00Z".into()), "field_invalid", "/at"),
            (with(|line| line["id"] = 5.into()), "field_invalid", "/id"),
            (with(|line| line["id"] = "".into()), "field_invalid", "/id"),
            (with(|line| line["by"] = 5.into()), "field_invalid", "/by"),
            (with(|line| line["contact"] = "me".into()), "field_invalid", "/contact"),
            (with(|line| line["why"] = "so".into()), "field_invalid", "/why"),
            (with(|line| line["command"] = "meeting.eat".into()), "unknown_command", "/command"),
            (with(|line| line["command"] = "source.define".into()), "unknown_command", "/command"),
            (with(|line| line["with"] = Value::Null), "field_required", "/with"),
            (with(|line| line["with"] = json!([])), "field_invalid", "/with"),
            (with(|line| line["with"] = json!({})), "field_required", "/with/meeting"),
            (with(|line| line["with"]["color"] = "red".into()), "field_invalid", "/with/color"),
            (with(|line| line["with"]["rep"] = 5.into()), "field_invalid", "/with/rep"),
        ];
        for (line, code, pointer) in cases {
            assert_eq!(wrong(&line.to_string()), (*code, (*pointer).to_owned()), "{line}");
        }
        for text in ["", "{", "nothing", r#"{"id":"1","id":"2"}"#, "\u{0}"] {
            assert_eq!(wrong(text).0, "bad_json", "{text}");
        }
    }
}
