//! What happens to one contact, from the first call to the last, as the commands that people press.
//!
//! A story only goes forward in time, so one that is cut off at any instant is a story too.

mod demo;
mod job;
mod sale;

use super::calendar::{Calendar, later, millis};
use super::chance::Chance;
use super::firm::{Firm, Person, Product, Source};
use super::plan::Told;
use super::town::Caller;
use crate::app::Wish;
use demo::After;
use domain::address::Address;
use domain::id::{ContactId, JourneyId, MeetingId, PersonId};
use domain::journey::{JourneyCommand, OpenJourney, VoidJourney};
use domain::meeting::{MeetingCommand, MeetingKind, SetMeeting};
use domain::profile::*;
use domain::reference::CampaignRef;
use domain::text::{Label, Line, Text};
use domain::{Command, Instant};
use std::collections::HashMap;
use uuid::Uuid;

/// The reps' diaries, by half hours, and when the demo there was issued: nobody is at two demos at once, unless overbooked.
pub type Diaries = HashMap<(PersonId, Instant), Instant>;

const HOUR: i64 = 60;
const DAY: i64 = 24 * HOUR;

/// One contact's story in the making.
#[derive(Debug)]
pub struct Story<'a> {
    firm: &'a Firm,
    calendar: Calendar,
    chance: Chance,
    diaries: &'a mut Diaries,
    contact: ContactId,
    /// The time of the story.
    at: Instant,
    /// Where it is cut off.
    until: Instant,
    /// Who works this contact on the telephone.
    scheduler: &'a Person,
    told: Vec<Told>,
}

/// One journey of the contact.
#[derive(Clone, Copy, Debug)]
struct Journey<'a> {
    id: JourneyId,
    source: &'a Source,
    product: &'a Product,
    /// Whether the contact's own state follows it.
    primary: bool,
    /// Who goes, where that is settled already.
    rep: Option<&'a Person>,
}

/// How a journey came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    Bought,
    Canceled,
    Lost,
    /// Nobody gave it up; the time limits did.
    LeftToItself,
    /// They want to be called no more.
    LeftAlone,
}

/// What comes next; `None` when the story has come to where it is cut off, or is over.
type Next<T> = Option<T>;

