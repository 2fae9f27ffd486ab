//! Meetings: set, confirmed, issued, moved, canceled, held (BLUEPRINTS B.2).

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{AskedBy, MeetingEvent, MeetingKind, MeetingResult};

use crate::blueprint::{Blueprint, CONTACT, DEMO, MeetingState, PLAIN_MEETING, Step, View, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::{JourneyId, MeetingId, PersonId};
use crate::instant::Instant;
use crate::personal::{Personal, personal};
use crate::reference::PersonRef;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;

/// What later decisions must know of a meeting.
#[derive(Clone, Debug, PartialEq)]
pub struct Meeting {
    /// The journey it is for.
    pub journey: JourneyId,
    /// What it is for.
    pub kind: MeetingKind,
    /// Where it stands.
    pub state: MeetingState,
    /// When it begins.
    pub start: Instant,
    /// Who goes, while it is issued or after it was held.
    pub rep: Option<PersonId>,
    /// What came of it.
    pub result: Option<MeetingResult>,
}

impl Meeting {
    /// The process this meeting goes through.
    pub fn blueprint(&self) -> &'static Blueprint<MeetingState> {
        if self.kind.is_demo() { &DEMO } else { &PLAIN_MEETING }
    }

    /// Whether it is in the calendar without a result.
    pub fn is_open(&self) -> bool {
        matches!(self.state, MeetingState::Set | MeetingState::Confirmed | MeetingState::Issued)
    }

    /// The meeting after one more fact about it.
    pub fn evolve(self, event: &MeetingEvent) -> Meeting {
        match event {
            MeetingEvent::Set { .. } => self,
            MeetingEvent::Confirmed { .. } => Meeting { state: MeetingState::Confirmed, ..self },
            MeetingEvent::Issued { rep, .. } | MeetingEvent::Reissued { rep, .. } => Meeting { state: MeetingState::Issued, rep: Some(*rep), ..self },
            MeetingEvent::Rescheduled { start, .. } => Meeting { state: MeetingState::Set, start: *start, rep: None, ..self },
            MeetingEvent::Canceled { .. } => Meeting { state: MeetingState::Canceled, rep: None, ..self },
            MeetingEvent::Resulted { result, .. } => Meeting { state: MeetingState::Completed, result: Some(*result), ..self },
        }
    }
}

