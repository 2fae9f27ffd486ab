//! Where a contact and its journeys stand, folded from facts alone.
//!
//! The contact's state follows its primary journey: the last one that was not opened for another product's rep. The
//! decider guards transitions with it, and the contact list shows it: one fold for both.

use crate::blueprint::ContactState;
use crate::id::{JourneyId, SaleId};
use crate::journey::{JourneyEvent, Origin, Outcome};
use crate::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use crate::profile::ContactEvent;
use crate::quote::QuoteEvent;
use crate::sale::SaleEvent;
use crate::wire::Fact;
use ContactState::*;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

/// The state of a contact and the stage of each of its journeys.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Standing {
    /// The contact's state; `None` before it was added.
    pub state: Option<ContactState>,
    /// The journey the contact's state follows.
    pub primary: Option<JourneyId>,
    /// Each journey's stage.
    pub journeys: BTreeMap<JourneyId, Stage>,
    /// The journeys that were its primary one, the last of them last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub primaries: Vec<JourneyId>,
    /// The journeys that were opened by hand beside an open primary one, in that order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub by_hand: Vec<JourneyId>,
    /// Whether it wants to be approached no more: it stands so, whatever becomes of its journeys.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub opted_out: bool,
}

/// Where one journey stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Its stage; the last one it had when it is closed.
    pub state: ContactState,
    /// The stage before that, where it ended.
    pub before: ContactState,
    /// Whether it has not ended.
    pub open: bool,
    /// Whether it was opened by mistake.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub voided: bool,
    /// Its sales that wait for approval.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub pending: BTreeSet<SaleId>,
    /// Its sales that are official and not canceled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub official: BTreeSet<SaleId>,
    /// Whether an offer was made on it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub quoted: bool,
}

impl Standing {
    /// The stage from which a journey's transitions start. An ended journey takes part in them only while its contact is a customer because of it.
    pub fn stage(&self, journey: JourneyId) -> Option<ContactState> {
        let stage = self.journeys.get(&journey)?;
        match (stage.open, stage.state) {
            (false, _) if self.opted_out => Some(DoNotContact),
            _ if stage.voided => Some(Remarket),
            (false, Customer) if self.state != Some(Customer) => Some(Remarket),
            (false, DoNotContact) => Some(Remarket),
            (_, state) => Some(state),
        }
    }

    /// Whether a journey has not ended.
    pub fn is_open(&self, journey: JourneyId) -> bool {
        self.journeys.get(&journey).is_some_and(|stage| stage.open)
    }

    /// Whether a journey has a sale that waits for approval.
    pub fn awaits_approval(&self, journey: JourneyId) -> bool {
        self.journeys.get(&journey).is_some_and(|stage| !stage.pending.is_empty())
    }

    /// How many journeys have not ended.
    pub fn open_journeys(&self) -> usize {
        self.journeys.values().filter(|stage| stage.open).count()
    }

    /// Whether any journey has an official sale that is not canceled.
    fn has_bought(&self) -> bool {
        self.journeys.values().any(|stage| !stage.official.is_empty())
    }

    /// Folds one more fact.
    pub fn evolve(&mut self, fact: &Fact) {
        match fact {
            Fact::Contact(event) => self.evolve_contact(event),
            Fact::Journey(event) => self.evolve_journey(event),
            Fact::Meeting(event) => self.evolve_meeting(event),
            Fact::Quote(QuoteEvent::Created { journey, revises: None, .. }) => {
                if let Some(stage) = self.journeys.get_mut(journey) {
                    stage.quoted = true;
                }
                self.advance(*journey, |stage| match stage.state {
                    SoldPendingApproval => SoldPendingApproval,
                    _ => QuoteInProgress,
                });
            }
            Fact::Sale(event) => self.evolve_sale(event),
            Fact::Quote(_) | Fact::Company(_) => {}
        }
        if self.opted_out {
            self.state = Some(DoNotContact);
        }
    }

