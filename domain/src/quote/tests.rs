//! The specification of quotes.

mod offer;

use super::{Item, QuoteEvent};
use crate::blueprint::ContactState;
use crate::company::{CompanyEvent, ReasonList};
use crate::contact_file::Command;
use crate::id::QuoteId;
use crate::meeting::MeetingResult;
use crate::money::Money;
use crate::refusal::Code;
use crate::role::Role;
use crate::testing::*;
use crate::timer::Timer;
use crate::wire;
use serde_json::json;

const SOLD_CREATES: &str = "quote_sold_creates_sale";

/// The contact after a demo that did not sell, with a quote in each of its stages.
fn demoed() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold)])
}
fn draft() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold), quote_created(QUOTE, ANA)])
}
fn finalized() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold), quote_ready(QUOTE)])
}
fn sold_quote() -> Given {
    given([added(), sold()])
}
fn not_approved() -> Given {
    given([added(), sold(), sale_not_approved(SALE), quote_not_approved(QUOTE)])
}
/// Finalized for as long as anybody wants it.
fn without_end() -> Facts {
    quote_finalized(QUOTE).without("valid_until")
}
fn lost() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold), quote_ready(QUOTE), quote_lost(QUOTE, "too dear")])
}

// Add

#[test]
fn a_quote_is_made_after_a_demo_by_its_rep() {
    demoed().when(add_quote(QUOTE)).then([quote_created(QUOTE, ANA)]);
    draft().when(add_quote(SECOND_QUOTE)).then([quote_created(SECOND_QUOTE, ANA)]);
    given([added(), demo_held(MeetingResult::DemoedNotSold), rehash_assigned()]).when(add_quote(QUOTE)).then([quote_created(QUOTE, ANA)]);
    given([added(), demo_set(TUESDAY), demo_confirmed(), demo_issued(BEN)]).when(add_quote(QUOTE)).then([quote_created(QUOTE, BEN)]);
}

#[test]
fn a_quote_needs_a_demo_that_is_issued_once_one_is_set() {
    given([added(), demo_set(TUESDAY)]).when(add_quote(QUOTE)).then_refused(Code::GuardFailed);
}

#[test]
fn a_quote_without_any_demo_is_a_direct_sale() {
    given([added()]).when(add_quote(QUOTE)).then([quote_created(QUOTE, SAM)]);
    given([added(), attempted()]).when(add_quote(QUOTE)).then([quote_created(QUOTE, SAM)]);
}

#[test]
fn a_customer_may_have_another_quote_and_stays_a_customer() {
    let customer = given([added(), sold_and_approved()]);
    customer.clone().when(add_quote(SECOND_QUOTE)).then([quote_created(SECOND_QUOTE, ANA)]);
    assert_eq!(customer.did([add_quote(SECOND_QUOTE)]).file.state(), Some(ContactState::Customer));
}

#[test]
fn there_is_no_quote_while_a_sale_waits_or_after_the_end() {
    sold_quote().when(add_quote(SECOND_QUOTE)).then_refused(Code::WrongState);
    given([added(), contact_lost(), journey_lost(FIRST)]).when(add_quote(QUOTE)).then_refused(Code::WrongState);
    given([added(), sold_and_approved(), moved_to_remarket()]).when(add_quote(SECOND_QUOTE)).then_refused(Code::WrongState);
}

#[test]
fn the_rep_of_a_quote_is_the_one_named_else_the_journeys_else_who_did_it() {
    demoed().when(add_quote(QUOTE).with("rep", "Ben")).then([quote_created(QUOTE, BEN)]);
    demoed().when(add_quote(QUOTE)).then([quote_created(QUOTE, ANA)]);
    given([added()]).when(add_quote(QUOTE)).then([quote_created(QUOTE, SAM)]);
    given([added()]).by_nobody().when(add_quote(QUOTE)).then_refused_at(Code::FieldRequired, "/rep");
    demoed().when(add_quote(QUOTE).with("rep", STRANGER)).then_refused_at(Code::UnknownPerson, "/rep");
}

