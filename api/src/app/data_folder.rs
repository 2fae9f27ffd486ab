//! The data folder: the SQLite database, the keys and the bearer token, readable by their owner alone.

use super::erasures::Ledger;
use super::ports::random_bytes;
use super::webhook::WebhookKey;
use eventstore::{MasterKey, Signer};
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

    /// The file that holds the SQLite database.
    pub fn database_file(&self) -> PathBuf {
        self.path.join("leadtrail.db")
    }

    /// The file that holds the bearer token.
    pub fn token_file(&self) -> PathBuf {
        self.path.join("token")
    }

    /// The file that holds the master key.
    pub fn master_key_file(&self) -> PathBuf {
        self.path.join("master.key")
    }

    /// The master key, under which the keys of all companies are wrapped. It belongs into a backup of its own: without
    /// it, nothing personal can be read again.
    pub fn master_key(&self) -> io::Result<MasterKey> {
        read_master_key(&self.master_key_file())
    }

    /// The file that holds the signing key.
    pub fn signing_key_file(&self) -> PathBuf {
        self.path.join("signing.key")
    }

    /// The key that signs checkpoints. Whoever has it can sign another history, so no backup of the database should hold it.
    pub fn signing_key(&self) -> io::Result<Signer> {
        read_key(&self.signing_key_file()).map(Signer::new)
    }

    /// Makes a signing key. There must be none yet.
    pub fn make_signing_key(&self) -> io::Result<()> {
        self.make_key(&self.signing_key_file()).map(drop)
    }

    /// The file that says who was forgotten.
    pub fn ledger(&self) -> Ledger {
        Ledger::at(&self.path.join("erasures.jsonl"))
    }

    /// Makes a master key. There must be none yet.
    pub fn make_master_key(&self) -> io::Result<MasterKey> {
        self.make_key(&self.master_key_file()).map(MasterKey::new)
    }

    fn make_key(&self, path: &Path) -> io::Result<[u8; 32]> {
        let key = random_bytes();
        let mut file = private(path)?;
        writeln!(file, "{}", hex::encode(key))?;
        file.sync_all()?;
        std::fs::File::open(&self.path)?.sync_all()?;
        Ok(key)
    }

    /// The file that holds the key messages are signed with.
    pub fn webhook_key_file(&self) -> PathBuf {
        self.path.join("webhook.key")
    }

    /// The key that messages to the outside are signed with; made when it is missing.
    pub fn webhook_key(&self) -> io::Result<WebhookKey> {
        let path = self.webhook_key_file();
        let (text, _) = made_or_read(&path, || WebhookKey::new(random_bytes()).to_text())?;
        WebhookKey::parse(&text).ok_or_else(|| io::Error::other(format!("{} holds no key: remove it, and the next start makes another", path.display())))
    }

    /// The bearer token, and whether it was made just now.
    pub fn token(&self) -> io::Result<(String, bool)> {
        let path = self.token_file();
        let (token, is_new) = made_or_read(&path, || format!("ltk_{}", hex::encode(random_bytes())))?;
        match token.len() {
            32.. => Ok((token, is_new)),
            _ => Err(io::Error::other(format!("{} holds no token: remove it, and the next start makes another", path.display()))),
        }
    }
}

/// The line in a file for its owner alone, made when it is missing; and whether it was.
fn made_or_read(path: &Path, make: impl FnOnce() -> String) -> io::Result<(String, bool)> {
    match private(path) {
        Ok(mut file) => {
            let line = make();
            writeln!(file, "{line}")?;
            file.sync_all()?;
            Ok((line, true))
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            only_for_its_owner(path)?;
            Ok((std::fs::read_to_string(path)?.trim().to_owned(), false))
        }
        Err(error) => Err(error),
    }
}

/// The master key in a file that nobody else may read.
pub fn read_master_key(path: &Path) -> io::Result<MasterKey> {
    read_key(path).map(MasterKey::new)
}

fn read_key(path: &Path) -> io::Result<[u8; 32]> {
    let text = std::fs::read_to_string(path)?;
    only_for_its_owner(path)?;
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key).map_err(|_| io::Error::other("it does not hold 64 hexadecimal digits"))?;
    Ok(key)
}

/// How a file for its owner alone (0600) is opened.
fn for_its_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// A new file for its owner alone.
pub fn private(path: &Path) -> io::Result<std::fs::File> {
    for_its_owner().write(true).create_new(true).open(path)
}

/// A file for its owner alone, made when it is missing.
pub fn private_or_existing(path: &Path) -> io::Result<std::fs::File> {
    for_its_owner().write(true).create(true).truncate(false).open(path)
}

/// Adds to a file for its owner alone, made when it is missing, and waits until it is on the disk.
pub fn append_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = for_its_owner().append(true).create(true).open(path)?;
    file.write_all(bytes)?;
    file.sync_all()
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
