//! `leadtrail restore`: a data folder again, from a backup of the logs and one of the keys.

use super::backup::server_url;
use super::output::print_json;
use super::progress::{Progress, Unit};
use super::table::many;
use super::{CliError, Place, Verdict};
use crate::app::ports::SystemPorts;
use crate::backup::{Company, Restore as Restoring, Restored, Step};
use clap::Args;
use serde::Serialize;
use std::path::PathBuf;
use std::sync::Arc;

/// Put a backup and its keys together again, in a new data folder (--data)
///
/// The logs are checked first, and a damaged backup is refused with its position. Whoever was forgotten since is forgotten again, and
/// the read models are rebuilt, before the data folder gets its name. With a PostgreSQL database, leave --from out: bring the
/// logs back with pg_restore before.
#[derive(Debug, Args)]
pub struct Restore {
    /// The backup of the logs
    #[arg(long, value_name = "DIR")]
    from: Option<PathBuf>,
    /// The backup of the keys: made with that of the logs, or later
    #[arg(long, value_name = "DIR")]
    keys: PathBuf,
    /// The master key, from where you keep it
    #[arg(long, value_name = "FILE")]
    master_key: PathBuf,
    /// The erasure ledger (erasures.jsonl) of the old data folder, where it still exists: it is newer than the one with the keys
    #[arg(long, value_name = "FILE")]
    erasures: Option<PathBuf>,
}

#[derive(Serialize)]
struct Answer {
    companies: Vec<Company>,
    without_logs: Vec<Company>,
    erased_again: usize,
}

impl Restore {
    /// Restores.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let server = server_url(place);
        match (&self.from, server, &place.database_url) {
            (None, None, _) => return Err(CliError::usage("--from names no backup of the logs").hint("only logs on a PostgreSQL server come back without it")),
            (Some(_), Some(_), _) => {
                return Err(CliError::usage("--from holds a SQLite database, and --database-url names a server")
                    .hint("bring the logs back with pg_restore, and leave --from out; or leave --database-url out"));
            }
            (_, None, Some(_)) => {
                return Err(CliError::usage("a backup is restored into a data folder").hint("leave --database-url out, and name the folder with --data"));
            }
            _ => {}
        }
        let has_ledger = self.erasures.is_some();
        let restoring = Restoring {
            from: self.from,
            keys: self.keys,
            master_key: self.master_key,
            ledger: self.erasures,
            data: place.data.clone(),
            database_url: server.map(str::to_owned),
        };
        let mut shown: Option<(Step, Progress)> = None;
        let mut progress = |step: Step, done: i64, total: i64| {
            if shown.as_ref().is_none_or(|(shown, _)| *shown != step) {
                let what = match step {
                    Step::Checking => "checking",
                    Step::Deriving => "claims",
                    Step::Rebuilding => "read models",
                };
                shown = Some((step, Progress::start(place.json, what, Some(0), Unit::Of("events"))));
            }
            if let Some((_, bar)) = &mut shown {
                bar.at_event(done, total);
            }
        };
        let Restored { companies, without_logs, erased_again } = restoring.run(Arc::new(SystemPorts), &mut progress).await?;
        if let Some((_, bar)) = shown {
            bar.finish();
        }
        if place.json {
            print_json(&Answer { companies, without_logs, erased_again })?;
            return Ok(Verdict::Well);
        }
        for company in &companies {
            place.tell(&format!(
                "{}: {}, every hash checked; the log ended at hash {}",
                company.name,
                many(company.position.unsigned_abs(), "event"),
                company.hash
            ));
        }
        for company in &without_logs {
            place.tell(&format!("{}: there are keys of it and no log: it was made after this backup of the logs, and is not restored", company.name));
        }
        place.tell(&format!("{} erased again; the read models are rebuilt", many(erased_again as u64, "contact")));
        if !has_ledger {
            place.tell("whoever was erased after the backup of the keys is known again: erase them again, or restore with the old --erasures");
        }
        place.tell(&format!("{} is ready for `leadtrail serve`", place.data.display()));
        Ok(Verdict::Well)
    }
}
