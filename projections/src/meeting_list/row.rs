//! The rows of the meeting list.

use domain::Instant;
use domain::blueprint::{MeetingState, State};
use domain::id::{ContactId, JourneyId, MeetingId, MeetingTypeId, PersonId, ProductId, SourceId};
use domain::meeting::{Meeting, MeetingKind, MeetingResult};
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::Serialize;

use crate::table::{instant, json, named, to_json};

/// One meeting, as lists see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MeetingRow {
    /// The journey it is for.
    pub journey: JourneyId,
    /// Whose it is.
    pub contact: ContactId,
    /// The meeting.
    pub meeting: MeetingId,
    /// What it is for.
    pub kind: MeetingKind,
    /// Which of the company's types of meetings it is of.
    pub meeting_type: Option<MeetingTypeId>,
    /// Whether it is confirmed and issued to a rep (S0:30).
    pub confirm_and_issue: bool,
    /// Where it stands.
    pub state: MeetingState,
    /// Since when it stands there.
    pub state_since: Instant,
    /// When it begins.
    pub start: Instant,
    /// How long it is to take.
    pub length_minutes: Option<u32>,
    /// Who set it.
    pub scheduler: PersonId,
    /// Who goes, while it is issued or after it was held.
    pub rep: Option<PersonId>,
    /// Who goes along.
    pub second_rep: Option<PersonId>,
    /// What came of it.
    pub result: Option<MeetingResult>,
    /// Whether it counts as demoed (P24).
    pub demoed: bool,
    /// The journey's lead source, followed while the journey is open.
    pub source: SourceId,
    /// The journey's product, followed while the journey is open.
    pub product: ProductId,
    /// When it was set.
    pub set_at: Instant,
    /// When it was confirmed; a new start makes that void.
    pub confirmed_at: Option<Instant>,
    /// When it was issued to its rep; a new start or a cancel makes that void.
    pub issued_at: Option<Instant>,
    /// When its first result was entered, or when it was canceled.
    pub ended_at: Option<Instant>,
}

/// A meeting with what the fold remembers of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// The meeting.
    pub row: MeetingRow,
    /// As rules see it.
    pub meeting: Meeting,
}

impl MeetingRow {
    /// Reads the columns that all statements of the meeting list begin with.
    pub(crate) fn from_row(row: &Row) -> Result<MeetingRow, StoreError> {
        let person = |column| Ok::<_, StoreError>(row.get::<Option<_>>(column)?.map(PersonId));
        let at = |column| Ok::<_, StoreError>(row.get::<Option<_>>(column)?.map(Instant::new));
        Ok(MeetingRow {
            journey: JourneyId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            meeting: MeetingId(row.get(2)?),
            kind: named(row.get(3)?)?,
            meeting_type: row.get::<Option<_>>(4)?.map(MeetingTypeId),
            confirm_and_issue: row.get::<i64>(5)? == 1,
            state: named(row.get(6)?)?,
            state_since: instant(row, 7)?,
            start: instant(row, 8)?,
            length_minutes: row.get::<Option<i64>>(9)?.and_then(|minutes| u32::try_from(minutes).ok()),
            scheduler: PersonId(row.get(10)?),
            rep: person(11)?,
            second_rep: person(12)?,
            result: row.get::<Option<String>>(13)?.map(named).transpose()?,
            demoed: row.get::<i64>(14)? == 1,
            source: SourceId(row.get(15)?),
            product: ProductId(row.get(16)?),
            set_at: instant(row, 17)?,
            confirmed_at: at(18)?,
            issued_at: at(19)?,
            ended_at: at(20)?,
        })
    }
}

impl Current {
    /// Reads a row of `sql/load.sql` that has a meeting.
    pub(crate) fn from_row(row: &Row) -> Result<Current, StoreError> {
        Ok(Current { row: MeetingRow::from_row(row)?, meeting: json(&row.get::<String>(21)?)? })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) -> Result<(), StoreError> {
        let row = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            row.journey.0.into(),
            row.contact.0.into(),
            row.meeting.0.into(),
            row.kind.name().into(),
            row.meeting_type.map(|id| id.0).into(),
            i64::from(row.confirm_and_issue).into(),
            row.state.name().into(),
            row.state_since.micros().into(),
            row.start.micros().into(),
            row.length_minutes.map(i64::from).into(),
            row.scheduler.0.into(),
            row.rep.map(|person| person.0).into(),
            row.second_rep.map(|person| person.0).into(),
            row.result.map(MeetingResult::name).into(),
            i64::from(row.demoed).into(),
            row.source.0.into(),
            row.product.0.into(),
            row.set_at.micros().into(),
            row.confirmed_at.map(Instant::micros).into(),
            row.issued_at.map(Instant::micros).into(),
            row.ended_at.map(Instant::micros).into(),
            to_json(&self.meeting)?.into(),
        ]);
        Ok(())
    }
}
