//! When a sale becomes official, by approval or because no demo was held, its journey closes as sold (S0:24).

use super::Ask;
use crate::{ContactFile, Fact, sale::SaleEvent};

pub(super) fn react(_: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(SaleEvent::Approved { journey, .. } | SaleEvent::Created { journey, needs_approval: false, .. }) => vec![Ask::CloseJourneyAsSold(*journey)],
        _ => vec![],
    }
}
