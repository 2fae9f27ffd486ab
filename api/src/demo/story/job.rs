//! From an official sale to the last payment: the site visit, the installation, and what it takes to be paid.

use super::sale::Offer;
use super::{DAY, HOUR, Next, Story, line};
use chrono::Days;
use domain::Money;
use domain::id::{LedgerEntryId, SaleId};
use domain::instant::When;
use domain::sale::*;
use domain::text::Label;

impl<'a> Story<'a> {
    /// Finance posts what came in, or went back.
    pub(super) fn post(&mut self, sale: SaleId, kind: EntryKind, amount_minor: i64) -> Next<()> {
        let entry = LedgerEntryId(self.id());
        let document = line(&format!("Receipt {}", self.chance.below(100_000)));
        let post = PostLedgerEntry { sale, entry, kind, amount_minor: Money(amount_minor), dated: None, document, note: None };
        self.press(&self.firm.finance, SaleCommand::PostEntry(post))
    }

    /// Somebody measures, somebody installs, and the customer pays, most of the time.
    pub(super) fn work(&mut self, offer: Offer) -> Next<()> {
        let (firm, sale) = (self.firm, offer.sale);
        self.wait(2 * DAY, 9 * DAY);
        let visit = CompleteSiteVisit {
            sale,
            visited_on: Some(When::At(self.at)),
            job_owner: Some(firm.ops.id.into()),
            visitor: Some(firm.ops.id.into()),
            documents: line("Measurements and photographs"),
            hoa: Some(self.chance.percent(20)),
            overview: line("As sold"),
            property_type: Some(PropertyType::SingleFamily),
            note: None,
        };
        self.press(&firm.ops, SaleCommand::CompleteSiteVisit(visit))?;
        self.wait(HOUR, 2 * DAY);
        if self.chance.percent(4) {
            self.press(&firm.manager, SaleCommand::NotAuthorizeJob(MoveJob { sale, note: line("Rot in the frame") }))?;
            self.wait(DAY, 4 * DAY);
        }
        self.press(&firm.ops, SaleCommand::ApproveJobToProceed(MoveJob { sale, note: None }))?;
        self.wait(HOUR, DAY);
        let install_on = Some(When::Day(self.calendar.day(self.at) + Days::new(14)));
        self.press(&firm.ops, SaleCommand::ScheduleJob(ScheduleJob { sale, install_on, note: None }))?;
        if self.chance.percent(6) {
            self.wait(HOUR, DAY);
            let hold = |standing, note| ChangeJobStanding { sale, standing, note: line(note) };
            self.press(&firm.ops, SaleCommand::ChangeJobStanding(hold(JobStanding::Hold, "Material is late")))?;
            self.wait(2 * DAY, 5 * DAY);
            self.press(&firm.ops, SaleCommand::ChangeJobStanding(hold(JobStanding::Active, "Material is here")))?;
        }
        self.wait(9 * DAY, 12 * DAY);
        self.press(&firm.ops, SaleCommand::CompletePreCall(MoveJob { sale, note: None }))?;
        self.wait(DAY, 2 * DAY);
        self.press(&firm.ops, SaleCommand::StartInstall(MoveJob { sale, note: None }))?;
        self.wait(6 * HOUR, 3 * DAY);
        if self.chance.percent(25) {
            self.press(&firm.ops, SaleCommand::CompletePending(self.completed(sale, "A punch list is open")))?;
            self.wait(DAY, 6 * DAY);
        }
        let pays = !self.chance.percent(6);
        self.wait(5, HOUR);
        self.press(&firm.ops, SaleCommand::CompleteFinal(self.completed(sale, "The customer signed off")))?;
        self.minutes(5, 50);
        self.press(&firm.ops, SaleCommand::CloseJob(MoveJob { sale, note: None }))?;
        self.wait(DAY, 9 * DAY);
        if pays { self.pay(offer) } else { self.collect(offer) }
    }

    fn completed(&self, sale: SaleId, note: &str) -> CompleteInstall {
        CompleteInstall { sale, revenue_recognized_on: Some(When::At(self.at)), note: line(note) }
    }

    /// The rest is paid; a check may have to be brought twice.
    fn pay(&mut self, offer: Offer) -> Next<()> {
        let (firm, sale) = (self.firm, offer.sale);
        self.post(sale, EntryKind::FinalPayment, offer.owed)?;
        if self.chance.percent(3) {
            self.wait(2 * DAY, 6 * DAY);
            self.post(sale, EntryKind::ReturnedCheck, offer.owed)?;
            self.wait(DAY, 6 * DAY);
            self.post(sale, EntryKind::ReDeposit, offer.owed)?;
        }
        self.wait(DAY, 20 * DAY);
        self.press(&firm.finance, SaleCommand::Close(CloseSale { sale }))
    }

    /// Notice, lien, attorney: until they pay.
    fn collect(&mut self, offer: Offer) -> Next<()> {
        let (firm, sale) = (self.firm, offer.sale);
        self.wait(10 * DAY, 14 * DAY);
        let amount_minor = Some(Money(offer.owed));
        let notice = SendLienNotice { sale, sent_on: Some(When::At(self.at)), how: Some(Delivery::CertifiedMail), amount_minor, document: line("Cabinet 3") };
        self.press(&firm.finance, SaleCommand::SendNotice(notice))?;
        self.wait(12 * DAY, 20 * DAY);
        let number = Label::try_new(&format!("L-{}", self.chance.below(10_000))).ok();
        let county = Label::try_new("Erie").ok();
        let lien = FileLien { sale, filed_on: Some(When::At(self.at)), county, filing_number: number.clone(), amount_minor };
        self.press(&firm.finance, SaleCommand::FileLien(lien))?;
        self.wait(5 * DAY, 30 * DAY);
        if self.chance.percent(50) {
            let attorney = Label::try_new("Marlow & Finch").ok();
            self.press(&firm.manager, SaleCommand::SendToAttorney(SendToAttorney { sale, attorney, sent_on: Some(When::At(self.at)) }))?;
            self.wait(5 * DAY, 30 * DAY);
            if self.chance.percent(35) {
                let reason = line("Insolvent")?;
                return self.press(&firm.manager, SaleCommand::WriteOff(WriteBalanceOff { sale, amount_minor, reason }));
            }
        }
        self.post(sale, EntryKind::FinalPayment, offer.owed)?;
        self.wait(DAY, 5 * DAY);
        let released_on = Some(When::At(self.at));
        self.press(&firm.finance, SaleCommand::ReleaseLien(ReleaseLien { sale, released_on, release_number: number }))?;
        self.wait(HOUR, DAY);
        self.press(&firm.finance, SaleCommand::Close(CloseSale { sale }))
    }
}
