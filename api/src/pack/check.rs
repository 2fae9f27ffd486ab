//! Checks a pack with nothing but a public key.

use super::format::{FORMAT, Pack, Proven};
use chrono::{DateTime, Utc};
use eventstore::{Checkpoint, Note, Recorded, Signed, StreamKey, Verifier, tree};
use uuid::Uuid;

/// Why a pack proves nothing.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// It is no pack, or none that this version reads.
    #[error("this is no auditor pack that can be read: {0}")]
    NotAPack(String),
    /// It says something that is not so.
    #[error("{0}")]
    Wrong(String),
}

/// A pack in which everything holds.
#[derive(Debug)]
pub struct Audit {
    /// What the company was called.
    pub company_name: String,
    /// Whose timeline it is.
    pub contact: Uuid,
    /// The key that signed the pack.
    pub key: Verifier,
    /// The checkpoints, the oldest first; every event is in the last one.
    pub checkpoints: Vec<Checkpoint>,
    /// The events, opened where the pack has the key for it.
    pub events: Vec<Event>,
    /// Whether the pack has the key that opens what is personal.
    pub has_key: bool,
}

/// An event of a pack.
#[derive(Debug)]
pub struct Event {
    /// The event.
    pub event: Recorded,
    /// By when it was in the log: when the first checkpoint after it was signed.
    pub signed_by: DateTime<Utc>,
}

fn wrong(text: impl Into<String>) -> PackError {
    PackError::Wrong(text.into())
}

/// Checks everything that a pack says. With `keys`, only what one of them signed counts; without, what the key signed that the pack
/// itself names. The first thing that is wrong is named.
pub fn check(file: &str, keys: &[Verifier]) -> Result<Audit, PackError> {
    let pack: Pack<'_> = serde_json::from_str(file).map_err(|error| PackError::NotAPack(error.to_string()))?;
    if pack.leadtrail != "pack" || pack.format != FORMAT {
        return Err(PackError::NotAPack(format!(
            "it says `{}`, format {}, and this version of Leadtrail reads `pack`, format {FORMAT}",
            pack.leadtrail, pack.format
        )));
    }
    let key: Verifier = pack.key.parse().map_err(|error| wrong(format!("the key that the pack names cannot be read: {error}")))?;
    if !keys.is_empty() && !keys.contains(&key) {
        return Err(wrong(format!("the pack was made under another key than the one you gave: {key}")));
    }
    let keys = if keys.is_empty() { std::slice::from_ref(&key) } else { keys };
    check_signature(file, &pack, &key)?;
    let checkpoints = checkpoints(&pack, keys)?;
    let key_bytes = pack.stream_key.as_deref().map(stream_key).transpose()?;
    let events = events(&pack, &checkpoints, key_bytes.as_ref())?;
    let Pack { company_name, contact, .. } = pack;
    Ok(Audit { company_name: company_name.into_owned(), contact, key, checkpoints, events, has_key: key_bytes.is_some() })
}

/// The whole file is signed, byte for byte.
fn check_signature(file: &str, pack: &Pack<'_>, key: &Verifier) -> Result<(), PackError> {
    let altered = || wrong("the pack was altered after it was signed, or signed by another key than the one it names");
    let signature = serde_json::to_string(&pack.signature).map_err(|_| altered())?;
    // The signature stands last; without it, the file is what was signed.
    let unsigned = file.strip_suffix(&format!("{signature}\n}}\n")).map(|rest| format!("{rest}\"\"\n}}\n")).ok_or_else(altered)?;
    let note = Note::read(&pack.signature).ok_or_else(altered)?;
    if note.text == Pack::statement(&unsigned) && key.signed(&note) { Ok(()) } else { Err(altered()) }
}

