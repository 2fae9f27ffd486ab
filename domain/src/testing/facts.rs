//! What can have happened, in the words of the tests.

use super::cast::*;
use crate::blueprint::ContactState;
use crate::id::*;
use crate::instant::Instant;
use crate::journey::{JourneyEvent, Origin, Outcome};
use crate::meeting::{AskedBy, MeetingEvent, MeetingKind, MeetingResult, RepTime};
use crate::money::Money;
use crate::personal::Personal;
use crate::profile::{Added, AttemptOutcome, Channel, ContactEvent};
use crate::quote::{Discount, Finance, Item, QuoteEvent};
use crate::reference::CampaignRef;
use crate::text::{Line, Text};
use crate::wire::{self, Fact};

/// Some facts, and the rule that asked for them.
#[derive(Clone, Debug)]
pub struct Facts {
    pub list: Vec<Fact>,
    pub by: Option<&'static str>,
    pub at: Option<Instant>,
}

impl Facts {
    /// The same facts, asked for by a rule.
    pub fn because(self, rule: &'static str) -> Facts {
        Facts { by: Some(rule), ..self }
    }

    /// The same facts, about another journey.
    pub fn on(self, journey: JourneyId) -> Facts {
        let moved = |fact: Fact| {
            let (name, data) = wire::encode(&fact);
            let mut data: serde_json::Value = serde_json::from_slice(&data).unwrap();
            data["journey"] = serde_json::to_value(journey).unwrap();
            wire::decode(name, wire::FORMATS.newest(name), data.to_string().as_bytes()).unwrap()
        };
        Facts { list: self.list.into_iter().map(moved).collect(), ..self }
    }

    /// The same fact with another value in a field.
    #[track_caller]
    pub fn with(self, field: &str, value: impl serde::Serialize) -> Facts {
        self.changed(|data| data[field] = serde_json::to_value(value).unwrap())
    }

    /// The same fact with a field left out.
    #[track_caller]
    pub fn without(self, field: &str) -> Facts {
        self.changed(|data| assert!(data.as_object_mut().unwrap().remove(field).is_some(), "there is no {field}"))
    }

    #[track_caller]
    fn changed(self, change: impl FnOnce(&mut serde_json::Value)) -> Facts {
        let [fact] = &self.list[..] else { panic!("one fact is changed, not {}", self.list.len()) };
        let (name, data) = wire::encode(fact);
        let mut data = serde_json::from_slice(&data).unwrap();
        change(&mut data);
        Facts { list: vec![wire::decode(name, wire::FORMATS.newest(name), data.to_string().as_bytes()).unwrap()], ..self }
    }

    /// The same facts, by themselves at an earlier time.
    pub fn at(self, time: &str) -> Facts {
        Facts { at: Some(instant(time)), ..self }
    }
}

/// Any facts.
pub fn facts<F: Into<Fact>>(list: impl IntoIterator<Item = F>) -> Facts {
    Facts { list: list.into_iter().map(Into::into).collect(), by: None, at: None }
}

/// The contract of most tests: two windows at 5,000.00.
pub const CONTRACT: Money = Money(1_000_000);

/// The contact was added: from the radio, for windows.
pub fn added() -> Facts {
    let added = Added {
        journey: FIRST,
        source: RADIO,
        product: WINDOWS,
        category: None,
        campaign: None,
        reference: None,
        name: Some(label("Lopez").into()),
        phones: vec![Personal::Known(serde_json::from_str("\"716 555 0100\"").unwrap())],
        emails: vec![],
        address: None,
        address_shared: false,
    };
    facts([Fact::from(ContactEvent::Added(added)), opened(FIRST, Origin::New, RADIO, WINDOWS, None)])
}

fn opened(journey: JourneyId, origin: Origin, source: SourceId, product: ProductId, rep: Option<PersonId>) -> Fact {
    JourneyEvent::Opened { journey, origin, source, product, category: None, campaign: None, rep, reason: None }.into()
}

pub fn attempted() -> Facts {
    facts([ContactEvent::Attempted { journey: FIRST, channel: Channel::Phone, outcome: AttemptOutcome::NoAnswer, call_back_at: None }])
}

/// A limit started by itself: ten days from noon, or thirty from another time.
pub fn limit_started(journey: JourneyId, stage: ContactState, until: &str) -> Facts {
    facts([JourneyEvent::LimitStarted { journey, stage, until: instant(until) }]).because("stage_with_a_limit_starts_it")
}

pub fn rested(journey: JourneyId) -> Facts {
    facts([ContactEvent::Rested { journey }])
}

