//! Dashboards: what managers look at in the morning (S0-52 on).

use super::at;
use crate::world::{World, approval, id, new_contact};
use serde_json::{Value, json};

/// Five leads of July: the first sold windows for 1,000.00; the third came in the last second of last week, the fourth in the first of this one.
async fn five_leads() -> Vec<World> {
    let worlds = World::both().await;
    for world in &worlds {
        world.quoted(1).await;
        world
            .post(&format!("{}/quotes/{}/mark-sold", at(1), id(1)), json!({ "sale": id(1), "sign_date": "2026-07-01", "paper": "signed at the table" }))
            .await
            .ok();
        world.post(&format!("{}/sales/{}/approve", at(1), id(1)), approval()).await.ok();
        let leads = [
            (2, "2026-07-03T15:00:00Z", "Radio", "Windows"),
            (3, "2026-07-06T03:59:59Z", "Home Show", "Roofing"),
            (4, "2026-07-06T04:00:00Z", "Home Show", "Roofing"),
            (5, "2026-07-08T15:00:00Z", "Radio", "Roofing"),
        ];
        for (n, opened_at, source, product) in leads {
            world.clock.set(opened_at);
            let mut lead = new_contact(n);
            (lead["source"], lead["product"]) = (json!(source), json!(product));
            world.post("/api/v1/contacts", lead).await.ok();
        }
        world.clock.set("2026-07-09T15:00:00Z");
    }
    worlds
}

async fn lead_performance(world: &World, parameters: &str) -> Value {
    world.get(&format!("/api/v1/dashboards/lead-performance{parameters}")).await.ok()
}

/// The values of a tile: this week, month, quarter and year.
fn tile(dashboard: &Value, name: &str) -> Vec<i64> {
    let tiles = dashboard["tiles"].as_array().unwrap().iter().filter(|tile| tile["tile"] == name);
    tiles.map(|tile| tile["value"].as_i64().unwrap()).collect()
}

/// The rows of a table in one window: key, leads, net sold, index.
fn rows(dashboard: &Value, table: &str, window: &str) -> Vec<(String, i64, i64, i64)> {
    let found = dashboard["tables"].as_array().unwrap().iter().find(|shown| shown["table"] == table && shown["window"] == window).unwrap();
    let row = |row: &Value| {
        let number = |field: &str| row[field].as_i64().unwrap();
        (row["key"].as_str().unwrap().to_owned(), number("leads"), number("net_sold_minor"), number("index_minor"))
    };
    found["rows"].as_array().unwrap().iter().map(row).collect()
}

/// How many journeys an address lists, and their net sold.
async fn behind(world: &World, address: &Value) -> (i64, i64) {
    let listed = world.get(address.as_str().unwrap()).await.ok();
    let rows = listed["data"].as_array().unwrap();
    (rows.len() as i64, rows.iter().map(|row| row["net_sold_minor"].as_i64().unwrap()).sum())
}

#[tokio::test]
async fn s0_52_the_lead_performance_dashboard_goes_by_add_time_and_every_number_opens_its_journeys() {
    for world in five_leads().await {
        let dashboard = lead_performance(&world, "").await;
        for tile in dashboard["tiles"].as_array().unwrap() {
            let (leads, net) = behind(&world, &tile["rows"]).await;
            let value = if tile["unit"] == "minor" { net } else { leads };
            assert_eq!(tile["value"], value, "{tile}");
            assert!(tile["rows"].as_str().unwrap().contains("basis=opened"));
        }
        for table in dashboard["tables"].as_array().unwrap() {
            for shown in table["rows"].as_array().unwrap().iter().chain([&table["total"]]) {
                assert_eq!((shown["leads"].as_i64().unwrap(), shown["net_sold_minor"].as_i64().unwrap()), behind(&world, &shown["journeys"]).await, "{shown}");
            }
        }
        let strange = world.get("/api/v1/dashboards/lead").await;
        assert_eq!((strange.status.as_u16(), strange.code()), (404, "not_found"));
        let strange = world.get("/api/v1/dashboards/lead-performance?product=Doors").await;
        assert_eq!((strange.status.as_u16(), strange.code()), (422, "query_invalid"));
    }
}

