//! Checkpoints, packs and proofs: what an auditor needs, and what somebody who alters the log cannot hide.

use crate::world::{Data, Served, change, id};
use serde_json::{Value, json};
use std::fs;

/// What no part of the product does.
fn alter(data: &Data, statement: &'static str) {
    change(&data.path().join("data/leadtrail.db"), statement);
}

#[test]
fn a_company_is_audited_with_the_file_and_the_public_key_alone() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "20", "--until", "2026-06-01"]).ok();
    let key = data.run(&["checkpoint", "key"]).ok().stdout().trim().to_owned();
    assert_eq!(data.run(&["checkpoint", "key", "--json"]).ok().json(), json!(key));
    assert_eq!(data.run(&["checkpoint", "list", "--json"]).ok().json(), json!([]));
    let outside = data.path().join("checkpoints.txt");
    let outside = outside.to_str().unwrap();
    let (served, _) = Served::start(&data, &["--checkpoints", outside]);
    assert_eq!(served.stop(), Some(0));
    let listed = data.run(&["checkpoint", "list", "--json"]).ok().json();
    let notes: Vec<&str> = listed.as_array().unwrap().iter().rev().map(|checkpoint| checkpoint["note"].as_str().unwrap()).collect();
    assert_eq!(listed[0]["size"], data.position(), "it was signed when it stopped at the latest");
    assert!(notes.len() <= 2, "and once before, where timers of the demo ran after that: {notes:?}");
    assert_eq!(fs::read_to_string(outside).unwrap(), notes.iter().map(|note| format!("{note}\n")).collect::<String>());
    assert_eq!(data.run(&["checkpoint", "--out", outside, "--json"]).ok().json()[0], listed[0], "nothing happened since");
    data.run(&["checkpoint", "--out", data.path().join("data/x").to_str().unwrap(), "--json"]).fails_as(2, "usage");

    let proof = data.run(&["proof", "event", "3", "--json"]).ok().json();
    assert_eq!((&proof["checkpoint"], &proof["size"]), (&listed[0]["note"], &listed[0]["size"]));
    let growth = data.run(&["proof", "growth", "3", "--json"]).ok().json();
    assert_eq!((&growth["to_root"], &growth["from"]), (&listed[0]["root"], &json!(3)));
    assert!(data.run(&["proof", "event", "3"]).ok().stdout().contains("signed in this checkpoint:\n\nleadtrail/"));
    assert!(data.run(&["proof", "growth", "3", "9"]).ok().stdout().contains("begins with the 3 events"));
    data.run(&["proof", "event", "999999999", "--json"]).fails_as(3, "unknown_event");
    data.run(&["proof", "growth", "9", "3", "--json"]).fails_as(2, "usage");
    data.run(&["proof", "event", "0", "--json"]).fails_as(2, "usage");

    let log = data.run(&["export"]).ok().stdout();
    let added: Value = log.lines().map(|line| serde_json::from_str(line).unwrap()).find(|line: &Value| line["type"] == "contact.added").unwrap();
    let contact = added["stream"]["id"].as_str().unwrap();
    let name = data.run(&["timeline", contact, "--json"]).ok().json()[0]["data"]["name"].as_str().unwrap().to_owned();
    let auditor = Data::new();
    let file = auditor.path().join("pack.json");
    let file = file.to_str().unwrap();
    data.run(&["pack", contact, "--out", file]).ok();
    data.run(&["pack", contact, "--out", file, "--json"]).fails_as(3, "file");
    data.run(&["pack", &id(1), "--out", "unwritten.json", "--json"]).fails_as(3, "unknown_contact");
    let audit = auditor.run(&["verify", "pack", file, "--key", &key, "--json"]).ok().json();
    assert_eq!((&audit["holds"], &audit["contact"], &audit["key"], &audit["size"]), (&json!(true), &json!(contact), &json!(key), &listed[0]["size"]));
    assert_eq!(audit["events"][0]["data"]["name"], json!(name));
    let told = auditor.run(&["verify", "pack", file, "--events"]).ok().stdout();
    assert!(told.contains(&name) && told.contains("not proven:\n  who made the file"), "{told}");
    assert!(!auditor.path().join("data").exists(), "an auditor needs no data folder");
    let sealed = auditor.path().join("sealed.json");
    data.run(&["pack", contact, "--sealed", "--out", sealed.to_str().unwrap()]).ok();
    let told = auditor.run(&["verify", "pack", sealed.to_str().unwrap(), "--events", "--key", &key]).ok().stdout();
    assert!(!told.contains(&name) && !told.contains("who made the file"), "{told}");
    let altered = auditor.file("altered.json", &fs::read_to_string(file).unwrap().replace("contact.added", "contact.addee"));
    let ran = auditor.run(&["verify", "pack", &altered]);
    assert!(ran.code() == 1 && ran.stdout().contains("FOUND WRONG: the pack was altered"), "{}", ran.stdout());
    assert_eq!(auditor.run(&["verify", "pack", &altered, "--json"]).json()["holds"], json!(false));
    auditor.run(&["verify", "pack", &auditor.file("other.json", "{}"), "--json"]).fails_as(3, "bad_file");
    auditor.run(&["verify", "pack", "missing.json", "--json"]).fails_as(3, "file");
    auditor.run(&["verify", "pack", file, "--key", "x", "--json"]).fails_as(2, "usage");
}

