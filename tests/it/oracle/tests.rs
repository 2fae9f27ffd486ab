//! The recomputation itself, held against answers worked out by hand.

use chrono_tz::America::{Havana, New_York, Sao_Paulo};
use chrono_tz::Pacific::Apia;

use super::counts::index_minor;
use super::*;

/// What happened, to which stream, when, and its data; the company's names come first.
fn log(facts: &[(&str, &str, Value)]) -> Vec<RawEvent> {
    let company = [
        ("company.configured", json!({ "name": "Lakeside Windows", "currency": "USD" })),
        ("source.defined", json!({ "source": "s1", "name": "Home show" })),
        ("source.defined", json!({ "source": "s2", "name": "Referral" })),
        ("product.defined", json!({ "product": "w", "name": "Windows" })),
        ("product.defined", json!({ "product": "r", "name": "Roofing" })),
        ("person.defined", json!({ "person": "ana", "name": "Ana" })),
        ("person.defined", json!({ "person": "bo", "name": "Bo" })),
    ];
    let company = company.map(|(kind, body)| ("company", kind.to_owned(), instant(&json!("2026-06-30T00:00:00Z")), body));
    let facts = facts.iter().map(|(kind, at, body)| ("contact", (*kind).to_owned(), instant(&json!(at)), body.clone()));
    let raw = |(position, (stream, kind, occurred_at, body)): (i64, (&str, String, DateTime<Utc>, Value))| RawEvent {
        position,
        kind,
        occurred_at,
        recorded_at: occurred_at,
        stream_kind: stream.into(),
        stream_id: Uuid::nil(),
        body,
    };
    (1..).zip(company.into_iter().chain(facts)).map(raw).collect()
}

fn ask(figure: &'static str, as_of: &str) -> Question {
    let as_of = instant(&json!(as_of));
    Question { figure, by: "key", as_of, known_at: None, zone: New_York, week_starts_on: Weekday::Mon, year_starts_in: 1 }
}

/// The rows of one window, short: key, leads, net sold.
fn rows(events: &[RawEvent], question: &Question, window: &str) -> Vec<(String, i64, i64)> {
    let answer = answer(events, question);
    let windows = answer["windows"].as_array().cloned().unwrap_or_default();
    let rows = windows.iter().filter(|shown| shown["window"] == window).flat_map(|shown| shown["rows"].as_array().cloned().unwrap_or_default());
    rows.map(|row| (text(&row["key"]), minor(&row["leads"]), minor(&row["net_sold_minor"]))).collect()
}

fn opened(journey: &str, source: &str) -> Value {
    json!({ "journey": journey, "origin": "new", "source": source, "product": "w" })
}

fn set(meeting: &str, kind: &str, start: &str, scheduler: &str) -> Value {
    json!({ "journey": "j", "meeting": meeting, "kind": kind, "start": start, "scheduler": scheduler })
}

fn of(meeting: &str, rep: &str) -> Value {
    json!({ "journey": "j", "meeting": meeting, "kind": "demo", "rep": rep, "start": "2026-03-05T15:00:00Z" })
}

fn sale(amount_minor: i64, needs_approval: bool) -> Value {
    json!({ "journey": "j", "sale": "s", "amount_minor": amount_minor, "needs_approval": needs_approval })
}

const MARCH_1: &str = "2026-03-01T15:00:00Z";
const MARCH_2: &str = "2026-03-02T15:00:00Z";
const MARCH_3: &str = "2026-03-03T15:00:00Z";
const MARCH_6: &str = "2026-03-06T15:00:00Z";

