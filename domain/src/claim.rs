//! What is unique inside a company, derived from facts alone so that it can be made anew from the log.

use crate::address::{Address, KEY_VERSION};
use crate::meeting::{MeetingEvent, RepTime};
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

/// The claims a fact takes: a contact claims its property address (S0:7), unless it shares one on purpose, and an issued meeting the time
/// of its reps (BLUEPRINTS B.2). A contact without an address claims nothing.
pub fn taken_by(fact: &Fact) -> Vec<Claim> {
    match fact {
        Fact::Contact(ContactEvent::Added(added)) if !added.address_shared => added.address.iter().filter_map(Personal::known).map(of_address).collect(),
        Fact::Contact(ContactEvent::AddressCorrected { to, shared: false, .. }) => to.known().map(of_address).into_iter().collect(),
        Fact::Meeting(MeetingEvent::Issued { takes, .. } | MeetingEvent::Reissued { takes, .. }) => of_time(takes),
        _ => vec![],
    }
}

/// The claims a fact takes beside whoever holds them: the time of an overbooked meeting's reps, and once a meeting frees time, what other
/// meetings of its contact keep of it.
pub fn shared_by(fact: &Fact) -> Vec<Claim> {
    use MeetingEvent::{Canceled, Issued, Reissued, Rescheduled, Resulted};
    match fact {
        Fact::Meeting(Issued { shares, .. }) => of_time(shares),
        Fact::Meeting(Reissued { shares, keeps, .. }) => of_time(shares.iter().chain(keeps)),
        Fact::Meeting(Rescheduled { keeps, .. } | Canceled { keeps, .. } | Resulted { keeps, .. }) => of_time(keeps),
        _ => vec![],
    }
}

/// The claims a fact lets go, if its contact holds them: that of the address which turned out to be wrong, and the time of a meeting's
/// reps, once it is theirs again. They are let go before it takes or shares any.
pub fn freed_by(fact: &Fact) -> Vec<Claim> {
    use MeetingEvent::{Canceled, Reissued, Rescheduled, Resulted};
    match fact {
        Fact::Contact(ContactEvent::AddressCorrected { from: Some(from), .. }) => from.known().map(of_address).into_iter().collect(),
        Fact::Meeting(Reissued { frees, .. } | Rescheduled { frees, .. } | Canceled { frees, .. } | Resulted { frees, .. }) => of_time(frees),
        _ => vec![],
    }
}

/// The field that named the rep of whom a fact claims this half hour.
pub fn field_of_rep(fact: &Fact, claimed: &str) -> &'static str {
    use MeetingEvent::{Issued, Reissued};
    match fact {
        Fact::Meeting(Issued { second_rep: Some(second), .. } | Reissued { second_rep: Some(second), .. }) if claimed.starts_with(&second.to_string()) => {
            "second_rep"
        }
        _ => "rep",
    }
}

/// The kind of the claims of a rep's half hours.
pub const REP_TIME: &str = "rep_half_hour.v1";

/// The claims of time: each half hour of each rep.
fn of_time<'a>(times: impl IntoIterator<Item = &'a RepTime>) -> Vec<Claim> {
    let slots = times.into_iter().flat_map(RepTime::slots);
    slots.map(|(rep, slot)| Claim { kind: REP_TIME.into(), value: format!("{rep}/{slot}") }).collect()
}

/// The claim of a property address.
pub fn of_address(address: &Address) -> Claim {
    Claim { kind: format!("property_address.v{KEY_VERSION}"), value: address.key() }
}
