//! Where the data lies and how answers are wanted: the options every subcommand takes.

use super::CliError;
use super::output::say;
use crate::app::ports::SystemPorts;
use crate::app::{App, DataFolder};
use clap::Args;
use eventstore::CompanyEntry;
use std::path::PathBuf;
use std::sync::Arc;

/// The options every subcommand takes.
#[derive(Clone, Debug, Args)]
pub struct Place {
    /// The data folder: the SQLite database and the bearer token
    #[arg(long, global = true, value_name = "DIR", default_value = "./data")]
    pub data: PathBuf,
    /// Another database: postgres://USER@HOST:PORT/NAME, or sqlite:PATH. The data folder then holds the token alone
    #[arg(long, global = true, value_name = "URL", env = "LEADTRAIL_DATABASE_URL", hide_env_values = true)]
    pub database_url: Option<String>,
    /// Answer in JSON, for programs; no progress is shown
    #[arg(long, global = true)]
    pub json: bool,
}

/// Which company is meant.
#[derive(Clone, Debug, Args)]
pub struct Which {
    /// The company's name or id; may be left out when there is one
    #[arg(long, value_name = "NAME_OR_ID")]
    pub company: Option<String>,
}

impl Place {
    /// The data folder, made when it is missing.
    pub fn folder(&self) -> Result<DataFolder, CliError> {
        DataFolder::open(&self.data).map_err(|error| CliError::file("use the data folder", &self.data, &error))
    }

    /// Opens the database and brings its tables up to date.
    pub async fn open(&self) -> Result<App, CliError> {
        let url = match &self.database_url {
            Some(url) => url.clone(),
            None => self.folder()?.database_url().map_err(|error| CliError::file("use the database in", &self.data, &error))?,
        };
        let opened = App::open(&url, Arc::new(SystemPorts)).await;
        opened.map_err(|error| CliError::Failed(format!("the database cannot be opened: {error}; check {}", self.database())))
    }

    /// The database in words, without a password.
    pub fn database(&self) -> String {
        match &self.database_url {
            None => format!("SQLite in {}", self.data.display()),
            Some(url) => match (url.split_once("://"), url.rsplit_once('@')) {
                (Some((scheme, _)), Some((_, host))) => format!("{scheme}://…@{host}"),
                _ => url.clone(),
            },
        }
    }

    /// Says something to people, unless a program is listening.
    pub fn tell(&self, text: &str) {
        if !self.json {
            say(text);
        }
    }
}

impl Which {
    /// The company meant.
    pub async fn one(&self, app: &App) -> Result<CompanyEntry, CliError> {
        Ok(app.company(self.company.as_deref()).await?)
    }

    /// The company meant; without a name, all of them.
    pub async fn all(&self, app: &App) -> Result<Vec<CompanyEntry>, CliError> {
        match &self.company {
            Some(_) => Ok(vec![self.one(app).await?]),
            None => Ok(app.store.companies().await?),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_is_named_without_its_password() {
        let place = Place { data: "d".into(), database_url: Some("postgres://ana:secret@db:5432/sales".into()), json: false };
        assert_eq!(place.database(), "postgres://…@db:5432/sales");
    }
}
