//! Money: whole minor units of the company's currency, never a float.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize, de};

/// The largest amount that can be entered, in either direction: ten billion major units of a currency with cents.
pub const LIMIT_MINOR: i64 = 1_000_000_000_000;

/// An amount in minor units (cents) of the company's currency. May be negative where a rule says so.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Money(pub i64);

impl Money {
    /// Nothing.
    pub const ZERO: Money = Money(0);

    /// Sum, held at the ends of the range: amounts are bounded on entry, so no real sum gets there.
    pub fn plus(self, other: Money) -> Money {
        Money(self.0.saturating_add(other.0))
    }

    /// The opposite.
    pub fn negated(self) -> Money {
        Money(self.0.saturating_neg())
    }

    /// Reads what was computed: sums may lie beyond what can be entered.
    pub(crate) fn computed<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        i64::deserialize(deserializer).map(Money)
    }

    /// Quantity times price; `None` when the result is larger than any amount that may be entered.
    pub fn times(self, quantity: u32) -> Option<Money> {
        self.0.checked_mul(i64::from(quantity)).filter(|minor| minor.unsigned_abs() <= LIMIT_MINOR.unsigned_abs()).map(Money)
    }
}

impl std::iter::Sum for Money {
    fn sum<I: Iterator<Item = Money>>(amounts: I) -> Money {
        amounts.fold(Money::ZERO, Money::plus)
    }
}

impl<'de> Deserialize<'de> for Money {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Money, D::Error> {
        let minor = i64::deserialize(deserializer)?;
        if minor.unsigned_abs() > LIMIT_MINOR.unsigned_abs() {
            return Err(de::Error::custom(format!("{minor} is larger than {LIMIT_MINOR}, the largest amount in minor units")));
        }
        Ok(Money(minor))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_amount_beyond_the_limit_is_refused() {
        assert!(serde_json::from_str::<Money>("1000000000001").is_err());
        assert!(serde_json::from_str::<Money>("-9223372036854775808").is_err());
        assert_eq!(serde_json::from_str::<Money>("-5").unwrap(), Money(-5));
    }
}
