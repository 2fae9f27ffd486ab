//! From an offer to what becomes of a sale: rehashed, approved or not, changed, canceled, brought back.

use super::{DAY, Ending, HOUR, Journey, Next, Person, Story, line};
use crate::demo::offer;
use chrono::Days;
use domain::Money;
use domain::id::{ChangeOrderId, PersonId, QuoteId, SaleId};
use domain::instant::When;
use domain::meeting::{MeetingKind, MeetingResult};
use domain::profile::{AssignRehash, ContactCommand};
use domain::quote::*;
use domain::sale::*;

/// An offer, and the sale it may become.
#[derive(Clone, Copy, Debug)]
pub(super) struct Offer {
    pub(super) quote: QuoteId,
    pub(super) sale: SaleId,
    /// Whose it is.
    rep: PersonId,
    /// Its sum in minor units.
    pub(super) total: i64,
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
        let add = AddQuote { quote, journey: journey.id, product: journey.product.id.into(), items, rep: Some(rep.id.into()) };
        self.press(by, QuoteCommand::Add(add))?;
        self.minutes(2, 15);
        let valid_until = Some(When::Day(self.calendar.day(self.at) + Days::new(10)));
        self.press(by, QuoteCommand::Finalize(FinalizeQuote { quote, valid_until }))?;
        Some(Offer { quote, sale, rep: rep.id, total })
    }

    pub(super) fn mark_sold(&mut self, by: &Person, Offer { quote, sale, .. }: Offer) -> Next<()> {
        self.press(by, QuoteCommand::MarkSold(MarkQuoteSold { quote, sale, sign_date: None }))
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
    pub(super) fn after_the_sale(&mut self, journey: Journey<'a>, offer: Offer) -> Next<Ending> {
        let (firm, sale) = (self.firm, offer.sale);
        self.wait(10 * HOUR, 3 * DAY);
        if self.chance.percent(11) {
            let reason = line(self.chance.pick::<&str>(&["Credit declined", "Priced below the floor", "Measurements missing", "Signature missing"]))?;
            self.press(&firm.manager, SaleCommand::NotApprove(NotApproveSale { sale, reason }))?;
            self.wait(DAY, 6 * DAY);
            if !self.chance.percent(52) {
                return self.lose(&firm.sales_manager, journey, "Not approved");
            }
            self.press(&firm.manager, SaleCommand::MoveBack(MoveSaleBack { sale, sign_date: None }))?;
            self.wait(HOUR, 2 * DAY);
        }
        self.press(&firm.manager, SaleCommand::Approve(ApproveSale { sale }))?;
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
            self.press(&firm.manager, SaleCommand::ChangeRep(ChangeSaleRep { sale, rep: rep.id.into() }))?;
        }
        for _ in 0..2 {
            if self.chance.percent(13) {
                self.wait(4 * DAY, 30 * DAY);
                let percent = if self.chance.percent(72) { self.chance.between(2, 16) } else { self.chance.between(-8, -1) };
                let amount = offer.total * percent / 100 / 5_00 * 5_00;
                let amount_minor = Money(if amount == 0 { 50_00 } else { amount });
                let change_order = ChangeOrderId(self.id());
                let order = ApproveChangeOrder { sale, change_order, amount_minor, report_signed_at: None };
                self.press(&firm.manager, SaleCommand::ApproveChangeOrder(order))?;
            }
        }
        Some(Ending::Bought)
    }

    fn cancel_sale(&mut self, offer: Offer) -> Next<Ending> {
        let (firm, sale) = (self.firm, offer.sale);
        self.wait(DAY, 18 * DAY);
        let reason = line(self.chance.pick::<&str>(&["Buyer's remorse", "Lost the job", "Financing fell through", "House is being sold"]))?;
        let fee = offer.total * self.chance.between(2, 6) / 100 / 5_00 * 5_00;
        let fee_minor = self.chance.percent(40).then_some(Money(fee));
        self.press(&firm.manager, SaleCommand::Cancel(CancelSale { sale, cancel_date: None, reason, fee_minor }))?;
        if !self.chance.percent(24) {
            return Some(Ending::Canceled);
        }
        self.wait(2 * DAY, 14 * DAY);
        self.press(&firm.manager, SaleCommand::Reactivate(ReactivateSale { sale }))?;
        Some(Ending::Bought)
    }
}
