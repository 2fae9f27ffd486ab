//! Whether rows of read models have drifted from the log: looked for in turn, said loudly, and remembered for whoever asks.

use super::App;
use eventstore::{CompanyId, StoreError};
use projections::{Difference, PROJECTIONS, Pace, ProjectionError};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// Where rows differed from a rebuild when they were last looked at.
#[derive(Clone, Debug, Default)]
pub struct Drift(Arc<Mutex<Found>>);

type Found = BTreeMap<(CompanyId, &'static str), Difference>;

impl Drift {
    /// The read models whose rows differ, in any company.
    pub fn read_models(&self) -> Vec<&'static str> {
        let found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut names: Vec<&'static str> = found.keys().map(|(_, name)| *name).collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    fn note(&self, company: CompanyId, name: &'static str, difference: Option<Difference>) {
        let mut found = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        match difference {
            Some(difference) => found.insert((company, name), difference),
            None => found.remove(&(company, name)),
        };
    }
}

impl App {
    /// Looks at every read model of every company, again and again, with so much time after each round.
    pub async fn watch_rows(self, every: Duration) {
        loop {
            tokio::time::sleep(every).await;
            if let Err(error) = self.check_rows().await {
                tracing::warn!(%error, "the read models could not be compared with a rebuild");
            }
        }
    }

    /// Compares every read model of every company with a rebuild, one after the other and in small steps, so that commands get their
    /// turn.
    pub async fn check_rows(&self) -> Result<(), StoreError> {
        for company in self.store.companies().await? {
            for projection in PROJECTIONS {
                let name = projection.name();
                match projections::check_at(&self.store, company.id, name, Pace::CATCH_UP, &mut |_| ()).await {
                    Ok(difference) => {
                        if let Some(found) = &difference {
                            // Rows may hold something personal, and logs are kept elsewhere: the key and the table are enough.
                            tracing::error!(company = %company.id, read_model = name, table = found.table, key = found.key, position = found.position,
                                "rows differ from what the log says; `leadtrail rebuild --check` shows how, `leadtrail rebuild` mends it");
                        }
                        self.drift.note(company.id, name, difference);
                    }
                    Err(ProjectionError::Store(error)) => return Err(error),
                    Err(error) => tracing::warn!(company = %company.id, read_model = name, %error, "rows could not be compared with a rebuild"),
                }
            }
        }
        Ok(())
    }
}
