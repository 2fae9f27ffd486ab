//! How facts and commands are written and read: by a stored name, and data in JSON.
//!
//! The Rust names are ours to improve; the stored names, spelled out beside each variant, belong to the past.

pub mod fields;
pub mod formats;
#[cfg(test)]
mod tests;
pub mod words;

pub use fields::{Fault, Wrong};
pub use formats::{Formats, Step};

use crate::company::{CompanyCommand, CompanyEvent};
use crate::contact_file::Command;
use crate::id::{JourneyId, MeetingId, QuoteId};
use crate::journey::{JourneyCommand, JourneyEvent};
use crate::meeting::{MeetingCommand, MeetingEvent};
use crate::profile::{ContactCommand, ContactEvent};
use crate::quote::{QuoteCommand, QuoteEvent};
use crate::sale::{SaleCommand, SaleEvent};
use schemars::{JsonSchema, Schema, schema_for};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// Anything that can have happened, in a contact's stream or in the company's.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(untagged)]
pub enum Fact {
    /// The contact as a whole.
    Contact(ContactEvent),
    /// A journey.
    Journey(JourneyEvent),
    /// A meeting.
    Meeting(MeetingEvent),
    /// A quote.
    Quote(QuoteEvent),
    /// A sale.
    Sale(SaleEvent),
    /// The company's settings.
    Company(CompanyEvent),
}

macro_rules! facts_from {
    ($($part:ident $event:ident)*) => {$(
        impl From<$event> for Fact {
            fn from(event: $event) -> Fact {
                Fact::$part(event)
            }
        }
    )*};
}
facts_from!(Contact ContactEvent Journey JourneyEvent Meeting MeetingEvent Quote QuoteEvent Sale SaleEvent Company CompanyEvent);

/// A stored fact could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// This version of the product does not know the stored name and format.
    #[error("the event `{name}` of format {format} is unknown to this version of Leadtrail; a newer version wrote it")]
    Unknown {
        /// The stored name.
        name: String,
        /// The format.
        format: i32,
    },
    /// The data does not fit the name.
    #[error("the data of the event `{name}` cannot be read: {source}")]
    Malformed {
        /// The stored name.
        name: String,
        /// What is wrong.
        #[source]
        source: serde_json::Error,
    },
}

/// The formats of our facts: no name has had a second one yet. A step that was released stays for ever.
pub const FORMATS: Formats = Formats::new(&[]);

/// Whether facts of this name and format can be read.
pub fn knows(name: &str, format: i32) -> bool {
    EVENTS.contains_key(name) && FORMATS.knows(name, format)
}

/// Writes a fact: its stored name and its data as compact JSON.
pub fn encode(fact: &Fact) -> (&'static str, Vec<u8>) {
    // A fact serialises as {"name":{data}}: one key, whose name is in the list of stored names.
    let whole = serde_json::to_vec(fact).unwrap_or_default();
    let end = whole.iter().skip(2).position(|byte| *byte == b'"').map_or(2, |at| at + 2);
    let name = std::str::from_utf8(&whole[2..end]).ok().and_then(|name| EVENTS.get_key_value(name)).map_or("", |(name, _)| name.as_str());
    (name, whole[end + 2..whole.len() - 1].to_vec())
}

/// Reads a stored fact of any format there was.
pub fn decode(name: &str, format: i32, data: &[u8]) -> Result<Fact, ReadError> {
    if !EVENTS.contains_key(name) {
        return Err(ReadError::Unknown { name: name.into(), format });
    }
    let data = &*FORMATS.upcast(name, format, data)?;
    let read = match name.split('.').next().unwrap_or_default() {
        "contact" => tagged(name, data).map(Fact::Contact),
        "journey" => tagged(name, data).map(Fact::Journey),
        "meeting" => tagged(name, data).map(Fact::Meeting),
        "quote" => tagged(name, data).map(Fact::Quote),
        "sale" | "change_order" | "ledger" | "job" => tagged(name, data).map(Fact::Sale),
        _ => tagged(name, data).map(Fact::Company),
    };
    read.map_err(|source| ReadError::Malformed { name: name.into(), source })
}

