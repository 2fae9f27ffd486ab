//! What became of an import: every bad line by number, field and rule, and the whole in numbers.

use super::line::LINE_TOO_LONG;
use domain::Refusal;
use domain::refusal::OpenTransition;
use eventstore::Mark;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::fmt;
use uuid::Uuid;

/// A line that was not taken. The lines around it are.
#[derive(Clone, Debug, Default, Serialize)]
pub struct BadLine {
    /// Its number, from 1.
    pub line: u64,
    /// Its id, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// Its command, where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The rule that it breaks.
    pub code: &'static str,
    /// The fields concerned, as JSON pointers into the line.
    pub pointers: Vec<String>,
    /// What is wrong with it, for people.
    pub detail: String,
    /// What the contact's state allows instead, for a refused transition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub open_transitions: Vec<OpenTransition>,
    /// The id of the record that is in the way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub other: Option<Uuid>,
}

impl BadLine {
    /// A line of which nothing else is known.
    pub fn new(line: u64, code: &'static str, detail: impl Into<String>) -> BadLine {
        BadLine { line, code, detail: detail.into(), ..BadLine::default() }
    }

    /// A line longer than a line may be.
    pub fn too_long(line: u64, most: usize) -> BadLine {
        BadLine::new(line, LINE_TOO_LONG, format!("the line has more than {most} bytes"))
    }

    /// A line whose id and command can be told.
    pub(super) fn naming(line: u64, keys: &Map<String, Value>) -> BadLine {
        let text = |key: &str| keys.get(key).and_then(Value::as_str).map(|text| text.chars().take(255).collect());
        BadLine { line, id: text("id"), command: text("command"), ..BadLine::default() }
    }

    /// A line that the rules refuse. The rules speak of the command's own fields, which lie under `with` here.
    pub(super) fn refused(self, refusal: Refusal) -> BadLine {
        let in_line = |pointer: String| match pointer.as_str() {
            "/occurred_at" => "/at".to_owned(),
            "/by" | "/contact" => pointer,
            _ => format!("/with{pointer}"),
        };
        let pointers = match refusal.code {
            domain::Code::UnknownContact => vec!["/contact".into()],
            _ => refusal.pointers.into_iter().map(in_line).collect(),
        };
        BadLine { code: refusal.code.as_str(), pointers, detail: refusal.detail, open_transitions: refusal.open, other: refusal.other, ..self }
    }
}

impl fmt::Display for BadLine {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: ", self.line)?;
        if let Some(command) = &self.command {
            write!(f, "{command}: ")?;
        }
        if !self.pointers.is_empty() {
            write!(f, "{}: ", self.pointers.join(", "))?;
        }
        write!(f, "{} [{}]", self.detail, self.code)?;
        if let Some(other) = self.other {
            write!(f, " (it is {other})")?;
        }
        let open: Vec<&str> = self.open_transitions.iter().map(|open| open.command).collect();
        if open.is_empty() { Ok(()) } else { write!(f, "; open are: {}", open.join(", ")) }
    }
}

/// The whole in numbers.
#[derive(Clone, Debug, Serialize)]
pub struct Summary {
    /// Lines that are not blank.
    pub lines: u64,
    /// Lines taken now.
    pub taken: u64,
    /// Lines that were taken by an earlier import.
    pub already_there: u64,
    /// Lines that were not taken.
    pub refused: u64,
    /// Lines that were not taken, by the rule they break.
    pub refused_by_code: BTreeMap<&'static str, u64>,
    /// Events added, those that name people, sources and products among them.
    pub events: u64,
    /// Contacts added.
    pub contacts: u64,
    /// People, sources and products named because a line uses them.
    pub names: u64,
    /// Where the log ends now; there is none when no company was made.
    pub head: Option<Mark>,
}

impl Summary {
    /// Before the first line.
    pub fn new(head: Option<Mark>) -> Summary {
        Summary { lines: 0, taken: 0, already_there: 0, refused: 0, refused_by_code: BTreeMap::new(), events: 0, contacts: 0, names: 0, head }
    }

    /// Whether every line was taken or was there already.
    pub fn is_complete(&self) -> bool {
        self.refused == 0
    }
}
