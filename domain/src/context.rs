//! What a decision knows besides the contact file: time, actor and the company's settings.

use crate::company::{Company, Reason, ReasonList};
use crate::instant::Instant;
use crate::reference::{CampaignRef, CategoryRef};
use crate::refusal::Refusal;
use crate::role::Actor;
use crate::text::Line;

/// The circumstances of one command. Everything a rule may know arrives here; rules read no clock.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The business time: when it happened.
    pub at: Instant,
    /// Who asks.
    pub actor: Actor,
    /// The company's settings.
    pub company: &'a Company,
}

impl Context<'_> {
    /// The same circumstances, with a rule of the product as the actor.
    pub fn as_system(&self) -> Self {
        Context { at: self.at, actor: self.actor.as_system(), company: self.company }
    }

    /// What was given as a reason; of people at work, one of the company's list, once it has any.
    pub fn reason(&self, list: ReasonList, said: &Line) -> Result<Reason, Refusal> {
        self.company.reasons.choose(list, "reason", said, self.actor.is_importer())
    }

    /// The lead category meant. A company without categories, and the importer, take any name.
    pub fn category(&self, wanted: &CategoryRef) -> Result<CategoryRef, Refusal> {
        match (self.company.category(wanted), wanted) {
            (Ok(category), _) => Ok(CategoryRef::Id(category)),
            (Err(_), CategoryRef::Name(_)) if self.actor.is_importer() || self.company.categories.iter().next().is_none() => Ok(wanted.clone()),
            (Err(refusal), _) => Err(refusal),
        }
    }

    /// The campaign that brought a contact back. A company without campaigns, and the importer, take any name.
    pub fn campaign(&self, wanted: &CampaignRef) -> Result<CampaignRef, Refusal> {
        match (self.company.campaign(wanted), wanted) {
            (Ok(campaign), _) => Ok(CampaignRef::Id(campaign)),
            (Err(_), CampaignRef::Name(_)) if self.actor.is_importer() || self.company.campaigns.names.iter().next().is_none() => Ok(wanted.clone()),
            (Err(refusal), _) => Err(refusal),
        }
    }

    /// The campaign that brought a new lead: one of the company's, or any other in words.
    pub fn campaign_or_words(&self, told: &CampaignRef) -> CampaignRef {
        self.company.known_campaign(told).map_or_else(|_| told.clone(), CampaignRef::Id)
    }
}
