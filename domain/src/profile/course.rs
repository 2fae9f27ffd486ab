//! The contact's course: approached, lost, taken up again, put aside, returned.

use super::{
    AddOtherProductRep, AssignRehash, AttemptOutcome, ContactEvent, LogAttempt, LoseContact, MoveToRemarket, OptIn, OptOut, ReopenContact, ReturnContact,
};
use crate::blueprint::{CONTACT, ContactState, View, asked_fields};
use crate::company::{Reason, ReasonList};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::JourneyId;
use crate::journey::{self, JourneyEvent, Origin, Outcome};
use crate::meeting::{MeetingEvent, MeetingKind};
use crate::personal::{Personal, personal};
use crate::reference::CampaignRef;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;

pub(super) fn log_attempt(file: &ContactFile, ask: &LogAttempt, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.log_attempt", None, file.state(), &View::new(file, context))?;
    let journey = file.primary()?;
    match ask.call_back_at {
        Some(at) if at < context.at => {
            Err(Refusal::of_field(Code::FieldInvalid, "call_back_at", format!("{at} lies before {}, the time of the attempt", context.at)))
        }
        None if ask.outcome == AttemptOutcome::CallBack && !context.actor.is_importer() => {
            Err(Refusal::of_field(Code::FieldRequired, "call_back_at", "call_back_at must be filled in where the contact wants to be called again"))
        }
        call_back_at => Ok(vec![ContactEvent::Attempted { journey, channel: ask.channel, outcome: ask.outcome, call_back_at }.into()]),
    }
}

/// Leaves a contact in peace because no demo was set in time. Not so any more: nothing.
pub fn rest(file: &ContactFile, journey: JourneyId, context: &Context) -> Vec<Fact> {
    match file.limit_over(journey, context.at) {
        Some(ContactState::AttemptedToSet) => vec![ContactEvent::Rested { journey }.into()],
        _ => vec![],
    }
}

/// Gives a journey up because no demo was set while its contact rested, and puts the contact aside with its primary one. Not so any
/// more: nothing.
pub fn give_up(file: &ContactFile, journey: JourneyId, context: &Context) -> Vec<Fact> {
    if file.limit_over(journey, context.at) != Some(ContactState::Rest) {
        return vec![];
    }
    let reason = || Line::try_new("no demo was set in time").ok().map(Personal::Known);
    let closed = JourneyEvent::Closed { journey, outcome: Outcome::NotSet, reason: reason(), reason_id: None };
    let is_primary = file.standing.primary == Some(journey);
    let aside = reason().filter(|_| is_primary).map(|reason| ContactEvent::MovedToRemarket { reason, not_before: None }.into());
    [closed.into()].into_iter().chain(aside).collect()
}

pub(super) fn come_back(file: &ContactFile, ask: &ReturnContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.return", None, file.state(), &View::new(file, context))?;
    journey::id_is_free(file, ask.journey)?;
    let (source, product) = (context.company.source(&ask.source)?, context.company.product(&ask.product)?);
    journey::none_about(file, product, None)?;
    let campaign = match &ask.campaign {
        Some(wanted) => Some(context.campaign(wanted)?),
        None => profile.campaign_waited_for().map(CampaignRef::Id),
    };
    let opened = JourneyEvent::Opened {
        journey: ask.journey,
        origin: Origin::Remarket,
        source,
        product,
        category: profile.category.clone(),
        campaign: campaign.clone(),
        rep: None,
        reason: None,
    };
    Ok(vec![ContactEvent::Returned { journey: ask.journey, source, product, campaign }.into(), opened.into()])
}

/// Opens a second journey beside the first: another rep for another product (S0:12).
pub(super) fn add_other_product_rep(file: &ContactFile, ask: &AddOtherProductRep, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.add_other_product_rep", None, file.state(), &View::new(file, context))?;
    journey::id_is_free(file, ask.journey)?;
    crate::meeting::id_is_free(file, ask.meeting)?;
    crate::meeting::not_in_the_past(ask.start, context)?;
    let (product, rep) = (context.company.product(&ask.product)?, context.company.person("rep", &ask.rep)?);
    journey::none_about(file, product, None)?;
    if file.open_journeys().any(|(id, _)| file.rep_of(id) == Some(rep)) {
        return Err(Refusal::of_field(Code::FieldInvalid, "rep", "this rep already has an open journey of this contact"));
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
        reason: None,
    };
    let set = MeetingEvent::Set {
        meeting: ask.meeting,
        journey: ask.journey,
        kind: MeetingKind::Demo,
        start: ask.start,
        length_minutes: ask.length_minutes,
        scheduler,
        meeting_type: None,
        confirm_and_issue: None,
        decision_makers: None,
        why_not_all: None,
        address_checked: None,
    };
    Ok(vec![ContactEvent::OtherProductRepAdded { journey: ask.journey, product, rep }.into(), opened.into(), set.into()])
}

