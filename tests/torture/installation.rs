//! An installation under test: a data folder, a database, two companies, and the service over them, started and killed at will.

use crate::journal::{self, Comparison, Journal, Log, compare};
use crate::load::{Met, Target, replay};
use crate::server::Server;
use crate::trace::Pen;
use crate::{Bench, Tally};
use api::app::DataFolder;
use eventstore::{CompanyId, Db, Store};
use serde_json::{Value, json};
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};
use tempfile::TempDir;
use uuid::Uuid;

/// The two companies of every installation.
pub const COMPANIES: [Uuid; 2] = [Uuid::from_u128(0xACE), Uuid::from_u128(0x07E)];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

pub struct Installation {
    pub data: PathBuf,
    /// The PostgreSQL database, where it is one.
    pub url: Option<String>,
    pub binary: PathBuf,
    port: u16,
    /// Where messages are posted to.
    receiver: Option<String>,
    /// Where the logs of the companies ended before any load.
    base: [i64; 2],
    // Dropped last.
    folder: TempDir,
}

impl Installation {
    /// A new one with its companies in it, made by the product itself.
    pub async fn new(bench: &Bench, engine: Engine) -> Installation {
        let folder = TempDir::new().expect("a temporary folder can be made");
        let data = folder.path().join("data");
        Installation::over(bench, engine, folder, data, None).await
    }

    /// One whose data lies in this folder, or, on PostgreSQL, in this tablespace.
    pub async fn over(bench: &Bench, engine: Engine, folder: TempDir, data: PathBuf, tablespace: Option<&str>) -> Installation {
        let url = match engine {
            Engine::Sqlite => None,
            Engine::Postgres => Some(bench.server().create_database(tablespace).await),
        };
        let mut made = Installation { data, url, binary: bench.binary.clone(), port: free_port(), receiver: None, base: [0, 0], folder };
        for (name, company) in ["Acme", "Best"].into_iter().zip(COMPANIES) {
            let lines: Vec<String> = [("Radio", "Windows", "Ana"), ("Home Show", "Roofing", "Ben")]
                .iter()
                .zip(1_u128..)
                .map(|((source, product, by), n)| {
                    let id = Uuid::from_u128(n);
                    let with = json!({ "journey": id, "source": source, "product": product });
                    json!({ "id": format!("made {n}"), "at": "2026-01-05T09:00:00Z", "by": by, "contact": id, "command": "contact.add", "with": with })
                        .to_string()
                })
                .collect();
            let file = made.folder.path().join(format!("{name}.jsonl"));
            std::fs::write(&file, lines.join("\n")).expect("a history can be written");
            let file = file.display().to_string();
            let id = company.to_string();
            made.run(&["import", "history", &file, "--company", name, "--zone", "America/New_York", "--id", &id, "--create-missing"]);
        }
        made.base = made.heads();
        made
    }

    /// The same with somebody who takes messages.
    pub fn sending_to(self, receiver: &str) -> Installation {
        Installation { receiver: Some(receiver.to_owned()), ..self }
    }

