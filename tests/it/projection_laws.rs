//! The laws of read models, on both databases: however the rows came about, they are the same rows.

mod faults;
mod figures;
mod lists;
mod story;
mod world;

use std::collections::BTreeSet;
use std::sync::Arc;

use eventstore::{Store, StoreError, sql};
use projections::{
    Inline, PROJECTIONS, Pace, Progress, ProjectionError, Rebuilt, cancel, catch_up, catch_up_at, check, needs_rebuild, prepare, rebuild, rebuild_at, statuses,
};

use tokio::sync::Notify;

use crate::databases;
use story::commands;
use world::*;

const NAMES: [&str; 7] = ["campaign_members", "canceled_demos", "contact_list", "journey_table", "meeting_list", "quote_list", "sale_list"];

/// Asks every table which generations have rows in it.
const GENERATIONS: &[&str] = &[
    "SELECT DISTINCT generation FROM journey_table WHERE company_id = $1",
    "SELECT DISTINCT generation FROM journey_table_versions WHERE company_id = $1",
    "SELECT DISTINCT generation FROM journey_demos WHERE company_id = $1",
    "SELECT DISTINCT generation FROM journey_movements WHERE company_id = $1",
    "SELECT DISTINCT generation FROM canceled_demos WHERE company_id = $1",
    "SELECT DISTINCT generation FROM canceled_demos_journeys WHERE company_id = $1",
    "SELECT DISTINCT generation FROM contact_list WHERE company_id = $1",
    "SELECT DISTINCT generation FROM contact_list_keys WHERE company_id = $1",
    "SELECT DISTINCT generation FROM contact_list_search WHERE company_id = $1",
    "SELECT DISTINCT generation FROM meeting_list WHERE company_id = $1",
    "SELECT DISTINCT generation FROM meeting_list_journeys WHERE company_id = $1",
    "SELECT DISTINCT generation FROM campaign_members WHERE company_id = $1",
    "SELECT DISTINCT generation FROM quote_list WHERE company_id = $1",
    "SELECT DISTINCT generation FROM sale_list WHERE company_id = $1",
];

fn at_head() -> Vec<(String, i64)> {
    NAMES.map(|name| (name.to_owned(), 0)).to_vec()
}

async fn catch_up_all(store: &Store) {
    for projection in PROJECTIONS {
        catch_up(store, ONE, projection.name()).await.unwrap();
    }
}

/// Small steps that remember little.
fn small(batch: usize) -> Pace {
    Pace { batch, near: 2, remember: batch / 4 }
}

async fn rebuild_all(store: &Store) {
    rebuild(store, ONE, &NAMES, &mut |_| ()).await.unwrap();
}

#[tokio::test]
async fn however_rows_came_about_they_are_the_same_on_every_database() {
    let story = commands(1, 600);
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for (name, databases) in [
        ("one by one, inside the append", databases::both().await),
        ("many at once, inside the append", databases::both().await),
        ("behind the append", databases::both().await),
        ("behind the append, in parts", databases::both().await),
        ("behind the append, in small steps", databases::both().await),
        ("rebuilt", databases::both().await),
        ("rebuilt in small steps", databases::both().await),
    ] {
        for database in databases {
            let store = database.store();
            settle(&store).await;
            match name {
                "one by one, inside the append" => drop(record(&writer(&store, ONE, Inline::new(ONE)), &story).await),
                "many at once, inside the append" => record_together(&writer(&store, ONE, Inline::new(ONE)), &story).await,
                "behind the append" => {
                    record_together(&writer(&store, ONE, ()), &story).await;
                    catch_up_all(&store).await;
                }
                "behind the append, in parts" => {
                    for part in story.chunks(37) {
                        record_together(&writer(&store, ONE, ()), part).await;
                        catch_up_all(&store).await;
                    }
                }
                "behind the append, in small steps" => {
                    record_together(&writer(&store, ONE, ()), &story).await;
                    for (name, batch) in NAMES.iter().zip([1, 7, 40].into_iter().cycle()) {
                        catch_up_at(&store, ONE, name, small(batch)).await.unwrap();
                    }
                }
                "rebuilt" => {
                    record_together(&writer(&store, ONE, ()), &story).await;
                    rebuild_all(&store).await;
                }
                _ => {
                    record_together(&writer(&store, ONE, ()), &story).await;
                    for (name, batch) in NAMES.iter().zip([40, 1, 7].into_iter().cycle()) {
                        rebuild_at(&store, ONE, &[name], small(batch), &mut |_| ()).await.unwrap();
                    }
                }
            }
            assert_eq!(behind(&store, ONE).await, at_head(), "{name}");
            seen.push((format!("{name} on {:?}", database.db.engine()), digests(&store, ONE).await));
        }
    }
    let (_, first) = seen[0].clone();
    for (name, digests) in seen {
        assert_eq!(digests, first, "{name}");
    }
}

