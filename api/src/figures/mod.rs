//! The answer to "what are the figures?", for HTTP and the command line alike.

pub mod cancels;
mod circumstances;
mod counts;
pub mod dashboards;
pub mod sales;
pub mod tiles;

pub use circumstances::FigureError;
pub use counts::{AmountBand, Counts, Origins, RateView, Rates};

use crate::app::App;
use circumstances::{Circumstances, Given, parameter};
use domain::Instant;
use domain::company::{Company, Weekday};
use domain::figure::{Answer, By, Figure, Sums, Tally, WindowName};
use domain::id::{PersonId, ProductId, SourceId};
use eventstore::{CompanyId, Hash};
use projections::figures::Question;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Not grouped: all journeys together.
const TOGETHER: By = By { key: false, product: false };

/// What may be asked of a figure. All of it may be left out.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
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
    /// Rows by `key` (the source, scheduler or rep), by `product`, or by both: `key,product`. Default: `key`.
    pub by: Option<String>,
    /// Only these windows, separated by commas. Default: all eight.
    pub window: Option<String>,
    /// `previous`: each total beside that of the period before, as it stood when that was over.
    pub compare: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    pub min_position: Option<String>,
}

/// A figure, window by window.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureAnswer {
    /// `nsla`, `nsls`, `nsls_by_issue`, `nsli` or `rehash`.
    pub figure: &'static str,
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
    /// The position of the log that the answer reflects.
    pub position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    pub hash: Hash,
    /// The windows, in the order asked for.
    pub windows: Vec<WindowAnswer>,
}

/// One window of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct WindowAnswer {
    /// Its name, such as `last_30_days`.
    #[schema(value_type = String)]
    pub window: WindowName,
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, included: the as-of instant.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// A row for every key and product with a lead, by name.
    pub rows: Vec<FigureRow>,
    /// All journeys of the window together.
    pub total: FigureTotal,
    /// The period before, where it was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub previous: Option<Previous>,
}

/// A row of a figure.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureRow {
    /// Name of the source, scheduler, rep or rehash rep; null when not grouped by it.
    pub key: Option<String>,
    /// Name of the product; null when not grouped by it.
    pub product: Option<String>,
    /// Id of the source, scheduler, rep or rehash rep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<Uuid>,
    /// Id of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    /// What is counted of its journeys.
    #[serde(flatten)]
    pub counts: Counts,
    /// The address of exactly these journeys.
    pub journeys: String,
}

/// All journeys of a window.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureTotal {
    /// What is counted of them.
    #[serde(flatten)]
    pub counts: Counts,
    /// The address of exactly these journeys.
    pub journeys: String,
    /// How many were voided, and left out (METRICS C.2).
    pub voided: i64,
    /// The address of those.
    pub voided_journeys: String,
}

/// The period before a window, as it stood when that was over, so that like is compared with like.
#[derive(Debug, Serialize, ToSchema)]
pub struct Previous {
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, and what it is told as of.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// All journeys of it together.
    pub total: FigureTotal,
}

/// A figure, asked under some circumstances.
struct Asked<'a> {
    figure: Figure,
    circumstances: &'a Circumstances,
    company: &'a Company,
}

