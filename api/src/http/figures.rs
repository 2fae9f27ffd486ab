//! The figures: net sold per lead added, set, issued and rehashed.

use super::Service;
use super::caller::Caller;
use super::path::Path;
use super::problem::{Problem, ProblemCode};
use super::query::{Query, instant, wait_for};
use crate::figures::{FigureAnswer, FigureError, FigureQuery, answer};
use axum::Json;
use axum::extract::State;
use domain::figure::Figure;

impl From<FigureError> for Problem {
    fn from(error: FigureError) -> Problem {
        match error {
            FigureError::Parameter { name, detail } => Problem::query(name, detail),
            FigureError::Unconfigured => unconfigured(),
            FigureError::Store(error) => error.into(),
        }
    }
}

/// The company has no settings yet.
pub(super) fn unconfigured() -> Problem {
    Problem::new(ProblemCode::CompanyUnclear, "the company has no zone and currency yet; send company.configure first")
}

/// NSLA by lead source, NSLS by scheduler (by set time, or by issue time), NSLI by sales rep, and net sold per lead rehashed by rehash rep: for any
/// instant, zone and first day of the week. Each row has the counts and rates of its journeys, and their address.
#[utoipa::path(
    get, path = "/api/v1/figures/{figure}", tag = "figures",
    params(("figure" = String, Path, description = "nsla, nsls, nsls_by_issue, nsli or rehash"), FigureQuery),
    responses((status = 200, body = FigureAnswer), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn figure(
    State(service): State<Service>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<FigureQuery>,
) -> Result<Json<FigureAnswer>, Problem> {
    let names = || Figure::ALL.iter().map(|figure| figure.name()).collect::<Vec<_>>().join(", ");
    let figure = Figure::parse(&name).ok_or_else(|| Problem::new(ProblemCode::NotFound, format!("there is no figure `{name}`: there are {}", names())))?;
    instant("as_of", &query.as_of)?;
    instant("known_at", &query.known_at)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    Ok(Json(answer(&service.app, caller.company, figure, &query).await?))
}
