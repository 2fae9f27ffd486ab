//! What a backup says of itself.

use super::{BackupError, at};
use crate::app::private;
use chrono::{DateTime, Utc};
use eventstore::{CompanyId, Hash, Kept, Mark, Position};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, Read, Write};
use std::path::Path;
use uuid::Uuid;

/// The version of this format.
const FORMAT: u32 = 1;
/// Its file.
const NAME: &str = "manifest.json";

/// What a folder holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// The logs of all companies.
    Backup,
    /// The keys that open what is sealed in them.
    Keys,
}

/// What a backup says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// What the folder holds.
    pub leadtrail: Kind,
    /// The version of the format.
    pub format: u32,
    /// The version of Leadtrail that wrote it.
    pub version: String,
    /// When it was begun.
    pub made_at: DateTime<Utc>,
    /// SHA-256 of each file in hexadecimal digits.
    pub files: BTreeMap<String, String>,
    /// The companies; of keys, those whose personal values they open up to there.
    pub companies: Vec<Company>,
}

/// A company, and where its log ends.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// Its id.
    pub company: CompanyId,
    /// Its name.
    pub name: String,
    /// The id of its log.
    pub log_id: Uuid,
    /// The last position.
    pub position: i64,
    /// The hash there.
    pub hash: Hash,
}

impl Company {
    /// Where its log ends.
    pub fn head(&self) -> Mark {
        Mark { position: Position { company: self.company, number: self.position }, hash: self.hash }
    }
}

impl From<Kept> for Company {
    fn from(kept: Kept) -> Company {
        let Kept { entry, log_id, head } = kept;
        Company { company: entry.id, name: entry.name, log_id, position: head.position.number, hash: head.hash }
    }
}

impl Manifest {
    /// Writes the manifest of a folder whose files are all there.
    pub fn write(kind: Kind, folder: &Path, files: &[&str], kept: Vec<Kept>, made_at: DateTime<Utc>) -> Result<Manifest, BackupError> {
        let mut sums = BTreeMap::new();
        for name in files {
            let path = folder.join(name);
            sums.insert((*name).to_owned(), sum(&path).map_err(at("read", &path))?);
        }
        let companies = kept.into_iter().map(Company::from).collect();
        let manifest = Manifest { leadtrail: kind, format: FORMAT, version: env!("CARGO_PKG_VERSION").into(), made_at, files: sums, companies };
        let path = folder.join(NAME);
        let text = serde_json::to_string_pretty(&manifest).map_err(io::Error::from).map_err(at("write", &path))?;
        let mut file = private(&path).map_err(at("write", &path))?;
        writeln!(file, "{text}").and_then(|()| file.sync_all()).map_err(at("write", &path))?;
        Ok(manifest)
    }

    /// Reads the manifest of a folder, which must be of this kind.
    pub fn read(folder: &Path, kind: Kind) -> Result<Manifest, BackupError> {
        let not = |text: String| BackupError::NotABackup { path: folder.to_owned(), text };
        let path = folder.join(NAME);
        let text = match std::fs::read_to_string(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Err(not("holds no backup: there is no manifest.json in it".into())),
            text => text.map_err(at("read", &path))?,
        };
        let manifest: Manifest = serde_json::from_str(&text).map_err(|error| not(format!("has a manifest.json that cannot be read: {error}")))?;
        match (manifest.leadtrail, manifest.format) {
            (_, newer) if newer != FORMAT => Err(not(format!("has format {newer}, and this version of Leadtrail reads format {FORMAT}"))),
            (found, _) if found != kind => Err(not(match kind {
                Kind::Backup => "holds keys, not the logs".into(),
                Kind::Keys => "holds the logs, not the keys".into(),
            })),
            _ => Ok(manifest),
        }
    }

    /// Whether these files, and no others, are named; all of them must be there. Says which is not what was written.
    pub fn altered_file(&self, folder: &Path, files: &[&str]) -> Result<Option<String>, BackupError> {
        let damaged = |text: String| BackupError::Damaged { path: folder.to_owned(), text };
        if self.files.len() != files.len() || !files.iter().all(|file| self.files.contains_key(*file)) {
            return Err(damaged(format!("the manifest has to name the sum of {} and of nothing else", files.join(" and "))));
        }
        let mut altered = None;
        for (name, written) in &self.files {
            let path = folder.join(name);
            let found = sum(&path).map_err(|error| match error.kind() {
                io::ErrorKind::NotFound => damaged(format!("{name} is missing")),
                _ => at("read", &path)(error),
            })?;
            if found != *written {
                altered = altered.or_else(|| Some(format!("{name} is not what was written: its SHA-256 is another")));
            }
        }
        Ok(altered)
    }
}

/// SHA-256 of a file in hexadecimal digits.
fn sum(path: &Path) -> io::Result<String> {
    let mut file = File::open(path)?;
    let (mut sum, mut bytes) = (Sha256::new(), vec![0; 1 << 16]);
    loop {
        match file.read(&mut bytes)? {
            0 => return Ok(hex::encode(sum.finalize())),
            read => sum.update(&bytes[..read]),
        }
    }
}
