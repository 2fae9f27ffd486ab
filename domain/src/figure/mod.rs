//! Figures: windows and indexes as functions of facts, as-of instant, zone and calendar (METRICS C).
//!
//! Rows come in as tallies: what is counted of the journeys between two cuts of time. All windows end at the
//! same instant, so one pass over the journeys, cut at every window's start, answers all of them.

mod band;
mod cancels;
mod movements;
mod sums;
mod window;

pub use band::Band;
pub use cancels::{Cancels, DemoBasis, DemoKey};
pub use movements::{Moved, MovementKind};
pub use sums::{Funnel, Share, Sums};
pub use window::{Calendar, WindowName};

use crate::id::ProductId;
use crate::instant::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::AddAssign;
use uuid::Uuid;

/// The figures over journeys: net sold per lead added, set, issued or rehashed (S0:48, 62, 84; METRICS C.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Figure {
    /// Net sold per lead added, by lead source.
    Nsla,
    /// Net sold per lead set, by scheduler, by the time of setting.
    Nsls,
    /// Net sold per lead issued, by scheduler, by the time of issuing (S0:100).
    NslsByIssue,
    /// Net sold per lead issued, by sales rep, by the lead meeting time.
    Nsli,
    /// Net sold per lead rehashed, by rehash rep, by the lead meeting time (S0:9).
    Rehash,
}

/// Which time of a journey puts it into a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Basis {
    /// When it was opened.
    Opened,
    /// When its governing demo was set.
    Set,
    /// When its governing demo was issued.
    Issued,
    /// When its governing issued demo starts: the lead meeting time.
    Meeting,
}

/// By what the rows of an index are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// By the figure's own key: source, scheduler, rep or rehash rep.
    pub key: bool,
    /// By product.
    pub product: bool,
}

impl Basis {
    /// All of them.
    pub const ALL: &'static [Basis] = &[Basis::Opened, Basis::Set, Basis::Issued, Basis::Meeting];

    /// The name, as asked for.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Opened => "opened",
            Basis::Set => "set",
            Basis::Issued => "issued",
            Basis::Meeting => "meeting",
        }
    }
}

impl Figure {
    /// All figures.
    pub const ALL: &'static [Figure] = &[Figure::Nsla, Figure::Nsls, Figure::NslsByIssue, Figure::Nsli, Figure::Rehash];

    /// The name, as asked for and shown.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Nsla => "nsla",
            Figure::Nsls => "nsls",
            Figure::NslsByIssue => "nsls_by_issue",
            Figure::Nsli => "nsli",
            Figure::Rehash => "rehash",
        }
    }

    /// The figure of this name.
    pub fn parse(name: &str) -> Option<Figure> {
        Figure::ALL.iter().copied().find(|figure| figure.name() == name)
    }

    /// Which time of a journey counts.
    pub fn basis(self) -> Basis {
        match self {
            Figure::Nsla => Basis::Opened,
            Figure::Nsls => Basis::Set,
            Figure::NslsByIssue => Basis::Issued,
            Figure::Nsli | Figure::Rehash => Basis::Meeting,
        }
    }

    /// What its rows are grouped by, as a filter of journeys is named: `source`, `scheduler`, `rep` or `rehash_rep`.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Nsla => "source",
            Figure::Nsls | Figure::NslsByIssue => "scheduler",
            Figure::Nsli => "rep",
            Figure::Rehash => "rehash_rep",
        }
    }
}

/// The windows asked for, and where time must be cut to answer them.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// The instant at which every window ends, itself included.
    pub as_of: Instant,
    /// The windows in the order asked for, with their first instants.
    pub windows: Vec<(WindowName, Instant)>,
    /// The different first instants, ascending. Slot `i` holds what lies from cut `i` up to the next one, the last slot up to `as_of`.
    pub cuts: Vec<Instant>,
}

/// What lies in one slot for one key and product.
#[derive(Clone, Debug, PartialEq)]
pub struct Tally {
    /// Source, scheduler, rep or rehash rep; `None` when not grouped by it.
    pub key: Option<Uuid>,
    /// Product; `None` when not grouped by it.
    pub product: Option<ProductId>,
    /// Which slot of [`Plan::cuts`].
    pub slot: usize,
    /// What is counted there.
    pub sums: Sums,
}

