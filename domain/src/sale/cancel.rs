//! What ends a sale before its time, and what brings it back: rescinded (P34), canceled (P7, P8), reactivated (P9).

use super::job::not_closed;
use super::{CancelKind, CancelSale, ReactivateSale, RescindSale, SIGNED, Sale, SaleEvent, asked};
use crate::company::{Reason, ReasonList};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::dates::{dated, in_open_books, in_the_current_period};
use crate::holidays::business_day_after;
use crate::money::Money;
use crate::personal::personal;
use crate::refusal::{Code, Refusal};
use crate::text::Line;

/// Until midnight of the last business day of the window the customer may withdraw, for nothing (16 CFR 429). A notice that came before the
/// books were closed counts in the current period.
pub(super) fn rescind(file: &ContactFile, ask: &RescindSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.rescind", ask.sale, ask, context)?;
    let received_at = dated("received_on", ask.received_on, (sale.signed_at, SIGNED), context)?;
    let zone = context.company.zone();
    let last = business_day_after(sale.signed_at.local_day(zone), context.company.limits.rescission_business_days.0);
    if received_at.local_day(zone) > last {
        let detail = format!("the customer could withdraw until {last}, and the notice came on {}; cancel the sale instead", received_at.local_day(zone));
        return Err(Refusal::of_field(Code::FieldInvalid, "received_on", detail));
    }
    let said = ask.reason.clone().map_or_else(|| Line::try_new("Rescinded"), Ok);
    let reason = said.map_err(|rule| Refusal::of_field(Code::FieldInvalid, "reason", rule))?;
    Ok(SaleEvent::Canceled {
        sale: ask.sale,
        journey: sale.journey,
        canceled_at: in_the_current_period(received_at, context),
        reason: reason.into(),
        contract_minor: sale.contract,
        reason_id: None,
        note: None,
        kind: Some(CancelKind::Rescission),
        how: ask.how,
    })
}

pub(super) fn cancel(file: &ContactFile, ask: &CancelSale, context: &Context) -> Result<Vec<SaleEvent>, Refusal> {
    let sale = asked(file, "sale.cancel", ask.sale, ask, context)?;
    let canceled_at = dated("cancel_date", ask.cancel_date, (sale.signed_at, SIGNED), context)?;
    in_open_books("cancel_date", canceled_at, context)?;
    let Reason { words, id } = context.company.reasons.choose(ReasonList::SaleCanceled, "reason", &ask.reason, context.actor.is_importer())?;
    if ask.fee_minor.is_some_and(|fee| fee > sale.contract) {
        let most = sale.contract.0;
        return Err(Refusal::of_field(Code::FieldInvalid, "fee_minor", format!("a fee is at most the contract, which is {most} minor units")));
    }
    let Sale { journey, contract, .. } = *sale;
    let canceled = SaleEvent::Canceled {
        sale: ask.sale,
        journey,
        canceled_at,
        reason: words,
        contract_minor: contract,
        reason_id: id,
        note: personal(&ask.note),
        kind: None,
        how: None,
    };
    let fee = ask.fee_minor.filter(|fee| *fee > Money::ZERO).map(|fee_minor| SaleEvent::CancelFeeCharged { sale: ask.sale, journey, fee_minor });
    Ok(std::iter::once(canceled).chain(fee).collect())
}

pub(super) fn reactivate(file: &ContactFile, ask: &ReactivateSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.reactivate", ask.sale, ask, context)?;
    not_closed("job_standing", ask.job_standing)?;
    let (job_standing, note) = (ask.job_standing, personal(&ask.note));
    Ok(SaleEvent::Reactivated { sale: ask.sale, journey: sale.journey, contract_minor: sale.contract, job_standing, note })
}
