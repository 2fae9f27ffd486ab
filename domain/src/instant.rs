//! Time: instants in UTC with microseconds, and local days in a zone.

use chrono::{DateTime, Days, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// An instant in UTC, cut to whole microseconds so that every database keeps it exactly.
///
/// Read and written as RFC 3339; any offset is accepted. The years 1900 to 2199 are taken; what lies outside is a typing error.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Instant(DateTime<Utc>);

impl Instant {
    /// The instant of `at`, cut to microseconds. A leap second is the first second after it, as in every database.
    pub fn new(at: DateTime<Utc>) -> Instant {
        Instant(DateTime::from_timestamp_micros(at.timestamp_micros()).unwrap_or(at))
    }

    /// The same instant as chrono's type.
    pub fn utc(self) -> DateTime<Utc> {
        self.0
    }

    /// Microseconds since 1970, the form in which it is stored in tables.
    pub fn micros(self) -> i64 {
        self.0.timestamp_micros()
    }

    /// Reads RFC 3339 text. The error says what is wrong, for people.
    pub fn parse(text: &str) -> Result<Instant, String> {
        let at = DateTime::parse_from_rfc3339(text).map_err(|_| format!("`{text}` is not an RFC 3339 instant such as 2026-03-01T14:30:00-05:00"))?;
        let at = Instant::new(at.with_timezone(&Utc));
        if sensible(at.0.date_naive()) { Ok(at) } else { Err(format!("`{text}` lies outside the years 1900 to 2199")) }
    }

    /// The calendar day of this instant in a zone.
    pub fn local_day(self, zone: Tz) -> NaiveDate {
        self.0.with_timezone(&zone).date_naive()
    }
}

impl std::fmt::Display for Instant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
    }
}

impl From<DateTime<Utc>> for Instant {
    fn from(at: DateTime<Utc>) -> Instant {
        Instant::new(at)
    }
}

impl Serialize for Instant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Instant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Instant, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        Instant::parse(&text).map_err(de::Error::custom)
    }
}

impl JsonSchema for Instant {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Instant".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// A date typed by a person, or the exact instant where it is known (METRICS C.1).
///
/// Written as `2026-03-01` or as an instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A calendar day of the company.
    Day(NaiveDate),
    /// An exact instant.
    At(Instant),
}

impl When {
    /// The instant meant: a day means its first instant in the company's zone.
    pub fn instant(self, zone: Tz) -> Instant {
        match self {
            When::Day(day) => first_instant(day, zone),
            When::At(at) => at,
        }
    }

    /// The last instant meant: a day means all of it, in the company's zone.
    pub fn last_instant(self, zone: Tz) -> Instant {
        match self {
            When::Day(day) => Instant::new(first_instant(day + Days::new(1), zone).utc() - TimeDelta::microseconds(1)),
            When::At(at) => at,
        }
    }
}

impl Serialize for When {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            When::Day(day) => serializer.collect_str(day),
            When::At(at) => at.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for When {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<When, D::Error> {
        let text = std::borrow::Cow::<str>::deserialize(deserializer)?;
        match NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
            // Wherever the company is, the day's first instant must be one that can be read again.
            Ok(day) if [day.pred_opt(), day.succ_opt()].into_iter().all(|next| next.is_some_and(sensible)) => Ok(When::Day(day)),
            Ok(_) => Err(de::Error::custom(format!("`{text}` lies outside the days that can be entered, 1900-01-02 to 2199-12-30"))),
            Err(_) => Instant::parse(&text)
                .map(When::At)
                .map_err(|_| de::Error::custom(format!("`{text}` is neither a day such as 2026-03-01 nor an RFC 3339 instant of the years 1900 to 2199"))),
        }
    }
}

impl JsonSchema for When {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "When".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "day-or-instant", "description": "A day (2026-03-01, its first instant in the company's zone) or an RFC 3339 instant" })
    }
}

/// A calendar day of the company. Written as `2026-03-01`; 1900-01-02 to 2199-12-30.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(transparent)]
pub struct Day(pub NaiveDate);

impl<'de> Deserialize<'de> for Day {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Day, D::Error> {
        match When::deserialize(deserializer)? {
            When::Day(day) => Ok(Day(day)),
            When::At(at) => Err(de::Error::custom(format!("`{at}` is an instant where a day such as 2026-03-01 is needed"))),
        }
    }
}

impl JsonSchema for Day {
    fn inline_schema() -> bool {
        true
    }
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Day".into()
    }
    fn json_schema(_: &mut SchemaGenerator) -> Schema {
        json_schema!({ "type": "string", "format": "date" })
    }
}

