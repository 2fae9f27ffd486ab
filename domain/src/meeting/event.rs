//! What can have happened to a meeting. The stored names are a contract for ever.

use crate::id::{JourneyId, MeetingId, MeetingTypeId, PersonId, ReasonId};
use crate::instant::Instant;
use crate::personal::Personal;
use crate::profile::{AttemptOutcome, Channel};
use crate::text::{Label, Line};
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
        /// Which of the company's types of meetings it is of.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        meeting_type: Option<MeetingTypeId>,
        /// Whether meetings of its type are confirmed and issued (S0:30); absent: demos are, others are not.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        confirm_and_issue: Option<bool>,
        /// Whether all who decide will be there (P32).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision_makers: Option<bool>,
        /// Why not all of them will.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        why_not_all: Option<Personal<Line>>,
        /// Whether the address was checked (BLUEPRINTS B.1).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        address_checked: Option<bool>,
    },
    /// Somebody tried to have it confirmed (BLUEPRINTS B.2).
    #[serde(rename = "meeting.confirmation_attempted")]
    ConfirmationAttempted {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// How.
        channel: Channel,
        /// What came of it.
        outcome: AttemptOutcome,
    },
    /// The customer confirmed it (S0:30).
    #[serde(rename = "meeting.confirmed")]
    Confirmed {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// Who said yes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        with_whom: Option<Personal<Label>>,
        /// Whether all who decide will be there (P32).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        decision_makers: Option<bool>,
    },
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
        /// Who goes along (P15).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second_rep: Option<PersonId>,
        /// The time of its reps that it takes from now on; absent: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes: Option<RepTime>,
        /// Why, where another meeting may take the same time of a rep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overbooked: Option<Personal<Line>>,
        /// The time of its reps that it takes, being overbooked, beside other meetings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shares: Option<RepTime>,
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
        /// Who goes along now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        second_rep: Option<PersonId>,
        /// The time of its reps that it took until now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frees: Option<RepTime>,
        /// The times of reps that other meetings of the contact take beside it, and keep.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keeps: Vec<RepTime>,
        /// The time of its reps that it takes from now on; absent: none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        takes: Option<RepTime>,
        /// Why, where another meeting may take the same time of a rep.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overbooked: Option<Personal<Line>>,
        /// The time of its reps that it takes, being overbooked, beside other meetings.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        shares: Option<RepTime>,
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
        /// Which reason of the company's list it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
        /// Who wanted it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        asked_by: Option<AskedBy>,
        /// The time of its reps that it took until now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frees: Option<RepTime>,
        /// The times of reps that other meetings of the contact take beside it, and keep.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keeps: Vec<RepTime>,
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
        /// Which reason of the company's list it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
        /// What else is to be known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
        /// The time of its reps that it took until now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frees: Option<RepTime>,
        /// The times of reps that other meetings of the contact take beside it, and keep.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keeps: Vec<RepTime>,
    },
    /// Its result was entered (P23, P24).
    #[serde(rename = "meeting.resulted")]
    Resulted {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// What came of it.
        result: MeetingResult,
        /// What else is to be known.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
        /// What the result counts as, where the company has meanings of its own; absent: the usual ones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts_as: Option<CountsAs>,
        /// The time of its reps that it took until now.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        frees: Option<RepTime>,
        /// The times of reps that other meetings of the contact take beside it, and keep.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        keeps: Vec<RepTime>,
    },
    /// Its result was entered wrong; this one holds (BLUEPRINTS B.2).
    #[serde(rename = "meeting.result_corrected")]
    ResultCorrected {
        meeting: MeetingId,
        journey: JourneyId,
        kind: MeetingKind,
        /// What was entered before.
        was: MeetingResult,
        /// What came of it.
        result: MeetingResult,
        /// Why it is corrected.
        reason: Personal<Line>,
        /// What the result counts as, where the company has meanings of its own; absent: the usual ones.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        counts_as: Option<CountsAs>,
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
    /// All of them.
    pub const ALL: &'static [MeetingKind] = &[MeetingKind::Demo, MeetingKind::Rehash, MeetingKind::FollowUp, MeetingKind::Other];

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

    /// Whether the rep presented, to the end or not.
    pub fn pitch_was_begun(self) -> bool {
        matches!(self, MeetingResult::Sold | MeetingResult::DemoedNotSold | MeetingResult::FollowUp)
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

/// Time of reps that belongs to one meeting, from its start for its length.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct RepTime {
    /// Who is busy then.
    pub reps: Vec<PersonId>,
    /// From when.
    pub start: Instant,
    /// For how long.
    pub minutes: u32,
}

/// The half hours, by their number since 1970, for which claims are made.
const SLOT_MICROS: i64 = 30 * 60 * 1_000_000;

impl RepTime {
    /// Every half hour that it touches, of each rep.
    pub fn slots(&self) -> impl Iterator<Item = (PersonId, i64)> {
        let begin = self.start.micros();
        let end = begin.saturating_add(i64::from(self.minutes) * 60 * 1_000_000);
        let (first, behind) = (begin.div_euclid(SLOT_MICROS), end.saturating_sub(1).div_euclid(SLOT_MICROS) + 1);
        self.reps.iter().flat_map(move |rep| (first..behind).map(|slot| (*rep, slot)))
    }

    /// Whether both take a half hour of the same rep.
    pub fn overlaps(&self, other: &RepTime) -> bool {
        self.slots().any(|slot| other.slots().any(|taken| taken == slot))
    }
}

/// What a result counted as when it was entered (P23, P24).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(inline)]
pub struct CountsAs {
    /// Whether the demo counts as issued.
    pub issued: bool,
    /// Whether the demo counts as demoed.
    pub demoed: bool,
    /// The version of the company's meanings that says so.
    pub version: u32,
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
