//! Histories brought in: what is taken, what is told of bad lines, and what a kill leaves.

use crate::world::{Data, history, id, import};
use serde_json::{Value, json};
use std::fs;
use std::io::Write;
use std::process::Stdio;

#[test]
fn a_file_that_is_no_text_or_of_the_other_kind_is_named_as_what_it_is() {
    let data = Data::new();
    let path = data.path().join("file");
    let kinds: [(&[u8], &str); 4] = [(b"\xFF\xFE{\0", "UTF-16"), (b"\xFE\xFF\0{", "UTF-16"), (b"\x1F\x8B\x08", "compressed"), (b"PK\x03\x04", "zip")];
    for (bytes, kind) in kinds {
        fs::write(&path, bytes).unwrap();
        data.run(&["import", "log", path.to_str().unwrap()]).fails(3, kind);
        data.run(&import(path.to_str().unwrap(), &[])).fails(3, kind);
    }
    data.run(&["import", "log", data.path().to_str().unwrap()]).fails(3, "is a folder");
    data.run(&["import", "log", &data.file("history", &history(1))]).fails(3, "leadtrail import history");
    data.run(&import(&data.file("log", "{\"leadtrail\":\"log\"}\n"), &[])).fails(3, "leadtrail import log");
    let own = data.file("own", "");
    data.run(&import(&own, &["--report", &own])).fails(2, "overwrite");
    assert!(!data.path().join("data").exists());
}

#[test]
fn a_history_speaks_of_what_the_command_line_has() {
    let data = Data::new();
    let line = |command: &str, with: &str| {
        format!("{{\"id\":\"1\",\"at\":\"2026-01-05T10:00:00Z\",\"contact\":\"{}\",\"command\":\"{command}\",\"with\":{with}}}\n", id(1))
    };
    let add = format!("{{\"journey\":\"{}\",\"source\":\"Radio\",\"product\":\"Windows\"}}", id(1));
    let file = data.file("file.jsonl", &[line("company.configure", "{}"), line("contact.add", &add), "nonsense".into()].concat());
    let ran = data.run(&["import", "history", &file, "--zone", "UTC"]);
    assert_eq!(ran.code(), 1);
    for says in ["--zone and --currency", "--create-missing makes", "what stands there is not JSON, at column 2"] {
        assert!(ran.stderr().contains(says), "{says}: {}", ran.stderr());
    }
}

#[test]
fn an_import_exits_with_0_only_when_every_line_is_there() {
    let data = Data::new();
    let good = data.file("good.jsonl", &history(50));
    let first = data.run(&import(&good, &["--json"])).ok().json();
    assert_eq!(
        (&first["taken"], &first["refused"], &first["contacts"], &first["names"], &first["bad_lines"]),
        (&json!(200), &json!(0), &json!(50), &json!(13), &json!([]))
    );
    let second = data.run(&import(&good, &["--json"])).ok().json();
    assert_eq!((&second["taken"], &second["already_there"], &second["events"], &second["head"]), (&json!(0), &json!(200), &json!(0), &first["head"]));

    let mut lines: Vec<String> = history(60).lines().map(str::to_owned).collect();
    lines[10] = lines[10].replace("contact.log_attempt", "contact.forget");
    lines[230] = "nonsense".into();
    let bad = data.file("bad.jsonl", &lines.join("\n"));
    let report = data.path().join("report.jsonl");
    let ran = data.run(&import(&bad, &["--report", report.to_str().unwrap()]));
    assert_eq!(ran.code(), 1);
    assert!(ran.stdout().is_empty() && ran.stderr().contains("line 11: contact.forget: /command: ") && ran.stderr().contains("line 231: "), "{}", ran.stderr());
    assert!(ran.stderr().contains("39 taken, 199 already there, 2 refused"), "{}", ran.stderr());
    let report: Vec<Value> = fs::read_to_string(report).unwrap().lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(
        (&report[0]["line"], &report[0]["id"], &report[0]["code"], &report[1]["line"], &report[1]["code"]),
        (&json!(11), &json!("3-again"), &json!("unknown_command"), &json!(231), &json!("bad_json"))
    );
    let ran = data.run(&import(&bad, &["--json"]));
    assert_eq!((ran.code(), ran.json()["bad_lines"].as_array().unwrap()), (1, &report));
    assert_eq!(ran.json()["refused_by_code"], json!({ "unknown_command": 1, "bad_json": 1 }));
}

