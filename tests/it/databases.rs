//! Databases for tests: fresh, migrated, apart from each other, and gone afterwards.

use std::sync::atomic::{AtomicU32, Ordering};

use eventstore::{Db, MasterKey, Store};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;
use tokio::sync::Mutex;

/// A database of one test. Dropped, it is removed.
pub struct TestDb {
    /// It, migrated and empty.
    pub db: Db,
    /// Its address, for those who open it themselves.
    pub url: String,
    // Fields are dropped in this order: the file's folder goes last.
    _server: Option<OnServer>,
    _folder: Option<TempDir>,
}

impl TestDb {
    /// The logs in it.
    pub fn store(&self) -> Store {
        Store::new(self.db.clone(), MasterKey::new([7; 32]))
    }
}

/// A file in a folder of its own.
pub async fn sqlite() -> TestDb {
    let folder = TempDir::new().expect("a temporary folder can be made");
    let url = format!("sqlite:{}", folder.path().join("leadtrail.db").display());
    let db = Db::open(&url).await.expect("the file can be opened");
    db.migrate().await.expect("the file can be migrated");
    TestDb { db, url, _server: None, _folder: Some(folder) }
}

/// A database of its own on the test server.
pub async fn postgres() -> TestDb {
    on_server(OnServer::create(&template()).await).await
}

/// The same without any tables.
pub async fn bare_postgres() -> TestDb {
    on_server(OnServer::create("template0").await).await
}

async fn on_server(server: OnServer) -> TestDb {
    let url = at(&server.name);
    let db = Db::open(&url).await.expect("the database can be opened");
    TestDb { db, url, _server: Some(server), _folder: None }
}

/// One of each.
pub async fn both() -> Vec<TestDb> {
    vec![sqlite().await, postgres().await]
}

/// A database on the server, copied from another one.
struct OnServer {
    name: String,
}

/// How many databases there are now; the migrated one is made for the first and removed after the last.
static USERS: Mutex<u32> = Mutex::const_new(0);
static MADE: AtomicU32 = AtomicU32::new(0);

impl OnServer {
    async fn create(from: &str) -> Self {
        let template = template();
        let name = format!("leadtrail_test_{}_{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
        let mut users = USERS.lock().await;
        if *users == 0 {
            run(format!("DROP DATABASE IF EXISTS {template} WITH (FORCE)")).await;
            run(format!("CREATE DATABASE {template}")).await;
            let db = Db::open(&at(&template)).await.expect("the database can be opened");
            db.migrate().await.expect("the database can be migrated");
            db.close().await;
        }
        run(format!("CREATE DATABASE {name} TEMPLATE {from}")).await;
        *users += 1;
        Self { name }
    }

    async fn remove(name: String) {
        run(format!("DROP DATABASE {name} WITH (FORCE)")).await;
        let mut users = USERS.lock().await;
        *users -= 1;
        if *users == 0 {
            run(format!("DROP DATABASE {} WITH (FORCE)", template())).await;
        }
    }
}

impl Drop for OnServer {
    /// The test's own runtime is busy dropping, so it is done on another.
    fn drop(&mut self) {
        let name = std::mem::take(&mut self.name);
        let removed = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime can be made").block_on(Self::remove(name));
        });
        if removed.join().is_err() && !std::thread::panicking() {
            panic!("a test's database could not be removed");
        }
    }
}

fn template() -> String {
    format!("leadtrail_test_{}_template", std::process::id())
}

/// Runs a statement on the server's own database.
async fn run(statement: String) {
    let mut server = PgConnection::connect(&server()).await.expect("the test server can be reached");
    sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.expect("the test server does as it is told");
    server.close().await.expect("the connection can be closed");
}

/// The address of a database on the server.
fn at(name: &str) -> String {
    let server = server();
    let (address, options) = server.split_once('?').map_or((server.as_str(), None), |(address, options)| (address, Some(options)));
    let (host, _) = address.rsplit_once('/').expect("the server's address names a database");
    match options {
        None => format!("{host}/{name}"),
        Some(options) => format!("{host}/{name}?{options}"),
    }
}

fn server() -> String {
    std::env::var("LEADTRAIL_TEST_POSTGRES_URL").unwrap_or_else(|_| panic!("there is no PostgreSQL: run `make test`, or set LEADTRAIL_TEST_POSTGRES_URL"))
}