#[tokio::test]
async fn another_story_gives_another_digest() {
    let database = databases::sqlite().await;
    let store = database.store();
    settle(&store).await;
    record_together(&writer(&store, ONE, Inline::new(ONE)), &commands(1, 60)).await;
    record_together(&writer(&store, OTHER, Inline::new(OTHER)), &commands(2, 60)).await;
    let (one, other) = (digests(&store, ONE).await, digests(&store, OTHER).await);
    assert!(one.iter().zip(&other).all(|(one, other)| one != other));
}

#[tokio::test]
async fn an_interrupted_rebuild_goes_on_or_begins_anew_and_ends_the_same() {
    let story = commands(3, 400);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::new(ONE));
        record_together(&writer, &story[..300]).await;
        for projection in PROJECTIONS {
            give_up_halfway(&store, projection.name()).await;
        }
        let halfway = statuses(&store, ONE).await.unwrap();
        assert!(halfway.iter().all(|status| status.building.as_ref().is_some_and(|building| (50..status.head).contains(&building.events()))), "{halfway:?}");
        // One of them was begun by other code.
        spoil(&store, "UPDATE projections SET building_revision = 0 WHERE company_id = $1 AND name = 'canceled_demos'").await.unwrap();
        record_together(&writer, &story[300..]).await;
        let before = digests(&store, ONE).await;
        let rebuilt = rebuild(&store, ONE, &NAMES, &mut |_| ()).await.unwrap();
        assert_eq!(rebuilt.iter().map(|rebuilt| rebuilt.name).collect::<BTreeSet<_>>(), BTreeSet::from(NAMES));
        for Rebuilt { name, from, .. } in rebuilt {
            assert_eq!(from >= 50, name != "canceled_demos", "{name} went on from {from}");
        }
        assert_eq!(digests(&store, ONE).await, before);
        assert_eq!(behind(&store, ONE).await, at_head());
    }
}

/// Which generations have rows, table by table.
async fn generations(store: &Store) -> Vec<(&'static str, Vec<i64>)> {
    let mut found = Vec::new();
    for text in GENERATIONS {
        let rows = sql(text).bind(ONE).all(&mut store.db.read().await.unwrap().conn()).await.unwrap();
        found.push((*text, rows.iter().map(|row| row.get(0).unwrap()).collect()));
    }
    found
}

/// Rebuilds in small steps and stops in the middle of one.
async fn give_up_halfway(store: &Store, name: &'static str) {
    let halfway = Arc::new(Notify::new());
    let (store, reached) = (store.clone(), Arc::clone(&halfway));
    let task = tokio::spawn(async move {
        let mut progress = move |progress: Progress| {
            if progress.events >= 50 {
                reached.notify_one();
            }
        };
        rebuild_at(&store, ONE, &[name], small(10), &mut progress).await
    });
    halfway.notified().await;
    task.abort();
    drop(task.await);
}

#[tokio::test]
async fn rows_are_rebuilt_and_put_in_use_while_commands_go_on() {
    let story = commands(4, 600);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::new(ONE));
        record_together(&writer, &story[..200]).await;
        let going_on = {
            let (writer, rest) = (writer.clone(), story[200..500].to_vec());
            tokio::spawn(async move { record(&writer, &rest).await })
        };
        for batch in [5, 40, 10_000] {
            let (alone, together) = NAMES.split_at(2);
            for names in alone.chunks(1).chain([together]) {
                rebuild_at(&store, ONE, names, small(batch), &mut |_| ()).await.unwrap();
            }
        }
        going_on.await.unwrap();
        record(&writer, &story[500..]).await;
        assert_eq!(behind(&store, ONE).await, at_head(), "commands keep the new rows at the head");
        let statuses = statuses(&store, ONE).await.unwrap();
        assert!(statuses.iter().all(|status| status.generation == 4 && status.building.is_none() && status.fault.is_none()), "{statuses:?}");
        let live = digests(&store, ONE).await;
        rebuild_all(&store).await;
        assert_eq!(digests(&store, ONE).await, live);
    }
}

