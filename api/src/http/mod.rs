//! HTTP: resources for reads, one POST per command, RFC 9457 problems, and descriptions generated from the code.

mod beside;
mod body;
mod caller;
mod campaigns;
mod canceled_demos;
mod checkpoints;
mod commands;
mod commands_document;
mod company;
mod contacts;
mod dashboards;
mod demos;
mod events;
mod export;
mod figures;
mod health;
mod issue_several;
mod join_several;
mod journeys;
mod list;
mod live;
mod local;
mod meetings;
mod movements;
mod openapi;
mod packs;
mod page;
mod path;
mod problem;
mod problem_pages;
mod query;
mod quotes;
mod records;
mod sale_record;
mod sales;
mod similar;
mod token;
mod worklists;

pub use commands::{CommandRoute, ROUTES};
pub use commands_document::commands_document;
pub use openapi::openapi;
pub use problem::{Details, FieldError, Problem, ProblemCode};
pub use problem_pages::page as problem_page;

use crate::app::App;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::{Json, Router};
use caller::{RequestId, TokenHash};
use query::{NoParameters, Query};
use std::any::Any;
use std::time::Duration;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::timeout::TimeoutLayer;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;
use utoipa_swagger_ui::SwaggerUi;

/// What every handler may use.
#[derive(Clone)]
pub struct Service {
    app: App,
    token: TokenHash,
}

/// Headers of which there is one at most.
const SINGLE: [&str; 6] = ["authorization", "content-type", "host", "idempotency-key", caller::COMPANY_HEADER, live::LAST_EVENT_ID];

/// How long one request may take until its answer begins, unless it exports a list.
const LONGEST: Duration = Duration::from_secs(30);

/// The whole service: `/api/v1`, `/docs`, `/problems/{code}` and `/healthz`.
pub fn router(app: App, token: &str) -> Router {
    let service = Service { app, token: TokenHash::of(token) };
    let description = openapi();
    let (mut api, _) = readers().split_for_parts();
    for route in ROUTES {
        api = api.route(&format!("/api/v1{}", route.path), route.handler());
    }
    let (exports, _) = exports().split_for_parts();
    api.layer(TimeoutLayer::with_status_code(StatusCode::SERVICE_UNAVAILABLE, LONGEST))
        .merge(exports)
        .route("/", axum::routing::get(async || Redirect::temporary("/docs")))
        .route("/api/v1/openapi.json", axum::routing::get(async move |_: Query<NoParameters>| Json(description)))
        .route("/problems/{code}", axum::routing::get(problem_pages::show))
        .merge(SwaggerUi::new("/docs").config(utoipa_swagger_ui::Config::from("/api/v1/openapi.json").persist_authorization(true)))
        .fallback(async || Problem::new(ProblemCode::NotFound, "there is nothing at this address; /docs lists what there is"))
        .method_not_allowed_fallback(async || Problem::new(ProblemCode::MethodNotAllowed, "this address takes other methods; /docs lists them"))
        .with_state(service.clone())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(middleware::from_fn(problem::in_one_shape))
        .layer(middleware::from_fn(once_each))
        .layer(middleware::from_fn(local::only_local))
        .layer(middleware::from_fn_with_state(service, with_request_id))
        .layer(header("x-content-type-options", "nosniff"))
        .layer(header("referrer-policy", "no-referrer"))
        .layer(header("cache-control", "no-store"))
        .layer(header("x-frame-options", "DENY"))
}

/// The routes that are no single command, with their descriptions.
fn readers() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(health::healthz))
        .routes(routes!(contacts::list))
        .routes(routes!(similar::list))
        .routes(routes!(contacts::one))
        .routes(routes!(contacts::timeline))
        .routes(routes!(contacts::transitions))
        .routes(routes!(records::meeting))
        .routes(routes!(records::meeting_transitions))
        .routes(routes!(records::quote))
        .routes(routes!(records::quote_transitions))
        .routes(routes!(records::sale))
        .routes(routes!(records::sale_transitions))
        .routes(routes!(journeys::list))
        .routes(routes!(demos::list))
        .routes(routes!(movements::list))
        .routes(routes!(journeys::one))
        .routes(routes!(meetings::list))
        .routes(routes!(worklists::list))
        .routes(routes!(worklists::overdue))
        .routes(routes!(quotes::list))
        .routes(routes!(sales::list))
        .routes(routes!(canceled_demos::list))
        .routes(routes!(issue_several::issue_several))
        .routes(routes!(figures::figure))
        .routes(routes!(dashboards::dashboard))
        .routes(routes!(live::stream))
        .routes(routes!(checkpoints::list))
        .routes(routes!(checkpoints::consistency))
        .routes(routes!(events::proof))
        .routes(routes!(packs::pack))
        .routes(routes!(company::company))
        .routes(routes!(company::sources))
        .routes(routes!(company::products))
        .routes(routes!(company::people))
        .routes(routes!(company::categories))
        .routes(routes!(company::reasons))
        .routes(routes!(company::meeting_types))
        .routes(routes!(campaigns::list))
        .routes(routes!(campaigns::candidates))
        .routes(routes!(campaigns::members))
        .routes(routes!(join_several::join_several))
}

/// The lists as files.
fn exports() -> OpenApiRouter<Service> {
    OpenApiRouter::new()
        .routes(routes!(contacts::export))
        .routes(routes!(journeys::export))
        .routes(routes!(meetings::export))
        .routes(routes!(quotes::export))
        .routes(routes!(sales::export))
        .routes(routes!(canceled_demos::export))
}

fn header(name: &'static str, value: &'static str) -> SetResponseHeaderLayer<HeaderValue> {
    SetResponseHeaderLayer::if_not_present(HeaderName::from_static(name), HeaderValue::from_static(value))
}

/// Refuses a header that says two things where one is asked: which of them counts would be chance.
async fn once_each(request: Request, next: Next) -> Response {
    let twice = SINGLE.into_iter().find(|name| request.headers().get_all(*name).iter().nth(1).is_some());
    match twice {
        Some(name) => Problem::new(ProblemCode::HeaderInvalid, format!("the header {name} must be sent once")).into_response(),
        None => next.run(request).await,
    }
}

/// Gives each request an id; commands carry it into the log, and every answer names it.
async fn with_request_id(State(service): State<Service>, mut request: Request, next: Next) -> Response {
    let id = service.app.ports.new_id();
    request.extensions_mut().insert(RequestId(id));
    let mut response = next.run(request).await;
    if let Ok(value) = HeaderValue::from_str(&id.to_string()) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

fn panicked(fault: Box<dyn Any + Send + 'static>) -> Response {
    let text = fault.downcast_ref::<&str>().map(ToString::to_string).or_else(|| fault.downcast_ref::<String>().cloned());
    tracing::error!(text = text.unwrap_or_default(), "a fault of the product");
    Problem::new(ProblemCode::Internal, "the request met a fault of the product; please report it with the X-Request-Id").into_response()
}
