//! Fault 43: somebody edits the log with the database's own tools. Every edit is found, and its company named.
//!
//! A log that is truncated with its head, or made anew with good hashes, is found by signed checkpoints only.

use crate::chance::Chance;
use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};
use api::app::DataFolder;
use api::app::desk::effects_of;
use eventstore::{CompanyId, Db, Store, sql};

/// Edits, each of the event at a position ($2) of a company ($1), and on the next one ($3) where it takes two.
const EDITS: [&str; 11] = [
    "UPDATE events SET body = zeroblob(length(body)) WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET recorded_at = recorded_at + 1 WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET occurred_at = occurred_at - 1 WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET actor = actor || 'x' WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET kind = kind || 'x' WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET command_id = zeroblob(16) WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET event_id = zeroblob(16) WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET version = version + 1000 WHERE company_id = $1 AND position = $2 AND position < $3",
    "UPDATE events SET hash = zeroblob(32) WHERE company_id = $1 AND position = $2 AND position < $3",
    "DELETE FROM events WHERE company_id = $1 AND position = $2 AND position < $3",
    "DELETE FROM events WHERE company_id = $1 AND position >= $2 AND position < $2 + $3",
];

pub async fn tampered(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let mut chance = Chance::new(bench.seed);
    let place = Installation::new(bench, Engine::Sqlite).await;
    let journal = place.journal();
    let mut service = place.start();
    let met = Load::start(&place.target(), Mix { most: 12, ..Mix::of(4, bench.seed) }, journal.clone()).end().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    service.kill();
    let heads = place.heads();
    let sound = place.beside("sound");
    copy(&place.data, &sound);
    for number in 0..bench.times(44, 600) {
        let edit = EDITS[number as usize % EDITS.len()];
        let which = chance.below(2) as usize;
        let position = 1 + chance.below(heads[which] as u64) as i64;
        let edited = place.beside("edited");
        copy(&sound, &edited);
        let folder = DataFolder::at(&edited);
        let master = folder.master_key().expect("the master key is there");
        let store = Store::new(Db::open(&folder.database_url()).await.expect("the copy can be opened"), master);
        let mut tx = store.db.begin().await.expect("the copy can be written to");
        let company = CompanyId(COMPANIES[which]);
        let done = sql(edit).bind(company).bind(position).bind(position + 1).run(&mut tx.conn()).await.expect("the edit is one");
        assert!(done > 0, "{edit} at {position}");
        tx.commit().await.expect("the edit is kept");
        let report = eventstore::verify(&store, company, &effects_of, &mut |_, _| ()).await;
        assert!(report.is_err() || report.is_ok_and(|report| report.first().is_some()), "an edit went unnoticed at {position}: {edit}");
        store.db.close().await;
        tally.edits += 1;
    }
    tally
}

fn copy(from: &std::path::Path, to: &std::path::Path) {
    if to.exists() {
        std::fs::remove_dir_all(to).expect("an old copy can be removed");
    }
    std::fs::create_dir(to).expect("a folder can be made");
    for entry in std::fs::read_dir(from).expect("the data can be read") {
        let entry = entry.expect("the data can be read");
        std::fs::copy(entry.path(), to.join(entry.file_name())).expect("the data can be copied");
    }
}
