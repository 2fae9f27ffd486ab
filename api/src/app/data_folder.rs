//! The data folder: the SQLite database and the bearer token, readable by their owner alone.

use super::ports::random_bytes;
use std::fs::{DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write};
use std::path::{Path, PathBuf};

/// A folder that holds an installation.
#[derive(Clone, Debug)]
pub struct DataFolder {
    path: PathBuf,
}

impl DataFolder {
    /// Makes the folder when it is missing, for its owner alone (0700).
    pub fn open(path: &Path) -> io::Result<DataFolder> {
        let mut builder = DirBuilder::new();
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.recursive(true).create(path)?;
        Ok(DataFolder::at(path))
    }

    /// The folder as it is, or is not.
    pub fn at(path: &Path) -> DataFolder {
        DataFolder { path: path.to_owned() }
    }

    /// The address of the SQLite database in it.
    pub fn database_url(&self) -> String {
        format!("sqlite:{}", self.database_file().display())
    }

    /// The same; its file is made here when it is missing, for its owner alone, so that SQLite need not choose its mode.
    pub fn make_database(&self) -> io::Result<String> {
        match private(&self.database_file()) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => Err(error),
            _ => Ok(self.database_url()),
        }
    }

    fn database_file(&self) -> PathBuf {
        self.path.join("leadtrail.db")
    }

    /// The file that holds the bearer token.
    pub fn token_file(&self) -> PathBuf {
        self.path.join("token")
    }

    /// The bearer token, and whether it was made just now.
    pub fn token(&self) -> io::Result<(String, bool)> {
        let path = self.token_file();
        match private(&path) {
            Ok(mut file) => {
                let token = format!("ltk_{}", hex::encode(random_bytes()));
                writeln!(file, "{token}")?;
                file.sync_all()?;
                Ok((token, true))
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                only_for_its_owner(&path)?;
                let token = std::fs::read_to_string(&path)?.trim().to_owned();
                match token.len() {
                    32.. => Ok((token, false)),
                    _ => Err(io::Error::other(format!("{} holds no token: remove it, and the next start makes another", path.display()))),
                }
            }
            Err(error) => Err(error),
        }
    }
}

/// A new file for its owner alone (0600).
fn private(path: &Path) -> io::Result<std::fs::File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

#[cfg(unix)]
fn only_for_its_owner(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = Permissions::mode(&std::fs::metadata(path)?.permissions());
    if mode & 0o077 != 0 {
        let text = format!("{} can be read by others (mode {:o}): run `chmod 600 {}`", path.display(), mode & 0o777, path.display());
        return Err(io::Error::new(ErrorKind::PermissionDenied, text));
    }
    Ok(())
}

#[cfg(not(unix))]
fn only_for_its_owner(_: &Path) -> io::Result<()> {
    Ok(())
}
