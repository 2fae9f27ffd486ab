//! Who asks, of which host and with which key: what the headers of a request may say.

use super::contact_with;
use crate::world::{TOKEN, World, new_contact};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

#[tokio::test]
async fn a_key_repeats_its_answer_and_serves_no_other_request() {
    for world in World::both().await {
        let key = [("idempotency-key", "abc")];
        let first = world.post_with("/api/v1/contacts", &key, new_contact(1)).await;
        assert_eq!((first.status, first.header("idempotent-replayed")), (StatusCode::CREATED, None));
        let again = world.post_with("/api/v1/contacts", &key, new_contact(1)).await;
        assert_eq!((again.status, again.header("idempotent-replayed")), (StatusCode::CREATED, Some("true")));
        assert_eq!(first.body, again.body);
        let before = world.position().await;
        for (path, body) in [("/api/v1/contacts", new_contact(2)), ("/api/v1/sources", json!({ "name": "TV" }))] {
            let other = world.post_with(path, &key, body).await;
            assert_eq!((other.status.as_u16(), other.code()), (422, "idempotency_key_reused"));
        }
        let long = "k".repeat(256);
        for bad in ["", "a key", "a\tkey", &long] {
            let answer = world.post_with("/api/v1/contacts", &[("idempotency-key", bad)], new_contact(2)).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (400, "header_invalid"), "{bad}");
        }
        assert_eq!(world.position().await, before);
    }
}

#[tokio::test]
async fn a_key_of_a_refused_command_is_free_again() {
    for world in World::both().await {
        let key = [("idempotency-key", "abc")];
        let refused = world.post_with("/api/v1/contacts", &key, contact_with(|body| body["source"] = "TV".into())).await;
        assert_eq!(refused.code(), "unknown_source");
        world.post_with("/api/v1/contacts", &key, new_contact(1)).await.ok();
    }
}

#[tokio::test]
async fn only_this_machines_own_names_are_answered() {
    for world in World::both().await {
        let ask = async |headers: &[(&str, &str)]| world.send_as("Acme Windows", "GET", "/api/v1/contacts", headers, None).await;
        for host in ["localhost", "LocalHost:8080", "127.0.0.1:8080", "127.0.0.2", "[::1]:8080"] {
            ask(&[("host", host), ("origin", &format!("http://{host}"))]).await.ok();
        }
        for host in ["example.com", "example.com:8080", "localhost.example.com", "192.168.1.5:8080", "0.0.0.0", "example.com:80@localhost", ""] {
            let answer = ask(&[("host", host)]).await;
            assert_eq!((answer.status.as_u16(), answer.code()), (403, "not_local"), "{host}");
        }
        for origin in ["http://example.com", "https://127.0.0.1.example.com", "null"] {
            assert_eq!(ask(&[("host", "localhost:8080"), ("origin", origin)]).await.code(), "not_local", "{origin}");
        }
        assert_eq!(ask(&[("host", "localhost"), ("host", "example.com")]).await.code(), "not_local");
    }
}

#[tokio::test]
async fn without_the_token_nothing_is_told() {
    for world in World::both().await {
        for request in [
            Request::get("/api/v1/contacts").body(Body::empty()),
            Request::get("/api/v1/contacts").header("authorization", "Bearer wrong").body(Body::empty()),
            Request::post("/api/v1/contacts").header("authorization", TOKEN).body(Body::empty()),
        ] {
            let answer = world.send(request.unwrap()).await;
            assert_eq!((answer.status.as_u16(), answer.code(), answer.header("www-authenticate")), (401, "unauthorized", Some("Bearer")));
        }
        let lower = Request::get("/api/v1/contacts").header("authorization", format!("bearer {TOKEN}")).header("leadtrail-company", "Acme Windows");
        world.send(lower.body(Body::empty()).unwrap()).await.ok();
        let health = world.send(Request::get("/healthz").body(Body::empty()).unwrap()).await;
        assert_eq!((health.status, health.body), (StatusCode::OK, json!({ "status": "ok", "refused_companies": 0, "drifted": [] })));
    }
}

#[tokio::test]
async fn a_header_that_says_two_things_is_refused() {
    for world in World::both().await {
        let before = world.position().await;
        for name in ["idempotency-key", "leadtrail-company", "content-type", "authorization"] {
            let mut request = Request::post("/api/v1/contacts").header("authorization", format!("Bearer {TOKEN}"));
            request = request.header("content-type", "application/json").header("leadtrail-company", "Acme Windows").header("idempotency-key", "one");
            let request = request.header(name, "another").body(Body::from(contact_with(|_| ()).to_string())).unwrap();
            let answer = world.send(request).await;
            assert_eq!((answer.status, answer.code()), (StatusCode::BAD_REQUEST, "header_invalid"), "{name}");
        }
        assert_eq!(world.position().await, before);
    }
}
