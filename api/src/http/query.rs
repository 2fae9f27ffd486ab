//! Query parameters: known ones only, each of its type; and waiting for a position.
//!
//! They arrive as text and are read here, so that what is wrong with one is told in the words of its rule.

use super::path::unknown;
use super::problem::{Problem, ProblemCode};
use super::token::Token;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use domain::Instant;
use domain::company::Names;
use domain::id::ContactId;
use domain::instant::Day;
use domain::reference::Ref;
use eventstore::CompanyId;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::hash::Hash;
use std::ops::RangeInclusive;
use utoipa::IntoParams;
use utoipa::openapi::path::{Parameter, ParameterIn};
use uuid::Uuid;

/// The query parameters of a request, all of them text. Unknown ones and those that stand twice are a problem that names them.
#[derive(Debug)]
pub struct Query<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned + IntoParams> FromRequestParts<S> for Query<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Query<T>, Problem> {
        let unreadable = |_| Problem::new(ProblemCode::QueryInvalid, "the query of this address cannot be read");
        let sent = axum::extract::Query::<Vec<(String, String)>>::try_from_uri(&parts.uri).map_err(unreadable)?.0;
        let known: Vec<String> = T::into_params(|| None).into_iter().map(|parameter| parameter.name).collect();
        for (at, (name, text)) in sent.iter().enumerate() {
            if !known.contains(name) {
                let there_are = if known.is_empty() { "this address takes none".into() } else { format!("there are {}", known.join(", ")) };
                return Err(Problem::query(name, format!("there is no query parameter `{name}` here; {there_are}")));
            }
            if sent[..at].iter().any(|(earlier, _)| earlier == name) {
                return Err(Problem::query(name, format!("the query parameter `{name}` stands twice")));
            }
            // What is not UTF-8 was decoded to this character, which nobody looks for.
            if text.contains(char::REPLACEMENT_CHARACTER) {
                return Err(Problem::query(name, format!("`{name}` must be text in UTF-8")));
            }
        }
        axum::extract::Query::<T>::try_from_uri(&parts.uri).map(|query| Query(query.0)).map_err(unreadable)
    }
}

/// For addresses that take no query parameters.
#[derive(Debug, Deserialize)]
pub struct NoParameters {}

impl IntoParams for NoParameters {
    fn into_params(_: impl Fn() -> Option<ParameterIn>) -> Vec<Parameter> {
        vec![]
    }
}

/// Reads a whole number.
pub fn whole(name: &str, text: &Option<String>, range: RangeInclusive<i64>) -> Result<Option<i64>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let number = text.parse().ok().filter(|number| range.contains(number) && !text.starts_with('+'));
    let most = if *range.end() == i64::MAX { "on".into() } else { format!("to {}", range.end()) };
    number.map(Some).ok_or_else(|| Problem::query(name, format!("`{name}` must be a whole number from {} {most}, not `{text}`", range.start())))
}

/// How many rows a page has: 50 unless told, at most 200.
pub fn limit(wanted: &Option<String>) -> Result<u32, Problem> {
    Ok(whole("limit", wanted, 1..=200)?.and_then(|limit| u32::try_from(limit).ok()).unwrap_or(50))
}

/// Reads an instant.
pub fn instant(name: &str, text: &Option<String>) -> Result<Option<Instant>, Problem> {
    let Some(text) = text else { return Ok(None) };
    Instant::parse(text).map(Some).map_err(|error| {
        // In a query, a plus sign stands for a blank.
        let blank = Instant::parse(&text.replace(' ', "+")).is_ok();
        let hint = if blank { "; in an address the + of an offset is written %2B, or give the instant in UTC, ending in Z" } else { "" };
        Problem::query(name, format!("{error}{hint}"))
    })
}

/// Reads a local day.
pub fn day(name: &str, text: &Option<String>) -> Result<Option<Day>, Problem> {
    let read = |text: &String| text.parse().map(Day).map_err(|_| Problem::query(name, format!("`{text}` is not a day such as 2026-03-01")));
    text.as_ref().map(read).transpose()
}

/// Reads a text to look for.
pub fn text(name: &str, text: &Option<String>) -> Result<Option<String>, Problem> {
    match text {
        Some(text) if text.contains(char::is_control) => Err(Problem::query(name, "must not contain control characters")),
        text => Ok(text.clone()),
    }
}

/// Reads one of a few words, such as `opened`.
pub fn word<T: Copy>(name: &str, text: &Option<String>, all: &[T], named: impl Fn(T) -> &'static str) -> Result<Option<T>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let words = || all.iter().map(|each| named(*each)).collect::<Vec<_>>().join(", ");
    let found = all.iter().copied().find(|each| named(*each) == text);
    found.map(Some).ok_or_else(|| Problem::query(name, format!("`{text}` is not one of {}", words())))
}

/// A parameter that is `true` or `false`.
pub fn flag(name: &str, text: &Option<String>) -> Result<Option<bool>, Problem> {
    word(name, text, &[true, false], |yes| if yes { "true" } else { "false" })
}

/// Reads an id or name of the company's people, sources or products; `list` is the address that has them all.
pub fn id<Id>(name: &str, text: &Option<String>, names: &Names<Id>, list: &str) -> Result<Option<Id>, Problem>
where
    Id: Copy + Eq + Hash,
    Ref<Id>: DeserializeOwned,
{
    let Some(text) = text else { return Ok(None) };
    let wanted: Ref<Id> = serde_json::from_value(text.as_str().into()).map_err(|error| Problem::query(name, format!("`{name}` {error}")))?;
    let unknown = || Problem::query(name, format!("the company has none of this id or name: `{text}`; GET /api/v1/{list} has those there are"));
    names.find(&wanted).map(Some).ok_or_else(unknown)
}

/// Reads the id of one of the company's contacts.
pub async fn contact(service: &super::Service, company: CompanyId, text: &Option<String>) -> Result<Option<ContactId>, Problem> {
    let Some(text) = text else { return Ok(None) };
    let nobody = || unknown("contact").at("?contact");
    let contact = Uuid::try_parse(text).map(ContactId).map_err(|_| nobody())?;
    let found = projections::contact_list::contact(&service.app.store, company, contact).await?.found;
    found.map(|_| Some(contact)).ok_or_else(nobody)
}

/// Waits until the read models reflect a position, for at most two seconds; the answer then says what it reflects. A position with a hash
/// that is not of this log is refused at once.
pub async fn wait_for(service: &super::Service, company: CompanyId, position: &Option<String>) -> Result<(), Problem> {
    let Some(token) = Token::read("min_position", position)? else { return Ok(()) };
    token.check(&service.app.store, company).await?;
    let position = token.position;
    let mut head = service.app.writer(company).await.head();
    let reached = head.wait_for(|head| *head >= position);
    // Too late is no error: the caller is told the position that the answer reflects.
    let _ = tokio::time::timeout(std::time::Duration::from_secs(2), reached).await;
    Ok(())
}
