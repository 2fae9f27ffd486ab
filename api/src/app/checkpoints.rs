//! Signed checkpoints: made while the service runs, and brought to a place that the database's owner cannot write.

use super::App;
use super::data_folder::append_private;
use chrono::{DateTime, TimeDelta, Utc};
use eventstore::{CompanyEntry, CompanyId, Signed, StoreError, Verifier, note};
use std::collections::HashMap;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// A log that has grown is signed this often,
const EVERY: TimeDelta = TimeDelta::minutes(10);
/// and whenever it has grown by so many events (SECURITY 4.4).
const EVENTS: i64 = 1_000;
/// Checkpoints read at a time.
const PAGE: i64 = 500;

/// A checkpoint could not be made or brought to its second place.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// There is no signing key.
    #[error("there is no signing key")]
    NoKey,
    /// The store failed, or the log is not the one that was signed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The second place cannot be written.
    #[error("the checkpoints' second place: {0}")]
    Outside(#[from] io::Error),
}

impl App {
    /// The newest checkpoint of a company, made now where its log has grown; none while it is empty.
    pub async fn sign(&self, company: CompanyId) -> Result<Option<Signed>, SignError> {
        let signer = self.signer.as_ref().ok_or(SignError::NoKey)?;
        Ok(self.store.sign(company, signer, self.ports.now()).await?)
    }

    /// Whether a company's log should be signed now.
    async fn is_due(&self, company: CompanyId) -> Result<bool, StoreError> {
        let newest = self.store.newest_checkpoint(company).await?.map(|signed| (signed.checkpoint.size, signed.checkpoint.at));
        Ok(is_due(self.store.head(company).await?.position.number, newest, self.ports.now()))
    }

    /// Fails for a log that does not continue what was signed of it, beside it or outside.
    pub async fn continues_what_was_signed(&self, company: CompanyId, outside: Option<&Outside>) -> Result<(), StoreError> {
        let head = self.store.head(company).await?;
        let beside = self.store.newest_checkpoint(company).await?;
        for signed in beside.iter().chain(outside.and_then(|outside| outside.newest(company))) {
            self.store.continues(company, &head, &signed.checkpoint).await?;
        }
        Ok(())
    }
}

/// What a log that is not the one that was signed leads to.
impl App {
    /// Refuses every company whose log does not continue what was signed of it, beside it or outside.
    pub async fn hold_to_what_was_signed(&self, outside: Option<&Outside>) -> Result<(), StoreError> {
        for company in self.store.companies().await?.into_iter().filter(|company| self.refusal(company.id).is_none()) {
            match self.continues_what_was_signed(company.id, outside).await {
                Err(diverged @ StoreError::Diverged(_)) => self.refuse(company.id, diverged),
                held => held?,
            }
        }
        Ok(())
    }
}

/// `newest` is size and time of the newest checkpoint.
fn is_due(events: i64, newest: Option<(i64, DateTime<Utc>)>, now: DateTime<Utc>) -> bool {
    match newest {
        None => events > 0,
        Some((size, at)) => events >= size + EVENTS || (events > size && now - at >= EVERY),
    }
}

/// A file outside the database to which every checkpoint is added. It proves something only where whoever can write the database cannot
/// write it.
#[derive(Debug)]
pub struct Outside {
    path: PathBuf,
    newest: HashMap<CompanyId, Signed>,
}

impl Outside {
    /// Reads what is there already. What this key did not sign counts for nothing: anybody who can add to the file may have written it.
    pub fn open(path: &Path, key: &Verifier) -> io::Result<Outside> {
        let text = match std::fs::read_to_string(path) {
            Err(error) if error.kind() == ErrorKind::NotFound => String::new(),
            read => read?,
        };
        let mut outside = Outside { path: path.to_owned(), newest: HashMap::new() };
        let whole = note::notes(&text).into_iter().flatten();
        let (ours, others): (Vec<_>, Vec<_>) = whole.filter_map(|note| Signed::read(&note)).partition(|signed| signed.is_by(std::slice::from_ref(key)));
        ours.into_iter().for_each(|signed| outside.keep(signed));
        if !others.is_empty() {
            tracing::warn!(file = %path.display(), count = others.len(), "checkpoints that the signing key of this installation did not sign are passed over");
        }
        // What was cut off must not swallow what comes next. This also tells at once whether the file can be written.
        append_private(path, if text.is_empty() || text.ends_with("\n\n") { b"" } else { b"\n\n" })?;
        Ok(outside)
    }

