//! Live updates: what happens is told as it happens, by its name and its place alone. Whoever is told asks for the rest as always.

use super::Service;
use super::caller::Caller;
use super::problem::{Problem, ProblemCode};
use super::query::Query;
use super::token::{Token, token};
use crate::app::Listener;
use crate::figures::dashboards::{Dashboard, may_change_with};
use axum::extract::State;
use axum::http::header::CACHE_CONTROL;
use axum::http::{HeaderMap, HeaderName};
use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use domain::id::ContactId;
use eventstore::{CompanyId, Recorded};
use futures::stream;
use projections::Happened;
use projections::contact_list::contact;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, VecDeque};
use std::convert::Infallible;
use tokio::time::{Interval, MissedTickBehavior};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The header in which a client says what it was told last.
pub const LAST_EVENT_ID: &str = "last-event-id";
/// The most topics one listener hears of.
const TOPICS: usize = 50;

/// What one may listen to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Topic {
    /// An event of the contact's stream.
    Contact(ContactId),
    /// An event that may change what dashboards show.
    Dashboard(Dashboard),
    /// Any event.
    Log,
}

impl Topic {
    fn read(text: &str) -> Option<Topic> {
        match text.split_once(':') {
            Some(("contact", id)) => Uuid::try_parse(id).ok().map(|id| Topic::Contact(ContactId(id))),
            Some(("dashboard", name)) => Dashboard::parse(name).map(Topic::Dashboard),
            _ => (text == "log").then_some(Topic::Log),
        }
    }

    fn name(self) -> String {
        match self {
            Topic::Contact(id) => format!("contact:{}", id.0),
            Topic::Dashboard(dashboard) => format!("dashboard:{}", dashboard.name()),
            Topic::Log => "log".into(),
        }
    }
}

/// What to listen to, and from where on.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct LiveQuery {
    /// What to hear of, 1 to 50 with commas between: `contact:ID`, `dashboard:NAME` such as `dashboard:lead-performance`, or `log` for every event.
    #[param(value_type = String, required)]
    topics: Option<String>,
    /// What was told last, `POSITION-HASH` or a position: whatever came behind it is told first. For clients that cannot send `Last-Event-ID`, which
    /// counts where both are sent. Default: the end of the log.
    after: Option<String>,
}

/// Something happened. What it was is not told: ask for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveMessage {
    /// The topics that it is about, of those asked for.
    topics: Vec<String>,
    /// The event's stored name, such as `meeting.issued`.
    #[serde(rename = "type")]
    kind: String,
    /// The contact in whose file it stands; null where it is about the company's settings.
    contact: Option<Uuid>,
    /// Its position in the log.
    position: i64,
}

/// Live updates, as server-sent events: a message for each event that is about one of the topics, with a token as its `id`. A client that was cut off sends the
/// last `id` back in `Last-Event-ID`, and is told exactly what it missed. Of a dashboard only the last of several changes is told. A line of comment,
/// with the `id` of what was read so far, comes every 15 seconds.
#[utoipa::path(
    get, path = "/api/v1/stream", tag = "live",
    params(LiveQuery, ("Last-Event-ID" = Option<String>, Header, description = "The `id` that was told last: whatever came behind it is told first")),
    responses(
        (status = 200, body = LiveMessage, content_type = "text/event-stream", description = "The messages, until the client goes or the service stops"),
        (status = 400, body = super::Details, description = "Last-Event-ID cannot be read"),
        (status = 409, body = super::Details, description = "What was told last is not of this log"),
        (status = 422, body = super::Details),
        (status = 503, body = super::Details, description = "Too many listen already"),
    )
)]
pub async fn stream(State(service): State<Service>, caller: Caller, headers: HeaderMap, Query(query): Query<LiveQuery>) -> Result<Response, Problem> {
    let topics = topics(&service, caller.company, &query.topics).await?;
    let told_last = match headers.get(LAST_EVENT_ID) {
        Some(id) => Some(id.to_str().unwrap_or_default().to_owned()),
        None => query.after.clone(),
    };
    let of_header = |problem| if headers.contains_key(LAST_EVENT_ID) { bad_header() } else { problem };
    let at = match Token::read("after", &told_last).map_err(of_header)? {
        Some(token) => token.mark(&service.app.store, caller.company).await?,
        None => service.app.store.head(caller.company).await?,
    };
    let full = || Problem::new(ProblemCode::TooManyListeners, "so many listen already that nobody else can; close a stream, or try again later");
    let listener = service.app.listen(at).await?.ok_or_else(full)?;
    let mut heartbeat = tokio::time::interval(service.app.listeners.heartbeat);
    heartbeat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    heartbeat.reset();
    // It begins with one, so that a client has an `id` to come back with before anything happens.
    let telling = Telling { ready: [so_far(&listener)].into(), listener, topics, heartbeat };
    let headers = [(CACHE_CONTROL, "no-store"), (HeaderName::from_static("x-accel-buffering"), "no")];
    Ok((headers, Sse::new(stream::unfold(telling, Telling::next))).into_response())
}

