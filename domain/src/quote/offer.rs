//! What a quote offers, and what that comes to: totals are computed, never typed (BLUEPRINTS B.3).

use super::{Discount, Finance, Item};
use crate::money::{LIMIT_MINOR, Money};
use crate::refusal::{Code, Refusal};

/// What is offered.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Offer {
    /// Line by line.
    pub items: Vec<Item>,
    /// What is taken off.
    pub discounts: Vec<Discount>,
    /// The rate of sales tax, in millionths.
    pub tax_millionths: Option<u32>,
    /// How it is financed.
    pub finance: Option<Finance>,
}

/// What an offer comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Totals {
    /// The sum of the items.
    pub subtotal: Money,
    /// The sum of the discounts.
    pub discount: Money,
    /// What is added for financing.
    pub markup: Money,
    /// The sales tax.
    pub tax: Money,
}

impl Totals {
    /// The contract total without sales tax: what a sale of it counts for (METRICS C.5).
    pub fn amount(self) -> Money {
        Money(self.subtotal.0 - self.discount.0 + self.markup.0)
    }

    /// What the customer pays.
    pub fn total(self) -> Money {
        self.amount().plus(self.tax)
    }
}

impl Offer {
    /// An offer of nothing but items.
    pub fn of(items: Vec<Item>) -> Offer {
        Offer { items, discounts: vec![], tax_millionths: None, finance: None }
    }

    /// Whether it has more than items.
    pub fn has_more_than_items(&self) -> bool {
        !self.discounts.is_empty() || self.tax_millionths.is_some() || self.finance.is_some()
    }

    /// What it comes to, or why that cannot be. Shares are rounded half up to a minor unit, each for itself.
    pub fn totals(&self) -> Result<Totals, Refusal> {
        let too_much = || Refusal::of_field(Code::FieldInvalid, "items", format!("the total exceeds {LIMIT_MINOR} minor units"));
        let of_item = |item: &Item| item.unit_price_minor.times(item.quantity);
        let subtotal = self.items.iter().map(of_item).sum::<Option<Money>>().filter(|sum| sum.0 <= LIMIT_MINOR).ok_or_else(too_much)?;
        let of_discount = |discount: &Discount| match discount.basis_points {
            Some(points) => share(subtotal, points, 10_000),
            None => discount.amount_minor.unwrap_or_default(),
        };
        let discount: Money = self.discounts.iter().map(of_discount).sum();
        if discount > subtotal {
            let detail = format!("discounts of {} minor units are more than the items, which come to {}", discount.0, subtotal.0);
            return Err(Refusal::of_field(Code::FieldInvalid, "discounts", detail));
        }
        let tax = share(Money(subtotal.0 - discount.0), self.tax_millionths.unwrap_or(0), 1_000_000);
        let markup = self.finance.as_ref().map_or(Money::ZERO, |finance| finance.markup_minor);
        let totals = Totals { subtotal, discount, markup, tax };
        if totals.total().0 > LIMIT_MINOR { Err(too_much()) } else { Ok(totals) }
    }
}

/// A share of an amount that is not negative, rounded half up.
fn share(of: Money, parts: u32, whole: i128) -> Money {
    let twice = i128::from(of.0) * i128::from(parts) * 2 + whole;
    Money(i64::try_from(twice / (whole * 2)).unwrap_or(i64::MAX))
}
