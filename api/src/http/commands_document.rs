//! `docs/COMMANDS.md`, written from the command types and the tables: one source for the program and its reader.

use super::commands::{CIRCUMSTANCES, ROUTES};
use domain::blueprint::{Blueprint, CHANGE_ORDER, CONTACT, DEMO, JOB, PLAIN_MEETING, QUOTE, SALE, State, Step};
use domain::wire::words::{description, forms, kind_of, plain};
use domain::wire::{COMMANDS, COMPANY_COMMANDS};
use serde_json::Value;
use std::fmt::Write;

const HEAD: &str = r#"# Commands

Generated from the command types in `domain/src/` and the addresses in `api/src/http/`; `UPDATE_GOLDEN=1 cargo test -p api --lib`
writes it anew.

A command is a wish. It is taken whole, and the facts it leads to are appended together, or it is refused and nothing is stored.
Which buttons stand where is told in [BLUEPRINTS.md](BLUEPRINTS.md).

## Over HTTP

Each command is a POST to an address of its own, which stands below its name. The body is one JSON object with the command's fields,
less those in the address:

```http
POST /api/v1/contacts/5f0c2e0e-7a3b-4d53-8c39-0d6f5e1b7a10/meetings/0b7e6b1c-52c1-4a4e-9a5f-6a4b8d0c2f11/issue
Authorization: Bearer TOKEN
Content-Type: application/json
Idempotency-Key: crm-4711

{"rep": "Ana", "by": "Sam", "occurred_at": "2026-03-02T10:00:00-05:00"}
```

Beside its own fields every command takes these. Those of the company's settings take `occurred_at` and `by` only; `contact` stands in
the address, but for `contact.add`, where it is made when left out.

"#;

const AFTER_CIRCUMSTANCES: &str = r#"
[API.md](API.md) tells the rest: the headers, the answer, and what a refusal looks like.

## A history, line by line

A history is a file with one JSON object a line, in the order in which things happened to each contact:

```json
{"id": "crm-4711", "at": "2026-03-02T10:00:00-05:00", "by": "Sam", "contact": "5f0c2e0e-7a3b-4d53-8c39-0d6f5e1b7a10", "command": "meeting.issue", "with": {"meeting": "0b7e6b1c-52c1-4a4e-9a5f-6a4b8d0c2f11", "rep": "Ana"}}
```

| field | value |
| --- | --- |
| `id` | Idempotency key of the line, unique in the company: a line that was taken before adds nothing |
| `at` | Business time, RFC 3339 with any offset; not before the contact's last event, not in the future |
| `by` | Who did it: a person's name or id |
| `contact` | Id of the contact (UUID); `contact.add` brings a new one |
| `command` | One of the names below, those of a contact |
| `with` | Its fields |

It speaks as the *importer*: order and guards hold; fields that are only asked of live users may be missing, and a typed date may lie
before the contact's own history, as papers may be older than the records kept of them. With `--create-missing` people, sources and
products that the company does not have are created by their names.

## Fields

Ids are UUIDs made by the sender, so that sending again is safe. *Id or name*: the id of a person, source or product, or its name in
upper or lower case. *Instant*: RFC 3339, years 1900 to 2199. *Day or instant*: `2026-03-01` means the first instant of that day in the
company's zone; days run from 1900-01-02 to 2199-12-30. Amounts are whole numbers of the currency's smallest unit. Unknown fields are refused.
"#;

/// What commands of a contact are about, in the order in which it happens.
const PARTS: &[(&str, &str)] = &[
    ("contact", "Contact"),
    ("journey", "Journey"),
    ("meeting", "Meeting"),
    ("quote", "Quote"),
    ("sale", "Sale"),
    ("change_order", "Change order"),
    ("job", "Job"),
];

/// What is asked for beside the tables, because it depends on what else was sent: command, field, when.
const ASKED_BY_RULES: &[(&str, &str, &str)] = &[
    ("contact.add_other_product_rep", "scheduler", "required where `by` names nobody"),
    ("contact.log_attempt", "call_back_at", "asked of live users with the outcome `call_back`"),
    ("meeting.issue", "reason", "asked of live users (Issue unconfirmed, Issue to another rep, and with `overbook`)"),
    ("meeting.set", "kind", "required, or `type`"),
    ("meeting.set", "scheduler", "required where `by` names nobody"),
    ("meeting.set", "why_not_all", "asked of live users where `decision_makers` is false"),
    ("quote.add", "rep", "required where the journey has no rep and `by` names nobody"),
];

