//! The figures once more, slow and obvious: straight from METRICS C.1 to C.7 and from raw events, by loops anybody can check.
//!
//! It shares no code with the product's figures on purpose, not even the types: events are names and JSON, journeys and
//! people are text. Where the two disagree, one of them misreads the metrics.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Months, NaiveDate, SecondsFormat, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use counts::counts;
use serde_json::{Value, json};
use uuid::Uuid;

mod counts;
mod demos;
mod sales;
mod tests;

pub use demos::{cancel_rates, canceled_in};
pub use sales::sales;

/// An event as it lies in the log.
#[derive(Clone, Debug)]
pub struct RawEvent {
    /// Its place in the company's log.
    pub position: i64,
    /// Its stored name, such as `meeting.issued`.
    pub kind: String,
    /// Its business time.
    pub occurred_at: DateTime<Utc>,
    /// When it was recorded.
    pub recorded_at: DateTime<Utc>,
    /// `contact` or `company`.
    pub stream_kind: String,
    /// Which contact or company.
    pub stream_id: Uuid,
    /// Its data.
    pub body: Value,
}

/// What is asked: a figure, its grouping, and the circumstances of the report.
#[derive(Clone, Copy, Debug)]
pub struct Question {
    /// `nsla`, `nsls`, `nsls_by_issue`, `nsli` or `rehash`.
    pub figure: &'static str,
    /// `key`, `product` or `key,product`.
    pub by: &'static str,
    /// Nothing after this instant exists.
    pub as_of: DateTime<Utc>,
    /// Nothing that was recorded after this instant exists.
    pub known_at: Option<DateTime<Utc>>,
    /// Whose local days count.
    pub zone: Tz,
    /// The first day of the week.
    pub week_starts_on: Weekday,
    /// The first month of the year, 1 to 12.
    pub year_starts_in: u32,
}

/// The answer, in the shape in which the product gives it, with all eight windows.
pub fn answer(events: &[RawEvent], question: &Question) -> Value {
    let mut events: Vec<&RawEvent> = events.iter().collect();
    events.sort_by_key(|event| event.position);
    let journeys = journeys(&events, question);
    let names = names(&events);

    let mut windows = Vec::new();
    for (window, from) in windows_from(question) {
        let mut rows: BTreeMap<(Option<String>, Option<String>), Vec<&Counted>> = BTreeMap::new();
        let (mut all, mut voided) = (Vec::new(), 0);
        for journey in &journeys {
            if journey.at < from || journey.at > question.as_of {
                continue;
            }
            if journey.voided {
                voided += 1;
                continue;
            }
            let key = question.by.starts_with("key").then(|| named(&names, &journey.key));
            let product = question.by.ends_with("product").then(|| named(&names, &journey.product));
            rows.entry((key, product)).or_default().push(journey);
            all.push(journey);
        }
        let mut shown = Vec::new();
        for ((key, product), journeys) in rows {
            let mut row = counts(&journeys);
            row["key"] = json!(key);
            row["product"] = json!(product);
            shown.push(row);
        }
        let mut total = counts(&all);
        total["voided"] = json!(voided);
        windows.push(json!({ "window": window, "from": written(from), "to": written(question.as_of), "rows": shown, "total": total }));
    }
    json!({
        "figure": question.figure,
        "as_of": written(question.as_of),
        "known_at": question.known_at.map(written),
        "zone": question.zone.name(),
        "week_starts_on": weekday_name(question.week_starts_on),
        "currency": currency(&events),
        "position": events.last().map_or(0, |event| event.position),
        "windows": windows,
    })
}

/// A journey that has what the figure asks for: when it counts, under which key, for which product, and what it counts as.
struct Counted {
    at: DateTime<Utc>,
    key: String,
    product: String,
    origin: String,
    voided: bool,
    open: bool,
    set: bool,
    issued: bool,
    demoed: bool,
    rehash: bool,
    net_sold_minor: i64,
    pending_minor: i64,
}

/// Whether an event had happened, and was recorded, by the time that is asked about.
fn known_by_then(event: &RawEvent, question: &Question) -> bool {
    event.occurred_at <= question.as_of && question.known_at.is_none_or(|known_at| event.recorded_at <= known_at)
}

