//! What moved the sales of a journey: each movement with its amount and its date (METRICS C.6).

use std::collections::BTreeMap;

use domain::Instant;
use domain::figure::MovementKind;
use domain::id::{ContactId, JourneyId, PersonId, ProductId, SaleId};
use domain::sale::SaleEvent;
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::{Deserialize, Serialize};

use super::row::{JourneyRow, Sale, SaleState};
use super::spell::Spell;
use crate::table::{Kind::*, Table, instant, named};

/// One movement of a sale that is official, or waits for approval.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct MovementRow {
    /// The sale.
    pub sale: SaleId,
    /// Which of its movements, from 0.
    pub number: i64,
    /// Whose sale it is.
    pub contact: ContactId,
    /// The journey it belongs to.
    pub journey: JourneyId,
    /// What was sold.
    pub product: ProductId,
    /// The sale's present rep.
    pub rep: PersonId,
    /// What moved it, by how much, and when.
    #[serde(flatten)]
    pub movement: Movement,
    /// Whether the sale counts; else it waits for approval.
    pub official: bool,
}

/// What moved a sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Movement {
    /// What moved it.
    pub kind: MovementKind,
    /// By how much, in minor units: below zero what took away from it.
    pub amount_minor: i64,
    /// On which date it counts: the first instant of that local day, or the instant itself where it is known.
    pub dated_at: Instant,
}

/// Adds what an event moves, and moves what it dates anew.
pub(super) fn on_sale(movements: &mut Vec<Movement>, event: &SaleEvent, at: Instant) {
    let mut add = |kind, amount_minor, dated_at| movements.push(Movement { kind, amount_minor, dated_at });
    match event {
        SaleEvent::Created { amount_minor, signed_at, .. } => add(MovementKind::Sold, amount_minor.0, *signed_at),
        SaleEvent::ChangeOrderApproved { amount_minor, report_signed_at, .. } | SaleEvent::ChangeOrderReversed { amount_minor, report_signed_at, .. } => {
            add(MovementKind::ChangeOrder, amount_minor.0, *report_signed_at)
        }
        SaleEvent::Canceled { contract_minor, canceled_at, .. } => add(MovementKind::Canceled, contract_minor.0.saturating_neg(), *canceled_at),
        SaleEvent::Reactivated { contract_minor, .. } => add(MovementKind::Reactivated, contract_minor.0, at),
        SaleEvent::Approved { signed_at: Some(signed_at), .. } | SaleEvent::MovedBackToSold { signed_at, .. } => {
            movements.iter_mut().filter(|movement| movement.kind == MovementKind::Sold).for_each(|sold| sold.dated_at = *signed_at);
        }
        _ => {}
    }
}

/// The rows of the movements of a journey's sales: none of a sale that management refused, or that was canceled before it was official.
pub(super) fn rows(journey: &JourneyRow, sales: &BTreeMap<SaleId, Sale>) -> BTreeMap<(SaleId, i64), MovementRow> {
    let shown = sales.iter().filter(|(_, sale)| sale.official || sale.state == SaleState::Pending);
    let of_sale = shown.flat_map(|(id, sale)| {
        sale.movements.iter().zip(0..).map(move |(movement, number)| {
            let row = MovementRow {
                sale: *id,
                number,
                contact: journey.contact,
                journey: journey.journey,
                product: sale.product,
                rep: sale.rep,
                movement: movement.clone(),
                official: sale.official,
            };
            ((*id, number), row)
        })
    });
    of_sale.collect()
}

impl MovementRow {
    /// Reads the columns that all lists of movements begin with.
    pub(crate) fn from_row(row: &Row) -> Result<MovementRow, StoreError> {
        Ok(MovementRow {
            sale: SaleId(row.get(0)?),
            number: row.get(1)?,
            contact: ContactId(row.get(2)?),
            journey: JourneyId(row.get(3)?),
            product: ProductId(row.get(4)?),
            rep: PersonId(row.get(5)?),
            movement: Movement { kind: named(row.get(6)?)?, amount_minor: row.get(7)?, dated_at: instant(row, 8)? },
            official: row.get::<i64>(9)? == 1,
        })
    }
}

impl Spell<MovementRow> {
    /// Adds its values in the order of `sql/save_movements.sql`.
    pub(super) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) {
        let row = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            self.since.position.into(),
            row.sale.0.into(),
            row.number.into(),
            row.contact.0.into(),
            row.journey.0.into(),
            row.product.0.into(),
            row.rep.0.into(),
            row.movement.kind.name().into(),
            row.movement.amount_minor.into(),
            row.movement.dated_at.micros().into(),
            i64::from(row.official).into(),
        ]);
        self.push_times(values);
    }
}

pub(super) const MOVEMENTS: Table = Table {
    name: "journey_movements",
    rows: include_str!("sql/movements.sql"),
    columns: &[
        ("position", Int),
        ("sale_id", Id),
        ("number", Int),
        ("contact_id", Id),
        ("journey_id", Id),
        ("product_id", Id),
        ("rep_id", Id),
        ("kind", Text),
        ("amount_minor", Int),
        ("dated_at", Int),
        ("official", Int),
        ("valid_from", Int),
        ("known_from", Int),
        ("valid_until", Int),
        ("known_until", Int),
    ],
    key: 3,
    clear: eventstore::Text::Same(include_str!("sql/clear_movements.sql")),
};