#[test]
fn a_quote_is_made_on_a_journey_of_the_contact_for_a_known_product_under_a_new_id() {
    demoed().when(add_quote(QUOTE).with("journey", NO_JOURNEY)).then_refused_at(Code::UnknownJourney, "/journey");
    demoed().when(add_quote(QUOTE).with("product", "Carpets")).then_refused_at(Code::UnknownProduct, "/product");
    draft().when(add_quote(QUOTE)).then_refused_at(Code::IdTaken, "/quote");
    demoed().by(Role::Scheduler).when(add_quote(QUOTE)).then_refused(Code::WrongRole);
}

#[test]
fn the_total_is_computed_from_the_items() {
    let items = json!([{ "description": "window", "quantity": 3, "unit_price_minor": 333 }, { "description": "screen", "quantity": 1, "unit_price_minor": 0 }]);
    let item = |description, quantity, price| Item { description: line(description), quantity, unit_price_minor: Money(price) };
    let items_kept = vec![item("window", 3, 333), item("screen", 1, 0)];
    demoed().when(add_quote(QUOTE).with("items", items)).then([facts([QuoteEvent::Created {
        quote: QUOTE,
        journey: FIRST,
        product: WINDOWS,
        rep: ANA,
        items: items_kept,
        total_minor: Money(999),
        revises: None,
    }])]);
}

#[test]
fn a_total_beyond_every_sensible_amount_is_refused() {
    let item = |quantity: u32, price: i64| json!({ "description": "gold", "quantity": quantity, "unit_price_minor": price });
    for items in [json!([item(1_000_000, 1_000_001)]), json!([item(1, 1_000_000_000_000i64), item(1, 1)])] {
        demoed().when(add_quote(QUOTE).with("items", items)).then_refused_at(Code::FieldInvalid, "/items");
    }
    let most = demoed().did([add_quote(QUOTE).with("items", json!([item(1_000_000, 1_000_000)]))]);
    assert_eq!(most.file.quotes[&QUOTE].amount, Money(1_000_000_000_000));
}

