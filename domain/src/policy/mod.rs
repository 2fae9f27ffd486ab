//! Rules across the parts of a contact file, each named as a sentence in a file of its own. Rules ask; they never do.

mod balance_at_zero_is_paid_in_full;
mod completed_job_lets_the_balance_fall_due;
mod contact_changed_so_open_journeys_follow;
mod job_follows_its_sale;
mod journey_ended_unsold_ends_its_meetings_and_quotes;
mod official_sale_closes_its_journey;
mod quote_sold_creates_sale;
mod sale_canceled_revises_the_outcome;
mod sale_changes_are_posted_to_its_ledger;
mod sale_moved_back_sells_its_quote_again;
mod sale_not_approved_refuses_its_quote;
mod stage_with_a_limit_starts_it;
#[cfg(test)]
mod tests;

use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::{JourneyId, MeetingId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::journey::{self, Followed, Outcome};
use crate::personal::Personal;
use crate::sale::{JobStanding, Posting};
use crate::text::Line;
use crate::wire::Fact;
use crate::{meeting, quote, sale};

/// A rule: when this happened, ask for that.
#[derive(Debug)]
pub struct Policy {
    /// Its name, recorded as the cause of the events it leads to.
    pub name: &'static str,
    /// What it asks for once a fact has been folded into the file.
    pub react: fn(&ContactFile, &Fact) -> Vec<Ask>,
}

/// What rules may ask for. Each is answered by its part; what is already so is answered with nothing.
#[derive(Clone, Debug, PartialEq)]
pub enum Ask {
    /// Close a journey as sold.
    CloseJourneyAsSold(JourneyId),
    /// Let a journey follow its contact.
    Follow(JourneyId, Followed),
    /// Start the limit of the stage that a journey is in.
    StartLimit(JourneyId),
    /// Give a closed journey another outcome.
    ReviseOutcome(JourneyId, Outcome),
    /// Call off a meeting.
    CallOffMeeting(MeetingId, Personal<Line>),
    /// Lose a quote.
    LoseQuote(QuoteId, Personal<Line>),
    /// Turn a sold quote to not approved.
    NotApproveQuote(QuoteId),
    /// Turn a refused quote back to sold.
    SellQuoteAgain(QuoteId),
    /// Create the sale of a quote.
    CreateSale(SaleId, QuoteId, Instant),
    /// Bring the ledger of a sale in line with what happened to it.
    Post(SaleId, Posting),
    /// Open the job of a sale.
    OpenJob(SaleId),
    /// Cancel the job of a sale.
    CancelJob(SaleId),
    /// Bring the job of a sale back.
    ReopenJob(SaleId, JobStanding),
    /// Let what is owed for a sale fall due, its job being completed.
    FinishSale(SaleId),
    /// Let a sale stand as its balance says.
    SettleSale(SaleId),
}

macro_rules! policies {
    ($($name:ident)*) => {
        /// Every rule, in the order in which they are asked.
        pub const POLICIES: &[Policy] = &[$(Policy { name: stringify!($name), react: $name::react }),*];
    };
}

policies! {
    quote_sold_creates_sale
    official_sale_closes_its_journey
    sale_not_approved_refuses_its_quote
    sale_moved_back_sells_its_quote_again
    sale_canceled_revises_the_outcome
    journey_ended_unsold_ends_its_meetings_and_quotes
    contact_changed_so_open_journeys_follow
    sale_changes_are_posted_to_its_ledger
    job_follows_its_sale
    completed_job_lets_the_balance_fall_due
    balance_at_zero_is_paid_in_full
    stage_with_a_limit_starts_it
}

/// The facts that answer what a rule asks.
pub fn answer(file: &ContactFile, ask: &Ask, context: &Context) -> Vec<Fact> {
    match ask {
        Ask::CloseJourneyAsSold(journey) => journey::close_as_sold(file, *journey),
        Ask::Follow(journey, followed) => journey::follow(file, *journey, *followed),
        Ask::StartLimit(journey) => journey::start_limit(file, *journey, context),
        Ask::ReviseOutcome(journey, outcome) => journey::revise_outcome(file, *journey, *outcome),
        Ask::CallOffMeeting(meeting, reason) => meeting::call_off(file, *meeting, reason, context),
        Ask::LoseQuote(quote, reason) => quote::lose_with_journey(file, *quote, reason),
        Ask::NotApproveQuote(quote) => quote::not_approve(file, *quote),
        Ask::SellQuoteAgain(quote) => quote::sell_again(file, *quote),
        Ask::CreateSale(sale, quote, signed_at) => sale::create(file, *sale, *quote, *signed_at),
        Ask::Post(sale, posting) => sale::post(file, *sale, *posting, context),
        Ask::OpenJob(sale) => sale::open_job(file, *sale),
        Ask::CancelJob(sale) => sale::cancel_job(file, *sale),
        Ask::ReopenJob(sale, standing) => sale::reopen_job(file, *sale, *standing),
        Ask::FinishSale(sale) => sale::finish(file, *sale),
        Ask::SettleSale(sale) => sale::settle(file, *sale),
    }
}
