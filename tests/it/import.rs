//! Another system's history: bad lines are named and the rest goes on, no line is taken twice, and a cut changes nothing.

use crate::databases::both;
use crate::world::{ACME, Fixed, OTHER, World, id};
use api::app::App;
use api::history::{BadLine, NewCompany, Summary, Watch, company_for, take};
use domain::company::{Currency, Zone};
use domain::text::Label;
use eventstore::{CompanyId, Recorded};
use serde_json::{Value, json};
use std::io;

/// Keeps what is told of an import.
#[derive(Default)]
pub struct Heard {
    pub bad: Vec<BadLine>,
    pub bytes: u64,
}

impl Watch for Heard {
    fn read(&mut self, bytes: u64, _: u64) {
        assert!(self.bytes <= bytes);
        self.bytes = bytes;
    }

    fn bad(&mut self, bad: &BadLine) -> io::Result<()> {
        self.bad.push(bad.clone());
        Ok(())
    }
}

fn line(key: &str, at: &str, contact: u128, command: &str, with: Value) -> Value {
    json!({ "id": key, "at": at, "by": "Ana", "contact": id(contact), "command": command, "with": with })
}

/// A contact from the first call to an approved sale, on days of June 2026.
pub fn sold(n: u128) -> Vec<Value> {
    let key = |step: &str| format!("{n}-{step}");
    let items = json!([{ "description": "Window", "quantity": 2, "unit_price_minor": 50_000 }]);
    vec![
        line(
            &key("add"),
            "2026-06-01T14:00:00Z",
            n,
            "contact.add",
            json!({ "journey": id(n), "source": "Radio", "product": "Windows", "address": format!("{n} Elm St") }),
        ),
        line(&key("try"), "2026-06-01T15:00:00Z", n, "contact.log_attempt", json!({ "channel": "phone", "outcome": "spoke" })),
        line(
            &key("set"),
            "2026-06-01T15:05:00Z",
            n,
            "meeting.set",
            json!({ "meeting": id(n), "journey": id(n), "kind": "demo", "start": "2026-06-03T18:00:00-04:00" }),
        ),
        line(&key("yes"), "2026-06-02T15:00:00Z", n, "meeting.confirm", json!({ "meeting": id(n) })),
        line(&key("go"), "2026-06-03T13:00:00Z", n, "meeting.issue", json!({ "meeting": id(n), "rep": "Ben" })),
        line(&key("offer"), "2026-06-03T23:00:00Z", n, "quote.add", json!({ "quote": id(n), "journey": id(n), "product": "Windows", "items": items })),
        line(&key("ready"), "2026-06-03T23:05:00Z", n, "quote.finalize", json!({ "quote": id(n) })),
        line(&key("sold"), "2026-06-03T23:30:00Z", n, "quote.mark_sold", json!({ "quote": id(n), "sale": id(n) })),
        line(&key("held"), "2026-06-04T00:00:00Z", n, "meeting.result", json!({ "meeting": id(n), "result": "sold" })),
        line(&key("official"), "2026-06-05T13:00:00Z", n, "sale.approve", json!({ "sale": id(n) })),
    ]
}

pub fn file(lines: &[Value]) -> String {
    lines.iter().map(|line| format!("{line}\n")).collect()
}

pub async fn import(app: &App, company: CompanyId, text: impl AsRef<[u8]>) -> (Summary, Vec<BadLine>) {
    let mut heard = Heard::default();
    let summary = take(app, company, true, text.as_ref(), &mut heard).await.unwrap();
    assert_eq!(heard.bytes, text.as_ref().len() as u64);
    (summary, heard.bad)
}

pub async fn log(app: &App, company: CompanyId) -> Vec<Recorded> {
    app.store.page(company, 0, usize::MAX >> 1).await.unwrap()
}

