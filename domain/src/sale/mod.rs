//! Sales: created from sold quotes, approved, worked on, changed, paid or collected, canceled, brought back (BLUEPRINTS B.4).

mod approval;
mod cancel;
mod change_order;
mod collections;
mod command;
mod event;
mod job;
mod ledger;
#[cfg(test)]
mod tests;
mod words;

pub use change_order::ChangeOrder;
pub use collections::{finish, settle};
pub use command::*;
pub use event::SaleEvent;
pub use job::{Job, cancel_job, open_job, reopen_job};
pub use ledger::{Ledger, Posting, post};
pub use words::{CancelKind, Delivery, EntryKind, JobStanding, NoticeToProceed, PropertyType, SiteVisit};

use crate::blueprint::{ChangeOrderState, JobStatus, SALE, SaleState, Step, View, asked_fields};
use crate::contact_file::{ContactFile, given};
use crate::context::Context;
use crate::id::{ChangeOrderId, JourneyId, PersonId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::personal;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What happened at a sale's sign date, before which it is neither changed nor canceled.
const SIGNED: &str = "the sale was signed";

/// What later decisions must know of a sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Sale {
    /// The journey it belongs to.
    pub journey: JourneyId,
    /// The quote it comes from.
    pub quote: QuoteId,
    /// Where it stands.
    pub state: SaleState,
    /// Whose it is.
    pub rep: PersonId,
    /// When it counts as signed.
    pub signed_at: Instant,
    /// Its amount with the approved change orders.
    #[serde(deserialize_with = "Money::computed")]
    pub contract: Money,
    /// Whether it was official at any time: approved, or made without a demo.
    pub official: bool,
    /// Whether it was made without a demo, so that management never approved it (S0:24).
    #[serde(default)]
    pub direct: bool,
    /// The cancel date, while it is canceled, whatever became of its balance since.
    pub canceled_at: Option<Instant>,
    /// Its change orders.
    pub change_orders: BTreeMap<ChangeOrderId, ChangeOrder>,
    /// Its job.
    pub job: Job,
    /// The customer's account for it.
    pub ledger: Ledger,
    /// The first instant at which a lien may be filed, once a notice was sent.
    pub lien_from: Option<Instant>,
    /// Whether a lien lies on the property.
    pub lien: bool,
    /// When the last lien was filed.
    #[serde(default)]
    pub lien_filed_at: Option<Instant>,
}

impl Sale {
    /// A sale as it was created; none from any other fact.
    pub fn created(event: &SaleEvent) -> Option<Sale> {
        let SaleEvent::Created { journey, quote, rep, amount_minor, signed_at, needs_approval, .. } = event else { return None };
        Some(Sale {
            journey: *journey,
            quote: *quote,
            state: if *needs_approval { SaleState::Sold } else { SaleState::JobInProgress },
            rep: *rep,
            signed_at: *signed_at,
            contract: *amount_minor,
            official: !needs_approval,
            direct: !needs_approval,
            canceled_at: None,
            change_orders: BTreeMap::new(),
            job: Job { status: JobStatus::InSaleReview, standing: JobStanding::Active },
            ledger: Ledger::default(),
            lien_from: None,
            lien: false,
            lien_filed_at: None,
        })
    }

