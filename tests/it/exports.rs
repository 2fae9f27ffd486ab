//! Every list as a file: CSV and spreadsheet hold what the list shows, whole, and nothing in them is taken for a formula.

use std::collections::BTreeSet;
use std::io::Cursor;

use axum::body::Body;
use axum::http::Response;
use calamine::{Data, Reader, Xlsx};
use futures::StreamExt;
use serde_json::{Value, json};
use sqlx::{Connection, Executor};

use crate::import::{file, import, sold};
use crate::world::{ACME, World, id, new_contact};

const LISTS: [&str; 6] = ["contacts", "journeys", "meetings", "quotes", "sales", "canceled-demos"];

/// The whole body of an answer that succeeds.
async fn whole(answer: Response<Body>) -> Vec<u8> {
    assert_eq!(answer.status().as_u16(), 200);
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

/// The cells of an export as CSV, the names of the columns first.
async fn csv(world: &World, address: &str) -> Vec<Vec<String>> {
    let bytes = whole(world.open(address).await).await;
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(bytes.as_slice());
    reader.records().map(|record| record.unwrap().iter().map(str::to_owned).collect()).collect()
}

/// The rows of a list, page by page.
async fn rows(world: &World, list: &str) -> Vec<Value> {
    let (mut rows, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = world.get(&format!("/api/v1/{list}?limit=150{cursor}")).await.ok();
        rows.extend(page["data"].as_array().unwrap().clone());
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return rows,
        }
    }
}

/// A value as it stands in a file.
fn cell(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Array(all) if all.iter().all(Value::is_string) => all.iter().map(|one| one.as_str().unwrap()).collect::<Vec<_>>().join("; "),
        other => other.to_string(),
    }
}

/// Contact 1 whose name is a formula, with a canceled demo; contact 2 from Home Show; contact 3 with a sale that waits for approval.
async fn a_few(world: &World) {
    let mut first = new_contact(1);
    (first["name"], first["phones"]) = (json!("=1+1, \"x\""), json!(["+1 716 555 0100", "716-555-0101"]));
    world.post("/api/v1/contacts", first).await.ok();
    let at = format!("/api/v1/contacts/{}/meetings", id(1));
    let demo = json!({
        "meeting": id(11), "journey": id(1), "kind": "demo", "start": "2026-07-03T18:00:00Z", "length_minutes": 60,
        "decision_makers": true, "address_checked": true, "by": "Ana",
    });
    world.post(&at, demo).await.ok();
    world.post(&format!("{at}/{}/cancel", id(11)), json!({ "reason": "-rain", "asked_by": "customer", "by": "Ana" })).await.ok();
    let mut second = new_contact(2);
    second["source"] = json!("Home Show");
    world.post("/api/v1/contacts", second).await.ok();
    world.quoted(3).await;
    let signed = json!({ "sale": id(3), "sign_date": "2026-07-01", "paper": "signed at the table", "by": "Ben" });
    world.post(&format!("/api/v1/contacts/{0}/quotes/{0}/mark-sold", id(3)), signed).await.ok();
}

#[tokio::test]
async fn a_file_holds_what_the_list_shows() {
    for world in World::both().await {
        a_few(&world).await;
        for list in LISTS {
            let shown = rows(&world, list).await;
            assert!(!shown.is_empty(), "{list}");
            let cells = csv(&world, &format!("/api/v1/{list}/export")).await;
            let (names, lines) = cells.split_first().unwrap();
            assert_eq!(lines.len(), shown.len(), "{list}");
            for (line, row) in lines.iter().zip(&shown) {
                let fields: BTreeSet<&str> = row.as_object().unwrap().keys().map(String::as_str).collect();
                assert!(fields.iter().all(|field| names.iter().any(|name| name == field)), "{list}: {names:?}");
                for (name, found) in names.iter().zip(line) {
                    let expected = if name == "currency" { "USD".into() } else { cell(&row[name]) };
                    assert_eq!(found.strip_prefix('\'').unwrap_or(found), expected, "{list} {name}");
                }
            }
            // The spreadsheet has the same cells, and its texts are no formulas though no apostrophe stands before them.
            let mut book: Xlsx<_> =
                calamine::open_workbook_from_rs(Cursor::new(whole(world.open(&format!("/api/v1/{list}/export?format=xlsx")).await).await)).unwrap();
            assert!(book.worksheet_formula(list).unwrap().rows().flatten().all(String::is_empty));
            let sheet = book.worksheet_range(list).unwrap();
            let in_sheet: Vec<Vec<String>> = sheet.rows().map(|row| row.iter().map(in_csv).collect()).collect();
            assert_eq!(in_sheet, cells, "{list}");
        }
        let canceled = String::from_utf8(whole(world.open("/api/v1/canceled-demos/export").await).await).unwrap();
        let expected = format!(
            "contact,journey,meeting,source,product,category,scheduler,rep,start,set_at,canceled_at,reason,reason_id,note,asked_by,canceled_by,position\r\n\
             {0},{0},{1},Radio,Windows,,Ana,,2026-07-03T18:00:00Z,2026-07-01T16:00:00Z,2026-07-01T16:00:00Z,'-rain,,,customer,Ana,{2}\r\n",
            id(1),
            id(11),
            rows(&world, "canceled-demos").await[0]["position"],
        );
        assert_eq!(canceled, expected);
    }
}

