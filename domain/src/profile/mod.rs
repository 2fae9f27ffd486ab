//! The contact as a whole: added, approached, lost, put aside, returned (BLUEPRINTS B.1).

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{Added, AttemptOutcome, Channel, ContactEvent, EraseBasis};

use crate::address::Address;
use crate::blueprint::{CONTACT, View, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::{JourneyId, ProductId, SourceId};
use crate::journey::{self, JourneyEvent, Origin, Outcome};
use crate::meeting::{MeetingEvent, MeetingKind};
use crate::personal::{Personal, all_personal, personal};
use crate::refusal::{Code, Refusal};
use crate::text::{Label, Line};
use crate::wire::Fact;

/// What later decisions must know of the contact itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its lead source now.
    pub source: SourceId,
    /// Its product now.
    pub product: ProductId,
    /// Its lead category now.
    pub category: Option<Label>,
    /// Its property now.
    pub address: Option<Personal<Address>>,
    /// Why it must not be erased, while it must not.
    pub hold: Option<Personal<Line>>,
    /// Whether the person was forgotten.
    pub erased: bool,
}

/// Decides a wish about the contact as a whole.
pub fn decide(file: &ContactFile, command: &ContactCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        ContactCommand::Add(ask) => add(file, ask, context),
        ContactCommand::LogAttempt(ask) => log_attempt(file, ask, context),
        ContactCommand::Return(ask) => come_back(file, ask, context),
        ContactCommand::AddOtherProductRep(ask) => add_other_product_rep(file, ask, context),
        ContactCommand::ChangeSource(ask) => change_source(file, ask, context),
        ContactCommand::ChangeProduct(ask) => change_product(file, ask, context),
        ContactCommand::AssignRehash(ask) => assign_rehash(file, ask, context),
        ContactCommand::Lose(ask) => lose(file, ask, context),
        ContactCommand::MoveToRemarket(ask) => {
            CONTACT.permit("contact.move_to_remarket", None, file.state(), &View::new(file, context))?;
            Ok(vec![ContactEvent::MovedToRemarket { reason: ask.reason.clone().into() }.into()])
        }
        ContactCommand::PlaceHold(ask) => {
            CONTACT.permit("contact.place_hold", None, file.state(), &View::new(file, context))?;
            Ok(vec![ContactEvent::HoldPlaced { reason: ask.reason.clone().into() }.into()])
        }
        ContactCommand::LiftHold(ask) => {
            CONTACT.permit("contact.lift_hold", None, file.state(), &View::new(file, context))?;
            Ok(vec![ContactEvent::HoldLifted { reason: ask.reason.clone().into() }.into()])
        }
        ContactCommand::Erase(ask) => erase(file, ask, context),
    }
}

/// Forgets the person, unless a legal hold forbids it: then the refusal gives the hold's reason.
fn erase(file: &ContactFile, ask: &EraseContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.erase", None, file.state(), &View::new(file, context)).map_err(|refusal| match &file.profile {
        Some(Profile { hold: Some(hold), .. }) if refusal.code == Code::GuardFailed => {
            let reason = hold.known().map_or("its reason was erased", Line::as_str);
            Refusal { detail: format!("a legal hold lies on the contact ({reason}); lift it first, if that is right"), ..refusal }
        }
        _ => refusal,
    })?;
    Ok(vec![ContactEvent::Erased { basis: ask.basis, journeys: file.journeys.keys().copied().collect() }.into()])
}

fn add(file: &ContactFile, ask: &AddContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    if file.profile.is_some() {
        return Err(Refusal::of_field(Code::IdTaken, "contact", "there is a contact with this id already"));
    }
    let step = CONTACT.permit("contact.add", None, None, &View::new(file, context))?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let added = Added {
        journey: ask.journey,
        source: context.company.source(&ask.source)?,
        product: context.company.product(&ask.product)?,
        category: ask.category.clone(),
        campaign: ask.campaign.clone(),
        reference: personal(&ask.reference),
        name: personal(&ask.name),
        phones: all_personal(&ask.phones),
        emails: all_personal(&ask.emails),
        address: personal(&ask.address),
    };
    let opened = JourneyEvent::Opened {
        journey: ask.journey,
        origin: Origin::New,
        source: added.source,
        product: added.product,
        category: added.category.clone(),
        campaign: added.campaign.clone(),
        rep: None,
    };
    Ok(vec![ContactEvent::Added(added).into(), opened.into()])
}

