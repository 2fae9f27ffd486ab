//! What became of each journey, of its demos and its sales, now and at any past time: the tables behind all figures.
//!
//! The governing set and issue and the net sold of a journey are derived here (METRICS C.3, C.5), and the demos and movements of sales that are
//! counted by themselves (C.6, C.7). Every change keeps what stood before, so that any figure can be asked as of a past instant.

mod demo_query;
mod demos;
mod movement_query;
mod movements;
mod pairs;
pub mod query;
mod row;
mod spell;
#[cfg(test)]
mod tests;

pub use demo_query::{DemoCursor, DemoFilter, demos};
pub use demos::{Demo, DemoRow};
pub use movement_query::{MovementCursor, MovementFilter, movements};
pub use movements::{Movement, MovementRow};
pub(crate) use query::page;
pub use query::{JourneyCursor, JourneyFilter, journey, journeys};
pub use row::{Current, End, Issue, JourneyRow, Sale, SaleState, Since, Standing, Version, Workings};
pub use spell::{Spell, Spells, Until};

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::id::{ContactId, JourneyId, MeetingId, SaleId};
use domain::journey::JourneyEvent;
use domain::meeting::MeetingEvent;
use domain::profile::ContactEvent;
use domain::sale::SaleEvent;
use domain::{Fact, Instant};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};
use demos::DEMOS;
use movements::MOVEMENTS;

/// The read model.
pub struct JourneyTable;

/// The rows of one journey.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// As it stands.
    pub current: Option<Current>,
    /// The rows that were replaced since these rows were read.
    pub closed: Vec<Version>,
    /// The demos that changed since these rows were read.
    pub demos: Spells<MeetingId, DemoRow>,
    /// The movements of sales that changed since these rows were read.
    pub movements: Spells<(SaleId, i64), MovementRow>,
    /// Whether the contact was erased since these rows were read.
    pub erased: bool,
}

#[async_trait]
impl Projection for JourneyTable {
    const NAME: &'static str = "journey_table";
    const REVISION: i32 = 4;
    const TABLES: &'static [Table] = &[CURRENT, VERSIONS, DEMOS, MOVEMENTS];
    type Key = (JourneyId, ContactId);
    type Rows = Rows;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = Self::Key> {
        let journey = match &happened.fact {
            Fact::Journey(JourneyEvent::LimitStarted { .. }) => None,
            Fact::Journey(event) => Some(event.journey()),
            Fact::Meeting(MeetingEvent::Confirmed { .. } | MeetingEvent::ConfirmationAttempted { .. }) => None,
            Fact::Meeting(event) => is_demo(event).then(|| event.journey()),
            Fact::Sale(event) => is_counted(event).then(|| event.journey()),
            Fact::Contact(ContactEvent::Erased { journeys, .. }) => {
                return journeys.iter().filter_map(|journey| Some((*journey, happened.contact?))).collect::<Vec<_>>();
            }
            Fact::Contact(_) | Fact::Quote(_) | Fact::Company(_) => None,
        };
        journey.zip(happened.contact).into_iter().collect()
    }

    fn evolve(&(_, contact): &Self::Key, mut rows: Rows, happened: &Happened) -> Rows {
        match (&mut rows.current, &happened.fact) {
            (current @ None, Fact::Journey(event)) => *current = begun(contact, event, happened),
            (_, Fact::Contact(_)) => rows.forget(),
            (None, _) => {}
            (Some(_), fact) => rows.change(fact, happened),
        }
        rows
    }

