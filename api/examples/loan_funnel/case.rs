//! One application, told in the product's commands: rows in, lines and the fate of every row out.

use std::fmt;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::history::{Line, id_of};

#[cfg(test)]
mod tests;

/// The event log's name inside the ids that are made from it.
const SOURCE: &str = "loan-funnel-2012";

/// The one product of the lender.
const PRODUCT: &str = "Loan";

/// A row of the event log.
#[derive(Clone, Debug, Deserialize)]
pub struct Row {
    /// The application.
    pub case: String,
    /// Its place in the case, from 0.
    pub seq: u32,
    /// What happened; in Dutch for work inside the lender.
    pub activity: String,
    /// SCHEDULE, START or COMPLETE.
    pub lifecycle: String,
    /// Who did it, where somebody is named.
    pub resource: Option<String>,
    /// When it happened.
    #[serde(rename = "timestamp")]
    pub at: DateTime<Utc>,
    /// In whole units of the currency, the same on all rows of a case.
    pub amount_requested: i64,
}

/// What became of a row.
#[derive(Clone, Debug, PartialEq)]
pub enum Fate {
    /// It became one line or more.
    Taken(&'static str),
    /// It became one line or more, though not quite as it stands in the log.
    Bent(&'static str, &'static str),
    /// It became nothing, and the reader should know why.
    Dropped(&'static str),
    /// It tells of something that no command of the import says yet.
    Untold(&'static str),
    /// The table of the migration has no line for it: work inside the lender.
    Outside,
}

impl fmt::Display for Fate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Fate::Taken(what) => f.write_str(what),
            Fate::Bent(what, how) => write!(f, "{what}, {how}"),
            Fate::Dropped(why) => write!(f, "dropped, {why}"),
            Fate::Untold(what) => write!(f, "counted only, {what}"),
            Fate::Outside => f.write_str("not part of the funnel"),
        }
    }
}

const NOT_SUBMITTED: &str = "the application was not submitted yet";
const SUBMITTED_TWICE: &str = "the application was already submitted";
const AFTER_THE_END: &str = "the journey had already ended";
const DEMO_HELD: &str = "the demo had already been held";
const NO_DEMO: &str = "no demo had been held";
const NOBODY: &str = "it names nobody to be the rep";
const NO_AMOUNT: &str = "it asks for no amount";
const NO_QUOTE: &str = "no quote was open that it could speak of";
const LOST_ALREADY: &str = "the quote was lost with its journey before";
const NO_SALE: &str = "no offer was accepted, so there is no sale to approve";
const SALE_STANDS: &str = "a sale stands";
const GUESSED: &str = "guessed to be the latest of several open offers";
const REORDERED: &str = "placed after the acceptance of the same instant, which the log has behind it";
const RAN_BACK: &str = "moved to the time of the row before it, which is later";

/// What a case became.
#[derive(Debug, Default)]
pub struct Story {
    /// The commands, in the order in which they are given.
    pub lines: Vec<Line>,
    /// What became of each row, in the order of the log.
    pub fates: Vec<Fate>,
    /// Whether the log ends before the journey does.
    pub runs_on: bool,
}

/// The lines of one case, and what became of each of its rows.
pub fn tell(case: &[Row]) -> Story {
    let Some(first) = case.first() else { return Story::default() };
    let mut told = Telling::of(first);
    let mut fates = vec![Fate::Outside; case.len()];
    for index in order(case) {
        fates[index] = told.row(&case[index]);
        if let (Fate::Taken(what), true) = (&fates[index], approved_too_soon(case, index)) {
            fates[index] = Fate::Bent(what, REORDERED);
        }
    }
    Story { lines: told.lines, fates, runs_on: matches!(told.stage, Stage::Open | Stage::Demoed) }
}

/// The order in which the rows make sense: an approval follows the acceptance of the same instant that it approves.
fn order(case: &[Row]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..case.len()).collect();
    for index in 0..case.len() {
        if approved_too_soon(case, index) {
            let last = (index..case.len()).take_while(|&later| case[later].at == case[index].at).last().unwrap_or(index);
            order[index..=last].rotate_left(1);
        }
    }
    order
}

/// Whether the row approves a sale whose offer is accepted at the same instant, but further down in the log.
fn approved_too_soon(case: &[Row], index: usize) -> bool {
    let row = &case[index];
    let mut same_instant = case[index..].iter().take_while(|later| later.at == row.at);
    row.activity == "A_APPROVED" && same_instant.any(|later| later.activity == "O_ACCEPTED")
}

/// How an attempt ended, which the log does not say: filling in an application is done with the applicant on the phone,
/// following up an unfinished one is not. A stand-in, and no figure reads it.
fn attempt_outcome(activity: &str) -> &'static str {
    if activity == "W_Completeren aanvraag" { "spoke" } else { "no_answer" }
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    New,
    Open,
    Demoed,
    Sold,
    Lost,
}

