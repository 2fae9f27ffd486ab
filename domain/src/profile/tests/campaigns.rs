//! The specification of campaigns, as a contact sees them.

use crate::company::CompanyEvent;
use crate::reference::CampaignRef;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;

/// Lost, and put aside.
fn aside() -> Given {
    given([added(), contact_lost(), journey_lost(FIRST), moved_to_remarket()])
}

#[test]
fn a_contact_joins_a_campaign_once_by_id_or_name_and_leaves_it_once() {
    aside().when(join_campaign(SECOND_CHANCE)).then([joined_campaign(SECOND_CHANCE)]);
    aside().when(ask("contact.join_campaign", serde_json::json!({ "campaign": "second CHANCE" }))).then([joined_campaign(SECOND_CHANCE)]);
    let member = aside().did([join_campaign(SECOND_CHANCE)]);
    member.clone().when(join_campaign(SECOND_CHANCE)).then([]);
    member.clone().when(leave_campaign(GUTTER_WEEKS)).then([]);
    member.clone().when(leave_campaign(SECOND_CHANCE)).then([left_campaign(SECOND_CHANCE)]);
    member.did([leave_campaign(SECOND_CHANCE)]).when(leave_campaign(SECOND_CHANCE)).then([]);
}

#[test]
fn only_a_campaign_of_the_company_is_joined_and_left_and_a_retired_one_is_only_left() {
    for command in [join_campaign(NO_CAMPAIGN), leave_campaign(NO_CAMPAIGN)] {
        aside().when(command).then_refused_at(Code::UnknownCampaign, "/campaign");
    }
    let retired = || [CompanyEvent::CampaignRetired { campaign: SECOND_CHANCE }];
    aside().settled(retired()).when(join_campaign(SECOND_CHANCE)).then_refused_at(Code::Retired, "/campaign");
    let member = aside().did([join_campaign(SECOND_CHANCE)]).settled(retired());
    member.clone().when(join_campaign(SECOND_CHANCE)).then([]);
    member.when(leave_campaign(SECOND_CHANCE)).then([left_campaign(SECOND_CHANCE)]);
}

#[test]
fn marketing_schedulers_sales_managers_and_admins_run_campaigns() {
    for role in Role::PEOPLE {
        let may = [Role::Marketing, Role::Scheduler, Role::SalesManager, Role::Admin].contains(role);
        for (given, command, told) in [
            (aside(), join_campaign(SECOND_CHANCE), joined_campaign(SECOND_CHANCE)),
            (aside().did([join_campaign(SECOND_CHANCE)]), leave_campaign(SECOND_CHANCE), left_campaign(SECOND_CHANCE)),
        ] {
            let asked = given.by(*role).when(command);
            if may { asked.then([told]) } else { asked.then_refused(Code::WrongRole) }
        }
    }
}

#[test]
fn who_wants_to_be_left_alone_leaves_every_campaign_and_joins_none() {
    let member = given([added()]).did([join_campaign(SECOND_CHANCE), join_campaign(GUTTER_WEEKS)]);
    let told = [opted_out(), left_campaign(SECOND_CHANCE), left_campaign(GUTTER_WEEKS), journey_ended_by_wish(FIRST)];
    member.clone().when(opt_out()).then(told);
    let left_alone = member.did([opt_out()]);
    left_alone.clone().when(join_campaign(SECOND_CHANCE)).then_refused(Code::WrongState);
    left_alone.when(leave_campaign(SECOND_CHANCE)).then([]);
}

#[test]
fn who_is_found_under_another_contact_or_forgotten_joins_no_campaign() {
    let merged = aside().did([crate::contact_file::Command::BeMerged(TWIN)]);
    merged.when(join_campaign(SECOND_CHANCE)).then_refused(Code::GuardFailed);
    aside().did([erase()]).when(join_campaign(SECOND_CHANCE)).then_refused(Code::ContactErased);
}

#[test]
fn a_campaign_that_brings_a_contact_back_marks_its_journey_by_id() {
    for named in [SECOND_CHANCE.to_string().as_str(), "SECOND chance"] {
        aside().when(return_contact().with("campaign", named)).then([returned_by(SECOND_CHANCE.into())]);
    }
    aside().when(return_contact().with("campaign", "Spring")).then_refused_at(Code::UnknownCampaign, "/campaign");
    // Histories of other systems, and companies without campaigns, have words.
    let words = || returned_by(CampaignRef::Name(label("Spring")));
    aside().by(Role::Importer).when(return_contact().with("campaign", "Spring")).then([words()]);
    aside().with_company(|company| company.campaigns = Default::default()).when(return_contact().with("campaign", "Spring")).then([words()]);
}

#[test]
fn a_member_of_one_campaign_comes_back_by_it_when_none_is_named() {
    aside().when(return_contact()).then([returned()]);
    let member = aside().did([join_campaign(SECOND_CHANCE)]);
    member.clone().when(return_contact()).then([returned_by(SECOND_CHANCE.into())]);
    member.clone().when(return_contact().with("campaign", GUTTER_WEEKS)).then([returned_by(GUTTER_WEEKS.into())]);
    member.clone().did([leave_campaign(SECOND_CHANCE)]).when(return_contact()).then([returned()]);
    member.clone().did([join_campaign(GUTTER_WEEKS)]).when(return_contact()).then([returned()]);
    // It came back by the first one before; now the second is the only one that waits for it.
    let again = |campaign: crate::id::CampaignId| return_contact().with("journey", OTHER).with("campaign", campaign);
    let came_back = member.did([join_campaign(GUTTER_WEEKS), again(SECOND_CHANCE), lose_contact()]);
    came_back.when(return_contact()).then([returned_by(GUTTER_WEEKS.into())]);
}

#[test]
fn a_new_lead_is_brought_by_a_campaign_of_the_company_or_by_any_other() {
    let brought = |told: &str| {
        let file = given([]).did([add_contact().with("campaign", told)]).file;
        assert_eq!(file.version, 2);
        given([]).when(add_contact().with("campaign", told)).decided().into_iter().find_map(|fact| match fact {
            crate::Fact::Journey(crate::journey::JourneyEvent::Opened { campaign, .. }) => campaign,
            _ => None,
        })
    };
    assert_eq!(brought("second chance"), Some(SECOND_CHANCE.into()));
    assert_eq!(brought("Flyer"), Some(CampaignRef::Name(label("Flyer"))));
}
