//! A read model that stumbles stops alone and loudly; commands go on, and mended it goes on from there.

use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering::SeqCst;

use async_trait::async_trait;
use domain::id::ContactId;
use eventstore::{CompanyId, Conn, Draft, StoreError, Stream, Writes};
use projections::campaign_members::CampaignMembers;
use projections::canceled_demos::CanceledDemos;
use projections::contact_list::{ContactList, Current};
use projections::journey_table::JourneyTable;
use projections::meeting_list::MeetingList;
use projections::projection::AnyProjection;
use projections::quote_list::QuoteList;
use projections::sale_list::SaleList;
use projections::{Happened, Inline, PROJECTIONS, Projection, ProjectionError, catch_up, check, keep_up, rebuild, statuses};

use super::story::{Command, commands};
use super::world::*;
use crate::databases;

/// The contact list with another fold or another way to save.
macro_rules! contact_list {
    ($name:ident, evolve: $evolve:expr, before_saving: $save:expr) => {
        struct $name;

        #[async_trait]
        impl Projection for $name {
            const NAME: &'static str = ContactList::NAME;
            const REVISION: i32 = ContactList::REVISION;
            const TABLES: &'static [projections::Table] = ContactList::TABLES;
            type Key = ContactId;
            type Rows = Option<Current>;

            fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
                ContactList::keys(happened)
            }
            fn evolve(key: &Self::Key, rows: Self::Rows, happened: &Happened) -> Self::Rows {
                let evolve: fn(&ContactId, Self::Rows, &Happened) -> Self::Rows = $evolve;
                evolve(key, rows, happened)
            }
            fn settled(rows: Self::Rows) -> Self::Rows {
                ContactList::settled(rows)
            }
            async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Self::Rows)>, StoreError> {
                ContactList::load(conn, company, generation, keys).await
            }
            fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Self::Rows)]) -> Result<Writes, StoreError> {
                let before_saving: fn() -> Result<(), StoreError> = $save;
                before_saving()?;
                ContactList::save(writes, company, generation, changed)
            }
        }
    };
}

const STONE: i64 = 90;

// Its fold panics at one event.
contact_list!(Stumbling, evolve: |key, rows, happened| {
    assert!(happened.position != STONE, "a stone at {STONE}");
    ContactList::evolve(key, rows, happened)
}, before_saving: || Ok(()));

static INTERRUPT: AtomicBool = AtomicBool::new(false);

// The database is too busy to take its rows in, but only once.
contact_list!(Interrupted, evolve: ContactList::evolve, before_saving: || if INTERRUPT.swap(false, SeqCst) { Err(StoreError::HeadMoved(0)) } else { Ok(()) });

const WITH_A_STUMBLER: &[&dyn AnyProjection] = &[&JourneyTable, &CanceledDemos, &MeetingList, &QuoteList, &SaleList, &CampaignMembers, &Stumbling];

#[tokio::test]
async fn a_fault_stops_one_read_model_and_no_command() {
    let story = commands(20, 120);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::with(ONE, WITH_A_STUMBLER));
        record(&writer, &story).await;
        let head = store.head(ONE).await.unwrap().position.number;
        assert!(head > STONE);
        let all = statuses(&store, ONE).await.unwrap();
        let stopped = all.iter().find(|status| status.name == "contact_list").unwrap();
        let fault = stopped.fault.clone().unwrap();
        assert_eq!((fault.position, fault.text.as_str()), (STONE, "the fold panicked: a stone at 90"));
        assert!(stopped.at.position.number < STONE && stopped.at.position.number >= STONE - 2, "it stands right before the command that holds the event");
        assert!(all.iter().filter(|status| status.name != "contact_list").all(|status| !status.is_behind() && status.fault.is_none()));

        catch_up(&store, ONE, "contact_list").await.unwrap();
        assert!(statuses(&store, ONE).await.unwrap().iter().all(|status| !status.is_behind() && status.fault.is_none()), "mended, it goes on from there");
        record(&writer, &story[..3]).await;
        assert!(behind(&store, ONE).await.iter().all(|(_, lag)| *lag == 0), "and keeps up with commands again");
        assert_eq!(check(&store, ONE, "contact_list", &mut |_| ()).await.unwrap(), None);
    }
}

