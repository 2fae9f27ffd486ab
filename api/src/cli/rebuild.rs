//! `leadtrail rebuild`: the read models anew, from the first event.

use super::companies::NONE_YET;
use super::error::Code;
use super::output::{print, print_json, say};
use super::progress::{Progress, Unit, per_second};
use super::table::grouped;
use super::{CliError, Place, Verdict};
use crate::app::App;
use clap::Args;
use clap::builder::PossibleValuesParser;
use eventstore::{CompanyEntry, CompanyId, Mark, Store};
use projections::{PROJECTIONS, ProjectionError};
use serde::Serialize;
use std::time::Duration;

/// Make the read models anew from the log, beside the ones in use, and put them in their place
#[derive(Debug, Args)]
pub struct Rebuild {
    /// Only this one
    #[arg(long, value_parser = PossibleValuesParser::new(names()))]
    projection: Option<String>,
    /// Only compare the rows in use with a rebuild, name the first difference, and change nothing. Exit code 1 when there is one
    #[arg(long)]
    check: bool,
    /// Only give up a rebuild that was begun and cut short, and delete its rows; those in use stay as they are
    #[arg(long, conflicts_with = "check")]
    cancel: bool,
}

#[derive(Serialize)]
struct Compared {
    company: CompanyId,
    projection: &'static str,
    difference: Option<Difference>,
}

#[derive(Serialize)]
struct Canceled {
    company: CompanyId,
    projection: &'static str,
    generation: i64,
    /// How many events had been taken in.
    events: i64,
}

/// The first row that differs from its rebuild.
#[derive(Serialize)]
struct Difference {
    table: &'static str,
    key: String,
    stored: Option<String>,
    rebuilt: Option<String>,
    position: i64,
}

#[derive(Serialize)]
struct Rebuilt {
    company: CompanyId,
    projection: &'static str,
    generation: i64,
    /// How many events an interrupted rebuild had taken in before; 0 when there was none.
    from: i64,
    at: Mark,
    digest: String,
    /// How long the rebuild took, with all that were rebuilt together.
    seconds: f64,
}

/// The names of the read models.
pub fn names() -> Vec<&'static str> {
    PROJECTIONS.iter().map(|projection| projection.name()).collect()
}

impl Rebuild {
    /// Rebuilds them.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        let mut done = Vec::new();
        let companies = place.all(&app).await?;
        if companies.is_empty() {
            place.tell(NONE_YET);
        }
        for company in &companies {
            app.check_served(company.id).await.map_err(|error| CliError::from(error).after(&format!("no read model of “{}” was touched", company.name)))?;
        }
        if self.check {
            return self.compare(&app, companies, place).await;
        }
        if self.cancel {
            return self.give_up(&app, companies, place).await;
        }
        for company in companies {
            let names: Vec<_> = self.names().collect();
            let (rebuilt, took) = rebuild(&app.store, company.id, &names, place.json).await?;
            for projections::Rebuilt { name, generation, at, from } in rebuilt {
                let digest = projections::digest(&app.store, company.id, name).await?;
                if !place.json {
                    let events = grouped(at.position.number - from);
                    print(&format!("{}: {name}: generation {generation} from {events} events, rows {digest}\n", company.name))?;
                }
                done.push(Rebuilt { company: company.id, projection: name, generation, from, at, digest, seconds: took.as_secs_f64() });
            }
            if !place.json {
                let events = done.iter().filter(|done| done.company == company.id).map(|done| done.at.position.number - done.from).max().unwrap_or_default();
                let (seconds, rate) = (took.as_secs_f64(), per_second(events.unsigned_abs(), took));
                print(&format!("{}: {seconds:.1} s, {rate} events a second\n", company.name))?;
            }
        }
        if place.json {
            print_json(&done)?;
        }
        Ok(Verdict::Well)
    }
}

