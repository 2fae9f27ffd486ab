//! What holds for every history, tried on random walks.

use crate::blueprint::{CHANGE_ORDER, CONTACT, ContactState, JOB, JobStatus, MeetingState, QUOTE, QuoteState, SALE, SaleState, State, Step, To};
use crate::claim::{REP_TIME, freed_by, shared_by, taken_by};
use crate::contact_file::{Action, ContactFile, actions};
use crate::id::SaleId;
use crate::journey::{JourneyEvent, Origin, Outcome};
use crate::meeting::MeetingKind;
use crate::money::Money;
use crate::refusal::Code;
use crate::sale::{EntryKind, Sale, SaleEvent};
use crate::testing::walk::{Move, every_command, steps, turns_of_a_sale, walk, walk_from};
use crate::testing::*;
use crate::timer::Timer;
use crate::wire::{self, Fact};
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};

fn config() -> ProptestConfig {
    ProptestConfig { cases: 40, max_shrink_iters: 200, failure_persistence: None, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(config())]

    /// Whatever happened, the parts of a file agree with each other.
    #[test]
    fn the_parts_of_a_file_agree(steps in steps(40)) {
        for step in walk(&steps) {
            agrees(&step.after);
            the_lost_have_nothing_to_come(&step);
        }
    }

    /// Whatever happened, the books are right: what is owed is the sum of the entries, and what is sold the sum of what moved it.
    #[test]
    fn the_books_are_right(steps in steps(50)) {
        let mut history = Vec::new();
        for step in walk(&steps) {
            history.extend(step.decided.into_iter().map(|caused| caused.fact));
            balanced(&history, &step.after.file);
            reconciled(&history, &step.after.file);
        }
    }

    /// However often a sale is canceled and brought back, its books are right: each fee is posted as it was charged, and who is dunned owes something.
    #[test]
    fn the_books_are_right_after_every_turn_of_a_sale(steps in steps(30)) {
        let official = given([added(), sold_and_approved()]);
        let mut history = sold_and_approved().list;
        for step in walk_from(official, turns_of_a_sale, &steps) {
            history.extend(step.decided.into_iter().map(|caused| caused.fact));
            balanced(&history, &step.after.file);
        }
    }

    /// Whatever happened, a contact holds the time that its issued meetings take, and no other.
    #[test]
    fn a_contact_holds_the_time_of_its_meetings(steps in steps(60)) {
        let mut held = BTreeSet::new();
        for step in walk(&steps).into_iter().take_while(|step| !step.after.file.is_erased()) {
            for fact in step.decided.iter().map(|caused| &caused.fact) {
                held.retain(|half_hour| freed_by(fact).iter().all(|claim| claim.value != *half_hour));
                held.extend(taken_by(fact).into_iter().chain(shared_by(fact)).filter(|claim| claim.kind == REP_TIME).map(|claim| claim.value));
            }
            let taken = step.after.file.meetings.values().filter_map(|meeting| meeting.takes.as_ref()).flat_map(|time| time.slots());
            prop_assert_eq!(&held, &taken.map(|(rep, slot)| format!("{rep}/{slot}")).collect(), "{:?}", step.command);
        }
    }

    /// Folding in two halves equals folding at once, and equals what the decider saw.
    #[test]
    fn folding_in_two_halves_equals_folding_at_once(steps in steps(40), cut in any::<prop::sample::Index>()) {
        let moves = walk(&steps);
        let history: Vec<_> = moves.iter().flat_map(|step| step.decided.iter().map(|caused| (&caused.fact, caused.at))).collect();
        let whole = ContactFile::fold(history.iter().copied());
        let cut = cut.index(history.len() + 1);
        let mut halves = ContactFile::fold(history[..cut].iter().copied());
        history[cut..].iter().for_each(|(fact, at)| halves.evolve(fact, *at));
        prop_assert_eq!(&halves, &whole);
        prop_assert_eq!(&whole, &moves.last().map(|step| step.after.file.clone()).unwrap_or_default());
    }

    /// What was decided can be written and read again as the same fact, and written again as the same bytes.
    #[test]
    fn a_decided_fact_is_read_as_it_was_written(steps in steps(40)) {
        for fact in walk(&steps).iter().flat_map(|step| &step.decided).map(|caused| &caused.fact) {
            let (name, data) = wire::encode(fact);
            let read = wire::decode(name, wire::FORMATS.newest(name), &data).unwrap();
            prop_assert_eq!(&read, fact);
            prop_assert_eq!(wire::encode(&read), (name, data));
        }
    }

    /// What a file's standing is, is read from JSON as it was written.
    #[test]
    fn a_standing_is_read_as_it_was_written(steps in steps(40)) {
        for step in walk(&steps) {
            let written = serde_json::to_string(&step.after.file.standing).unwrap();
            prop_assert_eq!(serde_json::from_str::<crate::contact_file::Standing>(&written).unwrap(), step.after.file.standing);
        }
    }

    /// The same command sent twice, with the ids the client made, makes nothing twice.
    #[test]
    fn the_same_command_twice_makes_nothing_twice(steps in steps(40)) {
        for Move { command, after, .. } in walk(&steps) {
            let again = after.file.decide(&command, &after.context()).unwrap_or_default();
            let made = again.iter().filter(|caused| makes_something(&caused.fact)).count();
            prop_assert_eq!(made, 0, "{:?}", command);
        }
    }

    /// Contact, journeys, meetings, quotes and sales move along the rows of their tables, and no other way.
    #[test]
    fn nothing_moves_but_along_the_tables(steps in steps(50)) {
        for step in walk(&steps) {
            moved_along_the_tables(&step);
        }
    }

    /// Whatever is sent, the answer is a fact that can be read again or a refusal, never a panic.
    #[test]
    fn nothing_that_is_sent_breaks_the_rules(steps in steps(30), choice in any::<prop::sample::Index>(), field in any::<prop::sample::Index>(), value in any_value()) {
        let Some(Move { after, .. }) = walk(&steps).pop() else { return Ok(()) };
        let every = every_command(after.at);
        let (name, mut fields) = every[choice.index(every.len())].sent();
        let field = fields.as_object().unwrap().keys().nth(field.index(fields.as_object().unwrap().len())).unwrap().clone();
        fields[field] = value;
        if let Ok(command) = wire::command(&name, fields) {
            for caused in after.file.decide(&command, &after.context()).unwrap_or_default() {
                let (name, data) = wire::encode(&caused.fact);
                prop_assert_eq!(wire::decode(name, wire::FORMATS.newest(name), &data).unwrap(), caused.fact);
            }
        }
    }

    /// What the list of buttons says of a button is what pressing it would say.
    #[test]
    fn a_button_is_what_pressing_it_would_be(steps in steps(25)) {
        if let Some(Move { after, .. }) = walk(&steps).last() {
            buttons_tell_the_truth(after);
        }
    }
}