fn journeys(events: &[&RawEvent], question: &Question) -> Vec<Counted> {
    let mut by_journey: HashMap<(Uuid, String), Vec<&RawEvent>> = HashMap::new();
    for event in events {
        let of_a_journey = event.stream_kind == "contact" && event.body["journey"].is_string();
        if of_a_journey && known_by_then(event, question) {
            by_journey.entry((event.stream_id, text(&event.body["journey"]))).or_default().push(event);
        }
    }
    let mut journeys = Vec::new();
    for events in by_journey.values() {
        let Some(opened) = opened(events) else { continue };
        let (set, issue) = (governing_set(events), governing_issue(events));
        let mut rehash_rep = None;
        let (mut open, mut voided) = (true, false);
        for event in events {
            match event.kind.as_str() {
                "journey.rehash_assigned" => rehash_rep = Some(text(&event.body["rehash_rep"])),
                "journey.voided" => (open, voided) = (false, true),
                "journey.closed" => open = false,
                "journey.reopened" => open = true,
                _ => {}
            }
        }
        let dated = match question.figure {
            "nsla" => Some((opened.at, opened.source)),
            "nsls" => set.clone(),
            "nsls_by_issue" => issue.as_ref().map(|issue| (issue.at, set.clone().unwrap().1)),
            "nsli" => issue.as_ref().map(|issue| (issue.start, issue.rep.clone())),
            "rehash" => issue.as_ref().zip(rehash_rep.clone()).map(|(issue, rep)| (issue.start, rep)),
            other => panic!("there is no figure {other}"),
        };
        let Some((at, key)) = dated else { continue };
        let (net_sold_minor, pending_minor) = money(events);
        journeys.push(Counted {
            at,
            key,
            product: opened.product,
            origin: opened.origin,
            voided,
            open: open && !voided,
            set: set.is_some(),
            issued: issue.is_some(),
            demoed: issue.is_some_and(|issue| issue.demoed),
            rehash: rehash_rep.is_some(),
            net_sold_minor,
            pending_minor,
        });
    }
    journeys
}

struct Opened {
    at: DateTime<Utc>,
    origin: String,
    source: String,
    product: String,
}

/// C.2: when the journey opened and why, and the source and product that it has by now.
fn opened(events: &[&RawEvent]) -> Option<Opened> {
    let mut opened: Option<Opened> = None;
    for event in events {
        if event.kind == "journey.opened" {
            let (origin, source, product) = (text(&event.body["origin"]), text(&event.body["source"]), text(&event.body["product"]));
            opened = Some(Opened { at: event.occurred_at, origin, source, product });
        }
        if event.kind == "journey.dimensions_changed"
            && let Some(opened) = &mut opened
        {
            opened.source = text(&event.body["source"]);
            opened.product = text(&event.body["product"]);
        }
    }
    opened
}

/// C.3: the last demo that was set, canceled or not. When that was done, and by whom.
fn governing_set(events: &[&RawEvent]) -> Option<(DateTime<Utc>, String)> {
    let mut last = None;
    for event in events {
        if event.kind == "meeting.set" && event.body["kind"] == "demo" {
            last = Some((event.occurred_at, text(&event.body["scheduler"])));
        }
    }
    last
}

/// A demo that stands issued: when that was done, when it starts, with which rep, and what its result counts as.
#[derive(Clone)]
struct Issue {
    meeting: String,
    at: DateTime<Utc>,
    start: DateTime<Utc>,
    rep: String,
    counts: bool,
    demoed: bool,
}

/// C.3: the last issued demo that was neither canceled nor rescheduled since, and whose result, if it has one, counts as issued.
fn governing_issue(events: &[&RawEvent]) -> Option<Issue> {
    let mut starts: HashMap<String, DateTime<Utc>> = HashMap::new();
    let mut issued: Vec<Issue> = Vec::new();
    for event in events {
        if event.body["kind"] != "demo" {
            continue;
        }
        let meeting = text(&event.body["meeting"]);
        match event.kind.as_str() {
            "meeting.set" => {
                starts.insert(meeting, instant(&event.body["start"]));
            }
            "meeting.issued" | "meeting.reissued" => {
                issued.retain(|other| other.meeting != meeting);
                let (start, rep) = (starts[&meeting], text(&event.body["rep"]));
                issued.push(Issue { meeting, at: event.occurred_at, start, rep, counts: true, demoed: false });
            }
            "meeting.rescheduled" => {
                issued.retain(|other| other.meeting != meeting);
                starts.insert(meeting, instant(&event.body["start"]));
            }
            "meeting.canceled" => issued.retain(|other| other.meeting != meeting),
            "meeting.resulted" | "meeting.result_corrected" => {
                for issue in &mut issued {
                    if issue.meeting == meeting {
                        let meaning = &event.body["counts_as"];
                        let by_name = event.body["result"] == "sold" || event.body["result"] == "demoed_not_sold";
                        issue.counts = meaning["issued"].as_bool().unwrap_or(true);
                        issue.demoed = meaning["demoed"].as_bool().unwrap_or(by_name);
                    }
                }
            }
            _ => {}
        }
    }
    issued.iter().rfind(|issue| issue.counts).cloned()
}

