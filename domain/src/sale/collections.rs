//! From a completed job to a closed sale: what is owed falls due, is noticed, secured, collected, paid or given up (S0:26).

use super::ledger::above_zero;
use super::{CloseSale, FileLien, ReleaseLien, SIGNED, SaleEvent, SendLienNotice, SendToAttorney, WriteBalanceOff, asked};
use crate::blueprint::SaleState;
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::dates::dated;
use crate::id::SaleId;
use crate::instant::first_instant;
use crate::money::{LIMIT_MINOR, Money};
use crate::personal::personal;
use crate::refusal::{Code, Refusal};
use crate::wire::Fact;
use chrono::Days;

/// What becomes of a sale whose job is completed: its balance falls due, or it is paid (P14). Not in progress any more: nothing.
pub fn finish(file: &ContactFile, id: SaleId) -> Vec<Fact> {
    match file.sales.get(&id) {
        Some(sale) if sale.state == SaleState::JobInProgress => vec![due_or_paid(id, sale.journey, sale.balance())],
        _ => vec![],
    }
}

/// What an entry does to a sale that is being collected or was paid: nothing is owed any more (P9), or something is again (P10).
pub fn settle(file: &ContactFile, id: SaleId) -> Vec<Fact> {
    use SaleState::*;
    let Some(sale) = file.sales.get(&id) else { return vec![] };
    let owes = sale.balance() > Money::ZERO;
    match sale.state {
        state if state.is_collected() && !owes => vec![due_or_paid(id, sale.journey, sale.balance())],
        PaidInFull | SaleClosed | Canceled if owes => vec![due_or_paid(id, sale.journey, sale.balance())],
        _ => vec![],
    }
}

fn due_or_paid(sale: SaleId, journey: crate::id::JourneyId, balance: Money) -> Fact {
    if balance > Money::ZERO { SaleEvent::BalanceFellDue { sale, journey } } else { SaleEvent::PaidInFull { sale, journey } }.into()
}

/// The notice period counts whole local days after the day on which the notice was sent (P35, P36).
pub(super) fn send_notice(file: &ContactFile, ask: &SendLienNotice, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.send_notice", ask.sale, ask, context)?;
    above_zero(ask.amount_minor)?;
    let sent_at = dated("sent_on", ask.sent_on, (sale.signed_at, SIGNED), context)?;
    let zone = context.company.zone();
    let days = context.company.limits.notice_days_in(file.region());
    let over = sent_at.local_day(zone).checked_add_days(Days::new(u64::from(days) + 1));
    Ok(SaleEvent::LienNoticeSent {
        sale: ask.sale,
        journey: sale.journey,
        sent_at,
        lien_from: over.map_or(sent_at, |day| first_instant(day, zone)),
        how: ask.how,
        amount_minor: ask.amount_minor,
        document: personal(&ask.document),
    })
}

pub(super) fn file_lien(file: &ContactFile, ask: &FileLien, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.file_lien", ask.sale, ask, context)?;
    above_zero(ask.amount_minor)?;
    let over = (sale.lien_from.unwrap_or(sale.signed_at), "the notice period was over");
    Ok(SaleEvent::LienFiled {
        sale: ask.sale,
        journey: sale.journey,
        filed_at: dated("filed_on", ask.filed_on, over, context)?,
        county: personal(&ask.county),
        filing_number: personal(&ask.filing_number),
        amount_minor: ask.amount_minor,
    })
}

pub(super) fn release_lien(file: &ContactFile, ask: &ReleaseLien, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.release_lien", ask.sale, ask, context)?;
    let filed = (sale.lien_filed_at.unwrap_or(sale.signed_at), "the lien was filed");
    let released_at = dated("released_on", ask.released_on, filed, context)?;
    Ok(SaleEvent::LienReleased { sale: ask.sale, journey: sale.journey, released_at, release_number: personal(&ask.release_number) })
}

pub(super) fn send_to_attorney(file: &ContactFile, ask: &SendToAttorney, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.send_to_attorney", ask.sale, ask, context)?;
    let sent_at = dated("sent_on", ask.sent_on, (sale.signed_at, SIGNED), context)?;
    Ok(SaleEvent::SentToAttorney { sale: ask.sale, journey: sale.journey, sent_at, attorney: personal(&ask.attorney) })
}

/// What is given up is all that is owed: a part of it would leave the sale open.
pub(super) fn write_off(file: &ContactFile, ask: &WriteBalanceOff, context: &Context) -> Result<Vec<SaleEvent>, Refusal> {
    let sale = asked(file, "sale.write_off", ask.sale, ask, context)?;
    let owed = sale.balance();
    if owed.0 > LIMIT_MINOR || ask.amount_minor.is_some_and(|amount| amount != owed) {
        let detail = format!("what is written off is all that is owed, {} minor units", owed.0);
        return Err(Refusal::of_field(Code::FieldInvalid, "amount_minor", detail));
    }
    let (sale, journey) = (ask.sale, sale.journey);
    Ok(vec![SaleEvent::BalanceWrittenOff { sale, journey, amount_minor: owed, reason: ask.reason.clone().into() }, SaleEvent::Closed { sale, journey }])
}

pub(super) fn close(file: &ContactFile, ask: &CloseSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.close", ask.sale, ask, context)?;
    Ok(SaleEvent::Closed { sale: ask.sale, journey: sale.journey })
}
