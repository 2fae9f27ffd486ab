//! A long and wild history, the same for the same seed: facts in an order no rule would allow, because a fold must bear any.

use domain::Fact;
use domain::blueprint::ContactState;
use domain::id::{CampaignId, ChangeOrderId, ContactId, JourneyId, MeetingId, PersonId, ProductId, QuoteId, SaleId, SourceId};
use domain::journey::{JourneyEvent, Origin, Outcome};
use domain::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use domain::profile::{Added, AttemptOutcome, Channel, ContactEvent};
use domain::sale::SaleEvent;
use domain::{Instant, Money, wire};
use eventstore::{Draft, Stream};
use serde_json::json;
use uuid::Uuid;

/// The facts of one command.
pub type Command = Vec<Draft>;

/// So many commands about a few contacts. Business time runs on inside each contact.
pub fn commands(seed: u64, count: usize) -> Vec<Command> {
    let mut dice = Dice(seed);
    let mut known: Vec<(ContactId, i64)> = Vec::new();
    let mut commands = Vec::with_capacity(count);
    for number in 0..count {
        let new = known.len() < 2 || dice.roll(30) == 0;
        if new {
            known.push((ContactId(id(1, known.len() as u64)), FIRST_DAY + number as i64 * HOUR));
        }
        let chosen = if new { known.len() - 1 } else { dice.roll(known.len() as u64) as usize };
        let (contact, time) = &mut known[chosen];
        // Often at the very same time as what happened before.
        *time += [0, 0, HOUR, 7 * HOUR][dice.roll(4) as usize];
        let (contact, at) = (*contact, *time);
        let facts = if new { added(contact, &mut dice) } else { anything(contact, at, &mut dice) };
        commands.push(facts.iter().map(|fact| draft(contact, fact, at)).collect());
    }
    commands
}

const HOUR: i64 = 3_600_000_000;
const FIRST_DAY: i64 = 1_767_225_600_000_000;

/// The instant of so many hours after the story begins.
pub fn hour(hours: i64) -> Instant {
    instant(FIRST_DAY + hours * HOUR)
}

fn instant(micros: i64) -> Instant {
    chrono::DateTime::from_timestamp_micros(micros).unwrap().into()
}

fn draft(contact: ContactId, fact: &Fact, at: i64) -> Draft {
    let (kind, body) = wire::encode(fact);
    Draft {
        stream: Stream::new("contact", contact.0),
        kind,
        format: wire::FORMATS.newest(kind),
        body,
        occurred_at: instant(at).utc(),
        actor: "importer".into(),
        cause: None,
    }
}

fn added(contact: ContactId, dice: &mut Dice) -> Vec<Fact> {
    let (journey, source, product) = (journey_of(contact, 0), SourceId(id(3, dice.roll(3))), ProductId(id(4, dice.roll(2))));
    let added: Added = serde_json::from_value(json!({
        "journey": journey, "source": source, "product": product, "name": { "personal": format!("Ünique {}%", dice.roll(100)) },
        "phones": [{ "personal": "+1 (716) 555-0100" }], "emails": [{ "personal": "ana_b@example.com" }],
        "address": { "personal": format!("{} Elm St", dice.roll(1000)) },
    }))
    .unwrap();
    vec![ContactEvent::Added(added).into(), opened(journey, Origin::New, source, product)]
}

fn opened(journey: JourneyId, origin: Origin, source: SourceId, product: ProductId) -> Fact {
    JourneyEvent::Opened { journey, origin, source, product, category: None, campaign: None, rep: None, reason: None }.into()
}

