//! How long a record may stay in a state (BLUEPRINTS B.0). Two limits move it on by themselves; the others bring it into a work list.

use super::BusinessHours;
use crate::refusal::{Code, Refusal};
use crate::text::Label;
use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};
use std::collections::{BTreeMap, BTreeSet};

/// The time limits of a company. What is left out is as the product brings it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
#[schemars(inline)]
pub struct TimeLimits {
    /// Within how many minutes a new lead is called for the first time (P58, P62).
    pub first_attempt_minutes: Count,
    /// The hours in which those minutes count; without them, around the clock.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub business_hours: Option<BusinessHours>,
    /// After how many days without a demo an attempted contact rests (P2).
    pub rest_after_days: Count,
    /// After how many days of rest a contact goes to Remarket (P2).
    pub remarket_after_days: Count,
    /// How many hours before its start a demo is confirmed.
    pub confirm_hours_before: Count,
    /// How many hours before its start a confirmed demo is issued.
    pub issue_hours_before: Count,
    /// After how many days without an event an open quote is looked at.
    pub quote_idle_days: Count,
    /// For how many days a contact stays in Rehash.
    pub rehash_days: Count,
    /// Within how many business days management approves a sale.
    pub approval_business_days: Count,
    /// For how many days a balance is due before a notice is sent.
    pub balance_due_days: Count,
    /// How many days after a notice a lien may be filed, where the state of the property has no days of its own (P35, P36).
    pub notice_days: Count,
    /// The same by the state or province of the property, as it stands in its address.
    pub notice_days_by_region: BTreeMap<String, Count>,
    /// Until the end of which business day a signed sale may be rescinded (P34).
    pub rescission_business_days: Count,
    /// For how many days a lost contact may be reopened.
    pub reopen_days: Count,
}

impl Default for TimeLimits {
    fn default() -> Self {
        TimeLimits {
            first_attempt_minutes: Count(5),
            business_hours: None,
            rest_after_days: Count(10),
            remarket_after_days: Count(30),
            confirm_hours_before: Count(24),
            issue_hours_before: Count(2),
            quote_idle_days: Count(14),
            rehash_days: Count(30),
            approval_business_days: Count(2),
            balance_due_days: Count(10),
            notice_days: Count(10),
            notice_days_by_region: BTreeMap::new(),
            rescission_business_days: Count(3),
            reopen_days: Count(30),
        }
    }
}

impl TimeLimits {
    /// Refuses names of states that no address can have, and one that is named twice.
    pub(super) fn sound(&self) -> Result<(), Refusal> {
        let mut seen = BTreeSet::new();
        for name in self.notice_days_by_region.keys() {
            let fault = match Label::try_new(name) {
                Err(rule) => rule,
                Ok(clean) if clean.as_str() != name => "must not begin or end with a blank".to_owned(),
                Ok(_) if !seen.insert(name.to_lowercase()) => "must be named once, upper and lower case alike".to_owned(),
                Ok(_) => continue,
            };
            return Err(Refusal::of_field(Code::FieldInvalid, "notice_days_by_region", format!("“{name}” {fault}")));
        }
        Ok(())
    }

    /// How many days after a notice a lien may be filed on a property in this state or province.
    pub fn notice_days_in(&self, region: Option<&str>) -> u32 {
        let own = region.and_then(|region| self.notice_days_by_region.iter().find(|(name, _)| name.eq_ignore_ascii_case(region.trim())));
        own.map_or(self.notice_days, |(_, days)| *days).0
    }
}

/// A number of minutes, hours or days: 1 to 3,650.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Count(#[schemars(range(min = 1, max = 3650))] pub u32);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Count, D::Error> {
        match u32::deserialize(deserializer)? {
            count @ 1..=3650 => Ok(Count(count)),
            other => Err(de::Error::custom(format!("{other} is not between 1 and 3650"))),
        }
    }
}
