//! What is counted of sales and demos by themselves, slot by slot: the rows of each spell that held at an instant.

use std::collections::BTreeMap;
use std::ops::AddAssign;

use domain::Instant;
use domain::figure::{Cancels, DemoBasis, DemoKey, Moved};
use domain::id::{PersonId, ProductId};
use eventstore::{Row, Statement, StoreError, sql};
use uuid::Uuid;

use super::{Rows, just_after};
use crate::table::named;

/// What is asked of the movements of sales.
#[derive(Clone, Debug, PartialEq)]
pub struct MovementQuestion {
    /// Only sales of this product.
    pub product: Option<ProductId>,
    /// Rising instants, as in [`Question`](super::Question).
    pub cuts: Vec<Instant>,
    /// Nothing that happened after this instant exists.
    pub as_of: Instant,
    /// Nothing that was recorded after this instant exists; absent: all that is known.
    pub known_at: Option<Instant>,
}

/// What is asked of demos.
#[derive(Clone, Debug, PartialEq)]
pub struct DemoQuestion {
    /// Which time of a demo counts.
    pub basis: DemoBasis,
    /// What they are told apart by.
    pub by: DemoKey,
    /// Only demos of journeys about this product.
    pub product: Option<ProductId>,
    /// Rising instants, as in [`Question`](super::Question).
    pub cuts: Vec<Instant>,
    /// Nothing that happened after this instant exists.
    pub as_of: Instant,
    /// Nothing that was recorded after this instant exists; absent: all that is known.
    pub known_at: Option<Instant>,
}

/// The movements of sales by the sale's rep, slot by slot.
pub type MovedSlots = Vec<BTreeMap<PersonId, Moved>>;
/// Demos by what they are told apart by, slot by slot.
pub type DemoSlots = Vec<BTreeMap<DemoValue, Cancels>>;

/// A source, product, person or reason by its id, a category or a reason in words, or neither where there is none.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct DemoValue {
    /// The id.
    pub id: Option<Uuid>,
    /// The words.
    pub words: Option<String>,
}

/// A statement over all rows of some spell between two instants.
struct Between<'a> {
    text: &'static str,
    cuts: &'a [Instant],
    as_of: Instant,
    known_at: Option<Instant>,
    product: Option<ProductId>,
}

impl Rows<'_, '_> {
    pub(super) async fn movements(&mut self, question: &MovementQuestion) -> Result<MovedSlots, StoreError> {
        let MovementQuestion { product, cuts, as_of, known_at } = question;
        let between = Between { text: include_str!("sql/movements.sql"), cuts, as_of: *as_of, known_at: *known_at, product: *product };
        let read = |row: &Row| Ok((PersonId(row.get(0)?), Moved::of(named(row.get(1)?)?, row.get::<i64>(2)? == 1, row.get(3)?, row.get(4)?)));
        self.slots(&between, |statement| statement, read).await
    }

    pub(super) async fn demos(&mut self, question: &DemoQuestion) -> Result<DemoSlots, StoreError> {
        let DemoQuestion { basis, by, product, cuts, as_of, known_at } = question;
        let text = match basis {
            DemoBasis::Set => include_str!("sql/demos_by_set.sql"),
            DemoBasis::Canceled => include_str!("sql/demos_by_cancel.sql"),
        };
        let between = Between { text, cuts, as_of: *as_of, known_at: *known_at, product: *product };
        let read = |row: &Row| Ok((DemoValue { id: row.get(0)?, words: row.get(1)? }, Cancels { set: row.get(2)?, canceled: row.get(3)? }));
        self.slots(&between, |statement| statement.bind(by.name()), read).await
    }

    async fn slots<K: Ord, S: Default + AddAssign>(
        &mut self,
        between: &Between<'_>,
        bind: impl Fn(Statement) -> Statement,
        read: impl Fn(&Row) -> Result<(K, S), StoreError>,
    ) -> Result<Vec<BTreeMap<K, S>>, StoreError> {
        let end = just_after(between.as_of);
        let mut slots = Vec::with_capacity(between.cuts.len());
        for (slot, from) in between.cuts.iter().enumerate() {
            let until = between.cuts.get(slot + 1).unwrap_or(&end).min(&end);
            let statement = sql(between.text).bind(self.company).bind(self.generation).bind(from.micros()).bind(until.micros());
            let statement = statement.bind(between.as_of.micros()).bind(between.known_at.map_or(i64::MAX - 1, Instant::micros));
            let mut sums: BTreeMap<K, S> = BTreeMap::new();
            for row in &bind(statement.bind(between.product.map(|id| id.0))).all(self.conn).await? {
                let (key, more) = read(row)?;
                *sums.entry(key).or_default() += more;
            }
            slots.push(sums);
        }
        Ok(slots)
    }
}
