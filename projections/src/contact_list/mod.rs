//! Which contacts there are, where each stands, and how it can be found.

pub mod query;
mod row;
mod scrub;
mod similar;
#[cfg(test)]
mod tests;
mod waiting;

pub(crate) use query::Search;
pub use query::{ContactCursor, ContactFilter, contact, contacts, merged, names};
pub use row::{ContactRow, Current, Keys};
pub use scrub::scrub;
pub use similar::{Similar, similar};
pub use waiting::{Limit, Overdue, OverdueCursor, overdue};

use std::collections::{BTreeMap, BTreeSet};

use async_trait::async_trait;
use domain::address::Address;
use domain::blueprint::ContactState;
use domain::contact_file::Standing;
use domain::id::{ContactId, ProductId, SaleId};
use domain::meeting::{MeetingEvent, MeetingKind};
use domain::profile::{Added, ContactEvent};
use domain::sale::SaleEvent;
use domain::text::{Email, Label, Phone};
use domain::{Fact, Instant, Personal};
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};

/// The read model.
pub struct ContactList;

#[async_trait]
impl Projection for ContactList {
    const NAME: &'static str = "contact_list";
    const REVISION: i32 = 6;
    const TABLES: &'static [Table] = &[CONTACTS, KEYS, SEARCH];
    type Key = ContactId;
    type Rows = Option<Current>;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = ContactId> {
        happened.contact
    }

    fn evolve(contact: &ContactId, rows: Option<Current>, happened: &Happened) -> Option<Current> {
        let mut current = match (rows, &happened.fact) {
            (None, Fact::Contact(ContactEvent::Added(added))) => added_contact(*contact, added, happened),
            (None, _) => return None,
            (Some(current), _) => current,
        };
        current.standing.evolve(&happened.fact);
        let row = &mut current.row;
        match &happened.fact {
            Fact::Contact(ContactEvent::Returned { source, product, .. }) => (row.source, row.product) = (*source, *product),
            Fact::Contact(ContactEvent::SourceChanged { source }) => row.source = *source,
            Fact::Contact(ContactEvent::ProductChanged { product }) => row.product = *product,
            Fact::Contact(ContactEvent::CategoryChanged { category }) => row.category = Some(category.to_string()),
            Fact::Contact(ContactEvent::DetailsChanged { name, phones, emails, reference }) => {
                row.name = known(name).or(row.name.take());
                row.reference = known(reference).or(row.reference.take());
                if let Some(phones) = phones {
                    row.phones = texts(phones, Phone::as_str);
                }
                if let Some(emails) = emails {
                    row.emails = texts(emails, Email::as_str);
                }
            }
            Fact::Contact(ContactEvent::AddressCorrected { to, .. }) => row.address = to.known().map(Address::one_line),
            Fact::Contact(ContactEvent::Erased { .. }) => erase(row, happened.occurred_at),
            Fact::Contact(ContactEvent::MergedInto { survivor }) => row.merged_into = Some(*survivor),
            Fact::Contact(ContactEvent::UnmergedFrom { .. }) => row.merged_into = None,
            Fact::Contact(ContactEvent::MovedToRemarket { not_before, .. }) => row.not_before = *not_before,
            Fact::Meeting(MeetingEvent::Set { kind: MeetingKind::Demo, .. }) => row.demo_ever_set = true,
            Fact::Sale(SaleEvent::Created { sale, product, .. }) => drop(current.sales.insert(*sale, *product)),
            _ => {}
        }
        if let Fact::Contact(ContactEvent::DetailsChanged { .. } | ContactEvent::AddressCorrected { .. } | ContactEvent::Erased { .. }) = &happened.fact {
            current.keys.change();
        }
        row.bought = bought(&current.standing, &current.sales);
        let state = current.standing.state.unwrap_or(row.state);
        if state != row.state {
            (row.state, row.state_since) = (state, Some(happened.occurred_at));
        }
        row.not_before = row.not_before.filter(|_| state == ContactState::Remarket);
        row.primary_journey = current.standing.primary;
        row.open_journeys = i64::try_from(current.standing.open_journeys()).unwrap_or(i64::MAX);
        row.last_event_at = row.last_event_at.max(happened.occurred_at);
        row.version = happened.version;
        Some(current)
    }

