//! Puts a backup and its keys together again, in an empty place. Nothing can be served from there before all of it is done.

use super::folder::Part;
use super::{BackupError, Company, DATABASE, ERASURES, KEYS, Kind, Manifest, at, check, keys};
use crate::app::{App, DataFolder, Erasure, Ledger, desk, private, read_master_key};
use eventstore::{Checks, CompanyId, Db, Ports, Store, verify_at};
use projections::PROJECTIONS;
use std::collections::HashSet;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// From what a data folder is made again.
#[derive(Debug)]
pub struct Restore {
    /// The backup of the logs; without it the logs are in `database_url` already, brought back by the server's own tools.
    pub from: Option<PathBuf>,
    /// The backup of the keys; as old as that of the logs, or newer.
    pub keys: PathBuf,
    /// The master key.
    pub master_key: PathBuf,
    /// The erasure ledger of the old data folder, where it still exists.
    pub ledger: Option<PathBuf>,
    /// The data folder to make.
    pub data: PathBuf,
    /// The database on a server, where the logs are not in a backup of ours.
    pub database_url: Option<String>,
}

/// What is being done, for progress.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The logs are checked.
    Checking,
    /// Claims are derived, and keys of whoever was erased destroyed.
    Deriving,
    /// The read models are rebuilt.
    Rebuilding,
}

/// What was brought back.
#[derive(Debug)]
pub struct Restored {
    /// The companies, with where their logs ended in the backup.
    pub companies: Vec<Company>,
    /// The companies of the keys that these logs do not have: they were made after the backup of the logs.
    pub without_logs: Vec<Company>,
    /// How many contacts were erased again.
    pub erased_again: usize,
}

impl Restore {
    /// Brings everything back. `progress` is told how much of a step was done, and of how much.
    ///
    /// A backup that is damaged, keys that are older than the log, and another master key are refused, and nothing is left behind; so
    /// is a server's database that has no logs of these companies, or has their keys already.
    pub async fn run(&self, ports: Arc<dyn Ports>, progress: &mut (dyn FnMut(Step, i64, i64) + Send)) -> Result<Restored, BackupError> {
        let of_keys = Manifest::read(&self.keys, Kind::Keys)?;
        if let Some(text) = of_keys.altered_file(&self.keys, &[KEYS, ERASURES])? {
            return Err(BackupError::Damaged { path: self.keys.clone(), text });
        }
        let master = read_master_key(&self.master_key).map_err(at("read", &self.master_key))?;
        let erasures = self.erasures()?;
        let part = Part::begin(&self.data).map_err(at("write", &self.data))?;
        if let Some(from) = &self.from {
            copy_checked(from, part.path(), progress).await?;
        }
        let folder = DataFolder::at(part.path());
        let db = Db::open(&self.database_url.clone().unwrap_or_else(|| folder.database_url())).await?;
        let app = App::new(Store::new(db, master), ports).with_ledger(folder.ledger());
        let done = match &self.database_url {
            None => self.put_together(&app, &folder, &of_keys, &erasures, progress).await,
            Some(url) => self.put_together_on_server(&app, &folder, &of_keys, &erasures, &Db::named_by(url), progress).await,
        };
        // Also when it failed: nothing may lie in the folder any more when it is removed.
        app.close().await;
        let restored = done?;
        part.finish().map_err(at("write", &self.data))?;
        Ok(restored)
    }

    /// The same where a server has the logs: it is looked at before anything is made there, and when something fails after all, no key
    /// stays, so that nothing can be served.
    async fn put_together_on_server(
        &self,
        app: &App,
        folder: &DataFolder,
        of_keys: &Manifest,
        erasures: &[Erasure],
        place: &str,
        progress: &mut (dyn FnMut(Step, i64, i64) + Send),
    ) -> Result<Restored, BackupError> {
        let store = &app.store;
        if !store.db.has_tables().await? {
            return Err(BackupError::NoLogs { place: place.to_owned(), text: "it has no tables".into() });
        }
        let companies: Vec<Company> = store.kept().await?.into_iter().map(Company::from).collect();
        if let (Some(first), false) = (of_keys.companies.first(), of_keys.companies.iter().any(|of_keys| has(&companies, of_keys))) {
            let text = format!("it has no log of the company “{}”, nor of any other that the keys are of", first.name);
            return Err(BackupError::NoLogs { place: place.to_owned(), text });
        }
        for company in &companies {
            if store.has_keys(company.company).await? {
                return Err(BackupError::InUse { place: place.to_owned(), company: company.name.clone() });
            }
        }
        check_server(store, &companies, place, progress).await?;
        let done = self.put_together(app, folder, of_keys, erasures, progress).await;
        if done.is_err() {
            app.stop().await;
            for company in &companies {
                store.take_keys_away(company.company).await?;
            }
        }
        done
    }

