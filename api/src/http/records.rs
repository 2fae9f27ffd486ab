//! One meeting, quote or sale with everything about it, read from its contact's own history; and its own buttons.

use super::Service;
use super::beside::Beside;
use super::caller::Caller;
use super::contacts::{Transitions, contact_id};
use super::meetings::MeetingView;
use super::path::{self, Path, unknown};
use super::problem::Problem;
use super::query::{NoParameters, Query};
use super::quotes::QuoteView;
use super::sale_record::SaleRecord;
use crate::app::desk::contact_stream;
use crate::views::Event;
use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use domain::Personal;
use domain::blueprint::State as _;
use domain::company::Company;
use domain::contact_file::{Action, ContactFile};
use domain::id::{ContactId, MeetingId, QuoteId, SaleId};
use domain::quote::QuoteEvent;
use domain::{Fact, text::Label};
use eventstore::Recorded;
use projections::meeting_list::MeetingList;
use projections::quote_list::QuoteList;
use projections::sale_list::SaleList;
use projections::{Happened, rows_of};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A meeting with everything about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct MeetingRecord {
    /// As lists show it.
    #[serde(flatten)]
    row: MeetingView,
    /// What happened to it, in order.
    history: Vec<Event>,
    /// The version of the contact's stream that this holds for.
    version: i64,
}

/// A quote with everything about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct QuoteRecord {
    /// As lists show it.
    #[serde(flatten)]
    row: QuoteView,
    /// What is offered, line by line.
    items: Vec<ItemView>,
    /// What is taken off.
    discounts: Vec<DiscountView>,
    /// The rate of sales tax, in millionths.
    tax_millionths: Option<u32>,
    /// How it is financed.
    finance_plan: Option<String>,
    /// The sum of the items, in minor units.
    subtotal_minor: i64,
    /// The sum of the discounts.
    discount_minor: i64,
    /// What is added for financing.
    markup_minor: i64,
    /// The sales tax.
    tax_minor: i64,
    /// The contract total without sales tax: what a sale of it counts for.
    amount_minor: i64,
    /// Its terms, once it is finalized.
    terms: Option<String>,
    /// The sales that were made of it.
    sales: Vec<Uuid>,
    /// What happened to it, in order.
    history: Vec<Event>,
    /// The version of the contact's stream that this holds for.
    version: i64,
}

/// A line of a quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct ItemView {
    /// What it is; absent once the contact was erased.
    description: Option<String>,
    /// How many.
    quantity: u32,
    /// Price of one, in minor units.
    unit_price_minor: i64,
}

/// What is taken off a quote.
#[derive(Debug, Serialize, ToSchema)]
pub struct DiscountView {
    /// What for; absent once the contact was erased.
    description: Option<String>,
    /// How much, in minor units; or
    amount_minor: Option<i64>,
    /// which share of the items, in hundredths of a percent.
    basis_points: Option<u32>,
}

/// A contact's history, and what follows from it.
pub(super) struct Read {
    pub(super) contact: ContactId,
    pub(super) company: Company,
    pub(super) events: Vec<Recorded>,
    pub(super) history: Vec<Happened>,
    pub(super) file: ContactFile,
    pub(super) beside: Beside,
}

impl Read {
    async fn of(service: &Service, caller: &Caller, contact: &str) -> Result<Read, Problem> {
        let contact = contact_id(contact)?;
        let events = service.app.store.stream(caller.company, &contact_stream(contact)).await?;
        let history =
            events.iter().map(Happened::read).collect::<Result<Vec<_>, _>>().map_err(|fault| eventstore::StoreError::malformed("event", fault.to_string()))?;
        let file = ContactFile::fold(history.iter().map(|happened| (&happened.fact, happened.occurred_at)));
        file.state().ok_or_else(|| unknown("contact"))?;
        let beside = Beside::of_history(contact, &history, &file);
        Ok(Read { contact, company: service.app.settings(caller.company).await?, events, history, file, beside })
    }

    /// What happened to one record, as auditors read it.
    pub(super) fn about(&self, is_about: impl Fn(&Fact) -> bool) -> Result<Vec<Event>, Problem> {
        let told = self.events.iter().zip(&self.history).filter(|(_, happened)| is_about(&happened.fact));
        told.map(|(event, _)| Ok(Event::new(event, Some(&self.company))?)).collect()
    }

    /// The record under the contact's version.
    fn tagged(&self, record: impl Serialize) -> Response {
        ([(header::ETAG, format!("\"v{}\"", self.file.version))], Json(record)).into_response()
    }

    fn transitions(&self, service: &Service, state: &'static str, about: impl Fn(&Action) -> bool) -> Json<Transitions> {
        Json(Transitions::of(service, self.contact, &self.file, &self.company, state, about))
    }
}

/// What is personal, while it is known.
pub(super) fn known<T: ToString>(value: Option<&Personal<T>>) -> Option<String> {
    value.and_then(Personal::known).map(ToString::to_string)
}

