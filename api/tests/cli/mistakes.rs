//! Wrong command lines and what cannot be done: exit codes, failures in words and as objects, and nothing made or overwritten.

use crate::world::{Data, history, id, import};
use serde_json::{Value, json};
use std::fs;

#[test]
fn a_wrong_command_line_is_2_and_what_cannot_be_done_is_3() {
    let data = Data::new();
    assert_eq!(data.run(&["fly"]).code(), 2);
    assert_eq!(data.run(&["import", "history"]).code(), 2);
    assert_eq!(data.run(&["import", "history", "x", "--zone", "Mars/Olympus"]).code(), 2);
    assert_eq!(data.run(&["rebuild", "--projection", "nonsense"]).code(), 2);
    assert_eq!(data.run(&["demo", "--until", "2500-01-01"]).code(), 2);
    data.run(&["serve", "--listen", "0.0.0.0:8080"]).fails(2, "127.0.0.1");
    data.run(&["serve", "--listen", "here"]).fails(2, "127.0.0.1:8080");
    assert!(data.run(&["timeline", "7"]).stderr().contains("an id is a UUID"));
    data.run(&["import", "history", "/does/not/exist", "--zone", "UTC"]).fails(3, "/does/not/exist");
    data.run(&["import", "history", data.path().to_str().unwrap(), "--zone", "UTC"]).fails(3, "folder");
    let empty = data.file("empty.jsonl", "");
    data.run(&["import", "history", &empty]).fails(3, "--zone");
    data.run(&["import", "log", &empty]).fails(3, "the file is empty");
    data.run(&["companies", "--database-url", "mysql://ana:secret@x"]).fails(2, "mysql");
    data.run(&["companies", "--database-url", "postgres://ana:secret@127.0.0.1:1/x"]).fails(3, "127.0.0.1:1, database x, user ana");
    assert!(!data.path().join("data").exists());
    data.made();
    let timeline = data.run(&["timeline", &id(1)]);
    timeline.fails(3, &id(1));
    assert!(!timeline.stderr().contains("GET "), "{}", timeline.stderr());
    data.run(&["figures", "nsla", "--company", "Best"]).fails(3, "Acme");
    data.run(&["figures", "nsla", "--zone", "Mars/Olympus"]).fails(2, "--zone");
}

/// Every command that begins nothing where nothing is.
const LOOKING: [&[&str]; 11] = [
    &["companies"],
    &["verify"],
    &["verify", "--tail", "10"],
    &["rebuild"],
    &["rebuild", "--check"],
    &["export"],
    &["backup", "--keys", "keys"],
    &["get", "worklists"],
    &["send", "source.define", "{\"name\": \"Radio\"}"],
    &["figures", "nsla"],
    &["timeline", "00000000-0000-0000-0000-000000000001"],
];

#[test]
fn what_only_looks_makes_nothing_where_nothing_is() {
    let data = Data::new();
    let (folder, file) = (data.path().join("data"), data.path().join("other.db"));
    let url = format!("sqlite:{}", file.display());
    for command in LOOKING {
        data.run(command).fails(3, &format!("there is no Leadtrail data in {}", folder.display()));
        data.run(&[command, &["--database-url", &url]].concat()).fails(3, "other.db");
        data.run(&[command, &["--json"]].concat()).fails_as(3, "no_data");
        assert!(!folder.exists() && !file.exists(), "{command:?}");
    }
    data.run(&["import", "history", &data.file("none.jsonl", "")]).fails(3, "--zone");
    assert!(!folder.exists());
    // An empty folder, and what a start leaves that was killed at once, are no data either.
    fs::create_dir(&folder).unwrap();
    data.run(&["verify"]).fails(3, "no Leadtrail data");
    fs::write(folder.join("leadtrail.db"), "").unwrap();
    data.run(&["verify"]).fails(3, "no Leadtrail data");
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 1);
    fs::write(folder.join("leadtrail.db"), "something else").unwrap();
    data.run(&["verify"]).fails(3, "is no SQLite database");
}

#[test]
fn with_json_a_failure_is_an_object() {
    let data = Data::new();
    for wrong in [&["fly"][..], &["figures"], &["figures", "foo"], &["demo", "--until", "2500-01-01"], &["demo", "--company", "Acme"]] {
        data.run(&[wrong, &["--json"]].concat()).fails_as(2, "usage");
        data.run(&[&["--json"], wrong].concat()).fails_as(2, "usage");
    }
    data.run(&["import", "log", "/does/not/exist", "--json"]).fails_as(3, "file");
    data.run(&["import", "log", &data.file("empty", ""), "--json"]).fails_as(3, "bad_file");
    data.run(&["companies", "--json", "--database-url", "postgres://ana:secret@127.0.0.1:1/x"]).fails_as(3, "database");
    data.made();
    data.run(&["export", "--company", "Best", "--json"]).fails_as(3, "unknown_company");
    data.run(&["timeline", &id(1), "--json"]).fails_as(3, "unknown_contact");
}

