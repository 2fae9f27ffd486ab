//! Permanent ids and their names.

use crate::reference::Ref;
use crate::refusal::{Code, Refusal};
use crate::text::{Label, comparable};
use std::collections::{HashMap, HashSet};
use std::hash::Hash;
use uuid::Uuid;

/// Permanent ids and their names, unique within the kind, upper and lower case alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names<Id: Eq + Hash> {
    by_id: HashMap<Id, Label>,
    by_name: HashMap<String, Id>,
    retired: HashSet<Id>,
}

impl<Id: Eq + Hash> Default for Names<Id> {
    fn default() -> Self {
        Names { by_id: HashMap::new(), by_name: HashMap::new(), retired: HashSet::new() }
    }
}

impl<Id: Copy + Eq + Hash> Names<Id> {
    /// The id meant by an id or a name, retired or not.
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

    /// The names that can be chosen, in their order.
    pub fn chosen_from(&self) -> Vec<&Label> {
        let mut names: Vec<&Label> = self.iter().filter(|(id, _)| !self.is_retired(*id)).map(|(_, name)| name).collect();
        names.sort_unstable_by_key(|name| folded(name));
        names
    }

    /// Whether it is chosen no more.
    pub fn is_retired(&self, id: Id) -> bool {
        self.retired.contains(&id)
    }

    /// Whether an id may have this name, and whether it has it already.
    pub(super) fn may_name(&self, id: Id, name: &Label) -> Result<Naming, Refusal> {
        if Uuid::try_parse(name.as_str()).is_ok() {
            let detail = format!("“{name}” reads as an id, and wherever a name may stand an id may stand too; choose words");
            return Err(Refusal::of_field(Code::FieldInvalid, "name", detail));
        }
        match (self.by_id.get(&id), self.by_name.get(&folded(name))) {
            (Some(same), _) if same == name => Ok(Naming::Same),
            (_, Some(other)) if *other != id => Err(Refusal::of_field(Code::NameTaken, "name", format!("“{name}” is already the name of another one"))),
            _ => Ok(Naming::New),
        }
    }

    pub(super) fn insert(&mut self, id: Id, name: Label) {
        self.by_name.insert(folded(&name), id);
        if let Some(earlier) = self.by_id.insert(id, name.clone())
            && folded(&earlier) != folded(&name)
        {
            self.by_name.remove(&folded(&earlier));
        }
    }

    pub(super) fn retire(&mut self, id: Id) {
        self.retired.insert(id);
    }

    pub(super) fn restore(&mut self, id: Id) {
        self.retired.remove(&id);
    }
}

/// What naming an id would change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Naming {
    /// Nothing: it has this name.
    Same,
    /// It gets its first name, or another one.
    New,
}

fn folded(name: &Label) -> String {
    comparable(name.as_str()).to_lowercase()
}
