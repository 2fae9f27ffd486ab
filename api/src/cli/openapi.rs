//! `leadtrail openapi`: the description of the HTTP interface.

use super::error::Code;
use super::output::print_exactly;
use super::{CliError, Verdict};
use clap::Args;

/// Print the OpenAPI description of the HTTP interface
#[derive(Debug, Args)]
pub struct Openapi {}

impl Openapi {
    /// Prints it.
    pub fn run(self) -> Result<Verdict, CliError> {
        let text = serde_json::to_string_pretty(&crate::http::openapi());
        let text = text.map_err(|error| CliError::new(Code::Internal, format!("the description cannot be written: {error}")))?;
        print_exactly(&format!("{text}\n"))?;
        Ok(Verdict::Well)
    }
}
