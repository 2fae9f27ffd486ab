//! When a contact's source or product is corrected, its open journeys follow; closed ones are frozen (P2, METRICS C.2).

use super::Ask;
use crate::{ContactFile, Fact, profile::ContactEvent};

pub(super) fn react(file: &ContactFile, fact: &Fact) -> Vec<Ask> {
    match fact {
        Fact::Contact(ContactEvent::SourceChanged { .. }) => file.open_journeys().map(|(id, _)| Ask::FollowSource(id)).collect(),
        Fact::Contact(ContactEvent::ProductChanged { .. }) => file.open_journeys().map(|(id, _)| Ask::FollowProduct(id)).collect(),
        _ => vec![],
    }
}
