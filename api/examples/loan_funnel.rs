//! Turns the event log of a lender's loan applications into a history to import: the model of a migration from another system.
//!
//! `cargo run --example loan_funnel -- events.csv.gz > history.jsonl`; what became of every row goes to stderr.
//!
//! An application is a contact with one journey. The log has no lead source, so the resource of the submission stands in;
//! it has no offer ids, so an offer row speaks of the case's latest offer that it can speak of; and it does not say how an
//! attempt to reach the applicant ended, so the kind of work stands in.

#[path = "loan_funnel/case.rs"]
mod case;
mod history;

use std::error::Error;
use std::fs::File;
use std::io::{self, BufWriter, Read, Write};

use flate2::read::GzDecoder;

use case::{Fate, Row, tell};
use history::Account;

fn main() -> Result<(), Box<dyn Error>> {
    let path = std::env::args().nth(1).ok_or("say which file: loan_funnel -- events.csv.gz")?;
    let file = File::open(&path)?;
    let input: Box<dyn Read> = if path.ends_with(".gz") { Box::new(GzDecoder::new(file)) } else { Box::new(file) };
    let mut out = BufWriter::new(io::stdout().lock());
    let account = convert(input, &mut out)?;
    out.flush()?;
    eprint!("{account}");
    for (fact, found, expected) in facts(&account) {
        eprintln!("{fact}: {found} (in the log: {expected}){}", if found == expected { "" } else { "  DIFFERENT" });
    }
    Ok(())
}

/// Reads the whole log, writes the history, and accounts for every row.
pub fn convert(input: impl Read, mut out: impl Write) -> Result<Account, Box<dyn Error>> {
    let mut account = Account::default();
    let mut case: Vec<Row> = Vec::new();
    for row in csv::Reader::from_reader(input).deserialize() {
        let row: Row = row?;
        if case.first().is_some_and(|first| first.case != row.case) {
            finish(&std::mem::take(&mut case), &mut out, &mut account)?;
        }
        case.push(row);
    }
    finish(&case, &mut out, &mut account)?;
    Ok(account)
}

/// What an import of the history can be checked against: the fact, what the history says, what the log says.
pub fn facts(account: &Account) -> [(&'static str, usize, usize); 5] {
    [
        ("contacts", account.lines_of("contact.add"), account.rows_of("A_SUBMITTED COMPLETE")),
        ("demos issued", account.lines_of("meeting.issue"), account.rows_of("A_ACCEPTED COMPLETE")),
        ("quotes", account.lines_of("quote.add"), account.rows_of("O_CREATED COMPLETE")),
        ("sales", account.lines_of("quote.mark_sold"), account.rows_of("O_ACCEPTED COMPLETE")),
        ("sales approved", account.lines_of("sale.approve"), account.rows_of("O_ACCEPTED COMPLETE")),
    ]
}

/// Writes a case's lines and enters its rows in the account.
fn finish(case: &[Row], out: &mut impl Write, account: &mut Account) -> Result<(), Box<dyn Error>> {
    let story = tell(case);
    for line in &story.lines {
        serde_json::to_writer(&mut *out, line)?;
        out.write_all(b"\n")?;
        account.line(line.command);
    }
    for (row, fate) in case.iter().zip(&story.fates) {
        if let Fate::Bent(..) | Fate::Dropped(_) = fate {
            account.odd(format!("case {} seq {} {} {}: {fate}", row.case, row.seq, row.activity, row.lifecycle));
        }
        account.row(format!("{} {}", row.activity, row.lifecycle), fate.to_string());
    }
    if let (true, Some(last)) = (story.runs_on, case.last()) {
        let Row { case, seq, activity, lifecycle, .. } = last;
        account.odd(format!("case {case} seq {seq} {activity} {lifecycle}: the log ends here, the journey stays open"));
    }
    Ok(())
}
