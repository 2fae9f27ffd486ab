//! Fault 22: backups are made while commands go on, and one is killed half done. It is taken for nothing; the others come back whole.

use crate::installation::{COMPANIES, Engine, Installation, hits, said};
use crate::load::{Load, Mix};
use crate::{Bench, Tally};
use serde_json::Value;
use std::path::Path;

pub async fn backup(bench: &Bench) -> Tally {
    let mut tally = Tally::default();
    let place = Installation::new(bench, Engine::Sqlite).await;
    let journal = place.journal();
    let service = place.start();
    let load = Load::start(&place.target(), Mix { erase: 25, ..Mix::of(6, bench.seed) }, journal.clone());
    for round in 0..bench.times(2, 12) {
        load.reach(load.met.acks() + 150).await;
        let [logs, keys, data, noted] = ["logs", "keys", "data", "hits"].map(|name| place.beside(&format!("{name}-{round}")));
        let [logs_at, keys_at, noted_in] = [&logs, &keys, &noted].map(|path| path.display().to_string());
        let making = ["backup", "--json", "--out", &logs_at, "--keys", &keys_at];
        let deadly = [("LEADTRAIL_FAILPOINTS", "backup.mid_copy=1"), ("LEADTRAIL_FAILPOINTS_HITS", &noted_in)];
        let killed = place.command(&bench.failing, &making).envs(deadly).output().expect("the product runs");
        assert_eq!((killed.status.code(), hits(&noted).get("backup.mid_copy")), (None, Some(&1)), "{}", said(&killed.stderr));
        tally.kills += 1;
        let half = format!("{logs_at}.part");
        assert!(!logs.exists() && !keys.exists() && Path::new(&half).exists(), "a backup has its name once it is whole");
        assert_eq!(code(&place, &data, &["verify", "backup", &half]), Some(3), "half a backup is none");

        let told = place.beside("told").display().to_string();
        std::fs::copy(journal.path(), &told).expect("the journal can be copied");
        let made: Value = serde_json::from_slice(&place.run(&making).stdout).expect("a backup is told as JSON");
        assert!(!Path::new(&half).exists(), "what was left is cleared away");
        // What was acknowledged before it is in it.
        assert_eq!(code(&place, &data, &["verify", "backup", &logs_at, "--journal", &told]), Some(0), "the backup is whole");
        tally.images += 1;

        let (master, ledger) = (place.data.join("master.key").display().to_string(), place.data.join("erasures.jsonl").display().to_string());
        let restoring = |from: &str| {
            let mut arguments = vec!["restore", "--json", "--from", from, "--keys", &keys_at, "--master-key", &master];
            if place.data.join("erasures.jsonl").exists() {
                arguments.extend(["--erasures", &ledger]);
            }
            code(&place, &data, &arguments)
        };
        assert_eq!((restoring(&half), data.exists()), (Some(3), false), "half a backup is not restored");
        assert_eq!(restoring(&logs_at), Some(0), "the backup comes back");
        assert_eq!(code(&place, &data, &["verify", "--json"]), Some(0), "what came back is whole");
        for company in COMPANIES {
            let entry = made["logs"]["companies"].as_array().into_iter().flatten().find(|entry| entry["company"] == company.to_string());
            let end = entry.and_then(|entry| entry["position"].as_i64()).unwrap_or_else(|| panic!("company {company} is in the backup: {made}"));
            let [came_back, live] =
                [place.log_in(&data, company).await, place.log(company).await].map(|log| log.0.into_iter().take_while(|(at, _)| *at <= end));
            assert!(came_back.eq(live), "what came back is the beginning of the log");
        }
    }
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}

/// How a command of the product over this data folder ends.
fn code(place: &Installation, data: &Path, arguments: &[&str]) -> Option<i32> {
    let output = place.command_over(data, &place.binary, arguments).output().expect("the product runs");
    if output.status.code() != Some(0) {
        println!("    {arguments:?}: {}", said(&output.stderr).trim());
    }
    output.status.code()
}
