//! A small language in which folds are told as tests: what happened, on which day of March 2026, and the rows that follow.

use std::collections::BTreeMap;

use domain::id::{ContactId, JourneyId, MeetingId, PersonId, ProductId, QuoteId, ReasonId, SaleId, SourceId};
use domain::journey::{JourneyEvent, Origin, Outcome};
use domain::meeting::{CountsAs, MeetingEvent, MeetingKind, MeetingResult};
use domain::profile::{Added, AttemptOutcome, Channel, ContactEvent};
use domain::reference::CategoryRef;
use domain::sale::SaleEvent;
use domain::text::{Label, Line};
use domain::{Fact, Instant, Money, Personal};
use proptest::prelude::*;
use serde_json::json;
use uuid::Uuid;

use crate::happened::Happened;
use crate::projection::Projection;

pub const ELM_STREET: ContactId = ContactId(Uuid::from_u128(0x100));
pub const FIRST: JourneyId = JourneyId(Uuid::from_u128(0x201));
pub const SECOND: JourneyId = JourneyId(Uuid::from_u128(0x202));
pub const DEMO: MeetingId = MeetingId(Uuid::from_u128(0x301));
pub const NEXT_DEMO: MeetingId = MeetingId(Uuid::from_u128(0x302));
pub const SALE: SaleId = SaleId(Uuid::from_u128(0x401));
pub const SECOND_SALE: SaleId = SaleId(Uuid::from_u128(0x402));
pub const QUOTE: QuoteId = QuoteId(Uuid::from_u128(0x801));
pub const REVISION: QuoteId = QuoteId(Uuid::from_u128(0x802));
pub const RADIO: SourceId = SourceId(Uuid::from_u128(0x501));
pub const HOME_SHOW: SourceId = SourceId(Uuid::from_u128(0x502));
pub const WINDOWS: ProductId = ProductId(Uuid::from_u128(0x601));
pub const ROOFING: ProductId = ProductId(Uuid::from_u128(0x602));
pub const SAM: PersonId = PersonId(Uuid::from_u128(0x701));
pub const KIM: PersonId = PersonId(Uuid::from_u128(0x702));
pub const ANA: PersonId = PersonId(Uuid::from_u128(0x703));
pub const BEN: PersonId = PersonId(Uuid::from_u128(0x704));

pub const CHANGED_THEIR_MIND: ReasonId = ReasonId(Uuid::from_u128(0xa01));

/// Noon of a day of March 2026.
pub fn day(day: u32) -> Instant {
    Instant::parse(&format!("2026-03-{day:02}T12:00:00Z")).unwrap()
}

/// A history of one contact, day by day, as the log would hold it.
pub fn history(told: impl IntoIterator<Item = (u32, Fact)>) -> Vec<Happened> {
    let happened = |(at, (on, fact)): (usize, (u32, Fact))| Happened {
        position: at as i64 + 1,
        contact: (!matches!(fact, Fact::Company(_))).then_some(ELM_STREET),
        version: at as i64 + 1,
        occurred_at: day(on),
        recorded_at: Instant::new(day(on).utc() + chrono::TimeDelta::seconds(at as i64)),
        actor: "person:sam".into(),
        fact,
    };
    told.into_iter().enumerate().map(happened).collect()
}

/// All rows that follow from a history.
pub fn fold<P: Projection>(history: &[Happened]) -> BTreeMap<P::Key, P::Rows> {
    let mut rows = BTreeMap::new();
    for happened in history {
        for key in P::keys(happened) {
            let before: P::Rows = rows.remove(&key).unwrap_or_default();
            let after = P::evolve(&key, before, happened);
            rows.insert(key, after);
        }
    }
    rows
}

fn line(text: &str) -> Personal<Line> {
    Line::try_new(text).unwrap().into()
}

pub fn added() -> Fact {
    let added: Added = serde_json::from_value(json!({
        "journey": FIRST, "source": RADIO, "product": WINDOWS, "category": "Family", "reference": { "personal": "A-17" },
        "name": { "personal": "Ünal Élan" }, "phones": [{ "personal": "+1 (716) 555-0100" }], "emails": [{ "personal": "Unal@Example.com" }],
        "address": { "personal": "12 Elm St, Buffalo" },
    }))
    .unwrap();
    ContactEvent::Added(added).into()
}

