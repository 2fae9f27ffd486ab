//! Torture: the product is killed, starved, cut off and lied to, and afterwards nothing that it acknowledged is lost or doubled.
//!
//! `make torture` builds two binaries, the one that ships and one with fail points, and runs this over both databases. Each fault is
//! one file in `faults`, numbered as in FAULTS 2.2. `torture load` and `torture replay` drive any running service.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]
#![allow(clippy::disallowed_methods, reason = "the world outside the product has a clock")]

mod chance;
mod faults;
mod installation;
mod journal;
mod load;
mod receiver;
mod server;
mod trace;

use clap::{Args, Parser, Subcommand};
use futures::future::BoxFuture;
use installation::Engine;
use journal::Journal;
use load::{Load, Mix, Target};
use server::Server;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// What every fault test may use.
pub struct Bench {
    /// The binary as it ships.
    pub binary: PathBuf,
    /// The same with fail points.
    pub failing: PathBuf,
    /// Of its chances.
    pub seed: u64,
    short: bool,
    server: Option<Server>,
}

impl Bench {
    /// How often something is done: in the short form, and in the long one.
    pub fn times(&self, short: u64, long: u64) -> u64 {
        if self.short { short } else { long }
    }

    /// The PostgreSQL server.
    pub fn server(&self) -> &Server {
        self.server.as_ref().expect("there is no PostgreSQL: run `make torture`, or this through tests/with-postgres.sh")
    }
}

/// What a test counted.
#[derive(Debug, Default)]
pub struct Tally {
    /// Ends of processes, and of servers.
    pub kills: usize,
    /// Disks after a power cut.
    pub images: usize,
    /// Edits of a log behind our back.
    pub edits: usize,
    /// Commands that were acknowledged.
    pub acks: usize,
    /// Of these, those sent once more at the end.
    pub replayed: usize,
    /// Of these, those not found again.
    pub lost: usize,
    /// Commands found that nobody was told of.
    pub doubled: usize,
    /// The longest that a start after a kill took.
    pub slowest_start: Duration,
}

impl Tally {
    fn add(&mut self, other: &Tally) {
        self.kills += other.kills;
        self.images += other.images;
        self.edits += other.edits;
        self.acks += other.acks;
        self.replayed += other.replayed;
        self.lost += other.lost;
        self.doubled += other.doubled;
        self.slowest_start = self.slowest_start.max(other.slowest_start);
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Tally { kills, images, edits, acks, replayed, lost, doubled, slowest_start } = self;
        let start = slowest_start.as_secs_f64();
        write!(
            f,
            "kills {kills}, images {images}, edits {edits}, acks {acks}, sent again {replayed}, lost {lost}, doubled {doubled}, slowest start {start:.2} s"
        )
    }
}

/// A fault: its numbers in FAULTS 2.2 and 2.3, its name, and what is done.
struct Fault {
    numbers: &'static str,
    name: &'static str,
    run: for<'b> fn(&'b Bench) -> BoxFuture<'b, Tally>,
}

macro_rules! faults {
    ($($numbers:literal $name:literal $run:expr;)*) => {
        &[$(Fault { numbers: $numbers, name: $name, run: |bench| Box::pin($run(bench)) }),*]
    };
}

use faults::backup::backup;
use faults::clock::clock;
use faults::crowd::crowd;
use faults::disk_error::disk_error;
use faults::disk_full::disk_full;
use faults::fail_points::fail_points;
use faults::forgotten::forgotten;
use faults::frozen::frozen;
use faults::held_head::held_head;
use faults::kill::kill;
use faults::outbox::outbox;
use faults::postgres_down::postgres_down;
use faults::power_cut::power_cut;
use faults::rebuilt::rebuilt;
use faults::slow_disk::slow_disk;
use faults::tampered::tampered;
use faults::two_services::two_services;

/// The longest start after a kill. Looked at in the long form: a machine that also builds may take its time.
const LONGEST_START: Duration = Duration::from_secs(2);

const FAULTS: &[Fault] = faults! {
    "1" "kill-sqlite" async |bench| kill(bench, Engine::Sqlite).await;
    "2" "kill-postgres" async |bench| kill(bench, Engine::Postgres).await;
    "3, 16" "fail-points-sqlite" async |bench| fail_points(bench, Engine::Sqlite).await;
    "3, 16" "fail-points-postgres" async |bench| fail_points(bench, Engine::Postgres).await;
    "4" "power-cut" power_cut;
    "6" "disk-full-sqlite" async |bench| disk_full(bench, Engine::Sqlite).await;
    "6" "disk-full-postgres" async |bench| disk_full(bench, Engine::Postgres).await;
    "7" "disk-error" disk_error;
    "8" "slow-disk" slow_disk;
    "10" "postgres-down" postgres_down;
    "13" "crowd-sqlite" async |bench| crowd(bench, Engine::Sqlite).await;
    "13" "crowd-postgres" async |bench| crowd(bench, Engine::Postgres).await;
    "14" "two-services" two_services;
    "15" "held-head" held_head;
    "18" "rebuilt-sqlite" async |bench| rebuilt(bench, Engine::Sqlite).await;
    "18" "rebuilt-postgres" async |bench| rebuilt(bench, Engine::Postgres).await;
    "19" "clock-sqlite" async |bench| clock(bench, Engine::Sqlite).await;
    "19" "clock-postgres" async |bench| clock(bench, Engine::Postgres).await;
    "20" "frozen" frozen;
    "3, 21" "outbox-sqlite" async |bench| outbox(bench, Engine::Sqlite).await;
    "3, 21" "outbox-postgres" async |bench| outbox(bench, Engine::Postgres).await;
    "3, 22" "backup" backup;
    "43" "tampered" tampered;
    "44" "forgotten" forgotten;
};

