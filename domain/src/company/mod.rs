//! The company: zone, currency and calendar, and the names of its people, sources and products.
//!
//! Ids are permanent; a name is unique within its kind, upper and lower case alike.

mod event;
#[cfg(test)]
mod tests;

pub use event::{CompanyEvent, Currency, Month, Settings, Weekday, Zone};

use crate::id::{PersonId, ProductId, SourceId};
use crate::reference::{PersonRef, ProductRef, Ref, SourceRef};
use crate::refusal::{Code, Refusal};
use crate::text::{Label, comparable};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use std::hash::Hash;
use uuid::Uuid;

/// A wish concerning the company's settings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum CompanyCommand {
    /// Lay down name, zone, currency and calendar.
    #[serde(rename = "company.configure")]
    Configure(Settings),
    /// Name a lead source.
    #[serde(rename = "source.define")]
    DefineSource(DefineSource),
    /// Name a product.
    #[serde(rename = "product.define")]
    DefineProduct(DefineProduct),
    /// Name a person.
    #[serde(rename = "person.define")]
    DefinePerson(DefinePerson),
}

/// `source.define`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineSource {
    /// The id it will have for ever.
    pub source: SourceId,
    /// What people call it.
    pub name: Label,
}

/// `product.define`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineProduct {
    /// The id it will have for ever.
    pub product: ProductId,
    /// What people call it.
    pub name: Label,
}

/// `person.define`
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DefinePerson {
    /// The id they will have for ever.
    pub person: PersonId,
    /// What people call them.
    pub name: Label,
}

/// The settings of one company, folded from its stream.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Company {
    /// `None` before the first `company.configured`.
    pub settings: Option<Settings>,
    /// Its lead sources.
    pub sources: Names<SourceId>,
    /// Its products.
    pub products: Names<ProductId>,
    /// Its people.
    pub people: Names<PersonId>,
}

impl Company {
    /// The zone of the company's local days; UTC before the company is configured.
    pub fn zone(&self) -> chrono_tz::Tz {
        self.settings.as_ref().map_or(chrono_tz::UTC, |settings| settings.zone.0)
    }

    /// Decides a wish. Asking for what is already so changes nothing.
    pub fn decide(&self, command: &CompanyCommand) -> Result<Vec<CompanyEvent>, Refusal> {
        match command {
            CompanyCommand::Configure(settings) if self.settings.as_ref() == Some(settings) => Ok(vec![]),
            CompanyCommand::Configure(settings) => Ok(vec![CompanyEvent::Configured(settings.clone())]),
            CompanyCommand::DefineSource(DefineSource { source, name }) => {
                self.sources.define(*source, name, |source, name| CompanyEvent::SourceDefined { source, name })
            }
            CompanyCommand::DefineProduct(DefineProduct { product, name }) => {
                self.products.define(*product, name, |product, name| CompanyEvent::ProductDefined { product, name })
            }
            CompanyCommand::DefinePerson(DefinePerson { person, name }) => {
                self.people.define(*person, name, |person, name| CompanyEvent::PersonDefined { person, name })
            }
        }
    }

    /// The settings after one more fact.
    pub fn evolve(&mut self, event: &CompanyEvent) {
        match event {
            CompanyEvent::Configured(settings) => self.settings = Some(settings.clone()),
            CompanyEvent::SourceDefined { source, name } => self.sources.insert(*source, name.clone()),
            CompanyEvent::ProductDefined { product, name } => self.products.insert(*product, name.clone()),
            CompanyEvent::PersonDefined { person, name } => self.people.insert(*person, name.clone()),
        }
    }

    /// The source meant, or why there is none.
    pub fn source(&self, wanted: &SourceRef) -> Result<SourceId, Refusal> {
        self.sources.find(wanted).ok_or_else(|| unknown(Code::UnknownSource, "source", "lead source", wanted))
    }

    /// The product meant, or why there is none.
    pub fn product(&self, wanted: &ProductRef) -> Result<ProductId, Refusal> {
        self.products.find(wanted).ok_or_else(|| unknown(Code::UnknownProduct, "product", "product", wanted))
    }

    /// The person meant in a field, or why there is none.
    pub fn person(&self, field: &str, wanted: &PersonRef) -> Result<PersonId, Refusal> {
        self.people.find(wanted).ok_or_else(|| unknown(Code::UnknownPerson, field, "person", wanted))
    }
}

fn unknown<Id: std::fmt::Display>(code: Code, field: &str, what: &str, wanted: &Ref<Id>) -> Refusal {
    Refusal::of_field(code, field, format!("the company has no {what} “{wanted}”; define it first, or use the id or name of one it has"))
}

/// Permanent ids and their names, unique within the kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names<Id: Eq + Hash> {
    by_id: HashMap<Id, Label>,
    by_name: HashMap<String, Id>,
}

impl<Id: Eq + Hash> Default for Names<Id> {
    fn default() -> Self {
        Names { by_id: HashMap::new(), by_name: HashMap::new() }
    }
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    /// The id meant by an id or a name.
    pub fn find(&self, wanted: &Ref<Id>) -> Option<Id> {
        match wanted {
            Ref::Id(id) => self.by_id.contains_key(id).then_some(*id),
            Ref::Name(name) => self.by_name.get(&folded(name)).copied(),
        }
    }

    /// The name of an id.
    pub fn name(&self, id: Id) -> Option<&Label> {
        self.by_id.get(&id)
    }

    /// What people see of an id: its name, or the id itself where it has none.
    pub fn shown(&self, id: Id) -> String
    where
        Id: std::fmt::Display,
    {
        self.name(id).map_or_else(|| id.to_string(), ToString::to_string)
    }

    /// All ids with their names, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = (Id, &Label)> {
        self.by_id.iter().map(|(id, name)| (*id, name))
    }

    fn define(&self, id: Id, name: &Label, event: impl Fn(Id, Label) -> CompanyEvent) -> Result<Vec<CompanyEvent>, Refusal> {
        if Uuid::try_parse(name.as_str()).is_ok() {
            let detail = format!("“{name}” reads as an id, and wherever a name may stand an id may stand too; choose words");
            return Err(Refusal::of_field(Code::FieldInvalid, "name", detail));
        }
        match (self.by_id.get(&id), self.by_name.get(&folded(name))) {
            (Some(same), _) if same == name => Ok(vec![]),
            (_, Some(other)) if *other != id => Err(Refusal::of_field(Code::NameTaken, "name", format!("“{name}” is already the name of another one"))),
            _ => Ok(vec![event(id, name.clone())]),
        }
    }

    fn insert(&mut self, id: Id, name: Label) {
        self.by_name.insert(folded(&name), id);
        if let Some(earlier) = self.by_id.insert(id, name.clone())
            && folded(&earlier) != folded(&name)
        {
            self.by_name.remove(&folded(&earlier));
        }
    }
}

fn folded(name: &Label) -> String {
    comparable(name.as_str()).to_lowercase()
}
