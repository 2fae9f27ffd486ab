//! Dashboards: several figures over several windows in one answer, all of one moment (S0:16 to 19, 37 to 100).

use super::cancels::CancelTable;
use super::circumstances::{Circumstances, Given};
use super::sales::SalesTable;
use super::tiles::{PreviousTile, Tile, Value};
use super::{Asked, FigureError, WindowAnswer, compares};
use crate::app::App;
use domain::company::{Company, CompanyEvent, Weekday};
use domain::figure::{By, DemoBasis, DemoKey, Figure, Plan, Tally, WindowName};
use domain::{Fact, Instant};
use eventstore::{CompanyId, Hash};
use projections::figures::{Answers, DemoSlots, MovedSlots, Questions};
use projections::journey_table::JourneyTable;
use projections::{Happened, Projection};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const LAST_DAYS: &[WindowName] = &[WindowName::Last7Days, WindowName::Last30Days, WindowName::Last90Days, WindowName::Last180Days];
const PERIODS: &[WindowName] = &[WindowName::ThisWeek, WindowName::ThisMonth, WindowName::ThisQuarter, WindowName::ThisYear];
const BY_KEY: By = By { key: true, product: false };
const BY_BOTH: By = By { key: true, product: true };

/// A dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dashboard {
    /// Leads added, their sources, and what they sold, by add time (S0:37 to 42).
    LeadPerformance,
    /// Net sold per lead added, by lead source (S0:43 to 55).
    Nsla,
    /// Net sold per lead set, by scheduler (S0:56 to 80).
    Nsls,
    /// Net sold per lead issued, by sales rep (S0:81 to 92).
    Nsli,
    /// What was issued, sold and canceled, and what each rep makes of it (S0:92 to 95).
    SalesTeam,
    /// What was set, issued and canceled, and what each scheduler makes of it (S0:96 to 100).
    Schedulers,
    /// Which demos are canceled, and why (S0:16 to 19).
    CanceledDemos,
    /// Net sold per lead rehashed (S0:9).
    Rehash,
}

/// What a dashboard shows.
struct Shown {
    /// A number for each period: this week, month, quarter and year.
    tiles: &'static [(&'static str, Value)],
    /// Tables of journeys: name, figure, rows, and a table for each of these windows.
    tables: &'static [(&'static str, Figure, By, &'static [WindowName])],
    /// A table of what moved the sales of each rep, for each of these windows.
    sales: &'static [WindowName],
    /// Tables of cancel rates, for the last days: by what.
    cancels: &'static [DemoKey],
}

const NOTHING: Shown = Shown { tiles: &[], tables: &[], sales: &[], cancels: &[] };

impl Dashboard {
    /// All of them.
    pub const ALL: &'static [Dashboard] = &[
        Dashboard::LeadPerformance,
        Dashboard::Nsla,
        Dashboard::Nsls,
        Dashboard::Nsli,
        Dashboard::SalesTeam,
        Dashboard::Schedulers,
        Dashboard::CanceledDemos,
        Dashboard::Rehash,
    ];

    /// The name, as it stands in its address.
    pub fn name(self) -> &'static str {
        match self {
            Dashboard::LeadPerformance => "lead-performance",
            Dashboard::Nsla => "nsla",
            Dashboard::Nsls => "nsls",
            Dashboard::Nsli => "nsli",
            Dashboard::SalesTeam => "sales-team",
            Dashboard::Schedulers => "schedulers",
            Dashboard::CanceledDemos => "canceled-demos",
            Dashboard::Rehash => "rehash",
        }
    }

    /// The dashboard of this name.
    pub fn parse(name: &str) -> Option<Dashboard> {
        Dashboard::ALL.iter().copied().find(|dashboard| dashboard.name() == name)
    }

    fn shown(self) -> Shown {
        match self {
            Dashboard::LeadPerformance => Shown {
                tiles: &[("leads_added", Value::Journeys(Figure::Nsla)), ("net_sold", Value::NetSoldOf(Figure::Nsla))],
                tables: &[("sources", Figure::Nsla, BY_KEY, PERIODS), ("lead_sources", Figure::Nsla, BY_KEY, LAST_DAYS)],
                ..NOTHING
            },
            Dashboard::Nsla => {
                Shown { tables: &[("lead_sources", Figure::Nsla, BY_KEY, LAST_DAYS), ("lead_sources_by_product", Figure::Nsla, BY_BOTH, LAST_DAYS)], ..NOTHING }
            }
            Dashboard::Nsls => {
                Shown { tables: &[("schedulers", Figure::Nsls, BY_KEY, LAST_DAYS), ("schedulers_by_product", Figure::Nsls, BY_BOTH, LAST_DAYS)], ..NOTHING }
            }
            Dashboard::Nsli => {
                Shown { tables: &[("sales_reps", Figure::Nsli, BY_KEY, LAST_DAYS), ("sales_reps_by_product", Figure::Nsli, BY_BOTH, LAST_DAYS)], ..NOTHING }
            }
            Dashboard::SalesTeam => Shown {
                tiles: &[("issued", Value::Journeys(Figure::Nsli)), ("net_sold", Value::NetSold), ("net_canceled", Value::NetCanceled)],
                tables: &[("sales_reps", Figure::Nsli, BY_KEY, LAST_DAYS)],
                sales: PERIODS,
                ..NOTHING
            },
            Dashboard::Schedulers => Shown {
                tiles: &[("set", Value::Journeys(Figure::Nsls)), ("issued", Value::Journeys(Figure::NslsByIssue)), ("canceled", Value::Canceled)],
                tables: &[("by_set_time", Figure::Nsls, BY_KEY, LAST_DAYS), ("by_issue_time", Figure::NslsByIssue, BY_KEY, LAST_DAYS)],
                cancels: &[DemoKey::Scheduler],
                ..NOTHING
            },
            Dashboard::CanceledDemos => Shown { tiles: &[("canceled", Value::Canceled)], cancels: DemoKey::ALL, ..NOTHING },
            Dashboard::Rehash => Shown {
                tiles: &[("rehashed", Value::Journeys(Figure::Rehash)), ("net_sold", Value::NetSoldOf(Figure::Rehash))],
                tables: &[("rehash_reps", Figure::Rehash, BY_KEY, LAST_DAYS)],
                ..NOTHING
            },
        }
    }
}