    fn settled(rows: Rows) -> Rows {
        Rows { current: rows.current, ..Rows::default() }
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[Self::Key]) -> Result<Vec<(Self::Key, Rows)>, StoreError> {
        let journeys: Vec<Value> = keys.iter().map(|(journey, _)| journey.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &journeys).await?;
        let found = rows.iter().map(|row| {
            let current = Current::from_row(row)?;
            let key = (current.standing.row.journey, current.standing.row.contact);
            Ok((key, Rows { current: Some(current), ..Rows::default() }))
        });
        found.collect()
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&Self::Key, &Rows)]) -> Result<Writes, StoreError> {
        let mut current = Vec::with_capacity(changed.len() * 26);
        let mut closed = Vec::with_capacity(changed.len() * 27);
        let (mut demos, mut movements) = (Vec::new(), Vec::new());
        for (_, rows) in changed {
            if let Some(row) = &rows.current {
                row.push_values(company, generation, &mut current)?;
            }
            rows.closed.iter().for_each(|version| version.push_values(company, generation, &mut closed));
            rows.demos.iter().for_each(|spell| spell.push_values(company, generation, &mut demos));
            rows.movements.iter().for_each(|spell| spell.push_values(company, generation, &mut movements));
        }
        let erased: BTreeSet<ContactId> = changed.iter().filter(|(_, rows)| rows.erased).map(|((_, contact), _)| *contact).collect();
        let erased = erased.into_iter().map(|contact| contact.0.into()).collect();
        let writes = writes.insert(include_str!("sql/save.sql"), current).insert(include_str!("sql/save_version.sql"), closed);
        let writes = writes.insert(include_str!("sql/save_demos.sql"), demos).insert(include_str!("sql/save_movements.sql"), movements);
        Ok(writes.run_in(include_str!("sql/erase_demos.sql"), &[company.into(), generation.into()], erased))
    }
}

impl Rows {
    /// The rows after one more fact. What stood before is closed.
    fn change(&mut self, fact: &Fact, happened: &Happened) {
        let Some(current) = &mut self.current else { return };
        let before = current.standing.clone();
        let now = since(happened.occurred_at, happened);
        if matches!(fact, Fact::Sale(_)) {
            let movements = movements_of(current);
            evolve(current, fact, happened.occurred_at);
            let after = movements_of(current);
            self.movements.turn(&movements, after, &mut current.workings.movements_since, now);
        } else {
            let demos = demos_of(current);
            evolve(current, fact, happened.occurred_at);
            let after = demos_of(current);
            self.demos.turn(&demos, after, &mut current.workings.demos_since, now);
        }
        if current.standing.row != before.row {
            // Business time never runs backwards inside a contact's stream; a log that breaks this must not break the rows.
            let at = now.valid_from.max(before.since.valid_from);
            current.standing.since = Since { valid_from: at, ..now };
            self.closed.push(Version { standing: before, valid_until: at, known_until: happened.recorded_at });
        }
    }

    /// Forgets what a person said.
    fn forget(&mut self) {
        let held = self.current.iter_mut().flat_map(|current| current.workings.demos.values_mut());
        held.chain(self.demos.rows_mut().map(|row| &mut row.demo)).for_each(|demo| demo.reason = None);
        self.erased = true;
    }
}

fn demos_of(current: &Current) -> BTreeMap<MeetingId, DemoRow> {
    demos::rows(&current.standing.row, &current.workings.demos)
}

fn movements_of(current: &Current) -> BTreeMap<(SaleId, i64), MovementRow> {
    movements::rows(&current.standing.row, &current.workings.sales)
}

/// The row of a journey that opens.
fn begun(contact: ContactId, event: &JourneyEvent, happened: &Happened) -> Option<Current> {
    let JourneyEvent::Opened { journey, origin, source, product, category, campaign, .. } = event else { return None };
    let row = JourneyRow {
        journey: *journey,
        contact,
        origin: *origin,
        source: *source,
        product: *product,
        category: category.as_ref().map(ToString::to_string),
        campaign: campaign.as_ref().map(ToString::to_string),
        opened_at: happened.occurred_at,
        set_at: None,
        scheduler: None,
        issued_at: None,
        rep: None,
        meeting_at: None,
        result: None,
        demoed: false,
        rehash_rep: None,
        net_sold_minor: 0,
        pending_minor: 0,
        end: None,
        closed_at: None,
    };
    Some(Current { standing: Standing { row, since: since(happened.occurred_at, happened) }, workings: Workings::default() })
}

