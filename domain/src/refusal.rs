//! How a rule says no: a code for programs, a sentence for people, and what may be done instead.

use crate::role::Role;

/// What kind of no it is; the edge turns it into a status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The thing does not exist (404).
    Missing,
    /// This actor may not (403).
    Forbidden,
    /// Not now: the state or a guard is against it (409).
    Conflict,
    /// What was sent breaks a rule (422).
    Invalid,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident $kind:ident $code:literal)*) => {
        /// Every reason for which a rule refuses. The stored and published form is [`Code::as_str`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// All of them, in the order of this file.
            pub const ALL: &'static [Code] = &[$(Code::$name),*];

            /// The code as published: it never changes.
            pub const fn as_str(self) -> &'static str {
                match self { $(Code::$name => $code),* }
            }

            /// Which kind of refusal it is.
            pub const fn kind(self) -> Kind {
                match self { $(Code::$name => Kind::$kind),* }
            }
        }
    };
}

codes! {
    /// No contact with this id.
    UnknownContact Missing "unknown_contact"
    /// No journey with this id on the contact.
    UnknownJourney Missing "unknown_journey"
    /// No meeting with this id on the contact.
    UnknownMeeting Missing "unknown_meeting"
    /// No quote with this id on the contact.
    UnknownQuote Missing "unknown_quote"
    /// No sale with this id on the contact.
    UnknownSale Missing "unknown_sale"
    /// No change order with this id on the contact.
    UnknownChangeOrder Missing "unknown_change_order"
    /// The actor's roles do not include one that may do this.
    WrongRole Forbidden "wrong_role"
    /// The record is in a state from which this transition does not start.
    WrongState Conflict "wrong_state"
    /// A condition of the transition does not hold now.
    GuardFailed Conflict "guard_failed"
    /// The person was forgotten; nothing happens to the contact any more.
    ContactErased Conflict "contact_erased"
    /// The id is already in use.
    IdTaken Conflict "id_taken"
    /// Another contact has this property address.
    AddressTaken Conflict "address_taken"
    /// The rep has another issued meeting at this time.
    RepBusy Conflict "rep_busy"
    /// The name is already in use.
    NameTaken Conflict "name_taken"
    /// The stream has moved on since the version the caller named.
    VersionMismatch Conflict "version_mismatch"
    /// A field that is needed here is missing.
    FieldRequired Invalid "field_required"
    /// A field's value breaks a rule.
    FieldInvalid Invalid "field_invalid"
    /// No person with this id or name.
    UnknownPerson Invalid "unknown_person"
    /// No lead source with this id or name.
    UnknownSource Invalid "unknown_source"
    /// No product with this id or name.
    UnknownProduct Invalid "unknown_product"
    /// No lead category with this id or name.
    UnknownCategory Invalid "unknown_category"
    /// No reason with this id or name on the company's list.
    UnknownReason Invalid "unknown_reason"
    /// No type of meeting with this id or name.
    UnknownMeetingType Invalid "unknown_meeting_type"
    /// No campaign with this id or name.
    UnknownCampaign Invalid "unknown_campaign"
    /// What was named is chosen no more.
    Retired Invalid "retired"
    /// The business time lies in the future.
    InTheFuture Invalid "in_the_future"
    /// The business time lies before the last event of the contact.
    BeforeLastEvent Invalid "before_last_event"
}

/// A transition that is open where another was refused.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, schemars::JsonSchema)]
pub struct OpenTransition {
    /// The command's name, such as `meeting.issue`.
    pub command: &'static str,
    /// The button's label.
    pub label: &'static str,
    /// The kind of record it belongs to: contact, meeting, quote, sale, job or change order.
    pub of: &'static str,
    /// The id of that record.
    pub id: uuid::Uuid,
}

/// A rule said no. Nothing was stored.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// Which rule.
    pub code: Code,
    /// Why, and what to do about it.
    pub detail: String,
    /// The fields concerned, as JSON pointers into what was sent.
    pub pointers: Vec<String>,
    /// What may be done instead, for a refused transition.
    pub open: Vec<OpenTransition>,
    /// The id of the record that is in the way, where another one is.
    pub other: Option<uuid::Uuid>,
}

impl Refusal {
    /// A refusal that concerns no field in particular.
    pub fn new(code: Code, detail: impl Into<String>) -> Refusal {
        Refusal { code, detail: detail.into(), pointers: vec![], open: vec![], other: None }
    }

    /// A refusal of one field.
    pub fn of_field(code: Code, field: &str, detail: impl Into<String>) -> Refusal {
        Refusal { pointers: vec![format!("/{field}")], ..Refusal::new(code, detail) }
    }

    /// The actor's roles do not allow it.
    pub fn wrong_role(label: &str, who: &[Role]) -> Refusal {
        let who: Vec<_> = who.iter().map(|role| role.name()).collect();
        Refusal::new(Code::WrongRole, format!("“{label}” is for {}", who.join(", ")))
    }
}