/// Given up after the rest.
pub fn not_set(journey: JourneyId) -> Facts {
    facts([JourneyEvent::Closed { journey, outcome: Outcome::NotSet, reason: Some(line("no demo was set in time")), reason_id: None }])
}

pub fn opted_out() -> Facts {
    facts([ContactEvent::OptedOut { asked_by: line("Mrs Lopez"), channel: Channel::Phone }])
}

pub fn journey_ended_by_wish(journey: JourneyId) -> Facts {
    let reason = Some(line("the contact wants to be approached no more"));
    facts([JourneyEvent::Closed { journey, outcome: Outcome::DoNotContact, reason, reason_id: None }])
}

pub fn journey_reopened(journey: JourneyId, stage: ContactState) -> Facts {
    facts([Fact::from(ContactEvent::Reopened { journey, reason: line("called back") }), JourneyEvent::Reopened { journey, stage }.into()])
}

pub fn journey_opened_by_hand(journey: JourneyId) -> Facts {
    let reason = Some(line("never entered"));
    facts([JourneyEvent::Opened { journey, origin: Origin::Manual, source: RADIO, product: WINDOWS, category: None, campaign: None, rep: None, reason }])
}

pub fn journey_voided(journey: JourneyId) -> Facts {
    facts([JourneyEvent::Voided { journey, reason: line("entered twice") }])
}

/// The contact came back: from the home show, for roofing.
pub fn returned() -> Facts {
    let returned = ContactEvent::Returned { journey: AGAIN, source: HOME_SHOW, product: ROOFING, campaign: None };
    facts([returned.into(), opened(AGAIN, Origin::Remarket, HOME_SHOW, ROOFING, None)])
}

/// The same, brought back by a campaign.
pub fn returned_by(campaign: CampaignRef) -> Facts {
    let returned = ContactEvent::Returned { journey: AGAIN, source: HOME_SHOW, product: ROOFING, campaign: Some(campaign.clone()) };
    let mut opened = opened(AGAIN, Origin::Remarket, HOME_SHOW, ROOFING, None);
    if let Fact::Journey(JourneyEvent::Opened { campaign: marked, .. }) = &mut opened {
        *marked = Some(campaign);
    }
    facts([returned.into(), opened])
}

pub fn joined_campaign(campaign: CampaignId) -> Facts {
    facts([ContactEvent::JoinedCampaign { campaign }])
}

pub fn left_campaign(campaign: CampaignId) -> Facts {
    facts([ContactEvent::LeftCampaign { campaign }])
}

/// Ben is to pitch roofing.
pub fn other_product_rep_added(start: &str) -> Facts {
    let added = ContactEvent::OtherProductRepAdded { journey: OTHER, product: ROOFING, rep: BEN };
    facts([added.into(), opened(OTHER, Origin::OtherProduct, RADIO, ROOFING, Some(BEN)), set(OTHER_DEMO, OTHER, MeetingKind::Demo, start, None)])
}

pub fn source_changed(source: SourceId) -> Facts {
    facts([ContactEvent::SourceChanged { source }])
}

pub fn product_changed(product: ProductId) -> Facts {
    facts([ContactEvent::ProductChanged { product }])
}

pub fn contact_lost() -> Facts {
    facts([ContactEvent::Lost { journey: FIRST, reason: line("went elsewhere"), reason_id: None, competitor: None, note: None }])
}

pub fn hold_placed() -> Facts {
    facts([ContactEvent::HoldPlaced { reason: line("claim in court") }])
}

pub fn hold_lifted() -> Facts {
    facts([ContactEvent::HoldLifted { reason: line("settled") }])
}

pub fn erased(journeys: impl IntoIterator<Item = JourneyId>) -> Facts {
    facts([ContactEvent::Erased { basis: crate::profile::EraseBasis::PersonAsked, journeys: journeys.into_iter().collect() }])
}

pub fn moved_to_remarket() -> Facts {
    facts([ContactEvent::MovedToRemarket { reason: line("call in spring"), not_before: None }])
}

pub fn dimensions_changed(journey: JourneyId, source: SourceId, product: ProductId) -> Facts {
    facts([JourneyEvent::DimensionsChanged { journey, source, product, category: None }])
}

pub fn rehash_assigned() -> Facts {
    facts([JourneyEvent::RehashAssigned { journey: FIRST, rehash_rep: RIA, reason: Some(line("price")), reason_id: None }])
}

pub fn journey_lost(journey: JourneyId) -> Facts {
    facts([JourneyEvent::Closed { journey, outcome: Outcome::Lost, reason: Some(line("went elsewhere")), reason_id: None }])
}

