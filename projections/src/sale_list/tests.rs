//! What the sale list shows of each sale, its job and its balance.

use std::collections::BTreeMap;

use domain::Fact;
use domain::blueprint::{JobStatus, SaleState};
use domain::sale::JobStanding;
use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::testing::*;

fn sale(told: impl IntoIterator<Item = (u32, Fact)>) -> SaleRow {
    let history = history(std::iter::once((2, sold(SALE, 1_000, true))).chain(told));
    fold::<SaleList>(&history)[&(SALE, ELM_STREET)].clone().unwrap().row
}

fn new() -> SaleRow {
    SaleRow {
        sale: SALE,
        contact: ELM_STREET,
        journey: FIRST,
        quote: QUOTE,
        product: WINDOWS,
        rep: ANA,
        state: SaleState::Sold,
        state_since: day(2),
        needs_approval: true,
        contract_minor: 1_000,
        balance_minor: 0,
        job_status: JobStatus::InSaleReview,
        job_standing: JobStanding::Active,
        signed_at: day(1),
        approved_at: None,
        canceled_at: None,
        due_since: None,
        lien_release_owed: false,
    }
}

fn job(status: &str) -> Fact {
    of_sale("job.status_changed", SALE, json!({ "status": status }))
}

#[test]
fn s0_40_a_sale_is_listed_from_the_moment_its_quote_is_sold() {
    assert_eq!(sale([]), new());
}

#[test]
fn s0_42_a_sale_without_a_demo_is_in_progress_at_once() {
    let history = history([(2, sold(SALE, 1_000, false))]);
    let row = fold::<SaleList>(&history)[&(SALE, ELM_STREET)].clone().unwrap().row;
    assert_eq!(row, SaleRow { state: SaleState::JobInProgress, needs_approval: false, ..new() });
}

#[test]
fn s0_46_the_balance_is_the_sum_of_the_entries() {
    let opened = of_sale("job.opened", SALE, json!({ "status": "ready_for_site_visit", "standing": "active" }));
    let told = [
        (3, approved(SALE)),
        (3, opened),
        (3, entry_posted(SALE, 1_000)),
        (4, change_order(SALE, 250)),
        (4, entry_posted(SALE, 250)),
        (5, entry_posted(SALE, -400)),
    ];
    let running = SaleRow {
        state: SaleState::JobInProgress,
        state_since: day(3),
        contract_minor: 1_250,
        balance_minor: 850,
        job_status: JobStatus::ReadyForSiteVisit,
        approved_at: Some(day(3)),
        ..new()
    };
    assert_eq!(sale(told), running);
}

#[test]
fn s0_43_there_is_one_job_status_and_one_standing() {
    let held = of_sale("job.standing_changed", SALE, json!({ "standing": "hold" }));
    let after = sale([(3, approved(SALE)), (4, job("scheduled")), (5, held), (6, job("install_in_progress"))]);
    assert_eq!((after.job_status, after.job_standing, after.state_since), (JobStatus::InstallInProgress, JobStanding::Hold, day(3)));
    let canceled = sale([(3, approved(SALE)), (4, sale_canceled(SALE)), (4, of_sale("job.canceled", SALE, json!({})))]);
    assert_eq!((canceled.job_status, canceled.job_standing, canceled.canceled_at), (JobStatus::Canceled, JobStanding::Closed, Some(day(1))));
}

#[test]
fn s0_47_collection_runs_from_the_day_the_balance_fell_due_until_it_is_paid() {
    let due = [(3, approved(SALE)), (3, entry_posted(SALE, 1_000)), (5, balance_fell_due(SALE))];
    let noticed = (6, of_sale("sale.lien_notice_sent", SALE, json!({ "sent_at": day(6), "lien_from": day(17) })));
    let filed = (20, of_sale("sale.lien_filed", SALE, json!({ "filed_at": day(20) })));
    let paid = [(22, entry_posted(SALE, -1_000)), (22, of_sale("sale.paid_in_full", SALE, json!({})))];
    let shown = |row: SaleRow| (row.state, row.state_since, row.due_since, row.lien_release_owed);
    let told = |more: &[(u32, Fact)]| sale(due.iter().chain(more).cloned());
    assert_eq!(shown(told(&[])), (SaleState::BalanceDue, day(5), Some(day(5)), false));
    assert_eq!(shown(told(&[noticed.clone(), filed.clone()])), (SaleState::LienFiled, day(20), Some(day(5)), false));
    let settled = [noticed, filed, paid[0].clone(), paid[1].clone()];
    assert_eq!(shown(told(&settled)), (SaleState::PaidInFull, day(22), None, true));
    let released = (24, of_sale("sale.lien_released", SALE, json!({ "released_at": day(24) })));
    assert_eq!(shown(told(&[&settled[..], &[released]].concat())), (SaleState::PaidInFull, day(22), None, false));
    assert_eq!(shown(sale([(3, approved(SALE)), (4, sale_canceled(SALE)), (4, fee(SALE))])), (SaleState::CanceledWithBalance, day(4), Some(day(4)), false));
}

#[test]
fn what_the_fold_remembers_is_read_back_as_it_was() {
    let much = 900_000_000_000;
    let told = [(2, sold(SALE, 5, true)), (3, entry_posted(SALE, much)), (3, entry_posted(SALE, much)), (4, change_order(SALE, 5))];
    let current = fold::<SaleList>(&history(told)).remove(&(SALE, ELM_STREET)).flatten().unwrap();
    assert_eq!(serde_json::from_str::<Sale>(&serde_json::to_string(&current.sale).unwrap()).unwrap(), current.sale);
}

proptest! {
    /// The list shows what the decider guards with: one fold for both.
    #[test]
    fn it_stands_where_the_rules_say(history in any_history(40)) {
        let mut sales: BTreeMap<SaleId, Sale> = BTreeMap::new();
        for happened in &history {
            let Fact::Sale(event) = &happened.fact else { continue };
            if let Some(sale) = Sale::created(event).or_else(|| sales.remove(&event.sale()).map(|sale| sale.evolve(event))) {
                sales.insert(event.sale(), sale);
            }
        }
        let rows = fold::<SaleList>(&history);
        let listed: BTreeMap<SaleId, &Current> = rows.values().flatten().map(|current| (current.row.sale, current)).collect();
        prop_assert_eq!(listed.keys().collect::<Vec<_>>(), sales.keys().collect::<Vec<_>>());
        for (id, current) in listed {
            let (row, sale) = (&current.row, &sales[&id]);
            prop_assert_eq!(&current.sale, sale);
            prop_assert_eq!((row.state, row.job_status, row.job_standing), (sale.state, sale.job.status, sale.job.standing));
            prop_assert_eq!((row.contract_minor, row.balance_minor, row.rep), (sale.contract.0, sale.balance().0, sale.rep));
            prop_assert_eq!(row.due_since.is_some(), sale.state.is_collected());
        }
    }
}
