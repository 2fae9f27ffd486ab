//! A sale with everything about it: its change orders, its account entry by entry, its job, its lien.

use super::problem::Problem;
use super::records::{Read, known};
use super::sales::SaleView;
use crate::views::{Event, actor_name};
use domain::blueprint::State as _;
use domain::id::SaleId;
use domain::sale::{Sale, SaleEvent};
use domain::{Fact, Instant};
use projections::Happened;
use projections::sale_list::SaleRow;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// A sale with everything about it.
#[derive(Debug, Serialize, ToSchema)]
pub struct SaleRecord {
    /// As lists show it.
    #[serde(flatten)]
    row: SaleView,
    /// The meetings of its journey.
    meetings: Vec<Uuid>,
    /// The sum of its quote's items, in minor units.
    items_minor: i64,
    /// Its amount without change orders.
    amount_minor: i64,
    /// Its change orders.
    change_orders: Vec<ChangeOrderView>,
    /// The customer's account: the balance is the sum of these entries (S0:26).
    ledger: Vec<EntryView>,
    /// Its job.
    job: SaleJobView,
    /// Its lien; empty before a notice was sent.
    lien: LienView,
    /// What happened to it, in order.
    history: Vec<Event>,
    /// The version of the contact's stream that this holds for.
    version: i64,
}

/// A change to the contract of a sale.
#[derive(Debug, Serialize, ToSchema)]
pub struct ChangeOrderView {
    /// Its id.
    change_order: Uuid,
    /// Its state, such as `approved`.
    state: &'static str,
    /// By how much it changes the contract once it is approved, in minor units.
    amount_minor: i64,
    /// When it was signed or approved: the date by which reports count it.
    #[schema(value_type = Option<String>, format = DateTime)]
    signed_at: Option<Instant>,
    /// What changes; absent once the contact was erased.
    description: Option<String>,
}

/// An entry of the ledger.
#[derive(Debug, Serialize, ToSchema)]
pub struct EntryView {
    /// The position of the event.
    position: i64,
    /// What it is, such as `down_payment`.
    kind: &'static str,
    /// By how much the customer owes more; less, where it is negative.
    amount_minor: i64,
    /// What the customer owes after it.
    balance_minor: i64,
    /// The date it is for.
    #[schema(value_type = String, format = DateTime)]
    dated_at: Instant,
    /// When it was posted.
    #[schema(value_type = String, format = DateTime)]
    posted_at: Instant,
    /// The id that whoever posted it gave it; none where a rule did.
    entry: Option<Uuid>,
    /// The change order it comes from.
    change_order: Option<Uuid>,
    /// The paper behind it; absent once the contact was erased.
    document: Option<String>,
    /// What else is to be known about it; absent once the contact was erased.
    note: Option<String>,
    /// Who posted it: the person's name, else the actor as recorded.
    posted_by: String,
}

/// The job of a sale.
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct SaleJobView {
    /// Its one status, such as `scheduled`.
    status: &'static str,
    /// Whether it is worked on: `active`, `hold` or `closed`.
    standing: &'static str,
    /// For when the installation is planned.
    #[schema(value_type = Option<String>, format = DateTime)]
    install_at: Option<Instant>,
    /// The date at which its revenue is recognized.
    #[schema(value_type = Option<String>, format = DateTime)]
    revenue_recognized_at: Option<Instant>,
}

/// The lien of a sale (P35, P36).
#[derive(Debug, Default, Serialize, ToSchema)]
pub struct LienView {
    /// When the notice was sent.
    #[schema(value_type = Option<String>, format = DateTime)]
    notice_sent_at: Option<Instant>,
    /// The first instant at which a lien may be filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    lien_from: Option<Instant>,
    /// When a lien was filed.
    #[schema(value_type = Option<String>, format = DateTime)]
    filed_at: Option<Instant>,
    /// In which county; absent once the contact was erased.
    county: Option<String>,
    /// Its number there; absent once the contact was erased.
    filing_number: Option<String>,
    /// For how much, in minor units.
    amount_minor: Option<i64>,
    /// When it was released.
    #[schema(value_type = Option<String>, format = DateTime)]
    released_at: Option<Instant>,
    /// Whether it lies on the property.
    lies: bool,
}

