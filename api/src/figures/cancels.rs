//! Cancel rates, as they are shown: who and what is above the company's average (METRICS C.7).

use super::circumstances::Circumstances;
use super::counts::{FEW, RateView};
use super::tiles::sum;
use domain::Instant;
use domain::company::Company;
use domain::figure::{Cancels, DemoBasis, DemoKey, Share, WindowName};
use domain::id::{PersonId, ProductId, ReasonId, SourceId};
use projections::figures::DemoValue;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// How many of the demos that were set in a window were canceled, by one key.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelTable {
    /// By what: `source`, `category`, `product`, `scheduler`, `rep` or `reason`.
    pub key: &'static str,
    /// The window in which the demos were set.
    #[schema(value_type = String)]
    pub window: WindowName,
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, included; what was canceled later is not canceled.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// A row for each key with a demo, by name; reasons with the most cancels first.
    pub rows: Vec<CancelRow>,
    /// All of them together: the company's average. By rep only demos count that stand issued, or stood issued when they were canceled; by
    /// reason only canceled ones.
    pub total: CancelSums,
}

/// A row of cancel rates.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelRow {
    /// Name of the source, category, product, scheduler, rep or reason; null without one.
    pub key: Option<String>,
    /// Its id, where it has one.
    pub key_id: Option<Uuid>,
    /// What is counted.
    #[serde(flatten)]
    pub sums: CancelSums,
    /// Whether the rate is strictly above the company's average, compared as fractions; null by reason.
    pub above_average: Option<bool>,
}

/// Demos that were set, and those that were canceled.
#[derive(Debug, Serialize, ToSchema)]
pub struct CancelSums {
    /// How many demos.
    pub demos: i64,
    /// How many of them were canceled.
    pub canceled: i64,
    /// Canceled of all; null by reason, where only canceled ones are counted.
    pub rate: Option<RateView>,
    /// Which part of all that were canceled; null where none was.
    pub share: Option<f64>,
    /// Whether there are fewer than five demos: too few to tell much.
    pub few: bool,
    /// The address of exactly these demos.
    pub demo_rows: String,
    /// The address of those that were canceled.
    pub canceled_rows: String,
}

impl CancelTable {
    pub(super) fn new(
        key: DemoKey,
        window: WindowName,
        from: Instant,
        demos: &BTreeMap<DemoValue, Cancels>,
        circumstances: &Circumstances,
        company: &Company,
    ) -> CancelTable {
        let to = circumstances.as_of;
        let all: Cancels = sum(demos.values());
        let sums = |cancels: &Cancels, filter: &str| {
            let of_key = match key {
                DemoKey::Rep => "&issued=true",
                DemoKey::Reason => "&canceled=true",
                _ => "",
            };
            let demo_rows = circumstances.demos(DemoBasis::Set, from, to, &format!("{of_key}{filter}"));
            let canceled_rows = if key == DemoKey::Reason { demo_rows.clone() } else { format!("{demo_rows}&canceled=true") };
            let rate = (key != DemoKey::Reason).then(|| cancels.rate().into());
            let share = Share { part: cancels.canceled, whole: all.canceled }.rate();
            CancelSums { demos: cancels.set, canceled: cancels.canceled, rate, share, few: cancels.set < FEW, demo_rows, canceled_rows }
        };
        let row = |(value, cancels): (&DemoValue, &Cancels)| CancelRow {
            key: shown(key, value, company),
            key_id: value.id,
            sums: sums(cancels, &filter(key, value)),
            above_average: (key != DemoKey::Reason).then(|| cancels.is_above(&all)),
        };
        let mut rows: Vec<CancelRow> = demos.iter().map(row).collect();
        match key {
            DemoKey::Reason => rows.sort_by(|a, b| (Reverse(a.sums.canceled), &a.key).cmp(&(Reverse(b.sums.canceled), &b.key))),
            _ => rows.sort_by(|a, b| (&a.key, a.key_id).cmp(&(&b.key, b.key_id))),
        }
        CancelTable { key: key.name(), window, from, to, rows, total: sums(&all, "") }
    }
}

/// The name of what demos are told apart by.
fn shown(key: DemoKey, value: &DemoValue, company: &Company) -> Option<String> {
    let Some(id) = value.id else {
        return value.words.as_ref().map(|words| if key == DemoKey::Category { company.category_shown(words) } else { words.clone() });
    };
    Some(match key {
        DemoKey::Source => company.sources.shown(SourceId(id)),
        DemoKey::Product => company.products.shown(ProductId(id)),
        DemoKey::Scheduler | DemoKey::Rep => company.people.shown(PersonId(id)),
        DemoKey::Reason => company.reasons.name(ReasonId(id)).map_or_else(|| id.to_string(), ToString::to_string),
        DemoKey::Category => id.to_string(),
    })
}

/// The filter that finds exactly the demos of one key.
fn filter(key: DemoKey, value: &DemoValue) -> String {
    match (&value.id, &value.words) {
        (Some(id), _) => format!("&{}={id}", key.name()),
        (None, Some(words)) => format!("&{}={}", key.name(), form_urlencoded::byte_serialize(words.as_bytes()).collect::<String>()),
        (None, None) => format!("&has_{}=false", key.name()),
    }
}