    /// The sale after one more fact about it.
    pub fn evolve(self, event: &SaleEvent) -> Sale {
        use SaleEvent::*;
        match event {
            Created { .. } | BalanceWrittenOff { .. } => self,
            Approved { signed_at, job_standing, .. } => {
                let (signed_at, job) = (signed_at.unwrap_or(self.signed_at), self.job.standing_as(*job_standing));
                Sale { state: SaleState::JobInProgress, official: true, signed_at, job, ..self }
            }
            NotApproved { .. } => Sale { state: SaleState::NotApproved, ..self },
            MovedBackToSold { signed_at, job_standing, .. } => {
                let job = self.job.standing_as(*job_standing);
                Sale { state: SaleState::Sold, signed_at: *signed_at, job, ..self }
            }
            Canceled { canceled_at, .. } => Sale { state: SaleState::Canceled, canceled_at: Some(*canceled_at), ledger: self.ledger.canceled(), ..self },
            CancelFeeCharged { .. } => Sale { state: SaleState::CanceledWithBalance, ..self },
            Reactivated { .. } => Sale { state: SaleState::JobInProgress, canceled_at: None, ..self },
            RepChanged { rep, .. } => Sale { rep: *rep, ..self },
            BalanceFellDue { .. } => Sale { state: SaleState::BalanceDue, ..self },
            PaidInFull { .. } => Sale { state: SaleState::PaidInFull, ..self },
            LienNoticeSent { lien_from, .. } => Sale { state: SaleState::SentCustomerNotice, lien_from: Some(*lien_from), ..self },
            LienFiled { filed_at, .. } => Sale { state: SaleState::LienFiled, lien: true, lien_filed_at: Some(*filed_at), ..self },
            LienReleased { .. } => Sale { lien: false, ..self },
            SentToAttorney { .. } => Sale { state: SaleState::SentToAttorney, ..self },
            Closed { .. } => Sale { state: SaleState::SaleClosed, ..self },
            LedgerEntryPosted { kind, amount_minor, entry, .. } => Sale { ledger: self.ledger.with(*kind, *amount_minor, *entry), ..self },
            JobOpened { .. } | JobStatusChanged { .. } | JobStandingChanged { .. } | JobCanceled { .. } | JobReopened { .. } => {
                Sale { job: self.job.evolve(event), ..self }
            }
            ChangeOrderCreated { .. }
            | ChangeOrderSent { .. }
            | ChangeOrderSigned { .. }
            | ChangeOrderPreApproved { .. }
            | ChangeOrderApproved { .. }
            | ChangeOrderReversed { .. }
            | ChangeOrderVoided { .. } => change_order::evolve(self, event),
        }
    }

    /// Whether a lien lies on the property for which nothing is owed any more: it is to be released (P36).
    pub fn owes_a_release(&self) -> bool {
        self.lien && self.balance() <= Money::ZERO
    }

    /// Whether its contract counts: it is official and not canceled.
    pub fn counts(&self) -> bool {
        self.official && self.canceled_at.is_none()
    }
}

