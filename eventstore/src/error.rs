//! What can go wrong with the store itself: a matter for the operator, never for the person at the screen.

use std::sync::Arc;

use crate::log::{CompanyId, Stream};
use crate::turn::Unreadable;

/// The store could not do what was asked. Cheap to clone, because one failure may answer many callers.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    /// A statement failed; `doing` names it.
    #[error("{doing}: {source}")]
    Database {
        /// The file of the statement, or the step of the connection.
        doing: &'static str,
        /// What the database said.
        source: Arc<sqlx::Error>,
    },
    /// The disk, or the room the database may take on it, is used up.
    #[error("{doing}: the storage is full")]
    StorageFull {
        /// The statement that found out.
        doing: &'static str,
    },
    /// The disk could not keep a commit. What it holds now is not known, so nothing is written to it any more.
    #[error("the disk failed to keep a commit; nothing more is written until the service is started again")]
    DiskFailed,
    /// The connection broke while a commit was under way, and it could not be learned whether it took place.
    #[error("the connection broke during a commit; send the command again with the same key to learn what became of it")]
    OutcomeUnknown,
    /// A value read back is not what the store would have written.
    #[error("{doing}: {text}")]
    Malformed {
        /// The statement, or the place.
        doing: &'static str,
        /// What is wrong with it.
        text: String,
    },
    /// An address that names no database we know.
    #[error("'{0}' is not a database address: give sqlite:PATH or postgres://USER@HOST:PORT/NAME")]
    Address(String),
    /// The database was made by a newer version, or a migration was edited after it ran.
    #[error("the database does not fit this version: {0}")]
    Migration(String),
    /// The company's key was wrapped by another master key.
    #[error("the keys of company {0} cannot be opened: this is not the master key they were made under")]
    WrongMasterKey(CompanyId),
    /// The company's key is not there, as in logs that were put back without their keys.
    #[error("the keys of company {0} are missing")]
    NoKeys(CompanyId),
    /// A key was brought for what stands in the log already, and was taken in without it: claims and read models were made so.
    #[error("the event at position {0} stands here already, and was taken in without its key")]
    KeyTooLate(i64),
    /// Something personal was to be recorded of a thing that was erased.
    #[error("{0} was erased; nothing personal can be recorded of it again")]
    Erased(Stream),
    /// There is no log for this company.
    #[error("there is no company {0}")]
    UnknownCompany(CompanyId),
    /// A company is made once.
    #[error("company {0} exists already")]
    CompanyExists(CompanyId),
    /// No two companies have one name.
    #[error("a company “{name}” exists already")]
    CompanyNameTaken {
        /// The name as that company has it.
        name: String,
        /// That company.
        by: CompanyId,
    },
    /// Someone else moved the head, although it was held.
    #[error("the log grew past position {0} while it was held for writing")]
    HeadMoved(i64),
    /// An imported log is not a continuation of the one here, or was altered.
    #[error("position {position} cannot be taken over: {text}")]
    BrokenLog {
        /// The first position that does not fit.
        position: i64,
        /// Why.
        text: String,
    },
    /// The end of a log does not hold: it was altered, or a part of it was lost.
    #[error("the log is damaged at position {position}: {text} ({rule}); run `leadtrail verify`, and bring the log back from a backup")]
    Damaged {
        /// The first position that does not hold.
        position: i64,
        /// The rule it breaks.
        rule: &'static str,
        /// What was found.
        text: String,
    },
    /// The log is not the one whose end was signed: it was restored from a backup, or altered.
    #[error("the log does not continue what was signed: {0}")]
    Diverged(String),
    /// An event of the log cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// A follower failed without having set a savepoint. The batch is made again, and it follows with care.
    #[error("a follower stumbled: {0}")]
    Stumbled(String),
    /// Code lent to the writer panicked. What it was doing was rolled back.
    #[error("a decision or a follower stopped by a fault of its own: {0}")]
    Panicked(String),
    /// The company's writer was stopped.
    #[error("the service is stopping")]
    Stopped,
}

