//! Every meeting that was ever made, the canceled, moved and held ones too, and where each stands (S0:14).

pub mod query;
mod row;
#[cfg(test)]
mod tests;

pub use query::{MeetingCursor, MeetingFilter, meetings};
pub use row::{Current, MeetingRow};

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::blueprint::MeetingState;
use domain::id::{ContactId, JourneyId, MeetingId, ProductId, SourceId};
use domain::journey::JourneyEvent;
use domain::meeting::{Meeting, MeetingEvent};
use domain::{Fact, Instant};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};
use uuid::Uuid;

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};

/// The read model.
pub struct MeetingList;

/// The rows of one journey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// What its meetings are about; `None` before it was opened.
    pub about: Option<About>,
    /// Its meetings.
    pub meetings: BTreeMap<MeetingId, Current>,
    /// Whether what they are about changed since these rows were read.
    pub moved: bool,
    /// The meetings that changed since these rows were read.
    pub changed: BTreeSet<MeetingId>,
}

/// What the meetings of a journey are about.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct About {
    /// The journey's lead source now.
    pub source: SourceId,
    /// The journey's product now.
    pub product: ProductId,
}

#[async_trait]
impl Projection for MeetingList {
    const NAME: &'static str = "meeting_list";
    const REVISION: i32 = 1;
    const TABLES: &'static [Table] = &[MEETINGS, JOURNEYS];
    type Key = (JourneyId, ContactId);
    type Rows = Rows;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
        let journey = match &happened.fact {
            Fact::Journey(JourneyEvent::Opened { journey, .. } | JourneyEvent::DimensionsChanged { journey, .. }) => Some(*journey),
            Fact::Meeting(MeetingEvent::ConfirmationAttempted { .. }) => None,
            Fact::Meeting(event) => Some(event.journey()),
            _ => None,
        };
        journey.zip(happened.contact)
    }

    fn evolve(&(journey, contact): &Self::Key, mut rows: Rows, happened: &Happened) -> Rows {
        match (rows.about, &happened.fact) {
            (None, Fact::Journey(JourneyEvent::Opened { source, product, .. }))
            | (Some(_), Fact::Journey(JourneyEvent::DimensionsChanged { source, product, .. })) => {
                follow(&mut rows, About { source: *source, product: *product })
            }
            (Some(about), Fact::Meeting(event)) => {
                let id = event.meeting();
                let current = match set(journey, contact, about, event, happened.occurred_at) {
                    Some(set) => Some(set),
                    None => rows.meetings.remove(&id).map(|current| current.evolve(event, happened.occurred_at)),
                };
                if let Some(current) = current {
                    rows.meetings.insert(id, current);
                    rows.changed.insert(id);
                }
            }
            _ => {}
        }
        rows
    }

    fn settled(rows: Rows) -> Rows {
        Rows { moved: false, changed: BTreeSet::new(), ..rows }
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Rows)>, StoreError> {
        let journeys: Vec<Value> = keys.iter().map(|(journey, _)| journey.0.into()).collect();
        let mut found: BTreeMap<Self::Key, Rows> = BTreeMap::new();
        for row in select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &journeys).await? {
            let rows = found.entry((JourneyId(row.get(0)?), ContactId(row.get(1)?))).or_default();
            rows.about = Some(About { source: SourceId(row.get(22)?), product: ProductId(row.get(23)?) });
            if let Some(meeting) = row.get::<Option<Uuid>>(2)? {
                rows.meetings.insert(MeetingId(meeting), Current::from_row(&row)?);
            }
        }
        Ok(found.into_iter().collect())
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Rows)]) -> Result<Writes, StoreError> {
        let (mut journeys, mut meetings) = (Vec::new(), Vec::new());
        for ((journey, contact), rows) in changed {
            if let Some(About { source, product }) = rows.about.filter(|_| rows.moved) {
                journeys.extend([company.into(), generation.into(), journey.0.into(), contact.0.into(), source.0.into(), product.0.into()]);
            }
            for current in rows.changed.iter().filter_map(|id| rows.meetings.get(id)) {
                current.push_values(company, generation, &mut meetings)?;
            }
        }
        Ok(writes.insert(include_str!("sql/save_journey.sql"), journeys).insert(include_str!("sql/save.sql"), meetings))
    }
}

/// The meetings are about something else from now on.
fn follow(rows: &mut Rows, about: About) {
    (rows.about, rows.moved) = (Some(about), true);
    rows.meetings.values_mut().for_each(|current| (current.row.source, current.row.product) = (about.source, about.product));
    rows.changed.extend(rows.meetings.keys());
}

/// The meeting that was set; of any other fact, none.
fn set(journey: JourneyId, contact: ContactId, about: About, event: &MeetingEvent, at: Instant) -> Option<Current> {
    let meeting = Meeting::set(event)?;
    let MeetingEvent::Set { meeting: id, scheduler, meeting_type, .. } = event else { return None };
    let row = MeetingRow {
        journey,
        contact,
        meeting: *id,
        kind: meeting.kind,
        meeting_type: *meeting_type,
        confirm_and_issue: meeting.confirm_and_issue,
        state: meeting.state,
        state_since: at,
        start: meeting.start,
        length_minutes: meeting.length_minutes,
        scheduler: *scheduler,
        rep: None,
        second_rep: None,
        result: None,
        demoed: false,
        source: about.source,
        product: about.product,
        set_at: at,
        confirmed_at: None,
        issued_at: None,
        ended_at: None,
    };
    Some(Current { row, meeting })
}

impl Current {
    /// The meeting after one more fact about it.
    fn evolve(self, event: &MeetingEvent, at: Instant) -> Current {
        let Current { mut row, meeting } = self;
        let meeting = meeting.evolve(event);
        if row.state != meeting.state {
            (row.state, row.state_since) = (meeting.state, at);
        }
        (row.start, row.rep, row.second_rep) = (meeting.start, meeting.rep, meeting.second_rep);
        (row.result, row.demoed) = (meeting.result, meeting.is_demoed());
        match event {
            MeetingEvent::Confirmed { .. } => row.confirmed_at = Some(at),
            MeetingEvent::Issued { .. } | MeetingEvent::Reissued { .. } => row.issued_at = Some(at),
            MeetingEvent::Rescheduled { .. } => (row.confirmed_at, row.issued_at) = (None, None),
            MeetingEvent::Canceled { .. } => row.issued_at = None,
            _ => {}
        }
        row.ended_at = matches!(row.state, MeetingState::Completed | MeetingState::Canceled).then_some(row.state_since);
        Current { row, meeting }
    }
}

const MEETINGS: Table = Table {
    name: "meeting_list",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("journey_id", Id),
        ("contact_id", Id),
        ("meeting_id", Id),
        ("kind", Text),
        ("meeting_type_id", Id),
        ("confirm_and_issue", Int),
        ("state", Text),
        ("state_since", Int),
        ("start_at", Int),
        ("length_minutes", Int),
        ("scheduler_id", Id),
        ("rep_id", Id),
        ("second_rep_id", Id),
        ("result", Text),
        ("demoed", Int),
        ("source_id", Id),
        ("product_id", Id),
        ("set_at", Int),
        ("confirmed_at", Int),
        ("issued_at", Int),
        ("ended_at", Int),
        ("workings", Text),
    ],
    key: 3,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};

const JOURNEYS: Table = Table {
    name: "meeting_list_journeys",
    rows: include_str!("sql/journeys.sql"),
    columns: &[("journey_id", Id), ("contact_id", Id), ("source_id", Id), ("product_id", Id)],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear_journeys.sql")),
};