/// One meeting.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/meetings/{meeting}", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("meeting" = Uuid, Path, description = "Id of the meeting")),
    responses((status = 200, body = MeetingRecord), (status = 404, body = super::Details))
)]
pub async fn meeting(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = MeetingId(path::id("meeting", &id)?);
    let journey = read.file.meeting(id)?.journey;
    let rows = rows_of::<MeetingList>(&(journey, read.contact), &read.history);
    let current = rows.meetings.get(&id).ok_or_else(|| unknown("meeting"))?;
    let history = read.about(|fact| matches!(fact, Fact::Meeting(event) if event.meeting() == id))?;
    Ok(read.tagged(MeetingRecord { row: MeetingView::new(&current.row, &read.company, &read.beside), history, version: read.file.version }))
}

/// What may be done with one meeting now.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/meetings/{meeting}/transitions", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("meeting" = Uuid, Path, description = "Id of the meeting")),
    responses((status = 200, body = Transitions), (status = 404, body = super::Details))
)]
pub async fn meeting_transitions(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Json<Transitions>, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = MeetingId(path::id("meeting", &id)?);
    let state = read.file.meeting(id)?.state.name();
    Ok(read.transitions(&service, state, |action| action.of == "meeting" && action.id == id.0))
}

/// One quote.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/quotes/{quote}", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("quote" = Uuid, Path, description = "Id of the quote")),
    responses((status = 200, body = QuoteRecord), (status = 404, body = super::Details))
)]
pub async fn quote(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = QuoteId(path::id("quote", &id)?);
    let quote = read.file.quote(id)?;
    let current = rows_of::<QuoteList>(&(id, read.contact), &read.history).ok_or_else(|| unknown("quote"))?;
    let (offer, totals) = (&quote.offer, quote.offer.totals()?);
    let items = offer.items.iter().map(|item| ItemView {
        description: known(Some(&item.description)),
        quantity: item.quantity,
        unit_price_minor: item.unit_price_minor.0,
    });
    let discounts = offer.discounts.iter().map(|discount| DiscountView {
        description: known(Some(&discount.description)),
        amount_minor: discount.amount_minor.map(|amount| amount.0),
        basis_points: discount.basis_points,
    });
    let finalized = read.history.iter().rev().find_map(|happened| match &happened.fact {
        Fact::Quote(QuoteEvent::Finalized { quote, terms, .. }) if *quote == id => Some(terms.as_ref()),
        Fact::Quote(QuoteEvent::Reopened { quote, .. }) if *quote == id => Some(None),
        _ => None,
    });
    let record = QuoteRecord {
        row: QuoteView::new(&current.row, &read.company, &read.beside),
        items: items.collect(),
        discounts: discounts.collect(),
        tax_millionths: offer.tax_millionths,
        finance_plan: known::<Label>(offer.finance.as_ref().map(|finance| &finance.plan)),
        subtotal_minor: totals.subtotal.0,
        discount_minor: totals.discount.0,
        markup_minor: totals.markup.0,
        tax_minor: totals.tax.0,
        amount_minor: quote.amount.0,
        terms: known(finalized.flatten()),
        sales: read.file.sales.iter().filter(|(_, sale)| sale.quote == id).map(|(sale, _)| sale.0).collect(),
        history: read.about(|fact| matches!(fact, Fact::Quote(event) if event.quote() == id))?,
        version: read.file.version,
    };
    Ok(read.tagged(record))
}

/// What may be done with one quote now.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/quotes/{quote}/transitions", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("quote" = Uuid, Path, description = "Id of the quote")),
    responses((status = 200, body = Transitions), (status = 404, body = super::Details))
)]
pub async fn quote_transitions(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Json<Transitions>, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = QuoteId(path::id("quote", &id)?);
    let state = read.file.quote(id)?.state.name();
    Ok(read.transitions(&service, state, |action| action.of == "quote" && action.id == id.0))
}

/// One sale: the central record from which everything about it is reached (S0:23).
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/sales/{sale}", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("sale" = Uuid, Path, description = "Id of the sale")),
    responses((status = 200, body = SaleRecord), (status = 404, body = super::Details))
)]
pub async fn sale(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Response, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = SaleId(path::id("sale", &id)?);
    let sale = read.file.sale(id)?;
    let current = rows_of::<SaleList>(&(id, read.contact), &read.history).ok_or_else(|| unknown("sale"))?;
    Ok(read.tagged(SaleRecord::new(&read, id, sale, &current.row)?))
}

/// What may be done with one sale, its job and its change orders now.
#[utoipa::path(
    get, path = "/api/v1/contacts/{contact}/sales/{sale}/transitions", tag = "contacts",
    params(("contact" = Uuid, Path, description = "Id of the contact"), ("sale" = Uuid, Path, description = "Id of the sale")),
    responses((status = 200, body = Transitions), (status = 404, body = super::Details))
)]
pub async fn sale_transitions(
    State(service): State<Service>,
    caller: Caller,
    Path((contact, id)): Path<(String, String)>,
    _: Query<NoParameters>,
) -> Result<Json<Transitions>, Problem> {
    let read = Read::of(&service, &caller, &contact).await?;
    let id = SaleId(path::id("sale", &id)?);
    let sale = read.file.sale(id)?;
    let is_order = |action: &Action| sale.change_orders.keys().any(|order| order.0 == action.id);
    let about = |action: &Action| match action.of {
        "sale" | "job" => action.id == id.0,
        "change_order" => is_order(action),
        _ => false,
    };
    Ok(read.transitions(&service, sale.state.name(), about))
}
