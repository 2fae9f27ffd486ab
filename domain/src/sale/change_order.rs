//! Changes to the contract of a sale: written, signed, approved, undone (P11, P12). Only approved ones touch the contract.

use super::*;
use crate::blueprint::CHANGE_ORDER;
use crate::dates::{dated, in_open_books, in_the_current_period};
use crate::money::LIMIT_MINOR;

/// What later decisions must know of a change order.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct ChangeOrder {
    /// Where it stands.
    pub state: ChangeOrderState,
    /// By how much it changes the contract once it is approved.
    pub amount: Money,
    /// When it was signed or approved: the date by which reports count it.
    pub signed_at: Option<Instant>,
}

/// The sale after a fact about one of its change orders.
pub(super) fn evolve(mut sale: Sale, event: &SaleEvent) -> Sale {
    use ChangeOrderState::*;
    let mut turn = |id: &ChangeOrderId, state, signed_at: Option<Instant>| {
        if let Some(order) = sale.change_orders.get_mut(id) {
            (order.state, order.signed_at) = (state, signed_at.or(order.signed_at));
        }
    };
    match event {
        SaleEvent::ChangeOrderCreated { change_order, amount_minor, .. } => {
            sale.change_orders.insert(*change_order, ChangeOrder { state: Open, amount: *amount_minor, signed_at: None });
        }
        SaleEvent::ChangeOrderSent { change_order, .. } => turn(change_order, Sent, None),
        SaleEvent::ChangeOrderSigned { change_order, signed_at, .. } => turn(change_order, Signed, Some(*signed_at)),
        SaleEvent::ChangeOrderVoided { change_order, .. } => turn(change_order, Void, None),
        SaleEvent::ChangeOrderApproved { change_order, amount_minor, report_signed_at, .. } => {
            sale.change_orders.insert(*change_order, ChangeOrder { state: Approved, amount: *amount_minor, signed_at: Some(*report_signed_at) });
            sale.contract = sale.contract.plus(*amount_minor);
        }
        SaleEvent::ChangeOrderReversed { change_order, amount_minor, .. } => {
            turn(change_order, Reversed, None);
            sale.contract = sale.contract.plus(*amount_minor);
        }
        _ => {}
    }
    sale
}

/// For papers that are signed already: written down and approved in one.
pub(super) fn approve_at_once(file: &ContactFile, ask: &ApproveChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.approve_change_order", ask.sale, ask, context)?;
    new_order(file, ask.change_order, ask.amount_minor)?;
    contract_in_bounds(sale, ask.amount_minor)?;
    let report_signed_at = dated("report_signed_at", ask.report_signed_at, (sale.signed_at, SIGNED), context)?;
    in_open_books("report_signed_at", report_signed_at, context)?;
    Ok(approved(ask.sale, sale, ask.change_order, ask.amount_minor, report_signed_at))
}

pub(super) fn create(file: &ContactFile, ask: &CreateChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "change_order.create", ask.sale, ask, context)?;
    new_order(file, ask.change_order, ask.amount_minor)?;
    Ok(SaleEvent::ChangeOrderCreated {
        sale: ask.sale,
        journey: sale.journey,
        change_order: ask.change_order,
        amount_minor: ask.amount_minor,
        description: personal(&ask.description),
    })
}

pub(super) fn send(file: &ContactFile, ask: &SendChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let (id, sale, _) = permitted(file, "change_order.send", ask.change_order, ask, context)?;
    let (signer, email) = (personal(&ask.signer), personal(&ask.email));
    Ok(SaleEvent::ChangeOrderSent { sale: id, journey: sale.journey, change_order: ask.change_order, signer, email })
}

pub(super) fn sign(file: &ContactFile, ask: &SignChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let (id, sale, _) = permitted(file, "change_order.sign", ask.change_order, ask, context)?;
    let signed_at = dated("signed_on", ask.signed_on, (sale.signed_at, SIGNED), context)?;
    Ok(SaleEvent::ChangeOrderSigned { sale: id, journey: sale.journey, change_order: ask.change_order, signed_at })
}