    fn settled(rows: Option<Current>) -> Option<Current> {
        rows.map(|current| Current { keys: Keys::Stored, ..current })
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[ContactId]) -> Result<Vec<(ContactId, Option<Current>)>, StoreError> {
        let contacts: Vec<Value> = keys.iter().map(|contact| contact.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &contacts).await?;
        let found = rows.iter().map(|row| {
            let current = Current::from_row(row)?;
            Ok((current.row.contact, Some(current)))
        });
        found.collect()
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&ContactId, &Option<Current>)]) -> Result<Writes, StoreError> {
        let mut values = Vec::with_capacity(changed.len() * 24);
        for current in changed.iter().filter_map(|(_, current)| current.as_ref()) {
            current.push_values(company, generation, &mut values)?;
        }
        let (mut keys, mut searches) = (Vec::new(), Vec::new());
        for current in changed.iter().filter_map(|(_, current)| current.as_ref()).filter(|current| current.keys != Keys::Stored) {
            let search = Some(current.row.search()).filter(|search| !search.is_empty());
            searches.extend(search.into_iter().flat_map(|search| [company.into(), generation.into(), current.row.contact.0.into(), search.into()]));
            for (likeness, value) in current.row.keys() {
                keys.extend([company.into(), generation.into(), current.row.contact.0.into(), likeness.name().into(), value.into()]);
            }
        }
        let others = changed.iter().filter(|(_, current)| current.as_ref().is_some_and(|current| current.keys == Keys::Changed));
        let others: Vec<Value> = others.map(|(contact, _)| contact.0.into()).collect();
        let of_these = [company.into(), generation.into()];
        let writes = writes
            .insert(include_str!("sql/save.sql"), values)
            .run_in(include_str!("sql/forget_keys.sql"), &of_these, others.clone())
            .run_in(FORGET_SEARCH, &of_these, others)
            .insert(include_str!("sql/save_key.sql"), keys);
        Ok(writes.insert(include_str!("sql/save_search.sql"), searches))
    }
}

/// Forgets the person.
fn erase(row: &mut ContactRow, at: Instant) {
    (row.name, row.address, row.reference) = (None, None, None);
    row.phones.clear();
    row.emails.clear();
    row.erased_at = Some(at);
}

fn added_contact(contact: ContactId, added: &Added, happened: &Happened) -> Current {
    let row = ContactRow {
        contact,
        name: known(&added.name),
        phones: texts(&added.phones, Phone::as_str),
        emails: texts(&added.emails, Email::as_str),
        address: added.address.as_ref().and_then(Personal::known).map(|address| address.one_line()),
        reference: known(&added.reference),
        state: ContactState::NewIncoming,
        source: added.source,
        product: added.product,
        category: added.category.as_ref().map(ToString::to_string),
        primary_journey: None,
        open_journeys: 0,
        added_at: happened.occurred_at,
        last_event_at: happened.occurred_at,
        version: happened.version,
        erased_at: None,
        state_since: Some(happened.occurred_at),
        merged_into: None,
        bought: vec![],
        demo_ever_set: false,
        not_before: None,
    };
    Current { row, standing: Standing::default(), sales: BTreeMap::new(), keys: Keys::New }
}

/// What its official sales are about, each product once.
fn bought(standing: &Standing, sales: &BTreeMap<SaleId, ProductId>) -> Vec<ProductId> {
    let official = standing.journeys.values().flat_map(|stage| &stage.official);
    official.filter_map(|sale| sales.get(sale).copied()).collect::<BTreeSet<_>>().into_iter().collect()
}

fn texts<T>(values: &[Personal<T>], text: impl Fn(&T) -> &str) -> Vec<String> {
    values.iter().filter_map(Personal::known).map(|value| text(value).to_owned()).collect()
}

fn known(value: &Option<Personal<Label>>) -> Option<String> {
    value.as_ref().and_then(Personal::known).map(ToString::to_string)
}

const KEYS: Table = Table {
    name: "contact_list_keys",
    rows: include_str!("sql/keys.sql"),
    columns: &[("contact_id", Id), ("kind", Text), ("value", Text)],
    key: 3,
    clear: eventstore::Text::Same(include_str!("sql/clear_keys.sql")),
};

const FORGET_SEARCH: eventstore::Text =
    eventstore::Text::Each { sqlite: include_str!("sql/sqlite/forget_search.sql"), postgres: include_str!("sql/postgres/forget_search.sql") };

const SEARCH: Table = Table {
    name: "contact_list_search",
    rows: include_str!("sql/search.sql"),
    columns: &[("contact_id", Id), ("search", Text)],
    key: 1,
    clear: eventstore::Text::Each { sqlite: include_str!("sql/sqlite/clear_search.sql"), postgres: include_str!("sql/postgres/clear_search.sql") },
};

const CONTACTS: Table = Table {
    name: "contact_list",
    rows: include_str!("sql/rows.sql"),
    columns: &[
        ("contact_id", Id),
        ("name", Text),
        ("phones", Text),
        ("emails", Text),
        ("address", Text),
        ("reference", Text),
        ("search", Text),
        ("state", Text),
        ("source_id", Id),
        ("product_id", Id),
        ("category", Text),
        ("primary_journey_id", Id),
        ("open_journeys", Int),
        ("added_at", Int),
        ("last_event_at", Int),
        ("version", Int),
        ("erased_at", Int),
        ("state_since", Int),
        ("merged_into", Id),
        ("bought", Text),
        ("demo_ever_set", Int),
        ("not_before", Text),
        ("workings", Text),
    ],
    key: 1,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};
