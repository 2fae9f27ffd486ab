//! The rows of the campaign members.

use domain::Instant;
use domain::id::{CampaignId, ContactId, JourneyId};
use eventstore::{CompanyId, Row, StoreError, Value};

use crate::contact_list::ContactRow;
use crate::table::instant;

/// A contact in a campaign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Member {
    /// When it joined; the last time, if it joined again.
    pub joined_at: Instant,
    /// When it left, or the person was forgotten; `None` while it is a member.
    pub left_at: Option<Instant>,
    /// The last time it came back by this campaign.
    pub returned: Option<Return>,
}

/// A return that a campaign brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Return {
    /// The journey that opened.
    pub journey: JourneyId,
    /// When.
    pub at: Instant,
}

/// A member with its contact, as lists see it.
#[derive(Clone, Debug, PartialEq)]
pub struct Listed {
    /// The contact.
    pub contact: ContactRow,
    /// Its membership.
    pub member: Member,
}

impl Member {
    pub(super) fn leave(&mut self, at: Instant) {
        self.left_at = self.left_at.or(Some(at));
    }

    /// Reads its columns, the first of which stands here.
    pub(super) fn from_row(row: &Row, first: usize) -> Result<Member, StoreError> {
        let journey = row.get::<Option<_>>(first + 2)?.map(JourneyId);
        let returned_at = row.get::<Option<_>>(first + 3)?.map(Instant::new);
        Ok(Member {
            joined_at: instant(row, first)?,
            left_at: row.get::<Option<_>>(first + 1)?.map(Instant::new),
            returned: journey.zip(returned_at).map(|(journey, at)| Return { journey, at }),
        })
    }

    /// Adds its values in the order of `sql/save.sql`.
    pub(super) fn push_values(&self, company: CompanyId, generation: i64, contact: ContactId, campaign: CampaignId, values: &mut Vec<Value>) {
        values.extend([
            company.into(),
            generation.into(),
            contact.0.into(),
            campaign.0.into(),
            self.joined_at.micros().into(),
            self.left_at.map(Instant::micros).into(),
            self.returned.map(|back| back.journey.0).into(),
            self.returned.map(|back| back.at.micros()).into(),
        ]);
    }
}
