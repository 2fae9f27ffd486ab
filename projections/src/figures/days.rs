//! A company's journeys summed up by figure, local day, key and product: all that a figure of now needs, whatever the number of journeys.

use std::collections::{BTreeMap, HashMap};
use std::ops::Range;

use chrono::{Days as Count, NaiveDate};
use chrono_tz::Tz;
use domain::Instant;
use domain::figure::{Figure, Sums};
use domain::id::ProductId;
use domain::instant::first_instant;
use uuid::Uuid;

use super::posting::posting;
use crate::journey_table::JourneyRow;

/// A key and a product.
pub(super) type Cell = (Option<Uuid>, ProductId);

/// The sums of every local day.
pub(super) struct Days {
    /// Whose days they are.
    clock: DayClock,
    /// Every cell that was ever met, by its number.
    cells: Vec<Cell>,
    numbers: HashMap<Cell, u32>,
    /// By figure and day, what each cell sums up to, in the order of the numbers.
    sums: BTreeMap<(Figure, NaiveDate), Vec<(u32, Sums)>>,
}

impl Days {
    pub(super) fn new(zone: Tz) -> Days {
        Days { clock: DayClock::new(zone), cells: Vec::new(), numbers: HashMap::new(), sums: BTreeMap::new() }
    }

    pub(super) fn zone(&self) -> Tz {
        self.clock.zone
    }

    /// How many sums are kept.
    pub(super) fn size(&self) -> usize {
        self.sums.values().map(Vec::len).sum()
    }

    /// Adds what a journey counts for, so many times: -1 takes it away.
    pub(super) fn add(&mut self, row: &JourneyRow, times: i64) {
        for figure in Figure::ALL {
            let Some(posting) = posting(row, *figure) else { continue };
            let day = self.clock.day_of(posting.at);
            let cell = (posting.key, posting.product);
            let number = *self.numbers.entry(cell).or_insert_with(|| {
                self.cells.push(cell);
                (self.cells.len() - 1) as u32
            });
            let of_day = self.sums.entry((*figure, day)).or_default();
            match of_day.binary_search_by_key(&number, |(cell, _)| *cell) {
                Ok(at) => {
                    of_day[at].1.add(&posting.sums, times);
                    if of_day[at].1 == Sums::default() {
                        of_day.remove(at);
                    }
                }
                Err(at) => {
                    let mut sums = Sums::default();
                    sums.add(&posting.sums, times);
                    of_day.insert(at, (number, sums));
                }
            }
        }
    }

    /// What the cells sum up to over whole days.
    pub(super) fn over(&self, figure: Figure, days: Range<NaiveDate>) -> Vec<(Cell, Sums)> {
        let mut sums = vec![Sums::default(); self.cells.len()];
        if days.start < days.end {
            for of_day in self.sums.range((figure, days.start)..(figure, days.end)).map(|(_, of_day)| of_day) {
                of_day.iter().for_each(|(number, more)| sums[*number as usize].add(more, 1));
            }
        }
        self.cells.iter().copied().zip(sums).filter(|(_, sums)| *sums != Sums::default()).collect()
    }

    /// The local day of an instant.
    pub(super) fn day_of(&mut self, at: Instant) -> NaiveDate {
        self.clock.day_of(at)
    }

    /// The first instant of a local day.
    pub(super) fn start_of(&self, day: NaiveDate) -> Instant {
        first_instant(day, self.clock.zone)
    }
}

/// Tells local days, each from its first instant to that of the next: where a clock is put back over midnight, the day that began stays.
struct DayClock {
    zone: Tz,
    /// The day that was told last, and its bounds.
    last: Option<(NaiveDate, Range<Instant>)>,
}

impl DayClock {
    fn new(zone: Tz) -> DayClock {
        DayClock { zone, last: None }
    }

    fn day_of(&mut self, at: Instant) -> NaiveDate {
        if let Some((day, bounds)) = &self.last
            && bounds.contains(&at)
        {
            return *day;
        }
        let shown = at.local_day(self.zone);
        let found = bounds(shown, self.zone);
        let found = if found.1.end <= at { bounds(next(shown), self.zone) } else { found };
        self.last.insert(found).0
    }
}

fn bounds(day: NaiveDate, zone: Tz) -> (NaiveDate, Range<Instant>) {
    (day, first_instant(day, zone)..first_instant(next(day), zone))
}

/// The day after.
pub(super) fn next(day: NaiveDate) -> NaiveDate {
    day.checked_add_days(Count::new(1)).unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_on_when_the_clock_is_put_back_over_its_beginning() {
        // Until 2010 Newfoundland put its clocks back at a minute past midnight.
        let mut clock = DayClock::new(chrono_tz::America::St_Johns);
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        let told = ["2009-11-01T02:29:59Z", "2009-11-01T02:30:00Z", "2009-11-01T02:45:00Z", "2009-11-01T03:31:00Z", "2009-11-02T03:30:00Z"];
        let days = told.map(|at| clock.day_of(Instant::parse(at).unwrap()));
        assert_eq!(days, ["2009-10-31", "2009-11-01", "2009-11-01", "2009-11-01", "2009-11-02"].map(day));
    }
}
