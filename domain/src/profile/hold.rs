//! Legal holds, and forgetting a person (SECURITY 4.5).

use super::{ContactEvent, EraseBasis, EraseContact, LiftHold, PlaceHold, Profile};
use crate::blueprint::{CONTACT, View};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;

pub(super) fn place(file: &ContactFile, ask: &PlaceHold, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.place_hold", None, file.state(), &View::new(file, context))?;
    Ok(vec![ContactEvent::HoldPlaced { reason: ask.reason.clone().into() }.into()])
}

pub(super) fn lift(file: &ContactFile, ask: &LiftHold, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.lift_hold", None, file.state(), &View::new(file, context))?;
    Ok(vec![ContactEvent::HoldLifted { reason: ask.reason.clone().into() }.into()])
}

/// Forgets the person, unless a legal hold forbids it: then the refusal gives the hold's reason.
pub(super) fn erase(file: &ContactFile, ask: &EraseContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.erase", None, file.state(), &View::new(file, context)).map_err(|refusal| match &file.profile {
        Some(Profile { hold: Some(hold), .. }) if refusal.code == Code::GuardFailed => {
            let reason = hold.known().map_or("its reason was erased", Line::as_str);
            Refusal { detail: format!("a legal hold lies on the contact ({reason}); lift it first, if that is right"), ..refusal }
        }
        _ => refusal,
    })?;
    Ok(be_erased(file, ask.basis))
}

/// Forgets the person, whatever is left to do: somebody found nothing left, later than this file knows of.
pub fn be_erased(file: &ContactFile, basis: EraseBasis) -> Vec<Fact> {
    vec![ContactEvent::Erased { basis, journeys: file.journeys.keys().copied().collect() }.into()]
}
