//! Figures over journeys, demos and sales: what is counted of them between cuts of time, for any instant and zone.
//!
//! What stands now is summed up by local days in memory, and the rows tell what lies between the ends of those days and the cuts. For a past
//! instant, journeys that have changed since are counted as they stood, or were known to stand, then. All count by the one reading in `posting`.

mod counted;
mod days;
mod held;
mod posting;
mod reconcile;

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use chrono::TimeDelta;
use chrono_tz::Tz;
use domain::Instant;
use domain::figure::{By, Figure, Sums, Tally};
use domain::id::ProductId;
use eventstore::{CompanyId, Conn, Store, StoreError, sql};
use uuid::Uuid;

use crate::journey_table::{End, JourneyCursor, JourneyFilter, JourneyRow, JourneyTable, Standing, page};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};
pub use counted::{DemoQuestion, DemoSlots, DemoValue, MovedSlots, MovementQuestion};
use days::next;
use held::Held;
use posting::posting;
pub use reconcile::{Apart, Reconciled, reconcile};

/// Rows read at once.
const PAGE: u32 = 2_000;
/// The most sums of days kept in memory, of all companies together: about 150 bytes each.
const MOST_SUMS: usize = 1_000_000;

/// What is asked of a figure.
#[derive(Clone, Debug, PartialEq)]
pub struct Question {
    /// Which figure.
    pub figure: Figure,
    /// What the rows are grouped by.
    pub by: By,
    /// Only journeys about this product.
    pub product: Option<ProductId>,
    /// Rising instants: slot `i` holds what lies from cut `i` until just before the next one, the last slot what lies up to `as_of`, included.
    pub cuts: Vec<Instant>,
    /// Nothing that happened after this instant exists.
    pub as_of: Instant,
    /// Nothing that was recorded after this instant exists; absent: all that is known.
    pub known_at: Option<Instant>,
    /// The zone whose local days are kept in memory: the company's. Any other zone gives the same answer, more slowly.
    pub zone: Tz,
}

/// Several questions about one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Questions {
    /// Of journeys.
    pub journeys: Vec<Question>,
    /// Of the movements of sales.
    pub movements: Vec<MovementQuestion>,
    /// Of demos.
    pub demos: Vec<DemoQuestion>,
}

/// The answers, in the order of the questions.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Answers {
    /// Of journeys.
    pub journeys: Vec<Vec<Tally>>,
    /// Of the movements of sales.
    pub movements: Vec<MovedSlots>,
    /// Of demos.
    pub demos: Vec<DemoSlots>,
}

/// The figures of all companies: what is kept of each in memory, the one that was asked last in front. Copies share it.
#[derive(Clone, Default)]
pub struct Figures {
    kept: Arc<Mutex<Vec<Kept>>>,
}

/// What is kept of a company.
struct Kept {
    company: CompanyId,
    held: Arc<tokio::sync::Mutex<Option<Held>>>,
    size: usize,
}

/// What is counted by key, product and slot.
type Slots = BTreeMap<(Option<Uuid>, Option<ProductId>, usize), Sums>;

impl Figures {
    /// What is counted of a company's journeys, by key, product and slot of time.
    pub async fn tallies(&self, store: &Store, company: CompanyId, questions: &[Question]) -> Result<Reading<Vec<Vec<Tally>>>, StoreError> {
        let questions = Questions { journeys: questions.to_vec(), ..Questions::default() };
        Ok(self.answers(store, company, &questions).await?.map(|answers| answers.journeys))
    }

    /// What is counted of a company's journeys, demos and sales; several questions in one snapshot. All of journeys are asked with one zone.
    pub async fn answers(&self, store: &Store, company: CompanyId, questions: &Questions) -> Result<Reading<Answers>, StoreError> {
        if !questions.are_sound() {
            return Err(StoreError::malformed("figures", "the cuts must be rising instants, and the zone one"));
        }
        let held = self.of(company);
        let mut held = held.lock().await;
        let mut reader = store.db.read().await?;
        let reading = in_use(&mut reader, company, JourneyTable::NAME).await?;
        let mut conn = reader.conn();
        let mut answers = Answers::default();
        if let Some(first) = questions.journeys.first() {
            let now = self.current(store, &mut conn, company, &reading, first.zone, &mut held).await?;
            let mut rows = Rows { conn: &mut conn, company, generation: reading.found };
            for question in &questions.journeys {
                answers.journeys.push(tallies(now, &mut rows, question).await?);
            }
        }
        drop(held);
        let mut rows = Rows { conn: &mut conn, company, generation: reading.found };
        for question in &questions.movements {
            answers.movements.push(rows.movements(question).await?);
        }
        for question in &questions.demos {
            answers.demos.push(rows.demos(question).await?);
        }
        Ok(reading.map(|_| answers))
    }

