//! Fault 6: the disk is full, and then there is room again.

use crate::installation::{COMPANIES, Engine, Installation};
use crate::load::{Load, Mix, get};
use crate::{Bench, Tally};
use reqwest::{Client, StatusCode};
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// The room there is.
const SIZE: &str = "size=32m";
/// What is left of it at first; the rest is given back once that is used up.
const LEFT: u64 = 3 << 20;

pub async fn disk_full(bench: &Bench, engine: Engine) -> Tally {
    let mut tally = Tally::default();
    let folder = TempDir::new().expect("a temporary folder can be made");
    let Some(small) = SmallDisk::mount(folder.path().join("small")) else {
        println!("    SKIPPED: a small disk cannot be mounted here; it needs root");
        return tally;
    };
    let place = match engine {
        Engine::Sqlite => {
            let data = small.0.clone();
            Installation::over(bench, engine, folder, data, None).await
        }
        Engine::Postgres => {
            let (data, server) = (folder.path().join("data"), bench.server());
            // The server's own user must reach the disk, and own what is on it.
            for path in [folder.path(), &small.0] {
                let done = Command::new("chown").arg(format!("--reference={}", server.folder().await.display())).arg(path).status();
                assert!(done.expect("chown runs").success());
            }
            server.admin(&format!("CREATE TABLESPACE torture_small LOCATION '{}'", small.0.display())).await;
            Installation::over(bench, engine, folder, data, Some("torture_small")).await
        }
    };
    let ballast = small.0.join("ballast");
    let mut service = place.start();
    fill(&ballast);
    let journal = place.journal();
    let (target, http) = (place.target(), Client::new());
    let load = Load::start(&target, Mix { erase: 0, ..Mix::of(16, bench.seed) }, journal.clone());
    let since = Instant::now();
    while load.met.code("storage_full") < 20 {
        assert!(since.elapsed() < Duration::from_secs(90), "the disk was not filled: {:?}", load.met);
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    for question in ["/api/v1/contacts", "/api/v1/journeys", "/api/v1/figures/nsla", "/healthz"] {
        let answer = get(&http, &target, COMPANIES[0], question).await.expect("questions are answered while the disk is full");
        assert_eq!(answer.status, StatusCode::OK, "{question}: {}", answer.body);
    }
    std::fs::remove_file(&ballast).expect("the ballast can be thrown off");
    load.reach(load.met.acks() + 40).await;
    let met = load.finish().await;
    place.conclude(&service, &journal, &met, &mut tally).await;
    service.kill();
    if engine == Engine::Postgres {
        let name = place.url.as_deref().and_then(|url| url.rsplit_once('/')).map(|(_, name)| name).unwrap_or_default();
        bench.server().admin(&format!("DROP DATABASE {name} WITH (FORCE)")).await;
        bench.server().admin("DROP TABLESPACE torture_small").await;
    }
    tally
}

/// Takes all the room but a little.
fn fill(ballast: &Path) {
    let mut file = File::create(ballast).expect("there is room for the ballast");
    while file.write_all(&[7; 1 << 16]).is_ok() {}
    let all = file.metadata().expect("the ballast is there").len();
    file.set_len(all.saturating_sub(LEFT)).expect("a little room is left");
}

/// A disk in memory. Dropped, it is gone.
struct SmallDisk(PathBuf);

impl SmallDisk {
    fn mount(at: PathBuf) -> Option<SmallDisk> {
        std::fs::create_dir(&at).expect("a folder can be made");
        let mounted = Command::new("mount").args(["-t", "tmpfs", "-o", SIZE, "torture"]).arg(&at).output();
        mounted.is_ok_and(|output| output.status.success()).then_some(SmallDisk(at))
    }
}

impl Drop for SmallDisk {
    fn drop(&mut self) {
        unmount(&self.0);
    }
}

fn unmount(at: &Path) {
    if !Command::new("umount").arg("--lazy").arg(at).status().is_ok_and(|status| status.success()) {
        eprintln!("{} is still mounted", at.display());
    }
}