    /// Adds to the logs, which are there, all that was kept apart from them or is derived.
    async fn put_together(
        &self,
        app: &App,
        folder: &DataFolder,
        of_keys: &Manifest,
        erasures: &[Erasure],
        progress: &mut (dyn FnMut(Step, i64, i64) + Send),
    ) -> Result<Restored, BackupError> {
        let store = &app.store;
        store.db.migrate().await?;
        let companies: Vec<Company> = store.kept().await?.into_iter().map(Company::from).collect();
        self.fit(of_keys, &companies)?;
        let ids: Vec<CompanyId> = companies.iter().map(|company| company.company).collect();
        keys::put_back(store, &ids, &self.keys).await?;
        store.check_keys().await?;
        for company in &ids {
            store.derive_claims(*company, &desk::effects_of, &mut |at, head| progress(Step::Deriving, at, head)).await?;
        }
        copy(&self.master_key, &folder.master_key_file())?;
        folder.ledger().add(erasures).map_err(at("write", &self.data))?;
        let erased_again = app.settle_erasures().await?;
        for company in &ids {
            let names: Vec<_> = PROJECTIONS.iter().map(|projection| projection.name()).collect();
            projections::rebuild(store, *company, &names, &mut |at| progress(Step::Rebuilding, at.events, at.head)).await?;
        }
        let without_logs = of_keys.companies.iter().filter(|of_keys| !has(&companies, of_keys)).cloned().collect();
        Ok(Restored { companies, without_logs, erased_again })
    }

    /// Who was forgotten, by the ledger that is given and by the one that lies with the keys; each once.
    fn erasures(&self) -> Result<Vec<Erasure>, BackupError> {
        let with_keys = self.keys.join(ERASURES);
        let mut seen = HashSet::new();
        let mut all = Vec::new();
        for path in self.ledger.iter().chain([&with_keys]) {
            // One that is named and missing is a mistake: somebody would be known again.
            File::open(path).map_err(at("read", path))?;
            let read = Ledger::at(path).read().map_err(at("read", path))?;
            all.extend(read.into_iter().filter(|erasure| seen.insert((erasure.company, erasure.contact))));
        }
        Ok(all)
    }

    /// The keys must be those of these logs, and reach as far: a value that has none would be lost without a word.
    fn fit(&self, keys: &Manifest, companies: &[Company]) -> Result<(), BackupError> {
        for company in companies {
            let text = match keys.companies.iter().find(|other| other.company == company.company) {
                None => format!("there are none for the company “{}”", company.name),
                Some(other) if other.log_id != company.log_id => format!("those of the company “{}” are of another log", company.name),
                Some(other) if other.position < company.position => {
                    format!("those of the company “{}” reach to position {}, and its log to {}", company.name, other.position, company.position)
                }
                Some(_) => continue,
            };
            return Err(BackupError::OtherKeys { path: self.keys.clone(), text });
        }
        Ok(())
    }
}

fn has(companies: &[Company], wanted: &Company) -> bool {
    companies.iter().any(|company| company.company == wanted.company)
}

/// Checks the logs on a server, where there is no manifest of ours to compare them with.
async fn check_server(store: &Store, companies: &[Company], place: &str, progress: &mut (dyn FnMut(Step, i64, i64) + Send)) -> Result<(), BackupError> {
    let checks = Checks::whole().without_keys();
    for company in companies {
        let report = verify_at(store, company.company, &checks, &desk::effects_of, &mut |done, total| progress(Step::Checking, done, total)).await?;
        if let Some(found) = report.first() {
            return Err(BackupError::DamagedLogs { place: place.to_owned(), text: where_it_shows(&company.name, found) });
        }
    }
    Ok(())
}

/// Checks a backup and copies its database.
async fn copy_checked(from: &Path, folder: &Path, progress: &mut (dyn FnMut(Step, i64, i64) + Send)) -> Result<(), BackupError> {
    let checked = check(from, &Checks::whole(), &mut |done, total| progress(Step::Checking, done, total)).await?;
    if let Some((company, found)) = checked.first() {
        return Err(BackupError::Damaged { path: from.to_owned(), text: where_it_shows(company, found) });
    }
    if let Some(text) = checked.altered {
        return Err(BackupError::Damaged { path: from.to_owned(), text });
    }
    copy(&from.join(DATABASE), &folder.join(DATABASE))
}

fn where_it_shows(company: &str, found: &eventstore::Finding) -> String {
    format!("company “{company}”, position {}: {} ({})", found.position, found.text, found.rule)
}

/// Copies a file for its owner alone, and sees to it that it is on the disk.
fn copy(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = File::open(from).map_err(at("read", from))?;
    let mut file = private(to).map_err(at("write", to))?;
    io::copy(&mut source, &mut file).and_then(|_| file.sync_all()).map_err(at("write", to))
}
