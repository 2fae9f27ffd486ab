//! The answer to "what are the indexes?", for HTTP and the command line alike.

use crate::app::App;
use chrono_tz::Tz;
use domain::Instant;
use domain::company::{Company, Weekday, Zone};
use domain::figure::{Answer, By, Calendar, Figure, Plan, Ratio, WindowName};
use domain::id::{PersonId, ProductId, SourceId};
use eventstore::{CompanyId, Hash, Mark, StoreError};
use projections::journey_table;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// What may be asked of an index. All of it may be left out.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct FigureQuery {
    /// Only what had happened by this instant exists; all windows end at it. Default: now.
    pub as_of: Option<String>,
    /// IANA zone of the local days. Default: the company's.
    pub zone: Option<String>,
    /// First day of the week, `monday` to `sunday`. Default: the company's.
    pub week_starts_on: Option<String>,
    /// Rows by `key` (the source, scheduler or rep), by `product`, or by both: `key,product`. Default: `key`.
    pub by: Option<String>,
    /// Only these windows, separated by commas. Default: all eight.
    pub window: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    pub min_position: Option<String>,
}

/// An index, window by window.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureAnswer {
    /// `nsla`, `nsls` or `nsli`.
    pub figure: &'static str,
    /// The instant at which all windows end.
    #[schema(value_type = String, format = DateTime)]
    pub as_of: Instant,
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

/// One window of an index.
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
}

/// A row of an index.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureRow {
    /// Name of the source, scheduler or rep; null when not grouped by it.
    pub key: Option<String>,
    /// Name of the product; null when not grouped by it.
    pub product: Option<String>,
    /// Id of the source, scheduler or rep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub key_id: Option<Uuid>,
    /// Id of the product.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product_id: Option<Uuid>,
    /// How many journeys.
    pub leads: i64,
    /// Their net sold, in minor units.
    pub net_sold_minor: i64,
    /// Net sold per lead, in minor units, rounded half away from zero.
    pub index_minor: Option<i64>,
    /// The address of exactly these journeys.
    pub journeys: String,
}

/// All journeys of a window.
#[derive(Debug, Serialize, ToSchema)]
pub struct FigureTotal {
    /// How many journeys.
    pub leads: i64,
    /// Their net sold, in minor units.
    pub net_sold_minor: i64,
    /// Net sold per lead, in minor units; null without leads.
    pub index_minor: Option<i64>,
    /// The address of exactly these journeys.
    pub journeys: String,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// A parameter cannot be taken.
    #[error("{detail}")]
    Parameter {
        /// Which.
        name: &'static str,
        /// Why.
        detail: String,
    },
    /// The company has no zone and currency yet.
    #[error("the company is not configured yet")]
    Unconfigured,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

fn parameter(name: &'static str, detail: impl Into<String>) -> FigureError {
    FigureError::Parameter { name, detail: detail.into() }
}

/// The question, read: defaults filled in from the company's settings.
struct Question {
    figure: Figure,
    zone: Tz,
    week_starts_on: Weekday,
    currency: String,
    by: By,
    plan: Plan,
}

impl Question {
    fn read(figure: Figure, query: &FigureQuery, company: &Company, now: Instant) -> Result<Question, FigureError> {
        let settings = company.settings.as_ref().ok_or(FigureError::Unconfigured)?;
        let as_of = query.as_of.as_deref().map(Instant::parse).transpose().map_err(|error| parameter("as_of", error))?.unwrap_or(now);
        let zone = query.zone.as_deref().map(Zone::parse).transpose().map_err(|error| parameter("zone", error))?.unwrap_or(settings.zone).0;
        let week_starts_on = match &query.week_starts_on {
            None => settings.week_starts_on,
            Some(day) => {
                serde_json::from_value(day.as_str().into()).map_err(|_| parameter("week_starts_on", format!("`{day}` is not a day from monday to sunday")))?
            }
        };
        let by = grouped_by(query.by.as_deref().unwrap_or("key"))?;
        let windows = match &query.window {
            None => WindowName::ALL.to_vec(),
            Some(names) => names.split(',').map(window).collect::<Result<_, _>>()?,
        };
        let calendar = Calendar { zone, week_starts_on, year_starts_in: settings.year_starts_in };
        let currency = settings.currency.code().to_owned();
        Ok(Question { figure, zone, week_starts_on, currency, by, plan: Plan::new(&windows, as_of, &calendar) })
    }

    fn answer(&self, company: &Company, at: Mark, answers: Vec<Answer>) -> FigureAnswer {
        FigureAnswer {
            figure: self.figure.name(),
            as_of: self.plan.as_of,
            zone: self.zone.name().into(),
            week_starts_on: self.week_starts_on,
            currency: self.currency.clone(),
            position: at.position.number,
            hash: at.hash,
            windows: answers.into_iter().map(|answer| self.window(company, answer)).collect(),
        }
    }

    fn window(&self, company: &Company, answer: Answer) -> WindowAnswer {
        let from = answer.from;
        let row = |((key, product), ratio): ((Option<Uuid>, Option<ProductId>), Ratio)| FigureRow {
            key: key.map(|id| self.key_name(company, id)),
            product: product.map(|id| company.products.shown(id)),
            key_id: key,
            product_id: product.map(|id| id.0),
            leads: ratio.leads,
            net_sold_minor: ratio.net_sold_minor,
            index_minor: ratio.index_minor(),
            journeys: self.journeys(from, key, product),
        };
        let mut rows: Vec<FigureRow> = answer.rows.into_iter().map(row).collect();
        rows.sort_by(|a, b| (&a.key, &a.product).cmp(&(&b.key, &b.product)));
        let total = answer.total;
        let total = FigureTotal {
            leads: total.leads,
            net_sold_minor: total.net_sold_minor,
            index_minor: total.index_minor(),
            journeys: self.journeys(from, None, None),
        };
        WindowAnswer { window: answer.window, from, to: self.plan.as_of, rows, total }
    }

    fn key_name(&self, company: &Company, id: Uuid) -> String {
        match self.figure {
            Figure::Nsla => company.sources.shown(SourceId(id)),
            Figure::Nsls | Figure::Nsli => company.people.shown(PersonId(id)),
        }
    }

    /// The address of the journeys that a number counts.
    fn journeys(&self, from: Instant, key: Option<Uuid>, product: Option<ProductId>) -> String {
        let basis = self.figure.basis().name();
        let mut address = format!("/api/v1/journeys?basis={basis}&from={from}&to={to}&as_of={to}", to = self.plan.as_of);
        if let Some(key) = key {
            address.push_str(&format!("&{}={key}", self.figure.key()));
        }
        if let Some(product) = product {
            address.push_str(&format!("&product={product}"));
        }
        address
    }
}

fn grouped_by(names: &str) -> Result<By, FigureError> {
    let mut by = By { key: false, product: false };
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

/// Answers an index.
pub async fn answer(app: &App, company_id: CompanyId, figure: Figure, query: &FigureQuery) -> Result<FigureAnswer, FigureError> {
    let company = app.settings(company_id).await?;
    let question = Question::read(figure, query, &company, app.ports.now().into())?;
    let plan = &question.plan;
    let reading = journey_table::tallies(&app.store, company_id, question.figure.basis(), question.by, &plan.cuts, plan.as_of).await?;
    Ok(question.answer(&company, reading.at, plan.answer(&reading.found)))
}