/// A value that a field may or may not take: bounds, nonsense, other shapes.
fn any_value() -> impl Strategy<Value = serde_json::Value> {
    use serde_json::json;
    prop_oneof![
        any::<i64>().prop_map(|number| json!(number)),
        any::<f64>().prop_map(|number| json!(number)),
        any::<String>().prop_map(|text| json!(text)),
        prop::sample::select(vec![
            json!(null),
            json!([]),
            json!({}),
            json!(true),
            json!(1_000_000_000_000i64),
            json!(-1_000_000_000_000i64),
            json!("1900-01-02"),
            json!("2199-12-30"),
            json!("1900-01-01T00:00:00Z"),
            json!("2199-12-31T23:59:59.999999Z"),
            json!("1900-01-01T00:00:00+14:00"),
            json!("2016-12-31T23:59:60Z"),
            json!("Ana"),
            json!("radio"),
            json!([{ "description": "gold", "quantity": 1_000_000, "unit_price_minor": 1_000_000_000_000i64 }]),
        ]),
    ]
}

fn makes_something(fact: &Fact) -> bool {
    matches!(
        wire::encode(fact).0,
        "contact.added"
            | "journey.opened"
            | "meeting.set"
            | "quote.created"
            | "sale.created"
            | "change_order.created"
            | "change_order.approved"
            | "ledger.entry_posted"
    )
}

