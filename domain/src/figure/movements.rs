//! What moved official sales in a window, each movement on its own date (METRICS C.6).

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::ops::AddAssign;

/// What moved a sale.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
#[schemars(inline)]
pub enum MovementKind {
    /// It was sold: its amount, on the sign date.
    Sold,
    /// A change order was approved or taken back: plus or minus, on its report signed date (P11).
    ChangeOrder,
    /// It was canceled: less its contract amount of that moment, on the cancel date (P7, P8).
    Canceled,
    /// It was brought back: its contract amount, at that instant.
    Reactivated,
}

impl MovementKind {
    /// All of them.
    pub const ALL: &'static [MovementKind] = &[MovementKind::Sold, MovementKind::ChangeOrder, MovementKind::Canceled, MovementKind::Reactivated];

    /// The name, as stored and shown.
    pub fn name(self) -> &'static str {
        match self {
            MovementKind::Sold => "sold",
            MovementKind::ChangeOrder => "change_order",
            MovementKind::Canceled => "canceled",
            MovementKind::Reactivated => "reactivated",
        }
    }
}

/// Sums over the movements of official sales; what waits for approval stands apart. Money is in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Moved {
    /// How many sales were signed.
    pub sales: i64,
    /// What they were sold for.
    pub gross_sold_minor: i64,
    /// What change orders added or took away.
    pub change_orders_minor: i64,
    /// How many sales were canceled.
    pub cancels: i64,
    /// What canceled sales were worth when they were canceled, above zero.
    pub net_canceled_minor: i64,
    /// What was brought back.
    pub reactivated_minor: i64,
    /// What was signed and waits for approval: no part of any other sum.
    pub pending_minor: i64,
}

impl Moved {
    /// So many movements of one kind, which come to this amount together.
    pub fn of(kind: MovementKind, official: bool, count: i64, amount_minor: i64) -> Moved {
        match (kind, official) {
            (_, false) => Moved { pending_minor: amount_minor, ..Moved::default() },
            (MovementKind::Sold, true) => Moved { sales: count, gross_sold_minor: amount_minor, ..Moved::default() },
            (MovementKind::ChangeOrder, true) => Moved { change_orders_minor: amount_minor, ..Moved::default() },
            (MovementKind::Canceled, true) => Moved { cancels: count, net_canceled_minor: -amount_minor, ..Moved::default() },
            (MovementKind::Reactivated, true) => Moved { reactivated_minor: amount_minor, ..Moved::default() },
        }
    }

    /// Net sold: gross sold, change orders and what was brought back, less what was canceled.
    pub fn net_sold_minor(&self) -> i64 {
        self.gross_sold_minor + self.change_orders_minor - self.net_canceled_minor + self.reactivated_minor
    }
}

impl AddAssign for Moved {
    fn add_assign(&mut self, other: Moved) {
        self.sales += other.sales;
        self.gross_sold_minor += other.gross_sold_minor;
        self.change_orders_minor += other.change_orders_minor;
        self.cancels += other.cancels;
        self.net_canceled_minor += other.net_canceled_minor;
        self.reactivated_minor += other.reactivated_minor;
        self.pending_minor += other.pending_minor;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn net_sold_is_what_was_sold_and_changed_less_what_was_canceled_and_with_what_came_back() {
        let mut moved = Moved::default();
        let told = [
            (MovementKind::Sold, true, 2, 1_500_000),
            (MovementKind::ChangeOrder, true, 1, -50_000),
            (MovementKind::Canceled, true, 1, -450_000),
            (MovementKind::Reactivated, true, 1, 450_000),
            (MovementKind::Sold, false, 1, 700_000),
        ];
        told.into_iter().for_each(|(kind, official, count, amount)| moved += Moved::of(kind, official, count, amount));
        let expected = Moved {
            sales: 2,
            gross_sold_minor: 1_500_000,
            change_orders_minor: -50_000,
            cancels: 1,
            net_canceled_minor: 450_000,
            reactivated_minor: 450_000,
            pending_minor: 700_000,
        };
        assert_eq!((moved, moved.net_sold_minor()), (expected, 1_450_000));
    }
}
