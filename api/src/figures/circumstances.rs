//! Under which circumstances a report is asked for: as of when, as known when, in which zone, of which product.

use chrono_tz::Tz;
use domain::Instant;
use domain::company::{Company, Zone};
use domain::figure::{By, Calendar, DemoBasis, DemoKey, Figure, Plan, WindowName};
use domain::id::ProductId;
use domain::reference::Ref;
use eventstore::StoreError;
use projections::figures::{DemoQuestion, MovementQuestion, Question};
use uuid::Uuid;

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

pub(super) fn parameter(name: &'static str, detail: impl Into<String>) -> FigureError {
    FigureError::Parameter { name, detail: detail.into() }
}

/// The circumstances, as they were sent.
#[derive(Clone, Copy, Debug)]
pub(super) struct Given<'a> {
    pub(super) as_of: &'a Option<String>,
    pub(super) known_at: &'a Option<String>,
    pub(super) zone: &'a Option<String>,
    pub(super) week_starts_on: &'a Option<String>,
    pub(super) product: &'a Option<String>,
}

/// The circumstances, read: what was left out is the company's own.
#[derive(Clone, Debug)]
pub(super) struct Circumstances {
    /// Whose days, weeks and years count.
    pub(super) calendar: Calendar,
    /// The company's own zone.
    pub(super) zone: Tz,
    /// ISO 4217 code of all amounts.
    pub(super) currency: String,
    /// Nothing that happened later exists.
    pub(super) as_of: Instant,
    /// Nothing that was recorded later exists.
    pub(super) known_at: Option<Instant>,
    /// Only journeys about this product.
    pub(super) product: Option<ProductId>,
}

impl Circumstances {
    /// Reads them.
    pub(super) fn read(given: Given, company: &Company, now: Instant) -> Result<Circumstances, FigureError> {
        let settings = company.settings.as_ref().ok_or(FigureError::Unconfigured)?;
        let instant = |name, text: &Option<String>| text.as_deref().map(Instant::parse).transpose().map_err(|error| parameter(name, error));
        let known_at = instant("known_at", given.known_at)?;
        let as_of = instant("as_of", given.as_of)?.or(known_at).unwrap_or(now);
        let zone = given.zone.as_deref().map(Zone::parse).transpose().map_err(|error| parameter("zone", error))?.unwrap_or(settings.zone).0;
        let week_starts_on = match given.week_starts_on {
            None => settings.week_starts_on,
            Some(day) => {
                serde_json::from_value(day.as_str().into()).map_err(|_| parameter("week_starts_on", format!("`{day}` is not a day from monday to sunday")))?
            }
        };
        Ok(Circumstances {
            calendar: Calendar { zone, week_starts_on, year_starts_in: settings.year_starts_in },
            zone: settings.zone.0,
            currency: settings.currency.code().to_owned(),
            as_of,
            known_at,
            product: given.product.as_deref().map(|product| known_product(product, company)).transpose()?,
        })
    }
}

impl Circumstances {
    /// These windows, ending at the as-of instant.
    pub(super) fn plan(&self, windows: &[WindowName]) -> Plan {
        Plan::new(windows, self.as_of, &self.calendar)
    }

    /// A question about journeys.
    pub(super) fn of_journeys(&self, figure: Figure, by: By, cuts: Vec<Instant>, as_of: Instant) -> Question {
        Question { figure, by, product: self.product, cuts, as_of, known_at: self.known_at, zone: self.zone }
    }

    /// A question about the movements of sales.
    pub(super) fn of_movements(&self, cuts: Vec<Instant>, as_of: Instant) -> MovementQuestion {
        MovementQuestion { product: self.product, cuts, as_of, known_at: self.known_at }
    }

    /// A question about demos.
    pub(super) fn of_demos(&self, basis: DemoBasis, by: DemoKey, cuts: Vec<Instant>, as_of: Instant) -> DemoQuestion {
        DemoQuestion { basis, by, product: self.product, cuts, as_of, known_at: self.known_at }
    }

    /// The address of the journeys that a number counts.
    pub(super) fn journeys(&self, figure: Figure, from: Instant, to: Instant, key: Option<Uuid>, product: Option<ProductId>) -> String {
        let key = match key {
            Some(key) => format!("&{}={key}", figure.key()),
            None if figure == Figure::Rehash => "&rehashed=true".into(),
            None => String::new(),
        };
        self.rows(&format!("journeys?basis={}&", figure.basis().name()), from, to, product, &key)
    }

    /// The address of the movements of sales that a number sums.
    pub(super) fn movements(&self, from: Instant, to: Instant, filter: &str) -> String {
        self.rows("movements?", from, to, None, filter)
    }

    /// The address of the demos that a number counts.
    pub(super) fn demos(&self, basis: DemoBasis, from: Instant, to: Instant, filter: &str) -> String {
        self.rows(&format!("demos?basis={}&", basis.name()), from, to, None, filter)
    }

    fn rows(&self, list: &str, from: Instant, to: Instant, product: Option<ProductId>, filter: &str) -> String {
        let known_at = self.known_at.map(|known_at| format!("&known_at={known_at}")).unwrap_or_default();
        let wanted = product.or(self.product).filter(|_| !filter.starts_with("&product="));
        let product = wanted.map(|product| format!("&product={product}")).unwrap_or_default();
        format!("/api/v1/{list}from={from}&to={to}&as_of={to}{known_at}{filter}{product}")
    }
}

fn known_product(text: &str, company: &Company) -> Result<ProductId, FigureError> {
    let wanted: Ref<ProductId> = serde_json::from_value(text.into()).map_err(|error| parameter("product", format!("`product` {error}")))?;
    let unknown = || parameter("product", format!("the company has no product of this id or name: `{text}`; GET /api/v1/products has those there are"));
    company.products.find(&wanted).ok_or_else(unknown)
}