/// Whether an event may change what dashboards show, apart from the passing of time: one that the row of a journey follows, with its demos and
/// sales, or a setting that parts or names what is counted.
pub fn may_change_with(happened: &Happened) -> bool {
    use CompanyEvent::*;
    match &happened.fact {
        Fact::Company(event) => {
            matches!(event, Configured(_) | SourceDefined { .. } | ProductDefined { .. } | PersonDefined { .. } | CategoryDefined { .. } | ReasonDefined { .. })
        }
        _ => JourneyTable::keys(happened).into_iter().next().is_some(),
    }
}

/// What may be asked of a dashboard. All of it may be left out.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct DashboardQuery {
    /// Only what had happened by this instant exists; all windows end at it. Default: `known_at`, or else now.
    pub as_of: Option<String>,
    /// Only what had been recorded by this instant exists. Default: all that is known.
    pub known_at: Option<String>,
    /// IANA zone of the local days. Default: the company's.
    pub zone: Option<String>,
    /// First day of the week, `monday` to `sunday`. Default: the company's.
    pub week_starts_on: Option<String>,
    /// Only journeys, demos and sales of this product, by id or name.
    pub product: Option<String>,
    /// `previous`: each tile beside that of the period before, as it stood when that was over.
    pub compare: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    pub min_position: Option<String>,
}

/// A dashboard, as of one moment.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardAnswer {
    /// Its name.
    pub dashboard: &'static str,
    /// The instant at which all windows end.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
    /// What was recorded later is left out; null where all that is known counts.
    #[schema(value_type = Option<String>, format = DateTime)]
    pub known_at: Option<Instant>,
    /// The zone whose local days were used.
    pub zone: String,
    /// The first day of the week.
    #[schema(value_type = String)]
    pub week_starts_on: Weekday,
    /// ISO 4217 code of all amounts.
    pub currency: String,
    /// The product it is about; null where it is about all.
    pub product: Option<String>,
    /// The position of the log that the answer reflects.
    pub position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// The tiles, each for this week, month, quarter and year.
    pub tiles: Vec<Tile>,
    /// The tables of journeys, each for its windows.
    pub tables: Vec<DashboardTable>,
    /// What moved the sales of each rep, for its windows.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sales: Vec<SalesTable>,
    /// How many of the demos that were set were canceled, by what, for each window.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cancel_rates: Vec<CancelTable>,
}

/// A table of a dashboard, for one window.
#[derive(Debug, Serialize, ToSchema)]
pub struct DashboardTable {
    /// What it is, such as `lead_sources`.
    pub table: &'static str,
    /// What its rows are: `source`, `scheduler`, `rep` or `rehash_rep`.
    pub key: &'static str,
    /// The window with its rows.
    #[serde(flatten)]
    pub answer: WindowAnswer,
}

/// Answers a dashboard: all of it in one snapshot.
pub async fn answer(app: &App, company_id: CompanyId, dashboard: Dashboard, query: &DashboardQuery) -> Result<DashboardAnswer, FigureError> {
    let company = app.settings(company_id).await?;
    let DashboardQuery { as_of, known_at, zone, week_starts_on, product, .. } = query;
    let circumstances = Circumstances::read(Given { as_of, known_at, zone, week_starts_on, product }, &company, app.ports.now().into())?;
    let shown = dashboard.shown();
    let asking = Asking { circumstances: &circumstances, company: &company, plan: circumstances.plan(WindowName::ALL) };
    let before: Vec<(Instant, Instant)> = match compares(&query.compare)? {
        true => PERIODS.iter().map(|period| circumstances.calendar.period_before(*period, circumstances.as_of)).collect(),
        false => Vec::new(),
    };
    let mut questions = Questions::default();
    asking.tables(&shown, &mut questions);
    for (_, value) in shown.tiles {
        value.ask(&circumstances, asking.plan.cuts.clone(), asking.plan.as_of, &mut questions);
        before.iter().for_each(|(from, to)| value.ask(&circumstances, vec![*from], *to, &mut questions));
    }
    let reading = app.figures.answers(&app.store, company_id, &questions).await?;
    let mut answers = Told::new(reading.found);
    let tables = asking.journeys(&shown, &mut answers);
    let sales = asking.sales(&shown, &mut answers);
    let cancel_rates = asking.cancels(&shown, &mut answers);
    let tiles = shown.tiles.iter().flat_map(|(name, value)| asking.tiles(name, *value, &before, &mut answers)).collect();
    Ok(DashboardAnswer {
        dashboard: dashboard.name(),
        as_of: circumstances.as_of,
        known_at: circumstances.known_at,
        zone: circumstances.calendar.zone.name().into(),
        week_starts_on: circumstances.calendar.week_starts_on,
        currency: circumstances.currency.clone(),
        product: circumstances.product.map(|product| company.products.shown(product)),
        position: reading.at.position.number,
        hash: reading.at.hash,
        tiles,
        tables,
        sales,
        cancel_rates,
    })
}

