//! `leadtrail checkpoint`: sign where the logs end, and see what was signed.

use super::companies::NONE_YET;
use super::error::Code;
use super::output::{print, print_json, say};
use super::table::{Table, grouped};
use super::{CliError, Place, Verdict};
use crate::app::{App, Outside, SignError};
use crate::proofs::CheckpointView;
use clap::{Args, Subcommand};
use eventstore::{CompanyId, Signed, note};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Checkpoints read at a time.
const PAGE: i64 = 500;

/// Sign where the logs end now; or list what was signed; or print the public key
///
/// The service does this by itself every ten minutes in which something happened. A checkpoint proves something against whoever can
/// write the database only where it is kept out of their reach.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Checkpoint {
    #[command(subcommand)]
    what: Option<What>,
    /// Add what this file outside the database does not have yet, as `leadtrail serve --checkpoints` does
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

#[derive(Debug, Subcommand)]
enum What {
    /// List what was signed, the newest first
    List,
    /// Print the public key that goes with the signing key, as NAME+ID+KEY
    Key,
}

#[derive(Serialize)]
struct Entry {
    company: CompanyId,
    name: String,
    #[serde(flatten)]
    checkpoint: CheckpointView,
}

impl Checkpoint {
    /// Does one of them.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        if matches!(self.what, Some(What::Key)) {
            let key = place.signer()?.verifier().to_string();
            if place.json {
                print_json(&key)?
            } else {
                print(&format!("{key}\n"))?
            }
            return Ok(Verdict::Well);
        }
        let outside = self.out.as_deref().map(|path| outside(place, "--out", path)).transpose()?;
        let app = place.open().await?;
        let entries = match self.what {
            Some(_) => listed(&app, place).await?,
            None => sign(app.with_signer(place.signer()?), place, outside).await?,
        };
        if place.json {
            print_json(&entries)?;
            return Ok(Verdict::Well);
        }
        if entries.is_empty() {
            say("nothing was signed yet");
            return Ok(Verdict::Well);
        }
        let mut table = Table::new(&["company", ">events", "signed at", "chain hash"]);
        for Entry { name, checkpoint, .. } in entries {
            let at = checkpoint.signed_at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true);
            table.row([name, grouped(checkpoint.size), at, checkpoint.hash.to_string()]);
        }
        print(&table.to_string())?;
        Ok(Verdict::Well)
    }
}

async fn sign(app: App, place: &Place, mut outside: Option<Outside>) -> Result<Vec<Entry>, CliError> {
    let mut entries = Vec::new();
    let companies = place.all(&app).await?;
    if companies.is_empty() {
        place.tell(NONE_YET);
    }
    for company in companies {
        app.continues_what_was_signed(company.id, outside.as_ref()).await?;
        let Some(signed) = app.sign(company.id).await? else { continue };
        if let Some(outside) = &mut outside {
            outside.bring(&app, company.id).await?;
        }
        entries.push(Entry { company: company.id, name: company.name, checkpoint: signed.into() });
    }
    Ok(entries)
}

async fn listed(app: &App, place: &Place) -> Result<Vec<Entry>, CliError> {
    let mut entries = Vec::new();
    for company in place.all(app).await? {
        let mut below = i64::MAX;
        loop {
            let page = app.store.checkpoints_below(company.id, below, PAGE).await?;
            let Some(last) = page.last() else { break };
            below = last.checkpoint.size;
            entries.extend(page.into_iter().map(|signed| Entry { company: company.id, name: company.name.clone(), checkpoint: signed.into() }));
        }
    }
    Ok(entries)
}

/// The file outside the database, which must not lie among the data.
pub fn outside(place: &Place, option: &str, path: &Path) -> Result<Outside, CliError> {
    place.mind_the_data(option, path)?;
    Outside::open(path, &place.signer()?.verifier()).map_err(|error| CliError::file("use the checkpoints in", path, &error))
}

/// Refuses a file of checkpoints beside a database that is not there any more.
pub fn must_not_speak_of_nothing(place: &Place, path: &Path) -> Result<(), CliError> {
    if place.sqlite_file().is_none_or(|file| file.exists()) {
        return Ok(());
    }
    let text = std::fs::read_to_string(path).unwrap_or_default();
    match note::notes(&text).iter().flatten().find_map(|note| Signed::read(note)) {
        Some(signed) => Err(signed_elsewhere(path, signed.checkpoint.company)),
        None => Ok(()),
    }
}

/// Something was signed of a company that is not here.
pub fn signed_elsewhere(path: &Path, company: CompanyId) -> CliError {
    CliError::new(Code::NoData, format!("{} holds checkpoints of company {company}, which is not here", path.display()))
        .hint("bring the database back from its backup (`leadtrail restore`), or name the file that goes with this one")
}

impl From<SignError> for CliError {
    fn from(error: SignError) -> CliError {
        match error {
            SignError::Store(error) => error.into(),
            error => CliError::new(Code::File, super::error::in_words(&error)),
        }
    }
}
