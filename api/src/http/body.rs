//! The body of a request: one JSON object, not too large.

use super::problem::{Problem, ProblemCode};
use crate::json::parse;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::HeaderMap;
use axum::http::header::{CONTENT_ENCODING, CONTENT_TYPE};
use serde_json::{Map, Value};
use std::time::Duration;

/// The largest body taken, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// How long a body may take to arrive.
const LONGEST: Duration = Duration::from_secs(20);

/// The fields of a JSON object that was sent.
#[derive(Debug)]
pub struct Fields(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Fields, Problem> {
        let wrong_kind = wrong_kind(request.headers());
        let bytes = read(request.into_body()).await?;
        if bytes.is_empty() {
            return Ok(Fields(Map::new()));
        }
        if let Some(detail) = wrong_kind {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, detail));
        }
        match parse(&bytes) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            Ok(_) => Err(Problem::new(ProblemCode::BadJson, "the body must be one JSON object")),
            Err(error) => Err(Problem::new(ProblemCode::BadJson, format!("the body is not JSON that can be taken: {error}"))),
        }
    }
}

/// Why a body that comes with these headers is not read: it must be JSON, in UTF-8, as it is.
fn wrong_kind(headers: &HeaderMap) -> Option<&'static str> {
    let content_type = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let (media, parameters) = content_type.split_once(';').unwrap_or((&content_type, ""));
    let mut charsets = parameters.split(';').filter_map(|parameter| parameter.trim().strip_prefix("charset="));
    let encoded = headers.get_all(CONTENT_ENCODING).iter().any(|coding| !coding.as_bytes().eq_ignore_ascii_case(b"identity"));
    match () {
        () if media.trim() != "application/json" => Some("send the body as application/json"),
        () if charsets.any(|charset| charset.trim_matches('"') != "utf-8") => Some("send the body in UTF-8"),
        () if encoded => Some("send the body as it is, without a Content-Encoding"),
        () => None,
    }
}

async fn read(body: Body) -> Result<axum::body::Bytes, Problem> {
    let too_slow = || Problem::new(ProblemCode::RequestTimeout, format!("the body did not arrive within {} seconds", LONGEST.as_secs()));
    let too_large = |_| Problem::new(ProblemCode::BodyTooLarge, format!("a body has at most {MOST_BYTES} bytes"));
    tokio::time::timeout(LONGEST, axum::body::to_bytes(body, MOST_BYTES)).await.map_err(|_| too_slow())?.map_err(too_large)
}