/// Every command with its fields: what a sender must know.
pub fn commands_document() -> String {
    let mut text = String::from(HEAD);
    text.push_str("| field | type | needed | meaning |\n| --- | --- | --- | --- |\n");
    fields(&mut text, "", CIRCUMSTANCES.as_value(), &|_| "optional".into());
    text.push_str(AFTER_CIRCUMSTANCES);
    for &(part, title) in PARTS {
        let _ = write!(text, "\n## {title}\n");
        for (name, schema) in COMMANDS.iter().filter(|(name, _)| name.split('.').next() == Some(part)) {
            command(&mut text, name, schema.as_value());
        }
    }
    text.push_str("\n## Company\n\nThe settings of the company, and the names of its people, sources and products.\n");
    for (name, schema) in COMPANY_COMMANDS.iter() {
        command(&mut text, name, schema.as_value());
    }
    text
}

fn command(text: &mut String, name: &str, schema: &Value) {
    let buttons = buttons_of(name);
    let _ = write!(text, "\n### `{name}`\n\n{}\n\n{}\n\n", description(schema), address(name));
    for button in &buttons {
        let alone = buttons.iter().filter(|other| other.label == button.label).count() == 1;
        let which = match button.kind {
            Some(kind) => format!(" (`kind`: `{kind}`)"),
            None if alone => String::new(),
            None => format!(" (from {})", button.from.join(", ")),
        };
        let _ = writeln!(text, "- {}{which}: {}", button.label, button.who.join(", "));
    }
    if !buttons.is_empty() {
        text.push('\n');
    }
    text.push_str("| field | type | needed | meaning |\n| --- | --- | --- | --- |\n");
    fields(text, "", schema, &|field| {
        let by_rule = ASKED_BY_RULES.iter().find(|(command, of, _)| (*command, *of) == (name, field));
        by_rule.map_or_else(|| asked(field, &buttons), |(.., when)| (*when).to_owned())
    });
}

/// Where a command is taken over HTTP, and which ids are made there.
fn address(name: &str) -> String {
    let Some(route) = ROUTES.iter().find(|route| route.command == name) else { return String::new() };
    let made: Vec<String> = route.makes.iter().map(|field| format!("`{field}`")).collect();
    let made = if made.is_empty() { String::new() } else { format!("; made when left out: {}", made.join(", ")) };
    format!("`POST /api/v1{}`{made}", route.path)
}

/// One line for each field of an object, the required ones first, and below each those of the objects it holds. `asked` tells when one that is
/// not always required is.
fn fields(text: &mut String, prefix: &str, schema: &Value, asked: &dyn Fn(&str) -> String) {
    let required: Vec<&str> = schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    let properties = schema["properties"].as_object();
    let names = properties.into_iter().flatten().map(|(name, _)| name.as_str());
    let (first, rest): (Vec<&str>, Vec<&str>) = names.partition(|name| required.contains(name));
    for name in required.iter().copied().filter(|name| first.contains(name)).chain(rest) {
        let field = plain(&schema["properties"][name]);
        let needed = if required.contains(&name) { "required".into() } else { asked(name) };
        let meaning = description(&schema["properties"][name]).replace('\n', " ");
        let _ = writeln!(text, "| `{prefix}{name}` | {} | {needed} | {meaning} |", kind_of(field));
        let held = if field["type"] == "array" { (format!("{prefix}{name}[]."), &field["items"]) } else { (format!("{prefix}{name}."), field) };
        for object in forms(held.1).filter(|schema| schema["properties"].is_object()) {
            fields(text, &held.0, object, &|_| "optional".into());
        }
    }
}

/// Whether somebody is asked for an optional field, and on which buttons.
fn asked(name: &str, buttons: &[Button]) -> String {
    let asks = |button: &Button| button.asks.iter().find(|ask| ask.split('|').any(|field| field == name)).copied();
    let asking: Vec<(&str, &str)> = buttons.iter().filter_map(|button| asks(button).map(|ask| (button.label, ask))).collect();
    let Some((_, ask)) = asking.first() else { return "optional".into() };
    let others: Vec<String> = ask.split('|').filter(|field| *field != name).map(|field| format!(", or `{field}`")).collect();
    let labels: Vec<&str> = asking.iter().map(|(label, _)| *label).collect();
    let on = if labels.len() == buttons.len() { String::new() } else { format!(" ({})", labels.join(", ")) };
    format!("asked of live users{on}{}", others.concat())
}

