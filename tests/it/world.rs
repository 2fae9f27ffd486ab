//! A world for tests: the whole service in process, over a fresh database, with a clock that stands still and ids in order.
//!
//! Every world holds two companies that use the same ids, so that nothing of one may show in the other.

use crate::databases::{TestDb, both};
use api::app::App;
use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response, StatusCode};
use chrono::{DateTime, Utc};
use domain::company::{Currency, Month, Settings, Weekday, Zone};
use domain::text::Label;
use eventstore::{CompanyId, Ports, Signer};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};
use tower::ServiceExt;
use uuid::Uuid;

pub const TOKEN: &str = "test-token";
/// The company most tests work on.
pub const ACME: CompanyId = CompanyId(Uuid::from_u128(0xACE));
/// The other company in every world.
pub const OTHER: CompanyId = CompanyId(Uuid::from_u128(0x07E));

/// A clock that moves when told, and ids that count up.
pub struct Fixed {
    micros: AtomicI64,
    ids: AtomicU64,
}

impl Fixed {
    pub fn at(instant: &str) -> Arc<Fixed> {
        Arc::new(Fixed { micros: AtomicI64::new(micros(instant)), ids: AtomicU64::new(1) })
    }

    pub fn set(&self, instant: &str) {
        self.micros.store(micros(instant), Ordering::SeqCst);
    }
}

impl Ports for Fixed {
    fn now(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.micros.load(Ordering::SeqCst)).unwrap()
    }

    fn new_id(&self) -> Uuid {
        Uuid::from_u128(0xF1DE_0000_0000_0000_0000_0000_0000_0000 + u128::from(self.ids.fetch_add(1, Ordering::SeqCst)))
    }

    fn random(&self) -> [u8; 32] {
        let mut bytes = [0; 32];
        bytes[..16].copy_from_slice(self.new_id().as_bytes());
        bytes
    }
}

fn micros(instant: &str) -> i64 {
    DateTime::parse_from_rfc3339(instant).unwrap().timestamp_micros()
}

/// The service over one database.
pub struct World {
    pub app: App,
    pub clock: Arc<Fixed>,
    pub company: CompanyId,
    router: Router,
    // Dropped last.
    db: TestDb,
}

/// An answer: status, headers as text, body.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Answer {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The problem's code.
    pub fn code(&self) -> &str {
        self.body["code"].as_str().unwrap_or_default()
    }

    /// The pointers of the fields concerned.
    pub fn pointers(&self) -> Vec<&str> {
        self.body["errors"].as_array().map(|list| list.iter().filter_map(|error| error["pointer"].as_str()).collect()).unwrap_or_default()
    }

    /// The stored names of the events a command added.
    pub fn events(&self) -> Vec<&str> {
        self.body["events"].as_array().map(|list| list.iter().filter_map(|event| event["type"].as_str()).collect()).unwrap_or_default()
    }

    /// The body, when the answer is a success.
    pub fn ok(self) -> Value {
        assert!(self.status.is_success(), "{self:?}");
        self.body
    }
}

impl World {
    /// A world on each database, at noon of a summer Wednesday in New York.
    pub async fn both() -> Vec<World> {
        let mut worlds = Vec::new();
        for db in both().await {
            worlds.push(World::over(db).await);
        }
        worlds
    }

    async fn over(db: TestDb) -> World {
        let clock = Fixed::at("2026-07-01T16:00:00Z");
        let app = App::new(db.store(), clock.clone()).with_signer(Signer::new([9; 32]));
        for (company, name) in [(ACME, "Acme Windows"), (OTHER, "Other Windows")] {
            app.create_company(company, settings(name)).await.unwrap();
        }
        let router = api::http::router(app.clone(), TOKEN);
        let world = World { app, clock, company: ACME, router, db };
        for company in ["Acme Windows", "Other Windows"] {
            for (what, names) in [("sources", ["Radio", "Home Show"]), ("products", ["Windows", "Roofing"]), ("people", ["Ana", "Ben"])] {
                for (at, name) in names.iter().enumerate() {
                    let (field, first) = match what {
                        "sources" => ("source", 100),
                        "products" => ("product", 200),
                        _ => ("person", 300),
                    };
                    let id = Uuid::from_u128(first + at as u128);
                    world.send_as(company, "POST", &format!("/api/v1/{what}"), &[], Some(json!({ field: id, "name": name }))).await.ok();
                }
            }
        }
        world
    }

    /// The service is stopped and started again over the same database.
    pub async fn started_again(self) -> World {
        self.app.stop().await;
        let app = App::new(self.app.store.clone(), self.clock.clone());
        app.look_over().await.unwrap();
        let router = api::http::router(app.clone(), TOKEN);
        World { app, router, ..self }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send_as("Acme Windows", "GET", path, &[], None).await
    }

    pub async fn post(&self, path: &str, body: Value) -> Answer {
        self.send_as("Acme Windows", "POST", path, &[], Some(body)).await
    }