impl Asked<'_> {
    /// The period before each of these windows, as a question of its own.
    fn periods_before(&self, windows: &[WindowName]) -> Vec<Question> {
        let before = windows.iter().map(|window| self.circumstances.calendar.period_before(*window, self.circumstances.as_of));
        before.map(|(from, to)| self.circumstances.of_journeys(self.figure, TOGETHER, vec![from], to)).collect()
    }

    fn window(&self, answer: Answer, previous: Option<Previous>) -> WindowAnswer {
        let (from, to) = (answer.from, self.circumstances.as_of);
        let row = |((key, product), sums): ((Option<Uuid>, Option<ProductId>), Sums)| FigureRow {
            key: key.map(|id| self.key_name(id)),
            product: product.map(|id| self.company.products.shown(id)),
            key_id: key,
            product_id: product.map(|id| id.0),
            counts: sums.into(),
            journeys: self.journeys(from, to, key, product),
        };
        let mut rows: Vec<FigureRow> = answer.rows.into_iter().map(row).collect();
        rows.sort_by(|a, b| (&a.key, &a.product).cmp(&(&b.key, &b.product)));
        WindowAnswer { window: answer.window, from, to, rows, total: self.total(from, to, answer.total), previous }
    }

    fn total(&self, from: Instant, to: Instant, sums: Sums) -> FigureTotal {
        let journeys = self.journeys(from, to, None, None);
        FigureTotal { counts: sums.into(), voided: sums.voided, voided_journeys: format!("{journeys}&outcome=voided"), journeys }
    }

    /// What came of a question of [`Asked::periods_before`].
    fn previous(&self, question: &Question, tallies: &[Tally]) -> Previous {
        let (from, to) = (question.cuts[0], question.as_of);
        let mut sums = Sums::default();
        tallies.iter().for_each(|tally| sums.add(&tally.sums, 1));
        Previous { from, to, total: self.total(from, to, sums) }
    }

    fn key_name(&self, id: Uuid) -> String {
        match self.figure {
            Figure::Nsla => self.company.sources.shown(SourceId(id)),
            Figure::Nsls | Figure::NslsByIssue | Figure::Nsli | Figure::Rehash => self.company.people.shown(PersonId(id)),
        }
    }

    fn journeys(&self, from: Instant, to: Instant, key: Option<Uuid>, product: Option<ProductId>) -> String {
        self.circumstances.journeys(self.figure, from, to, key, product)
    }
}

fn grouped_by(names: &str) -> Result<By, FigureError> {
    let mut by = TOGETHER;
    for name in names.split(',') {
        match name.trim() {
            "key" if !by.key => by.key = true,
            "product" if !by.product => by.product = true,
            _ => return Err(parameter("by", format!("`{names}` is not key, product or key,product"))),
        }
    }
    Ok(by)
}

fn window(name: &str) -> Result<WindowName, FigureError> {
    let names = || WindowName::ALL.iter().map(|window| window.name()).collect::<Vec<_>>().join(", ");
    WindowName::parse(name.trim()).ok_or_else(|| parameter("window", format!("`{name}` is not one of {}", names())))
}

/// Whether the periods before are asked for too.
fn compares(compare: &Option<String>) -> Result<bool, FigureError> {
    match compare.as_deref() {
        None => Ok(false),
        Some("previous") => Ok(true),
        Some(other) => Err(parameter("compare", format!("`{other}` is not previous"))),
    }
}

/// Answers a figure.
pub async fn answer(app: &App, company_id: CompanyId, figure: Figure, query: &FigureQuery) -> Result<FigureAnswer, FigureError> {
    let company = app.settings(company_id).await?;
    let FigureQuery { as_of, known_at, zone, week_starts_on, product, .. } = query;
    let circumstances = Circumstances::read(Given { as_of, known_at, zone, week_starts_on, product }, &company, app.ports.now().into())?;
    let by = grouped_by(query.by.as_deref().unwrap_or("key"))?;
    let windows = match &query.window {
        None => WindowName::ALL.to_vec(),
        Some(names) => names.split(',').map(window).collect::<Result<_, _>>()?,
    };
    let asked = Asked { figure, circumstances: &circumstances, company: &company };
    let plan = circumstances.plan(&windows);
    let before = if compares(&query.compare)? { asked.periods_before(&windows) } else { vec![] };
    let questions: Vec<Question> =
        std::iter::once(circumstances.of_journeys(figure, by, plan.cuts.clone(), plan.as_of)).chain(before.iter().cloned()).collect();
    let reading = app.figures.tallies(&app.store, company_id, &questions).await?;
    let previous = |at: usize| before.get(at).map(|question| asked.previous(question, &reading.found[at + 1]));
    let windows = plan.answer(&reading.found[0]).into_iter().enumerate().map(|(at, answer)| asked.window(answer, previous(at))).collect();
    Ok(FigureAnswer {
        figure: figure.name(),
        as_of: circumstances.as_of,
        known_at: circumstances.known_at,
        zone: circumstances.calendar.zone.name().into(),
        week_starts_on: circumstances.calendar.week_starts_on,
        currency: circumstances.currency.clone(),
        position: reading.at.position.number,
        hash: reading.at.hash,
        windows,
    })
}