/// Every part of a file says the same about the whole.
fn agrees(given: &Given) {
    let file = &given.file;
    assert!(file.state().is_some(), "an added contact stands somewhere");
    let profile = file.profile().unwrap();
    let primary = file.primary().unwrap();
    let open_primary: Vec<_> = file.open_journeys().map(|(id, _)| id).filter(|id| file.standing.primaries.contains(id)).collect();
    assert!(open_primary.len() <= 1 && open_primary.iter().all(|open| *open == primary), "at most one primary journey is open");
    if file.standing.opted_out {
        assert_eq!(file.state(), Some(ContactState::DoNotContact), "who wants to be left alone stands so");
        assert!(profile.campaigns.is_empty(), "who wants to be left alone is in no campaign");
    } else if file.standing.journeys[&primary].open {
        assert_eq!(file.state(), Some(file.standing.journeys[&primary].state), "the contact follows its open primary journey");
    }
    for (id, journey) in &file.journeys {
        let stage = &file.standing.journeys[id];
        assert_eq!((stage.open, stage.voided), (journey.is_open(), journey.voided), "a closed journey has an outcome, an open one has none");
        let limited = matches!(stage.state, ContactState::AttemptedToSet | ContactState::Rest) && stage.open;
        assert_eq!(file.limits.contains_key(id), limited, "where a journey may not stay, its limit runs, and nowhere else");
        let sales = |holds: fn(&Sale) -> bool| file.sales.iter().filter(move |(_, sale)| sale.journey == *id && holds(sale)).map(|(sale, _)| *sale);
        assert!(sales(|sale| sale.state == SaleState::Sold).eq(stage.pending.iter().copied()), "sales that wait");
        assert!(sales(Sale::counts).eq(stage.official.iter().copied()), "sales that count");
        match journey.outcome {
            _ if journey.voided => {}
            None => {
                assert!(stage.official.is_empty(), "an official sale closes its journey");
                let follows = (journey.source, journey.product) == (profile.source, profile.product);
                assert!(follows || matches!(journey.origin, Origin::OtherProduct | Origin::Manual), "an open journey follows its contact");
            }
            Some(Outcome::Sold) => assert!(!stage.official.is_empty(), "sold is who has an official sale"),
            Some(Outcome::SoldCanceled) => assert!(stage.official.is_empty(), "canceled is who has none any more"),
            Some(Outcome::Lost | Outcome::NotSet | Outcome::DoNotContact) => {
                assert!(stage.official.is_empty() && stage.pending.is_empty(), "a lost journey has no sale that counts or may");
                assert!(!file.quotes.values().any(|quote| quote.journey == *id && quote.state.is_open()), "a lost journey has no open quote");
            }
        }
        if let Some(demo) = file.governing_demo(*id) {
            assert!(
                demo.kind.is_demo() && matches!(demo.state, MeetingState::Issued | MeetingState::Completed) && demo.rep.is_some(),
                "a demo governs while it is issued"
            );
        }
    }
    let mut taken = BTreeSet::new();
    for meeting in file.meetings.values() {
        let time = meeting.takes.as_ref();
        assert!(time.is_none() || meeting.state == MeetingState::Issued, "only an issued meeting takes time of its reps");
        let mut slots = time.into_iter().flat_map(|time| time.slots());
        assert!(slots.all(|slot| slot.0 == ANA || taken.insert(slot)), "nobody is at two meetings at once but Ana, who is overbooked on purpose");
    }
    for sale in file.sales.values() {
        let refused = sale.state == SaleState::NotApproved;
        let quote = if refused { QuoteState::NotApproved } else { QuoteState::Sold };
        assert_eq!(file.quotes[&sale.quote].state, quote, "a quote stands as its sale does");
        assert!(sale.contract.0 >= 0);
        let reviewed = matches!(sale.state, SaleState::Sold | SaleState::NotApproved);
        assert_eq!(sale.job.status == JobStatus::InSaleReview, reviewed, "a job is opened with its official sale");
        assert_eq!(sale.job.status == JobStatus::Canceled, sale.canceled_at.is_some(), "a job is canceled with its sale");
    }
    if file.state() == Some(ContactState::Customer) {
        assert!(file.standing.journeys.values().any(|stage| !stage.official.is_empty()), "a customer has bought");
    }
}

