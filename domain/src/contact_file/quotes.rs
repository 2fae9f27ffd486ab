//! The quotes of a contact file.

use super::ContactFile;
use crate::id::QuoteId;
use crate::quote::{Quote, QuoteEvent};
use crate::refusal::{Code, Refusal};

impl ContactFile {
    pub(super) fn evolve_quote(&mut self, event: &QuoteEvent) {
        let id = event.quote();
        if let Some(quote) = Quote::created(event).or_else(|| self.quotes.remove(&id).map(|quote| quote.evolve(event))) {
            self.quotes.insert(id, quote);
        }
    }

    /// A quote, or that the contact has none with this id.
    pub fn quote(&self, id: QuoteId) -> Result<&Quote, Refusal> {
        self.quotes.get(&id).ok_or_else(|| Refusal::of_field(Code::UnknownQuote, "quote", "the contact has no quote with this id"))
    }
}
