//! How many of the demos that were set were canceled, and whether that is above the company's average (METRICS C.7).

use super::sums::Share;
use std::ops::AddAssign;

/// Demos that were set, and how many of them were canceled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cancels {
    /// How many demos.
    pub set: i64,
    /// How many of them were canceled.
    pub canceled: i64,
}

impl Cancels {
    /// The cancel rate.
    pub fn rate(&self) -> Share {
        Share { part: self.canceled, whole: self.set }
    }

    /// Whether the rate is strictly above that of all, compared as fractions.
    pub fn is_above(&self, all: &Cancels) -> bool {
        self.rate().is_above(&all.rate())
    }
}

impl AddAssign for Cancels {
    fn add_assign(&mut self, other: Cancels) {
        self.set += other.set;
        self.canceled += other.canceled;
    }
}

/// What demos are told apart by: the types of leads (S0:17), the users (S0:19), the reasons (S0:18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoKey {
    /// The journey's lead source.
    Source,
    /// The journey's lead category.
    Category,
    /// The journey's product.
    Product,
    /// Who set the demo.
    Scheduler,
    /// Who it stands issued to, or stood issued to when it was canceled; other demos are not counted.
    Rep,
    /// Why it was canceled; demos that were not canceled are not counted.
    Reason,
}

impl DemoKey {
    /// All of them.
    pub const ALL: &'static [DemoKey] = &[DemoKey::Source, DemoKey::Category, DemoKey::Product, DemoKey::Scheduler, DemoKey::Rep, DemoKey::Reason];

    /// The name, as asked for and shown.
    pub fn name(self) -> &'static str {
        match self {
            DemoKey::Source => "source",
            DemoKey::Category => "category",
            DemoKey::Product => "product",
            DemoKey::Scheduler => "scheduler",
            DemoKey::Rep => "rep",
            DemoKey::Reason => "reason",
        }
    }
}

/// Which time of a demo puts it into a window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DemoBasis {
    /// When it was set: the population of cancel rates.
    Set,
    /// When it was canceled (S0:98).
    Canceled,
}

impl DemoBasis {
    /// All of them.
    pub const ALL: &'static [DemoBasis] = &[DemoBasis::Set, DemoBasis::Canceled];

    /// The name, as asked for.
    pub fn name(self) -> &'static str {
        match self {
            DemoBasis::Set => "set",
            DemoBasis::Canceled => "canceled",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn above_the_average_is_strictly_above_as_a_fraction() {
        let all = Cancels { set: 9, canceled: 3 };
        let above = |set, canceled| Cancels { set, canceled }.is_above(&all);
        assert_eq!([above(3, 1), above(30_000_000, 10_000_001), above(2, 1), above(4, 1), above(0, 0)], [false, true, true, false, false]);
    }
}
