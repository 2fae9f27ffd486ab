//! The contact as a whole: entered, approached, lost, put aside, returned, found again under another (BLUEPRINTS B.1).

mod campaigns;
mod command;
mod course;
mod entry;
mod event;
mod hold;
mod merge;
#[cfg(test)]
mod tests;

pub use command::*;
pub use course::{give_up, rest};
pub use event::{Added, AttemptOutcome, Channel, ContactEvent, EraseBasis};
pub use hold::be_erased;
pub use merge::{be_merged, be_unmerged};

use crate::address::Address;
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::{CampaignId, ContactId, ProductId, SourceId};
use crate::instant::Instant;
use crate::personal::Personal;
use crate::reference::{CampaignRef, CategoryRef};
use crate::refusal::Refusal;
use crate::text::{Email, Label, Line, Phone};
use crate::wire::Fact;
use std::collections::{BTreeMap, BTreeSet};

/// What later decisions must know of the contact itself.
#[derive(Clone, Debug, PartialEq)]
pub struct Profile {
    /// Its lead source now.
    pub source: SourceId,
    /// Its product now.
    pub product: ProductId,
    /// Its lead category now.
    pub category: Option<CategoryRef>,
    /// Its name now.
    pub name: Option<Personal<Label>>,
    /// Its telephone numbers now.
    pub phones: Vec<Personal<Phone>>,
    /// Its e-mail addresses now.
    pub emails: Vec<Personal<Email>>,
    /// Its number in another system now.
    pub reference: Option<Personal<Label>>,
    /// Its property now.
    pub address: Option<Personal<Address>>,
    /// When it was lost, while it can be reopened.
    pub lost_at: Option<Instant>,
    /// Why it must not be erased, while it must not.
    pub hold: Option<Personal<Line>>,
    /// Whether the person was forgotten.
    pub erased: bool,
    /// The contact under which it is found, where it was merged.
    pub merged_into: Option<ContactId>,
    /// The contacts that are found under it.
    pub merged: BTreeSet<ContactId>,
    /// The campaigns it is a member of, and whether it has come back by each.
    pub campaigns: BTreeMap<CampaignId, bool>,
}

impl Profile {
    /// A contact as it was entered.
    pub fn added(added: &Added) -> Profile {
        Profile {
            source: added.source,
            product: added.product,
            category: added.category.clone(),
            name: added.name.clone(),
            phones: added.phones.clone(),
            emails: added.emails.clone(),
            reference: added.reference.clone(),
            address: added.address.clone(),
            lost_at: None,
            hold: None,
            erased: false,
            merged_into: None,
            merged: BTreeSet::new(),
            campaigns: BTreeMap::new(),
        }
    }

    /// Folds one more fact about the contact.
    pub fn evolve(&mut self, event: &ContactEvent, at: Instant) {
        match event {
            ContactEvent::Returned { source, product, campaign, .. } => {
                (self.source, self.product) = (*source, *product);
                if let Some(CampaignRef::Id(campaign)) = campaign {
                    self.campaigns.entry(*campaign).and_modify(|came_back| *came_back = true);
                }
            }
            ContactEvent::JoinedCampaign { campaign } => drop(self.campaigns.insert(*campaign, false)),
            ContactEvent::LeftCampaign { campaign } => drop(self.campaigns.remove(campaign)),
            ContactEvent::SourceChanged { source } => self.source = *source,
            ContactEvent::ProductChanged { product } => self.product = *product,
            ContactEvent::CategoryChanged { category } => self.category = Some(CategoryRef::Id(*category)),
            ContactEvent::DetailsChanged { name, phones, emails, reference } => {
                self.name = name.clone().or(self.name.take());
                self.reference = reference.clone().or(self.reference.take());
                self.phones = phones.clone().unwrap_or(std::mem::take(&mut self.phones));
                self.emails = emails.clone().unwrap_or(std::mem::take(&mut self.emails));
            }
            ContactEvent::AddressCorrected { to, .. } => self.address = Some(to.clone()),
            ContactEvent::Lost { .. } => self.lost_at = Some(at),
            ContactEvent::Reopened { .. } => self.lost_at = None,
            ContactEvent::HoldPlaced { reason } => self.hold = Some(reason.clone()),
            ContactEvent::HoldLifted { .. } => self.hold = None,
            ContactEvent::Erased { .. } => (self.hold, self.erased) = (None, true),
            ContactEvent::MergedInto { survivor } => self.merged_into = Some(*survivor),
            ContactEvent::UnmergedFrom { .. } => self.merged_into = None,
            ContactEvent::Merged { other, .. } => drop(self.merged.insert(*other)),
            ContactEvent::Unmerged { other, .. } => drop(self.merged.remove(other)),
            ContactEvent::Added(_)
            | ContactEvent::DuplicateAccepted { .. }
            | ContactEvent::Attempted { .. }
            | ContactEvent::Rested { .. }
            | ContactEvent::OtherProductRepAdded { .. }
            | ContactEvent::MovedToRemarket { .. }
            | ContactEvent::OptedOut { .. }
            | ContactEvent::OptedIn { .. } => {}
        }
    }
}

/// Decides a wish about the contact as a whole.
pub fn decide(file: &ContactFile, command: &ContactCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        ContactCommand::Add(ask) => entry::add(file, ask, context),
        ContactCommand::ChangeSource(ask) => entry::change_source(file, ask, context),
        ContactCommand::ChangeProduct(ask) => entry::change_product(file, ask, context),
        ContactCommand::ChangeCategory(ask) => entry::change_category(file, ask, context),
        ContactCommand::ChangeDetails(ask) => entry::change_details(file, ask, context),
        ContactCommand::CorrectAddress(ask) => entry::correct_address(file, ask, context),
        ContactCommand::LogAttempt(ask) => course::log_attempt(file, ask, context),
        ContactCommand::Return(ask) => course::come_back(file, ask, context),
        ContactCommand::AddOtherProductRep(ask) => course::add_other_product_rep(file, ask, context),
        ContactCommand::AssignRehash(ask) => course::assign_rehash(file, ask, context),
        ContactCommand::Lose(ask) => course::lose(file, ask, context),
        ContactCommand::Reopen(ask) => course::reopen(file, ask, context),
        ContactCommand::MoveToRemarket(ask) => course::move_to_remarket(file, ask, context),
        ContactCommand::OptOut(ask) => course::opt_out(file, ask, context),
        ContactCommand::OptIn(ask) => course::opt_in(file, ask, context),
        ContactCommand::PlaceHold(ask) => hold::place(file, ask, context),
        ContactCommand::LiftHold(ask) => hold::lift(file, ask, context),
        ContactCommand::Erase(ask) => hold::erase(file, ask, context),
        ContactCommand::JoinCampaign(ask) => campaigns::join(file, ask, context),
        ContactCommand::LeaveCampaign(ask) => campaigns::leave(file, ask, context),
        ContactCommand::Merge(ask) => merge::merge(file, ask, context),
        ContactCommand::Unmerge(ask) => merge::unmerge(file, ask, context),
    }
}
