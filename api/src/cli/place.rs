//! Where the data lies, which company is meant and how answers are wanted: the options that stand before or after any subcommand.

use super::CliError;
use super::error::{Code, in_words};
use super::output::{in_a_line, say};
use super::table::many;
use crate::app::hold::{Asked, hold};
use crate::app::ports::SystemPorts;
use crate::app::{App, DataFolder};
use clap::Args;
use eventstore::{Closed, CompanyEntry, Db, MasterKey, Signer, StoreError};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// The options every subcommand takes.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Options of every command")]
pub struct Place {
    /// The data folder: the SQLite database and the bearer token
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Another database than the data folder: postgres://USER@HOST:PORT/NAME or sqlite:PATH
    #[arg(long, global = true, value_name = "URL", env = "LEADTRAIL_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// The company's name or id, for commands about a company; may be left out when there is one
    #[arg(long, global = true, value_name = "NAME_OR_ID")]
    pub company: Option<String>,
    /// Answer in JSON, for programs, failures too; no progress is shown
    #[arg(long, global = true)]
    pub json: bool,
}

impl Place {
    /// The data folder, made when it is missing.
    pub fn folder(&self) -> Result<DataFolder, CliError> {
        self.not_a_file()?;
        DataFolder::open(&self.data).map_err(|error| CliError::file("use the data folder", &self.data, &error))
    }

    /// Opens the database that is there and brings its tables up to date. Where there is none, none is made.
    pub async fn open(&self) -> Result<App, CliError> {
        let url = match &self.database_url {
            Some(url) => url.clone(),
            None => {
                self.not_a_file()?;
                DataFolder::at(&self.data).database_url()
            }
        };
        let db = Db::open_existing(&url).await.map_err(|error| cannot_open(&url, &error))?.ok_or_else(|| self.no_data(&url))?;
        let app = App::over(db, self.master_key()?, Arc::new(SystemPorts)).await.map_err(|error| cannot_open(&url, &error))?;
        Ok(app.with_ledger(DataFolder::at(&self.data).ledger()))
    }

    /// Opens the database that is there as the one process that writes to it. Where there is none, none is made.
    pub async fn open_to_write(&self) -> Result<App, CliError> {
        drop(self.open().await?);
        self.open_or_make().await
    }

    /// Opens the database, made when it is missing: for what brings data in.
    pub async fn open_or_make(&self) -> Result<App, CliError> {
        let url = match &self.database_url {
            Some(url) => url.clone(),
            None => self.folder()?.make_database().map_err(|error| CliError::file("use the data folder", &self.data, &error))?,
        };
        let cannot = |error| cannot_open(&url, &error);
        let asked = hold(&url).map_err(|error| CliError::file("take hold of the database in", &self.data, &error))?;
        if matches!(asked, Asked::Taken) {
            return Err(CliError::new(Code::InUse, format!("another Leadtrail process writes to {}", Db::named_by(&url)))
                .hint("stop it first, or bring data in over its HTTP interface; figures, timeline, export and verify work beside it"));
        }
        let db = Db::open(&url).await.map_err(cannot)?;
        let is_new = !db.has_tables().await.map_err(cannot)?;
        // Where a server has the data, nothing is made beside it before it is known to be ours to open.
        let folder = DataFolder::at(&self.data);
        if is_new && !folder.signing_key_file().exists() {
            self.folder()?.make_signing_key().map_err(|error| CliError::file("make the signing key", &folder.signing_key_file(), &error))?;
        }
        let master = if is_new && !folder.master_key_file().exists() {
            self.folder()?.make_master_key().map_err(|error| CliError::file("make the master key", &folder.master_key_file(), &error))?
        } else {
            self.master_key()?
        };
        let app = App::over(db, master, Arc::new(SystemPorts)).await.map_err(cannot)?.with_ledger(self.folder()?.ledger());
        let app = match asked {
            Asked::Held(hold) => app.with_hold(hold),
            Asked::Taken | Asked::Shared => app,
        };
        app.look_over().await?;
        for company in app.store.companies().await? {
            if let Some(refusal) = app.refusal(company.id) {
                say(&format!("“{}” is not served: {refusal}", in_a_line(&company.name)));
            }
        }
        match app.settle_erasures().await {
            Ok(0) => {}
            Ok(again) => say(&format!("{} erased again: the erasure ledger knows of them, and this database did not", many(again as u64, "contact"))),
            Err(error) => return Err(CliError::new(Code::File, format!("{}: {error}", self.data.display()))),
        }
        Ok(app)
    }