impl<'a> Story<'a> {
    /// A story that begins with a call.
    pub fn new(firm: &'a Firm, calendar: Calendar, mut chance: Chance, diaries: &'a mut Diaries, at: Instant, until: Instant) -> Story<'a> {
        let contact = ContactId(chance.id(millis(at)));
        let scheduler = chance.weighted(&firm.schedulers, |person| person.share);
        Story { firm, calendar, chance, diaries, contact, at, until, scheduler, told: Vec::new() }
    }

    /// Tells it.
    pub fn tell(mut self, caller: Caller, source: &'a Source, product: &'a Product) -> Vec<Told> {
        self.life(caller, source, product);
        self.told
    }

    fn life(&mut self, caller: Caller, source: &'a Source, product: &'a Product) -> Next<()> {
        let journey = Journey { id: JourneyId(self.id()), source, product, primary: true, rep: None };
        let address = caller.address.clone();
        let commercial = self.chance.percent(6);
        let on_the_telephone = self.call_in(caller, journey, commercial)?;
        let journey = self.correct(journey, address, commercial)?;
        let mut ending = self.pursue(journey, on_the_telephone)?;
        loop {
            if ending == Ending::Bought && self.chance.percent(9) {
                self.other_product(journey)?;
            }
            let next = self.come_back(ending, journey)?;
            ending = self.pursue(next, false)?;
        }
    }

    /// The contact is entered, by whoever took the call or by the desk that watches the forms.
    fn call_in(&mut self, caller: Caller, journey: Journey, commercial: bool) -> Next<bool> {
        let on_the_telephone = self.chance.percent(35);
        let by = if on_the_telephone { self.scheduler } else { &self.firm.marketing };
        let add = AddContact {
            journey: journey.id,
            source: journey.source.id.into(),
            product: journey.product.id.into(),
            category: commercial.then_some(self.firm.commercial.into()),
            campaign: journey.source.campaign.and_then(label).map(CampaignRef::from),
            reference: if self.chance.percent(15) { label(&format!("W-{:06}", self.chance.below(1_000_000))) } else { None },
            name: Some(caller.name),
            phones: caller.phones,
            emails: caller.emails,
            address: Some(caller.address),
            accept_duplicate: None,
        };
        self.press(by, ContactCommand::Add(add))?;
        Some(on_the_telephone)
    }

    /// Now and then the first entry was not quite right.
    fn correct(&mut self, mut journey: Journey<'a>, caller_address: Address, commercial: bool) -> Next<Journey<'a>> {
        if self.chance.percent(5) {
            let right = self.chance.weighted(&self.firm.sources, |source| source.share);
            if right.id != journey.source.id {
                self.wait(5, HOUR);
                self.press(self.scheduler, ContactCommand::ChangeSource(ChangeSource { source: right.id.into() }))?;
                journey.source = right;
            }
        }
        if self.chance.percent(4) {
            journey.product = self.another_product(journey.product);
            self.wait(5, HOUR);
            self.press(self.scheduler, ContactCommand::ChangeProduct(ChangeProduct { product: journey.product.id.into() }))?;
        }
        if self.chance.percent(3) {
            self.wait(5, HOUR);
            let name = label("Dana Whitfield-Brooks");
            let details = ChangeDetails { name, phones: None, emails: None, reference: None };
            self.press(self.scheduler, ContactCommand::ChangeDetails(details))?;
        }
        if !commercial && self.chance.percent(2) {
            self.wait(5, HOUR);
            self.press(self.scheduler, ContactCommand::ChangeCategory(ChangeCategory { category: self.firm.commercial.into() }))?;
        }
        if self.chance.percent(2) {
            let address = Address { postal_code: Text::try_new("14299").ok(), ..caller_address };
            self.wait(5, HOUR);
            self.press(self.scheduler, ContactCommand::CorrectAddress(CorrectAddress { address, accept_duplicate: None }))?;
        }
        if self.chance.percent(1) {
            let id = JourneyId(self.id());
            let reason = line("An enquiry of the same day")?;
            let product = self.another_product(journey.product).id.into();
            let open = OpenJourney { journey: id, source: None, product: Some(product), category: None, campaign: None, reason };
            self.wait(5, HOUR);
            self.press(&self.firm.sales_manager, JourneyCommand::Open(open))?;
            self.wait(5, HOUR);
            self.press(&self.firm.sales_manager, JourneyCommand::Void(VoidJourney { journey: id, reason: line("It was the same enquiry")? }))?;
        }
        Some(journey)
    }

    /// Telephones until a demo is set, held and decided upon, or until there is no point any more.
    fn pursue(&mut self, journey: Journey<'a>, mut on_the_telephone: bool) -> Next<Ending> {
        for _ in 0..3 {
            if let Some(ending) = self.reach(journey, on_the_telephone)? {
                return Some(ending);
            }
            if self.wants_no_demo(journey) {
                return self.sell_on_the_telephone(journey);
            }
            let (meeting, start) = self.set_demo(journey)?;
            match self.demo(journey, meeting, start)? {
                After::Ended(ending) => return Some(ending),
                After::Again => on_the_telephone = false,
                After::GivenUp(reason) => return self.lose(self.scheduler, journey, reason),
            }
        }
        self.lose(self.scheduler, journey, "Put off too often")
    }

    /// Tries to get somebody to the telephone who wants a demo. Otherwise the journey has ended.
    fn reach(&mut self, journey: Journey<'a>, on_the_telephone: bool) -> Next<Option<Ending>> {
        let wants_one = self.scheduler.skill * journey.source.setting / 100;
        if on_the_telephone && self.chance.percent(wants_one * 3 / 4) {
            self.wait(1, 5);
            return Some(None);
        }
        for attempt in 0..self.chance.between(3, 6) {
            if attempt == 0 {
                self.wait(3, 2 * HOUR)
            } else {
                self.wait(3 * HOUR, 2 * DAY)
            }
            let spoke = self.chance.percent(42);
            let outcome = match (spoke, self.chance.below(10)) {
                (true, 0..8) => AttemptOutcome::Spoke,
                (true, _) => AttemptOutcome::CallBack,
                (false, 0..5) => AttemptOutcome::NoAnswer,
                (false, 5..9) => AttemptOutcome::LeftMessage,
                (false, _) => AttemptOutcome::WrongNumber,
            };
            let channel = *self.chance.weighted(&[(Channel::Phone, 78), (Channel::Text, 14), (Channel::Email, 8)], |(_, often)| *often);
            let call_back_at = (outcome == AttemptOutcome::CallBack).then(|| later(self.at, 60 * DAY));
            // What moves the contact's state is a try to set its own journey; for another product's rep there is no such try.
            if journey.primary {
                self.press(self.scheduler, ContactCommand::LogAttempt(LogAttempt { channel: channel.0, outcome, call_back_at }))?;
            }
            if outcome == AttemptOutcome::Spoke {
                if self.chance.percent(wants_one) {
                    self.wait(1, 6);
                    return Some(None);
                }
                if self.chance.percent(55) {
                    let reason = *self.chance.pick(&["Not interested", "Only wanted a price", "Rents the home", "Bought elsewhere", "Not this year"]);
                    self.wait(1, 10);
                    if self.chance.percent(3) {
                        return self.leave_alone().map(Some);
                    }
                    return self.lose(self.scheduler, journey, reason).map(Some);
                }
            }
        }
        self.wait(DAY, 4 * DAY);
        if journey.primary && self.chance.percent(20) {
            return Some(Some(Ending::LeftToItself));
        }
        self.lose(self.scheduler, journey, "Could not be reached").map(Some)
    }

    /// They ask not to be called again; a few call themselves, later.
    fn leave_alone(&mut self) -> Next<Ending> {
        self.press(self.scheduler, ContactCommand::OptOut(OptOut { asked_by: line("The owner")?, channel: Channel::Phone }))?;
        if self.chance.percent(20) {
            self.wait(30 * DAY, 120 * DAY);
            self.press(&self.firm.manager, ContactCommand::OptIn(OptIn { reason: line("Called us")? }))?;
        }
        Some(Ending::LeftAlone)
    }

    fn set_demo(&mut self, journey: Journey<'a>) -> Next<(MeetingId, Instant)> {
        let meeting = MeetingId(self.id());
        let ahead = self.chance.between(1, 6);
        let start = self.calendar.slot(self.at, ahead, &mut self.chance);
        let length_minutes = Some(if self.chance.percent(70) { 90 } else { 120 });
        let all = self.chance.percent(92);
        let set = SetMeeting {
            meeting,
            journey: journey.id,
            kind: Some(MeetingKind::Demo),
            meeting_type: None,
            start,
            length_minutes,
            scheduler: None,
            decision_makers: Some(all),
            why_not_all: if all { None } else { line("Husband works late") },
            address_checked: Some(true),
        };
        self.press(self.scheduler, MeetingCommand::Set(set))?;
        Some((meeting, start))
    }

    /// A happy customer hears what else there is.
    fn other_product(&mut self, first: Journey<'a>) -> Next<()> {
        self.wait(2 * DAY, 20 * DAY);
        let ahead = self.chance.between(2, 7);
        let start = self.calendar.slot(self.at, ahead, &mut self.chance);
        let (id, meeting) = (JourneyId(self.id()), MeetingId(self.id()));
        let rep = self.free_rep(start);
        let journey = Journey { id, source: first.source, product: self.another_product(first.product), primary: false, rep: Some(rep) };
        let add = AddOtherProductRep {
            journey: id,
            product: journey.product.id.into(),
            rep: rep.id.into(),
            meeting,
            start,
            length_minutes: Some(90),
            scheduler: None,
        };
        self.press(self.scheduler, ContactCommand::AddOtherProductRep(add))?;
        match self.demo(journey, meeting, start)? {
            After::Ended(_) => {}
            After::Again | After::GivenUp(_) => {
                self.lose(self.scheduler, journey, "Changed their mind about a second job")?;
            }
        }
        Some(())
    }

    /// Months later some come back, by themselves or because they were asked to. For the others the story is over.
    fn come_back(&mut self, ending: Ending, last: Journey<'a>) -> Next<Journey<'a>> {
        match ending {
            Ending::Lost if self.chance.percent(34) => {
                self.wait(45 * DAY, 110 * DAY);
                let reason = line("No sale last time; worth another try")?;
                self.press(&self.firm.marketing, ContactCommand::MoveToRemarket(MoveToRemarket { reason, not_before: None }))?;
                if !self.chance.percent(46) {
                    return None;
                }
                self.wait(5 * DAY, 40 * DAY);
            }
            Ending::LeftToItself if self.chance.percent(25) => self.wait(45 * DAY, 110 * DAY),
            Ending::Lost if self.chance.percent(5) => self.wait(20 * DAY, 90 * DAY),
            Ending::Canceled if self.chance.percent(16) => self.wait(20 * DAY, 90 * DAY),
            Ending::Bought if self.chance.percent(8) => self.wait(60 * DAY, 180 * DAY),
            _ => return None,
        }
        let other = ending == Ending::Bought || self.chance.percent(20);
        let product = if other { self.another_product(last.product) } else { last.product };
        let source = &self.firm.remarketing;
        let id = JourneyId(self.id());
        let campaign = source.campaign.and_then(label).map(CampaignRef::from);
        let by = if self.chance.percent(50) { self.scheduler } else { &self.firm.marketing };
        self.press(by, ContactCommand::Return(ReturnContact { journey: id, source: source.id.into(), product: product.id.into(), campaign }))?;
        Some(Journey { id, source, product, primary: true, rep: None })
    }

    fn lose(&mut self, by: &Person, journey: Journey, reason: &str) -> Next<Ending> {
        let only = (!journey.primary).then_some(journey.id);
        let again = journey.primary && journey.source.id != self.firm.remarketing.id && self.chance.percent(2);
        if again {
            let lose = LoseContact { journey: None, reason: line("Wanted to think about it")?, competitor: label("Seneca Exteriors"), note: None };
            self.press(by, ContactCommand::Lose(lose))?;
            self.wait(DAY, 9 * DAY);
            self.press(&self.firm.sales_manager, ContactCommand::Reopen(ReopenContact { reason: line("Called back")? }))?;
            self.wait(HOUR, DAY);
        }
        self.press(by, ContactCommand::Lose(LoseContact { journey: only, reason: line(reason)?, competitor: None, note: None }))?;
        Some(Ending::Lost)
    }

    fn another_product(&mut self, than: &Product) -> &'a Product {
        let firm = self.firm;
        let others: Vec<&Product> = firm.products.iter().filter(|product| product.id != than.id).collect();
        self.chance.weighted::<&Product>(&others, |product| product.share[5])
    }

    /// A rep whose diary is free then; when all are busy, one of them has to manage.
    fn free_rep(&mut self, start: Instant) -> &'a Person {
        let firm = self.firm;
        let free: Vec<&Person> = firm.reps.iter().filter(|rep| self.taken_at(rep, start).is_none()).collect();
        if free.is_empty() { self.chance.pick(&firm.reps) } else { self.chance.weighted::<&Person>(&free, |rep| rep.share) }
    }

    /// When the last of those demos was issued that are in a rep's diary then; none where it is free.
    fn taken_at(&self, rep: &Person, start: Instant) -> Option<Instant> {
        half_hours(start).filter_map(|half_hour| self.diaries.get(&(rep.id, half_hour)).copied()).max()
    }

    /// A demo that is issued now is in the rep's diary.
    fn enter(&mut self, rep: &Person, start: Instant) {
        let now = self.at;
        half_hours(start).for_each(|half_hour| {
            self.diaries.entry((rep.id, half_hour)).and_modify(|at| *at = now.max(*at)).or_insert(now);
        });
    }

    /// Somebody presses a button now.
    fn press(&mut self, by: &Person, command: impl Into<Pressed>) -> Next<()> {
        if self.at >= self.until {
            return None;
        }
        let Pressed(command) = command.into();
        self.told.push(Told { at: self.at, by: Some(by.id), roles: by.roles, wish: Wish::Contact(self.contact, command) });
        Some(())
    }

    /// Some time passes, and then somebody is in the office.
    fn wait(&mut self, from: i64, to: i64) {
        let minutes = self.chance.between(from, to);
        self.at = self.calendar.in_office_hours(self.at, minutes, &mut self.chance);
    }

    /// Some minutes pass.
    fn minutes(&mut self, from: i64, to: i64) {
        let seconds = self.chance.between(from * 60, to * 60);
        self.at = later(self.at, seconds);
    }

    /// It is this time, or a few minutes from now where that has passed.
    fn wait_until(&mut self, then: Instant) {
        if then > self.at { self.at = then } else { self.minutes(2, 8) }
    }

    /// It is so many minutes before something, or a few minutes from now where that has passed.
    fn wait_until_before(&mut self, then: Instant, from: i64, to: i64) {
        let minutes = self.chance.between(from, to);
        self.wait_until(later(then, -60 * minutes));
    }

    fn id(&mut self) -> Uuid {
        self.chance.id(millis(self.at))
    }
}

/// The half hours that a demo takes, with the way home.
fn half_hours(start: Instant) -> impl Iterator<Item = Instant> {
    (0..4).map(move |number| later(start, number * 30 * 60))
}

/// A command of any part.
struct Pressed(Command);

macro_rules! pressed_from {
    ($($part:ident $command:ty)*) => {$(
        impl From<$command> for Pressed {
            fn from(command: $command) -> Pressed {
                Pressed(Command::$part(command))
            }
        }
    )*};
}
pressed_from!(Contact ContactCommand Journey JourneyCommand Meeting MeetingCommand Quote domain::quote::QuoteCommand Sale domain::sale::SaleCommand);

fn label(text: &str) -> Option<Label> {
    Label::try_new(text).ok()
}

fn line(text: &str) -> Option<Line> {
    Line::try_new(text).ok()
}
