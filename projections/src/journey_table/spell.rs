//! Rows of a journey's demos and of its sales' movements over time: each for as long as it was true, and known to be.

use std::collections::BTreeMap;

use domain::Instant;
use eventstore::Value;

use super::row::Since;

/// A row, since when it is true, and until when, if it is not true any more.
#[derive(Clone, Debug, PartialEq)]
pub struct Spell<T> {
    /// The row.
    pub row: T,
    /// Since when.
    pub since: Since,
    /// Until when.
    pub until: Option<Until>,
}

/// When a row was replaced or went, and since when that is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Until {
    /// The business time: the row was true until just before it.
    pub valid: Instant,
    /// The recording time: it was known to be true until just before it.
    pub known: Instant,
}

/// The spells that began or ended since they were last written, by the event that brought each, and what it is about.
#[derive(Clone, Debug, PartialEq)]
pub struct Spells<K: Ord, T>(BTreeMap<(i64, K), Spell<T>>);

impl<K: Ord, T> Default for Spells<K, T> {
    fn default() -> Self {
        Spells(BTreeMap::new())
    }
}

impl<K: Ord + Copy, T: PartialEq + Clone> Spells<K, T> {
    /// Notes how rows stand after an event, beside how they stood; `since` remembers since when each stands so.
    pub(super) fn turn(&mut self, before: &BTreeMap<K, T>, after: BTreeMap<K, T>, since: &mut BTreeMap<K, Since>, now: Since) {
        for (key, row) in before.iter().filter(|(key, row)| after.get(key) != Some(row)) {
            if let Some(began) = since.remove(key) {
                // Business time never runs backwards inside a contact's stream; a log that breaks this must not break the rows.
                let until = Until { valid: now.valid_from.max(began.valid_from), known: now.known_from };
                self.0.insert((began.position, *key), Spell { row: row.clone(), since: began, until: Some(until) });
            }
        }
        for (key, row) in after.into_iter().filter(|(key, row)| before.get(key) != Some(row)) {
            since.insert(key, now);
            self.0.insert((now.position, key), Spell { row, since: now, until: None });
        }
    }

    /// The spells, in the order of their key.
    pub fn iter(&self) -> impl Iterator<Item = &Spell<T>> {
        self.0.values()
    }

    /// The rows of the spells, to be changed.
    pub(super) fn rows_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.0.values_mut().map(|spell| &mut spell.row)
    }
}

impl<T> Spell<T> {
    /// Adds the values of its columns: `valid_from, known_from, valid_until, known_until`. What is still true is so until the largest number.
    pub(super) fn push_times(&self, values: &mut Vec<Value>) {
        let until = |instant: fn(&Until) -> Instant| self.until.as_ref().map_or(i64::MAX, |until| instant(until).micros());
        values.extend([self.since.valid_from.micros().into(), self.since.known_from.micros().into()]);
        values.extend([until(|until| until.valid).into(), until(|until| until.known).into()]);
    }
}
