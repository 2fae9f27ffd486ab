//! Campaigns: whom each is for, whom it would find now, and who is or was its member (S0:4).

use super::Service;
use super::beside::Beside;
use super::caller::Caller;
use super::contacts::ContactView;
use super::page::{cut, read_cursor, write_cursor};
use super::path::{self, Path};
use super::problem::{Problem, ProblemCode};
use super::query::{NoParameters, Query, limit, wait_for, word};
use axum::Json;
use axum::extract::State;
use domain::Instant;
use domain::blueprint::State as _;
use domain::company::{Audience, Bought, Company};
use domain::id::{CampaignId, ProductId};
use domain::instant::{Day, first_instant};
use eventstore::Hash;
use projections::campaign_members::{self, Counts, Found, Listed, MemberCursor, MemberFilter, MemberStanding};
use projections::contact_list::ContactCursor;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// The company's campaigns.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignList {
    /// The campaigns, by name.
    data: Vec<CampaignView>,
    /// The position of the log that the counts reflect.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

/// A campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct CampaignView {
    /// The id.
    id: Uuid,
    /// The name.
    name: String,
    /// Whether nobody joins it any more.
    retired: bool,
    /// Whom it is for.
    audience: AudienceView,
    #[serde(flatten)]
    counts: CountsView,
}

/// How many members a campaign has and had.
#[derive(Debug, Serialize, ToSchema)]
pub struct CountsView {
    /// How many contacts are members.
    members: i64,
    /// How many came back by it, members still or not.
    returned: i64,
    /// How many left it.
    left: i64,
}

/// Whom a campaign is for: contacts of whom all of this is true. What is absent is true of everybody.
#[derive(Debug, Serialize, ToSchema)]
pub struct AudienceView {
    /// In one of these states; without any, in every one but `do_not_contact`.
    states: Vec<&'static str>,
    /// Of this lead source.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    source_id: Option<Uuid>,
    /// That asked for this product last.
    #[serde(skip_serializing_if = "Option::is_none")]
    product: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<Uuid>,
    /// Of this lead category.
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    category_id: Option<Uuid>,
    /// That have bought: `any` product, `none`, or this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    bought: Option<String>,
    /// The id of that product.
    #[serde(skip_serializing_if = "Option::is_none")]
    bought_id: Option<Uuid>,
    /// That have not bought this product.
    #[serde(skip_serializing_if = "Option::is_none")]
    without: Option<String>,
    /// Its id.
    #[serde(skip_serializing_if = "Option::is_none")]
    without_id: Option<Uuid>,
    /// For whom no demo was ever set.
    never_set: bool,
    /// To whom nothing has happened since this day began.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, format = Date)]
    last_event_before: Option<Day>,
}

/// Which page of a campaign's candidates is read.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct CandidateQuery {
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A page of the contacts that a campaign would find.
#[derive(Debug, Serialize, ToSchema)]
pub struct CandidatePage {
    /// The contacts, those first to whom something happened last.
    data: Vec<ContactView>,
    /// How many there are on all pages.
    total: i64,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

/// Which members are listed: what is left out filters nothing.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct MemberQuery {
    /// `waiting` for those who have not come back, `returned` for members who have, `left` for those who are members no more.
    standing: Option<String>,
    /// `next_cursor` of the page before.
    cursor: Option<String>,
    /// Rows of the page: 50 unless told, at most 200.
    #[param(value_type = Option<u32>, minimum = 1, maximum = 200)]
    limit: Option<String>,
    /// Wait, for at most two seconds, until the answer reflects this position; with the hash there (`POSITION-HASH`), another log is refused.
    min_position: Option<String>,
}

/// A member of a campaign.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberView {
    #[serde(flatten)]
    contact: ContactView,
    /// `waiting`, `returned` or `left`.
    standing: &'static str,
    /// When it joined; the last time, if it joined again.
    #[schema(value_type = String, format = DateTime)]
    joined_at: domain::Instant,
    /// When it left, or the person was forgotten.
    #[schema(value_type = Option<String>, format = DateTime)]
    left_at: Option<domain::Instant>,
    /// The journey by which it came back.
    journey: Option<Uuid>,
    /// When it came back.
    #[schema(value_type = Option<String>, format = DateTime)]
    returned_at: Option<domain::Instant>,
}

/// A page of members.
#[derive(Debug, Serialize, ToSchema)]
pub struct MemberPage {
    /// The members, the last to join first.
    data: Vec<MemberView>,
    #[serde(flatten)]
    counts: CountsView,
    /// Whether there are more.
    has_more: bool,
    /// Pass it as `cursor` to read on.
    next_cursor: Option<String>,
    /// The position of the log that the answer reflects.
    position: i64,
    /// The chain hash at that position.
    #[schema(value_type = String)]
    hash: Hash,
}

impl From<Counts> for CountsView {
    fn from(Counts { members, returned, left }: Counts) -> CountsView {
        CountsView { members, returned, left }
    }
}

impl AudienceView {
    fn new(audience: &Audience, company: &Company) -> AudienceView {
        let product = |id: Option<ProductId>| id.map(|id| company.products.shown(id));
        let (bought, bought_id) = match audience.bought {
            Some(Bought::Any) => (Some("any".into()), None),
            Some(Bought::Nothing) => (Some("none".into()), None),
            Some(Bought::Product(id)) => (product(Some(id)), Some(id.0)),
            None => (None, None),
        };
        AudienceView {
            states: audience.states.iter().map(|state| state.name()).collect(),
            source: audience.source.map(|id| company.sources.shown(id)),
            source_id: audience.source.map(|id| id.0),
            product: product(audience.product),
            product_id: audience.product.map(|id| id.0),
            category: audience.category.map(|id| company.categories.shown(id)),
            category_id: audience.category.map(|id| id.0),
            bought,
            bought_id,
            without: product(audience.without),
            without_id: audience.without.map(|id| id.0),
            never_set: audience.never_set,
            last_event_before: audience.last_event_before,
        }
    }
}

