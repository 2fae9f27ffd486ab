//! `leadtrail import`: what can be brought in.

use super::{CliError, Place, Verdict, import_history::ImportHistory, import_log::ImportLog};
use clap::{Args, Subcommand};

/// Bring in another system's history, or an exported log
#[derive(Debug, Args)]
pub struct Import {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    History(ImportHistory),
    Log(ImportLog),
}

impl Import {
    /// Brings it in.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        match self.what {
            What::History(history) => history.run(place).await,
            What::Log(log) => log.run(place).await,
        }
    }
}
