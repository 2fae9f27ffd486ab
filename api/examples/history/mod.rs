//! What the migrations in this folder share: a line of the history import, and an account of what became of every row.

use std::collections::BTreeMap;
use std::fmt;

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// One line of the history import: a command, when it was given, and by whom.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Line {
    /// The idempotency key: the same row of the same file always makes the same one.
    pub id: String,
    /// The business time of the command.
    pub at: DateTime<Utc>,
    /// Who did it; absent where the source names nobody.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// The contact whose file the command is for.
    pub contact: Uuid,
    /// The command, as `noun.verb`.
    pub command: &'static str,
    /// The command's fields.
    pub with: Value,
}

/// The id of a thing that the source gives no id, made from what it does give: the same input, the same id.
pub fn id_of(source: &str, case: &str, what: &str, seq: u32) -> Uuid {
    Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("{source}/{case}/{what}/{seq}").as_bytes())
}

/// What became of every row, kind by kind, with every odd row by name.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Account {
    kinds: BTreeMap<(String, String), usize>,
    commands: BTreeMap<&'static str, usize>,
    odd: Vec<String>,
}

impl Account {
    /// One more row of this kind met this fate.
    pub fn row(&mut self, kind: impl Into<String>, fate: impl Into<String>) {
        *self.kinds.entry((kind.into(), fate.into())).or_default() += 1;
    }

    /// One more line was written with this command.
    pub fn line(&mut self, command: &'static str) {
        *self.commands.entry(command).or_default() += 1;
    }

    /// A row, or a whole case, that somebody should know about.
    pub fn odd(&mut self, text: String) {
        self.odd.push(text);
    }

    /// How many rows the account covers.
    pub fn rows(&self) -> usize {
        self.kinds.values().sum()
    }

    /// How many rows of this kind were met, whatever became of them.
    pub fn rows_of(&self, kind: &str) -> usize {
        self.kinds.iter().filter(|((of, _), _)| of == kind).map(|(_, rows)| rows).sum()
    }

    /// How many rows met this fate, of whatever kind.
    pub fn fated(&self, fate: &str) -> usize {
        self.kinds.iter().filter(|((_, met), _)| met == fate).map(|(_, rows)| rows).sum()
    }

    /// How many lines were written with this command.
    pub fn lines_of(&self, command: &str) -> usize {
        self.commands.get(command).copied().unwrap_or_default()
    }

    /// How many lines were written.
    pub fn lines(&self) -> usize {
        self.commands.values().sum()
    }

    /// The odd rows and cases, one sentence each.
    pub fn oddities(&self) -> &[String] {
        &self.odd
    }
}

impl fmt::Display for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "Odd rows and cases, one by one ({})", self.odd.len())?;
        self.odd.iter().try_for_each(|text| writeln!(f, "  {text}"))?;
        writeln!(f, "What became of every kind of row ({} rows)", self.rows())?;
        for ((kind, fate), rows) in &self.kinds {
            writeln!(f, "  {rows:>7}  {kind}: {fate}")?;
        }
        writeln!(f, "Lines written ({})", self.lines())?;
        self.commands.iter().try_for_each(|(command, lines)| writeln!(f, "  {lines:>7}  {command}"))
    }
}
