//! The three indexes once more, slow and obvious: straight from METRICS C.1 to C.5 and from raw events, by loops anybody can check.
//!
//! It shares no code with the product's figures on purpose, not even the types: events are names and JSON, journeys and
//! people are text. Where the two disagree, one of them misreads the metrics.

use std::collections::{BTreeMap, HashMap};

use chrono::{DateTime, Datelike, Months, NaiveDate, SecondsFormat, TimeDelta, Utc, Weekday};
use chrono_tz::Tz;
use serde_json::{Value, json};
use uuid::Uuid;

mod tests;

/// An event as it lies in the log.
#[derive(Clone, Debug)]
pub struct RawEvent {
    /// Its place in the company's log.
    pub position: i64,
    /// Its stored name, such as `meeting.issued`.
    pub kind: String,
    /// Its business time.
    pub occurred_at: DateTime<Utc>,
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
    /// `nsla`, `nsls` or `nsli`.
    pub figure: &'static str,
    /// `key`, `product` or `key,product`.
    pub by: &'static str,
    /// Nothing after this instant exists.
    pub as_of: DateTime<Utc>,
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
        let mut rows: BTreeMap<(Option<String>, Option<String>), (i64, i64)> = BTreeMap::new();
        let mut total = (0, 0);
        for journey in &journeys {
            if journey.at < from || journey.at > question.as_of {
                continue;
            }
            let key = question.by.starts_with("key").then(|| named(&names, &journey.key));
            let product = question.by.ends_with("product").then(|| named(&names, &journey.product));
            let row = rows.entry((key, product)).or_default();
            *row = (row.0 + 1, row.1 + journey.net_sold_minor);
            total = (total.0 + 1, total.1 + journey.net_sold_minor);
        }
        let mut shown = Vec::new();
        for ((key, product), (leads, net)) in rows {
            let index = index_minor(leads, net);
            shown.push(json!({ "key": key, "product": product, "leads": leads, "net_sold_minor": net, "index_minor": index }));
        }
        windows.push(json!({
            "window": window,
            "from": written(from),
            "to": written(question.as_of),
            "rows": shown,
            "total": { "leads": total.0, "net_sold_minor": total.1, "index_minor": index_minor(total.0, total.1) },
        }));
    }
    json!({
        "figure": question.figure,
        "as_of": written(question.as_of),
        "zone": question.zone.name(),
        "week_starts_on": weekday_name(question.week_starts_on),
        "currency": currency(&events),
        "position": events.last().map_or(0, |event| event.position),
        "windows": windows,
    })
}

/// A journey that has what the figure asks for: when it counts, under which key, for which product, and for how much.
struct Counted {
    at: DateTime<Utc>,
    key: String,
    product: String,
    net_sold_minor: i64,
}

fn journeys(events: &[&RawEvent], question: &Question) -> Vec<Counted> {
    let mut by_journey: HashMap<(Uuid, String), Vec<&RawEvent>> = HashMap::new();
    for event in events {
        let of_a_journey = event.stream_kind == "contact" && event.body["journey"].is_string();
        let known_by_then = event.occurred_at <= question.as_of;
        if of_a_journey && known_by_then {
            by_journey.entry((event.stream_id, text(&event.body["journey"]))).or_default().push(event);
        }
    }
    let mut journeys = Vec::new();
    for events in by_journey.values() {
        let Some(opened) = opened(events) else { continue };
        let dated = match question.figure {
            "nsla" => Some((opened.at, opened.source)),
            "nsls" => governing_set(events),
            "nsli" => governing_issue(events),
            other => panic!("there is no figure {other}"),
        };
        if let Some((at, key)) = dated {
            journeys.push(Counted { at, key, product: opened.product, net_sold_minor: net_sold(events) });
        }
    }
    journeys
}

struct Opened {
    at: DateTime<Utc>,
    source: String,
    product: String,
}

/// C.2: when the journey opened, and the source and product that it has by now; none where it was voided.
fn opened(events: &[&RawEvent]) -> Option<Opened> {
    let mut opened: Option<Opened> = None;
    for event in events {
        if event.kind == "journey.opened" {
            let (source, product) = (text(&event.body["source"]), text(&event.body["product"]));
            opened = Some(Opened { at: event.occurred_at, source, product });
        }
        // Opened by mistake: it never was.
        if event.kind == "journey.voided" {
            return None;
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

/// C.3: the last issued demo that was neither canceled nor rescheduled since. When it starts, and with which rep.
fn governing_issue(events: &[&RawEvent]) -> Option<(DateTime<Utc>, String)> {
    let mut starts: HashMap<String, DateTime<Utc>> = HashMap::new();
    let mut issued: Vec<(String, String)> = Vec::new();
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
                issued.retain(|(other, _)| *other != meeting);
                issued.push((meeting, text(&event.body["rep"])));
            }
            "meeting.rescheduled" => {
                issued.retain(|(other, _)| *other != meeting);
                starts.insert(meeting, instant(&event.body["start"]));
            }
            "meeting.canceled" => issued.retain(|(other, _)| *other != meeting),
            _ => {}
        }
    }
    let (meeting, rep) = issued.last()?;
    Some((starts[meeting], rep.clone()))
}

/// C.5: the contracts of the journey's sales that are official and not canceled, change orders included.
fn net_sold(events: &[&RawEvent]) -> i64 {
    let mut sales = Vec::new();
    for event in events {
        if event.kind == "sale.created" {
            sales.push(text(&event.body["sale"]));
        }
    }
    let mut net = 0;
    for sale in sales {
        let (mut contract, mut official, mut canceled) = (0, false, false);
        for event in events {
            if event.body["sale"] != sale.as_str() {
                continue;
            }
            match event.kind.as_str() {
                "sale.created" => {
                    contract += minor(&event.body["amount_minor"]);
                    official = event.body["needs_approval"] == false;
                }
                "sale.approved" => official = true,
                "sale.not_approved" | "sale.moved_back_to_sold" => official = false,
                "sale.canceled" => canceled = true,
                "sale.reactivated" => canceled = false,
                "change_order.approved" | "change_order.reversed" => contract += minor(&event.body["amount_minor"]),
                _ => {}
            }
        }
        if official && !canceled {
            net += contract;
        }
    }
    net
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

/// The index: net sold over leads, half a minor unit rounded away from zero; nothing over nothing is nothing.
fn index_minor(leads: i64, net_sold_minor: i64) -> Option<i64> {
    if leads == 0 {
        return None;
    }
    let (whole, rest) = (net_sold_minor / leads, net_sold_minor % leads);
    if rest.abs() * 2 >= leads { Some(whole + net_sold_minor.signum()) } else { Some(whole) }
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
