//! Work lists: what waits for somebody, the longest wait first (S0:4, BLUEPRINTS B.0).

use super::Service;
use super::beside::Beside;
use super::caller::Caller;
use super::contacts::ContactView;
use super::page::{cut, read_cursor, write_cursor};
use super::problem::Problem;
use super::query::{NoParameters, Query, limit, wait_for, word};
use axum::Json;
use axum::extract::State;
use chrono::TimeDelta;
use domain::Instant;
use domain::blueprint::{ContactState, MeetingState, SaleState, State as _};
use domain::company::{Company, Wait};
use domain::instant::Day;
use domain::meeting::MeetingKind;
use eventstore::Hash;
use projections::contact_list::{self, ContactFilter, ContactRow, Limit, OverdueCursor};
use projections::meeting_list::{self, MeetingFilter};
use projections::sale_list::{self, SaleFilter, SaleTask};
use projections::{Listed, Reading};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::{IntoParams, ToSchema};

/// A work list.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkListView {
    /// Its name.
    name: &'static str,
    /// What is to be done with its rows.
    says: &'static str,
    /// How many rows it has.
    count: i64,
    /// The address of exactly these rows.
    rows: String,
}

/// The work lists.
#[derive(Debug, Serialize, ToSchema)]
pub struct WorkLists {
    /// The lists.
    data: Vec<WorkListView>,
    /// The instant this is true for.
    #[schema(value_type = String, format = DateTime)]
    now: Instant,
}

/// A work list of meetings: its name, what it says, which state and kind they have, and between which instants they begin.
struct OfMeetings {
    name: &'static str,
    says: &'static str,
    state: MeetingState,
    kind: Option<MeetingKind>,
    from: Option<Instant>,
    to: Instant,
}

fn of_meetings(company: &Company, now: Instant) -> [OfMeetings; 3] {
    let within = |hours: u32| Instant::new(now.utc() + TimeDelta::hours(hours.into()));
    let limits = &company.limits;
    [
        OfMeetings { name: "needs_result", says: "Enter what came of these meetings", state: MeetingState::Issued, kind: None, from: None, to: now },
        OfMeetings {
            name: "to_confirm",
            says: "Confirm these demos",
            state: MeetingState::Set,
            kind: Some(MeetingKind::Demo),
            from: Some(now),
            to: within(limits.confirm_hours_before.0),
        },
        OfMeetings {
            name: "to_issue",
            says: "Issue these meetings to a rep",
            state: MeetingState::Confirmed,
            kind: None,
            from: Some(now),
            to: within(limits.issue_hours_before.0),
        },
    ]
}

/// The work lists of sales: those that wait for management, and what is owed, step by step (BLUEPRINTS B.4).
const OF_SALES: [(&str, &str, SaleState); 6] = [
    ("to_approve", "Approve these sales, or refuse them", SaleState::Sold),
    ("balance_due", "Collect what is owed, or send a lien notice", SaleState::BalanceDue),
    ("canceled_with_balance", "Collect the fees of these canceled sales", SaleState::CanceledWithBalance),
    ("notice_sent", "File a lien when the notice period is over", SaleState::SentCustomerNotice),
    ("lien_filed", "Send these to an attorney, or wait for payment", SaleState::LienFiled),
    ("with_attorney", "Follow up with the attorney", SaleState::SentToAttorney),
];

/// The work lists of what a sale leaves to be done, whatever state it is in.
const TASKS_OF_SALES: [(&str, &str, SaleTask); 2] = [
    ("lien_to_release", "Release these liens: nothing is owed any more", SaleTask::ReleaseLien),
    ("to_refund", "Pay back what these customers paid too much", SaleTask::Refund),
];

/// A work list is counted to its end.
const EXACT: Option<i64> = Some(i64::MAX);

/// How many rows are in each state, where they were counted.
fn states<T>(reading: Reading<Listed<T>>) -> BTreeMap<&'static str, i64> {
    reading.found.counted.and_then(|counted| counted.states).unwrap_or_default()
}

