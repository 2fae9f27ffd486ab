//! Every filter of a list shows exactly the rows of the whole list that pass it, page by page, on both databases.

use std::collections::{BTreeMap, BTreeSet};

use domain::blueprint::{JobStatus, MeetingState, QuoteState, SaleState, State};
use domain::figure::Basis;
use domain::id::MeetingTypeId;
use domain::journey::Outcome;
use domain::meeting::MeetingKind;
use domain::sale::JobStanding;
use eventstore::Store;
use projections::canceled_demos::{CanceledCursor, CanceledDemo, CanceledFilter, canceled_demos};
use projections::contact_list::{ContactCursor, ContactFilter, ContactRow, contact, contacts};
use projections::journey_table::{End, JourneyCursor, JourneyFilter, Standing, journeys};
use projections::meeting_list::{MeetingCursor, MeetingFilter, MeetingRow, meetings};
use projections::quote_list::{QuoteCursor, QuoteFilter, QuoteRow, quotes};
use projections::sale_list::{SaleCursor, SaleFilter, SaleRow, SaleTask, jobs, sales};
use projections::{Counted, Inline};

use super::story::commands;
use super::world::*;
use crate::databases;

/// Counts all there is.
const EXACT: Option<i64> = Some(i64::MAX);

/// Whether this many were counted, and no more than was asked for.
fn counts(counted: &Option<Counted>, rows: usize, up_to: i64) -> bool {
    let rows = rows as i64;
    counted.as_ref().is_some_and(|counted| (counted.total, counted.is_capped) == (rows.min(up_to), rows > up_to))
}

/// Both companies hold the same ids with other histories, so that a list that strays shows.
async fn told(store: &Store) {
    settle(store).await;
    for (company, seed) in [(ONE, 40), (OTHER, 41)] {
        record_together(&writer(store, company, Inline::new(company)), &commands(seed, 1_500)).await;
    }
}

#[tokio::test]
async fn journeys_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_journeys(&store, &JourneyFilter::default()).await;
        assert!(all.is_sorted_by_key(|standing| std::cmp::Reverse((standing.row.opened_at, standing.row.journey))), "the latest first");
        let voided = all_journeys(&store, &JourneyFilter { end: Some(End::Voided), ..JourneyFilter::default() }).await;
        let is_voided = |standing: &Standing| standing.row.end == Some(End::Voided);
        assert!(!voided.is_empty() && voided.iter().all(is_voided) && !all.iter().any(is_voided), "voided journeys are listed when they are asked for");
        let some = all.iter().find(|standing| standing.row.scheduler.and(standing.row.rep).and(standing.row.rehash_rep).is_some()).unwrap().row.clone();
        let none = JourneyFilter::default;
        type Passes = Box<dyn Fn(&Standing) -> bool>;
        let cases: Vec<(JourneyFilter, Passes)> = vec![
            (JourneyFilter { source: Some(some.source), ..none() }, Box::new(move |standing| standing.row.source == some.source)),
            (JourneyFilter { scheduler: some.scheduler, ..none() }, Box::new(move |standing| standing.row.scheduler == some.scheduler)),
            (JourneyFilter { rep: some.rep, ..none() }, Box::new(move |standing| standing.row.rep == some.rep)),
            (JourneyFilter { rehash_rep: some.rehash_rep, ..none() }, Box::new(move |standing| standing.row.rehash_rep == some.rehash_rep)),
            (JourneyFilter { product: Some(some.product), ..none() }, Box::new(move |standing| standing.row.product == some.product)),
            (JourneyFilter { contact: Some(some.contact), ..none() }, Box::new(move |standing| standing.row.contact == some.contact)),
            (JourneyFilter { end: Some(End::With(Outcome::Lost)), ..none() }, Box::new(|standing| standing.row.end == Some(End::With(Outcome::Lost)))),
            (JourneyFilter { open: Some(true), ..none() }, Box::new(|standing| standing.row.is_open())),
            (JourneyFilter { open: Some(false), ..none() }, Box::new(|standing| !standing.row.is_open())),
            (JourneyFilter { from: Some(some.opened_at), ..none() }, Box::new(move |standing| standing.row.opened_at >= some.opened_at)),
            (JourneyFilter { to: Some(some.opened_at), ..none() }, Box::new(move |standing| standing.row.opened_at <= some.opened_at)),
        ];
        for (filter, passes) in cases {
            let expected: Vec<Standing> = all.iter().filter(|standing| passes(standing)).cloned().collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{filter:?} tells some from others");
            assert_eq!(all_journeys(&store, &filter).await, expected, "{filter:?}");
            for up_to in [2, i64::MAX] {
                let counted = journeys(&store, ONE, &filter, None, 1, Some(up_to)).await.unwrap().found.counted;
                assert!(counts(&counted, expected.len(), up_to), "{filter:?} {counted:?}");
            }
        }
        let issued = all_journeys(&store, &JourneyFilter { basis: Basis::Meeting, ..none() }).await;
        assert_eq!(issued.len(), all.iter().filter(|standing| standing.row.meeting_at.is_some()).count());
    }
}