pub fn journey_sold(journey: JourneyId) -> Facts {
    facts([JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None, reason_id: None }])
}

pub fn outcome_revised(journey: JourneyId, outcome: Outcome) -> Facts {
    facts([JourneyEvent::OutcomeRevised { journey, outcome }])
}

/// Set for ninety minutes; `sure` whether all who decide will be there at a checked address.
fn set(meeting: MeetingId, journey: JourneyId, kind: MeetingKind, start: &str, sure: Option<bool>) -> Fact {
    MeetingEvent::Set {
        meeting,
        journey,
        kind,
        start: instant(start),
        length_minutes: Some(90),
        scheduler: SAM,
        meeting_type: None,
        confirm_and_issue: None,
        decision_makers: sure,
        why_not_all: None,
        address_checked: sure,
    }
    .into()
}

/// Sam set a meeting of ninety minutes on the first journey.
pub fn meeting_set(meeting: MeetingId, kind: MeetingKind, start: &str) -> Facts {
    facts([set(meeting, FIRST, kind, start, kind.is_demo().then_some(true))])
}

pub fn demo_set(start: &str) -> Facts {
    meeting_set(DEMO, MeetingKind::Demo, start)
}

/// Sam sent a text, and nobody answered.
pub fn confirmation_attempted() -> Facts {
    let (channel, outcome) = (Channel::Text, AttemptOutcome::NoAnswer);
    facts([MeetingEvent::ConfirmationAttempted { meeting: DEMO, journey: FIRST, kind: MeetingKind::Demo, channel, outcome }])
}

pub fn demo_confirmed() -> Facts {
    let with_whom = Some(label("Mrs. Lopez").into());
    facts([MeetingEvent::Confirmed { meeting: DEMO, journey: FIRST, kind: MeetingKind::Demo, with_whom, decision_makers: Some(true) }])
}

/// The demo, which begins on Tuesday, was issued.
pub fn demo_issued(rep: PersonId) -> Facts {
    facts([issued(rep, None)])
}

pub fn demo_issued_unconfirmed(rep: PersonId, why: &str) -> Facts {
    facts([issued(rep, Some(line(why)))])
}

fn issued(rep: PersonId, unconfirmed: Option<Personal<Line>>) -> MeetingEvent {
    MeetingEvent::Issued {
        meeting: DEMO,
        journey: FIRST,
        kind: MeetingKind::Demo,
        rep,
        start: instant(TUESDAY),
        unconfirmed,
        second_rep: None,
        takes: Some(time_of(rep, TUESDAY)),
        overbooked: None,
        shares: None,
    }
}

/// The ninety minutes of a rep from this start.
pub fn time_of(rep: PersonId, start: &str) -> RepTime {
    RepTime { reps: vec![rep], start: instant(start), minutes: 90 }
}

pub fn demo_reissued(rep: PersonId) -> Facts {
    let (journey, kind, start, reason) = (FIRST, MeetingKind::Demo, instant(TUESDAY), Some(line("ill")));
    let (frees, takes) = (Some(time_of(ANA, TUESDAY)), Some(time_of(rep, TUESDAY)));
    facts([MeetingEvent::Reissued {
        meeting: DEMO,
        journey,
        kind,
        rep,
        start,
        reason,
        second_rep: None,
        frees,
        keeps: vec![],
        takes,
        overbooked: None,
        shares: None,
    }])
}

pub fn meeting_rescheduled(meeting: MeetingId, kind: MeetingKind, start: &str) -> Facts {
    let (reason, asked_by) = (Some(line("storm")), Some(AskedBy::Customer));
    facts([MeetingEvent::Rescheduled { meeting, journey: FIRST, kind, start: instant(start), reason, reason_id: None, asked_by, frees: None, keeps: vec![] }])
}

pub fn demo_rescheduled(start: &str) -> Facts {
    meeting_rescheduled(DEMO, MeetingKind::Demo, start)
}

/// Called off by the customer.
pub fn meeting_canceled(meeting: MeetingId, kind: MeetingKind) -> Facts {
    facts([canceled(meeting, FIRST, kind, "no time", Some(AskedBy::Customer))])
}

/// Called off because its journey was lost.
pub fn meeting_called_off(meeting: MeetingId, journey: JourneyId, kind: MeetingKind) -> Facts {
    facts([canceled(meeting, journey, kind, "went elsewhere", None)])
}

