//! One lead and its deal, if it was won, told in the product's commands.
//!
//! **Dates.** First contacts are dates of the marketplace's zone: the first instant of that day. Wins carry a time and no
//! zone, and they are in UTC: the wins that somebody entered without a time stand at exactly 02:00 in São Paulo's summer
//! and 03:00 in its winter, which is midnight there, and the others keep office hours only if read so.
//!
//! **Amounts.** A sale is worth the monthly revenue that the seller declared. Most declared none, and 0.0 is no price, so
//! such a deal is a demo with the result *sold* whose journey still waits for its quote: it was won, it stays in every
//! count, and no amount is made up for it.

use std::fmt;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::America::Sao_Paulo;
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{Line, id_of};

/// The tables' name inside the ids that are made from them.
const SOURCE: &str = "olist-funnel";

/// What a lead is interested in until a deal names its line of business.
const PRODUCT: &str = "Marketplace";

/// The fate of a deal that has an amount.
pub const PRICED: &str = "demo set, confirmed, issued and sold; quote added, finalized and sold; sale approved";

/// The fate of a deal that has none.
pub const UNPRICED: &str = "demo set, confirmed, issued and sold; no amount declared, so no quote";

/// A row of `marketing_qualified_leads.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Lead {
    /// The lead.
    pub mql_id: String,
    /// The local day of the first contact.
    pub first_contact_date: NaiveDate,
    /// Where the lead came from; a few rows do not say.
    pub origin: Option<String>,
}

/// A row of `closed_deals.csv`.
#[derive(Clone, Debug, Deserialize)]
pub struct Deal {
    /// The lead that was won.
    pub mql_id: String,
    /// The sales development representative: our scheduler.
    pub sdr_id: String,
    /// The sales representative: our rep.
    pub sr_id: String,
    /// When it was won, `2018-02-26 19:58:54`, in UTC.
    #[serde(deserialize_with = "instant")]
    pub won_date: DateTime<Utc>,
    /// The seller's line of business: our product.
    pub business_segment: Option<String>,
    /// In whole units of the currency, `20000.0`; `0.0` where none was declared.
    #[serde(rename = "declared_monthly_revenue", deserialize_with = "minor_units")]
    pub revenue_minor: i64,
}

/// Something about a lead or its deal that is not as it should be.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Oddity {
    /// The origin is empty.
    NoOrigin,
    /// The local midnight of the first contact does not exist.
    NoMidnight,
    /// The deal was won before the first contact.
    WonBeforeContact,
    /// The deal names no line of business.
    NoSegment,
    /// The deal declares no revenue.
    NoAmount,
}

impl fmt::Display for Oddity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Oddity::NoOrigin => "names no origin, so its source is \"unknown\"",
            Oddity::NoMidnight => "its day of first contact has no midnight, so it begins when the clocks have moved on",
            Oddity::WonBeforeContact => "was won before its day of first contact, so it is added at the time of winning",
            Oddity::NoSegment => "its deal names no line of business, so its product stays \"Marketplace\"",
            Oddity::NoAmount => "its deal declares no revenue, so the journey waits for its quote",
        })
    }
}

/// What a lead became.
#[derive(Debug)]
pub struct Story {
    /// The commands, in the order in which they are given.
    pub lines: Vec<Line>,
    /// What became of the lead's row.
    pub lead: &'static str,
    /// What became of the deal's row, if there is one.
    pub deal: Option<&'static str>,
    /// What is odd about either.
    pub oddities: Vec<Oddity>,
}

/// The lines of one lead; refused when its day never happened in the zone.
pub fn tell(lead: &Lead, deal: Option<&Deal>) -> Result<Story, String> {
    let first_contact = day_begins(lead.first_contact_date).ok_or_else(|| format!("no such day: {}", lead.first_contact_date))?;
    let won_before = deal.is_some_and(|deal| deal.won_date < first_contact);
    let no_midnight = first_contact.with_timezone(&Sao_Paulo).time() != NaiveTime::MIN;
    let unpriced = deal.is_some_and(|deal| deal.revenue_minor == 0);
    let segment = deal.and_then(|deal| deal.business_segment.as_deref());
    let product = segment.unwrap_or(PRODUCT);

    let mut told = Telling::of(lead);
    let added = deal.map_or(first_contact, |deal| deal.won_date.min(first_contact));
    let source = lead.origin.as_deref().unwrap_or("unknown");
    let journey = told.id("journey");
    let with = json!({ "journey": journey, "source": source, "product": product, "reference": lead.mql_id });
    told.write(added, None, "contact.add", with);
    if let Some(deal) = deal {
        told.won(deal, product);
    }
    let oddities = [
        (lead.origin.is_none(), Oddity::NoOrigin),
        (no_midnight, Oddity::NoMidnight),
        (won_before, Oddity::WonBeforeContact),
        (deal.is_some() && segment.is_none(), Oddity::NoSegment),
        (unpriced, Oddity::NoAmount),
    ];
    Ok(Story {
        lines: told.lines,
        lead: if deal.is_some() { "contact added" } else { "contact added; no deal is told of, so its journey stays open" },
        deal: deal.map(|_| if unpriced { UNPRICED } else { PRICED }),
        oddities: oddities.into_iter().filter(|(met, _)| *met).map(|(_, oddity)| oddity).collect(),
    })
}

