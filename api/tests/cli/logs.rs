//! Logs taken out and brought in elsewhere, with and without their keys.

use crate::world::Data;
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::process::Stdio;

#[cfg(unix)]
#[test]
fn an_export_follows_no_link_and_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let other = data.file("other", "not to be touched");
    let (out, part) = (data.path().join("log.jsonl"), data.path().join("log.jsonl.part"));
    std::os::unix::fs::symlink(&other, &part).unwrap();
    data.run(&["export", "--out", out.to_str().unwrap()]).fails(3, "log.jsonl.part");
    assert_eq!(fs::read_to_string(&other).unwrap(), "not to be touched");
    assert!(!out.exists());
    // What a killed export left is no link, and in nobody's way.
    fs::remove_file(&part).unwrap();
    fs::write(&part, "half a li").unwrap();
    data.run(&["export", "--out", out.to_str().unwrap()]).ok();
    assert_eq!(fs::metadata(&out).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!part.exists());
}

#[test]
fn the_demo_company_is_looked_at_from_every_side() {
    let data = Data::new();
    let demo = ["demo", "--contacts", "150", "--until", "2026-06-01", "--json"];
    let told = data.run(&demo).ok().json();
    assert_eq!(told["head"]["position"]["number"], told["events"]);
    assert!(!data.path().join("data/leadtrail.db-wal").exists(), "the database was not closed");
    data.run(&demo).fails_as(3, "company_exists");

    let figure = data.run(&["figures", "nsli", "--as-of", "2026-06-01T00:00:00Z", "--window", "this_year", "--json"]).ok().json();
    assert_eq!((&figure["figure"], &figure["currency"], &figure["windows"][0]["window"]), (&json!("nsli"), &json!("USD"), &json!("this_year")));
    let table = data.run(&["figures", "nsli", "--as-of", "2026-06-01T00:00:00Z", "--window", "this_year", "--by", "key,product"]).ok().stdout();
    assert!(table.contains("sales rep") && table.contains("Rick Salvatore") && table.contains("total"), "{table}");

    let log = data.run(&["export"]).ok().stdout();
    let added: Value = log.lines().map(|line| serde_json::from_str(line).unwrap()).find(|line: &Value| line["type"] == "contact.added").unwrap();
    let contact = added["stream"]["id"].as_str().unwrap();
    let timeline = data.run(&["timeline", contact, "--json"]).ok().json();
    assert_eq!((&timeline[0]["type"], &timeline[0]["hash"]), (&json!("contact.added"), &added["hash"]));
    assert!(timeline[0]["data"]["name"].is_string() && added["data"]["name"]["sealed"].is_string(), "{added} {timeline}");
    let words = data.run(&["timeline", contact]).ok().stdout();
    assert!(words.contains("contact.added") && words.contains("journey.opened"), "{words}");

    let rebuilt = data.run(&["rebuild", "--json"]).ok().json();
    assert!(rebuilt.as_array().unwrap().iter().all(|rebuilt| rebuilt["at"] == told["head"]), "{rebuilt}");
    let verified = data.run(&["verify", "--json"]).ok().json();
    assert_eq!((&verified[0]["events"], &verified[0]["findings"]), (&told["events"], &json!([])));

    // Out to a file and into another folder: the same hashes, the same rows, the same figures.
    let file = data.path().join("log.jsonl");
    data.run(&["export", "--out", file.to_str().unwrap()]).ok();
    assert_eq!(fs::read_to_string(&file).unwrap(), log);
    let checked = data.run(&["verify", "log", file.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!((&checked[0]["head"], &checked[0]["findings"]), (&told["head"], &json!([])));
    let ran = data.run(&["verify", "log", &data.file("changed.jsonl", &log.replacen("\"actor\":\"", "\"actor\":\"x", 1))]);
    assert!(ran.code() == 1 && ran.stdout().contains("position 1: line 2: the hash at position 1 does not follow"), "{}", ran.stdout());
    let other = Data::new();
    let keys = data.path().join("keys.jsonl");
    data.run(&["export", "--keys", keys.to_str().unwrap()]).ok();
    let imported = other.run(&["import", "log", file.to_str().unwrap(), "--keys", keys.to_str().unwrap(), "--json"]).ok().json();
    assert_eq!((&imported["added"], &imported["head"], &imported["name"]), (&told["events"], &told["head"], &json!("Lakeside Windows & Roofing")));
    assert_eq!(other.run(&["import", "log", file.to_str().unwrap(), "--json"]).ok().json()["added"], 0);
    let digests = |answer: Value| -> Vec<Value> { answer.as_array().unwrap().iter().map(|model| model["digest"].clone()).collect() };
    assert_eq!(digests(other.run(&["verify", "--json"]).ok().json()[0]["read_models"].clone()), digests(rebuilt));
    let same = other.run(&["figures", "nsli", "--as-of", "2026-06-01T00:00:00Z", "--window", "this_year", "--json"]).ok().json();
    assert_eq!(same, figure);
    assert_eq!(other.run(&["export"]).ok().stdout(), log);
}

#[test]
fn keys_are_looked_at_first_and_come_with_the_log_or_not_at_all() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let at = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    let (log, keys) = (at("log.jsonl"), at("log.keys"));
    data.run(&["export", "--out", &log, "--keys", &keys]).ok();
    let other = Data::new();
    other.run(&["import", "log", &log, "--keys", &at("missing")]).fails(3, "there is no file");
    for wrong in ["", "no keys\n", &fs::read_to_string(&keys).unwrap()[..400]] {
        other.run(&["import", "log", &log, "--keys", &data.file("wrong.keys", wrong)]).fails(3, "nothing was taken and nothing made");
    }
    assert!(!other.path().join("data").exists());

    // Without keys the claims and rows are made without names, so keys that come later are refused.
    other.run(&["import", "log", &log]).ok();
    other.run(&["import", "log", &log, "--keys", &keys]).fails(3, "stands here already, and was taken in without its key");
    other.run(&["verify"]).ok();
    // At once they are taken; the same command a second time adds nothing.
    let third = Data::new();
    for _ in 0..2 {
        third.run(&["import", "log", &log, "--keys", &keys]).ok();
    }
    third.run(&["verify"]).ok();
}

#[test]
fn a_log_with_a_fault_leaves_nothing_or_whole_parts_and_goes_on_when_it_is_whole() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "400", "--until", "2026-06-01"]).ok();
    let log = data.run(&["export"]).ok().stdout();
    let events = data.position();
    let lines: Vec<&str> = log.split_inclusive('\n').collect();
    let without = |line: usize| [&lines[..line - 1], &lines[line..]].concat().concat();

    let other = Data::new();
    for (what, bad) in [("cut off", lines[..100].concat()), ("line 100", without(100)), ("cut off", lines[0].into()), ("no header", lines[1..].concat())] {
        let ran = other.run(&["import", "log", &other.file("bad.jsonl", &bad)]);
        ran.fails(3, what);
        assert!(ran.stderr().contains("nothing was taken"), "{}", ran.stderr());
    }
    assert!(!other.path().join("data").exists());

    // A later part has the fault: what stays is said, and the whole file goes on from there.
    let ran = other.run(&["import", "log", &other.file("bad.jsonl", &without(4_000))]);
    ran.fails(3, "line 4000");
    let stays = other.position();
    assert!((2_000..4_000).contains(&stays), "{stays}");
    let grouped = format!("{},{:03}", stays / 1_000, stays % 1_000);
    assert!(ran.stderr().contains(&format!("positions 1 to {grouped} of “Lakeside Windows & Roofing” stay")), "{}", ran.stderr());
    let windows = format!("\u{feff}{}\r\n", log.replace('\n', "\r\n"));
    let rest = other.run(&["import", "log", &other.file("whole.jsonl", &windows), "--json"]).ok().json();
    assert_eq!((rest["already_there"].as_i64(), rest["added"].as_i64()), (Some(stays), Some(events - stays)));
    assert_eq!(other.run(&["export"]).ok().stdout(), log);
}

#[test]
fn a_reader_that_has_seen_enough_is_no_error() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "400", "--until", "2026-06-01"]).ok();
    let mut child = data.command(&["export"]).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut first).unwrap();
    assert!(first.contains("\"leadtrail\":\"log\""), "{first}");
    let mut said = String::new();
    child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
    assert_eq!((child.wait().unwrap().code(), said.as_str()), (Some(0), ""));
}
