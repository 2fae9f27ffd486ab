//! The company a history is for: the one meant, or a new one.

use crate::app::{App, Asker, CompanyError, ExecuteError, Request, Wish};
use domain::company::{CompanyCommand, Currency, Month, Settings, Weekday, Zone};
use domain::text::Label;
use eventstore::{CompanyEntry, CompanyId, StoreError};

/// What a company that is made needs.
#[derive(Clone, Debug)]
pub struct NewCompany {
    /// Its id; made up without one.
    pub id: Option<CompanyId>,
    /// What it is called when nothing else was said.
    pub name: Label,
    /// The zone of its local days.
    pub zone: Zone,
    /// The currency of its amounts.
    pub currency: Currency,
}

/// There is no company for the history.
#[derive(Debug, thiserror::Error)]
pub enum NoCompany {
    /// It cannot be told which is meant, and none may be made.
    #[error(transparent)]
    Unclear(#[from] CompanyError),
    /// It has no zone and currency, and none were said.
    #[error("“{0}” has no zone and currency yet")]
    NoSettings(String),
    /// The name is not one.
    #[error("the company's name {0}")]
    Name(String),
    /// It could not be made.
    #[error("the company could not be made: {0}")]
    NotMade(#[source] ExecuteError),
}

impl From<StoreError> for NoCompany {
    fn from(error: StoreError) -> NoCompany {
        NoCompany::Unclear(error.into())
    }
}

/// The company of this id or name, the only one without either; when there is none and `new` says how, a new one.
///
/// A history cannot go into a company without a zone: its days would be nobody's.
pub async fn company_for(app: &App, wanted: Option<&str>, new: Option<NewCompany>) -> Result<CompanyEntry, NoCompany> {
    let (found, new) = match (app.company(wanted).await, new) {
        (Ok(found), new) => match (app.settings(found.id).await?.settings, new) {
            (Some(_), _) => return Ok(found),
            (None, Some(new)) => (Some(found), new),
            (None, None) => return Err(NoCompany::NoSettings(found.name)),
        },
        (Err(CompanyError::None | CompanyError::Unknown { .. }), Some(new)) => (None, new),
        (Err(error), _) => return Err(error.into()),
    };
    let name = match wanted {
        Some(name) => Label::try_new(name).map_err(NoCompany::Name)?,
        None => new.name,
    };
    let settings = Settings { name, zone: new.zone, currency: new.currency, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
    match found {
        // Whoever made it was stopped before laying down its settings.
        Some(bare) => {
            configure(app, bare.id, settings).await?;
            Ok(bare)
        }
        None => {
            let id = new.id.unwrap_or_else(|| CompanyId(app.ports.new_id()));
            let id = match app.create_company(id, settings.clone()).await {
                Ok(()) => id,
                // Another import made it a moment ago, and may not have come to its settings yet.
                Err(ExecuteError::Unavailable(StoreError::CompanyNameTaken { by, .. })) => by,
                Err(error) => return Err(NoCompany::NotMade(error)),
            };
            let made = app.company(Some(&id.to_string())).await?;
            if app.settings(id).await?.settings.is_none() {
                configure(app, id, settings).await?;
            }
            Ok(made)
        }
    }
}

/// Lays down the settings of a company that has none.
async fn configure(app: &App, company: CompanyId, settings: Settings) -> Result<(), NoCompany> {
    let wish = Wish::Company(CompanyCommand::Configure(settings));
    let request = Request { wish, at: None, asker: Asker::with_every_role(None), expected_version: None };
    app.execute(company, app.ports.new_id(), request, None).await.map(drop).map_err(NoCompany::NotMade)
}
