//! The contact file: everything about one contact, folded from its one stream, and the only place where commands are decided.
//!
//! A command is decided by its part; each fact that follows may make policies ask for more, until nothing more is asked.
//! All facts of one command are appended together or not at all.

mod actions;
mod command;
mod meetings;
mod quotes;
mod sales;
mod standing;
#[cfg(test)]
mod tests;

pub use actions::{Action, WhyNot, actions, open_transitions};
pub use command::{Command, given};
pub use standing::{Stage, Standing};

use crate::blueprint::ContactState;
use crate::blueprint::QuoteState;
use crate::context::Context;
use crate::id::{JourneyId, MeetingId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::journey::{Journey, JourneyEvent, Outcome};
use crate::meeting::Meeting;
use crate::policy::{self, POLICIES};
use crate::profile::{ContactEvent, Profile};
use crate::quote::Quote;
use crate::refusal::{Code, Refusal};
use crate::role::Actor;
use crate::sale::Sale;
use crate::timer::Timer;
use crate::wire::Fact;
use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

/// How many facts one command may lead to. Reaching it means that policies chase each other; the command is refused.
const MOST_FACTS: usize = 500;

/// One contact, as far as decisions need it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ContactFile {
    /// How many facts were folded: the version of the stream.
    pub version: i64,
    /// The business time of the last fact.
    pub last_at: Option<Instant>,
    /// The contact itself; `None` before it was added.
    pub profile: Option<Profile>,
    /// Where the contact and its journeys stand.
    pub standing: Standing,
    /// Its journeys.
    pub journeys: BTreeMap<JourneyId, Journey>,
    /// Its meetings.
    pub meetings: BTreeMap<MeetingId, Meeting>,
    /// Its quotes.
    pub quotes: BTreeMap<QuoteId, Quote>,
    /// Its sales.
    pub sales: BTreeMap<SaleId, Sale>,
    /// Of its open journeys that are in a stage where they may not stay: until when they may.
    pub limits: BTreeMap<JourneyId, Instant>,
    /// The demos of each journey that stand issued, the last issued last: neither canceled nor rescheduled since (METRICS C.3).
    issued: BTreeMap<JourneyId, Vec<MeetingId>>,
}

/// A fact, its time and, where a rule asked for it, the rule's name.
#[derive(Clone, Debug, PartialEq)]
pub struct Caused {
    /// When it happened: at the command's business time, or before it, by itself, where a timer was overdue.
    pub at: Instant,
    /// What happened.
    pub fact: Fact,
    /// The policy that asked for it; `None` when the command did.
    pub by: Option<&'static str>,
}

