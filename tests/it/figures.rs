//! The indexes against an independent recomputation from raw events, over whatever business chance brings about.

mod dashboards;

use crate::oracle::{self, Question, RawEvent};
use crate::play::Play;
use crate::world::{World, approval, id};
use api::app::App;
use chrono::{DateTime, TimeDelta, Utc, Weekday};
use domain::{Instant, wire};
use eventstore::CompanyId;
use serde_json::{Value, json};

/// Every event of a company's log, as the oracle reads it.
pub async fn raw_events(app: &App, company: CompanyId) -> Vec<RawEvent> {
    let events = app.store.page(company, 0, usize::MAX).await.unwrap();
    let raw = |event: &eventstore::Recorded| RawEvent {
        position: event.position,
        kind: event.kind.clone(),
        occurred_at: event.occurred_at,
        recorded_at: event.recorded_at,
        stream_kind: event.stream.kind.to_string(),
        stream_id: event.stream.id,
        body: serde_json::from_slice(event.data()).unwrap(),
    };
    events.iter().map(raw).collect()
}

/// The product's answer without what the oracle does not know: ids, addresses, and the hash of the log.
pub fn bare(mut answer: Value) -> Value {
    answer.as_object_mut().unwrap().remove("hash");
    for window in answer["windows"].as_array_mut().unwrap() {
        for row in window["rows"].as_array_mut().unwrap() {
            let row = row.as_object_mut().unwrap();
            row.retain(|field, _| !["key_id", "product_id", "journeys"].contains(&field.as_str()));
        }
        window["total"].as_object_mut().unwrap().retain(|field, _| !["journeys", "voided_journeys"].contains(&field.as_str()));
    }
    answer
}

