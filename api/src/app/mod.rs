//! What the edge may call: companies, their writers, and the readers beside them.

mod admission;
mod checkpoints;
mod chores;
mod company;
mod data_folder;
pub mod desk;
mod drift;
mod erasures;
#[cfg(feature = "failpoints")]
pub mod fail_points;
pub mod hold;
mod live;
mod outbox;
pub mod ports;
mod timers;
mod webhook;

pub use checkpoints::{Keeper, Outside, SignError};
pub use data_folder::{DataFolder, private, read_master_key};
pub use desk::{Asker, Request, Wish};
pub use drift::Drift;
pub use erasures::{Erasure, Ledger, SettleError};
pub use live::{Listener, Listeners};
pub use webhook::{Webhook, WebhookKey};

use chrono::{DateTime, Utc};
use desk::{Desk, company_stream, contact_stream, read};
use domain::company::{Company, CompanyCommand};
use domain::id::ContactId;
use domain::{ContactFile, Refusal};
use eventstore::{Accepted, CompanyEntry, CompanyId, Db, MasterKey, Ports, ReceiptKey, Signer, Store, StoreError, Submission, WriteError, Writer};
use projections::Figures;
use std::collections::HashMap;
use std::sync::Arc;
use tokio::sync::Mutex;
use uuid::Uuid;

/// Why a command was not carried out.
pub type ExecuteError = WriteError<Refusal>;

/// The product behind its edges: one per process. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The logs and read models.
    pub store: Store,
    /// Time and ids.
    pub ports: Arc<dyn Ports>,
    /// This process, as a holder of leases.
    me: Uuid,
    /// Where rows of read models differ from the log, as far as was looked.
    pub drift: Drift,
    /// Figures, and what is kept of them in memory.
    pub figures: Figures,
    /// Who listens to live updates.
    pub listeners: Listeners,
    /// Where it is noted who was forgotten.
    ledger: Option<Ledger>,
    /// What signs checkpoints.
    pub signer: Option<Signer>,
    /// Held while this process may write to a SQLite database.
    _hold: Option<hold::Hold>,
    refused: admission::Refused,
    offices: Arc<Mutex<HashMap<CompanyId, Writer<Desk>>>>,
}

impl App {
    /// Opens a database, made when it is missing, whose companies' keys are wrapped by this one.
    pub async fn open(url: &str, master: MasterKey, ports: Arc<dyn Ports>) -> Result<App, StoreError> {
        App::over(Db::open(url).await?, master, ports).await
    }

    /// Takes up an open database: brings its tables up to date, and tries the master key.
    pub async fn over(db: Db, master: MasterKey, ports: Arc<dyn Ports>) -> Result<App, StoreError> {
        db.migrate().await?;
        let app = App::new(Store::new(db, master), ports);
        let strange = app.store.strange_keys().await?;
        if !strange.is_empty() && strange.len() == app.store.companies().await?.len() {
            return Err(StoreError::WrongMasterKey(strange[0]));
        }
        // It opens the others' keys, so it is theirs that was altered.
        strange.into_iter().for_each(|company| app.refuse(company, StoreError::WrongMasterKey(company)));
        Ok(app)
    }

    /// The product over a store that is open already.
    pub fn new(store: Store, ports: Arc<dyn Ports>) -> App {
        App {
            store,
            ports,
            me: ports::random_id(),
            drift: Drift::default(),
            figures: Figures::default(),
            listeners: Listeners::default(),
            ledger: None,
            signer: None,
            _hold: None,
            refused: admission::Refused::default(),
            offices: Arc::default(),
        }
    }

    /// The same, alone with its database for as long as it lives.
    pub fn with_hold(self, hold: hold::Hold) -> App {
        App { _hold: Some(hold), ..self }
    }

    /// The same, with other room for listeners.
    pub fn with_listeners(self, listeners: Listeners) -> App {
        App { listeners, ..self }
    }

    /// The same, with an erasure ledger.
    pub fn with_ledger(self, ledger: Ledger) -> App {
        App { ledger: Some(ledger), ..self }
    }

    /// The same, with a key that signs checkpoints.
    pub fn with_signer(self, signer: Signer) -> App {
        App { signer: Some(signer), ..self }
    }

    /// The company's writer; started when first needed.
    pub async fn writer(&self, company: CompanyId) -> Writer<Desk> {
        let mut offices = self.offices.lock().await;
        let start = || Writer::start(self.store.clone(), company, Desk::default(), projections::Inline::new(company), self.ports.clone());
        offices.entry(company).or_insert_with(start).clone()
    }

    /// Carries out a command and waits for the answer. Its events carry `command_id`.
    pub async fn execute(&self, company: CompanyId, command_id: Uuid, request: Request, receipt: Option<ReceiptKey>) -> Result<Accepted, ExecuteError> {
        if let Some(refusal) = self.refusal(company) {
            return Err(refusal.into());
        }
        let answer = self.writer(company).await.submit(Submission { request, command_id, receipt }).await;
        if let Err(WriteError::Unavailable(error)) = &answer {
            self.note(company, Err(error.clone())).ok();
        }
        let accepted = answer?;
        if !accepted.replayed {
            self.after_erasures(&accepted.events).await;
        }
        Ok(accepted)
    }

    /// Finishes what waits in every writer and stops them.
    pub async fn stop(&self) {
        let offices: Vec<_> = self.offices.lock().await.drain().collect();
        for (_, writer) in offices {
            writer.stop().await;
        }
    }

    /// Stops, and closes the database: SQLite then brings its write-ahead log home and removes it.
    pub async fn close(&self) {
        self.stop().await;
        self.store.db.close().await;
    }

    /// The company's settings and the names of its people, sources and products.
    pub async fn settings(&self, company: CompanyId) -> Result<Company, StoreError> {
        let mut settings = Company::default();
        for event in self.store.stream(company, &company_stream()).await? {
            if let domain::Fact::Company(fact) = read(&event)? {
                settings.evolve(&fact);
            }
        }
        Ok(settings)
    }

    /// A contact's file, folded from its stream; empty when there is no such contact.
    pub async fn contact_file(&self, company: CompanyId, contact: ContactId) -> Result<ContactFile, StoreError> {
        let mut file = ContactFile::default();
        for event in self.store.stream(company, &contact_stream(contact)).await? {
            file.evolve(&read(&event)?, event.occurred_at.into());
        }
        Ok(file)
    }
}

/// The earlier of two instants, of which one may not be known.
fn sooner(known: Option<DateTime<Utc>>, at: DateTime<Utc>) -> Option<DateTime<Utc>> {
    Some(known.map_or(at, |known| known.min(at)))
}

/// Finding and making companies.
impl App {
    /// The company of this id or name; without either, the only one there is.
    pub async fn company(&self, wanted: Option<&str>) -> Result<CompanyEntry, CompanyError> {
        company::find(self.store.companies().await?, wanted)
    }

    /// Makes a company and lays down its settings.
    pub async fn create_company(&self, id: CompanyId, settings: domain::company::Settings) -> Result<(), ExecuteError> {
        let name = settings.name.as_str().to_owned();
        self.store.create_company(id, &name, self.ports.new_id(), ports::random_bytes(), self.ports.now()).await?;
        let wish = Wish::Company(CompanyCommand::Configure(settings));
        let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
        self.execute(id, self.ports.new_id(), request, None).await.map(drop)
    }
}

pub use company::{CompanyError, find as find_company};
