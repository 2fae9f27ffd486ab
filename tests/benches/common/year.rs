//! The log of a year: each journey goes from lead to approved sale, spread over the days.

use chrono::{DateTime, TimeDelta, Utc};
use domain::id::{JourneyId, MeetingId, PersonId, ProductId, QuoteId, SaleId, SourceId};
use domain::journey::{JourneyEvent, Origin, Outcome};
use domain::meeting::{MeetingEvent, MeetingKind, MeetingResult};
use domain::profile::{Added, ContactEvent};
use domain::quote::{Item, QuoteEvent};
use domain::sale::SaleEvent;
use domain::text::Text;
use domain::{Fact, Instant, Money, Personal, wire};
use eventstore::{CompanyId, Hash, Recorded, Store, Stream, StreamKey};
use uuid::Uuid;

/// Events written at a time.
const PAGE: usize = 5_000;

/// Makes a company with the log of a year, of ten events for each journey. Answers how many events there are.
pub async fn fill(store: &Store, company: CompanyId, journeys: u64) -> u64 {
    let log_id = company.0;
    store.create_company(company, &format!("Bench {company}"), log_id, [7; 32], DateTime::UNIX_EPOCH).await.unwrap();
    let mut chain = Chain { company, position: 0, hash: Hash::before_first(log_id), page: Vec::new(), keys: Vec::new() };
    for n in 0..journeys {
        chain.journey(n, journeys);
        if chain.page.len() >= PAGE || n + 1 == journeys {
            store.adopt_keys(company, &std::mem::take(&mut chain.keys)).await.unwrap();
            store.adopt(company, log_id, &chain.page, &|_| vec![]).await.unwrap();
            chain.page.clear();
        }
    }
    store.db.analyze().await.unwrap();
    chain.position.unsigned_abs()
}

/// A log being written.
struct Chain {
    company: CompanyId,
    position: i64,
    hash: Hash,
    page: Vec<Recorded>,
    keys: Vec<(Stream, Option<StreamKey>)>,
}

impl Chain {
    fn journey(&mut self, n: u64, of: u64) {
        let opened: DateTime<Utc> = "2025-01-01T12:00:00Z".parse().unwrap();
        let opened = opened + TimeDelta::seconds((n * 340 * 86_400 / of) as i64);
        self.keys.push((Stream::new("contact", id(n, 0)), Some(key(n))));
        for (version, (fact, hours)) in facts(n).into_iter().enumerate() {
            self.record(n, version as i64 + 1, &fact, opened + TimeDelta::hours(hours));
        }
    }

    fn record(&mut self, n: u64, version: i64, fact: &Fact, at: DateTime<Utc>) {
        self.position += 1;
        let (kind, body) = wire::encode(fact);
        let mut event = Recorded {
            company: self.company,
            position: self.position,
            commit_end: self.position,
            stream: Stream::new("contact", id(n, 0)),
            version,
            event_id: id(self.position.unsigned_abs(), 9),
            command_id: id(self.position.unsigned_abs(), 10),
            kind: kind.to_owned(),
            format: 1,
            occurred_at: at,
            recorded_at: DateTime::from_timestamp_micros(1_800_000_000_000_000 + self.position).unwrap(),
            actor: format!("person:{}", id(n % 12, 7)),
            cause: None,
            body,
            opened: None,
            hash: self.hash,
        };
        event.seal(&key(n), || bytes(id(self.position.unsigned_abs(), 11)));
        event.hash = event.chain(&self.hash);
        self.hash = event.hash;
        self.page.push(event);
    }
}

/// The key of a contact.
fn key(n: u64) -> StreamKey {
    StreamKey::new(bytes(id(n, 12)))
}

fn bytes(id: Uuid) -> [u8; 32] {
    let mut bytes = [0; 32];
    bytes[..16].copy_from_slice(id.as_bytes());
    bytes
}

/// A stable id that is spread like a random one.
fn id(n: u64, kind: u8) -> Uuid {
    let mixed = (n.wrapping_add(1)).wrapping_mul(0x9E37_79B9_7F4A_7C15) ^ (n << 7);
    Uuid::from_u64_pair(mixed, (u64::from(kind) << 56) | n)
}

/// The ten facts of a journey, with the hours after its opening.
fn facts(n: u64) -> [(Fact, i64); 10] {
    let journey = JourneyId(id(n, 1));
    let (meeting, quote, sale) = (MeetingId(id(n, 2)), QuoteId(id(n, 3)), SaleId(id(n, 4)));
    let (source, product) = (SourceId(id(n % 9, 5)), ProductId(id(n % 5, 6)));
    let (scheduler, rep) = (PersonId(id(n % 6, 7)), PersonId(id(n % 11, 7)));
    let kind = MeetingKind::Demo;
    let start = Instant::parse("2025-06-01T15:00:00Z").unwrap();
    let start = Instant::new(start.utc() + TimeDelta::hours(n as i64 % 2_000));
    let amount = Money(800_000 + (n % 977) as i64 * 1_000);
    let added = Added {
        journey,
        source,
        product,
        category: None,
        campaign: None,
        reference: None,
        name: Text::try_new(&format!("Contact {n}")).ok().map(Personal::Known),
        phones: vec![],
        emails: vec![],
        address: None,
        address_shared: false,
    };
    let opened = JourneyEvent::Opened { journey, origin: Origin::New, source, product, category: None, campaign: None, rep: None, reason: None };
    let items = vec![Item { description: Personal::Known(Text::try_new("Windows, installed").unwrap()), quantity: 1, unit_price_minor: amount }];
    [
        (ContactEvent::Added(added).into(), 0),
        (opened.into(), 0),
        (
            MeetingEvent::Set {
                meeting,
                journey,
                kind,
                start,
                length_minutes: Some(90),
                scheduler,
                meeting_type: None,
                confirm_and_issue: None,
                decision_makers: None,
                why_not_all: None,
                address_checked: None,
            }
            .into(),
            2,
        ),
        (MeetingEvent::Confirmed { meeting, journey, kind, with_whom: None, decision_makers: None }.into(), 20),
        (
            MeetingEvent::Issued { meeting, journey, kind, rep, start, unconfirmed: None, second_rep: None, takes: None, overbooked: None, shares: None }
                .into(),
            22,
        ),
        (MeetingEvent::Resulted { meeting, journey, kind, result: MeetingResult::Sold, note: None, counts_as: None, frees: None, keeps: vec![] }.into(), 50),
        (QuoteEvent::Created { quote, journey, product, rep, items, total_minor: amount, revises: None }.into(), 50),
        (SaleEvent::Created { sale, journey, quote, product, rep, amount_minor: amount, signed_at: start, needs_approval: true }.into(), 60),
        (
            SaleEvent::Approved {
                sale,
                journey,
                finance_owner: None,
                customer_service_owner: None,
                signed_at: None,
                notice_to_proceed: None,
                job_standing: None,
            }
            .into(),
            90,
        ),
        (JourneyEvent::Closed { journey, outcome: Outcome::Sold, reason: None, reason_id: None }.into(), 90),
    ]
}
