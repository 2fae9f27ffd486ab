//! `leadtrail verify`: whether the log and everything made from it are what they must be (I2 to I5 of the invariants).

use super::companies::NONE_YET;
use super::output::{print, print_json};
use super::progress::{Progress, Unit, per_second};
use super::rebuild::names;
use super::table::{grouped, many};
use super::verify_log::VerifyLog;
use super::{CliError, Place, Verdict};
use crate::app::{App, desk};
use clap::{Args, Subcommand};
use eventstore::{CompanyEntry, CompanyId, Mark};
use serde::Serialize;

/// Check the log (no gap, no event twice, every hash, claims, receipts) and compare the read models with a rebuild
///
/// Commands may go on meanwhile. Exit code 1 when something is found. Without a subcommand the database is checked.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub struct Verify {
    #[command(subcommand)]
    other: Option<Other>,
    #[command(flatten)]
    here: Here,
}

/// What else can be checked than the database.
#[derive(Debug, Subcommand)]
enum Other {
    Log(VerifyLog),
}

/// The check of the database.
#[derive(Debug, Args)]
struct Here {
    /// Leave out the read models
    #[arg(long)]
    log_only: bool,
}

/// What a check of one company came to.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    pub(super) company: CompanyId,
    pub(super) name: String,
    pub(super) head: Mark,
    pub(super) events: i64,
    pub(super) read_models: Vec<ReadModel>,
    pub(super) findings: Vec<Finding>,
    pub(super) seconds: f64,
}

#[derive(Debug, Serialize)]
pub(super) struct ReadModel {
    projection: &'static str,
    digest: String,
}

#[derive(Debug, Serialize)]
pub(super) struct Finding {
    position: i64,
    rule: String,
    text: String,
}

impl From<eventstore::Finding> for Finding {
    fn from(finding: eventstore::Finding) -> Finding {
        Finding { position: finding.position, rule: finding.rule.into(), text: finding.text }
    }
}

impl Verify {
    /// Checks.
    pub async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        match self.other {
            None => self.here.run(place).await,
            Some(Other::Log(log)) => log.run(place),
        }
    }
}

impl Here {
    async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let app = place.open().await?;
        let mut all = Vec::new();
        let companies = place.all(&app).await?;
        if companies.is_empty() {
            place.tell(NONE_YET);
        }
        for company in companies {
            let checked = self.check(&app, company, place).await?;
            if !place.json {
                print(&text(&checked, self.log_only))?;
            }
            all.push(checked);
        }
        if place.json {
            print_json(&all)?;
        }
        Ok(Verdict::of(all.iter().all(|checked| checked.findings.is_empty())))
    }

    async fn check(&self, app: &App, company: CompanyEntry, place: &Place) -> Result<Checked, CliError> {
        let mut progress = Progress::start(place.json, "log", Some(0), Unit::Of("events"));
        let report = eventstore::verify(&app.store, company.id, &desk::effects_of, &mut |position, head| progress.at_event(position, head)).await?;
        let mut seconds = progress.finish().as_secs_f64();
        let mut findings: Vec<Finding> = report.findings.into_iter().map(Finding::from).collect();
        let mut read_models = Vec::new();
        for name in names().into_iter().filter(|_| !self.log_only) {
            let mut progress = Progress::start(place.json, name, Some(0), Unit::Of("events"));
            match projections::check(&app.store, company.id, name, &mut |at| progress.at_event(at.position, at.head)).await {
                Ok(None) => {}
                Ok(Some(difference)) => findings.push(Finding { position: difference.position, rule: format!("I5 {name}"), text: difference.to_string() }),
                Err(projections::ProjectionError::Store(error)) => return Err(error.into()),
                Err(error) => findings.push(Finding { position: report.head.position.number, rule: format!("I5 {name}"), text: error.to_string() }),
            }
            seconds += progress.finish().as_secs_f64();
            read_models.push(ReadModel { projection: name, digest: projections::digest(&app.store, company.id, name).await? });
        }
        Ok(Checked { company: company.id, name: company.name, head: report.head, events: report.events, read_models, findings, seconds })
    }
}

pub(super) fn text(checked: &Checked, log_only: bool) -> String {
    let Checked { name, head, events, read_models, findings, seconds, .. } = checked;
    let rate = per_second(events.unsigned_abs(), std::time::Duration::from_secs_f64(*seconds));
    let mut lines = vec![
        format!("{name}: {} in {seconds:.1} s, {rate} events a second", many(events.unsigned_abs(), "event")),
        format!("  the log ends at {} with hash {}", grouped(head.position.number), head.hash),
        "  checked: no gap between positions, no event or receipt twice, every hash over the stored bytes, whole commits, claims".to_owned(),
    ];
    if !log_only {
        lines.push("  checked: the read models equal a rebuild".to_owned());
    }
    lines.extend(read_models.iter().map(|ReadModel { projection, digest }| format!("    {projection}: rows {digest}")));
    if findings.is_empty() {
        lines.push("  nothing was found to be wrong".to_owned());
    } else {
        lines.push(format!("  FOUND WRONG: {}", many(findings.len() as u64, "finding")));
        lines.extend(findings.iter().map(|finding| format!("    position {}: {} ({})", grouped(finding.position), finding.text, finding.rule)));
    }
    lines.join("\n") + "\n"
}
