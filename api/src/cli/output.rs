//! Results go to the standard output, everything said to people about them to the standard error.

use super::CliError;
use super::error::Code;
use serde::Serialize;
use std::io::{self, Write};

/// Writes a result.
pub fn print(text: &str) -> Result<(), CliError> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes()).and_then(|()| out.flush()).map_err(|error| CliError::output(&error))
}

/// Writes a piece of a result. Nobody reading it is no reason to stop what is under way.
pub fn print_in_passing(text: &str) {
    if print(text).is_err() {}
}

/// Writes a result for programs: JSON in one line.
pub fn print_json(value: &impl Serialize) -> Result<(), CliError> {
    let text = serde_json::to_string(value).map_err(|error| CliError::new(Code::Internal, format!("the result cannot be written as JSON: {error}")))?;
    print(&format!("{text}\n"))
}

/// Says something to people. When nobody can hear it, that is no reason to stop.
pub fn say(text: &str) {
    if writeln!(io::stderr().lock(), "{text}").is_err() {}
}
