//! Windows: local calendar days, ending at the as-of instant (METRICS C.1).

use crate::company::{Month, Weekday};
use crate::instant::{Instant, days_before, first_instant, local_instant};
use chrono::{Datelike, NaiveDate};
use chrono_tz::Tz;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The windows of every index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the names say it")]
pub enum WindowName {
    #[serde(rename = "last_7_days")]
    Last7Days,
    #[serde(rename = "last_30_days")]
    Last30Days,
    #[serde(rename = "last_90_days")]
    Last90Days,
    #[serde(rename = "last_180_days")]
    Last180Days,
    ThisWeek,
    ThisMonth,
    ThisQuarter,
    ThisYear,
}

impl WindowName {
    /// All windows, in the order in which they are shown.
    pub const ALL: &'static [WindowName] = &[
        WindowName::Last7Days,
        WindowName::Last30Days,
        WindowName::Last90Days,
        WindowName::Last180Days,
        WindowName::ThisWeek,
        WindowName::ThisMonth,
        WindowName::ThisQuarter,
        WindowName::ThisYear,
    ];

    /// The name, as asked for and shown.
    pub fn name(self) -> &'static str {
        match self {
            WindowName::Last7Days => "last_7_days",
            WindowName::Last30Days => "last_30_days",
            WindowName::Last90Days => "last_90_days",
            WindowName::Last180Days => "last_180_days",
            WindowName::ThisWeek => "this_week",
            WindowName::ThisMonth => "this_month",
            WindowName::ThisQuarter => "this_quarter",
            WindowName::ThisYear => "this_year",
        }
    }

    /// The window of this name.
    pub fn parse(name: &str) -> Option<WindowName> {
        WindowName::ALL.iter().copied().find(|window| window.name() == name)
    }
}

/// How a company counts weeks and years, and in which zone its days begin.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Calendar {
    /// Zone of the local days.
    pub zone: Tz,
    /// First day of the week.
    pub week_starts_on: Weekday,
    /// First month of the year; quarters are counted from it.
    pub year_starts_in: Month,
}

impl Calendar {
    /// The first instant of a window that ends at `as_of`. Last N days count today; a period begins with its first local day.
    pub fn window_start(&self, window: WindowName, as_of: Instant) -> Instant {
        let today = as_of.local_day(self.zone);
        let first_day = match window {
            WindowName::Last7Days => days_before(today, 6),
            WindowName::Last30Days => days_before(today, 29),
            WindowName::Last90Days => days_before(today, 89),
            WindowName::Last180Days => days_before(today, 179),
            WindowName::ThisWeek => self.week_start(today),
            WindowName::ThisMonth => first_of_month(today, 0),
            WindowName::ThisQuarter => first_of_month(today, self.months_into_year(today) % 3),
            WindowName::ThisYear => first_of_month(today, self.months_into_year(today)),
        };
        first_instant(first_day, self.zone)
    }

    /// Where the period before a window that ends at `as_of` begins and ends: so many days earlier, or as far into the week, month, quarter or year before.
    pub fn period_before(&self, window: WindowName, as_of: Instant) -> (Instant, Instant) {
        let local = as_of.utc().with_timezone(&self.zone).naive_local();
        let (today, time) = (local.date(), local.time());
        let months = |count| today.checked_sub_months(chrono::Months::new(count)).unwrap_or(today);
        let day = match window {
            WindowName::Last7Days | WindowName::ThisWeek => days_before(today, 7),
            WindowName::Last30Days => days_before(today, 30),
            WindowName::Last90Days => days_before(today, 90),
            WindowName::Last180Days => days_before(today, 180),
            WindowName::ThisMonth => months(1),
            WindowName::ThisQuarter => months(3),
            WindowName::ThisYear => months(12),
        };
        let to = local_instant(day, time, self.zone);
        (self.window_start(window, to), to)
    }

    fn week_start(&self, today: NaiveDate) -> NaiveDate {
        let since = (7 + today.weekday().num_days_from_monday() - self.week_starts_on.index()) % 7;
        days_before(today, u64::from(since))
    }

    /// Whole months since the company's year began.
    fn months_into_year(&self, today: NaiveDate) -> u32 {
        (12 + today.month() - self.year_starts_in.0) % 12
    }
}

