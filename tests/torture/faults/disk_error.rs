//! Fault 7: the disk does not keep what it is given. A failed sync stops the writer for good; reading goes on.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, get};
use crate::trace::shim;
use crate::{Bench, Tally};
use reqwest::{Client, StatusCode};
use std::time::Duration;
use tempfile::TempDir;

pub async fn disk_error(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Sqlite).await;
    let tools = TempDir::new().expect("a temporary folder can be made");
    let (library, control) = (shim(tools.path()).display().to_string(), place.beside("control"));
    let (folder, told) = (place.data.display().to_string(), control.display().to_string());
    let mut service = place.start_as(&place.binary, &[("LD_PRELOAD", &library), ("SHIM_FOLDER", &folder), ("SHIM_CONTROL", &told)]);
    let journal = place.journal();
    let (target, http) = (place.target(), Client::new());
    let load = Load::start(&target, Mix::of(6, bench.seed), journal.clone());
    for _ in 0..bench.times(2, 6) {
        load.reach(load.met.acks() + 40).await;
        std::fs::write(&control, "fail").expect("the disk can be told");
        let since = load.met.code("unavailable");
        while load.met.code("unavailable") < since + 20 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        // The disk says that it is well again, and is not believed.
        std::fs::remove_file(&control).expect("the disk can be told");
        let (acks, refused) = (load.met.acks(), load.met.code("unavailable"));
        while load.met.code("unavailable") < refused + 40 {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        assert_eq!(load.met.acks(), acks, "nothing is written before a new start");
        let answer = get(&http, &target, COMPANIES[0], "/api/v1/contacts").await.expect("questions are answered");
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        service.kill();
        tally.kills += 1;
        service = place.start_as(&place.binary, &[("LD_PRELOAD", &library), ("SHIM_FOLDER", &folder), ("SHIM_CONTROL", &told)]);
    }
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
