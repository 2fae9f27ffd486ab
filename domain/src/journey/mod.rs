//! Journeys: each pass of a contact through the funnel (METRICS C.2).
//!
//! Journeys open with the contact, with its return, and with another product's rep; rules of the product close them. By hand one is
//! opened that is missing, and voided that was a mistake.

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{JourneyEvent, Origin, Outcome};

use crate::blueprint::{CONTACT, ContactState, View};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::{JourneyId, PersonId, ProductId, SourceId};
use crate::instant::Instant;
use crate::reference::CategoryRef;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;
use chrono::TimeDelta;

/// What later decisions must know of a journey. Its stage is kept by the file's standing.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// What opened it.
    pub origin: Origin,
    /// Its lead source.
    pub source: SourceId,
    /// Its product.
    pub product: ProductId,
    /// Its lead category.
    pub category: Option<CategoryRef>,
    /// When it opened.
    pub opened_at: Instant,
    /// The rep named when it opened.
    pub rep: Option<PersonId>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<Outcome>,
    /// Whether it was opened by mistake: it is neither open nor ended, and no figure counts it.
    pub voided: bool,
}

impl Journey {
    /// Whether it goes on.
    pub fn is_open(&self) -> bool {
        self.outcome.is_none() && !self.voided
    }
}

/// Decides a wish about a journey by itself.
pub fn decide(file: &ContactFile, command: &JourneyCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        JourneyCommand::Open(ask) => open(file, ask, context),
        JourneyCommand::Void(ask) => void(file, ask, context),
    }
}

fn open(file: &ContactFile, ask: &OpenJourney, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("journey.open", None, file.state(), &View::new(file, context))?;
    id_is_free(file, ask.journey)?;
    let product = ask.product.as_ref().map_or(Ok(profile.product), |product| context.company.product(product))?;
    none_about(file, product, None)?;
    let opened = JourneyEvent::Opened {
        journey: ask.journey,
        origin: Origin::Manual,
        source: ask.source.as_ref().map_or(Ok(profile.source), |source| context.company.source(source))?,
        product,
        category: ask.category.as_ref().map_or(Ok(profile.category.clone()), |category| context.category(category).map(Some))?,
        campaign: ask.campaign.as_ref().map(|campaign| context.campaign_or_words(campaign)),
        rep: None,
        reason: Some(ask.reason.clone().into()),
    };
    Ok(vec![opened.into()])
}

fn void(file: &ContactFile, ask: &VoidJourney, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let journey = file.journey(ask.journey)?;
    CONTACT.permit("journey.void", None, file.stage(ask.journey), &View { journey: Some(ask.journey), ..View::new(file, context) })?;
    if journey.voided {
        return Ok(vec![]);
    }
    Ok(vec![JourneyEvent::Voided { journey: ask.journey, reason: ask.reason.clone().into() }.into()])
}

/// Starts the limit of the stage that an open journey came into. None there, or running already: nothing. Histories of other systems
/// know no limits of ours: what the importer brings starts none.
pub fn start_limit(file: &ContactFile, journey: JourneyId, context: &Context) -> Vec<Fact> {
    let limits = &context.company.limits;
    let Some(stage) = file.stage(journey).filter(|_| !file.limits.contains_key(&journey) && !context.actor.is_importer()) else { return vec![] };
    let days = match stage {
        ContactState::AttemptedToSet => limits.rest_after_days,
        ContactState::Rest => limits.remarket_after_days,
        _ => return vec![],
    };
    let until = Instant::new(context.at.utc() + TimeDelta::days(days.0.into()));
    vec![JourneyEvent::LimitStarted { journey, stage, until }.into()]
}

/// Closes a journey as sold. Already closed: nothing.
pub fn close_as_sold(file: &ContactFile, journey: JourneyId) -> Vec<Fact> {
    match file.journeys.get(&journey) {
        Some(open) if open.is_open() => vec![JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None, reason_id: None }.into()],
        _ => vec![],
    }
}

/// Revises the outcome of a journey that was closed as sold. Already so, or closed otherwise: nothing.
pub fn revise_outcome(file: &ContactFile, journey: JourneyId, outcome: Outcome) -> Vec<Fact> {
    match file.journeys.get(&journey).and_then(|journey| journey.outcome) {
        Some(Outcome::Sold | Outcome::SoldCanceled) if file.journeys[&journey].outcome != Some(outcome) => {
            vec![JourneyEvent::OutcomeRevised { journey, outcome }.into()]
        }
        _ => vec![],
    }
}

/// In what an open journey follows its contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Followed {
    pub source: bool,
    pub product: bool,
    pub category: bool,
}

impl Followed {
    /// In nothing.
    pub const NOTHING: Followed = Followed { source: false, product: false, category: false };
    /// In everything.
    pub const ALL: Followed = Followed { source: true, product: true, category: true };
}

/// Lets an open journey follow its contact; in the product only the primary one does, as the others were opened about another. Ended, or so
/// already: nothing.
pub fn follow(file: &ContactFile, journey: JourneyId, followed: Followed) -> Vec<Fact> {
    let (Some(profile), Some(open)) = (&file.profile, file.journeys.get(&journey)) else { return vec![] };
    let source = if followed.source { profile.source } else { open.source };
    let product = if followed.product && file.standing.primary == Some(journey) { profile.product } else { open.product };
    let category = if followed.category { &profile.category } else { &open.category };
    if !open.is_open() || (open.source, open.product, &open.category) == (source, product, category) {
        return vec![];
    }
    vec![JourneyEvent::DimensionsChanged { journey, source, product, category: category.clone() }.into()]
}

/// Refuses a second open journey about the same product, beside the one that may be: it would be one lead counted twice.
pub fn none_about(file: &ContactFile, product: ProductId, but: Option<JourneyId>) -> Result<(), Refusal> {
    if file.open_journeys().any(|(id, open)| open.product == product && Some(id) != but) {
        return Err(Refusal::of_field(Code::FieldInvalid, "product", "an open journey of this contact is already about this product"));
    }
    Ok(())
}

/// Refuses a journey id that the contact has used.
pub fn id_is_free(file: &ContactFile, journey: JourneyId) -> Result<(), Refusal> {
    if file.journeys.contains_key(&journey) {
        return Err(Refusal::of_field(Code::IdTaken, "journey", "the contact has a journey with this id already"));
    }
    Ok(())
}