fn log_attempt(file: &ContactFile, ask: &LogAttempt, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.log_attempt", None, file.state(), &View::new(file, context))?;
    let journey = file.primary()?;
    Ok(vec![ContactEvent::Attempted { journey, channel: ask.channel, outcome: ask.outcome }.into()])
}

fn come_back(file: &ContactFile, ask: &ReturnContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.return", None, file.state(), &View::new(file, context))?;
    journey::id_is_free(file, ask.journey)?;
    let (source, product) = (context.company.source(&ask.source)?, context.company.product(&ask.product)?);
    let campaign = ask.campaign.clone();
    let category = profile.category.clone();
    let opened = JourneyEvent::Opened { journey: ask.journey, origin: Origin::Remarket, source, product, category, campaign: campaign.clone(), rep: None };
    Ok(vec![ContactEvent::Returned { journey: ask.journey, source, product, campaign }.into(), opened.into()])
}

/// Opens a second journey beside the first: another rep for another product (S0:12).
fn add_other_product_rep(file: &ContactFile, ask: &AddOtherProductRep, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.add_other_product_rep", None, file.state(), &View::new(file, context))?;
    journey::id_is_free(file, ask.journey)?;
    crate::meeting::id_is_free(file, ask.meeting)?;
    crate::meeting::not_in_the_past(ask.start, context)?;
    let (product, rep) = (context.company.product(&ask.product)?, context.company.person("rep", &ask.rep)?);
    for (id, open) in file.open_journeys() {
        if open.product == product {
            return Err(Refusal::of_field(Code::FieldInvalid, "product", "an open journey of this contact is already about this product"));
        }
        if file.rep_of(id) == Some(rep) {
            return Err(Refusal::of_field(Code::FieldInvalid, "rep", "this rep already has an open journey of this contact"));
        }
    }
    let scheduler = crate::meeting::scheduler(ask.scheduler.as_ref(), context)?;
    let opened = JourneyEvent::Opened {
        journey: ask.journey,
        origin: Origin::OtherProduct,
        source: profile.source,
        product,
        category: profile.category.clone(),
        campaign: None,
        rep: Some(rep),
    };
    let set = MeetingEvent::Set {
        meeting: ask.meeting,
        journey: ask.journey,
        kind: MeetingKind::Demo,
        start: ask.start,
        length_minutes: ask.length_minutes,
        scheduler,
    };
    Ok(vec![ContactEvent::OtherProductRepAdded { journey: ask.journey, product, rep }.into(), opened.into(), set.into()])
}

fn change_source(file: &ContactFile, ask: &ChangeSource, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_source", None, file.state(), &View::new(file, context))?;
    let source = context.company.source(&ask.source)?;
    Ok(if profile.source == source { vec![] } else { vec![ContactEvent::SourceChanged { source }.into()] })
}

fn change_product(file: &ContactFile, ask: &ChangeProduct, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_product", None, file.state(), &View::new(file, context))?;
    let product = context.company.product(&ask.product)?;
    Ok(if profile.product == product { vec![] } else { vec![ContactEvent::ProductChanged { product }.into()] })
}

fn assign_rehash(file: &ContactFile, ask: &AssignRehash, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    let view = View { journey: Some(ask.journey), ..View::new(file, context) };
    let step = CONTACT.permit("contact.assign_rehash", None, file.stage(ask.journey), &view)?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let rehash_rep = context.company.person("rehash_rep", &ask.rehash_rep)?;
    Ok(vec![JourneyEvent::RehashAssigned { journey: ask.journey, rehash_rep, reason: personal(&ask.reason) }.into()])
}

/// Without a journey, the whole contact: every open journey that is not waiting for approval ends. With one, only that journey.
fn lose(file: &ContactFile, ask: &LoseContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let primary = file.primary()?;
    let chosen = ask.journey.unwrap_or(primary);
    file.journey(chosen)?;
    CONTACT.permit("contact.lose", None, file.stage(chosen), &View { journey: Some(chosen), ..View::new(file, context) })?;
    let ending: Vec<JourneyId> = match ask.journey {
        Some(journey) => vec![journey],
        None => file.open_journeys().map(|(id, _)| id).filter(|id| !file.standing.awaits_approval(*id)).collect(),
    };
    let lost = (chosen == primary).then(|| ContactEvent::Lost { journey: primary, reason: ask.reason.clone().into() }.into());
    let closed = ending.into_iter().map(|journey| JourneyEvent::Closed { journey, outcome: Outcome::Lost, reason: Some(ask.reason.clone().into()) }.into());
    Ok(lost.into_iter().chain(closed).collect())
}
