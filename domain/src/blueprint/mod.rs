//! The processes as tables: which button leads from which state to which, who may press it, what it asks for, what it emits.
//!
//! A process is data. The decider, the answer to "which buttons may I press", the required-field errors, the forms and the
//! diagrams all come from these rows and cannot disagree (BLUEPRINTS B.0).

mod change_order;
mod contact;
mod document;
mod job;
mod meeting;
mod mermaid;
mod quote;
mod sale;
#[cfg(test)]
mod tests;

pub use change_order::{CHANGE_ORDER, ChangeOrderState};
pub use contact::{CONTACT, ContactState};
pub use document::document;
pub use job::{JOB, JobStatus};
pub use meeting::{DEMO, MeetingState, PLAIN_MEETING};
pub use quote::{QUOTE, QuoteState};
pub use sale::{SALE, SaleState};

use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::{ChangeOrderId, JourneyId, MeetingId, QuoteId, SaleId};
use crate::refusal::{Code, Refusal};
use crate::role::Role;

/// A stage of a process.
pub trait State: Copy + PartialEq + std::fmt::Debug + 'static {
    /// All states, in the order of the process.
    const ALL: &'static [Self];
    /// The name, as stored and shown: lower case with underscores.
    fn name(self) -> &'static str;
    /// The name for people.
    fn label(self) -> &'static str;
}

/// A process: its states are the type, its transitions the rows.
#[derive(Debug)]
pub struct Blueprint<S: State> {
    /// The kind of record it is about: contact, meeting, quote, sale, job or change order.
    pub of: &'static str,
    /// Its name for people.
    pub title: &'static str,
    /// The rows.
    pub steps: &'static [Step<S>],
}

/// One row: a transition, which people see as a button.
#[derive(Debug)]
pub struct Step<S: State> {
    /// The button.
    pub label: &'static str,
    /// The command it sends; for an automatic step, the command that makes it happen.
    pub command: &'static str,
    /// The value of the command's `kind` field that this row is for, where there is more than one row.
    pub kind: Option<&'static str>,
    /// From which states.
    pub from: From<S>,
    /// To which state.
    pub to: To<S>,
    /// Who may press it; [`Role::System`] alone means that it happens by itself.
    pub who: &'static [Role],
    /// Optional fields of the command that a live user must fill in; `a|b` means one of them. The importer may leave them out.
    pub asks: &'static [&'static str],
    /// What must hold besides the state.
    pub guards: &'static [Guard],
    /// The stored names of the events it adds.
    pub emits: &'static [&'static str],
    /// Where the row comes from.
    pub source: &'static str,
}

/// Where a step starts.
#[derive(Debug)]
pub enum From<S: State> {
    /// The record does not exist yet.
    Nothing,
    /// The record is in one of these states.
    In(&'static [S]),
}

/// Where a step ends.
#[derive(Debug)]
pub enum To<S: State> {
    /// The state does not change.
    Stays,
    /// This state.
    State(S),
    /// One of these, by what was entered or by what else is true.
    OneOf(&'static [S]),
}

/// A condition that needs nothing of what is typed, so that it can be told before the button is pressed.
pub struct Guard {
    /// The condition, as a sentence for people.
    pub says: &'static str,
    /// Whether it holds now.
    pub holds: fn(&View) -> bool,
}

impl std::fmt::Debug for Guard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.says)
    }
}

/// What a guard may look at: the contact file, the circumstances, and the records concerned.
#[derive(Clone, Copy, Debug)]
pub struct View<'a> {
    /// The contact's file.
    pub file: &'a ContactFile,
    /// Time, actor and settings.
    pub context: &'a Context<'a>,
    /// The journey concerned.
    pub journey: Option<JourneyId>,
    /// The meeting concerned.
    pub meeting: Option<MeetingId>,
    /// The quote concerned.
    pub quote: Option<QuoteId>,
    /// The sale concerned.
    pub sale: Option<SaleId>,
    /// The change order concerned.
    pub change_order: Option<ChangeOrderId>,
}

