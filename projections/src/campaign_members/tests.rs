//! Who is in a campaign, and who came back by it.

use domain::id::JourneyId;
use domain::profile::EraseBasis;
use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::testing::*;

const SPRING: CampaignId = CampaignId(Uuid::from_u128(0xb01));
const SUMMER: CampaignId = CampaignId(Uuid::from_u128(0xb02));

fn rows(told: impl IntoIterator<Item = (u32, ContactEvent)>) -> Rows {
    fold::<CampaignMembers>(&history(told.into_iter().map(|(on, event)| (on, event.into())))).remove(&ELM_STREET).unwrap_or_default()
}

fn joined(campaign: CampaignId) -> ContactEvent {
    ContactEvent::JoinedCampaign { campaign }
}

fn left(campaign: CampaignId) -> ContactEvent {
    ContactEvent::LeftCampaign { campaign }
}

fn returned(journey: JourneyId, campaign: CampaignRef) -> ContactEvent {
    ContactEvent::Returned { journey, source: RADIO, product: WINDOWS, campaign: Some(campaign) }
}

fn member(joined: u32, left: Option<u32>, returned: Option<(JourneyId, u32)>) -> Member {
    Member { joined_at: day(joined), left_at: left.map(day), returned: returned.map(|(journey, on)| Return { journey, at: day(on) }) }
}

#[test]
fn a_member_joins_comes_back_and_leaves() {
    assert_eq!(rows([(2, joined(SPRING))]), [(SPRING, member(2, None, None))].into());
    assert_eq!(rows([(2, joined(SPRING)), (5, returned(SECOND, SPRING.into()))]), [(SPRING, member(2, None, Some((SECOND, 5))))].into());
    let all = [(2, joined(SPRING)), (3, joined(SUMMER)), (5, returned(SECOND, SPRING.into())), (7, left(SPRING)), (8, left(SPRING))];
    assert_eq!(rows(all), [(SPRING, member(2, Some(7), Some((SECOND, 5)))), (SUMMER, member(3, None, None))].into());
}

#[test]
fn who_joins_again_begins_anew() {
    let told = [(2, joined(SPRING)), (3, returned(SECOND, SPRING.into())), (4, left(SPRING)), (6, joined(SPRING))];
    assert_eq!(rows(told), [(SPRING, member(6, None, None))].into());
}

#[test]
fn a_return_by_words_by_another_campaign_or_of_no_member_is_none_of_a_member() {
    let words = CampaignRef::from(domain::text::Label::try_new("Spring").unwrap());
    assert_eq!(rows([(2, joined(SPRING)), (3, returned(SECOND, words)), (4, returned(FIRST, SUMMER.into()))]), [(SPRING, member(2, None, None))].into());
    assert_eq!(rows([(4, returned(FIRST, SUMMER.into()))]), Rows::new());
}

#[test]
fn a_person_who_was_forgotten_has_left_every_campaign() {
    let erased = ContactEvent::Erased { basis: EraseBasis::PersonAsked, journeys: vec![FIRST] };
    let told = [(2, joined(SPRING)), (2, joined(SUMMER)), (3, left(SUMMER)), (9, erased)];
    assert_eq!(rows(told), [(SPRING, member(2, Some(9), None)), (SUMMER, member(2, Some(3), None))].into());
}

proptest! {
    /// Whatever happens in whatever order, a member is one until it leaves, and nobody leaves who did not join.
    #[test]
    fn a_member_is_one_until_it_leaves(told in prop::collection::vec((1u32..28, 0..3u8, any::<bool>()), 0..30)) {
        let campaign = |first: bool| if first { SPRING } else { SUMMER };
        let mut days: Vec<u32> = told.iter().map(|(on, ..)| *on).collect();
        days.sort_unstable();
        let events: Vec<_> = told.iter().zip(days).map(|((_, what, first), on)| (on, match what {
            0 => joined(campaign(*first)),
            1 => left(campaign(*first)),
            _ => returned(SECOND, campaign(*first).into()),
        })).collect();
        let folded = rows(events.clone());
        for which in [SPRING, SUMMER] {
            let last = events.iter().rev().find_map(|(_, event)| match event {
                ContactEvent::JoinedCampaign { campaign } if *campaign == which => Some(true),
                ContactEvent::LeftCampaign { campaign } if *campaign == which => Some(false),
                _ => None,
            });
            let ever_joined = events.iter().any(|(_, event)| *event == joined(which));
            prop_assert_eq!(folded.contains_key(&which), ever_joined);
            let is_member = folded.get(&which).is_some_and(|member| member.left_at.is_none());
            prop_assert_eq!(is_member, ever_joined && last == Some(true));
        }
    }
}
