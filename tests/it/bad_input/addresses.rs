//! An address that leads nowhere, or to what is not of this company, is a problem that says so.

use super::refused;
use crate::world::{World, id, new_contact};
use axum::http::StatusCode;
use serde_json::json;

#[tokio::test]
async fn ids_of_others_are_like_ids_of_nobody() {
    for world in World::both().await {
        world.send_as("Other Windows", "POST", "/api/v1/contacts", &[], Some(new_contact(7))).await.ok();
        for path in [
            format!("/api/v1/contacts/{}", id(7)),
            format!("/api/v1/contacts/{}/timeline", id(7)),
            format!("/api/v1/contacts/{}/transitions", id(7)),
            format!("/api/v1/journeys/{}", id(7)),
        ] {
            let (foreign, unknown) = (world.get(&path).await, world.get(&path.replace(&id(7).to_string(), &id(8).to_string())).await);
            assert_eq!(foreign.status, StatusCode::NOT_FOUND, "{path}");
            assert_eq!(foreign.body, unknown.body, "{path}");
        }
        refused(&world, &format!("/api/v1/contacts/{}/lose", id(7)), json!({ "reason": "x" }), 404, "unknown_contact", &[]).await;
        refused(&world, "/api/v1/contacts/not-an-id/lose", json!({ "reason": "x" }), 404, "unknown_contact", &[]).await;
        assert_eq!(world.get("/api/v1/contacts/not-an-id").await.code(), "unknown_contact");
        assert_eq!(world.get("/api/v1/journeys/not-an-id").await.code(), "unknown_journey");
        world.add_contact(1).await.ok();
        let at = format!("/api/v1/contacts/{}", id(1));
        refused(&world, &format!("{at}/meetings/{}/confirm", id(9)), json!({}), 404, "unknown_meeting", &["/meeting"]).await;
        refused(&world, &format!("{at}/meetings/not-an-id/confirm"), json!({}), 404, "unknown_meeting", &["/meeting"]).await;
        refused(&world, &format!("{at}/quotes/{}/lose", id(9)), json!({ "reason": "x" }), 404, "unknown_quote", &["/quote"]).await;
        refused(&world, &format!("{at}/sales/{}/approve", id(9)), json!({}), 404, "unknown_sale", &["/sale"]).await;
        refused(&world, &format!("{at}/lose"), json!({ "journey": id(9), "reason": "x" }), 404, "unknown_journey", &["/journey"]).await;
        refused(&world, &format!("{at}/lose"), json!({ "contact": id(9), "reason": "x" }), 422, "field_invalid", &["/contact"]).await;
    }
}

#[tokio::test]
async fn an_address_that_names_what_the_company_does_not_have_leads_nowhere() {
    for world in World::both().await {
        for (list, kind) in [
            ("sources", "source"),
            ("products", "product"),
            ("people", "person"),
            ("categories", "category"),
            ("reasons", "reason"),
            ("meeting-types", "meeting_type"),
            ("campaigns", "campaign"),
        ] {
            for verb in ["retire", "restore"] {
                let pointer = format!("/{kind}");
                let path = format!("/api/v1/{list}/{}/{verb}", id(9));
                let answer = refused(&world, &path, json!({}), 404, &format!("unknown_{kind}"), &[&pointer]).await;
                assert_eq!(answer.body["title"], "There is no such record");
            }
        }
        refused(&world, "/api/v1/sources/00000000-0000-0000-0000-000000000064/retire", json!({ "by": "Nobody" }), 422, "unknown_person", &["/by"]).await;
    }
}

#[tokio::test]
async fn whatever_is_wrong_with_an_address_is_a_problem() {
    for world in World::both().await {
        for (method, path, status) in [
            ("GET", "/api/v1/contacts/%ff", 404),
            ("GET", "/api/v1/contacts/%ff/timeline", 404),
            ("GET", "/api/v1/contacts/%zz", 404),
            ("GET", "/api/v1/journeys/%c0%80", 404),
            ("GET", "/api/v1/figures/%ff", 404),
            ("GET", "/problems/%ff", 404),
            ("GET", "/docs/%ff", 404),
            ("GET", "/docs/nothing.js", 404),
            ("GET", "//", 404),
            ("POST", "/api/v1/contacts/%ff/lose", 404),
            ("PUT", "/api/v1/contacts", 405),
            ("DELETE", "/docs", 405),
            ("POST", "/healthz", 405),
            ("GET", "/api/v1/company/configure", 405),
        ] {
            let answer = world.send_as("Acme Windows", method, path, &[], None).await;
            assert_eq!(answer.status.as_u16(), status, "{method} {path}: {answer:?}");
            assert_eq!(answer.header("content-type"), Some("application/problem+json"), "{method} {path}: {answer:?}");
            assert_eq!(answer.body["status"], status);
            assert!(status != 405 || answer.header("allow").is_some(), "{method} {path}: {answer:?}");
        }
    }
}
