//! Progress of anything long: a bar with rate and time left on a terminal, plain lines elsewhere, nothing for programs.

use super::output::say;
use super::table::grouped;
use indicatif::{HumanBytes, HumanDuration, ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::IsTerminal;
use std::time::Duration;

/// How often a plain line is written.
const PLAIN_EVERY: Duration = Duration::from_secs(5);

/// What is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// Bytes of a file.
    Bytes,
    /// Anything else, by its name in the plural.
    Of(&'static str),
}

/// Something long under way.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    unit: Unit,
    bar: ProgressBar,
    plain: bool,
    said: Duration,
}

impl Progress {
    /// Begins. Without a total there is no time left to tell.
    pub fn start(json: bool, what: &'static str, total: Option<u64>, unit: Unit) -> Progress {
        let terminal = std::io::stderr().is_terminal();
        let target = if terminal && !json { ProgressDrawTarget::stderr() } else { ProgressDrawTarget::hidden() };
        let bar = ProgressBar::with_draw_target(total, target).with_style(style(unit, total.is_some())).with_prefix(what);
        Progress { what, unit, bar, plain: !terminal && !json, said: Duration::ZERO }
    }

    /// So much is done; `note` says what else there is to say.
    pub fn at(&mut self, done: u64, note: impl FnOnce() -> String) {
        self.bar.set_position(done);
        if !self.plain {
            self.bar.set_message(note());
            return;
        }
        let passed = self.bar.elapsed();
        if passed >= self.said + PLAIN_EVERY {
            self.said = passed;
            say(&self.plain_line(done, passed, &note()));
        }
    }

    /// Says something beside it.
    pub fn aside(&self, text: &str) {
        self.bar.suspend(|| say(text));
    }

    /// So far of a log is done.
    pub fn at_event(&mut self, position: i64, head: i64) {
        self.bar.set_length(head.unsigned_abs());
        self.at(position.unsigned_abs(), String::new);
    }

    /// How long it has taken so far.
    pub fn passed(&self) -> Duration {
        self.bar.elapsed()
    }

    /// Takes the bar away and tells how long it took.
    pub fn finish(self) -> Duration {
        let passed = self.bar.elapsed();
        self.bar.finish_and_clear();
        passed
    }

    fn plain_line(&self, done: u64, passed: Duration, note: &str) -> String {
        let rate = done as f64 / passed.as_secs_f64().max(0.001);
        let amount = |count: u64| match self.unit {
            Unit::Bytes => HumanBytes(count).to_string(),
            Unit::Of(_) => grouped(count as i64),
        };
        let name = match self.unit {
            Unit::Bytes => String::new(),
            Unit::Of(name) => format!(" {name}"),
        };
        // Days of a demo come one at a time.
        let speed = if rate < 10.0 && self.unit != Unit::Bytes { format!("{rate:.1}") } else { amount(rate as u64) };
        let of = match self.bar.length() {
            Some(total) if done <= total => {
                let left = Duration::from_secs_f64((total - done) as f64 / rate.max(0.001));
                format!(" of {}{name}, {speed}/s, about {} left", amount(total), HumanDuration(left))
            }
            _ => format!("{name}, {speed}/s"),
        };
        let note = if note.is_empty() { String::new() } else { format!(" ({note})") };
        format!("{}: {}{of}{note}", self.what, amount(done))
    }
}

fn style(unit: Unit, bounded: bool) -> ProgressStyle {
    let template = match (unit, bounded) {
        (Unit::Bytes, true) => "{prefix} {bar:30} {bytes}/{total_bytes} {bytes_per_sec}, {eta} left {msg}",
        (Unit::Bytes, false) => "{prefix} {bytes} {bytes_per_sec} {msg}",
        (Unit::Of(_), true) => "{prefix} {bar:30} {human_pos}/{human_len} {per_sec}, {eta} left {msg}",
        (Unit::Of(_), false) => "{prefix} {human_pos} {per_sec} {msg}",
    };
    ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar())
}

/// How many a second, for summaries.
pub fn per_second(count: u64, took: Duration) -> String {
    grouped((count as f64 / took.as_secs_f64().max(0.001)) as i64)
}
