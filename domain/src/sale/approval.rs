//! Whether a sale counts: approved, refused, taken up again (S0:24, P4 to P6).

use super::{ApproveSale, MoveSaleBack, NotApproveSale, Sale, SaleEvent, asked};
use crate::company::{Reason, ReasonList};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::instant::{Instant, first_instant};
use crate::personal::personal;
use crate::quote::{dated, opening};
use crate::refusal::{Code, Refusal};
use chrono::Days;

pub(super) fn approve(file: &ContactFile, ask: &ApproveSale, context: &Context) -> Result<SaleEvent, Refusal> {
    let sale = asked(file, "sale.approve", ask.sale, ask, context)?;
    let signed_at = match ask.sign_date {
        Some(_) => dated("sign_date", ask.sign_date, opening(file, sale.journey)?, context)?,
        None => sale.signed_at,
    };
    in_open_books(signed_at, context)?;
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
    let signed_at = match ask.sign_date {
        Some(_) => dated("sign_date", ask.sign_date, opening(file, sale.journey)?, context)?,
        None => in_the_current_period(sale, context),
    };
    in_open_books(signed_at, context)?;
    Ok(SaleEvent::MovedBackToSold { sale: ask.sale, journey: sale.journey, signed_at, job_standing: ask.job_standing })
}

/// The sign date, or the first day after the closed books where it lies in them (P6).
fn in_the_current_period(sale: &Sale, context: &Context) -> Instant {
    let zone = context.company.zone();
    let day = sale.signed_at.local_day(zone);
    let open = context.company.closed_through.filter(|through| day <= *through).and_then(|through| through.checked_add_days(Days::new(1)));
    open.filter(|_| !context.actor.is_importer()).map_or(sale.signed_at, |open| first_instant(open, zone))
}

/// Refuses a sign date in closed books: they do not change (P4, METRICS C.6). The importer tells what was in them.
fn in_open_books(signed_at: Instant, context: &Context) -> Result<(), Refusal> {
    let day = signed_at.local_day(context.company.zone());
    match context.company.closed_through.filter(|through| day <= *through && !context.actor.is_importer()) {
        Some(through) => {
            let detail = format!("{day} lies in closed books; they are closed up to and with {through}, so enter a later day");
            Err(Refusal::of_field(Code::FieldInvalid, "sign_date", detail))
        }
        None => Ok(()),
    }
}
