//! Similar contacts: who may be the same person, household or house, and why. Nobody is refused for it (S0:7).

use super::Service;
use super::caller::Caller;
use super::problem::Problem;
use super::query::{Query, wait_for};
use crate::app::desk::read;
use crate::views::SimilarContact;
use axum::Json;
use axum::extract::State;
use domain::address::Address;
use domain::id::ContactId;
use domain::likeness;
use domain::profile::ContactEvent;
use domain::text::{Email, Phone};
use domain::{Fact, Personal};
use eventstore::{Accepted, CompanyId, Hash, StoreError};
use projections::contact_list::similar;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use utoipa::{IntoParams, ToSchema};

/// The most that are told with a contact that was added.
const MOST_WITH_ADDED: usize = 10;
/// The most in one answer.
const MOST: usize = 50;

/// Who is looked for: by one of these or several.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct SimilarQuery {
    /// A telephone number.
    phone: Option<String>,
    /// An e-mail address.
    email: Option<String>,
    /// Number, street and unit of the property, or its whole address in one line.
    street: Option<String>,
    /// Its town.
    city: Option<String>,
    /// Its state or province.
    region: Option<String>,
    /// Its ZIP or postal code.
    postal_code: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// Contacts that may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarList {
    /// The contacts, the likest first, at most 50.
    data: Vec<SimilarContact>,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

/// The contacts that share a telephone number, an e-mail address or a property with somebody, however those are written.
#[utoipa::path(get, path = "/api/v1/contacts/similar", tag = "contacts", params(SimilarQuery), responses((status = 200, body = SimilarList), (status = 422, body = super::Details)))]
pub async fn list(State(service): State<Service>, caller: Caller, Query(query): Query<SimilarQuery>) -> Result<Json<SimilarList>, Problem> {
    let phone: Option<Phone> = one("phone", &query.phone)?;
    let email: Option<Email> = one("email", &query.email)?;
    let address = query.address()?;
    if phone.is_none() && email.is_none() && address.is_none() {
        return Err(Problem::query("phone", "say who is looked for: by phone, email or street"));
    }
    wait_for(&service, caller.company, &query.min_position).await?;
    let keys = likeness::keys_of(phone.as_slice(), email.as_slice(), address.as_ref());
    let reading = similar(&service.app.store, caller.company, &keys, None, MOST).await?;
    let (position, hash) = (reading.at.position.number, reading.at.hash);
    Ok(Json(SimilarList { data: reading.found.into_iter().map(SimilarContact::from).collect(), position, hash }))
}

fn one<T: DeserializeOwned>(name: &str, text: &Option<String>) -> Result<Option<T>, Problem> {
    let read = |text: &String| serde_json::from_value(text.as_str().into()).map_err(|error| Problem::query(name, format!("`{name}` {error}")));
    text.as_ref().map(read).transpose()
}

impl SimilarQuery {
    fn address(&self) -> Result<Option<Address>, Problem> {
        let parts = [("street", &self.street), ("city", &self.city), ("region", &self.region), ("postal_code", &self.postal_code)];
        let parts: Map<String, Value> = parts.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text.as_deref()?.into()))).collect();
        if parts.is_empty() {
            return Ok(None);
        }
        serde_json::from_value(parts.into()).map(Some).map_err(|error| Problem::query("street", format!("the address cannot be taken: {error}")))
    }
}

/// The contacts that may be the same as the one that was added.
pub(super) async fn to_added(service: &Service, company: CompanyId, accepted: &Accepted) -> Result<Vec<SimilarContact>, StoreError> {
    let mut found = Vec::new();
    for event in accepted.events.iter() {
        let Fact::Contact(ContactEvent::Added(added)) = read(event)? else { continue };
        let (phones, emails): (Vec<Phone>, Vec<Email>) = (known(&added.phones), known(&added.emails));
        let keys = likeness::keys_of(&phones, &emails, added.address.as_ref().and_then(Personal::known));
        let reading = similar(&service.app.store, company, &keys, Some(ContactId(event.stream.id)), MOST_WITH_ADDED).await?;
        found.extend(reading.found.into_iter().map(SimilarContact::from));
    }
    Ok(found)
}

fn known<T: Clone>(values: &[Personal<T>]) -> Vec<T> {
    values.iter().filter_map(Personal::known).cloned().collect()
}
