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
}

/// Where one journey stands.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Stage {
    /// Its stage; the last one it had when it is closed.
    pub state: ContactState,
    /// Whether it has not ended.
    pub open: bool,
    /// Its sales that wait for approval.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub pending: BTreeSet<SaleId>,
    /// Its sales that are official and not canceled.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub official: BTreeSet<SaleId>,
}

impl Standing {
    /// The stage from which a journey's transitions start. An ended journey takes part in them only while its contact is a customer because of it.
    pub fn stage(&self, journey: JourneyId) -> Option<ContactState> {
        let stage = self.journeys.get(&journey)?;
        match (stage.open, stage.state) {
            (false, Customer) if self.state != Some(Customer) => Some(Remarket),
            (_, state) => Some(state),
        }
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
            Fact::Quote(QuoteEvent::Created { journey, .. }) => self.advance(*journey, |stage| match stage.state {
                SoldPendingApproval => SoldPendingApproval,
                _ => QuoteInProgress,
            }),
            Fact::Sale(event) => self.evolve_sale(event),
            Fact::Quote(_) | Fact::Company(_) => {}
        }
    }

    fn evolve_contact(&mut self, event: &ContactEvent) {
        match event {
            ContactEvent::Attempted { journey, .. } => self.advance(*journey, |_| AttemptedToSet),
            ContactEvent::MovedToRemarket { .. } => self.state = Some(Remarket),
            ContactEvent::Added(_)
            | ContactEvent::Returned { .. }
            | ContactEvent::OtherProductRepAdded { .. }
            | ContactEvent::SourceChanged { .. }
            | ContactEvent::ProductChanged { .. }
            | ContactEvent::HoldPlaced { .. }
            | ContactEvent::HoldLifted { .. }
            | ContactEvent::Erased { .. }
            | ContactEvent::Lost { .. } => {}
        }
    }

    fn evolve_journey(&mut self, event: &JourneyEvent) {
        match event {
            JourneyEvent::Opened { journey, origin, .. } => {
                self.journeys.insert(*journey, Stage { state: NewIncoming, open: true, pending: BTreeSet::new(), official: BTreeSet::new() });
                if *origin != Origin::OtherProduct {
                    self.primary = Some(*journey);
                    self.state = Some(NewIncoming);
                }
            }
            JourneyEvent::RehashAssigned { journey, .. } => self.advance(*journey, |_| Rehash),
            JourneyEvent::Closed { journey, outcome, .. } => {
                let end = if *outcome == Outcome::Lost { Lost } else { Customer };
                self.advance(*journey, |_| end);
                if let Some(stage) = self.journeys.get_mut(journey) {
                    stage.open = false;
                }
                // The loss of another product's journey leaves the contact where it is.
                if *outcome == Outcome::Sold || self.primary == Some(*journey) {
                    self.buys_again();
                }
            }
            JourneyEvent::DimensionsChanged { .. } | JourneyEvent::OutcomeRevised { .. } => {}
        }
    }

    fn evolve_meeting(&mut self, event: &MeetingEvent) {
        match event {
            MeetingEvent::Set { journey, kind: MeetingKind::Demo, .. } => self.advance(*journey, |_| MeetingSet),
            MeetingEvent::Canceled { journey, kind: MeetingKind::Demo, .. } => self.leave_meeting_set(*journey, AttemptedToSet),
            MeetingEvent::Resulted { journey, kind: MeetingKind::Demo, result, .. } => match result {
                MeetingResult::Sold | MeetingResult::DemoedNotSold => self.leave_meeting_set(*journey, QuoteInProgress),
                MeetingResult::FollowUp => {}
                MeetingResult::NotDemoed | MeetingResult::OneLeg | MeetingResult::NoShow => self.leave_meeting_set(*journey, AttemptedToSet),
            },
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
