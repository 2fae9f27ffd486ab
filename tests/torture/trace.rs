//! Power cuts made up from a trace of what was written to the disk (FAULTS, appendix A).

use crate::chance::Chance;
use std::collections::BTreeMap;
use std::fs::{File, OpenOptions};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Mutex;

/// Bytes that a disk writes whole.
const SECTOR: usize = 512;
/// Bytes of a record before the name.
const HEADER: usize = 24;

/// The library that writes the trace, compiled for this run.
pub fn shim(into: &Path) -> PathBuf {
    let (source, library) = (into.join("shim.c"), into.join("shim.so"));
    std::fs::write(&source, include_str!("shim.c")).expect("the shim's source can be written");
    let compiled = Command::new("cc").args(["-O1", "-shared", "-fPIC", "-o"]).args([&library, &source]).args(["-ldl", "-lpthread"]).output();
    let compiled = compiled.expect("a C compiler is there");
    assert!(compiled.status.success(), "the shim does not compile: {}", String::from_utf8_lossy(&compiled.stderr));
    library
}

/// Writes acknowledgements into a trace, in true order among the operations on the disk.
pub struct Pen(Mutex<File>);

impl Pen {
    pub fn open(trace: &Path) -> Pen {
        Pen(Mutex::new(OpenOptions::new().append(true).create(true).open(trace).expect("the trace can be written")))
    }

    pub fn acknowledge(&self, line: &[u8]) {
        let mut record = vec![b'A', 0, 0, 0, 0, 0, 0, 0];
        record.extend(0_u64.to_le_bytes());
        record.extend((line.len() as u64).to_le_bytes());
        record.extend(line);
        self.0.lock().expect("nobody panics while writing").write_all(&record).expect("the trace can be written");
    }
}

/// An operation of a trace.
#[derive(Clone, Debug)]
pub enum Step {
    Write {
        name: String,
        offset: usize,
        bytes: Vec<u8>,
    },
    Truncate {
        name: String,
        length: usize,
    },
    Sync {
        name: String,
    },
    Unlink {
        name: String,
    },
    Rename {
        name: String,
        to: String,
    },
    /// A client was told that its command is done: the line of its journal.
    Acknowledged(String),
}

/// Reads a trace.
pub fn read(trace: &Path) -> Vec<Step> {
    let bytes = std::fs::read(trace).expect("the trace can be read");
    let number = |at: usize| u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes")) as usize;
    let mut steps = Vec::new();
    let mut at = 0;
    // The last record may have been cut off by the end of the program.
    while at + HEADER <= bytes.len() {
        let (kind, name_length) = (bytes[at], usize::from(u16::from_le_bytes([bytes[at + 2], bytes[at + 3]])));
        let (offset, length) = (number(at + 8), number(at + 16));
        let (name, rest) = (at + HEADER, at + HEADER + name_length);
        if rest + length > bytes.len() {
            break;
        }
        let name = String::from_utf8_lossy(&bytes[name..rest]).into_owned();
        let held = bytes[rest..rest + length].to_vec();
        let text = |held: Vec<u8>| String::from_utf8(held).expect("text");
        steps.push(match kind {
            b'W' => Step::Write { name, offset, bytes: held },
            b'T' => Step::Truncate { name, length: offset },
            b'S' => Step::Sync { name },
            b'U' => Step::Unlink { name },
            b'R' => Step::Rename { name, to: text(held) },
            b'A' => Step::Acknowledged(text(held)),
            other => panic!("the trace holds a record of kind {other} at byte {at}"),
        });
        at = rest + length;
    }
    steps
}

/// What becomes of writes that no sync has covered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsynced {
    /// None reached the disk.
    None,
    /// All did.
    All,
    /// Each did or did not.
    Some,
    /// Each sector of each did or did not.
    Torn,
}

impl Unsynced {
    pub const ALL: [Unsynced; 4] = [Unsynced::None, Unsynced::All, Unsynced::Some, Unsynced::Torn];
}

/// A disk while a trace is replayed on it.
#[derive(Clone, Default)]
pub struct Disk {
    files: BTreeMap<String, OnDisk>,
    /// A disk that says it has synced and has not.
    pub lies: bool,
}

#[derive(Clone, Default)]
struct OnDisk {
    safe: Vec<u8>,
    pending: Vec<Step>,
}

impl Disk {
    /// A disk on which these files lie safely.
    pub fn of(folder: &Path) -> Disk {
        let files = std::fs::read_dir(folder).expect("the folder can be read").map(|entry| entry.expect("the folder can be read"));
        let files = files.filter(|entry| entry.path().is_file()).map(|entry| {
            let safe = std::fs::read(entry.path()).expect("the file can be read");
            (entry.file_name().to_string_lossy().into_owned(), OnDisk { safe, pending: Vec::new() })
        });
        Disk { files: files.collect(), lies: false }
    }

    pub fn take(&mut self, step: &Step) {
        match step {
            Step::Write { name, .. } | Step::Truncate { name, .. } => self.files.entry(name.clone()).or_default().pending.push(step.clone()),
            Step::Sync { name } => {
                if let Some(file) = self.files.get_mut(name).filter(|_| !self.lies) {
                    for step in std::mem::take(&mut file.pending) {
                        apply(&mut file.safe, &step, |_| true);
                    }
                }
            }
            Step::Unlink { name } => drop(self.files.remove(name)),
            Step::Rename { name, to } => {
                if let Some(file) = self.files.remove(name) {
                    self.files.insert(to.clone(), file);
                }
            }
            Step::Acknowledged(_) => {}
        }
    }

    /// Writes what would be found after a power cut now.
    pub fn cut(&self, unsynced: Unsynced, chance: &mut Chance, into: &Path) {
        std::fs::create_dir_all(into).expect("a folder can be made");
        for (name, file) in self.files.iter().filter(|(name, _)| !name.ends_with("-shm") && !name.ends_with("-lock")) {
            let mut bytes = file.safe.clone();
            for step in &file.pending {
                match unsynced {
                    Unsynced::None => {}
                    Unsynced::All => apply(&mut bytes, step, |_| true),
                    Unsynced::Some if chance.once_in(2) => apply(&mut bytes, step, |_| true),
                    Unsynced::Some => {}
                    Unsynced::Torn => apply(&mut bytes, step, |_| chance.once_in(2)),
                }
            }
            let path = into.join(name);
            std::fs::write(&path, bytes).expect("the image can be written");
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            std::fs::set_permissions(&path, private).expect("the image can be made private");
        }
    }
}

/// Applies an operation, each of its sectors if it is said to have reached the disk.
fn apply(file: &mut Vec<u8>, step: &Step, mut reached: impl FnMut(usize) -> bool) {
    match step {
        Step::Truncate { length, .. } if reached(0) => file.resize(*length, 0),
        Step::Write { offset, bytes, .. } => {
            for (at, sector) in bytes.chunks(SECTOR).enumerate() {
                let from = offset + at * SECTOR;
                if reached(at) {
                    if file.len() < from + sector.len() {
                        file.resize(from + sector.len(), 0);
                    }
                    file[from..from + sector.len()].copy_from_slice(sector);
                }
            }
        }
        _ => {}
    }
}
