//! Who is or was a member of each campaign, and who came back by it (S0:4).

pub mod query;
mod row;
#[cfg(test)]
mod tests;

pub use query::{Counts, Found, MemberCursor, MemberFilter, MemberStanding, candidates, count_candidates, counts, members};
pub use row::{Listed, Member, Return};

use std::collections::BTreeMap;

use async_trait::async_trait;
use domain::Fact;
use domain::id::{CampaignId, ContactId};
use domain::profile::ContactEvent;
use domain::reference::CampaignRef;
use eventstore::{CompanyId, Conn, StoreError, Value, Writes, select_in};

use crate::happened::Happened;
use crate::projection::Projection;
use crate::table::{Kind::*, Table};

/// The read model.
pub struct CampaignMembers;

/// The campaigns that a contact is or was a member of.
pub type Rows = BTreeMap<CampaignId, Member>;

#[async_trait]
impl Projection for CampaignMembers {
    const NAME: &'static str = "campaign_members";
    const REVISION: i32 = 1;
    const TABLES: &'static [Table] = &[MEMBERS];
    type Key = ContactId;
    type Rows = Rows;

    fn keys(happened: &Happened) -> impl IntoIterator<Item = ContactId> {
        use ContactEvent::*;
        match &happened.fact {
            Fact::Contact(JoinedCampaign { .. } | LeftCampaign { .. } | Returned { campaign: Some(CampaignRef::Id(_)), .. } | Erased { .. }) => {
                happened.contact
            }
            _ => None,
        }
    }

    fn evolve(_: &ContactId, mut rows: Rows, happened: &Happened) -> Rows {
        let at = happened.occurred_at;
        match &happened.fact {
            Fact::Contact(ContactEvent::JoinedCampaign { campaign }) => {
                rows.insert(*campaign, Member { joined_at: at, left_at: None, returned: None });
            }
            Fact::Contact(ContactEvent::LeftCampaign { campaign }) => {
                rows.entry(*campaign).and_modify(|member| member.leave(at));
            }
            Fact::Contact(ContactEvent::Returned { campaign: Some(CampaignRef::Id(campaign)), journey, .. }) => {
                rows.entry(*campaign).and_modify(|member| member.returned = Some(Return { journey: *journey, at }));
            }
            // Nobody approaches a person who was forgotten; who came back did.
            Fact::Contact(ContactEvent::Erased { .. }) => rows.values_mut().for_each(|member| member.leave(at)),
            _ => {}
        }
        rows
    }

    async fn load(conn: &mut Conn<'_>, company: CompanyId, generation: i64, keys: &[ContactId]) -> Result<Vec<(ContactId, Rows)>, StoreError> {
        let contacts: Vec<Value> = keys.iter().map(|contact| contact.0.into()).collect();
        let rows = select_in(conn, include_str!("sql/load.sql"), &[company.into(), generation.into()], &contacts).await?;
        let mut found: BTreeMap<ContactId, Rows> = BTreeMap::new();
        for row in &rows {
            found.entry(ContactId(row.get(0)?)).or_default().insert(CampaignId(row.get(1)?), Member::from_row(row, 2)?);
        }
        Ok(found.into_iter().collect())
    }

    fn save(writes: Writes, company: CompanyId, generation: i64, changed: &[(&ContactId, &Rows)]) -> Result<Writes, StoreError> {
        let mut values = Vec::new();
        for (contact, rows) in changed {
            rows.iter().for_each(|(campaign, member)| member.push_values(company, generation, **contact, *campaign, &mut values));
        }
        Ok(writes.insert(include_str!("sql/save.sql"), values))
    }
}

const MEMBERS: Table = Table {
    name: "campaign_members",
    rows: include_str!("sql/rows.sql"),
    columns: &[("contact_id", Id), ("campaign_id", Id), ("joined_at", Int), ("left_at", Int), ("journey_id", Id), ("returned_at", Int)],
    key: 2,
    clear: eventstore::Text::Same(include_str!("sql/clear.sql")),
};