fn bad_header() -> Problem {
    Problem::new(ProblemCode::HeaderInvalid, "Last-Event-ID must be the `id` of a message, such as 17-0123456789abcdef, or a position")
}

/// Reads the topics; each names what there is.
async fn topics(service: &Service, company: CompanyId, text: &Option<String>) -> Result<BTreeSet<Topic>, Problem> {
    let known = "contact:ID, dashboard:NAME and log";
    let text = text.as_deref().ok_or_else(|| Problem::query("topics", format!("`topics` must be given: there are {known}, with commas between")))?;
    let unknown = |word: &str| Problem::query("topics", format!("there is no topic `{word}`: there are {known}, with commas between"));
    let topics = text.split(',').map(|word| Topic::read(word).ok_or_else(|| unknown(word))).collect::<Result<BTreeSet<_>, _>>()?;
    if topics.len() > TOPICS {
        return Err(Problem::query("topics", format!("there may be {TOPICS} topics at most, not {}; `log` tells of every event", topics.len())));
    }
    for topic in &topics {
        if let Topic::Contact(id) = topic
            && contact(&service.app.store, company, *id).await?.found.is_none()
        {
            return Err(Problem::query("topics", format!("the topic `{}` is about no contact: there is none with this id", topic.name())));
        }
    }
    Ok(topics)
}

/// One listener, and what it is to be told.
struct Telling {
    listener: Listener,
    topics: BTreeSet<Topic>,
    /// Read and not told yet. While there is some, nothing more is read.
    ready: VecDeque<Event>,
    heartbeat: Interval,
}

impl Telling {
    /// What is told next.
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Telling)> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some((Ok(message), self));
            }
            tokio::select! {
                biased;
                _ = self.heartbeat.tick() => self.ready.push_back(so_far(&self.listener)),
                events = self.listener.next() => self.ready = messages(&self.topics, &events?),
            }
        }
    }
}

/// A heartbeat: a line of comment, and how far the log was read.
fn so_far(listener: &Listener) -> Event {
    Event::default().comment("so far").id(token(listener.at.position.number, &listener.at.hash))
}

/// A message for each event that is about a topic: one alone, so that its token stands for all it says.
fn messages(topics: &BTreeSet<Topic>, events: &[Recorded]) -> VecDeque<Event> {
    // What cannot be read may have changed anything.
    let changes = |event: &&Recorded| Happened::read(event).map_or(true, |happened| may_change_with(&happened));
    let any_dashboard = topics.iter().any(|topic| matches!(topic, Topic::Dashboard(_)));
    let last_change = if any_dashboard { events.iter().rev().find(changes).map(|event| event.position) } else { None };
    let message = |event: &Recorded| {
        let contact = (event.stream.kind == "contact").then_some(ContactId(event.stream.id));
        let is_about = |topic: &&Topic| match topic {
            Topic::Contact(id) => contact == Some(*id),
            Topic::Dashboard(_) => last_change == Some(event.position),
            Topic::Log => true,
        };
        let topics: Vec<String> = topics.iter().filter(is_about).map(|topic| topic.name()).collect();
        let (kind, position) = (event.kind.clone(), event.position);
        let told = LiveMessage { topics, kind, contact: contact.map(|id| id.0), position };
        (!told.topics.is_empty()).then(|| Event::default().id(token(position, &event.hash)).data(serde_json::to_string(&told).unwrap_or_default()))
    };
    events.iter().filter_map(message).collect()
}
