//! `leadtrail verify`: whether the log and everything made from it are what they must be (I1 to I5 and I8 of the invariants).

use super::companies::NONE_YET;
use super::error::{Code, in_words};
use super::output::{print, print_json};
use super::progress::{Progress, Unit, per_second};
use super::rebuild::names;
use super::table::{grouped, many};
use super::verify_backup::VerifyBackup;
use super::verify_checkpoints::Checkpoints;
use super::verify_log::VerifyLog;
use super::verify_pack::VerifyPack;
use super::{CliError, Place, Verdict};
use crate::app::{App, desk};
use clap::{Args, Subcommand};
use eventstore::journal::Acks;
use eventstore::{Ack, Checks, CompanyEntry, CompanyId, Hash, Lost, Mark, Position, Store, StoreError};
use futures::{StreamExt, TryStreamExt};
use serde::Serialize;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Companies checked at once; their ranges take turns on the cores.
const COMPANIES: usize = 4;

/// Check the log (no gap, no event twice, every hash, claims, receipts, who did it) and compare the read models with a rebuild
///
/// Commands may go on meanwhile. Nothing is written but spare rows of read models, which are removed again. Exit code 1 when
/// something is found. Without a subcommand the database is checked.
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
    Backup(VerifyBackup),
    Pack(VerifyPack),
}

/// The check of the database.
#[derive(Debug, Args)]
struct Here {
    /// Leave out the read models
    #[arg(long)]
    log_only: bool,
    #[command(flatten)]
    extent: Extent,
    #[command(flatten)]
    signed: Checkpoints,
}

/// How much is checked, and against what.
#[derive(Debug, Args)]
pub(super) struct Extent {
    /// Only the last so many events of each company, from the stored hash before them; without claims, receipts and read models
    #[arg(long, value_name = "EVENTS", value_parser = clap::value_parser!(i64).range(1..))]
    tail: Option<i64>,
    #[command(flatten)]
    journal: Journal,
}

/// What a client was told.
#[derive(Debug, Args)]
pub(super) struct Journal {
    /// A client's journal of acknowledged commands, as JSON lines: each must be found again
    #[arg(long, value_name = "FILE")]
    journal: Option<PathBuf>,
}

/// What a check of one company came to.
#[derive(Debug, Serialize)]
pub(super) struct Checked {
    pub(super) company: CompanyId,
    pub(super) name: String,
    pub(super) head: Mark,
    pub(super) events: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) journal: Option<Recalled>,
    /// How many checkpoints that were kept outside the log was held against.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) signed_outside: Option<usize>,
    /// How many streams have no key here, so that what is personal in them cannot be read.
    pub(super) without_keys: usize,
    pub(super) read_models: Vec<ReadModel>,
    /// What the journeys have sold, which must be what moved their sales.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) sold: Option<Sold>,
    pub(super) findings: Vec<Finding>,
    pub(super) seconds: f64,
}

/// What became of a company's acknowledgements.
#[derive(Debug, Serialize)]
pub(super) struct Recalled {
    acks: usize,
    lost: usize,
    first_lost_line: Option<u64>,
}

/// The net sold of all journeys, in minor units, and which part of it lies on voided ones.
#[derive(Debug, Serialize)]
pub(super) struct Sold {
    net_sold_minor: i64,
    voided_minor: i64,
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
            Some(Other::Backup(backup)) => backup.run(place).await,
            Some(Other::Pack(pack)) => pack.run(place),
        }
    }
}

impl Here {
    async fn run(self, place: &Place) -> Result<Verdict, CliError> {
        let acks = self.extent.read_journal()?;
        let app = place.open().await?;
        let outside = self.signed.open(place)?;
        let companies = place.all(&app).await?;
        if companies.is_empty() {
            place.tell(NONE_YET);
        }
        let known = place.company.is_some() || outside.are_of(&companies);
        let mut all = self.extent.check_logs(&app.store, companies, acks, Checks::whole(), place).await?;
        for checked in all.iter_mut().filter(|checked| self.extent.tail.is_none() && checked.is_here()) {
            checked.findings.extend(outside.check(&app, checked.company, place.json).await?.into_iter().map(Finding::from));
            checked.signed_outside = outside.count(checked.company);
        }
        let with_rows = !self.log_only && self.extent.tail.is_none();
        for checked in all.iter_mut().filter(|checked| with_rows && checked.is_here()) {
            checked.compare_rows(&app, place.json).await?;
        }
        let verdict = answer(&all, place)?;
        Ok(if known { verdict } else { Verdict::Wanting })
    }
}

impl Journal {
    /// What was acknowledged, when a journal is given.
    pub(super) fn read(&self) -> Result<Option<Acks>, CliError> {
        let Some(path) = &self.journal else { return Ok(None) };
        let text = std::fs::read_to_string(path).map_err(|error| CliError::new(Code::File, format!("cannot read {}: {}", path.display(), in_words(&error))))?;
        let acks = eventstore::journal::read(&text);
        acks.map(Some).map_err(|(line, text)| {
            CliError::new(Code::BadFile, format!("{}: line {line} is no acknowledgement: {text}", path.display()))
                .hint("each line is an object with company, key, command_id, events, position and hash")
        })
    }
}