async fn all_journeys(store: &Store, filter: &JourneyFilter) -> Vec<Standing> {
    let mut listed: Vec<Standing> = Vec::new();
    loop {
        let after = listed.last().map(|standing| JourneyCursor::of(filter.basis, standing));
        let page = journeys(store, ONE, filter, after, 13, None).await.unwrap().found.rows;
        if page.is_empty() {
            return listed;
        }
        listed.extend(page);
    }
}

#[tokio::test]
async fn canceled_demos_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_canceled(&store, &CanceledFilter::default()).await;
        assert!(all.is_sorted_by_key(|demo| std::cmp::Reverse((demo.canceled_at, demo.position))), "the last canceled first");
        let some = all.iter().find(|demo| demo.rep.is_some()).unwrap().clone();
        let none = CanceledFilter::default;
        type Passes = Box<dyn Fn(&CanceledDemo) -> bool>;
        let cases: Vec<(CanceledFilter, Passes)> = vec![
            (CanceledFilter { source: Some(some.source), ..none() }, Box::new(move |demo| demo.source == some.source)),
            (CanceledFilter { product: Some(some.product), ..none() }, Box::new(move |demo| demo.product == some.product)),
            (CanceledFilter { scheduler: Some(some.scheduler), ..none() }, Box::new(move |demo| demo.scheduler == some.scheduler)),
            (CanceledFilter { rep: some.rep, ..none() }, Box::new(move |demo| demo.rep == some.rep)),
            (CanceledFilter { contact: Some(some.contact), ..none() }, Box::new(move |demo| demo.contact == some.contact)),
            (CanceledFilter { from: Some(some.canceled_at), ..none() }, Box::new(move |demo| demo.canceled_at >= some.canceled_at)),
            (CanceledFilter { to: Some(some.canceled_at), ..none() }, Box::new(move |demo| demo.canceled_at <= some.canceled_at)),
            (CanceledFilter { reason: Some("changed their mind".into()), ..none() }, Box::new(|_| true)),
            (CanceledFilter { reason: Some("changed".into()), ..none() }, Box::new(|_| false)),
            (CanceledFilter { reason: Some("a\0b".into()), ..none() }, Box::new(|_| false)),
        ];
        for (filter, passes) in cases {
            let expected: Vec<CanceledDemo> = all.iter().filter(|demo| passes(demo)).cloned().collect();
            assert_eq!(all_canceled(&store, &filter).await, expected, "{filter:?}");
            for up_to in [2, i64::MAX] {
                let counted = canceled_demos(&store, ONE, &filter, None, 1, Some(up_to)).await.unwrap().found.counted;
                assert!(counts(&counted, expected.len(), up_to), "{filter:?} {counted:?}");
            }
        }
    }
}

async fn all_canceled(store: &Store, filter: &CanceledFilter) -> Vec<CanceledDemo> {
    let mut listed: Vec<CanceledDemo> = Vec::new();
    loop {
        let page = canceled_demos(store, ONE, filter, listed.last().map(CanceledCursor::of), 3, None).await.unwrap().found.rows;
        if page.is_empty() {
            return listed;
        }
        listed.extend(page);
    }
}