    fn evolve_contact(&mut self, event: &ContactEvent) {
        match event {
            ContactEvent::Attempted { journey, .. } => self.advance(*journey, |_| AttemptedToSet),
            ContactEvent::Rested { journey } => self.advance(*journey, |_| Rest),
            ContactEvent::MovedToRemarket { .. } => self.state = Some(Remarket),
            ContactEvent::OptedOut { .. } => self.opted_out = true,
            ContactEvent::OptedIn { .. } => {
                self.opted_out = false;
                self.settle(Remarket);
            }
            ContactEvent::Added(_)
            | ContactEvent::DuplicateAccepted { .. }
            | ContactEvent::DetailsChanged { .. }
            | ContactEvent::AddressCorrected { .. }
            | ContactEvent::Returned { .. }
            | ContactEvent::OtherProductRepAdded { .. }
            | ContactEvent::JoinedCampaign { .. }
            | ContactEvent::LeftCampaign { .. }
            | ContactEvent::SourceChanged { .. }
            | ContactEvent::ProductChanged { .. }
            | ContactEvent::CategoryChanged { .. }
            | ContactEvent::HoldPlaced { .. }
            | ContactEvent::HoldLifted { .. }
            | ContactEvent::Erased { .. }
            | ContactEvent::Merged { .. }
            | ContactEvent::MergedInto { .. }
            | ContactEvent::Unmerged { .. }
            | ContactEvent::UnmergedFrom { .. }
            | ContactEvent::Reopened { .. }
            | ContactEvent::Lost { .. } => {}
        }
    }

    /// Where the contact stands by its primary journey, while that is open; else a customer, if it has bought; else here.
    fn settle(&mut self, otherwise: ContactState) {
        let open = self.primary.and_then(|primary| self.journeys.get(&primary)).filter(|stage| stage.open);
        self.state = Some(match open {
            Some(stage) => stage.state,
            None if self.has_bought() => Customer,
            None => otherwise,
        });
    }

    fn evolve_journey(&mut self, event: &JourneyEvent) {
        match event {
            JourneyEvent::Opened { journey, origin, .. } => {
                let (pending, official) = (BTreeSet::new(), BTreeSet::new());
                let stage = Stage { state: NewIncoming, before: NewIncoming, open: true, voided: false, pending, official, quoted: false };
                let has_primary = self.primary.is_some_and(|primary| self.is_open(primary));
                self.journeys.insert(*journey, stage);
                match origin {
                    Origin::OtherProduct => {}
                    Origin::Manual if has_primary => self.by_hand.push(*journey),
                    _ => {
                        self.primaries.push(*journey);
                        self.primary = Some(*journey);
                        self.state = Some(NewIncoming);
                    }
                }
            }
            JourneyEvent::RehashAssigned { journey, .. } => self.advance(*journey, |_| Rehash),
            JourneyEvent::Closed { journey, outcome, .. } => {
                let end = match outcome {
                    Outcome::Lost => Lost,
                    Outcome::NotSet => Remarket,
                    Outcome::DoNotContact => DoNotContact,
                    Outcome::Sold | Outcome::SoldCanceled => Customer,
                };
                self.with(*journey, |stage| std::mem::replace(&mut stage.before, stage.state) != end);
                self.advance(*journey, |_| end);
                if let Some(stage) = self.journeys.get_mut(journey) {
                    stage.open = false;
                }
                // The loss of another product's journey leaves the contact where it is.
                if *outcome == Outcome::Sold || self.primary == Some(*journey) {
                    self.buys_again();
                }
            }
            JourneyEvent::Reopened { journey, stage: goes_on } => {
                self.with(*journey, |stage| !std::mem::replace(&mut stage.open, true));
                self.advance(*journey, |_| *goes_on);
            }
            JourneyEvent::Voided { journey, .. } => self.void(*journey),
            JourneyEvent::LimitStarted { .. } | JourneyEvent::DimensionsChanged { .. } | JourneyEvent::OutcomeRevised { .. } => {}
        }
    }

    fn evolve_meeting(&mut self, event: &MeetingEvent) {
        match event {
            MeetingEvent::Set { journey, kind: MeetingKind::Demo, .. } => self.advance(*journey, |_| MeetingSet),
            MeetingEvent::Canceled { journey, kind: MeetingKind::Demo, .. } => self.leave_meeting_set(*journey, AttemptedToSet),
            MeetingEvent::Resulted { journey, kind: MeetingKind::Demo, result, .. } => self.leave_meeting_set(*journey, after_demo(*result)),
            MeetingEvent::ResultCorrected { journey, kind: MeetingKind::Demo, was, result, .. } => {
                let stands_by_it = |stage: &Stage| stage.state == after_demo(*was) && !stage.quoted;
                self.advance(*journey, |stage| if stands_by_it(stage) { after_demo(*result) } else { stage.state });
            }
            _ => {}
        }
    }