#[test]
fn net_sold_follows_the_sale_and_the_total_is_never_an_average_of_rows() {
    let of_sale = || json!({ "journey": "j", "sale": "s" });
    let more = json!({ "journey": "j", "sale": "s", "change_order": "c", "amount_minor": -1 });
    let events = log(&[
        ("journey.opened", MARCH_1, opened("j", "s1")),
        ("journey.opened", MARCH_1, opened("k", "s1")),
        ("journey.opened", MARCH_1, opened("l", "s2")),
        ("sale.created", MARCH_2, sale(102, true)),
        ("sale.approved", "2026-03-02T16:00:00Z", of_sale()),
        ("change_order.approved", MARCH_3, more),
        ("sale.canceled", "2026-03-04T15:00:00Z", of_sale()),
        ("sale.reactivated", "2026-03-05T15:00:00Z", of_sale()),
    ]);
    let net = |as_of| rows(&events, &ask("nsla", as_of), "last_30_days")[0].2;
    assert_eq!([MARCH_2, "2026-03-02T16:00:00Z", MARCH_3].map(net), [0, 102, 101]);
    assert_eq!(["2026-03-04T15:00:00Z", "2026-03-05T15:00:00Z"].map(net), [0, 101]);

    let answer = answer(&events, &ask("nsla", MARCH_6));
    let window = &answer["windows"][0];
    assert_eq!([&window["window"], &window["from"], &window["to"]], ["last_7_days", "2026-02-28T05:00:00Z", "2026-03-06T15:00:00Z"]);
    let short = |row: &Value| json!([row["key"], row["product"], row["leads"], row["net_sold_minor"], row["index_minor"], row["sold"], row["index_band"]]);
    let band = json!({ "low_minor": -591, "high_minor": 692 });
    assert_eq!(short(&window["rows"][0]), json!(["Home show", null, 2, 101, 51, 1, band]));
    assert_eq!(short(&window["rows"][1]), json!(["Referral", null, 1, 0, 0, 0, null]));
    assert_eq!((window["rows"].as_array().unwrap().len(), &window["total"]["index_minor"]), (2, &json!(34)));
    assert_eq!(window["total"]["rates"]["closed"], json!({ "rate": null, "low": null, "high": null }));
    assert_eq!(window["total"]["rates"]["open"], json!({ "rate": 1.0, "low": 0.4385, "high": 1.0 }));
    assert_eq!((&answer["currency"], &answer["position"]), (&json!("USD"), &json!(15)));
}

#[test]
fn a_sale_that_needs_no_approval_counts_at_once_and_a_refused_one_not() {
    let opened = ("journey.opened", MARCH_1, opened("j", "s1"));
    let direct = log(&[opened.clone(), ("sale.created", MARCH_2, sale(7, false))]);
    assert_eq!(rows(&direct, &ask("nsla", MARCH_6), "this_year"), [("Home show".into(), 1, 7)]);
    let refused = ("sale.not_approved", MARCH_3, json!({ "journey": "j", "sale": "s" }));
    let refused = log(&[opened, ("sale.created", MARCH_2, sale(7, true)), refused]);
    assert_eq!(rows(&refused, &ask("nsla", MARCH_6), "this_year"), [("Home show".into(), 1, 0)]);
}

#[test]
fn an_empty_window_has_no_rows_and_no_index() {
    let answer = answer(&log(&[]), &ask("nsla", MARCH_6));
    assert_eq!(answer["windows"][7]["rows"], json!([]));
    let total = &answer["windows"][7]["total"];
    assert_eq!((&total["leads"], &total["net_sold_minor"], &total["index_minor"]), (&json!(0), &json!(0), &Value::Null));
}

#[test]
fn the_last_demo_set_governs_even_when_canceled_and_no_other_meeting_does() {
    let mut facts = vec![
        ("journey.opened", MARCH_1, opened("j", "s1")),
        ("meeting.set", MARCH_1, set("m", "demo", MARCH_6, "ana")),
        ("meeting.canceled", MARCH_2, of("m", "bo")),
        ("meeting.set", MARCH_2, set("n", "rehash", MARCH_6, "bo")),
    ];
    assert_eq!(rows(&log(&facts), &ask("nsls", MARCH_6), "this_month"), [("Ana".into(), 1, 0)]);
    facts.push(("meeting.set", MARCH_3, set("o", "demo", MARCH_6, "bo")));
    assert_eq!(rows(&log(&facts), &ask("nsls", MARCH_6), "this_month"), [("Bo".into(), 1, 0)]);
    assert_eq!(rows(&log(&facts), &ask("nsls", MARCH_2), "this_month"), [("Ana".into(), 1, 0)]);
}