pub fn opened(journey: JourneyId, origin: Origin, product: ProductId) -> Fact {
    let category = Label::try_new("Family").ok();
    JourneyEvent::Opened { journey, origin, source: RADIO, product, category: category.map(CategoryRef::Name), campaign: None, rep: None, reason: None }.into()
}

pub fn dimensions(journey: JourneyId, source: SourceId, product: ProductId) -> Fact {
    JourneyEvent::DimensionsChanged { journey, source, product, category: None }.into()
}

pub fn closed(journey: JourneyId, outcome: Outcome) -> Fact {
    JourneyEvent::Closed { journey, outcome, reason: None, reason_id: None }.into()
}

pub fn revised(journey: JourneyId, outcome: Outcome) -> Fact {
    JourneyEvent::OutcomeRevised { journey, outcome }.into()
}

pub fn rehash_assigned(rehash_rep: PersonId) -> Fact {
    JourneyEvent::RehashAssigned { journey: FIRST, rehash_rep, reason: None, reason_id: None }.into()
}

/// A meeting of a journey and kind; facts about it are its methods.
#[derive(Clone, Copy, Debug)]
pub struct Of(pub MeetingId, pub JourneyId, pub MeetingKind);

/// The first journey's demo.
pub fn demo(meeting: MeetingId) -> Of {
    Of(meeting, FIRST, MeetingKind::Demo)
}

impl Of {
    pub fn set(self, scheduler: PersonId, start: u32) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Set {
            meeting,
            journey,
            kind,
            start: day(start),
            length_minutes: None,
            scheduler,
            meeting_type: None,
            confirm_and_issue: None,
            decision_makers: None,
            why_not_all: None,
            address_checked: None,
        }
        .into()
    }
    pub fn confirmed(self) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Confirmed { meeting, journey, kind, with_whom: None, decision_makers: None }.into()
    }
    pub fn issued(self, rep: PersonId, start: u32) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Issued {
            meeting,
            journey,
            kind,
            rep,
            start: day(start),
            unconfirmed: None,
            second_rep: None,
            takes: None,
            overbooked: None,
            shares: None,
        }
        .into()
    }
    pub fn reissued(self, rep: PersonId, start: u32) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Reissued {
            meeting,
            journey,
            kind,
            rep,
            start: day(start),
            reason: None,
            second_rep: None,
            frees: None,
            keeps: vec![],
            takes: None,
            overbooked: None,
            shares: None,
        }
        .into()
    }
    pub fn rescheduled(self, start: u32) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Rescheduled { meeting, journey, kind, start: day(start), reason: None, reason_id: None, asked_by: None, frees: None, keeps: vec![] }
            .into()
    }
    pub fn canceled(self) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Canceled {
            meeting,
            journey,
            kind,
            reason: line("changed their mind"),
            asked_by: None,
            reason_id: None,
            note: None,
            frees: None,
            keeps: vec![],
        }
        .into()
    }
    pub fn canceled_for(self, reason: ReasonId, note: &str) -> Fact {
        let Of(meeting, journey, kind) = self;
        let (words, note) = (line("changed their mind"), Some(line(note)));
        MeetingEvent::Canceled { meeting, journey, kind, reason: words, asked_by: None, reason_id: Some(reason), note, frees: None, keeps: vec![] }.into()
    }
    pub fn resulted(self, result: MeetingResult) -> Fact {
        self.counted(result, None)
    }
    pub fn counted(self, result: MeetingResult, counts_as: Option<CountsAs>) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::Resulted { meeting, journey, kind, result, note: None, counts_as, frees: None, keeps: vec![] }.into()
    }
    pub fn corrected(self, was: MeetingResult, result: MeetingResult, counts_as: Option<CountsAs>) -> Fact {
        let Of(meeting, journey, kind) = self;
        MeetingEvent::ResultCorrected { meeting, journey, kind, was, result, reason: line("entered for another one"), counts_as }.into()
    }
}

pub fn sold(sale: SaleId, amount_minor: i64, needs_approval: bool) -> Fact {
    let (quote, signed_at) = (QUOTE, day(1));
    SaleEvent::Created { sale, journey: FIRST, quote, product: WINDOWS, rep: ANA, amount_minor: Money(amount_minor), signed_at, needs_approval }.into()
}

