//! Meetings: set, confirmed, issued, moved, canceled, held (BLUEPRINTS B.2).

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::{AskedBy, CountsAs, MeetingEvent, MeetingKind, MeetingResult, RepTime};

use crate::blueprint::{Blueprint, CONTACT, DEMO, MeetingState, PLAIN_MEETING, Step, View, asked_fields};
use crate::company::{MeetingType, Reason, ReasonList};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::{JourneyId, MeetingId, MeetingTypeId, PersonId};
use crate::instant::Instant;
use crate::personal::{Personal, personal};
use crate::reference::PersonRef;
use crate::refusal::{Code, Refusal};
use crate::text::Line;
use crate::wire::Fact;
use serde::{Deserialize, Serialize};

/// How long a meeting is taken to be whose length nobody gave, in minutes.
const USUAL_MINUTES: u32 = 90;

/// What later decisions must know of a meeting.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meeting {
    /// The journey it is for.
    pub journey: JourneyId,
    /// What it is for.
    pub kind: MeetingKind,
    /// Whether it is confirmed and issued to a rep (S0:30).
    pub confirm_and_issue: bool,
    /// Where it stands.
    pub state: MeetingState,
    /// When it begins.
    pub start: Instant,
    /// How long it is to take.
    pub length_minutes: Option<u32>,
    /// Who goes, while it is issued or after it was held.
    pub rep: Option<PersonId>,
    /// Who goes along.
    pub second_rep: Option<PersonId>,
    /// The time of its reps that it takes.
    pub takes: Option<RepTime>,
    /// What came of it.
    pub result: Option<MeetingResult>,
    /// What its result counts as, where the company had meanings of its own.
    pub counts_as: Option<CountsAs>,
}

impl Meeting {
    /// The meeting that this fact put in the calendar; of any other fact, none.
    pub fn set(event: &MeetingEvent) -> Option<Meeting> {
        let MeetingEvent::Set { journey, kind, start, length_minutes, confirm_and_issue, .. } = event else { return None };
        Some(Meeting {
            journey: *journey,
            kind: *kind,
            confirm_and_issue: confirm_and_issue.unwrap_or(kind.is_demo()),
            state: MeetingState::Set,
            start: *start,
            length_minutes: *length_minutes,
            rep: None,
            second_rep: None,
            takes: None,
            result: None,
            counts_as: None,
        })
    }

    /// The process this meeting goes through.
    pub fn blueprint(&self) -> &'static Blueprint<MeetingState> {
        if self.confirm_and_issue { &DEMO } else { &PLAIN_MEETING }
    }

    /// Whether it is in the calendar without a result.
    pub fn is_open(&self) -> bool {
        matches!(self.state, MeetingState::Set | MeetingState::Confirmed | MeetingState::Issued)
    }

    /// Whether it counts as issued, once it was (METRICS C.3): unless the company's meanings say that its result does not.
    pub fn counts_as_issued(&self) -> bool {
        self.counts_as.is_none_or(|counts| counts.issued)
    }

    /// Whether it counts as demoed (P24): a demo with a result that does.
    pub fn is_demoed(&self) -> bool {
        self.kind.is_demo() && self.result.is_some_and(|result| counts_as_demoed(result, self.counts_as))
    }

    /// Whether it was held, once it was issued (S0:24): it has no result yet, its pitch was begun, or it counts as demoed. What a company
    /// counts in its figures takes no sale of a demo away from management.
    pub fn was_held(&self) -> bool {
        self.result.is_none_or(|result| was_held(result, self.counts_as))
    }

    /// The meeting after one more fact about it.
    pub fn evolve(self, event: &MeetingEvent) -> Meeting {
        match event {
            MeetingEvent::Set { .. } | MeetingEvent::ConfirmationAttempted { .. } => self,
            MeetingEvent::Confirmed { .. } => Meeting { state: MeetingState::Confirmed, ..self },
            MeetingEvent::Issued { rep, second_rep, takes, shares, .. } | MeetingEvent::Reissued { rep, second_rep, takes, shares, .. } => {
                let takes = takes.clone().or(shares.clone());
                Meeting { state: MeetingState::Issued, rep: Some(*rep), second_rep: *second_rep, takes, ..self }
            }
            MeetingEvent::Rescheduled { start, .. } => Meeting { state: MeetingState::Set, start: *start, rep: None, second_rep: None, takes: None, ..self },
            MeetingEvent::Canceled { .. } => Meeting { state: MeetingState::Canceled, rep: None, second_rep: None, takes: None, ..self },
            MeetingEvent::Resulted { result, counts_as, .. } | MeetingEvent::ResultCorrected { result, counts_as, .. } => {
                Meeting { state: MeetingState::Completed, result: Some(*result), counts_as: *counts_as, takes: None, ..self }
            }
        }
    }
}