/// The journey after one more fact.
fn evolve(current: &mut Current, fact: &Fact, at: Instant) {
    let Current { standing, workings } = current;
    match fact {
        Fact::Journey(event) => on_journey(&mut standing.row, event, at),
        Fact::Meeting(event) => {
            demos::on_meeting(&mut workings.demos, event, at);
            on_meeting(&mut standing.row, workings, event, at);
        }
        Fact::Sale(event) => on_sale(&mut standing.row, workings, event, at),
        Fact::Contact(_) | Fact::Quote(_) | Fact::Company(_) => {}
    }
}

fn since(at: Instant, happened: &Happened) -> Since {
    Since { valid_from: at, known_from: happened.recorded_at, position: happened.position }
}

fn on_journey(row: &mut JourneyRow, event: &JourneyEvent, at: Instant) {
    match event {
        JourneyEvent::Opened { .. } => {}
        JourneyEvent::DimensionsChanged { source, product, category, .. } => {
            (row.source, row.product, row.category) = (*source, *product, category.as_ref().map(ToString::to_string));
        }
        JourneyEvent::RehashAssigned { rehash_rep, .. } => row.rehash_rep = Some(*rehash_rep),
        JourneyEvent::Voided { .. } => (row.end, row.closed_at) = (Some(End::Voided), Some(at)),
        // What became of its sales matters no more.
        _ if row.end == Some(End::Voided) => {}
        JourneyEvent::Closed { outcome, .. } => (row.end, row.closed_at) = (Some(End::With(*outcome)), Some(at)),
        JourneyEvent::OutcomeRevised { outcome, .. } => row.end = Some(End::With(*outcome)),
        JourneyEvent::Reopened { .. } => (row.end, row.closed_at) = (None, None),
        JourneyEvent::LimitStarted { .. } => {}
    }
}

fn is_demo(event: &MeetingEvent) -> bool {
    use MeetingEvent::*;
    match event {
        Set { kind, .. }
        | ConfirmationAttempted { kind, .. }
        | Confirmed { kind, .. }
        | Issued { kind, .. }
        | Reissued { kind, .. }
        | Rescheduled { kind, .. }
        | Canceled { kind, .. }
        | Resulted { kind, .. }
        | ResultCorrected { kind, .. } => kind.is_demo(),
    }
}

/// The governing set is the last one, canceled or not; the governing issue the last that still stands and counts as one (METRICS C.3).
fn on_meeting(row: &mut JourneyRow, workings: &mut Workings, event: &MeetingEvent, at: Instant) {
    let issued = &mut workings.issued;
    match event {
        MeetingEvent::Set { scheduler, .. } => (row.set_at, row.scheduler) = (Some(at), Some(*scheduler)),
        MeetingEvent::Issued { meeting, rep, start, .. } | MeetingEvent::Reissued { meeting, rep, start, .. } => {
            revoke(issued, *meeting);
            issued.push(Issue { meeting: *meeting, at, rep: *rep, start: *start, result: None, counts_as: None });
        }
        MeetingEvent::Rescheduled { meeting, .. } | MeetingEvent::Canceled { meeting, .. } => revoke(issued, *meeting),
        MeetingEvent::Resulted { meeting, result, counts_as, .. } | MeetingEvent::ResultCorrected { meeting, result, counts_as, .. } => {
            for issue in issued.iter_mut().filter(|issue| issue.meeting == *meeting) {
                (issue.result, issue.counts_as) = (Some(*result), *counts_as);
            }
        }
        MeetingEvent::Confirmed { .. } | MeetingEvent::ConfirmationAttempted { .. } => {}
    }
    let governing = issued.iter().rfind(|issue| issue.is_issued());
    row.issued_at = governing.map(|issue| issue.at);
    row.rep = governing.map(|issue| issue.rep);
    row.meeting_at = governing.map(|issue| issue.start);
    row.result = governing.and_then(|issue| issue.result);
    row.demoed = governing.is_some_and(Issue::is_demoed);
}

fn revoke(issued: &mut Vec<Issue>, meeting: MeetingId) {
    issued.retain(|issue| issue.meeting != meeting);
}

