//! Query parameters are checked like fields, and what is wrong with one is told in its own words.

use super::refused;
use crate::world::{World, id, new_contact};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn query_parameters_are_checked_like_fields() {
    for world in World::both().await {
        for (path, pointer) in [
            ("/api/v1/figures/nsla?as_of=9999-01-01T00:00:00Z", "?as_of"),
            ("/api/v1/figures/nsla?zone=Mars", "?zone"),
            ("/api/v1/figures/nsla?week_starts_on=someday", "?week_starts_on"),
            ("/api/v1/figures/nsla?by=colour", "?by"),
            ("/api/v1/figures/nsla?window=yesterday", "?window"),
            ("/api/v1/figures/nsla?color=red", "?color"),
            ("/api/v1/contacts?limit=0", "?limit"),
            ("/api/v1/contacts?limit=201", "?limit"),
            ("/api/v1/contacts?cursor=nonsense", "?cursor"),
            ("/api/v1/journeys?basis=birth", "?basis"),
            ("/api/v1/journeys?source=nobody", "?source"),
            ("/api/v1/journeys?outcome=won", "?outcome"),
            ("/api/v1/journeys?open=yes", "?open"),
            ("/api/v1/journeys?limit=five", "?limit"),
            ("/api/v1/journeys?limit=5&limit=6", "?limit"),
            ("/api/v1/journeys?min_position=-1", "?min_position"),
            ("/api/v1/canceled-demos?min_position=99999999999999999999", "?min_position"),
            ("/api/v1/figures/nsla?min_position=-1", "?min_position"),
            ("/api/v1/figures/nsla?by=key,key", "?by"),
            ("/api/v1/figures/nsla?by=product,product", "?by"),
            ("/api/v1/contacts?q=%ff", "?q"),
            ("/api/v1/company?x=1", "?x"),
            ("/api/v1/people?x=1", "?x"),
            ("/api/v1/openapi.json?x=1", "?x"),
        ] {
            let answer = world.get(path).await;
            let told = answer.body["detail"].as_str().unwrap_or_default();
            assert!(!["expected", "invalid", "digit", "variant", "u32"].iter().any(|word| told.contains(word)), "{path}: {told}");
            assert_eq!(
                (answer.status.as_u16(), answer.code(), answer.pointers().as_slice()),
                (422, "query_invalid", [pointer].as_slice()),
                "{path}: {answer:?}"
            );
        }
        assert_eq!(world.get("/api/v1/figures/profit").await.code(), "not_found");
        assert_eq!(world.get("/api/v1/nothing").await.code(), "not_found");
        assert_eq!(world.send_as("Acme Windows", "DELETE", "/api/v1/contacts", &[], None).await.code(), "method_not_allowed");
    }
}

#[tokio::test]
async fn what_a_parameter_should_have_been_is_told_in_its_own_words() {
    for world in World::both().await {
        for (path, told) in [
            ("/api/v1/contacts?limit=abc", "`limit` must be a whole number from 1 to 200, not `abc`"),
            ("/api/v1/contacts?min_position=-1", "`min_position` must be a whole number from 0 on, not `-1`"),
            ("/api/v1/journeys?basis=birth", "`birth` is not one of opened, set, issued, meeting"),
            ("/api/v1/company?x=1", "there is no query parameter `x` here; this address takes none"),
            ("/api/v1/contacts?source=TV", "the company has none of this id or name: `TV`; GET /api/v1/sources has those there are"),
            (
                "/api/v1/figures/nsla?as_of=2026-06-01T00:00:00+02:00",
                "`2026-06-01T00:00:00 02:00` is not an RFC 3339 instant such as 2026-03-01T14:30:00-05:00; in an address the + of an offset is written %2B, or give the instant in UTC, ending in Z",
            ),
        ] {
            assert_eq!(world.get(path).await.body["detail"], told, "{path}");
        }
        world.get("/api/v1/figures/nsla?as_of=2026-06-01T00:00:00%2B02:00").await.ok();
        let either = ["key,product", "product,key"].map(|by| format!("/api/v1/figures/nsla?by={by}"));
        assert_eq!(world.get(&either[0]).await.ok()["windows"], world.get(&either[1]).await.ok()["windows"]);
    }
}

#[tokio::test]
async fn a_command_takes_no_query_parameters() {
    for world in World::both().await {
        refused(&world, "/api/v1/contacts?dry_run=true", new_contact(1), 422, "query_invalid", &["?dry_run"]).await;
    }
}

#[tokio::test]
async fn a_list_of_an_unknown_contact_or_journey_is_no_empty_list() {
    for world in World::both().await {
        world.add_contact(1).await.ok();
        for nobody in [id(9).to_string(), "nobody".into()] {
            for path in ["/api/v1/journeys", "/api/v1/canceled-demos", "/api/v1/meetings", "/api/v1/quotes", "/api/v1/sales"] {
                let answer = world.get(&format!("{path}?contact={nobody}")).await;
                assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (404, "unknown_contact", ["?contact"].as_slice()));
                assert_eq!(world.get(&format!("{path}?contact={}", id(1))).await.status, StatusCode::OK);
            }
            let timeline = format!("/api/v1/contacts/{}/timeline", id(1));
            let answer = world.get(&format!("{timeline}?journey={nobody}")).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.pointers().as_slice()), (404, "unknown_journey", ["?journey"].as_slice()));
            assert_eq!(world.get(&format!("{timeline}?journey={}&cursor=2", id(1))).await.ok()["data"], json!([]));
        }
        for cursor in ["-1", "x", ""] {
            assert_eq!(world.get(&format!("/api/v1/contacts/{}/timeline?cursor={cursor}", id(1))).await.pointers(), ["?cursor"], "{cursor}");
        }
    }
}
