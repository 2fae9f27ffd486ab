//! A receiver of messages that remembers those that an event sent; how many checkpoints are signed depends on the clock.

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use serde_json::Value;
use std::sync::{Arc, Mutex};
use tokio::net::TcpListener;
use tokio::sync::{RwLock, RwLockWriteGuard};
use uuid::Uuid;

/// A message as it arrived.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Arrived {
    pub id: String,
    pub company: Uuid,
    /// The event that it speaks of.
    pub position: i64,
    pub body: String,
}

pub struct Receiver {
    /// Where messages are posted to.
    pub address: String,
    got: Mutex<Vec<Arrived>>,
    /// Whoever holds it keeps answers back.
    answers: RwLock<()>,
}

impl Receiver {
    pub async fn start() -> Arc<Receiver> {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
        let address = format!("http://{}/hook", listener.local_addr().expect("it has an address"));
        let receiver = Arc::new(Receiver { address, got: Mutex::default(), answers: RwLock::default() });
        let router = Router::new().route("/hook", post(take)).with_state(Arc::clone(&receiver));
        tokio::spawn(async { axum::serve(listener, router).await });
        receiver
    }

    /// Everything that arrived, in that order.
    pub fn got(&self) -> Vec<Arrived> {
        self.got.lock().expect("nobody panics while noting").clone()
    }

    /// Keeps answers back until this is dropped.
    pub async fn hold(&self) -> RwLockWriteGuard<'_, ()> {
        self.answers.write().await
    }
}

async fn take(State(receiver): State<Arc<Receiver>>, headers: HeaderMap, body: String) -> StatusCode {
    let told: Value = serde_json::from_str(&body).expect("a message is JSON");
    if told["type"] == "checkpoint.signed" {
        return StatusCode::NO_CONTENT;
    }
    let id = headers["webhook-id"].to_str().expect("an id is text").to_owned();
    let company = told["company"].as_str().and_then(|id| Uuid::try_parse(id).ok()).expect("a message names its company");
    let position = told["position"].as_i64().expect("a message names its event");
    receiver.got.lock().expect("nobody panics while noting").push(Arrived { id, company, position, body });
    let _answers = receiver.answers.read().await;
    StatusCode::NO_CONTENT
}
