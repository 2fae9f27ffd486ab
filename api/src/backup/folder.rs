//! A folder that is there whole or not at all.

use crate::app::DataFolder;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A folder being written under another name. Dropped before it is whole, it is removed.
#[derive(Debug)]
pub struct Part {
    path: PathBuf,
    whole: PathBuf,
}

impl Part {
    /// Begins it, for its owner alone. There must be nothing yet but an empty folder, or what was left by one that was killed.
    pub fn begin(whole: &Path) -> io::Result<Part> {
        if whole.symlink_metadata().is_ok() && fs::read_dir(whole)?.next().is_some() {
            return Err(io::Error::new(ErrorKind::AlreadyExists, "there is something in it already"));
        }
        let mut path = whole.to_owned().into_os_string();
        path.push(".part");
        let path = PathBuf::from(path);
        if path.symlink_metadata().is_ok_and(|about| about.is_dir()) {
            remove(&path)?;
        }
        if path.symlink_metadata().is_ok() {
            return Err(io::Error::new(ErrorKind::AlreadyExists, format!("{} is in the way", path.display())));
        }
        DataFolder::open(&path)?;
        Ok(Part { path, whole: whole.to_owned() })
    }

    /// Where it is being written.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Gives it its name, once everything in it is on the disk.
    pub fn finish(self) -> io::Result<()> {
        for entry in fs::read_dir(&self.path)? {
            File::open(entry?.path())?.sync_all()?;
        }
        File::open(&self.path)?.sync_all()?;
        fs::rename(&self.path, &self.whole)?;
        let parent = self.whole.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
        File::open(parent)?.sync_all()
    }
}

impl Drop for Part {
    fn drop(&mut self) {
        // When even that fails, something is left whose name says what it is.
        if self.path.exists() && fs::remove_dir_all(&self.path).is_err() {}
    }
}

/// Removes what a killed run left: plain files of ours, and nothing else.
fn remove(path: &Path) -> io::Result<()> {
    const OURS: [&str; 5] = ["leadtrail.db", "keys.jsonl", "erasures.jsonl", "manifest.json", "master.key"];
    for entry in fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type()?.is_file() || !OURS.iter().any(|ours| name.starts_with(ours)) {
            return Err(io::Error::new(ErrorKind::AlreadyExists, format!("{} is in the way", path.display())));
        }
        fs::remove_file(entry.path())?;
    }
    fs::remove_dir(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_whole_or_not_at_all_and_nothing_is_overwritten() {
        let place = tempfile::tempdir().unwrap();
        let whole = place.path().join("backup");
        let names = || fs::read_dir(place.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect::<Vec<_>>();
        let part = Part::begin(&whole).unwrap();
        fs::write(part.path().join("manifest.json"), "{}").unwrap();
        assert_eq!(names(), ["backup.part"]);
        drop(part);
        assert_eq!(names(), [""; 0]);

        // What a killed run left is removed; what is not ours is not.
        fs::create_dir(place.path().join("backup.part")).unwrap();
        fs::write(place.path().join("backup.part/leadtrail.db-journal"), "half").unwrap();
        let part = Part::begin(&whole).unwrap();
        fs::write(part.path().join("manifest.json"), "{}").unwrap();
        part.finish().unwrap();
        assert_eq!(names(), ["backup"]);
        assert_eq!(Part::begin(&whole).unwrap_err().kind(), ErrorKind::AlreadyExists);
        fs::create_dir(place.path().join("other.part")).unwrap();
        fs::write(place.path().join("other.part/letters"), "dear").unwrap();
        assert_eq!(Part::begin(&place.path().join("other")).unwrap_err().kind(), ErrorKind::AlreadyExists);
        assert_eq!(fs::read_to_string(place.path().join("other.part/letters")).unwrap(), "dear");
    }
}
