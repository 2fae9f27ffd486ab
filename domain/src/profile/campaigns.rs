//! Campaigns, as a contact sees them: joined, left, and the one by which it comes back (S0:4).

use super::{ContactEvent, JoinCampaign, LeaveCampaign, Profile};
use crate::blueprint::{CONTACT, View};
use crate::contact_file::ContactFile;
use crate::context::Context;
use crate::id::CampaignId;
use crate::refusal::Refusal;
use crate::wire::Fact;

/// A member stays one, also of a campaign that was retired since.
pub(super) fn join(file: &ContactFile, ask: &JoinCampaign, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.join_campaign", None, file.state(), &View::new(file, context))?;
    if file.profile()?.campaigns.contains_key(&context.company.known_campaign(&ask.campaign)?) {
        return Ok(vec![]);
    }
    Ok(vec![ContactEvent::JoinedCampaign { campaign: context.company.campaign(&ask.campaign)? }.into()])
}

pub(super) fn leave(file: &ContactFile, ask: &LeaveCampaign, context: &Context) -> Result<Vec<Fact>, Refusal> {
    CONTACT.permit("contact.leave_campaign", None, file.state(), &View::new(file, context))?;
    let campaign = context.company.known_campaign(&ask.campaign)?;
    let is_member = file.profile()?.campaigns.contains_key(&campaign);
    Ok(is_member.then(|| ContactEvent::LeftCampaign { campaign }.into()).into_iter().collect())
}

impl Profile {
    /// The campaign by which it comes back where none is named: the only one it is a member of and has not come back by.
    pub(super) fn campaign_waited_for(&self) -> Option<CampaignId> {
        let mut waited_for = self.campaigns.iter().filter(|(_, came_back)| !**came_back).map(|(campaign, _)| *campaign);
        match (waited_for.next(), waited_for.next()) {
            (Some(only), None) => Some(only),
            _ => None,
        }
    }
}
