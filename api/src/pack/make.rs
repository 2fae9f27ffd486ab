//! Makes a pack: signs where the log ends, and proves every event of the contact against it.

use super::format::{FORMAT, Head, Pack, Proven};
use crate::app::desk::contact_stream;
use crate::app::{App, SignError};
use crate::log_file::EventLine;
use domain::id::ContactId;
use eventstore::{CompanyEntry, Hash, Recorded, Signed, Signer, StoreError};

/// A pack could not be made.
#[derive(Debug, thiserror::Error)]
pub enum MakeError {
    /// There is no such contact.
    #[error("there is no contact with this id")]
    UnknownContact,
    /// The log could not be signed.
    #[error(transparent)]
    Sign(#[from] SignError),
    /// The pack could not be written down.
    #[error("the pack cannot be written: {0}")]
    Written(#[from] serde_json::Error),
}

impl From<StoreError> for MakeError {
    fn from(error: StoreError) -> MakeError {
        MakeError::Sign(error.into())
    }
}

/// Makes the pack of a contact; without the key that opens what is personal, where it is to stay `sealed`.
pub async fn make(app: &App, company: &CompanyEntry, contact: ContactId, sealed: bool) -> Result<String, MakeError> {
    let signer = app.signer.as_ref().ok_or(SignError::NoKey)?;
    let stream = contact_stream(contact);
    if app.store.stream(company.id, &stream).await?.is_empty() {
        return Err(MakeError::UnknownContact);
    }
    let newest = app.sign(company.id).await?.ok_or(MakeError::UnknownContact)?;
    let size = newest.checkpoint.size;
    // Events that came after the signature are left for the next pack.
    let mut events = app.store.stream(company.id, &stream).await?;
    events.retain(|event| event.position <= size);
    let key = if sealed { None } else { app.store.stream_key(company.id, &stream).await? };
    let pack = Pack {
        leadtrail: "pack".into(),
        format: FORMAT,
        company_name: company.name.as_str().into(),
        contact: contact.0,
        key: signer.verifier().to_string().into(),
        checkpoints: heads(app, &events, newest).await?,
        stream_key: key.map(|key| hex::encode(key.expose()).into()),
        events: proven(app, &events, size).await?,
        signature: "".into(),
    };
    Ok(signed(pack, signer)?)
}

fn signed(pack: Pack<'_>, signer: &Signer) -> serde_json::Result<String> {
    let signature = signer.sign(&Pack::statement(&pack.written()?));
    Pack { signature: signature.into(), ..pack }.written()
}

/// For each event the first checkpoint that was signed after it, and the newest one.
async fn heads(app: &App, events: &[Recorded], newest: Signed) -> Result<Vec<Head<'static>>, StoreError> {
    let mut chosen: Vec<Signed> = Vec::new();
    for event in events {
        if chosen.last().is_none_or(|head| head.checkpoint.size < event.position) {
            chosen.extend(app.store.checkpoints_from(event.company, event.position, 1).await?);
        }
    }
    if chosen.last().is_none_or(|head| head.checkpoint.size < newest.checkpoint.size) {
        chosen.push(newest);
    }
    let mut heads = Vec::new();
    let mut before: Option<i64> = None;
    for Signed { checkpoint, note } in chosen {
        let consistency = match before {
            Some(before) => app.store.consistency(checkpoint.company, before, checkpoint.size).await?,
            None => vec![],
        };
        before = Some(checkpoint.size);
        heads.push(Head { note: note.into(), consistency });
    }
    Ok(heads)
}

async fn proven<'e>(app: &App, events: &'e [Recorded], size: i64) -> Result<Vec<Proven<'e>>, StoreError> {
    let mut proven = Vec::new();
    let mut before: Option<(i64, Hash)> = None;
    for event in events {
        let previous = match before {
            Some((position, hash)) if position + 1 == event.position => hash,
            _ => match app.store.mark(event.company, event.position - 1).await? {
                Some(mark) => mark.hash,
                None => return Err(StoreError::malformed("the log", format!("there is no event before position {}", event.position))),
            },
        };
        before = Some((event.position, event.hash));
        proven.push(Proven { event: EventLine::of(event), previous, path: app.store.inclusion(event.company, event.position, size).await? });
    }
    Ok(proven)
}
