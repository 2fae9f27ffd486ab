//! Quotes: drafted, finalized, sold, lost or expired (BLUEPRINTS B.3).

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{Item, QuoteEvent};

use crate::blueprint::{CONTACT, QUOTE, QuoteState, Step, View, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::{JourneyId, PersonId, ProductId, QuoteId};
use crate::instant::{Instant, When};
use crate::money::{LIMIT_MINOR, Money};
use crate::personal::Personal;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;

/// What later decisions must know of a quote.
#[derive(Clone, Debug, PartialEq)]
pub struct Quote {
    /// The journey it is made on.
    pub journey: JourneyId,
    /// Where it stands.
    pub state: QuoteState,
    /// What is offered.
    pub product: ProductId,
    /// Who offers it.
    pub rep: PersonId,
    /// The sum of its items.
    pub total: Money,
    /// The instant until which it stands, once it is finalized.
    pub valid_until: Option<Instant>,
}

impl Quote {
    /// The quote after one more fact about it.
    pub fn evolve(self, event: &QuoteEvent) -> Quote {
        match event {
            QuoteEvent::Created { .. } | QuoteEvent::MarkedSold { .. } => self,
            QuoteEvent::Finalized { valid_until, .. } => Quote { state: QuoteState::Finalized, valid_until: *valid_until, ..self },
            QuoteEvent::Sold { .. } | QuoteEvent::SoldAgain { .. } => Quote { state: QuoteState::Sold, ..self },
            QuoteEvent::Expired { .. } => Quote { state: QuoteState::Expired, ..self },
            QuoteEvent::Lost { .. } => Quote { state: QuoteState::Lost, ..self },
            QuoteEvent::NotApproved { .. } => Quote { state: QuoteState::NotApproved, ..self },
        }
    }
}

/// Decides a wish about a quote.
pub fn decide(file: &ContactFile, command: &QuoteCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        QuoteCommand::Add(ask) => add(file, ask, context),
        QuoteCommand::Finalize(ask) => {
            let (quote, step) = permitted(file, "quote.finalize", ask.quote, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            let valid_until = ask.valid_until.map(|when| when.last_instant(context.company.zone()));
            if valid_until.is_some_and(|until| until < context.at) {
                return Err(Refusal::of_field(Code::FieldInvalid, "valid_until", "the quote would have expired already"));
            }
            Ok(vec![QuoteEvent::Finalized { quote: ask.quote, journey: quote.journey, valid_until }.into()])
        }
        QuoteCommand::MarkSold(ask) => {
            let (quote, _) = permitted(file, "quote.mark_sold", ask.quote, context)?;
            crate::sale::id_is_free(file, ask.sale)?;
            let signed_at = dated("sign_date", ask.sign_date, opening(file, quote.journey)?, context)?;
            let journey = quote.journey;
            Ok(vec![
                QuoteEvent::MarkedSold { quote: ask.quote, journey }.into(),
                QuoteEvent::Sold { quote: ask.quote, journey, sale: ask.sale, signed_at }.into(),
            ])
        }
        QuoteCommand::Lose(ask) => {
            let (quote, _) = permitted(file, "quote.lose", ask.quote, context)?;
            Ok(vec![QuoteEvent::Lost { quote: ask.quote, journey: quote.journey, reason: ask.reason.clone().into() }.into()])
        }
    }
}

fn add(file: &ContactFile, ask: &AddQuote, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    if file.quotes.contains_key(&ask.quote) {
        return Err(Refusal::of_field(Code::IdTaken, "quote", "the contact has a quote with this id already"));
    }
    let view = View { journey: Some(ask.journey), ..View::new(file, context) };
    CONTACT.permit("quote.add", None, file.stage(ask.journey), &view)?;
    let product = context.company.product(&ask.product)?;
    let rep = match &ask.rep {
        Some(person) => context.company.person("rep", person)?,
        None => file
            .rep_of(ask.journey)
            .or(context.actor.person)
            .ok_or_else(|| Refusal::of_field(Code::FieldRequired, "rep", "the journey has no rep yet, so one must be named"))?,
    };
    let total = total(&ask.items).ok_or_else(|| Refusal::of_field(Code::FieldInvalid, "items", format!("the total exceeds {LIMIT_MINOR} minor units")))?;
    Ok(vec![
        QuoteEvent::Created { quote: ask.quote, journey: ask.journey, product, rep, items: ask.items.iter().map(Item::recorded).collect(), total_minor: total }
            .into(),
    ])
}

fn total(items: &[Item<Line>]) -> Option<Money> {
    let mut sum = Money::ZERO;
    for item in items {
        sum = sum.plus(item.unit_price_minor.times(item.quantity)?);
    }
    (sum.0 <= LIMIT_MINOR).then_some(sum)
}

/// Loses a quote because its journey was lost. Not open any more: nothing.
pub fn lose_with_journey(file: &ContactFile, id: QuoteId, reason: &Personal<Line>) -> Vec<Fact> {
    match file.quotes.get(&id) {
        Some(quote) if quote.state.is_open() => vec![QuoteEvent::Lost { quote: id, journey: quote.journey, reason: reason.clone() }.into()],
        _ => vec![],
    }
}

/// Expires a quote whose time is over. One of which something came before: nothing.
pub fn expire(file: &ContactFile, id: QuoteId, context: &Context) -> Vec<Fact> {
    match file.quotes.get(&id) {
        Some(quote) if quote.state == QuoteState::Finalized && quote.valid_until.is_some_and(|until| until <= context.at) => {
            vec![QuoteEvent::Expired { quote: id, journey: quote.journey }.into()]
        }
        _ => vec![],
    }
}

/// Turns a sold quote to not approved, because its sale was refused.
pub fn not_approve(file: &ContactFile, id: QuoteId) -> Vec<Fact> {
    match file.quotes.get(&id) {
        Some(quote) if quote.state == QuoteState::Sold => vec![QuoteEvent::NotApproved { quote: id, journey: quote.journey }.into()],
        _ => vec![],
    }
}

/// Turns a refused quote back to sold, because its sale was moved back.
pub fn sell_again(file: &ContactFile, id: QuoteId) -> Vec<Fact> {
    match file.quotes.get(&id) {
        Some(quote) if quote.state == QuoteState::NotApproved => vec![QuoteEvent::SoldAgain { quote: id, journey: quote.journey }.into()],
        _ => vec![],
    }
}

fn permitted<'a>(file: &'a ContactFile, command: &str, id: QuoteId, context: &Context) -> Result<(&'a Quote, &'static Step<QuoteState>), Refusal> {
    let quote = file.quote(id)?;
    let view = View { journey: Some(quote.journey), quote: Some(id), ..View::new(file, context) };
    let step = QUOTE.permit(command, None, Some(quote.state), &view)?;
    Ok((quote, step))
}

/// When a journey opened, before which nothing of it is signed.
pub fn opening(file: &ContactFile, journey: JourneyId) -> Result<(Instant, &'static str), Refusal> {
    Ok((file.journey(journey)?.opened_at, "its journey opened"))
}

/// The instant of a typed date; without one, the business time. It is neither in the future nor before the day of `first`,
/// when `began` ("its journey opened"). The importer may go further back: papers may be older than the records kept of them.
pub fn dated(field: &str, typed: Option<When>, (first, began): (Instant, &str), context: &Context) -> Result<Instant, Refusal> {
    let zone = context.company.zone();
    let at = typed.map_or(context.at, |when| when.instant(zone));
    if at > context.at {
        return Err(Refusal::of_field(Code::FieldInvalid, field, format!("{at} lies after {}, the time of this entry", context.at)));
    }
    let (day, first_day) = (at.local_day(zone), first.local_day(zone));
    if day < first_day && !context.actor.is_importer() {
        return Err(Refusal::of_field(Code::FieldInvalid, field, format!("{day} lies before {first_day}, the day on which {began}")));
    }
    Ok(at)
}