/// Decides a wish about a meeting.
pub fn decide(file: &ContactFile, command: &MeetingCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        MeetingCommand::Set(ask) => set(file, ask, context),
        MeetingCommand::Confirm(ask) => {
            let (meeting, step) = permitted(file, "meeting.confirm", ask.meeting, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            Ok(vec![MeetingEvent::Confirmed { meeting: ask.meeting, journey: meeting.journey, kind: meeting.kind }.into()])
        }
        MeetingCommand::Issue(ask) => issue(file, ask, context),
        MeetingCommand::Reschedule(ask) => {
            let (meeting, step) = permitted(file, "meeting.reschedule", ask.meeting, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            not_in_the_past(ask.start, context)?;
            Ok(vec![
                MeetingEvent::Rescheduled {
                    meeting: ask.meeting,
                    journey: meeting.journey,
                    kind: meeting.kind,
                    start: ask.start,
                    reason: personal(&ask.reason),
                }
                .into(),
            ])
        }
        MeetingCommand::Cancel(ask) => {
            let (meeting, step) = permitted(file, "meeting.cancel", ask.meeting, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            Ok(vec![canceled(ask.meeting, meeting, &ask.reason.clone().into(), ask.asked_by)])
        }
        MeetingCommand::Result(ask) => {
            let (meeting, _) = permitted(file, "meeting.result", ask.meeting, context)?;
            Ok(vec![MeetingEvent::Resulted { meeting: ask.meeting, journey: meeting.journey, kind: meeting.kind, result: ask.result }.into()])
        }
    }
}

fn set(file: &ContactFile, ask: &SetMeeting, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    id_is_free(file, ask.meeting)?;
    let view = View { journey: Some(ask.journey), ..View::new(file, context) };
    let step = CONTACT.permit("meeting.set", Some(ask.kind.name()), file.stage(ask.journey), &view)?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    not_in_the_past(ask.start, context)?;
    let scheduler = scheduler(ask.scheduler.as_ref(), context)?;
    let SetMeeting { meeting, journey, kind, start, length_minutes, .. } = *ask;
    Ok(vec![MeetingEvent::Set { meeting, journey, kind, start, length_minutes, scheduler }.into()])
}

/// Issues a demo; an issued one goes to another rep, and to the same rep is nothing new.
fn issue(file: &ContactFile, ask: &IssueMeeting, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (meeting, step) = permitted(file, "meeting.issue", ask.meeting, context)?;
    let rep = context.company.person("rep", &ask.rep)?;
    let issued_to = (meeting.state == MeetingState::Issued).then_some(meeting.rep).flatten();
    if issued_to == Some(rep) {
        return Ok(vec![]);
    }
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    let Meeting { journey, kind, start, .. } = *meeting;
    let reason = personal(&ask.reason);
    Ok(vec![match meeting.state {
        MeetingState::Issued => MeetingEvent::Reissued { meeting: ask.meeting, journey, kind, rep, start, reason }.into(),
        MeetingState::Confirmed => MeetingEvent::Issued { meeting: ask.meeting, journey, kind, rep, start, unconfirmed: None }.into(),
        _ => MeetingEvent::Issued {
            meeting: ask.meeting,
            journey,
            kind,
            rep,
            start,
            unconfirmed: reason.or_else(|| Line::try_new("not recorded").ok().map(Personal::Known)),
        }
        .into(),
    }])
}

/// Calls off a meeting whose journey was lost: one that has not begun, or was never issued. One that has begun keeps its rep and needs a result.
pub fn call_off(file: &ContactFile, id: MeetingId, reason: &Personal<Line>, context: &Context) -> Vec<Fact> {
    match file.meetings.get(&id) {
        Some(meeting) if meeting.is_open() && (context.at < meeting.start || meeting.state != MeetingState::Issued) => {
            vec![canceled(id, meeting, reason, None)]
        }
        _ => vec![],
    }
}

fn canceled(id: MeetingId, meeting: &Meeting, reason: &Personal<Line>, asked_by: Option<AskedBy>) -> Fact {
    MeetingEvent::Canceled { meeting: id, journey: meeting.journey, kind: meeting.kind, reason: reason.clone(), asked_by }.into()
}

fn permitted<'a>(file: &'a ContactFile, command: &str, id: MeetingId, context: &Context) -> Result<(&'a Meeting, &'static Step<MeetingState>), Refusal> {
    let meeting = file.meeting(id)?;
    let view = View { journey: Some(meeting.journey), meeting: Some(id), ..View::new(file, context) };
    let step = meeting.blueprint().permit(command, None, Some(meeting.state), &view)?;
    Ok((meeting, step))
}

/// Refuses a meeting id that the contact has used.
pub fn id_is_free(file: &ContactFile, meeting: MeetingId) -> Result<(), Refusal> {
    if file.meetings.contains_key(&meeting) {
        return Err(Refusal::of_field(Code::IdTaken, "meeting", "the contact has a meeting with this id already"));
    }
    Ok(())
}

/// Refuses a start before the business time.
pub fn not_in_the_past(start: Instant, context: &Context) -> Result<(), Refusal> {
    if start < context.at {
        return Err(Refusal::of_field(Code::FieldInvalid, "start", format!("the meeting would begin at {start}, before it is set at {}", context.at)));
    }
    Ok(())
}

/// Who gets the credit for setting: the person named, else who did it.
pub fn scheduler(named: Option<&PersonRef>, context: &Context) -> Result<PersonId, Refusal> {
    match (named, context.actor.person) {
        (Some(person), _) => context.company.person("scheduler", person),
        (None, Some(person)) => Ok(person),
        (None, None) => Err(Refusal::of_field(Code::FieldRequired, "scheduler", "nobody is named as the one who did it, so the scheduler must be")),
    }
}
