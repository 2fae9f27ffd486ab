//! Dates that people type: within their bounds, and outside of closed books.

use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::JourneyId;
use crate::instant::{Instant, When, first_instant};
use crate::refusal::{Code, Refusal};
use chrono::{Days, NaiveDate};

/// When a journey opened, before which nothing of it is signed.
pub fn opening(file: &ContactFile, journey: JourneyId) -> Result<(Instant, &'static str), Refusal> {
    Ok((file.journey(journey)?.opened_at, "its journey opened"))
}

/// The instant of a typed date; without one, the business time. It is neither in the future nor before the day of `first`,
/// when `began` ("its journey opened"). The importer may go further back: papers may be older than the records kept of them.
pub fn dated(field: &str, typed: Option<When>, (first, began): (Instant, &str), context: &Context) -> Result<Instant, Refusal> {
    let zone = context.company.zone();
    let at = typed.map_or(context.at, |when| when.instant(zone));
    if at > context.at {
        return Err(Refusal::of_field(Code::FieldInvalid, field, format!("{at} lies after {}, the time of this entry", context.at)));
    }
    let (day, first_day) = (at.local_day(zone), first.local_day(zone));
    if day < first_day && !context.actor.is_importer() {
        return Err(Refusal::of_field(Code::FieldInvalid, field, format!("{day} lies before {first_day}, the day on which {began}")));
    }
    Ok(at)
}

/// Refuses an instant whose local day lies in closed books: their figures do not change (P4, METRICS C.6). The importer tells what was
/// in them.
pub fn in_open_books(field: &str, at: Instant, context: &Context) -> Result<(), Refusal> {
    match closed_over(at, context) {
        Some(through) => {
            let day = at.local_day(context.company.zone());
            let detail = format!("{day} lies in closed books; they are closed up to and with {through}, so enter a later day");
            Err(Refusal::of_field(Code::FieldInvalid, field, detail))
        }
        None => Ok(()),
    }
}

/// The instant itself, or that with which the first open day begins where it lies in closed books (P6).
pub fn in_the_current_period(at: Instant, context: &Context) -> Instant {
    let open = closed_over(at, context).and_then(|through| through.checked_add_days(Days::new(1)));
    open.map_or(at, |open| first_instant(open, context.company.zone()))
}

/// The last day of the closed books in which an instant lies.
fn closed_over(at: Instant, context: &Context) -> Option<NaiveDate> {
    let day = at.local_day(context.company.zone());
    context.company.closed_through.filter(|through| day <= *through && !context.actor.is_importer())
}
