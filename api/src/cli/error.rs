//! Why a subcommand could not be done: what is wrong, and what to do next.

use crate::app::{CompanyError, ExecuteError};
use eventstore::{StoreError, WriteError};
use serde::Serialize;
use std::io;
use std::path::Path;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $code:literal)*) => {
        /// Every reason for which a subcommand fails. The form for programs is [`Code::as_str`]; docs/RUNNING.md lists them.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// All of them.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as programs read it.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }
        }
    };
}

codes! {
    /// The command line is wrong.
    Usage "usage"
    /// There is no Leadtrail data at this place.
    NoData "no_data"
    /// There is no company yet.
    NoCompany "no_company"
    /// There is no company of this name.
    UnknownCompany "unknown_company"
    /// There are several companies, and none was named.
    SeveralCompanies "several_companies"
    /// A company of this name is there already.
    CompanyExists "company_exists"
    /// The company has no zone and currency yet.
    NoSettings "no_settings"
    /// The company has no such contact.
    UnknownContact "unknown_contact"
    /// The log has no such event.
    UnknownEvent "unknown_event"
    /// The log is not the one that was signed.
    LogDiverged "log_diverged"
    /// The service refuses what was asked or sent; the message begins with the problem's code.
    Refused "refused"
    /// A file or folder cannot be read or written.
    File "file"
    /// A file is not what it should be.
    BadFile "bad_file"
    /// The database cannot be reached or opened, or failed.
    Database "database"
    /// The company's log holds an event that this version does not know.
    UnreadableLog "unreadable_log"
    /// The end of the company's log does not hold.
    DamagedLog "damaged_log"
    /// A read model cannot be made.
    ReadModel "read_model"
    /// Another process writes to the same SQLite database.
    InUse "in_use"
    /// The address to listen on cannot be had.
    Listen "listen"
    /// Nobody takes our output.
    Output "output"
    /// A fault of the product.
    Internal "internal"
}

/// A subcommand could not be done.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub struct CliError {
    /// Which kind of failure it is.
    pub code: Code,
    /// What is wrong.
    pub message: String,
    /// What to do next, where that is not said by the message.
    pub hint: Option<String>,
    /// Whoever read our output has seen enough.
    pub is_broken_pipe: bool,
}

impl CliError {
    /// A failure.
    pub fn new(code: Code, message: impl Into<String>) -> CliError {
        CliError { code, message: message.into(), hint: None, is_broken_pipe: false }
    }

    /// Says what to do next.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> CliError {
        CliError { hint: Some(hint.into()), ..self }
    }

    /// Says what became of it, before what to do next.
    #[must_use]
    pub fn after(self, outcome: &str) -> CliError {
        let hint = match &self.hint {
            Some(hint) => format!("{outcome}; {hint}"),
            None => outcome.to_owned(),
        };
        self.hint(hint)
    }

    /// What was typed makes no sense.
    pub fn usage(message: impl Into<String>) -> CliError {
        CliError::new(Code::Usage, message)
    }

    /// A file or folder that cannot be read or written.
    pub fn file(doing: &str, path: &Path, error: &io::Error) -> CliError {
        CliError::new(Code::File, format!("cannot {doing} {}: {}", path.display(), in_words(error)))
    }

    /// What we write goes nowhere.
    pub fn output(error: &io::Error) -> CliError {
        let failed = CliError::new(Code::Output, format!("the output cannot be written: {}", in_words(error)));
        CliError { is_broken_pipe: error.kind() == io::ErrorKind::BrokenPipe, ..failed }
    }

    /// The process's exit code.
    pub fn exit_code(&self) -> u8 {
        match self.code {
            Code::Usage => 2,
            _ => 3,
        }
    }

    /// For people: what is wrong in one line and, below it, what to do next.
    pub fn for_people(&self) -> String {
        let in_one_line = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
        let hint = self.hint.iter().map(|hint| format!("\n  {}", in_one_line(hint)));
        [format!("leadtrail: {}", in_one_line(&self.message))].into_iter().chain(hint).collect()
    }

    /// For programs: one JSON object in one line.
    pub fn for_programs(&self) -> String {
        #[derive(Serialize)]
        struct Failure<'a> {
            code: &'a str,
            message: &'a str,
            hint: Option<&'a str>,
        }
        let failure = Failure { code: self.code.as_str(), message: &self.message, hint: self.hint.as_deref() };
        serde_json::to_string(&failure).unwrap_or_else(|_| format!("{{\"code\":\"{}\"}}", self.code.as_str()))
    }
}