/// What a log says, apart from when it was written down and the random ids of events and commands.
pub fn told(events: &[Recorded]) -> Vec<(i64, i64, String, String, Value, String, String)> {
    let told = |event: &Recorded| {
        let body = serde_json::from_slice(event.data()).unwrap();
        (event.position, event.commit_end, event.stream.to_string(), event.kind.clone(), body, event.occurred_at.to_rfc3339(), event.actor.clone())
    };
    events.iter().map(told).collect()
}

#[tokio::test]
async fn every_line_is_taken_in_order_and_a_second_run_adds_nothing() {
    for world in World::both().await {
        let text = file(&[sold(1), sold(2)].concat());
        let before = world.position().await;
        let (first, bad) = import(&world.app, ACME, &text).await;
        assert!(bad.is_empty(), "{bad:?}");
        assert_eq!((first.lines, first.taken, first.already_there, first.refused, first.contacts, first.names), (20, 20, 0, 0, 2, 0));
        let events = log(&world.app, ACME).await.split_off(before as usize);
        assert_eq!(first.events as usize, events.len());
        assert_eq!(first.head.unwrap().position.number, world.position().await);
        let kinds: Vec<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        let one = [
            "contact.added",
            "journey.opened",
            "contact.attempted",
            "meeting.set",
            "meeting.confirmed",
            "meeting.issued",
            "quote.created",
            "quote.finalized",
            "quote.marked_sold",
            "quote.sold",
            "sale.created",
            "meeting.resulted",
            "sale.approved",
            "journey.closed",
            "ledger.entry_posted",
            "job.opened",
        ];
        assert_eq!(kinds, [one, one].concat());
        let settings = world.app.settings(ACME).await.unwrap();
        let (ana, _) = settings.people.iter().find(|(_, name)| name.as_str() == "Ana").unwrap();
        assert!(events.iter().all(|event| event.actor == format!("importer:{ana}")), "by Ana");

        let spaced = text.replace("\n", "\r\n\n").replace("\":", "\" : ");
        let (second, _) = import(&world.app, ACME, spaced).await;
        assert_eq!((second.lines, second.taken, second.already_there, second.refused, second.events), (20, 0, 20, 0, 0));
        assert_eq!(second.head, first.head);
    }
}

