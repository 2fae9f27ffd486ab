//! What moved the sales of each rep, as it is shown (METRICS C.6).

use super::circumstances::Circumstances;
use super::tiles::sum;
use domain::Instant;
use domain::company::Company;
use domain::figure::{Moved, WindowName};
use domain::id::PersonId;
use serde::Serialize;
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What moved the sales of each rep in one window, each movement on its own date.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesTable {
    /// Its window.
    #[schema(value_type = String)]
    pub window: WindowName,
    /// Its first instant.
    #[schema(value_type = String, format = DateTime)]
    pub from: Instant,
    /// Its last instant, included.
    #[schema(value_type = String, format = DateTime)]
    pub to: Instant,
    /// A row for each rep whose sales moved, by name.
    pub rows: Vec<SalesRow>,
    /// All of them together.
    pub total: SalesSums,
}

/// What moved the sales of a rep.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesRow {
    /// The sale's present rep.
    pub key: String,
    /// Their id.
    pub key_id: Uuid,
    /// What moved.
    #[serde(flatten)]
    pub sums: SalesSums,
}

/// What moved official sales. Amounts are in minor units.
#[derive(Debug, Serialize, ToSchema)]
pub struct SalesSums {
    /// How many sales were signed.
    pub sales: i64,
    /// What they were sold for.
    pub gross_sold_minor: i64,
    /// What change orders added or took away.
    pub change_orders_minor: i64,
    /// How many sales were canceled.
    pub cancels: i64,
    /// What those were worth when they were canceled.
    pub net_canceled_minor: i64,
    /// What was brought back.
    pub reactivated_minor: i64,
    /// Gross sold and change orders, less what was canceled, and what was brought back.
    pub net_sold_minor: i64,
    /// What was signed and waits for approval: no part of the others.
    pub pending_minor: i64,
    /// The address of exactly these movements.
    pub movements: String,
}

impl SalesTable {
    pub(super) fn new(window: WindowName, from: Instant, moved: &BTreeMap<PersonId, Moved>, circumstances: &Circumstances, company: &Company) -> SalesTable {
        let to = circumstances.as_of;
        let mut rows: Vec<SalesRow> = moved
            .iter()
            .map(|(rep, moved)| SalesRow {
                key: company.people.shown(*rep),
                key_id: rep.0,
                sums: SalesSums::new(moved, circumstances.movements(from, to, &format!("&rep={rep}"))),
            })
            .collect();
        rows.sort_by(|a, b| (&a.key, a.key_id).cmp(&(&b.key, b.key_id)));
        SalesTable { window, from, to, rows, total: SalesSums::new(&sum(moved.values()), circumstances.movements(from, to, "")) }
    }
}

impl SalesSums {
    fn new(moved: &Moved, movements: String) -> SalesSums {
        SalesSums {
            sales: moved.sales,
            gross_sold_minor: moved.gross_sold_minor,
            change_orders_minor: moved.change_orders_minor,
            cancels: moved.cancels,
            net_canceled_minor: moved.net_canceled_minor,
            reactivated_minor: moved.reactivated_minor,
            net_sold_minor: moved.net_sold_minor(),
            pending_minor: moved.pending_minor,
            movements,
        }
    }
}
