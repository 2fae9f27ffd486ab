//! When a refused sale is moved back to sold, its quote is sold again (P6).

use super::Ask;
use crate::{ContactFile, Fact, sale::SaleEvent};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(SaleEvent::MovedBackToSold { sale, .. }) => file.sales.get(sale).map(|sale| Ask::SellQuoteAgain(sale.quote)).into_iter().collect(),
        _ => vec![],
    }
}
