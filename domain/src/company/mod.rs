//! The company: zone, currency and calendar, what its people choose from, and how long things may take.
//!
//! Ids are permanent; a name is unique within its kind, upper and lower case alike; what is chosen no more is retired.

mod business_hours;
mod campaigns;
mod command;
mod event;
mod limits;
mod meeting_types;
mod names;
mod reasons;
mod results;
mod settings;
#[cfg(test)]
mod tests;
mod waits;

pub use business_hours::{BusinessHours, TimeOfDay};
pub use campaigns::{Audience, AudienceAsk, Bought, Campaigns};
pub use command::CompanyCommand;
pub use event::CompanyEvent;
pub use limits::{Count, TimeLimits};
pub use meeting_types::{MeetingType, MeetingTypes};
pub use names::Names;
pub use reasons::{Reason, ReasonList, Reasons};
pub use results::{ResultMeaning, ResultMeanings};
pub use settings::{Currency, Month, Settings, Weekday, Zone};
pub use waits::Wait;

use crate::id::{CampaignId, CategoryId, MeetingTypeId, PersonId, ProductId, SourceId};
use crate::instant::{Day, Instant};
use crate::meeting::MeetingKind;
use crate::reference::{CampaignRef, CategoryRef, MeetingTypeRef, PersonRef, ProductRef, Ref, SourceRef};
use crate::refusal::{Code, Refusal};
use crate::role::Actor;
use crate::text::Label;
use chrono::NaiveDate;
use names::Naming;
use std::hash::Hash;

/// The settings of one company, folded from its stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    /// `None` before the first `company.configured`.
    pub settings: Option<Settings>,
    /// How long things may take.
    pub limits: TimeLimits,
    /// What results count as.
    pub results: ResultMeanings,
    /// The last day of the books that are closed.
    pub closed_through: Option<NaiveDate>,
    /// Its lead sources.
    pub sources: Names<SourceId>,
    /// Its products.
    pub products: Names<ProductId>,
    /// Its people.
    pub people: Names<PersonId>,
    /// Its lead categories.
    pub categories: Names<CategoryId>,
    /// Its lists of reasons.
    pub reasons: Reasons,
    /// Its own types of meetings.
    pub meeting_types: MeetingTypes,
    /// Its campaigns.
    pub campaigns: Campaigns,
}

