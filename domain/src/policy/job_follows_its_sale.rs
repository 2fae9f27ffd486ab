//! When a sale becomes official its job is opened; when it is canceled the job is, and when it comes back the job does (P4, P7, P9).

use super::Ask;
use crate::{ContactFile, Fact, sale::SaleEvent};

pub(super) fn react(_: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(SaleEvent::Approved { sale, .. } | SaleEvent::Created { sale, needs_approval: false, .. }) => vec![Ask::OpenJob(*sale)],
        Fact::Sale(SaleEvent::Canceled { sale, .. }) => vec![Ask::CancelJob(*sale)],
        Fact::Sale(SaleEvent::Reactivated { sale, job_standing, .. }) => vec![Ask::ReopenJob(*sale, job_standing.unwrap_or_default())],
        _ => vec![],
    }
}
