//! `docs/EVENTS.md`, written from the event types, the envelope and the samples: what a stranger needs to read a log and compute its hashes.

use super::format::EventLine;
use chrono::{DateTime, Utc};
use domain::wire::words::{description, forms, kind_of, plain};
use domain::wire::{EVENTS, FORMATS};
use eventstore::{CompanyId, Hash, Recorded, Stream};
use serde_json::Value;
use std::fmt::Write;
use std::path::{Path, PathBuf};
use uuid::Uuid;

const HEAD: &str = r#"# Events

Generated from the event types in `domain/src/` and the samples in `tests/golden/wire/`; `UPDATE_GOLDEN=1 cargo test -p api --lib`
writes it anew. Format 1 is frozen: see [adr/0010](adr/0010-the-stored-format-is-frozen.md).

An event is an envelope, which is the same for all, and a body, which is what happened. It is written once and never changed.

## The envelope

`leadtrail export` writes a company's log as JSON lines: a first line that says whose log it is, a line for each event, and a last
line that says where the log ends. An event's line:

| field | value |
| --- | --- |
| `position` | Its place in the log: 1, 2, 3 … without gaps |
| `commit_end` | The position of the last event of the same command. Commands are recorded whole |
| `stream.kind`, `stream.id` | Which thing it is about: `contact` and the contact's id, or `company` and the id of zeros |
| `version` | Its number within that stream: 1, 2, 3 … |
| `event_id`, `command_id` | Its own id (UUID), and that of the command it came from |
| `type`, `format` | The stored name, and the version of the body's shape |
| `occurred_at` | When it happened in the business. RFC 3339 in UTC with six digits of a second |
| `recorded_at` | When it was recorded; strictly rising along the log |
| `actor` | Who did it |
| `cause` | The rule that made it happen, where it was not the actor directly; else the field is missing |
| `data` | The body: the very bytes that were hashed, compact JSON. Where a body is not JSON in one line, `data_hex` has its bytes as hexadecimal digits |
| `hash` | The chain up to and including this event, 64 hexadecimal digits |

## The hash

The hash before the first event is SHA-256 of the ASCII text `leadtrail.log.v1` and the 16 bytes of the log's id, which stands in
the first line as `log_id`. The hash of an event is SHA-256 of these parts, one behind the other:

| part | bytes |
| --- | --- |
| the ASCII text `leadtrail.event.v1` | 18 |
| the hash before it | 32 |
| `position`, `commit_end` | a number each |
| `stream.kind`, `stream.id` | a text, and an id |
| `version` | a number |
| `event_id`, `command_id` | an id each |
| `type` | a text |
| `format` | a number |
| `occurred_at`, `recorded_at` | a number each: microseconds since 1970-01-01T00:00:00Z |
| `actor` | a text |
| `cause` | the byte 0 where there is none; else the byte 1 and a text |
| the body | a text: the bytes of `data` as they stand in the line, sealed values unopened |

A *number* is 8 bytes, signed, the highest first. A *text* is a number, its length in bytes, and its bytes in UTF-8. An *id* is the
number 16 and the 16 bytes of the UUID. The company's id is in no hash.

This program reads an exported log and computes every hash:

```python
import hashlib, json, sys
from datetime import datetime, timedelta, timezone

number = lambda value: value.to_bytes(8, "big", signed=True)
text = lambda value: number(len(value)) + value
uuid = lambda value: bytes.fromhex(value.replace("-", ""))
epoch = datetime(1970, 1, 1, tzinfo=timezone.utc)
micros = lambda value: number((datetime.fromisoformat(value.replace("Z", "+00:00")) - epoch) // timedelta(microseconds=1))

def body(line, event):
    if "data_hex" in event:
        return bytes.fromhex(event["data_hex"])
    rest = line[line.index(',"data":') + len(',"data":'):]
    return rest[:json.JSONDecoder().raw_decode(rest)[1]].encode()

for line in open(sys.argv[1], encoding="utf-8", newline="\n"):
    event = json.loads(line)
    if "log_id" in event:
        chain = hashlib.sha256(b"leadtrail.log.v1" + uuid(event["log_id"])).digest()
    elif "event_id" in event:
        cause = b"\1" + text(event["cause"].encode()) if "cause" in event else b"\0"
        chain = hashlib.sha256(b"leadtrail.event.v1" + chain
            + number(event["position"]) + number(event["commit_end"])
            + text(event["stream"]["kind"].encode()) + text(uuid(event["stream"]["id"])) + number(event["version"])
            + text(uuid(event["event_id"])) + text(uuid(event["command_id"]))
            + text(event["type"].encode()) + number(event["format"])
            + micros(event["occurred_at"]) + micros(event["recorded_at"])
            + text(event["actor"].encode()) + cause + text(body(line, event))).digest()
        assert chain.hex() == event["hash"], f"position {event['position']}: {chain.hex()}"
    else:
        assert chain.hex() == event["hash"], "the end"
        print(f"{event['position']} events, every hash is right")
```

"#;

const SEALS: &str = r#"
## Personal values

Fields marked *personal* below hold a person's data or what people typed. In the log each stands as `{"sealed":"TEXT"}`. TEXT is
base64url without padding of 24 bytes nonce and, behind it, the value as JSON encrypted with XChaCha20-Poly1305 under the key of the
stream. The associated data are the ASCII text `leadtrail.sealed.v1`, the 16 bytes of `event_id`, the 16 bytes of `stream.id`, the
number (8 bytes, highest first) of the sealed value within the body, counted from 0 in the order of their places, and the text
`STREAM_KIND/TYPE`, such as `contact/meeting.set`. Where the key is at hand, programs are given `{"personal":VALUE}` in its place,
and `{"erased":true}` where the person was forgotten: a reader must do with both. `leadtrail export --keys FILE` writes the keys.

