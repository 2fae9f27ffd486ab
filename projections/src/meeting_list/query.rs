//! Questions to the meeting list.

use domain::Instant;
use domain::blueprint::{MeetingState, State};
use domain::id::{ContactId, MeetingId, MeetingTypeId, PersonId, ProductId, SourceId};
use domain::meeting::MeetingKind;
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{MeetingList, MeetingRow};
use crate::contact_list::{ContactList, Search};
use crate::projection::Projection;
use crate::reading::{Listed, Reading, count_by_state, in_use};

/// The most meetings in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// Which meetings are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct MeetingFilter {
    /// Beginning not before this instant.
    pub from: Option<Instant>,
    /// Beginning not after this instant.
    pub to: Option<Instant>,
    /// For this.
    pub kind: Option<MeetingKind>,
    /// Of this type of the company's.
    pub meeting_type: Option<MeetingTypeId>,
    /// In this state.
    pub state: Option<MeetingState>,
    /// To which this rep goes, or goes along.
    pub rep: Option<PersonId>,
    /// Set by this scheduler.
    pub scheduler: Option<PersonId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this lead source.
    pub source: Option<SourceId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// Of contacts that are found by this text.
    pub text: Option<String>,
}

/// The last meeting of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MeetingCursor {
    /// When it begins.
    pub at: Instant,
    /// The meeting.
    pub meeting: MeetingId,
    /// Whose it is.
    pub contact: ContactId,
}

impl MeetingCursor {
    /// The place of a listed meeting.
    pub fn of(row: &MeetingRow) -> MeetingCursor {
        MeetingCursor { at: row.start, meeting: row.meeting, contact: row.contact }
    }
}

/// A page of meetings, the last to begin first; and how many there are, counted up to a number where one is given.
pub async fn meetings(
    store: &Store,
    company: CompanyId,
    filter: &MeetingFilter,
    after: Option<MeetingCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<MeetingRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, MeetingList::NAME).await?;
    let contacts = in_use(&mut reader, company, ContactList::NAME).await?.found;
    let search = Search::of(filter.text.as_deref());
    let filtered = |text| {
        sql(text)
            .bind(company)
            .bind(reading.found)
            .bind(filter.from.map_or(i64::MIN, Instant::micros))
            .bind(filter.to.map_or(i64::MAX, Instant::micros))
            .bind(filter.kind.map(MeetingKind::name))
            .bind(filter.meeting_type.map(|id| id.0))
            .bind(filter.rep.map(|id| id.0))
            .bind(filter.scheduler.map(|id| id.0))
            .bind(filter.product.map(|id| id.0))
            .bind(filter.source.map(|id| id.0))
            .bind(filter.contact.map(|id| id.0))
            .bind(search.text_parts.as_deref())
            .bind(search.text.as_deref())
            .bind(search.digits_parts.as_deref())
            .bind(search.digits.as_deref())
            .bind(contacts)
    };
    let list = filtered(include_str!("sql/list.sql"))
        .bind(filter.state.map(State::name))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.meeting.0))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = list.all(&mut reader.conn()).await?;
    let rows = rows.iter().map(MeetingRow::from_row).collect::<Result<_, _>>()?;
    let counted = count_by_state(&mut reader.conn(), || filtered(include_str!("sql/count_by_state.sql")), filter.state, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}
