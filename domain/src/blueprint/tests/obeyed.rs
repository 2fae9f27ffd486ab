//! The matrix: in every scene every command by every role is answered as its table says.

use super::scenes::scenes;
use crate::blueprint::{Blueprint, CHANGE_ORDER, CONTACT, DEMO, From, JOB, PLAIN_MEETING, QUOTE, SALE, State, Step, To, View};
use crate::contact_file::{Caused, Command, ContactFile};
use crate::id::*;
use crate::refusal::{Code, Kind, Refusal};
use crate::role::Role;
use crate::testing::walk::every_command;
use crate::testing::*;
use crate::wire;
use serde::de::DeserializeOwned;
use std::collections::BTreeSet;

/// What the table says before anything is decided.
#[derive(Debug, PartialEq)]
enum Verdict {
    Permitted,
    Refused(Code),
}

/// Reads the table anew, row by row, without the code that is being tried.
fn verdict<S: State>(table: &Blueprint<S>, name: &str, kind: Option<&str>, state: Option<S>, role: Role, view: &View) -> (Verdict, Option<&'static Step<S>>) {
    let presses = |step: &Step<S>| step.who.contains(&role) || role == Role::Importer;
    let rows: Vec<&'static Step<S>> =
        table.steps.iter().filter(|step| step.command == name && step.who != [Role::System] && (step.kind.is_none() || step.kind == kind)).collect();
    let row = rows.iter().copied().find(|step| match (&step.from, state) {
        (From::Nothing, None) => true,
        (From::In(states), Some(state)) => states.contains(&state),
        _ => false,
    });
    let verdict = match row {
        Some(step) if !presses(step) => Verdict::Refused(Code::WrongRole),
        Some(step) if step.guards.iter().any(|guard| !(guard.holds)(view)) => Verdict::Refused(Code::GuardFailed),
        Some(_) => Verdict::Permitted,
        None if !rows.is_empty() && !rows.iter().any(|step| presses(step)) => Verdict::Refused(Code::WrongRole),
        None => Verdict::Refused(Code::WrongState),
    };
    (verdict, row)
}

/// The rows that were executed: table and button.
type Pressed = BTreeSet<(&'static str, &'static str)>;

struct Trial<'a> {
    given: &'a Given,
    command: &'a Command,
    role: Role,
    pressed: &'a mut Pressed,
}

impl Trial<'_> {
    /// Compares the answer with the verdict of the table, and what follows with the row.
    fn obeys<S: State>(&mut self, table: &Blueprint<S>, state_in: impl Fn(&ContactFile) -> Option<S>, view: impl FnOnce(View<'_>) -> View<'_>) {
        let (file, context) = (&self.given.file, self.given.context());
        let (name, fields) = self.command.sent();
        let kind = fields["kind"].as_str().filter(|_| name == "meeting.set");
        let before = state_in(file);
        let (verdict, row) = verdict(table, &name, kind, before, self.role, &view(View::new(file, &context)));
        let story = || format!("{} by {:?} in {before:?}", self.command.sent().1, self.role);
        match (file.decide(self.command, &context), verdict) {
            (Ok(decided), Verdict::Permitted) => {
                let row = row.unwrap();
                let after = fold(self.given, &decided);
                // What was due before would have happened by itself.
                for caused in decided.iter().filter(|caused| caused.at == context.at) {
                    let event = wire::encode(&caused.fact).0;
                    assert!(row.emits.contains(&event), "{name} {}: the row “{}” does not tell of {event}", story(), row.label);
                }
                if !decided.is_empty() {
                    assert!(lands(row, before, state_in(&after), table), "{name} {}: landed in {:?}", story(), state_in(&after));
                    self.pressed.insert((table.title, row.label));
                }
            }
            (Err(refusal), Verdict::Permitted) => assert_eq!(refusal.code.kind(), Kind::Invalid, "{name} {}: {}", story(), refusal.detail),
            (Err(Refusal { code, detail, .. }), Verdict::Refused(expected)) => assert_eq!(code, expected, "{name} {}: {detail}", story()),
            (Ok(_), Verdict::Refused(expected)) => panic!("{name} {}: accepted, though the table says {expected:?}", story()),
        }
    }
}

fn fold(given: &Given, decided: &[Caused]) -> ContactFile {
    let mut after = given.file.clone();
    decided.iter().for_each(|caused| after.evolve(&caused.fact, caused.at));
    after
}

/// Where the row says, or where an automatic row for the same command says.
fn lands<S: State>(row: &Step<S>, before: Option<S>, after: Option<S>, table: &Blueprint<S>) -> bool {
    let by = |step: &Step<S>| match (&step.to, after) {
        (To::Stays, _) => before == after,
        (To::State(state), Some(after)) => *state == after,
        (To::OneOf(states), Some(after)) => states.contains(&after),
        _ => false,
    };
    by(row) || table.steps.iter().any(|step| step.is_automatic() && step.command == row.command && step.starts_from(before) && by(step))
}

fn id<T: DeserializeOwned>(fields: &serde_json::Value, name: &str) -> Option<T> {
    fields.get(name).map(|value| serde_json::from_value(value.clone()).unwrap())
}