    fn evolve_sale(&mut self, event: &SaleEvent) {
        let (sale, journey) = (event.sale(), event.journey());
        match event {
            SaleEvent::Created { needs_approval: true, .. } | SaleEvent::MovedBackToSold { .. } => {
                self.with(journey, |stage| stage.pending.insert(sale));
                self.advance(journey, |_| SoldPendingApproval);
            }
            SaleEvent::NotApproved { .. } => {
                self.with(journey, |stage| stage.pending.remove(&sale));
                self.advance(journey, |stage| if stage.pending.is_empty() { QuoteInProgress } else { stage.state });
            }
            SaleEvent::Created { needs_approval: false, .. } | SaleEvent::Approved { .. } | SaleEvent::Reactivated { .. } => {
                self.with(journey, |stage| stage.pending.remove(&sale));
                self.with(journey, |stage| stage.official.insert(sale));
                self.buys_again();
            }
            SaleEvent::Canceled { .. } => {
                self.with(journey, |stage| stage.pending.remove(&sale));
                self.with(journey, |stage| stage.official.remove(&sale));
                // A sale rescinded before it was approved leaves its journey as a refused one does.
                self.advance(journey, |stage| if stage.pending.is_empty() && stage.state == SoldPendingApproval { QuoteInProgress } else { stage.state });
                if self.state == Some(Customer) && !self.has_bought() {
                    self.state = Some(Remarket);
                }
            }
            _ => {}
        }
    }

    /// A contact whose primary journey has ended is a customer as long as it has an official sale.
    fn buys_again(&mut self) {
        let primary_ended = self.primary.and_then(|primary| self.journeys.get(&primary)).is_some_and(|stage| !stage.open);
        if primary_ended && self.has_bought() {
            self.state = Some(Customer);
        }
    }

    /// A journey that was a mistake is gone: the contact's state follows the first open one that was opened by hand beside it, or else the
    /// primary one before it.
    fn void(&mut self, journey: JourneyId) {
        let Some(stage) = self.journeys.get_mut(&journey) else { return };
        (stage.open, stage.voided) = (false, true);
        self.primaries.retain(|primary| *primary != journey);
        self.by_hand.retain(|by_hand| *by_hand != journey);
        if self.primary == Some(journey) {
            let beside = self.by_hand.iter().position(|by_hand| self.is_open(*by_hand)).map(|place| self.by_hand.remove(place));
            self.primaries.extend(beside);
            self.primary = self.primaries.last().copied().or(self.primary);
            let ended = self.primary.and_then(|primary| self.stage(primary)).unwrap_or(Remarket);
            self.settle(if ended == Lost { Lost } else { Remarket });
        }
    }

    fn with(&mut self, journey: JourneyId, change: impl FnOnce(&mut Stage) -> bool) {
        if let Some(stage) = self.journeys.get_mut(&journey) {
            change(stage);
        }
    }

    /// Moves an open journey to its next stage, and the contact with it when the journey is its primary one.
    fn advance(&mut self, journey: JourneyId, next: impl FnOnce(&Stage) -> ContactState) {
        let Some(stage) = self.journeys.get_mut(&journey).filter(|stage| stage.open) else { return };
        stage.state = next(stage);
        if self.primary == Some(journey) {
            self.state = Some(stage.state);
        }
    }

    /// Moves a journey on from Meeting Set; one that has a quote already stays where it is.
    fn leave_meeting_set(&mut self, journey: JourneyId, next: ContactState) {
        self.advance(journey, |stage| if stage.state == MeetingSet { next } else { stage.state });
    }
}

/// Where a journey goes on after a demo with this result (BLUEPRINTS B.2).
fn after_demo(result: MeetingResult) -> ContactState {
    match result {
        MeetingResult::Sold | MeetingResult::DemoedNotSold => QuoteInProgress,
        MeetingResult::FollowUp => MeetingSet,
        MeetingResult::NotDemoed | MeetingResult::OneLeg | MeetingResult::NoShow => AttemptedToSet,
    }
}
