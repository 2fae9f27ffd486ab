//! Two contacts that turn out to be one person or business, and two after all.
//!
//! Nothing of either history moves: each keeps its stream, its journeys and its figures (METRICS C.10). One is found under the other.

use super::{ContactEvent, MergeContact, Profile, UnmergeContact};
use crate::blueprint::{CONTACT, View};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::ContactId;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;

pub(super) fn merge(file: &ContactFile, ask: &MergeContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.merge", None, file.state(), &View::new(file, context))?;
    if profile.merged.contains(&ask.other) {
        return Ok(vec![]);
    }
    Ok(vec![ContactEvent::Merged { other: ask.other, reason: ask.reason.clone().into() }.into()])
}

pub(super) fn unmerge(file: &ContactFile, ask: &UnmergeContact, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let profile = file.profile()?;
    CONTACT.permit("contact.unmerge", None, file.state(), &View::new(file, context))?;
    if !profile.merged.contains(&ask.other) {
        return Err(Refusal::of_field(Code::UnknownContact, "other", "no contact with this id was merged into this one"));
    }
    Ok(vec![ContactEvent::Unmerged { other: ask.other, reason: ask.reason.clone().into() }.into()])
}

/// The other contact's part of a merge. There is no chain: who was merged into another is not merged again, and takes nobody in.
pub fn be_merged(file: &ContactFile, survivor: ContactId) -> Result<Vec<Fact>, Refusal> {
    match file.profile.as_ref() {
        None => Err(Refusal::of_field(Code::UnknownContact, "other", "there is no contact with this id")),
        Some(Profile { merged_into: Some(into), .. }) if *into == survivor => Ok(vec![]),
        Some(Profile { erased: true, .. }) => Err(Refusal::new(Code::GuardFailed, "the other contact's person was forgotten")),
        Some(Profile { merged_into: Some(into), .. }) => {
            let detail = "the other contact is found under a third one already; take that back first, or merge with the third";
            Err(Refusal { other: Some(into.0), ..Refusal::new(Code::GuardFailed, detail) })
        }
        Some(Profile { merged, .. }) if !merged.is_empty() => {
            Err(Refusal::new(Code::GuardFailed, "others are found under that contact; merge the other way round, or take that back first"))
        }
        Some(_) => Ok(vec![ContactEvent::MergedInto { survivor }.into()]),
    }
}

/// The other contact's part of taking a merge back.
pub fn be_unmerged(file: &ContactFile, survivor: ContactId) -> Vec<Fact> {
    match file.profile.as_ref() {
        Some(Profile { merged_into: Some(into), .. }) if *into == survivor => vec![ContactEvent::UnmergedFrom { survivor }.into()],
        _ => vec![],
    }
}
