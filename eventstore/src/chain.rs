//! One walk along a log that checks all that can be seen from the events alone.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use crate::event::Recorded;
use crate::log::{Hash, Stream};

/// What does not hold: the rule's name, and what was found.
pub type Fault = (&'static str, String);

/// How far a walk has come.
#[derive(Debug)]
pub struct Walk {
    position: i64,
    hash: Hash,
    last_recorded_at: DateTime<Utc>,
    /// The commit walked through: its end, and its command.
    commit: Option<(i64, Uuid)>,
    versions: Versions,
}

impl Walk {
    /// Begins with the first event of a log.
    pub fn of_log(log_id: Uuid) -> Self {
        Self::from(0, Hash::before_first(log_id), DateTime::UNIX_EPOCH)
    }

    /// Begins behind a position.
    pub(crate) fn from(position: i64, hash: Hash, last_recorded_at: DateTime<Utc>) -> Self {
        Self { position, hash, last_recorded_at, commit: None, versions: Versions { from_the_first: true, ..Versions::default() } }
    }

    /// Begins behind an event in the middle of a log. Streams are taken to be as far as they say when they are first met.
    pub(crate) fn behind(event: &Recorded) -> Self {
        let Recorded { position, hash, recorded_at, .. } = *event;
        Self { position, hash, last_recorded_at: recorded_at, commit: commit_after(event), versions: Versions::default() }
    }

    /// Says how far a stream had come where the walk begins.
    pub(crate) fn know_version(&mut self, stream: &Stream, version: i64) {
        *self.versions.of(stream, version) = version;
    }

    /// Takes the next event, notes what is wrong with it, and goes on from what it says itself.
    pub fn step(&mut self, event: &Recorded, faults: &mut Vec<Fault>) {
        if event.position != self.position + 1 {
            faults.push(("I3 positions", format!("position {} follows {}", event.position, self.position)));
        }
        let version = self.versions.of(&event.stream, event.version - 1);
        if event.version != *version + 1 {
            let text = format!("version {} of {} follows {version}", event.version, event.stream);
            faults.push(("I3 versions", text));
        }
        *version = event.version;
        if event.actor.is_empty() || event.command_id.is_nil() {
            let missing = if event.actor.is_empty() { "actor" } else { "command" };
            faults.push(("I8 named", format!("it does not name its {missing}")));
        }
        match self.commit {
            Some((end, command)) if event.commit_end != end || event.command_id != command => {
                faults.push(("commit", format!("a commit that should end at {end} is cut")));
            }
            None if event.commit_end < event.position => {
                faults.push(("commit", format!("a commit ends at {}, before it begins", event.commit_end)));
            }
            _ => {}
        }
        if event.recorded_at <= self.last_recorded_at {
            faults.push(("recorded_at", "it was recorded no later than the event before it".to_owned()));
        }
        let hash = event.chain(&self.hash);
        if hash != event.hash {
            faults.push(("I4 hash chain", format!("the hash is {}, and should be {hash}", event.hash)));
        }
        self.position = event.position;
        self.hash = event.hash;
        self.last_recorded_at = event.recorded_at;
        self.commit = commit_after(event);
    }

    /// Where the walk has come to.
    pub fn position(&self) -> i64 {
        self.position
    }

    /// The hash there.
    pub fn hash(&self) -> Hash {
        self.hash
    }

    /// When the event there was recorded.
    pub(crate) fn last_recorded_at(&self) -> DateTime<Utc> {
        self.last_recorded_at
    }

    /// Whether the walk stopped inside a commit.
    pub fn is_inside_commit(&self) -> bool {
        self.commit.is_some()
    }
}

/// The commit that goes on behind an event.
fn commit_after(event: &Recorded) -> Option<(i64, Uuid)> {
    (event.position < event.commit_end).then_some((event.commit_end, event.command_id))
}

/// The last version of each stream. There are few kinds and many streams, so kinds are kept once.
#[derive(Debug, Default)]
struct Versions {
    kinds: Vec<String>,
    last: HashMap<(usize, Uuid), i64>,
    /// Whether a stream that was not met yet is a new one.
    from_the_first: bool,
}

impl Versions {
    /// The version of a stream; of one that is met in the middle of a log, the one it should have.
    fn of(&mut self, stream: &Stream, met_at: i64) -> &mut i64 {
        let kind = match self.kinds.iter().position(|kind| *kind == stream.kind) {
            Some(kind) => kind,
            None => {
                self.kinds.push(stream.kind.to_string());
                self.kinds.len() - 1
            }
        };
        let unmet = if self.from_the_first { 0 } else { met_at };
        self.last.entry((kind, stream.id)).or_insert(unmet)
    }
}
