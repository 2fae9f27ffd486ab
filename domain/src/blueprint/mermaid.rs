//! The diagram of a process, as Mermaid text, drawn from its rows.

use super::{Blueprint, From, State, To};
use std::collections::BTreeSet;
use std::fmt::Write;

impl<S: State> Blueprint<S> {
    /// A Mermaid state diagram: one arrow per row, from-state and to-state; automatic steps in brackets.
    pub fn mermaid(&self) -> String {
        let mut text = String::from("stateDiagram-v2\n");
        for state in S::ALL.iter().filter(|state| self.names(**state)) {
            let _ = writeln!(text, "    {}: {}", state.name(), state.label());
        }
        let mut seen = BTreeSet::new();
        for step in self.steps {
            let sources: Vec<(&str, Option<S>)> = match step.from {
                From::Nothing => vec![("[*]", None)],
                From::In(states) if states.len() == S::ALL.len() => continue,
                From::In(states) => states.iter().map(|state| (state.name(), Some(*state))).collect(),
            };
            for (source, state) in sources {
                let targets: Vec<&str> = match (&step.to, state) {
                    (To::Stays, _) => vec![source],
                    (To::State(state), _) => vec![state.name()],
                    (To::OneOf(states), _) => states.iter().map(|state| state.name()).collect(),
                };
                for target in targets {
                    let label = if step.is_automatic() { format!("({})", step.label) } else { step.label.into() };
                    let arrow = format!("    {source} --> {target}: {label}\n");
                    if seen.insert(arrow.clone()) {
                        text.push_str(&arrow);
                    }
                }
            }
        }
        text
    }

    /// Whether a row names the state: plain meetings share the states of demos and are neither confirmed nor issued.
    fn names(&self, state: S) -> bool {
        let leads_there = |to: &To<S>| match to {
            To::Stays => false,
            To::State(only) => *only == state,
            To::OneOf(states) => states.contains(&state),
        };
        self.steps.iter().any(|step| leads_there(&step.to) || step.starts_from(Some(state)))
    }
}