/// A lead half told.
struct Telling {
    lead: String,
    contact: Uuid,
    lines: Vec<Line>,
}

impl Telling {
    fn of(lead: &Lead) -> Self {
        Telling { lead: lead.mql_id.clone(), contact: id_of(SOURCE, &lead.mql_id, "contact", 0), lines: Vec::new() }
    }

    fn id(&self, what: &str) -> Uuid {
        id_of(SOURCE, &self.lead, what, 0)
    }

    /// A deal is a demo held at the instant of winning and, where it has an amount, a quote sold and approved at that instant.
    fn won(&mut self, deal: &Deal, product: &str) {
        let (at, journey, meeting) = (deal.won_date, self.id("journey"), self.id("meeting"));
        let (scheduler, rep) = (person(&deal.sdr_id), person(&deal.sr_id));
        let set = json!({ "meeting": meeting, "journey": journey, "kind": "demo", "start": at, "scheduler": scheduler });
        self.write(at, Some(&scheduler), "meeting.set", set);
        self.write(at, Some(&scheduler), "meeting.confirm", json!({ "meeting": meeting }));
        self.write(at, Some(&scheduler), "meeting.issue", json!({ "meeting": meeting, "rep": rep }));
        self.write(at, Some(&rep), "meeting.result", json!({ "meeting": meeting, "result": "sold" }));
        if deal.revenue_minor == 0 {
            return;
        }
        let (quote, sale) = (self.id("quote"), self.id("sale"));
        let item = json!({ "description": product, "quantity": 1, "unit_price_minor": deal.revenue_minor });
        let add = json!({ "quote": quote, "journey": journey, "product": product, "items": [item], "rep": rep });
        self.write(at, Some(&rep), "quote.add", add);
        self.write(at, Some(&rep), "quote.finalize", json!({ "quote": quote }));
        self.write(at, Some(&rep), "quote.mark_sold", json!({ "quote": quote, "sale": sale }));
        self.write(at, None, "sale.approve", json!({ "sale": sale }));
    }

    fn write(&mut self, at: DateTime<Utc>, by: Option<&str>, command: &'static str, with: Value) {
        let id = format!("{}-{}-{command}", self.lead, self.lines.len());
        self.lines.push(Line { id, at, by: by.map(str::to_owned), contact: self.contact, command, with });
    }
}

/// What a person is called: 32 digits alone would be read as an id that the company gave, and the tables know no names.
fn person(id: &str) -> String {
    format!("olist {id}")
}

/// The first instant of a local day: midnight, or the end of the gap where the clocks skip it.
fn day_begins(day: NaiveDate) -> Option<DateTime<Utc>> {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..24 * 60).find_map(|minute| Sao_Paulo.from_local_datetime(&(midnight + TimeDelta::minutes(minute))).earliest()).map(|instant| instant.to_utc())
}

/// Reads `2018-02-26 19:58:54` as an instant in UTC.
fn instant<'de, D: serde::Deserializer<'de>>(from: D) -> Result<DateTime<Utc>, D::Error> {
    let text = String::deserialize(from)?;
    let local = NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").map_err(serde::de::Error::custom)?;
    Ok(local.and_utc())
}

/// Reads `20000.5` as 2,000,050 minor units, digit by digit.
fn minor_units<'de, D: serde::Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
    let text = String::deserialize(from)?;
    amount(&text).ok_or_else(|| serde::de::Error::custom(format!("not an amount of money: {text}")))
}

