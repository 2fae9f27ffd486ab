//! The lines of a log file.

use chrono::{DateTime, SecondsFormat, Utc};
use eventstore::{CompanyId, Hash, Recorded, Stream};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use std::borrow::Cow;
use uuid::Uuid;

/// The version of this format.
pub const FORMAT: u32 = 1;

/// The first line: whose log it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// What kind of file it is: `log`.
    pub leadtrail: String,
    /// The version of the format.
    pub format: u32,
    /// The company it comes from.
    pub company: CompanyId,
    /// The company's name.
    pub name: String,
    /// The log's own id, from which the first hash is made.
    pub log_id: Uuid,
}

/// The last line: where the log ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct End {
    /// What kind of line it is: `end`.
    pub leadtrail: String,
    /// The position of the last event; 0 when there is none.
    pub position: i64,
    /// The hash there.
    pub hash: Hash,
}

/// An event. `data` is the body as it was hashed; `data_hex` stands in for it where the body is not JSON in one line.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventLine<'a> {
    position: i64,
    commit_end: i64,
    #[serde(borrow)]
    stream: StreamOf<'a>,
    version: i64,
    event_id: Uuid,
    command_id: Uuid,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
    format: i32,
    occurred_at: Cow<'a, str>,
    recorded_at: Cow<'a, str>,
    #[serde(borrow)]
    actor: Cow<'a, str>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    cause: Option<Cow<'a, str>>,
    #[serde(default, skip_serializing_if = "Option::is_none", borrow)]
    data: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    data_hex: Option<String>,
    hash: Hash,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StreamOf<'a> {
    #[serde(borrow)]
    kind: Cow<'a, str>,
    id: Uuid,
}

impl<'a> EventLine<'a> {
    /// The line of an event.
    pub fn of(event: &'a Recorded) -> EventLine<'a> {
        let data = in_one_line(&event.body);
        EventLine {
            position: event.position,
            commit_end: event.commit_end,
            stream: StreamOf { kind: Cow::Borrowed(&event.stream.kind), id: event.stream.id },
            version: event.version,
            event_id: event.event_id,
            command_id: event.command_id,
            kind: Cow::Borrowed(&event.kind),
            format: event.format,
            occurred_at: written(event.occurred_at).into(),
            recorded_at: written(event.recorded_at).into(),
            actor: Cow::Borrowed(&event.actor),
            cause: event.cause.as_deref().map(Cow::Borrowed),
            data,
            data_hex: data.is_none().then(|| hex::encode(&event.body)),
            hash: event.hash,
        }
    }

    /// The event of a line, as it stood in its log.
    pub fn event(self, company: CompanyId) -> Result<Recorded, String> {
        let body = match (self.data, self.data_hex) {
            (Some(data), None) => data.get().as_bytes().to_vec(),
            (None, Some(digits)) => hex::decode(digits).map_err(|error| format!("data_hex: {error}"))?,
            _ => return Err("an event has either data or data_hex".into()),
        };
        Ok(Recorded {
            company,
            position: self.position,
            commit_end: self.commit_end,
            stream: Stream { kind: self.stream.kind.into_owned().into(), id: self.stream.id },
            version: self.version,
            event_id: self.event_id,
            command_id: self.command_id,
            kind: self.kind.into_owned(),
            format: self.format,
            occurred_at: read("occurred_at", &self.occurred_at)?,
            recorded_at: read("recorded_at", &self.recorded_at)?,
            actor: self.actor.into_owned(),
            cause: self.cause.map(Cow::into_owned),
            body,
            opened: None,
            hash: self.hash,
        })
    }
}

/// The body as JSON of one line, when that is exactly what it is.
fn in_one_line(body: &[u8]) -> Option<&RawValue> {
    let text = std::str::from_utf8(body).ok().filter(|text| !text.contains(['\n', '\r']))?;
    // Blanks around the value would be lost, and `null` would be read as nothing at all.
    serde_json::from_str::<&RawValue>(text).ok().filter(|raw| raw.get().len() == body.len() && raw.get() != "null")
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

fn read(field: &str, text: &str) -> Result<DateTime<Utc>, String> {
    let at = DateTime::parse_from_rfc3339(text).map_err(|error| format!("{field}: {error}"))?.with_timezone(&Utc);
    if at.timestamp_subsec_nanos() % 1_000 == 0 { Ok(at) } else { Err(format!("{field}: finer than a microsecond")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(body: &[u8]) -> Recorded {
        let at = |micros| DateTime::from_timestamp_micros(micros).unwrap();
        let mut event = Recorded {
            company: CompanyId(Uuid::from_u128(1)),
            position: 3,
            commit_end: 4,
            stream: Stream::new("contact", Uuid::from_u128(2)),
            version: 5,
            event_id: Uuid::from_u128(6),
            command_id: Uuid::from_u128(7),
            kind: "contact.added".into(),
            format: 1,
            occurred_at: at(-1_000_001),
            recorded_at: at(1_700_000_000_000_009),
            actor: "“Ana”\n".into(),
            cause: Some(String::new()),
            body: body.to_vec(),
            opened: None,
            hash: Hash([0; 32]),
        };
        event.hash = event.chain(&Hash::before_first(Uuid::nil()));
        event
    }

    #[test]
    fn every_byte_survives() {
        let bodies: [&[u8]; 10] = [
            br#"{"b":1,"a":[1.0,1e2,0.10,-0]}"#,
            br#"{"a":1,"a":2}"#,
            "{\"name\":\"Åsa \\u00e9 \\/ \u{2028}\"}".as_bytes(),
            b"{ \"a\" : 1 }",
            b" {}",
            b"{\n}",
            b"not json",
            b"\xff\xfe",
            b"null",
            b"",
        ];
        for body in bodies {
            let event = event(body);
            let line = serde_json::to_string(&EventLine::of(&event)).unwrap();
            assert!(!line.contains('\n'), "{line}");
            let back = serde_json::from_str::<EventLine>(&line).unwrap().event(event.company).unwrap();
            assert_eq!(back, event, "{line}");
        }
    }

    #[test]
    fn an_unknown_field_or_a_time_too_fine_is_refused() {
        let event = event(b"{}");
        let line = serde_json::to_string(&EventLine::of(&event)).unwrap();
        assert!(serde_json::from_str::<EventLine>(&line.replace("\"version\"", "\"revision\"")).is_err());
        let fine = line.replace("000009Z", "0000091Z");
        assert!(serde_json::from_str::<EventLine>(&fine).unwrap().event(event.company).is_err());
    }
}
