//! Dashboards: one request each.

use super::Service;
use super::caller::Caller;
use super::path::Path;
use super::problem::{Problem, ProblemCode};
use super::query::{Query, instant, wait_for};
use crate::figures::dashboards::{Dashboard, DashboardAnswer, DashboardQuery, answer};
use axum::Json;
use axum::extract::State;

/// A dashboard: its tiles for this week, month, quarter and year, and its tables, all as of one moment. Every number has the address of what it counts.
#[utoipa::path(
    get, path = "/api/v1/dashboards/{dashboard}", tag = "figures",
    params(("dashboard" = String, Path, description = "lead-performance, nsla, nsls, nsli, sales-team, schedulers, canceled-demos or rehash"), DashboardQuery),
    responses((status = 200, body = DashboardAnswer), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn dashboard(
    State(service): State<Service>,
    caller: Caller,
    Path(name): Path<String>,
    Query(query): Query<DashboardQuery>,
) -> Result<Json<DashboardAnswer>, Problem> {
    let names = || Dashboard::ALL.iter().map(|dashboard| dashboard.name()).collect::<Vec<_>>().join(", ");
    let dashboard =
        Dashboard::parse(&name).ok_or_else(|| Problem::new(ProblemCode::NotFound, format!("there is no dashboard `{name}`: there are {}", names())))?;
    instant("as_of", &query.as_of)?;
    instant("known_at", &query.known_at)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    Ok(Json(answer(&service.app, caller.company, dashboard, &query).await?))
}