/// What was written before the interruption is rolled back, and must not be believed to stand when the batch comes again.
#[tokio::test]
async fn rows_of_a_batch_that_is_made_again_are_written_again() {
    let story = commands(24, 60);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::with(ONE, &[&JourneyTable, &CanceledDemos, &MeetingList, &CampaignMembers, &Interrupted]));
        for command in &story {
            INTERRUPT.store(true, SeqCst);
            record(&writer, std::slice::from_ref(command)).await;
        }
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None);
        }
        assert!(behind(&store, ONE).await.iter().all(|(_, lag)| *lag == 0));
    }
}

#[tokio::test]
async fn an_event_nobody_can_read_stops_every_read_model_right_before_its_command() {
    let story = commands(21, 60);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let writer = writer(&store, ONE, Inline::new(ONE));
        record(&writer, &story[..40]).await;
        let sound = store.head(ONE).await.unwrap().position.number;
        let sound_rows = digests(&store, ONE).await;
        let mut riddle: Command = story[0].clone();
        riddle.push(Draft { kind: "contact.abducted", stream: Stream::new("contact", uuid::Uuid::nil()), ..riddle[0].clone() });
        record(&writer, &[riddle]).await;
        record(&writer, &story[40..]).await;
        let expected = (sound, sound + 3);
        let standing = |all: Vec<projections::Checkpoint>| {
            all.iter().map(|status| (status.at.position.number, status.fault.as_ref().map_or(0, |fault| fault.position))).collect::<Vec<_>>()
        };
        assert_eq!(standing(statuses(&store, ONE).await.unwrap()), [expected; super::NAMES.len()]);
        for name in super::NAMES {
            for answer in [catch_up(&store, ONE, name).await.map(drop), rebuild(&store, ONE, &[name], &mut |_| ()).await.map(drop)] {
                let Err(ProjectionError::Faulted { fault, .. }) = answer else { panic!("{answer:?}") };
                assert_eq!(fault.position, sound + 3);
                assert!(fault.text.contains("contact.abducted"), "{fault}");
            }
        }
        assert_eq!(standing(statuses(&store, ONE).await.unwrap()), [expected; super::NAMES.len()], "none of them skips it");
        assert_eq!(digests(&store, ONE).await, sound_rows);
    }
}

#[tokio::test]
async fn rows_made_from_another_log_are_refused() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let story = commands(22, 40);
        record(&writer(&store, ONE, Inline::new(ONE)), &story[..20]).await;
        let other = eventstore::Hash::before_first(uuid::Uuid::from_u128(4));
        let mut tx = store.db.begin().await.unwrap();
        eventstore::sql("UPDATE projections SET hash = $2 WHERE company_id = $1").bind(ONE).bind(other).run(&mut tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        record(&writer(&store, ONE, Inline::new(ONE)), &story[20..]).await;
        assert!(behind(&store, ONE).await.iter().all(|(_, lag)| *lag > 0), "no command moves them");
        let Err(ProjectionError::Faulted { fault, .. }) = catch_up(&store, ONE, "journey_table").await else { panic!("it must not go on") };
        assert!(fault.text.contains("rebuild"), "{fault}");
        rebuild(&store, ONE, &["journey_table"], &mut |_| ()).await.unwrap();
        assert_eq!(check(&store, ONE, "journey_table", &mut |_| ()).await.unwrap(), None);
    }
}

#[tokio::test]
async fn read_models_that_stand_still_are_looked_after() {
    let story = commands(23, 120);
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record(&writer(&store, ONE, Inline::with(ONE, WITH_A_STUMBLER)), &story).await;
        super::spoil(&store, "UPDATE projections SET revision = 0 WHERE company_id = $1 AND name = 'canceled_demos'").await.unwrap();
        let keeper = tokio::spawn(keep_up(store.clone(), ONE));
        while !statuses(&store, ONE).await.unwrap().iter().all(|status| !status.is_behind() && status.fault.is_none() && status.revision > 0) {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
        keeper.abort();
        for projection in PROJECTIONS {
            assert_eq!(check(&store, ONE, projection.name(), &mut |_| ()).await.unwrap(), None);
        }
    }
}
