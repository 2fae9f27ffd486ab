//! What can have happened to a sale. The stored names are a contract for ever.

use crate::id::{ChangeOrderId, JourneyId, PersonId, ProductId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::money::Money;
use crate::personal::Personal;
use crate::text::Line;
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
    Approved { sale: SaleId, journey: JourneyId },
    /// Management refused it (P5).
    #[serde(rename = "sale.not_approved")]
    NotApproved {
        sale: SaleId,
        journey: JourneyId,
        /// Why.
        reason: Personal<Line>,
    },
    /// A refused sale was taken up again and waits for approval once more (P6).
    #[serde(rename = "sale.moved_back_to_sold")]
    MovedBackToSold {
        sale: SaleId,
        journey: JourneyId,
        /// When it counts as signed from now on.
        signed_at: Instant,
    },
    /// An official sale was canceled (P7, P8).
    #[serde(rename = "sale.canceled")]
    Canceled {
        sale: SaleId,
        journey: JourneyId,
        /// The cancel date.
        canceled_at: Instant,
        /// Why.
        reason: Personal<Line>,
        /// The contract at this moment, change orders included.
        contract_minor: Money,
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
    },
    /// Its figures on sale records belong to another rep from now on (METRICS C.6).
    #[serde(rename = "sale.rep_changed")]
    RepChanged {
        sale: SaleId,
        journey: JourneyId,
        /// Who.
        rep: PersonId,
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
}