#[tokio::test]
async fn a_rebuild_that_is_given_up_leaves_nothing_and_the_rows_in_use_as_they_are() {
    let story = commands(3, 600);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record_together(&writer(&store, ONE, Inline::new(ONE)), &story).await;
        let (before, checkpoints, in_use) = (digests(&store, ONE).await, statuses(&store, ONE).await.unwrap(), generations(&store).await);
        for name in NAMES {
            give_up_halfway(&store, name).await;
        }
        assert_ne!(generations(&store).await, in_use, "some rows were made");
        let halfway = statuses(&store, ONE).await.unwrap();
        let begun: Vec<_> = halfway.iter().map(|status| (status.name.as_str(), status.building.as_ref().unwrap().events())).collect();

        let canceled = cancel(&store, ONE, &NAMES).await.unwrap();
        assert_eq!(canceled.iter().map(|canceled| (canceled.name, canceled.events)).collect::<Vec<_>>(), begun);
        assert!(canceled.iter().all(|canceled| canceled.generation == 2), "{canceled:?}");
        assert_eq!(generations(&store).await, in_use);
        assert_eq!(digests(&store, ONE).await, before);
        let given_out = |status: &projections::Checkpoint| (status.name.clone(), status.generation, status.at, status.building.clone());
        assert_eq!(statuses(&store, ONE).await.unwrap().iter().map(given_out).collect::<Vec<_>>(), checkpoints.iter().map(given_out).collect::<Vec<_>>());

        assert_eq!(cancel(&store, ONE, &NAMES).await.unwrap(), []);
        assert!(matches!(cancel(&store, ONE, &["nothing"]).await, Err(ProjectionError::Unknown(_))));
        assert!(rebuild(&store, ONE, &NAMES, &mut |_| ()).await.unwrap().iter().all(|rebuilt| rebuilt.generation == 3 && rebuilt.from == 0));
        assert_eq!(digests(&store, ONE).await, before);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rebuild_at_work_finds_that_it_was_given_up() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record_together(&writer(&store, ONE, Inline::new(ONE)), &commands(3, 600)).await;
        let (before, in_use) = (digests(&store, ONE).await, generations(&store).await);
        let (halfway, go_on) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
        let task = {
            let (store, halfway, go_on) = (store.clone(), Arc::clone(&halfway), Arc::clone(&go_on));
            let mut held = false;
            let mut progress = move |_| {
                if !std::mem::replace(&mut held, true) {
                    halfway.notify_one();
                    tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(go_on.notified()));
                }
            };
            tokio::spawn(async move { rebuild_at(&store, ONE, &["journey_table"], small(10), &mut progress).await })
        };
        halfway.notified().await;
        assert_eq!(cancel(&store, ONE, &["journey_table"]).await.unwrap().len(), 1);
        go_on.notify_one();
        let stopped = task.await.unwrap();
        assert!(matches!(stopped, Err(ProjectionError::Overtaken("journey_table"))), "{stopped:?}");
        assert_eq!(generations(&store).await, in_use);
        assert_eq!(digests(&store, ONE).await, before);
    }
}

#[tokio::test]
async fn a_rebuild_leaves_no_old_rows_and_touches_no_other_company() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        for company in [ONE, OTHER] {
            record_together(&writer(&store, company, Inline::new(company)), &commands(5, 600)).await;
        }
        let untouched = digests(&store, OTHER).await;
        assert_eq!(digests(&store, ONE).await, untouched, "the same story, the same rows");
        rebuild_all(&store).await;
        rebuild_all(&store).await;
        assert_eq!(digests(&store, OTHER).await, untouched);
        for (table, generations) in generations(&store).await {
            assert_eq!(generations, [3], "{table}");
        }
    }
}