/// A cell of a spreadsheet as it stands in CSV.
fn in_csv(cell: &Data) -> String {
    match cell {
        Data::Empty => String::new(),
        Data::String(text) if text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']) => format!("'{text}"),
        Data::String(text) => text.clone(),
        Data::Float(number) => (*number as i64).to_string(),
        Data::Bool(yes) => yes.to_string(),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_export_takes_the_filters_of_its_list_and_names_its_file() {
    for world in World::both().await {
        a_few(&world).await;
        let of = async |query: &str| csv(&world, &format!("/api/v1/contacts/export?{query}")).await[1..].iter().map(|row| row[0].clone()).collect::<Vec<_>>();
        assert_eq!(of("source=Home%20Show").await, [id(2).to_string()]);
        assert_eq!(of("format=csv&q=555-0101").await, [id(1).to_string()]);
        assert_eq!(of("q=nobody").await, [] as [String; 0]);
        let header = |answer: &Response<Body>, name: &str| answer.headers()[name].to_str().unwrap().to_owned();
        // Half past eleven in the evening in New York.
        world.clock.set("2026-07-02T03:30:00Z");
        for (list, query, name, media) in [
            ("contacts", "", "contacts-2026-07-01.csv", "text/csv; charset=utf-8; header=present"),
            ("canceled-demos", "?format=xlsx", "canceled-demos-2026-07-01.xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
        ] {
            let answer = world.open(&format!("/api/v1/{list}/export{query}")).await;
            assert_eq!(header(&answer, "content-disposition"), format!("attachment; filename=\"{name}\""));
            assert_eq!(header(&answer, "content-type"), media);
        }
        for list in LISTS {
            for (query, at) in [("format=pdf", "?format"), ("limit=5", "?limit"), ("cursor=ab", "?cursor"), ("product=Tea", "?product")] {
                let refused = world.get(&format!("/api/v1/{list}/export?{query}")).await;
                assert_eq!((refused.status.as_u16(), refused.pointers()), (422, vec![at]), "{list} {query}");
            }
        }
        let other = whole(world.open_as("Other Windows", "/api/v1/contacts/export").await).await;
        assert_eq!(other.iter().filter(|byte| **byte == b'\n').count(), 1, "nothing of another company's");
    }
}

#[tokio::test]
async fn a_list_of_several_pages_is_exported_whole() {
    for world in World::both().await {
        import(&world.app, ACME, file(&(1..=205).flat_map(sold).collect::<Vec<_>>())).await;
        for list in ["contacts", "journeys", "meetings", "quotes", "sales"] {
            let cells = csv(&world, &format!("/api/v1/{list}/export")).await;
            let shown: Vec<String> = rows(&world, list).await.iter().map(|row| cell(&row[&cells[0][0]])).collect();
            assert!(shown.len() >= 205);
            assert_eq!(cells[1..].iter().map(|row| row[0].clone()).collect::<Vec<_>>(), shown, "{list}");
        }
    }
}

#[tokio::test]
async fn an_export_that_fails_in_the_middle_does_not_end_well() {
    for world in World::both().await {
        import(&world.app, ACME, file(&(1..=205).flat_map(sold).collect::<Vec<_>>())).await;
        let mut chunks = world.open("/api/v1/sales/export").await.into_body().into_data_stream();
        // The names of the columns, and the first page.
        for _ in 0..2 {
            chunks.next().await.unwrap().unwrap();
        }
        rename_sales(world.url()).await;
        assert!(chunks.next().await.unwrap().is_err());
        assert!(chunks.next().await.is_none());
        assert_eq!(world.get("/api/v1/sales/export").await.code(), "unavailable");
    }
}

async fn rename_sales(url: &str) {
    let rename = "ALTER TABLE sale_list RENAME TO sale_list_elsewhere";
    if url.starts_with("sqlite:") {
        sqlx::SqliteConnection::connect(url).await.unwrap().execute(rename).await.unwrap();
    } else {
        sqlx::PgConnection::connect(url).await.unwrap().execute(rename).await.unwrap();
    }
}
