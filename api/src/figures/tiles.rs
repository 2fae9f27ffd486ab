//! Tiles: one number for one period, with the address of the rows behind it.

use super::circumstances::Circumstances;
use super::dashboards::Told;
use domain::Instant;
use domain::figure::{By, Cancels, DemoBasis, DemoKey, Figure, Moved, Plan, Sums, WindowName};
use projections::figures::Questions;
use serde::Serialize;
use utoipa::ToSchema;

/// Not grouped: all together.
const TOGETHER: By = By { key: false, product: false };

/// What a tile shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Value {
    /// How many journeys a figure counts.
    Journeys(Figure),
    /// The net sold of those journeys.
    NetSoldOf(Figure),
    /// Net sold by the dates of the sales themselves (METRICS C.6).
    NetSold,
    /// What was canceled, by cancel date (METRICS C.6).
    NetCanceled,
    /// How many demos were canceled, by the time of canceling (METRICS C.4).
    Canceled,
}

/// What is counted in one window.
#[derive(Clone, Copy, Debug)]
pub(super) enum Total {
    /// Journeys.
    Journeys(Sums),
    /// What moved sales.
    Sales(Moved),
    /// Demos.
    Demos(Cancels),
}

/// One number for one window.
#[derive(Debug, Serialize, ToSchema)]
pub struct Tile {
    /// What it is, such as `leads_added`.
    pub tile: &'static str,
    /// Its window.
    #[schema(value_type = String)]
    pub window: WindowName,
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, included.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// `journeys`, `demos`, or `minor` for an amount in minor units.
    pub unit: &'static str,
    /// The number.
    pub value: i64,
    /// The address of exactly the rows that it counts or sums; canceled sales lie there below zero.
    pub rows: String,
    /// What was signed in the window and waits for approval, beside net sold: no part of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// The period before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousTile>,
}

/// Sales that wait for approval.
#[derive(Debug, Serialize, ToSchema)]
pub struct Pending {
    /// What they come to, in minor units.
    pub value: i64,
    /// The address of exactly these.
    pub rows: String,
}

/// The number of the period before, as it stood when that was over.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviousTile {
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, and what it is told as of.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// The number.
    pub value: i64,
    /// By how much it grew since.
    pub change: i64,
    /// The address of exactly the rows that it counts or sums.
    pub rows: String,
}

impl Value {
    /// Asks for it.
    pub(super) fn ask(self, circumstances: &Circumstances, cuts: Vec<Instant>, as_of: Instant, questions: &mut Questions) {
        match self {
            Value::Journeys(figure) | Value::NetSoldOf(figure) => questions.journeys.push(circumstances.of_journeys(figure, TOGETHER, cuts, as_of)),
            Value::NetSold | Value::NetCanceled => questions.movements.push(circumstances.of_movements(cuts, as_of)),
            Value::Canceled => questions.demos.push(circumstances.of_demos(DemoBasis::Canceled, DemoKey::Scheduler, cuts, as_of)),
        }
    }

    /// What was told of it, for each window of the plan.
    pub(super) fn totals(self, plan: &Plan, told: &mut Told) -> Vec<Total> {
        match self {
            Value::Journeys(_) | Value::NetSoldOf(_) => plan.answer(&told.journeys()).into_iter().map(|answer| Total::Journeys(answer.total)).collect(),
            Value::NetSold | Value::NetCanceled => plan.sum(&told.movements()).iter().map(|moved| Total::Sales(sum(moved.values()))).collect(),
            Value::Canceled => plan.sum(&told.demos()).iter().map(|demos| Total::Demos(sum(demos.values()))).collect(),
        }
    }

    /// What was told of it for one period before; its change is not known yet.
    pub(super) fn previous(self, circumstances: &Circumstances, from: Instant, to: Instant, told: &mut Told) -> PreviousTile {
        let total = match self {
            Value::Journeys(_) | Value::NetSoldOf(_) => {
                let mut sums = Sums::default();
                told.journeys().iter().for_each(|tally| sums.add(&tally.sums, 1));
                Total::Journeys(sums)
            }
            Value::NetSold | Value::NetCanceled => Total::Sales(sum(told.movements().iter().flat_map(|slot| slot.values()))),
            Value::Canceled => Total::Demos(sum(told.demos().iter().flat_map(|slot| slot.values()))),
        };
        PreviousTile { from, to, value: self.of(&total), change: 0, rows: self.rows(circumstances, from, to) }
    }

    fn of(self, total: &Total) -> i64 {
        match (self, total) {
            (Value::NetSoldOf(_), Total::Journeys(sums)) => sums.net_sold_minor,
            (_, Total::Journeys(sums)) => sums.leads,
            (Value::NetCanceled, Total::Sales(moved)) => moved.net_canceled_minor,
            (_, Total::Sales(moved)) => moved.net_sold_minor(),
            (_, Total::Demos(demos)) => demos.canceled,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Value::Journeys(_) => "journeys",
            Value::Canceled => "demos",
            Value::NetSoldOf(_) | Value::NetSold | Value::NetCanceled => "minor",
        }
    }

    fn rows(self, circumstances: &Circumstances, from: Instant, to: Instant) -> String {
        match self {
            Value::Journeys(figure) | Value::NetSoldOf(figure) => circumstances.journeys(figure, from, to, None, None),
            Value::NetSold => circumstances.movements(from, to, "&official=true"),
            Value::NetCanceled => circumstances.movements(from, to, "&official=true&kind=canceled"),
            Value::Canceled => circumstances.demos(DemoBasis::Canceled, from, to, ""),
        }
    }
}

impl Tile {
    pub(super) fn new(
        name: &'static str,
        shown: Value,
        window: WindowName,
        from: Instant,
        total: &Total,
        previous: Option<PreviousTile>,
        circumstances: &Circumstances,
    ) -> Tile {
        let (to, value) = (circumstances.as_of, shown.of(total));
        let pending = match (shown, total) {
            (Value::NetSold, Total::Sales(moved)) => Some(Pending { value: moved.pending_minor, rows: circumstances.movements(from, to, "&official=false") }),
            _ => None,
        };
        let previous = previous.map(|before| PreviousTile { change: value - before.value, ..before });
        Tile { tile: name, window, from, to, unit: shown.unit(), value, rows: shown.rows(circumstances, from, to), pending, previous }
    }
}

/// All together.
pub(super) fn sum<'a, S: Default + Copy + std::ops::AddAssign + 'a>(parts: impl Iterator<Item = &'a S>) -> S {
    parts.fold(S::default(), |mut sum, part| {
        sum += *part;
        sum
    })
}
