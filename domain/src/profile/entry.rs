//! Who the contact is and where it came from: entered and corrected.

use super::{AddContact, Added, ChangeCategory, ChangeDetails, ChangeProduct, ChangeSource, ContactEvent, CorrectAddress};
use crate::blueprint::{CONTACT, View, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::journey::{self, JourneyEvent, Origin};
use crate::personal::{Personal, all_personal, personal};
use crate::reference::CategoryRef;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;

pub(super) fn add(file: &ContactFile, ask: &AddContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    if file.profile.is_some() {
        return Err(Refusal::of_field(Code::IdTaken, "contact", "there is a contact with this id already"));
    }
    let step = CONTACT.permit("contact.add", None, None, &View::new(file, context))?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let added = Added {
        journey: ask.journey,
        source: context.company.source(&ask.source)?,
        product: context.company.product(&ask.product)?,
        category: ask.category.as_ref().map(|category| context.category(category)).transpose()?,
        campaign: ask.campaign.as_ref().map(|campaign| context.campaign_or_words(campaign)),
        reference: personal(&ask.reference),
        name: personal(&ask.name),
        phones: all_personal(&ask.phones),
        emails: all_personal(&ask.emails),
        address: personal(&ask.address),
        address_shared: ask.accept_duplicate.is_some(),
    };
    let opened = JourneyEvent::Opened {
        journey: ask.journey,
        origin: Origin::New,
        source: added.source,
        product: added.product,
        category: added.category.clone(),
        campaign: added.campaign.clone(),
        rep: None,
        reason: None,
    };
    let duplicate = ask.accept_duplicate.clone().map(|reason| ContactEvent::DuplicateAccepted { reason: reason.into() }.into());
    Ok([ContactEvent::Added(added).into()].into_iter().chain(duplicate).chain([opened.into()]).collect())
}

pub(super) fn change_source(file: &ContactFile, ask: &ChangeSource, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_source", None, file.state(), &View::new(file, context))?;
    let source = context.company.source(&ask.source)?;
    Ok(if profile.source == source { vec![] } else { vec![ContactEvent::SourceChanged { source }.into()] })
}

pub(super) fn change_product(file: &ContactFile, ask: &ChangeProduct, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_product", None, file.state(), &View::new(file, context))?;
    let product = context.company.product(&ask.product)?;
    if profile.product == product {
        return Ok(vec![]);
    }
    journey::none_about(file, product, file.standing.primary)?;
    Ok(vec![ContactEvent::ProductChanged { product }.into()])
}

pub(super) fn change_category(file: &ContactFile, ask: &ChangeCategory, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_category", None, file.state(), &View::new(file, context))?;
    let category = context.company.category(&ask.category)?;
    let same = profile.category == Some(CategoryRef::Id(category));
    Ok(if same { vec![] } else { vec![ContactEvent::CategoryChanged { category }.into()] })
}

/// Corrects what differs; what is the same is not told again.
pub(super) fn change_details(file: &ContactFile, ask: &ChangeDetails, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.change_details", None, file.state(), &View::new(file, context))?;
    let name = personal(&ask.name).filter(|name| profile.name.as_ref() != Some(name));
    let reference = personal(&ask.reference).filter(|reference| profile.reference.as_ref() != Some(reference));
    let phones = ask.phones.as_deref().map(all_personal).filter(|phones| profile.phones != *phones);
    let emails = ask.emails.as_deref().map(all_personal).filter(|emails| profile.emails != *emails);
    let nobody = |phones: &Option<Vec<_>>, now: &[Personal<_>]| phones.as_ref().map_or(now.is_empty(), Vec::is_empty);
    if nobody(&phones, &profile.phones) && emails.as_ref().map_or(profile.emails.is_empty(), Vec::is_empty) && (phones.is_some() || emails.is_some()) {
        return Err(Refusal::of_field(Code::FieldRequired, "phones", "a contact keeps a telephone number or an e-mail address"));
    }
    if (&name, &reference, &phones, &emails) == (&None, &None, &None, &None) {
        return Ok(vec![]);
    }
    Ok(vec![ContactEvent::DetailsChanged { name, phones, emails, reference }.into()])
}

pub(super) fn correct_address(file: &ContactFile, ask: &CorrectAddress, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.correct_address", None, file.state(), &View::new(file, context))?;
    let to = Personal::Known(ask.address.clone());
    if profile.address.as_ref() == Some(&to) {
        return Ok(vec![]);
    }
    let corrected = ContactEvent::AddressCorrected { from: profile.address.clone(), to, shared: ask.accept_duplicate.is_some() };
    let duplicate = ask.accept_duplicate.clone().map(|reason| ContactEvent::DuplicateAccepted { reason: reason.into() }.into());
    Ok([corrected.into()].into_iter().chain(duplicate).collect())
}