/// A fact about a sale of the first journey, from its own fields.
pub fn of_sale(kind: &str, sale: SaleId, own: serde_json::Value) -> Fact {
    told(kind, json!({ "sale": sale, "journey": FIRST }), own)
}

/// A fact about a quote of the first journey, from its own fields.
pub fn of_quote(kind: &str, quote: QuoteId, own: serde_json::Value) -> Fact {
    told(kind, json!({ "quote": quote, "journey": FIRST }), own)
}

fn told(kind: &str, mut fields: serde_json::Value, own: serde_json::Value) -> Fact {
    fields.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    domain::wire::decode(kind, 1, fields.to_string().as_bytes()).unwrap()
}

/// Drafted by Ana for windows.
pub fn drafted(quote: QuoteId, total_minor: i64, revises: Option<QuoteId>) -> Fact {
    let items = json!([{ "description": { "personal": "for Mrs. Lopez" }, "quantity": 1, "unit_price_minor": total_minor }]);
    of_quote("quote.created", quote, json!({ "product": WINDOWS, "rep": ANA, "items": items, "total_minor": total_minor, "revises": revises }))
}

pub fn finalized(quote: QuoteId, valid_until: u32) -> Fact {
    of_quote("quote.finalized", quote, json!({ "valid_until": day(valid_until), "terms": { "personal": "half on signing" } }))
}

pub fn approved(sale: SaleId) -> Fact {
    of_sale("sale.approved", sale, json!({}))
}

pub fn not_approved(sale: SaleId) -> Fact {
    of_sale("sale.not_approved", sale, json!({ "reason": { "personal": "credit declined" } }))
}

pub fn moved_back(sale: SaleId) -> Fact {
    of_sale("sale.moved_back_to_sold", sale, json!({ "signed_at": day(1) }))
}

pub fn sale_canceled(sale: SaleId) -> Fact {
    of_sale("sale.canceled", sale, json!({ "canceled_at": day(1), "reason": { "personal": "regret" }, "contract_minor": 0 }))
}

pub fn fee(sale: SaleId) -> Fact {
    of_sale("sale.cancel_fee_charged", sale, json!({ "fee_minor": 50_000 }))
}

pub fn reactivated(sale: SaleId) -> Fact {
    of_sale("sale.reactivated", sale, json!({ "contract_minor": 0 }))
}

pub fn rep_changed(sale: SaleId, rep: PersonId) -> Fact {
    of_sale("sale.rep_changed", sale, json!({ "rep": rep }))
}

pub fn entry_posted(sale: SaleId, amount_minor: i64) -> Fact {
    of_sale("ledger.entry_posted", sale, json!({ "kind": "down_payment", "amount_minor": amount_minor, "dated_at": day(1) }))
}

pub fn balance_fell_due(sale: SaleId) -> Fact {
    of_sale("sale.balance_fell_due", sale, json!({}))
}

pub fn change_order(sale: SaleId, amount_minor: i64) -> Fact {
    ordered("change_order.approved", sale, amount_minor)
}

/// Undone: by how much the contract changes with it.
pub fn change_order_reversed(sale: SaleId, amount_minor: i64) -> Fact {
    ordered("change_order.reversed", sale, amount_minor)
}

fn ordered(kind: &str, sale: SaleId, amount_minor: i64) -> Fact {
    let change_order = Uuid::from_u128(0x901);
    of_sale(kind, sale, json!({ "change_order": change_order, "amount_minor": amount_minor, "report_signed_at": day(1) }))
}

pub fn attempted() -> Fact {
    ContactEvent::Attempted { journey: FIRST, channel: Channel::Phone, outcome: AttemptOutcome::NoAnswer, call_back_at: None }.into()
}

