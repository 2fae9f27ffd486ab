//! What every source file has, and what none may hold.

use super::files::{File, files};

/// Words of the business. The event store knows none of them, so that it can be read, tested and trusted apart.
const BUSINESS: &[&str] = &[
    "appointment",
    "appointments",
    "campaign",
    "contact",
    "contacts",
    "customer",
    "demo",
    "demos",
    "enquiry",
    "funnel",
    "journey",
    "journeys",
    "meeting",
    "meetings",
    "nsla",
    "nsli",
    "nsls",
    "prospect",
    "quote",
    "quotes",
    "rehash",
    "sale",
    "sales",
    "salesperson",
];

/// Words of the business that plain English has as well: only code is free of them, comments may say them.
const AMBIGUOUS: &[&str] = &["lead", "leads", "product", "products", "rep", "reps", "scheduler"];

/// What `domain` could do without any crate, and must not.
const IO: &[&str] = &["std::env", "std::fs", "std::io", "std::net", "std::process", "std::thread", "std::time::Instant", "println!"];

#[test]
fn every_source_file_says_why_it_exists() {
    for File { path, text } in files("", ".rs") {
        assert!(text.starts_with("//! "), "{path} must open with `//!` and one sentence");
    }
}

#[test]
fn the_event_store_knows_no_business_word() {
    let mut found = Vec::new();
    for File { path, text } in files("eventstore", "") {
        for (number, line) in text.lines().enumerate() {
            let code = line.split("//").next().and_then(|line| line.split("--").next()).unwrap_or_default();
            let ambiguous = words(code).into_iter().find(|word| AMBIGUOUS.contains(&word.as_str()));
            let word = words(line).into_iter().find(|word| BUSINESS.contains(&word.as_str())).or(ambiguous);
            found.extend(word.map(|word| format!("{path}:{}: {word}", number + 1)));
        }
    }
    assert!(found.is_empty(), "the event store names {found:#?}");
}

#[test]
fn domain_does_nothing_but_think() {
    let tests = |path: &str| path.contains("/testing") || path.contains("tests");
    for File { path, text } in files("domain/src", ".rs").into_iter().filter(|file| !tests(&file.path)) {
        for call in IO {
            assert!(!text.contains(call), "{path} must not use {call}");
        }
    }
}

/// The lint of clippy.toml is set aside in one place of the product.
#[test]
fn time_ids_and_chance_come_in_through_one_file() {
    let lint = ["disallowed", "methods"].join("_");
    for folder in ["domain/src", "eventstore/src", "projections/src", "api/src"] {
        for File { path, text } in files(folder, ".rs") {
            assert!(path == "api/src/app/ports.rs" || !text.contains(&lint), "{path} must not set {lint} aside");
        }
    }
}

#[test]
fn nothing_is_left_undone_in_the_code() {
    let undone = ["todo", "unimplemented"].map(|name| format!("{name}!("));
    for File { path, text } in files("", ".rs") {
        assert!(!undone.iter().any(|call| text.contains(call)), "{path} is not finished");
    }
}

/// A path of the machine a file was written on means nothing on another.
#[test]
fn no_file_names_a_folder_of_somebodys_machine() {
    let foreign = ["work", "root", "tmp/plan"].map(|folder| format!("/{folder}/"));
    for File { path, text } in files("", "") {
        let found = foreign.iter().find(|folder| text.contains(folder.as_str()));
        assert_eq!(found, None, "{path} names a folder of somebody's machine");
    }
}

/// The words of a line in small letters: `MeetingIssued`, `meeting_issued` and `meeting.issued` hold the same two.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut before = ' ';
    for c in line.chars() {
        if !c.is_ascii_alphabetic() || (c.is_ascii_uppercase() && before.is_ascii_lowercase()) {
            words.push(String::new());
        }
        if c.is_ascii_alphabetic()
            && let Some(word) = words.last_mut()
        {
            word.push(c.to_ascii_lowercase());
        }
        before = c;
    }
    words
}
