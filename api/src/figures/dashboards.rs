//! Dashboards: several figures over several windows in one answer, all of one moment (S0:37 to 100).

use super::circumstances::{Circumstances, Given};
use super::{Asked, FigureError, FigureTotal, Previous, WindowAnswer, compares};
use crate::app::App;
use domain::Instant;
use domain::company::Weekday;
use domain::figure::{By, Figure, WindowName};
use eventstore::{CompanyId, Hash};
use projections::figures::Question;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

const LAST_DAYS: &[WindowName] = &[WindowName::Last7Days, WindowName::Last30Days, WindowName::Last90Days, WindowName::Last180Days];
const PERIODS: &[WindowName] = &[WindowName::ThisWeek, WindowName::ThisMonth, WindowName::ThisQuarter, WindowName::ThisYear];

/// A dashboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dashboard {
    /// Leads added, their sources, and what they sold, by add time (S0:37 to 42).
    LeadPerformance,
    /// Net sold per lead rehashed (S0:9).
    Rehash,
}

/// A number for each period: this week, month, quarter and year.
struct TileOf {
    name: &'static str,
    figure: Figure,
    value: Value,
}

/// What a tile shows.
#[derive(Clone, Copy)]
enum Value {
    Journeys,
    NetSold,
}

/// A table for each of some windows, by the figure's own key.
struct TableOf {
    name: &'static str,
    figure: Figure,
    windows: &'static [WindowName],
}

impl Dashboard {
    /// All of them.
    pub const ALL: &'static [Dashboard] = &[Dashboard::LeadPerformance, Dashboard::Rehash];

    /// The name, as it stands in its address.
    pub fn name(self) -> &'static str {
        match self {
            Dashboard::LeadPerformance => "lead-performance",
            Dashboard::Rehash => "rehash",
        }
    }

    fn tiles(self) -> &'static [TileOf] {
        match self {
            Dashboard::LeadPerformance => &[
                TileOf { name: "leads_added", figure: Figure::Nsla, value: Value::Journeys },
                TileOf { name: "net_sold", figure: Figure::Nsla, value: Value::NetSold },
            ],
            Dashboard::Rehash => &[
                TileOf { name: "rehashed", figure: Figure::Rehash, value: Value::Journeys },
                TileOf { name: "net_sold", figure: Figure::Rehash, value: Value::NetSold },
            ],
        }
    }

    fn tables(self) -> &'static [TableOf] {
        match self {
            Dashboard::LeadPerformance => &[
                TableOf { name: "sources", figure: Figure::Nsla, windows: PERIODS },
                TableOf { name: "lead_sources", figure: Figure::Nsla, windows: LAST_DAYS },
            ],
            Dashboard::Rehash => &[TableOf { name: "rehash_reps", figure: Figure::Rehash, windows: LAST_DAYS }],
        }
    }

    fn figures(self) -> Vec<Figure> {
        let all = self.tiles().iter().map(|tile| tile.figure).chain(self.tables().iter().map(|table| table.figure));
        Figure::ALL.iter().copied().filter(|figure| all.clone().any(|used| used == *figure)).collect()
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
    /// Only journeys about this product, by id or name.
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
    /// The tables, each for its windows.
    pub tables: Vec<DashboardTable>,
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
    /// `journeys`, or `minor` for an amount in minor units.
    pub unit: &'static str,
    /// The number.
    pub value: i64,
    /// The address of exactly the journeys it counts.
    pub journeys: String,
    /// The period before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<PreviousTile>,
}

/// The number of the period before, as it stood when that was over.
#[derive(Debug, Serialize, ToSchema)]
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
    /// The address of exactly the journeys it counts.
    pub journeys: String,
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

impl Value {
    fn of(self, total: &FigureTotal) -> i64 {
        match self {
            Value::Journeys => total.counts.leads,
            Value::NetSold => total.counts.net_sold_minor,
        }
    }

    fn unit(self) -> &'static str {
        match self {
            Value::Journeys => "journeys",
            Value::NetSold => "minor",
        }
    }
}

fn tile(of: &TileOf, answer: &WindowAnswer) -> Tile {
    let value = of.value.of(&answer.total);
    let before = |previous: &Previous| {
        let was = of.value.of(&previous.total);
        PreviousTile { from: previous.from, to: previous.to, value: was, change: value - was, journeys: previous.total.journeys.clone() }
    };
    Tile {
        tile: of.name,
        window: answer.window,
        from: answer.from,
        to: answer.to,
        unit: of.value.unit(),
        value,
        journeys: answer.total.journeys.clone(),
        previous: answer.previous.as_ref().map(before),
    }
}

/// Answers a dashboard: all of it in one snapshot.
pub async fn answer(app: &App, company_id: CompanyId, dashboard: Dashboard, query: &DashboardQuery) -> Result<DashboardAnswer, FigureError> {
    let company = app.settings(company_id).await?;
    let DashboardQuery { as_of, known_at, zone, week_starts_on, product, .. } = query;
    let circumstances = Circumstances::read(Given { as_of, known_at, zone, week_starts_on, product }, &company, app.ports.now().into())?;
    let asked: Vec<Asked> = dashboard.figures().into_iter().map(|figure| Asked { figure, circumstances: &circumstances, company: &company }).collect();
    let compare = compares(&query.compare)?;
    let plan = asked[0].plan(WindowName::ALL);
    let by = By { key: true, product: false };
    let mut questions: Vec<Question> = asked.iter().map(|asked| asked.question(plan.cuts.clone(), by, plan.as_of)).collect();
    if compare {
        questions.extend(asked.iter().flat_map(|asked| asked.periods_before(PERIODS)));
    }
    let reading = app.figures.tallies(&app.store, company_id, &questions).await?;
    let answers: Vec<_> = reading.found.iter().take(asked.len()).map(|tallies| plan.answer(tallies)).collect();
    let window = |figure: Figure, name: WindowName| {
        let at = asked.iter().position(|asked| asked.figure == figure)?;
        let answer = answers[at].iter().find(|answer| answer.window == name)?.clone();
        let before = PERIODS.iter().position(|period| *period == name).filter(|_| compare).map(|period| asked.len() + at * PERIODS.len() + period);
        Some(asked[at].window(answer, before.map(|before| asked[at].previous(&questions[before], &reading.found[before]))))
    };
    let tiles = dashboard.tiles().iter().flat_map(|of| PERIODS.iter().filter_map(|name| Some(tile(of, &window(of.figure, *name)?)))).collect();
    let tables = dashboard.tables().iter().flat_map(|of| {
        let table = |name: &WindowName| Some(DashboardTable { table: of.name, key: of.figure.key(), answer: window(of.figure, *name)? });
        of.windows.iter().filter_map(table).collect::<Vec<_>>()
    });
    let tables = tables.collect();
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
    })
}
