//! What may be asked of a meeting.

use super::{AskedBy, MeetingKind, MeetingResult};
use crate::id::{JourneyId, MeetingId};
use crate::instant::Instant;
use crate::reference::PersonRef;
use crate::text::Line;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A wish about one meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum MeetingCommand {
    /// Put a meeting in the calendar (S0:14).
    #[serde(rename = "meeting.set")]
    Set(SetMeeting),
    /// Record that the customer confirmed a demo (S0:30).
    #[serde(rename = "meeting.confirm")]
    Confirm(ConfirmMeeting),
    /// Give a demo to a rep; an issued one, to another rep (S0:30).
    #[serde(rename = "meeting.issue")]
    Issue(IssueMeeting),
    /// Move a meeting; confirmation and issue are void.
    #[serde(rename = "meeting.reschedule")]
    Reschedule(RescheduleMeeting),
    /// Call a meeting off before its start (S0:16, 30).
    #[serde(rename = "meeting.cancel")]
    Cancel(CancelMeeting),
    /// Enter what came of a meeting (P23, P24).
    #[serde(rename = "meeting.result")]
    Result(ResultMeeting),
}

/// `meeting.set`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMeeting {
    /// Id of the meeting.
    pub meeting: MeetingId,
    /// The journey it is for.
    pub journey: JourneyId,
    /// What it is for.
    pub kind: MeetingKind,
    /// When it is to begin; not before the business time.
    pub start: Instant,
    /// How long it is to take, 1 to 1,440 minutes.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "minutes")]
    #[schemars(range(min = 1, max = 1440))]
    pub length_minutes: Option<u32>,
    /// Who gets the credit for setting it; without it, who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<PersonRef>,
}

/// Reads a length in minutes: 1 to 1,440.
pub fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(0 | 1441..) => Err(de::Error::custom("must be between 1 and 1440 minutes")),
        length => Ok(length),
    }
}

/// `meeting.confirm`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmMeeting {
    /// The demo.
    pub meeting: MeetingId,
}

/// `meeting.issue`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueMeeting {
    /// The demo.
    pub meeting: MeetingId,
    /// Who goes.
    pub rep: PersonRef,
    /// Why without confirmation, or why to another rep.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `meeting.reschedule`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// When it is to begin now; not before the business time.
    pub start: Instant,
    /// Why.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
}

/// `meeting.cancel`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// Why.
    pub reason: Line,
    /// Who wanted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
}

/// `meeting.result`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// What came of it.
    pub result: MeetingResult,
}