#[derive(Clone, Copy, PartialEq)]
enum Offer {
    Draft,
    Sent,
    Sold,
    Lost,
    LostWithJourney,
}

/// A case half told: its lines so far, and what the next row needs to know of the rows before it.
struct Telling {
    case: String,
    contact: Uuid,
    journey: Uuid,
    stage: Stage,
    offers: Vec<(Uuid, Offer)>,
    sale: Option<Uuid>,
    last: DateTime<Utc>,
    lines: Vec<Line>,
}

impl Telling {
    fn of(first: &Row) -> Self {
        Telling {
            case: first.case.clone(),
            contact: id_of(SOURCE, &first.case, "contact", first.seq),
            journey: id_of(SOURCE, &first.case, "journey", first.seq),
            stage: Stage::New,
            offers: Vec::new(),
            sale: None,
            last: first.at,
            lines: Vec::new(),
        }
    }

    /// Tells one more row.
    fn row(&mut self, row: &Row) -> Fate {
        let ran_back = row.at < self.last;
        let fate = match (row.activity.as_str(), row.lifecycle.as_str()) {
            ("A_SUBMITTED", "COMPLETE") => self.submitted(row),
            ("W_Afhandelen leads" | "W_Completeren aanvraag", "START") => self.attempted(row),
            ("A_ACCEPTED", "COMPLETE") => self.accepted(row),
            ("O_CREATED", "COMPLETE") => self.offer_created(row),
            ("O_SENT", "COMPLETE") => self.offer_sent(row),
            ("O_SENT_BACK", "COMPLETE") => Fate::Untold("the customer viewed the quote"),
            ("O_CANCELLED", "COMPLETE") => self.offer_lost(row, "canceled"),
            ("O_DECLINED", "COMPLETE") => self.offer_lost(row, "declined"),
            ("O_ACCEPTED", "COMPLETE") => self.offer_accepted(row),
            ("A_APPROVED", "COMPLETE") => self.approved(row),
            ("A_CANCELLED", "COMPLETE") => self.lost(row, "canceled"),
            ("A_DECLINED", "COMPLETE") => self.lost(row, "declined"),
            _ => Fate::Outside,
        };
        match fate {
            Fate::Taken(what) if ran_back => Fate::Bent(what, RAN_BACK),
            fate => fate,
        }
    }

    fn submitted(&mut self, row: &Row) -> Fate {
        if self.stage != Stage::New {
            return Fate::Dropped(SUBMITTED_TWICE);
        }
        self.stage = Stage::Open;
        let source = row.resource.as_deref().unwrap_or("unknown");
        let with = json!({ "journey": self.journey, "source": source, "product": PRODUCT, "reference": row.case });
        self.write(row, "contact.add", with);
        Fate::Taken("contact.add")
    }

    fn attempted(&mut self, row: &Row) -> Fate {
        match self.stage {
            Stage::New => Fate::Dropped(NOT_SUBMITTED),
            Stage::Open => {
                let with = json!({ "channel": "phone", "outcome": attempt_outcome(&row.activity) });
                self.write(row, "contact.log_attempt", with);
                match row.resource {
                    Some(_) => Fate::Taken("contact.log_attempt"),
                    None => Fate::Taken("contact.log_attempt by nobody named"),
                }
            }
            Stage::Demoed => Fate::Dropped(DEMO_HELD),
            Stage::Sold | Stage::Lost => Fate::Dropped(AFTER_THE_END),
        }
    }

    /// An accepted application is a demo held there and then: set, confirmed, issued and resulted at one instant.
    fn accepted(&mut self, row: &Row) -> Fate {
        match self.stage {
            Stage::New => return Fate::Dropped(NOT_SUBMITTED),
            Stage::Open => {}
            Stage::Demoed => return Fate::Dropped(DEMO_HELD),
            Stage::Sold | Stage::Lost => return Fate::Dropped(AFTER_THE_END),
        }
        let Some(rep) = &row.resource else { return Fate::Dropped(NOBODY) };
        self.stage = Stage::Demoed;
        let meeting = id_of(SOURCE, &row.case, "meeting", row.seq);
        let start = row.at.max(self.last);
        let set = json!({ "meeting": meeting, "journey": self.journey, "kind": "demo", "start": start, "scheduler": rep });
        self.write(row, "meeting.set", set);
        self.write(row, "meeting.confirm", json!({ "meeting": meeting }));
        self.write(row, "meeting.issue", json!({ "meeting": meeting, "rep": rep }));
        self.write(row, "meeting.result", json!({ "meeting": meeting, "result": "demoed_not_sold" }));
        Fate::Taken("meeting.set, confirm, issue and result")
    }

