//! Backups: a copy of the logs in one folder, the keys in another, and both put together again.
//!
//! A folder of either kind is written under another name and renamed when it is whole. Its manifest says what it holds: each
//! company with where its log ends, and a sum over each file.

mod check;
mod folder;
mod keys;
mod make;
mod manifest;
mod restore;

pub use check::{BackupChecked, Opened, check, open};
pub use make::{back_up, back_up_keys};
pub use manifest::{Company, Kind, Manifest};
pub use restore::{Restore, Restored, Step};

use crate::app::SettleError;
use eventstore::StoreError;
use projections::ProjectionError;
use std::io;
use std::path::{Path, PathBuf};

/// The database in a backup of the logs.
const DATABASE: &str = "leadtrail.db";
/// The wrapped keys in a backup of the keys.
const KEYS: &str = "keys.jsonl";
/// Who was forgotten when the keys were backed up.
const ERASURES: &str = "erasures.jsonl";

/// A backup could not be made, read or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder failed.
    #[error("cannot {doing} {}: {source}", path.display())]
    File {
        /// What was tried.
        doing: &'static str,
        /// With which file.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// It is no backup, or not of the kind that is needed.
    #[error("{} {text}", path.display())]
    NotABackup {
        /// The folder.
        path: PathBuf,
        /// What is wrong with it.
        text: String,
    },
    /// It is not what was written.
    #[error("the backup in {} is damaged: {text}", path.display())]
    Damaged {
        /// The folder.
        path: PathBuf,
        /// Where, and how it shows.
        text: String,
    },
    /// The logs on a server do not hold.
    #[error("the logs in {place} are damaged: {text}")]
    DamagedLogs {
        /// The database.
        place: String,
        /// Where, and how it shows.
        text: String,
    },
    /// The logs were not brought back to the server, or to another database.
    #[error("the logs are not in {place}: {text}")]
    NoLogs {
        /// The database.
        place: String,
        /// What is missing.
        text: String,
    },
    /// The server's database is no place where nothing is yet.
    #[error("there are keys of the company “{company}” in {place} already: it is in use, or a restore was cut short there")]
    InUse {
        /// The database.
        place: String,
        /// A company that has its key.
        company: String,
    },
    /// The keys do not belong to the logs, or are older.
    #[error("the keys in {} do not fit: {text}", path.display())]
    OtherKeys {
        /// The folder of the keys.
        path: PathBuf,
        /// Why.
        text: String,
    },
    /// The database failed, or the master key is another.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Somebody who was forgotten could not be forgotten again.
    #[error(transparent)]
    Settle(#[from] SettleError),
    /// A read model could not be made.
    #[error(transparent)]
    ReadModel(#[from] ProjectionError),
}

/// Says which file failed, and at what.
fn at<'a>(doing: &'static str, path: &'a Path) -> impl Fn(io::Error) -> BackupError + use<'a> {
    move |source| BackupError::File { doing, path: path.to_owned(), source }
}