#[tokio::test]
async fn contacts_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_contacts(&store, &ContactFilter::default()).await;
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.last_event_at, row.contact))), "what happened last first");
        let some = all[all.len() / 2].clone();
        let none = ContactFilter::default;
        let text = |text: &str| ContactFilter { text: Some(text.into()), ..ContactFilter::default() };
        let name = some.name.clone().unwrap();
        type Passes = Box<dyn Fn(&ContactRow) -> bool>;
        let cases: Vec<(ContactFilter, Passes)> = vec![
            (ContactFilter { state: Some(some.state), ..none() }, Box::new(move |row| row.state == some.state)),
            (ContactFilter { source: Some(some.source), ..none() }, Box::new(move |row| row.source == some.source)),
            (ContactFilter { product: Some(some.product), ..none() }, Box::new(move |row| row.product == some.product)),
            (text(&name.to_uppercase()), Box::new(move |row| row.name.as_ref().unwrap().contains(&name))),
            (text("ünique"), Box::new(|_| true)),
            (text("ÜNIQUE"), Box::new(|_| true)),
            (text("716.555.01"), Box::new(|_| true)),
            (text("ANA_B@"), Box::new(|_| true)),
            (text("ana%b@"), Box::new(|_| false)),
            (text("anaxb@"), Box::new(|_| false)),
            (text("elm\0 st"), Box::new(|_| true)),
            (text("\\"), Box::new(|_| false)),
            (text(" "), Box::new(|_| true)),
        ];
        for (filter, passes) in cases {
            let expected: Vec<ContactRow> = all.iter().filter(|row| passes(row)).cloned().collect();
            assert_eq!(all_contacts(&store, &filter).await, expected, "{filter:?}");
            for up_to in [2, i64::MAX] {
                let counted = contacts(&store, ONE, &filter, None, 1, Some(up_to)).await.unwrap().found.counted;
                assert!(counts(&counted, expected.len(), up_to), "{filter:?} {counted:?}");
            }
            // A count equals the rows it stands for, whatever state is asked for.
            let counted = contacts(&store, ONE, &filter, None, 1, EXACT).await.unwrap().found.counted.unwrap().states.unwrap();
            let in_any_state = all_contacts(&store, &ContactFilter { state: None, ..filter }).await;
            let expected = in_any_state.iter().fold(BTreeMap::new(), |mut counts: BTreeMap<&str, i64>, row| {
                *counts.entry(row.state.name()).or_default() += 1;
                counts
            });
            assert_eq!(counted, expected);
        }
        assert_eq!(contact(&store, ONE, some.contact).await.unwrap().found.as_ref(), Some(&all[all.len() / 2]));
    }
}

#[tokio::test]
async fn s0_22_meetings_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_meetings(&store, &MeetingFilter::default()).await;
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.start, row.meeting, row.contact))), "the last to begin first");
        let some = all.iter().find(|row| row.kind == MeetingKind::Demo && row.rep.is_some()).unwrap().clone();
        let none = MeetingFilter::default;
        type Passes = Box<dyn Fn(&MeetingRow) -> bool>;
        let cases: Vec<(MeetingFilter, Passes)> = vec![
            (MeetingFilter { kind: Some(some.kind), ..none() }, Box::new(move |row| row.kind == some.kind)),
            (MeetingFilter { state: Some(MeetingState::Canceled), ..none() }, Box::new(|row| row.state == MeetingState::Canceled)),
            (MeetingFilter { rep: some.rep, ..none() }, Box::new(move |row| row.rep == some.rep || row.second_rep == some.rep)),
            (MeetingFilter { scheduler: Some(some.scheduler), ..none() }, Box::new(move |row| row.scheduler == some.scheduler)),
            (MeetingFilter { product: Some(some.product), ..none() }, Box::new(move |row| row.product == some.product)),
            (MeetingFilter { source: Some(some.source), ..none() }, Box::new(move |row| row.source == some.source)),
            (MeetingFilter { from: Some(some.start), ..none() }, Box::new(move |row| row.start >= some.start)),
            (MeetingFilter { to: Some(some.start), ..none() }, Box::new(move |row| row.start <= some.start)),
            (MeetingFilter { contact: Some(some.contact), ..none() }, Box::new(move |row| row.contact == some.contact)),
            (
                MeetingFilter { kind: Some(some.kind), product: Some(some.product), from: Some(some.start), ..none() },
                Box::new(move |row| row.kind == some.kind && row.product == some.product && row.start >= some.start),
            ),
        ];
        for (filter, passes) in cases {
            let expected: Vec<MeetingRow> = all.iter().filter(|row| passes(row)).cloned().collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{filter:?} tells some from others");
            assert_eq!(all_meetings(&store, &filter).await, expected, "{filter:?}");
        }
        let name = contact(&store, ONE, some.contact).await.unwrap().found.unwrap().name.unwrap();
        let found = all_contacts(&store, &ContactFilter { text: Some(name.clone()), ..ContactFilter::default() }).await;
        let expected: Vec<MeetingRow> = all.iter().filter(|row| found.iter().any(|contact| contact.contact == row.contact)).cloned().collect();
        for (text, expected) in [(name.to_uppercase(), &expected), ("716.555.01".into(), &all), (" ".into(), &all), ("nobody".into(), &vec![])] {
            assert_eq!(&all_meetings(&store, &MeetingFilter { text: Some(text), ..none() }).await, expected);
        }
        let by_type =
            meetings(&store, ONE, &MeetingFilter { meeting_type: Some(MeetingTypeId(some.meeting.0)), ..none() }, None, 7, EXACT).await.unwrap().found;
        assert_eq!((by_type.rows, by_type.counted.unwrap().states.unwrap()), (vec![], BTreeMap::new()));
        // The count equals the rows, with and without a state that is asked for.
        for state in [None, Some(MeetingState::Set)] {
            let filter = MeetingFilter { state, product: Some(some.product), ..none() };
            let counted = meetings(&store, ONE, &filter, None, 1, EXACT).await.unwrap().found.counted.unwrap().states.unwrap();
            let of_product = all.iter().filter(|row| row.product == some.product);
            let expected = of_product.fold(BTreeMap::new(), |mut counts: BTreeMap<&str, i64>, row| {
                *counts.entry(row.state.name()).or_default() += 1;
                counts
            });
            assert_eq!(counted, expected);
        }
    }
}

