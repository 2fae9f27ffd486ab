//! The shape of a pack.

use crate::log_file::EventLine;
use eventstore::Hash;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use uuid::Uuid;

/// The version of this format.
pub const FORMAT: u32 = 1;

/// A pack. It is read only in the very form in which [`Pack::written`] writes it.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pack<'a> {
    /// What kind of file it is: `pack`.
    #[serde(borrow)]
    pub leadtrail: Cow<'a, str>,
    /// The version of the format.
    pub format: u32,
    /// What the company was called when it was made.
    #[serde(borrow)]
    pub company_name: Cow<'a, str>,
    /// Whose timeline it is.
    pub contact: Uuid,
    /// The public key of the installation that made it, as NAME+ID+KEY.
    #[serde(borrow)]
    pub key: Cow<'a, str>,
    /// Signed checkpoints of the log, the oldest first.
    #[serde(borrow)]
    pub checkpoints: Vec<Head<'a>>,
    /// The key that opens what is personal, in hexadecimal digits; null where it was left out, or the contact was erased.
    #[serde(borrow)]
    pub stream_key: Option<Cow<'a, str>>,
    /// Every event of the contact, in order.
    #[serde(borrow)]
    pub events: Vec<Proven<'a>>,
    /// A signed note over everything else; empty while it is made.
    #[serde(borrow)]
    pub signature: Cow<'a, str>,
}

/// A signed checkpoint.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head<'a> {
    /// The note.
    #[serde(borrow)]
    pub note: Cow<'a, str>,
    /// Shows that it continues the one before it in the pack; empty in the first.
    pub consistency: Vec<Hash>,
}

/// An event and what shows that it is in the log.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Proven<'a> {
    /// The event, as an exported log has it.
    #[serde(borrow)]
    pub event: EventLine<'a>,
    /// The chain hash of the event before it in the log.
    pub previous: Hash,
    /// Leads from the event to the root of the newest checkpoint of the pack.
    pub path: Vec<Hash>,
}

impl Pack<'_> {
    /// The file.
    pub fn written(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(self).map(|text| text + "\n")
    }

    /// What is signed for a whole pack: what it is, and the hash of the file with an empty signature.
    pub fn statement(unsigned: &str) -> String {
        format!("leadtrail/pack\n{}\n", hex::encode(Sha256::digest(unsigned.as_bytes())))
    }
}