/// The first day of the month that lies `back` months before the one of `today`.
fn first_of_month(today: NaiveDate, back: u32) -> NaiveDate {
    let first = today.with_day(1).unwrap_or(today);
    first.checked_sub_months(chrono::Months::new(back)).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::America::{Havana, New_York};
    use chrono_tz::Europe::Amsterdam;

    fn start(window: WindowName, as_of: &str, zone: Tz, week_starts_on: Weekday, year_starts_in: u32) -> String {
        let calendar = Calendar { zone, week_starts_on, year_starts_in: Month(year_starts_in) };
        calendar.window_start(window, Instant::parse(as_of).unwrap()).to_string()
    }

    #[test]
    fn last_days_count_today() {
        assert_eq!(start(WindowName::Last7Days, "2026-07-10T15:00:00Z", New_York, Weekday::Monday, 1), "2026-07-04T04:00:00Z");
        assert_eq!(start(WindowName::Last30Days, "2026-07-10T15:00:00Z", New_York, Weekday::Monday, 1), "2026-06-11T04:00:00Z");
    }

    #[test]
    fn the_period_before_is_as_long_or_has_come_as_far() {
        let calendar = Calendar { zone: New_York, week_starts_on: Weekday::Monday, year_starts_in: Month(1) };
        let before = |window, as_of: &str| {
            let (from, to) = calendar.period_before(window, Instant::parse(as_of).unwrap());
            (from.to_string(), to.to_string())
        };
        let of = |from: &str, to: &str| (from.to_owned(), to.to_owned());
        assert_eq!(before(WindowName::Last7Days, "2026-07-10T15:00:00Z"), of("2026-06-27T04:00:00Z", "2026-07-03T15:00:00Z"));
        assert_eq!(before(WindowName::ThisWeek, "2026-07-10T15:00:00Z"), of("2026-06-29T04:00:00Z", "2026-07-03T15:00:00Z"));
        // Over a clock change: the same time of day, and February has no 31st.
        assert_eq!(before(WindowName::ThisMonth, "2026-03-31T15:00:00Z"), of("2026-02-01T05:00:00Z", "2026-02-28T16:00:00Z"));
        assert_eq!(before(WindowName::ThisQuarter, "2026-07-10T15:00:00Z"), of("2026-04-01T04:00:00Z", "2026-04-10T15:00:00Z"));
        assert_eq!(before(WindowName::ThisYear, "2026-07-10T15:00:00Z"), of("2025-01-01T05:00:00Z", "2025-07-10T15:00:00Z"));
    }

    #[test]
    fn today_is_the_local_day_of_the_as_of_instant() {
        assert_eq!(start(WindowName::Last7Days, "2026-07-10T03:59:59Z", New_York, Weekday::Monday, 1), "2026-07-03T04:00:00Z");
        assert_eq!(start(WindowName::Last7Days, "2026-07-10T04:00:00Z", New_York, Weekday::Monday, 1), "2026-07-04T04:00:00Z");
    }

    #[test]
    fn a_window_over_a_clock_change_is_an_hour_longer_or_shorter() {
        assert_eq!(start(WindowName::Last7Days, "2026-11-03T12:00:00Z", New_York, Weekday::Monday, 1), "2026-10-28T04:00:00Z");
        assert_eq!(start(WindowName::Last7Days, "2026-03-10T12:00:00Z", New_York, Weekday::Monday, 1), "2026-03-04T05:00:00Z");
        assert_eq!(start(WindowName::Last7Days, "2011-10-31T12:00:00Z", Amsterdam, Weekday::Monday, 1), "2011-10-24T22:00:00Z");
    }

    #[test]
    fn a_day_whose_midnight_comes_twice_begins_with_the_first() {
        assert_eq!(start(WindowName::ThisWeek, "2024-11-03T12:00:00Z", Havana, Weekday::Sunday, 1), "2024-11-03T04:00:00Z");
    }

    #[test]
    fn the_week_begins_on_the_companys_day() {
        for (day, expected) in [(Weekday::Monday, "2026-07-06T04:00:00Z"), (Weekday::Sunday, "2026-07-05T04:00:00Z"), (Weekday::Friday, "2026-07-10T04:00:00Z")]
        {
            assert_eq!(start(WindowName::ThisWeek, "2026-07-10T15:00:00Z", New_York, day, 1), expected);
        }
    }

    #[test]
    fn months_quarters_and_years_begin_with_the_companys_year() {
        let begins = |window, year_starts_in| start(window, "2026-05-17T15:00:00Z", chrono_tz::UTC, Weekday::Monday, year_starts_in);
        assert_eq!(begins(WindowName::ThisMonth, 1), "2026-05-01T00:00:00Z");
        assert_eq!(begins(WindowName::ThisQuarter, 1), "2026-04-01T00:00:00Z");
        assert_eq!(begins(WindowName::ThisYear, 1), "2026-01-01T00:00:00Z");
        assert_eq!(begins(WindowName::ThisQuarter, 2), "2026-05-01T00:00:00Z");
        assert_eq!(begins(WindowName::ThisYear, 6), "2025-06-01T00:00:00Z");
        assert_eq!(begins(WindowName::ThisQuarter, 6), "2026-03-01T00:00:00Z");
    }
}