#[tokio::test]
async fn s0_53_leads_added_are_told_for_week_month_quarter_and_year() {
    for world in five_leads().await {
        assert_eq!(tile(&lead_performance(&world, "").await, "leads_added"), [2, 5, 5, 5]);
        assert_eq!(tile(&lead_performance(&world, "?week_starts_on=sunday").await, "leads_added"), [3, 5, 5, 5]);
        assert_eq!(tile(&lead_performance(&world, "?zone=UTC").await, "leads_added"), [3, 5, 5, 5]);
        assert_eq!(tile(&lead_performance(&world, "?as_of=2026-07-06T03:59:59Z").await, "leads_added"), [3, 3, 3, 3]);
        let compared = lead_performance(&world, "?compare=previous").await;
        let week = &compared["tiles"][0];
        assert_eq!((&week["previous"]["value"], &week["previous"]["change"], &week["previous"]["to"]), (&json!(1), &json!(1), &json!("2026-07-02T15:00:00Z")));
        assert_eq!(behind(&world, &week["previous"]["rows"]).await.0, 1);
    }
}

#[tokio::test]
async fn s0_54_leads_are_told_by_source_and_add_up_to_all() {
    for world in five_leads().await {
        let dashboard = lead_performance(&world, "").await;
        let leads = |window| rows(&dashboard, "sources", window).into_iter().map(|(source, leads, ..)| (source, leads)).collect::<Vec<_>>();
        assert_eq!(leads("this_week"), [("Home Show".into(), 1), ("Radio".into(), 1)]);
        assert_eq!(leads("this_month"), [("Home Show".into(), 2), ("Radio".into(), 3)]);
        assert_eq!([leads("this_quarter"), leads("this_year")], [leads("this_month"), leads("this_month")]);
    }
}

#[tokio::test]
async fn s0_55_net_sold_is_that_of_the_leads_added_in_the_period() {
    for world in five_leads().await {
        assert_eq!(tile(&lead_performance(&world, "").await, "net_sold"), [0, 100_000, 100_000, 100_000]);
        let before = lead_performance(&world, "?as_of=2026-07-01T15:59:59Z").await;
        assert_eq!((tile(&before, "net_sold"), tile(&before, "leads_added")), (vec![0; 4], vec![0; 4]));
    }
}

#[tokio::test]
async fn s0_56_lead_sources_have_leads_net_sold_and_index_for_the_last_days() {
    for world in five_leads().await {
        let dashboard = lead_performance(&world, "").await;
        assert_eq!(rows(&dashboard, "lead_sources", "last_7_days"), [("Home Show".into(), 2, 0, 0), ("Radio".into(), 2, 0, 0)]);
        for window in ["last_30_days", "last_90_days", "last_180_days"] {
            assert_eq!(rows(&dashboard, "lead_sources", window), [("Home Show".into(), 2, 0, 0), ("Radio".into(), 3, 100_000, 33_333)], "{window}");
        }
    }
}

#[tokio::test]
async fn s0_57_the_dashboard_of_each_product_adds_up_to_the_whole() {
    for world in five_leads().await {
        let (windows, roofing) = (lead_performance(&world, "?product=Windows").await, lead_performance(&world, "?product=Roofing").await);
        assert_eq!((tile(&windows, "leads_added"), tile(&windows, "net_sold")), (vec![0, 2, 2, 2], vec![0, 100_000, 100_000, 100_000]));
        assert_eq!((tile(&roofing, "leads_added"), tile(&roofing, "net_sold")), (vec![2, 3, 3, 3], vec![0; 4]));
        assert_eq!((&windows["product"], &roofing["product"]), (&json!("Windows"), &json!("Roofing")));
        assert_eq!(behind(&world, &roofing["tiles"][0]["rows"]).await, (2, 0));
    }
}
