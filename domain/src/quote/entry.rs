//! What may be sent as an offer: objects (serde alone would take bare lists of their values as well), each within its bounds.

use super::{Discount, Finance, Item};
use crate::money::Money;
use crate::text::{Label, Line};
use serde::{Deserialize, Deserializer, de};
use std::marker::PhantomData;

/// A part of an offer, and what it must keep.
trait Part<'de>: Deserialize<'de> {
    /// Its fields.
    const FIELDS: &'static str;
    /// Which bound it breaks: the field, where it is one of them, and what is wrong with it.
    fn fault(&self) -> Option<&'static str>;
}

impl Part<'_> for Item<Line> {
    const FIELDS: &'static str = "an object with description, quantity, unit_price_minor";
    fn fault(&self) -> Option<&'static str> {
        match self {
            Item { quantity: 0 | 1_000_001.., .. } => Some("quantity: must be between 1 and 1000000"),
            Item { unit_price_minor, .. } if *unit_price_minor < Money::ZERO => Some("unit_price_minor: must not be negative"),
            _ => None,
        }
    }
}

impl Part<'_> for Discount<Line> {
    const FIELDS: &'static str = "an object with description, amount_minor or basis_points";
    fn fault(&self) -> Option<&'static str> {
        match (self.amount_minor, self.basis_points) {
            (None, None) | (Some(_), Some(_)) => Some("a discount is an amount or a share: send amount_minor or basis_points"),
            (Some(amount), _) if amount < Money::ZERO => Some("amount_minor: must not be negative"),
            (_, Some(0 | 10_001..)) => Some("basis_points: must be between 1 and 10000 hundredths of a percent"),
            _ => None,
        }
    }
}

impl Part<'_> for Finance<Label> {
    const FIELDS: &'static str = "an object with plan, markup_minor";
    fn fault(&self) -> Option<&'static str> {
        (self.markup_minor < Money::ZERO).then_some("markup_minor: must not be negative")
    }
}

/// A part as it was sent.
struct Sent<T>(T);

impl<'de, T: Part<'de>> Deserialize<'de> for Sent<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Sent<T>, D::Error> {
        struct Object<T>(PhantomData<T>);
        impl<'de, T: Part<'de>> de::Visitor<'de> for Object<T> {
            type Value = Sent<T>;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(T::FIELDS)
            }
            fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Sent<T>, A::Error> {
                let part = T::deserialize(de::value::MapAccessDeserializer::new(map))?;
                part.fault().map_or(Ok(Sent(part)), |fault| Err(de::Error::custom(fault)))
            }
        }
        deserializer.deserialize_map(Object(PhantomData))
    }
}

/// Reads 1 to 200 items.
pub(super) fn items<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Item<Line>>, D::Error> {
    let items = Vec::<Sent<Item<Line>>>::deserialize(deserializer)?;
    if !(1..=200).contains(&items.len()) {
        return Err(de::Error::custom("a quote has 1 to 200 items"));
    }
    Ok(items.into_iter().map(|Sent(item)| item).collect())
}

/// Reads up to 20 discounts.
pub(super) fn discounts<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Discount<Line>>, D::Error> {
    let discounts = Vec::<Sent<Discount<Line>>>::deserialize(deserializer)?;
    if discounts.len() > 20 {
        return Err(de::Error::custom("a quote has at most 20 discounts"));
    }
    Ok(discounts.into_iter().map(|Sent(discount)| discount).collect())
}

/// Reads a rate in millionths.
pub(super) fn millionths<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u32>, D::Error> {
    match Option::<u32>::deserialize(deserializer)? {
        Some(1_000_001..) => Err(de::Error::custom("must be between 0 and 1000000 millionths")),
        rate => Ok(rate),
    }
}

/// Reads how a quote is financed.
pub(super) fn finance<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Finance<Label>>, D::Error> {
    Ok(Option::<Sent<Finance<Label>>>::deserialize(deserializer)?.map(|Sent(finance)| finance))
}
