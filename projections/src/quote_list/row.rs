//! The rows of the quote list.

use std::collections::BTreeMap;

use domain::Instant;
use domain::blueprint::{QuoteState, State};
use domain::id::{ContactId, JourneyId, PersonId, ProductId, QuoteId};
use domain::quote::Quote;
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::Serialize;

use crate::table::{instant, json, named, to_json};

/// One quote, as lists see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct QuoteRow {
    /// The quote.
    pub quote: QuoteId,
    /// Whose it is.
    pub contact: ContactId,
    /// The journey it is made on.
    pub journey: JourneyId,
    /// What product is offered.
    pub product: ProductId,
    /// Who offers it.
    pub rep: PersonId,
    /// Where it stands.
    pub state: QuoteState,
    /// Since when it stands there.
    pub state_since: Instant,
    /// What the customer would pay, sales tax included.
    pub total_minor: i64,
    /// The instant until which it stands, once it is finalized.
    pub valid_until: Option<Instant>,
    /// When it entered each state that it was in, the last time (S0:21).
    pub entered: BTreeMap<String, Instant>,
    /// The quote whose place it took.
    pub replaces: Option<QuoteId>,
    /// The quote that took its place.
    pub replaced_by: Option<QuoteId>,
}

/// A quote with what the fold remembers of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// The quote.
    pub row: QuoteRow,
    /// As rules see it, without what is offered: that may be personal.
    pub quote: Quote,
}

impl QuoteRow {
    /// Reads the columns that all statements of the quote list begin with.
    pub(crate) fn from_row(row: &Row) -> Result<QuoteRow, StoreError> {
        Ok(QuoteRow {
            quote: QuoteId(row.get(0)?),
            contact: ContactId(row.get(1)?),
            journey: JourneyId(row.get(2)?),
            product: ProductId(row.get(3)?),
            rep: PersonId(row.get(4)?),
            state: named(row.get(5)?)?,
            state_since: instant(row, 6)?,
            total_minor: row.get(7)?,
            valid_until: row.get::<Option<_>>(8)?.map(Instant::new),
            entered: json(&row.get::<String>(9)?)?,
            replaces: row.get::<Option<_>>(10)?.map(QuoteId),
            replaced_by: row.get::<Option<_>>(11)?.map(QuoteId),
        })
    }
}

impl Current {
    /// Reads a row of `sql/load.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<Current, StoreError> {
        Ok(Current { row: QuoteRow::from_row(row)?, quote: json(&row.get::<String>(12)?)? })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) -> Result<(), StoreError> {
        let row = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            row.quote.0.into(),
            row.contact.0.into(),
            row.journey.0.into(),
            row.product.0.into(),
            row.rep.0.into(),
            row.state.name().into(),
            row.state_since.micros().into(),
            row.total_minor.into(),
            row.valid_until.map(Instant::micros).into(),
            to_json(&row.entered)?.into(),
            row.replaces.map(|quote| quote.0).into(),
            row.replaced_by.map(|quote| quote.0).into(),
            to_json(&self.quote)?.into(),
        ]);
        Ok(())
    }
}
