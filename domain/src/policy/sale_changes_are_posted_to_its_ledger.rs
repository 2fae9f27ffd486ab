//! When a sale becomes official, changes, is canceled or comes back, its ledger says so (P10).

use super::Ask;
use crate::{
    ContactFile, Fact,
    sale::{Posting, SaleEvent},
};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    let Fact::Sale(event) = fact else { return vec![] };
    let postings = match event {
        SaleEvent::Approved { sale, .. } | SaleEvent::Created { sale, needs_approval: false, .. } => {
            vec![Posting::Contract(file.sales.get(sale).map(|sale| sale.signed_at))]
        }
        SaleEvent::ChangeOrderApproved { change_order, amount_minor, report_signed_at, .. }
        | SaleEvent::ChangeOrderReversed { change_order, amount_minor, report_signed_at, .. } => {
            vec![Posting::ChangeOrder(*change_order, *amount_minor, *report_signed_at)]
        }
        SaleEvent::Canceled { canceled_at, .. } => vec![Posting::Contract(Some(*canceled_at))],
        SaleEvent::CancelFeeCharged { fee_minor, .. } => vec![Posting::Fee(*fee_minor)],
        SaleEvent::Reactivated { .. } => vec![Posting::Contract(None), Posting::UnpaidFee],
        SaleEvent::BalanceWrittenOff { amount_minor, .. } => vec![Posting::WrittenOff(*amount_minor)],
        _ => vec![],
    };
    postings.into_iter().map(|posting| Ask::Post(event.sale(), posting)).collect()
}
