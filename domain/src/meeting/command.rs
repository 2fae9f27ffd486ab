//! What may be asked of a meeting.

use super::{AskedBy, MeetingKind, MeetingResult};
use crate::id::{JourneyId, MeetingId};
use crate::instant::Instant;
use crate::profile::{AttemptOutcome, Channel};
use crate::reference::{MeetingTypeRef, PersonRef};
use crate::text::{Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// A wish about one meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum MeetingCommand {
    /// Put a meeting in the calendar (S0:14).
    #[serde(rename = "meeting.set")]
    Set(SetMeeting),
    /// Record that somebody tried to have a demo confirmed.
    #[serde(rename = "meeting.log_confirm_attempt")]
    LogConfirmAttempt(LogConfirmAttempt),
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
    /// Put a result right that was entered wrong. Nothing is deleted (BLUEPRINTS B.2).
    #[serde(rename = "meeting.correct_result")]
    CorrectResult(CorrectResult),
}

/// `meeting.set`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SetMeeting {
    /// Id of the meeting.
    pub meeting: MeetingId,
    /// The journey it is for.
    pub journey: JourneyId,
    /// What it is for; not needed where a type is named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<MeetingKind>,
    /// Which of the company's types of meetings it is of, by id or name.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub meeting_type: Option<MeetingTypeRef>,
    /// When it is to begin; not before the business time.
    pub start: Instant,
    /// How long it is to take, 1 to 1,440 minutes.
    #[serde(skip_serializing_if = "Option::is_none", default, deserialize_with = "minutes")]
    #[schemars(range(min = 1, max = 1440))]
    pub length_minutes: Option<u32>,
    /// Who gets the credit for setting it; without it, who did it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub scheduler: Option<PersonRef>,
    /// Whether all who decide will be there (P32).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_makers: Option<bool>,
    /// Why not all of them will.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not_all: Option<Line>,
    /// That the address was checked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub address_checked: Option<bool>,
}

/// Reads a length in minutes: 1 to 1,440.
pub fn minutes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(0 | 1441..) => Err(de::Error::custom("must be between 1 and 1440 minutes")),
        length => Ok(length),
    }
}

/// `meeting.log_confirm_attempt`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LogConfirmAttempt {
    /// The demo.
    pub meeting: MeetingId,
    /// How.
    pub channel: Channel,
    /// What came of it.
    pub outcome: AttemptOutcome,
}

/// `meeting.confirm`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConfirmMeeting {
    /// The demo.
    pub meeting: MeetingId,
    /// Who said yes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub with_whom: Option<Label>,
    /// Whether all who decide will be there (P32).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub decision_makers: Option<bool>,
}

/// `meeting.issue`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct IssueMeeting {
    /// The demo.
    pub meeting: MeetingId,
    /// Who goes.
    pub rep: PersonRef,
    /// Who goes along; somebody else.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub second_rep: Option<PersonRef>,
    /// Why without confirmation, why to another rep, or why overbooked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
    /// That it may overlap with other issued meetings of a rep. Its own time is taken all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overbook: Option<bool>,
}

/// `meeting.reschedule`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RescheduleMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// When it is to begin now; not before the business time.
    pub start: Instant,
    /// Why, from the company's list where it has one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<Line>,
    /// Who wanted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
}

/// `meeting.cancel`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// Why, from the company's list where it has one.
    pub reason: Line,
    /// Who wanted it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<AskedBy>,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `meeting.result`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultMeeting {
    /// The meeting.
    pub meeting: MeetingId,
    /// What came of it.
    pub result: MeetingResult,
    /// What else is to be known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<Line>,
}

/// `meeting.correct_result`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CorrectResult {
    /// The meeting.
    pub meeting: MeetingId,
    /// What came of it. That no demo was held is refused while a sale of the journey stands.
    pub result: MeetingResult,
    /// Why it is corrected.
    pub reason: Line,
}
