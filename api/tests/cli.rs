//! The binary, as people and programs run it: results, exit codes, and what survives being killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A data folder and the binary over it.
struct Data(TempDir);

impl Data {
    fn new() -> Data {
        Data(TempDir::new().unwrap())
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadtrail"));
        command.args(arguments).arg("--data").arg(self.path().join("data")).env_remove("LEADTRAIL_DATABASE_URL").env_remove("LEADTRAIL_LOG");
        command
    }

    fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Makes the company by a history of one line.
    fn made(&self) {
        let with = json!({ "journey": id(0xFFFF), "source": "Source 0", "product": "Windows" });
        let line = json!({ "id": "made", "at": "2026-01-05T09:00:00Z", "contact": id(0xFFFF), "command": "contact.add", "with": with });
        self.run(&import(&self.file("made.jsonl", &line.to_string()), &[])).ok();
    }

    /// Where the only company's log ends.
    fn position(&self) -> i64 {
        self.run(&["companies", "--json"]).ok().json()[0]["position"].as_i64().unwrap()
    }

    /// The log without what is different every time: random ids, recording times and, with them, hashes.
    fn told(&self) -> Vec<Value> {
        let lines = self.run(&["export"]).ok().stdout();
        let mut lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(&without_seals(line)).unwrap()).collect();
        for line in &mut lines {
            for random in ["event_id", "command_id", "recorded_at", "hash"] {
                line.as_object_mut().unwrap().remove(random);
            }
        }
        lines
    }
}

/// The same text with every sealed value cut out: no two are sealed alike.
fn without_seals(text: &str) -> String {
    let (first, rest) = text.split_once("{\"sealed\":").unwrap_or((text, ""));
    let rest = rest.split_once('}').map_or("", |(_, rest)| rest);
    if rest.is_empty() { first.to_owned() } else { format!("{first}0{}", without_seals(rest)) }
}

struct Ran(Output);

impl Ran {
    fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    fn ok(self) -> Ran {
        assert_eq!(self.code(), 0, "{}", self.stderr());
        self
    }

    fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    fn json(&self) -> Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|error| panic!("{error}: {}", self.stdout()))
    }

    /// A failure in one line and at most one more of what to do next, with this exit code.
    fn fails(&self, code: i32, says: &str) {
        let said = self.stderr();
        assert_eq!((self.code(), self.stdout().as_str()), (code, ""), "{said}");
        assert!(said.contains(says) && said.starts_with("leadtrail: ") && said.lines().skip(1).all(|line| line.starts_with("  ")), "{said}");
        assert!(said.lines().count() <= 2 && !said.contains("os error") && !said.contains("secret"), "{said}");
    }

    /// What is said to a command line that says nothing.
    fn fails_like_help(&self) {
        assert!(self.code() == 2 && self.stderr().contains("Usage: "), "{}", self.stderr());
    }

    /// A failure as one JSON object with this code, and nothing as the result.
    fn fails_as(&self, code: i32, name: &str) {
        assert_eq!((self.code(), self.stdout().as_str(), self.stderr().lines().count()), (code, "", 1), "{}", self.stderr());
        let failure: Value = serde_json::from_str(&self.stderr()).unwrap();
        assert_eq!(failure["code"], name, "{failure}");
        assert!(failure["message"].as_str().is_some_and(|message| !message.is_empty()) && failure.get("hint").is_some(), "{failure}");
    }
}

fn id(n: usize) -> String {
    format!("00000000-0000-0000-0000-{n:012x}")
}

/// A history of so many contacts: each is added, tried twice and given up.
fn history(contacts: usize) -> String {
    let mut text = String::new();
    for n in 1..=contacts {
        let line = |step: &str, at: &str, command: &str, with: Value| {
            let line =
                json!({ "id": format!("{n}-{step}"), "at": at, "by": format!("Scheduler {}", n % 7), "contact": id(n), "command": command, "with": with });
            format!("{line}\n")
        };
        let source = format!("Source {}", n % 5);
        text += &line(
            "add",
            "2026-01-05T10:00:00Z",
            "contact.add",
            json!({ "journey": id(n), "source": source, "product": "Windows", "address": format!("{n} Elm St") }),
        );
        text += &line("try", "2026-01-05T11:00:00Z", "contact.log_attempt", json!({ "channel": "phone", "outcome": "no_answer" }));
        text += &line("again", "2026-01-06T11:00:00Z", "contact.log_attempt", json!({ "channel": "text", "outcome": "spoke" }));
        text += &line("lose", "2026-01-07T11:00:00Z", "contact.lose", json!({ "reason": "Not interested" }));
    }
    text
}

const NEW_COMPANY: [&str; 5] = ["--company", "Acme", "--zone", "America/New_York", "--create-missing"];

fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["import", "history", file], &NEW_COMPANY[..], more].concat()
}

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
fn whatever_the_service_answers_and_takes_the_command_line_does_too() {
    let data = Data::new();
    data.made();
    let contact = id(0xFFFF);
    let send = |command: &str, fields: Value| data.run(&["send", command, &fields.to_string()]);
    let attempt = json!({ "contact": contact, "channel": "phone", "outcome": "no_answer" });
    assert_eq!(send("contact.log_attempt", attempt).ok().stdout(), "contact.attempted\njourney.limit_started\n");
    let shown = data.run(&["get", &format!("contacts/{contact}"), "--json"]).ok().json();
    assert_eq!((&shown["contact"], &shown["state"]), (&json!(contact), &json!("attempted_to_set")));
    assert_eq!(data.run(&["get", "/api/v1/worklists"]).ok().json()["data"][0]["name"], "overdue");
    let before = data.position();
    let again = json!({ "contact": contact, "reason": "later" });
    send("contact.move_to_remarket", again.clone()).fails(3, "possible now: meeting.set, quote.add, contact.lose");
    data.run(&["send", "contact.move_to_remarket", &again.to_string(), "--json"]).fails_as(3, "refused");
    send("contact.lose", json!({ "contact": contact })).fails(3, "field_required");
    send("contact.lose", json!({ "reason": "moved" })).fails(2, "needs the field `contact`");
    send("contact.lose", json!({ "contact": "x", "reason": "moved" })).fails(2, "`contact` must be an id (UUID), not `x`");
    send("contact.vanish", json!({})).fails(2, "docs/COMMANDS.md");
    assert_eq!(data.run(&["send", "contact.lose", "moved"]).code(), 2);
    data.run(&["get", "nowhere"]).fails(3, "not_found");
    data.run(&["get", &format!("contacts/{}", id(7))]).fails(3, "unknown_contact");
    assert_eq!(data.position(), before, "what is refused is not stored");
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

/// Does what no part of the product does to a SQLite file.
fn change(database: &Path, statement: &'static str) {
    use sqlx::Connection;
    let url = format!("sqlite:{}", database.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut file = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    });
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
fn a_service_that_cannot_start_leaves_nothing() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let at = |name: &str| data.path().join(name).to_str().unwrap().to_owned();
    let url = format!("sqlite:{}", at("data/leadtrail.db"));
    let other = Data::new();
    for more in [[].as_slice(), &["--webhook", "https://example.test/hook"]] {
        other.run(&[&["serve", "--listen", "127.0.0.1:0", "--database-url", &url], more].concat()).fails(3, "cannot read the master key");
    }
    other.run(&["serve", "--webhook", "ftp://example.test"]).fails(2, "--webhook");
    assert!(!other.path().join("data").exists());
    // The logs of a dump, before their keys are there.
    change(Path::new(&at("data/leadtrail.db")), "DELETE FROM company_keys");
    data.run(&["serve", "--listen", "127.0.0.1:0"]).fails(3, "are missing");
    assert!(data.run(&["verify"]).stderr().contains("run `leadtrail restore --keys"));
    assert!(!Path::new(&at("data/token")).exists());
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

#[test]
fn the_description_is_printed_without_a_database() {
    let data = Data::new();
    let description = data.run(&["openapi"]).ok().json();
    assert!(description["paths"].as_object().unwrap().keys().any(|path| path.contains("/figures/")));
    assert!(!data.path().join("data").exists());
}

/// The service, told to stop when dropped.
struct Served(Child, String);

impl Served {
    fn start(data: &Data, more: &[&str]) -> (Served, Value) {
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--json"], more].concat();
        let mut child = data.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let address = started["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        (Served(child, address), started)
    }

    fn get(&self, path: &str, token: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n", self.1).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it as a supervisor does, and gives its exit code.
    fn stop(mut self) -> Option<i32> {
        Command::new("kill").args(["-TERM", &self.0.id().to_string()]).status().unwrap();
        self.0.wait().unwrap().code()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        if self.0.kill().is_ok() {
            self.0.wait().unwrap();
        }
    }
}

#[test]
fn the_service_starts_answers_and_stops_when_told() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "20", "--until", "2026-06-01"]).ok();
    let (served, started) = Served::start(&data, &["--demo"]);
    assert_eq!(started["companies"], json!(["Lakeside Windows & Roofing"]));
    let token_file = started["token_file"].as_str().unwrap();
    let token = fs::read_to_string(token_file).unwrap().trim().to_owned();
    assert!(served.get("/healthz", "").starts_with("HTTP/1.1 200"), "without a token");
    assert!(served.get("/api/v1/contacts", &token).starts_with("HTTP/1.1 200"));
    assert!(served.get("/api/v1/contacts", "another").starts_with("HTTP/1.1 401"));
    assert!(served.get("/docs/", &token).contains("swagger"));
    data.run(&["serve", "--listen", "127.0.0.1:0", "--json"]).fails_as(3, "in_use");
    data.run(&["demo", "--json"]).fails_as(3, "in_use");
    data.run(&["figures", "nsla"]).ok();
    let other = Data::new();
    other.run(&["demo", "--contacts", "5"]).ok();
    other.run(&["serve", "--listen", &served.1]).fails(3, "another port");
    assert_eq!(served.stop(), Some(0));
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        assert_eq!(fs::metadata(token_file).unwrap().permissions().mode() & 0o777, 0o600);
    }
}

/// What no part of the product does.
fn alter(data: &Data, statement: &'static str) {
    let url = format!("sqlite:{}", data.path().join("data/leadtrail.db").display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut file = <sqlx::SqliteConnection as sqlx::Connection>::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut file).await.unwrap();
        sqlx::Connection::close(file).await.unwrap();
    });
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
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["size"]), (1, &json!(data.position())), "it was signed while it ran, or when it stopped");
    assert_eq!(fs::read_to_string(outside).unwrap(), format!("{}\n", listed[0]["note"].as_str().unwrap()));
    assert_eq!(data.run(&["checkpoint", "--out", outside, "--json"]).ok().json(), listed, "nothing happened since");
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

#[test]
fn the_token_is_shown_once() {
    let data = Data::new();
    let greeting = |data: &Data| {
        let mut child = data.command(&["serve", "--listen", "127.0.0.1:0"]).stderr(Stdio::piped()).spawn().unwrap();
        let mut said = String::new();
        for line in BufReader::new(child.stderr.take().unwrap()).lines() {
            let line = line.unwrap();
            said += &format!("{line}\n");
            if line.starts_with("companies") {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        said
    };
    let (first, second) = (greeting(&data), greeting(&data));
    assert!(first.contains("ltk_") && first.contains("/docs"), "{first}");
    assert!(!second.contains("ltk_") && second.contains("data/token"), "{second}");
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
