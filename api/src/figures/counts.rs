//! What is counted of some journeys, as it is shown.

use domain::figure::{Band, Share, Sums};
use serde::Serialize;
use utoipa::ToSchema;

/// Rows of fewer journeys than this say little.
pub(super) const FEW: i64 = 5;

/// What is counted of some journeys. Amounts are in minor units of the currency.
#[derive(Debug, Serialize, ToSchema)]
pub struct Counts {
    /// How many journeys.
    pub leads: i64,
    /// Their net sold.
    pub net_sold_minor: i64,
    /// Net sold per lead, rounded half away from zero; null without leads.
    pub index_minor: Option<i64>,
    /// Between which amounts chance may carry the index (95 %); null below two leads.
    pub index_band: Option<AmountBand>,
    /// Whether there are fewer than five leads: too few to tell much.
    pub few: bool,
    /// What opened them.
    pub origins: Origins,
    /// How many have not ended.
    pub open: i64,
    /// How many have a governing set.
    pub set: i64,
    /// How many have a governing issue.
    pub issued: i64,
    /// How many of those were demoed.
    pub demoed: i64,
    /// How many have net sold above zero.
    pub sold: i64,
    /// What waits for approval on them.
    pub pending_minor: i64,
    /// How many were given to a rehash rep.
    pub rehashed: i64,
    /// The net sold of those.
    pub rehashed_net_sold_minor: i64,
    /// The rates of these journeys, followed forward (METRICS C.4).
    pub rates: Rates,
}

/// How many journeys were opened by what.
#[derive(Debug, Serialize, ToSchema)]
pub struct Origins {
    /// By a new contact.
    pub new: i64,
    /// By a return from Remarket.
    pub remarket: i64,
    /// By another product's rep.
    pub other_product: i64,
    /// By hand.
    pub manual: i64,
}

/// Rates of one population.
#[derive(Debug, Serialize, ToSchema)]
pub struct Rates {
    /// Set of added.
    pub set: RateView,
    /// Issued of set.
    pub issued: RateView,
    /// Demoed of issued.
    pub demoed: RateView,
    /// With net sold above zero of demoed.
    pub closed: RateView,
    /// Open of all: young leads that may still sell.
    pub open: RateView,
}

/// A rate and its band of 95 % confidence; null of nothing.
#[derive(Debug, Serialize, ToSchema)]
pub struct RateView {
    /// The rate, to four decimals.
    pub rate: Option<f64>,
    /// The lower end of the band.
    pub low: Option<f64>,
    /// The upper end of the band.
    pub high: Option<f64>,
}

/// Two amounts between which an index lies but for one case in twenty.
#[derive(Debug, Serialize, ToSchema)]
pub struct AmountBand {
    /// The lower one.
    pub low_minor: i64,
    /// The upper one.
    pub high_minor: i64,
}

impl From<Share> for RateView {
    fn from(share: Share) -> RateView {
        let band = share.band();
        RateView { rate: share.rate(), low: band.map(|band| band.low), high: band.map(|band| band.high) }
    }
}

impl From<Band> for AmountBand {
    fn from(band: Band) -> AmountBand {
        AmountBand { low_minor: band.low as i64, high_minor: band.high as i64 }
    }
}

impl From<Sums> for Counts {
    fn from(sums: Sums) -> Counts {
        let funnel = sums.funnel();
        Counts {
            leads: sums.leads,
            net_sold_minor: sums.net_sold_minor,
            index_minor: sums.index_minor(),
            index_band: sums.index_band().map(AmountBand::from),
            few: sums.leads < FEW,
            origins: Origins {
                new: sums.leads - sums.returned - sums.other_product - sums.by_hand,
                remarket: sums.returned,
                other_product: sums.other_product,
                manual: sums.by_hand,
            },
            open: sums.open,
            set: sums.set,
            issued: sums.issued,
            demoed: sums.demoed,
            sold: sums.sold,
            pending_minor: sums.pending_minor,
            rehashed: sums.rehashed,
            rehashed_net_sold_minor: sums.rehashed_net_sold_minor,
            rates: Rates {
                set: funnel.set.into(),
                issued: funnel.issued.into(),
                demoed: funnel.demoed.into(),
                closed: funnel.closed.into(),
                open: funnel.open.into(),
            },
        }
    }
}
