//! The people, sources and products that lines name: known, or named now.

use super::line::Named;
use domain::company::{Company, CompanyCommand, Names};
use domain::id::{PersonId, ProductId, SourceId};
use domain::reference::Ref;
use domain::text::Label;
use eventstore::CompanyId;
use std::hash::Hash;
use uuid::Uuid;

/// The command that names what a line names, when the company does not know it yet.
///
/// The id is made from the company and the name, so that the same history gives the same log, interrupted or not.
pub fn definition(company: CompanyId, known: &Company, named: &Named) -> Option<CompanyCommand> {
    match named {
        Named::Source(name) => {
            let source = missing(&known.sources, company, "source", name, SourceId)?;
            Some(CompanyCommand::DefineSource { source, name: name.clone() })
        }
        Named::Product(name) => {
            let product = missing(&known.products, company, "product", name, ProductId)?;
            Some(CompanyCommand::DefineProduct { product, name: name.clone() })
        }
        Named::Person(name) => {
            let person = missing(&known.people, company, "person", name, PersonId)?;
            Some(CompanyCommand::DefinePerson { person, name: name.clone() })
        }
    }
}

/// The id for a name that is not known. Something that was made under this name and renamed since keeps its id.
fn missing<Id: Copy + Eq + Hash>(known: &Names<Id>, company: CompanyId, kind: &str, name: &Label, id: fn(Uuid) -> Id) -> Option<Id> {
    if known.find(&Ref::Name(name.clone())).is_some() {
        return None;
    }
    let name = name.as_str().to_lowercase();
    let made = |count: u32| match count {
        0 => id(Uuid::new_v5(&company.0, format!("{kind}/{name}").as_bytes())),
        _ => id(Uuid::new_v5(&company.0, format!("{kind}/{name}/{count}").as_bytes())),
    };
    (0..).map(made).find(|id| known.name(*id).is_none())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;
    use domain::company::CompanyEvent;
    use domain::{Actor, Instant};

    fn person(name: &str) -> Named {
        Named::Person(Label::try_new(name).unwrap())
    }

    #[test]
    fn a_name_is_made_once_whatever_its_case() {
        let (company, mut known) = (CompanyId(Uuid::from_u128(1)), Company::default());
        let made = definition(company, &known, &person("Ana Lima")).unwrap();
        for event in known.decide(&made, &Actor::importer(None), Instant::new(DateTime::UNIX_EPOCH)).unwrap() {
            known.evolve(&event);
        }
        assert_eq!(definition(company, &known, &person("ANA LIMA")), None);
        assert!(definition(company, &known, &Named::Source(Label::try_new("Ana Lima").unwrap())).is_some());
    }

    #[test]
    fn who_was_renamed_is_not_named_back() {
        let (company, mut known) = (CompanyId(Uuid::from_u128(1)), Company::default());
        let Some(CompanyCommand::DefinePerson { person: ana, .. }) = definition(company, &known, &person("Ana")) else { unreachable!() };
        known.evolve(&CompanyEvent::PersonDefined { person: ana, name: Label::try_new("Ana Lima").unwrap() });
        let Some(CompanyCommand::DefinePerson { person: other, .. }) = definition(company, &known, &person("Ana")) else { unreachable!() };
        assert_ne!(ana, other);
    }
}
