//! When the installation is complete and final, what is owed falls due; where nothing is, the sale is paid in full (S0:26, P14).

use super::Ask;
use crate::{ContactFile, Fact, blueprint::JobStatus, sale::SaleEvent};

pub(super) fn react(_: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(SaleEvent::JobStatusChanged { sale, status: JobStatus::InstallCompleteFinal, .. }) => vec![Ask::FinishSale(*sale)],
        _ => vec![],
    }
}
