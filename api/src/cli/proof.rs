//! `leadtrail proof`: that an event is in the log, and that the log only grew.

use super::error::Code;
use super::output::{print, print_json};
use super::table::grouped;
use super::{CliError, Place, Verdict};
use crate::proofs::{ConsistencyProof, InclusionProof, ProofError, consistency, inclusion};
use clap::{Args, Subcommand};
use eventstore::Hash;

/// Prove that an event is in the log, or that the log only grew (RFC 9162)
#[derive(Debug, Args)]
pub struct Proof {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// That an event is in the log
    Event {
        /// Its position
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        position: i64,
        /// Among the first so many events. Default: those of the newest checkpoint that has it, or all
        #[arg(long, value_name = "EVENTS", value_parser = clap::value_parser!(i64).range(1..))]
        size: Option<i64>,
    },
    /// That the log only grew between two sizes, such as those of two checkpoints
    Growth {
        /// How many events it had earlier
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        from: i64,
        /// How many it had later. Default: those of the newest checkpoint, or all
        #[arg(value_parser = clap::value_parser!(i64).range(1..))]
        to: Option<i64>,
    },
}

impl Proof {
    /// Prints it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        let company = place.one(&app).await?;
        match self.what {
            What::Event { position, size } => {
                let proof = inclusion(&app, company.id, position, size).await?;
                if place.json { print_json(&proof)? } else { print(&event(&proof))? }
            }
            What::Growth { from, to } => {
                let proof = consistency(&app, company.id, from, to).await?;
                if place.json { print_json(&proof)? } else { print(&growth(&proof))? }
            }
        }
        Ok(Verdict::Well)
    }
}

fn event(proof: &InclusionProof) -> String {
    let InclusionProof { position, hash, leaf, size, root, path, checkpoint } = proof;
    let checkpoint = checkpoint.as_deref().map_or("no checkpoint of this size was signed\n".to_owned(), |note| format!("signed in this checkpoint:\n\n{note}"));
    let (position, size, path) = (grouped(*position), grouped(*size), lines(path));
    format!("event at position {position}\n  hash {hash}\n  leaf {leaf}\nis in the log of {size} events\n  root {root}\nby this path:\n{path}{checkpoint}")
}

fn growth(proof: &ConsistencyProof) -> String {
    let ConsistencyProof { from, to, from_root, to_root, path } = proof;
    let (from, to, path) = (grouped(*from), grouped(*to), lines(path));
    format!("the log of {to} events\n  root {to_root}\nbegins with the {from} events\n  root {from_root}\nby this path:\n{path}")
}

fn lines(path: &[Hash]) -> String {
    path.iter().map(|hash| format!("  {hash}\n")).collect()
}

impl From<ProofError> for CliError {
    fn from(error: ProofError) -> CliError {
        match error {
            ProofError::Store(error) => error.into(),
            ProofError::NoEvent { .. } => CliError::new(Code::UnknownEvent, error.to_string()),
            ProofError::Size { .. } => CliError::usage(error.to_string()),
        }
    }
}
