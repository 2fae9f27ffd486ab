//! Every table is sound, drawn as committed, and obeyed: state by command by role.

mod obeyed;
mod scenes;

use super::{Blueprint, CHANGE_ORDER, CONTACT, DEMO, From, JOB, PLAIN_MEETING, QUOTE, SALE, State, To};
use crate::testing::golden;
use crate::timer::Timer;
use crate::wire::{COMMANDS, EVENTS};
use std::collections::BTreeSet;

/// Says the same of every table.
macro_rules! every_table {
    ($check:ident) => {{
        $check(&CONTACT);
        $check(&DEMO);
        $check(&PLAIN_MEETING);
        $check(&QUOTE);
        $check(&SALE);
        $check(&JOB);
        $check(&CHANGE_ORDER);
    }};
}

#[test]
fn every_state_is_reachable() {
    fn check<S: State>(table: &Blueprint<S>) {
        // Plain meetings are neither confirmed nor issued: only states that a row of the table names are meant.
        let named = |state: &S| table.steps.iter().any(|step| step.starts_from(Some(*state)) || leads_to(&step.to, *state));
        let mut reached: Vec<S> = vec![];
        loop {
            let next = S::ALL.iter().copied().find(|state| {
                let arrives =
                    |step: &super::Step<S>| leads_to(&step.to, *state) && (step.starts_from(None) || reached.iter().any(|from| step.starts_from(Some(*from))));
                !reached.contains(state) && table.steps.iter().any(arrives)
            });
            match next {
                Some(state) => reached.push(state),
                None => break,
            }
        }
        for state in S::ALL.iter().filter(|state| named(state)) {
            assert!(reached.contains(state), "{}: {} is never reached", table.title, state.label());
        }
    }
    every_table!(check);
}

fn leads_to<S: State>(to: &To<S>, state: S) -> bool {
    match to {
        To::Stays => false,
        To::State(only) => *only == state,
        To::OneOf(states) => states.contains(&state),
    }
}

#[test]
fn no_button_has_two_answers_in_one_state() {
    fn check<S: State>(table: &Blueprint<S>) {
        for state in std::iter::once(None).chain(S::ALL.iter().copied().map(Some)) {
            let rows = table.steps.iter().filter(|step| !step.is_automatic() && step.starts_from(state));
            let mut seen = BTreeSet::new();
            for step in rows {
                assert!(seen.insert((step.command, step.kind)), "{}: two rows answer {} in {state:?}", table.title, step.command);
            }
        }
    }
    every_table!(check);
}

#[test]
fn every_row_has_somebody_and_starts_somewhere_once() {
    fn check<S: State>(table: &Blueprint<S>) {
        for step in table.steps {
            assert!(!step.who.is_empty() && !step.source.is_empty(), "{}: {}", table.title, step.label);
            assert!(step.is_automatic() || !step.who.contains(&crate::role::Role::System), "{}: {} is both pressed and automatic", table.title, step.label);
            if let From::In(states) = step.from {
                let names: BTreeSet<_> = states.iter().map(|state| state.name()).collect();
                assert!(!states.is_empty() && names.len() == states.len(), "{}: {}", table.title, step.label);
            }
        }
    }
    every_table!(check);
}

#[test]
fn every_row_names_a_command_and_events_that_exist() {
    fn check<S: State>(table: &Blueprint<S>) {
        for step in table.steps {
            let known = COMMANDS.contains_key(step.command) || Timer::COMMANDS.contains(&step.command) && step.is_automatic();
            assert!(known, "{}: there is no command {}", table.title, step.command);
            for event in step.emits {
                assert!(EVENTS.contains_key(*event), "{}: there is no event {event}", table.title);
            }
            assert!(step.is_automatic() || !step.emits.is_empty(), "{}: {} does nothing", table.title, step.label);
        }
    }
    every_table!(check);
}

#[test]
fn every_field_that_is_asked_for_exists_and_is_optional() {
    fn check<S: State>(table: &Blueprint<S>) {
        for step in table.steps.iter().filter(|step| !Timer::COMMANDS.contains(&step.command)) {
            let schema = COMMANDS[step.command].as_value();
            for field in step.asks.iter().flat_map(|ask| ask.split('|')) {
                assert!(schema["properties"].get(field).is_some(), "{}: {} has no field {field}", table.title, step.command);
                let required = schema["required"].as_array().is_some_and(|required| required.iter().any(|name| name == field));
                assert!(!required, "{}: {} requires {field} of everybody", table.title, step.command);
            }
            if let Some(kind) = step.kind {
                let kinds = schema["properties"]["kind"].to_string();
                assert!(kinds.contains(&format!("\"{kind}\"")), "{}: {} has no kind {kind}", table.title, step.command);
            }
        }
    }
    every_table!(check);
}

#[test]
fn every_command_has_a_button() {
    let mut pressed = BTreeSet::new();
    fn commands<S: State>(table: &Blueprint<S>) -> impl Iterator<Item = &'static str> {
        table.steps.iter().filter(|step| !step.is_automatic()).map(|step| step.command)
    }
    pressed.extend(commands(&CONTACT).chain(commands(&DEMO)).chain(commands(&PLAIN_MEETING)).chain(commands(&QUOTE)));
    pressed.extend(commands(&SALE).chain(commands(&JOB)).chain(commands(&CHANGE_ORDER)));
    assert!(pressed.iter().copied().eq(COMMANDS.keys().map(String::as_str)));
}

#[test]
fn states_have_names_and_labels_of_their_own() {
    fn check<S: State + serde::Serialize>(table: &Blueprint<S>) {
        let names: BTreeSet<_> = S::ALL.iter().map(|state| state.name()).collect();
        let labels: BTreeSet<_> = S::ALL.iter().map(|state| state.label()).collect();
        assert_eq!((names.len(), labels.len()), (S::ALL.len(), S::ALL.len()), "{}", table.title);
        for state in S::ALL {
            assert_eq!(serde_json::to_value(state).unwrap(), state.name(), "the stored and the shown name are one");
        }
    }
    every_table!(check);
}

#[test]
fn the_tables_and_diagrams_are_as_committed() {
    golden::document_is_as_committed("BLUEPRINTS.md", &super::document());
}