/// Somebody takes the newest events away and sets everything in the database right, so that nothing in it tells.
#[test]
fn a_log_that_was_cut_is_found_by_the_checkpoints_outside() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "20", "--until", "2026-06-01"]).ok();
    let outside = data.path().join("checkpoints.txt");
    let outside = outside.to_str().unwrap();
    data.run(&["checkpoint", "--out", outside]).ok();
    data.run(&["verify", "--log-only", "--checkpoints", outside]).ok();
    alter(&data, "DELETE FROM checkpoints; UPDATE events SET actor = 'eve' WHERE position = (SELECT position FROM heads)");
    assert_eq!(data.run(&["verify", "--log-only"]).code(), 1, "the chain tells what was done without care");
    alter(
        &data,
        "DELETE FROM receipts; DELETE FROM events WHERE position > (SELECT max(commit_end) FROM events WHERE position < 100);
         DELETE FROM claims WHERE position > (SELECT max(position) FROM events); DELETE FROM tree_nodes;
         DELETE FROM timers WHERE position > (SELECT max(position) FROM events);
         DELETE FROM event_kinds WHERE position > (SELECT max(position) FROM events);
         UPDATE heads SET (position, hash, last_recorded_at) = (SELECT position, hash, recorded_at FROM events ORDER BY position DESC LIMIT 1)",
    );
    data.run(&["verify", "--log-only"]).ok();
    let ran = data.run(&["verify", "--log-only", "--checkpoints", outside]);
    assert!(ran.code() == 1 && ran.stdout().contains("events were signed at"), "{}", ran.stdout());
    let (served, started) = Served::start(&data, &["--checkpoints", outside]);
    assert_eq!((&started["companies"], &started["refused"]), (&json!([]), &json!(["Lakeside Windows & Roofing"])));
    let token = fs::read_to_string(started["token_file"].as_str().unwrap()).unwrap().trim().to_owned();
    let answer = served.get("/api/v1/contacts", &token);
    assert!(answer.starts_with("HTTP/1.1 409") && answer.contains("log_diverged"), "{answer}");
    assert_eq!(served.stop(), Some(0));
    assert_eq!(data.run(&["checkpoint", "list", "--json"]).ok().json(), json!([]), "it was not signed again");
    data.run(&["checkpoint", "--out", outside, "--json"]).fails_as(3, "log_diverged");
    let other = data.file("others.txt", &fs::read_to_string(outside).unwrap().replace("company ", "company 0"));
    let ran = data.run(&["verify", "--log-only", "--checkpoints", &other]);
    assert!(ran.code() == 1 && ran.stdout().contains("is no checkpoint"), "{}{}", ran.stdout(), ran.stderr());
}

#[test]
fn checkpoints_outside_are_counted_and_none_is_a_finding() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let outside = data.path().join("checkpoints.txt");
    let outside = outside.to_str().unwrap();
    data.run(&["checkpoint", "--out", outside]).ok();
    let told = data.run(&["verify", "--log-only", "--checkpoints", outside]).ok();
    assert!(told.stdout().contains("checked: 1 checkpoint kept outside"), "{}", told.stdout());
    let note = fs::read_to_string(outside).unwrap();
    let of_windows = data.file("windows.txt", &note.replace('\n', "\r\n"));
    assert_eq!(data.run(&["verify", "--log-only", "--checkpoints", &of_windows, "--json"]).ok().json()[0]["signed_outside"], 1);
    for empty in ["", "hello\n"] {
        let ran = data.run(&["verify", "--log-only", "--checkpoints", &data.file("none.txt", empty)]);
        assert!(ran.code() == 1 && ran.stderr().contains("holds no checkpoint"), "{}", ran.stderr());
    }
    data.run(&["verify", "--tail", "5", "--checkpoints", outside, "--json"]).fails_as(2, "usage");

    // What the service's own key did not sign binds nobody; a company that was signed and is gone does.
    let forged = data.file("forged.txt", &format!("{note}\n{}", note.replacen(&note.lines().nth(1).unwrap().to_owned(), "999999", 1)));
    let (served, started) = Served::start(&data, &["--checkpoints", &forged]);
    assert_eq!(started["refused"], json!([]));
    assert_eq!(served.stop(), Some(0));
    fs::remove_file(data.path().join("data/leadtrail.db")).unwrap();
    data.run(&["serve", "--listen", "127.0.0.1:0", "--checkpoints", outside, "--json"]).fails_as(3, "no_data");
}

#[test]
fn a_company_whose_head_or_key_is_gone_is_named_and_stops_no_other() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    alter(&data, "UPDATE stream_keys SET wrapped = NULL WHERE stream_id = (SELECT min(stream_id) FROM stream_keys)");
    let ran = data.run(&["verify", "--log-only"]);
    assert!(ran.code() == 1 && ran.stdout().contains("was destroyed, and no event erased it (keys)"), "{}", ran.stdout());
    alter(&data, "DELETE FROM stream_keys WHERE stream_id = (SELECT max(stream_id) FROM stream_keys)");
    assert_eq!(data.run(&["verify", "--log-only", "--json"]).json()[0]["without_keys"], 1);
    alter(&data, "DELETE FROM heads");
    let ran = data.run(&["verify"]);
    assert!(ran.code() == 1 && ran.stdout().contains("the row that says where the log ends is missing"), "{}{}", ran.stdout(), ran.stderr());
    let (served, started) = Served::start(&data, &[]);
    assert_eq!(started["refused"], json!(["Lakeside Windows & Roofing"]));
    assert_eq!(served.stop(), Some(0));
}
