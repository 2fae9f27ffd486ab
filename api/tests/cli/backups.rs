//! Backups: made, checked and restored.

use crate::world::{Data, Served, change, id};
use serde_json::{Value, json};
use std::fs;
use std::path::Path;

/// What a client would have noted of every command in an exported log.
fn journal(log: &str) -> String {
    let lines: Vec<Value> = log.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let company = &lines[0]["company"];
    let last = |event: &&Value| event["position"] == event["commit_end"] && event.get("event_id").is_some();
    let ack = |event: &Value| {
        let events = lines.iter().filter(|other| other["command_id"] == event["command_id"]).count();
        let (command, position, hash) = (&event["command_id"], &event["position"], &event["hash"]);
        format!("{}\n", json!({ "company": company, "key": null, "command_id": command, "events": events, "position": position, "hash": hash }))
    };
    lines.iter().filter(last).map(ack).collect()
}

#[test]
fn a_backup_is_checked_and_restored_as_the_manual_says() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "60", "--until", "2026-06-01"]).ok();
    let at = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    data.run(&["backup"]).fails_like_help();
    data.run(&["backup", "--out", &at("data/logs")]).fails(2, "--out");
    data.run(&["backup", "--out", &at("both"), "--keys", &at("both/keys")]).fails(2, "keep them apart");
    // While the service runs; what was due in the meantime is done by it, so the log may grow.
    let (served, _) = Served::start(&data, &["--check-every", "1s"]);
    data.run(&["backup", "--out", &at("busy"), "--keys", &at("busy-keys")]).ok();
    assert_eq!(served.stop(), Some(0));
    data.run(&["verify", "backup", &at("busy")]).ok();
    data.run(&["backup", "--out", &at("busy")]).fails(3, "something in it already");

    let log = data.run(&["export"]).ok().stdout();
    let journal = data.file("journal.jsonl", &journal(&log));
    let exported = data.file("log.jsonl", &log);
    let made = data.run(&["backup", "--out", &at("logs"), "--keys", &at("keys"), "--json"]).ok().json();
    assert_eq!(
        (&made["logs"]["companies"], &made["logs"]["leadtrail"], &made["keys"]["leadtrail"]),
        (&made["keys"]["companies"], &json!("backup"), &json!("keys"))
    );

    // Whatever was told is found in the data, in the backup and in the export.
    let acks = fs::read_to_string(&journal).unwrap().lines().count();
    let forms: [&[&str]; 4] = [&["verify"], &["verify", "--tail", "50"], &["verify", "backup", &at("logs")], &["verify", "log", &exported]];
    for form in forms {
        let checked = data.run(&[form, &["--journal", &journal, "--json"]].concat()).ok().json();
        assert_eq!((&checked[0]["journal"], &checked[0]["findings"]), (&json!({ "acks": acks, "lost": 0, "first_lost_line": null }), &json!([])), "{form:?}");
        if form == ["verify", "backup", &at("logs")] {
            assert_eq!(checked[0]["head"]["hash"], made["logs"]["companies"][0]["hash"]);
        }
    }
    let mut told: Vec<Value> = fs::read_to_string(&journal).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    told[2]["hash"] = json!("00".repeat(32));
    let mut stranger = told[0].clone();
    stranger["company"] = json!(id(5));
    told.push(stranger);
    let told: String = told.iter().map(|line| format!("{line}\n")).collect();
    let changed = data.file("changed.jsonl", &told);
    for form in forms {
        let ran = data.run(&[form, &["--journal", &changed]].concat());
        assert!(ran.code() == 1 && ran.stdout().starts_with("FOUND WRONG: Lakeside Windows & Roofing, position "), "{form:?}: {}", ran.stdout());
        assert!(ran.stdout().contains("line 3 of the journal: command ") && ran.stdout().contains("(I1 acknowledged)"), "{}", ran.stdout());
        assert!(form.get(1) == Some(&"log") || ran.stdout().contains("which is not here: 0 events"), "{form:?}: {}", ran.stdout());
    }
    data.run(&["verify", "--journal", &exported]).fails(3, "line 1 is no acknowledgement");

    let other = Data::new();
    let key = at("data/master.key");
    let restore = |keys: &str| other.run(&["restore", "--from", &at("logs"), "--keys", keys, "--master-key", &key, "--json"]);
    restore(&at("logs")).fails_as(3, "bad_file");
    other.run(&["restore", "--keys", &at("keys"), "--master-key", &key, "--json"]).fails_as(2, "usage");
    assert!(!other.path().join("data").exists());
    let restored = restore(&at("keys")).ok().json();
    assert_eq!((&restored["companies"], &restored["erased_again"]), (&made["logs"]["companies"], &json!(0)));
    restore(&at("keys")).fails_as(3, "file");
    // Quotes went on expiring beside the backup, so the data has what the backup has, and perhaps more.
    let (put_back, data_now) = (other.run(&["export"]).ok().stdout(), data.run(&["export"]).ok().stdout());
    let events = |log: &str| log.lines().filter(|line| line.contains("event_id")).map(str::to_owned).collect::<Vec<_>>();
    assert!(events(&data_now).starts_with(&events(&put_back)) && events(&put_back).starts_with(&events(&log)));
    assert_eq!(other.run(&["verify", "--journal", &journal, "--json"]).ok().json()[0]["journal"]["lost"], 0);

    // Rows that were changed beside the log, and a log that was.
    other.run(&["rebuild", "--check"]).ok();
    change(&other.path().join("data/leadtrail.db"), "UPDATE journey_table SET net_sold_minor = 1 WHERE position = (SELECT max(position) FROM journey_table)");
    let ran = other.run(&["rebuild", "--check"]);
    assert!(ran.code() == 1 && ran.stdout().contains("journey_table: ROWS DIFFER: journey_table, journey_id"), "{}", ran.stdout());
    let compared = other.run(&["rebuild", "--check", "--json"]).json();
    assert_eq!((&compared[0]["difference"]["stored"], &compared[1]["difference"]), (&json!("net_sold_minor 1"), &Value::Null));
    other.run(&["rebuild"]).ok();
    other.run(&["rebuild", "--check"]).ok();
    change(Path::new(&at("logs/leadtrail.db")), "UPDATE events SET actor = 'eve' WHERE position = 7");
    let ran = data.run(&["verify", "backup", &at("logs")]);
    assert!(ran.code() == 1 && ran.stdout().starts_with("FOUND WRONG: Lakeside Windows & Roofing, position 7: the hash is "), "{}", ran.stdout());
    // The changed event lies before the tail, and the sum of the file is another.
    let ran = data.run(&["verify", "backup", &at("logs"), "--tail", "20"]);
    assert!(ran.code() == 1 && ran.stdout().contains("leadtrail.db is not what was written"), "{}", ran.stdout());
}

