//! What happens when the connection to PostgreSQL breaks, also in the middle of a commit.

use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use eventstore::{Db, MasterKey, Store, contract};
use sqlx::{Connection, PgConnection};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use crate::databases;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_broken_connection_is_noticed_by_nobody() {
    let database = databases::postgres().await;
    contract::a_broken_connection_is_noticed_by_nobody(&database.store(), async || {
        let mut other = PgConnection::connect(&database.url).await.expect("the server answers");
        let others = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
        sqlx::raw_sql(others).execute(&mut other).await.expect("connections can be broken");
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_lost_on_its_way_there_is_done_again() {
    let (_database, store, line) = over_a_line().await;
    contract::a_lost_commit_is_looked_for(&store, || line.set(LOSE_COMMIT)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_commit_whose_answer_is_lost_is_found() {
    let (_database, store, line) = over_a_line().await;
    contract::a_lost_commit_is_looked_for(&store, || line.set(LOSE_ANSWER)).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_away_is_unavailable() {
    let (_database, store, line) = over_a_line().await;
    contract::a_server_that_is_away_is_unavailable(&store, |there| line.set(if there { WHOLE } else { CUT })).await;
}

/// A line to the server that can be made to break.
#[derive(Clone)]
struct Line(Arc<AtomicU8>);

/// The line carries everything.
const WHOLE: u8 = 0;
/// The next COMMIT is not carried; the line breaks, once.
const LOSE_COMMIT: u8 = 1;
/// The next COMMIT is carried, its answer is not; the line breaks, once.
const LOSE_ANSWER: u8 = 2;
/// Nothing is carried.
const CUT: u8 = 3;

impl Line {
    fn set(&self, state: u8) {
        self.0.store(state, Ordering::SeqCst);
    }

    /// Carries bytes both ways until the line breaks.
    async fn carry(self, mut client: TcpStream, mut server: TcpStream) -> std::io::Result<()> {
        let (mut sent, mut answered) = (vec![0; 1 << 16], vec![0; 1 << 16]);
        loop {
            tokio::select! {
                read = client.read(&mut sent) => {
                    let bytes = &sent[..read?];
                    let state = self.0.load(Ordering::SeqCst);
                    let commit = bytes.windows(6).any(|part| part == b"COMMIT");
                    if bytes.is_empty() || state == CUT || (commit && state == LOSE_COMMIT) {
                        break;
                    }
                    server.write_all(bytes).await?;
                    if commit && state == LOSE_ANSWER {
                        server.read_exact(&mut [0]).await?;
                        break;
                    }
                }
                read = server.read(&mut answered) => {
                    let bytes = &answered[..read?];
                    if bytes.is_empty() || self.0.load(Ordering::SeqCst) == CUT {
                        return Ok(());
                    }
                    client.write_all(bytes).await?;
                }
            }
        }
        // The next connection works, unless the line is cut.
        for broken in [LOSE_COMMIT, LOSE_ANSWER] {
            self.0.compare_exchange(broken, WHOLE, Ordering::SeqCst, Ordering::SeqCst).ok();
        }
        Ok(())
    }
}

/// A database reached over such a line.
async fn over_a_line() -> (databases::TestDb, Store, Line) {
    let database = databases::postgres().await;
    let (scheme, rest) = database.url.split_once('@').expect("the address names a user");
    let (server, name) = rest.split_once('/').expect("the address names a database");
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port is free");
    let url = format!("{scheme}@{}/{name}", listener.local_addr().expect("it has an address"));
    let (line, server) = (Line(Arc::new(AtomicU8::new(WHOLE))), server.to_owned());
    let carried = line.clone();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(&server).await.expect("the server answers");
            tokio::spawn(carried.clone().carry(client, server));
        }
    });
    let db = Db::open(&url).await.expect("the database can be opened over the line");
    (database, Store::new(db, MasterKey::new([7; 32])), line)
}
