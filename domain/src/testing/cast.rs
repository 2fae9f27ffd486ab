//! The people, sources, products, records and times of the tests.

use crate::company::{Company, CompanyEvent};
use crate::id::*;
use crate::instant::Instant;
use crate::meeting::MeetingKind;
use crate::personal::Personal;
use crate::text::{Label, Line};
use uuid::Uuid;

const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

/// A sales rep.
pub const ANA: PersonId = PersonId(id(0xa1));
/// Another sales rep.
pub const BEN: PersonId = PersonId(id(0xa2));
/// The scheduler, and who asks in most tests.
pub const SAM: PersonId = PersonId(id(0xa3));
/// The rehash rep.
pub const RIA: PersonId = PersonId(id(0xa4));
/// Nobody the company knows.
pub const STRANGER: PersonId = PersonId(id(0xaf));

pub const RADIO: SourceId = SourceId(id(0xb1));
pub const HOME_SHOW: SourceId = SourceId(id(0xb2));
pub const UNKNOWN_SOURCE: SourceId = SourceId(id(0xbf));

pub const WINDOWS: ProductId = ProductId(id(0xc1));
pub const ROOFING: ProductId = ProductId(id(0xc2));
pub const GUTTERS: ProductId = ProductId(id(0xc3));
pub const UNKNOWN_PRODUCT: ProductId = ProductId(id(0xcf));

/// Another contact.
pub const TWIN: ContactId = ContactId(id(0x91));
/// The only lead category.
pub const COMMERCIAL: CategoryId = CategoryId(id(0x41));

/// The journey that opens with the contact.
pub const FIRST: JourneyId = JourneyId(id(0xd1));
/// The journey of another product's rep.
pub const OTHER: JourneyId = JourneyId(id(0xd2));
/// The journey after a return.
pub const AGAIN: JourneyId = JourneyId(id(0xd3));
pub const NO_JOURNEY: JourneyId = JourneyId(id(0xdf));

pub const DEMO: MeetingId = MeetingId(id(0xe1));
pub const SECOND_DEMO: MeetingId = MeetingId(id(0xe2));
pub const OTHER_DEMO: MeetingId = MeetingId(id(0xe3));
/// A rehash or follow-up meeting.
pub const VISIT: MeetingId = MeetingId(id(0xe4));
/// A type of meetings that are confirmed and issued.
pub const SERVICE: MeetingTypeId = MeetingTypeId(id(0xf1));
/// A type of meetings that are not.
pub const MEASURING: MeetingTypeId = MeetingTypeId(id(0xf2));
/// A campaign for those who were lost.
pub const SECOND_CHANCE: CampaignId = CampaignId(id(0x51));
/// A campaign for those who bought no gutters.
pub const GUTTER_WEEKS: CampaignId = CampaignId(id(0x52));
pub const NO_CAMPAIGN: CampaignId = CampaignId(id(0x5f));
/// A reason of one of the company's lists, where a test defines one.
pub const REASON: ReasonId = ReasonId(id(0xf9));
pub const NO_MEETING: MeetingId = MeetingId(id(0xef));

pub const QUOTE: QuoteId = QuoteId(id(0x11));
pub const SECOND_QUOTE: QuoteId = QuoteId(id(0x12));
pub const NO_QUOTE: QuoteId = QuoteId(id(0x1f));

pub const SALE: SaleId = SaleId(id(0x21));
pub const SECOND_SALE: SaleId = SaleId(id(0x22));
pub const NO_SALE: SaleId = SaleId(id(0x2f));

pub const ORDER: ChangeOrderId = ChangeOrderId(id(0x31));
pub const SECOND_ORDER: ChangeOrderId = ChangeOrderId(id(0x32));
pub const NO_ORDER: ChangeOrderId = ChangeOrderId(id(0x3f));

pub const ENTRY: LedgerEntryId = LedgerEntryId(id(0x41));
pub const SECOND_ENTRY: LedgerEntryId = LedgerEntryId(id(0x42));
pub const THIRD_ENTRY: LedgerEntryId = LedgerEntryId(id(0x43));

/// When the past of most tests lies: Monday at ten in New York.
pub const MONDAY: &str = "2026-03-02T15:00:00Z";
/// When most tests ask: Monday at noon in New York.
pub const NOON: &str = "2026-03-02T17:00:00Z";
/// A demo's start: Tuesday at six in the evening.
pub const TUESDAY: &str = "2026-03-03T23:00:00Z";
/// Another start: Wednesday at six in the evening.
pub const WEDNESDAY: &str = "2026-03-04T23:00:00Z";
/// After both.
pub const THURSDAY: &str = "2026-03-05T15:00:00Z";

pub fn instant(text: &str) -> Instant {
    Instant::parse(text).unwrap()
}

pub fn label(text: &str) -> Label {
    Label::try_new(text).unwrap()
}

pub fn line(text: &str) -> Personal<Line> {
    Line::try_new(text).unwrap().into()
}

/// The company of the tests.
pub fn company() -> Company {
    let settings = serde_json::json!({ "name": "Ana & Ben", "zone": "America/New_York", "currency": "USD" });
    let mut company = Company::default();
    company.evolve(&CompanyEvent::Configured(serde_json::from_value(settings).unwrap()));
    for (person, name) in [(ANA, "Ana"), (BEN, "Ben"), (SAM, "Sam"), (RIA, "Ria")] {
        company.evolve(&CompanyEvent::PersonDefined { person, name: label(name) });
    }
    for (source, name) in [(RADIO, "Radio"), (HOME_SHOW, "Home show")] {
        company.evolve(&CompanyEvent::SourceDefined { source, name: label(name) });
    }
    for (product, name) in [(WINDOWS, "Windows"), (ROOFING, "Roofing"), (GUTTERS, "Gutters")] {
        company.evolve(&CompanyEvent::ProductDefined { product, name: label(name) });
    }
    company.evolve(&CompanyEvent::CategoryDefined { category: COMMERCIAL, name: label("Commercial") });
    for (meeting_type, name, confirm_and_issue) in [(SERVICE, "Service", true), (MEASURING, "Measuring", false)] {
        company.evolve(&CompanyEvent::MeetingTypeDefined { meeting_type, name: label(name), kind: MeetingKind::Other, confirm_and_issue });
    }
    for (campaign, name, audience) in [
        (SECOND_CHANCE, "Second chance", serde_json::json!({ "states": ["lost", "remarket"] })),
        (GUTTER_WEEKS, "Gutter weeks", serde_json::json!({ "bought": "any", "without": GUTTERS })),
    ] {
        company.evolve(&CompanyEvent::CampaignDefined { campaign, name: label(name), audience: serde_json::from_value(audience).unwrap() });
    }
    company
}