    fn offer_created(&mut self, row: &Row) -> Fate {
        match self.stage {
            Stage::New | Stage::Open => return Fate::Dropped(NO_DEMO),
            Stage::Demoed => {}
            Stage::Sold | Stage::Lost => return Fate::Dropped(AFTER_THE_END),
        }
        if row.amount_requested <= 0 {
            return Fate::Dropped(NO_AMOUNT);
        }
        let quote = id_of(SOURCE, &row.case, "quote", row.seq);
        let item = json!({ "description": PRODUCT, "quantity": 1, "unit_price_minor": row.amount_requested * 100 });
        let mut with = json!({ "quote": quote, "journey": self.journey, "product": PRODUCT, "items": [item] });
        if let Some(rep) = &row.resource {
            with["rep"] = json!(rep);
        }
        self.offers.push((quote, Offer::Draft));
        self.write(row, "quote.add", with);
        Fate::Taken("quote.add")
    }

    fn offer_sent(&mut self, row: &Row) -> Fate {
        let guessed = self.count(Offer::Draft) > 1;
        let Some(quote) = self.latest(&[Offer::Draft], Offer::Sent) else { return Fate::Dropped(NO_QUOTE) };
        self.write(row, "quote.finalize", json!({ "quote": quote }));
        taken("quote.finalize", guessed)
    }

    fn offer_lost(&mut self, row: &Row, reason: &str) -> Fate {
        let guessed = self.count(Offer::Draft) + self.count(Offer::Sent) > 1;
        if let Some(quote) = self.latest(&[Offer::Draft, Offer::Sent], Offer::Lost) {
            self.write(row, "quote.lose", json!({ "quote": quote, "reason": reason }));
            return taken("quote.lose", guessed);
        }
        match self.latest(&[Offer::LostWithJourney], Offer::Lost) {
            Some(_) => Fate::Dropped(LOST_ALREADY),
            None => Fate::Dropped(NO_QUOTE),
        }
    }

    fn offer_accepted(&mut self, row: &Row) -> Fate {
        let guessed = self.count(Offer::Sent) > 1;
        let Some(quote) = self.latest(&[Offer::Sent], Offer::Sold) else { return Fate::Dropped(NO_QUOTE) };
        let sale = id_of(SOURCE, &row.case, "sale", row.seq);
        self.sale = Some(sale);
        self.write(row, "quote.mark_sold", json!({ "quote": quote, "sale": sale }));
        taken("quote.mark_sold", guessed)
    }

    fn approved(&mut self, row: &Row) -> Fate {
        let Some(sale) = self.sale.take() else { return Fate::Dropped(NO_SALE) };
        self.stage = Stage::Sold;
        self.write(row, "sale.approve", json!({ "sale": sale }));
        Fate::Taken("sale.approve")
    }

    /// A lost journey loses its open quotes by itself.
    fn lost(&mut self, row: &Row, reason: &str) -> Fate {
        match self.stage {
            Stage::New => return Fate::Dropped(NOT_SUBMITTED),
            Stage::Open | Stage::Demoed if self.sale.is_some() => return Fate::Dropped(SALE_STANDS),
            Stage::Open | Stage::Demoed => {}
            Stage::Sold | Stage::Lost => return Fate::Dropped(AFTER_THE_END),
        }
        self.stage = Stage::Lost;
        for (_, offer) in &mut self.offers {
            if matches!(offer, Offer::Draft | Offer::Sent) {
                *offer = Offer::LostWithJourney;
            }
        }
        self.write(row, "contact.lose", json!({ "journey": self.journey, "reason": reason }));
        Fate::Taken("contact.lose")
    }

    fn count(&self, state: Offer) -> usize {
        self.offers.iter().filter(|(_, offer)| *offer == state).count()
    }

    /// The latest offer in one of these states, which goes over into the next.
    fn latest(&mut self, from: &[Offer], to: Offer) -> Option<Uuid> {
        let (quote, offer) = self.offers.iter_mut().rev().find(|(_, offer)| from.contains(offer))?;
        *offer = to;
        Some(*quote)
    }

    /// Business times inside one contact never run backwards.
    fn write(&mut self, row: &Row, command: &'static str, with: Value) {
        self.last = self.last.max(row.at);
        self.lines.push(Line {
            id: format!("{}-{}-{command}", self.case, row.seq),
            at: self.last,
            by: row.resource.clone(),
            contact: self.contact,
            command,
            with,
        });
    }
}

fn taken(what: &'static str, guessed: bool) -> Fate {
    if guessed { Fate::Bent(what, GUESSED) } else { Fate::Taken(what) }
}
