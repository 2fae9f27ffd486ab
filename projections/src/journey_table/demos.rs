//! The demos of a journey: what was set, who has it, what was canceled (METRICS C.7).

use std::collections::BTreeMap;

use domain::Instant;
use domain::id::{ContactId, JourneyId, MeetingId, PersonId, ProductId, ReasonId, SourceId};
use domain::meeting::MeetingEvent;
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::{Deserialize, Serialize};

use super::row::JourneyRow;
use super::spell::Spell;
use crate::table::{Kind::*, Table, instant};

/// A demo that was set, with what its journey was about: the unit of cancel rates.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct DemoRow {
    /// The demo.
    pub meeting: MeetingId,
    /// Whose it is.
    pub contact: ContactId,
    /// The journey it is for.
    pub journey: JourneyId,
    /// The journey's lead source.
    pub source: SourceId,
    /// The journey's product.
    pub product: ProductId,
    /// The journey's lead category.
    pub category: Option<String>,
    /// What became of it.
    #[serde(flatten)]
    pub demo: Demo,
}

/// What became of a demo.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demo {
    /// When it was set.
    pub set_at: Instant,
    /// Who set it.
    pub scheduler: PersonId,
    /// When it begins.
    pub start: Instant,
    /// Who it stands issued to, or stood issued to when it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rep: Option<PersonId>,
    /// When it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub canceled_at: Option<Instant>,
    /// For which reason of the company's list it was canceled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason_id: Option<ReasonId>,
    /// Why it was canceled, in words; absent once the contact was erased.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Follows the demos of a journey.
pub(super) fn on_meeting(demos: &mut BTreeMap<MeetingId, Demo>, event: &MeetingEvent, at: Instant) {
    match event {
        MeetingEvent::Set { meeting, start, scheduler, .. } => {
            let demo = Demo { set_at: at, scheduler: *scheduler, start: *start, rep: None, canceled_at: None, reason_id: None, reason: None };
            demos.insert(*meeting, demo);
        }
        MeetingEvent::Issued { meeting, rep, start, .. } | MeetingEvent::Reissued { meeting, rep, start, .. } => {
            demos.entry(*meeting).and_modify(|demo| (demo.rep, demo.start) = (Some(*rep), *start));
        }
        MeetingEvent::Rescheduled { meeting, start, .. } => {
            demos.entry(*meeting).and_modify(|demo| (demo.rep, demo.start) = (None, *start));
        }
        MeetingEvent::Canceled { meeting, reason, reason_id, .. } => {
            let reason = reason.known().map(ToString::to_string);
            demos.entry(*meeting).and_modify(|demo| (demo.canceled_at, demo.reason_id, demo.reason) = (Some(at), *reason_id, reason));
        }
        MeetingEvent::Confirmed { .. } | MeetingEvent::ConfirmationAttempted { .. } | MeetingEvent::Resulted { .. } | MeetingEvent::ResultCorrected { .. } => {}
    }
}

/// The rows of a journey's demos.
pub(super) fn rows(journey: &JourneyRow, demos: &BTreeMap<MeetingId, Demo>) -> BTreeMap<MeetingId, DemoRow> {
    let row = |meeting: &MeetingId, demo: &Demo| DemoRow {
        meeting: *meeting,
        contact: journey.contact,
        journey: journey.journey,
        source: journey.source,
        product: journey.product,
        category: journey.category.clone(),
        demo: demo.clone(),
    };
    demos.iter().filter(|_| !journey.is_voided()).map(|(meeting, demo)| (*meeting, row(meeting, demo))).collect()
}

impl DemoRow {
    /// Reads the columns that all lists of demos begin with.
    pub(crate) fn from_row(row: &Row) -> Result<DemoRow, StoreError> {
        Ok(DemoRow {
            meeting: MeetingId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            journey: JourneyId(row.get(2)?),
            source: SourceId(row.get(3)?),
            product: ProductId(row.get(4)?),
            category: row.get(5)?,
            demo: Demo {
                scheduler: PersonId(row.get(6)?),
                rep: row.get::<Option<_>>(7)?.map(PersonId),
                set_at: instant(row, 8)?,
                start: instant(row, 9)?,
                canceled_at: row.get::<Option<_>>(10)?.map(Instant::new),
                reason_id: row.get::<Option<_>>(11)?.map(ReasonId),
                reason: row.get(12)?,
            },
        })
    }
}

impl Spell<DemoRow> {
    /// Adds its values in the order of `sql/save_demos.sql`.
    pub(super) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) {
        let DemoRow { demo, .. } = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            self.since.position.into(),
            self.row.meeting.0.into(),
            self.row.contact.0.into(),
            self.row.journey.0.into(),
            self.row.source.0.into(),
            self.row.product.0.into(),
            self.row.category.as_deref().into(),
            demo.scheduler.0.into(),
            demo.rep.map(|person| person.0).into(),
            demo.set_at.micros().into(),
            demo.start.micros().into(),
            demo.canceled_at.map(Instant::micros).into(),
            demo.reason_id.map(|reason| reason.0).into(),
            demo.reason.as_deref().into(),
        ]);
        self.push_times(values);
    }
}

pub(super) const DEMOS: Table = Table {
    name: "journey_demos",
    rows: include_str!("sql/demos.sql"),
    columns: &[
        ("position", Int),
        ("meeting_id", Id),
        ("contact_id", Id),
        ("journey_id", Id),
        ("source_id", Id),
        ("product_id", Id),
        ("category", Text),
        ("scheduler_id", Id),
        ("rep_id", Id),
        ("set_at", Int),
        ("start_at", Int),
        ("canceled_at", Int),
        ("reason_id", Id),
        ("reason", Text),
        ("valid_from", Int),
        ("known_from", Int),
        ("valid_until", Int),
        ("known_until", Int),
    ],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear_demos.sql")),
};
