//! Rows that no longer say what the log says are found and named, and a rebuild mends them.

use crate::world::{ACME, OTHER, World, id};
use eventstore::Conn;
use serde_json::json;

/// What no part of the product does.
pub async fn change(world: &World, statement: &'static str) {
    let mut tx = world.app.store.db.begin().await.unwrap();
    match tx.conn() {
        Conn::Sqlite(conn) => sqlx::raw_sql(statement).execute(conn).await.map(drop),
        Conn::Postgres(conn) => sqlx::raw_sql(statement).execute(conn).await.map(drop),
    }
    .unwrap();
    tx.commit().await.unwrap();
}

#[tokio::test]
async fn rows_that_drifted_are_found_and_mended() {
    for world in World::both().await {
        for n in 1..=3 {
            world.quoted(n).await;
        }
        let looked = async || {
            world.app.check_rows().await.unwrap();
            world.get("/healthz").await.ok()
        };
        assert_eq!(looked().await, json!({ "status": "ok", "refused_companies": 0, "drifted": [] }));

        change(&world, "UPDATE contact_list SET name = 'Eve' WHERE name = 'Contact 2'").await;
        change(&world, "DELETE FROM journey_table WHERE opened_at > 0").await;
        assert_eq!(looked().await, json!({ "status": "ok", "refused_companies": 0, "drifted": ["contact_list", "journey_table"] }));
        let found = projections::check(&world.app.store, ACME, "contact_list", &mut |_| ()).await.unwrap().unwrap();
        let shown = (found.table, found.key, found.stored, found.rebuilt, found.position);
        let row = (Some("name \"Eve\"".to_owned()), Some("name \"Contact 2\"".to_owned()));
        assert_eq!(shown, ("contact_list", format!("contact_id \"{}\"", id(2)), row.0, row.1, world.position().await));
        assert_eq!(projections::check(&world.app.store, OTHER, "contact_list", &mut |_| ()).await.unwrap(), None);

        // A check changes nothing but its memory of what it found.
        assert_eq!(looked().await["drifted"], json!(["contact_list", "journey_table"]));
        for name in ["contact_list", "journey_table"] {
            projections::rebuild(&world.app.store, ACME, &[name], &mut |_| ()).await.unwrap();
        }
        assert_eq!(looked().await["drifted"], json!([]));
    }
}
