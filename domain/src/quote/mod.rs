//! Quotes: drafted, edited, finalized, revised, sold, lost or expired (BLUEPRINTS B.3).

mod command;
mod entry;
mod event;
mod offer;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{Discount, Finance, Item, QuoteEvent, Terms};
pub use offer::{Offer, Totals};

use crate::blueprint::{CONTACT, QUOTE, QuoteState, Step, View, asked_fields};
use crate::company::{Reason, ReasonList};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::dates::{dated, in_open_books, opening};
use crate::id::{JourneyId, PersonId, ProductId, QuoteId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::{Personal, personal};
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What later decisions must know of a quote. What is offered is not kept where only this is stored: it may be personal.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Quote {
    /// The journey it is made on.
    pub journey: JourneyId,
    /// Where it stands.
    pub state: QuoteState,
    /// What product is offered.
    pub product: ProductId,
    /// Who offers it.
    pub rep: PersonId,
    /// What is offered.
    #[serde(skip)]
    pub offer: Arc<Offer>,
    /// The contract total without sales tax: what a sale of it counts for (METRICS C.5).
    #[serde(deserialize_with = "Money::computed")]
    pub amount: Money,
    /// The instant until which it stands, once it is finalized.
    pub valid_until: Option<Instant>,
}

impl Quote {
    /// The quote that this fact made; of any other fact, none.
    pub fn created(event: &QuoteEvent) -> Option<Quote> {
        let QuoteEvent::Created { journey, product, rep, items, total_minor, .. } = event else { return None };
        let offer = Arc::new(Offer::of(items.clone()));
        Some(Quote { journey: *journey, state: QuoteState::Draft, product: *product, rep: *rep, offer, amount: *total_minor, valid_until: None })
    }

    /// The quote after one more fact about it.
    pub fn evolve(self, event: &QuoteEvent) -> Quote {
        match event {
            QuoteEvent::Created { .. } | QuoteEvent::MarkedSold { .. } => self,
            QuoteEvent::Edited { items, discounts, tax_millionths, finance, tax_minor, total_minor, .. } => {
                let (items, discounts, tax_millionths, finance) = (items.clone(), discounts.clone(), *tax_millionths, finance.clone());
                let offer = Arc::new(Offer { items, discounts, tax_millionths, finance });
                Quote { offer, amount: Money(total_minor.0.saturating_sub(tax_minor.0)), ..self }
            }
            QuoteEvent::Finalized { valid_until, .. } => Quote { state: QuoteState::Finalized, valid_until: *valid_until, ..self },
            QuoteEvent::Reopened { .. } => Quote { state: QuoteState::Draft, valid_until: None, ..self },
            QuoteEvent::Superseded { .. } => Quote { state: QuoteState::Superseded, ..self },
            QuoteEvent::Sold { .. } | QuoteEvent::SoldAgain { .. } => Quote { state: QuoteState::Sold, ..self },
            QuoteEvent::Expired { .. } => Quote { state: QuoteState::Expired, ..self },
            QuoteEvent::Lost { .. } => Quote { state: QuoteState::Lost, ..self },
            QuoteEvent::NotApproved { .. } => Quote { state: QuoteState::NotApproved, ..self },
        }
    }
}

/// Decides a wish about a quote.
pub fn decide(file: &ContactFile, command: &QuoteCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let live = !context.actor.is_importer();
    match command {
        QuoteCommand::Add(ask) => add(file, ask, context),
        QuoteCommand::Edit(ask) => edit(file, ask, context),
        QuoteCommand::Finalize(ask) => {
            let (&Quote { journey, .. }, step) = permitted(file, "quote.finalize", ask.quote, context)?;
            asked_fields(step.asks, live, given(ask))?;
            let valid_until = ask.valid_until.map(|when| when.last_instant(context.company.zone()));
            if valid_until.is_some_and(|until| until < context.at) {
                return Err(Refusal::of_field(Code::FieldInvalid, "valid_until", "the quote would have expired already"));
            }
            Ok(vec![QuoteEvent::Finalized { quote: ask.quote, journey, valid_until, terms: personal(&ask.terms) }.into()])
        }
        QuoteCommand::Reopen(ask) => {
            let (&Quote { journey, .. }, _) = permitted(file, "quote.reopen", ask.quote, context)?;
            Ok(vec![QuoteEvent::Reopened { quote: ask.quote, journey }.into()])
        }
        QuoteCommand::Revise(ask) => revise(file, ask, context),
        QuoteCommand::MarkSold(ask) => {
            let (&Quote { journey, .. }, step) = permitted(file, "quote.mark_sold", ask.quote, context)?;
            crate::sale::id_is_free(file, ask.sale)?;
            asked_fields(step.asks, live, given(ask))?;
            let signed_at = dated("sign_date", ask.sign_date, opening(file, journey)?, context)?;
            // What waits for approval is looked at then.
            if !file.demo_was_held(journey) {
                in_open_books("sign_date", signed_at, context)?;
            }
            let (paper, reason) = (personal(&ask.paper), personal(&ask.reason));
            Ok(vec![
                QuoteEvent::MarkedSold { quote: ask.quote, journey, paper, reason }.into(),
                QuoteEvent::Sold { quote: ask.quote, journey, sale: ask.sale, signed_at }.into(),
            ])
        }
        QuoteCommand::Lose(ask) => {
            let (&Quote { journey, .. }, _) = permitted(file, "quote.lose", ask.quote, context)?;
            let Reason { words, id } = context.company.reasons.choose(ReasonList::QuoteLost, "reason", &ask.reason, !live)?;
            Ok(vec![QuoteEvent::Lost { quote: ask.quote, journey, reason: words, reason_id: id }.into()])
        }
    }
}

fn add(file: &ContactFile, ask: &AddQuote, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    id_is_free(file, "quote", ask.quote)?;
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
    let offer = Offer::of(ask.items.iter().map(Item::recorded).collect());
    let total_minor = offer.totals()?.subtotal;
    Ok(vec![QuoteEvent::Created { quote: ask.quote, journey: ask.journey, product, rep, items: offer.items, total_minor, revises: None }.into()])
}

/// Writes a draft anew. As it stands already: nothing.
fn edit(file: &ContactFile, ask: &EditQuote, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (quote, _) = permitted(file, "quote.edit", ask.quote, context)?;
    let offer = Offer {
        items: ask.items.iter().map(Item::recorded).collect(),
        discounts: ask.discounts.iter().map(Discount::recorded).collect(),
        tax_millionths: ask.tax_millionths,
        finance: ask.finance.as_ref().map(Finance::recorded),
    };
    Ok(if offer == *quote.offer { vec![] } else { vec![edited(ask.quote, quote.journey, &offer)?] })
}

fn edited(quote: QuoteId, journey: JourneyId, offer: &Offer) -> Result<Fact, Refusal> {
    let totals = offer.totals()?;
    let Offer { items, discounts, tax_millionths, finance } = offer.clone();
    let (subtotal_minor, discount_minor, tax_minor, total_minor) = (totals.subtotal, totals.discount, totals.tax, totals.total());
    Ok(QuoteEvent::Edited { quote, journey, items, discounts, tax_millionths, finance, subtotal_minor, discount_minor, tax_minor, total_minor }.into())
}

/// Puts a draft with the same offer in a quote's place.
fn revise(file: &ContactFile, ask: &ReviseQuote, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (quote, _) = permitted(file, "quote.revise", ask.quote, context)?;
    id_is_free(file, "revision", ask.revision)?;
    let &Quote { journey, product, rep, .. } = quote;
    let (items, total_minor) = (quote.offer.items.clone(), quote.offer.totals()?.subtotal);
    let mut facts = vec![
        QuoteEvent::Superseded { quote: ask.quote, journey, by: ask.revision }.into(),
        QuoteEvent::Created { quote: ask.revision, journey, product, rep, items, total_minor, revises: Some(ask.quote) }.into(),
    ];
    if quote.offer.has_more_than_items() {
        facts.push(edited(ask.revision, journey, &quote.offer)?);
    }
    Ok(facts)
}

fn id_is_free(file: &ContactFile, field: &str, quote: QuoteId) -> Result<(), Refusal> {
    match file.quotes.contains_key(&quote) {
        true => Err(Refusal::of_field(Code::IdTaken, field, "the contact has a quote with this id already")),
        false => Ok(()),
    }
}

/// Loses a quote because its journey was lost. Not open any more: nothing.
pub fn lose_with_journey(file: &ContactFile, id: QuoteId, reason: &Personal<Line>) -> Vec<Fact> {
    match file.quotes.get(&id) {
        Some(quote) if quote.state.is_open() => vec![QuoteEvent::Lost { quote: id, journey: quote.journey, reason: reason.clone(), reason_id: None }.into()],
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
