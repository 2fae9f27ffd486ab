//! The dashboards against the same recomputation, and every number of them against the rows behind it.

use super::bare;
use crate::oracle::{self, Question, RawEvent};
use crate::world::World;
use domain::Instant;
use serde_json::{Value, json};

const DASHBOARDS: [&str; 8] = ["lead-performance", "nsla", "nsls", "nsli", "sales-team", "schedulers", "canceled-demos", "rehash"];
const PERIODS: [&str; 4] = ["this_week", "this_month", "this_quarter", "this_year"];
const CANCEL_KEYS: [&str; 6] = ["source", "category", "product", "scheduler", "rep", "reason"];

/// The parameters with which this question is asked.
fn parameters(question: &Question) -> String {
    let known = question.known_at.map(|known_at| format!("&known_at={}", Instant::new(known_at))).unwrap_or_default();
    let day = format!("{:?}", question.week_starts_on);
    let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
    let day = days.iter().find(|name| name.starts_with(&day.to_lowercase())).unwrap();
    format!("as_of={}{known}&zone={}&week_starts_on={day}", Instant::new(question.as_of), question.zone)
}

/// What moved sales, cancel rates, and all tiles are what raw events say.
pub async fn equal_a_recomputation(world: &World, events: &[RawEvent], question: &Question) {
    let parameters = parameters(question);
    let of = async |name: &str| world.get(&format!("/api/v1/dashboards/{name}?{parameters}")).await.ok();
    let (team, schedulers, canceled) = (of("sales-team").await, of("schedulers").await, of("canceled-demos").await);

    let of_periods = |tables: Vec<Value>| tables.into_iter().filter(|table| PERIODS.contains(&table["window"].as_str().unwrap())).collect::<Vec<_>>();
    let sales = of_periods(oracle::sales(events, question));
    assert_eq!(without_addresses(&team["sales"]), sales, "{parameters}");
    let tile = |name: &'static str| tiles(&team, name);
    let of_total = |field: &str| sales.iter().map(|table| table["total"][field].as_i64().unwrap()).collect::<Vec<_>>();
    assert_eq!((tile("net_sold"), tile("net_canceled")), (of_total("net_sold_minor"), of_total("net_canceled_minor")), "{parameters}");
    let pending: Vec<Value> = team["tiles"].as_array().unwrap().iter().filter_map(|tile| tile.get("pending")?.get("value").cloned()).collect();
    assert_eq!(pending, of_total("pending_minor").into_iter().map(Value::from).collect::<Vec<_>>(), "{parameters}");

    for key in CANCEL_KEYS {
        let shown: Vec<Value> = canceled["cancel_rates"].as_array().unwrap().iter().filter(|table| table["key"] == key).cloned().collect();
        let expected: Vec<Value> =
            oracle::cancel_rates(events, question, key).into_iter().filter(|table| !PERIODS.contains(&table["window"].as_str().unwrap())).collect();
        assert_eq!(without_addresses(&json!(shown)), expected, "{key} {parameters}");
    }
    let canceled_in: Vec<i64> = oracle::canceled_in(events, question).into_iter().filter(|(window, _)| PERIODS.contains(window)).map(|(_, n)| n).collect();
    assert_eq!((tiles(&schedulers, "canceled"), tiles(&canceled, "canceled")), (canceled_in.clone(), canceled_in), "{parameters}");

    let leads = |figure: &'static str| {
        let answer = oracle::answer(events, &Question { figure, by: "key", ..*question });
        let windows = answer["windows"].as_array().unwrap().iter().filter(|window| PERIODS.contains(&window["window"].as_str().unwrap()));
        windows.map(|window| window["total"]["leads"].as_i64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!((tiles(&schedulers, "set"), tiles(&schedulers, "issued")), (leads("nsls"), leads("nsls_by_issue")), "{parameters}");
    assert_eq!(tiles(&team, "issued"), leads("nsli"), "{parameters}");
    for (dashboard, figure, by, table) in [
        ("nsla", "nsla", "key", "lead_sources"),
        ("nsls", "nsls", "key,product", "schedulers_by_product"),
        ("nsli", "nsli", "key,product", "sales_reps_by_product"),
    ] {
        let shown = of(dashboard).await;
        let tables: Vec<Value> = shown["tables"].as_array().unwrap().iter().filter(|shown| shown["table"] == table).cloned().collect();
        let mut shown = bare(json!({ "windows": tables }));
        shown["windows"]
            .as_array_mut()
            .unwrap()
            .iter_mut()
            .for_each(|window| window.as_object_mut().unwrap().retain(|field, _| field != "table" && field != "key"));
        let answer = oracle::answer(events, &Question { figure, by, ..*question });
        let expected: Vec<Value> =
            answer["windows"].as_array().unwrap().iter().filter(|window| !PERIODS.contains(&window["window"].as_str().unwrap())).cloned().collect();
        assert_eq!(shown["windows"], json!(expected), "{dashboard} {parameters}");
    }
}

fn tiles(dashboard: &Value, name: &str) -> Vec<i64> {
    dashboard["tiles"].as_array().unwrap().iter().filter(|tile| tile["tile"] == name).map(|tile| tile["value"].as_i64().unwrap()).collect()
}

/// Tables without ids and addresses, which the recomputation does not know.
fn without_addresses(tables: &Value) -> Vec<Value> {
    let bare =
        |sums: &mut Value| sums.as_object_mut().unwrap().retain(|field, _| !["key_id", "movements", "demo_rows", "canceled_rows"].contains(&field.as_str()));
    let mut tables = tables.as_array().unwrap().clone();
    for table in &mut tables {
        table["rows"].as_array_mut().unwrap().iter_mut().for_each(bare);
        bare(&mut table["total"]);
    }
    tables
}

/// Follows every address of every dashboard, and adds up what it lists.
pub async fn every_number_opens_its_rows(world: &World, as_of: &str) {
    for name in DASHBOARDS {
        let dashboard = world.get(&format!("/api/v1/dashboards/{name}?as_of={as_of}&compare=previous")).await.ok();
        for tile in dashboard["tiles"].as_array().unwrap() {
            let numbers = [Some(tile), tile.get("previous"), tile.get("pending")];
            for number in numbers.into_iter().flatten() {
                let (count, amount) = behind(world, &number["rows"]).await;
                let amount = if tile["tile"] == "net_canceled" { -amount } else { amount };
                let listed = if tile["unit"] == "minor" { amount } else { count };
                assert_eq!(number["value"], listed, "{name}: {number}");
            }
        }
        for table in dashboard["tables"].as_array().unwrap() {
            for row in table["rows"].as_array().unwrap().iter().chain([&table["total"]]) {
                let expected = (row["leads"].as_i64().unwrap(), row["net_sold_minor"].as_i64().unwrap());
                assert_eq!(behind(world, &row["journeys"]).await, expected, "{name}: {row}");
            }
        }
        for table in dashboard.get("sales").and_then(Value::as_array).into_iter().flatten() {
            for row in table["rows"].as_array().unwrap().iter().chain([&table["total"]]) {
                let expected = row["net_sold_minor"].as_i64().unwrap() + row["pending_minor"].as_i64().unwrap();
                assert_eq!(behind(world, &row["movements"]).await.1, expected, "{name}: {row}");
            }
        }
        for table in dashboard.get("cancel_rates").and_then(Value::as_array).into_iter().flatten() {
            for row in table["rows"].as_array().unwrap().iter().chain([&table["total"]]) {
                let listed = (behind(world, &row["demo_rows"]).await.0, behind(world, &row["canceled_rows"]).await.0);
                assert_eq!(listed, (row["demos"].as_i64().unwrap(), row["canceled"].as_i64().unwrap()), "{name}: {row}");
            }
        }
    }
}

/// How many rows an address lists, page by page, and what they come to: net sold of journeys, amounts of movements.
async fn behind(world: &World, address: &Value) -> (i64, i64) {
    let (mut count, mut amount, mut cursor) = (0, 0, String::new());
    loop {
        let page = world.get(&format!("{}&limit=40{cursor}", address.as_str().unwrap())).await.ok();
        let rows = page["data"].as_array().unwrap();
        count += rows.len() as i64;
        amount += rows.iter().map(|row| row["net_sold_minor"].as_i64().or(row["amount_minor"].as_i64()).unwrap_or(0)).sum::<i64>();
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (count, amount),
        }
    }
}
