//! `docs/BLUEPRINTS.md`, written from the tables: what people read is what the decider follows.

use super::{Blueprint, CHANGE_ORDER, CONTACT, DEMO, From, JOB, PLAIN_MEETING, QUOTE, SALE, State, Step, To};
use std::fmt::Write;

const HEAD: &str = "\
# Blueprints

Generated from the tables in `domain/src/blueprint/`; `UPDATE_GOLDEN=1 cargo test -p domain` writes it anew.

A row is a transition. People see it as a button, named with the command that it sends; a row of *system* happens by itself when
that command is executed. A press is answered in this order: the role (403), the state (409), the guard (409), the fields (422).
*Asks* lists the fields that a live user must fill in although the command can do without; the importer may leave them out.
";

/// The processes: a table of rows and a diagram for each.
pub fn document() -> String {
    let mut text = String::from(HEAD);
    process(&mut text, &CONTACT);
    process(&mut text, &DEMO);
    process(&mut text, &PLAIN_MEETING);
    process(&mut text, &QUOTE);
    process(&mut text, &SALE);
    process(&mut text, &JOB);
    process(&mut text, &CHANGE_ORDER);
    text
}

fn process<S: State>(text: &mut String, blueprint: &Blueprint<S>) {
    let _ = write!(
        text,
        "\n## {}\n\n| button | from | to | who | asks | guards | emits | source |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n",
        blueprint.title
    );
    for step in blueprint.steps {
        let _ = writeln!(
            text,
            "| {} `{}` | {} | {} | {} | {} | {} | {} | {} |",
            step.label,
            step.command,
            from(step),
            to(step),
            listed(step.who.iter().map(|role| role.name().replace('_', " "))),
            listed(step.asks.iter().map(|ask| ask.split('|').map(|field| format!("`{field}`")).collect::<Vec<_>>().join(" or "))),
            listed(step.guards.iter().map(|guard| guard.says.to_owned())),
            listed(step.emits.iter().map(|event| format!("`{event}`"))),
            step.source,
        );
    }
    let _ = write!(text, "\n```mermaid\n{}```\n", blueprint.mermaid());
}

fn from<S: State>(step: &Step<S>) -> String {
    match step.from {
        From::Nothing => "nothing".into(),
        From::In(states) if states.len() == S::ALL.len() => "any".into(),
        From::In(states) => listed(states.iter().map(|state| state.label().to_owned())),
    }
}

fn to<S: State>(step: &Step<S>) -> String {
    match step.to {
        To::Stays => "stays".into(),
        To::State(state) => state.label().into(),
        To::OneOf(states) => states.iter().map(|state| state.label()).collect::<Vec<_>>().join(" or "),
    }
}

fn listed(words: impl Iterator<Item = String>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
