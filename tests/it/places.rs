//! Where the data lies: a place without our tables is left as it is, and one that cannot be entered says why.

use crate::databases::{bare_postgres, postgres};
use eventstore::{Closed, Conn, Db, StoreError};

async fn open_existing(url: &str) -> Result<bool, StoreError> {
    Ok(Db::open_existing(url).await?.is_some())
}

#[tokio::test]
async fn a_database_without_our_tables_is_left_as_it_is() {
    let bare = bare_postgres().await;
    assert!(!open_existing(&bare.url).await.unwrap());
    let mut tx = bare.db.begin().await.unwrap();
    let Conn::Postgres(conn) = tx.conn() else { panic!("this is PostgreSQL") };
    let (tables,): (i64,) =
        sqlx::query_as("SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')").fetch_one(conn).await.unwrap();
    assert_eq!(tables, 0);
    bare.db.migrate().await.unwrap();
    assert!(open_existing(&bare.url).await.unwrap());
}

#[tokio::test]
async fn a_server_that_does_not_let_us_in_is_told_from_one_that_is_not_there() {
    let there = postgres().await;
    let (server, name) = there.url.rsplit_once('/').unwrap();
    let (scheme, host) = server.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@').map_or(rest, |(_, host)| host))).unwrap();
    for (url, why) in [
        (format!("{scheme}://nobody_of_this_name:secret@{host}/{name}"), Closed::Login),
        (format!("{server}/no_database_of_this_name"), Closed::NoSuchDatabase),
        ("postgres://ana:secret@127.0.0.1:1/sales".to_owned(), Closed::NoAnswer),
    ] {
        let error = Db::open(&url).await.unwrap_err();
        assert_eq!(error.closed(), Some(why), "{error}");
        assert!(!error.to_string().contains("secret") && !error.said().contains("secret"), "{error}");
    }
}