## Bodies

Fields without a value are left out. *Instant*: RFC 3339 in UTC, to the microsecond. Names ending in `_minor` are whole numbers of the
smallest unit of the company's currency, names ending in `_minutes` are minutes. A reader leaves fields aside that it does not know.
Samples stand as they are before sealing.
"#;

/// Every stored event; `sample` answers the stored data of a name and format.
fn events_document(sample: impl Fn(&str, i32) -> String) -> String {
    let mut text = String::from(HEAD);
    example(&mut text, &sample("meeting.confirmed", 1));
    text.push_str(SEALS);
    for (name, schema) in EVENTS.iter() {
        let newest = FORMATS.newest(name);
        let schema = schema.as_value();
        let _ = write!(text, "\n### `{name}`\n\n{} Format {newest}.\n\n", sentence(description(schema)));
        text.push_str("| field | type | | meaning |\n| --- | --- | --- | --- |\n");
        fields(&mut text, "", schema);
        let _ = write!(text, "\n```json\n{}\n```\n", sample(name, newest));
        for format in 1..newest {
            let _ = write!(text, "\nFormat {format}, read as the one above:\n\n```json\n{}\n```\n", sample(name, format));
        }
    }
    text
}

/// One event with its hash, for whoever computes it anew.
fn example(text: &mut String, data: &str) {
    let log_id = Uuid::from_u128(0x018f_6f2e_0000_7000_8000_0000_0000_00aa);
    let instant = |text: &str| DateTime::parse_from_rfc3339(text).unwrap_or_default().with_timezone(&Utc);
    let mut event = Recorded {
        company: CompanyId(Uuid::nil()),
        position: 1,
        commit_end: 1,
        stream: Stream::new("contact", Uuid::from_u128(0x018f_6f2e_0000_7000_8000_0000_0000_00c1)),
        version: 1,
        event_id: Uuid::from_u128(0x018f_6f2e_0000_7000_8000_0000_0000_00e1),
        command_id: Uuid::from_u128(0x018f_6f2e_0000_7000_8000_0000_0000_00d1),
        kind: "meeting.confirmed".into(),
        format: 1,
        occurred_at: instant("2026-03-02T15:00:00Z"),
        recorded_at: instant("2026-03-02T15:00:01.000002Z"),
        actor: "person:018f6f2e-0000-7000-8000-000000000005".into(),
        cause: None,
        body: data.as_bytes().to_vec(),
        opened: None,
        hash: Hash([0; 32]),
    };
    let root = Hash::before_first(log_id);
    event.hash = event.chain(&root);
    let line = serde_json::to_string(&EventLine::of(&event)).unwrap_or_default();
    let _ = write!(text, "The log `{log_id}` has the hash `{root}` before its first event, and with this as its first event:\n\n```json\n{line}\n```\n");
}

/// One line for each field of an object, and below each those of the objects it holds.
fn fields(text: &mut String, prefix: &str, schema: &Value) {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    for (name, field) in schema["properties"].as_object().into_iter().flatten() {
        let value = plain(plain(field));
        let needed = if required.contains(&name.as_str()) { "required" } else { "optional" };
        let personal = if is_personal(field) { ", personal" } else { "" };
        let list = value["type"] == "array";
        let held = if list { plain(&value["items"]) } else { value };
        let object = forms(held).find(|form| form["properties"].is_object());
        // What may be sent as a text is stored as an object all the same.
        let kind = if object.is_some() && !list { "object".into() } else { kind_of(value) };
        let _ = writeln!(text, "| `{prefix}{name}` | {kind}{} | {needed}{personal} | {} |", unit(name), description(field));
        if let Some(object) = object {
            fields(text, &format!("{prefix}{name}{}.", if list { "[]" } else { "" }), object);
        }
    }
}

/// Whether a field, or each of its values, is sealed.
fn is_personal(schema: &Value) -> bool {
    let choices = schema["anyOf"].as_array().into_iter().flatten();
    schema["x-personal"] == true || schema.get("items").is_some_and(is_personal) || choices.into_iter().any(is_personal)
}

fn unit(field: &str) -> &'static str {
    match field {
        field if field.ends_with("_minor") => ", smallest units of the currency",
        field if field.ends_with("_minutes") => ", minutes",
        _ => "",
    }
}

fn sentence(text: &str) -> String {
    if text.ends_with('.') { text.to_owned() } else { format!("{text}.") }
}

#[test]
fn the_events_are_documented_as_committed() {
    let top = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    let read = |path: &Path| std::fs::read_to_string(path).unwrap_or_default();
    let text = events_document(|name, format| read(&top.join(format!("tests/golden/wire/{name}/{format}.json"))).trim_end().to_owned());
    let path = top.join("docs/EVENTS.md");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    assert!(read(&path) == text, "docs/EVENTS.md is not what the code says; UPDATE_GOLDEN=1 cargo test -p api --lib writes it, and the diff is the review");
}

/// What the document says of the hash is what it is: no part is missing there, and none of one length can be taken for another.
#[test]
fn the_document_names_every_field_of_a_line() {
    let line: Value =
        serde_json::from_str(events_document(|_, _| "{}".into()).lines().find(|line| line.starts_with("{\"position\"")).unwrap_or_default()).unwrap();
    for field in line.as_object().unwrap().keys() {
        assert!(HEAD.contains(&format!("`{field}`")) || HEAD.contains(&format!("`{field}.")), "{field}");
    }
}
