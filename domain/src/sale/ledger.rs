//! The customer's account for a sale (P10): what rules post by themselves, and what Finance posts. Nothing posted is ever edited.

use super::{EntryKind, PostLedgerEntry, Sale, SaleEvent, asked};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::dates::in_open_books;
use crate::id::{ChangeOrderId, LedgerEntryId, SaleId};
use crate::instant::Instant;
use crate::money::{LIMIT_MINOR, Money};
use crate::personal::personal;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// What later decisions must know of the entries: their sums.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Ledger {
    /// What the customer owes: the sum of all entries. Below zero, the company owes it.
    #[serde(deserialize_with = "Money::computed")]
    pub balance: Money,
    /// What of it was posted for the contract and its change orders.
    #[serde(deserialize_with = "Money::computed")]
    pub contract: Money,
    /// What of it was posted as a fee for the last cancellation.
    #[serde(deserialize_with = "Money::computed")]
    pub fee: Money,
    /// The ids of what was posted by hand.
    pub entries: BTreeSet<LedgerEntryId>,
}

impl Ledger {
    /// The account after one more entry.
    pub(super) fn with(mut self, kind: EntryKind, amount: Money, entry: Option<LedgerEntryId>) -> Ledger {
        self.balance = self.balance.plus(amount);
        match kind {
            EntryKind::InitialSale | EntryKind::ChangeOrder | EntryKind::CanceledSale => self.contract = self.contract.plus(amount),
            EntryKind::CancelFee => self.fee = self.fee.plus(amount),
            _ => {}
        }
        self.entries.extend(entry);
        self
    }

    /// The account of a sale that is canceled now: a fee of an earlier time was settled when it came back.
    pub(super) fn canceled(self) -> Ledger {
        Ledger { fee: Money::ZERO, ..self }
    }
}

/// What a rule wants posted. Posted already: nothing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Posting {
    /// The contract, or the opposite of what was posted for it while the sale does not count; for this date.
    Contract(Option<Instant>),
    /// What an approved or reversed change order changed, for this date.
    ChangeOrder(ChangeOrderId, Money, Instant),
    /// A fee for canceling.
    Fee(Money),
    /// The opposite of a fee of which something is still owed.
    UnpaidFee,
    /// What was given up.
    WrittenOff(Money),
}

/// The entries that bring the account of a sale in line with what happened to it.
pub fn post(file: &ContactFile, id: SaleId, posting: Posting, context: &Context) -> Vec<Fact> {
    let Some(sale) = file.sales.get(&id) else { return vec![] };
    let ledger = &sale.ledger;
    // What is not posted yet of the contract. Histories from before there were ledgers have posted nothing of it.
    let missing = if sale.counts() { sale.contract } else { Money::ZERO }.plus(ledger.contract.negated());
    let wanted: Vec<(EntryKind, Money, Option<Instant>, Option<ChangeOrderId>)> = match posting {
        Posting::Contract(dated) => vec![(if sale.counts() { EntryKind::InitialSale } else { EntryKind::CanceledSale }, missing, dated, None)],
        Posting::ChangeOrder(_, _, _) if missing == Money::ZERO => vec![],
        Posting::ChangeOrder(order, amount, dated) => vec![
            (EntryKind::InitialSale, missing.plus(amount.negated()), Some(sale.signed_at), None),
            (EntryKind::ChangeOrder, amount, Some(dated), Some(order)),
        ],
        Posting::Fee(fee) => vec![(EntryKind::CancelFee, fee.plus(ledger.fee.negated()), sale.canceled_at, None)],
        Posting::UnpaidFee if ledger.balance > Money::ZERO => vec![(EntryKind::CancelFee, ledger.fee.negated(), None, None)],
        Posting::UnpaidFee => vec![],
        Posting::WrittenOff(amount) => vec![(EntryKind::WrittenOff, amount.min(ledger.balance).negated(), None, None)],
    };
    let entry = |(kind, amount_minor, dated, change_order): (_, _, Option<Instant>, _)| SaleEvent::LedgerEntryPosted {
        sale: id,
        journey: sale.journey,
        kind,
        amount_minor,
        dated_at: dated.unwrap_or(context.at),
        entry: None,
        change_order,
        document: None,
        note: None,
    };
    wanted.into_iter().filter(|(_, amount, _, _)| *amount != Money::ZERO).map(|wanted| entry(wanted).into()).collect()
}

pub(super) fn post_entry(file: &ContactFile, ask: &PostLedgerEntry, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.post_entry", ask.sale, ask, context)?;
    if file.sales.values().any(|sale| sale.ledger.entries.contains(&ask.entry)) {
        return Err(Refusal::of_field(Code::IdTaken, "entry", "the contact has an entry with this id already"));
    }
    let Some(raises) = raises_the_balance(ask.kind) else {
        let detail = format!("an entry of the kind {} is posted by the product itself, by what happens to the sale", ask.kind.name());
        return Err(Refusal::of_field(Code::FieldInvalid, "kind", detail));
    };
    above_zero(Some(ask.amount_minor))?;
    let amount_minor = if raises { ask.amount_minor } else { ask.amount_minor.negated() };
    let balance = sale.ledger.balance.plus(amount_minor);
    if balance.0.abs() > LIMIT_MINOR {
        return Err(Refusal::of_field(Code::FieldInvalid, "amount_minor", format!("the balance would come to {} minor units, beyond all bounds", balance.0)));
    }
    let dated_at = ask.dated.map_or(context.at, |when| when.instant(context.company.zone()));
    if dated_at > context.at {
        return Err(Refusal::of_field(Code::FieldInvalid, "dated", format!("{dated_at} lies after {}, the time of this entry", context.at)));
    }
    in_open_books("dated", dated_at, context)?;
    Ok(SaleEvent::LedgerEntryPosted {
        sale: ask.sale,
        journey: sale.journey,
        kind: ask.kind,
        amount_minor,
        dated_at,
        entry: Some(ask.entry),
        change_order: None,
        document: personal(&ask.document),
        note: personal(&ask.note),
    })
}

/// Refuses an amount of nothing or less: what is owed or paid by it follows from what is entered.
pub(super) fn above_zero(amount: Option<Money>) -> Result<(), Refusal> {
    match amount.filter(|amount| *amount <= Money::ZERO) {
        Some(_) => {
            Err(Refusal::of_field(Code::FieldInvalid, "amount_minor", "an amount is above zero: whether more or less is owed follows from what it is for"))
        }
        None => Ok(()),
    }
}

/// Whether more is owed after an entry of this kind; `None` for those that only rules post (P10).
fn raises_the_balance(kind: EntryKind) -> Option<bool> {
    use EntryKind::*;
    match kind {
        InitialSale | ChangeOrder | CanceledSale | CancelFee | WrittenOff => None,
        ServiceCall | Refund | Chargeback | ReturnedCheck => Some(true),
        DownPayment | PartialPayment | FinalPayment | CustomerCredit | ReDeposit => Some(false),
    }
}

impl Sale {
    /// What the customer owes for it: the sum of its entries.
    pub fn balance(&self) -> Money {
        self.ledger.balance
    }
}