pub(super) fn assign_rehash(file: &ContactFile, ask: &AssignRehash, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    let view = View { journey: Some(ask.journey), ..View::new(file, context) };
    let step = CONTACT.permit("contact.assign_rehash", None, file.stage(ask.journey), &view)?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let rehash_rep = context.company.person("rehash_rep", &ask.rehash_rep)?;
    let reason = ask.reason.as_ref().map(|said| context.reason(ReasonList::NotSold, said)).transpose()?;
    let (reason, reason_id) = reason.map_or((None, None), |Reason { words, id }| (Some(words), id));
    Ok(vec![JourneyEvent::RehashAssigned { journey: ask.journey, rehash_rep, reason, reason_id }.into()])
}

/// Without a journey, the whole contact: every open journey that is not waiting for approval ends. With one, only that journey.
pub(super) fn lose(file: &ContactFile, ask: &LoseContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let primary = file.primary()?;
    let chosen = ask.journey.unwrap_or(primary);
    file.journey(chosen)?;
    CONTACT.permit("contact.lose", None, file.stage(chosen), &View { journey: Some(chosen), ..View::new(file, context) })?;
    let Reason { words: reason, id: reason_id } = context.reason(ReasonList::Lost, &ask.reason)?;
    let ending: Vec<JourneyId> = match ask.journey {
        Some(journey) => vec![journey],
        None => ending(file).collect(),
    };
    let lost = (chosen == primary).then(|| {
        let (competitor, note) = (personal(&ask.competitor), personal(&ask.note));
        ContactEvent::Lost { journey: primary, reason: reason.clone(), reason_id, competitor, note }.into()
    });
    let closed = ending.into_iter().map(|journey| JourneyEvent::Closed { journey, outcome: Outcome::Lost, reason: Some(reason.clone()), reason_id }.into());
    Ok(lost.into_iter().chain(closed).collect())
}

/// The journeys that end with their contact: all that are open, but for those with a sale that waits for approval.
fn ending(file: &ContactFile) -> impl Iterator<Item = JourneyId> {
    file.open_journeys().map(|(id, _)| id).filter(|id| !file.standing.awaits_approval(*id))
}

/// The primary journey goes on where it was left; one whose demo was called off with the loss, before a demo was set.
pub(super) fn reopen(file: &ContactFile, ask: &ReopenContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.reopen", None, file.state(), &View::new(file, context))?;
    let journey = file.primary()?;
    let stage = file.stage_before(journey);
    Ok(vec![ContactEvent::Reopened { journey, reason: ask.reason.clone().into() }.into(), JourneyEvent::Reopened { journey, stage }.into()])
}

pub(super) fn move_to_remarket(file: &ContactFile, ask: &MoveToRemarket, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.move_to_remarket", None, file.state(), &View::new(file, context))?;
    Ok(vec![ContactEvent::MovedToRemarket { reason: ask.reason.clone().into(), not_before: ask.not_before }.into()])
}

pub(super) fn opt_out(file: &ContactFile, ask: &OptOut, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.opt_out", None, file.state(), &View::new(file, context))?;
    let reason: Option<Personal<Line>> = Line::try_new("the contact wants to be approached no more").ok().map(Personal::Known);
    let closed = ending(file).map(|journey| JourneyEvent::Closed { journey, outcome: Outcome::DoNotContact, reason: reason.clone(), reason_id: None }.into());
    let campaigns = file.profile()?.campaigns.keys();
    let left = campaigns.map(|campaign| ContactEvent::LeftCampaign { campaign: *campaign }.into());
    Ok([ContactEvent::OptedOut { asked_by: ask.asked_by.clone().into(), channel: ask.channel }.into()].into_iter().chain(left).chain(closed).collect())
}

pub(super) fn opt_in(file: &ContactFile, ask: &OptIn, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.opt_in", None, file.state(), &View::new(file, context))?;
    Ok(vec![ContactEvent::OptedIn { reason: ask.reason.clone().into() }.into()])
}
