//! The rows of the canceled demos, and what the fold remembers of each journey.

use std::collections::BTreeMap;

use domain::Instant;
use domain::id::{ContactId, JourneyId, MeetingId, PersonId, ProductId, ReasonId, SourceId};
use domain::meeting::AskedBy;
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::{Deserialize, Serialize};

use crate::table::{instant, named};

/// A demo that was canceled.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CanceledDemo {
    /// The event that canceled it.
    pub position: i64,
    /// Whose it was.
    pub contact: ContactId,
    /// The journey it was for.
    pub journey: JourneyId,
    /// The demo.
    pub meeting: MeetingId,
    /// The journey's lead source when it was canceled.
    pub source: SourceId,
    /// The journey's product when it was canceled.
    pub product: ProductId,
    /// The journey's lead category when it was canceled.
    pub category: Option<String>,
    /// Who had set it.
    pub scheduler: PersonId,
    /// Who it was issued to, when it stood issued.
    pub rep: Option<PersonId>,
    /// When it was to begin.
    pub start: Instant,
    /// When it had been set.
    pub set_at: Instant,
    /// When it was canceled.
    pub canceled_at: Instant,
    /// Why; absent once the contact was erased.
    pub reason: Option<String>,
    /// Who wanted it.
    pub asked_by: Option<AskedBy>,
    /// Who canceled it.
    pub actor: String,
    /// Which reason of the company's list it was.
    pub reason_id: Option<ReasonId>,
    /// What else was to be known; absent once the contact was erased.
    pub note: Option<String>,
}

/// A journey and its demos that may still be canceled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Journey {
    /// Its lead source now.
    pub source: SourceId,
    /// Its product now.
    pub product: ProductId,
    /// Its lead category now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<String>,
    /// The demos that were set and neither canceled nor held.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub demos: BTreeMap<MeetingId, Demo>,
}

/// A demo that may still be canceled.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Demo {
    /// When it was set.
    pub set_at: Instant,
    /// Who set it.
    pub scheduler: PersonId,
    /// When it begins.
    pub start: Instant,
    /// Who it is issued to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rep: Option<PersonId>,
}

impl CanceledDemo {
    /// Reads a row of `sql/list.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<CanceledDemo, StoreError> {
        Ok(CanceledDemo {
            position: row.get(0)?,
            contact: ContactId(row.get(1)?),
            journey: JourneyId(row.get(2)?),
            meeting: MeetingId(row.get(3)?),
            source: SourceId(row.get(4)?),
            product: ProductId(row.get(5)?),
            category: row.get(6)?,
            scheduler: PersonId(row.get(7)?),
            rep: row.get::<Option<_>>(8)?.map(PersonId),
            start: instant(row, 9)?,
            set_at: instant(row, 10)?,
            canceled_at: instant(row, 11)?,
            reason: row.get(12)?,
            asked_by: row.get::<Option<String>>(13)?.map(named).transpose()?,
            actor: row.get(14)?,
            reason_id: row.get::<Option<_>>(15)?.map(ReasonId),
            note: row.get(16)?,
        })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) {
        values.extend([
            company.into(),
            generation.into(),
            self.position.into(),
            self.contact.0.into(),
            self.journey.0.into(),
            self.meeting.0.into(),
            self.source.0.into(),
            self.product.0.into(),
            self.category.as_deref().into(),
            self.scheduler.0.into(),
            self.rep.map(|person| person.0).into(),
            self.start.micros().into(),
            self.set_at.micros().into(),
            self.canceled_at.micros().into(),
            self.reason.as_deref().into(),
            self.asked_by.map(AskedBy::name).into(),
            self.actor.as_str().into(),
            self.reason_id.map(|reason| reason.0).into(),
            self.note.as_deref().into(),
        ]);
    }
}