impl Company {
    /// The zone of the company's local days; UTC before the company is configured.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.settings.as_ref().map_or(chrono_tz::UTC, |settings| settings.zone.0)
    }

    /// Whether a local day lies in books that are closed.
    pub fn is_closed(&self, day: NaiveDate) -> bool {
        self.closed_through.is_some_and(|through| day <= through)
    }

    /// Decides a wish at an instant. Asking for what is already so changes nothing.
    pub fn decide(&self, command: &CompanyCommand, actor: &Actor, at: Instant) -> Result<Vec<CompanyEvent>, Refusal> {
        use CompanyCommand as Ask;
        use CompanyEvent as Told;
        let (label, who) = command.button();
        if !actor.may(who) {
            return Err(Refusal::wrong_role(label, who));
        }
        let told = match command {
            Ask::Configure(settings) => self.configure(settings)?,
            Ask::SetTimeLimits(limits) => {
                limits.sound()?;
                (self.limits != *limits).then(|| Told::TimeLimitsSet(limits.clone()))
            }
            Ask::SetResultMeanings { results } => {
                results::sound(results)?;
                let so_already = results.iter().all(|meaning| self.results.of(meaning.result) == *meaning);
                (!so_already).then(|| Told::ResultMeaningsSet { version: self.results.version + 1, results: results.clone() })
            }
            Ask::CloseAccountingPeriod { through } => self.close_books(*through, at)?,
            Ask::DefineSource { source, name } => named(self.sources.may_name(*source, name)?, || Told::SourceDefined { source: *source, name: name.clone() }),
            Ask::DefineProduct { product, name } => {
                named(self.products.may_name(*product, name)?, || Told::ProductDefined { product: *product, name: name.clone() })
            }
            Ask::DefinePerson { person, name } => named(self.people.may_name(*person, name)?, || Told::PersonDefined { person: *person, name: name.clone() }),
            Ask::DefineCategory { category, name } => {
                named(self.categories.may_name(*category, name)?, || Told::CategoryDefined { category: *category, name: name.clone() })
            }
            Ask::DefineReason { reason, list, name } => {
                let naming = self.reasons.may_name(*list, *reason, name)?;
                named(naming, || Told::ReasonDefined { reason: *reason, list: *list, name: name.clone() })
            }
            Ask::DefineMeetingType { meeting_type, name, kind, confirm_and_issue } => {
                self.define_meeting_type(*meeting_type, name, MeetingType { kind: *kind, confirm_and_issue: *confirm_and_issue })?
            }
            Ask::DefineCampaign { campaign, name, audience } => self.define_campaign(*campaign, name, audience)?,
            Ask::RetireSource { source } => self.sources.turn(*source, SOURCE, true)?.then_some(Told::SourceRetired { source: *source }),
            Ask::RestoreSource { source } => self.sources.turn(*source, SOURCE, false)?.then_some(Told::SourceRestored { source: *source }),
            Ask::RetireProduct { product } => self.products.turn(*product, PRODUCT, true)?.then_some(Told::ProductRetired { product: *product }),
            Ask::RestoreProduct { product } => self.products.turn(*product, PRODUCT, false)?.then_some(Told::ProductRestored { product: *product }),
            Ask::RetirePerson { person } => self.people.turn(*person, PERSON, true)?.then_some(Told::PersonRetired { person: *person }),
            Ask::RestorePerson { person } => self.people.turn(*person, PERSON, false)?.then_some(Told::PersonRestored { person: *person }),
            Ask::RetireCategory { category } => self.categories.turn(*category, CATEGORY, true)?.then_some(Told::CategoryRetired { category: *category }),
            Ask::RestoreCategory { category } => self.categories.turn(*category, CATEGORY, false)?.then_some(Told::CategoryRestored { category: *category }),
            Ask::RetireReason { reason } => self.reasons.turn(*reason, true)?.then_some(Told::ReasonRetired { reason: *reason }),
            Ask::RestoreReason { reason } => self.reasons.turn(*reason, false)?.then_some(Told::ReasonRestored { reason: *reason }),
            Ask::RetireMeetingType { meeting_type } => {
                let turned = self.meeting_types.names.turn(*meeting_type, MEETING_TYPE, true)?;
                turned.then_some(Told::MeetingTypeRetired { meeting_type: *meeting_type })
            }
            Ask::RestoreMeetingType { meeting_type } => {
                let turned = self.meeting_types.names.turn(*meeting_type, MEETING_TYPE, false)?;
                turned.then_some(Told::MeetingTypeRestored { meeting_type: *meeting_type })
            }
            Ask::RetireCampaign { campaign } => self.campaigns.names.turn(*campaign, CAMPAIGN, true)?.then_some(Told::CampaignRetired { campaign: *campaign }),
            Ask::RestoreCampaign { campaign } => {
                self.campaigns.names.turn(*campaign, CAMPAIGN, false)?.then_some(Told::CampaignRestored { campaign: *campaign })
            }
        };
        Ok(told.into_iter().collect())
    }

    /// Every contact asks for a product, so before the first one is defined there is no amount that another currency would change.
    fn configure(&self, settings: &Settings) -> Result<Option<CompanyEvent>, Refusal> {
        match &self.settings {
            Some(present) if present == settings => Ok(None),
            Some(present) if present.currency != settings.currency && self.products.iter().next().is_some() => {
                let detail = format!("amounts are recorded in {}; the currency can change only before the first product is defined", present.currency.code());
                Err(Refusal::of_field(Code::FieldInvalid, "currency", detail))
            }
            _ => Ok(Some(CompanyEvent::Configured(settings.clone()))),
        }
    }

    /// Closed books stay closed: an earlier day is refused, and so is one that is not over.
    fn close_books(&self, through: Day, at: Instant) -> Result<Option<CompanyEvent>, Refusal> {
        let today = at.local_day(self.zone());
        if through.0 >= today {
            return Err(Refusal::of_field(Code::FieldInvalid, "through", format!("{} is not over yet; close the books up to a day that is", through.0)));
        }
        match self.closed_through {
            Some(closed) if through.0 < closed => {
                Err(Refusal::of_field(Code::FieldInvalid, "through", format!("the books are closed up to and with {closed} already, and stay closed")))
            }
            Some(closed) if through.0 == closed => Ok(None),
            _ => Ok(Some(CompanyEvent::AccountingPeriodClosed { through })),
        }
    }

    fn define_meeting_type(&self, meeting_type: MeetingTypeId, name: &Label, about: MeetingType) -> Result<Option<CompanyEvent>, Refusal> {
        if about.kind.is_demo() && !about.confirm_and_issue {
            return Err(Refusal::of_field(Code::FieldInvalid, "confirm_and_issue", "a demo is always confirmed and issued"));
        }
        let naming = self.meeting_types.names.may_name(meeting_type, name)?;
        let so_already = naming == Naming::Same && self.meeting_types.get(meeting_type) == Some(about);
        let MeetingType { kind, confirm_and_issue } = about;
        Ok((!so_already).then(|| CompanyEvent::MeetingTypeDefined { meeting_type, name: name.clone(), kind, confirm_and_issue }))
    }

    fn define_campaign(&self, campaign: CampaignId, name: &Label, audience: &AudienceAsk) -> Result<Option<CompanyEvent>, Refusal> {
        let audience = audience.by_id(self)?;
        let naming = self.campaigns.names.may_name(campaign, name)?;
        let so_already = naming == Naming::Same && self.campaigns.audience(campaign) == Some(&audience);
        Ok((!so_already).then(|| CompanyEvent::CampaignDefined { campaign, name: name.clone(), audience }))
    }

    /// The settings after one more fact.
    pub fn evolve(&mut self, event: &CompanyEvent) {
        use CompanyEvent::*;
        match event {
            Configured(settings) => self.settings = Some(settings.clone()),
            TimeLimitsSet(limits) => self.limits = limits.clone(),
            ResultMeaningsSet { version, results } => self.results = ResultMeanings::new(*version, results.clone()),
            AccountingPeriodClosed { through } => self.closed_through = Some(through.0),
            SourceDefined { source, name } => self.sources.insert(*source, name.clone()),
            SourceRetired { source } => self.sources.retire(*source),
            SourceRestored { source } => self.sources.restore(*source),
            ProductDefined { product, name } => self.products.insert(*product, name.clone()),
            ProductRetired { product } => self.products.retire(*product),
            ProductRestored { product } => self.products.restore(*product),
            PersonDefined { person, name } => self.people.insert(*person, name.clone()),
            PersonRetired { person } => self.people.retire(*person),
            PersonRestored { person } => self.people.restore(*person),
            CategoryDefined { category, name } => self.categories.insert(*category, name.clone()),
            CategoryRetired { category } => self.categories.retire(*category),
            CategoryRestored { category } => self.categories.restore(*category),
            ReasonDefined { reason, list, name } => self.reasons.insert(*list, *reason, name.clone()),
            ReasonRetired { reason } => self.reasons.with(*reason, |names| names.retire(*reason)),
            ReasonRestored { reason } => self.reasons.with(*reason, |names| names.restore(*reason)),
            MeetingTypeDefined { meeting_type, name, kind, confirm_and_issue } => {
                self.meeting_types.names.insert(*meeting_type, name.clone());
                self.meeting_types.insert(*meeting_type, MeetingType { kind: *kind, confirm_and_issue: *confirm_and_issue });
            }
            MeetingTypeRetired { meeting_type } => self.meeting_types.names.retire(*meeting_type),
            MeetingTypeRestored { meeting_type } => self.meeting_types.names.restore(*meeting_type),
            CampaignDefined { campaign, name, audience } => self.campaigns.insert(*campaign, name.clone(), audience.clone()),
            CampaignRetired { campaign } => self.campaigns.names.retire(*campaign),
            CampaignRestored { campaign } => self.campaigns.names.restore(*campaign),
        }
    }

    /// The source meant, or why none can be chosen by that.
    pub fn source(&self, wanted: &SourceRef) -> Result<SourceId, Refusal> {
        self.sources.choose(SOURCE, "source", wanted)
    }

    /// The product meant, or why none can be chosen by that.
    pub fn product(&self, wanted: &ProductRef) -> Result<ProductId, Refusal> {
        self.products.choose(PRODUCT, "product", wanted)
    }

    /// The person meant in a field, or why nobody can be chosen by that.
    pub fn person(&self, field: &str, wanted: &PersonRef) -> Result<PersonId, Refusal> {
        self.people.choose(PERSON, field, wanted)
    }

    /// The lead category meant, or why none can be chosen by that.
    pub fn category(&self, wanted: &CategoryRef) -> Result<CategoryId, Refusal> {
        self.categories.choose(CATEGORY, "category", wanted)
    }

    /// What people see of a lead category as it is kept with contacts and journeys: the name of its id, or the name it was given before
    /// categories had ids.
    pub fn category_shown(&self, kept: &str) -> String {
        match Label::try_new(kept).map(CategoryRef::from) {
            Ok(CategoryRef::Id(id)) => self.categories.shown(id),
            _ => kept.to_owned(),
        }
    }

    /// The campaign meant, or why none can be chosen by that.
    pub fn campaign(&self, wanted: &CampaignRef) -> Result<CampaignId, Refusal> {
        self.campaigns.names.choose(CAMPAIGN, "campaign", wanted)
    }

    /// The campaign meant, retired or not.
    pub fn known_campaign(&self, wanted: &CampaignRef) -> Result<CampaignId, Refusal> {
        self.campaigns.names.known(CAMPAIGN, "campaign", wanted)
    }

    /// What people see of a campaign as it is kept with journeys: the name of its id, or the words in which it was told.
    pub fn campaign_shown(&self, kept: &str) -> String {
        match Label::try_new(kept).map(CampaignRef::from) {
            Ok(CampaignRef::Id(id)) => self.campaigns.names.shown(id),
            _ => kept.to_owned(),
        }
    }

    /// The type of meetings meant and how those go, or why none can be chosen by that.
    pub fn meeting_type(&self, wanted: &MeetingTypeRef) -> Result<(MeetingTypeId, MeetingType), Refusal> {
        let id = self.meeting_types.names.choose(MEETING_TYPE, "type", wanted)?;
        Ok((id, self.meeting_types.get(id).unwrap_or(MeetingType { kind: MeetingKind::Other, confirm_and_issue: false })))
    }
}

