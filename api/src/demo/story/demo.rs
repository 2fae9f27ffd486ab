//! From a demo that is set to what came of it: moved, canceled, confirmed, issued, held.

use super::sale::Offer;
use super::{DAY, Ending, HOUR, Journey, Next, Person, Story, label, later, line};
use chrono::Days;
use domain::Instant;
use domain::id::MeetingId;
use domain::meeting::*;
use domain::profile::{AttemptOutcome, Channel};

/// What a demo leads to.
#[derive(Clone, Copy, Debug)]
pub(super) enum After {
    /// The journey's end.
    Ended(Ending),
    /// Another try.
    Again,
    /// No more tries, for a reason.
    GivenUp(&'static str),
}

impl<'a> Story<'a> {
    /// What happens to a demo that is set.
    pub(super) fn demo(&mut self, journey: Journey<'a>, meeting: MeetingId, start: Instant) -> Next<After> {
        let start = if self.chance.percent(11) { self.move_demo(meeting, start)? } else { start };
        if self.chance.percent(11) {
            self.wait_until_before(start, 3 * HOUR, 20 * HOUR);
            let reason = *self.chance.pick(&["Something came up", "Changed their mind", "Spouse cannot be there", "Got another quote"]);
            self.cancel(meeting, reason, AskedBy::Customer)?;
            return Some(if self.chance.percent(48) { After::Again } else { After::GivenUp("Canceled the demo") });
        }
        let confirmed = self.confirm(meeting, start)?;
        if !confirmed && self.chance.percent(55) {
            self.minutes(20, 90);
            self.cancel(meeting, "Could not be confirmed", AskedBy::Us)?;
            return Some(if self.chance.percent(35) { After::Again } else { After::GivenUp("Did not answer any more") });
        }
        let rep = self.issue(journey, meeting, start, confirmed)?;
        if self.chance.percent(4) {
            self.wait_until_before(start, 20, 80);
            if self.at < start {
                self.cancel(meeting, "Called off at the last minute", AskedBy::Customer)?;
                return Some(if self.chance.percent(40) { After::Again } else { After::GivenUp("Canceled the demo") });
            }
        }
        self.hold(journey, meeting, start, rep)
    }

    fn move_demo(&mut self, meeting: MeetingId, start: Instant) -> Next<Instant> {
        self.wait_until_before(start, 4 * HOUR, 18 * HOUR);
        let ahead = self.chance.between(1, 7);
        let start = self.calendar.slot(self.at, ahead, &mut self.chance);
        let reason = line(self.chance.pick::<&str>(&["Customer asked for another day", "Rep fell ill", "Both owners should be there", "Bad weather"]));
        self.press(self.scheduler, MeetingCommand::Reschedule(RescheduleMeeting { meeting, start, reason, asked_by: Some(AskedBy::Customer) }))?;
        Some(start)
    }

    fn cancel(&mut self, meeting: MeetingId, reason: &str, asked_by: AskedBy) -> Next<()> {
        self.press(self.scheduler, MeetingCommand::Cancel(CancelMeeting { meeting, reason: line(reason)?, asked_by: Some(asked_by), note: None }))
    }

    /// The day before, most say yes once more.
    fn confirm(&mut self, meeting: MeetingId, start: Instant) -> Next<bool> {
        let eve = self.calendar.day(start) - Days::new(1);
        let minute = self.chance.between(10 * HOUR, 18 * HOUR);
        self.wait_until(self.calendar.at(eve, minute));
        if self.chance.percent(14) {
            let (channel, outcome) = (Channel::Text, AttemptOutcome::NoAnswer);
            self.press(self.scheduler, MeetingCommand::LogConfirmAttempt(LogConfirmAttempt { meeting, channel, outcome }))?;
            if self.chance.percent(57) {
                return Some(false);
            }
            self.minutes(30, 2 * HOUR);
        }
        let with_whom = label(if self.chance.percent(60) { "The lady of the house" } else { "The owner" });
        self.press(self.scheduler, MeetingCommand::Confirm(ConfirmMeeting { meeting, with_whom, decision_makers: Some(true) }))?;
        Some(true)
    }