/// The balance is the sum of the entries, nothing of the contract is missing in it, and a sale stands as it says.
fn balanced(history: &[Fact], file: &ContactFile) {
    for (id, sale) in &file.sales {
        let entries = history.iter().filter_map(|fact| match fact {
            Fact::Sale(SaleEvent::LedgerEntryPosted { sale, kind, amount_minor, .. }) if sale == id => Some((*kind, *amount_minor)),
            _ => None,
        });
        let of_contract = |kind| matches!(kind, EntryKind::InitialSale | EntryKind::ChangeOrder | EntryKind::CanceledSale);
        let posted: Money = entries.clone().filter(|(kind, _)| of_contract(*kind)).map(|(_, amount)| amount).sum();
        let balance: Money = entries.map(|(_, amount)| amount).sum();
        assert_eq!(sale.balance(), balance);
        assert_eq!(posted, if sale.counts() { sale.contract } else { Money::ZERO }, "what counts is owed");
        fees_posted(history, *id);
        match sale.state {
            SaleState::PaidInFull | SaleState::SaleClosed => assert!(balance <= Money::ZERO, "who has paid owes nothing"),
            SaleState::BalanceDue | SaleState::CanceledWithBalance | SaleState::SentCustomerNotice | SaleState::LienFiled | SaleState::SentToAttorney => {
                assert!(balance > Money::ZERO, "who is dunned owes something")
            }
            SaleState::Sold | SaleState::NotApproved | SaleState::JobInProgress | SaleState::Canceled => {}
        }
    }
}

/// Each fee is posted as it was charged; one that was not paid is taken back whole when the sale comes back.
fn fees_posted(history: &[Fact], id: SaleId) {
    let mut charged = None;
    for fact in history {
        match fact {
            Fact::Sale(SaleEvent::CancelFeeCharged { sale, fee_minor, .. }) if *sale == id => charged = Some(*fee_minor),
            Fact::Sale(SaleEvent::LedgerEntryPosted { sale, kind: EntryKind::CancelFee, amount_minor, .. }) if *sale == id => {
                let fee = charged.unwrap();
                assert!([fee, fee.negated()].contains(amount_minor), "a fee of {fee:?} is posted as {amount_minor:?}");
            }
            _ => {}
        }
    }
}

/// Over all time, what moved official sales is what they come to now, journey by journey (METRICS C.6).
fn reconciled(history: &[Fact], file: &ContactFile) {
    let moved = |event: &SaleEvent| match event {
        SaleEvent::Created { amount_minor, .. } => *amount_minor,
        SaleEvent::ChangeOrderApproved { amount_minor, .. } | SaleEvent::ChangeOrderReversed { amount_minor, .. } => *amount_minor,
        SaleEvent::Canceled { contract_minor, .. } => contract_minor.negated(),
        SaleEvent::Reactivated { contract_minor, .. } => *contract_minor,
        _ => Money::ZERO,
    };
    for (id, stage) in &file.standing.journeys {
        let official = |event: &&SaleEvent| event.journey() == *id && file.sales.get(&event.sale()).is_some_and(|sale| sale.official);
        let events = history.iter().filter_map(|fact| if let Fact::Sale(event) = fact { Some(event) } else { None });
        let net_sold: Money = stage.official.iter().map(|sale| file.sales[sale].contract).sum();
        assert_eq!(events.filter(official).map(moved).sum::<Money>(), net_sold);
    }
}

/// A journey that is lost has no meeting to come but a service visit, only one that has begun and needs its result.
fn the_lost_have_nothing_to_come(step: &Move) {
    for caused in &step.decided {
        let Fact::Journey(
            JourneyEvent::Closed { journey, outcome: Outcome::Lost | Outcome::NotSet | Outcome::DoNotContact, .. } | JourneyEvent::Voided { journey, .. },
        ) = &caused.fact
        else {
            continue;
        };
        let open = step.after.file.meetings.values().filter(|meeting| meeting.journey == *journey && meeting.is_open() && meeting.kind != MeetingKind::Other);
        open.for_each(|meeting| assert!(meeting.state == MeetingState::Issued && meeting.start <= step.after.at));
    }
}

fn moved_along_the_tables(step: &Move) {
    let (name, _) = step.command.sent();
    let (mut before, after) = (step.before.file.clone(), &step.after.file);
    // What was overdue came first, each at its own instant and along a row of its own.
    let overdue: Vec<_> = step.decided.iter().filter(|caused| caused.at < step.after.at).collect();
    for done_at_once in overdue.chunk_by(|one, next| one.at == next.at) {
        let earlier = before.clone();
        done_at_once.iter().for_each(|caused| before.evolve(&caused.fact, caused.at));
        all_explained(Timer::COMMANDS, &earlier, &before, step);
    }
    all_explained(&[&name], &before, after, step);
}

