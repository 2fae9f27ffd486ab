//! When a contact's source, product or category is corrected, its open journeys follow; closed ones are frozen, and follow again when they
//! are reopened (P2, METRICS C.2).

use super::Ask;
use crate::journey::Followed;
use crate::{ContactFile, Fact, journey::JourneyEvent, profile::ContactEvent};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    let followed = match fact {
        Fact::Contact(ContactEvent::SourceChanged { .. }) => Followed { source: true, ..Followed::NOTHING },
        Fact::Contact(ContactEvent::ProductChanged { .. }) => Followed { product: true, ..Followed::NOTHING },
        Fact::Contact(ContactEvent::CategoryChanged { .. }) => Followed { category: true, ..Followed::NOTHING },
        Fact::Journey(JourneyEvent::Reopened { journey, .. }) => return vec![Ask::Follow(*journey, Followed::ALL)],
        _ => return vec![],
    };
    file.open_journeys().map(|(id, _)| Ask::Follow(id, followed)).collect()
}