impl ContactFile {
    /// The file after the given history.
    pub fn fold<'a>(history: impl IntoIterator<Item = (&'a Fact, Instant)>) -> ContactFile {
        let mut file = ContactFile::default();
        history.into_iter().for_each(|(fact, at)| file.evolve(fact, at));
        file
    }

    /// Decides a command: the facts it leads to, in order, or why it is refused. Changes nothing.
    ///
    /// What was due before the command's business time, and was not run yet, comes first, as it would have by itself.
    pub fn decide(&self, command: &Command, context: &Context) -> Result<Vec<Caused>, Refusal> {
        self.in_time(context)?;
        if self.profile.is_none() && !command.adds_the_contact() {
            return Err(Refusal::new(Code::UnknownContact, "there is no contact with this id"));
        }
        if self.is_erased() && !matches!(command, Command::BeUnmerged(_)) {
            return Err(Refusal::new(Code::ContactErased, "the person was forgotten; nothing happens to this contact any more"));
        }
        let (mut decided, file) = self.overdue(context)?;
        let asked = file.decide_part(command, context).map_err(|refusal| file.with_open_transitions(refusal, context))?;
        // A command that changes nothing does not even make the timers run, unless it is a timer that is late.
        if asked.is_empty() && !matches!(command, Command::Due(_)) {
            return Ok(vec![]);
        }
        decided.extend(file.with_policies(asked, context)?);
        Ok(decided)
    }

    /// What was due before this time and was not run yet, at its own instants, and the file after it.
    fn overdue(&self, context: &Context) -> Result<(Vec<Caused>, Cow<'_, ContactFile>), Refusal> {
        let (mut done, mut file) = (Vec::new(), Cow::Borrowed(self));
        while let Some((at, timer)) = file.due_before(context.at) {
            let then = Context { at, actor: Actor::system(), company: context.company };
            let decided = file.with_policies(file.decide_part(&Command::Due(timer), &then)?, &then)?;
            if decided.is_empty() {
                break;
            }
            decided.iter().for_each(|caused| file.to_mut().evolve(&caused.fact, at));
            done.extend(decided);
        }
        Ok((done, file))
    }

    fn decide_part(&self, command: &Command, context: &Context) -> Result<Vec<Fact>, Refusal> {
        match command {
            Command::Contact(command) => crate::profile::decide(self, command, context),
            Command::Journey(command) => crate::journey::decide(self, command, context),
            Command::Meeting(command) => crate::meeting::decide(self, command, context),
            Command::Quote(command) => crate::quote::decide(self, command, context),
            Command::Sale(command) => crate::sale::decide(self, command, context),
            Command::Due(Timer::ExpireQuote(quote)) => Ok(crate::quote::expire(self, *quote, context)),
            Command::Due(Timer::Rest(journey)) => Ok(crate::profile::rest(self, *journey, context)),
            Command::Due(Timer::GiveUp(journey)) => Ok(crate::profile::give_up(self, *journey, context)),
            Command::BeErased(basis) => Ok(crate::profile::be_erased(self, *basis)),
            Command::BeMerged(survivor) => crate::profile::be_merged(self, *survivor),
            Command::BeUnmerged(survivor) => Ok(crate::profile::be_unmerged(self, *survivor)),
        }
    }

    /// Folds each fact into a working copy and lets the policies answer it, until nothing more is asked.
    fn with_policies(&self, asked: Vec<Fact>, context: &Context) -> Result<Vec<Caused>, Refusal> {
        let at = context.at;
        let mut work = self.clone();
        let mut waiting: VecDeque<Caused> = asked.into_iter().map(|fact| Caused { at, fact, by: None }).collect();
        let mut decided = Vec::new();
        while let Some(mut caused) = waiting.pop_front() {
            work.fill_in_what_is_kept(&mut caused.fact);
            work.evolve(&caused.fact, at);
            for rule in POLICIES {
                for ask in (rule.react)(&work, &caused.fact) {
                    let facts = policy::answer(&work, &ask, context);
                    waiting.extend(facts.into_iter().map(|fact| Caused { at, fact, by: Some(rule.name) }));
                }
            }
            decided.push(caused);
            if decided.len() > MOST_FACTS {
                return Err(Refusal::new(Code::GuardFailed, format!("one command would lead to more than {MOST_FACTS} events")));
            }
        }
        Ok(decided)
    }

    /// Business time inside one contact never runs backwards.
    fn in_time(&self, context: &Context) -> Result<(), Refusal> {
        match self.last_at {
            Some(last) if context.at < last => Err(Refusal::of_field(
                Code::BeforeLastEvent,
                "occurred_at",
                format!("{} lies before the last event of this contact, at {last}; history is entered in order", context.at),
            )),
            _ => Ok(()),
        }
    }

    fn with_open_transitions(&self, mut refusal: Refusal, context: &Context) -> Refusal {
        if matches!(refusal.code, Code::WrongState | Code::GuardFailed | Code::WrongRole) {
            refusal.open = open_transitions(self, context);
        }
        refusal
    }

    /// Folds one more fact. Never refuses: what happened, happened.
    pub fn evolve(&mut self, fact: &Fact, at: Instant) {
        self.version += 1;
        self.last_at = Some(self.last_at.map_or(at, |last| last.max(at)));
        let moved = fact.journey().map(|journey| (journey, self.standing.stage(journey)));
        self.standing.evolve(fact);
        if let Some((journey, before)) = moved
            && (self.standing.stage(journey) != before || !self.standing.is_open(journey))
        {
            self.limits.remove(&journey);
        }
        match fact {
            Fact::Contact(ContactEvent::Added(added)) => self.profile = Some(Profile::added(added)),
            Fact::Contact(event) => {
                if let Some(profile) = &mut self.profile {
                    profile.evolve(event, at);
                }
            }
            Fact::Journey(event) => self.evolve_journey(event, at),
            Fact::Meeting(event) => self.evolve_meeting(event),
            Fact::Quote(event) => self.evolve_quote(event),
            Fact::Sale(event) => self.evolve_sale(event),
            Fact::Company(_) => {}
        }
    }

    fn evolve_journey(&mut self, event: &JourneyEvent, at: Instant) {
        match event {
            JourneyEvent::Opened { journey, origin, source, product, category, rep, .. } => {
                let category = category.clone();
                let (origin, source, product, rep) = (*origin, *source, *product, *rep);
                self.journeys.insert(*journey, Journey { origin, source, product, category, opened_at: at, rep, outcome: None, voided: false });
            }
            JourneyEvent::DimensionsChanged { journey, source, product, category } => {
                if let Some(open) = self.journeys.get_mut(journey) {
                    (open.source, open.product, open.category) = (*source, *product, category.clone());
                }
            }
            JourneyEvent::Closed { journey, outcome, .. } | JourneyEvent::OutcomeRevised { journey, outcome } => {
                if let Some(closed) = self.journeys.get_mut(journey) {
                    closed.outcome = Some(*outcome);
                }
            }
            JourneyEvent::Reopened { journey, .. } => {
                if let Some(reopened) = self.journeys.get_mut(journey) {
                    reopened.outcome = None;
                }
            }
            JourneyEvent::Voided { journey, .. } => {
                if let Some(voided) = self.journeys.get_mut(journey) {
                    voided.voided = true;
                }
            }
            JourneyEvent::LimitStarted { journey, until, .. } => drop(self.limits.insert(*journey, *until)),
            JourneyEvent::RehashAssigned { .. } => {}
        }
    }
}