#[test]
fn items_out_of_bounds_are_refused_where_they_stand() {
    let item = |quantity: i64, price: i64| json!({ "description": "window", "quantity": quantity, "unit_price_minor": price });
    let (_, fields) = add_quote(QUOTE).sent();
    let refused_at = |items: serde_json::Value| {
        let mut fields = fields.clone();
        fields["items"] = items;
        match wire::command("quote.add", fields) {
            Err(wire::CommandError::Fields(faults)) => faults[0].pointer.clone(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(refused_at(json!([])), "/items");
    assert_eq!(refused_at(json!(vec![item(1, 1); 201])), "/items");
    assert_eq!(refused_at(json!([item(1, 1), item(0, 1)])), "/items/1/quantity");
    assert_eq!(refused_at(json!([item(1_000_001, 1)])), "/items/0/quantity");
    assert_eq!(refused_at(json!([item(1, -1)])), "/items/0/unit_price_minor");
    assert_eq!(refused_at(json!([item(-1, 1)])), "/items/0/quantity");
    assert_eq!(refused_at(json!([["window", 1, 1]])), "/items/0");
}

// Finalize

#[test]
fn a_draft_is_finalized_once() {
    draft().when(finalize(QUOTE)).then([quote_finalized(QUOTE)]);
    for quote in [finalized(), sold_quote(), not_approved(), lost()] {
        quote.when(finalize(QUOTE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_quote_worth_nothing_is_not_finalized() {
    let free = json!([{ "description": "gift", "quantity": 1, "unit_price_minor": 0 }]);
    demoed().did([add_quote(QUOTE).with("items", free)]).when(finalize(QUOTE)).then_refused(Code::GuardFailed);
}

#[test]
fn a_live_user_says_until_when_a_quote_stands() {
    draft().when(finalize(QUOTE).without("valid_until")).then_refused_at(Code::FieldRequired, "/valid_until");
    let imported = draft().by(Role::Importer).when(finalize(QUOTE).without("valid_until"));
    imported.then([without_end()]);
    draft().when(finalize(QUOTE).without("terms")).then_refused_at(Code::FieldRequired, "/terms");
    draft().by(Role::Importer).when(finalize(QUOTE).without("terms")).then([quote_finalized(QUOTE).without("terms")]);
}

#[test]
fn a_quote_stands_at_least_until_it_is_finalized() {
    draft().when(finalize(QUOTE).with("valid_until", MONDAY)).then_refused_at(Code::FieldInvalid, "/valid_until");
    let to_the_moment = draft().when(finalize(QUOTE).with("valid_until", NOON));
    to_the_moment.then([quote_finalized(QUOTE).with("valid_until", NOON)]);
}

#[test]
fn a_quote_must_exist() {
    for command in [
        edit_quote(NO_QUOTE),
        finalize(NO_QUOTE),
        reopen_quote(NO_QUOTE),
        revise_quote(NO_QUOTE, SECOND_QUOTE),
        mark_sold(NO_QUOTE, SALE),
        lose_quote(NO_QUOTE),
    ] {
        draft().when(command).then_refused_at(Code::UnknownQuote, "/quote");
    }
}

// Mark as Sold

#[test]
fn a_finalized_quote_marked_as_sold_becomes_a_sale_that_waits_for_approval() {
    finalized().when(mark_sold(QUOTE, SALE)).then([quote_sold(QUOTE, SALE, NOON), sale_created(SALE, QUOTE, NOON, true).because(SOLD_CREATES)]);
    let sold = finalized().did([mark_sold(QUOTE, SALE)]);
    assert_eq!(sold.file.state(), Some(ContactState::SoldPendingApproval));
}

#[test]
fn only_a_finalized_quote_is_sold() {
    for quote in [draft(), sold_quote(), not_approved(), lost()] {
        quote.when(mark_sold(QUOTE, SECOND_SALE)).then_refused(Code::WrongState);
    }
}

#[test]
fn a_sign_date_is_the_first_instant_of_its_local_day_and_not_in_the_future() {
    let monday = "2026-03-02T05:00:00Z";
    let sold = finalized().when(mark_sold(QUOTE, SALE).with("sign_date", "2026-03-02"));
    sold.then([quote_sold(QUOTE, SALE, monday), sale_created(SALE, QUOTE, monday, true).because(SOLD_CREATES)]);
    finalized().when(mark_sold(QUOTE, SALE).with("sign_date", "2026-03-03")).then_refused_at(Code::FieldInvalid, "/sign_date");
    let sold = finalized().when(mark_sold(QUOTE, SALE).with("sign_date", NOON));
    sold.then([quote_sold(QUOTE, SALE, NOON), sale_created(SALE, QUOTE, NOON, true).because(SOLD_CREATES)]);
}

#[test]
fn nothing_is_signed_before_the_day_its_journey_opened_unless_another_system_says_so() {
    let sunday = "2026-03-01T05:00:00Z";
    let early = || mark_sold(QUOTE, SALE).with("sign_date", "2026-03-01");
    finalized().when(early()).then_refused_at(Code::FieldInvalid, "/sign_date");
    finalized().when(mark_sold(QUOTE, SALE).with("sign_date", "2026-03-02T04:59:59Z")).then_refused_at(Code::FieldInvalid, "/sign_date");
    let imported = finalized().by(Role::Importer).when(early());
    imported.then([quote_sold(QUOTE, SALE, sunday), sale_created(SALE, QUOTE, sunday, true).because(SOLD_CREATES)]);
}

#[test]
fn a_sign_date_on_a_day_of_a_clock_change_begins_at_its_own_midnight() {
    let stands = || given([added(), demo_held(MeetingResult::DemoedNotSold), quote_created(QUOTE, ANA), without_end()]);
    for (day, midnight) in [
        ("2026-03-08", "2026-03-08T05:00:00Z"),
        ("2026-03-09", "2026-03-09T04:00:00Z"),
        ("2026-11-01", "2026-11-01T04:00:00Z"),
        ("2026-11-02", "2026-11-02T05:00:00Z"),
    ] {
        let sold = stands().at("2026-12-01T00:00:00Z").when(mark_sold(QUOTE, SALE).with("sign_date", day));
        sold.then([quote_sold(QUOTE, SALE, midnight), sale_created(SALE, QUOTE, midnight, true).because(SOLD_CREATES)]);
    }
}

#[test]
fn a_live_user_says_when_it_was_signed_and_where_the_paper_is_or_why_there_is_none() {
    finalized().when(mark_sold(QUOTE, SALE).without("sign_date")).then_refused_at(Code::FieldRequired, "/sign_date");
    let without_paper = || mark_sold(QUOTE, SALE).without("paper");
    finalized().when(without_paper()).then_refused_at(Code::FieldRequired, "/paper");
    finalized().when(without_paper().without("sign_date")).then_refused_saying("sign_date and either paper or reason must be filled in here");
    let told = |marked: Facts| [marked, facts(quote_sold(QUOTE, SALE, NOON).list.split_off(1)), sale_created(SALE, QUOTE, NOON, true).because(SOLD_CREATES)];
    let marked = || facts([QuoteEvent::MarkedSold { quote: QUOTE, journey: FIRST, paper: None, reason: None }]);
    finalized().when(without_paper().with("reason", "sent by mail")).then(told(marked().with("reason", line("sent by mail"))));
    finalized().by(Role::Importer).when(without_paper().without("sign_date")).then(told(marked()));
}

#[test]
fn a_sale_has_a_new_id() {
    let two = given([added(), sold(), quote_ready(SECOND_QUOTE)]);
    two.when(mark_sold(SECOND_QUOTE, SALE)).then_refused_at(Code::IdTaken, "/sale");
}

#[test]
fn quotes_are_sold_by_reps_and_sales_managers() {
    finalized().by(Role::Rehash).when(mark_sold(QUOTE, SALE)).then_refused(Code::WrongRole);
    finalized().by(Role::Rep).when(mark_sold(QUOTE, SALE)).then([quote_sold(QUOTE, SALE, NOON), sale_created(SALE, QUOTE, NOON, true).because(SOLD_CREATES)]);
}

#[test]
fn several_quotes_of_a_journey_may_be_sold_and_each_makes_its_own_sale() {
    let two = given([added(), sold(), quote_ready(SECOND_QUOTE)]);
    two.when(mark_sold(SECOND_QUOTE, SECOND_SALE))
        .then([quote_sold(SECOND_QUOTE, SECOND_SALE, NOON), sale_created(SECOND_SALE, SECOND_QUOTE, NOON, true).because(SOLD_CREATES)]);
}

// Lose

#[test]
fn an_open_quote_is_lost_for_a_reason() {
    draft().when(lose_quote(QUOTE)).then([quote_lost(QUOTE, "too dear")]);
    finalized().when(lose_quote(QUOTE)).then([quote_lost(QUOTE, "too dear")]);
    for quote in [sold_quote(), not_approved(), lost()] {
        quote.when(lose_quote(QUOTE)).then_refused(Code::WrongState);
    }
    draft().by(Role::Rehash).when(lose_quote(QUOTE)).then_refused(Code::WrongRole);
}

#[test]
fn why_a_quote_was_lost_comes_from_the_companys_list() {
    let defined = CompanyEvent::ReasonDefined { reason: REASON, list: ReasonList::QuoteLost, name: label("Too dear") };
    let listed = || draft().settled([defined.clone()]);
    listed().when(lose_quote(QUOTE)).then([quote_lost(QUOTE, "Too dear").with("reason_id", REASON)]);
    listed().when(lose_quote(QUOTE).with("reason", "bad mood")).then_refused_at(Code::UnknownReason, "/reason");
}

#[test]
fn losing_the_last_quote_does_not_lose_the_contact() {
    assert_eq!(draft().did([lose_quote(QUOTE)]).file.state(), Some(ContactState::QuoteInProgress));
}

// Expire

/// The last instant of the first of April in New York, until which the quotes of these tests stand.
const END: &str = "2026-04-02T03:59:59.999999Z";
const NEXT_DAY: &str = "2026-04-02T15:00:00Z";

fn expired() -> Given {
    given([added(), demo_held(MeetingResult::DemoedNotSold), quote_ready(QUOTE), quote_expired(QUOTE)])
}

fn run(quote: QuoteId) -> Command {
    Command::Due(Timer::ExpireQuote(quote))
}

#[test]
fn a_finalized_quote_expires_once_its_time_is_over() {
    finalized().at(END).when(run(QUOTE)).then([quote_expired(QUOTE)]);
    finalized().at(NOON).when(run(QUOTE)).then([]);
    for quote in [demoed(), draft(), sold_quote(), not_approved(), lost(), expired()] {
        quote.at(END).when(run(QUOTE)).then([]);
    }
    given([added(), quote_created(QUOTE, ANA), without_end()]).at(END).when(run(QUOTE)).then([]);
}

#[test]
fn an_expired_quote_can_be_lost_or_revised_and_nothing_else() {
    expired().when(lose_quote(QUOTE)).then([quote_lost(QUOTE, "too dear")]);
    expired().when(revise_quote(QUOTE, SECOND_QUOTE)).then([quote_superseded(QUOTE, SECOND_QUOTE), quote_created(SECOND_QUOTE, ANA).with("revises", QUOTE)]);
    for command in [edit_quote(QUOTE), finalize(QUOTE), reopen_quote(QUOTE), mark_sold(QUOTE, SALE)] {
        expired().when(command).then_refused(Code::WrongState);
    }
    assert_eq!(expired().file.state(), Some(ContactState::QuoteInProgress));
}

#[test]
fn what_is_asked_after_the_end_finds_the_quote_expired_though_nobody_ran_the_timer() {
    let lost = finalized().at(NEXT_DAY).when(lose_quote(QUOTE));
    lost.then([quote_expired(QUOTE).at(END), quote_lost(QUOTE, "too dear")]);
    let another = finalized().at(NEXT_DAY).when(add_quote(SECOND_QUOTE));
    another.then([quote_expired(QUOTE).at(END), quote_created(SECOND_QUOTE, ANA)]);
    finalized().at(NEXT_DAY).when(mark_sold(QUOTE, SALE)).then_refused(Code::WrongState);
    // To the last moment it stands.
    finalized()
        .at(END)
        .when(mark_sold(QUOTE, SALE).with("sign_date", END))
        .then([quote_sold(QUOTE, SALE, END), sale_created(SALE, QUOTE, END, true).because(SOLD_CREATES)]);
}

#[test]
fn quotes_expire_in_the_order_of_their_ends() {
    let earlier = "2026-03-10T00:00:00Z";
    let two = finalized().did([add_quote(SECOND_QUOTE), finalize(SECOND_QUOTE).with("valid_until", earlier)]);
    two.at(NEXT_DAY).when(add_quote(NO_QUOTE)).then([quote_expired(SECOND_QUOTE).at(earlier), quote_expired(QUOTE).at(END), quote_created(NO_QUOTE, ANA)]);
}

#[test]
fn what_changes_nothing_makes_no_quote_expire() {
    finalized().at(NEXT_DAY).when(change_source(RADIO)).then([]);
}

#[test]
fn in_a_log_that_went_on_a_quote_expires_with_its_last_event() {
    let mut on = finalized();
    on.file.evolve(&facts([crate::profile::ContactEvent::SourceChanged { source: HOME_SHOW }]).list[0], instant("2026-04-02T10:00:00Z"));
    on.at(NEXT_DAY).when(lose_quote(QUOTE)).then([quote_expired(QUOTE).at("2026-04-02T10:00:00Z"), quote_lost(QUOTE, "too dear")]);
}

#[test]
fn the_time_of_a_quote_ends_with_its_sale_its_loss_or_itself() {
    use crate::timer::{Change, changed_by};
    let timer = Timer::ExpireQuote(QUOTE);
    let changes = |told: Facts| told.list.iter().map(changed_by).collect::<Vec<_>>();
    assert_eq!(changes(quote_ready(QUOTE)), [None, Some(Change::Arm(timer, instant(END)))]);
    assert_eq!(changes(quote_sold(QUOTE, SALE, NOON)), [None, Some(Change::Disarm(timer))]);
    assert_eq!(changes(quote_lost(QUOTE, "no")), [Some(Change::Disarm(timer))]);
    assert_eq!(changes(quote_expired(QUOTE)), [Some(Change::Disarm(timer))]);
    assert_eq!(changes(quote_reopened(QUOTE)), [Some(Change::Disarm(timer))]);
    assert_eq!(changes(quote_superseded(QUOTE, SECOND_QUOTE)), [Some(Change::Disarm(timer))]);
}