    /// What is kept of a company, brought up to a snapshot.
    async fn current<'a>(
        &self,
        store: &Store,
        conn: &mut Conn<'_>,
        company: CompanyId,
        reading: &Reading<i64>,
        zone: Tz,
        held: &'a mut Option<Held>,
    ) -> Result<&'a mut Held, StoreError> {
        // Should this fail half way, the next question begins anew.
        let caught_up = match held.take() {
            Some(held) => held.caught_up(store, conn, reading, zone).await?,
            None => None,
        };
        let now = match caught_up {
            Some(now) => now,
            None => Held::load(conn, company, reading, zone).await?,
        };
        let now = held.insert(now);
        self.note(company, now.days.size());
        Ok(now)
    }

    /// What is kept of a company, which comes to the front.
    fn of(&self, company: CompanyId) -> Arc<tokio::sync::Mutex<Option<Held>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        match kept.iter().position(|kept| kept.company == company) {
            Some(place) => kept[..=place].rotate_right(1),
            None => kept.insert(0, Kept { company, held: Arc::default(), size: 0 }),
        }
        kept[0].held.clone()
    }

    /// Notes how much is kept of a company, and lets those go that were not asked for longest when it is too much.
    fn note(&self, company: CompanyId, size: usize) {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.iter_mut().filter(|kept| kept.company == company).for_each(|kept| kept.size = size);
        let mut sum = 0;
        let mut most = 0;
        for kept in kept.iter() {
            sum += kept.size;
            if sum > MOST_SUMS && most > 0 {
                break;
            }
            most += 1;
        }
        kept.truncate(most);
    }
}

impl Questions {
    fn are_sound(&self) -> bool {
        let journeys = self.journeys.iter().map(|question| &question.cuts);
        let mut cuts = journeys.chain(self.movements.iter().map(|question| &question.cuts)).chain(self.demos.iter().map(|question| &question.cuts));
        cuts.all(|cuts| !cuts.is_empty() && cuts.is_sorted()) && self.journeys.windows(2).all(|pair| pair[0].zone == pair[1].zone)
    }
}

/// A snapshot of the rows.
struct Rows<'a, 'c> {
    conn: &'a mut Conn<'c>,
    company: CompanyId,
    generation: i64,
}

/// What is counted of journeys, as of an instant.
async fn tallies(now: &mut Held, rows: &mut Rows<'_, '_>, question: &Question) -> Result<Vec<Tally>, StoreError> {
    let mut slots = by_days(now, rows, question).await?;
    let known_at = question.known_at.filter(|known_at| *known_at < now.recorded);
    if question.as_of < now.latest || known_at.is_some() {
        go_back(&mut slots, rows, question, known_at).await?;
    }
    let tally = |((key, product, slot), sums)| Tally { key, product, slot, sums };
    Ok(slots.into_iter().filter(|(_, sums)| *sums != Sums::default()).map(tally).collect())
}

/// What stands now: whole days from memory, the rest from rows.
async fn by_days(now: &mut Held, rows: &mut Rows<'_, '_>, question: &Question) -> Result<Slots, StoreError> {
    let mut slots = Slots::new();
    let end = just_after(question.as_of);
    let cuts: Vec<Instant> = question.cuts.iter().map(|cut| *cut.min(&end)).collect();
    let days: Vec<_> = cuts.iter().map(|cut| now.days.day_of(*cut)).collect();
    let last = next(now.days.day_of(question.as_of));
    for (slot, (cut, from)) in cuts.iter().zip(&days).enumerate() {
        let until = days.get(slot + 1).copied().unwrap_or(last);
        for ((key, product), sums) in now.days.over(question.figure, *from..until) {
            if question.product.is_none_or(|wanted| wanted == product) {
                slots.entry(place(question.by, key, product, slot)).or_default().add(&sums, 1);
            }
        }
        // What lies between the beginning of a day and the cut is in the days of this slot, and belongs to the one before.
        let early = |row: &JourneyRow| {
            count(&mut slots, question, row, slot, -1);
            if let Some(before) = slot.checked_sub(1) {
                count(&mut slots, question, row, before, 1);
            }
        };
        rows.between(question, now.days.start_of(*from), *cut, early).await?;
    }
    let late = |row: &JourneyRow| count(&mut slots, question, row, cuts.len() - 1, -1);
    rows.between(question, end, now.days.start_of(last), late).await?;
    Ok(slots)
}

