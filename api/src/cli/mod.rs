//! The command line: what every subcommand shares, and the list of them. One file per subcommand.

mod backup;
mod checkpoint;
mod companies;
mod dashboard;
mod demo;
mod error;
mod export;
mod figures;
mod get;
mod import;
mod import_history;
mod import_log;
mod input;
mod openapi;
mod output;
mod pack;
mod place;
mod progress;
mod proof;
mod rebuild;
mod request;
mod restore;
mod send;
mod serve;
mod table;
mod timeline;
mod verify;
mod verify_backup;
mod verify_checkpoints;
mod verify_log;
mod verify_pack;

pub use error::CliError;

use clap::error::ErrorKind;
use clap::{Parser, Subcommand};
use output::{say, say_exactly};
use place::Place;
use std::io::IsTerminal;
use std::process::ExitCode;

const EXIT_CODES: &str = "\
Exit codes:
  0  done, and all is well
  1  done, and something is wrong with what was looked at:
     lines of an import were refused, a check found something
  2  the command line is wrong
  3  it could not be done: no such company, no data there,
     a file or the database cannot be reached

Without --database-url the data is kept by SQLite in the data folder.
Results go to the standard output, everything else to the standard error.
`leadtrail help COMMAND` explains one command.";

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
    Backup(backup::Backup),
    Restore(restore::Restore),
    Get(get::Get),
    Send(send::Send),
    Figures(figures::Figures),
    Dashboard(dashboard::Show),
    Timeline(timeline::Timeline),
    Pack(pack::Pack),
    Proof(proof::Proof),
    Checkpoint(checkpoint::Checkpoint),
    Companies(companies::Companies),
    Openapi(openapi::Openapi),
}

impl Command {
    fn is_about_a_company(&self) -> bool {
        match self {
            Command::Import(_)
            | Command::Export(_)
            | Command::Rebuild(_)
            | Command::Verify(_)
            | Command::Figures(_)
            | Command::Dashboard(_)
            | Command::Timeline(_) => true,
            Command::Pack(_) | Command::Proof(_) | Command::Checkpoint(_) | Command::Get(_) | Command::Send(_) => true,
            Command::Serve(_) | Command::Demo(_) | Command::Companies(_) | Command::Openapi(_) | Command::Backup(_) | Command::Restore(_) => false,
        }
    }
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
    #[cfg(feature = "failpoints")]
    crate::app::fail_points::arm();
    let Cli { place, command } = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return not_understood(&error),
    };
    log_to_stderr(matches!(command, Command::Serve(_)));
    let done = match command {
        command if place.company.is_some() && !command.is_about_a_company() => Err(no_company_here(&command)),
        Command::Serve(command) => command.run(&place).await,
        Command::Demo(command) => command.run(&place).await,
        Command::Import(command) => command.run(&place).await,
        Command::Export(command) => command.run(&place).await,
        Command::Rebuild(command) => command.run(&place).await,
        Command::Verify(command) => command.run(&place).await,
        Command::Backup(command) => command.run(&place).await,
        Command::Restore(command) => command.run(&place).await,
        Command::Get(command) => command.run(&place).await,
        Command::Send(command) => command.run(&place).await,
        Command::Figures(command) => command.run(&place).await,
        Command::Dashboard(command) => command.run(&place).await,
        Command::Timeline(command) => command.run(&place).await,
        Command::Pack(command) => command.run(&place).await,
        Command::Proof(command) => command.run(&place).await,
        Command::Checkpoint(command) => command.run(&place).await,
        Command::Companies(command) => command.run(&place).await,
        Command::Openapi(command) => command.run(),
    };
    match done {
        Ok(Verdict::Well) => ExitCode::SUCCESS,
        Ok(Verdict::Wanting) => ExitCode::from(1),
        Err(error) if error.is_broken_pipe => ExitCode::SUCCESS,
        Err(error) => failed(&error, place.json),
    }
}

fn failed(error: &CliError, json: bool) -> ExitCode {
    if json {
        say_exactly(&error.for_programs())
    } else {
        say(&error.for_people())
    }
    ExitCode::from(error.exit_code())
}

/// The answer to a command line that makes no sense, or that asks for help.
fn not_understood(error: &clap::Error) -> ExitCode {
    let is_help = matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayVersion);
    if is_help || !std::env::args_os().any(|argument| argument == "--json") {
        error.exit();
    }
    let text = error.to_string();
    let what = text.lines().take_while(|line| !line.is_empty()).map(str::trim).collect::<Vec<_>>().join(" ");
    failed(&CliError::usage(what.trim_start_matches("error: ")).hint("`leadtrail help COMMAND` lists what a command takes"), true)
}

fn no_company_here(command: &Command) -> CliError {
    let (name, hint) = match command {
        Command::Demo(_) => ("demo", "--name says what the demo company is called"),
        Command::Serve(_) => ("serve", "it serves every company; leave --company out"),
        Command::Backup(_) => ("backup", "it holds every company; leave --company out"),
        Command::Restore(_) => ("restore", "it brings every company back; leave --company out"),
        Command::Companies(_) => ("companies", "it lists every company; leave --company out"),
        _ => ("openapi", "the description is the same for every company; leave --company out"),
    };
    CliError::usage(format!("`leadtrail {name}` takes no --company")).hint(hint)
}

/// The service tells what it does; a command says what went wrong in its one line, and more only when asked.
fn log_to_stderr(serving: bool) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("LEADTRAIL_LOG");
    let filter = filter.unwrap_or_else(|_| tracing_subscriber::EnvFilter::new(if serving { "info" } else { "off" }));
    // In a file colours are only in the way.
    let ansi = std::io::stderr().is_terminal();
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).with_ansi(ansi).init();
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
    fn shared_options_may_stand_before_and_after_the_command() {
        let shared = ["--data", "x", "--database-url", "sqlite:y", "--company", "Acme", "--json"];
        for (before, after) in [(0..7, 7..7), (0..0, 0..7), (0..4, 4..7)] {
            let line = [&["leadtrail"], &shared[before], &["import", "log", "file"], &shared[after]].concat();
            let place = Cli::try_parse_from(line).unwrap().place;
            assert_eq!(
                (place.data.to_str(), place.database_url.as_deref(), place.company.as_deref(), place.json),
                (Some("x"), Some("sqlite:y"), Some("Acme"), true)
            );
        }
    }
}