#[tokio::test]
async fn whatever_happens_the_figures_equal_a_recomputation_from_raw_events() {
    for world in World::both().await {
        let mut play = Play::new(&world, 20_260_701);
        // From before one clock change of New York to after the other, and over the turn of a year.
        let first: DateTime<Utc> = "2025-10-20T15:00:00Z".parse().unwrap();
        for n in 1..=120 {
            let at = first + TimeDelta::minutes(30 * 61 * n as i64);
            play.contact(n, at, 26).await;
        }
        let events = raw_events(&world.app, world.company).await;
        let kinds: std::collections::BTreeSet<&str> = events.iter().map(|event| event.kind.as_str()).collect();
        // Settings change no figure of this company, and neither does who is found under whom, or what is worked, posted and collected
        // for a sale.
        let left_out = |kind: &str| {
            let settings = ["company.", "source.", "product.", "person.", "category.", "reason.", "meeting_type.", "campaign.", "accounting_period."];
            let found = [
                "contact.category_changed",
                "contact.joined_campaign",
                "contact.left_campaign",
                "contact.duplicate_accepted",
                "contact.merged",
                "contact.unmerged",
            ];
            let after_the_sale = ["job.", "ledger.", "sale.balance_", "sale.lien_", "sale.sent_to_attorney", "sale.paid_in_full", "sale.closed"];
            settings.iter().chain(&found).chain(&after_the_sale).any(|part| kind.starts_with(part))
        };
        let unseen: Vec<&String> = wire::EVENTS.keys().filter(|kind| !kinds.contains(kind.as_str()) && !left_out(kind)).collect();
        assert!(unseen.is_empty(), "chance never brought about {unseen:?}");
        let asked = [
            ("2026-07-04T12:00:00Z", None, "America/New_York", "monday", Weekday::Mon),
            ("2026-03-10T03:30:00Z", None, "America/New_York", "sunday", Weekday::Sun),
            ("2025-11-03T04:59:59Z", None, "America/New_York", "monday", Weekday::Mon),
            ("2026-01-01T05:00:00Z", None, "America/New_York", "sunday", Weekday::Sun),
            ("2026-02-14T22:00:00Z", None, "Pacific/Kiritimati", "saturday", Weekday::Sat),
            ("2026-07-04T12:00:00Z", None, "Asia/Kathmandu", "friday", Weekday::Fri),
            ("2025-10-01T00:00:00Z", None, "UTC", "monday", Weekday::Mon),
            ("2026-03-10T03:30:00Z", Some(events[events.len() / 3].recorded_at), "America/New_York", "monday", Weekday::Mon),
            ("2026-07-04T12:00:00Z", Some(events[events.len() / 2].recorded_at), "America/New_York", "monday", Weekday::Mon),
        ];
        for (as_of, known_at, zone, day, week_starts_on) in asked {
            for figure in ["nsla", "nsls", "nsls_by_issue", "nsli", "rehash"] {
                for by in ["key", "product", "key,product"] {
                    let known = known_at.map(|known_at| format!("&known_at={}", Instant::new(known_at))).unwrap_or_default();
                    let path = format!("/api/v1/figures/{figure}?as_of={as_of}{known}&zone={zone}&week_starts_on={day}&by={by}");
                    let product = bare(world.get(&path).await.ok());
                    let as_of = as_of.parse().unwrap();
                    let question = Question { figure, by, as_of, known_at, zone: zone.parse().unwrap(), week_starts_on, year_starts_in: 1 };
                    let expected = oracle::answer(&events, &question);
                    for (window, right) in product["windows"].as_array().unwrap().iter().zip(expected["windows"].as_array().unwrap()) {
                        assert_eq!(window, right, "{path}");
                    }
                    assert_eq!(product, expected, "{path}");
                }
            }
            let (as_of, zone) = (as_of.parse().unwrap(), zone.parse().unwrap());
            let question = Question { figure: "nsla", by: "key", as_of, known_at, zone, week_starts_on, year_starts_in: 1 };
            dashboards::equal_a_recomputation(&world, &events, &question).await;
        }
        every_number_opens_the_journeys_behind_it(&world, "2026-03-10T03:30:00Z").await;
        dashboards::every_number_opens_its_rows(&world, "2026-03-10T03:30:00Z").await;
        let reconciled = projections::figures::reconcile(&world.app.store, world.company).await.unwrap().found;
        assert_eq!(reconciled.apart, [], "the money of journeys is that of their sales");
        assert!(reconciled.net_sold_minor > reconciled.voided_minor && reconciled.voided_minor > 0, "{reconciled:?}");
        for projection in projections::PROJECTIONS {
            assert_eq!(projections::check(&world.app.store, world.company, projection.name(), &mut |_| {}).await.unwrap(), None, "{}", projection.name());
        }
    }
}

/// Follows the address of every row and total, and adds up what it lists.
async fn every_number_opens_the_journeys_behind_it(world: &World, as_of: &str) {
    for figure in ["nsla", "nsls", "nsls_by_issue", "nsli", "rehash"] {
        let answer = world.get(&format!("/api/v1/figures/{figure}?as_of={as_of}&by=key,product&window=last_90_days,this_month")).await.ok();
        for window in answer["windows"].as_array().unwrap() {
            for number in window["rows"].as_array().unwrap().iter().chain([&window["total"]]) {
                let (mut leads, mut net, mut cursor) = (0, 0, String::new());
                loop {
                    let page = world.get(&format!("{}&limit=20{cursor}", number["journeys"].as_str().unwrap())).await.ok();
                    leads += page["data"].as_array().unwrap().len() as i64;
                    net += page["data"].as_array().unwrap().iter().map(|row| row["net_sold_minor"].as_i64().unwrap()).sum::<i64>();
                    match page["next_cursor"].as_str() {
                        Some(next) => cursor = format!("&cursor={next}"),
                        None => break,
                    }
                }
                assert_eq!((json!(leads), json!(net)), (number["leads"].clone(), number["net_sold_minor"].clone()), "{number}");
            }
        }
    }
}