/// Puts journeys as they stood then, and were known to stand where less was known, in the place of how they stand now.
async fn go_back(slots: &mut Slots, rows: &mut Rows<'_, '_>, question: &Question, known_at: Option<Instant>) -> Result<(), StoreError> {
    let mut exchange = |row: &JourneyRow, times| {
        if let Some(slot) = slot_of(question, row) {
            count(slots, question, row, slot, times);
        }
    };
    match known_at {
        // Whoever is not among those that stood differently had not opened, or stood as now.
        None => {
            let each = |then: &JourneyRow, now: &JourneyRow| {
                exchange(then, 1);
                exchange(now, -1);
            };
            rows.that_stood(question.as_of, each).await
        }
        Some(known_at) => {
            let then = [question.as_of, known_at];
            rows.of_then(include_str!("sql/changed.sql"), then, |row| exchange(row, -1)).await?;
            rows.of_then(include_str!("sql/known.sql"), then, |row| exchange(row, 1)).await
        }
    }
}

/// In which slot a journey lies, if in any.
fn slot_of(question: &Question, row: &JourneyRow) -> Option<usize> {
    let at = posting(row, question.figure)?.at;
    let is_of_product = question.product.is_none_or(|wanted| wanted == row.product);
    question.cuts.partition_point(|cut| *cut <= at).checked_sub(1).filter(|_| at <= question.as_of && is_of_product)
}

impl Rows<'_, '_> {
    /// Every journey, voided or not, whose time lies between two instants, the second not included.
    async fn between(&mut self, question: &Question, from: Instant, until: Instant, mut each: impl FnMut(&JourneyRow)) -> Result<(), StoreError> {
        if from >= until {
            return Ok(());
        }
        let basis = question.figure.basis();
        let to = Instant::new(until.utc() - TimeDelta::microseconds(1));
        for end in [None, Some(End::Voided)] {
            let filter = JourneyFilter { basis, from: Some(from), to: Some(to), end, product: question.product, ..JourneyFilter::default() };
            let mut after = None;
            loop {
                let page = page(self.conn, self.company, self.generation, &filter, after, PAGE).await?;
                page.iter().for_each(|standing| each(&standing.row));
                after = page.last().map(|standing| JourneyCursor::of(basis, standing));
                if page.len() < PAGE as usize {
                    break;
                }
            }
        }
        Ok(())
    }

    /// Every journey that has changed since an instant: as it stood then, and as it stands now.
    async fn that_stood(&mut self, as_of: Instant, mut each: impl FnMut(&JourneyRow, &JourneyRow)) -> Result<(), StoreError> {
        let mut after = (i64::MIN, Uuid::nil(), Uuid::nil());
        loop {
            let stood = sql(include_str!("sql/stood.sql")).bind(self.company).bind(self.generation).bind(as_of.micros());
            let stood = stood.bind(after.0).bind(after.1).bind(after.2).bind(PAGE).all(self.conn).await?;
            let mut then = Vec::with_capacity(stood.len());
            for row in &stood {
                let journey = Standing::from_row(row)?.row;
                after = (row.get(23)?, journey.journey.0, journey.contact.0);
                then.push(journey);
            }
            let keys: Vec<_> = then.iter().map(|journey| (journey.journey, journey.contact)).collect();
            let now: HashMap<_, _> = JourneyTable::load(self.conn, self.company, self.generation, &keys).await?.into_iter().collect();
            for journey in &then {
                if let Some(now) = now.get(&(journey.journey, journey.contact)).and_then(|rows| rows.current.as_ref()) {
                    each(journey, &now.standing.row);
                }
            }
            if stood.len() < PAGE as usize {
                return Ok(());
            }
        }
    }

    /// Every journey that a statement finds, given as of when and known when.
    async fn of_then(&mut self, text: &'static str, then: [Instant; 2], mut each: impl FnMut(&JourneyRow)) -> Result<(), StoreError> {
        let mut after = (Uuid::nil(), Uuid::nil());
        loop {
            let page = sql(text).bind(self.company).bind(self.generation).bind(then[0].micros()).bind(then[1].micros());
            let page = page.bind(after.0).bind(after.1).bind(PAGE).all(self.conn).await?;
            for row in &page {
                let journey = Standing::from_row(row)?.row;
                after = (journey.journey.0, journey.contact.0);
                each(&journey);
            }
            if page.len() < PAGE as usize {
                return Ok(());
            }
        }
    }
}

fn count(slots: &mut Slots, question: &Question, row: &JourneyRow, slot: usize, times: i64) {
    if let Some(posting) = posting(row, question.figure) {
        slots.entry(place(question.by, posting.key, posting.product, slot)).or_default().add(&posting.sums, times);
    }
}

fn place(by: By, key: Option<Uuid>, product: ProductId, slot: usize) -> (Option<Uuid>, Option<ProductId>, usize) {
    (key.filter(|_| by.key), by.product.then_some(product), slot)
}

/// Instants are whole microseconds.
fn just_after(instant: Instant) -> Instant {
    Instant::new(instant.utc() + TimeDelta::microseconds(1))
}