/// Any history at all, also one that no rule would allow: a fold must bear it.
pub fn any_history(most: usize) -> impl Strategy<Value = Vec<Happened>> {
    prop::collection::vec((0..2u32, any_fact()), 0..most).prop_map(|told| {
        let mut on = 1;
        history(told.into_iter().map(|(days, fact)| {
            on = (on + days).min(31);
            (on, fact)
        }))
    })
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let journey = prop_oneof![Just(FIRST), Just(SECOND)];
    let kind = prop_oneof![4 => Just(MeetingKind::Demo), 1 => Just(MeetingKind::Rehash)];
    let meeting = (prop_oneof![Just(DEMO), Just(NEXT_DEMO)], journey.clone(), kind).prop_map(|(meeting, journey, kind)| Of(meeting, journey, kind));
    let person = prop_oneof![Just(SAM), Just(ANA), Just(BEN)];
    let sale = prop_oneof![Just(SALE), Just(SECOND_SALE)];
    let quote = prop_oneof![Just(QUOTE), Just(REVISION)];
    let on_quote = prop_oneof![Just("quote.reopened"), Just("quote.expired"), Just("quote.not_approved"), Just("quote.sold_again")];
    let on_sale = prop_oneof![Just("sale.balance_fell_due"), Just("sale.paid_in_full"), Just("sale.closed"), Just("job.canceled")];
    let status = prop_oneof![Just("scheduled"), Just("install_in_progress"), Just("install_complete_final")];
    prop_oneof![
        2 => journey.clone().prop_map(|journey| opened(journey, Origin::New, WINDOWS)),
        1 => Just(added()),
        1 => Just(attempted()),
        1 => (journey.clone(), prop_oneof![Just(RADIO), Just(HOME_SHOW)]).prop_map(|(journey, source)| dimensions(journey, source, ROOFING)),
        1 => (journey, prop_oneof![Just(Outcome::Sold), Just(Outcome::Lost)]).prop_map(|(journey, outcome)| closed(journey, outcome)),
        1 => person.clone().prop_map(rehash_assigned),
        3 => (meeting.clone(), person.clone(), 1..31u32).prop_map(|(meeting, person, start)| meeting.set(person, start)),
        3 => (meeting.clone(), person.clone(), 1..31u32).prop_map(|(meeting, person, start)| meeting.issued(person, start)),
        1 => (meeting.clone(), person, 1..31u32).prop_map(|(meeting, person, start)| meeting.reissued(person, start)),
        1 => (meeting.clone(), 1..31u32).prop_map(|(meeting, start)| meeting.rescheduled(start)),
        2 => meeting.clone().prop_map(Of::canceled),
        1 => meeting.clone().prop_map(|meeting| meeting.resulted(MeetingResult::NoShow)),
        1 => (meeting, any::<(bool, bool)>()).prop_map(|(meeting, (issued, demoed))| {
            meeting.corrected(MeetingResult::NoShow, MeetingResult::OneLeg, Some(CountsAs { issued, demoed, version: 2 }))
        }),
        2 => (sale.clone(), 0..1_000i64, any::<bool>()).prop_map(|(sale, amount, approval)| sold(sale, amount, approval)),
        2 => sale.clone().prop_map(approved),
        1 => sale.clone().prop_map(not_approved),
        1 => sale.clone().prop_map(sale_canceled),
        1 => sale.clone().prop_map(reactivated),
        1 => (sale.clone(), -500..500i64).prop_map(|(sale, amount)| change_order(sale, amount)),
        1 => (sale.clone(), -500..500i64).prop_map(|(sale, amount)| change_order_reversed(sale, amount)),
        1 => (sale.clone(), -500..500i64).prop_map(|(sale, amount)| entry_posted(sale, amount)),
        1 => (sale.clone(), status).prop_map(|(sale, status)| of_sale("job.status_changed", sale, json!({ "status": status }))),
        1 => sale.clone().prop_map(|sale| of_sale("sale.lien_filed", sale, json!({ "filed_at": day(1) }))),
        1 => (sale, on_sale).prop_map(|(sale, kind)| of_sale(kind, sale, json!({}))),
        1 => (quote.clone(), 0..500i64).prop_map(|(quote, total)| drafted(quote, total, None)),
        1 => (quote.clone(), 1..31u32).prop_map(|(quote, until)| finalized(quote, until)),
        1 => quote.clone().prop_map(|quote| of_quote("quote.superseded", quote, json!({ "by": REVISION }))),
        1 => (quote, on_quote).prop_map(|(quote, kind)| of_quote(kind, quote, json!({}))),
    ]
}
