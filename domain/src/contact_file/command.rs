//! A wish about a contact: one of its parts' commands, by the name `noun.verb`.

use crate::meeting::MeetingCommand;
use crate::profile::ContactCommand;
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
    /// `meeting.*`
    Meeting(MeetingCommand),
    /// `quote.*`
    Quote(QuoteCommand),
    /// `sale.*`, `change_order.*`, `job.*`
    Sale(SaleCommand),
    /// What a timer asks for once its instant has passed. Nobody else can: it is not read from outside.
    Due(Timer),
}

impl Command {
    /// Whether it is the one that brings the contact into being.
    pub fn adds_the_contact(&self) -> bool {
        matches!(self, Command::Contact(ContactCommand::Add(_)))
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