/// Whether a demo with this result was held: its pitch was begun, whatever that counts as, or the company counts it as demoed.
fn was_held(result: MeetingResult, counts_as: Option<CountsAs>) -> bool {
    result.pitch_was_begun() || counts_as_demoed(result, counts_as)
}

/// Whether a demo with this result counts as demoed (P24).
fn counts_as_demoed(result: MeetingResult, counts_as: Option<CountsAs>) -> bool {
    counts_as.map_or(result.is_demoed(), |counts| counts.demoed)
}

/// Decides a wish about a meeting.
pub fn decide(file: &ContactFile, command: &MeetingCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    match command {
        MeetingCommand::Set(ask) => set(file, ask, context),
        MeetingCommand::LogConfirmAttempt(ask) => {
            let (&Meeting { journey, kind, .. }, _) = permitted(file, "meeting.log_confirm_attempt", ask.meeting, context)?;
            Ok(vec![MeetingEvent::ConfirmationAttempted { meeting: ask.meeting, journey, kind, channel: ask.channel, outcome: ask.outcome }.into()])
        }
        MeetingCommand::Confirm(ask) => {
            let (&Meeting { journey, kind, .. }, step) = permitted(file, "meeting.confirm", ask.meeting, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            let (with_whom, decision_makers) = (personal(&ask.with_whom), ask.decision_makers);
            Ok(vec![MeetingEvent::Confirmed { meeting: ask.meeting, journey, kind, with_whom, decision_makers }.into()])
        }
        MeetingCommand::Issue(ask) => issue(file, ask, context),
        MeetingCommand::Reschedule(ask) => reschedule(file, ask, context),
        MeetingCommand::Cancel(ask) => {
            let (meeting, step) = permitted(file, "meeting.cancel", ask.meeting, context)?;
            asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
            let reason = context.company.reasons.choose(ReasonList::MeetingCanceled, "reason", &ask.reason, context.actor.is_importer())?;
            Ok(vec![canceled(ask.meeting, meeting, reason, ask.asked_by, personal(&ask.note))])
        }
        MeetingCommand::Result(ask) => {
            let (&Meeting { journey, kind, ref takes, .. }, _) = permitted(file, "meeting.result", ask.meeting, context)?;
            let (counts_as, frees) = (counted_as(kind, ask.result, context), takes.clone());
            Ok(vec![
                MeetingEvent::Resulted { meeting: ask.meeting, journey, kind, result: ask.result, note: personal(&ask.note), counts_as, frees, keeps: vec![] }
                    .into(),
            ])
        }
        MeetingCommand::CorrectResult(ask) => correct_result(file, ask, context),
    }
}

fn set(file: &ContactFile, ask: &SetMeeting, context: &Context) -> Result<Vec<Fact>, Refusal> {
    file.journey(ask.journey)?;
    id_is_free(file, ask.meeting)?;
    let (kind, of_type) = kind_and_type(ask, context)?;
    let view = View { journey: Some(ask.journey), ..View::new(file, context) };
    let step = CONTACT.permit("meeting.set", Some(kind.name()), file.stage(ask.journey), &view)?;
    let live = !context.actor.is_importer();
    asked_fields(step.asks, live, given(ask))?;
    if live && ask.decision_makers == Some(false) && ask.why_not_all.is_none() {
        return Err(Refusal::of_field(Code::FieldRequired, "why_not_all", "not all who decide will be there, so it must be said why"));
    }
    if live && ask.address_checked == Some(false) {
        return Err(Refusal::of_field(Code::FieldInvalid, "address_checked", "check the address first, then say that it was"));
    }
    not_in_the_past(ask.start, context)?;
    let scheduler = scheduler(ask.scheduler.as_ref(), context)?;
    let SetMeeting { meeting, journey, start, length_minutes, decision_makers, address_checked, .. } = *ask;
    Ok(vec![
        MeetingEvent::Set {
            meeting,
            journey,
            kind,
            start,
            length_minutes,
            scheduler,
            meeting_type: of_type.map(|(id, _)| id),
            confirm_and_issue: of_type.map(|(_, about)| about.confirm_and_issue),
            decision_makers,
            why_not_all: personal(&ask.why_not_all),
            address_checked,
        }
        .into(),
    ])
}

/// What a meeting is for: as its type says, where one is named, else as was said.
fn kind_and_type(ask: &SetMeeting, context: &Context) -> Result<(MeetingKind, Option<(MeetingTypeId, MeetingType)>), Refusal> {
    let of_type = ask.meeting_type.as_ref().map(|wanted| context.company.meeting_type(wanted)).transpose()?;
    match (of_type, ask.kind) {
        (Some((_, about)), Some(kind)) if about.kind != kind => {
            let detail = format!("meetings of this type are of the kind {}; leave the kind out", about.kind.name());
            Err(Refusal::of_field(Code::FieldInvalid, "kind", detail))
        }
        (Some((_, about)), _) => Ok((about.kind, of_type)),
        (None, Some(kind)) => Ok((kind, None)),
        (None, None) => Err(Refusal::of_field(Code::FieldRequired, "kind", "kind or type must be filled in here")),
    }
}

/// Issues a demo; an issued one goes to another rep, and to the same reps is nothing new.
fn issue(file: &ContactFile, ask: &IssueMeeting, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (found, step) = permitted(file, "meeting.issue", ask.meeting, context)?;
    let rep = context.company.person("rep", &ask.rep)?;
    let second_rep = ask.second_rep.as_ref().map(|second| context.company.person("second_rep", second)).transpose()?;
    if second_rep == Some(rep) {
        return Err(Refusal::of_field(Code::FieldInvalid, "second_rep", "who goes along is somebody else"));
    }
    let is_issued = found.state == MeetingState::Issued;
    if is_issued && (found.rep, found.second_rep) == (Some(rep), second_rep) {
        return Ok(vec![]);
    }
    let overbook = ask.overbook == Some(true);
    let asks: &[&str] = if overbook { &["reason"] } else { step.asks };
    asked_fields(asks, !context.actor.is_importer(), given(ask))?;
    let (meeting, &Meeting { journey, kind, start, length_minutes, .. }) = (ask.meeting, found);
    let wanted = RepTime { reps: std::iter::once(rep).chain(second_rep).collect(), start, minutes: length_minutes.unwrap_or(USUAL_MINUTES) };
    let is_busy = |who: &&PersonId| file.taken_beside(meeting, &RepTime { reps: vec![**who], ..wanted.clone() }).next().is_some();
    if let Some(busy) = wanted.reps.iter().find(is_busy).filter(|_| !overbook) {
        let field = if *busy == rep { "rep" } else { "second_rep" };
        let detail = "another meeting of this contact that is issued to the same rep touches one of the same half hours";
        return Err(Refusal::of_field(Code::RepBusy, field, detail));
    }
    let reason = personal(&ask.reason);
    let overbooked = overbook.then(|| reason.clone().or_else(not_recorded)).flatten();
    let (takes, shares) = if overbook { (None, Some(wanted)) } else { (Some(wanted), None) };
    if is_issued {
        let frees = found.takes.clone();
        return Ok(vec![
            MeetingEvent::Reissued { meeting, journey, kind, rep, start, reason, second_rep, frees, keeps: vec![], takes, overbooked, shares }.into(),
        ]);
    }
    let unconfirmed = (found.state != MeetingState::Confirmed).then(|| reason.or_else(not_recorded)).flatten();
    Ok(vec![MeetingEvent::Issued { meeting, journey, kind, rep, start, unconfirmed, second_rep, takes, overbooked, shares }.into()])
}

/// What stands for a reason that another system did not keep.
fn not_recorded() -> Option<Personal<Line>> {
    Line::try_new("not recorded").ok().map(Personal::Known)
}

fn reschedule(file: &ContactFile, ask: &RescheduleMeeting, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (&Meeting { journey, kind, ref takes, .. }, step) = permitted(file, "meeting.reschedule", ask.meeting, context)?;
    let imported = context.actor.is_importer();
    asked_fields(step.asks, !imported, given(ask))?;
    not_in_the_past(ask.start, context)?;
    let chosen = ask.reason.as_ref().map(|said| context.company.reasons.choose(ReasonList::MeetingRescheduled, "reason", said, imported)).transpose()?;
    let (reason, reason_id) = chosen.map_or((None, None), |Reason { words, id }| (Some(words), id));
    let RescheduleMeeting { meeting, start, asked_by, .. } = *ask;
    Ok(vec![MeetingEvent::Rescheduled { meeting, journey, kind, start, reason, reason_id, asked_by, frees: takes.clone(), keeps: vec![] }.into()])
}

/// Corrects a result, unless a sale of the journey stands on there having been a demo, or on there having been none (BLUEPRINTS B.2).
fn correct_result(file: &ContactFile, ask: &CorrectResult, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let (&Meeting { journey, kind, result, .. }, _) = permitted(file, "meeting.correct_result", ask.meeting, context)?;
    let Some(was) = result.filter(|was| *was != ask.result) else { return Ok(vec![]) };
    let counts_as = counted_as(kind, ask.result, context);
    let corrected =
        MeetingEvent::ResultCorrected { meeting: ask.meeting, journey, kind, was, result: ask.result, reason: ask.reason.clone().into(), counts_as };
    let mut after = file.clone();
    after.evolve(&corrected.clone().into(), context.at);
    let refused = |detail| Err(Refusal::of_field(Code::FieldInvalid, "result", detail));
    match (file.demo_was_held(journey), after.demo_was_held(journey)) {
        (true, false) if file.has_standing_sale(journey) => refused("no demo would have been held, and a sale of the journey stands; cancel the sale first"),
        (false, true) if file.has_direct_sale(journey) => {
            refused("a demo would have been held, and a sale of the journey counts that management never approved; cancel the sale first")
        }
        _ => Ok(vec![corrected.into()]),
    }
}

/// What the result of a demo counts as, where the company has meanings of its own.
fn counted_as(kind: MeetingKind, result: MeetingResult, context: &Context) -> Option<CountsAs> {
    let (own, meaning) = (context.company.results.version > 1, context.company.results.of(result));
    (own && kind.is_demo()).then_some(CountsAs { issued: meaning.issued, demoed: meaning.demoed, version: context.company.results.version })
}

/// Calls off a meeting whose journey was lost: one that has not begun, or was never issued. One that has begun keeps its rep and needs a result.
pub fn call_off(file: &ContactFile, id: MeetingId, reason: &Personal<Line>, context: &Context) -> Vec<Fact> {
    match file.meetings.get(&id) {
        Some(meeting) if meeting.is_open() && (context.at < meeting.start || meeting.state != MeetingState::Issued) => {
            vec![canceled(id, meeting, Reason { words: reason.clone(), id: None }, None, None)]
        }
        _ => vec![],
    }
}

fn canceled(id: MeetingId, meeting: &Meeting, Reason { words, id: reason_id }: Reason, asked_by: Option<AskedBy>, note: Option<Personal<Line>>) -> Fact {
    let (journey, kind, frees) = (meeting.journey, meeting.kind, meeting.takes.clone());
    MeetingEvent::Canceled { meeting: id, journey, kind, reason: words, asked_by, reason_id, note, frees, keeps: vec![] }.into()
}

fn permitted<'a>(file: &'a ContactFile, command: &str, id: MeetingId, context: &Context) -> Result<(&'a Meeting, &'static Step<MeetingState>), Refusal> {
    let meeting = file.meeting(id)?;
    let view = View { journey: Some(meeting.journey), meeting: Some(id), ..View::new(file, context) };
    if !meeting.blueprint().steps.iter().any(|step| step.command == command) {
        return Err(Refusal::new(Code::WrongState, "this meeting is neither confirmed nor issued, by its kind or type: it is set, then completed or canceled"));
    }
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