#[tokio::test]
async fn s0_35_quotes_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_quotes(&store, &QuoteFilter::default()).await;
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.state_since, row.quote, row.contact))), "the last to change its state first");
        let some = all.iter().find(|row| row.state == QuoteState::Finalized).unwrap().clone();
        let (since, none) = (some.state_since, QuoteFilter::default);
        type Passes = Box<dyn Fn(&QuoteRow) -> bool>;
        let cases: Vec<(QuoteFilter, Passes)> = vec![
            (QuoteFilter { state: Some(some.state), ..none() }, Box::new(move |row| row.state == some.state)),
            (QuoteFilter { rep: Some(some.rep), ..none() }, Box::new(move |row| row.rep == some.rep)),
            (QuoteFilter { product: Some(some.product), ..none() }, Box::new(move |row| row.product == some.product)),
            (QuoteFilter { contact: Some(some.contact), ..none() }, Box::new(move |row| row.contact == some.contact)),
            (QuoteFilter { from: Some(since), ..none() }, Box::new(move |row| row.state_since >= since)),
            (QuoteFilter { to: Some(since), ..none() }, Box::new(move |row| row.state_since <= since)),
            (QuoteFilter { from: Some(since), rep: Some(some.rep), ..none() }, Box::new(move |row| row.state_since >= since && row.rep == some.rep)),
        ];
        for (filter, passes) in cases {
            let expected: Vec<QuoteRow> = all.iter().filter(|row| passes(row)).cloned().collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{filter:?} tells some from others");
            assert_eq!(all_quotes(&store, &filter).await, expected, "{filter:?}");
            let counted =
                quotes(&store, ONE, &QuoteFilter { state: None, ..filter.clone() }, None, 1, EXACT).await.unwrap().found.counted.unwrap().states.unwrap();
            let of_state = filter.state.map_or(counted.values().sum::<i64>(), |state| counted[state.name()]);
            assert_eq!(of_state, expected.len() as i64, "{filter:?}");
        }
        assert_eq!(all_quotes(&store, &QuoteFilter { text: Some("ünique".into()), ..none() }).await, all);
        assert_eq!(all_quotes(&store, &QuoteFilter { text: Some("nobody".into()), ..none() }).await, []);
    }
}

async fn all_quotes(store: &Store, filter: &QuoteFilter) -> Vec<QuoteRow> {
    let mut listed: Vec<QuoteRow> = Vec::new();
    loop {
        let page = quotes(store, ONE, filter, listed.last().map(QuoteCursor::of), 7, None).await.unwrap().found;
        if page.rows.is_empty() {
            return listed;
        }
        listed.extend(page.rows);
    }
}