/// Hands the command to the table that answers it. One that concerns a record that is not there, or an id that is, is another matter.
fn try_out(given: &Given, command: &Command, role: Role, pressed: &mut Pressed) {
    let (name, fields) = command.sent();
    let file = &given.file;
    let (journey, meeting, quote, sale): (Option<JourneyId>, Option<MeetingId>, Option<QuoteId>, Option<SaleId>) =
        (id(&fields, "journey"), id(&fields, "meeting"), id(&fields, "quote"), id(&fields, "sale"));
    let known_journey = journey.filter(|journey| file.journeys.contains_key(journey));
    let mut trial = Trial { given, command, role, pressed };
    match name.as_str() {
        "contact.add" => {
            if file.profile.is_none() {
                trial.obeys(&CONTACT, ContactFile::state, |view| view);
            }
        }
        _ if file.profile.is_none() => {}
        "contact.assign_rehash" | "contact.lose" | "meeting.set" | "quote.add" => {
            let concerned = if name == "contact.lose" && journey.is_none() { file.primary().ok() } else { known_journey };
            let taken =
                name == "meeting.set" && file.meetings.contains_key(&meeting.unwrap()) || name == "quote.add" && file.quotes.contains_key(&quote.unwrap());
            if let Some(journey) = concerned.filter(|_| !taken) {
                trial.obeys(&CONTACT, |file| file.stage(journey), |view| View { journey: Some(journey), ..view });
            }
        }
        "journey.void" => {
            if let Some(journey) = known_journey.filter(|journey| !file.journeys[journey].voided) {
                trial.obeys(&CONTACT, |file| file.stage(journey), |view| View { journey: Some(journey), ..view });
            }
        }
        _ if name.starts_with("contact.") || name == "journey.open" => {
            let meeting_taken = meeting.is_some_and(|meeting| file.meetings.contains_key(&meeting));
            if known_journey.is_none() && !meeting_taken {
                trial.obeys(&CONTACT, ContactFile::state, |view| view);
            }
        }
        _ if name.starts_with("meeting.") => {
            let Some(known) = meeting.and_then(|id| file.meetings.get(&id)) else { return };
            let (table, of) = (if known.confirm_and_issue { &DEMO } else { &PLAIN_MEETING }, meeting.unwrap());
            trial.obeys(table, |file| file.meetings.get(&of).map(|meeting| meeting.state), |view| View { journey: Some(known.journey), meeting, ..view });
        }
        _ if name.starts_with("quote.") => {
            let of = quote.unwrap();
            let revision: Option<QuoteId> = id(&fields, "revision");
            let taken = sale.is_some_and(|sale| file.sales.contains_key(&sale)) || revision.is_some_and(|revision| file.quotes.contains_key(&revision));
            if let Some(known) = file.quotes.get(&of).filter(|_| !taken) {
                trial.obeys(&QUOTE, |file| file.quotes.get(&of).map(|quote| quote.state), |view| View { journey: Some(known.journey), quote, ..view });
            }
        }
        _ if name.starts_with("change_order.") && sale.is_none() => {
            let of: ChangeOrderId = id(&fields, "change_order").unwrap();
            if let Ok((sale, known, _)) = file.change_order(of) {
                let order = |file: &ContactFile| file.change_order(of).ok().map(|(_, _, order)| order.state);
                trial.obeys(&CHANGE_ORDER, order, |view| View { journey: Some(known.journey), sale: Some(sale), change_order: Some(of), ..view });
            }
        }
        _ if name.starts_with("job.") => {
            let of = sale.unwrap();
            if let Some(known) = file.sales.get(&of) {
                trial.obeys(&JOB, |file| file.sales.get(&of).map(|sale| sale.job.status), |view| View { journey: Some(known.journey), sale, ..view });
            }
        }
        _ => {
            let of = sale.unwrap();
            let order_taken = id(&fields, "change_order").is_some_and(|order| file.change_order(order).is_ok());
            let entry_taken = id(&fields, "entry").is_some_and(|entry| file.sales.values().any(|sale| sale.ledger.entries.contains(&entry)));
            if let Some(known) = file.sales.get(&of).filter(|_| !order_taken && !entry_taken) {
                trial.obeys(&SALE, |file| file.sales.get(&of).map(|sale| sale.state), |view| View { journey: Some(known.journey), sale, ..view });
            }
        }
    }
}

#[test]
fn in_every_scene_every_command_by_every_role_is_answered_as_its_table_says() {
    let mut pressed = Pressed::new();
    for scene in scenes() {
        for command in every_command(scene.at) {
            for role in Role::PEOPLE.iter().copied().chain([Role::System, Role::Importer]) {
                try_out(&scene.clone().by(role), &command, role, &mut pressed);
            }
        }
    }
    every_button_was_pressed(&pressed);
}

/// For every button of every table there was a scene in which pressing it worked. Creation is told by the table that decides it.
fn every_button_was_pressed(pressed: &Pressed) {
    fn buttons<S: State>(table: &Blueprint<S>) -> impl Iterator<Item = (&'static str, &'static str)> {
        let title = table.title;
        table.steps.iter().filter(move |step| !step.is_automatic() && (title == "Contact" || !step.starts_from(None))).map(move |step| (title, step.label))
    }
    let mut all: Pressed = buttons(&CONTACT).chain(buttons(&DEMO)).chain(buttons(&PLAIN_MEETING)).chain(buttons(&QUOTE)).collect();
    all.extend(buttons(&SALE).chain(buttons(&JOB)).chain(buttons(&CHANGE_ORDER)));
    let never: Vec<_> = all.difference(pressed).collect();
    assert_eq!(never, Vec::<&(&str, &str)>::new(), "buttons that no scene could press");
}
