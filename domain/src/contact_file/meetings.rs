//! The meetings of a contact file: how they are folded, and what rules ask of them.

use super::ContactFile;
use crate::id::{JourneyId, MeetingId, PersonId};
use crate::meeting::{Meeting, MeetingEvent, MeetingKind, RepTime};
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;

impl ContactFile {
    pub(super) fn evolve_meeting(&mut self, event: &MeetingEvent) {
        let id = event.meeting();
        if let Some(meeting) = Meeting::set(event).or_else(|| self.meetings.remove(&id).map(|meeting| meeting.evolve(event))) {
            self.meetings.insert(id, meeting);
        }
        match event {
            MeetingEvent::Issued { journey, kind: MeetingKind::Demo, .. } => self.issued.entry(*journey).or_default().push(id),
            MeetingEvent::Rescheduled { journey, .. } | MeetingEvent::Canceled { journey, .. } => {
                if let Some(issued) = self.issued.get_mut(journey) {
                    issued.retain(|meeting| *meeting != id);
                }
            }
            _ => {}
        }
    }

    /// Fills in what other meetings of the contact keep of the time that a fact frees: the contact holds it for all of them together. It is
    /// done when the fact's turn comes, so that of several meetings that end at once each sees who is left.
    pub(super) fn fill_in_what_is_kept(&self, fact: &mut Fact) {
        use MeetingEvent::{Canceled, Reissued, Rescheduled, Resulted};
        if let Fact::Meeting(
            Reissued { meeting, frees: Some(freed), keeps, .. }
            | Rescheduled { meeting, frees: Some(freed), keeps, .. }
            | Canceled { meeting, frees: Some(freed), keeps, .. }
            | Resulted { meeting, frees: Some(freed), keeps, .. },
        ) = fact
        {
            *keeps = self.taken_beside(*meeting, freed).cloned().collect();
        }
    }

    /// The times that meetings other than this one take, where they overlap with this time.
    pub fn taken_beside(&self, meeting: MeetingId, time: &RepTime) -> impl Iterator<Item = &RepTime> {
        let others = self.meetings.iter().filter(move |(id, _)| **id != meeting).filter_map(|(_, other)| other.takes.as_ref());
        others.filter(move |taken| taken.overlaps(time))
    }

    /// A meeting, or that the contact has none with this id.
    pub fn meeting(&self, id: MeetingId) -> Result<&Meeting, Refusal> {
        self.meetings.get(&id).ok_or_else(|| Refusal::of_field(Code::UnknownMeeting, "meeting", "the contact has no meeting with this id"))
    }

    /// The demos of a journey that stand issued, or were held, the last issued last.
    fn issued_demos(&self, journey: JourneyId) -> impl DoubleEndedIterator<Item = &Meeting> {
        self.issued.get(&journey).into_iter().flatten().filter_map(|id| self.meetings.get(id))
    }

    /// The last issued demo of a journey, whatever its result counts as.
    pub fn last_demo(&self, journey: JourneyId) -> Option<&Meeting> {
        self.issued_demos(journey).next_back()
    }

    /// The demo that governs a journey: the last one that counts as issued and was neither canceled nor rescheduled since (METRICS C.3).
    pub fn governing_demo(&self, journey: JourneyId) -> Option<&Meeting> {
        self.issued_demos(journey).rfind(|demo| demo.counts_as_issued())
    }

    /// The journey's sales rep: of its governing demo, else the one named when it opened.
    pub fn rep_of(&self, journey: JourneyId) -> Option<PersonId> {
        self.governing_demo(journey).and_then(|demo| demo.rep).or_else(|| self.journeys.get(&journey).and_then(|journey| journey.rep))
    }

    /// Whether a demo was held on a journey: one is issued and has no result that says otherwise (S0:24).
    pub fn demo_was_held(&self, journey: JourneyId) -> bool {
        self.issued_demos(journey).any(Meeting::was_held)
    }

    /// Whether a journey has a sale that counts because no demo was held on it, so that management never approved it.
    pub fn has_direct_sale(&self, journey: JourneyId) -> bool {
        self.sales.values().any(|sale| sale.journey == journey && sale.direct && sale.counts())
    }

    /// Whether a journey has a sale that is official or may become so: neither canceled nor refused.
    pub fn has_standing_sale(&self, journey: JourneyId) -> bool {
        self.standing.journeys.get(&journey).is_some_and(|stage| !stage.pending.is_empty() || !stage.official.is_empty())
    }
}