/// The first instant of a local day: its midnight; where the zone skips midnight, the first instant after the gap;
/// where midnight comes twice, the first (METRICS C.1).
pub fn first_instant(day: NaiveDate, zone: Tz) -> Instant {
    local_instant(day, NaiveTime::MIN, zone)
}

/// When it is a time of day on a local day; where the zone skips it, the first instant after the gap; where it comes twice, the first.
pub fn local_instant(day: NaiveDate, time: NaiveTime, zone: Tz) -> Instant {
    let local = day.and_time(time);
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => Instant::new(at.with_timezone(&Utc)),
        LocalResult::None => after_gap(local, zone),
    }
}

/// The first instant after the gap that swallowed a local time: found by halving the days around it, in UTC.
fn after_gap(local: NaiveDateTime, zone: Tz) -> Instant {
    let (mut before, mut after) = (local.and_utc() - TimeDelta::hours(36), local.and_utc() + TimeDelta::hours(36));
    while after - before > TimeDelta::microseconds(1) {
        let middle = before + (after - before) / 2;
        if middle.with_timezone(&zone).naive_local() < local { before = middle } else { after = middle }
    }
    Instant::new(after)
}

/// The day `count` calendar days before `day`.
pub fn days_before(day: NaiveDate, count: u64) -> NaiveDate {
    day.checked_sub_days(Days::new(count)).unwrap_or(NaiveDate::MIN)
}

fn sensible(day: NaiveDate) -> bool {
    use chrono::Datelike;
    (1900..2200).contains(&day.year())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(day: &str, zone: Tz) -> String {
        first_instant(day.parse().unwrap(), zone).to_string()
    }

    #[test]
    fn a_day_begins_at_its_midnight() {
        assert_eq!(first("2026-07-01", chrono_tz::America::New_York), "2026-07-01T04:00:00Z");
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_after_the_gap() {
        assert_eq!(first("2018-11-04", chrono_tz::America::Sao_Paulo), "2018-11-04T03:00:00Z");
    }

    #[test]
    fn a_time_that_is_skipped_is_when_the_gap_ends_and_one_that_comes_twice_the_first() {
        let at = |day: &str, time: &str| local_instant(day.parse().unwrap(), time.parse().unwrap(), chrono_tz::America::New_York).to_string();
        assert_eq!(at("2026-03-08", "02:30:00"), "2026-03-08T07:00:00Z");
        assert_eq!(at("2026-11-01", "01:30:00"), "2026-11-01T05:30:00Z");
        assert_eq!(at("2026-11-02", "09:00:00"), "2026-11-02T14:00:00Z");
    }

    #[test]
    fn a_day_whose_midnight_comes_twice_begins_with_the_first() {
        assert_eq!(first("2024-11-03", chrono_tz::America::Havana), "2024-11-03T04:00:00Z");
    }

    #[test]
    fn a_day_that_a_zone_left_out_begins_where_the_next_one_does() {
        assert_eq!(first("2011-12-30", chrono_tz::Pacific::Apia), first("2011-12-31", chrono_tz::Pacific::Apia));
    }

    #[test]
    fn instants_are_read_with_any_offset_and_written_in_utc() {
        assert_eq!(Instant::parse("2011-10-01T00:38:44.5467891+02:00").unwrap().to_string(), "2011-09-30T22:38:44.546789Z");
        assert!(Instant::parse("9999-12-31T00:00:00Z").unwrap_err().contains("1900 to 2199"));
        assert!(Instant::parse("yesterday").unwrap_err().contains("RFC 3339"));
    }

    #[test]
    fn a_day_that_cannot_be_entered_is_told_which_days_can() {
        for day in ["1900-01-01", "2199-12-31", "1066-10-14"] {
            let error = serde_json::from_value::<When>(day.into()).unwrap_err().to_string();
            assert_eq!(error, format!("`{day}` lies outside the days that can be entered, 1900-01-02 to 2199-12-30"));
        }
        for day in ["1900-01-02", "2199-12-30"] {
            assert!(serde_json::from_value::<When>(day.into()).is_ok(), "{day}");
        }
    }

    #[test]
    fn a_typed_day_means_its_first_instant_in_the_companys_zone() {
        let when: When = serde_json::from_str("\"2026-03-01\"").unwrap();
        assert_eq!(when.instant(chrono_tz::America::Chicago).to_string(), "2026-03-01T06:00:00Z");
    }
}
