//! How a company counts its days and its money.

use crate::text::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a company counts its days and its money.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// What the company is called.
    pub name: Label,
    /// IANA time zone of its local days, such as `America/New_York`.
    pub zone: Zone,
    /// ISO 4217 code of its currency. It changes only before the first product is defined.
    pub currency: Currency,
    /// First day of the week in its reports.
    #[serde(default = "monday")]
    pub week_starts_on: Weekday,
    /// First month of the year in its reports, 1 to 12.
    #[serde(default = "january")]
    pub year_starts_in: Month,
}

fn monday() -> Weekday {
    Weekday::Monday
}

fn january() -> Month {
    Month(1)
}

/// A time zone of the IANA database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Zone(pub chrono_tz::Tz);

impl Zone {
    /// Reads an IANA name.
    pub fn parse(name: &str) -> Result<Zone, String> {
        name.parse().map(Zone).map_err(|_| format!("`{name}` is not an IANA time zone such as America/New_York"))
    }
}

/// The first day of a week.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
#[allow(missing_docs, reason = "the days of the week")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

impl Weekday {
    /// Days since Monday: 0 to 6.
    pub fn index(self) -> u32 {
        self as u32
    }
}

/// A month, 1 to 12.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Month(#[schemars(range(min = 1, max = 12))] pub u32);

/// An ISO 4217 currency code: three capital letters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Currency(#[schemars(regex(pattern = "^[A-Z]{3}$"))] String);

impl Currency {
    /// Reads a code.
    pub fn parse(code: &str) -> Result<Currency, String> {
        if code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()) {
            Ok(Currency(code.into()))
        } else {
            Err(format!("`{code}` is not an ISO 4217 code such as USD"))
        }
    }

    /// The three letters.
    pub fn code(&self) -> &str {
        &self.0
    }
}

mod reading {
    use super::{Currency, Month, Zone};
    use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
    use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error};

    impl<'de> Deserialize<'de> for Month {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Month, D::Error> {
            match u32::deserialize(deserializer)? {
                month @ 1..=12 => Ok(Month(month)),
                other => Err(D::Error::custom(format!("{other} is not a month from 1 to 12"))),
            }
        }
    }

    impl<'de> Deserialize<'de> for Currency {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Currency, D::Error> {
            Currency::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    }

    impl Serialize for Zone {
        fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            serializer.serialize_str(self.0.name())
        }
    }

    impl<'de> Deserialize<'de> for Zone {
        fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Zone, D::Error> {
            Zone::parse(&String::deserialize(deserializer)?).map_err(D::Error::custom)
        }
    }

    impl JsonSchema for Zone {
        fn inline_schema() -> bool {
            true
        }
        fn schema_name() -> std::borrow::Cow<'static, str> {
            "Zone".into()
        }
        fn json_schema(_: &mut SchemaGenerator) -> Schema {
            json_schema!({ "type": "string", "description": "IANA time zone", "examples": ["America/New_York"] })
        }
    }
}