/// One window of a figure, answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Which window.
    pub window: WindowName,
    /// Its first instant.
    pub from: Instant,
    /// A row for every key and product with at least one lead.
    pub rows: BTreeMap<(Option<Uuid>, Option<ProductId>), Sums>,
    /// All journeys of the window.
    pub total: Sums,
}

impl Plan {
    /// The plan for some windows, all ending at `as_of`.
    pub fn new(windows: &[WindowName], as_of: Instant, calendar: &Calendar) -> Plan {
        let windows: Vec<_> = windows.iter().map(|window| (*window, calendar.window_start(*window, as_of))).collect();
        let mut cuts: Vec<Instant> = windows.iter().map(|(_, from)| *from).collect();
        cuts.sort_unstable();
        cuts.dedup();
        Plan { as_of, windows, cuts }
    }

    /// Adds up by key what lies in the slots, window by window.
    pub fn sum<K: Ord + Clone, S: Default + Copy + AddAssign>(&self, slots: &[BTreeMap<K, S>]) -> Vec<BTreeMap<K, S>> {
        let of_window = |(_, from): &(WindowName, Instant)| {
            let first_slot = self.cuts.iter().position(|cut| cut == from).unwrap_or(0);
            let mut sums = BTreeMap::new();
            for (key, more) in slots.iter().skip(first_slot).flatten() {
                *sums.entry(key.clone()).or_insert_with(S::default) += *more;
            }
            sums
        };
        self.windows.iter().map(of_window).collect()
    }

    /// Adds the tallies up, window by window.
    pub fn answer(&self, tallies: &[Tally]) -> Vec<Answer> {
        let of_window = |(window, from): &(WindowName, Instant)| {
            let first_slot = self.cuts.iter().position(|cut| cut == from).unwrap_or(0);
            let mut answer = Answer { window: *window, from: *from, rows: BTreeMap::new(), total: Sums::default() };
            for tally in tallies.iter().filter(|tally| tally.slot >= first_slot) {
                answer.rows.entry((tally.key, tally.product)).or_default().add(&tally.sums, 1);
                answer.total.add(&tally.sums, 1);
            }
            answer.rows.retain(|_, sums| sums.leads > 0);
            answer
        };
        self.windows.iter().map(of_window).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::{Month, Weekday};

    fn sums(net_sold_minor: i64, leads: i64) -> Sums {
        Sums { leads, net_sold_minor, ..Sums::default() }
    }

    #[test]
    fn a_tally_counts_in_every_window_that_reaches_back_to_its_slot() {
        let calendar = Calendar { zone: chrono_tz::UTC, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        let plan = Plan::new(&[WindowName::Last7Days, WindowName::ThisYear, WindowName::ThisMonth], Instant::parse("2026-05-03T12:00:00Z").unwrap(), &calendar);
        assert_eq!(plan.cuts.iter().map(|cut| cut.to_string()).collect::<Vec<_>>(), ["2026-01-01T00:00:00Z", "2026-04-27T00:00:00Z", "2026-05-01T00:00:00Z"]);
        let tally = |slot, leads, net_sold_minor| Tally { key: Some(Uuid::from_u128(7)), product: None, slot, sums: sums(net_sold_minor, leads) };
        let answers = plan.answer(&[tally(0, 3, 100), tally(1, 2, 50), tally(2, 1, 0)]);
        let totals: Vec<_> = answers.iter().map(|answer| (answer.window, answer.total)).collect();
        assert_eq!(totals, [(WindowName::Last7Days, sums(50, 3)), (WindowName::ThisYear, sums(150, 6)), (WindowName::ThisMonth, sums(0, 1))]);
        assert_eq!(answers[0].rows, BTreeMap::from([((Some(Uuid::from_u128(7)), None), sums(50, 3))]));
    }

    #[test]
    fn a_key_without_leads_is_absent() {
        let calendar = Calendar { zone: chrono_tz::UTC, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        let answers = Plan::new(WindowName::ALL, Instant::parse("2026-05-03T12:00:00Z").unwrap(), &calendar).answer(&[]);
        assert_eq!(answers.len(), 8);
        assert!(answers.iter().all(|answer| answer.rows.is_empty() && answer.total.index_minor().is_none()));
    }
}
