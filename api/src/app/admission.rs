//! Which companies are served: those whose logs hold, can be read, and continue what was signed of them. The others are left alone, and whoever asks is told why.

use super::App;
use domain::wire;
use eventstore::{CompanyId, StoreError};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError, RwLock};

/// How many events at the end of each log are looked at before it is served.
const TAIL: i64 = 1_000;
/// How many in all: where there are many companies, fewer of each, so that a start takes no longer.
const TAILS: i64 = 50_000;

/// The companies that are not served, each with the reason.
#[derive(Clone, Debug, Default)]
pub(super) struct Refused(Arc<RwLock<BTreeMap<CompanyId, StoreError>>>);

impl App {
    /// Looks at every company's log before it is served: whether all its events are known, and whether its end holds. Those of which
    /// either is not so are refused from now on.
    pub async fn look_over(&self) -> Result<(), StoreError> {
        let companies = self.store.companies().await?;
        let of_each = (TAILS / companies.len().max(1) as i64).clamp(1, TAIL);
        for company in companies {
            self.note(company.id, self.store.check_kinds(company.id, &wire::knows).await)?;
            self.note(company.id, self.store.check_tail(company.id, of_each, &wire::knows).await)?;
        }
        Ok(())
    }

    /// The companies that are not served, each with the reason.
    pub fn refused(&self) -> BTreeMap<CompanyId, StoreError> {
        self.refused.0.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Why a company is not served, as far as that was met.
    pub fn refusal(&self, company: CompanyId) -> Option<StoreError> {
        self.refused.0.read().unwrap_or_else(PoisonError::into_inner).get(&company).cloned()
    }

    /// Whether a company is served, also after another process has written to its log.
    pub async fn check_served(&self, company: CompanyId) -> Result<(), StoreError> {
        if let Some(refusal) = self.refusal(company) {
            return Err(refusal);
        }
        let found = self.store.check_kinds(company, &wire::knows).await;
        if let Err(error) = &found {
            self.note(company, Err(error.clone())).ok();
        }
        found
    }

    /// Looks after a company's read models as long as it is served.
    pub async fn look_after(&self, company: CompanyId) {
        let met = projections::keep_up(self.store.clone(), company).await;
        tracing::error!(%company, error = %met, "a company is not served any more");
        self.note(company, Err(met)).ok();
    }

    /// Serves a company no more.
    pub(super) fn refuse(&self, company: CompanyId, reason: StoreError) {
        self.refused.0.write().unwrap_or_else(PoisonError::into_inner).entry(company).or_insert(reason);
    }

    /// Notes what a look at a log came to; passes on what is no fault of the log.
    pub(super) fn note(&self, company: CompanyId, found: Result<(), StoreError>) -> Result<(), StoreError> {
        match found {
            Err(error) if error.is_about_the_log() => {
                self.refuse(company, error);
                Ok(())
            }
            other => other,
        }
    }
}