impl Extent {
    /// What was acknowledged, when a journal is given.
    pub(super) fn read_journal(&self) -> Result<Option<Acks>, CliError> {
        self.journal.read()
    }

    /// Checks the logs of companies, several at once.
    pub(super) async fn check_logs(
        &self,
        store: &Store,
        companies: Vec<CompanyEntry>,
        acks: Option<Acks>,
        checks: Checks,
        place: &Place,
    ) -> Result<Vec<Checked>, CliError> {
        let checks = self.tail.map_or(checks.clone(), |tail| checks.of_tail(tail));
        let known: Vec<CompanyId> = companies.iter().map(|company| company.id).collect();
        let (mut total, mut with_heads, mut headless) = (0, Vec::new(), Vec::new());
        for company in companies {
            match store.head(company.id).await {
                Err(StoreError::UnknownCompany(_)) => headless.push(Checked::headless(company)),
                head => {
                    let events = head?.position.number;
                    total += self.tail.map_or(events, |tail| tail.min(events));
                    with_heads.push(company);
                }
            }
        }
        let shown = Mutex::new((Progress::start(place.json, "log", Some(total.unsigned_abs()), Unit::Of("events")), 0_i64));
        let (checks, acks, shown) = (&checks, &acks, &shown);
        let one = |company: CompanyEntry| async move {
            let mut before = 0;
            let mut progress = |done: i64, _: i64| {
                let (bar, all) = &mut *shown.lock().unwrap_or_else(PoisonError::into_inner);
                *all += done - before;
                before = done;
                bar.at(all.unsigned_abs(), || company.name.clone());
            };
            let report = match eventstore::verify_at(store, company.id, checks, &desk::effects_of, &mut progress).await {
                Err(error @ StoreError::WrongMasterKey(_)) => {
                    let mut checked = Checked::nothing(company.id, company.name.clone());
                    checked.note(0, "keys", error.to_string());
                    return Ok(checked);
                }
                report => report?,
            };
            let seconds = shown.lock().unwrap_or_else(PoisonError::into_inner).0.passed().as_secs_f64();
            let findings = report.findings.into_iter().map(Finding::from).collect();
            let name = company.name.clone();
            let mut checked = Checked {
                head: report.head,
                events: report.events,
                without_keys: report.without_keys,
                findings,
                seconds,
                ..Checked::nothing(company.id, name)
            };
            if let Some(acks) = acks {
                let acks = acks.get(&company.id).map_or(&[][..], Vec::as_slice);
                checked.recalls(acks.len(), &store.lost(company.id, acks).await?);
            }
            Ok::<_, CliError>(checked)
        };
        let mut all: Vec<Checked> = futures::stream::iter(with_heads).map(one).buffered(COMPANIES).try_collect().await?;
        all.extend(headless);
        if place.company.is_none() {
            all.extend(acks.iter().flatten().filter(|(company, _)| !known.contains(company)).map(|(company, acks)| Checked::missing(*company, acks)));
        }
        Ok(all)
    }
}

impl Checked {
    /// A company that somebody was told of, and that is not here.
    fn missing(company: CompanyId, acks: &[(u64, Ack)]) -> Checked {
        let mut checked = Checked::nothing(company, format!("company {company}, which is not here"));
        let text = || "there is no such company".to_owned();
        let lost: Vec<Lost> = acks.iter().map(|(line, ack)| Lost { line: *line, position: ack.position, text: text() }).collect();
        checked.recalls(acks.len(), &lost);
        checked
    }

    /// A company that is listed, and whose log has no head.
    fn headless(company: CompanyEntry) -> Checked {
        let mut checked = Checked::nothing(company.id, company.name);
        checked.note(0, "I3 head", "the row that says where the log ends is missing".to_owned());
        checked
    }

    /// A company of which nothing was looked at yet.
    pub(super) fn nothing(company: CompanyId, name: String) -> Checked {
        let head = Mark { position: Position { company, number: 0 }, hash: Hash([0; 32]) };
        Checked {
            company,
            name,
            head,
            events: 0,
            journal: None,
            signed_outside: None,
            without_keys: 0,
            read_models: vec![],
            sold: None,
            findings: vec![],
            seconds: 0.0,
        }
    }

    fn is_here(&self) -> bool {
        self.head.hash != Hash([0; 32])
    }

    /// Notes what became of the acknowledgements.
    pub(super) fn recalls(&mut self, acks: usize, lost: &[Lost]) {
        let finding = |lost: &Lost| {
            let Lost { line, position, text } = lost;
            Finding { position: *position, rule: "I1 acknowledged".into(), text: format!("line {line} of the journal: {text}") }
        };
        self.findings.extend(lost.iter().map(finding));
        self.findings.sort_by_key(|finding| finding.position);
        self.journal = Some(Recalled { acks, lost: lost.len(), first_lost_line: lost.iter().map(|lost| lost.line).min() });
    }

