//! The rows of the contact list.

use std::borrow::Cow;
use std::collections::BTreeMap;

use domain::Instant;
use domain::blueprint::{ContactState, State};
use domain::contact_file::Standing;
use domain::id::{ContactId, JourneyId, ProductId, SaleId, SourceId};
use domain::instant::Day;
use domain::likeness::{self, Likeness};
use eventstore::{CompanyId, Row, StoreError, Value};
use serde::{Deserialize, Serialize};

use crate::table::{instant, json, named, to_json};

/// One contact, as lists see it.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ContactRow {
    /// The contact.
    pub contact: ContactId,
    /// Name of the person or business.
    pub name: Option<String>,
    /// Telephone numbers, as they were typed.
    pub phones: Vec<String>,
    /// E-mail addresses, as they were typed.
    pub emails: Vec<String>,
    /// The property, in one line.
    pub address: Option<String>,
    /// The contact's number in another system.
    pub reference: Option<String>,
    /// Where it stands.
    pub state: ContactState,
    /// Its lead source now.
    pub source: SourceId,
    /// Its product now.
    pub product: ProductId,
    /// Its lead category now.
    pub category: Option<String>,
    /// The journey its state follows.
    pub primary_journey: Option<JourneyId>,
    /// How many of its journeys have not ended.
    pub open_journeys: i64,
    /// When it was added.
    pub added_at: Instant,
    /// When something last happened to it.
    pub last_event_at: Instant,
    /// How many events its stream has.
    pub version: i64,
    /// When the person was forgotten.
    pub erased_at: Option<Instant>,
    /// Since when it is in its state; absent in rows that were made before this was kept.
    pub state_since: Option<Instant>,
    /// The contact it is found under, because they are the same.
    pub merged_into: Option<ContactId>,
    /// The products of its sales that are official and not canceled, each once.
    pub bought: Vec<ProductId>,
    /// Whether a demo was ever set for it.
    pub demo_ever_set: bool,
    /// The local day before which it is not to be approached again, while it is put aside.
    pub not_before: Option<Day>,
}

/// A contact with what the fold remembers of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Current {
    /// The contact.
    pub row: ContactRow,
    /// Where it and its journeys stand.
    pub standing: Standing,
    /// What each of its sales is about.
    pub sales: BTreeMap<SaleId, ProductId>,
    /// Whether its keys are stored.
    pub keys: Keys,
}

/// Whether the keys that follow from a contact's row are stored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keys {
    /// They are.
    #[default]
    Stored,
    /// None are: it is new.
    New,
    /// Others are.
    Changed,
}

impl Keys {
    /// After the row changed in what they follow from.
    pub(super) fn change(&mut self) {
        if *self == Keys::Stored {
            *self = Keys::Changed;
        }
    }
}

/// What the fold remembers and no reader needs.
#[derive(Serialize, Deserialize)]
struct Workings<'a> {
    standing: Cow<'a, Standing>,
    #[serde(default, skip_serializing_if = "no_sales")]
    sales: Cow<'a, BTreeMap<SaleId, ProductId>>,
}

fn no_sales(sales: &BTreeMap<SaleId, ProductId>) -> bool {
    sales.is_empty()
}

impl ContactRow {
    /// How many columns all statements of the contact list begin with.
    pub(crate) const COLUMNS: usize = 21;

    /// What others may be like it by.
    pub(crate) fn keys(&self) -> Vec<(Likeness, String)> {
        likeness::keys(self.phones.iter().map(String::as_str), self.emails.iter().map(String::as_str), self.address.as_deref())
    }

    /// Everything it can be found by, one thing a line, in lower case; telephone numbers also as bare digits, and in full where they are.
    pub(crate) fn search(&self) -> String {
        let digits = self.phones.iter().map(|phone| phone.chars().filter(char::is_ascii_digit).collect::<String>());
        let texts = self.name.iter().chain(&self.phones).chain(&self.emails).chain(&self.address).chain(&self.reference);
        let in_full = self.phones.iter().map(|phone| likeness::phone(phone)).filter_map(|phone| phone.strip_prefix('+').map(str::to_owned));
        texts.map(|text| text.to_lowercase()).chain(digits).chain(in_full).collect::<Vec<_>>().join("\n")
    }

    /// Reads the columns that all statements of the contact list begin with.
    pub(crate) fn from_row(row: &Row) -> Result<ContactRow, StoreError> {
        Ok(ContactRow {
            contact: ContactId(row.get(0)?),
            name: row.get(1)?,
            phones: json(&row.get::<String>(2)?)?,
            emails: json(&row.get::<String>(3)?)?,
            address: row.get(4)?,
            reference: row.get(5)?,
            state: named(row.get(6)?)?,
            source: SourceId(row.get(7)?),
            product: ProductId(row.get(8)?),
            category: row.get(9)?,
            primary_journey: row.get::<Option<_>>(10)?.map(JourneyId),
            open_journeys: row.get(11)?,
            added_at: instant(row, 12)?,
            last_event_at: instant(row, 13)?,
            version: row.get(14)?,
            erased_at: row.get::<Option<_>>(15)?.map(Instant::new),
            state_since: row.get::<Option<_>>(16)?.map(Instant::new),
            merged_into: row.get::<Option<_>>(17)?.map(ContactId),
            bought: row.get::<Option<String>>(18)?.map_or(Ok(vec![]), |list| json(&list))?,
            demo_ever_set: row.get::<Option<i64>>(19)? == Some(1),
            not_before: row.get::<Option<_>>(20)?.map(named).transpose()?,
        })
    }
}

impl Current {
    /// Reads a row of `sql/load.sql`.
    pub(crate) fn from_row(row: &Row) -> Result<Current, StoreError> {
        let Workings { standing, sales } = json(&row.get::<String>(ContactRow::COLUMNS)?)?;
        Ok(Current { row: ContactRow::from_row(row)?, standing: standing.into_owned(), sales: sales.into_owned(), keys: Keys::Stored })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(crate) fn push_values(&self, company: CompanyId, generation: i64, values: &mut Vec<Value>) -> Result<(), StoreError> {
        let row = &self.row;
        values.extend([
            company.into(),
            generation.into(),
            row.contact.0.into(),
            row.name.as_deref().into(),
            to_json(&row.phones)?.into(),
            to_json(&row.emails)?.into(),
            row.address.as_deref().into(),
            row.reference.as_deref().into(),
            row.search().into(),
            row.state.name().into(),
            row.source.0.into(),
            row.product.0.into(),
            row.category.as_deref().into(),
            row.primary_journey.map(|journey| journey.0).into(),
            row.open_journeys.into(),
            row.added_at.micros().into(),
            row.last_event_at.micros().into(),
            row.version.into(),
            row.erased_at.map(Instant::micros).into(),
            row.state_since.map(Instant::micros).into(),
            row.merged_into.map(|survivor| survivor.0).into(),
            to_json(&row.bought)?.into(),
            i64::from(row.demo_ever_set).into(),
            row.not_before.map(|day| day.0.to_string()).into(),
            to_json(&Workings { standing: Cow::Borrowed(&self.standing), sales: Cow::Borrowed(&self.sales) })?.into(),
        ]);
        Ok(())
    }
}
