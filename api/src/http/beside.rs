//! What stands beside the rows of a list: the contacts' names, and the jobs of their sales (S0:25).

use super::Service;
use domain::blueprint::State;
use domain::contact_file::ContactFile;
use domain::id::{ContactId, JourneyId, SaleId};
use domain::sale::Sale;
use eventstore::{CompanyId, StoreError};
use projections::contact_list::{ContactList, names};
use projections::sale_list::{SaleJob, jobs};
use projections::{Happened, rows_of};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};
use utoipa::ToSchema;
use uuid::Uuid;

/// The job of a sale: one master field, the same wherever it is shown.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct JobView {
    /// The sale.
    sale: Uuid,
    /// The one status of its job, such as `scheduled`.
    job_status: &'static str,
    /// Whether the job is worked on: `active`, `hold` or `closed`.
    job_standing: &'static str,
}

/// Names and jobs of some contacts.
pub struct Beside {
    names: BTreeMap<ContactId, String>,
    jobs: Vec<SaleJob>,
}

impl Beside {
    /// Looks them up, for the rows of a page.
    pub async fn of(service: &Service, company: CompanyId, contacts: impl Iterator<Item = ContactId>) -> Result<Beside, StoreError> {
        let (store, contacts) = (&service.app.store, contacts.collect::<BTreeSet<_>>());
        Ok(Beside { names: names(store, company, &contacts).await?, jobs: jobs(store, company, &contacts).await? })
    }

    /// Takes them from the contact's own history.
    pub fn of_history(contact: ContactId, history: &[Happened], file: &ContactFile) -> Beside {
        let name = rows_of::<ContactList>(&contact, history).and_then(|current| current.row.name);
        let mut sales: Vec<_> = file.sales.iter().collect();
        sales.sort_by_key(|(id, sale)| (sale.signed_at, **id));
        let job = |(id, sale): (&SaleId, &Sale)| SaleJob { contact, journey: sale.journey, sale: *id, status: sale.job.status, standing: sale.job.standing };
        Beside { names: name.map(|name| (contact, name)).into_iter().collect(), jobs: sales.into_iter().map(job).collect() }
    }

    /// The contact's name.
    pub fn name(&self, contact: ContactId) -> Option<String> {
        self.names.get(&contact).cloned()
    }

    /// The jobs of a contact's sales.
    pub fn jobs_of(&self, contact: ContactId) -> Vec<JobView> {
        self.jobs.iter().filter(|job| job.contact == contact).map(JobView::new).collect()
    }

    /// The jobs of the sales of one of the contact's journeys.
    pub fn jobs_on(&self, contact: ContactId, journey: JourneyId) -> Vec<JobView> {
        self.jobs.iter().filter(|job| (job.contact, job.journey) == (contact, journey)).map(JobView::new).collect()
    }
}

impl JobView {
    fn new(job: &SaleJob) -> JobView {
        JobView { sale: job.sale.0, job_status: job.status.name(), job_standing: job.standing.name() }
    }
}
