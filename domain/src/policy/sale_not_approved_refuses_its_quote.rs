//! When management refuses a sale, its quote is not approved either (P5).

use super::Ask;
use crate::{ContactFile, Fact, sale::SaleEvent};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(SaleEvent::NotApproved { sale, .. }) => file.sales.get(sale).map(|sale| Ask::NotApproveQuote(sale.quote)).into_iter().collect(),
        _ => vec![],
    }
}