/// What there is to do: each list with its count and the address of its rows.
#[utoipa::path(get, path = "/api/v1/worklists", tag = "worklists", responses((status = 200, body = WorkLists)))]
pub async fn list(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<WorkLists>, Problem> {
    let company = service.app.settings(caller.company).await?;
    let now = Instant::new(service.app.ports.now());
    let (store, id) = (&service.app.store, caller.company);
    let late = contact_list::overdue(store, id, &limits(&company, None, now), None, 0).await?.found.counts;
    let says = "Look after these contacts: they have waited for longer than their state allows";
    let mut data = vec![WorkListView { name: "overdue", says, count: late.values().sum(), rows: "/api/v1/worklists/overdue".into() }];
    for of in of_meetings(&company, now) {
        let filter = MeetingFilter { from: of.from, to: Some(of.to), kind: of.kind, ..MeetingFilter::default() };
        let count = states(meeting_list::meetings(store, id, &filter, None, 1, EXACT).await?).get(of.state.name()).copied().unwrap_or_default();
        let from = of.from.map(|from| format!("&from={from}")).unwrap_or_default();
        let kind = of.kind.map(|kind| format!("&kind={}", kind.name())).unwrap_or_default();
        let rows = format!("/api/v1/meetings?state={}{kind}{from}&to={}", of.state.name(), of.to);
        data.push(WorkListView { name: of.name, says: of.says, count, rows });
    }
    let sales = states(sale_list::sales(store, id, &SaleFilter::default(), None, 1, EXACT).await?);
    for (name, says, state) in OF_SALES {
        let count = sales.get(state.name()).copied().unwrap_or_default();
        data.push(WorkListView { name, says, count, rows: format!("/api/v1/sales?state={}", state.name()) });
    }
    for (name, says, task) in TASKS_OF_SALES {
        let filter = SaleFilter { task: Some(task), ..SaleFilter::default() };
        let count = states(sale_list::sales(store, id, &filter, None, 1, EXACT).await?).values().sum();
        data.push(WorkListView { name, says, count, rows: format!("/api/v1/sales?task={}", task.name()) });
    }
    let today = Day(now.local_day(company.zone()));
    let ready = ContactFilter { ready_on: Some(today), ..ContactFilter::default() };
    let contacts = states(contact_list::contacts(store, id, &ready, None, 1, EXACT).await?);
    let waiting = contacts.get(ContactState::Remarket.name()).copied().unwrap_or_default();
    let rows = format!("/api/v1/contacts?state=remarket&ready_on={}", today.0);
    data.push(WorkListView { name: "remarket", says: "Win these contacts again", count: waiting, rows });
    Ok(Json(WorkLists { data, now }))
}

/// Which overdue contacts are listed.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct OverdueQuery {
    /// Only those in this state, such as `new_incoming`.
    state: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A contact that has been in its state for too long.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverdueView {
    /// The contact.
    #[serde(flatten)]
    contact: ContactView,
    /// Since when it waits: since it came into its state; a quote in progress, since its last event.
    #[schema(value_type = String, format = DateTime)]
    waits_since: Instant,
    /// Until when it might have waited.
    #[schema(value_type = String, format = DateTime)]
    overdue_since: Instant,
}

/// A page of overdue contacts.
#[derive(Debug, Serialize, ToSchema)]
pub struct OverduePage {
    /// The contacts, state by state in the order of the process, in each the longest wait first.
    data: Vec<OverdueView>,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// How many are overdue in each state that has a limit.
    #[schema(value_type = Object)]
    states: BTreeMap<&'static str, i64>,
    /// The instant this is true for.
    #[schema(value_type = String, format = DateTime)]
    now: Instant,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

/// The states with a limit that are asked for, and who is beyond it now.
fn limits(company: &Company, only: Option<ContactState>, now: Instant) -> Vec<Limit> {
    let limit = |state: ContactState| {
        let wait = company.limits.wait_in(state)?;
        Some(Limit { state, without_event: matches!(wait, Wait::WithoutEvent(_)), since: wait.began_by(now, company.zone()) })
    };
    ContactState::ALL.iter().copied().filter(|state| only.is_none_or(|only| only == *state)).filter_map(limit).collect()
}

/// Contacts that have been in their state for longer than its limit.
#[utoipa::path(get, path = "/api/v1/worklists/overdue", tag = "worklists", params(OverdueQuery), responses((status = 200, body = OverduePage), (status = 422, body = super::Details)))]
pub async fn overdue(State(service): State<Service>, caller: Caller, Query(query): Query<OverdueQuery>) -> Result<Json<OverduePage>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let only = word("state", &query.state, ContactState::ALL, ContactState::name)?;
    let after: Option<OverdueCursor> = read_cursor(query.cursor.as_deref())?;
    let now = Instant::new(service.app.ports.now());
    let reading = contact_list::overdue(&service.app.store, caller.company, &limits(&company, only, now), after, limit + 1).await?;
    let (rows, has_more) = cut(reading.found.rows, limit);
    let cursor = |(began, row): &(Instant, ContactRow)| write_cursor(&OverdueCursor { state: row.state, began: *began, contact: row.contact });
    let next_cursor = rows.last().filter(|_| has_more).map(cursor);
    let beside = Beside::of(&service, caller.company, rows.iter().map(|(_, row)| row.contact)).await?;
    let view = |(began, row): &(Instant, ContactRow)| OverdueView {
        waits_since: *began,
        overdue_since: company.limits.wait_in(row.state).map_or(*began, |wait| wait.over(*began, company.zone())),
        contact: ContactView::new(row, &company, &beside),
    };
    let data = rows.iter().map(view).collect();
    let states = reading.found.counts.into_iter().map(|(state, count)| (state.name(), count)).collect();
    Ok(Json(OverduePage { data, has_more, next_cursor, states, now, position: reading.at.position.number, hash: reading.at.hash }))
}