#[tokio::test]
async fn s0_44_sales_and_their_jobs_are_listed_by_every_filter() {
    for database in databases::both().await {
        let store = database.store();
        told(&store).await;
        let all = all_sales(&store, &SaleFilter::default()).await;
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.signed_at, row.sale, row.contact))), "the last signed first");
        let some = all.iter().find(|row| row.job_status == JobStatus::Scheduled).unwrap().clone();
        let (signed, none) = (some.signed_at, SaleFilter::default);
        type Passes = Box<dyn Fn(&SaleRow) -> bool>;
        let cases: Vec<(SaleFilter, Passes)> = vec![
            (SaleFilter { state: Some(SaleState::Canceled), ..none() }, Box::new(|row| row.state == SaleState::Canceled)),
            (SaleFilter { job_status: Some(JobStatus::Scheduled), ..none() }, Box::new(|row| row.job_status == JobStatus::Scheduled)),
            (SaleFilter { task: Some(SaleTask::ReleaseLien), ..none() }, Box::new(|row| row.lien_release_owed)),
            (SaleFilter { task: Some(SaleTask::Refund), ..none() }, Box::new(|row| row.balance_minor < 0)),
            (SaleFilter { rep: Some(some.rep), ..none() }, Box::new(move |row| row.rep == some.rep)),
            (SaleFilter { product: Some(some.product), ..none() }, Box::new(move |row| row.product == some.product)),
            (SaleFilter { contact: Some(some.contact), ..none() }, Box::new(move |row| row.contact == some.contact)),
            (SaleFilter { from: Some(signed), ..none() }, Box::new(move |row| row.signed_at >= signed)),
            (SaleFilter { to: Some(signed), ..none() }, Box::new(move |row| row.signed_at <= signed)),
        ];
        for (filter, passes) in cases {
            let expected: Vec<SaleRow> = all.iter().filter(|row| passes(row)).cloned().collect();
            assert!(!expected.is_empty() && expected.len() < all.len(), "{filter:?} tells some from others");
            assert_eq!(all_sales(&store, &filter).await, expected, "{filter:?}");
            let counted =
                sales(&store, ONE, &SaleFilter { state: None, ..filter.clone() }, None, 1, EXACT).await.unwrap().found.counted.unwrap().states.unwrap();
            let of_state = filter.state.map_or(counted.values().sum::<i64>(), |state| counted[state.name()]);
            assert_eq!(of_state, expected.len() as i64, "{filter:?}");
        }
        let active = SaleFilter { job_standing: Some(JobStanding::Active), ..none() };
        assert_eq!(all_sales(&store, &active).await, all);
        assert_eq!(all_sales(&store, &SaleFilter { job_standing: Some(JobStanding::Hold), ..none() }).await, []);
        assert_eq!(all_sales(&store, &SaleFilter { text: Some("ünique".into()), ..none() }).await, all);
        assert_eq!(all_sales(&store, &SaleFilter { text: Some("nobody".into()), ..none() }).await, []);
        // The jobs are those of the sales, oldest first.
        let contacts = BTreeSet::from([some.contact, all[0].contact]);
        let mut expected: Vec<&SaleRow> = all.iter().filter(|row| contacts.contains(&row.contact)).collect();
        expected.sort_by_key(|row| (row.contact, row.signed_at, row.sale));
        let found: Vec<_> =
            jobs(&store, ONE, &contacts).await.unwrap().into_iter().map(|job| (job.contact, job.journey, job.sale, job.status, job.standing)).collect();
        assert_eq!(found, expected.iter().map(|row| (row.contact, row.journey, row.sale, row.job_status, row.job_standing)).collect::<Vec<_>>());
    }
}

async fn all_sales(store: &Store, filter: &SaleFilter) -> Vec<SaleRow> {
    let mut listed: Vec<SaleRow> = Vec::new();
    loop {
        let page = sales(store, ONE, filter, listed.last().map(SaleCursor::of), 7, None).await.unwrap().found;
        if page.rows.is_empty() {
            return listed;
        }
        listed.extend(page.rows);
    }
}

async fn all_meetings(store: &Store, filter: &MeetingFilter) -> Vec<MeetingRow> {
    let mut listed: Vec<MeetingRow> = Vec::new();
    loop {
        let page = meetings(store, ONE, filter, listed.last().map(MeetingCursor::of), 7, None).await.unwrap().found;
        if page.rows.is_empty() {
            return listed;
        }
        listed.extend(page.rows);
    }
}

async fn all_contacts(store: &Store, filter: &ContactFilter) -> Vec<ContactRow> {
    let mut listed: Vec<ContactRow> = Vec::new();
    loop {
        let page = contacts(store, ONE, filter, listed.last().map(ContactCursor::of), 7, None).await.unwrap().found.rows;
        if page.is_empty() {
            return listed;
        }
        listed.extend(page);
    }
}