/// Why a database could not be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Closed {
    /// No server answers at the address.
    NoAnswer,
    /// The server refuses the user or the password.
    Login,
    /// The server has no database of this name.
    NoSuchDatabase,
    /// The file is something else than a SQLite database.
    OtherFile,
    /// The file cannot be opened, or its folder is missing.
    Path,
}

impl StoreError {
    /// Names the statement that failed, and tells a full disk from everything else.
    pub(crate) fn database(doing: &'static str, source: sqlx::Error) -> Self {
        if is_storage_full(&source) {
            return Self::StorageFull { doing };
        }
        Self::Database { doing, source: Arc::new(source) }
    }

    /// A value that should not be there.
    pub fn malformed(doing: &'static str, text: impl Into<String>) -> Self {
        Self::Malformed { doing, text: text.into() }
    }

    /// Whether it is the log itself that cannot be built on, so that trying again is of no use.
    pub fn is_about_the_log(&self) -> bool {
        matches!(self, Self::Damaged { .. } | Self::Unreadable(_))
    }

    /// Whether something stored cannot be read as it was written: the file is damaged, or a value is none that we write.
    pub fn is_damage(&self) -> bool {
        match self {
            Self::Malformed { .. } => true,
            Self::Database { source, .. } => match &**source {
                sqlx::Error::ColumnDecode { .. } | sqlx::Error::Decode(_) => true,
                // SQLITE_CORRUPT in its various forms; data_corrupted, index_corrupted
                sqlx::Error::Database(said) => {
                    said.code().is_some_and(|code| matches!(&*code, "XX001" | "XX002") || code.parse().is_ok_and(|code: u32| code & 0xFF == 11))
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// Why the database could not be opened, where that is what happened.
    pub fn closed(&self) -> Option<Closed> {
        let Self::Database { source, .. } = self else { return None };
        match &**source {
            sqlx::Error::Io(_) | sqlx::Error::Tls(_) | sqlx::Error::Protocol(_) | sqlx::Error::PoolTimedOut => Some(Closed::NoAnswer),
            sqlx::Error::Database(said) => match said.code().as_deref() {
                // invalid_password, invalid_authorization_specification, invalid_catalog_name
                Some("28P01" | "28000") => Some(Closed::Login),
                Some("3D000") => Some(Closed::NoSuchDatabase),
                // SQLITE_NOTADB, SQLITE_CANTOPEN
                Some("26") => Some(Closed::OtherFile),
                Some("14") => Some(Closed::Path),
                _ => None,
            },
            _ => None,
        }
    }

    /// What the database itself said, without what we were doing.
    pub fn said(&self) -> String {
        match self {
            Self::Database { source, .. } => match &**source {
                sqlx::Error::Database(said) => said.message().to_owned(),
                sqlx::Error::Io(error) => error.to_string(),
                sqlx::Error::PoolTimedOut => "it did not answer in time".to_owned(),
                error => error.to_string(),
            },
            error => error.to_string(),
        }
    }

    /// Whether the same work may succeed when tried again. Only asked for work that surely was not committed.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database { source, .. } => is_transient(source),
            Self::HeadMoved(_) | Self::Stumbled(_) => true,
            _ => false,
        }
    }

    /// Whether the database refused what it was given, so that other values would fare better.
    pub fn is_about_values(&self) -> bool {
        match self {
            Self::Database { source, .. } => matches!(**source, sqlx::Error::Database(_)) && !is_transient(source) && !is_of_the_place(source),
            _ => false,
        }
    }

    /// Whether a lock was waited for in vain: for long, so that whoever waits for the answer should hear of it first.
    pub(crate) fn is_lock_timeout(&self) -> bool {
        match self {
            Self::Database { source, .. } => {
                matches!(&**source, sqlx::Error::Database(said) if said.code().is_some_and(|code| code == "55P03" || is_sqlite_busy(&code)))
            }
            _ => false,
        }
    }

    /// Whether SQLite was told by the disk that what was written is not safe.
    pub(crate) fn is_failed_sync(&self) -> bool {
        match self {
            Self::Database { source, .. } => sqlite_code(source).is_some_and(|code| FAILED_SYNC.contains(&code)),
            _ => false,
        }
    }

    /// Whether the connection is at fault rather than what was said over it.
    pub(crate) fn is_connection(&self) -> bool {
        match self {
            Self::Database { source, .. } => match &**source {
                sqlx::Error::Io(_) | sqlx::Error::Protocol(_) | sqlx::Error::BeginFailed => true,
                sqlx::Error::Database(said) => said.code().is_some_and(|code| CONNECTION.contains(&code.as_ref())),
                _ => false,
            },
            _ => false,
        }
    }
}

/// SQLSTATEs of PostgreSQL after which the connection is no longer of use.
const CONNECTION: [&str; 6] = ["08000", "08003", "08006", "57P01", "57P02", "25P03"];

/// SQLSTATEs after which the same transaction may be tried again on another connection.
const TRANSIENT: [&str; 12] = ["40001", "40P01", "55P03", "08000", "08003", "08006", "57P01", "57P02", "57P03", "25006", "25P03", "53300"];

fn is_transient(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Io(_) | sqlx::Error::BeginFailed | sqlx::Error::WorkerCrashed => true,
        sqlx::Error::Protocol(text) => text.contains("unexpected end of file") || text.contains("closed"),
        sqlx::Error::Database(said) => said.code().is_some_and(|code| {
            TRANSIENT.contains(&code.as_ref())
                || is_sqlite_busy(&code)
                // A cluster's coordinator reports a lost worker under the catch-all code.
                || (code == "XX000" && (said.message().contains("connection") || said.message().contains("postmaster")))
        }),
        _ => false,
    }
}

/// SQLITE_IOERR_FSYNC and SQLITE_IOERR_DIR_FSYNC.
const FAILED_SYNC: [u32; 2] = [1034, 1290];

/// SQLITE_BUSY and SQLITE_LOCKED, with any extension in the higher bytes. (SQLSTATEs have five characters.)
fn is_sqlite_busy(code: &str) -> bool {
    code.len() < 5 && code.parse::<u32>().is_ok_and(|code| matches!(code & 0xff, 5 | 6))
}

/// SQLITE_IOERR, SQLITE_CORRUPT and SQLITE_CANTOPEN; of PostgreSQL, the end of resources or of the operator's patience, and system
/// errors. Other values would fare no better.
fn is_of_the_place(error: &sqlx::Error) -> bool {
    let server = |code: &str| ["53", "57", "58"].iter().any(|class| code.starts_with(class));
    let said = || matches!(error, sqlx::Error::Database(said) if said.code().is_some_and(|code| server(&code)));
    sqlite_code(error).map_or_else(said, |code| matches!(code & 0xff, 10 | 11 | 14))
}

/// The code of SQLite, with its extension. (SQLSTATEs have five characters.)
fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    let sqlx::Error::Database(said) = error else { return None };
    said.code().filter(|code| code.len() < 5).and_then(|code| code.parse().ok())
}

/// SQLITE_FULL, and PostgreSQL's disk_full.
fn is_storage_full(error: &sqlx::Error) -> bool {
    match error {
        sqlx::Error::Database(said) => said.code().is_some_and(|code| code == "13" || code == "53100"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The list of SQL-RULES 19; whatever else the database says is an answer, not an accident.
    #[test]
    fn what_may_be_tried_again_is_a_closed_list() {
        let mut listed = TRANSIENT;
        listed.sort_unstable();
        assert_eq!(listed, ["08000", "08003", "08006", "25006", "25P03", "40001", "40P01", "53300", "55P03", "57P01", "57P02", "57P03"]);
        assert!(CONNECTION.iter().all(|code| TRANSIENT.contains(code)));
        assert!(is_sqlite_busy("5") && is_sqlite_busy("517") && is_sqlite_busy("6") && !is_sqlite_busy("19") && !is_sqlite_busy("08005"));
    }
}