impl<'a> View<'a> {
    /// A view of the file with no record picked out.
    pub fn new(file: &'a ContactFile, context: &'a Context<'a>) -> View<'a> {
        View { file, context, journey: None, meeting: None, quote: None, sale: None, change_order: None }
    }
}

impl<S: State> Step<S> {
    /// Whether it happens by itself, never by a button.
    pub fn is_automatic(&self) -> bool {
        self.who == [Role::System]
    }

    /// Whether it starts from this state (`None`: the record does not exist).
    pub fn starts_from(&self, state: Option<S>) -> bool {
        match (&self.from, state) {
            (From::Nothing, None) => true,
            (From::In(states), Some(state)) => states.contains(&state),
            _ => false,
        }
    }

    /// The first guard that does not hold.
    pub fn failed_guard(&self, view: &View) -> Option<&'static Guard> {
        self.guards.iter().find(|guard| !(guard.holds)(view))
    }
}

impl<S: State> Blueprint<S> {
    /// The row that permits a command now, or why none does: the role first, then the state, then the guards.
    pub fn permit(&self, command: &str, kind: Option<&str>, state: Option<S>, view: &View) -> Result<&'static Step<S>, Refusal> {
        let rows = || self.steps.iter().filter(|step| step.command == command && !step.is_automatic() && (step.kind.is_none() || step.kind == kind));
        let actor = &view.context.actor;
        let Some(step) = rows().find(|step| step.starts_from(state)) else {
            let label = rows().next().map_or(command, |step| step.label);
            if rows().next().is_some() && !rows().any(|step| actor.may(step.who)) {
                let who: Vec<Role> = rows().flat_map(|step| step.who.iter().copied()).collect();
                return Err(Refusal::wrong_role(label, &who));
            }
            return Err(self.wrong_state(label, state, view));
        };
        if !actor.may(step.who) {
            return Err(Refusal::wrong_role(step.label, step.who));
        }
        match step.failed_guard(view) {
            Some(guard) => Err(Refusal::new(Code::GuardFailed, format!("“{}” is possible only when {}", step.label, guard.says))),
            None => Ok(step),
        }
    }

    fn wrong_state(&self, label: &str, state: Option<S>, view: &View) -> Refusal {
        let of = self.of.replace('_', " ");
        // A contact moves along its journeys; one that was a mistake has no stage of its own.
        let is_voided = self.of == "contact" && view.journey.and_then(|journey| view.file.journeys.get(&journey)).is_some_and(|journey| journey.voided);
        let detail = match state {
            _ if is_voided => format!("“{label}” is not possible on this journey: it was voided"),
            Some(state) => format!("“{label}” does not start from {}, in which this {of} is", state.label()),
            None => format!("“{label}” needs an existing {of}"),
        };
        Refusal::new(Code::WrongState, detail)
    }
}

/// The asked fields in words: `a, b and either c or d`.
fn listed(asks: &[&str]) -> String {
    let one = |ask: &&str| if ask.contains('|') { format!("either {}", ask.replace('|', " or ")) } else { (*ask).to_owned() };
    match asks {
        [] => String::new(),
        [only] => one(only),
        [others @ .., last] => format!("{} and {}", others.iter().map(one).collect::<Vec<_>>().join(", "), one(last)),
    }
}

/// Refuses a live command that leaves out what its row asks for. `given` tells whether a field is filled in.
pub fn asked_fields(asks: &[&str], live: bool, given: impl Fn(&str) -> bool) -> Result<(), Refusal> {
    if !live {
        return Ok(());
    }
    let missing: Vec<&str> = asks.iter().copied().filter(|ask| !ask.split('|').any(&given)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(Code::FieldRequired, format!("{} must be filled in here", listed(&missing)));
    refusal.pointers = missing.iter().map(|ask| format!("/{}", ask.split('|').next().unwrap_or(ask))).collect();
    Err(refusal)
}
