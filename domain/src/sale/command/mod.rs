//! What may be asked of a sale, its job, its change orders and its ledger.

mod approval;
mod change_order;
mod collections;
mod job;

pub use approval::*;
pub use change_order::*;
pub use collections::*;
pub use job::*;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A wish about one sale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub enum SaleCommand {
    /// Make a sale official (S0:24).
    #[serde(rename = "sale.approve")]
    Approve(ApproveSale),
    /// Refuse a sale (P5).
    #[serde(rename = "sale.not_approve")]
    NotApprove(NotApproveSale),
    /// Take a refused sale up again (P6).
    #[serde(rename = "sale.move_back")]
    MoveBack(MoveSaleBack),
    /// Take the customer's withdrawal inside the legal window: never for a fee (P34).
    #[serde(rename = "sale.rescind")]
    Rescind(RescindSale),
    /// Cancel an official sale, with or without a fee (P7, P8).
    #[serde(rename = "sale.cancel")]
    Cancel(CancelSale),
    /// Bring a canceled sale back (P9).
    #[serde(rename = "sale.reactivate")]
    Reactivate(ReactivateSale),
    /// Give the sale's figures to another rep (METRICS C.6).
    #[serde(rename = "sale.change_rep")]
    ChangeRep(ChangeSaleRep),
    /// Post a payment or the like to the customer's account (P10).
    #[serde(rename = "sale.post_entry")]
    PostEntry(PostLedgerEntry),
    /// Tell the customer that a lien will follow (S0:26, P9).
    #[serde(rename = "sale.send_notice")]
    SendNotice(SendLienNotice),
    /// File a lien on the property, once the notice period is over (S0:26, P35, P36).
    #[serde(rename = "sale.file_lien")]
    FileLien(FileLien),
    /// Release the lien of a sale that was paid (P36).
    #[serde(rename = "sale.release_lien")]
    ReleaseLien(ReleaseLien),
    /// Let an attorney collect (S0:26).
    #[serde(rename = "sale.send_to_attorney")]
    SendToAttorney(SendToAttorney),
    /// Give up what is owed, and close the sale.
    #[serde(rename = "sale.write_off")]
    WriteOff(WriteBalanceOff),
    /// Close a sale of which nothing is left to do (P9).
    #[serde(rename = "sale.close")]
    Close(CloseSale),
    /// Approve a change to the contract at once, for papers that are signed already (P11, P12).
    #[serde(rename = "sale.approve_change_order")]
    ApproveChangeOrder(ApproveChangeOrder),
    /// Write a change to the contract down.
    #[serde(rename = "change_order.create")]
    CreateChangeOrder(CreateChangeOrder),
    /// Send a change order to the customer for signature.
    #[serde(rename = "change_order.send")]
    SendChangeOrder(SendChangeOrder),
    /// Enter that the customer signed a change order.
    #[serde(rename = "change_order.sign")]
    SignChangeOrder(SignChangeOrder),
    /// Approve a change order before it is signed (P11, P12).
    #[serde(rename = "change_order.pre_approve")]
    PreApproveChangeOrder(PreApproveChangeOrder),
    /// Approve a signed change order: from now on it counts (P11, P12).
    #[serde(rename = "change_order.approve")]
    ApproveSignedChangeOrder(ApproveSignedChangeOrder),
    /// Undo an approved change order (P11, P12).
    #[serde(rename = "change_order.reverse")]
    ReverseChangeOrder(ReverseChangeOrder),
    /// Let a change order come to nothing.
    #[serde(rename = "change_order.void")]
    VoidChangeOrder(VoidChangeOrder),
    /// Enter what a site visit found (P13).
    #[serde(rename = "job.complete_site_visit")]
    CompleteSiteVisit(CompleteSiteVisit),
    /// Do not let the job proceed (P13).
    #[serde(rename = "job.not_authorize")]
    NotAuthorizeJob(MoveJob),
    /// Let the job proceed (P13).
    #[serde(rename = "job.approve_to_proceed")]
    ApproveJobToProceed(MoveJob),
    /// Plan the installation.
    #[serde(rename = "job.schedule")]
    ScheduleJob(ScheduleJob),
    /// Enter that the customer was called before the installation (P14).
    #[serde(rename = "job.complete_pre_call")]
    CompletePreCall(MoveJob),
    /// Begin the installation (P14).
    #[serde(rename = "job.start_install")]
    StartInstall(MoveJob),
    /// Complete the installation but for a punch list (P14).
    #[serde(rename = "job.complete_pending")]
    CompletePending(CompleteInstall),
    /// Complete the installation: what is owed falls due (P14, S0:26).
    #[serde(rename = "job.complete_final")]
    CompleteFinal(CompleteInstall),
    /// Close a completed job.
    #[serde(rename = "job.close")]
    CloseJob(MoveJob),
    /// Hold a job, or take it up again (P4).
    #[serde(rename = "job.change_standing")]
    ChangeJobStanding(ChangeJobStanding),
}
