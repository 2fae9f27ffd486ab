//! From an offer to what becomes of a sale: rehashed, approved or not, changed, rescinded, canceled, brought back.

use super::{DAY, Ending, HOUR, Journey, Next, Person, Story, line};
use crate::demo::offer;
use chrono::Days;
use domain::id::{ChangeOrderId, PersonId, QuoteId, SaleId};
use domain::instant::When;
use domain::meeting::{MeetingKind, MeetingResult};
use domain::profile::{AssignRehash, ContactCommand};
use domain::quote::*;
use domain::sale::*;
use domain::text::{Label, Line};
use domain::{Money, Role};

/// An offer, and the sale it may become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) quote: QuoteId,
    pub(super) sale: SaleId,
    /// Whose it is.
    rep: PersonId,
    /// Its sum in minor units.
    pub(super) total: i64,
    /// What of it, and of its changes, is not paid yet.
    pub(super) owed: i64,
}

impl<'a> Story<'a> {
    /// An offer at the kitchen table; whether it was taken, and the offer, where there was one.
    pub(super) fn pitch(&mut self, journey: Journey<'a>, rep: &Person, skill: u64, discount: i64) -> Next<(bool, Option<Offer>)> {
        self.minutes(45, 100);
        let sold = self.chance.percent((skill * journey.source.selling / 100).min(85));
        if !sold && self.chance.percent(12) {
            return Some((false, None));
        }
        let offer = self.offer(journey, rep, rep, discount)?;
        if sold {
            self.minutes(4, 20);
            self.mark_sold(rep, offer)?;
            self.minutes(2, 15);
        }
        Some((sold, Some(offer)))
    }

    /// A quote, written and made ready.
    fn offer(&mut self, journey: Journey<'a>, by: &Person, rep: &Person, discount: i64) -> Next<Offer> {
        let (quote, sale) = (QuoteId(self.id()), SaleId(self.id()));
        let items = offer::items(journey.product, journey.source, discount, &mut self.chance);
        let total = offer::total(&items);
        let add = AddQuote { quote, journey: journey.id, product: journey.product.id.into(), items: items.clone(), rep: Some(rep.id.into()) };
        self.press(by, QuoteCommand::Add(add))?;
        self.minutes(2, 15);
        let valid_until = Some(When::Day(self.calendar.day(self.at) + Days::new(10)));
        let terms = Terms::try_new("A third on signing, the rest when the work is done").ok();
        self.press(by, QuoteCommand::Finalize(FinalizeQuote { quote, valid_until, terms: terms.clone() }))?;
        let offer = Offer { quote, sale, rep: rep.id, total, owed: total };
        if self.chance.percent(5) {
            self.minutes(2, 10);
            self.press(by, QuoteCommand::Reopen(ReopenQuote { quote }))?;
            return self.taken_off(by, offer, items, valid_until, terms);
        }
        if by.roles.contains(&Role::Rehash) || !self.chance.percent(5) {
            return Some(offer);
        }
        self.minutes(2, 10);
        let revision = QuoteId(self.id());
        self.press(by, QuoteCommand::Revise(ReviseQuote { quote, revision }))?;
        self.taken_off(by, Offer { quote: revision, ..offer }, items, valid_until, terms)
    }

    /// A little is taken off at the kitchen table, and the quote made ready again.
    fn taken_off(&mut self, by: &Person, offer: Offer, items: Vec<Item<Line>>, valid_until: Option<When>, terms: Option<Terms>) -> Next<Offer> {
        let quote = offer.quote;
        self.minutes(2, 10);
        let taken_off = Money(100 * self.chance.between(50, 400).min(offer.total / 1_000));
        let discounts = vec![Discount { description: line("For deciding today")?, amount_minor: Some(taken_off), basis_points: None }];
        self.press(by, QuoteCommand::Edit(EditQuote { quote, items, discounts, tax_millionths: None, finance: None }))?;
        self.press(by, QuoteCommand::Finalize(FinalizeQuote { quote, valid_until, terms }))?;
        let total = offer.total - taken_off.0;
        Some(Offer { total, owed: total, ..offer })
    }

    pub(super) fn mark_sold(&mut self, by: &Person, Offer { quote, sale, .. }: Offer) -> Next<()> {
        let (sign_date, paper) = (Some(When::At(self.at)), line("In the folder of this contact"));
        self.press(by, QuoteCommand::MarkSold(MarkQuoteSold { quote, sale, sign_date, paper, reason: None }))
    }

    pub(super) fn lose_quote(&mut self, by: &Person, quote: QuoteId, reason: &str) -> Next<()> {
        self.press(by, QuoteCommand::Lose(LoseQuote { quote, reason: line(reason)? }))
    }