#[derive(Debug, Parser)]
#[command(about = "Fault tests of the whole product")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run the faults
    Run(Run),
    /// Drive a running service with mixed commands and write a journal of what it acknowledged
    Load(Drive),
    /// Send every command of a journal once more: nothing may be added
    Replay(Again),
}

#[derive(Debug, Args)]
struct Run {
    /// The binary as it ships
    #[arg(long)]
    binary: PathBuf,
    /// The same, built with the feature `failpoints`
    #[arg(long)]
    failing: PathBuf,
    /// A few minutes instead of a quarter of an hour
    #[arg(long)]
    short: bool,
    /// Repeats a run's chances
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Only faults whose name begins so
    names: Vec<String>,
}

#[derive(Debug, Args)]
struct Place {
    /// Such as http://127.0.0.1:8080
    #[arg(long)]
    address: String,
    #[arg(long)]
    token_file: PathBuf,
    #[arg(long)]
    journal: PathBuf,
}

#[derive(Debug, Args)]
struct Drive {
    #[command(flatten)]
    place: Place,
    /// Companies, by id; they need the people Ana and Ben, the sources Radio and Home Show, the products Windows and Roofing
    #[arg(long, required = true)]
    company: Vec<Uuid>,
    #[arg(long, default_value_t = 32)]
    connections: usize,
    #[arg(long, default_value_t = 10)]
    seconds: u64,
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

#[derive(Debug, Args)]
struct Again {
    #[command(flatten)]
    place: Place,
}

#[tokio::main(worker_threads = 4)]
async fn main() -> ExitCode {
    // The HTTP client is built without ciphers of its own, and does not begin without any.
    drop(rustls::crypto::ring::default_provider().install_default());
    let well = match Cli::parse().command {
        Command::Run(run) => run.run().await,
        Command::Load(drive) => drive.run().await,
        Command::Replay(again) => again.run().await,
    };
    if well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

impl Run {
    async fn run(self) -> bool {
        let whole = |path: PathBuf| path.canonicalize().unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let bench = Bench { binary: whole(self.binary), failing: whole(self.failing), seed: self.seed, short: self.short, server: Server::named() };
        assert_no_fail_points(&bench.binary);
        let bench: &'static Bench = Box::leak(Box::new(bench));
        let (began, mut all, mut failed) = (Instant::now(), Tally::default(), Vec::new());
        let wanted = |fault: &&Fault| self.names.is_empty() || self.names.iter().any(|name| fault.name.starts_with(name.as_str()));
        for fault in FAULTS.iter().filter(wanted) {
            println!("fault {:<8} {}", fault.numbers, fault.name);
            let since = Instant::now();
            // A panic is this test's failure, and the others run all the same.
            match tokio::spawn((fault.run)(bench)).await {
                Ok(tally) => {
                    let slow = !bench.short && tally.slowest_start > LONGEST_START;
                    println!("    {} in {:.1} s: {tally}", if slow { "TOO SLOW" } else { "ok" }, since.elapsed().as_secs_f64());
                    all.add(&tally);
                    failed.extend(slow.then_some(fault.name));
                }
                Err(_) => {
                    println!("    FAILED in {:.1} s", since.elapsed().as_secs_f64());
                    failed.push(fault.name);
                }
            }
        }
        println!("total in {:.0} s: {all}", began.elapsed().as_secs_f64());
        println!("{}", if failed.is_empty() { "torture: all well".to_owned() } else { format!("torture: FAILED: {}", failed.join(", ")) });
        failed.is_empty()
    }
}

/// The binary that ships must not know of fail points.
fn assert_no_fail_points(binary: &std::path::Path) {
    let bytes = std::fs::read(binary).expect("the binary can be read");
    let name = b"LEADTRAIL_FAILPOINTS";
    assert!(!bytes.windows(name.len()).any(|part| part == name), "{} was built with fail points", binary.display());
}

impl Place {
    fn target(&self, companies: Vec<Uuid>) -> Target {
        let token = std::fs::read_to_string(&self.token_file).expect("the token can be read").trim().to_owned();
        Target { address: self.address.clone(), token, companies }
    }
}

impl Drive {
    async fn run(self) -> bool {
        let journal = Arc::new(Journal::open(&self.place.journal, None).expect("the journal can be written"));
        let load = Load::start(&self.place.target(self.company), Mix::of(self.connections, self.seed), journal);
        tokio::time::sleep(Duration::from_secs(self.seconds)).await;
        let met = load.finish().await;
        let count = |counter: &std::sync::atomic::AtomicU64| counter.load(std::sync::atomic::Ordering::SeqCst);
        println!(
            "acks {} ({} a second), replayed {}, refused {}, 503 {}, broken {}, p50 {:.1} ms, p99 {:.1} ms, slowest {:.1} ms",
            met.acks(),
            met.acks() / self.seconds.max(1),
            count(&met.replayed),
            count(&met.refused),
            count(&met.unavailable),
            count(&met.broken),
            met.percentile(0.5),
            met.percentile(0.99),
            met.percentile(1.0)
        );
        let faults = met.faults();
        faults.iter().take(10).for_each(|fault| println!("FAULT {fault}"));
        faults.is_empty()
    }
}

impl Again {
    async fn run(self) -> bool {
        let (acks, sent) = (journal::acks(&self.place.journal), journal::sent(&self.place.journal));
        let (replayed, differ) = load::replay(&self.place.target(Vec::new()), &acks, &sent).await;
        println!("{replayed} commands were sent again, {} were answered otherwise than the first time", differ.len());
        differ.iter().take(10).for_each(|text| println!("OTHERWISE {text}"));
        differ.is_empty()
    }
}
