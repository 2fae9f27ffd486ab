//! The journal of acknowledgements: what the service said it had done, kept outside of it, to be held against the log.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::{BTreeMap, HashMap};
use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use uuid::Uuid;

/// An acknowledged command: a line of the journal, as `leadtrail verify --journal` reads it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ack {
    pub company: Uuid,
    /// Its idempotency key, when it had one.
    pub key: Option<String>,
    pub command_id: Uuid,
    /// How many events it appended.
    pub events: i64,
    /// The place in the log behind them.
    pub position: i64,
    /// The chain hash there.
    pub hash: String,
}

/// A command as it was sent, so that it can be sent again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sent {
    pub key: String,
    pub company: Uuid,
    pub path: String,
    pub body: Value,
}

/// Every acknowledgement is in the file before its client sends the next command; what was sent lies beside it, in `FILE.sent`.
pub struct Journal {
    path: PathBuf,
    files: Mutex<(File, File)>,
    /// Where power cuts are traced, acknowledgements stand among the operations on the disk.
    trace: Option<crate::trace::Pen>,
}

impl Journal {
    pub fn open(path: &Path, trace: Option<crate::trace::Pen>) -> io::Result<Journal> {
        let add_to = |path: &Path| OpenOptions::new().append(true).create(true).open(path);
        Ok(Journal { path: path.to_owned(), files: Mutex::new((add_to(path)?, add_to(&beside(path))?)), trace })
    }

    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Notes a command before it is sent.
    pub fn send(&self, sent: &Sent) {
        let line = serde_json::to_string(sent).expect("a command is JSON") + "\n";
        self.files.lock().expect("nobody panics while writing").1.write_all(line.as_bytes()).expect("the journal can be written");
    }

    /// Notes an acknowledgement.
    pub fn acknowledge(&self, ack: &Ack) {
        let line = serde_json::to_string(ack).expect("an acknowledgement is JSON") + "\n";
        if let Some(trace) = &self.trace {
            trace.acknowledge(line.as_bytes());
        }
        self.files.lock().expect("nobody panics while writing").0.write_all(line.as_bytes()).expect("the journal can be written");
    }
}

fn beside(path: &Path) -> PathBuf {
    let mut path = path.as_os_str().to_owned();
    path.push(".sent");
    path.into()
}

/// The acknowledgements of a journal, in the order in which they came.
pub fn acks(path: &Path) -> Vec<Ack> {
    lines(path)
}

/// What was sent, by key.
pub fn sent(path: &Path) -> HashMap<String, Sent> {
    lines::<Sent>(&beside(path)).into_iter().map(|sent| (sent.key.clone(), sent)).collect()
}

fn lines<T: for<'de> Deserialize<'de>>(path: &Path) -> Vec<T> {
    let text = std::fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    text.lines().map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{}: {error}: {line}", path.display()))).collect()
}

/// A company's log as far as a journal speaks of it: the hash at each position, whose event stands there, and whether the service recorded it of itself.
#[derive(Debug, Default)]
pub struct Log(pub BTreeMap<i64, (String, Uuid, bool)>);

/// What came of holding a journal against the logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Comparison {
    /// Acknowledged commands that are not in the log as they were acknowledged.
    pub lost: usize,
    /// Commands in the log that nobody was told of.
    pub untold: usize,
}

/// Holds acknowledgements against a company's log. Events up to `base` stood there before.
pub fn compare<'a>(acks: impl IntoIterator<Item = &'a Ack>, log: &Log, base: i64) -> Comparison {
    let mut told = std::collections::HashSet::new();
    let mut lost = 0;
    for ack in acks {
        told.insert(ack.command_id);
        let stands = |position: i64| log.0.get(&position).is_some_and(|(_, command, _)| *command == ack.command_id);
        let mark = ack.position == 0 || log.0.get(&ack.position).is_some_and(|(hash, ..)| *hash == ack.hash);
        if !mark || !(ack.position - ack.events + 1..=ack.position).all(stands) {
            lost += 1;
        }
    }
    // What a timer did, nobody asked for.
    let asked_for = log.0.range(base + 1..).filter(|(_, (.., own))| !own);
    let all: std::collections::HashSet<Uuid> = asked_for.map(|(_, (_, command, _))| *command).collect();
    Comparison { lost, untold: all.difference(&told).count() }
}