#[test]
fn a_broken_backup_is_named_by_its_file_and_an_empty_ledger_is_no_lost_one() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let at = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    let ran = data.run(&["backup", "--json"]);
    ran.fails_as(2, "usage");
    assert!(ran.stderr().contains("<--out <DIR>|--keys <DIR>>"), "{}", ran.stderr());
    data.run(&["backup", "--out", &at("logs"), "--keys", &at("keys")]).ok();
    // Nobody was ever erased, and the drill of the manual goes through.
    assert_eq!(fs::read_to_string(at("data/erasures.jsonl")).unwrap(), "");
    let other = Data::new();
    let arguments = ["restore", "--from", &at("logs"), "--keys", &at("keys"), "--master-key", &at("data/master.key"), "--erasures", &at("data/erasures.jsonl")];
    other.run(&arguments).ok();

    let (database, manifest) = (at("logs/leadtrail.db"), at("logs/manifest.json"));
    let (whole, said) = (fs::read(&database).unwrap(), fs::read_to_string(&manifest).unwrap());
    for broken in [&whole[..whole.len() / 2], &whole[..5_000], b"no database"] {
        fs::write(&database, broken).unwrap();
        let ran = data.run(&["verify", "backup", &at("logs")]);
        assert!([1, 3].contains(&ran.code()), "{}", ran.stderr());
        let text = ran.stdout() + &ran.stderr();
        assert!(text.contains("leadtrail.db is not what was written: its SHA-256 is another") && !text.contains("stopped answering"), "{text}");
    }
    fs::remove_file(&database).unwrap();
    data.run(&["verify", "backup", &at("logs")]).fails(3, "leadtrail.db is missing");
    fs::write(&database, &whole).unwrap();
    let mut nobody: Value = serde_json::from_str(&said).unwrap();
    nobody["companies"] = json!([]);
    fs::write(&manifest, nobody.to_string()).unwrap();
    data.run(&["verify", "backup", &at("logs")]).fails(3, "the companies that the manifest names (0) are not those that leadtrail.db holds (1)");
    fs::write(&manifest, said).unwrap();
    data.run(&["verify", "backup", &at("logs")]).ok();
}
