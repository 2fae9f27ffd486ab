//! When a company's office is open: the hours that count where a new lead has to be called (P58, P62).

use super::Weekday;
use crate::holidays::is_federal_holiday;
use crate::instant::{Instant, days_before, local_instant};
use chrono::{Datelike, Days, NaiveDate, NaiveTime, TimeDelta};
use chrono_tz::Tz;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The hours in which an office is open, the same on each of its days. On federal holidays it is closed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, try_from = "AsSent")]
#[schemars(inline, !try_from)]
pub struct BusinessHours {
    /// When it opens, in the company's zone, such as `09:00`.
    pub opens: TimeOfDay,
    /// When it closes, later on the same day, `24:00` at the latest.
    pub closes: TimeOfDay,
    /// On which days of the week it is open.
    #[schemars(length(min = 1))]
    pub days: Vec<Weekday>,
}

/// Business hours before it was looked whether they can be.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AsSent {
    opens: TimeOfDay,
    closes: TimeOfDay,
    days: Vec<Weekday>,
}

impl TryFrom<AsSent> for BusinessHours {
    type Error = &'static str;

    fn try_from(AsSent { opens, closes, days }: AsSent) -> Result<BusinessHours, &'static str> {
        match () {
            () if opens >= closes => Err("an office closes later than it opens, on the same day"),
            () if days.is_empty() => Err("an office is open on one day of the week at least"),
            () if days.iter().enumerate().any(|(at, day)| days[..at].contains(day)) => Err("days: must name each day of the week once"),
            () => Ok(BusinessHours { opens, closes, days }),
        }
    }
}

/// A time of day: whole minutes since midnight, written as `09:00`, up to `24:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TimeOfDay(u32);

impl TimeOfDay {
    fn parse(text: &str) -> Option<TimeOfDay> {
        let two = |digits: &str| digits.parse().ok().filter(|_| digits.len() == 2 && digits.bytes().all(|digit| digit.is_ascii_digit()));
        let (hour, minute): (u32, u32) = text.split_once(':').and_then(|(hour, minute)| Some((two(hour)?, two(minute)?)))?;
        Some(TimeOfDay(hour * 60 + minute)).filter(|time| minute < 60 && time.0 <= 24 * 60)
    }

    /// When it is this time on a local day.
    fn on(self, day: NaiveDate, zone: Tz) -> Instant {
        let time = NaiveTime::from_num_seconds_from_midnight_opt(self.0 * 60, 0);
        time.map_or_else(|| local_instant(day + Days::new(1), NaiveTime::MIN, zone), |time| local_instant(day, time, zone))
    }
}

impl BusinessHours {
    /// From when to when it is open on a local day; `None` where it is closed.
    fn on(&self, day: NaiveDate, zone: Tz) -> Option<(Instant, Instant)> {
        let open = !is_federal_holiday(day) && self.days.iter().any(|open| open.index() == day.weekday().num_days_from_monday());
        open.then(|| (self.opens.on(day, zone), self.closes.on(day, zone)))
    }

    /// When the office has been open for so long since an instant.
    pub(super) fn after(&self, since: Instant, time: TimeDelta, zone: Tz) -> Instant {
        let (mut left, mut day) = (time, since.local_day(zone));
        loop {
            if let Some((opens, closes)) = self.on(day, zone) {
                let (from, to) = (opens.max(since).utc(), closes.utc());
                if to - from >= left {
                    return Instant::new(from + left);
                }
                left -= (to - from).max(TimeDelta::zero());
            }
            day = day + Days::new(1);
        }
    }

    /// The last instant since when the office has been open for so long by now.
    pub(super) fn before(&self, now: Instant, time: TimeDelta, zone: Tz) -> Instant {
        let (mut left, mut day) = (time, now.local_day(zone));
        loop {
            if let Some((opens, closes)) = self.on(day, zone) {
                let (from, to) = (opens.utc(), closes.min(now).utc());
                if to - from >= left {
                    return Instant::new(to - left);
                }
                left -= (to - from).max(TimeDelta::zero());
            }
            day = days_before(day, 1);
        }
    }
}

impl Serialize for TimeOfDay {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&format_args!("{:02}:{:02}", self.0 / 60, self.0 % 60))
    }
}

impl<'de> Deserialize<'de> for TimeOfDay {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<TimeOfDay, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        TimeOfDay::parse(&text).ok_or_else(|| de::Error::custom(format!("`{text}` is not a time of day from 00:00 to 24:00")))
    }
}

impl JsonSchema for TimeOfDay {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "TimeOfDay".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "pattern": "^([01][0-9]|2[0-3]):[0-5][0-9]$|^24:00$", "examples": ["09:00"] })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const NEW_YORK: Tz = chrono_tz::America::New_York;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    fn office() -> BusinessHours {
        serde_json::from_value(json!({ "opens": "09:00", "closes": "17:30", "days": ["monday", "tuesday", "wednesday", "thursday", "friday"] })).unwrap()
    }

    #[test]
    fn only_the_hours_in_which_the_office_is_open_count() {
        let five = |since: &str| office().after(at(since), TimeDelta::minutes(5), NEW_YORK);
        assert_eq!(five("2026-03-03T15:00:00Z"), at("2026-03-03T15:05:00Z"), "it is open");
        assert_eq!(five("2026-03-03T22:28:00Z"), at("2026-03-04T14:03:00Z"), "it closes meanwhile");
        assert_eq!(five("2026-03-03T22:25:00Z"), at("2026-03-03T22:30:00Z"), "it closes just then");
        assert_eq!(five("2026-03-06T23:00:00Z"), at("2026-03-09T13:05:00Z"), "a weekend on which the clocks change");
        assert_eq!(five("2026-07-02T22:00:00Z"), at("2026-07-06T13:05:00Z"), "Independence Day is kept on the Friday");
        assert_eq!(office().after(at("2026-03-03T14:00:00Z"), TimeDelta::hours(17), NEW_YORK), at("2026-03-04T22:30:00Z"), "two whole days");
    }

    #[test]
    fn an_office_may_be_open_until_midnight() {
        let late: BusinessHours = serde_json::from_value(json!({ "opens": "23:00", "closes": "24:00", "days": ["sunday"] })).unwrap();
        assert_eq!(late.after(at("2026-03-02T03:58:00Z"), TimeDelta::minutes(90), NEW_YORK), at("2026-03-09T03:30:00Z"));
        assert_eq!(serde_json::to_value(late).unwrap()["closes"], "24:00");
    }

    #[test]
    fn hours_that_cannot_be_are_not_read() {
        for (opens, closes, days) in [
            ("09:00", "09:00", json!(["monday"])),
            ("17:00", "09:00", json!(["monday"])),
            ("09:00", "17:00", json!([])),
            ("09:00", "17:00", json!(["monday", "monday"])),
        ] {
            assert!(serde_json::from_value::<BusinessHours>(json!({ "opens": opens, "closes": closes, "days": days })).is_err(), "{opens} {closes} {days}");
        }
        for time in ["9:00", "09:60", "24:01", "25:00", "+9:00", "09.00", ""] {
            assert_eq!(TimeOfDay::parse(time), None, "{time}");
        }
    }
}
