//! `leadtrail backup`: the logs and the keys, each into a folder of its own, while the service writes.

use super::error::{Code, in_words};
use super::output::print_json;
use super::progress::{Progress, Unit};
use super::table::{grouped, many};
use super::{CliError, Place, Verdict};
use crate::app::SettleError;
use crate::backup::{BackupError, Manifest, back_up, back_up_keys};
use clap::{ArgGroup, Args};
use eventstore::{Db, StoreError};
use serde::Serialize;
use std::path::{Path, PathBuf};

/// Write a backup of the logs, and one of the keys, while the service runs
///
/// Each goes into a new folder, which is there whole or not at all. The logs are of one moment and hold nothing personal that can be
/// read without the keys; keep the keys in another place, and for 30 days at most. The master key is in neither.
#[derive(Debug, Args)]
#[command(arg_required_else_help = true, group = ArgGroup::new("what").args(["out", "keys"]).required(true).multiple(true))]
pub struct Backup {
    /// The folder for the logs of all companies (SQLite; for PostgreSQL see docs/RUNNING.md)
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
    /// The folder for the keys that open what is personal in the logs
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

#[derive(Serialize)]
struct Answer {
    logs: Option<Manifest>,
    keys: Option<Manifest>,
}

impl Backup {
    /// Writes them.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        self.mind_the_data(place)?;
        let app = place.open().await?;
        let logs = match &self.out {
            Some(out) => {
                let database = place.sqlite_file().ok_or_else(not_here)?;
                let mut progress = Progress::start(place.json, "backup", Some(0), Unit::Of("events"));
                let made = back_up(&app, &database, out, &mut |done, total| progress.at_event(done, total)).await?;
                progress.finish();
                let events: i64 = made.companies.iter().map(|company| company.position).sum();
                place.tell(&format!("{}: {} of {}", out.display(), many(events.unsigned_abs(), "event"), companies(&made)));
                Some(made)
            }
            None => None,
        };
        // After the logs, so that every value in them has its key there.
        let keys = match &self.keys {
            Some(out) => {
                let (made, keys) = back_up_keys(&app, out).await?;
                place.tell(&format!("{}: {} of {}; keep it apart from the logs, and for 30 days at most", out.display(), many(keys, "key"), companies(&made)));
                Some(made)
            }
            None => None,
        };
        if keys.is_none() {
            place.tell("the keys are not in it; without a backup of them (--keys) nothing personal in these logs can be read again");
        }
        if place.json {
            print_json(&Answer { logs, keys })?;
        }
        Ok(Verdict::Well)
    }

    /// Neither folder may lie among the data, nor one in the other.
    fn mind_the_data(&self, place: &Place) -> Result<(), CliError> {
        for (option, path) in [("--out", &self.out), ("--keys", &self.keys)] {
            let Some(path) = path else { continue };
            place.mind_the_data(option, path)?;
        }
        if let (Some(out), Some(keys)) = (&self.out, &self.keys)
            && (out.starts_with(keys) || keys.starts_with(out))
        {
            return Err(CliError::usage("--out and --keys name the same folder, or one in the other").hint("who has both can read everything: keep them apart"));
        }
        Ok(())
    }
}

fn companies(made: &Manifest) -> String {
    match made.companies.len() {
        1 => "1 company".into(),
        count => format!("{} companies", grouped(count as i64)),
    }
}

fn not_here() -> CliError {
    CliError::usage("--out copies a SQLite database, and this one is on a server")
        .hint("back it up with pg_dump as docs/RUNNING.md says, and the keys with --keys alone")
}

impl From<BackupError> for CliError {
    fn from(error: BackupError) -> CliError {
        let text = error.to_string();
        let bad = |hint: &str| CliError::new(Code::BadFile, text.clone()).hint(hint);
        match error {
            BackupError::File { doing, path, source } => file(doing, &path, &source),
            BackupError::NotABackup { .. } => bad("name the folder that `leadtrail backup` made: --out made that of the logs, --keys that of the keys"),
            BackupError::Damaged { .. } => bad("take another backup; nothing was restored from this one"),
            BackupError::DamagedLogs { .. } => bad("make the database anew and bring the logs back from an older dump; no keys were put there"),
            BackupError::NoLogs { .. } => CliError::new(Code::NoData, text.clone())
                .hint("bring them back first with `pg_restore --exit-on-error --dbname=URL DUMP`, or check --database-url; nothing was made there"),
            BackupError::InUse { .. } => {
                CliError::new(Code::Database, text.clone()).hint("restore into a new database: `createdb`, `pg_restore`, then this; nothing was changed here")
            }
            BackupError::OtherKeys { .. } => bad("take keys that were backed up with these logs or later; nothing was restored"),
            BackupError::Store(error @ StoreError::WrongMasterKey(_)) => {
                CliError::new(Code::BadFile, error.to_string()).hint("name the master key of the data that was backed up with --master-key")
            }
            BackupError::Store(error) | BackupError::Settle(SettleError::Store(error)) => error.into(),
            BackupError::Settle(error) => CliError::new(Code::File, error.to_string()),
            BackupError::ReadModel(error) => error.into(),
        }
    }
}

fn file(doing: &str, path: &Path, error: &std::io::Error) -> CliError {
    CliError::new(Code::File, format!("cannot {doing} {}: {}", path.display(), in_words(error)))
}

/// The address of a server, when the data is kept by one.
pub(super) fn server_url(place: &Place) -> Option<&str> {
    place.database_url.as_deref().filter(|url| Db::sqlite_file(url).is_none())
}
