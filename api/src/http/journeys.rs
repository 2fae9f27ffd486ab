//! Journeys: each pass of a contact through the funnel, as it stands or as it stood.

use super::Service;
use super::beside::{Beside, JobView};
use super::caller::Caller;
use super::export::{self, ExportQuery};
use super::list::{Count, List, Page, PageQuery, Served, With, page};
use super::path::{self, Path, unknown};
use super::problem::Problem;
use super::query::{Query, contact, flag, id, instant, word};
use axum::Json;
use axum::extract::State;
use axum::response::Response;
use domain::company::Company;
use domain::figure::Basis;
use domain::id::JourneyId;
use eventstore::StoreError;
use projections::journey_table::{self, End, JourneyCursor, JourneyFilter, Standing};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Which journeys are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub struct JourneyQuery {
    /// By which time `from`, `to` and the order go: `opened` (default), `set`, `issued` or `meeting`.
    basis: Option<String>,
    /// Not before this instant.
    from: Option<String>,
    /// Not after this instant.
    to: Option<String>,
    /// Lead source, by id or name.
    source: Option<String>,
    /// Scheduler, by id or name.
    scheduler: Option<String>,
    /// Sales rep, by id or name.
    rep: Option<String>,
    /// Rehash rep, by id or name.
    rehash_rep: Option<String>,
    /// `true` for journeys given to a rehash rep, `false` for the others.
    #[param(value_type = Option<bool>)]
    rehashed: Option<String>,
    /// Product, by id or name.
    product: Option<String>,
    /// `sold`, `lost` or `sold_canceled`.
    outcome: Option<String>,
    /// `true` for open journeys, `false` for ended ones.
    #[param(value_type = Option<bool>)]
    open: Option<String>,
    /// Of this contact.
    #[param(value_type = Option<Uuid>)]
    contact: Option<String>,
    /// As they stood at this instant.
    as_of: Option<String>,
    /// As far as was recorded by this instant.
    known_at: Option<String>,
}

/// A journey.
#[derive(Debug, Serialize, ToSchema)]
pub struct JourneyView {
    /// The journey's id.
    journey: Uuid,
    /// The contact whose it is.
    contact: Uuid,
    /// What opened it: `new`, `remarket` or `other_product`.
    origin: &'static str,
    /// Lead source.
    source: String,
    /// Its id.
    source_id: Uuid,
    /// Product.
    product: String,
    /// Its id.
    product_id: Uuid,
    /// Lead category.
    category: Option<String>,
    /// The campaign that brought it: the present name of one of the company's, or the words it was told in.
    campaign: Option<String>,
    /// When it opened.
    #[schema(value_type = String, format = DateTime)]
    opened_at: domain::Instant,
    /// Set time: when its governing demo was set.
    #[schema(value_type = Option<String>, format = DateTime)]
    set_at: Option<domain::Instant>,
    /// Who set it.
    scheduler: Option<String>,
    /// Their id.
    scheduler_id: Option<Uuid>,
    /// Issue time: when its governing demo was issued.
    #[schema(value_type = Option<String>, format = DateTime)]
    issued_at: Option<domain::Instant>,
    /// The sales rep it was issued to.
    rep: Option<String>,
    /// Their id.
    rep_id: Option<Uuid>,
    /// Lead meeting time: when that demo begins.
    #[schema(value_type = Option<String>, format = DateTime)]
    meeting_at: Option<domain::Instant>,
    /// What came of that demo.
    result: Option<&'static str>,
    /// Whether that result counts as demoed.
    demoed: bool,
    /// The rehash rep.
    rehash_rep: Option<String>,
    /// Their id.
    rehash_rep_id: Option<Uuid>,
    /// The contracts of its sales that are official and not canceled, in minor units.
    net_sold_minor: i64,
    /// The contracts of its sales that wait for approval, in minor units.
    pending_minor: i64,
    /// How it ended.
    outcome: Option<&'static str>,
    /// When it ended.
    #[schema(value_type = Option<String>, format = DateTime)]
    closed_at: Option<domain::Instant>,
    /// The jobs of its sales, as they stand now.
    jobs: Vec<JobView>,
    /// The business time since which it stands so.
    #[schema(value_type = String, format = DateTime)]
    since: domain::Instant,
    /// The address of its events.
    timeline: String,
}

impl JourneyView {
    fn new(standing: &Standing, company: &Company, beside: &Beside) -> JourneyView {
        let Standing { row, since } = standing;
        let person = |id: Option<domain::id::PersonId>| id.map(|id| company.people.shown(id));
        JourneyView {
            journey: row.journey.0,
            contact: row.contact.0,
            origin: row.origin.name(),
            source: company.sources.shown(row.source),
            source_id: row.source.0,
            product: company.products.shown(row.product),
            product_id: row.product.0,
            category: row.category.as_deref().map(|kept| company.category_shown(kept)),
            campaign: row.campaign.as_deref().map(|kept| company.campaign_shown(kept)),
            opened_at: row.opened_at,
            set_at: row.set_at,
            scheduler: person(row.scheduler),
            scheduler_id: row.scheduler.map(|id| id.0),
            issued_at: row.issued_at,
            rep: person(row.rep),
            rep_id: row.rep.map(|id| id.0),
            meeting_at: row.meeting_at,
            result: row.result.map(|result| result.name()),
            demoed: row.demoed,
            rehash_rep: person(row.rehash_rep),
            rehash_rep_id: row.rehash_rep.map(|id| id.0),
            net_sold_minor: row.net_sold_minor,
            pending_minor: row.pending_minor,
            outcome: row.end.map(End::name),
            closed_at: row.closed_at,
            jobs: beside.jobs_on(row.contact, row.journey),
            since: since.valid_from,
            timeline: format!("/api/v1/contacts/{}/timeline?journey={}", row.contact, row.journey),
        }
    }
}

