//! Questions to the contact list.

use std::collections::{BTreeMap, BTreeSet};

use domain::Instant;
use domain::blueprint::{ContactState, State};
use domain::id::{ContactId, ProductId, SourceId};
use domain::instant::Day;
use domain::likeness;
use eventstore::{CompanyId, Statement, Store, StoreError, Value, select_in, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{ContactList, ContactRow};
use crate::projection::Projection;
use crate::reading::{Listed, Reading, count_by_state, in_use};

/// The most contacts in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;
/// The fewest digits that are looked for among telephone numbers.
const FEWEST_DIGITS: usize = 3;
/// How many digits a number has at least that is dialled from abroad.
const WHOLE_NUMBER: usize = 11;
/// Among how many contacts, the next ones in the order, a text is looked for before the index is asked for all that hold it.
const LATEST: u32 = 2_000;
/// By how many characters in a row the index leads to a text.
const GRAM: usize = 3;

/// Which contacts are listed. What is absent filters nothing.
#[derive(Clone, Debug, Default)]
pub struct ContactFilter {
    /// In this state.
    pub state: Option<ContactState>,
    /// Of this lead source.
    pub source: Option<SourceId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// That may be approached on this local day: none that were put aside until a later one.
    pub ready_on: Option<Day>,
    /// Whose name, telephone, e-mail, address or reference holds this text, upper and lower case alike.
    pub text: Option<String>,
}

/// The last contact of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ContactCursor {
    /// When something last happened to it.
    pub at: Instant,
    /// The contact.
    pub contact: ContactId,
}

impl ContactCursor {
    /// The place of a listed contact.
    pub fn of(row: &ContactRow) -> ContactCursor {
        ContactCursor { at: row.last_event_at, contact: row.contact }
    }
}

/// A page of contacts, those first to whom something happened last; and how many there are, counted up to a number where one is given.
pub async fn contacts(
    store: &Store,
    company: CompanyId,
    filter: &ContactFilter,
    after: Option<ContactCursor>,
    limit: u32,
    count_up_to: Option<i64>,
) -> Result<Reading<Listed<ContactRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, ContactList::NAME).await?;
    let search = Search::of(filter.text.as_deref());
    let filtered = |text| {
        sql(text)
            .bind(company)
            .bind(reading.found)
            .bind(filter.source.map(|id| id.0))
            .bind(filter.product.map(|id| id.0))
            .bind(filter.ready_on.map(|day| day.0.to_string()))
    };
    let found = |text| {
        filtered(text).bind(search.text_parts.as_deref()).bind(search.text.as_deref()).bind(search.digits_parts.as_deref()).bind(search.digits.as_deref())
    };
    let limit = limit.clamp(1, LONGEST_PAGE);
    let page = |statement: Statement| {
        statement
            .bind(filter.state.map(State::name))
            .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
            .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
            .bind(limit)
    };
    let conn = &mut reader.conn();
    let rows = if search.text.is_none() {
        page(filtered(include_str!("sql/list.sql"))).all(conn).await?
    } else {
        let latest = filtered(include_str!("sql/list_latest.sql")).bind(search.text.as_deref()).bind(search.digits.as_deref());
        let latest = page(latest).bind(LATEST).all(conn).await?;
        if latest.len() == limit as usize { latest } else { page(found(include_str!("sql/list_found.sql"))).all(conn).await? }
    };
    let rows = rows.iter().map(ContactRow::from_row).collect::<Result<_, _>>()?;
    let count = || if search.text.is_none() { filtered(include_str!("sql/count_by_state.sql")) } else { found(include_str!("sql/count_found.sql")) };
    let counted = count_by_state(conn, count, filter.state, count_up_to).await?;
    Ok(reading.map(|_| Listed { rows, counted }))
}

/// One contact.
pub async fn contact(store: &Store, company: CompanyId, contact: ContactId) -> Result<Reading<Option<ContactRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, ContactList::NAME).await?;
    let row = sql(include_str!("sql/one.sql")).bind(company).bind(reading.found).bind(contact.0).one(&mut reader.conn()).await?;
    let found = row.as_ref().map(ContactRow::from_row).transpose()?;
    Ok(reading.map(|_| found))
}

/// The contacts that are found under this one, because they are the same, with their names.
pub async fn merged(store: &Store, company: CompanyId, survivor: ContactId) -> Result<Vec<(ContactId, Option<String>)>, StoreError> {
    let mut reader = store.db.read().await?;
    let generation = in_use(&mut reader, company, ContactList::NAME).await?.found;
    let rows = sql(include_str!("sql/merged.sql")).bind(company).bind(generation).bind(survivor.0).all(&mut reader.conn()).await?;
    rows.iter().map(|row| Ok((ContactId(row.get(0)?), row.get(1)?))).collect()
}

