//! The company's hours and seasons, in its own zone.

use super::chance::Chance;
use super::firm::Source;
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, TimeZone, Timelike, Utc, Weekday};
use chrono_tz::Tz;
use domain::Instant;
use domain::instant::{days_before, first_instant};

/// When the office opens and closes, in minutes of the day; Sundays it stays closed.
const WEEKDAYS: (i64, i64) = (8 * 60 + 30, 20 * 60);
const SATURDAYS: (i64, i64) = (9 * 60, 16 * 60);

/// How many call, month by month: the trade sleeps in winter.
const MONTHS: [u64; 12] = [58, 64, 92, 118, 128, 122, 108, 104, 116, 112, 78, 50];
/// How many call, Monday to Sunday.
const DAYS: [u64; 7] = [128, 116, 112, 104, 94, 82, 54];
/// When demos begin, in minutes of the day, and how often.
const SLOTS: &[(i64, u64)] = &[(10 * 60, 18), (13 * 60, 20), (15 * 60, 16), (17 * 60 + 30, 26), (19 * 60, 20)];

/// Days, hours and seasons of a company.
#[derive(Clone, Copy, Debug)]
pub struct Calendar {
    /// Its zone.
    pub zone: Tz,
}

impl Calendar {
    /// A minute of a local day. A minute that the clocks skip is the one an hour later.
    pub fn at(&self, day: NaiveDate, minute: i64) -> Instant {
        let midnight = day.and_hms_opt(0, 0, 0).unwrap_or_default();
        let local = midnight + TimeDelta::minutes(minute);
        let found = self.zone.from_local_datetime(&local).earliest().or_else(|| self.zone.from_local_datetime(&(local + TimeDelta::hours(1))).earliest());
        found.map_or_else(|| first_instant(day, self.zone), |at| Instant::new(at.with_timezone(&Utc)))
    }

    /// The local day of an instant.
    pub fn day(&self, at: Instant) -> NaiveDate {
        at.local_day(self.zone)
    }

    /// Some seconds after so many minutes, when the office is open; the next time it opens, when it is not.
    pub fn in_office_hours(&self, at: Instant, minutes: i64, chance: &mut Chance) -> Instant {
        let wanted = later(at, minutes * 60 + chance.between(0, 59));
        let local = wanted.utc().with_timezone(&self.zone);
        let (mut day, minute) = (local.date_naive(), i64::from(local.hour() * 60 + local.minute()));
        match hours(day) {
            Some((opens, closes)) if (opens..closes).contains(&minute) => return wanted,
            Some((opens, _)) if minute < opens => {}
            _ => day = day + Days::new(1),
        }
        while hours(day).is_none() {
            day = day + Days::new(1);
        }
        let opens = hours(day).map_or(0, |(opens, _)| opens);
        later(self.at(day, opens + chance.between(1, 95)), chance.between(0, 59)).max(at)
    }

    /// A time at which a demo may begin, so many days ahead; never on a Sunday, never within the next three hours.
    pub fn slot(&self, at: Instant, days_ahead: i64, chance: &mut Chance) -> Instant {
        let mut day = self.day(at) + Days::new(days_ahead.unsigned_abs());
        loop {
            let latest = match day.weekday() {
                Weekday::Sun => 0,
                Weekday::Sat => 15 * 60,
                _ => 24 * 60,
            };
            let fits = |(minute, _): &&(i64, u64)| *minute <= latest && self.at(day, *minute) >= later(at, 3 * 3600);
            let open: Vec<_> = SLOTS.iter().filter(fits).collect();
            if !open.is_empty() {
                return self.at(day, chance.weighted(&open, |(_, often)| *often).0);
            }
            day = day + Days::new(1);
        }
    }
}

/// So many seconds later.
pub fn later(at: Instant, seconds: i64) -> Instant {
    Instant::new(at.utc() + TimeDelta::seconds(seconds))
}

/// Milliseconds since 1970.
pub fn millis(at: Instant) -> i64 {
    DateTime::timestamp_millis(&at.utc())
}

fn hours(day: NaiveDate) -> Option<(i64, i64)> {
    match day.weekday() {
        Weekday::Sun => None,
        Weekday::Sat => Some(SATURDAYS),
        _ => Some(WEEKDAYS),
    }
}

/// The days of a story, each with its share of the leads: seasons, weekdays, and a business that grows.
#[derive(Clone, Debug)]
pub struct Season {
    first: NaiveDate,
    /// The shares of all days up to and including each.
    sums: Vec<u64>,
}

impl Season {
    /// So many days before a day.
    pub fn before(until: NaiveDate, days: u32) -> Season {
        let first = days_before(until, u64::from(days));
        let mut sums = Vec::with_capacity(days as usize);
        let mut sum = 0;
        for (past, day) in first.iter_days().take(days as usize).enumerate() {
            let growth = 100 + 25 * past as u64 / u64::from(days.max(1));
            sum += MONTHS[day.month0() as usize] * DAYS[day.weekday().num_days_from_monday() as usize] * growth / 100;
            sums.push(sum);
        }
        Season { first, sums }
    }

    /// A day on which a lead comes.
    pub fn day(&self, chance: &mut Chance) -> NaiveDate {
        let drawn = chance.below(self.sums.last().copied().unwrap_or_default());
        self.first + Days::new(self.sums.partition_point(|sum| *sum <= drawn) as u64)
    }
}

/// How many leads of a source come on a day, compared to other days.
pub fn share_of(source: &Source, day: NaiveDate) -> u64 {
    let in_season = source.months.is_empty() || source.months.contains(&day.month());
    let weekend = matches!(day.weekday(), Weekday::Sat | Weekday::Sun);
    match (in_season, source.name) {
        (false, _) => 0,
        // A fair is on weekends, and then it is all there is.
        (true, "Home Show") => {
            if weekend {
                source.share * 9
            } else {
                0
            }
        }
        (true, "Door Knocking") if day.weekday() == Weekday::Sun => 0,
        (true, _) => source.share,
    }
}
