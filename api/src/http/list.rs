//! Lists: what each of them is, and the page of one.

use super::Service;
use super::caller::Caller;
use super::page::{cut, read_cursor, write_cursor};
use super::problem::Problem;
use super::query::{limit, wait_for, word};
use axum::Json;
use domain::company::Company;
use eventstore::{CompanyId, Hash, Mark, StoreError};
use projections::{Listed, Reading};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::openapi::path::{Parameter, ParameterIn};
use utoipa::{IntoParams, ToSchema};

/// How far `count=capped` counts.
const CAP: i64 = 10_000;

/// The company whose list is read, with what its rows are shown by.
pub(super) struct Served {
    pub service: Service,
    pub company: CompanyId,
    pub settings: Company,
}

impl Served {
    /// Looks up its settings.
    pub async fn new(service: Service, caller: &Caller) -> Result<Served, StoreError> {
        let settings = service.app.settings(caller.company).await?;
        Ok(Served { service, company: caller.company, settings })
    }
}

/// A list: the rows that pass its filters, in one order, read page by page.
pub(super) trait List: Sized + Send + Sync + 'static {
    /// Its name, as in its address.
    const NAME: &'static str;
    /// How far it is counted when nobody says.
    const COUNT: Count;
    /// Its filters, as they are asked for.
    type Query: Send + Sync;
    /// A row, as it is kept.
    type Row: Send + Sync;
    /// The place of a row in the order.
    type Cursor: Serialize + DeserializeOwned + Send + Sync;
    /// A row, as it is shown: on pages and in exports.
    type View: Serialize + ToSchema + Send;

    /// Reads the filters; a problem names the one that cannot be taken.
    fn asked(query: &Self::Query, of: &Served) -> impl Future<Output = Result<Self, Problem>> + Send;

    /// Reads at most so many rows behind a place, and counts, where that is asked for.
    fn read(
        &self,
        of: &Served,
        after: Option<Self::Cursor>,
        limit: u32,
        count_up_to: Option<i64>,
    ) -> impl Future<Output = Result<Reading<Listed<Self::Row>>, StoreError>> + Send;

    /// Where a row stands.
    fn place(&self, row: &Self::Row) -> Self::Cursor;

    /// How rows are shown.
    fn views(rows: &[Self::Row], of: &Served) -> impl Future<Output = Result<Vec<Self::View>, StoreError>> + Send;
}

/// How far the rows of a list are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Count {
    /// Not at all.
    None,
    /// Up to [`CAP`].
    Capped,
    /// To the end.
    Exact,
}

impl Count {
    const ALL: &'static [Count] = &[Count::None, Count::Capped, Count::Exact];

    fn name(self) -> &'static str {
        match self {
            Count::None => "none",
            Count::Capped => "capped",
            Count::Exact => "exact",
        }
    }

    fn up_to(self) -> Option<i64> {
        match self {
            Count::None => None,
            Count::Capped => Some(CAP),
            Count::Exact => Some(i64::MAX),
        }
    }
}

/// The filters of a list together with what else its address takes.
#[derive(Debug, Deserialize)]
pub struct With<Filters, More> {
    #[serde(flatten)]
    pub filters: Filters,
    #[serde(flatten)]
    pub more: More,
}

impl<Filters: IntoParams, More: IntoParams> IntoParams for With<Filters, More> {
    fn into_params(place: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        let mut all = Filters::into_params(&place);
        all.extend(More::into_params(&place));
        all
    }
}

/// Which page of a list is read.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct PageQuery {
    /// How far rows are counted: `none`, `capped` (up to 10,000) or `exact`. Unless told, lists with `states` count capped, the others not at all.
    count: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Page<T> {
    /// The rows.
    data: Vec<T>,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// How many rows pass the filters on all pages, where they were counted; 10,000 where it is capped.
    #[serde(skip_serializing_if = "Option::is_none")]
    total: Option<i64>,
    /// Whether there are more than `total`, where they were counted.
    #[serde(skip_serializing_if = "Option::is_none")]
    total_is_capped: Option<bool>,
    /// Of contacts, meetings, quotes and sales: how many pass the filters in each state, the filter for the state left aside. Left out where they were
    /// not counted, or more than 10,000 were to be with `count=capped`.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<BTreeMap<String, i64>>)]
    states: Option<BTreeMap<&'static str, i64>>,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

impl<T> Page<T> {
    /// A page of at most so many of these rows, of which there is one more where the list goes on, without a count. `place` tells where a row stands in it.
    pub(super) fn new<Row, Cursor: Serialize>(at: Mark, rows: Vec<Row>, limit: u32, place: impl Fn(&Row) -> Cursor, view: impl Fn(&Row) -> T) -> Page<T> {
        let (rows, has_more) = cut(rows, limit);
        let next_cursor = rows.last().filter(|_| has_more).map(|last| write_cursor(&place(last)));
        let data = rows.iter().map(view).collect();
        Page { data, has_more, next_cursor, total: None, total_is_capped: None, states: None, position: at.position.number, hash: at.hash }
    }
}

/// Answers a page of a list.
pub(super) async fn page<L: List>(service: Service, caller: Caller, query: With<L::Query, PageQuery>) -> Result<Json<Page<L::View>>, Problem> {
    let With { filters, more } = query;
    let limit = limit(&more.limit)?;
    let count = word("count", &more.count, Count::ALL, Count::name)?.unwrap_or(L::COUNT);
    wait_for(&service, caller.company, &more.min_position).await?;
    let of = Served::new(service, &caller).await?;
    let list = L::asked(&filters, &of).await?;
    let after = read_cursor(more.cursor.as_deref())?;
    let reading = list.read(&of, after, limit + 1, count.up_to()).await?;
    let (rows, has_more) = cut(reading.found.rows, limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| write_cursor(&list.place(last)));
    let counted = reading.found.counted;
    Ok(Json(Page {
        data: L::views(&rows, &of).await?,
        has_more,
        next_cursor,
        total: counted.as_ref().map(|counted| counted.total),
        total_is_capped: counted.as_ref().map(|counted| counted.is_capped),
        states: counted.and_then(|counted| counted.states),
        position: reading.at.position.number,
        hash: reading.at.hash,
    }))
}
