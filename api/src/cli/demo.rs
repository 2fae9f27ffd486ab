//! `leadtrail demo`: a made-up company with a year of business.

use super::error::Code;
use super::output::{print_json, say};
use super::progress::{Progress, Unit, per_second};
use super::table::grouped;
use super::{CliError, Place, Verdict};
use crate::app::App;
use crate::demo::{self, Circumstances, TellError, Telling};
use chrono::{Datelike, NaiveDate};
use clap::Args;
use domain::Instant;
use domain::company::{Currency, Zone};
use domain::text::Label;
use eventstore::Mark;
use serde::Serialize;

/// Make a demo company: a year of a window-and-roofing business, told through the real commands
///
/// The same seed and options give the same log, hash by hash. A demo that was stopped half way is continued by the same command.
#[derive(Debug, Args)]
pub struct Demo {
    /// Another seed is another story
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How many contacts call
    #[arg(long, default_value_t = 2500, value_parser = clap::value_parser!(u32).range(0..=5_000_000))]
    contacts: u32,
    /// Over how many days
    #[arg(long, default_value_t = 365, value_parser = clap::value_parser!(u32).range(1..=18_250))]
    days: u32,
    /// The day on which the story ends, at its first instant [default: today]
    #[arg(long, value_name = "DAY", value_parser = day)]
    until: Option<NaiveDate>,
    /// Zone of the company's local days
    #[arg(long, value_name = "ZONE", default_value = "America/New_York", value_parser = Zone::parse)]
    zone: Zone,
    /// Currency of its amounts
    #[arg(long, value_name = "CODE", default_value = "USD", value_parser = Currency::parse)]
    currency: Currency,
    /// What it is called
    #[arg(long, default_value = demo::NAME, value_parser = Label::try_new)]
    name: Label,
}

/// A day whose story stays within the years that instants may have.
fn day(text: &str) -> Result<NaiveDate, String> {
    let day: NaiveDate = text.parse().map_err(|_| format!("`{text}` is not a day such as 2026-03-01"))?;
    if (1960..2190).contains(&day.year()) { Ok(day) } else { Err(format!("`{text}` lies outside the years 1960 to 2189")) }
}

#[derive(Serialize)]
struct Answer<'a> {
    company: eventstore::CompanyId,
    name: &'a Label,
    commands: u64,
    told_before: u64,
    events: u64,
    head: Mark,
    until: Instant,
    seconds: f64,
}

impl Demo {
    /// Tells it.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open_or_make().await?;
        let circumstances = self.circumstances(&app);
        let told = told(&app, &circumstances, place.json).await;
        app.close().await;
        let (telling, head, took) = told?;
        let Telling { company, commands, told_before, events } = telling;
        if place.json {
            let until = circumstances.until();
            print_json(&Answer { company, name: &circumstances.name, commands, told_before, events, head, until, seconds: took.as_secs_f64() })?;
        }
        Ok(Verdict::Well)
    }

    fn circumstances(self, app: &App) -> Circumstances {
        let Demo { seed, contacts, days, until, zone, currency, name } = self;
        let until = until.unwrap_or_else(|| Instant::from(app.ports.now()).local_day(zone.0));
        Circumstances { seed, contacts, days, until, zone, currency, name }
    }
}

/// Tells it, and looks where its log ends then.
async fn told(app: &App, circumstances: &Circumstances, json: bool) -> Result<(Telling, Mark, std::time::Duration), CliError> {
    let (telling, took) = tell(app, circumstances, json).await?;
    let head = app.store.head(telling.company).await?;
    Ok((telling, head, took))
}

/// What `leadtrail serve --demo` makes: the same as `leadtrail demo` without options.
pub fn usual(app: &App) -> Result<Circumstances, CliError> {
    #[derive(clap::Parser)]
    struct Usual {
        #[command(flatten)]
        demo: Demo,
    }
    let usual = <Usual as clap::Parser>::try_parse_from(["demo"]).map_err(|error| CliError::usage(error.to_string()))?;
    Ok(usual.demo.circumstances(app))
}

/// Tells a demo company and says so.
pub async fn tell(app: &App, circumstances: &Circumstances, json: bool) -> Result<(Telling, std::time::Duration), CliError> {
    let (from, until) = (circumstances.from(), circumstances.until());
    let mut progress = Progress::start(json, "demo", Some(u64::from(circumstances.days)), Unit::Of("days"));
    let days = |at: Instant| (at.utc() - from.utc()).num_days().unsigned_abs();
    let told = demo::tell(app, circumstances, |at, commands| progress.at(days(at.min(until)), || format!("{} commands", grouped(commands as i64)))).await;
    let took = progress.finish();
    let telling = told.map_err(|error| match error {
        TellError::Store(error) => error.into(),
        TellError::NameTaken(name) => CliError::new(Code::CompanyExists, format!("there is a company “{name}” already, told to its end or with another story"))
            .hint("give the demo another --name or another --data folder; one that was cut short goes on with the same options and, on another day, --until the day it was begun"),
        error => CliError::new(Code::Internal, error.to_string()),
    })?;
    if !json {
        let Telling { commands, events, .. } = telling;
        let rate = per_second(commands, took);
        let (commands, events) = (grouped(commands as i64), grouped(events as i64));
        say(&format!("{}: {commands} commands, {events} events in {:.1} s, {rate} commands a second", circumstances.name, took.as_secs_f64()));
    }
    Ok((telling, took))
}
