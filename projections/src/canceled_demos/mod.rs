//! Which demos were canceled, whose they were, and why.

pub mod query;
mod row;
#[cfg(test)]
mod tests;

pub use query::{CanceledCursor, CanceledFilter, canceled_demos};
pub use row::{CanceledDemo, Demo, Journey};

use std::collections::BTreeSet;

use async_trait::async_trait;
use domain::id::{ContactId, JourneyId};
use domain::journey::JourneyEvent;
use domain::meeting::{MeetingEvent, MeetingKind};
use domain::profile::ContactEvent;
use domain::{Fact, Personal};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table, json, to_json};

/// The read model.
pub struct CanceledDemos;

/// The rows of one journey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// The journey and its demos that may still be canceled.
    pub journey: Option<Journey>,
    /// The demos that were canceled since these rows were read.
    pub canceled: Vec<CanceledDemo>,
    /// Whether the contact was erased since these rows were read.
    pub erased: bool,
}

#[async_trait]
impl Projection for CanceledDemos {
    const NAME: &'static str = "canceled_demos";
    const REVISION: i32 = 2;
    const TABLES: &'static [Table] = &[CANCELED, JOURNEYS];
    type Key = (JourneyId, ContactId);
    type Rows = Rows;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
        use MeetingEvent::*;
        let journey = match &happened.fact {
            Fact::Journey(JourneyEvent::Opened { journey, .. } | JourneyEvent::DimensionsChanged { journey, .. }) => Some(*journey),
            Fact::Meeting(
                Set { journey, kind, .. }
                | Issued { journey, kind, .. }
                | Reissued { journey, kind, .. }
                | Rescheduled { journey, kind, .. }
                | Canceled { journey, kind, .. }
                | Resulted { journey, kind, .. },
            ) => (*kind == MeetingKind::Demo).then_some(*journey),
            Fact::Contact(ContactEvent::Erased { journeys, .. }) => return of_all(journeys, happened.contact),
            _ => None,
        };
        journey.zip(happened.contact).into_iter().collect()
    }

    fn evolve(&(_, contact): &Self::Key, rows: Rows, happened: &Happened) -> Rows {
        let Rows { journey, mut canceled, mut erased } = rows;
        let journey = match (journey, &happened.fact) {
            (None, Fact::Journey(JourneyEvent::Opened { source, product, category, .. })) => {
                Some(Journey { source: *source, product: *product, category: category.as_ref().map(ToString::to_string), demos: Default::default() })
            }
            (Some(journey), Fact::Journey(JourneyEvent::DimensionsChanged { source, product, category, .. })) => {
                Some(Journey { source: *source, product: *product, category: category.as_ref().map(ToString::to_string), ..journey })
            }
            (Some(mut journey), Fact::Meeting(event)) => {
                canceled.extend(on_meeting(&mut journey, event, happened, contact));
                Some(journey)
            }
            (journey, Fact::Contact(ContactEvent::Erased { .. })) => {
                canceled.iter_mut().for_each(|demo| (demo.reason, demo.note) = (None, None));
                erased = true;
                journey
            }
            (journey, _) => journey,
        };
        Rows { journey, canceled, erased }
    }

    fn settled(rows: Rows) -> Rows {
        Rows { canceled: Vec::new(), erased: false, ..rows }
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Rows)>, StoreError> {
        let journeys: Vec<Value> = keys.iter().map(|(journey, _)| journey.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &journeys).await?;
        let found = rows.iter().map(|row| {
            let key = (JourneyId(row.get(0)?), ContactId(row.get(1)?));
            Ok((key, Rows { journey: Some(json(&row.get::<String>(2)?)?), ..Rows::default() }))
        });
        found.collect()
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Rows)]) -> Result<Writes, StoreError> {
        let mut journeys = Vec::with_capacity(changed.len() * 5);
        let mut canceled = Vec::new();
        let mut erased: BTreeSet<ContactId> = BTreeSet::new();
        for ((id, contact), rows) in changed {
            if rows.erased {
                erased.insert(*contact);
            }
            if let Some(journey) = &rows.journey {
                journeys.extend([company.into(), generation.into(), id.0.into(), contact.0.into(), to_json(journey)?.into()]);
            }
            canceled.extend(&rows.canceled);
        }
        canceled.sort_unstable_by_key(|demo| demo.position);
        let mut values = Vec::with_capacity(canceled.len() * 19);
        canceled.iter().for_each(|demo| demo.push_values(company, generation, &mut values));
        let erased = erased.into_iter().map(|contact| contact.0.into()).collect();
        let writes = writes.insert(include_str!("sql/save_journey.sql"), journeys).insert(include_str!("sql/save.sql"), values);
        Ok(writes.run_in(include_str!("sql/erase.sql"), &[company.into(), generation.into()], erased))
    }
}