impl MemberView {
    fn new(Listed { contact, member }: &Listed, company: &Company, beside: &Beside) -> MemberView {
        MemberView {
            contact: ContactView::new(contact, company, beside),
            standing: MemberStanding::of(member).name(),
            joined_at: member.joined_at,
            left_at: member.left_at,
            journey: member.returned.map(|back| back.journey.0),
            returned_at: member.returned.map(|back| back.at),
        }
    }
}

/// The campaign in an address, and whom it would find.
pub(super) fn campaign<'c>(service: &Service, company: &'c Company, text: &str) -> Result<Found<'c>, Problem> {
    let id = path::id("campaign", text).map(CampaignId)?;
    let unknown = || Problem::new(ProblemCode::NotFound, "there is no campaign with this id; GET /api/v1/campaigns has those there are");
    let audience = company.campaigns.audience(id).ok_or_else(unknown)?;
    let before = audience.last_event_before.map(|day| first_instant(day.0, company.zone()));
    let today = Day(Instant::new(service.app.ports.now()).local_day(company.zone()));
    Ok(Found { campaign: id, audience, before, today })
}

/// The company's campaigns, and how many members each has and had.
#[utoipa::path(get, path = "/api/v1/campaigns", tag = "campaigns", responses((status = 200, body = CampaignList)))]
pub async fn list(State(service): State<Service>, caller: Caller, _: Query<NoParameters>) -> Result<Json<CampaignList>, Problem> {
    let company = service.app.settings(caller.company).await?;
    let counts = campaign_members::counts(&service.app.store, caller.company).await?;
    let names = &company.campaigns.names;
    let view = |(id, name): (CampaignId, &domain::text::Label)| {
        Some(CampaignView {
            id: id.0,
            name: name.to_string(),
            retired: names.is_retired(id),
            audience: AudienceView::new(company.campaigns.audience(id)?, &company),
            counts: counts.found.get(&id).copied().unwrap_or_default().into(),
        })
    };
    let mut data: Vec<CampaignView> = names.iter().filter_map(view).collect();
    data.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(Json(CampaignList { data, position: counts.at.position.number, hash: counts.at.hash }))
}

/// The contacts that a campaign's audience finds now. Left out are those who are or were members, those who want to be approached no more, those who
/// were forgotten, those who are put aside until a later day, and those who are found under another contact.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{campaign}/candidates", tag = "campaigns",
    params(("campaign" = Uuid, Path, description = "Id of the campaign"), CandidateQuery),
    responses((status = 200, body = CandidatePage), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn candidates(
    State(service): State<Service>,
    caller: Caller,
    Path(text): Path<String>,
    Query(query): Query<CandidateQuery>,
) -> Result<Json<CandidatePage>, Problem> {
    let limit = limit(&query.limit)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let wanted = campaign(&service, &company, &text)?;
    let after: Option<ContactCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = campaign_members::candidates(&service.app.store, caller.company, wanted, after, limit + 1).await?;
    let total = campaign_members::count_candidates(&service.app.store, caller.company, wanted).await?;
    let (rows, has_more) = cut(reading.found, limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| write_cursor(&ContactCursor::of(last)));
    let beside = Beside::of(&service, caller.company, rows.iter().map(|row| row.contact)).await?;
    let data = rows.iter().map(|row| ContactView::new(row, &company, &beside)).collect();
    Ok(Json(CandidatePage { data, total, has_more, next_cursor, position: reading.at.position.number, hash: reading.at.hash }))
}

/// Who is or was a member of a campaign, and who came back by it.
#[utoipa::path(
    get, path = "/api/v1/campaigns/{campaign}/members", tag = "campaigns",
    params(("campaign" = Uuid, Path, description = "Id of the campaign"), MemberQuery),
    responses((status = 200, body = MemberPage), (status = 404, body = super::Details), (status = 422, body = super::Details))
)]
pub async fn members(
    State(service): State<Service>,
    caller: Caller,
    Path(text): Path<String>,
    Query(query): Query<MemberQuery>,
) -> Result<Json<MemberPage>, Problem> {
    let limit = limit(&query.limit)?;
    let standing = word("standing", &query.standing, MemberStanding::ALL, MemberStanding::name)?;
    wait_for(&service, caller.company, &query.min_position).await?;
    let company = service.app.settings(caller.company).await?;
    let campaign = campaign(&service, &company, &text)?.campaign;
    let after: Option<MemberCursor> = read_cursor(query.cursor.as_deref())?;
    let reading = campaign_members::members(&service.app.store, caller.company, MemberFilter { campaign, standing }, after, limit + 1).await?;
    let counts = campaign_members::counts(&service.app.store, caller.company).await?.found.get(&campaign).copied().unwrap_or_default();
    let (rows, has_more) = cut(reading.found, limit);
    let next_cursor = rows.last().filter(|_| has_more).map(|last| write_cursor(&MemberCursor::of(last)));
    let beside = Beside::of(&service, caller.company, rows.iter().map(|row| row.contact.contact)).await?;
    let data = rows.iter().map(|row| MemberView::new(row, &company, &beside)).collect();
    Ok(Json(MemberPage { data, counts: counts.into(), has_more, next_cursor, position: reading.at.position.number, hash: reading.at.hash }))
}
