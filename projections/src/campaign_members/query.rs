//! Questions to the campaign members, and whom a campaign would find.

use std::collections::BTreeMap;

use domain::Instant;
use domain::blueprint::State;
use domain::company::{Audience, Bought};
use domain::id::{CampaignId, ContactId};
use domain::instant::Day;
use eventstore::{CompanyId, Reader, Row, Statement, Store, StoreError, sql};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{CampaignMembers, Listed, Member};
use crate::contact_list::{ContactCursor, ContactList, ContactRow};
use crate::projection::Projection;
use crate::reading::{Reading, in_use};

/// The most rows in one answer: a page of 200, and the one that tells whether there are more.
pub const LONGEST_PAGE: u32 = 201;

/// How a member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MemberStanding {
    /// It has not come back yet.
    Waiting,
    /// It came back, and is still a member.
    Returned,
    /// It left.
    Left,
}

impl MemberStanding {
    /// All of them.
    pub const ALL: &'static [MemberStanding] = &[MemberStanding::Waiting, MemberStanding::Returned, MemberStanding::Left];

    /// The name, as asked for and shown.
    pub fn name(self) -> &'static str {
        match self {
            MemberStanding::Waiting => "waiting",
            MemberStanding::Returned => "returned",
            MemberStanding::Left => "left",
        }
    }

    /// How this one stands.
    pub fn of(member: &Member) -> MemberStanding {
        match member {
            Member { left_at: Some(_), .. } => MemberStanding::Left,
            Member { returned: Some(_), .. } => MemberStanding::Returned,
            Member { .. } => MemberStanding::Waiting,
        }
    }
}

/// Which members are listed.
#[derive(Clone, Copy, Debug)]
pub struct MemberFilter {
    /// Of this campaign.
    pub campaign: CampaignId,
    /// Only those that stand so; without it, all.
    pub standing: Option<MemberStanding>,
}

/// The last member of a page; the next page begins behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberCursor {
    /// When it joined.
    pub at: Instant,
    /// The contact.
    pub contact: ContactId,
}

impl MemberCursor {
    /// The place of a listed member.
    pub fn of(listed: &Listed) -> MemberCursor {
        MemberCursor { at: listed.member.joined_at, contact: listed.contact.contact }
    }
}

/// How many members a campaign has and had.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Are members now.
    pub members: i64,
    /// Came back by it, members now or not.
    pub returned: i64,
    /// Left it.
    pub left: i64,
}

/// A page of members, the last to join first.
pub async fn members(
    store: &Store,
    company: CompanyId,
    filter: MemberFilter,
    after: Option<MemberCursor>,
    limit: u32,
) -> Result<Reading<Vec<Listed>>, StoreError> {
    let mut reader = store.db.read().await?;
    let (members, contacts) = both_in_use(&mut reader, company).await?;
    let statement = sql(include_str!("sql/list.sql"))
        .bind(company)
        .bind(members.found)
        .bind(contacts)
        .bind(filter.campaign.0)
        .bind(filter.standing.map(MemberStanding::name))
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = statement.all(&mut reader.conn()).await?;
    let listed = rows.iter().map(|row| Ok(Listed { contact: ContactRow::from_row(row)?, member: Member::from_row(row, ContactRow::COLUMNS)? }));
    let found = listed.collect::<Result<_, StoreError>>()?;
    Ok(members.map(|_| found))
}

/// How many members each campaign has and had; one that nobody joined is left out.
pub async fn counts(store: &Store, company: CompanyId) -> Result<Reading<BTreeMap<CampaignId, Counts>>, StoreError> {
    let mut reader = store.db.read().await?;
    let reading = in_use(&mut reader, company, CampaignMembers::NAME).await?;
    let rows = sql(include_str!("sql/count.sql")).bind(company).bind(reading.found).all(&mut reader.conn()).await?;
    let count = |row: &Row| Ok((CampaignId(row.get(0)?), Counts { members: row.get(1)?, returned: row.get(2)?, left: row.get(3)? }));
    let found = rows.iter().map(count).collect::<Result<_, StoreError>>()?;
    Ok(reading.map(|_| found))
}

