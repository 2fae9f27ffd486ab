//! Query parameters: known ones only, each of its type; and waiting for a position.

use super::problem::Problem;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Instant;
use domain::company::Names;
use domain::reference::Ref;
use eventstore::CompanyId;
use serde::de::DeserializeOwned;
use std::hash::Hash;

/// The query parameters of a request. An unknown or malformed one is a problem that names it.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        axum::extract::Query::<T>::try_from_uri(&parts.uri).map(|query| Query(query.0)).map_err(|rejection| {
            let text = rejection.body_text();
            let detail = text.split_once(": ").map_or(text.as_str(), |(_, detail)| detail);
            let backquoted = detail
                .split('`')
                .nth(1)
                .filter(|_| detail.starts_with("unknown field") || detail.starts_with("missing field") || detail.starts_with("duplicate field"));
            let name = backquoted.or_else(|| detail.split_once(": ").map(|(name, _)| name)).unwrap_or_default();
            Problem::query(name, detail)
        })
    }
}

/// How many rows a page has: 50 unless told, at most 200.
pub fn limit(wanted: Option<usize>) -> Result<u32, Problem> {
    match wanted {
        None => Ok(50),
        Some(limit @ 1..=200) => Ok(limit as u32),
        Some(_) => Err(Problem::query("limit", "a page has 1 to 200 rows")),
    }
}

/// Reads an instant.
pub fn instant(name: &str, text: &Option<String>) -> Result<Option<Instant>, Problem> {
    text.as_deref().map(|text| Instant::parse(text).map_err(|error| Problem::query(name, error))).transpose()
}

/// Reads one of the words of a type, such as `opened`.
pub fn word<T: DeserializeOwned>(name: &str, text: &Option<String>) -> Result<Option<T>, Problem> {
    text.as_deref().map(|text| serde_json::from_value(text.into()).map_err(|error| Problem::query(name, error.to_string()))).transpose()
}

/// Reads an id or name of the company's people, sources or products.
pub fn id<Id>(name: &str, text: &Option<String>, names: &Names<Id>) -> Result<Option<Id>, Problem>
where
    Id: Copy + Eq + Hash,
    Ref<Id>: DeserializeOwned,
{
    let Some(text) = text else { return Ok(None) };
    let wanted: Ref<Id> = serde_json::from_value(text.as_str().into()).map_err(|error| Problem::query(name, error.to_string()))?;
    names.find(&wanted).map(Some).ok_or_else(|| Problem::query(name, format!("the company has none of this id or name: `{text}`")))
}

/// Waits until the read models reflect a position, for at most two seconds; the answer then says what it reflects.
pub async fn wait_for(service: &super::Service, company: CompanyId, position: Option<i64>) {
    let Some(position) = position else { return };
    let mut head = service.app.writer(company).await.head();
    let reached = head.wait_for(|head| *head >= position);
    // Too late is no error: the caller is told the position that the answer reflects.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), reached).await;
}
