//! Which buttons may be pressed now: every transition of the contact and its meetings, quotes and sales, with their jobs and change
//! orders, drawn from the tables.

use super::ContactFile;
use crate::blueprint::{Blueprint, CHANGE_ORDER, CONTACT, JOB, MeetingState, QUOTE, SALE, State, Step, To, View};
use crate::context::Context;
use crate::id::JourneyId;
use crate::refusal::OpenTransition;
use crate::sale::view_of;
use schemars::JsonSchema;
use serde::Serialize;
use uuid::Uuid;

/// One transition of one record, and whether it may be pressed now.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct Action {
    /// The command it sends, such as `meeting.issue`.
    pub command: &'static str,
    /// The value of the command's `kind` field that this button is for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// The button's label.
    pub label: &'static str,
    /// The kind of record: contact, meeting, quote, sale, job or change_order.
    pub of: &'static str,
    /// The record's id; for the contact's own transitions, the journey they would move; for a job, its sale.
    pub id: Uuid,
    /// The state the record is in.
    pub state: &'static str,
    /// Whether it may be pressed now.
    pub allowed: bool,
    /// Why not, where it may not.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why_not: Option<WhyNot>,
    /// The states it may lead to.
    pub leads_to: Vec<&'static str>,
    /// Optional fields of the command that must be filled in here; `a|b` means one of them.
    pub asks: Vec<&'static str>,
}

/// Why a button may not be pressed.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
pub struct WhyNot {
    /// `wrong_role`, `wrong_state` or `guard_failed`.
    pub code: &'static str,
    /// The reason, for people.
    pub detail: String,
}

/// Every button of the contact, none once it was erased: those of its open journeys, of its meetings but canceled ones, of its open quotes, and of its
/// sales with their jobs and change orders;
/// after what was due before this time.
pub fn actions(file: &ContactFile, context: &Context) -> Vec<Action> {
    let overdue = file.overdue(context).ok();
    let file = overdue.as_ref().map_or(file, |(_, file)| file.as_ref());
    let view = View::new(file, context);
    let mut found = Vec::new();
    let Some(primary) = file.standing.primary.filter(|_| !file.is_erased()) else { return found };
    let journeys: Vec<JourneyId> = std::iter::once(primary).chain(file.open_journeys().map(|(id, _)| id).filter(|id| *id != primary)).collect();
    for journey in journeys {
        let view = View { journey: Some(journey), ..view };
        found.extend(of_record(&CONTACT, journey.0, file.stage(journey), &view).into_iter().filter(|action| moves_a_journey(action.command)));
        if journey == primary {
            found.extend(of_record(&CONTACT, journey.0, file.state(), &view).into_iter().filter(|action| !moves_a_journey(action.command)));
        }
    }
    for (id, meeting) in file.meetings.iter().filter(|(_, meeting)| meeting.state != MeetingState::Canceled) {
        found.extend(of_record(meeting.blueprint(), id.0, Some(meeting.state), &View { journey: Some(meeting.journey), meeting: Some(*id), ..view }));
    }
    for (id, quote) in file.quotes.iter().filter(|(_, quote)| quote.state.is_open()) {
        found.extend(of_record(&QUOTE, id.0, Some(quote.state), &View { journey: Some(quote.journey), quote: Some(*id), ..view }));
    }
    for (id, sale) in &file.sales {
        let view = view_of(file, *id, sale, context);
        found.extend(of_record(&SALE, id.0, Some(sale.state), &view));
        found.extend(of_record(&JOB, id.0, Some(sale.job.status), &view));
        for (order, change_order) in &sale.change_orders {
            found.extend(of_record(&CHANGE_ORDER, order.0, Some(change_order.state), &View { change_order: Some(*order), ..view }));
        }
    }
    found
}

/// The buttons that may be pressed now, in brief.
pub fn open_transitions(file: &ContactFile, context: &Context) -> Vec<OpenTransition> {
    let open = actions(file, context).into_iter().filter(|action| action.allowed);
    open.map(|action| OpenTransition { command: action.command, label: action.label, of: action.of, id: action.id }).collect()
}

/// Transitions that concern one journey, not the contact as a whole.
fn moves_a_journey(command: &str) -> bool {
    matches!(command, "meeting.set" | "quote.add" | "contact.assign_rehash" | "contact.lose" | "journey.void")
}

/// One action per command and kind: the row that fits the state, else the first row and why it does not fit.
fn of_record<S: State>(blueprint: &Blueprint<S>, id: Uuid, state: Option<S>, view: &View) -> Vec<Action> {
    let rows = || blueprint.steps.iter().filter(|step| !step.is_automatic() && !step.starts_from(None));
    let mut found: Vec<Action> = Vec::new();
    for step in rows() {
        if found.iter().any(|action| (action.command, action.kind) == (step.command, step.kind)) {
            continue;
        }
        let same = |other: &&Step<S>| (other.command, other.kind) == (step.command, step.kind);
        let step = rows().filter(same).find(|step| step.starts_from(state)).unwrap_or(step);
        let refusal = blueprint.permit(step.command, step.kind, state, view).err();
        found.push(Action {
            command: step.command,
            kind: step.kind,
            label: step.label,
            of: blueprint.of,
            id,
            state: state.map_or("", State::name),
            allowed: refusal.is_none(),
            why_not: refusal.map(|refusal| WhyNot { code: refusal.code.as_str(), detail: refusal.detail }),
            leads_to: leads_to(blueprint, step, state),
            asks: step.asks.to_vec(),
        });
    }
    found
}

/// The states to which a button leads: those of its row, and of what happens by itself when it is pressed.
fn leads_to<S: State>(blueprint: &Blueprint<S>, step: &Step<S>, state: Option<S>) -> Vec<&'static str> {
    let by_itself = blueprint.steps.iter().filter(|row| row.is_automatic() && row.command == step.command && row.starts_from(state));
    let mut names = Vec::new();
    for row in std::iter::once(step).chain(by_itself) {
        let ends = match &row.to {
            To::Stays => state.as_slice(),
            To::State(end) => std::slice::from_ref(end),
            To::OneOf(ends) => ends,
        };
        for end in ends.iter().map(|end| end.name()) {
            if !names.contains(&end) {
                names.push(end);
            }
        }
    }
    names
}