/// The names of some contacts; those that have none, or were erased, are left out.
pub async fn names(store: &Store, company: CompanyId, contacts: &BTreeSet<ContactId>) -> Result<BTreeMap<ContactId, String>, StoreError> {
    let mut reader = store.db.read().await?;
    let generation = in_use(&mut reader, company, ContactList::NAME).await?.found;
    let contacts: Vec<Value> = contacts.iter().map(|contact| contact.0.into()).collect();
    let rows = select_in(&mut reader.conn(), include_str!("sql/names.sql"), &[company.into(), generation.into()], &contacts).await?;
    rows.iter().map(|row| Ok((ContactId(row.get(0)?), row.get(1)?))).collect()
}

/// What was typed to find contacts by, as patterns for everything they can be found by; none, when nothing was typed.
pub(crate) struct Search {
    /// Of the text.
    pub text: Option<String>,
    /// Of parts of it by which an index leads to all that hold the text, and to some that do not.
    pub text_parts: Option<String>,
    /// Of its digits, where it looks like a telephone number, and of the text, where it does not: no index leads to what nothing is like.
    pub digits: Option<String>,
    /// Of parts of those.
    pub digits_parts: Option<String>,
}

impl Search {
    pub(crate) fn of(typed: Option<&str>) -> Search {
        let text = typed.map(cleaned).filter(|text| !text.is_empty());
        let digits = text.as_deref().and_then(telephone).or_else(|| text.clone());
        let [text_parts, digits_parts] = [&text, &digits].map(|text| text.as_deref().map(parts));
        Search { text: text.as_deref().map(pattern), text_parts, digits: digits.as_deref().map(pattern), digits_parts }
    }
}

/// What was typed, as it is looked for: trimmed, in lower case, without control characters.
fn cleaned(text: &str) -> String {
    text.trim().to_lowercase().chars().filter(|c| !c.is_control()).collect()
}

/// The digits, when what was typed looks like a telephone number: of a whole one those with which it is dialled from abroad.
fn telephone(text: &str) -> Option<String> {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let clean = text.chars().all(|c| c.is_ascii_digit() || " +-().x#/".contains(c));
    let whole = likeness::phone(text).strip_prefix('+').filter(|whole| whole.len() >= WHOLE_NUMBER).map(str::to_owned);
    (clean && digits.len() >= FEWEST_DIGITS).then(|| whole.unwrap_or(digits))
}

/// A pattern of pieces of the text in their order, each as short as an index can take it, so that few places of the index are looked up; the
/// last piece has the rest. What has a meaning in patterns is in no piece.
fn parts(text: &str) -> String {
    let mut pattern = String::from("%");
    for run in text.split(['%', '_', '\\']) {
        let run: Vec<char> = run.chars().collect();
        let pieces = run.len() / GRAM;
        for piece in 0..pieces {
            let end = if piece + 1 == pieces { run.len() } else { (piece + 1) * GRAM };
            pattern.extend(&run[piece * GRAM..end]);
            pattern.push('%');
        }
    }
    pattern
}

/// A pattern that finds the text anywhere; what has a meaning in patterns is taken as it stands.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len() + 2);
    pattern.push('%');
    for c in text.chars() {
        if matches!(c, '%' | '_' | '\\') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern.push('%');
    pattern
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_looked_for_as_it_stands() {
        assert_eq!(pattern(&cleaned("  50%_Off\\\u{0} ")), "%50\\%\\_off\\\\%");
    }

    #[test]
    fn it_is_looked_up_by_its_parts() {
        let patterns = ["lo", "lopez", "buffalo", "12 elm st", "50%_Off\\abc", "élan"].map(parts);
        assert_eq!(patterns, ["%", "%lopez%", "%buf%falo%", "%12 %elm% st%", "%Off%abc%", "%élan%"]);
    }

    #[test]
    fn telephone_numbers_are_found_however_they_are_written() {
        assert_eq!(telephone("(716) 555-01").as_deref(), Some("71655501"));
        assert_eq!(telephone("12 elm st"), None);
        assert_eq!(telephone("12"), None);
        for whole in ["716 555 0100", "+1 (716) 555-0100", "1-716-555-0100 x12"] {
            assert_eq!(telephone(whole).as_deref(), Some("17165550100"));
        }
    }
}