/// Reads an enum variant from its name and its data.
fn tagged<T: DeserializeOwned>(name: &str, data: &[u8]) -> Result<T, serde_json::Error> {
    let mut whole = Vec::with_capacity(name.len() + data.len() + 5);
    whole.extend_from_slice(b"{\"");
    whole.extend_from_slice(name.as_bytes());
    whole.extend_from_slice(b"\":");
    whole.extend_from_slice(data);
    whole.push(b'}');
    serde_json::from_slice(&whole)
}

/// What is wrong with a command that was sent.
#[derive(Debug, thiserror::Error)]
pub enum CommandError {
    /// There is no command of this name.
    #[error("there is no command `{0}`")]
    Unknown(String),
    /// Its fields cannot be taken.
    #[error("{}", fields::sentence(.0))]
    Fields(Vec<Fault>),
}

/// Reads a contact's command from its name and its fields.
pub fn command(name: &str, fields: serde_json::Value) -> Result<Command, CommandError> {
    let schema = COMMANDS.get(name).ok_or_else(|| CommandError::Unknown(name.into()))?;
    match name.split('.').next().unwrap_or_default() {
        "contact" => fields::variant(name, schema, fields).map(Command::Contact),
        "journey" => fields::variant(name, schema, fields).map(Command::Journey),
        "meeting" => fields::variant(name, schema, fields).map(Command::Meeting),
        "quote" => fields::variant(name, schema, fields).map(Command::Quote),
        _ => fields::variant(name, schema, fields).map(Command::Sale),
    }
    .map_err(CommandError::Fields)
}

/// Reads a company's command from its name and its fields.
pub fn company_command(name: &str, fields: serde_json::Value) -> Result<CompanyCommand, CommandError> {
    let schema = COMPANY_COMMANDS.get(name).ok_or_else(|| CommandError::Unknown(name.into()))?;
    fields::variant(name, schema, fields).map_err(CommandError::Fields)
}

/// Every stored name with the schema of its data.
pub static EVENTS: LazyLock<BTreeMap<String, Schema>> = LazyLock::new(|| {
    [
        variants::<ContactEvent>(),
        variants::<JourneyEvent>(),
        variants::<MeetingEvent>(),
        variants::<QuoteEvent>(),
        variants::<SaleEvent>(),
        variants::<CompanyEvent>(),
    ]
    .into_iter()
    .flatten()
    .collect()
});

/// Every command of a contact with the schema of its fields.
pub static COMMANDS: LazyLock<BTreeMap<String, Schema>> = LazyLock::new(|| {
    [variants::<ContactCommand>(), variants::<JourneyCommand>(), variants::<MeetingCommand>(), variants::<QuoteCommand>(), variants::<SaleCommand>()]
        .into_iter()
        .flatten()
        .collect()
});

/// Every command of a company with the schema of its fields.
pub static COMPANY_COMMANDS: LazyLock<BTreeMap<String, Schema>> = LazyLock::new(|| variants::<CompanyCommand>().into_iter().collect());

/// The variants of an externally tagged enum: stored name and schema of its content, descriptions included.
fn variants<T: JsonSchema>() -> Vec<(String, Schema)> {
    let whole = schema_for!(T).to_value();
    let definitions = whole.get("$defs").cloned().unwrap_or_default();
    let one_of = whole.get("oneOf").and_then(|list| list.as_array()).cloned().unwrap_or_default();
    let named = one_of.into_iter().filter_map(|variant| {
        let (name, content) = variant.get("properties")?.as_object()?.iter().next().map(|(name, content)| (name.clone(), content.clone()))?;
        let mut content = resolve(content, &definitions);
        if let (Some(text), Some(object)) = (variant.get("description"), content.as_object_mut()) {
            object.insert("description".into(), text.clone());
        }
        Some((name, Schema::try_from(content).ok()?))
    });
    named.collect()
}