    pub async fn post_with(&self, path: &str, headers: &[(&str, &str)], body: Value) -> Answer {
        self.send_as("Acme Windows", "POST", path, headers, Some(body)).await
    }

    pub async fn send_as(&self, company: &str, method: &str, path: &str, headers: &[(&str, &str)], body: Option<Value>) -> Answer {
        let mut request = Request::builder().method(method).uri(path).header("authorization", format!("Bearer {TOKEN}")).header("leadtrail-company", company);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let request = match body {
            Some(body) => request.header("content-type", "application/json").body(Body::from(body.to_string())),
            None => request.body(Body::empty()),
        };
        self.send(request.unwrap()).await
    }

    /// An answer whose body was not read yet.
    pub async fn open(&self, path: &str) -> Response<Body> {
        self.open_as("Acme Windows", path).await
    }

    pub async fn open_as(&self, company: &str, path: &str) -> Response<Body> {
        let request = Request::get(path).header("authorization", format!("Bearer {TOKEN}")).header("leadtrail-company", company);
        self.router.clone().oneshot(request.body(Body::empty()).unwrap()).await.unwrap()
    }

    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let headers = response.headers().iter().map(|(name, value)| (name.to_string(), value.to_str().unwrap_or_default().to_owned())).collect();
        let bytes = axum::body::to_bytes(response.into_body(), usize::MAX).await.unwrap();
        let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
        assert_ne!(status, StatusCode::INTERNAL_SERVER_ERROR, "{body}");
        Answer { status, headers, body }
    }

    /// The address of its database.
    pub fn url(&self) -> &str {
        &self.db.url
    }

    /// The file of an SQLite database.
    pub fn file(&self) -> &Path {
        Path::new(self.db.url.strip_prefix("sqlite:").expect("the database is a file"))
    }

    /// The bytes of every file of an SQLite database.
    pub fn files(&self) -> Vec<Vec<u8>> {
        let folder = self.file().parent().expect("it lies in a folder");
        let files = std::fs::read_dir(folder).expect("the folder can be read");
        files.map(|file| std::fs::read(file.expect("the folder can be read").path()).expect("the file can be read")).collect()
    }

    /// How many events the company's log holds.
    pub async fn position(&self) -> i64 {
        self.app.store.head(self.company).await.unwrap().position.number
    }

    /// Adds a contact with the ids `n` (contact) and `n` (journey), from Radio, for Windows.
    pub async fn add_contact(&self, n: u128) -> Answer {
        self.post("/api/v1/contacts", new_contact(n)).await
    }

    /// Brings contact `n` to a held demo by Ana for Ben, demoed and not sold, and a finalized quote of 1,000.00.
    pub async fn quoted(&self, n: u128) {
        self.add_contact(n).await.ok();
        let at = format!("/api/v1/contacts/{}", id(n));
        let start = self.clock.now().to_rfc3339();
        self.post(&format!("{at}/meetings"), json!({ "meeting": id(n), "journey": id(n), "kind": "demo", "decision_makers": true, "address_checked": true, "start": start, "length_minutes": 90, "by": "Ana" }))
            .await
            .ok();
        self.post(&format!("{at}/meetings/{}/confirm", id(n)), json!({ "with_whom": "Mrs. Contact", "decision_makers": true, "by": "Ana" })).await.ok();
        self.post(&format!("{at}/meetings/{}/issue", id(n)), json!({ "rep": "Ben", "by": "Ana" })).await.ok();
        self.post(&format!("{at}/meetings/{}/result", id(n)), json!({ "result": "demoed_not_sold", "by": "Ben" })).await.ok();
        let items = json!([{ "description": "Window", "quantity": 2, "unit_price_minor": 50_000 }]);
        self.post(&format!("{at}/quotes"), json!({ "quote": id(n), "journey": id(n), "product": "Windows", "items": items, "by": "Ben" })).await.ok();
        self.post(&format!("{at}/quotes/{}/finalize", id(n)), json!({ "valid_until": "2026-08-01", "terms": "half on signing" })).await.ok();
    }
}

/// What approving a sale asks of a live user, signed on the first of July.
pub fn approval() -> serde_json::Value {
    serde_json::json!({
        "finance_owner": "Ana", "customer_service_owner": "Ana", "sign_date": "2026-07-01", "notice_to_proceed": "deposit_taken", "job_standing": "active",
    })
}

/// The id made of a small number.
pub fn id(n: u128) -> Uuid {
    Uuid::from_u128(n)
}

/// A new contact with everything a live user is asked for.
pub fn new_contact(n: u128) -> Value {
    json!({
        "contact": id(n), "journey": id(n), "source": "Radio", "product": "Windows", "by": "Ana",
        "name": format!("Contact {n}"), "phones": ["716-555-0100"], "address": format!("{n} Main St, Buffalo NY")
    })
}

fn settings(name: &str) -> Settings {
    Settings {
        name: Label::try_new(name).unwrap(),
        zone: Zone::parse("America/New_York").unwrap(),
        currency: Currency::parse("USD").unwrap(),
        week_starts_on: Weekday::Monday,
        year_starts_in: Month(1),
    }
}