/// A kind of what has a name: its field, how it is called, and the refusal of one that there is not.
type Noun = (&'static str, &'static str, Code);
const SOURCE: Noun = ("source", "lead source", Code::UnknownSource);
const PRODUCT: Noun = ("product", "product", Code::UnknownProduct);
const PERSON: Noun = ("person", "person", Code::UnknownPerson);
const CATEGORY: Noun = ("category", "lead category", Code::UnknownCategory);
const MEETING_TYPE: Noun = ("meeting_type", "type of meeting", Code::UnknownMeetingType);
const CAMPAIGN: Noun = ("campaign", "campaign", Code::UnknownCampaign);

fn named(naming: Naming, event: impl FnOnce() -> CompanyEvent) -> Option<CompanyEvent> {
    (naming == Naming::New).then(event)
}

impl<Id: Copy + Eq + Hash + std::fmt::Display> Names<Id> {
    /// The id meant, unless it is unknown or retired.
    fn choose(&self, noun: Noun, field: &str, wanted: &Ref<Id>) -> Result<Id, Refusal> {
        match self.known(noun, field, wanted)? {
            id if self.is_retired(id) => Err(reasons::retired(field, &self.shown(id))),
            id => Ok(id),
        }
    }

    /// The id meant, retired or not, unless it is unknown.
    fn known(&self, (_, what, code): Noun, field: &str, wanted: &Ref<Id>) -> Result<Id, Refusal> {
        let detail = || format!("the company has no {what} “{wanted}”; define it first, or use the id or name of one it has");
        self.find(wanted).ok_or_else(|| Refusal::of_field(code, field, detail()))
    }

    /// Whether retiring or restoring changes anything; refused for what was never named.
    fn turn(&self, id: Id, (field, what, code): Noun, retire: bool) -> Result<bool, Refusal> {
        if self.name(id).is_none() {
            return Err(Refusal::of_field(code, field, format!("the company has no {what} with the id {id}")));
        }
        Ok(self.is_retired(id) != retire)
    }
}