/// What the system said, without its number.
pub fn in_words(error: &(impl ToString + ?Sized)) -> String {
    let text = error.to_string();
    text.split(" (os error ").next().unwrap_or_default().to_owned()
}

impl From<CompanyError> for CliError {
    fn from(error: CompanyError) -> CliError {
        let named = |names: &[String]| names.iter().map(|name| format!("“{name}”")).collect::<Vec<_>>().join(", ");
        match error {
            CompanyError::None => {
                CliError::new(Code::NoCompany, "there is no company yet").hint("`leadtrail demo` makes one, and `leadtrail import` brings one in")
            }
            CompanyError::Unknown { wanted, known } => {
                CliError::new(Code::UnknownCompany, format!("there is no company “{wanted}”")).hint(format!("there are: {}", named(&known)))
            }
            CompanyError::Ambiguous { wanted, ids } => CliError::new(Code::SeveralCompanies, format!("there are several companies “{wanted}”"))
                .hint(format!("say which by its id with --company ID: {}", ids.join(", "))),
            CompanyError::Several(known) => {
                CliError::new(Code::SeveralCompanies, "there are several companies").hint(format!("say which with --company NAME: {}", named(&known)))
            }
            CompanyError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for CliError {
    fn from(error: StoreError) -> CliError {
        let failed = CliError::new(Code::Database, error.to_string());
        match error {
            StoreError::CompanyNameTaken { .. } | StoreError::CompanyExists(_) => CliError { code: Code::CompanyExists, ..failed }
                .hint("`leadtrail companies` lists the companies; run it again to go on with that one, or take another name"),
            StoreError::Unreadable(_) => CliError { code: Code::UnreadableLog, ..failed }
                .hint("use the version that wrote it; `leadtrail export` and `leadtrail verify` work with this one too"),
            StoreError::Damaged { .. } => CliError { code: Code::DamagedLog, ..failed },
            StoreError::Diverged(_) => CliError { code: Code::LogDiverged, ..failed }.hint(
                "it was put back from a backup, or altered: `leadtrail verify` says more, and docs/RUNNING.md what to do (“When the log is not the one that was signed”)",
            ),
            StoreError::StorageFull { .. } => failed.hint("make room on the disk and run it again"),
            error if error.closed().is_some() => failed.hint("the database stopped answering; when it is back, run it again"),
            error if error.is_transient() => failed.hint("others were busy in the same place; run it again"),
            _ => failed,
        }
    }
}

impl From<ExecuteError> for CliError {
    fn from(error: ExecuteError) -> CliError {
        match error {
            WriteError::Unavailable(error) => error.into(),
            error => CliError::new(Code::Internal, error.to_string()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_stands_in_the_manual() {
        let manual = include_str!("../../../docs/RUNNING.md");
        for code in Code::ALL {
            assert!(manual.contains(&format!("| `{}` |", code.as_str())), "{code:?}");
        }
    }

    #[test]
    fn a_failure_is_two_lines_for_people_and_an_object_for_programs() {
        let failed = CliError::new(Code::NoCompany, "there is\nno company").hint("make one");
        assert_eq!(failed.for_people(), "leadtrail: there is no company\n  make one");
        assert_eq!(failed.for_programs(), r#"{"code":"no_company","message":"there is\nno company","hint":"make one"}"#);
        let unreadable = CliError::file("read", Path::new("x"), &io::Error::from_raw_os_error(2));
        assert_eq!(unreadable.for_people(), "leadtrail: cannot read x: No such file or directory");
    }
}