    fn master_key(&self) -> Result<MasterKey, CliError> {
        let folder = DataFolder::at(&self.data);
        folder.master_key().map_err(|error| {
            CliError::file("read the master key", &folder.master_key_file(), &error)
                .hint("without it nothing personal can be read: bring it back from its backup, or name the folder it lies in with --data")
        })
    }

    /// The key that signs checkpoints.
    pub fn signer(&self) -> Result<Signer, CliError> {
        let folder = DataFolder::at(&self.data);
        folder.signing_key().map_err(|error| {
            CliError::file("read the signing key", &folder.signing_key_file(), &error)
                .hint("bring it back from its backup; docs/RUNNING.md says what to do when it is lost (“Checkpoints and proofs”)")
        })
    }

    /// The same for the service: where there is none, because the data was put back from a backup, a new one is made, and it is said.
    pub fn signer_of_service(&self) -> Result<Signer, CliError> {
        let folder = self.folder()?;
        if !folder.signing_key_file().exists() {
            folder.make_signing_key().map_err(|error| CliError::file("make the signing key", &folder.signing_key_file(), &error))?;
            say("a new signing key was made: tell whoever checks checkpoints its public key, which `leadtrail checkpoint key` prints");
        }
        self.signer()
    }

    fn not_a_file(&self) -> Result<(), CliError> {
        match self.data.is_file() {
            false => Ok(()),
            true => Err(CliError::new(Code::File, format!("{} is a file; --data names the folder that holds the data", self.data.display()))),
        }
    }

    fn no_data(&self, url: &str) -> CliError {
        let (place, option) = match &self.database_url {
            None => (format!("in {}", self.data.display()), "--data"),
            Some(_) => (format!("in {}", Db::named_by(url)), "--database-url"),
        };
        CliError::new(Code::NoData, format!("there is no Leadtrail data {place}"))
            .hint(format!("check {option}; `leadtrail demo`, `leadtrail import` and `leadtrail serve` begin a new one there"))
    }

    /// Refuses to write a result among the data or over it; `option` is the one that names the file.
    pub fn mind_the_data(&self, option: &str, out: &Path) -> Result<(), CliError> {
        let folder = self.data.canonicalize().ok();
        let ours = self.files();
        let is_ours =
            |place: PathBuf| folder.as_ref().is_some_and(|folder| place.starts_with(folder)) || ours.iter().any(|file| place_of(file).contains(&place));
        if !place_of(out).into_iter().any(is_ours) && !ours.iter().any(|file| is_same_file(file, out)) {
            return Ok(());
        }
        let message = format!("{option} {} lies in the data folder or is a file of the database, and writing there could destroy the data", out.display());
        Err(CliError::usage(message).hint(format!("name a file outside {}", self.data.display())))
    }

    /// The file of the SQLite database, when it is one.
    pub fn sqlite_file(&self) -> Option<PathBuf> {
        match &self.database_url {
            Some(url) => Db::sqlite_file(url).map(Path::to_owned),
            None => Some(DataFolder::at(&self.data).database_file()),
        }
    }

    /// The files that hold the data: whatever lies in the data folder, and the database, wherever it lies.
    fn files(&self) -> Vec<PathBuf> {
        let database = self.sqlite_file();
        let mut files: Vec<PathBuf> = std::fs::read_dir(&self.data).into_iter().flatten().flatten().map(|entry| entry.path()).collect();
        // SQLite keeps its other files beside the one that a link leads to.
        for database in database.into_iter().flat_map(|database| place_of(&database)) {
            files.extend(["", "-wal", "-shm", "-journal"].map(|end| with_end(&database, end)));
        }
        files
    }