fn amount(text: &str) -> Option<i64> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(cents) || cents.len() > 2 {
        return None;
    }
    whole.parse::<i64>().ok()?.checked_mul(100)?.checked_add(format!("{cents:0<2}").parse().ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(day: &str) -> Lead {
        let first_contact_date = day.parse().unwrap_or_default();
        Lead { mql_id: "dac32acd".into(), first_contact_date, origin: Some("social".into()) }
    }

    fn deal(won_date: &str, revenue_minor: i64) -> Deal {
        Deal {
            mql_id: "dac32acd".into(),
            sdr_id: "a8387c01".into(),
            sr_id: "4ef15afb".into(),
            won_date: won_date.parse().unwrap_or_default(),
            business_segment: Some("pet".into()),
            revenue_minor,
        }
    }

    fn told(lead: &Lead, deal: Option<&Deal>) -> Story {
        let nothing = Story { lines: vec![], lead: "", deal: None, oddities: vec![] };
        tell(lead, deal).unwrap_or(nothing)
    }

    fn commands(story: &Story) -> Vec<&'static str> {
        story.lines.iter().map(|line| line.command).collect()
    }

    #[test]
    fn a_lead_without_a_deal_is_added_at_the_local_midnight_of_its_first_contact() {
        let story = told(&lead("2018-02-01"), None);
        let contact = id_of(SOURCE, "dac32acd", "contact", 0);
        let journey = id_of(SOURCE, "dac32acd", "journey", 0);
        assert_eq!(
            serde_json::to_value(&story.lines).ok(),
            Some(json!([{
                "id": "dac32acd-0-contact.add", "at": "2018-02-01T02:00:00Z", "contact": contact, "command": "contact.add",
                "with": { "journey": journey, "source": "social", "product": "Marketplace", "reference": "dac32acd" },
            }]))
        );
        assert_eq!(story.oddities, []);
    }

    #[test]
    fn a_deal_with_an_amount_is_a_demo_and_an_approved_sale_at_the_instant_of_winning() {
        let story = told(&lead("2018-02-01"), Some(&deal("2018-02-26T19:58:54Z", 2_000_000)));
        let demo = ["contact.add", "meeting.set", "meeting.confirm", "meeting.issue", "meeting.result"];
        let sale = ["quote.add", "quote.finalize", "quote.mark_sold", "sale.approve"];
        assert_eq!(commands(&story), [&demo[..], &sale[..]].concat());
        assert!(story.lines[1..].iter().all(|line| line.at.to_rfc3339() == "2018-02-26T19:58:54+00:00"));
        assert_eq!(story.lines[0].with["product"], "pet");
        assert_eq!((&story.lines[1].with["scheduler"], &story.lines[3].with["rep"]), (&json!("olist a8387c01"), &json!("olist 4ef15afb")));
        assert_eq!(story.lines[5].with["items"][0]["unit_price_minor"], 2_000_000);
        assert_eq!((story.deal, story.oddities), (Some(PRICED), vec![]));
    }

    #[test]
    fn a_deal_without_an_amount_is_a_sold_demo_that_waits_for_its_quote() {
        let story = told(&lead("2018-02-01"), Some(&deal("2018-02-26T19:58:54Z", 0)));
        assert_eq!(commands(&story).last(), Some(&"meeting.result"));
        assert_eq!(story.lines[4].with["result"], "sold");
        assert_eq!((story.deal, story.oddities), (Some(UNPRICED), vec![Oddity::NoAmount]));
    }

    #[test]
    fn a_lead_won_before_its_first_contact_is_added_when_it_was_won() {
        let story = told(&lead("2018-03-08"), Some(&deal("2018-03-06T19:38:55Z", 100)));
        assert!(story.lines.iter().all(|line| line.at.to_rfc3339() == "2018-03-06T19:38:55+00:00"));
        assert_eq!(story.oddities, [Oddity::WonBeforeContact]);
    }

    #[test]
    fn a_win_entered_without_a_time_is_the_local_midnight_and_not_before_it() {
        let story = told(&lead("2018-04-24"), Some(&deal("2018-04-24T03:00:00Z", 100)));
        assert_eq!(story.lines[0].at, story.lines[1].at);
        assert_eq!(story.oddities, []);
    }

    #[test]
    fn a_day_whose_midnight_is_skipped_begins_after_the_gap() {
        let story = told(&lead("2017-10-15"), None);
        assert_eq!(story.lines[0].at.to_rfc3339(), "2017-10-15T03:00:00+00:00");
        assert_eq!(story.oddities, [Oddity::NoMidnight]);
    }

    #[test]
    fn an_empty_origin_is_unknown_and_an_empty_segment_leaves_the_product() {
        let lead = Lead { origin: None, ..lead("2018-02-01") };
        let deal = Deal { business_segment: None, ..deal("2018-02-26T19:58:54Z", 100) };
        let story = told(&lead, Some(&deal));
        assert_eq!((&story.lines[0].with["source"], &story.lines[0].with["product"]), (&json!("unknown"), &json!("Marketplace")));
        assert_eq!(story.oddities, [Oddity::NoOrigin, Oddity::NoSegment]);
    }

    #[test]
    fn amounts_are_read_digit_by_digit() {
        assert_eq!(amount("50000000.0"), Some(5_000_000_000));
        assert_eq!(amount("6.05"), Some(605));
        assert_eq!(amount("7"), Some(700));
        assert_eq!([amount("-1.0"), amount("1.005"), amount(""), amount("1e9")], [None; 4]);
    }
}
