//! Why a subcommand could not be done: one line that says what is wrong and what to do next.

use crate::app::{CompanyError, ExecuteError};
use eventstore::{StoreError, WriteError};
use std::io;
use std::path::Path;

/// A subcommand could not be done.
#[derive(Debug, thiserror::Error)]
pub enum CliError {
    /// What was typed makes no sense.
    #[error("{0}")]
    Usage(String),
    /// It could not be done, and why.
    #[error("{0}")]
    Failed(String),
    /// No company, or not the one, could be told from what was typed.
    #[error("{0}{hint}", hint = hint(.0))]
    Company(#[source] CompanyError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody takes our output.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
}

fn hint(error: &CompanyError) -> &'static str {
    match error {
        CompanyError::Several(_) => " (--company NAME)",
        _ => "",
    }
}

impl From<CompanyError> for CliError {
    fn from(error: CompanyError) -> CliError {
        match error {
            CompanyError::Store(error) => CliError::Store(error),
            error => CliError::Company(error),
        }
    }
}

impl From<ExecuteError> for CliError {
    fn from(error: ExecuteError) -> CliError {
        match error {
            WriteError::Refused(refusal) => CliError::Failed(refusal.to_string()),
            WriteError::Unavailable(error) => CliError::Store(error),
            error => CliError::Failed(error.to_string()),
        }
    }
}

impl CliError {
    /// A file that cannot be read or written.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> CliError {
        CliError::Failed(format!("cannot {doing} {}: {error}", path.display()))
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self {
            CliError::Usage(_) => 2,
            _ => 3,
        }
    }

    /// The whole error in one line.
    pub fn one_line(&self) -> String {
        self.to_string().split_whitespace().collect::<Vec<_>>().join(" ")
    }
}
