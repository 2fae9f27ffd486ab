//! Whether a sale counts: approved, refused, taken up again (S0:24, P4 to P6).

use super::job::not_closed;
use super::{ApproveSale, MoveSaleBack, NotApproveSale, SaleEvent, asked};
use crate::company::{Reason, ReasonList};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::dates::{dated, in_open_books, in_the_current_period, opening};
use crate::personal::personal;
use crate::refusal::Refusal;

pub(super) fn approve(file: &ContactFile, ask: &ApproveSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.approve", ask.sale, ask, context)?;
    not_closed("job_standing", ask.job_standing)?;
    let signed_at = match ask.sign_date {
        Some(_) => dated("sign_date", ask.sign_date, opening(file, sale.journey)?, context)?,
        None => sale.signed_at,
    };
    in_open_books("sign_date", signed_at, context)?;
    let person = |field, wanted: &Option<_>| wanted.as_ref().map(|wanted| context.company.person(field, wanted)).transpose();
    Ok(SaleEvent::Approved {
        sale: ask.sale,
        journey: sale.journey,
        finance_owner: person("finance_owner", &ask.finance_owner)?,
        customer_service_owner: person("customer_service_owner", &ask.customer_service_owner)?,
        signed_at: ask.sign_date.map(|_| signed_at),
        notice_to_proceed: ask.notice_to_proceed,
        job_standing: ask.job_standing,
    })
}

pub(super) fn not_approve(file: &ContactFile, ask: &NotApproveSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.not_approve", ask.sale, ask, context)?;
    let Reason { words, id } = context.company.reasons.choose(ReasonList::SaleNotApproved, "reason", &ask.reason, context.actor.is_importer())?;
    Ok(SaleEvent::NotApproved { sale: ask.sale, journey: sale.journey, reason: words, reason_id: id, note: personal(&ask.note) })
}

pub(super) fn move_back(file: &ContactFile, ask: &MoveSaleBack, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.move_back", ask.sale, ask, context)?;
    not_closed("job_standing", ask.job_standing)?;
    let signed_at = match ask.sign_date {
        Some(_) => dated("sign_date", ask.sign_date, opening(file, sale.journey)?, context)?,
        None => in_the_current_period(sale.signed_at, context),
    };
    in_open_books("sign_date", signed_at, context)?;
    Ok(SaleEvent::MovedBackToSold { sale: ask.sale, journey: sale.journey, signed_at, job_standing: ask.job_standing })
}
