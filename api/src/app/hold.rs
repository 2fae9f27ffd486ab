//! Being alone: a SQLite database is written by one process at a time, and a second is told so at its start.
//!
//! Two would be right as well, since each holds the file's lock while it writes; but each would keep what the other makes old,
//! and neither would know why it is slow.

use super::data_folder::private_or_existing;
use std::fs::{File, TryLockError};
use std::io::{self, Write};
use std::path::PathBuf;
use std::sync::Arc;

/// Held as long as it lives, and let go when the process ends, however it ends.
#[derive(Clone, Debug)]
pub struct Hold {
    _file: Arc<File>,
}

/// What came of asking for a database.
#[derive(Debug)]
pub enum Asked {
    /// It is ours while this lives.
    Held(Hold),
    /// Another process has it.
    Taken,
    /// It is on a server, which any number may use.
    Shared,
}

/// Takes hold of the database at an address.
pub fn hold(url: &str) -> io::Result<Asked> {
    let Some(path) = url.strip_prefix("sqlite:").map(|path| path.strip_prefix("//").unwrap_or(path)) else {
        return Ok(Asked::Shared);
    };
    // Beside the file itself, by whatever link it was reached.
    let file = PathBuf::from(path).canonicalize().unwrap_or_else(|_| PathBuf::from(path));
    let mut lock = file.into_os_string();
    lock.push("-lock");
    let mut file = private_or_existing(&PathBuf::from(lock))?;
    match file.try_lock() {
        Ok(()) => {
            // For people who look who it is.
            file.set_len(0)?;
            writeln!(file, "{}", std::process::id())?;
            Ok(Asked::Held(Hold { _file: Arc::new(file) }))
        }
        Err(TryLockError::WouldBlock) => Ok(Asked::Taken),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_has_one_holder_at_a_time_and_a_server_any_number() {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("leadtrail.db").display());
        let first = hold(&url).unwrap();
        assert!(matches!(first, Asked::Held(_)));
        assert!(matches!(hold(&url).unwrap(), Asked::Taken));
        drop(first);
        assert!(matches!(hold(&url).unwrap(), Asked::Held(_)));
        assert!(matches!(hold("postgres://db/sales").unwrap(), Asked::Shared));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_leads_to_the_same_file() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("leadtrail.db"), folder.path().join("link.db"));
        std::fs::write(&file, "").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        let _first = hold(&format!("sqlite:{}", file.display())).unwrap();
        assert!(matches!(hold(&format!("sqlite:{}", link.display())).unwrap(), Asked::Taken));
    }
}
