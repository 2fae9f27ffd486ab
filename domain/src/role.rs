//! Who asks: roles, and the actor an event is recorded under.

use crate::id::PersonId;
use serde::{Deserialize, Serialize};

/// What somebody may do in a company (BLUEPRINTS B.0).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Sets, confirms, issues and cancels meetings.
    Scheduler,
    /// The sales rep a demo is issued to.
    Rep,
    /// The rep who works leads that were demoed and not sold.
    Rehash,
    /// Leads the reps.
    SalesManager,
    /// Approves, cancels and reactivates sales.
    Management,
    /// Keeps the books.
    Finance,
    /// Runs the jobs: site visits and installation.
    Ops,
    /// Adds leads and runs campaigns.
    Marketing,
    /// Looks after users and settings.
    Admin,
    /// A rule of the product itself.
    System,
    /// Brings another system's history: order and guards hold, what only a live user is asked for may be missing.
    Importer,
}

impl Role {
    /// The roles people hold: all but the product itself and the importer.
    pub const PEOPLE: &'static [Role] =
        &[Role::Scheduler, Role::Rep, Role::Rehash, Role::SalesManager, Role::Management, Role::Finance, Role::Ops, Role::Marketing, Role::Admin];

    /// The role's name, as stored and shown.
    pub const fn name(self) -> &'static str {
        match self {
            Role::Scheduler => "scheduler",
            Role::Rep => "rep",
            Role::Rehash => "rehash",
            Role::SalesManager => "sales_manager",
            Role::Management => "management",
            Role::Finance => "finance",
            Role::Ops => "ops",
            Role::Marketing => "marketing",
            Role::Admin => "admin",
            Role::System => "system",
            Role::Importer => "importer",
        }
    }
}

/// Who is asking, and with which roles.
#[derive(Clone, Debug, PartialEq)]
pub struct Actor {
    /// The person behind it, where one is named.
    pub person: Option<PersonId>,
    /// What this actor may do.
    pub roles: Vec<Role>,
}

impl Actor {
    /// Somebody who may do all that people may do.
    pub fn with_every_role(person: Option<PersonId>) -> Actor {
        Actor { person, roles: Role::PEOPLE.to_vec() }
    }

    /// The importer, on behalf of a person where the history names one.
    pub fn importer(person: Option<PersonId>) -> Actor {
        Actor { person, roles: vec![Role::Importer] }
    }

    /// The product itself, when the time for something has come.
    pub fn system() -> Actor {
        Actor { person: None, roles: vec![Role::System] }
    }

    /// A rule of the product, acting because of what this actor did.
    pub fn as_system(&self) -> Actor {
        Actor { person: self.person, roles: vec![Role::System] }
    }

    /// Whether this actor is the importer.
    pub fn is_importer(&self) -> bool {
        self.roles.contains(&Role::Importer)
    }

    /// Whether this actor may press a button meant for `who`. The importer presses every button that people press.
    pub fn may(&self, who: &[Role]) -> bool {
        who.iter().any(|role| self.roles.contains(role)) || (self.is_importer() && who.iter().any(|role| *role != Role::System))
    }

    /// The text stored with each event: `person:<id>`, `importer`, `importer:<id>`, `token`, `system`.
    pub fn stored(&self) -> String {
        match (self.is_importer(), self.person) {
            (true, Some(person)) => format!("importer:{person}"),
            (true, None) => "importer".into(),
            (false, Some(person)) => format!("person:{person}"),
            (false, None) if self.roles == [Role::System] => "system".into(),
            (false, None) => "token".into(),
        }
    }
}