impl Rebuild {
    fn names(&self) -> impl Iterator<Item = &'static str> {
        names().into_iter().filter(|name| self.projection.as_ref().is_none_or(|only| only == name))
    }

    /// Compares the rows in use with a rebuild.
    async fn compare(&self, app: &App, companies: Vec<CompanyEntry>, place: &Place) -> Result<Verdict, CliError> {
        let mut compared = Vec::new();
        for company in companies {
            for projection in self.names() {
                let mut progress = Progress::start(place.json, projection, Some(0), Unit::Of("events"));
                let found = projections::check(&app.store, company.id, projection, &mut |at| progress.at_event(at.events, at.head)).await?;
                progress.finish();
                if !place.json {
                    let text = found.as_ref().map_or_else(|| "the rows equal a rebuild".to_owned(), |found| format!("ROWS DIFFER: {found}"));
                    print(&format!("{}: {projection}: {text}\n", company.name))?;
                }
                let difference =
                    found.map(|projections::Difference { table, key, stored, rebuilt, position }| Difference { table, key, stored, rebuilt, position });
                compared.push(Compared { company: company.id, projection, difference });
            }
        }
        if place.json {
            print_json(&compared)?;
        }
        Ok(Verdict::of(compared.iter().all(|compared| compared.difference.is_none())))
    }
}

impl Rebuild {
    /// Gives up what was begun.
    async fn give_up(&self, app: &App, companies: Vec<CompanyEntry>, place: &Place) -> Result<Verdict, CliError> {
        let mut given_up = Vec::new();
        for company in companies {
            let names: Vec<_> = self.names().collect();
            let canceled = projections::cancel(&app.store, company.id, &names).await?;
            if !place.json && canceled.is_empty() {
                print(&format!("{}: no rebuild was under way\n", company.name))?;
            }
            for projections::Canceled { name, generation, events } in canceled {
                if !place.json {
                    print(&format!("{}: {name}: generation {generation} given up after {} events\n", company.name, grouped(events)))?;
                }
                given_up.push(Canceled { company: company.id, projection: name, generation, events });
            }
        }
        if place.json {
            print_json(&given_up)?;
        }
        Ok(Verdict::Well)
    }
}

async fn rebuild(store: &Store, company: CompanyId, names: &[&'static str], json: bool) -> Result<(Vec<projections::Rebuilt>, Duration), CliError> {
    let label = if let [name] = names { name } else { "read models" };
    let mut progress = Progress::start(json, label, Some(0), Unit::Of("events"));
    let rebuilt = projections::rebuild(store, company, names, &mut |at| progress.at_event(at.events, at.head)).await?;
    Ok((rebuilt, progress.finish()))
}

/// Brings every read model of a company to the head: those that hold nothing yet, or rows of another revision, by a rebuild.
pub async fn bring_up(app: &App, company: CompanyId, json: bool) -> Result<(), CliError> {
    projections::prepare(&app.store, company).await?;
    let mut anew = Vec::new();
    for checkpoint in projections::statuses(&app.store, company).await? {
        let Some(projection) = PROJECTIONS.iter().find(|projection| projection.name() == checkpoint.name) else { continue };
        if !checkpoint.is_of(*projection) || (checkpoint.at.position.number == 0 && checkpoint.is_behind()) {
            anew.push(projection.name());
        } else if checkpoint.is_behind() || checkpoint.fault.is_some() {
            projections::catch_up(&app.store, company, projection.name()).await?;
        }
    }
    if !anew.is_empty() {
        rebuild(&app.store, company, &anew, json).await?;
    }
    Ok(())
}

impl From<ProjectionError> for CliError {
    fn from(error: ProjectionError) -> CliError {
        match error {
            ProjectionError::Store(error) => error.into(),
            error => {
                let failed = CliError::new(Code::ReadModel, error.to_string());
                match error {
                    ProjectionError::Faulted { .. } => failed.hint("after an update, run `leadtrail rebuild`"),
                    ProjectionError::OtherRevision(_) => failed.hint("run `leadtrail rebuild`"),
                    ProjectionError::Overtaken(_) | ProjectionError::KeptGrowing(_) => failed.hint("try again when less is going on"),
                    _ => failed,
                }
            }
        }
    }
}

/// Says how the read models of a company stand, where they are not at the head.
pub async fn say_what_is_behind(app: &App, company: CompanyId) -> Result<(), CliError> {
    for checkpoint in projections::statuses(&app.store, company).await? {
        if let Some(fault) = &checkpoint.fault {
            say(&format!("the read model {} {fault}", checkpoint.name));
        } else if checkpoint.is_behind() {
            say(&format!("the read model {} stands at {} of {} and is being brought up", checkpoint.name, checkpoint.at.position.number, checkpoint.head));
        }
    }
    Ok(())
}
