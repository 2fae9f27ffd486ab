//! Contacts are found by any part of what they can be found by, the same on both databases, whatever the text means elsewhere.

use api::app::App;
use eventstore::{Conn, Engine};
use serde_json::{Value, json};
use sqlx::Row;

use crate::world::{World, id, new_contact};

/// Name, telephone, e-mail, street and number of the contacts 1, 2, 3 …
const PEOPLE: &[(&str, &str, &str, &str, &str)] = &[
    ("Maria Lopez", "716-555-0101", "maria@example.com", "1 Elm St", "A-17"),
    ("José Muñoz-Ünal", "716-555-0102", "jose@example.com", "2 Elm St", "50%"),
    ("Ann \"Nan\" O'Neil", "212-555-0103", "a_b@example.com", "3 Oak Ave", "x*y"),
    ("AND OR NOT NEAR(", "212-555-0104", "and@example.com", "4 Oak Ave", "C:\\x"),
    ("Li", "212-555-0105", "li@example.org", "5 ÉLAN Rd", "-abc ^d"),
    ("李小龍", "212-555-0106", "lee@example.org", "6 Oak Ave", "{col}:q"),
];

async fn people(world: &World) {
    for (at, (name, phone, email, street, reference)) in PEOPLE.iter().enumerate() {
        let n = at as u128 + 1;
        world.clock.set(&format!("2026-07-01T16:0{n}:00Z"));
        let mut contact = new_contact(n);
        contact["name"] = json!(name);
        (contact["phones"], contact["emails"], contact["reference"]) = (json!([phone]), json!([email]), json!(reference));
        contact["address"] = json!({ "street": street, "city": "Buffalo" });
        world.post("/api/v1/contacts", contact).await.ok();
    }
}

/// The contacts found by a text, in the order of the list, and how many were counted.
async fn found(world: &World, text: &str, page: usize) -> (Vec<u128>, Value) {
    let q: String = text.bytes().map(|byte| format!("%{byte:02X}")).collect();
    let (mut ids, mut cursor, mut total) = (vec![], String::new(), None);
    loop {
        let answer = world.get(&format!("/api/v1/contacts?q={q}&limit={page}{cursor}")).await.ok();
        ids.extend(answer["data"].as_array().unwrap().iter().map(|row| row["contact"].as_str().unwrap().parse::<uuid::Uuid>().unwrap().as_u128()));
        assert_eq!(total.get_or_insert(answer["total"].clone()), &answer["total"], "{text}");
        match answer["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (ids, answer["total"].clone()),
        }
    }
}

async fn finds(world: &World, text: &str, expected: &[u128]) {
    for page in [1, 50] {
        assert_eq!(found(world, text, page).await, (expected.to_vec(), json!(expected.len())), "{text:?} in pages of {page}");
    }
}

async fn all_are_found(world: &World) {
    for (text, expected) in [
        ("maria", &[1][..]),
        ("ria lop", &[1]),
        ("MARIA L", &[1]),
        ("lopez elm", &[]),
        ("elm st, buffalo", &[2, 1]),
        ("buffalo", &[6, 5, 4, 3, 2, 1]),
        ("b", &[6, 5, 4, 3, 2, 1]),
        ("li", &[5]),
        ("josé", &[2]),
        ("jose m", &[]),
        ("MUÑOZ-ü", &[2]),
        ("élan", &[5]),
        ("龍", &[6]),
        ("李小龍", &[6]),
        ("50%", &[2]),
        ("%", &[2]),
        ("%%%", &[]),
        ("a_b@", &[3]),
        ("_", &[3]),
        ("\\", &[4]),
        ("c:\\x", &[4]),
        ("\"", &[3]),
        ("\"nan\"", &[3]),
        ("n\" o'n", &[3]),
        ("and or not near(", &[4]),
        ("maria OR jose", &[]),
        ("maria*", &[]),
        ("x*y", &[3]),
        ("-abc ^d", &[5]),
        ("{col}:q", &[6]),
        ("search:maria", &[]),
        ("(212) 555", &[6, 5, 4, 3]),
        ("12125550103", &[3]),
        ("+1 716 555 0102", &[2]),
        ("0103", &[3]),
        ("a-17", &[1]),
        ("nobody of that name", &[]),
    ] {
        finds(world, text, expected).await;
    }
}

#[tokio::test]
async fn s2_14_contacts_are_found_by_any_part_of_what_is_known_of_them() {
    for world in World::both().await {
        people(&world).await;
        all_are_found(&world).await;
        // Rows of two generations lie side by side, then the older ones are swept.
        projections::rebuild(&world.app.store, world.company, &["contact_list"], &mut |_| ()).await.unwrap();
        all_are_found(&world).await;
        for list in ["meetings", "quotes", "sales"] {
            assert_eq!(world.get(&format!("/api/v1/{list}?q=maria")).await.ok()["data"], json!([]), "{list}");
        }
    }
}

#[tokio::test]
async fn filters_combine_with_a_text_and_what_changed_is_found_anew() {
    for world in World::both().await {
        people(&world).await;
        world.post(&format!("/api/v1/contacts/{}/lose", id(3)), json!({ "reason": "price" })).await.ok();
        let listed = async |query: &str| {
            let page = world.get(&format!("/api/v1/contacts?{query}")).await.ok();
            (page["data"].as_array().unwrap().len(), page["total"].clone(), page["states"].clone())
        };
        let states = json!({ "lost": 1, "new_incoming": 2 });
        assert_eq!(listed("q=oak%20ave").await, (3, json!(3), states.clone()));
        assert_eq!(listed("q=oak%20ave&state=lost").await, (1, json!(1), states));
        assert_eq!(listed("q=oak%20ave&source=Home%20Show").await, (0, json!(0), json!({})));
        world.post(&format!("/api/v1/contacts/{}/change-details", id(1)), json!({ "name": "Mary Smith" })).await.ok();
        finds(&world, "lopez", &[]).await;
        finds(&world, "mary smith", &[1]).await;
        finds(&world, "716-555-0101", &[1]).await;
    }
}

/// The index keeps pieces of what was deleted until they are merged away: an erasure does that.
#[tokio::test]
async fn nothing_of_a_forgotten_person_is_left_in_the_index() {
    for world in World::both().await {
        people(&world).await;
        let sqlite = world.app.store.db.engine() == Engine::Sqlite;
        assert!(!sqlite || pieces_in_the_index(&world.app, "李小龍").await > 0, "the index is read rightly");
        world.post(&format!("/api/v1/contacts/{}/lose", id(6)), json!({ "reason": "asked" })).await.ok();
        world.post(&format!("/api/v1/contacts/{}/erase", id(6)), json!({ "basis": "person_asked" })).await.ok();
        finds(&world, "李小龍", &[]).await;
        finds(&world, "buffalo", &[5, 4, 3, 2, 1]).await;
        assert!(!sqlite || pieces_in_the_index(&world.app, "李小龍").await == 0);
    }
}

/// How many parts of the index hold these bytes.
async fn pieces_in_the_index(app: &App, text: &str) -> i64 {
    let mut reader = app.store.db.read().await.unwrap();
    let Conn::Sqlite(conn) = reader.conn() else { panic!("this is SQLite") };
    let counted = sqlx::query("SELECT COUNT(*) FROM contact_list_search_data WHERE instr(block, CAST($1 AS BLOB)) > 0").bind(text);
    counted.fetch_one(conn).await.unwrap().get(0)
}
