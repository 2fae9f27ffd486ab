//! `leadtrail verify --checkpoints`: whether the log still is what was signed of it.

use super::output::say;
use super::progress::{Progress, Unit};
use super::table::many;
use super::{CliError, Place};
use crate::app::App;
use clap::Args;
use eventstore::{CompanyEntry, CompanyId, Finding, Signed, Verifier, check_checkpoints, note};
use std::path::PathBuf;

/// Which checkpoints the log is held against, beside those stored with it.
#[derive(Debug, Args)]
pub struct Checkpoints {
    /// Hold the log also against the checkpoints in this file, which was kept where nobody who can write the database can write
    #[arg(long, value_name = "FILE", conflicts_with = "tail")]
    checkpoints: Option<PathBuf>,
    /// A public key that may have signed them, beside that of the data folder
    #[arg(long, value_name = "KEY")]
    key: Vec<Verifier>,
}

/// The checkpoints that were kept outside, and the keys that count.
pub struct Outside {
    /// Where they were kept, when there is such a place.
    path: Option<PathBuf>,
    notes: Vec<String>,
    keys: Vec<Verifier>,
}

impl Checkpoints {
    /// Reads them.
    pub fn open(self, place: &Place) -> Result<Outside, CliError> {
        let keys: Vec<Verifier> = self.key.into_iter().chain(place.signer().map(|signer| signer.verifier())).collect();
        if keys.is_empty() {
            place.tell("no public key is at hand, so nobody looks at who signed the checkpoints; --key gives one");
        }
        let Some(path) = self.checkpoints else { return Ok(Outside { path: None, notes: vec![], keys }) };
        let text = std::fs::read_to_string(&path).map_err(|error| CliError::file("read", &path, &error))?;
        let (notes, others): (Vec<_>, Vec<_>) = note::notes(&text).into_iter().partition(Result::is_ok);
        if !others.is_empty() {
            say(&format!(
                "{}: {} passed over that {} no checkpoint; the writing of one may have been cut off",
                path.display(),
                many(others.len() as u64, "piece"),
                if others.len() == 1 { "is" } else { "are" }
            ));
        }
        Ok(Outside { path: Some(path), notes: notes.into_iter().flatten().collect(), keys })
    }
}

impl Outside {
    /// Holds a company's log against them.
    pub async fn check(&self, app: &App, company: CompanyId, json: bool) -> Result<Vec<Finding>, CliError> {
        let mut progress = Progress::start(json, "signed", Some(0), Unit::Of("events"));
        let found = check_checkpoints(&app.store, company, &self.notes, &self.keys, &mut |position, head| progress.at_event(position, head)).await;
        progress.finish();
        Ok(found?)
    }

    /// How many of them are of a company, when any were to be kept.
    pub fn count(&self, company: CompanyId) -> Option<usize> {
        let of_company = |note: &&String| Signed::read(note).is_some_and(|signed| signed.checkpoint.company == company);
        self.path.as_ref().map(|_| self.notes.iter().filter(of_company).count())
    }

    /// Whether there are any where there should be, all of them of companies that are there; says so where they are not.
    pub fn are_of(&self, companies: &[CompanyEntry]) -> bool {
        if let Some(path) = self.path.as_ref().filter(|_| self.notes.is_empty()) {
            say(&format!("FOUND WRONG: {} holds no checkpoint", path.display()));
            return false;
        }
        let elsewhere = |note: &&String| Signed::read(note).is_some_and(|signed| companies.iter().all(|company| company.id != signed.checkpoint.company));
        let gone = self.notes.iter().filter(elsewhere).count() as u64;
        if gone > 0 {
            say(&format!("FOUND WRONG: {} signed of companies that are not there", many(gone, "checkpoint")));
        }
        gone == 0
    }
}
