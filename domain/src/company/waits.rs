//! How long a contact may wait in each state before it is in a work list (BLUEPRINTS B.0).

use super::{BusinessHours, TimeLimits};
use crate::blueprint::ContactState;
use crate::holidays::business_day_after;
use crate::instant::{Instant, When, days_before};
use chrono::TimeDelta;
use chrono_tz::Tz;

/// How long a contact may stay in a state before somebody has to look at it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Wait<'a> {
    /// So long since it came into the state.
    InState(TimeDelta),
    /// So long since it came into the state, as far as the office was open.
    OpenFor(TimeDelta, &'a BusinessHours),
    /// So long since something happened to it.
    WithoutEvent(TimeDelta),
    /// Until the end of the so-manieth business day after the one on which it came into the state.
    BusinessDays(u32),
}

impl Wait<'_> {
    /// When the wait that began at this instant is over.
    pub fn over(self, since: Instant, zone: Tz) -> Instant {
        match self {
            Wait::InState(time) | Wait::WithoutEvent(time) => Instant::new(since.utc() + time),
            Wait::OpenFor(time, hours) => hours.after(since, time, zone),
            Wait::BusinessDays(count) => When::Day(business_day_after(since.local_day(zone), count)).last_instant(zone),
        }
    }

    /// The last instant from which a wait is over by now: whoever waits since then, or longer, waits too long.
    pub fn began_by(self, now: Instant, zone: Tz) -> Instant {
        match self {
            Wait::InState(time) | Wait::WithoutEvent(time) => Instant::new(now.utc() - time),
            Wait::OpenFor(time, hours) => hours.before(now, time, zone),
            Wait::BusinessDays(count) => {
                let today = now.local_day(zone);
                let mut day = days_before(today, 1);
                while business_day_after(day, count) >= today {
                    day = days_before(day, 1);
                }
                When::Day(day).last_instant(zone)
            }
        }
    }
}

impl TimeLimits {
    /// How long a contact may stay in a state; `None` where it may stay for ever, or waits for a day that was agreed.
    pub fn wait_in(&self, state: ContactState) -> Option<Wait<'_>> {
        use ContactState::*;
        match state {
            NewIncoming => {
                let time = TimeDelta::minutes(self.first_attempt_minutes.0.into());
                Some(self.business_hours.as_ref().map_or(Wait::InState(time), |hours| Wait::OpenFor(time, hours)))
            }
            AttemptedToSet => Some(Wait::InState(TimeDelta::days(self.rest_after_days.0.into()))),
            Rest => Some(Wait::InState(TimeDelta::days(self.remarket_after_days.0.into()))),
            QuoteInProgress => Some(Wait::WithoutEvent(TimeDelta::days(self.quote_idle_days.0.into()))),
            Rehash => Some(Wait::InState(TimeDelta::days(self.rehash_days.0.into()))),
            SoldPendingApproval => Some(Wait::BusinessDays(self.approval_business_days.0)),
            MeetingSet | Customer | Lost | Remarket | DoNotContact => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const NEW_YORK: Tz = chrono_tz::America::New_York;

    fn at(text: &str) -> Instant {
        Instant::parse(text).unwrap()
    }

    #[test]
    fn a_wait_of_business_days_ends_with_the_day_and_leaves_out_holidays() {
        // Sold on the Thursday before Independence Day, which is kept on a Friday here.
        let sold = at("2026-07-02T16:00:00Z");
        assert_eq!(Wait::BusinessDays(1).over(sold, NEW_YORK), at("2026-07-07T03:59:59.999999Z"));
        assert_eq!(Wait::InState(TimeDelta::minutes(5)).over(sold, NEW_YORK), at("2026-07-02T16:05:00Z"));
    }

    #[test]
    fn every_state_that_people_leave_in_time_has_a_wait() {
        let limits = TimeLimits::default();
        assert_eq!(limits.wait_in(ContactState::NewIncoming), Some(Wait::InState(TimeDelta::minutes(5))));
        assert_eq!(limits.wait_in(ContactState::QuoteInProgress), Some(Wait::WithoutEvent(TimeDelta::days(14))));
        assert_eq!(limits.wait_in(ContactState::SoldPendingApproval), Some(Wait::BusinessDays(2)));
        assert_eq!(limits.wait_in(ContactState::Customer), None);
    }

    proptest! {
        /// Whoever waits since `began_by` or longer waits too long, and nobody else.
        #[test]
        fn too_long_is_too_long_however_it_is_asked(now in 0_i64..4_000_000, before in 0_i64..2_000_000, days in 1_u32..9, kind in 0..3, night in any::<bool>()) {
            let start = at("2026-01-01T05:00:00Z").utc();
            let now = Instant::new(start + TimeDelta::seconds(now + 2_000_000));
            let since = Instant::new(now.utc() - TimeDelta::seconds(before));
            let (opens, closes) = if night { ("00:00", "03:00") } else { ("08:30", "24:00") };
            let hours = serde_json::json!({ "opens": opens, "closes": closes, "days": ["monday", "wednesday", "sunday"] });
            let hours: BusinessHours = serde_json::from_value(hours).unwrap();
            let wait = match kind {
                0 => Wait::BusinessDays(days),
                1 => Wait::InState(TimeDelta::days(days.into())),
                _ => Wait::OpenFor(TimeDelta::minutes(i64::from(days) * 97), &hours),
            };
            prop_assert_eq!(since <= wait.began_by(now, NEW_YORK), wait.over(since, NEW_YORK) <= now);
        }
    }
}
