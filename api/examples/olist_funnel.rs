//! Turns a marketplace's leads and won deals into a history to import: the model of a migration from two flat tables.
//!
//! `cargo run --example olist_funnel -- FOLDER > history.jsonl`; what became of every row goes to stderr.
//!
//! A lead is a contact with one journey; a deal is its demo, held and sold in one instant. Of the lost the tables say
//! nothing, so a lead without a deal stays open. See `case.rs` for how dates are read and what a deal without an amount is.

#[path = "olist_funnel/case.rs"]
mod case;
mod history;

use std::collections::BTreeMap;
use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;

use case::{Deal, Lead, PRICED, tell};
use history::Account;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = PathBuf::from(std::env::args().nth(1).ok_or("say which folder: olist_funnel -- FOLDER")?);
    let leads = File::open(folder.join("marketing_qualified_leads.csv"))?;
    let deals = File::open(folder.join("closed_deals.csv"))?;
    let mut out = BufWriter::new(io::stdout().lock());
    let account = convert(leads, deals, &mut out)?;
    out.flush()?;
    eprint!("{account}");
    for (fact, found, expected) in facts(&account) {
        eprintln!("{fact}: {found} (in the tables: {expected}){}", if found == expected { "" } else { "  DIFFERENT" });
    }
    Ok(())
}

/// Reads both tables, writes the history in the order of the leads, and accounts for every row.
pub fn convert(leads: impl Read, deals: impl Read, mut out: impl Write) -> Result<Account, Box<dyn Error>> {
    let mut account = Account::default();
    let mut won: BTreeMap<String, Deal> = BTreeMap::new();
    for deal in csv::Reader::from_reader(deals).deserialize() {
        let deal: Deal = deal?;
        if let Some(twice) = won.insert(deal.mql_id.clone(), deal) {
            account.odd(format!("deal {}: dropped, a later row tells of the same lead", twice.mql_id));
            account.row("deal", "dropped, a later row tells of the same lead");
        }
    }
    for lead in csv::Reader::from_reader(leads).deserialize() {
        let lead: Lead = lead?;
        finish(&lead, won.remove(&lead.mql_id).as_ref(), &mut out, &mut account)?;
    }
    for orphan in won.into_keys() {
        account.odd(format!("deal {orphan}: dropped, no lead has this id"));
        account.row("deal", "dropped, no lead has this id");
    }
    Ok(account)
}

/// What an import of the history can be checked against: the fact, what the history says, what the tables say.
pub fn facts(account: &Account) -> [(&'static str, usize, usize); 4] {
    let priced = account.fated(PRICED);
    [
        ("contacts", account.lines_of("contact.add"), account.rows_of("lead")),
        ("demos issued", account.lines_of("meeting.issue"), account.rows_of("deal")),
        ("quotes", account.lines_of("quote.add"), priced),
        ("sales approved", account.lines_of("sale.approve"), priced),
    ]
}

/// Writes a lead's lines and enters its rows in the account.
fn finish(lead: &Lead, deal: Option<&Deal>, out: &mut impl Write, account: &mut Account) -> Result<(), Box<dyn Error>> {
    let story = tell(lead, deal)?;
    for line in &story.lines {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")?;
        account.line(line.command);
    }
    for oddity in &story.oddities {
        account.odd(format!("lead {}: {oddity}", lead.mql_id));
    }
    account.row("lead", story.lead);
    if let Some(fate) = story.deal {
        account.row("deal", fate);
    }
    Ok(())
}
