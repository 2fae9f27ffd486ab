//! C.7: which of the demos that were set were canceled.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use serde_json::{Value, json};

use super::counts::rate;
use super::{Question, RawEvent, known_by_then, named, names, text, windows_from, written};

/// A demo that was set, on a journey that was not voided.
struct Demo {
    set_at: DateTime<Utc>,
    source: String,
    category: Option<String>,
    product: String,
    scheduler: String,
    rep: Option<String>,
    canceled: Option<(DateTime<Utc>, Option<String>)>,
}

/// The cancel rates of each window by one key, in the shape in which the product gives them.
pub fn cancel_rates(events: &[RawEvent], question: &Question, key: &str) -> Vec<Value> {
    let all: Vec<&RawEvent> = events.iter().collect();
    let names = names(&all);
    let demos = demos(events, question);
    let mut tables = Vec::new();
    for (window, from) in windows_from(question) {
        let mut by_key: BTreeMap<Option<String>, Vec<&Demo>> = BTreeMap::new();
        for demo in demos.iter().filter(|demo| demo.set_at >= from && demo.set_at <= question.as_of) {
            let value = match key {
                "source" => Some(named(&names, &demo.source)),
                "category" => demo.category.clone(),
                "product" => Some(named(&names, &demo.product)),
                "scheduler" => Some(named(&names, &demo.scheduler)),
                "rep" => match &demo.rep {
                    None => continue,
                    Some(rep) => Some(named(&names, rep)),
                },
                "reason" => match &demo.canceled {
                    None => continue,
                    Some((_, reason)) => reason.clone(),
                },
                other => panic!("there is no key {other}"),
            };
            by_key.entry(value).or_default().push(demo);
        }
        let together: Vec<&Demo> = by_key.values().flatten().copied().collect();
        let (of, part) = (together.len() as i64, canceled(&together));
        let mut rows = Vec::new();
        for (value, demos) in &by_key {
            let mut row = sums(demos, part, key);
            row["key"] = json!(value);
            // A mean of rows would be another average.
            row["above_average"] = if key == "reason" { Value::Null } else { json!(canceled(demos) * of > part * demos.len() as i64) };
            rows.push(row);
        }
        if key == "reason" {
            rows.sort_by_key(|row| (-row["canceled"].as_i64().unwrap(), row["key"].as_str().map(str::to_owned)));
        }
        let total = sums(&together, part, key);
        tables.push(json!({ "key": key, "window": window, "from": written(from), "to": written(question.as_of), "rows": rows, "total": total }));
    }
    tables
}

/// How many demos were canceled in each window, by the time of canceling.
pub fn canceled_in(events: &[RawEvent], question: &Question) -> Vec<(&'static str, i64)> {
    let demos = demos(events, question);
    let mut counted = Vec::new();
    for (window, from) in windows_from(question) {
        let inside = demos.iter().filter(|demo| demo.canceled.as_ref().is_some_and(|(at, _)| *at >= from && *at <= question.as_of));
        counted.push((window, inside.count() as i64));
    }
    counted
}

fn canceled(demos: &[&Demo]) -> i64 {
    demos.iter().filter(|demo| demo.canceled.is_some()).count() as i64
}

fn sums(demos: &[&Demo], all_canceled: i64, key: &str) -> Value {
    let (set, canceled) = (demos.len() as i64, canceled(demos));
    let rates = if key == "reason" { Value::Null } else { rate(canceled, set) };
    json!({ "demos": set, "canceled": canceled, "rate": rates, "share": rate(canceled, all_canceled)["rate"], "few": set < 5 })
}

fn demos(events: &[RawEvent], question: &Question) -> Vec<Demo> {
    let known: Vec<&RawEvent> = events.iter().filter(|event| event.stream_kind == "contact" && known_by_then(event, question)).collect();
    let is_demo = |event: &&&RawEvent| event.kind == "meeting.set" && event.body["kind"] == "demo";
    let set: BTreeSet<_> = known.iter().filter(is_demo).map(|event| (event.stream_id, text(&event.body["journey"]), text(&event.body["meeting"]))).collect();
    let mut found = Vec::new();
    for (contact, journey, meeting) in set {
        let (mut source, mut category, mut product, mut voided) = (String::new(), None, String::new(), false);
        let (mut set_at, mut scheduler, mut rep, mut canceled) = (question.as_of, String::new(), None, None);
        for event in known.iter().filter(|event| event.stream_id == contact) {
            let body = &event.body;
            if body["journey"] == journey.as_str() {
                match event.kind.as_str() {
                    "journey.opened" | "journey.dimensions_changed" => {
                        (source, product) = (text(&body["source"]), text(&body["product"]));
                        category = body["category"].as_str().map(str::to_owned);
                    }
                    "journey.voided" => voided = true,
                    _ => {}
                }
            }
            if body["meeting"] == meeting.as_str() {
                match event.kind.as_str() {
                    "meeting.set" => (set_at, scheduler) = (event.occurred_at, text(&body["scheduler"])),
                    "meeting.issued" | "meeting.reissued" => rep = Some(text(&body["rep"])),
                    "meeting.rescheduled" => rep = None,
                    "meeting.canceled" => canceled = Some((event.occurred_at, words(&body["reason"]))),
                    _ => {}
                }
            }
        }
        if !voided {
            found.push(Demo { set_at, source, category, product, scheduler, rep, canceled });
        }
    }
    found
}

/// Personal words, unless they were forgotten.
fn words(value: &Value) -> Option<String> {
    value.as_str().or_else(|| value["personal"].as_str()).map(str::to_owned)
}
