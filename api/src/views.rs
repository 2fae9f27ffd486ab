//! What the edges show: the shapes that HTTP answers and the command line prints.

use crate::app::desk::read;
use chrono::{DateTime, Utc};
use domain::Fact;
use domain::blueprint::State;
use domain::company::{Company, CompanyEvent};
use domain::id::{ContactId, JourneyId, PersonId};
use domain::journey::JourneyEvent;
use domain::likeness::Likeness;
use domain::meeting::MeetingEvent;
use domain::profile::ContactEvent;
use domain::quote::QuoteEvent;
use domain::sale::SaleEvent;
use eventstore::{Accepted, Recorded, StoreError, seal};
use projections::contact_list::Similar;
use serde::Serialize;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What a command did.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// The contact it was sent to; absent when nothing had to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub contact: Option<ContactId>,
    /// The version of the contact's stream after it; absent when nothing had to be added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The position in the company's log behind its last event.
    pub position: i64,
    /// The chain hash at that position.
    pub hash: String,
    /// The ids of what it made, each under the name of its kind, such as `meeting`; absent when it made nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    #[schema(value_type = BTreeMap<String, Uuid>)]
    pub created: BTreeMap<&'static str, Uuid>,
    /// The events it added, in order; none when it was so already.
    pub events: Vec<Event>,
    /// Of a contact that was added: others that may be the same, the likest first, at most ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similar: Option<Vec<SimilarContact>>,
}

/// Another contact that may be the same.
#[derive(Debug, Serialize, ToSchema)]
pub struct SimilarContact {
    /// The contact.
    pub contact: Uuid,
    /// Name of the person or business.
    pub name: Option<String>,
    /// Property address, in one line.
    pub address: Option<String>,
    /// Its state, such as `quote_in_progress`.
    pub state: &'static str,
    /// Why, the strongest first: `same_address`, `same_phone`, `same_email`, `same_building`, `same_street`.
    pub reasons: Vec<&'static str>,
}

impl From<Similar> for SimilarContact {
    fn from(Similar { contact, reasons }: Similar) -> SimilarContact {
        SimilarContact {
            contact: contact.contact.0,
            name: contact.name,
            address: contact.address,
            state: contact.state.name(),
            reasons: reasons.into_iter().map(Likeness::name).collect(),
        }
    }
}

/// An event, as auditors read it.
#[derive(Debug, Serialize, ToSchema)]
pub struct Event {
    /// Its place in the company's log.
    pub position: i64,
    /// Its id.
    pub id: Uuid,
    /// Its stored name, such as `meeting.issued`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The version of its data's shape.
    pub format: i32,
    /// Its number in the contact's stream.
    pub version: i64,
    /// When it happened in the business.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// Who did it: `person:ID`, `importer`, `importer:ID`, `token`, or `system` for what happened by itself.
    pub actor: String,
    /// The name of the person behind it, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub actor_name: Option<String>,
    /// The rule that asked for it, where it was not the actor directly.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<String>,
    /// The command it came from; all its events share it.
    pub command_id: Uuid,
    /// The journey it is about, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<Uuid>)]
    pub journey: Option<JourneyId>,
    /// Its data. What was personal in it and is erased is `{"erased": true}`.
    #[schema(value_type = Object)]
    pub data: Box<RawValue>,
    /// The chain hash up to and including it.
    pub hash: String,
}

impl Done {
    /// The view of an accepted command, which may be one that makes something.
    pub fn new(accepted: &Accepted, creates: bool) -> Result<Done, StoreError> {
        // The command's own events come first, behind them those it asked of another contact.
        let stream = accepted.events.first().map(|event| &event.stream).filter(|stream| stream.kind == "contact");
        let last = accepted.events.iter().rfind(|event| Some(&event.stream) == stream);
        let created = accepted.events.iter().filter(|_| creates).map(|event| Ok(begun(&read(event)?, event.stream.id)));
        Ok(Done {
            contact: stream.map(|stream| ContactId(stream.id)),
            version: last.map(|event| event.version),
            position: accepted.head.position.number,
            hash: accepted.head.hash.to_string(),
            created: created.filter_map(Result::transpose).collect::<Result<_, StoreError>>()?,
            events: accepted.events.iter().map(|event| Event::new(event, None)).collect::<Result<_, _>>()?,
            similar: None,
        })
    }
}

/// What begins with an event: its kind and its id. A change order may be approved at once.
fn begun(fact: &Fact, stream: Uuid) -> Option<(&'static str, Uuid)> {
    match fact {
        Fact::Contact(ContactEvent::Added(_)) => Some(("contact", stream)),
        Fact::Journey(JourneyEvent::Opened { journey, .. }) => Some(("journey", journey.0)),
        Fact::Meeting(MeetingEvent::Set { meeting, .. }) => Some(("meeting", meeting.0)),
        Fact::Quote(QuoteEvent::Created { quote, .. }) => Some(("quote", quote.0)),
        Fact::Sale(SaleEvent::Created { sale, .. }) => Some(("sale", sale.0)),
        Fact::Sale(SaleEvent::ChangeOrderCreated { change_order, .. } | SaleEvent::ChangeOrderApproved { change_order, .. }) => {
            Some(("change_order", change_order.0))
        }
        Fact::Sale(SaleEvent::LedgerEntryPosted { entry: Some(entry), .. }) => Some(("entry", entry.0)),
        Fact::Company(CompanyEvent::SourceDefined { source, .. }) => Some(("source", source.0)),
        Fact::Company(CompanyEvent::ProductDefined { product, .. }) => Some(("product", product.0)),
        Fact::Company(CompanyEvent::PersonDefined { person, .. }) => Some(("person", person.0)),
        Fact::Company(CompanyEvent::CategoryDefined { category, .. }) => Some(("category", category.0)),
        Fact::Company(CompanyEvent::ReasonDefined { reason, .. }) => Some(("reason", reason.0)),
        Fact::Company(CompanyEvent::MeetingTypeDefined { meeting_type, .. }) => Some(("meeting_type", meeting_type.0)),
        Fact::Company(CompanyEvent::CampaignDefined { campaign, .. }) => Some(("campaign", campaign.0)),
        _ => None,
    }
}

impl Event {
    /// The view of a recorded event; names are looked up in the company's settings, where they are given.
    pub fn new(event: &Recorded, company: Option<&Company>) -> Result<Event, StoreError> {
        let fact: Fact = read(event)?;
        let text = String::from_utf8(seal::unmarked(event.data())).map_err(|error| StoreError::malformed("event body", error.to_string()))?;
        Ok(Event {
            position: event.position,
            id: event.event_id,
            kind: event.kind.clone(),
            format: event.format,
            version: event.version,
            occurred_at: event.occurred_at,
            recorded_at: event.recorded_at,
            actor: event.actor.clone(),
            actor_name: company.and_then(|company| actor_name(company, &event.actor)),
            cause: event.cause.clone(),
            command_id: event.command_id,
            journey: fact.journey(),
            data: RawValue::from_string(text).map_err(|error| StoreError::malformed("event body", error.to_string()))?,
            hash: event.hash.to_string(),
        })
    }
}

/// The name of the person behind a stored actor.
pub fn actor_name(company: &Company, actor: &str) -> Option<String> {
    let id = Uuid::try_parse(actor.split_once(':')?.1).ok()?;
    company.people.name(PersonId(id)).map(|name| name.as_str().to_owned())
}
