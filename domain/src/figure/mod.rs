//! Figures: windows and indexes as functions of facts, as-of instant, zone and calendar (METRICS C).
//!
//! Rows come in as tallies: how many journeys, and how much net sold, lie between two cuts of time. All windows end at the
//! same instant, so one pass over the journeys, cut at every window's start, answers all of them.

mod window;

pub use window::{Calendar, WindowName};

use crate::id::ProductId;
use crate::instant::Instant;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The three indexes: net sold per lead added, set, issued (S0:48, 62, 84).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum Figure {
    /// Net sold per lead added, by lead source.
    Nsla,
    /// Net sold per lead set, by scheduler.
    Nsls,
    /// Net sold per lead issued, by sales rep.
    Nsli,
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
    /// When its governing issued demo starts: the lead meeting time.
    Meeting,
}

/// By what the rows of an index are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct By {
    /// By the index's own key: source, scheduler or rep.
    pub key: bool,
    /// By product.
    pub product: bool,
}

impl Basis {
    /// All of them.
    pub const ALL: &'static [Basis] = &[Basis::Opened, Basis::Set, Basis::Meeting];

    /// The name, as asked for.
    pub fn name(self) -> &'static str {
        match self {
            Basis::Opened => "opened",
            Basis::Set => "set",
            Basis::Meeting => "meeting",
        }
    }
}

impl Figure {
    /// All indexes.
    pub const ALL: &'static [Figure] = &[Figure::Nsla, Figure::Nsls, Figure::Nsli];

    /// The name, as asked for and shown.
    pub fn name(self) -> &'static str {
        match self {
            Figure::Nsla => "nsla",
            Figure::Nsls => "nsls",
            Figure::Nsli => "nsli",
        }
    }

    /// The index of this name.
    pub fn parse(name: &str) -> Option<Figure> {
        Figure::ALL.iter().copied().find(|figure| figure.name() == name)
    }

    /// Which time of a journey counts.
    pub fn basis(self) -> Basis {
        match self {
            Figure::Nsla => Basis::Opened,
            Figure::Nsls => Basis::Set,
            Figure::Nsli => Basis::Meeting,
        }
    }

    /// The kind of its key: `source`, `scheduler` or `rep`.
    pub fn key(self) -> &'static str {
        match self {
            Figure::Nsla => "source",
            Figure::Nsls => "scheduler",
            Figure::Nsli => "rep",
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
    /// Source, scheduler or rep; `None` when not grouped by it.
    pub key: Option<Uuid>,
    /// Product; `None` when not grouped by it.
    pub product: Option<ProductId>,
    /// Which slot of [`Plan::cuts`].
    pub slot: usize,
    /// How many journeys.
    pub leads: i64,
    /// Their net sold, in minor units.
    pub net_sold_minor: i64,
}

/// One window of an index, answered.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// Which window.
    pub window: WindowName,
    /// Its first instant.
    pub from: Instant,
    /// A row for every key and product with at least one lead.
    pub rows: BTreeMap<(Option<Uuid>, Option<ProductId>), Ratio>,
    /// All journeys of the window.
    pub total: Ratio,
}

/// Net sold over leads: always of the same journeys (METRICS C.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Ratio {
    /// How many journeys.
    pub leads: i64,
    /// Their net sold, in minor units.
    pub net_sold_minor: i64,
}

impl Ratio {
    /// The index in minor units, rounded half away from zero; `None` without leads.
    pub fn index_minor(self) -> Option<i64> {
        let (leads, net) = (i128::from(self.leads), i128::from(self.net_sold_minor));
        if leads == 0 {
            return None;
        }
        let rounded = (2 * net.abs() + leads) / (2 * leads);
        i64::try_from(rounded * net.signum()).ok()
    }

    fn add(&mut self, tally: &Tally) {
        self.leads += tally.leads;
        self.net_sold_minor = self.net_sold_minor.saturating_add(tally.net_sold_minor);
    }
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

    /// Adds the tallies up, window by window.
    pub fn answer(&self, tallies: &[Tally]) -> Vec<Answer> {
        let of_window = |(window, from): &(WindowName, Instant)| {
            let first_slot = self.cuts.iter().position(|cut| cut == from).unwrap_or(0);
            let mut answer = Answer { window: *window, from: *from, rows: BTreeMap::new(), total: Ratio::default() };
            for tally in tallies.iter().filter(|tally| tally.slot >= first_slot) {
                answer.rows.entry((tally.key, tally.product)).or_default().add(tally);
                answer.total.add(tally);
            }
            answer
        };
        self.windows.iter().map(of_window).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::company::{Month, Weekday};

    fn ratio(net_sold_minor: i64, leads: i64) -> Ratio {
        Ratio { leads, net_sold_minor }
    }

    #[test]
    fn the_trades_worked_example() {
        assert_eq!(ratio(32_550_000, 50).index_minor(), Some(651_000));
    }

    #[test]
    fn an_index_rounds_half_away_from_zero() {
        for (net, leads, index) in [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (-2, 3, -1), (5, 2, 3), (0, 7, 0)] {
            assert_eq!(ratio(net, leads).index_minor(), Some(index), "{net}/{leads}");
        }
    }

    #[test]
    fn an_empty_total_is_null_not_zero() {
        assert_eq!(ratio(0, 0).index_minor(), None);
    }

    #[test]
    fn a_tally_counts_in_every_window_that_reaches_back_to_its_slot() {
        let calendar = Calendar { zone: chrono_tz::UTC, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        let plan = Plan::new(&[WindowName::Last7Days, WindowName::ThisYear, WindowName::ThisMonth], Instant::parse("2026-05-03T12:00:00Z").unwrap(), &calendar);
        assert_eq!(plan.cuts.iter().map(|cut| cut.to_string()).collect::<Vec<_>>(), ["2026-01-01T00:00:00Z", "2026-04-27T00:00:00Z", "2026-05-01T00:00:00Z"]);
        let tally = |slot, leads, net_sold_minor| Tally { key: Some(Uuid::from_u128(7)), product: None, slot, leads, net_sold_minor };
        let answers = plan.answer(&[tally(0, 3, 100), tally(1, 2, 50), tally(2, 1, 0)]);
        let totals: Vec<_> = answers.iter().map(|answer| (answer.window, answer.total)).collect();
        assert_eq!(totals, [(WindowName::Last7Days, ratio(50, 3)), (WindowName::ThisYear, ratio(150, 6)), (WindowName::ThisMonth, ratio(0, 1))]);
        assert_eq!(answers[0].rows, BTreeMap::from([((Some(Uuid::from_u128(7)), None), ratio(50, 3))]));
    }

    #[test]
    fn a_key_without_leads_is_absent() {
        let calendar = Calendar { zone: chrono_tz::UTC, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        let answers = Plan::new(WindowName::ALL, Instant::parse("2026-05-03T12:00:00Z").unwrap(), &calendar).answer(&[]);
        assert_eq!(answers.len(), 8);
        assert!(answers.iter().all(|answer| answer.rows.is_empty() && answer.total.index_minor().is_none()));
    }
}