/// Each is signed, is of the same log of the same company, and continues the one before.
fn checkpoints(pack: &Pack<'_>, keys: &[Verifier]) -> Result<Vec<Checkpoint>, PackError> {
    let mut checkpoints: Vec<Checkpoint> = Vec::new();
    for (number, head) in (1..).zip(&pack.checkpoints) {
        let signed = Signed::read(&head.note).ok_or_else(|| wrong(format!("checkpoint {number} is none")))?;
        if !signed.is_by(keys) {
            return Err(wrong(format!("checkpoint {number} is not signed by {}", if keys.len() == 1 { "the key" } else { "any of the keys" })));
        }
        let checkpoint = signed.checkpoint;
        if let Some(before) = checkpoints.last() {
            if (before.log_id, before.company) != (checkpoint.log_id, checkpoint.company) {
                return Err(wrong(format!("checkpoint {number} is of another log than the one before it")));
            }
            let (old, new) = ((before.size.unsigned_abs(), &before.root), (checkpoint.size.unsigned_abs(), &checkpoint.root));
            if before.size >= checkpoint.size || !tree::continues(old, new, &head.consistency) {
                return Err(wrong(format!("checkpoint {number}, of {} events, does not continue the one before it, of {}", checkpoint.size, before.size)));
            }
        } else if !head.consistency.is_empty() {
            return Err(wrong("the first checkpoint continues none, and says it does"));
        }
        checkpoints.push(checkpoint);
    }
    Ok(checkpoints)
}

/// They are those of the contact from the first on without a gap, each as it was recorded, each in the log.
fn events(pack: &Pack<'_>, checkpoints: &[Checkpoint], key: Option<&StreamKey>) -> Result<Vec<Event>, PackError> {
    let head = checkpoints.last().ok_or_else(|| wrong("the pack has no checkpoint"))?;
    let mut events: Vec<Event> = Vec::new();
    for (version, proven) in (1..).zip(&pack.events) {
        let (position, event) = one(pack, proven, version, head)?;
        let before = events.last().map(|before| &before.event);
        if before.is_some_and(|before| before.position >= position || (before.position + 1 == position && before.hash != proven.previous)) {
            return Err(wrong(format!("the event at position {position} does not follow the one before it")));
        }
        let signed_by = checkpoints.iter().find(|checkpoint| checkpoint.size >= position).map_or(head.at, |checkpoint| checkpoint.at);
        let opened = key.map_or_else(|| event.without_keys(), |key| event.with_key(key));
        let event = opened.map_err(|_| wrong(format!("a personal value at position {position} does not open under the key of the pack")))?;
        events.push(Event { event, signed_by });
    }
    if events.is_empty() { Err(wrong("the pack has no event")) } else { Ok(events) }
}

fn one(pack: &Pack<'_>, proven: &Proven<'_>, version: i64, head: &Checkpoint) -> Result<(i64, Recorded), PackError> {
    let event = proven.event.clone().event(head.company).map_err(|text| wrong(format!("event {version} cannot be read: {text}")))?;
    let at = format!("the event at position {}", event.position);
    if event.stream.kind != "contact" || event.stream.id != pack.contact {
        return Err(wrong(format!("{at} is not one of contact {}", pack.contact)));
    }
    if event.version != version {
        return Err(wrong(format!("{at} has version {}, and version {version} is missing", event.version)));
    }
    if event.chain(&proven.previous) != event.hash {
        return Err(wrong(format!("{at} is not what was recorded: its hash does not follow from its bytes")));
    }
    let leaf = tree::leaf(&event.hash);
    let inside = event.position > 0 && tree::includes(&head.root, head.size.unsigned_abs(), (event.position - 1).unsigned_abs(), &leaf, &proven.path);
    if !inside {
        return Err(wrong(format!("{at} is not in the log of {} events that was signed at {}", head.size, head.at)));
    }
    Ok((event.position, event))
}

fn stream_key(digits: &str) -> Result<StreamKey, PackError> {
    let mut bytes = [0; 32];
    hex::decode_to_slice(digits, &mut bytes).map_err(|_| wrong("the key of what is personal has not 64 hexadecimal digits"))?;
    Ok(StreamKey::new(bytes))
}
