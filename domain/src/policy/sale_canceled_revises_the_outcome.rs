//! When the last official sale of a sold journey is canceled, its outcome becomes `sold_canceled`; when one comes back or is made, `sold` again.

use super::Ask;
use crate::{ContactFile, Fact, journey::Outcome, sale::SaleEvent};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Sale(
            SaleEvent::Canceled { journey, .. }
            | SaleEvent::Reactivated { journey, .. }
            | SaleEvent::Approved { journey, .. }
            | SaleEvent::Created { journey, needs_approval: false, .. },
        ) => {
            let sold = file.standing.journeys.get(journey).is_some_and(|stage| !stage.official.is_empty());
            vec![Ask::ReviseOutcome(*journey, if sold { Outcome::Sold } else { Outcome::SoldCanceled })]
        }
        _ => vec![],
    }
}
