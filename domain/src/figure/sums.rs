//! What is counted of the journeys in a window, and what follows from it: indexes, rates, and how far chance may carry them.

use super::band::{Band, of_mean, of_share};

/// Sums over journeys (METRICS C.4, C.5). Money is in minor units; a voided journey counts as that and as nothing else.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sums {
    /// How many journeys.
    pub leads: i64,
    /// Those that a return from Remarket opened.
    pub returned: i64,
    /// Those that another product's rep opened.
    pub other_product: i64,
    /// Those that were opened by hand.
    pub by_hand: i64,
    /// Those that have not ended.
    pub open: i64,
    /// Those with a governing set.
    pub set: i64,
    /// Those with a governing issue.
    pub issued: i64,
    /// Those whose governing issue counts as demoed.
    pub demoed: i64,
    /// Those with net sold above zero.
    pub sold: i64,
    /// Their net sold.
    pub net_sold_minor: i64,
    /// What waits for approval on them.
    pub pending_minor: i64,
    /// Those that were given to a rehash rep.
    pub rehashed: i64,
    /// The net sold of those.
    pub rehashed_net_sold_minor: i64,
    /// The squares of their net sold: what a band of confidence needs. Amounts are at most 10¹² each.
    pub squares: i128,
    /// How many were voided, and left out of all else.
    pub voided: i64,
}

impl Sums {
    /// Adds other sums, so many times: -1 takes them away.
    pub fn add(&mut self, other: &Sums, times: i64) {
        let pairs = [
            (&mut self.leads, other.leads),
            (&mut self.returned, other.returned),
            (&mut self.other_product, other.other_product),
            (&mut self.by_hand, other.by_hand),
            (&mut self.open, other.open),
            (&mut self.set, other.set),
            (&mut self.issued, other.issued),
            (&mut self.demoed, other.demoed),
            (&mut self.sold, other.sold),
            (&mut self.net_sold_minor, other.net_sold_minor),
            (&mut self.pending_minor, other.pending_minor),
            (&mut self.rehashed, other.rehashed),
            (&mut self.rehashed_net_sold_minor, other.rehashed_net_sold_minor),
            (&mut self.voided, other.voided),
        ];
        for (sum, more) in pairs {
            *sum = sum.wrapping_add(times.wrapping_mul(more));
        }
        self.squares = self.squares.wrapping_add(i128::from(times).wrapping_mul(other.squares));
    }

    /// The index in minor units, rounded half away from zero; `None` without leads (METRICS C.5).
    pub fn index_minor(&self) -> Option<i64> {
        let (leads, net) = (i128::from(self.leads), i128::from(self.net_sold_minor));
        if leads == 0 {
            return None;
        }
        let rounded = (2 * net.abs() + leads) / (2 * leads);
        i64::try_from(rounded * net.signum()).ok()
    }

    /// Between which amounts, in minor units, the index lies but for one case in twenty, were the leads drawn by chance; `None` below two leads.
    pub fn index_band(&self) -> Option<Band> {
        of_mean(self.leads, self.net_sold_minor, self.squares)
    }

    /// The funnel of the same journeys, followed forward (METRICS C.4).
    pub fn funnel(&self) -> Funnel {
        let rate = |part, whole| Share { part, whole };
        Funnel {
            set: rate(self.set, self.leads),
            issued: rate(self.issued, self.set),
            demoed: rate(self.demoed, self.issued),
            closed: rate(self.sold, self.demoed),
            open: rate(self.open, self.leads),
        }
    }
}

/// The rates of one population (METRICS C.4), and the share that may still sell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Funnel {
    /// Set of added.
    pub set: Share,
    /// Issued of set.
    pub issued: Share,
    /// Demoed of issued.
    pub demoed: Share,
    /// With net sold of demoed.
    pub closed: Share,
    /// Open of all: the young leads.
    pub open: Share,
}

/// A part of a whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// How many it is true for.
    pub part: i64,
    /// Of how many.
    pub whole: i64,
}

impl Share {
    /// The share in ten-thousandths, rounded half away from zero; `None` of nothing.
    pub fn rate(&self) -> Option<f64> {
        let (part, whole) = (i128::from(self.part), i128::from(self.whole));
        (whole > 0).then(|| ((2 * 10_000 * part + whole) / (2 * whole)) as f64 / 10_000.0)
    }

    /// Between which shares it lies but for one case in twenty (Wilson's interval); `None` of nothing, and where the part is not of the whole.
    pub fn band(&self) -> Option<Band> {
        of_share(self.part, self.whole)
    }

    /// Whether it is strictly above another share, compared as fractions (METRICS C.7). Nothing is above nothing.
    pub fn is_above(&self, other: &Share) -> bool {
        i128::from(self.part) * i128::from(other.whole) > i128::from(other.part) * i128::from(self.whole)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sums(net_sold_minor: i64, leads: i64) -> Sums {
        Sums { leads, net_sold_minor, ..Sums::default() }
    }

    #[test]
    fn the_trades_worked_example() {
        assert_eq!(sums(32_550_000, 50).index_minor(), Some(651_000));
    }

    #[test]
    fn an_index_rounds_half_away_from_zero() {
        for (net, leads, index) in [(1, 2, 1), (-1, 2, -1), (1, 3, 0), (2, 3, 1), (-2, 3, -1), (5, 2, 3), (0, 7, 0)] {
            assert_eq!(sums(net, leads).index_minor(), Some(index), "{net}/{leads}");
        }
    }

    #[test]
    fn an_empty_total_is_null_not_zero() {
        assert_eq!(sums(0, 0).index_minor(), None);
        assert_eq!(sums(0, 0).funnel().set.rate(), None);
    }

    #[test]
    fn what_is_added_and_taken_away_is_gone() {
        let some = Sums { leads: 1, open: 1, set: 1, net_sold_minor: 500, squares: 250_000, ..Sums::default() };
        let mut sum = some;
        sum.add(&some, 3);
        assert_eq!((sum.leads, sum.net_sold_minor, sum.squares), (4, 2_000, 1_000_000));
        sum.add(&some, -4);
        assert_eq!(sum, Sums::default());
    }

    #[test]
    fn shares_are_compared_as_fractions() {
        let third = Share { part: 1, whole: 3 };
        assert!(!Share { part: 2, whole: 6 }.is_above(&third));
        assert!(Share { part: 34, whole: 100 }.is_above(&third));
        assert_eq!(third.rate(), Some(0.3333));
        assert_eq!(Share { part: 2, whole: 3 }.rate(), Some(0.6667));
        assert!(!Share { part: 0, whole: 0 }.is_above(&third));
    }
}
