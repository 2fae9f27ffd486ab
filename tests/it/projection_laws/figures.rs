//! What figures sum is what lists show, at any as-of instant.

use std::collections::BTreeMap;

use domain::figure::{Basis, By};
use domain::id::ProductId;
use domain::{Instant, figure::Tally};
use projections::journey_table::{JourneyCursor, JourneyFilter, Standing, journey, journeys, tallies};
use projections::{Inline, Projection};
use uuid::Uuid;

use super::story::{commands, hour};
use super::world::*;
use crate::databases;

type Sums = BTreeMap<(Option<Uuid>, Option<ProductId>, usize), (i64, i64)>;

#[tokio::test]
async fn a_figure_counts_exactly_the_journeys_that_the_list_shows() {
    let mut answers: Vec<Vec<Sums>> = Vec::new();
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        for (company, seed) in [(ONE, 30), (OTHER, 31)] {
            record_together(&writer(&store, company, Inline::new(company)), &commands(seed, 500)).await;
        }
        let mut seen = Vec::new();
        for as_of in [hour(10), hour(50), hour(120), hour(121), hour(400), hour(10_000)] {
            for basis in [Basis::Opened, Basis::Set, Basis::Meeting] {
                let cuts = [hour(0), hour(30), hour(31), hour(60), hour(100), hour(110), hour(200), hour(300)];
                let listed = all(&store, basis, cuts[0], as_of).await;
                for by in [By { key: true, product: true }, By { key: true, product: false }, By { key: false, product: true }] {
                    let counted = tallies(&store, ONE, basis, by, &cuts, as_of).await.unwrap();
                    assert!(!counted.is_behind());
                    let counted = sums(counted.found);
                    assert_eq!(counted, sum_up(&listed, basis, by, &cuts), "{basis:?} as of {as_of}");
                    seen.push(counted);
                }
            }
        }
        assert!(seen.iter().any(|sums| sums.values().any(|(leads, net)| *leads > 1 && *net > 0)), "the story has sales");
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1], "both databases answer the same");
}

#[tokio::test]
async fn a_journey_stands_once_or_not_at_all_at_any_instant() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record_together(&writer(&store, ONE, Inline::new(ONE)), &commands(32, 300)).await;
        for hours in (0..400).step_by(7) {
            let listed = all(&store, Basis::Opened, hour(-1), hour(hours)).await;
            let mut ids: Vec<_> = listed.iter().map(|standing| (standing.row.journey, standing.row.contact)).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), listed.len());
            for standing in listed.iter().take(3) {
                let one = journey(&store, ONE, standing.row.journey, Some(hour(hours))).await.unwrap();
                assert_eq!(one.found.as_ref(), Some(standing));
                assert!(standing.since.valid_from <= hour(hours));
            }
        }
        assert_eq!(projections::journey_table::JourneyTable::NAME, "journey_table");
    }
}

/// All pages of the journeys of a window.
async fn all(store: &eventstore::Store, basis: Basis, from: Instant, as_of: Instant) -> Vec<Standing> {
    let filter = JourneyFilter { basis, from: Some(from), to: Some(as_of), as_of: Some(as_of), ..JourneyFilter::default() };
    let mut listed: Vec<Standing> = Vec::new();
    loop {
        let after = listed.last().map(|standing| JourneyCursor::of(basis, standing));
        let page = journeys(store, ONE, &filter, after, 7).await.unwrap().found;
        if page.is_empty() {
            return listed;
        }
        listed.extend(page);
    }
}

fn sums(tallies: Vec<Tally>) -> Sums {
    tallies.into_iter().map(|tally| ((tally.key, tally.product, tally.slot), (tally.leads, tally.net_sold_minor))).collect()
}

fn sum_up(listed: &[Standing], basis: Basis, by: By, cuts: &[Instant]) -> Sums {
    let mut sums = Sums::new();
    for Standing { row, .. } in listed {
        let (at, key) = match basis {
            Basis::Opened => (Some(row.opened_at), Some(row.source.0)),
            Basis::Set => (row.set_at, row.scheduler.map(|id| id.0)),
            Basis::Meeting => (row.meeting_at, row.rep.map(|id| id.0)),
        };
        let at = at.unwrap();
        let slot = cuts.iter().rposition(|cut| *cut <= at).unwrap();
        let sum = sums.entry((by.key.then_some(key).flatten(), by.product.then_some(row.product), slot)).or_default();
        *sum = (sum.0 + 1, sum.1 + row.net_sold_minor);
    }
    sums
}