    /// The company meant.
    pub async fn one(&self, app: &App) -> Result<CompanyEntry, CliError> {
        Ok(app.company(self.company.as_deref()).await?)
    }

    /// The company meant, whose log can be read.
    pub async fn one_served(&self, app: &App) -> Result<CompanyEntry, CliError> {
        let company = self.one(app).await?;
        app.check_served(company.id).await?;
        Ok(company)
    }

    /// The company meant; without a name, all of them.
    pub async fn all(&self, app: &App) -> Result<Vec<CompanyEntry>, CliError> {
        match &self.company {
            Some(_) => Ok(vec![self.one(app).await?]),
            None => Ok(app.store.companies().await?),
        }
    }

    /// Says something to people, unless a program is listening.
    pub fn tell(&self, text: &str) {
        if !self.json {
            say(text);
        }
    }
}

/// The same path with this after its name.
pub fn with_end(path: &Path, end: &str) -> PathBuf {
    let mut path = path.to_owned().into_os_string();
    path.push(end);
    path.into()
}

/// Where a path lies, and where it leads when it is a link, whether something is there or not.
fn place_of(path: &Path) -> Vec<PathBuf> {
    let mut places: Vec<PathBuf> = path.canonicalize().into_iter().collect();
    let mut path = path.to_owned();
    // A link that leads nowhere yet is followed by hand; none is followed for ever.
    for _ in 0..40 {
        let folder = path.parent().map(|folder| if folder.as_os_str().is_empty() { Path::new(".") } else { folder });
        let (Some(Ok(folder)), Some(name)) = (folder.map(Path::canonicalize), path.file_name()) else { break };
        places.push(folder.join(name));
        match std::fs::read_link(folder.join(name)) {
            Ok(link) => path = folder.join(link),
            Err(_) => break,
        }
    }
    places
}

/// Whether two paths lead to one file, by whatever names.
#[cfg(unix)]
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    let identity = |path: &Path| std::fs::metadata(path).map(|about| (about.dev(), about.ino()));
    matches!((identity(one), identity(other)), (Ok(one), Ok(other)) if one == other)
}

/// Whether two paths lead to one file.
#[cfg(not(unix))]
pub fn is_same_file(one: &Path, other: &Path) -> bool {
    matches!((one.canonicalize(), other.canonicalize()), (Ok(one), Ok(other)) if one == other)
}

fn cannot_open(url: &str, error: &StoreError) -> CliError {
    let (place, said) = (Db::named_by(url), in_words(&error.said()));
    let (message, hint) = match error.closed() {
        Some(Closed::NoAnswer) => (format!("no answer from {place}: {said}"), "check that the server runs, and host and port in --database-url"),
        Some(Closed::Login) => {
            (format!("{place} does not let us in: {said}"), "check user and password in --database-url (postgres://USER:PASSWORD@HOST:PORT/NAME)")
        }
        Some(Closed::NoSuchDatabase) => {
            (format!("no such database: {place}: {said}"), "check the name in --database-url, or make the database with `createdb`")
        }
        Some(Closed::OtherFile) => (format!("{place} is no SQLite database"), "check --database-url or --data"),
        Some(Closed::Path) => (format!("cannot open {place}: {said}"), "check that its folder exists and may be written to"),
        None if matches!(error, StoreError::NoKeys(_)) => {
            let hint = "the logs were put back without their keys: run `leadtrail restore --keys DIR --master-key FILE` with the keys that were backed up";
            return CliError::new(Code::Database, format!("cannot use {place}: {error}")).hint(hint);
        }
        None if matches!(error, StoreError::Address(_)) => return CliError::usage(error.to_string()),
        None => return CliError::new(Code::Database, format!("cannot use {place}: {error}")),
    };
    CliError::new(Code::Database, message).hint(hint)
}
