//! Every quote, what it comes to, and when it entered each state on its way to Sold or Lost (S0:21, 32).

pub mod query;
mod row;
#[cfg(test)]
mod tests;

pub use query::{QuoteCursor, QuoteFilter, quotes};
pub use row::{Current, QuoteRow};

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use domain::blueprint::State;
use domain::id::{ContactId, QuoteId};
use domain::quote::{Quote, QuoteEvent};
use domain::{Fact, Instant};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};

/// The read model.
pub struct QuoteList;

#[async_trait]
impl Projection for QuoteList {
    const NAME: &'static str = "quote_list";
    const REVISION: i32 = 1;
    const TABLES: &'static [Table] = &[QUOTES];
    type Key = (QuoteId, ContactId);
    type Rows = Option<Current>;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
        let quote = match &happened.fact {
            Fact::Quote(QuoteEvent::MarkedSold { .. }) => None,
            Fact::Quote(event) => Some(event.quote()),
            _ => None,
        };
        quote.zip(happened.contact)
    }

    fn evolve(&(_, contact): &Self::Key, rows: Option<Current>, happened: &Happened) -> Option<Current> {
        let Fact::Quote(event) = &happened.fact else { return rows };
        created(contact, event, happened.occurred_at).or_else(|| rows.map(|current| current.evolve(event, happened.occurred_at)))
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Option<Current>)>, StoreError> {
        let quotes: Vec<Value> = keys.iter().map(|(quote, _)| quote.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &quotes).await?;
        let found = rows.iter().map(|row| {
            let current = Current::from_row(row)?;
            Ok(((current.row.quote, current.row.contact), Some(current)))
        });
        found.collect()
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Option<Current>)]) -> Result<Writes, StoreError> {
        let mut values = Vec::with_capacity(changed.len() * 15);
        for current in changed.iter().filter_map(|(_, current)| current.as_ref()) {
            current.push_values(company, generation, &mut values)?;
        }
        Ok(writes.insert(include_str!("sql/save.sql"), values))
    }
}

/// The quote that was drafted; of any other fact, none.
fn created(contact: ContactId, event: &QuoteEvent, at: Instant) -> Option<Current> {
    let quote = without_offer(Quote::created(event)?);
    let QuoteEvent::Created { quote: id, total_minor, revises, .. } = event else { return None };
    let row = QuoteRow {
        quote: *id,
        contact,
        journey: quote.journey,
        product: quote.product,
        rep: quote.rep,
        state: quote.state,
        state_since: at,
        total_minor: total_minor.0,
        valid_until: quote.valid_until,
        entered: BTreeMap::from([(quote.state.name().to_owned(), at)]),
        replaces: *revises,
        replaced_by: None,
    };
    Some(Current { row, quote })
}

impl Current {
    /// The quote after one more fact about it.
    fn evolve(self, event: &QuoteEvent, at: Instant) -> Current {
        let Current { mut row, quote } = self;
        let quote = without_offer(quote.evolve(event));
        if row.state != quote.state {
            (row.state, row.state_since) = (quote.state, at);
            row.entered.insert(quote.state.name().to_owned(), at);
        }
        row.valid_until = quote.valid_until;
        match event {
            QuoteEvent::Edited { total_minor, .. } => row.total_minor = total_minor.0,
            QuoteEvent::Superseded { by, .. } => row.replaced_by = Some(*by),
            _ => {}
        }
        Current { row, quote }
    }
}

/// What is offered may be personal, and no rule of a list asks for it.
fn without_offer(quote: Quote) -> Quote {
    Quote { offer: Arc::default(), ..quote }
}

const QUOTES: Table = Table {
    name: "quote_list",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("quote_id", Id),
        ("contact_id", Id),
        ("journey_id", Id),
        ("product_id", Id),
        ("rep_id", Id),
        ("state", Text),
        ("state_since", Int),
        ("total_minor", Int),
        ("valid_until", Int),
        ("entered", Text),
        ("replaces_id", Id),
        ("replaced_by_id", Id),
        ("workings", Text),
    ],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};