/// Whether a fact about a sale changes what is sold or pending, or who sold it: most are about its job, its ledger, or papers on the way.
fn is_counted(event: &SaleEvent) -> bool {
    matches!(
        event,
        SaleEvent::Created { .. }
            | SaleEvent::Approved { .. }
            | SaleEvent::NotApproved { .. }
            | SaleEvent::MovedBackToSold { .. }
            | SaleEvent::Canceled { .. }
            | SaleEvent::Reactivated { .. }
            | SaleEvent::RepChanged { .. }
            | SaleEvent::ChangeOrderApproved { .. }
            | SaleEvent::ChangeOrderReversed { .. }
    )
}

/// Net sold counts the contracts that are official and not canceled (METRICS C.5).
fn on_sale(row: &mut JourneyRow, workings: &mut Workings, event: &SaleEvent, at: Instant) {
    if let SaleEvent::Created { sale, product, rep, amount_minor, needs_approval, .. } = event {
        let state = if *needs_approval { SaleState::Pending } else { SaleState::Official };
        let (official, product, rep) = (!needs_approval, *product, *rep);
        workings.sales.insert(*sale, Sale { contract_minor: amount_minor.0, state, official, product, rep, movements: Vec::new() });
    } else if let Some(sale) = workings.sales.get_mut(&event.sale()) {
        match event {
            SaleEvent::Approved { .. } => (sale.state, sale.official) = (SaleState::Official, true),
            SaleEvent::Reactivated { .. } => sale.state = SaleState::Official,
            SaleEvent::RepChanged { rep, .. } => sale.rep = *rep,
            SaleEvent::NotApproved { .. } => sale.state = SaleState::NotApproved,
            SaleEvent::MovedBackToSold { .. } => sale.state = SaleState::Pending,
            SaleEvent::Canceled { .. } => sale.state = SaleState::Canceled,
            SaleEvent::ChangeOrderApproved { amount_minor, .. } | SaleEvent::ChangeOrderReversed { amount_minor, .. } => {
                sale.contract_minor = sale.contract_minor.saturating_add(amount_minor.0)
            }
            _ => {}
        }
    }
    if let Some(sale) = workings.sales.get_mut(&event.sale()) {
        movements::on_sale(&mut sale.movements, event, at);
    }
    let sum = |state: SaleState| workings.sales.values().filter(|sale| sale.state == state).fold(0_i64, |sum, sale| sum.saturating_add(sale.contract_minor));
    row.net_sold_minor = sum(SaleState::Official);
    row.pending_minor = sum(SaleState::Pending);
}

const CURRENT: Table = Table {
    name: "journey_table",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("journey_id", Id),
        ("contact_id", Id),
        ("origin", Text),
        ("source_id", Id),
        ("product_id", Id),
        ("category", Text),
        ("campaign", Text),
        ("opened_at", Int),
        ("set_at", Int),
        ("scheduler_id", Id),
        ("issued_at", Int),
        ("rep_id", Id),
        ("meeting_at", Int),
        ("result", Text),
        ("demoed", Int),
        ("rehash_rep_id", Id),
        ("net_sold_minor", Int),
        ("pending_minor", Int),
        ("outcome", Text),
        ("closed_at", Int),
        ("valid_from", Int),
        ("known_from", Int),
        ("position", Int),
        ("workings", Text),
    ],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};

const VERSIONS: Table = Table {
    name: "journey_table_versions",
    rows: include_str!("sql/versions.sql"),
    columns: &[
        ("journey_id", Id),
        ("contact_id", Id),
        ("position", Int),
        ("origin", Text),
        ("source_id", Id),
        ("product_id", Id),
        ("category", Text),
        ("campaign", Text),
        ("opened_at", Int),
        ("set_at", Int),
        ("scheduler_id", Id),
        ("issued_at", Int),
        ("rep_id", Id),
        ("meeting_at", Int),
        ("result", Text),
        ("demoed", Int),
        ("rehash_rep_id", Id),
        ("net_sold_minor", Int),
        ("pending_minor", Int),
        ("outcome", Text),
        ("closed_at", Int),
        ("valid_from", Int),
        ("known_from", Int),
        ("valid_until", Int),
        ("known_until", Int),
    ],
    key: 3,
    clear: eventstore::Text::Same(include_str!("sql/clear_versions.sql")),
};