/// Decides a wish about a sale.
pub fn decide(file: &ContactFile, command: &SaleCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    use SaleCommand as Ask;
    let facts = match command {
        Ask::Approve(ask) => vec![approval::approve(file, ask, context)?],
        Ask::NotApprove(ask) => vec![approval::not_approve(file, ask, context)?],
        Ask::MoveBack(ask) => vec![approval::move_back(file, ask, context)?],
        Ask::Rescind(ask) => vec![cancel::rescind(file, ask, context)?],
        Ask::Cancel(ask) => cancel::cancel(file, ask, context)?,
        Ask::Reactivate(ask) => vec![cancel::reactivate(file, ask, context)?],
        Ask::ChangeRep(ask) => change_rep(file, ask, context)?.into_iter().collect(),
        Ask::PostEntry(ask) => vec![ledger::post_entry(file, ask, context)?],
        Ask::SendNotice(ask) => vec![collections::send_notice(file, ask, context)?],
        Ask::FileLien(ask) => vec![collections::file_lien(file, ask, context)?],
        Ask::ReleaseLien(ask) => vec![collections::release_lien(file, ask, context)?],
        Ask::SendToAttorney(ask) => vec![collections::send_to_attorney(file, ask, context)?],
        Ask::WriteOff(ask) => collections::write_off(file, ask, context)?,
        Ask::Close(ask) => vec![collections::close(file, ask, context)?],
        Ask::ApproveChangeOrder(ask) => vec![change_order::approve_at_once(file, ask, context)?],
        Ask::CreateChangeOrder(ask) => vec![change_order::create(file, ask, context)?],
        Ask::SendChangeOrder(ask) => vec![change_order::send(file, ask, context)?],
        Ask::SignChangeOrder(ask) => vec![change_order::sign(file, ask, context)?],
        Ask::PreApproveChangeOrder(ask) => change_order::pre_approve(file, ask, context)?,
        Ask::ApproveSignedChangeOrder(ask) => vec![change_order::approve(file, ask, context)?],
        Ask::ReverseChangeOrder(ask) => vec![change_order::reverse(file, ask, context)?],
        Ask::VoidChangeOrder(ask) => vec![change_order::void(file, ask, context)?],
        Ask::CompleteSiteVisit(ask) => vec![job::complete_site_visit(file, ask, context)?],
        Ask::NotAuthorizeJob(ask) => vec![job::go_on(file, ask, "job.not_authorize", context)?],
        Ask::ApproveJobToProceed(ask) => vec![job::go_on(file, ask, "job.approve_to_proceed", context)?],
        Ask::ScheduleJob(ask) => vec![job::schedule(file, ask, context)?],
        Ask::CompletePreCall(ask) => vec![job::go_on(file, ask, "job.complete_pre_call", context)?],
        Ask::StartInstall(ask) => vec![job::go_on(file, ask, "job.start_install", context)?],
        Ask::CompletePending(ask) => vec![job::complete_install(file, ask, "job.complete_pending", context)?],
        Ask::CompleteFinal(ask) => vec![job::complete_install(file, ask, "job.complete_final", context)?],
        Ask::CloseJob(ask) => job::close(file, ask, context)?,
        Ask::ChangeJobStanding(ask) => job::change_standing(file, ask, context)?.into_iter().collect(),
    };
    Ok(facts.into_iter().map(Fact::from).collect())
}

/// The same rep again changes nothing.
fn change_rep(file: &ContactFile, ask: &ChangeSaleRep, context: &Context) -> Result<Option<SaleEvent>, Refusal> {
    let sale = asked(file, "sale.change_rep", ask.sale, ask, context)?;
    let rep = context.company.person("rep", &ask.rep)?;
    Ok((rep != sale.rep).then(|| SaleEvent::RepChanged { sale: ask.sale, journey: sale.journey, rep, reason: personal(&ask.reason) }))
}

/// Creates the sale of a sold quote (S0:23). It needs approval when a demo was held on the journey (S0:24). There already: nothing.
pub fn create(file: &ContactFile, id: SaleId, from: QuoteId, signed_at: Instant) -> Vec<Fact> {
    match file.quotes.get(&from) {
        Some(quote) if !file.sales.contains_key(&id) => vec![
            SaleEvent::Created {
                sale: id,
                journey: quote.journey,
                quote: from,
                product: quote.product,
                rep: quote.rep,
                amount_minor: quote.amount,
                signed_at,
                needs_approval: file.demo_was_held(quote.journey),
            }
            .into(),
        ],
        _ => vec![],
    }
}

/// Refuses a sale id that the contact has used.
pub fn id_is_free(file: &ContactFile, sale: SaleId) -> Result<(), Refusal> {
    if file.sales.contains_key(&sale) {
        return Err(Refusal::of_field(Code::IdTaken, "sale", "the contact has a sale with this id already"));
    }
    Ok(())
}

/// The sale, when its table permits the command and everything is filled in that its row asks for.
fn asked<'a, T: Serialize>(file: &'a ContactFile, command: &str, id: SaleId, ask: &T, context: &Context) -> Result<&'a Sale, Refusal> {
    let sale = file.sale(id)?;
    let step = SALE.permit(command, None, Some(sale.state), &view_of(file, id, sale, context))?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    Ok(sale)
}

/// What a guard may look at when it is about a sale.
pub(crate) fn view_of<'a>(file: &'a ContactFile, id: SaleId, sale: &Sale, context: &'a Context) -> View<'a> {
    View { journey: Some(sale.journey), quote: Some(sale.quote), sale: Some(id), ..View::new(file, context) }
}
