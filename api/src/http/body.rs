//! The body of a request: one JSON object, not too large.

use super::problem::{Problem, ProblemCode};
use crate::json::parse;
use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::header::CONTENT_TYPE;
use serde_json::{Map, Value};

/// The largest body taken, in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;

/// The fields of a JSON object that was sent.
#[derive(Debug)]
pub struct Fields(pub Map<String, Value>);

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Fields, Problem> {
        let json = request.headers().get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).is_some_and(is_json);
        let bytes = read(request.into_body()).await?;
        if bytes.is_empty() {
            return Ok(Fields(Map::new()));
        }
        if !json {
            return Err(Problem::new(ProblemCode::UnsupportedMediaType, "send the body as application/json"));
        }
        match parse(&bytes) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            Ok(_) => Err(Problem::new(ProblemCode::BadJson, "the body must be one JSON object")),
            Err(error) => Err(Problem::new(ProblemCode::BadJson, format!("the body is not JSON that can be taken: {error}"))),
        }
    }
}

fn is_json(content_type: &str) -> bool {
    content_type.split(';').next().is_some_and(|media| media.trim().eq_ignore_ascii_case("application/json"))
}

async fn read(body: Body) -> Result<axum::body::Bytes, Problem> {
    axum::body::to_bytes(body, MOST_BYTES).await.map_err(|_| Problem::new(ProblemCode::BodyTooLarge, format!("a body has at most {MOST_BYTES} bytes")))
}
