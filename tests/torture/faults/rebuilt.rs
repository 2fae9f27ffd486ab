//! Fault 18: read models are rebuilt under traffic, and the rebuild is killed, again and again. Readers see the old rows or the new ones.

use crate::chance::Chance;
use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, get};
use crate::{Bench, Tally};
use reqwest::{Client, StatusCode};
use std::process::Stdio;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub async fn rebuilt(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let mut chance = Chance::new(bench.seed);
    let place = Installation::new(bench, engine).await;
    let journal = place.journal();
    let service = place.start();
    let target = place.target();
    // Nobody is erased, so contacts only ever become more.
    let load = Load::start(&target, Mix { erase: 0, ..Mix::of(4, bench.seed) }, journal.clone());
    load.reach(200).await;
    let done = Arc::new(AtomicBool::new(false));
    let (reading, asked) = (done.clone(), target.clone());
    let reader = tokio::spawn(async move {
        let http = Client::new();
        let mut most = 0;
        while !reading.load(Ordering::SeqCst) {
            let answer = get(&http, &asked, COMPANIES[0], "/api/v1/contacts").await.expect("questions are answered");
            assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
            let contacts: u64 = answer.body["states"].as_object().into_iter().flatten().filter_map(|(_, count)| count.as_u64()).sum();
            assert!(contacts >= most, "a reader saw {contacts} contacts after {most}");
            most = contacts;
        }
        most
    });
    for _ in 0..bench.times(4, 40) {
        let arguments = ["rebuild", "--company", "Acme", "--json"];
        let mut rebuild = place.command(&place.binary, &arguments).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the product runs");
        tokio::time::sleep(chance.millis(20, 400)).await;
        rebuild.kill().expect("it can be killed");
        rebuild.wait().expect("its end can be awaited");
        tally.kills += 1;
    }
    place.run(&["rebuild", "--company", "Acme"]);
    done.store(true, Ordering::SeqCst);
    assert!(reader.await.expect("readers are never told of fewer contacts") > 2);
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    tally
}