pub(super) fn pre_approve(file: &ContactFile, ask: &PreApproveChangeOrder, context: &Context) -> Result<Vec<SaleEvent>, Refusal> {
    let (id, sale, order) = permitted(file, "change_order.pre_approve", ask.change_order, ask, context)?;
    let pre_approved_at = dated("pre_approved_on", ask.pre_approved_on, (sale.signed_at, SIGNED), context)?;
    in_open_books("pre_approved_on", pre_approved_at, context)?;
    contract_in_bounds(sale, order.amount)?;
    let pre_approved = SaleEvent::ChangeOrderPreApproved { sale: id, journey: sale.journey, change_order: ask.change_order, pre_approved_at };
    Ok(vec![pre_approved, approved(id, sale, ask.change_order, order.amount, pre_approved_at)])
}

/// It counts by the day on which it was signed; where that lies in closed books, in the current period.
pub(super) fn approve(file: &ContactFile, ask: &ApproveSignedChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let (id, sale, order) = permitted(file, "change_order.approve", ask.change_order, ask, context)?;
    contract_in_bounds(sale, order.amount)?;
    let signed_at = in_the_current_period(order.signed_at.unwrap_or(context.at), context);
    Ok(approved(id, sale, ask.change_order, order.amount, signed_at))
}

pub(super) fn reverse(file: &ContactFile, ask: &ReverseChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let (id, sale, order) = permitted(file, "change_order.reverse", ask.change_order, ask, context)?;
    let first = (order.signed_at.unwrap_or(sale.signed_at), "what is undone was signed");
    let report_signed_at = dated("reversed_on", ask.reversed_on, first, context)?;
    in_open_books("reversed_on", report_signed_at, context)?;
    Ok(SaleEvent::ChangeOrderReversed {
        sale: id,
        journey: sale.journey,
        change_order: ask.change_order,
        amount_minor: order.amount.negated(),
        report_signed_at,
        reason: personal(&ask.reason),
    })
}

pub(super) fn void(file: &ContactFile, ask: &VoidChangeOrder, context: &Context) -> Result<SaleEvent, Refusal> {
    let (id, sale, _) = permitted(file, "change_order.void", ask.change_order, ask, context)?;
    Ok(SaleEvent::ChangeOrderVoided { sale: id, journey: sale.journey, change_order: ask.change_order, reason: ask.reason.clone().into() })
}

fn approved(id: SaleId, sale: &Sale, change_order: ChangeOrderId, amount_minor: Money, report_signed_at: Instant) -> SaleEvent {
    SaleEvent::ChangeOrderApproved { sale: id, journey: sale.journey, change_order, amount_minor, report_signed_at }
}

/// Refuses an id that the contact has used for a change order, and one of nothing.
fn new_order(file: &ContactFile, id: ChangeOrderId, amount: Money) -> Result<(), Refusal> {
    if file.change_order(id).is_ok() {
        return Err(Refusal::of_field(Code::IdTaken, "change_order", "the contact has a change order with this id already"));
    }
    if amount == Money::ZERO {
        return Err(Refusal::of_field(Code::FieldInvalid, "amount_minor", "a change order of nothing changes nothing"));
    }
    Ok(())
}

fn contract_in_bounds(sale: &Sale, amount: Money) -> Result<(), Refusal> {
    let contract = sale.contract.plus(amount);
    if !(0..=LIMIT_MINOR).contains(&contract.0) {
        return Err(Refusal::of_field(
            Code::FieldInvalid,
            "amount_minor",
            format!("the contract would come to {} minor units, which is not between 0 and {LIMIT_MINOR}", contract.0),
        ));
    }
    Ok(())
}

/// The change order and its sale, when its table permits the command and everything is filled in that its row asks for.
fn permitted<'a, T: Serialize>(
    file: &'a ContactFile,
    command: &str,
    id: ChangeOrderId,
    ask: &T,
    context: &Context,
) -> Result<(SaleId, &'a Sale, ChangeOrder), Refusal> {
    let (of, sale, order) = file.change_order(id)?;
    let view = View { change_order: Some(id), ..view_of(file, of, sale, context) };
    let step: &Step<ChangeOrderState> = CHANGE_ORDER.permit(command, None, Some(order.state), &view)?;
    asked_fields(step.asks, !context.actor.is_importer(), given(ask))?;
    Ok((of, sale, *order))
}