/// The rows of one window of an index, as (key, leads, net sold, index).
async fn rows(world: &World, figure: &str, as_of: &str, window: &str) -> Vec<(String, i64, i64, i64)> {
    let answer = world.get(&format!("/api/v1/figures/{figure}?as_of={as_of}&window={window}")).await.ok();
    let row = |row: &Value| {
        (row["key"].as_str().unwrap().to_owned(), row["leads"].as_i64().unwrap(), row["net_sold_minor"].as_i64().unwrap(), row["index_minor"].as_i64().unwrap())
    };
    answer["windows"][0]["rows"].as_array().unwrap().iter().map(row).collect()
}

#[tokio::test]
async fn figures_of_a_past_instant_stay_what_they_were() {
    for world in World::both().await {
        world.quoted(1).await;
        let at = format!("/api/v1/contacts/{}", id(1));
        world.clock.set("2026-07-03T16:00:00Z");
        world.post(&format!("{at}/quotes/{}/mark-sold", id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "folder 17" })).await.ok();
        world.clock.set("2026-07-05T16:00:00Z");
        world.post(&format!("{at}/sales/{}/approve", id(1)), approval()).await.ok();
        world.clock.set("2026-07-07T16:00:00Z");
        world.post(&format!("{at}/sales/{}/cancel", id(1)), json!({ "reason": "regret", "cancel_date": "2026-07-07", "note": "by phone" })).await.ok();
        world.clock.set("2026-07-09T16:00:00Z");
        let net = [
            ("2026-07-04T16:00:00Z", 0),
            ("2026-07-05T15:59:59Z", 0),
            ("2026-07-05T16:00:00Z", 100_000),
            ("2026-07-07T15:59:59Z", 100_000),
            ("2026-07-07T16:00:00Z", 0),
        ];
        for (as_of, expected) in net {
            for (figure, key) in [("nsla", "Radio"), ("nsls", "Ana"), ("nsli", "Ben")] {
                assert_eq!(rows(&world, figure, as_of, "last_30_days").await, [(key.to_owned(), 1, expected, expected)], "{figure} as of {as_of}");
            }
        }
        assert_eq!(rows(&world, "nsla", "2026-07-01T15:59:59Z", "last_30_days").await, [], "before it was added there is nothing");
    }
}

#[tokio::test]
async fn an_empty_company_has_eight_windows_and_null_totals() {
    for world in World::both().await {
        let answer = world.get("/api/v1/figures/nsli").await.ok();
        assert_eq!(
            (&answer["figure"], &answer["zone"], &answer["week_starts_on"], &answer["currency"]),
            (&json!("nsli"), &json!("America/New_York"), &json!("monday"), &json!("USD"))
        );
        let windows = answer["windows"].as_array().unwrap();
        assert_eq!(windows.len(), 8);
        for window in windows {
            assert_eq!(
                (&window["rows"], &window["total"]["leads"], &window["total"]["net_sold_minor"], &window["total"]["index_minor"]),
                (&json!([]), &json!(0), &json!(0), &Value::Null)
            );
        }
    }
}

#[tokio::test]
async fn a_window_holds_both_its_ends() {
    for world in World::both().await {
        // Midnight of 25 June in New York is 04:00 UTC; seven days end with 1 July.
        for (n, at) in [(1, "2026-06-25T03:59:59.999999Z"), (2, "2026-06-25T04:00:00Z"), (3, "2026-07-01T16:00:00Z")] {
            let mut body = crate::world::new_contact(n);
            body["occurred_at"] = at.into();
            world.post("/api/v1/contacts", body).await.ok();
        }
        assert_eq!(rows(&world, "nsla", "2026-07-01T16:00:00Z", "last_7_days").await, [("Radio".to_owned(), 2, 0, 0)]);
        assert_eq!(rows(&world, "nsla", "2026-07-01T15:59:59.999999Z", "last_7_days").await, [("Radio".to_owned(), 1, 0, 0)]);
    }
}