    /// A place for files that are not data.
    pub fn beside(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn database_url(&self) -> String {
        self.url.clone().unwrap_or_else(|| DataFolder::at(&self.data).database_url())
    }

    /// A command of the product over this installation.
    pub fn command(&self, binary: &Path, arguments: &[&str]) -> Command {
        self.command_over(&self.data, binary, arguments)
    }

    /// The same over another data folder.
    pub fn command_over(&self, data: &Path, binary: &Path, arguments: &[&str]) -> Command {
        let mut command = Command::new(binary);
        command.args(arguments).arg("--data").arg(data).stdin(Stdio::null());
        for name in
            ["LEADTRAIL_DATABASE_URL", "LEADTRAIL_LOG", "LEADTRAIL_FAILPOINTS", "LEADTRAIL_FAILPOINTS_SLOW", "LEADTRAIL_FAILPOINTS_HITS", "LEADTRAIL_CLOCK"]
        {
            command.env_remove(name);
        }
        if let Some(url) = &self.url {
            command.args(["--database-url", url]);
        }
        command
    }

    /// Runs a command of the product that must succeed.
    pub fn run(&self, arguments: &[&str]) -> Output {
        let output = self.command(&self.binary, arguments).output().expect("the product runs");
        assert!(output.status.success(), "leadtrail {arguments:?}: {}{}", said(&output.stdout), said(&output.stderr));
        output
    }

    /// Where the logs end.
    pub fn heads(&self) -> [i64; 2] {
        let listed: Value = serde_json::from_slice(&self.run(&["companies", "--json"]).stdout).expect("companies are JSON");
        COMPANIES.map(|company| {
            let entry = listed.as_array().into_iter().flatten().find(|entry| entry["company"] == company.to_string());
            entry.and_then(|entry| entry["position"].as_i64()).unwrap_or_else(|| panic!("company {company} is listed: {listed}"))
        })
    }

    /// Whether log and read models are what they must be (I2 to I5), by the product's own word.
    pub fn verify(&self) {
        let output = self.command(&self.binary, &["verify", "--json"]).output().expect("the product runs");
        assert_eq!(output.status.code(), Some(0), "verify: {}{}", said(&output.stdout), said(&output.stderr));
    }

    pub fn journal(&self) -> Arc<Journal> {
        self.journal_with(None)
    }

    pub fn journal_with(&self, trace: Option<Pen>) -> Arc<Journal> {
        Arc::new(Journal::open(&self.beside("journal.jsonl"), trace).expect("a journal can be made"))
    }

    pub fn target(&self) -> Target {
        let token = std::fs::read_to_string(self.data.join("token")).expect("the token is there").trim().to_owned();
        Target { address: format!("http://127.0.0.1:{}", self.port), token, companies: COMPANIES.to_vec() }
    }

    /// Starts the service.
    pub fn start(&self) -> Service {
        self.start_as(&self.binary, &[])
    }

    /// Starts the service from this binary with these variables.
    pub fn start_as(&self, binary: &Path, environment: &[(&str, &str)]) -> Service {
        self.start_on(self.port, binary, environment)
    }

    /// Starts a service beside the other one.
    pub fn start_beside(&self, binary: &Path, environment: &[(&str, &str)]) -> (Service, Target) {
        let port = free_port();
        (self.start_on(port, binary, environment), Target { address: format!("http://127.0.0.1:{port}"), ..self.target() })
    }

    fn start_on(&self, port: u16, binary: &Path, environment: &[(&str, &str)]) -> Service {
        let began = Instant::now();
        let listen = format!("127.0.0.1:{port}");
        let log = self.beside("service.log");
        let errors = OpenOptions::new().append(true).create(true).open(&log).expect("the service's log can be written");
        let mut command = self.command(binary, &["serve", "--json", "--listen", &listen]);
        if let Some(receiver) = &self.receiver {
            command.args(["--webhook", receiver]);
        }
        let mut child = command.envs(environment.iter().copied()).stdout(Stdio::piped()).stderr(errors).spawn().expect("the service starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("its output is ours");
        BufReader::new(out).read_line(&mut line).expect("it says where it listens");
        let service = Service { child, started_in: began.elapsed(), log };
        assert!(line.contains("address"), "the service did not start: {}", service.last_words());
        service
    }

    /// What the log of a company holds.
    pub async fn log(&self, company: Uuid) -> Log {
        log_of(self.store().await, company).await
    }

    /// What the log of a company holds in another data folder.
    pub async fn log_in(&self, data: &Path, company: Uuid) -> Log {
        let folder = DataFolder::at(data);
        let store =
            Store::new(Db::open(&folder.database_url()).await.expect("the database can be opened"), folder.master_key().expect("the master key is there"));
        log_of(store, company).await
    }

    /// Where the events of this kind stand in the log of a company.
    pub async fn positions_of(&self, company: Uuid, kind: &str) -> Vec<i64> {
        let store = self.store().await;
        let (mut found, mut after) = (Vec::new(), 0);
        loop {
            let page = store.page(CompanyId(company), after, 5_000).await.expect("the log can be read");
            let Some(last) = page.last() else { break };
            after = last.position;
            found.extend(page.iter().filter(|event| event.kind == kind).map(|event| event.position));
        }
        store.db.close().await;
        found
    }

    /// Whether messages wait to be sent.
    pub async fn messages_wait(&self) -> bool {
        let store = self.store().await;
        let next = store.next_messages().await.expect("the outbox can be read");
        store.db.close().await;
        !next.is_empty()
    }

    async fn store(&self) -> Store {
        let master = DataFolder::at(&self.data).master_key().expect("the master key is there");
        Store::new(Db::open(&self.database_url()).await.expect("the database can be opened"), master)
    }

    /// Ends a test: every acknowledged command once more adds nothing, the log holds exactly what was acknowledged, and everything
    /// verifies. The service must be up and the load at an end.
    pub async fn conclude(&self, service: &Service, journal: &Journal, met: &Met, tally: &mut Tally) {
        let (acks, sent) = (journal::acks(journal.path()), journal::sent(journal.path()));
        let before = self.heads();
        let (replayed, differ) = replay(&self.target(), &acks, &sent).await;
        assert!(differ.is_empty(), "{} of {replayed} commands sent again were answered otherwise, such as {}", differ.len(), differ[0]);
        assert_eq!(self.heads(), before, "a command sent again adds nothing");
        tally.replayed += replayed;
        self.hold_against(service, journal, met, tally).await;
    }

    /// The same without sending anything again.
    pub async fn hold_against(&self, service: &Service, journal: &Journal, met: &Met, tally: &mut Tally) {
        let faults = met.faults();
        assert!(faults.is_empty(), "{} answers that must never come, such as {}", faults.len(), faults[0]);
        assert_eq!(met.without_retry_after.load(std::sync::atomic::Ordering::SeqCst), 0, "a 503 says when to try again");
        let acks = journal::acks(journal.path());
        let mut unknown = met.unknown.load(std::sync::atomic::Ordering::SeqCst) as usize;
        for (company, base) in COMPANIES.into_iter().zip(self.base) {
            let Comparison { lost, untold } = compare(acks.iter().filter(|ack| ack.company == company), &self.log(company).await, base);
            // A command without a key whose answer was lost may stand in the log; nobody can have been told of it.
            let excused = untold.min(unknown);
            unknown -= excused;
            tally.lost += lost;
            tally.doubled += untold - excused;
        }
        tally.acks += acks.len();
        assert_eq!((tally.lost, tally.doubled), (0, 0), "acknowledged commands are lost, or stand twice");
        self.verify();
        service.check_log();
    }
}

impl Server {
    /// Whether a connection of a database is left inside a transaction.
    pub async fn assert_nobody_lingers(&self, url: &str) {
        let since = Instant::now();
        while self.count(url, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND state LIKE 'idle in transaction%'").await > 0 {
            assert!(since.elapsed() < Duration::from_secs(30), "a connection is left idle in a transaction");
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    }
}

async fn log_of(store: Store, company: Uuid) -> Log {
    let log = read_log(&store, company).await.expect("the log can be read");
    store.db.close().await;
    log
}

/// Reads a company's log.
pub async fn read_log(store: &Store, company: Uuid) -> Result<Log, eventstore::StoreError> {
    let mut log = Log::default();
    let mut after = 0;
    loop {
        let page = store.page(CompanyId(company), after, 5_000).await?;
        let Some(last) = page.last() else { return Ok(log) };
        after = last.position;
        log.0.extend(page.iter().map(|event| (event.position, (event.hash.to_string(), event.command_id, event.actor == "system"))));
    }
}

/// A running service. Dropped, it is killed.
pub struct Service {
    child: Child,
    /// How long it took until it listened.
    pub started_in: Duration,
    log: PathBuf,
}

impl Service {
    /// Ends it as `kill -9` does.
    pub fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("its end can be awaited");
    }

    /// Waits until it ends by itself.
    pub async fn ended(&mut self, within: Duration) -> Option<ExitStatus> {
        let since = Instant::now();
        while since.elapsed() < within {
            if let Some(status) = self.child.try_wait().expect("it can be looked after") {
                return Some(status);
            }
            tokio::time::sleep(Duration::from_millis(2)).await;
        }
        None
    }

    /// Sends it a signal by its name.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status().expect("kill runs");
        assert!(sent.success(), "the service takes the signal {name}");
    }

    /// Whether its log says so.
    pub fn says(&self, text: &str) -> bool {
        std::fs::read_to_string(&self.log).is_ok_and(|log| log.contains(text))
    }

    /// It was killed, and is up again without anybody's help.
    pub fn count_start(&self, tally: &mut Tally) {
        tally.slowest_start = tally.slowest_start.max(self.started_in);
    }

    /// No fault of the product stands in its log.
    pub fn check_log(&self) {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let fault = log.lines().find(|line| line.contains("panicked at") || line.contains("a fault of the product"));
        assert_eq!(fault, None, "the service met a fault of its own");
    }

    fn last_words(&self) -> String {
        let log = std::fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<&str> = log.lines().collect();
        lines[lines.len().saturating_sub(12)..].join("\n")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        if self.child.kill().is_ok() {
            drop(self.child.wait());
        }
        if std::thread::panicking() {
            eprintln!("the end of the service's log:\n{}", self.last_words());
        }
    }
}

/// A port that nobody has.
fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port is free");
    listener.local_addr().expect("it has an address").port()
}

/// What a program said, as text.
pub fn said(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// How often each fail point was passed, by the file that they write.
pub fn hits(file: &Path) -> std::collections::BTreeMap<String, usize> {
    let mut counts = std::collections::BTreeMap::new();
    let lines = File::open(file).map(BufReader::new).into_iter().flat_map(BufRead::lines);
    for name in lines.map_while(Result::ok) {
        *counts.entry(name).or_default() += 1;
    }
    counts
}
