//! Checks a backup where it lies, without touching it.

use super::{BackupError, Company, DATABASE, Kind, Manifest};
use crate::app::desk;
use eventstore::{Checks, CompanyId, Db, Finding, MasterKey, Report, Store, StoreError, verify_at};
use std::collections::BTreeSet;
use std::path::Path;

/// A backup of the logs, opened for reading. There are no keys in it, so nothing sealed is opened.
#[derive(Debug)]
pub struct Opened {
    /// What it says of itself.
    pub manifest: Manifest,
    /// The logs.
    pub store: Store,
    /// That its database is not the file that was written.
    pub altered: Option<String>,
}

impl Opened {
    /// A failure to read the logs: of a file that is not what was written, that is all there is to say.
    pub fn failed(&self, folder: &Path, error: StoreError) -> BackupError {
        match &self.altered {
            Some(text) => BackupError::Damaged { path: folder.to_owned(), text: text.clone() },
            None => error.into(),
        }
    }
}

/// What a check of a backup came to.
#[derive(Debug)]
pub struct BackupChecked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What was found in each log, in the manifest's order.
    pub reports: Vec<Report>,
    /// That its database is not the file that was written.
    pub altered: Option<String>,
}

impl BackupChecked {
    /// The first thing that is wrong, with the name of its company.
    pub fn first(&self) -> Option<(&str, &Finding)> {
        self.manifest.companies.iter().zip(&self.reports).find_map(|(company, report)| Some((company.name.as_str(), report.first()?)))
    }
}

/// Opens a backup. Its files must be there, with nothing in them that no migration made, and with the companies that the manifest
/// names, and no others. A file that is not what was written is opened all the same: its log may say where.
pub async fn open(folder: &Path) -> Result<Opened, BackupError> {
    let manifest = Manifest::read(folder, Kind::Backup)?;
    let altered = manifest.altered_file(folder, &[DATABASE])?;
    let store = Store::new(Db::open_unchanging(&folder.join(DATABASE)), MasterKey::new([0; 32]));
    let opened = Opened { manifest, store, altered };
    let damaged = |text: String| BackupError::Damaged { path: folder.to_owned(), text };
    let strangers = opened.store.db.strangers().await.map_err(|error| opened.failed(folder, error))?;
    if let Some(stranger) = strangers.first() {
        return Err(damaged(format!("{DATABASE} holds the {stranger}, which this version does not make")));
    }
    let held: BTreeSet<CompanyId> = opened.store.companies().await.map_err(|error| opened.failed(folder, error))?.iter().map(|held| held.id).collect();
    let said: BTreeSet<CompanyId> = opened.manifest.companies.iter().map(|said| said.company).collect();
    if said != held || said.len() != opened.manifest.companies.len() {
        let (said, held) = (opened.manifest.companies.len(), held.len());
        return Err(damaged(format!("the companies that the manifest names ({said}) are not those that {DATABASE} holds ({held})")));
    }
    Ok(opened)
}

/// Checks every log of a backup, and that it ends where the manifest says. `progress` is told how many events of a log were checked,
/// and of how many.
pub async fn check(folder: &Path, checks: &Checks, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<BackupChecked, BackupError> {
    let opened = open(folder).await?;
    let reports = walk(&opened, checks, progress).await.map_err(|error| opened.failed(folder, error))?;
    opened.store.db.close().await;
    Ok(BackupChecked { manifest: opened.manifest, reports, altered: opened.altered })
}

async fn walk(opened: &Opened, checks: &Checks, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<Vec<Report>, StoreError> {
    let checks = checks.clone().without_keys();
    let mut reports = Vec::new();
    for company in &opened.manifest.companies {
        let mut report = verify_at(&opened.store, company.company, &checks, &desk::effects_of, progress).await?;
        let ends = ends_as_said(&opened.store, company, &report).await?;
        report.findings.extend(ends);
        report.findings.sort_by_key(|finding| finding.position);
        reports.push(report);
    }
    Ok(reports)
}

/// A log of the backup must be the one the manifest names, and end there.
async fn ends_as_said(store: &Store, company: &Company, report: &Report) -> Result<Option<Finding>, StoreError> {
    let (said, found) = (company.head(), report.head);
    if said == found && store.log_id(company.company).await? == company.log_id {
        return Ok(None);
    }
    let text = format!(
        "the manifest says that the log ends at {} with hash {}, and it ends at {} with {}",
        said.position.number, said.hash, found.position.number, found.hash
    );
    Ok(Some(Finding { company: company.company, position: found.position.number, rule: "manifest", text }))
}
