//! Identities: one type per thing, so that a quote can never be taken for a sale.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
        #[serde(transparent)]
        #[schemars(inline)]
        pub struct $name(pub Uuid);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        }
    )*};
}

ids! {
    /// A person or business at one property address, for years (S0:7).
    ContactId
    /// One pass of a contact through the funnel (S0:9).
    JourneyId
    /// A demo, rehash or follow-up appointment.
    MeetingId
    /// An offer made on a journey.
    QuoteId
    /// What a sold quote became.
    SaleId
    /// A change to the contract of a sale.
    ChangeOrderId
    /// An entry that somebody posted to the ledger of a sale.
    LedgerEntryId
    /// Somebody who works for the company: scheduler, rep, rehash rep, manager.
    PersonId
    /// Where leads come from.
    SourceId
    /// What is sold.
    ProductId
    /// A kind of leads, such as commercial or repeat.
    CategoryId
    /// A reason of one of the company's lists.
    ReasonId
    /// A type of meetings that the company has beside the usual ones.
    MeetingTypeId
    /// A campaign that wins contacts back or sells to them again.
    CampaignId
}
