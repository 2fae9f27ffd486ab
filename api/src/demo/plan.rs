//! All stories in order of time: from a seed and circumstances to the list of what is pressed, by whom and when. Pure.

use super::calendar::{Calendar, Season, later, share_of};
use super::chance::Chance;
use super::firm::Firm;
use super::story::{Diaries, Story};
use super::town::Town;
use crate::app::Wish;
use chrono::{Datelike, NaiveDate};
use domain::Instant;
use domain::company::{Currency, Zone};
use domain::id::PersonId;
use domain::instant::{days_before, first_instant};
use domain::role::Role;
use domain::text::Label;
use sha2::{Digest, Sha256};
use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};
use uuid::Uuid;

/// What a demo company follows from. The same circumstances give the same log.
#[derive(Clone, Debug, PartialEq)]
pub struct Circumstances {
    /// Another seed is another story.
    pub seed: u64,
    /// How many contacts call.
    pub contacts: u32,
    /// Over how many days.
    pub days: u32,
    /// The day on which the story ends: it goes up to the first instant of it.
    pub until: NaiveDate,
    /// The zone of the company's local days.
    pub zone: Zone,
    /// The currency of its amounts.
    pub currency: Currency,
    /// What it is called.
    pub name: Label,
}

impl Circumstances {
    /// What everything is drawn from.
    pub fn key(&self) -> [u8; 32] {
        let mut sum = Sha256::new();
        let Circumstances { seed, contacts, days, until, zone, currency, name } = self;
        sum.update(format!("{seed}/{contacts}/{days}/{until}/{}/{}/{name}", zone.0.name(), currency.code()).as_bytes());
        sum.finalize().into()
    }

    /// The instant at which the company is founded.
    pub fn from(&self) -> Instant {
        first_instant(days_before(self.until, u64::from(self.days)), self.zone.0)
    }

    /// The instant up to which it is told.
    pub fn until(&self) -> Instant {
        first_instant(self.until, self.zone.0)
    }

    /// The id of the company: one for each name and seed.
    pub fn company(&self) -> Uuid {
        Uuid::new_v5(&Uuid::NAMESPACE_OID, format!("leadtrail demo/{}/{}", self.seed, self.name.as_str().to_lowercase()).as_bytes())
    }
}

/// One button pressed.
#[derive(Clone, Debug)]
pub struct Told {
    /// When.
    pub at: Instant,
    /// By whom.
    pub by: Option<PersonId>,
    /// With which roles.
    pub roles: &'static [Role],
    /// What is asked.
    pub wish: Wish,
}

/// Everything that is pressed, in order of time.
pub fn plan(circumstances: &Circumstances) -> Plan {
    let key = circumstances.key();
    let (from, until) = (circumstances.from(), circumstances.until());
    let calendar = Calendar { zone: circumstances.zone.0 };
    let season = Season::before(circumstances.until, circumstances.days);
    let firm = Firm::new(&key, circumstances.name.clone(), circumstances.zone, circumstances.currency.clone(), super::calendar::millis(from));
    let mut calls: Vec<Call> = (0..circumstances.contacts).map(|number| call(&key, number, &season, calendar, &firm)).collect();
    calls.sort_unstable_by_key(|call| Reverse((call.at, call.number)));
    let founding = firm.founding().into_iter().map(|command| Told { at: from, by: None, roles: Role::PEOPLE, wish: Wish::Company(command) }).collect();
    Plan { key, firm, calendar, until, founding, calls, town: Town::default(), diaries: Diaries::new(), stories: BinaryHeap::new() }
}

/// A first call: who it is is not known yet.
#[derive(Clone, Copy, Debug)]
struct Call {
    at: Instant,
    number: u32,
    source: usize,
    product: usize,
}

fn call(key: &[u8; 32], number: u32, season: &Season, calendar: Calendar, firm: &Firm) -> Call {
    let mut chance = Chance::new(key, "call", u64::from(number));
    let day = season.day(&mut chance);
    let sources: Vec<usize> = (0..firm.sources.len()).collect();
    let source = *chance.weighted(&sources, |source| share_of(&firm.sources[*source], day));
    let products: Vec<usize> = (0..firm.products.len()).collect();
    let product = *chance.weighted(&products, |product| firm.products[*product].share[day.month0() as usize]);
    let (opens, closes) = firm.sources[source].hours;
    let at = calendar.at(day, chance.near_the_middle(opens, closes - 1));
    Call { at: later(at, chance.between(0, 59)), number, source, product }
}

/// The stories under way, told in order.
#[derive(Debug)]
pub struct Plan {
    key: [u8; 32],
    firm: Firm,
    calendar: Calendar,
    until: Instant,
    founding: VecDeque<Told>,
    /// First calls still to come, the last one first.
    calls: Vec<Call>,
    town: Town,
    diaries: Diaries,
    stories: BinaryHeap<Reverse<Ongoing>>,
}

/// A story and what is still to be told of it.
#[derive(Debug)]
struct Ongoing {
    next: Instant,
    number: u32,
    told: VecDeque<Told>,
}

impl Iterator for Plan {
    type Item = Told;

    fn next(&mut self) -> Option<Told> {
        if let Some(told) = self.founding.pop_front() {
            return Some(told);
        }
        while let Some(call) = self.calls.last().copied().filter(|call| self.stories.peek().is_none_or(|Reverse(first)| call.at <= first.next)) {
            self.calls.pop();
            self.begin(call);
        }
        let Reverse(mut ongoing) = self.stories.pop()?;
        let told = ongoing.told.pop_front();
        if let Some(next) = ongoing.told.front() {
            ongoing.next = next.at;
            self.stories.push(Reverse(ongoing));
        }
        told
    }
}

impl Plan {
    fn begin(&mut self, call: Call) {
        let mut chance = Chance::new(&self.key, "contact", u64::from(call.number));
        let Some(caller) = self.town.caller(&mut chance) else { return };
        let story = Story::new(&self.firm, self.calendar, chance, &mut self.diaries, call.at, self.until);
        let told: VecDeque<Told> = story.tell(caller, &self.firm.sources[call.source], &self.firm.products[call.product]).into();
        if let Some(first) = told.front() {
            self.stories.push(Reverse(Ongoing { next: first.at, number: call.number, told }));
        }
    }
}

impl PartialEq for Ongoing {
    fn eq(&self, other: &Self) -> bool {
        (self.next, self.number) == (other.next, other.number)
    }
}

impl Eq for Ongoing {}

impl PartialOrd for Ongoing {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Ongoing {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        (self.next, self.number).cmp(&(other.next, other.number))
    }
}
