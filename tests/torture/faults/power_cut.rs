//! Fault 4: the power fails. From a trace of every write, what a disk could hold after a cut at any moment is made up and checked.

use crate::chance::Chance;
use crate::installation::{COMPANIES, Engine, Installation, read_log};
use crate::journal::{Ack, compare};
use crate::load::{Load, Mix};
use crate::trace::{Disk, Pen, Step, Unsynced, read, shim};
use crate::{Bench, Tally};
use api::app::ports::SystemPorts;
use api::app::{App, DataFolder, desk};
use eventstore::CompanyId;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tempfile::TempDir;
use tokio::task::JoinSet;

/// Images checked at a time.
const AT_ONCE: usize = 3;

pub async fn power_cut(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Sqlite).await;
    let tools = TempDir::new().expect("a temporary folder can be made");
    let (library, trace) = (shim(tools.path()), place.beside("trace"));
    let mut disk = Disk::of(&place.data);
    let environment = [("LD_PRELOAD", &library), ("SHIM_FOLDER", &place.data), ("SHIM_TRACE", &trace)].map(|(name, path)| (name, path.display().to_string()));
    let environment: Vec<(&str, &str)> = environment.iter().map(|(name, path)| (*name, path.as_str())).collect();
    let mut service = place.start_as(&place.binary, &environment);
    let journal = place.journal_with(Some(Pen::open(&trace)));
    // Every erasure brings the write-ahead log home, so that checkpoints are cut as well.
    let mix = Mix { erase: 25, keyless: 0, most: bench.times(90, 250), ..Mix::of(4, bench.seed) };
    let met = Load::start(&place.target(), mix, journal.clone()).end().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    service.kill();

    let steps = read(&trace);
    let synced = |file: &str| steps.iter().any(|step| matches!(step, Step::Sync { name } if name == file));
    assert!(synced("leadtrail.db-wal") && synced("leadtrail.db"), "the trace holds commits and checkpoints");
    let mut chance = Chance::new(bench.seed);
    let mut cuts: Vec<usize> = (0..bench.times(300, 4_000)).map(|_| chance.below(steps.len() as u64) as usize).collect();
    cuts.sort_unstable();
    let images = TempDir::new_in(if Path::new("/dev/shm").is_dir() { "/dev/shm".into() } else { std::env::temp_dir() }).expect("images have a place");
    let mut acks: Vec<Ack> = Vec::new();
    let mut taken = 0;
    let mut checks = JoinSet::new();
    for (number, cut) in cuts.into_iter().enumerate() {
        for step in &steps[taken..cut] {
            disk.take(step);
            if let Step::Acknowledged(line) = step {
                acks.push(serde_json::from_str(line).expect("an acknowledgement is JSON"));
            }
        }
        taken = taken.max(cut);
        let unsynced = Unsynced::ALL[number % 4];
        let image = images.path().join(number.to_string());
        disk.cut(unsynced, &mut chance, &image);
        if checks.len() >= AT_ONCE {
            tally.lost += finished(checks.join_next().await);
        }
        checks.spawn(checked(image, acks.clone(), number % 8 == 0, format!("a cut before step {cut} of {}, unsynced: {unsynced:?}", steps.len())));
        tally.images += 1;
    }
    while let Some(done) = checks.join_next().await {
        tally.lost += finished(Some(done));
    }
    assert_eq!(tally.lost, 0, "acknowledged commands did not survive a power cut");
    tally
}

fn finished(done: Option<Result<usize, tokio::task::JoinError>>) -> usize {
    done.expect("a check runs").expect("every image is whole")
}

/// Starts over what a cut left, as the service does; answers how many acknowledged commands are not there.
async fn checked(image: PathBuf, acks: Vec<Ack>, models_too: bool, cut: String) -> usize {
    let folder = DataFolder::at(&image);
    let master = folder.master_key().expect("the master key was safe");
    let app = App::open(&folder.database_url(), master, Arc::new(SystemPorts)).await.unwrap_or_else(|error| panic!("{cut}: {error}"));
    let app = app.with_ledger(folder.ledger());
    app.settle_erasures().await.unwrap_or_else(|error| panic!("{cut}: {error}"));
    let rows = eventstore::sql("PRAGMA integrity_check").all(&mut app.store.db.read().await.expect("the image can be read").conn()).await;
    let word: String = rows.expect("the image can be checked")[0].get(0).expect("a check says something");
    assert_eq!(word, "ok", "{cut}");
    let mut lost = 0;
    for company in COMPANIES {
        let report = eventstore::verify(&app.store, CompanyId(company), &desk::effects_of, &mut |_, _| ()).await.expect("the log can be checked");
        assert_eq!(report.first(), None, "{cut}");
        let log = read_log(&app.store, company).await.expect("the log can be read");
        let missing = compare(acks.iter().filter(|ack| ack.company == company), &log, 0).lost;
        if missing > 0 {
            eprintln!("{cut}: {missing} acknowledged commands of company {company} are lost");
        }
        lost += missing;
        for projection in projections::PROJECTIONS.iter().filter(|_| models_too) {
            let difference = projections::check(&app.store, CompanyId(company), projection.name(), &mut |_| ()).await.expect("the rows can be checked");
            assert_eq!(difference, None, "{cut}");
        }
    }
    app.stop().await;
    app.store.db.close().await;
    std::fs::remove_dir_all(&image).expect("the image can be removed");
    lost
}
