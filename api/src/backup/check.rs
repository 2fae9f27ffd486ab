//! Checks a backup where it lies, without touching it.

use super::{BackupError, Company, DATABASE, Kind, Manifest};
use crate::app::desk;
use eventstore::{Checks, Db, Finding, MasterKey, Report, Store, verify_at};
use std::path::Path;

/// What a check of a backup came to.
#[derive(Debug)]
pub struct BackupChecked {
    /// What it says of itself.
    pub manifest: Manifest,
    /// What was found in each log, in the manifest's order.
    pub reports: Vec<Report>,
}

impl BackupChecked {
    /// The first thing that is wrong, with the name of its company.
    pub fn first(&self) -> Option<(&str, &Finding)> {
        self.manifest.companies.iter().zip(&self.reports).find_map(|(company, report)| Some((company.name.as_str(), report.first()?)))
    }
}

/// Opens the logs in a backup for reading. There are no keys in it, so nothing sealed is opened.
pub fn open(folder: &Path) -> Store {
    Store::new(Db::open_unchanging(&folder.join(DATABASE)), MasterKey::new([0; 32]))
}

/// Checks every log of a backup, and that it ends where the manifest says. `progress` is told how many events of a log were checked,
/// and of how many.
pub async fn check(folder: &Path, checks: &Checks, progress: &mut (dyn FnMut(i64, i64) + Send)) -> Result<BackupChecked, BackupError> {
    let manifest = Manifest::read(folder, Kind::Backup)?;
    let store = open(folder);
    let checks = checks.clone().without_keys();
    let mut reports = Vec::new();
    for company in &manifest.companies {
        let mut report = verify_at(&store, company.company, &checks, &desk::effects_of, progress).await?;
        let ends = ends_as_said(&store, company, &report).await?;
        report.findings.extend(ends);
        report.findings.sort_by_key(|finding| finding.position);
        reports.push(report);
    }
    store.db.close().await;
    Ok(BackupChecked { manifest, reports })
}

/// A log of the backup must be the one the manifest names, and end there.
async fn ends_as_said(store: &Store, company: &Company, report: &Report) -> Result<Option<Finding>, BackupError> {
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