#[test]
fn the_company_may_be_named_before_the_command_and_only_where_it_means_something() {
    let data = Data::new();
    data.made();
    data.run(&["--company", "Acme", "verify"]).ok();
    data.run(&["--company", "Best", "verify"]).fails(3, "Best");
    let restore = ["restore", "--keys", "keys", "--master-key", "master.key"];
    for command in [&["companies"][..], &["demo"], &["serve"], &["openapi"], &["backup", "--keys", "keys"], &restore] {
        data.run(&[&["--company", "Acme"], command].concat()).fails(2, "takes no --company");
        data.run(&[command, &["--company", "Acme"]].concat()).fails(2, "takes no --company");
    }
}

#[test]
fn nothing_is_written_over_the_data() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let at = |path: &str| data.path().join(path).to_str().unwrap().to_owned();
    let mut paths: Vec<String> = ["leadtrail.db", "leadtrail.db-wal", "leadtrail.db-shm", "token", "master.key", "erasures.jsonl", "../data/new"]
        .iter()
        .map(|name| at(&format!("data/{name}")))
        .collect();
    #[cfg(unix)]
    {
        use std::os::unix::fs::symlink;
        symlink(at("data/leadtrail.db"), at("link")).unwrap();
        symlink(at("data/token"), at("dangling")).unwrap();
        symlink(at("data"), at("folder")).unwrap();
        symlink(at("data/master.key"), at("x.part")).unwrap();
        fs::hard_link(at("data/leadtrail.db"), at("hard")).unwrap();
        paths.extend(["link", "dangling", "folder/master.key", "hard"].map(at));
        data.run(&["export", "--out", &at("x")]).fails(2, "--out");
    }
    let before = fs::read(at("data/master.key")).unwrap();
    let history = data.file("history.jsonl", &history(1));
    for path in &paths {
        data.run(&["export", "--out", path]).fails(2, "--out");
        data.run(&["export", "--keys", path]).fails(2, "--keys");
        data.run(&["import", "history", &history, "--report", path]).fails(2, "--report");
    }
    assert_eq!(fs::read(at("data/master.key")).unwrap(), before);
    assert!(!data.path().join("data/token").exists());
    data.run(&["verify"]).ok();
    data.run(&["export", "--out", &at("same"), "--keys", &at("same")]).fails(2, "same file");
    // A database elsewhere is looked after as well, and so is one that is not there yet.
    let url = format!("sqlite:{}", at("other.db"));
    data.run(&import(&history, &["--database-url", &url, "--report", &at("other.db")])).fails(2, "--report");
    data.run(&import(&history, &["--database-url", &url])).ok();
    data.run(&["export", "--database-url", &url, "--out", &at("other.db-wal")]).fails(2, "--out");
    data.run(&["export", "--database-url", &url, "--out", &at("log.jsonl"), "--keys", &at("keys.jsonl")]).ok();
}

#[test]
fn what_others_wrote_does_not_steer_the_terminal() {
    let data = Data::new();
    let mut lines: Vec<Value> = history(1).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let evil = "\u{1b}]0;owned\u{7}\u{202e}\u{9b}2J\nleadtrail: all is well";
    lines[1]["command"] = json!(evil);
    lines[2]["at"] = json!(evil);
    lines[3]["with"][evil] = json!(1);
    let mut bare = lines[0].clone();
    bare[evil] = json!(1);
    lines.push(bare);
    let text: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let ran = data.run(&import(&data.file("history.jsonl", &text), &[]));
    let said = ran.stderr();
    assert_eq!(ran.code(), 1, "{said}");
    let steers = |text: &str| text.chars().any(|c| (c.is_control() && c != '\n') || c == '\u{202e}');
    assert!(!steers(&said) && !said.contains("\nleadtrail: ") && said.contains("\\u{1b}]0;owned"), "{said:?}");

    // Names in files are names like any other.
    let log = data.run(&["export"]).ok().stdout();
    let other = Data::new();
    let renamed = log.replacen("\"Acme\"", &json!(evil).to_string(), 1);
    other.run(&["import", "log", &other.file("log.jsonl", &renamed)]).fails(3, "control characters");
    let file = other.file("log.jsonl", &log);
    assert!(other.run(&["import", "log", &file, "--name", "a\u{1b}b"]).code() == 2);
    assert!(!other.path().join("data").exists());
    let unknown = data.run(&["figures", "nsla", "--company", "a\u{1b}b"]);
    assert!(unknown.code() == 3 && !steers(&unknown.stderr()), "{:?}", unknown.stderr());
}

#[test]
fn without_its_master_key_a_database_is_not_opened_and_no_other_key_is_made() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let path = data.path().join("data").join("master.key");
    let key = fs::read_to_string(&path).unwrap();
    fs::remove_file(&path).unwrap();
    for command in [["verify", "--json"].as_slice(), &["demo", "--contacts", "5", "--json"]] {
        data.run(command).fails_as(3, "file");
        assert!(!path.exists());
    }
    fs::write(&path, "00".repeat(32)).unwrap();
    #[cfg(unix)]
    fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let ran = data.run(&["verify"]);
    assert!(ran.code() == 3 && ran.stderr().contains("not the master key"), "{}", ran.stderr());
    fs::write(&path, key).unwrap();
    data.run(&["verify"]).ok();
}
