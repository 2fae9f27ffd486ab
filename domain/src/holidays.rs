//! Which days are business days in the USA: every day but Sundays and federal holidays (16 CFR 429.0, P34).

use chrono::{Datelike, Days, NaiveDate, Weekday};

/// On which day of the year a holiday falls.
enum Rule {
    /// On this day of this month.
    On(u32, u32),
    /// On the first, second, third … such weekday of this month.
    Nth(u8, Weekday, u32),
    /// On the last such weekday of this month.
    Last(Weekday, u32),
}
use Rule::*;

/// The federal holidays (5 U.S.C. 6103), each with its first year as one.
const FEDERAL: &[(Rule, i32)] = &[
    (On(1, 1), 1870),                 // New Year's Day
    (Nth(3, Weekday::Mon, 1), 1986),  // Birthday of Martin Luther King, Jr.
    (Nth(3, Weekday::Mon, 2), 1971),  // Washington's Birthday
    (Last(Weekday::Mon, 5), 1971),    // Memorial Day
    (On(6, 19), 2021),                // Juneteenth
    (On(7, 4), 1870),                 // Independence Day
    (Nth(1, Weekday::Mon, 9), 1894),  // Labor Day
    (Nth(2, Weekday::Mon, 10), 1971), // Columbus Day
    (On(11, 11), 1978),               // Veterans Day
    (Nth(4, Weekday::Thu, 11), 1942), // Thanksgiving Day
    (On(12, 25), 1870),               // Christmas Day
];

/// Whether a day is a federal holiday, or the Friday or Monday on which one that falls on a weekend is kept. Where it can be doubted
/// whether both count, both do: it gives the customer more time.
pub fn is_federal_holiday(day: NaiveDate) -> bool {
    let kept_for = match day.weekday() {
        Weekday::Mon => day.pred_opt(),
        Weekday::Fri => day.succ_opt(),
        _ => None,
    };
    falls_on(day) || kept_for.is_some_and(falls_on)
}

/// Whether a day is a business day: Saturdays are, Sundays and federal holidays are not.
pub fn is_business_day(day: NaiveDate) -> bool {
    day.weekday() != Weekday::Sun && !is_federal_holiday(day)
}

/// The business day that is so many business days after a day.
pub fn business_day_after(day: NaiveDate, count: u32) -> NaiveDate {
    let mut last = day;
    for _ in 0..count {
        loop {
            last = last.checked_add_days(Days::new(1)).unwrap_or(NaiveDate::MAX);
            if is_business_day(last) || last == NaiveDate::MAX {
                break;
            }
        }
    }
    last
}

/// Whether a holiday itself falls on a day.
fn falls_on(day: NaiveDate) -> bool {
    FEDERAL.iter().any(|(rule, since)| {
        day.year() >= *since
            && match *rule {
                On(month, number) => (day.month(), day.day()) == (month, number),
                Nth(nth, weekday, month) => (day.month(), day.weekday()) == (month, weekday) && day.day0() / 7 + 1 == u32::from(nth),
                Last(weekday, month) => {
                    (day.month(), day.weekday()) == (month, weekday) && day.checked_add_days(Days::new(7)).is_none_or(|later| later.month() != month)
                }
            }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn the_holidays_of_a_year_are_those_of_the_governments_calendar() {
        let published = |year: i32, days: &[&str]| {
            let first = NaiveDate::from_ymd_opt(year, 1, 1).unwrap();
            let found: Vec<_> =
                first.iter_days().take_while(|day| day.year() == year).filter(|day| falls_on(*day)).map(|day| day.format("%m-%d").to_string()).collect();
            assert_eq!(found, days, "{year}");
        };
        published(2020, &["01-01", "01-20", "02-17", "05-25", "07-04", "09-07", "10-12", "11-11", "11-26", "12-25"]);
        published(2026, &["01-01", "01-19", "02-16", "05-25", "06-19", "07-04", "09-07", "10-12", "11-11", "11-26", "12-25"]);
    }

    #[test]
    fn a_holiday_on_a_weekend_is_kept_beside_it_as_well() {
        for holiday in ["2021-12-31", "2022-01-01", "2023-01-01", "2023-01-02", "2026-07-03", "2026-07-04"] {
            assert!(is_federal_holiday(day(holiday)), "{holiday}");
        }
        assert!(!is_federal_holiday(day("2026-07-06")), "what falls on a Saturday is kept on the Friday");
    }

    #[test]
    fn saturdays_count_and_sundays_and_holidays_do_not() {
        assert_eq!(business_day_after(day("2026-03-02"), 3), day("2026-03-05"), "Monday to Thursday");
        assert_eq!(business_day_after(day("2026-03-05"), 3), day("2026-03-09"), "Thursday to Monday, over a Sunday");
        assert_eq!(business_day_after(day("2026-11-24"), 3), day("2026-11-28"), "Tuesday to Saturday, over Thanksgiving");
        assert_eq!(business_day_after(day("2026-07-02"), 3), day("2026-07-08"), "over the Fourth of July, kept on Friday and Saturday, and a Sunday");
        assert_eq!(business_day_after(day("2026-03-01"), 0), day("2026-03-01"));
    }

    proptest! {
        /// Between a day and the one so many business days after it lie so many business days, that one included.
        #[test]
        fn so_many_business_days_after_is_so_many_later(from in 0i64..73_000, count in 1u32..40) {
            let from = day("1990-01-01") + chrono::TimeDelta::days(from);
            let until = business_day_after(from, count);
            prop_assert!(is_business_day(until));
            prop_assert_eq!(from.iter_days().skip(1).take_while(|day| *day <= until).filter(|day| is_business_day(*day)).count(), count as usize);
        }
    }

    /// Of nine days in a row, however they fall, four are business days: around a New Year's Day on a Saturday there are no more.
    #[test]
    fn holidays_never_stop_business() {
        let business_days = |from: NaiveDate| from.iter_days().take(9).filter(|day| is_business_day(*day)).count();
        let fewest = day("1990-01-01").iter_days().take(73_000).map(business_days).min();
        assert_eq!(fewest, Some(4));
    }
}
