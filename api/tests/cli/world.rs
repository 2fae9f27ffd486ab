//! A data folder, the binary over it, what it said, and the service while it runs.

use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// A data folder and the binary over it.
pub struct Data(TempDir);

impl Data {
    pub fn new() -> Data {
        Data(TempDir::new().unwrap())
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_leadtrail"));
        command.args(arguments).arg("--data").arg(self.path().join("data")).env_remove("LEADTRAIL_DATABASE_URL").env_remove("LEADTRAIL_LOG");
        command
    }

    pub fn run(&self, arguments: &[&str]) -> Ran {
        Ran(self.command(arguments).output().unwrap())
    }

    pub fn file(&self, name: &str, text: &str) -> String {
        let path = self.path().join(name);
        fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// Makes the company by a history of one line.
    pub fn made(&self) {
        let with = json!({ "journey": id(0xFFFF), "source": "Source 0", "product": "Windows" });
        let line = json!({ "id": "made", "at": "2026-01-05T09:00:00Z", "contact": id(0xFFFF), "command": "contact.add", "with": with });
        self.run(&import(&self.file("made.jsonl", &line.to_string()), &[])).ok();
    }

    /// Where the only company's log ends.
    pub fn position(&self) -> i64 {
        self.run(&["companies", "--json"]).ok().json()[0]["position"].as_i64().unwrap()
    }

    /// The log without what is different every time: random ids, recording times and, with them, hashes.
    pub fn told(&self) -> Vec<Value> {
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

pub struct Ran(Output);

impl Ran {
    pub fn code(&self) -> i32 {
        self.0.status.code().unwrap()
    }

    pub fn ok(self) -> Ran {
        assert_eq!(self.code(), 0, "{}", self.stderr());
        self
    }

    pub fn stdout(&self) -> String {
        String::from_utf8(self.0.stdout.clone()).unwrap()
    }

    pub fn stderr(&self) -> String {
        String::from_utf8(self.0.stderr.clone()).unwrap()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.stdout()).unwrap_or_else(|error| panic!("{error}: {}", self.stdout()))
    }

    /// A failure in one line and at most one more of what to do next, with this exit code.
    pub fn fails(&self, code: i32, says: &str) {
        let said = self.stderr();
        assert_eq!((self.code(), self.stdout().as_str()), (code, ""), "{said}");
        assert!(said.contains(says) && said.starts_with("leadtrail: ") && said.lines().skip(1).all(|line| line.starts_with("  ")), "{said}");
        assert!(said.lines().count() <= 2 && !said.contains("os error") && !said.contains("secret"), "{said}");
    }

    /// What is said to a command line that says nothing.
    pub fn fails_like_help(&self) {
        assert!(self.code() == 2 && self.stderr().contains("Usage: "), "{}", self.stderr());
    }

    /// A failure as one JSON object with this code, and nothing as the result.
    pub fn fails_as(&self, code: i32, name: &str) {
        assert_eq!((self.code(), self.stdout().as_str(), self.stderr().lines().count()), (code, "", 1), "{}", self.stderr());
        let failure: Value = serde_json::from_str(&self.stderr()).unwrap();
        assert_eq!(failure["code"], name, "{failure}");
        assert!(failure["message"].as_str().is_some_and(|message| !message.is_empty()) && failure.get("hint").is_some(), "{failure}");
    }
}

pub fn id(n: usize) -> String {
    format!("00000000-0000-0000-0000-{n:012x}")
}

/// A history of so many contacts: each is added, tried twice and given up.
pub fn history(contacts: usize) -> String {
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

pub const NEW_COMPANY: [&str; 5] = ["--company", "Acme", "--zone", "America/New_York", "--create-missing"];

pub fn import<'a>(file: &'a str, more: &[&'a str]) -> Vec<&'a str> {
    [&["import", "history", file], &NEW_COMPANY[..], more].concat()
}

/// Does what no part of the product does to a SQLite file.
pub fn change(database: &Path, statement: &'static str) {
    use sqlx::Connection;
    let url = format!("sqlite:{}", database.display());
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut file = sqlx::SqliteConnection::connect(&url).await.unwrap();
        sqlx::raw_sql(statement).execute(&mut file).await.unwrap();
        file.close().await.unwrap();
    });
}

/// The service, told to stop when dropped.
pub struct Served(Child, pub String);

impl Served {
    pub fn start(data: &Data, more: &[&str]) -> (Served, Value) {
        let arguments = [&["serve", "--listen", "127.0.0.1:0", "--json"], more].concat();
        let mut child = data.command(&arguments).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let started: Value = serde_json::from_str(&line).unwrap();
        let address = started["address"].as_str().unwrap().strip_prefix("http://").unwrap().to_owned();
        (Served(child, address), started)
    }

    pub fn get(&self, path: &str, token: &str) -> String {
        let mut stream = TcpStream::connect(&self.1).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {token}\r\nConnection: close\r\n\r\n", self.1).unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }

    /// Ends it as a supervisor does, and gives its exit code.
    pub fn stop(mut self) -> Option<i32> {
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