impl List for JourneyFilter {
    const NAME: &'static str = "journeys";
    const COUNT: Count = Count::None;
    type Query = JourneyQuery;
    type Row = Standing;
    type Cursor = JourneyCursor;
    type View = JourneyView;

    async fn asked(query: &JourneyQuery, of: &Served) -> Result<JourneyFilter, Problem> {
        let company = &of.settings;
        Ok(JourneyFilter {
            basis: word("basis", &query.basis, Basis::ALL, Basis::name)?.unwrap_or(Basis::Opened),
            from: instant("from", &query.from)?,
            to: instant("to", &query.to)?,
            source: id("source", &query.source, &company.sources, "sources")?,
            scheduler: id("scheduler", &query.scheduler, &company.people, "people")?,
            rep: id("rep", &query.rep, &company.people, "people")?,
            rehash_rep: id("rehash_rep", &query.rehash_rep, &company.people, "people")?,
            product: id("product", &query.product, &company.products, "products")?,
            end: word("outcome", &query.outcome, &End::all(), End::name)?,
            rehashed: flag("rehashed", &query.rehashed)?,
            open: flag("open", &query.open)?,
            contact: contact(&of.service, of.company, &query.contact).await?,
            as_of: instant("as_of", &query.as_of)?,
            known_at: instant("known_at", &query.known_at)?,
        })
    }

    async fn read(&self, of: &Served, after: Option<JourneyCursor>, limit: u32, count_up_to: Option<i64>) -> Result<Reading<Listed<Standing>>, StoreError> {
        journey_table::journeys(&of.service.app.store, of.company, self, after, limit, count_up_to).await
    }

    fn place(&self, row: &Standing) -> JourneyCursor {
        JourneyCursor::of(self.basis, row)
    }

    async fn views(rows: &[Standing], of: &Served) -> Result<Vec<JourneyView>, StoreError> {
        let beside = Beside::of(&of.service, of.company, rows.iter().map(|row| row.row.contact)).await?;
        Ok(rows.iter().map(|row| JourneyView::new(row, &of.settings, &beside)).collect())
    }
}

/// The company's journeys: with the parameters that a figure gives, exactly the ones it counts; the latest first.
#[utoipa::path(get, path = "/api/v1/journeys", tag = "journeys", params(JourneyQuery, PageQuery), responses((status = 200, body = Page<JourneyView>), (status = 404, body = super::Details), (status = 422, body = super::Details)))]
pub async fn list(
    State(service): State<Service>,
    caller: Caller,
    Query(query): Query<With<JourneyQuery, PageQuery>>,
) -> Result<Json<Page<JourneyView>>, Problem> {
    page::<JourneyFilter>(service, caller, query).await
}

/// The whole list as a file, CSV or a spreadsheet, with the fields of its rows as columns.
#[utoipa::path(
    get, path = "/api/v1/journeys/export", tag = "journeys", operation_id = "export_journeys", params(JourneyQuery, ExportQuery),
    responses((status = 200, body = String, content_type = "text/csv"), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn export(State(service): State<Service>, caller: Caller, Query(query): Query<With<JourneyQuery, ExportQuery>>) -> Result<Response, Problem> {
    export::export::<JourneyFilter>(service, caller, query).await
}

/// Which time a journey is shown at.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct AsOfQuery {
    /// As it stood at this instant.
    as_of: Option<String>,
    /// As far as was recorded by this instant.
    known_at: Option<String>,
}

/// One journey.
#[utoipa::path(
    get, path = "/api/v1/journeys/{journey}", tag = "journeys",
    params(("journey" = Uuid, Path, description = "Id of the journey"), AsOfQuery),
    responses((status = 200, body = JourneyView), (status = 404, body = super::Details))
)]
pub async fn one(
    State(service): State<Service>,
    caller: Caller,
    Path(journey): Path<String>,
    Query(query): Query<AsOfQuery>,
) -> Result<Json<JourneyView>, Problem> {
    let journey = path::id("journey", &journey).map(JourneyId)?;
    let (as_of, known_at) = (instant("as_of", &query.as_of)?, instant("known_at", &query.known_at)?);
    let company = service.app.settings(caller.company).await?;
    let reading = journey_table::journey(&service.app.store, caller.company, journey, as_of, known_at).await?;
    let standing = reading.found.ok_or_else(|| unknown("journey"))?;
    let beside = Beside::of(&service, caller.company, std::iter::once(standing.row.contact)).await?;
    Ok(Json(JourneyView::new(&standing, &company, &beside)))
}
