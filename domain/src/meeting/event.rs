//! What can have happened to a meeting. The stored names are a contract for ever.

use crate::id::{JourneyId, MeetingId, PersonId};
use crate::instant::Instant;
use crate::personal::Personal;
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about one meeting. Each names its journey and its kind, so that a reader needs no other fact to place it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "meeting, journey and kind mean the same in every fact")]
pub enum MeetingEvent {
    /// It was put in the calendar (S0:14).
    #[serde(rename = "meeting.set")]
    Set {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// When it is to begin.
        start: Instant,
        /// How long it is to take.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        length_minutes: Option<u32>,
        /// Who gets the credit for setting it.
        scheduler: PersonId,
    },
    /// The customer confirmed it (S0:30).
    #[serde(rename = "meeting.confirmed")]
    Confirmed { meeting: MeetingId, journey: JourneyId, kind: MeetingKind },
    /// It was given to a rep (S0:30, P15).
    #[serde(rename = "meeting.issued")]
    Issued {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// Who goes.
        rep: PersonId,
        /// When it begins, as it stood at this time.
        start: Instant,
        /// Why it was issued without having been confirmed, where it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        unconfirmed: Option<Personal<Line>>,
    },
    /// It was given to another rep instead.
    #[serde(rename = "meeting.reissued")]
    Reissued {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// Who goes now.
        rep: PersonId,
        /// When it begins, as it stood at this time.
        start: Instant,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// It was moved; confirmation and issue are void (not a cancel).
    #[serde(rename = "meeting.rescheduled")]
    Rescheduled {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// When it is to begin now.
        start: Instant,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// It was called off before its start (S0:16, 30).
    #[serde(rename = "meeting.canceled")]
    Canceled {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// Why.
        reason: Personal<Line>,
        /// Who wanted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<AskedBy>,
    },
    /// Its result was entered (P23, P24).
    #[serde(rename = "meeting.resulted")]
    Resulted {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// What came of it.
        result: MeetingResult,
    },
}

/// What a meeting is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MeetingKind {
    /// A sales demo: confirmed, issued, and counted in the indexes.
    Demo,
    /// A second visit by a rehash rep. Never governs (METRICS C.3).
    Rehash,
    /// A demo that was not finished goes on. Never governs.
    FollowUp,
    /// Any other appointment, such as a service visit (S0:4). Never governs.
    Other,
}

impl MeetingKind {
    /// Whether it counts in the indexes and must be confirmed and issued.
    pub fn is_demo(self) -> bool {
        self == MeetingKind::Demo
    }

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            MeetingKind::Demo => "demo",
            MeetingKind::Rehash => "rehash",
            MeetingKind::FollowUp => "follow_up",
            MeetingKind::Other => "other",
        }
    }
}

/// What came of a meeting (BLUEPRINTS B.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MeetingResult {
    /// Presented and sold.
    Sold,
    /// Presented and not sold.
    DemoedNotSold,
    /// The pitch was not finished.
    FollowUp,
    /// The rep was there and did not present.
    NotDemoed,
    /// Only one decision maker was there.
    OneLeg,
    /// Nobody was there.
    NoShow,
}

impl MeetingResult {
    /// All of them.
    pub const ALL: &'static [MeetingResult] =
        &[MeetingResult::Sold, MeetingResult::DemoedNotSold, MeetingResult::FollowUp, MeetingResult::NotDemoed, MeetingResult::OneLeg, MeetingResult::NoShow];

    /// Whether it counts as demoed, where the company has not laid down otherwise (P24).
    pub fn is_demoed(self) -> bool {
        matches!(self, MeetingResult::Sold | MeetingResult::DemoedNotSold)
    }

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            MeetingResult::Sold => "sold",
            MeetingResult::DemoedNotSold => "demoed_not_sold",
            MeetingResult::FollowUp => "follow_up",
            MeetingResult::NotDemoed => "not_demoed",
            MeetingResult::OneLeg => "one_leg",
            MeetingResult::NoShow => "no_show",
        }
    }
}

/// Who wanted a meeting moved or called off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum AskedBy {
    /// The customer.
    Customer,
    /// The company.
    Us,
}

impl AskedBy {
    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            AskedBy::Customer => "customer",
            AskedBy::Us => "us",
        }
    }
}
