//! When a quote is sold, a sale is created for the same amount (S0:23).

use super::Ask;
use crate::{ContactFile, Fact, quote::QuoteEvent};

pub(super) fn react(_: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Quote(QuoteEvent::Sold { quote, sale, signed_at, .. }) => vec![Ask::CreateSale(*sale, *quote, *signed_at)],
        _ => vec![],
    }
}
