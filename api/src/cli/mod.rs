//! The command line: what every subcommand shares, and the list of them. One file per subcommand.

mod companies;
mod demo;
mod error;
mod export;
mod figures;
mod import;
mod import_history;
mod import_log;
mod openapi;
mod output;
mod place;
mod progress;
mod rebuild;
mod serve;
mod table;
mod timeline;
mod verify;

pub use error::CliError;

use clap::{Parser, Subcommand};
use output::say;
use place::Place;
use std::process::ExitCode;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, and all is well
  1  done, and something is wrong with what was looked at: lines of an import were refused, a check found something
  2  the command line is wrong
  3  it could not be done: no such company, a file or the database cannot be reached

Without --database-url the data is kept by SQLite in the data folder. Results go to the standard output, everything else to the
standard error. `leadtrail help COMMAND` explains one command.";

/// Keeps every change to a lead, meeting, quote and sale as an event, and computes everything else from that log.
#[derive(Debug, Parser)]
#[command(name = "leadtrail", version, after_help = EXIT_CODES, propagate_version = true)]
struct Cli {
    #[command(flatten)]
    place: Place,
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Serve),
    Demo(demo::Demo),
    Import(import::Import),
    Export(export::Export),
    Rebuild(rebuild::Rebuild),
    Verify(verify::Verify),
    Figures(figures::Figures),
    Timeline(timeline::Timeline),
    Companies(companies::Companies),
    Openapi(openapi::Openapi),
}

/// How something that was done came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    /// All is well.
    Well,
    /// Something is wrong with what was looked at, and it was said.
    Wanting,
}

impl Verdict {
    fn of(well: bool) -> Verdict {
        if well { Verdict::Well } else { Verdict::Wanting }
    }
}

/// Reads the command line, does what it says, and gives the exit code.
pub async fn main() -> ExitCode {
    let Cli { place, command } = Cli::parse();
    log_to_stderr(matches!(command, Command::Serve(_)));
    let done = match command {
        Command::Serve(command) => command.run(&place).await,
        Command::Demo(command) => command.run(&place).await,
        Command::Import(command) => command.run(&place).await,
        Command::Export(command) => command.run(&place).await,
        Command::Rebuild(command) => command.run(&place).await,
        Command::Verify(command) => command.run(&place).await,
        Command::Figures(command) => command.run(&place).await,
        Command::Timeline(command) => command.run(&place).await,
        Command::Companies(command) => command.run(&place).await,
        Command::Openapi(command) => command.run(),
    };
    match done {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::Wanting) => ExitCode::from(1),
        // Whoever read our output has seen enough.
        Err(CliError::Output(error)) if error.kind() == std::io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            say(&format!("leadtrail: {}", error.one_line()));
            ExitCode::from(error.exit_code())
        }
    }
}

/// The service tells what it does; a command says what went wrong in its one line, and more only when asked.
fn log_to_stderr(serving: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LEADTRAIL_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(if serving { "info" } else { "off" }));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_makes_sense() {
        Cli::command().debug_assert();
    }

    #[test]
    fn where_the_data_lies_may_be_said_before_and_after_the_command() {
        for line in [["leadtrail", "--data", "x", "companies"], ["leadtrail", "companies", "--data", "x"]] {
            assert_eq!(Cli::try_parse_from(line).unwrap().place.data, std::path::Path::new("x"));
        }
    }
}
