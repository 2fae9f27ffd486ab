//! The load: clients that send mixed commands with idempotency keys, send them again when no answer came, and note what was
//! acknowledged.

use crate::chance::Chance;
use crate::journal::{Ack, Journal, Sent};
use futures::future::join_all;
use reqwest::{Client, StatusCode};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Contacts that all clients of a company work on.
const SHARED: u64 = 8;
/// How long a client waits before it sends a command again.
const PAUSE: Duration = Duration::from_millis(40);
/// How long one answer may take: longer than the service takes to give up.
const LONGEST: Duration = Duration::from_secs(45);

/// Whom to send to.
#[derive(Clone, Debug)]
pub struct Target {
    /// Such as `http://127.0.0.1:8080`.
    pub address: String,
    pub token: String,
    pub companies: Vec<Uuid>,
}

/// What the clients met, counted.
#[derive(Debug, Default)]
pub struct Met {
    pub acks: AtomicU64,
    /// Acknowledgements of an earlier try.
    pub replayed: AtomicU64,
    /// Answers 4xx: nothing was stored.
    pub refused: AtomicU64,
    /// Answers 503.
    pub unavailable: AtomicU64,
    /// 503 without `Retry-After`.
    pub without_retry_after: AtomicU64,
    /// Connections that broke or were not made.
    pub broken: AtomicU64,
    /// Commands without a key whose answer was lost.
    pub unknown: AtomicU64,
    /// Answers that must never come: 5xx but 503, and anything unreadable.
    pub faults: Mutex<Vec<String>>,
    /// How often each problem code came.
    pub codes: Mutex<BTreeMap<String, u64>>,
    /// Of answered commands, in microseconds.
    pub latencies: Mutex<Vec<u64>>,
}

impl Met {
    pub fn acks(&self) -> u64 {
        self.acks.load(Ordering::SeqCst)
    }

    pub fn faults(&self) -> Vec<String> {
        self.faults.lock().expect("nobody panics while counting").clone()
    }

    pub fn code(&self, code: &str) -> u64 {
        self.codes.lock().expect("nobody panics while counting").get(code).copied().unwrap_or(0)
    }

    /// The latency that this share of answers kept below, in milliseconds.
    pub fn percentile(&self, share: f64) -> f64 {
        let mut all = self.latencies.lock().expect("nobody panics while counting").clone();
        all.sort_unstable();
        let at = ((all.len() as f64 * share) as usize).min(all.len().saturating_sub(1));
        all.get(at).copied().unwrap_or(0) as f64 / 1000.0
    }

    fn add(counter: &AtomicU64) {
        counter.fetch_add(1, Ordering::SeqCst);
    }

    fn fault(&self, text: String) {
        self.faults.lock().expect("nobody panics while counting").push(text);
    }
}

/// What the clients ask for.
#[derive(Clone, Copy, Debug)]
pub struct Mix {
    pub clients: usize,
    pub seed: u64,
    /// One command in so many erases a contact; 0 for none.
    pub erase: u64,
    /// One command in so many carries no key; 0 for none.
    pub keyless: u64,
    /// Whether every client works on contacts of its own alone, so that nothing it asks for is refused.
    pub alone: bool,
    /// Ends by itself after so many commands of a client.
    pub most: u64,
}

impl Mix {
    pub fn of(clients: usize, seed: u64) -> Mix {
        Mix { clients, seed, erase: 60, keyless: 16, alone: false, most: u64::MAX }
    }
}

/// Clients at work.
pub struct Load {
    pub met: Arc<Met>,
    stopping: Arc<AtomicBool>,
    clients: Vec<tokio::task::JoinHandle<()>>,
}

