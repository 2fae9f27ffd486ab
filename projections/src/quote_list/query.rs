//! Questions to the quote list.

use domain::Instant;
use domain::blueprint::{QuoteState, State};
use domain::id::{ContactId, PersonId, ProductId, QuoteId};
use eventstore::{CompanyId, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{QuoteList, QuoteRow};
use crate::contact_list::{ContactList, Search};
use crate::projection::Projection;
use crate::reading::{Listed, Reading, count_by_state, in_use};

/// The most quotes in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// Which quotes are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct QuoteFilter {
    /// In its state not since before this instant.
    pub from: Option<Instant>,
    /// In its state not since after this instant.
    pub to: Option<Instant>,
    /// In this state.
    pub state: Option<QuoteState>,
    /// Offered by this rep.
    pub rep: Option<PersonId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Of this contact.
    pub contact: Option<ContactId>,
    /// Of contacts that are found by this text.
    pub text: Option<String>,
}

/// The last quote of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuoteCursor {
    /// Since when it is in its state.
    pub at: Instant,
    /// The quote.
    pub quote: QuoteId,
    /// Whose it is.
    pub contact: ContactId,
}

impl QuoteCursor {
    /// The place of a listed quote.
    pub fn of(row: &QuoteRow) -> QuoteCursor {
        QuoteCursor { at: row.state_since, quote: row.quote, contact: row.contact }
    }
}

/// A page of quotes, those first that entered their state last; and how many there are, counted up to a number where one is given.
pub async fn quotes(
    store: &Store,
    company: CompanyId,
    filter: &QuoteFilter,
    after: Option<QuoteCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<QuoteRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, QuoteList::NAME).await?;
    let contacts = in_use(&mut reader, company, ContactList::NAME).await?.found;
    let search = Search::of(filter.text.as_deref());
    let filtered = |text| {
        sql(text)
            .bind(company)
            .bind(reading.found)
            .bind(filter.from.map_or(i64::MIN, Instant::micros))
            .bind(filter.to.map_or(i64::MAX, Instant::micros))
            .bind(filter.rep.map(|id| id.0))
            .bind(filter.product.map(|id| id.0))
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
        .bind(after.map_or(Uuid::max(), |cursor| cursor.quote.0))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = list.all(&mut reader.conn()).await?;
    let rows = rows.iter().map(QuoteRow::from_row).collect::<Result<_, _>>()?;
    let counted = count_by_state(&mut reader.conn(), || filtered(include_str!("sql/count_by_state.sql")), filter.state, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}
