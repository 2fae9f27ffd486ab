//! A wish about a contact: one of its parts' commands, by the name `noun.verb`.

use crate::id::ContactId;
use crate::journey::JourneyCommand;
use crate::meeting::MeetingCommand;
use crate::profile::{ContactCommand, EraseBasis};
use crate::quote::QuoteCommand;
use crate::sale::SaleCommand;
use crate::timer::Timer;
use serde::Serialize;

/// A command of one part of the contact file.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Command {
    /// `contact.*`
    Contact(ContactCommand),
    /// `journey.*`
    Journey(JourneyCommand),
    /// `meeting.*`
    Meeting(MeetingCommand),
    /// `quote.*`
    Quote(QuoteCommand),
    /// `sale.*`, `change_order.*`, `job.*`
    Sale(SaleCommand),
    /// What a timer asks for once its instant has passed. Nobody else can: it is not read from outside.
    Due(Timer),
    /// What the erasure ledger asks of a contact that a restored backup brought back. Nobody else can.
    BeErased(EraseBasis),
    /// What merging a contact asks of that contact. Nobody else can.
    BeMerged(ContactId),
    /// What taking a merge back asks of the other contact. Nobody else can.
    BeUnmerged(ContactId),
}

impl Command {
    /// Whether it is the one that brings the contact into being.
    pub fn adds_the_contact(&self) -> bool {
        matches!(self, Command::Contact(ContactCommand::Add(_)))
    }

    /// What it asks of another contact, in the same breath: both are done or neither.
    pub fn counterpart(&self, contact: ContactId) -> Option<(ContactId, Command)> {
        match self {
            Command::Contact(ContactCommand::Merge(ask)) => Some((ask.other, Command::BeMerged(contact))),
            Command::Contact(ContactCommand::Unmerge(ask)) => Some((ask.other, Command::BeUnmerged(contact))),
            _ => None,
        }
    }
}

/// Tells of each field of a command whether it is filled in.
pub fn given<T: Serialize>(command: &T) -> impl Fn(&str) -> bool + use<T> {
    let fields = serde_json::to_value(command).unwrap_or_default();
    move |name| match fields.get(name) {
        None | Some(serde_json::Value::Null) => false,
        Some(serde_json::Value::Array(list)) => !list.is_empty(),
        Some(_) => true,
    }
}