/// C.5: the contracts of the journey's sales that are official and not canceled, change orders included; and of those that wait for approval.
fn money(events: &[&RawEvent]) -> (i64, i64) {
    let mut sales = Vec::new();
    for event in events {
        if event.kind == "sale.created" {
            sales.push(text(&event.body["sale"]));
        }
    }
    let (mut net, mut pending) = (0, 0);
    for sale in sales {
        let (mut contract, mut official, mut waits, mut canceled) = (0, false, false, false);
        for event in events {
            if event.body["sale"] != sale.as_str() {
                continue;
            }
            match event.kind.as_str() {
                "sale.created" => {
                    contract += minor(&event.body["amount_minor"]);
                    waits = event.body["needs_approval"] == true;
                    official = !waits;
                }
                "sale.approved" => (official, waits) = (true, false),
                "sale.not_approved" => (official, waits) = (false, false),
                "sale.moved_back_to_sold" => (official, waits) = (false, true),
                "sale.canceled" => canceled = true,
                "sale.reactivated" => canceled = false,
                "change_order.approved" | "change_order.reversed" => contract += minor(&event.body["amount_minor"]),
                _ => {}
            }
        }
        if official && !canceled {
            net += contract;
        }
        if waits && !canceled {
            pending += contract;
        }
    }
    (net, pending)
}

/// C.1: each window by name, with its first instant; all of them end at the as-of instant.
fn windows_from(question: &Question) -> Vec<(&'static str, DateTime<Utc>)> {
    let zone = question.zone;
    let today = question.as_of.with_timezone(&zone).date_naive();
    let mut monday_or_so = today;
    while monday_or_so.weekday() != question.week_starts_on {
        monday_or_so = before(monday_or_so, 1);
    }
    let month = before(today, today.day0());
    let mut quarter = month;
    while !(quarter.month() + 12 - question.year_starts_in).is_multiple_of(3) {
        quarter = quarter - Months::new(1);
    }
    let mut year = month;
    while year.month() != question.year_starts_in {
        year = year - Months::new(1);
    }
    vec![
        ("last_7_days", first_instant(before(today, 6), zone)),
        ("last_30_days", first_instant(before(today, 29), zone)),
        ("last_90_days", first_instant(before(today, 89), zone)),
        ("last_180_days", first_instant(before(today, 179), zone)),
        ("this_week", first_instant(monday_or_so, zone)),
        ("this_month", first_instant(month, zone)),
        ("this_quarter", first_instant(quarter, zone)),
        ("this_year", first_instant(year, zone)),
    ]
}

fn before(day: NaiveDate, days: u32) -> NaiveDate {
    day - TimeDelta::days(days.into())
}

/// C.1: the first instant of a local day, found by looking at a clock in that zone minute by minute until it shows the day.
fn first_instant(day: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let mut clock = day.and_hms_opt(0, 0, 0).map_or(DateTime::UNIX_EPOCH, |midnight| midnight.and_utc()) - TimeDelta::hours(30);
    while clock.with_timezone(&zone).date_naive() < day {
        clock += TimeDelta::minutes(1);
    }
    clock
}

/// The names that the company gave to its sources, products and people, the latest for each id.
fn names(events: &[&RawEvent]) -> HashMap<String, String> {
    let mut names = HashMap::new();
    for event in events {
        for (kind, what) in [("source.defined", "source"), ("product.defined", "product"), ("person.defined", "person")] {
            if event.stream_kind == "company" && event.kind == kind {
                names.insert(text(&event.body[what]), text(&event.body["name"]));
            }
        }
    }
    names
}

fn named(names: &HashMap<String, String>, id: &str) -> String {
    names.get(id).cloned().unwrap_or_else(|| panic!("nothing was defined with the id {id}"))
}

fn currency(events: &[&RawEvent]) -> Value {
    let mut currency = Value::Null;
    for event in events {
        if event.kind == "company.configured" {
            currency = event.body["currency"].clone();
        }
    }
    currency
}

fn weekday_name(day: Weekday) -> &'static str {
    match day {
        Weekday::Mon => "monday",
        Weekday::Tue => "tuesday",
        Weekday::Wed => "wednesday",
        Weekday::Thu => "thursday",
        Weekday::Fri => "friday",
        Weekday::Sat => "saturday",
        Weekday::Sun => "sunday",
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("{value} is not text")).to_owned()
}

fn minor(value: &Value) -> i64 {
    value.as_i64().unwrap_or_else(|| panic!("{value} is not a whole number"))
}

fn instant(value: &Value) -> DateTime<Utc> {
    text(value).parse().unwrap_or_else(|_| panic!("{value} is not an instant"))
}

fn written(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