fn canceled(meeting: MeetingId, journey: JourneyId, kind: MeetingKind, why: &str, asked_by: Option<AskedBy>) -> MeetingEvent {
    MeetingEvent::Canceled { meeting, journey, kind, reason: line(why), asked_by, reason_id: None, note: None, frees: None, keeps: vec![] }
}

pub fn meeting_resulted(meeting: MeetingId, kind: MeetingKind, result: MeetingResult) -> Facts {
    facts([MeetingEvent::Resulted { meeting, journey: FIRST, kind, result, note: None, counts_as: None, frees: None, keeps: vec![] }])
}

pub fn demo_result_corrected(was: MeetingResult, result: MeetingResult) -> Facts {
    let (journey, kind, reason) = (FIRST, MeetingKind::Demo, line("entered for another one"));
    facts([MeetingEvent::ResultCorrected { meeting: DEMO, journey, kind, was, result, reason, counts_as: None }])
}

/// The demo that Ana had been issued.
pub fn demo_resulted(result: MeetingResult) -> Facts {
    meeting_resulted(DEMO, MeetingKind::Demo, result).with("frees", time_of(ANA, TUESDAY))
}

/// A demo that Ana held on the first journey, in all its steps.
pub fn demo_held(result: MeetingResult) -> Facts {
    facts([demo_set(TUESDAY), demo_confirmed(), demo_issued(ANA), demo_resulted(result)].into_iter().flat_map(|facts| facts.list))
}

pub fn two_windows() -> Vec<Item> {
    vec![Item { description: line("window"), quantity: 2, unit_price_minor: Money(500_000) }]
}

/// A quote for two windows by this rep on the first journey.
pub fn quote_created(quote: QuoteId, rep: PersonId) -> Facts {
    facts([QuoteEvent::Created { quote, journey: FIRST, product: WINDOWS, rep, items: two_windows(), total_minor: CONTRACT, revises: None }])
}

pub fn quote_finalized(quote: QuoteId) -> Facts {
    let (valid_until, terms) = (Some(instant("2026-04-02T03:59:59.999999Z")), Text::try_new("half on signing").ok().map(Personal::Known));
    facts([QuoteEvent::Finalized { quote, journey: FIRST, valid_until, terms }])
}

/// A quote of Ana's on the first journey, ready to be sold.
pub fn quote_ready(quote: QuoteId) -> Facts {
    facts([quote_created(quote, ANA), quote_finalized(quote)].into_iter().flat_map(|facts| facts.list))
}

/// Marked as sold by hand, signed at this time.
pub fn quote_sold(quote: QuoteId, sale: SaleId, signed: &str) -> Facts {
    let marked = QuoteEvent::MarkedSold { quote, journey: FIRST, paper: Some(line("folder 17")), reason: None };
    facts([marked, QuoteEvent::Sold { quote, journey: FIRST, sale, signed_at: instant(signed) }])
}

pub fn quote_expired(quote: QuoteId) -> Facts {
    facts([QuoteEvent::Expired { quote, journey: FIRST }])
}

pub fn quote_lost(quote: QuoteId, why: &str) -> Facts {
    facts([QuoteEvent::Lost { quote, journey: FIRST, reason: line(why), reason_id: None }])
}

pub fn quote_reopened(quote: QuoteId) -> Facts {
    facts([QuoteEvent::Reopened { quote, journey: FIRST }])
}

pub fn quote_superseded(quote: QuoteId, by: QuoteId) -> Facts {
    facts([QuoteEvent::Superseded { quote, journey: FIRST, by }])
}

/// One window at a tenth off: 4,500.00, with 399.38 of sales tax and 200.00 for financing.
pub fn quote_edited(quote: QuoteId) -> Facts {
    facts([QuoteEvent::Edited {
        quote,
        journey: FIRST,
        items: vec![Item { description: line("window"), quantity: 1, unit_price_minor: Money(500_000) }],
        discounts: vec![Discount { description: line("spring"), amount_minor: None, basis_points: Some(1_000) }],
        tax_millionths: Some(88_750),
        finance: Some(Finance { plan: label("twelve months").into(), markup_minor: Money(20_000) }),
        subtotal_minor: Money(500_000),
        discount_minor: Money(50_000),
        tax_minor: Money(39_938),
        total_minor: Money(509_938),
    }])
}

pub fn quote_not_approved(quote: QuoteId) -> Facts {
    facts([QuoteEvent::NotApproved { quote, journey: FIRST }])
}

pub fn quote_sold_again(quote: QuoteId) -> Facts {
    facts([QuoteEvent::SoldAgain { quote, journey: FIRST }])
}
