//! One walk along a log that checks all that can be seen from the events alone; or several, each along a part, joined.

use std::borrow::Cow;
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
    /// Where streams were met for the first time, when there may be events of theirs before the walk.
    met: Option<Vec<Met>>,
}

/// A stream met for the first time: at which version, and where.
#[derive(Clone, Copy, Debug)]
struct Met {
    stream: Key,
    version: i64,
    position: i64,
}

impl Walk {
    /// Begins with the first event of a log.
    pub fn of_log(log_id: Uuid) -> Self {
        Self::from(0, Hash::before_first(log_id), DateTime::UNIX_EPOCH)
    }

    /// Begins behind a position. A stream of which nothing is known has no events before it.
    pub(crate) fn from(position: i64, hash: Hash, last_recorded_at: DateTime<Utc>) -> Self {
        Self { position, hash, last_recorded_at, commit: None, versions: Versions::default(), met: None }
    }

    /// Begins behind an event, as a walk goes on that came to it. What streams were at before is left open, for
    /// [`Walk::go_on`].
    pub(crate) fn behind(event: &Recorded) -> Self {
        let commit = (event.position < event.commit_end).then_some((event.commit_end, event.command_id));
        Self { commit, met: Some(Vec::new()), ..Self::from(event.position, event.hash, event.recorded_at) }
    }

    /// Says how far a stream had come where the walk begins.
    pub(crate) fn know_version(&mut self, stream: &Stream, version: i64) {
        *self.versions.of(stream) = version;
    }

    /// Takes the next event, notes what is wrong with it, and goes on from what it says itself.
    pub fn step(&mut self, event: &Recorded, faults: &mut Vec<Fault>) {
        if event.position != self.position + 1 {
            faults.push(("I3 positions", format!("position {} follows {}", event.position, self.position)));
        }
        let stream = self.versions.key(&event.stream);
        match (self.versions.last.insert(stream, event.version), &mut self.met) {
            (None, Some(met)) => met.push(Met { stream, version: event.version, position: event.position }),
            (last, _) => faults.extend(follows(&event.stream, event.version, last.unwrap_or_default())),
        }
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
        self.commit = (event.position < event.commit_end).then_some((event.commit_end, event.command_id));
    }

    /// Goes on with what was walked from where this came to. Answers the versions that do not follow, each with its position.
    pub(crate) fn go_on(&mut self, rest: Walk) -> Vec<(i64, Fault)> {
        let mut faults = Vec::new();
        for Met { stream, version, position } in rest.met.unwrap_or_default() {
            let stream = rest.versions.stream(stream);
            let last = *self.versions.of(&stream);
            faults.extend(follows(&stream, version, last).map(|fault| (position, fault)));
        }
        for (stream, version) in &rest.versions.last {
            *self.versions.of(&rest.versions.stream(*stream)) = *version;
        }
        let Walk { position, hash, last_recorded_at, commit, .. } = rest;
        *self = Walk { position, hash, last_recorded_at, commit, versions: std::mem::take(&mut self.versions), met: self.met.take() };
        faults
    }

    /// The streams that were met, and may have events before the walk.
    pub(crate) fn met(&self) -> impl Iterator<Item = Stream> {
        self.met.iter().flatten().map(|met| self.versions.stream(met.stream))
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

/// What is wrong with a version, after the last one of its stream.
fn follows(stream: &Stream, version: i64, last: i64) -> Option<Fault> {
    (version != last + 1).then(|| ("I3 versions", format!("version {version} of {stream} follows {last}")))
}

/// A stream: the number of its kind, and its id.
type Key = (usize, Uuid);

/// The last version of each stream. There are few kinds and many streams, so kinds are kept once.
#[derive(Debug, Default)]
struct Versions {
    kinds: Vec<Cow<'static, str>>,
    last: HashMap<Key, i64>,
}

impl Versions {
    fn key(&mut self, stream: &Stream) -> Key {
        let kind = match self.kinds.iter().position(|kind| *kind == stream.kind) {
            Some(kind) => kind,
            None => {
                self.kinds.push(stream.kind.clone());
                self.kinds.len() - 1
            }
        };
        (kind, stream.id)
    }

    fn of(&mut self, stream: &Stream) -> &mut i64 {
        let key = self.key(stream);
        self.last.entry(key).or_insert(0)
    }

    fn stream(&self, (kind, id): Key) -> Stream {
        Stream { kind: self.kinds.get(kind).cloned().unwrap_or_default(), id }
    }
}