/// Whom a campaign would find.
#[derive(Clone, Copy, Debug)]
pub struct Found<'a> {
    /// The campaign: who is or was its member is not found again.
    pub campaign: CampaignId,
    /// Whom it is for.
    pub audience: &'a Audience,
    /// When the day begins in the company's zone before which the last event lies.
    pub before: Option<Instant>,
    /// The company's local day: who is put aside until a later one is not found.
    pub today: Day,
}

/// A page of the contacts that a campaign would find, those first to whom something happened last.
pub async fn candidates(
    store: &Store,
    company: CompanyId,
    wanted: Found<'_>,
    after: Option<ContactCursor>,
    limit: u32,
) -> Result<Reading<Vec<ContactRow>>, StoreError> {
    let mut reader = store.db.read().await?;
    let (members, contacts) = both_in_use(&mut reader, company).await?;
    let statement = wanted.bind(sql(include_str!("sql/candidates.sql")).bind(company).bind(contacts).bind(members.found));
    let statement = statement
        .bind(after.map_or(i64::MAX, |cursor| cursor.at.micros()))
        .bind(after.map_or(Uuid::max(), |cursor| cursor.contact.0))
        .bind(limit.clamp(1, LONGEST_PAGE));
    let rows = statement.all(&mut reader.conn()).await?;
    let found = rows.iter().map(ContactRow::from_row).collect::<Result<_, _>>()?;
    Ok(members.map(|_| found))
}

/// How many contacts a campaign would find.
pub async fn count_candidates(store: &Store, company: CompanyId, wanted: Found<'_>) -> Result<i64, StoreError> {
    let mut reader = store.db.read().await?;
    let (members, contacts) = both_in_use(&mut reader, company).await?;
    let statement = wanted.bind(sql(include_str!("sql/count_candidates.sql")).bind(company).bind(contacts).bind(members.found));
    statement.one(&mut reader.conn()).await?.map_or(Ok(0), |row| row.get(0))
}

impl Found<'_> {
    /// Binds `$4` to `$13` of `sql/candidates.sql` and `sql/count_candidates.sql`.
    fn bind(self, statement: Statement) -> Statement {
        let Found { campaign, audience, before, today } = self;
        let states = (!audience.states.is_empty()).then(|| audience.states.iter().fold(",".to_owned(), |list, state| list + state.name() + ","));
        let bought = audience.bought.map(|bought| match bought {
            Bought::Any => "[\"%".to_owned(),
            Bought::Nothing => "[]".to_owned(),
            Bought::Product(product) => holds(product.0),
        });
        statement
            .bind(campaign.0)
            .bind(states)
            .bind(audience.source.map(|id| id.0))
            .bind(audience.product.map(|id| id.0))
            .bind(audience.category.map(|id| id.to_string()))
            .bind(bought)
            .bind(audience.without.map(|product| holds(product.0)))
            .bind(audience.never_set.then_some(0_i64))
            .bind(before.map_or(i64::MAX, Instant::micros))
            .bind(today.0.to_string())
    }
}

/// A pattern of the lists of ids that hold this one.
fn holds(id: Uuid) -> String {
    format!("%\"{id}\"%")
}

/// The generations of both read models that are in use. The answer reflects what the one that is further behind does.
async fn both_in_use(reader: &mut Reader, company: CompanyId) -> Result<(Reading<i64>, i64), StoreError> {
    let members = in_use(reader, company, CampaignMembers::NAME).await?;
    let contacts = in_use(reader, company, ContactList::NAME).await?;
    let (generation, of_contacts) = (members.found, contacts.found);
    let behind = if contacts.at.position.number < members.at.position.number { contacts } else { members };
    Ok((behind.map(|_| generation), of_contacts))
}
