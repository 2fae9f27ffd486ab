//! What is unique inside a company, derived from facts alone so that it can be made anew from the log.

use crate::address::{Address, KEY_VERSION};
use crate::personal::Personal;
use crate::profile::ContactEvent;
use crate::wire::Fact;

/// A claim to be the only one with a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Claim {
    /// What is claimed, with the version of its normaliser.
    pub kind: String,
    /// The normalised value.
    pub value: String,
}

/// Whether a fact forgets the person: what is personal of its contact is destroyed with it, and all its claims are let go.
pub fn erases(fact: &Fact) -> bool {
    matches!(fact, Fact::Contact(ContactEvent::Erased { .. }))
}

/// The claims a fact takes: a contact claims its property address (S0:7), unless it shares one on purpose. A contact without an address
/// claims nothing.
pub fn taken_by(fact: &Fact) -> Vec<Claim> {
    match fact {
        Fact::Contact(ContactEvent::Added(added)) if !added.address_shared => added.address.iter().filter_map(Personal::known).map(of_address).collect(),
        Fact::Contact(ContactEvent::AddressCorrected { to, shared: false, .. }) => to.known().map(of_address).into_iter().collect(),
        _ => vec![],
    }
}

/// The claims a fact lets go, if its contact holds them: that of the address which turned out to be wrong.
pub fn freed_by(fact: &Fact) -> Vec<Claim> {
    match fact {
        Fact::Contact(ContactEvent::AddressCorrected { from: Some(from), .. }) => from.known().map(of_address).into_iter().collect(),
        _ => vec![],
    }
}

/// The claim of a property address.
pub fn of_address(address: &Address) -> Claim {
    Claim { kind: format!("property_address.v{KEY_VERSION}"), value: address.key() }
}
