//! The service, and what the command line answers and takes like it.

use crate::world::{Data, Served, change, id};
use serde_json::{Value, json};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::Stdio;

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
fn the_description_is_printed_without_a_database() {
    let data = Data::new();
    let description = data.run(&["openapi"]).ok().json();
    assert!(description["paths"].as_object().unwrap().keys().any(|path| path.contains("/figures/")));
    assert!(!data.path().join("data").exists());
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

#[test]
fn whoever_listens_is_let_go_when_the_service_stops() {
    let data = Data::new();
    data.run(&["demo", "--contacts", "5", "--until", "2026-06-01"]).ok();
    let (served, started) = Served::start(&data, &[]);
    let token = fs::read_to_string(started["token_file"].as_str().unwrap()).unwrap();
    let mut stream = TcpStream::connect(&served.1).unwrap();
    write!(stream, "GET /api/v1/stream?topics=log HTTP/1.1\r\nHost: {}\r\nAuthorization: Bearer {}\r\n\r\n", served.1, token.trim()).unwrap();
    let mut lines = BufReader::new(stream);
    let mut line = String::new();
    while !line.starts_with("id: ") {
        line.clear();
        assert_ne!(lines.read_line(&mut line).unwrap(), 0, "it is told where the log ends");
    }
    assert_eq!(served.stop(), Some(0));
    let mut rest = String::new();
    lines.read_to_string(&mut rest).unwrap();
    assert!(rest.ends_with("\r\n0\r\n\r\n"), "the answer is ended, not cut off: {rest:?}");
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
