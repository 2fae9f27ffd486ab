//! A request to the service's own router, in this process: the command line asks and sends what HTTP would.

use super::error::Code;
use super::{CliError, Place};
use crate::app::App;
use axum::body::Body;
use axum::http::{Method, Request, header};
use serde_json::Value;
use tower::ServiceExt;

/// The most that an answer may hold.
const LONGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Sends it to the company that is meant, and answers the body of a success.
pub async fn request(app: &App, place: &Place, method: Method, address: &str, body: Option<&Value>) -> Result<Value, CliError> {
    let company = place.one_served(app).await?;
    let token = app.ports.new_id().to_string();
    let request = Request::builder()
        .method(method)
        .uri(address)
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .header("leadtrail-company", company.id.to_string());
    let request = match body {
        Some(body) => request.header(header::CONTENT_TYPE, "application/json").body(Body::from(body.to_string())),
        None => request.body(Body::empty()),
    };
    let request = request.map_err(|error| CliError::usage(format!("{address} is no address: {error}")))?;
    let answer = match crate::http::router(app.clone(), &token).oneshot(request).await {
        Ok(answer) => answer,
        Err(never) => match never {},
    };
    let status = answer.status();
    let bytes = axum::body::to_bytes(answer.into_body(), LONGEST_ANSWER).await;
    let bytes = bytes.map_err(|error| CliError::new(Code::Internal, format!("the answer cannot be read: {error}")))?;
    let body: Value = serde_json::from_slice(&bytes).map_err(|_| CliError::usage(format!("{address} answers no JSON")))?;
    if status.is_success() { Ok(body) } else { Err(refused(&body)) }
}

/// A problem, as the command line tells it: the fields after the detail, and what is possible instead as the hint.
fn refused(problem: &Value) -> CliError {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fields = problem["errors"].as_array().map(Vec::as_slice).unwrap_or_default();
    let fields =
        fields.iter().filter(|error| error["detail"] != problem["detail"]).map(|error| format!("; {}: {}", text(&error["pointer"]), text(&error["detail"])));
    let message = format!("{}: {}{}", text(&problem["code"]), text(&problem["detail"]), fields.collect::<String>());
    let open = problem["open_transitions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut open: Vec<String> = open.iter().map(|open| text(&open["command"])).collect();
    open.dedup();
    let refused = CliError::new(Code::Refused, message);
    if open.is_empty() { refused } else { refused.hint(format!("possible now: {}", open.join(", "))) }
}