    /// Somebody else tries again, with a better price.
    pub(super) fn rehash(&mut self, journey: Journey<'a>, quote: QuoteId) -> Next<Ending> {
        let firm = self.firm;
        self.wait(20 * HOUR, 3 * DAY);
        let rehash = self.chance.weighted(&firm.rehash, |person| person.share);
        let reason = line(self.chance.pick::<&str>(&["Price", "Needs to think about it", "Financing", "Wants other offers first"]));
        self.press(&firm.sales_manager, ContactCommand::AssignRehash(AssignRehash { journey: journey.id, rehash_rep: rehash.id.into(), reason }))?;
        self.wait(HOUR, 3 * DAY);
        if !self.chance.percent(62) {
            self.wait(2 * DAY, 12 * DAY);
            return self.lose(rehash, journey, "No second visit wanted");
        }
        let (meeting, start) = self.set_visit(journey, rehash, MeetingKind::Rehash)?;
        self.wait_until(start);
        self.minutes(10, 20);
        self.lose_quote(rehash, quote, "Replaced by a better offer")?;
        let discount = self.chance.between(7, 14);
        let (sold, offer) = self.pitch(journey, rehash, rehash.skill, discount)?;
        self.result(meeting, rehash, if sold { MeetingResult::Sold } else { MeetingResult::DemoedNotSold })?;
        match offer {
            Some(offer) if sold => self.after_the_sale(journey, offer),
            _ => {
                self.wait(DAY, 9 * DAY);
                self.lose(rehash, journey, "Not even at a better price")
            }
        }
    }

    /// Small jobs of people who know what they want need no demo.
    pub(super) fn wants_no_demo(&mut self, journey: Journey<'a>) -> bool {
        let small = matches!(journey.product.name, "Doors" | "Gutters");
        journey.primary && small && self.chance.percent(6)
    }

    /// A sale without a demo is official at once.
    pub(super) fn sell_on_the_telephone(&mut self, journey: Journey<'a>) -> Next<Ending> {
        let firm = self.firm;
        let rep = self.chance.weighted(&firm.reps, |rep| rep.share);
        self.wait(10, 2 * HOUR);
        let offer = self.offer(journey, &firm.sales_manager, rep, 0)?;
        self.wait(HOUR, 2 * DAY);
        self.mark_sold(&firm.sales_manager, offer)?;
        self.afterwards(offer)
    }

    /// Management looks at it.
    pub(super) fn after_the_sale(&mut self, journey: Journey<'a>, mut offer: Offer) -> Next<Ending> {
        let (firm, sale, signed_at) = (self.firm, offer.sale, self.at);
        if self.chance.percent(70) {
            self.minutes(1, 30);
            self.post(sale, EntryKind::DownPayment, offer.total / 10)?;
            offer.owed -= offer.total / 10;
        }
        if self.chance.percent(2) {
            self.wait(10 * HOUR, DAY);
            return self.rescind(journey, offer);
        }
        self.wait(10 * HOUR, 3 * DAY);
        if self.chance.percent(11) {
            let reason = line(self.chance.pick::<&str>(&["Credit declined", "Priced below the floor", "Measurements missing", "Signature missing"]))?;
            let note = line("The rep was told");
            self.press(&firm.manager, SaleCommand::NotApprove(NotApproveSale { sale, reason, note }))?;
            self.wait(DAY, 6 * DAY);
            if !self.chance.percent(52) {
                return self.lose(&firm.sales_manager, journey, "Not approved");
            }
            self.press(&firm.manager, SaleCommand::MoveBack(MoveSaleBack { sale, sign_date: None, job_standing: Some(JobStanding::Active) }))?;
            self.wait(HOUR, 2 * DAY);
        }
        let approve = ApproveSale {
            sale,
            finance_owner: Some(firm.finance.id.into()),
            customer_service_owner: Some(firm.ops.id.into()),
            sign_date: Some(When::At(signed_at)),
            notice_to_proceed: Some(NoticeToProceed::DepositTaken),
            job_standing: Some(JobStanding::Active),
        };
        self.press(&firm.manager, SaleCommand::Approve(approve))?;
        self.afterwards(offer)
    }

    /// What may still become of an official sale.
    fn afterwards(&mut self, offer: Offer) -> Next<Ending> {
        let (firm, sale) = (self.firm, offer.sale);
        if self.chance.percent(9) {
            return self.cancel_sale(offer);
        }
        if self.chance.percent(2) {
            self.wait(DAY, 6 * DAY);
            let others: Vec<&Person> = firm.reps.iter().filter(|rep| rep.id != offer.rep).collect();
            let rep = self.chance.weighted(&others, |rep| rep.share);
            self.press(&firm.manager, SaleCommand::ChangeRep(ChangeSaleRep { sale, rep: rep.id.into(), reason: line("Left the company") }))?;
        }
        let changed = self.change_the_contract(offer)?;
        self.work(Offer { owed: offer.owed + changed, ..offer })?;
        Some(Ending::Bought)
    }