#[test]
fn an_issue_counts_at_the_start_of_its_meeting_for_the_last_rep_until_it_is_revoked() {
    let mut facts = vec![
        ("journey.opened", MARCH_1, opened("j", "s1")),
        ("meeting.set", MARCH_1, set("m", "demo", "2026-03-05T15:00:00Z", "ana")),
        ("meeting.issued", MARCH_2, of("m", "ana")),
        ("meeting.reissued", MARCH_3, of("m", "bo")),
    ];
    assert_eq!(rows(&log(&facts), &ask("nsli", "2026-03-05T14:59:59Z"), "this_year"), []);
    assert_eq!(rows(&log(&facts), &ask("nsli", "2026-03-05T15:00:00Z"), "this_year"), [("Bo".into(), 1, 0)]);
    let moved = json!({ "journey": "j", "meeting": "m", "kind": "demo", "start": MARCH_6 });
    facts.push(("meeting.rescheduled", "2026-03-04T15:00:00Z", moved));
    assert_eq!(rows(&log(&facts), &ask("nsli", "2026-03-07T15:00:00Z"), "this_year"), []);
    facts.push(("meeting.issued", "2026-03-04T16:00:00Z", of("m", "ana")));
    let question = Question { by: "key,product", ..ask("nsli", "2026-03-13T15:00:00Z") };
    assert_eq!(rows(&log(&facts), &question, "last_7_days"), []);
    assert_eq!(rows(&log(&facts), &Question { as_of: instant(&json!(MARCH_6)), ..question }, "last_7_days"), [("Ana".into(), 1, 0)]);
}

#[test]
fn a_journey_counts_under_the_source_that_it_has_by_then() {
    let changed = json!({ "journey": "j", "source": "s2", "product": "r" });
    let events = log(&[("journey.opened", MARCH_1, opened("j", "s1")), ("journey.dimensions_changed", MARCH_3, changed)]);
    assert_eq!(rows(&events, &ask("nsla", MARCH_2), "this_week"), []);
    assert_eq!(rows(&events, &ask("nsla", MARCH_2), "last_7_days"), [("Home show".into(), 1, 0)]);
    assert_eq!(rows(&events, &ask("nsla", MARCH_3), "last_7_days"), [("Referral".into(), 1, 0)]);
}

#[test]
fn windows_begin_with_local_days_across_a_clock_change() {
    let from = windows_from(&ask("nsla", "2026-03-10T03:30:00Z"));
    let from: Vec<_> = from.into_iter().map(|(window, from)| (window, written(from))).collect();
    let expected = [
        ("last_7_days", "2026-03-03T05:00:00Z"),
        ("last_30_days", "2026-02-08T05:00:00Z"),
        ("last_90_days", "2025-12-10T05:00:00Z"),
        ("last_180_days", "2025-09-11T04:00:00Z"),
        ("this_week", "2026-03-09T04:00:00Z"),
        ("this_month", "2026-03-01T05:00:00Z"),
        ("this_quarter", "2026-01-01T05:00:00Z"),
        ("this_year", "2026-01-01T05:00:00Z"),
    ];
    assert_eq!(from, expected.map(|(window, from)| (window, from.to_owned())));
}

#[test]
fn weeks_quarters_and_years_begin_where_the_company_says() {
    let question = Question { week_starts_on: Weekday::Sun, year_starts_in: 5, ..ask("nsla", "2026-03-10T15:00:00Z") };
    let from = |window: &str| windows_from(&question).into_iter().find(|(name, _)| *name == window).map(|(_, from)| written(from));
    assert_eq!(from("this_week"), Some("2026-03-08T05:00:00Z".into()));
    assert_eq!(from("this_quarter"), Some("2026-02-01T05:00:00Z".into()));
    assert_eq!(from("this_year"), Some("2025-05-01T04:00:00Z".into()));
}

#[test]
fn a_day_begins_at_its_first_instant_whatever_the_clock_does_at_midnight() {
    let first = |(y, m, d), zone| NaiveDate::from_ymd_opt(y, m, d).map(|day| written(first_instant(day, zone)));
    assert_eq!(first((2018, 11, 4), Sao_Paulo), Some("2018-11-04T03:00:00Z".into()));
    assert_eq!(first((2024, 11, 3), Havana), Some("2024-11-03T04:00:00Z".into()));
    assert_eq!(first((2011, 12, 30), Apia), first((2011, 12, 31), Apia));
}

#[test]
fn half_a_minor_unit_is_rounded_away_from_zero() {
    assert_eq!([index_minor(2, 5), index_minor(2, -5), index_minor(3, 4), index_minor(3, 5)], [Some(3), Some(-3), Some(1), Some(2)]);
    assert_eq!(index_minor(0, 0), None);
}
