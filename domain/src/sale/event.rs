//! What can have happened to a sale, its job, its change orders and its ledger. The stored names are a contract for ever.

use super::words::{CancelKind, Delivery, EntryKind, JobStanding, NoticeToProceed, SiteVisit};
use crate::blueprint::JobStatus;
use crate::id::{ChangeOrderId, JourneyId, LedgerEntryId, PersonId, ProductId, QuoteId, ReasonId, SaleId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::Personal;
use crate::text::{Email, Label, Line};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A fact about one sale. Each names its journey.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[allow(missing_docs, reason = "sale and journey mean the same in every fact")]
pub enum SaleEvent {
    /// A sold quote became a sale (S0:23).
    #[serde(rename = "sale.created")]
    Created {
        sale: SaleId,
        journey: JourneyId,
        /// The quote it comes from.
        quote: QuoteId,
        /// What was sold.
        product: ProductId,
        /// Who sold it.
        rep: PersonId,
        /// For how much, without change orders.
        amount_minor: Money,
        /// When it was signed.
        signed_at: Instant,
        /// Whether management must approve it before it counts: it must when a demo was held (S0:24).
        needs_approval: bool,
    },
    /// Management approved it: it is official (S0:24, P4).
    #[serde(rename = "sale.approved")]
    Approved {
        sale: SaleId,
        journey: JourneyId,
        /// Who looks after its money.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        finance_owner: Option<PersonId>,
        /// Who looks after the customer.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        customer_service_owner: Option<PersonId>,
        /// When it counts as signed from now on; absent where that stays.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signed_at: Option<Instant>,
        /// On what grounds the job may begin.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        notice_to_proceed: Option<NoticeToProceed>,
        /// Whether the job begins at once; absent, it is as it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job_standing: Option<JobStanding>,
    },
    /// Management refused it (P5).
    #[serde(rename = "sale.not_approved")]
    NotApproved {
        sale: SaleId,
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
        /// Which reason of the company's list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
        /// What else is to be known about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// A refused sale was taken up again and waits for approval once more (P6).
    #[serde(rename = "sale.moved_back_to_sold")]
    MovedBackToSold {
        sale: SaleId,
        journey: JourneyId,
        /// When it counts as signed from now on.
        signed_at: Instant,
        /// Whether its job would begin at once; absent, it is as it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job_standing: Option<JobStanding>,
    },
    /// A sale was canceled (P7, P8), or the customer withdrew from it (P34).
    #[serde(rename = "sale.canceled")]
    Canceled {
        sale: SaleId,
        journey: JourneyId,
        /// The cancel date; of a rescission, when its notice was received.
        canceled_at: Instant,
        /// Why.
        reason: Personal<Line>,
        /// The contract at this moment, change orders included.
        contract_minor: Money,
        /// Which reason of the company's list.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason_id: Option<ReasonId>,
        /// What else is to be known about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
        /// What kind of cancellation it is, where it is not an ordinary one: it is reported apart.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        kind: Option<CancelKind>,
        /// How the notice of a rescission came.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Delivery>,
    },
    /// The customer owes a fee for canceling (P8). It is never net sold.
    #[serde(rename = "sale.cancel_fee_charged")]
    CancelFeeCharged {
        sale: SaleId,
        journey: JourneyId,
        /// The fee.
        fee_minor: Money,
    },
    /// A canceled sale came back (P9).
    #[serde(rename = "sale.reactivated")]
    Reactivated {
        sale: SaleId,
        journey: JourneyId,
        /// The contract that counts again, change orders included.
        contract_minor: Money,
        /// Whether its job goes on at once; absent, it does.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        job_standing: Option<JobStanding>,
        /// What is to be known about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// Its figures on sale records belong to another rep from now on (METRICS C.6).
    #[serde(rename = "sale.rep_changed")]
    RepChanged {
        sale: SaleId,
        journey: JourneyId,
        /// Who.
        rep: PersonId,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// The job is done, or a payment came back, and the customer owes something: collection begins (S0:26, P10, P14).
    #[serde(rename = "sale.balance_fell_due")]
    BalanceFellDue { sale: SaleId, journey: JourneyId },
    /// Nothing is owed any more (P9).
    #[serde(rename = "sale.paid_in_full")]
    PaidInFull { sale: SaleId, journey: JourneyId },
    /// The customer was told that a lien will follow (S0:26, P9).
    #[serde(rename = "sale.lien_notice_sent")]
    LienNoticeSent {
        sale: SaleId,
        journey: JourneyId,
        /// When it was sent.
        sent_at: Instant,
        /// The first instant at which a lien may be filed: the notice period of the property's state is over (P35, P36).
        lien_from: Instant,
        /// How it was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        how: Option<Delivery>,
        /// What it asks for.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount_minor: Option<Money>,
        /// Where the document is kept.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Personal<Line>>,
    },
    /// A lien was filed on the property (S0:26, P35, P36).
    #[serde(rename = "sale.lien_filed")]
    LienFiled {
        sale: SaleId,
        journey: JourneyId,
        /// When.
        filed_at: Instant,
        /// In which county.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        county: Option<Personal<Label>>,
        /// Its number there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filing_number: Option<Personal<Label>>,
        /// For how much.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount_minor: Option<Money>,
    },
    /// The lien was released (P36).
    #[serde(rename = "sale.lien_released")]
    LienReleased {
        sale: SaleId,
        journey: JourneyId,
        /// When.
        released_at: Instant,
        /// The number of the release.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        release_number: Option<Personal<Label>>,
    },
    /// An attorney collects from now on (S0:26).
    #[serde(rename = "sale.sent_to_attorney")]
    SentToAttorney {
        sale: SaleId,
        journey: JourneyId,
        /// When.
        sent_at: Instant,
        /// Who.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        attorney: Option<Personal<Label>>,
    },
    /// What is owed was given up.
    #[serde(rename = "sale.balance_written_off")]
    BalanceWrittenOff {
        sale: SaleId,
        journey: JourneyId,
        /// How much.
        amount_minor: Money,
        /// Why.
        reason: Personal<Line>,
    },
    /// Nothing is left to do (P9).
    #[serde(rename = "sale.closed")]
    Closed { sale: SaleId, journey: JourneyId },
    /// A change to its contract was written down.
    #[serde(rename = "change_order.created")]
    ChangeOrderCreated {
        sale: SaleId,
        journey: JourneyId,
        change_order: ChangeOrderId,
        /// By how much the contract would change; may be negative.
        amount_minor: Money,
        /// What changes.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        description: Option<Personal<Line>>,
    },
    /// A change order went to the customer for signature.
    #[serde(rename = "change_order.sent")]
    ChangeOrderSent {
        sale: SaleId,
        journey: JourneyId,
        change_order: ChangeOrderId,
        /// Who is to sign.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        signer: Option<Personal<Label>>,
        /// Where it was sent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        email: Option<Personal<Email>>,
    },
    /// The customer signed a change order.
    #[serde(rename = "change_order.signed")]
    ChangeOrderSigned {
        sale: SaleId,
        journey: JourneyId,
        change_order: ChangeOrderId,
        /// When.
        signed_at: Instant,
    },
    /// A change order may be worked on before the customer signs it: it is approved without a signature (P11, P12).
    #[serde(rename = "change_order.pre_approved")]
    ChangeOrderPreApproved {
        sale: SaleId,
        journey: JourneyId,
        change_order: ChangeOrderId,
        /// When.
        pre_approved_at: Instant,
    },
    /// A change to its contract was approved (P11, P12).
    #[serde(rename = "change_order.approved")]
    ChangeOrderApproved {
        sale: SaleId,
        journey: JourneyId,
        /// The change order.
        change_order: ChangeOrderId,
        /// By how much the contract changes; may be negative.
        amount_minor: Money,
        /// The date by which reports count it.
        report_signed_at: Instant,
    },
    /// An approved change order was undone by a reversing one (P11, P12).
    #[serde(rename = "change_order.reversed")]
    ChangeOrderReversed {
        sale: SaleId,
        journey: JourneyId,
        /// The change order that was undone.
        change_order: ChangeOrderId,
        /// By how much the contract changes: the opposite of what was approved.
        amount_minor: Money,
        /// The date by which reports count it.
        report_signed_at: Instant,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Personal<Line>>,
    },
    /// A change order that was not approved came to nothing.
    #[serde(rename = "change_order.voided")]
    ChangeOrderVoided {
        sale: SaleId,
        journey: JourneyId,
        change_order: ChangeOrderId,
        /// Why.
        reason: Personal<Line>,
    },
    /// Something was posted to the customer's account (P10). What is owed is the sum of all entries; none is ever edited.
    #[serde(rename = "ledger.entry_posted")]
    LedgerEntryPosted {
        sale: SaleId,
        journey: JourneyId,
        /// What it is.
        kind: EntryKind,
        /// By how much the customer owes more; less, where it is negative.
        amount_minor: Money,
        /// The date it is for.
        dated_at: Instant,
        /// The id that whoever posted it gave it. What a rule of the product posts has none: its kind and its position name it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        entry: Option<LedgerEntryId>,
        /// The change order it comes from.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        change_order: Option<ChangeOrderId>,
        /// The paper behind it: the number of a check, of a receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        document: Option<Personal<Line>>,
        /// What else is to be known about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// The job was opened, with the official sale (P4).
    #[serde(rename = "job.opened")]
    JobOpened {
        sale: SaleId,
        journey: JourneyId,
        /// Its first status.
        status: JobStatus,
        /// Whether it begins at once.
        standing: JobStanding,
    },
    /// The job went on: the one status that contact, journey, quote and meeting show as well (S0:25, P13, P14).
    #[serde(rename = "job.status_changed")]
    JobStatusChanged {
        sale: SaleId,
        journey: JourneyId,
        /// Its status from now on.
        status: JobStatus,
        /// What was found on site, where a site visit was completed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        site_visit: Option<SiteVisit>,
        /// For when the installation is planned, where it was scheduled.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        install_at: Option<Instant>,
        /// The date at which its revenue is recognized, where the installation was completed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        revenue_recognized_at: Option<Instant>,
        /// What is to be known about it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// Work on the job was held, taken up again, or ended (P4).
    #[serde(rename = "job.standing_changed")]
    JobStandingChanged {
        sale: SaleId,
        journey: JourneyId,
        /// From now on.
        standing: JobStanding,
        /// Why.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        note: Option<Personal<Line>>,
    },
    /// The job was canceled with its sale (P7): its status is canceled, its standing closed.
    #[serde(rename = "job.canceled")]
    JobCanceled { sale: SaleId, journey: JourneyId },
    /// The job came back with its sale (P9).
    #[serde(rename = "job.reopened")]
    JobReopened {
        sale: SaleId,
        journey: JourneyId,
        /// Its status from now on.
        status: JobStatus,
        /// Whether it goes on at once.
        standing: JobStanding,
    },
}

impl SaleEvent {
    /// The sale it is about.
    pub fn sale(&self) -> SaleId {
        self.sale_and_journey().0
    }

    /// The journey it is about.
    pub fn journey(&self) -> JourneyId {
        self.sale_and_journey().1
    }

    fn sale_and_journey(&self) -> (SaleId, JourneyId) {
        use SaleEvent::*;
        match self {
            Created { sale, journey, .. }
            | Approved { sale, journey, .. }
            | NotApproved { sale, journey, .. }
            | MovedBackToSold { sale, journey, .. }
            | Canceled { sale, journey, .. }
            | CancelFeeCharged { sale, journey, .. }
            | Reactivated { sale, journey, .. }
            | RepChanged { sale, journey, .. }
            | BalanceFellDue { sale, journey }
            | PaidInFull { sale, journey }
            | LienNoticeSent { sale, journey, .. }
            | LienFiled { sale, journey, .. }
            | LienReleased { sale, journey, .. }
            | SentToAttorney { sale, journey, .. }
            | BalanceWrittenOff { sale, journey, .. }
            | Closed { sale, journey }
            | ChangeOrderCreated { sale, journey, .. }
            | ChangeOrderSent { sale, journey, .. }
            | ChangeOrderSigned { sale, journey, .. }
            | ChangeOrderPreApproved { sale, journey, .. }
            | ChangeOrderApproved { sale, journey, .. }
            | ChangeOrderReversed { sale, journey, .. }
            | ChangeOrderVoided { sale, journey, .. }
            | LedgerEntryPosted { sale, journey, .. }
            | JobOpened { sale, journey, .. }
            | JobStatusChanged { sale, journey, .. }
            | JobStandingChanged { sale, journey, .. }
            | JobCanceled { sale, journey }
            | JobReopened { sale, journey, .. } => (*sale, *journey),
        }
    }
}