/// What rules ask of the file.
impl ContactFile {
    /// The contact's state; `None` before it was added.
    pub fn state(&self) -> Option<ContactState> {
        self.standing.state
    }

    /// The stage from which a journey's transitions start.
    pub fn stage(&self, journey: JourneyId) -> Option<ContactState> {
        self.standing.stage(journey)
    }

    /// Whether the person was forgotten.
    pub fn is_erased(&self) -> bool {
        self.profile.as_ref().is_some_and(|profile| profile.erased)
    }

    /// The contact itself, or that it does not exist.
    pub fn profile(&self) -> Result<&Profile, Refusal> {
        self.profile.as_ref().ok_or_else(|| Refusal::new(Code::UnknownContact, "there is no contact with this id"))
    }

    /// The journey the contact's state follows: the last that was not opened for another product's rep.
    pub fn primary(&self) -> Result<JourneyId, Refusal> {
        self.standing.primary.ok_or_else(|| Refusal::new(Code::UnknownContact, "there is no contact with this id"))
    }

    /// A journey, or that the contact has none with this id.
    pub fn journey(&self, id: JourneyId) -> Result<&Journey, Refusal> {
        self.journeys.get(&id).ok_or_else(|| Refusal::of_field(Code::UnknownJourney, "journey", "the contact has no journey with this id"))
    }

    /// The journeys that have not ended.
    pub fn open_journeys(&self) -> impl Iterator<Item = (JourneyId, &Journey)> {
        self.journeys.iter().filter(|(_, journey)| journey.is_open()).map(|(id, journey)| (*id, journey))
    }

    /// Whether a journey ended without a sale.
    pub fn is_lost(&self, journey: JourneyId) -> bool {
        let unsold = [Outcome::Lost, Outcome::NotSet, Outcome::DoNotContact];
        self.journeys.get(&journey).is_some_and(|journey| journey.outcome.is_some_and(|outcome| unsold.contains(&outcome)))
    }

    /// The stage of an open journey whose limit is over by this time.
    pub fn limit_over(&self, journey: JourneyId, at: Instant) -> Option<ContactState> {
        self.stage(journey).filter(|_| self.limits.get(&journey).is_some_and(|until| *until <= at))
    }

    /// The stage in which a journey that ended goes on: the one it was left in, but before a demo was set when there is none any more.
    pub fn stage_before(&self, journey: JourneyId) -> ContactState {
        let before = self.standing.journeys.get(&journey).map_or(ContactState::NewIncoming, |stage| stage.before);
        let has_demo = self.meetings.values().any(|meeting| meeting.journey == journey && meeting.kind.is_demo() && meeting.is_open());
        if before == ContactState::MeetingSet && !has_demo { ContactState::AttemptedToSet } else { before }
    }

    /// The timer that is due first of those whose instant lies before this one, and the business time of running it: that
    /// instant; in a log that went on without it, the time of the last event.
    fn due_before(&self, at: Instant) -> Option<(Instant, Timer)> {
        let running = self.quotes.iter().filter(|(_, quote)| quote.state == QuoteState::Finalized);
        let quotes = running.filter_map(|(id, quote)| Some((quote.valid_until.filter(|until| *until < at)?, Timer::ExpireQuote(*id))));
        let limits = self.limits.iter().filter(|(_, until)| **until < at).filter_map(|(journey, until)| match self.stage(*journey)? {
            ContactState::AttemptedToSet => Some((*until, Timer::Rest(*journey))),
            ContactState::Rest => Some((*until, Timer::GiveUp(*journey))),
            _ => None,
        });
        quotes.chain(limits).min_by_key(|(until, _)| *until).map(|(until, timer)| (self.last_at.map_or(until, |last| last.max(until)), timer))
    }
}