#[tokio::test]
async fn a_check_finds_the_first_row_that_is_not_as_a_rebuild_makes_it() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::new(ONE));
        record_together(&writer, &commands(6, 200)).await;
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None);
        }
        spoil(&store, "UPDATE journey_table SET net_sold_minor = net_sold_minor + 1 WHERE company_id = $1 AND generation = 1").await.unwrap();
        let found = check(&store, ONE, "journey_table", &mut |_| ()).await.unwrap().unwrap();
        assert_eq!((found.table, found.position), ("journey_table", store.head(ONE).await.unwrap().position.number));
        assert!(found.key.starts_with("journey_id \"00000000-0000-0002-"), "{found}");
        assert_ne!(found.stored, found.rebuilt, "{found}");

        spoil(&store, "DELETE FROM contact_list WHERE company_id = $1 AND generation = 1 AND version > 5").await.unwrap();
        let found = check(&store, ONE, "contact_list", &mut |_| ()).await.unwrap().unwrap();
        assert_eq!((found.table, found.stored), ("contact_list", None));

        rebuild_all(&store).await;
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None, "a rebuild mends it");
        }
    }
}

#[tokio::test]
async fn a_check_compares_at_one_position_while_commands_go_on() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::new(ONE));
        record_together(&writer, &commands(7, 100)).await;
        let going_on = tokio::spawn(async move { record(&writer, &commands(8, 300)).await });
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None);
        }
        going_on.await.unwrap();
    }
}

#[tokio::test]
async fn two_who_catch_up_at_once_apply_nothing_twice() {
    let story = commands(9, 500);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record_together(&writer(&store, ONE, ()), &story).await;
        prepare(&store, ONE).await.unwrap();
        let (one, other) = tokio::join!(catch_up_at(&store, ONE, "journey_table", small(20)), catch_up_at(&store, ONE, "journey_table", small(20)));
        assert!(one.is_ok() || other.is_ok());
        for answer in [one, other] {
            assert!(matches!(answer, Ok(_) | Err(ProjectionError::Overtaken("journey_table"))), "{answer:?}");
        }
        assert_eq!(check(&store, ONE, "journey_table", &mut |_| ()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn two_writers_of_one_company_keep_the_rows_right() {
    let story = commands(10, 200);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let (here, there) = (writer(&store, ONE, Inline::new(ONE)), writer(&store, ONE, Inline::new(ONE)));
        for pair in story.chunks(2) {
            record(&here, &pair[..1]).await;
            record(&there, &pair[1..]).await;
        }
        let (here, there) = (here.clone(), there.clone());
        let more = commands(11, 60);
        tokio::join!(record(&here, &more[..30]), record(&there, &more[30..]));
        assert_eq!(behind(&store, ONE).await, at_head());
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn rows_of_another_revision_ask_for_a_rebuild_and_are_left_alone() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let story = commands(12, 60);
        record_together(&writer(&store, ONE, Inline::new(ONE)), &story[..50]).await;
        spoil(&store, "UPDATE projections SET revision = 0 WHERE company_id = $1 AND name = 'contact_list'").await.unwrap();
        record_together(&writer(&store, ONE, Inline::new(ONE)), &story[50..]).await;
        assert_eq!(needs_rebuild(&store, ONE).await.unwrap(), ["contact_list"]);
        assert!(behind(&store, ONE).await.iter().all(|(name, lag)| (*lag > 0) == (name == "contact_list")));
        assert!(matches!(catch_up(&store, ONE, "contact_list").await, Err(ProjectionError::OtherRevision("contact_list"))));
        rebuild(&store, ONE, &["contact_list"], &mut |_| ()).await.unwrap();
        assert_eq!(needs_rebuild(&store, ONE).await.unwrap(), [""; 0]);
        assert_eq!(behind(&store, ONE).await, at_head());
    }
}

async fn spoil(store: &Store, text: &'static str) -> Result<(), StoreError> {
    let mut tx = store.db.begin().await?;
    assert!(sql(text).bind(ONE).run(&mut tx.conn()).await? > 0, "{text}");
    tx.commit().await
}