/// A button that sends a command.
struct Button {
    label: &'static str,
    kind: Option<&'static str>,
    from: Vec<&'static str>,
    who: Vec<String>,
    asks: &'static [&'static str],
}

/// The rows that decide a command: those of the first table that has any.
fn buttons_of(command: &str) -> Vec<Button> {
    let of_other_meetings = rows(&PLAIN_MEETING, command).into_iter().map(|button| Button { label: other_meeting(button.label), ..button });
    let of_meetings = rows(&DEMO, command).into_iter().chain(of_other_meetings).collect();
    let tables = [rows(&CONTACT, command), of_meetings, rows(&QUOTE, command), rows(&SALE, command), rows(&CHANGE_ORDER, command), rows(&JOB, command)];
    tables.into_iter().find(|buttons| !buttons.is_empty()).unwrap_or_default()
}

fn rows<S: State>(blueprint: &Blueprint<S>, command: &str) -> Vec<Button> {
    let button = |step: &Step<S>| Button {
        label: step.label,
        kind: step.kind,
        from: S::ALL.iter().filter(|state| step.starts_from(Some(**state))).map(|state| state.label()).collect(),
        who: step.who.iter().map(|role| role.name().replace('_', " ")).collect(),
        asks: step.asks,
    };
    blueprint.steps.iter().filter(|step| step.command == command && !step.is_automatic()).map(button).collect()
}

fn other_meeting(label: &'static str) -> &'static str {
    match label {
        "Reschedule" => "Reschedule another meeting",
        "Cancel" => "Cancel another meeting",
        "Result" => "Result of another meeting",
        "Correct the result" => "Correct the result of another meeting",
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_command_is_documented_once() {
        let text = commands_document();
        for route in ROUTES {
            assert_eq!(text.matches(&format!("\n### `{}`\n", route.command)).count(), 1, "{}", route.command);
        }
    }

    #[test]
    fn a_field_says_of_which_type_it_is_and_whether_somebody_is_asked_for_it() {
        let text = commands_document();
        let (_, of_set) = text.split_once("\n### `meeting.set`\n").unwrap();
        let lines: Vec<&str> = of_set.lines().take_while(|line| !line.starts_with('#')).filter(|line| line.starts_with(['|', '-'])).collect();
        let expected = [
            "- Set demo (`kind`: `demo`): scheduler",
            "- Set follow-up meeting (`kind`: `follow_up`): scheduler, rep",
            "- Set rehash meeting (`kind`: `rehash`): rehash, scheduler",
            "- Set other meeting (`kind`: `other`): scheduler, sales manager",
            "| field | type | needed | meaning |",
            "| --- | --- | --- | --- |",
            "| `meeting` | id | required | Id of the meeting. |",
            "| `journey` | id | required | The journey it is for. |",
            "| `start` | instant | required | When it is to begin; not before the business time. |",
            "| `address_checked` | true or false | asked of live users (Set demo) | That the address was checked. |",
            "| `decision_makers` | true or false | asked of live users (Set demo) | Whether all who decide will be there (P32). |",
            "| `kind` | `demo`, `rehash`, `follow_up`, `other` | required, or `type` | What it is for; not needed where a type is named. |",
            "| `length_minutes` | whole number from 1 to 1440 | asked of live users | How long it is to take, 1 to 1,440 minutes. |",
            "| `scheduler` | id or name | required where `by` names nobody | Who gets the credit for setting it; without it, who did it. |",
            "| `type` | id or name | optional | Which of the company's types of meetings it is of, by id or name. |",
            "| `why_not_all` | text of at most 400 characters | asked of live users where `decision_makers` is false | Why not all of them will. |",
        ];
        assert_eq!(lines, expected);
    }

    #[test]
    fn what_rules_ask_for_are_fields_that_may_be_left_out() {
        for (command, field, _) in ASKED_BY_RULES {
            let schema = COMMANDS.get(*command).unwrap().as_value();
            assert!(schema["properties"][field].is_object(), "{command} has no field {field}");
            assert!(!schema["required"].as_array().unwrap().contains(&Value::from(*field)), "{command} always takes {field}");
        }
    }

    #[test]
    fn the_commands_are_documented_as_committed() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/COMMANDS.md");
        let text = commands_document();
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            std::fs::write(path, &text).unwrap();
        }
        let same = std::fs::read_to_string(path).unwrap() == text;
        assert!(same, "docs/COMMANDS.md is not what the code says; UPDATE_GOLDEN=1 cargo test -p api --lib writes it, and the diff is the review");
    }
}