    /// In the morning it is given to a rep; now and then to another one before the day is out.
    fn issue(&mut self, journey: Journey<'a>, meeting: MeetingId, start: Instant, confirmed: bool) -> Next<&'a Person> {
        let morning = self.chance.between(8 * HOUR + 20, 9 * HOUR + 25);
        self.wait_until(self.calendar.at(self.calendar.day(start), morning));
        let firm = self.firm;
        // Who was promised to the family goes, whatever else is in the diary.
        let rep = journey.rep.unwrap_or_else(|| self.free_rep(start));
        let taken_at = self.taken_at(rep, start);
        if let Some(at) = taken_at {
            // Who has to manage both is asked when the other demo has been given out.
            self.wait_until(later(at, 5 * 60));
        }
        self.enter(rep, start);
        let busy = taken_at.is_some();
        let (by, why) = if confirmed { (self.scheduler, None) } else { (&firm.sales_manager, line("Not confirmed, but lives close by")) };
        let reason = why.or_else(|| line("Has to manage both").filter(|_| busy));
        self.press(by, MeetingCommand::Issue(IssueMeeting { meeting, rep: rep.id.into(), second_rep: None, reason, overbook: busy.then_some(true) }))?;
        if journey.rep.is_some() || !self.chance.percent(4) {
            return Some(rep);
        }
        let another = self.free_rep(start);
        if self.taken_at(another, start).is_some() {
            return Some(rep);
        }
        self.minutes(5, 25);
        self.enter(another, start);
        let reason = line(self.chance.pick::<&str>(&["Called in sick", "Held up at the demo before", "Knows the family"]));
        self.press(&firm.sales_manager, MeetingCommand::Issue(IssueMeeting { meeting, rep: another.id.into(), second_rep: None, reason, overbook: None }))?;
        Some(another)
    }

    fn hold(&mut self, journey: Journey<'a>, meeting: MeetingId, start: Instant, rep: &'a Person) -> Next<After> {
        self.wait_until(start);
        let result = *self.chance.weighted(
            &[(MeetingResult::NoShow, 6), (MeetingResult::OneLeg, 6), (MeetingResult::NotDemoed, 3), (MeetingResult::FollowUp, 5), (MeetingResult::Sold, 80)],
            |(_, often)| *often,
        );
        match result.0 {
            MeetingResult::Sold | MeetingResult::DemoedNotSold => self.present(journey, meeting, rep).map(After::Ended),
            MeetingResult::FollowUp => self.follow_up(journey, meeting, rep).map(After::Ended),
            nothing => {
                self.minutes(15, 60);
                self.result(meeting, rep, nothing)?;
                if nothing == MeetingResult::NotDemoed && self.chance.percent(12) {
                    self.minutes(30, 3 * HOUR);
                    self.correct_result(meeting, MeetingResult::OneLeg)?;
                }
                Some(if self.chance.percent(60) { After::Again } else { After::GivenUp("Did not get to see the product") })
            }
        }
    }

    /// A demo that could not be finished goes on another day.
    fn follow_up(&mut self, journey: Journey<'a>, meeting: MeetingId, rep: &'a Person) -> Next<Ending> {
        self.minutes(60, 110);
        self.result(meeting, rep, MeetingResult::FollowUp)?;
        self.minutes(3, 20);
        let (meeting, start) = self.set_visit(journey, rep, MeetingKind::FollowUp)?;
        self.wait_until(start);
        let (sold, offer) = self.pitch(journey, rep, rep.skill, 0)?;
        self.result(meeting, rep, if sold { MeetingResult::Sold } else { MeetingResult::DemoedNotSold })?;
        match offer {
            Some(offer) if sold => self.after_the_sale(journey, offer),
            _ => {
                self.wait(DAY, 8 * DAY);
                self.lose(rep, journey, "Went with another company")
            }
        }
    }

    /// The product is shown, and an offer is made.
    fn present(&mut self, journey: Journey<'a>, meeting: MeetingId, rep: &'a Person) -> Next<Ending> {
        let (sold, offer) = self.pitch(journey, rep, rep.skill, 0)?;
        self.minutes(5, 45);
        self.result(meeting, rep, if sold { MeetingResult::Sold } else { MeetingResult::DemoedNotSold })?;
        match offer {
            Some(offer) if sold => self.after_the_sale(journey, offer),
            offer => self.not_sold(journey, rep, offer),
        }
    }

    /// After a demo without a sale: some buy later, some are tried again by somebody else, most are lost.
    fn not_sold(&mut self, journey: Journey<'a>, rep: &'a Person, offer: Option<Offer>) -> Next<Ending> {
        let chosen = self.chance.below(100);
        match offer {
            Some(offer) if chosen < 9 => {
                self.wait(DAY, 8 * DAY);
                self.mark_sold(rep, offer)?;
                self.after_the_sale(journey, offer)
            }
            Some(offer) if chosen < 52 => self.rehash(journey, offer.quote),
            Some(offer) if chosen < 60 => {
                self.wait(DAY, 5 * DAY);
                self.lose_quote(rep, offer.quote, "Too expensive")?;
                self.wait(DAY, 10 * DAY);
                self.lose(rep, journey, "Too expensive")
            }
            _ => {
                self.wait(2 * DAY, 16 * DAY);
                let reason =
                    *self.chance.pick(&["Too expensive", "Went with another company", "Wants to wait", "Could not get financing", "No answer after the demo"]);
                let by = if self.chance.percent(70) { rep } else { &self.firm.sales_manager };
                self.lose(by, journey, reason)
            }
        }
    }

    /// A meeting of another kind, set by who will go.
    pub(super) fn set_visit(&mut self, journey: Journey<'a>, by: &Person, kind: MeetingKind) -> Next<(MeetingId, Instant)> {
        let meeting = MeetingId(self.id());
        let ahead = self.chance.between(1, 5);
        let start = self.calendar.slot(self.at, ahead, &mut self.chance);
        let set = SetMeeting {
            meeting,
            journey: journey.id,
            kind: Some(kind),
            meeting_type: None,
            start,
            length_minutes: Some(60),
            scheduler: None,
            decision_makers: None,
            why_not_all: None,
            address_checked: None,
        };
        self.press(by, MeetingCommand::Set(set))?;
        Some((meeting, start))
    }

    /// The sales manager finds that something else came of it.
    fn correct_result(&mut self, meeting: MeetingId, result: MeetingResult) -> Next<()> {
        let correct = CorrectResult { meeting, result, reason: line("The rep ticked the wrong box")? };
        self.press(&self.firm.sales_manager, MeetingCommand::CorrectResult(correct))
    }

    pub(super) fn result(&mut self, meeting: MeetingId, by: &Person, result: MeetingResult) -> Next<()> {
        self.press(by, MeetingCommand::Result(ResultMeeting { meeting, result, note: None }))
    }
}