impl SaleRecord {
    pub(super) fn new(read: &Read, id: SaleId, sale: &Sale, row: &SaleRow) -> Result<SaleRecord, Problem> {
        let mut record = SaleRecord {
            row: SaleView::new(row, &read.company, &read.beside),
            meetings: read.file.meetings.iter().filter(|(_, meeting)| meeting.journey == sale.journey).map(|(meeting, _)| meeting.0).collect(),
            items_minor: read.file.quotes.get(&sale.quote).map_or(Ok(0), |quote| quote.offer.totals().map(|totals| totals.subtotal.0))?,
            amount_minor: 0,
            change_orders: vec![],
            ledger: vec![],
            job: SaleJobView { status: sale.job.status.name(), standing: sale.job.standing.name(), ..SaleJobView::default() },
            lien: LienView { lies: sale.lien, ..LienView::default() },
            history: read.about(|fact| matches!(fact, Fact::Sale(event) if event.sale() == id))?,
            version: read.file.version,
        };
        for (order, change_order) in &sale.change_orders {
            record.change_orders.push(ChangeOrderView {
                change_order: order.0,
                state: change_order.state.name(),
                amount_minor: change_order.amount.0,
                signed_at: change_order.signed_at,
                description: None,
            });
        }
        for happened in &read.history {
            if let Fact::Sale(event) = &happened.fact
                && event.sale() == id
            {
                record.take(event, happened, read);
            }
        }
        Ok(record)
    }

    /// What one fact adds to what the folds know.
    fn take(&mut self, event: &SaleEvent, happened: &Happened, read: &Read) {
        match event {
            SaleEvent::Created { amount_minor, .. } => self.amount_minor = amount_minor.0,
            SaleEvent::ChangeOrderCreated { change_order, description, .. } => {
                if let Some(view) = self.change_orders.iter_mut().find(|view| view.change_order == change_order.0) {
                    view.description = known(description.as_ref());
                }
            }
            SaleEvent::LedgerEntryPosted { kind, amount_minor, dated_at, entry, change_order, document, note, .. } => {
                let before = self.ledger.last().map_or(0, |last| last.balance_minor);
                self.ledger.push(EntryView {
                    position: happened.position,
                    kind: kind.name(),
                    amount_minor: amount_minor.0,
                    balance_minor: before.saturating_add(amount_minor.0),
                    dated_at: *dated_at,
                    posted_at: happened.occurred_at,
                    entry: entry.map(|id| id.0),
                    change_order: change_order.map(|id| id.0),
                    document: known(document.as_ref()),
                    note: known(note.as_ref()),
                    posted_by: actor_name(&read.company, &happened.actor).unwrap_or_else(|| happened.actor.clone()),
                });
            }
            SaleEvent::JobStatusChanged { install_at, revenue_recognized_at, .. } => {
                self.job.install_at = install_at.or(self.job.install_at);
                self.job.revenue_recognized_at = revenue_recognized_at.or(self.job.revenue_recognized_at);
            }
            SaleEvent::LienNoticeSent { sent_at, lien_from, .. } => (self.lien.notice_sent_at, self.lien.lien_from) = (Some(*sent_at), Some(*lien_from)),
            SaleEvent::LienFiled { filed_at, county, filing_number, amount_minor, .. } => {
                (self.lien.filed_at, self.lien.released_at) = (Some(*filed_at), None);
                (self.lien.county, self.lien.filing_number) = (known(county.as_ref()), known(filing_number.as_ref()));
                self.lien.amount_minor = amount_minor.map(|amount| amount.0);
            }
            SaleEvent::LienReleased { released_at, .. } => self.lien.released_at = Some(*released_at),
            _ => {}
        }
    }
}