    /// On the way they want a little more, or a little less: by how much the contract changed in the end.
    fn change_the_contract(&mut self, offer: Offer) -> Next<i64> {
        let (firm, sale, mut changed) = (self.firm, offer.sale, 0);
        for _ in 0..2 {
            if !self.chance.percent(13) {
                continue;
            }
            self.wait(4 * DAY, 20 * DAY);
            let percent = if self.chance.percent(72) { self.chance.between(2, 16) } else { self.chance.between(-8, -1) };
            let amount = offer.total * percent / 100 / 5_00 * 5_00;
            let amount_minor = Money(if amount == 0 { 50_00 } else { amount });
            let change_order = ChangeOrderId(self.id());
            let signed = self.chance.percent(60);
            if signed {
                let order = ApproveChangeOrder { sale, change_order, amount_minor, report_signed_at: None };
                self.press(&firm.manager, SaleCommand::ApproveChangeOrder(order))?;
                changed += amount_minor.0;
            } else if self.write_change_order(sale, change_order, amount_minor)? {
                changed += amount_minor.0;
            }
        }
        Some(changed)
    }

    /// A change order goes its way: signed or approved before, sometimes for nothing. Whether it counts in the end.
    fn write_change_order(&mut self, sale: SaleId, change_order: ChangeOrderId, amount_minor: Money) -> Next<bool> {
        let firm = self.firm;
        let description = line("As found on site");
        self.press(&firm.ops, SaleCommand::CreateChangeOrder(CreateChangeOrder { sale, change_order, amount_minor, description }))?;
        self.minutes(5, 50);
        if self.chance.percent(20) {
            let pre_approved_on = Some(When::At(self.at));
            self.press(&firm.manager, SaleCommand::PreApproveChangeOrder(PreApproveChangeOrder { change_order, pre_approved_on }))?;
            return Some(true);
        }
        let email = serde_json::from_str("\"customer@example.com\"").ok();
        self.press(&firm.ops, SaleCommand::SendChangeOrder(SendChangeOrder { change_order, signer: Label::try_new("The customer").ok(), email }))?;
        self.wait(HOUR, 2 * DAY);
        if self.chance.percent(20) {
            let reason = line("Not wanted at this price")?;
            self.press(&firm.ops, SaleCommand::VoidChangeOrder(VoidChangeOrder { change_order, reason }))?;
            return Some(false);
        }
        self.press(&firm.ops, SaleCommand::SignChangeOrder(SignChangeOrder { change_order, signed_on: Some(When::At(self.at)) }))?;
        self.wait(HOUR, DAY);
        self.press(&firm.manager, SaleCommand::ApproveSignedChangeOrder(ApproveSignedChangeOrder { change_order }))?;
        let stands = !self.chance.percent(20);
        if !stands {
            self.wait(DAY, 3 * DAY);
            let (reversed_on, reason) = (Some(When::At(self.at)), line("They thought again"));
            self.press(&firm.manager, SaleCommand::ReverseChangeOrder(ReverseChangeOrder { change_order, reversed_on, reason }))?;
        }
        Some(stands)
    }

    fn cancel_sale(&mut self, offer: Offer) -> Next<Ending> {
        let (firm, sale) = (self.firm, offer.sale);
        self.wait(DAY, 18 * DAY);
        let reason = line(self.chance.pick::<&str>(&["Buyer's remorse", "Lost the job", "Financing fell through", "House is being sold"]))?;
        let fee = offer.total * self.chance.between(2, 6) / 100 / 5_00 * 5_00;
        let fee_minor = self.chance.percent(40).then_some(Money(fee));
        let (cancel_date, note) = (Some(When::At(self.at)), line("Called the office"));
        self.press(&firm.manager, SaleCommand::Cancel(CancelSale { sale, cancel_date, reason, fee_minor, note }))?;
        if !self.chance.percent(24) {
            return Some(Ending::Canceled);
        }
        self.wait(2 * DAY, 14 * DAY);
        let (job_standing, note) = (Some(JobStanding::Active), line("Changed their mind once more"));
        self.press(&firm.manager, SaleCommand::Reactivate(ReactivateSale { sale, job_standing, note }))?;
        Some(Ending::Bought)
    }

    /// Some withdraw within three days, and that is that.
    fn rescind(&mut self, journey: Journey<'a>, offer: Offer) -> Next<Ending> {
        let firm = self.firm;
        let rescind = RescindSale { sale: offer.sale, received_on: Some(When::At(self.at)), how: Some(Delivery::CertifiedMail), reason: None };
        self.press(&firm.finance, SaleCommand::Rescind(rescind))?;
        self.wait(HOUR, 5 * DAY);
        self.lose(&firm.sales_manager, journey, "Withdrew from the contract")
    }
}