/// A dashboard being asked for. What is asked and what is told go in the same order: tables, then tiles.
struct Asking<'a> {
    circumstances: &'a Circumstances,
    company: &'a Company,
    plan: Plan,
}

/// Answers, each taken once.
pub(super) struct Told {
    journeys: std::vec::IntoIter<Vec<Tally>>,
    movements: std::vec::IntoIter<MovedSlots>,
    demos: std::vec::IntoIter<DemoSlots>,
}

impl Told {
    fn new(answers: Answers) -> Told {
        Told { journeys: answers.journeys.into_iter(), movements: answers.movements.into_iter(), demos: answers.demos.into_iter() }
    }

    pub(super) fn journeys(&mut self) -> Vec<Tally> {
        self.journeys.next().unwrap_or_default()
    }

    pub(super) fn movements(&mut self) -> MovedSlots {
        self.movements.next().unwrap_or_default()
    }

    pub(super) fn demos(&mut self) -> DemoSlots {
        self.demos.next().unwrap_or_default()
    }
}

impl Asking<'_> {
    fn tables(&self, shown: &Shown, questions: &mut Questions) {
        let (circumstances, cuts, as_of) = (self.circumstances, &self.plan.cuts, self.plan.as_of);
        let of_figure = |(_, figure, by, _): &(&str, Figure, By, _)| circumstances.of_journeys(*figure, *by, cuts.clone(), as_of);
        questions.journeys.extend(shown.tables.iter().map(of_figure));
        questions.movements.extend((!shown.sales.is_empty()).then(|| circumstances.of_movements(cuts.clone(), as_of)));
        questions.demos.extend(shown.cancels.iter().map(|key| circumstances.of_demos(DemoBasis::Set, *key, cuts.clone(), as_of)));
    }

    fn journeys(&self, shown: &Shown, told: &mut Told) -> Vec<DashboardTable> {
        let mut tables = Vec::new();
        for (name, figure, _, windows) in shown.tables {
            let asked = Asked { figure: *figure, circumstances: self.circumstances, company: self.company };
            let answers = self.plan.answer(&told.journeys());
            let wanted = answers.into_iter().filter(|answer| windows.contains(&answer.window));
            tables.extend(wanted.map(|answer| DashboardTable { table: name, key: figure.key(), answer: asked.window(answer, None) }));
        }
        tables
    }

    fn sales(&self, shown: &Shown, told: &mut Told) -> Vec<SalesTable> {
        if shown.sales.is_empty() {
            return Vec::new();
        }
        let moved = self.plan.sum(&told.movements());
        let windows = self.plan.windows.iter().zip(moved).filter(|((window, _), _)| shown.sales.contains(window));
        windows.map(|((window, from), moved)| SalesTable::new(*window, *from, &moved, self.circumstances, self.company)).collect()
    }

    fn cancels(&self, shown: &Shown, told: &mut Told) -> Vec<CancelTable> {
        let mut tables = Vec::new();
        for key in shown.cancels {
            let demos = self.plan.sum(&told.demos());
            let windows = self.plan.windows.iter().zip(demos).filter(|((window, _), _)| LAST_DAYS.contains(window));
            tables.extend(windows.map(|((window, from), demos)| CancelTable::new(*key, *window, *from, &demos, self.circumstances, self.company)));
        }
        tables
    }

    fn tiles(&self, name: &'static str, value: Value, before: &[(Instant, Instant)], told: &mut Told) -> Vec<Tile> {
        let totals = value.totals(&self.plan, told);
        let previous: Vec<PreviousTile> = before.iter().map(|(from, to)| value.previous(self.circumstances, *from, *to, told)).collect();
        let periods = PERIODS.iter().enumerate().filter_map(|(at, period)| {
            let window = self.plan.windows.iter().position(|(window, _)| window == period)?;
            Some((*period, self.plan.windows[window].1, totals.get(window)?, previous.get(at).cloned()))
        });
        periods.map(|(window, from, total, previous)| Tile::new(name, value, window, from, total, previous, self.circumstances)).collect()
    }
}
