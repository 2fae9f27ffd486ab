//! Journeys: each pass of a contact through the funnel (METRICS C.2).
//!
//! Journeys open with the contact, with its return, and with another product's rep; rules of the product close them.

mod event;

pub use event::{JourneyEvent, Origin, Outcome};

use crate::contact_file::ContactFile;
use crate::id::{JourneyId, PersonId, ProductId, SourceId};
use crate::instant::Instant;
use crate::profile::Profile;
use crate::refusal::{Code, Refusal};
use crate::text::Label;
use crate::wire::Fact;

/// What later decisions must know of a journey. Its stage is kept by the file's standing.
#[derive(Clone, Debug, PartialEq)]
pub struct Journey {
    /// What opened it.
    pub origin: Origin,
    /// Its lead source.
    pub source: SourceId,
    /// Its product.
    pub product: ProductId,
    /// Its lead category.
    pub category: Option<Label>,
    /// When it opened.
    pub opened_at: Instant,
    /// The rep named when it opened.
    pub rep: Option<PersonId>,
    /// How it ended; `None` while it is open.
    pub outcome: Option<Outcome>,
}

/// Closes a journey as sold. Already closed: nothing.
pub fn close_as_sold(file: &ContactFile, journey: JourneyId) -> Vec<Fact> {
    match file.journeys.get(&journey) {
        Some(open) if open.outcome.is_none() => vec![JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None }.into()],
        _ => vec![],
    }
}

/// Revises the outcome of a journey that was closed as sold. Already so, or closed otherwise: nothing.
pub fn revise_outcome(file: &ContactFile, journey: JourneyId, outcome: Outcome) -> Vec<Fact> {
    match file.journeys.get(&journey).and_then(|journey| journey.outcome) {
        Some(Outcome::Sold | Outcome::SoldCanceled) if file.journeys[&journey].outcome != Some(outcome) => {
            vec![JourneyEvent::OutcomeRevised { journey, outcome }.into()]
        }
        _ => vec![],
    }
}

/// Lets an open journey follow its contact's lead source. Ended, or so already: nothing.
pub fn follow_source(file: &ContactFile, journey: JourneyId) -> Vec<Fact> {
    follow(file, journey, |profile, open| (profile.source, open.product))
}

/// Lets an open journey follow its contact's product, unless it was opened for another one. Ended, or so already: nothing.
pub fn follow_product(file: &ContactFile, journey: JourneyId) -> Vec<Fact> {
    follow(file, journey, |profile, open| (open.source, if open.origin == Origin::OtherProduct { open.product } else { profile.product }))
}

fn follow(file: &ContactFile, journey: JourneyId, wanted: impl Fn(&Profile, &Journey) -> (SourceId, ProductId)) -> Vec<Fact> {
    let (Some(profile), Some(open)) = (&file.profile, file.journeys.get(&journey)) else { return vec![] };
    let (source, product) = wanted(profile, open);
    if open.outcome.is_some() || (open.source, open.product) == (source, product) {
        return vec![];
    }
    vec![JourneyEvent::DimensionsChanged { journey, source, product, category: open.category.clone() }.into()]
}

/// Refuses a journey id that the contact has used.
pub fn id_is_free(file: &ContactFile, journey: JourneyId) -> Result<(), Refusal> {
    if file.journeys.contains_key(&journey) {
        return Err(Refusal::of_field(Code::IdTaken, "journey", "the contact has a journey with this id already"));
    }
    Ok(())
}