#[tokio::test]
async fn bad_lines_are_named_by_number_field_and_rule_and_the_rest_goes_on() {
    for world in World::both().await {
        let mut lines = sold(1);
        let issue = lines[4].clone();
        let with = |change: &dyn Fn(&mut Value)| {
            let mut line = issue.clone();
            change(&mut line);
            line.to_string()
        };
        let later = |key: &str, command: &str, with: Value| line(key, "2026-06-06T12:00:00Z", 1, command, with).to_string();
        lines.extend(sold(2));
        let mut text = file(&lines);
        let expected: Vec<(String, &str, &str)> = vec![
            ("{".into(), "bad_json", ""),
            ("[1]".into(), "bad_json", ""),
            (r#"{"id":"a","id":"b"}"#.into(), "bad_json", ""),
            ("\u{0}".into(), "bad_json", ""),
            ("[".repeat(100_000), "bad_json", ""),
            (format!("\"{}\"", "x".repeat(1024 * 1024)), "line_too_long", ""),
            (with(&|line| line["id"] = "1-add".into()), "idempotency_key_reused", "/id"),
            (with(&|line| line["why"] = "so".into()), "field_invalid", "/why"),
            (with(&|line| line["at"] = "1.6.2026".into()), "field_invalid", "/at"),
            (with(&|line| drop(line.as_object_mut().unwrap().remove("at"))), "field_required", "/at"),
            (with(&|line| line["command"] = "meeting.eat".into()), "unknown_command", "/command"),
            (with(&|line| line["with"]["rep"] = 7.into()), "field_invalid", "/with/rep"),
            (with(&|line| line["with"] = json!({ "meeting": id(1) })), "field_required", "/with/rep"),
            (with(&|line| line["with"]["color"] = "red".into()), "field_invalid", "/with/color"),
            (line("x1", "2026-06-04T00:00:00Z", 1, "sale.cancel", json!({ "sale": id(1), "reason": "No" })).to_string(), "before_last_event", "/at"),
            (line("x2", "2027-01-01T00:00:00Z", 1, "sale.cancel", json!({ "sale": id(1), "reason": "No" })).to_string(), "in_the_future", "/at"),
            (line("x3", "2026-06-06T12:00:00Z", 9, "sale.approve", json!({ "sale": id(1) })).to_string(), "unknown_contact", "/contact"),
            (later("x4", "sale.approve", json!({ "sale": id(1) })), "wrong_state", ""),
            (later("x5", "sale.approve", json!({ "sale": id(5) })), "unknown_sale", "/with/sale"),
            (later("x6", "meeting.issue", json!({ "meeting": id(1), "rep": id(77) })), "wrong_state", ""),
            (later("x7", "sale.change_rep", json!({ "sale": id(1), "rep": id(77) })), "unknown_person", "/with/rep"),
            (later("x8", "sale.cancel", json!({ "sale": id(1), "reason": "No", "fee_minor": -1 })), "field_invalid", "/with/fee_minor"),
            (later("x9", "sale.cancel", json!({ "sale": id(1), "reason": "" })), "field_invalid", "/with/reason"),
            (later("x10", "contact.add", json!({ "journey": id(8), "source": "Radio", "product": "Windows" })), "id_taken", "/contact"),
            (
                line(
                    "x11",
                    "2026-06-06T12:00:00Z",
                    8,
                    "contact.add",
                    json!({ "journey": id(8), "source": "Radio", "product": "Windows", "address": "1 elm st." }),
                )
                .to_string(),
                "address_taken",
                "/with/address",
            ),
        ];
        for (bad, _, _) in &expected {
            text.push_str(&format!("{bad}\n"));
        }
        text.push_str(&file(&sold(3)));
        let before = world.position().await;
        let (summary, bad) = import(&world.app, ACME, &text).await;
        assert_eq!((summary.lines, summary.taken, summary.refused), (30 + expected.len() as u64, 30, expected.len() as u64));
        assert_eq!(world.position().await - before, 3 * 16, "a refused line stores nothing");
        assert_eq!(bad.len(), expected.len());
        for (at, (bad, (text, code, pointer))) in bad.iter().zip(&expected).enumerate() {
            let found = (bad.line, bad.code, bad.pointers.concat());
            assert_eq!(found, (21 + at as u64, *code, (*pointer).to_owned()), "{bad:?} of {}", &text[..text.len().min(200)]);
            assert!(!bad.detail.is_empty());
        }
        let refused = bad.iter().find(|bad| bad.id.as_deref() == Some("x4")).unwrap();
        assert!(refused.open_transitions.iter().any(|open| open.command == "sale.cancel"), "what is open instead: {refused:?}");
        assert_eq!(bad.last().unwrap().other, Some(id(1)), "who has the address");
        assert_eq!(summary.refused_by_code["field_invalid"], 6);
    }
}

#[tokio::test]
async fn an_import_that_was_cut_continues_to_the_same_log() {
    let text = file(&[sold(1), sold(2), sold(3)].concat()).replace("\"Ben\"", "\"Benno\"").replace("\"Radio\"", "\"Radio Two\"");
    let mut logs = Vec::new();
    for cuts in [vec![], vec![text.len() / 2], vec![100, text.len() / 3, text.len() - 10]] {
        for db in both().await {
            let company = ACME;
            let app = App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"));
            let new = NewCompany {
                id: Some(company),
                name: Label::try_new("Cut").unwrap(),
                zone: Zone::parse("UTC").unwrap(),
                currency: Currency::parse("USD").unwrap(),
            };
            company_for(&app, None, Some(new)).await.unwrap();
            for cut in &cuts {
                import(&app, company, &text[..*cut]).await;
            }
            let (summary, bad) = import(&app, company, &text).await;
            assert!(bad.is_empty() && summary.taken + summary.already_there == 30, "{bad:?}");
            logs.push(told(&log(&app, company).await));
            app.stop().await;
        }
    }
    assert!(logs.iter().all(|log| *log == logs[0]));
}

#[tokio::test]
async fn unknown_names_are_made_once_or_refused() {
    for world in World::both().await {
        let text =
            file(&[sold(1), sold(2)].concat()).replace("\"Ana\"", "\"Åsa Öberg\"").replace("\"Windows\"", "\"Sunrooms\"").replace("\"Radio\"", "\"Fair\"");
        let mut heard = Heard::default();
        let summary = take(&world.app, ACME, false, text.as_bytes(), &mut heard).await.unwrap();
        assert_eq!((summary.taken, summary.refused, heard.bad[0].code, &*heard.bad[0].pointers[0]), (0, 20, "unknown_person", "/by"));

        let text = text.replacen("\"Fair\"", "\"FAIR\"", 1);
        let (summary, bad) = import(&world.app, ACME, &text).await;
        assert_eq!((summary.taken, summary.refused, summary.names), (20, 0, 3), "{bad:?}");
        let settings = world.app.settings(ACME).await.unwrap();
        assert!(settings.sources.iter().any(|(_, name)| name.as_str() == "FAIR") && settings.sources.iter().count() == 3, "named as it was met first");
        assert_eq!(world.app.settings(OTHER).await.unwrap().sources.iter().count(), 2, "the other company learns nothing");
    }
}

#[tokio::test]
async fn a_line_without_anybody_is_the_importers_own() {
    for world in World::both().await {
        let mut lines = sold(1);
        lines.truncate(2);
        lines.iter_mut().for_each(|line| drop(line.as_object_mut().unwrap().remove("by")));
        let (summary, bad) = import(&world.app, ACME, file(&lines)).await;
        assert_eq!(summary.taken, 2, "{bad:?}");
        assert_eq!(log(&world.app, ACME).await.last().unwrap().actor, "importer");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_first_imports_at_once_go_into_one_company() {
    for db in both().await {
        let new = |seed: u128| NewCompany {
            id: Some(CompanyId(id(seed))),
            name: Label::try_new("Big").unwrap(),
            zone: Zone::parse("UTC").unwrap(),
            currency: Currency::parse("USD").unwrap(),
        };
        // Two processes: nothing but the database is shared.
        let apps: Vec<App> = (0..4).map(|_| App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"))).collect();
        let imports = apps.iter().zip(1..).map(|(app, seed)| company_for(app, Some("Big"), Some(new(seed))));
        let made: Vec<_> = futures::future::join_all(imports).await.into_iter().map(Result::unwrap).collect();
        assert!(made.iter().all(|company| company.id == made[0].id), "{made:?}");
        assert_eq!(apps[0].store.companies().await.unwrap().len(), 1);
        assert!(apps[0].settings(made[0].id).await.unwrap().settings.is_some());
        for app in apps {
            app.stop().await;
        }
    }
}

#[tokio::test]
async fn a_company_is_made_only_when_told_how() {
    for db in both().await {
        let app = App::new(db.store(), Fixed::at("2026-07-01T16:00:00Z"));
        assert!(company_for(&app, Some("Acme"), None).await.is_err());
        let new = || NewCompany {
            id: None,
            name: Label::try_new("From the file").unwrap(),
            zone: Zone::parse("Europe/Paris").unwrap(),
            currency: Currency::parse("EUR").unwrap(),
        };
        let made = company_for(&app, Some("Acme"), Some(new())).await.unwrap();
        assert_eq!(company_for(&app, None, Some(new())).await.unwrap().id, made.id, "the only one");
        assert_eq!(company_for(&app, Some("ACME"), None).await.unwrap().id, made.id);
        let other = company_for(&app, Some("Other"), Some(new())).await.unwrap();
        assert_ne!(other.id, made.id);
        assert!(company_for(&app, None, Some(new())).await.is_err(), "which of the two?");
        assert_eq!(app.settings(other.id).await.unwrap().zone(), chrono_tz::Europe::Paris);
        app.stop().await;
    }
}
