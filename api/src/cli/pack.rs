//! `leadtrail pack`: a contact's timeline for an auditor, with everything that is needed to check it elsewhere.

use super::error::Code;
use super::output::say;
use super::timeline::{contact_id, unknown_contact};
use super::{CliError, Place, Verdict};
use crate::app::desk::contact_stream;
use crate::app::private;
use crate::pack::{MakeError, make};
use clap::Args;
use domain::id::ContactId;
use std::io::Write;
use std::path::PathBuf;
use uuid::Uuid;

/// Write a contact's timeline with its proofs and signed checkpoints into one file, for `leadtrail verify pack`
///
/// The end of the log is signed first, where it has grown. The file holds the key that opens what is personal in the timeline: treat it
/// as you would treat the contact's data itself.
#[derive(Debug, Args)]
pub struct Pack {
    /// The contact's id, a UUID
    #[arg(value_parser = contact_id)]
    contact: Uuid,
    /// A new file, which only you can read
    #[arg(long, value_name = "FILE")]
    out: PathBuf,
    /// Leave out the key that opens what is personal
    #[arg(long)]
    sealed: bool,
}

impl Pack {
    /// Writes it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        place.mind_the_data("--out", &self.out)?;
        let app = place.open().await?.with_signer(place.signer()?);
        let company = place.one(&app).await?;
        let pack = make(&app, &company, ContactId(self.contact), self.sealed).await.map_err(|error| match error {
            MakeError::UnknownContact => unknown_contact(&company.name, self.contact),
            MakeError::Sign(error) => error.into(),
            MakeError::Written(_) => CliError::new(Code::Internal, error.to_string()),
        })?;
        let cannot_write = |error: std::io::Error| CliError::file("write", &self.out, &error);
        let mut file = private(&self.out).map_err(|error| cannot_write(error).hint("give a file that is not there yet"))?;
        file.write_all(pack.as_bytes()).and_then(|()| file.sync_all()).map_err(cannot_write)?;
        if !place.json {
            let opens = match (self.sealed, app.store.stream_key(company.id, &contact_stream(ContactId(self.contact))).await?) {
                (true, _) => "what is personal in it stays sealed",
                (false, Some(_)) => "it holds the key to what is personal in it",
                (false, None) => "nothing personal is in it any more",
            };
            say(&format!("{} is there; {opens}. Check it with `leadtrail verify pack {}`", self.out.display(), self.out.display()));
        }
        Ok(Verdict::Well)
    }
}
