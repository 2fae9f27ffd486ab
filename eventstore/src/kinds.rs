//! Which events a log holds, by name and format: a small table beside it, from which a version of the product that knows fewer of
//! them is told so at once (EVENT-STORE 4.7).

use std::collections::{BTreeSet, HashMap};

use crate::db::Conn;
use crate::error::StoreError;
use crate::event::Recorded;
use crate::log::CompanyId;
use crate::statement::{Value, sql};
use crate::store::Store;
use crate::turn::Unreadable;

/// Whether the business can read events of this name and format, as [`crate::Decider::knows`] says.
pub type Knows<'a> = &'a (dyn Fn(&str, i32) -> bool + Sync);

/// A name and a format that a log holds, and the first position at which they stand.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Kind {
    /// The first position.
    pub position: i64,
    /// The stored name.
    pub name: String,
    /// The version of the body's shape.
    pub format: i32,
}

impl Store {
    /// The names and formats that a company's log holds, in the order of their first events.
    pub async fn kinds(&self, company: CompanyId) -> Result<Vec<Kind>, StoreError> {
        read(&mut self.db.read().await?.conn(), company).await
    }

    /// Whether every event of a company can be read. The first kind that cannot is a [`StoreError::Unreadable`].
    pub async fn check_kinds(&self, company: CompanyId, knows: Knows<'_>) -> Result<(), StoreError> {
        all_known(&self.kinds(company).await?, knows)
    }
}

/// Refuses a log with kinds that this version of the business does not know.
pub(crate) fn all_known(kinds: &[Kind], knows: impl Fn(&str, i32) -> bool) -> Result<(), StoreError> {
    kinds.iter().try_for_each(|kind| known(kind.position, &kind.name, kind.format, &knows))
}

/// Refuses an event that it does not know.
pub(crate) fn known(position: i64, kind: &str, format: i32, knows: impl Fn(&str, i32) -> bool) -> Result<(), StoreError> {
    if knows(kind, format) {
        return Ok(());
    }
    let text = "this version does not know it, a newer one wrote it; nothing of this company is read or changed until that version is started again";
    Err(Unreadable { position, kind: kind.to_owned(), format, text: text.to_owned() }.into())
}

/// What stands in the table.
pub(crate) async fn read(conn: &mut Conn<'_>, company: CompanyId) -> Result<Vec<Kind>, StoreError> {
    let rows = sql(include_str!("sql/read_event_kinds.sql")).bind(company).all(conn).await?;
    rows.iter().map(|row| Ok(Kind { position: row.get(0)?, name: row.get(1)?, format: row.get(2)? })).collect()
}

/// The kinds met on a walk along a log, each with the position of its first event.
#[derive(Default)]
pub(crate) struct Met(HashMap<String, Vec<(i32, i64)>>);

impl Met {
    /// Takes the next event.
    pub(crate) fn meet(&mut self, event: &Recorded) {
        match self.0.get_mut(&event.kind) {
            Some(formats) if formats.iter().any(|(format, _)| *format == event.format) => {}
            Some(formats) => formats.push((event.format, event.position)),
            None => drop(self.0.insert(event.kind.clone(), vec![(event.format, event.position)])),
        }
    }

    /// Goes on with what was met from where this came to.
    pub(crate) fn go_on(&mut self, rest: Self) {
        for (name, formats) in rest.0 {
            let known = self.0.entry(name).or_default();
            for (format, position) in formats {
                if known.iter().all(|(other, _)| *other != format) {
                    known.push((format, position));
                }
            }
        }
    }

    /// What the table should hold.
    pub(crate) fn kinds(self) -> BTreeSet<Kind> {
        let of_name =
            |(name, formats): (String, Vec<(i32, i64)>)| formats.into_iter().map(move |(format, position)| Kind { position, name: name.clone(), format });
        self.0.into_iter().flat_map(of_name).collect()
    }
}

/// The kinds known to stand in the table.
#[derive(Default)]
pub(crate) struct Noted(HashMap<String, Vec<i32>>);

impl Noted {
    /// Those that stand there.
    pub(crate) fn these(kinds: Vec<Kind>) -> Self {
        let mut noted = Self::default();
        for kind in kinds {
            noted.0.entry(kind.name).or_default().push(kind.format);
        }
        noted
    }

    /// The kinds of events that are about to be committed and were not there before, as rows.
    pub(crate) fn missing(&self, company: CompanyId, events: &[Recorded]) -> Vec<Value> {
        let mut fresh: HashMap<(&str, i32), i64> = HashMap::new();
        for event in events.iter().filter(|event| !self.has(event)) {
            fresh.entry((&event.kind, event.format)).or_insert(event.position);
        }
        let mut fresh: Vec<_> = fresh.into_iter().collect();
        fresh.sort_by_key(|(_, position)| *position);
        fresh.into_iter().flat_map(|((kind, format), position)| [company.into(), kind.into(), format.into(), position.into()] as [Value; 4]).collect()
    }

    /// Remembers what was committed.
    pub(crate) fn remember(&mut self, events: &[Recorded]) {
        for event in events {
            if !self.has(event) {
                self.0.entry(event.kind.clone()).or_default().push(event.format);
            }
        }
    }

    fn has(&self, event: &Recorded) -> bool {
        self.0.get(&event.kind).is_some_and(|formats| formats.contains(&event.format))
    }
}
