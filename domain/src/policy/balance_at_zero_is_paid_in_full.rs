//! When the balance of a sale that is collected reaches zero it is paid in full, and due again when it rises from there (P9, P10).

use super::Ask;
use crate::{
    ContactFile, Fact,
    sale::{EntryKind, SaleEvent},
};

pub(super) fn react(_: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        // A contract that is taken back may be followed by a fee: until then nobody has paid.
        Fact::Sale(SaleEvent::LedgerEntryPosted { kind: EntryKind::CanceledSale, .. }) => vec![],
        Fact::Sale(SaleEvent::LedgerEntryPosted { sale, .. }) => vec![Ask::SettleSale(*sale)],
        _ => vec![],
    }
}
