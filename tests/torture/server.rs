//! The PostgreSQL server under test: databases on it, and its end and beginning.

use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// A server, as tests/with-postgres.sh starts it.
pub struct Server {
    url: String,
    /// Stops and starts it.
    control: PathBuf,
    made: AtomicU32,
}

impl Server {
    /// The one that the environment names.
    pub fn named() -> Option<Server> {
        let url = std::env::var("LEADTRAIL_TEST_POSTGRES_URL").ok()?;
        let control = std::env::var_os("LEADTRAIL_TEST_POSTGRES_CONTROL")?.into();
        Some(Server { url, control, made: AtomicU32::new(0) })
    }

    /// A new database, in this tablespace.
    pub async fn create_database(&self, tablespace: Option<&str>) -> String {
        let name = format!("torture_{}_{}", std::process::id(), self.made.fetch_add(1, Ordering::SeqCst));
        let tablespace = tablespace.map(|name| format!(" TABLESPACE {name}")).unwrap_or_default();
        self.run(&self.url, &format!("CREATE DATABASE {name}{tablespace}")).await;
        let (server, _) = self.url.rsplit_once('/').expect("the address names a database");
        format!("{server}/{name}")
    }

    /// Runs a statement on the server's own database.
    pub async fn admin(&self, statement: &str) {
        self.run(&self.url, statement).await;
    }

    pub async fn run(&self, url: &str, statement: &str) {
        let mut connection = connect(url).await;
        sqlx::raw_sql(AssertSqlSafe(statement.to_owned())).execute(&mut connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    }

    /// The one number that a query answers.
    pub async fn count(&self, url: &str, query: &str) -> i64 {
        let row = sqlx::query(AssertSqlSafe(query.to_owned())).fetch_one(&mut connect(url).await).await;
        row.and_then(|row| row.try_get(0)).unwrap_or_else(|error| panic!("{query}: {error}"))
    }

    /// The folder that it keeps its data in.
    pub async fn folder(&self) -> PathBuf {
        let row = sqlx::query("SHOW data_directory").fetch_one(&mut connect(&self.url).await).await.expect("the server says where its data is");
        PathBuf::from(row.get::<String, _>(0))
    }

    /// Stops it in one of its own ways: `fast` or `immediate`.
    pub fn stop(&self, mode: &str) {
        assert!(self.control(&["stop", &format!("--mode={mode}")]), "the server stops");
    }

    /// Ends its main process as `kill -9` does.
    pub async fn kill(&self) {
        let pid = std::fs::read_to_string(self.folder().await.join("postmaster.pid")).expect("the server's process is known");
        let pid = pid.lines().next().expect("it stands in the first line");
        assert!(Command::new("kill").args(["-KILL", pid]).status().expect("kill runs").success());
    }

    /// Starts it. After a kill its other processes may be there for a moment.
    pub fn start(&self) {
        let since = Instant::now();
        while !self.control(&["start"]) {
            assert!(since.elapsed() < Duration::from_secs(20), "the server starts again");
            std::thread::sleep(Duration::from_millis(100));
        }
    }

    fn control(&self, arguments: &[&str]) -> bool {
        Command::new(&self.control).args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().expect("it runs").success()
    }
}

/// A connection of our own.
pub async fn connect(url: &str) -> PgConnection {
    PgConnection::connect(url).await.unwrap_or_else(|error| panic!("the server can be reached: {error}"))
}