fn all_explained(by: &[&str], before: &ContactFile, after: &ContactFile, step: &Move) {
    explained(CONTACT.steps, by, before.state(), after.state(), step);
    for (id, stage) in &after.standing.journeys {
        if let Some(earlier) = before.standing.journeys.get(id).filter(|_| !stage.voided) {
            explained(CONTACT.steps, by, Some(earlier.state), Some(stage.state), step);
        }
    }
    for (id, meeting) in &after.meetings {
        explained(meeting.blueprint().steps, by, before.meetings.get(id).map(|meeting| meeting.state), Some(meeting.state), step);
    }
    for (id, quote) in &after.quotes {
        explained(QUOTE.steps, by, before.quotes.get(id).map(|quote| quote.state), Some(quote.state), step);
    }
    for (id, sale) in &after.sales {
        let earlier = before.sales.get(id);
        explained(SALE.steps, by, earlier.map(|sale| sale.state), Some(sale.state), step);
        explained(JOB.steps, by, earlier.map(|sale| sale.job.status), Some(sale.job.status), step);
        for (order, now) in &sale.change_orders {
            let earlier = earlier.and_then(|sale| sale.change_orders.get(order));
            explained(CHANGE_ORDER.steps, by, earlier.map(|order| order.state), Some(now.state), step);
        }
    }
}

/// A record that moved did so along a row for one of these commands.
fn explained<S: State>(rows: &[Step<S>], by: &[&str], from: Option<S>, to: Option<S>, step: &Move) {
    let leads_there = |row: &Step<S>| match (&row.to, to) {
        (To::State(state), Some(to)) => *state == to,
        (To::OneOf(states), Some(to)) => states.contains(&to),
        _ => false,
    };
    let along_a_row = rows.iter().any(|row| by.contains(&row.command) && row.starts_from(from) && leads_there(row));
    assert!(from == to || along_a_row, "{from:?} to {to:?} by {:?}", step.command);
}

fn buttons_tell_the_truth(given: &Given) {
    let (file, context) = (&given.file, given.context());
    let buttons: BTreeMap<_, _> = actions(file, &context).into_iter().map(|action| ((action.command, action.kind, action.id), action)).collect();
    for command in every_command(given.at) {
        let (name, fields) = command.sent();
        let kind = (name == "meeting.set").then(|| fields["kind"].as_str().unwrap());
        let record = match name.split('.').next().unwrap() {
            "journey" => fields["journey"].clone(),
            "contact" | "meeting" | "quote" if name.ends_with(".set") || name.ends_with(".add") || name == "contact.assign_rehash" => fields["journey"].clone(),
            "contact" => {
                fields.get("journey").filter(|_| name == "contact.lose").cloned().unwrap_or_else(|| serde_json::to_value(file.primary().unwrap()).unwrap())
            }
            "job" => fields["sale"].clone(),
            "change_order" => fields.get("sale").unwrap_or(&fields["change_order"]).clone(),
            part => fields[part].clone(),
        };
        let Some(button) = buttons.values().find(|button| (button.command, button.kind) == (&name, kind) && record == button.id.to_string()) else { continue };
        match file.decide(&command, &context) {
            Ok(decided) => {
                assert!(button.allowed, "{button:?} but {command:?} is taken");
                let mut after = file.clone();
                decided.iter().for_each(|caused| after.evolve(&caused.fact, caused.at));
                let same = |other: &Action| (other.command, other.kind, other.id) == (button.command, button.kind, button.id);
                let end = actions(&after, &context).into_iter().find(same).filter(|_| !decided.is_empty());
                assert!(end.is_none_or(|end| button.leads_to.contains(&end.state)), "{button:?} does not say where {command:?} leads");
            }
            Err(refusal) if matches!(refusal.code, Code::WrongState | Code::WrongRole | Code::GuardFailed) => {
                let why_not = button.why_not.as_ref().map(|why| why.code);
                assert_eq!((button.allowed, why_not), (false, Some(refusal.code.as_str())), "{command:?}: {}", refusal.detail);
            }
            Err(_) => {}
        }
    }
}
