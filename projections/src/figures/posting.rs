//! What a journey counts as, and where: one reading of METRICS C.3 to C.5 for all figures.

use domain::Instant;
use domain::figure::{Figure, Sums};
use domain::id::ProductId;
use domain::journey::Origin;
use uuid::Uuid;

use crate::journey_table::JourneyRow;

/// Where a journey counts in a figure, and as what.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Posting {
    /// The time that puts it into windows.
    pub(super) at: Instant,
    /// The source, scheduler, rep or rehash rep; nobody where a demo was issued that nobody set.
    pub(super) key: Option<Uuid>,
    /// The product.
    pub(super) product: ProductId,
    /// What it adds.
    pub(super) sums: Sums,
}

/// What a journey adds to a figure; nothing where it has not come so far.
pub(super) fn posting(row: &JourneyRow, figure: Figure) -> Option<Posting> {
    let (at, key) = match figure {
        Figure::Nsla => (Some(row.opened_at), Some(row.source.0)),
        Figure::Nsls => (row.set_at, row.scheduler.map(|id| id.0)),
        Figure::NslsByIssue => (row.issued_at, row.scheduler.map(|id| id.0)),
        Figure::Nsli => (row.meeting_at, row.rep.map(|id| id.0)),
        Figure::Rehash => (row.meeting_at.filter(|_| row.rehash_rep.is_some()), row.rehash_rep.map(|id| id.0)),
    };
    Some(Posting { at: at?, key, product: row.product, sums: sums(row) })
}

fn sums(row: &JourneyRow) -> Sums {
    if row.is_voided() {
        return Sums { voided: 1, ..Sums::default() };
    }
    let net = row.net_sold_minor;
    let rehashed = row.rehash_rep.is_some();
    Sums {
        leads: 1,
        returned: (row.origin == Origin::Remarket).into(),
        other_product: (row.origin == Origin::OtherProduct).into(),
        by_hand: (row.origin == Origin::Manual).into(),
        open: row.is_open().into(),
        set: row.set_at.is_some().into(),
        issued: row.issued_at.is_some().into(),
        demoed: row.demoed.into(),
        sold: (net > 0).into(),
        net_sold_minor: net,
        pending_minor: row.pending_minor,
        rehashed: rehashed.into(),
        rehashed_net_sold_minor: if rehashed { net } else { 0 },
        squares: i128::from(net) * i128::from(net),
        voided: 0,
    }
}