/// The schema behind a `$ref` of the same document.
fn resolve(schema: serde_json::Value, definitions: &serde_json::Value) -> serde_json::Value {
    let target = schema.get("$ref").and_then(|target| target.as_str()).and_then(|target| target.strip_prefix("#/$defs/"));
    target.and_then(|name| definitions.get(name)).cloned().unwrap_or(schema)
}

impl MeetingEvent {
    /// The meeting it is about.
    pub fn meeting(&self) -> MeetingId {
        use MeetingEvent::*;
        match self {
            Set { meeting, .. }
            | ConfirmationAttempted { meeting, .. }
            | Confirmed { meeting, .. }
            | Issued { meeting, .. }
            | Reissued { meeting, .. }
            | Rescheduled { meeting, .. }
            | Canceled { meeting, .. }
            | Resulted { meeting, .. }
            | ResultCorrected { meeting, .. } => *meeting,
        }
    }

    /// The journey it is about.
    pub fn journey(&self) -> JourneyId {
        use MeetingEvent::*;
        match self {
            Set { journey, .. }
            | ConfirmationAttempted { journey, .. }
            | Confirmed { journey, .. }
            | Issued { journey, .. }
            | Reissued { journey, .. }
            | Rescheduled { journey, .. }
            | Canceled { journey, .. }
            | Resulted { journey, .. }
            | ResultCorrected { journey, .. } => *journey,
        }
    }
}

impl QuoteEvent {
    /// The quote it is about.
    pub fn quote(&self) -> QuoteId {
        use QuoteEvent::*;
        match self {
            Created { quote, .. }
            | Edited { quote, .. }
            | Finalized { quote, .. }
            | Reopened { quote, .. }
            | Superseded { quote, .. }
            | MarkedSold { quote, .. }
            | Sold { quote, .. }
            | Expired { quote, .. }
            | Lost { quote, .. }
            | NotApproved { quote, .. }
            | SoldAgain { quote, .. } => *quote,
        }
    }

    /// The journey it is about.
    pub fn journey(&self) -> JourneyId {
        use QuoteEvent::*;
        match self {
            Created { journey, .. }
            | Edited { journey, .. }
            | Finalized { journey, .. }
            | Reopened { journey, .. }
            | Superseded { journey, .. }
            | MarkedSold { journey, .. }
            | Sold { journey, .. }
            | Expired { journey, .. }
            | Lost { journey, .. }
            | NotApproved { journey, .. }
            | SoldAgain { journey, .. } => *journey,
        }
    }
}

impl JourneyEvent {
    /// The journey it is about.
    pub fn journey(&self) -> JourneyId {
        use JourneyEvent::*;
        match self {
            Opened { journey, .. }
            | DimensionsChanged { journey, .. }
            | RehashAssigned { journey, .. }
            | LimitStarted { journey, .. }
            | Reopened { journey, .. }
            | Voided { journey, .. }
            | Closed { journey, .. }
            | OutcomeRevised { journey, .. } => *journey,
        }
    }
}

impl Fact {
    /// The journey it is about, where it is about one.
    pub fn journey(&self) -> Option<JourneyId> {
        match self {
            Fact::Contact(ContactEvent::Added(added)) => Some(added.journey),
            Fact::Contact(
                ContactEvent::Attempted { journey, .. }
                | ContactEvent::Rested { journey }
                | ContactEvent::Reopened { journey, .. }
                | ContactEvent::Returned { journey, .. }
                | ContactEvent::OtherProductRepAdded { journey, .. }
                | ContactEvent::Lost { journey, .. },
            ) => Some(*journey),
            Fact::Contact(_) | Fact::Company(_) => None,
            Fact::Journey(event) => Some(event.journey()),
            Fact::Meeting(event) => Some(event.journey()),
            Fact::Quote(event) => Some(event.journey()),
            Fact::Sale(event) => Some(event.journey()),
        }
    }
}