/// The rows of all journeys of a contact.
fn of_all(journeys: &[JourneyId], contact: Option<ContactId>) -> Vec<(JourneyId, ContactId)> {
    journeys.iter().filter_map(|journey| Some((*journey, contact?))).collect()
}

/// Follows the demos of a journey; answers the one that was canceled.
fn on_meeting(journey: &mut Journey, event: &MeetingEvent, happened: &Happened, contact: ContactId) -> Option<CanceledDemo> {
    match event {
        MeetingEvent::Set { meeting, start, scheduler, .. } => {
            let demo = Demo { set_at: happened.occurred_at, scheduler: *scheduler, start: *start, rep: None };
            journey.demos.insert(*meeting, demo);
        }
        MeetingEvent::Issued { meeting, rep, .. } | MeetingEvent::Reissued { meeting, rep, .. } => {
            journey.demos.entry(*meeting).and_modify(|demo| demo.rep = Some(*rep));
        }
        MeetingEvent::Rescheduled { meeting, start, .. } => {
            journey.demos.entry(*meeting).and_modify(|demo| (demo.start, demo.rep) = (*start, None));
        }
        MeetingEvent::Resulted { meeting, .. } => drop(journey.demos.remove(meeting)),
        MeetingEvent::Canceled { meeting, journey: id, reason, asked_by, reason_id, note, .. } => {
            let demo = journey.demos.remove(meeting)?;
            return Some(CanceledDemo {
                position: happened.position,
                contact,
                journey: *id,
                meeting: *meeting,
                source: journey.source,
                product: journey.product,
                category: journey.category.clone(),
                scheduler: demo.scheduler,
                rep: demo.rep,
                start: demo.start,
                set_at: demo.set_at,
                canceled_at: happened.occurred_at,
                reason: reason.known().map(ToString::to_string),
                asked_by: *asked_by,
                actor: happened.actor.clone(),
                reason_id: *reason_id,
                note: note.as_ref().and_then(Personal::known).map(ToString::to_string),
            });
        }
        MeetingEvent::Confirmed { .. } | MeetingEvent::ConfirmationAttempted { .. } | MeetingEvent::ResultCorrected { .. } => {}
    }
    None
}

const CANCELED: Table = Table {
    name: "canceled_demos",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("position", Int),
        ("contact_id", Id),
        ("journey_id", Id),
        ("meeting_id", Id),
        ("source_id", Id),
        ("product_id", Id),
        ("category", Text),
        ("scheduler_id", Id),
        ("rep_id", Id),
        ("start_at", Int),
        ("set_at", Int),
        ("canceled_at", Int),
        ("reason", Text),
        ("asked_by", Text),
        ("actor", Text),
        ("reason_id", Id),
        ("note", Text),
    ],
    key: 1,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};

const JOURNEYS: Table = Table {
    name: "canceled_demos_journeys",
    rows: include_str!("sql/journeys.sql"),
    columns: &[("journey_id", Id), ("contact_id", Id), ("workings", Text)],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear_journeys.sql")),
};
