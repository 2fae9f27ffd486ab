//! What a rep offers: a first line with the product itself, and what comes on top.

use super::chance::Chance;
use super::firm::{Product, Source};
use domain::Money;
use domain::quote::Item;
use domain::text::Line;

/// The items of an offer. `discount` is what is taken off the first line, in percent.
pub fn items(product: &Product, source: &Source, discount: i64, chance: &mut Chance) -> Vec<Item<Line>> {
    let (low, high) = product.unit_minor;
    // Whoever comes by recommendation buys the better model.
    let unit = chance.near_the_middle(low, high) * (94 + source.selling as i64 / 16) / 100 * (100 - discount) / 100;
    let units = chance.near_the_middle(product.units.0, product.units.1);
    let mut items: Vec<Item<Line>> = item(product.item, units, whole(unit)).into_iter().collect();
    for (text, price) in product.extras {
        if chance.percent(34) {
            items.extend(item(text, 1, whole(chance.near_the_middle(price * 9 / 10, price * 11 / 10))));
        }
    }
    items
}

fn item(text: &str, quantity: i64, unit_minor: i64) -> Option<Item<Line>> {
    Some(Item { description: Line::try_new(text).ok()?, quantity: quantity.unsigned_abs() as u32, unit_price_minor: Money(unit_minor) })
}

/// Prices end on whole units of the currency, and larger ones on five of them.
fn whole(minor: i64) -> i64 {
    if minor > 100_00 { minor / 5_00 * 5_00 } else { minor / 25 * 25 }
}

/// The sum of an offer.
pub fn total(items: &[Item<Line>]) -> i64 {
    items.iter().map(|item| item.unit_price_minor.0 * i64::from(item.quantity)).sum()
}
