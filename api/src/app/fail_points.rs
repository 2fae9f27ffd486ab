//! Points where a test ends the process (FAULTS 2.1): only in a build with the feature `failpoints`, never in one that is shipped.
//!
//! - `LEADTRAIL_FAILPOINTS=append.after_commit=3` ends the process as `kill -9` would, the third time it comes by there;
//! - `LEADTRAIL_FAILPOINTS_SLOW=append.before_commit=40` stays there for so many milliseconds, every time;
//! - `LEADTRAIL_FAILPOINTS_HITS=FILE` gets a line with the name for every point passed, so that a test sees that it was reached;
//! - `LEADTRAIL_CLOCK=FILE` holds by how many seconds the clock is wrong, read anew each time.

use chrono::TimeDelta;
use std::fs::OpenOptions;
use std::io::Write;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// Every point there is.
pub const FAIL_POINTS: &[&str] = &[
    "append.before_lock",
    "append.after_lock",
    "append.after_events",
    "append.after_reservations",
    "append.before_commit",
    "append.after_commit",
    "append.before_reply",
    "projector.after_read",
    "projector.before_checkpoint",
    "projector.after_checkpoint",
    "projector.after_apply",
    "rebuild.after_copy",
    "rebuild.before_swap",
    "rebuild.after_swap",
    "erase.after_key",
    "erase.after_rows",
    "lease.after_take",
    "outbox.before_send",
    "outbox.after_send",
    "outbox.before_mark",
    "backup.mid_copy",
];

/// Does what the environment asks for. A name or number that makes no sense ends the process: a test would wait for ever.
pub fn arm() {
    let (deadly, slow) = (asked("LEADTRAIL_FAILPOINTS"), asked("LEADTRAIL_FAILPOINTS_SLOW"));
    let hits = std::env::var_os("LEADTRAIL_FAILPOINTS_HITS");
    for name in FAIL_POINTS {
        let number = |of: &Option<(String, u64)>| of.as_ref().filter(|(asked, _)| asked == name).map(|(_, number)| *number);
        let (last, pause) = (number(&deadly), number(&slow).map(Duration::from_millis));
        let (hits, passed) = (hits.clone(), Mutex::new(0_u64));
        let pass = move || {
            let mut passed = passed.lock().unwrap_or_else(PoisonError::into_inner);
            *passed += 1;
            if let Some(file) = &hits {
                note(file, name);
            }
            if Some(*passed) == last {
                // No destructor runs and nothing is flushed, as with kill -9; and nobody else passes meanwhile.
                std::thread::sleep(pause.unwrap_or_default());
                std::process::abort();
            }
            drop(passed);
            if let Some(pause) = pause {
                std::thread::sleep(pause);
            }
        };
        if fail::cfg_callback(*name, pass).is_err() {
            std::process::abort();
        }
    }
}

/// A point and a number, where the environment names them.
fn asked(variable: &str) -> Option<(String, u64)> {
    let text = std::env::var(variable).ok()?;
    let told = text.split_once('=').and_then(|(name, number)| Some((name.to_owned(), number.parse().ok()?)));
    if !told.as_ref().is_some_and(|(name, _)| FAIL_POINTS.contains(&name.as_str())) {
        std::process::abort();
    }
    told
}

/// By how much the clock is wrong.
pub fn clock_error() -> TimeDelta {
    let file = std::env::var_os("LEADTRAIL_CLOCK");
    let seconds = file.and_then(|file| std::fs::read_to_string(file).ok()).and_then(|text| text.trim().parse().ok());
    TimeDelta::seconds(seconds.unwrap_or(0))
}

fn note(file: &std::ffi::OsStr, name: &str) {
    let noted = OpenOptions::new().append(true).create(true).open(file).and_then(|mut file| file.write_all(format!("{name}\n").as_bytes()));
    if noted.is_err() {
        std::process::abort();
    }
}