fn anything(contact: ContactId, at: i64, dice: &mut Dice) -> Vec<Fact> {
    let journey = journey_of(contact, dice.roll(2));
    let meeting = MeetingId(id(5, dice.roll(2) + 10 * low(journey.0)));
    let sale = SaleId(id(6, dice.roll(2) + 10 * low(journey.0)));
    let quote = QuoteId(id(8, dice.roll(3) + 10 * low(journey.0)));
    let kind = if dice.roll(5) == 0 { MeetingKind::Rehash } else { MeetingKind::Demo };
    let (rep, start) = (PersonId(id(7, dice.roll(4))), instant(at + dice.roll(100) as i64 * HOUR));
    let (source, product) = (SourceId(id(3, dice.roll(3))), ProductId(id(4, dice.roll(2))));
    let reason: domain::Personal<domain::text::Line> = domain::text::Line::try_new("changed their mind").unwrap().into();
    let hours = (at / HOUR) as u64;
    let campaign = CampaignId(id(10, hours % 3));
    let fact: Fact = match dice.roll(30) {
        0 => {
            let attempted = ContactEvent::Attempted { journey, channel: Channel::Phone, outcome: AttemptOutcome::NoAnswer, call_back_at: None };
            let member = if hours % 5 < 3 { ContactEvent::JoinedCampaign { campaign } } else { ContactEvent::LeftCampaign { campaign } };
            return vec![attempted.into(), member.into()];
        }
        1 => {
            let returned = ContactEvent::Returned { journey, source, product, campaign: hours.is_multiple_of(2).then_some(campaign.into()) };
            return vec![returned.into(), opened(journey, Origin::Remarket, source, product)];
        }
        2 => return vec![ContactEvent::SourceChanged { source }.into(), JourneyEvent::DimensionsChanged { journey, source, product, category: None }.into()],
        3 => JourneyEvent::RehashAssigned { journey, rehash_rep: rep, reason: None, reason_id: None }.into(),
        4 => JourneyEvent::Closed { journey, outcome: Outcome::Lost, reason: Some(reason), reason_id: None }.into(),
        5..8 => MeetingEvent::Set {
            meeting,
            journey,
            kind,
            start,
            length_minutes: None,
            scheduler: rep,
            meeting_type: None,
            confirm_and_issue: None,
            decision_makers: None,
            why_not_all: None,
            address_checked: None,
        }
        .into(),
        8..10 => {
            MeetingEvent::Issued { meeting, journey, kind, rep, start, unconfirmed: None, second_rep: None, takes: None, overbooked: None, shares: None }.into()
        }
        10 => MeetingEvent::Reissued {
            meeting,
            journey,
            kind,
            rep,
            start,
            reason: None,
            second_rep: None,
            frees: None,
            keeps: vec![],
            takes: None,
            overbooked: None,
            shares: None,
        }
        .into(),
        11 => MeetingEvent::Rescheduled { meeting, journey, kind, start, reason: None, reason_id: None, asked_by: None, frees: None, keeps: vec![] }.into(),
        12 => MeetingEvent::Canceled { meeting, journey, kind, reason, asked_by: None, reason_id: None, note: None, frees: None, keeps: vec![] }.into(),
        13 => MeetingEvent::Resulted { meeting, journey, kind, result: MeetingResult::DemoedNotSold, note: None, counts_as: None, frees: None, keeps: vec![] }
            .into(),
        14 => {
            let amount_minor = Money(dice.roll(1_000_000) as i64);
            let created = SaleEvent::Created {
                sale,
                journey,
                quote: QuoteId(id(8, 1)),
                product,
                rep,
                amount_minor,
                signed_at: instant(at),
                needs_approval: dice.roll(2) == 0,
            };
            return vec![created.into(), JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None, reason_id: None }.into()];
        }
        15 => of_sale("sale.approved", sale, journey, json!({})),
        16 => of_sale("sale.canceled", sale, journey, json!({ "canceled_at": instant(at), "reason": reason, "contract_minor": 1 })),
        17 => of_sale("sale.reactivated", sale, journey, json!({ "contract_minor": 1 })),
        18 => of_sale("sale.not_approved", sale, journey, json!({ "reason": reason })),
        19 => JourneyEvent::Voided { journey, reason }.into(),
        22 => of_sale("job.status_changed", sale, journey, json!({ "status": (["scheduled", "install_in_progress"][dice.roll(2) as usize]) })),
        23 => of_sale("ledger.entry_posted", sale, journey, json!({ "kind": "partial_payment", "amount_minor": -1, "dated_at": instant(at) })),
        24 => of_sale("sale.balance_fell_due", sale, journey, json!({})),
        25 => of_sale("sale.lien_filed", sale, journey, json!({ "filed_at": instant(at) })),
        26 => {
            let items = json!([{ "description": { "personal": "Ünique window" }, "quantity": 1, "unit_price_minor": 5 }]);
            of_quote("quote.created", quote, journey, json!({ "product": product, "rep": rep, "items": items, "total_minor": 5 }))
        }
        27 => of_quote("quote.finalized", quote, journey, json!({ "valid_until": instant(at + HOUR) })),
        28 => of_quote(["quote.reopened", "quote.expired", "quote.not_approved"][dice.roll(3) as usize], quote, journey, json!({})),
        21 => MeetingEvent::Confirmed { meeting, journey, kind, with_whom: None, decision_makers: None }.into(),
        20 => JourneyEvent::Reopened { journey, stage: ContactState::QuoteInProgress }.into(),
        _ => {
            let amount_minor = Money(dice.roll(20_000) as i64 - 10_000);
            SaleEvent::ChangeOrderApproved { sale, journey, change_order: ChangeOrderId(id(9, dice.roll(5))), amount_minor, report_signed_at: instant(at) }
                .into()
        }
    };
    vec![fact]
}

/// A fact about a sale, from its own fields.
fn of_sale(kind: &str, sale: SaleId, journey: JourneyId, own: serde_json::Value) -> Fact {
    told(kind, json!({ "sale": sale, "journey": journey }), own)
}

/// A fact about a quote, from its own fields.
fn of_quote(kind: &str, quote: QuoteId, journey: JourneyId, own: serde_json::Value) -> Fact {
    told(kind, json!({ "quote": quote, "journey": journey }), own)
}

fn told(kind: &str, mut fields: serde_json::Value, own: serde_json::Value) -> Fact {
    fields.as_object_mut().unwrap().extend(own.as_object().unwrap().clone());
    domain::wire::decode(kind, 1, fields.to_string().as_bytes()).unwrap()
}

fn journey_of(contact: ContactId, number: u64) -> JourneyId {
    JourneyId(id(2, number + 10 * low(contact.0)))
}

fn id(kind: u64, number: u64) -> Uuid {
    Uuid::from_u64_pair(kind, number)
}

fn low(id: Uuid) -> u64 {
    id.as_u64_pair().1
}

/// Chance that repeats itself (SplitMix64).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % sides
    }
}
