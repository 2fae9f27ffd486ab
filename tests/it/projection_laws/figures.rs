//! What figures sum is what lists show, at any as-of instant.

use std::collections::{BTreeMap, BTreeSet};

use chrono_tz::America::New_York;
use chrono_tz::Pacific::Kiritimati;
use domain::Instant;
use domain::figure::{By, Figure, Tally};
use domain::id::ProductId;
use projections::figures::Question;
use projections::journey_table::{JourneyCursor, JourneyFilter, Standing, journey, journeys};
use projections::{Figures, Inline, Projection};
use uuid::Uuid;

use super::story::{commands, hour};
use super::world::*;
use crate::databases;

/// How many journeys and their net sold, by key, product and slot.
type Counted = BTreeMap<(Option<Uuid>, Option<ProductId>, usize), (i64, i64)>;

const BY: [By; 3] = [By { key: true, product: true }, By { key: true, product: false }, By { key: false, product: true }];

#[tokio::test]
async fn a_figure_counts_exactly_the_journeys_that_the_list_shows() {
    let mut answers: Vec<Vec<Vec<Tally>>> = Vec::new();
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let figures = Figures::default();
        for (company, seed) in [(ONE, 30), (OTHER, 31)] {
            record_together(&writer(&store, company, Inline::new(company)), &commands(seed, 500)).await;
        }
        let mut seen = Vec::new();
        for as_of in [hour(10), hour(50), hour(120), hour(121), hour(400), hour(10_000)] {
            for figure in Figure::ALL {
                let cuts = [0, 30, 31, 60, 100, 110, 200, 300].map(hour);
                let listed = all(&store, *figure, cuts[0], as_of).await;
                for by in BY {
                    let question = Question { figure: *figure, by, product: None, cuts: cuts.to_vec(), as_of, known_at: None, zone: New_York };
                    let counted = figures.tallies(&store, ONE, &[question]).await.unwrap().map(|mut answers| answers.remove(0));
                    assert!(!counted.is_behind());
                    assert_eq!(sums(&counted.found), sum_up(&listed, *figure, by, &cuts), "{figure:?} as of {as_of}");
                    seen.push(counted.found);
                }
            }
        }
        let with_money = |tallies: &Vec<Tally>| tallies.iter().any(|tally| tally.sums.leads > 1 && tally.sums.net_sold_minor > 0);
        assert!(seen.iter().any(with_money), "the story has sales");
        answers.push(seen);
    }
    assert_eq!(answers[0], answers[1], "both databases answer the same");
}

/// What is kept in memory follows the log, and tells for any zone what the rows tell.
#[tokio::test]
async fn what_is_kept_in_memory_is_what_the_rows_tell() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        let story = commands(33, 600);
        let writer = writer(&store, ONE, Inline::new(ONE));
        let kept = Figures::default();
        let cuts: Vec<Instant> = [0, 24, 25, 100, 171, 172].map(hour).to_vec();
        for part in story.chunks(23) {
            record_together(&writer, part).await;
            for figure in Figure::ALL {
                for zone in [New_York, Kiritimati] {
                    let question = Question { figure: *figure, by: BY[0], product: None, cuts: cuts.clone(), as_of: hour(9_000), known_at: None, zone };
                    let of_product = |product| Question { product: Some(product), ..question.clone() };
                    let one = |mut answers: Vec<Vec<Tally>>| answers.remove(0);
                    let now = kept.tallies(&store, ONE, std::slice::from_ref(&question)).await.unwrap().map(one);
                    let anew = Figures::default().tallies(&store, ONE, std::slice::from_ref(&question)).await.unwrap().map(one);
                    assert_eq!(now.found, anew.found, "{figure:?} made anew");
                    let products: BTreeSet<ProductId> = now.found.iter().filter_map(|tally| tally.product).collect();
                    for product in products {
                        let alone = kept.tallies(&store, ONE, &[of_product(product)]).await.unwrap().map(one);
                        let part: Vec<Tally> = now.found.iter().filter(|tally| tally.product == Some(product)).cloned().collect();
                        assert_eq!(alone.found, part, "{figure:?} of one product");
                    }
                    assert_eq!(sums(&now.found), sum_up(&all(&store, *figure, cuts[0], hour(9_000)).await, *figure, BY[0], &cuts), "{figure:?}");
                }
            }
        }
    }
}

#[tokio::test]
async fn a_journey_stands_once_or_not_at_all_at_any_instant() {
    for database in databases::both().await {
        let store = database.store();
        settle(&store).await;
        record_together(&writer(&store, ONE, Inline::new(ONE)), &commands(32, 300)).await;
        for hours in (0..400).step_by(7) {
            let listed = all(&store, Figure::Nsla, hour(-1), hour(hours)).await;
            let mut ids: Vec<_> = listed.iter().map(|standing| (standing.row.journey, standing.row.contact)).collect();
            ids.sort();
            ids.dedup();
            assert_eq!(ids.len(), listed.len());
            for standing in listed.iter().take(3) {
                let one = journey(&store, ONE, standing.row.journey, Some(hour(hours)), None).await.unwrap();
                assert_eq!(one.found.as_ref(), Some(standing));
                assert!(standing.since.valid_from <= hour(hours));
            }
        }
        assert_eq!(projections::journey_table::JourneyTable::NAME, "journey_table");
    }
}

/// All pages of the journeys of a window.
async fn all(store: &eventstore::Store, figure: Figure, from: Instant, as_of: Instant) -> Vec<Standing> {
    let rehashed = (figure == Figure::Rehash).then_some(true);
    let filter = JourneyFilter { basis: figure.basis(), rehashed, from: Some(from), to: Some(as_of), as_of: Some(as_of), ..JourneyFilter::default() };
    let mut listed: Vec<Standing> = Vec::new();
    loop {
        let after = listed.last().map(|standing| JourneyCursor::of(figure.basis(), standing));
        let page = journeys(store, ONE, &filter, after, 7, None).await.unwrap().found.rows;
        if page.is_empty() {
            return listed;
        }
        listed.extend(page);
    }
}

fn sums(tallies: &[Tally]) -> Counted {
    let counted = tallies.iter().filter(|tally| tally.sums.leads > 0);
    counted.map(|tally| ((tally.key, tally.product, tally.slot), (tally.sums.leads, tally.sums.net_sold_minor))).collect()
}

fn sum_up(listed: &[Standing], figure: Figure, by: By, cuts: &[Instant]) -> Counted {
    let mut sums = Counted::new();
    for Standing { row, .. } in listed {
        let (at, key) = match figure {
            Figure::Nsla => (Some(row.opened_at), Some(row.source.0)),
            Figure::Nsls => (row.set_at, row.scheduler.map(|id| id.0)),
            Figure::NslsByIssue => (row.issued_at, row.scheduler.map(|id| id.0)),
            Figure::Nsli => (row.meeting_at, row.rep.map(|id| id.0)),
            Figure::Rehash => (row.meeting_at, row.rehash_rep.map(|id| id.0)),
        };
        let at = at.unwrap();
        let slot = cuts.iter().rposition(|cut| *cut <= at).unwrap();
        let sum = sums.entry((by.key.then_some(key).flatten(), by.product.then_some(row.product), slot)).or_default();
        *sum = (sum.0 + 1, sum.1 + row.net_sold_minor);
    }
    sums
}
