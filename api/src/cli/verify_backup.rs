//! `leadtrail verify backup`: whether a backup is whole and unchanged, without touching it.

use super::verify::{Extent, answer};
use super::{CliError, Place, Verdict};
use crate::app::find_company;
use crate::backup::{BackupError, open};
use clap::Args;
use eventstore::{Checks, CompanyEntry};
use std::path::PathBuf;

/// Check a backup where it lies, without touching it: every log as `verify` does but for claims, its end, and the sums of the files
///
/// It holds no read models and no keys; `leadtrail restore` into a place of no use checks those.
#[derive(Debug, Args)]
pub struct VerifyBackup {
    /// The folder that `leadtrail backup --out` made
    folder: PathBuf,
    #[command(flatten)]
    extent: Extent,
}

impl VerifyBackup {
    /// Checks it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let acks = self.extent.read_journal()?;
        let opened = open(&self.folder).await?;
        let manifest = &opened.manifest;
        let companies = manifest.companies.iter().map(|company| CompanyEntry { id: company.company, name: company.name.clone(), created_at: manifest.made_at });
        let companies: Vec<CompanyEntry> = match &place.company {
            Some(wanted) => vec![find_company(companies.collect(), Some(wanted))?],
            None => companies.collect(),
        };
        if companies.is_empty() {
            place.tell("there is no company in it, as there was none when it was made");
        }
        let altered = || BackupError::Damaged { path: self.folder.clone(), text: opened.altered.clone().unwrap_or_default() };
        let checked = self.extent.check_logs(&opened.store, companies, acks, Checks::whole().without_keys(), place).await;
        // What cannot be read at all is told by the file that was changed.
        let mut all = checked.map_err(|error| if opened.altered.is_some() { altered().into() } else { error })?;
        for checked in &mut all {
            checked.must_end(manifest.companies.iter().find(|company| company.company == checked.company).map(|company| company.head()));
        }
        opened.store.db.close().await;
        match (&opened.altered, all.first_mut()) {
            // The sum is over all companies.
            (Some(text), Some(first)) => first.note(first.head.position.number, "files", text.clone()),
            (Some(_), None) => return Err(altered().into()),
            (None, _) => {}
        }
        answer(&all, place)
    }
}
