//! Which contacts may be the same person, household or house as another one.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use domain::id::ContactId;
use domain::likeness::Likeness;
use eventstore::{CompanyId, Store, StoreError, Value, select_in, sql};

use super::{ContactList, ContactRow};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// How many contacts with one value are looked at.
const MOST_OF_ONE: i64 = 200;

/// A contact that may be the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Similar {
    /// The contact.
    pub contact: ContactRow,
    /// Why, the strongest first.
    pub reasons: Vec<Likeness>,
}

/// The contacts that share a key, the likest first. Left out are those that are found under another one, and the one that is asked about.
pub async fn similar(
    store: &Store,
    company: CompanyId,
    keys: &[(Likeness, String)],
    except: Option<ContactId>,
    limit: usize,
) -> Result<Reading<Vec<Similar>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, ContactList::NAME).await?;
    let mut shared: BTreeMap<ContactId, BTreeSet<Likeness>> = BTreeMap::new();
    for (likeness, value) in keys {
        let statement = sql(include_str!("sql/similar.sql")).bind(company).bind(reading.found).bind(value.as_str()).bind(MOST_OF_ONE);
        for row in statement.all(&mut reader.conn()).await? {
            if row.get::<String>(1)? == likeness.name() {
                shared.entry(ContactId(row.get(0)?)).or_default().insert(*likeness);
            }
        }
    }
    shared.retain(|contact, _| Some(*contact) != except);
    let contacts: Vec<Value> = shared.keys().map(|contact| contact.0.into()).collect();
    let rows = select_in(&mut reader.conn(), include_str!("sql/load.sql"), &[company.into(), reading.found.into()], &contacts).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in &rows {
        let contact = ContactRow::from_row(row)?;
        if let (None, Some(reasons)) = (contact.merged_into, shared.remove(&contact.contact)) {
            found.push(Similar { contact, reasons: told(reasons) });
        }
    }
    found.sort_by_key(|similar| (Reverse(weight(&similar.reasons)), Reverse(similar.contact.last_event_at), similar.contact.contact));
    found.truncate(limit);
    Ok(reading.map(|_| found))
}

/// Who has the same address is in the same building, and who is in the same building in the same street, which need not be said.
fn told(mut reasons: BTreeSet<Likeness>) -> Vec<Likeness> {
    if reasons.contains(&Likeness::SameAddress) {
        reasons.remove(&Likeness::SameBuilding);
        reasons.remove(&Likeness::SameStreet);
    }
    if reasons.contains(&Likeness::SameBuilding) {
        reasons.remove(&Likeness::SameStreet);
    }
    reasons.into_iter().collect()
}

/// Each reason outweighs all weaker ones together.
fn weight(reasons: &[Likeness]) -> u32 {
    reasons
        .iter()
        .map(|reason| match reason {
            Likeness::SameAddress => 16,
            Likeness::SamePhone => 8,
            Likeness::SameEmail => 4,
            Likeness::SameBuilding => 2,
            Likeness::SameStreet => 1,
        })
        .sum()
}