impl Load {
    pub fn start(target: &Target, mix: Mix, journal: Arc<Journal>) -> Load {
        let (met, stopping) = (Arc::new(Met::default()), Arc::new(AtomicBool::new(false)));
        let http = Client::builder().timeout(LONGEST).build().expect("a client can be made");
        let clients = (0..mix.clients)
            .map(|number| {
                let worker = Worker {
                    http: http.clone(),
                    target: target.clone(),
                    company: target.companies[number % target.companies.len()],
                    mix,
                    number,
                    chance: Chance::new(mix.seed ^ (number as u64) << 32),
                    journal: journal.clone(),
                    met: met.clone(),
                    stopping: stopping.clone(),
                    own: Vec::new(),
                };
                tokio::spawn(worker.run())
            })
            .collect();
        Load { met, stopping, clients }
    }

    /// Waits until so many commands were acknowledged in all.
    pub async fn reach(&self, acks: u64) {
        let since = Instant::now();
        while self.met.acks() < acks {
            assert!(since.elapsed() < Duration::from_secs(60), "{} of {acks} commands were acknowledged in a minute", self.met.acks());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Lets every client get a definite answer to what it sent last, and ends. The service must be up.
    pub async fn finish(self) -> Arc<Met> {
        self.stopping.store(true, Ordering::SeqCst);
        self.end().await
    }

    /// Waits until every client has sent all that it was to send.
    pub async fn end(self) -> Arc<Met> {
        for client in join_all(self.clients).await {
            client.expect("a client does not panic");
        }
        self.met
    }
}

/// A contact of a client's own, and how far it has come.
struct Own {
    id: Uuid,
    stage: usize,
}

struct Worker {
    http: Client,
    target: Target,
    company: Uuid,
    mix: Mix,
    number: usize,
    chance: Chance,
    journal: Arc<Journal>,
    met: Arc<Met>,
    stopping: Arc<AtomicBool>,
    own: Vec<Own>,
}

impl Worker {
    async fn run(mut self) {
        // One after the other, so that no connection has to be asked for twice.
        tokio::time::sleep(Duration::from_millis(self.number as u64)).await;
        for count in 0..self.mix.most {
            if self.stopping.load(Ordering::SeqCst) {
                return;
            }
            let (path, body) = self.command(count);
            let key = format!("{:x}-{}-{count}", self.mix.seed, self.number);
            let keyless = self.mix.keyless > 0 && self.chance.once_in(self.mix.keyless);
            if !keyless {
                self.journal.send(&Sent { key: key.clone(), company: self.company, path: path.clone(), body: body.clone() });
            }
            self.deliver((!keyless).then_some(key), &path, &body).await;
        }
    }

    /// Sends a command until there is a definite answer.
    async fn deliver(&self, key: Option<String>, path: &str, body: &Value) {
        let began = Instant::now();
        loop {
            let sent = send(&self.http, &self.target, self.company, key.as_deref(), path, body).await;
            match sent {
                Ok(Answer { status, body, .. }) if status.is_client_error() => {
                    Met::add(&self.met.refused);
                    self.count(&body);
                    return;
                }
                Ok(answer) if answer.status.is_success() => {
                    self.met.latencies.lock().expect("nobody panics while counting").push(began.elapsed().as_micros() as u64);
                    if answer.replayed {
                        Met::add(&self.met.replayed);
                    }
                    match answer.ack(self.company, key.clone()) {
                        Some(ack) => self.journal.acknowledge(&ack),
                        None => self.met.fault(format!("{path}: an answer that cannot be read: {}", answer.body)),
                    }
                    Met::add(&self.met.acks);
                    return;
                }
                Ok(answer) if answer.status == StatusCode::SERVICE_UNAVAILABLE => {
                    Met::add(&self.met.unavailable);
                    self.count(&answer.body);
                    if !answer.retry_after {
                        Met::add(&self.met.without_retry_after);
                    }
                }
                Ok(answer) => {
                    self.met.fault(format!("{path}: {} {}", answer.status, answer.body));
                    return;
                }
                Err(_) => Met::add(&self.met.broken),
            }
            if key.is_none() {
                Met::add(&self.met.unknown);
                return;
            }
            tokio::time::sleep(PAUSE).await;
        }
    }

    fn count(&self, body: &Value) {
        let code = body["code"].as_str().unwrap_or("none").to_owned();
        *self.met.codes.lock().expect("nobody panics while counting").entry(code).or_default() += 1;
    }

    /// The next command: of a contact of its own, going through its life, or of one that all share.
    fn command(&mut self, count: u64) -> (String, Value) {
        if self.mix.alone {
            return self.next_of_own();
        }
        let shared = Uuid::from_u128(0x5A_0000 + u128::from(self.chance.below(SHARED)));
        if count < SHARED && self.number < self.target.companies.len() {
            return add(Uuid::from_u128(0x5A_0000 + u128::from(count)), 0);
        }
        if self.mix.erase > 0 && self.chance.once_in(self.mix.erase) && !self.own.is_empty() {
            let at = self.chance.below(self.own.len() as u64) as usize;
            let gone = self.own.swap_remove(at).id;
            return (format!("contacts/{gone}/erase"), json!({ "basis": "person_asked" }));
        }
        match self.chance.below(10) {
            0 => (format!("contacts/{shared}/log-attempt"), json!({ "channel": "phone", "outcome": "no_answer", "by": "Ana" })),
            1 => (format!("contacts/{shared}/change-source"), json!({ "source": self.chance.pick(&["Radio", "Home Show"]) })),
            2 => (format!("contacts/{shared}/place-hold"), json!({ "reason": "a letter came" })),
            3 => (format!("contacts/{shared}/lift-hold"), json!({ "reason": "it was settled" })),
            4 => {
                let id = self.chance.id();
                self.own.push(Own { id, stage: 0 });
                if self.own.len() > 40 {
                    self.own.remove(0);
                }
                add(id, self.chance.next())
            }
            _ => self.next_of_own(),
        }
    }

    fn next_of_own(&mut self) -> (String, Value) {
        if self.own.is_empty() {
            let id = self.chance.id();
            self.own.push(Own { id, stage: 0 });
            return add(id, self.chance.next());
        }
        let at = self.chance.below(self.own.len() as u64) as usize;
        let Own { id, stage } = &mut self.own[at];
        let (id, now) = (*id, *stage);
        *stage += 1;
        let contact = format!("contacts/{id}");
        match now {
            0 => (format!("{contact}/log-attempt"), json!({ "channel": "phone", "outcome": "spoke", "by": "Ana" })),
            1 => {
                let set = json!({ "meeting": id, "journey": id, "kind": "demo", "decision_makers": true, "address_checked": true, "start": "2198-07-01T16:00:00Z", "length_minutes": 90, "by": "Ana" });
                (format!("{contact}/meetings"), set)
            }
            2 => (format!("{contact}/meetings/{id}/confirm"), json!({ "with_whom": "Dana", "decision_makers": true, "by": "Ana" })),
            3 => (format!("{contact}/meetings/{id}/issue"), json!({ "rep": "Ben", "by": "Ana", "overbook": true, "reason": "the day is long" })),
            4 => {
                let items = json!([{ "description": "Window", "quantity": 1 + self.chance.below(9), "unit_price_minor": 50_000 }]);
                (format!("{contact}/quotes"), json!({ "quote": id, "journey": id, "product": "Windows", "items": items, "by": "Ben" }))
            }
            5 => (format!("{contact}/quotes/{id}/finalize"), json!({ "valid_until": "2198-08-01", "terms": "half on signing" })),
            6 => (format!("{contact}/quotes/{id}/mark-sold"), json!({ "sale": id, "sign_date": just_now(), "paper": "folder 17", "by": "Ben" })),
            7 => (format!("{contact}/sales/{id}/approve"), json!({ "by": "Ana" })),
            _ => (format!("{contact}/log-attempt"), json!({ "channel": "email", "outcome": "left_message", "by": "Ben" })),
        }
    }
}

/// An instant that has passed, for a date of signing.
fn just_now() -> Value {
    let now = chrono::DateTime::<chrono::Utc>::from(std::time::SystemTime::now());
    json!(now.to_rfc3339())
}

fn add(id: Uuid, chance: u64) -> (String, Value) {
    let body = json!({
        "contact": id, "journey": id, "source": "Radio", "product": "Windows", "by": "Ana",
        "name": format!("Contact {id}"), "phones": ["716-555-0100"], "address": format!("{} Main St, {id}", chance % 5000)
    });
    ("contacts".into(), body)
}

/// What the service answered.
pub struct Answer {
    pub status: StatusCode,
    pub replayed: bool,
    pub retry_after: bool,
    request_id: Option<Uuid>,
    pub body: Value,
}

impl Answer {
    /// The acknowledgement in it.
    pub fn ack(&self, company: Uuid, key: Option<String>) -> Option<Ack> {
        let events = self.body["events"].as_array()?;
        let command_id = match events.first() {
            Some(event) => Uuid::try_parse(event["command_id"].as_str()?).ok()?,
            None => self.request_id?,
        };
        let (position, hash) = (self.body["position"].as_i64()?, self.body["hash"].as_str()?.to_owned());
        Some(Ack { company, key, command_id, events: events.len() as i64, position, hash })
    }
}

/// Sends a command once.
pub async fn send(http: &Client, target: &Target, company: Uuid, key: Option<&str>, path: &str, body: &Value) -> reqwest::Result<Answer> {
    let mut request = http.post(format!("{}/api/v1/{path}", target.address)).bearer_auth(&target.token).header("leadtrail-company", company.to_string());
    if let Some(key) = key {
        request = request.header("idempotency-key", key);
    }
    read(request.json(body).send().await?).await
}

/// Asks a question.
pub async fn get(http: &Client, target: &Target, company: Uuid, path: &str) -> reqwest::Result<Answer> {
    let request = http.get(format!("{}{path}", target.address)).bearer_auth(&target.token).header("leadtrail-company", company.to_string());
    read(request.send().await?).await
}

async fn read(response: reqwest::Response) -> reqwest::Result<Answer> {
    let header = |name: &str| response.headers().get(name).and_then(|value| value.to_str().ok());
    let (status, replayed) = (response.status(), header("idempotent-replayed") == Some("true"));
    let (retry_after, request_id) = (header("retry-after").is_some(), header("x-request-id").and_then(|id| Uuid::try_parse(id).ok()));
    let bytes = response.bytes().await?;
    let body = serde_json::from_slice(&bytes).unwrap_or_else(|_| Value::String(String::from_utf8_lossy(&bytes).into_owned()));
    Ok(Answer { status, replayed, retry_after, request_id, body })
}

/// Sends every journaled command that had a key once more; answers how many were and which answers differ from the first.
pub async fn replay(target: &Target, acks: &[Ack], sent: &std::collections::HashMap<String, Sent>) -> (usize, Vec<String>) {
    let http = Client::builder().timeout(LONGEST).build().expect("a client can be made");
    let keyed: Vec<(&Ack, &Sent)> = acks.iter().filter_map(|ack| Some((ack, sent.get(ack.key.as_deref()?)?))).collect();
    let mut differ = Vec::new();
    for some in keyed.chunks(32) {
        let again = some.iter().map(async |(ack, sent)| {
            let answer = send(&http, target, sent.company, Some(&sent.key), &sent.path, &sent.body).await.map_err(|error| error.to_string())?;
            let same = answer.status.is_success() && answer.replayed && answer.ack(ack.company, ack.key.clone()).is_some_and(|now| now.is_same_as(ack));
            if same { Ok(()) } else { Err(format!("{} {}: {} {}", sent.key, sent.path, answer.status, answer.body)) }
        });
        differ.extend(join_all(again).await.into_iter().filter_map(Result::err));
    }
    (keyed.len(), differ)
}

impl Ack {
    /// The same acknowledgement; one without events has no id of its own in the log.
    fn is_same_as(&self, other: &Ack) -> bool {
        let command = self.events == 0 || self.command_id == other.command_id;
        command && (self.events, self.position, &self.hash) == (other.events, other.position, &other.hash)
    }
}