#[test]
fn only_the_first_bad_lines_are_told_in_full() {
    let data = Data::new();
    let bad = data.file("bad.jsonl", &"nonsense\n".repeat(30));
    let ran = data.run(&import(&bad, &[]));
    let told = ran.stderr().lines().filter(|line| line.starts_with("line ")).count();
    assert_eq!((ran.code(), told), (1, 20));
    assert!(ran.stderr().contains("10 more bad lines") && ran.stderr().contains("30  bad_json"), "{}", ran.stderr());
}

#[test]
fn a_history_without_a_line_to_take_makes_nothing() {
    let data = Data::new();
    let empty = data.file("empty.jsonl", "\n \n");
    let random = data.path().join("random");
    fs::write(&random, [b"\x00\xC3\x28\n{\n\xFE\n".as_slice(), &[0x80; 2_000_000]].concat()).unwrap();
    let random = random.to_str().unwrap();
    let none = data.run(&import(&empty, &[])).ok();
    assert!(none.stderr().contains("0 lines") && none.stderr().contains("no company was made"), "{}", none.stderr());
    let ran = data.run(&import(random, &[]));
    assert!(ran.code() == 1 && ran.stderr().contains("line 2: ") && ran.stderr().contains("no company was made"), "{}", ran.stderr());
    let ran = data.run(&import(random, &["--json"])).json();
    assert_eq!((&ran["company"], &ran["head"], &ran["lines"], &ran["refused"]), (&Value::Null, &Value::Null, &json!(4), &json!(4)));
    assert!(!data.path().join("data").exists());
    // Where there is a company, it is looked at as ever.
    data.made();
    let ran = data.run(&import(&empty, &["--json"])).ok().json();
    assert_eq!((&ran["name"], &ran["lines"], ran["head"].is_object()), (&json!("Acme"), &json!(0), true));
    assert!(data.run(&import(random, &[])).stderr().contains("4 refused"));
    assert_eq!(data.run(&["companies", "--json"]).ok().json().as_array().unwrap().len(), 1);
}

/// Starts an import that reads from us, and kills it as soon as it has taken in the beginning of a history.
///
/// When the last of it fits into the pipe, all but that and what is on its way to the writer is committed.
fn killed_while_importing(data: &Data, beginning: &str) {
    let mut child = data.command(&import("-", &[])).stdin(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    child.stdin.as_mut().unwrap().write_all(beginning.as_bytes()).unwrap();
    child.kill().unwrap();
    child.wait().unwrap();
}

#[test]
fn killed_again_and_again_an_import_comes_to_the_same_log() {
    let text = history(2_500);
    let killed = Data::new();
    killed.made();
    // The company's id is random; the other folder begins as a copy of this one.
    let whole = Data::new();
    fs::create_dir(whole.path().join("data")).unwrap();
    for file in fs::read_dir(killed.path().join("data")).unwrap() {
        // The write-ahead log belongs to the database.
        let file = file.unwrap();
        fs::copy(file.path(), whole.path().join("data").join(file.file_name())).unwrap();
    }
    let file = whole.file("history.jsonl", &text);
    assert_eq!(whole.run(&import(&file, &["--json"])).ok().json()["taken"], 10_000);

    let mut positions = vec![killed.position()];
    for quarter in 1..=3 {
        // The cut is in the middle of a line.
        killed_while_importing(&killed, &text[..text.len() * quarter / 4 - 10]);
        positions.push(killed.position());
    }
    positions.push(whole.position());
    assert!(positions.windows(2).all(|pair| pair[0] < pair[1]), "{positions:?}");
    let rest = killed.run(&import(&file, &["--json"])).ok().json();
    assert_eq!(rest["taken"].as_u64().unwrap() + rest["already_there"].as_u64().unwrap(), 10_000);
    assert!(rest["already_there"].as_u64().unwrap() > 0);
    let (killed_log, whole_log) = (killed.told(), whole.told());
    let differing = killed_log.iter().zip(&whole_log).find(|(one, other)| one != other);
    assert_eq!(differing, None, "the first place where the two logs differ");
    assert_eq!(killed_log.len(), whole_log.len());
    assert_eq!(killed.run(&["verify"]).code(), 0);
}