    /// Notes something else that is wrong.
    pub(super) fn note(&mut self, position: i64, rule: &str, text: String) {
        self.findings.push(Finding { position, rule: rule.into(), text });
    }

    /// Notes when the log does not end where it is said to.
    pub(super) fn must_end(&mut self, said: Option<Mark>) {
        let Mark { position, hash } = self.head;
        match said {
            Some(said) if said != self.head => {
                let text = format!("the manifest says that the log ends at {} with hash {}, and it ends with {hash}", said.position.number, said.hash);
                self.note(position.number, "manifest", text);
            }
            _ => {}
        }
    }

    /// Compares the read models with a rebuild.
    async fn compare_rows(&mut self, app: &App, json: bool) -> Result<(), CliError> {
        for name in names() {
            let mut progress = Progress::start(json, name, Some(0), Unit::Of("events"));
            match projections::check(&app.store, self.company, name, &mut |at| progress.at_event(at.events, at.head)).await {
                Ok(None) => {}
                Ok(Some(difference)) => self.findings.push(Finding { position: difference.position, rule: format!("I5 {name}"), text: difference.to_string() }),
                Err(projections::ProjectionError::Store(error)) if !error.is_damage() => return Err(error.into()),
                Err(error) => self.findings.push(Finding { position: self.head.position.number, rule: format!("I5 {name}"), text: error.to_string() }),
            }
            self.seconds += progress.finish().as_secs_f64();
            self.read_models.push(ReadModel { projection: name, digest: projections::digest(&app.store, self.company, name).await? });
        }
        self.reconcile(app).await
    }

    /// Compares the money of journeys with that of sales.
    async fn reconcile(&mut self, app: &App) -> Result<(), CliError> {
        let reconciled = projections::figures::reconcile(&app.store, self.company).await?.found;
        for apart in &reconciled.apart {
            let (sold, moved) = (grouped(apart.net_sold_minor), grouped(apart.moved_minor));
            let text = format!("journey {} of contact {} has net sold {sold}, and what moved its sales comes to {moved}", apart.journey, apart.contact);
            self.note(apart.position, "METRICS C.6", text);
        }
        self.sold = Some(Sold { net_sold_minor: reconciled.net_sold_minor, voided_minor: reconciled.voided_minor });
        Ok(())
    }
}

/// Gives the answer: for people the first thing that is wrong comes first.
pub(super) fn answer(all: &[Checked], place: &Place) -> Result<Verdict, CliError> {
    if place.json {
        print_json(&all)?;
    } else {
        let first = all.iter().find_map(|checked| Some((checked, checked.findings.first()?)));
        let first = first.map(|(checked, Finding { position, rule, text })| format!("FOUND WRONG: {}, position {position}: {text} ({rule})\n", checked.name));
        print(&first.into_iter().chain(all.iter().map(text)).collect::<String>())?;
    }
    Ok(Verdict::of(all.iter().all(|checked| checked.findings.is_empty())))
}

fn text(checked: &Checked) -> String {
    let Checked { name, head, events, journal, signed_outside, without_keys, read_models, sold, findings, seconds, .. } = checked;
    let rate = per_second(events.unsigned_abs(), Duration::from_secs_f64(*seconds));
    let mut lines = vec![
        format!("{name}: {} in {seconds:.1} s, {rate} events a second", many(events.unsigned_abs(), "event")),
        format!("  the log ends at {} with hash {}", grouped(head.position.number), head.hash),
        "  checked: no gap between positions, no event twice, every hash over the stored bytes, whole commits, who did it".to_owned(),
    ];
    if let Some(Recalled { acks, lost, .. }) = journal {
        lines.push(format!("  checked: {} of the journal, of which {} lost", many(*acks as u64, "acknowledgement"), grouped(*lost as i64)));
    }
    if let Some(count) = signed_outside {
        lines.push(format!("  checked: {} kept outside", many(*count as u64, "checkpoint")));
    }
    if *without_keys > 0 {
        lines.push(format!("  {} have no key here: nobody can read what is personal in them", many(*without_keys as u64, "stream")));
    }
    if !read_models.is_empty() {
        lines.push("  checked: the read models equal a rebuild".to_owned());
    }
    lines.extend(read_models.iter().map(|ReadModel { projection, digest }| format!("    {projection}: rows {digest}")));
    if let Some(Sold { net_sold_minor, voided_minor }) = sold {
        let voided = if *voided_minor == 0 { String::new() } else { format!(", {} of it on voided ones", grouped(*voided_minor)) };
        lines.push(format!("  checked: net sold of all journeys ({}{voided}, in minor units) against what moved their sales", grouped(*net_sold_minor)));
    }
    if findings.is_empty() {
        lines.push("  nothing was found to be wrong".to_owned());
    } else {
        lines.push(format!("  FOUND WRONG: {}", many(findings.len() as u64, "finding")));
        lines.extend(findings.iter().map(|finding| format!("    position {}: {} ({})", grouped(finding.position), finding.text, finding.rule)));
    }
    lines.join("\n") + "\n"
}
