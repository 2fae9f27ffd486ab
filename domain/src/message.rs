//! What the world is told: whoever keeps copies learns what must be done to them. Nothing personal leaves the house here.

use crate::id::ContactId;
use crate::profile::ContactEvent;
use crate::wire::Fact;
use serde_json::{Value, json};

/// A message to the receiver that an installation names.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What it is about: the stored name of the fact.
    pub topic: &'static str,
    /// What is said.
    pub data: Value,
}

/// The message that a fact about a contact sends: that somebody was forgotten, so that copies can be as well (SECURITY 4.5).
pub fn told_by(fact: &Fact, contact: ContactId) -> Option<Message> {
    match fact {
        Fact::Contact(ContactEvent::Erased { basis, .. }) => Some(Message { topic: "contact.erased", data: json!({ "contact": contact, "basis": basis }) }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profile::EraseBasis;

    #[test]
    fn that_a_person_was_forgotten_is_told_and_nothing_of_the_person() {
        let contact = ContactId(uuid::Uuid::from_u128(7));
        let erased = ContactEvent::Erased { basis: EraseBasis::RetentionEnded, journeys: vec![] };
        let data = json!({ "contact": "00000000-0000-0000-0000-000000000007", "basis": "retention_ended" });
        assert_eq!(told_by(&erased.into(), contact), Some(Message { topic: "contact.erased", data }));
        let lifted = ContactEvent::HoldLifted { reason: crate::text::Line::try_new("settled").unwrap().into() };
        assert_eq!(told_by(&lifted.into(), contact), None);
    }
}
