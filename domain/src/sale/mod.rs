//! Sales: created from sold quotes, approved, canceled, brought back (BLUEPRINTS B.4).

mod command;
mod event;
#[cfg(test)]
mod tests;

pub use command::*;
pub use event::SaleEvent;

use crate::blueprint::{SALE, SaleState, View};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::{ChangeOrderId, JourneyId, PersonId, QuoteId, SaleId};
use crate::instant::Instant;
use crate::money::{LIMIT_MINOR, Money};
use crate::quote::{dated, opening};
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;
use std::collections::BTreeSet;

/// What happened at a sale's sign date, before which it is neither changed nor canceled.
const SIGNED: &str = "the sale was signed";

/// What later decisions must know of a sale.
#[derive(Clone, Debug, PartialEq)]
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
    pub contract: Money,
    /// The change orders approved so far.
    pub change_orders: BTreeSet<ChangeOrderId>,
}

impl Sale {
    /// The sale after one more fact about it.
    pub fn evolve(self, event: &SaleEvent) -> Sale {
        match event {
            SaleEvent::Created { .. } => self,
            SaleEvent::CancelFeeCharged { .. } => Sale { state: SaleState::CanceledWithBalance, ..self },
            SaleEvent::Approved { .. } | SaleEvent::Reactivated { .. } => Sale { state: SaleState::JobInProgress, ..self },
            SaleEvent::NotApproved { .. } => Sale { state: SaleState::NotApproved, ..self },
            SaleEvent::MovedBackToSold { signed_at, .. } => Sale { state: SaleState::Sold, signed_at: *signed_at, ..self },
            SaleEvent::Canceled { .. } => Sale { state: SaleState::Canceled, ..self },
            SaleEvent::RepChanged { rep, .. } => Sale { rep: *rep, ..self },
            SaleEvent::ChangeOrderApproved { change_order, amount_minor, .. } => {
                let mut change_orders = self.change_orders;
                change_orders.insert(*change_order);
                Sale { contract: self.contract.plus(*amount_minor), change_orders, ..self }
            }
        }
    }
}

/// Decides a wish about a sale.
pub fn decide(file: &ContactFile, command: &SaleCommand, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let fact = match command {
        SaleCommand::Approve(ask) => {
            let sale = permitted(file, "sale.approve", ask.sale, context)?;
            SaleEvent::Approved { sale: ask.sale, journey: sale.journey }
        }
        SaleCommand::NotApprove(ask) => {
            let sale = permitted(file, "sale.not_approve", ask.sale, context)?;
            SaleEvent::NotApproved { sale: ask.sale, journey: sale.journey, reason: ask.reason.clone().into() }
        }
        SaleCommand::MoveBack(ask) => {
            let sale = permitted(file, "sale.move_back", ask.sale, context)?;
            let signed_at = match ask.sign_date {
                Some(_) => dated("sign_date", ask.sign_date, opening(file, sale.journey)?, context)?,
                None => sale.signed_at,
            };
            SaleEvent::MovedBackToSold { sale: ask.sale, journey: sale.journey, signed_at }
        }
        SaleCommand::Cancel(ask) => return cancel(file, ask, context),
        SaleCommand::Reactivate(ask) => {
            let sale = permitted(file, "sale.reactivate", ask.sale, context)?;
            SaleEvent::Reactivated { sale: ask.sale, journey: sale.journey, contract_minor: sale.contract }
        }
        SaleCommand::ChangeRep(ask) => {
            let sale = permitted(file, "sale.change_rep", ask.sale, context)?;
            let rep = context.company.person("rep", &ask.rep)?;
            if rep == sale.rep {
                return Ok(vec![]);
            }
            SaleEvent::RepChanged { sale: ask.sale, journey: sale.journey, rep }
        }
        SaleCommand::ApproveChangeOrder(ask) => approve_change_order(file, ask, context)?,
    };
    Ok(vec![fact.into()])
}

fn cancel(file: &ContactFile, ask: &CancelSale, context: &Context) -> Result<Vec<Fact>, Refusal> {
    let sale = permitted(file, "sale.cancel", ask.sale, context)?;
    let canceled_at = dated("cancel_date", ask.cancel_date, (sale.signed_at, SIGNED), context)?;
    if ask.fee_minor.is_some_and(|fee| fee > sale.contract) {
        let most = sale.contract.0;
        return Err(Refusal::of_field(Code::FieldInvalid, "fee_minor", format!("a fee is at most the contract, which is {most} minor units")));
    }
    let journey = sale.journey;
    let canceled = SaleEvent::Canceled { sale: ask.sale, journey, canceled_at, reason: ask.reason.clone().into(), contract_minor: sale.contract };
    let fee = ask.fee_minor.filter(|fee| *fee > Money::ZERO).map(|fee_minor| SaleEvent::CancelFeeCharged { sale: ask.sale, journey, fee_minor });
    Ok(std::iter::once(canceled).chain(fee).map(Fact::from).collect())
}

fn approve_change_order(file: &ContactFile, ask: &ApproveChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = permitted(file, "sale.approve_change_order", ask.sale, context)?;
    if file.sales.values().any(|sale| sale.change_orders.contains(&ask.change_order)) {
        return Err(Refusal::of_field(Code::IdTaken, "change_order", "the contact has a change order with this id already"));
    }
    if ask.amount_minor == Money::ZERO {
        return Err(Refusal::of_field(Code::FieldInvalid, "amount_minor", "a change order of nothing changes nothing"));
    }
    let contract = sale.contract.plus(ask.amount_minor);
    if !(0..=LIMIT_MINOR).contains(&contract.0) {
        return Err(Refusal::of_field(
            Code::FieldInvalid,
            "amount_minor",
            format!("the contract would come to {} minor units, which is not between 0 and {LIMIT_MINOR}", contract.0),
        ));
    }
    let report_signed_at = dated("report_signed_at", ask.report_signed_at, (sale.signed_at, SIGNED), context)?;
    Ok(SaleEvent::ChangeOrderApproved {
        sale: ask.sale,
        journey: sale.journey,
        change_order: ask.change_order,
        amount_minor: ask.amount_minor,
        report_signed_at,
    })
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
                amount_minor: quote.total,
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

fn permitted<'a>(file: &'a ContactFile, command: &str, id: SaleId, context: &Context) -> Result<&'a Sale, Refusal> {
    let sale = file.sale(id)?;
    let view = View { journey: Some(sale.journey), quote: Some(sale.quote), sale: Some(id), ..View::new(file, context) };
    SALE.permit(command, None, Some(sale.state), &view)?;
    Ok(sale)
}