    fn keep(&mut self, signed: Signed) {
        let there = self.newest.get(&signed.checkpoint.company).map_or(0, |newest| newest.checkpoint.size);
        if signed.checkpoint.size > there {
            self.newest.insert(signed.checkpoint.company, signed);
        }
    }

    /// The companies that something was signed of, and that are not among these.
    pub fn others_than(&self, companies: &[CompanyEntry]) -> Vec<CompanyId> {
        self.newest.keys().filter(|signed| companies.iter().all(|company| company.id != **signed)).copied().collect()
    }

    /// The newest checkpoint of a company there.
    pub fn newest(&self, company: CompanyId) -> Option<&Signed> {
        self.newest.get(&company)
    }

    /// Adds every checkpoint of a company that is newer than the newest there, and waits until it is on the disk.
    pub async fn bring(&mut self, app: &App, company: CompanyId) -> Result<(), SignError> {
        loop {
            let from = self.newest(company).map_or(0, |newest| newest.checkpoint.size) + 1;
            let page = app.store.checkpoints_from(company, from, PAGE).await?;
            if page.is_empty() {
                return Ok(());
            }
            let text: String = page.iter().map(|signed| format!("{}\n", signed.note)).collect();
            append_private(&self.path, text.as_bytes())?;
            page.into_iter().for_each(|signed| self.keep(signed));
        }
    }
}

/// Sees to it that every log is signed in time.
pub struct Keeper {
    app: App,
    outside: Option<Outside>,
}

impl Keeper {
    /// For all companies of this installation.
    pub fn new(app: App, outside: Option<Outside>) -> Keeper {
        Keeper { app, outside }
    }

    /// Signs what is due, or all that has grown, and brings it outside. A company that cannot be signed hinders no other.
    pub async fn round(&mut self, all: bool) {
        let companies = match self.app.store.companies().await {
            Ok(companies) => companies,
            Err(error) => return tracing::error!(%error, "the companies could not be read, so nothing was signed"),
        };
        for company in companies.into_iter().filter(|company| self.app.refusal(company.id).is_none()).collect::<Vec<_>>() {
            match self.see_to(&company, all).await {
                Ok(()) => {}
                Err(SignError::Store(diverged @ StoreError::Diverged(_))) => {
                    tracing::error!(error = %diverged, company = company.name, "a company is not served any more");
                    self.app.refuse(company.id, diverged);
                }
                Err(error) => tracing::error!(%error, company = company.name, "no checkpoint was made"),
            }
        }
    }

    async fn see_to(&mut self, company: &CompanyEntry, all: bool) -> Result<(), SignError> {
        if all || self.app.is_due(company.id).await? {
            self.app.sign(company.id).await?;
        }
        match &mut self.outside {
            Some(outside) => outside.bring(&self.app, company.id).await,
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_signed_after_ten_minutes_or_a_thousand_events() {
        let now = DateTime::from_timestamp(1_750_000_000, 0).unwrap();
        let signed = |minutes: i64| Some((500, now - TimeDelta::minutes(minutes)));
        assert!(!is_due(0, None, now) && is_due(1, None, now));
        assert!(!is_due(500, signed(60), now), "nothing happened");
        assert!(!is_due(501, signed(9), now) && is_due(501, signed(10), now));
        assert!(!is_due(1_499, signed(0), now) && is_due(1_500, signed(0), now));
    }
}
