//! The matrix: each transition from each wrong state, by each wrong role, and with each required field missing is refused in its own way, and
//! nothing is stored. The tables say what is wrong; the domain's own matrix has tried the rules, this one tries the whole product.

use crate::play::Play;
use crate::world::World;
use api::app::{Asker, Request, Wish};
use chrono::{DateTime, TimeDelta, Utc};
use domain::blueprint::{Blueprint, CHANGE_ORDER, CONTACT, DEMO, From, JOB, PLAIN_MEETING, QUOTE, SALE, State, Step};
use domain::contact_file::{Action, ContactFile};
use domain::id::ContactId;
use domain::role::Role;
use domain::wire;
use eventstore::WriteError;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use uuid::Uuid;

/// These take another contact or settings that this company has not.
const ELSEWHERE: &[&str] = &["contact.change_category", "contact.merge", "contact.unmerge", "contact.join_campaign", "contact.leave_campaign"];

/// These turn a sale or its job back, or aside.
const TURNING: &[&str] = &["sale.cancel", "sale.rescind", "sale.change_rep", "sale.post_entry", "job.change_standing", "job.not_authorize"];

/// How many contacts live at most until one of them was in every state; a hundred are usual.
const MOST_CONTACTS: u128 = 300;

/// A button of a record in a state: table, state, command, kind.
type Place = (&'static str, &'static str, &'static str, Option<&'static str>);

#[tokio::test]
async fn what_the_tables_do_not_permit_is_refused_and_stores_nothing() {
    for world in World::both().await {
        let mut trial = Trial { play: Play::new(&world, 2), world: &world, tried: BTreeSet::new(), reached: BTreeSet::new() };
        let first: DateTime<Utc> = "2025-01-06T15:00:00Z".parse().unwrap();
        let mut untried = every_place();
        for n in 1..=MOST_CONTACTS {
            trial.contact(n, first + TimeDelta::days(3 * n as i64)).await;
            untried.retain(|place| !trial.tried.contains(place));
            if untried.is_empty() {
                break;
            }
        }
        assert_eq!(untried, [], "nobody tried these buttons in these states");
    }
}

/// Every button of every table in every state.
fn every_place() -> Vec<Place> {
    fn of<S: State>(table: &'static Blueprint<S>) -> impl Iterator<Item = Place> {
        let buttons: BTreeSet<_> = buttons(table).map(|step| (step.command, step.kind)).collect();
        let buttons = buttons.into_iter().filter(|(command, _)| !ELSEWHERE.contains(command));
        buttons.flat_map(move |(command, kind)| S::ALL.iter().map(move |state| (table.of, state.name(), command, kind)))
    }
    of(&CONTACT).chain(of(&DEMO)).chain(of(&QUOTE)).chain(of(&SALE)).chain(of(&JOB)).chain(of(&CHANGE_ORDER)).collect()
}

/// The rows that people press on a record that is there.
fn buttons<S: State>(table: &'static Blueprint<S>) -> impl Iterator<Item = &'static Step<S>> {
    table.steps.iter().filter(|step| !step.is_automatic() && !matches!(step.from, From::Nothing))
}

struct Trial<'a> {
    play: Play,
    world: &'a World,
    /// The buttons that were tried where they are.
    tried: BTreeSet<Place>,
    /// The states that a record came into.
    reached: BTreeSet<(&'static str, &'static str)>,
}

impl Trial<'_> {
    /// Lets a contact live, towards states where nobody was yet, and tries at each step what may not be done.
    async fn contact(&mut self, n: u128, mut at: DateTime<Utc>) {
        let contact = self.play.begin(n, at).await;
        // Some are left alone for so long that their time limits move them.
        let slow = n.is_multiple_of(3);
        let step = if slow { TimeDelta::days(6) } else { TimeDelta::hours(7) };
        let mut notice_runs = false;
        for _ in 0..40 {
            at += if notice_runs { TimeDelta::days(12) } else { step };
            self.refusals(contact, at).await;
            if slow && self.play.chance.below(2) == 0 {
                continue;
            }
            let (open, shut): (Vec<Action>, Vec<Action>) = self.play.actions(contact, at).await.into_iter().partition(|action| action.allowed);
            notice_runs = shut.iter().any(|action| (action.command, action.state) == ("sale.file_lien", "sent_customer_notice"));
            // Voiding a journey leads to where the contact's other journey is: nowhere new.
            let leads_on =
                |action: &&Action| action.command != "journey.void" && action.leads_to.iter().any(|state| !self.reached.contains(&(action.of, *state)));
            let onward: Vec<Action> = open.iter().filter(leads_on).filter(|action| !ELSEWHERE.contains(&action.command)).cloned().collect();
            let deep: Vec<Action> = open.iter().filter(|action| ["job", "sale"].contains(&action.of) && !TURNING.contains(&action.command)).cloned().collect();
            let action = match self.play.chance.below(3) {
                0 if !deep.is_empty() => Some(self.play.chance.pick(&deep).clone()),
                1.. if !onward.is_empty() => Some(self.play.chance.pick(&onward).clone()),
                _ => self.play.open_action(contact, at).await,
            };
            let Some(action) = action else { continue };
            let fields = self.fields(&action, contact, at).await;
            self.play.press(contact, action.command, fields, at).await;
        }
    }

    /// Tries every button of every record that was not tried in its state.
    async fn refusals(&mut self, contact: ContactId, at: DateTime<Utc>) {
        let file = self.world.app.contact_file(self.world.company, contact).await.unwrap();
        for action in self.play.actions(contact, at).await {
            self.reached.insert((action.of, action.state));
            if ELSEWHERE.contains(&action.command) || !self.tried.insert((action.of, action.state, action.command, action.kind)) {
                continue;
            }
            if action.allowed {
                self.wrong_roles(contact, &action, at).await;
                self.missing_fields(contact, &action, at).await;
            } else if let Some(why) = &action.why_not {
                self.refused(contact, &action, at, 409, why.code).await;
            }
        }
        for action in out_of_place(&file) {
            self.reached.insert((action.of, action.state));
            if self.tried.insert((action.of, action.state, action.command, action.kind)) {
                self.refused(contact, &action, at, 409, "wrong_state").await;
            }
        }
    }

    /// Fields for a button: for its own journey, where the command would else take the contact's.
    async fn fields(&mut self, action: &Action, contact: ContactId, at: DateTime<Utc>) -> Value {
        let mut fields = self.play.fields(action, contact, at).await;
        if action.command == "contact.lose" {
            fields["journey"] = json!(action.id);
        }
        fields
    }

    async fn refused(&mut self, contact: ContactId, action: &Action, at: DateTime<Utc>, status: u16, code: &str) {
        let fields = self.fields(action, contact, at).await;
        let answer = self.sends(contact, action, fields, at).await;
        assert_eq!((answer.0, answer.1.as_str()), (status, code), "{} in {} {}", action.command, action.of, action.state);
    }

    /// By each role that does not stand in the row.
    async fn wrong_roles(&mut self, contact: ContactId, action: &Action, at: DateTime<Utc>) {
        let who = who(action);
        self.world.clock.set(&at.to_rfc3339());
        for role in Role::PEOPLE.iter().filter(|role| !who.contains(role)) {
            let fields = self.fields(action, contact, at).await;
            let before = self.world.position().await;
            let wish = Wish::Contact(contact, wire::command(action.command, fields).unwrap());
            let request = Request { wish, at: Some(at.into()), asker: Asker { by: None, roles: vec![*role] }, expected_version: None };
            let answer = self.world.app.execute(self.world.company, Uuid::nil(), request, None).await;
            let Err(WriteError::Refused(refusal)) = answer else { panic!("{} by {role:?}: {answer:?}", action.command) };
            assert_eq!(refusal.code.as_str(), "wrong_role", "{} by {role:?} in {} {}", action.command, action.of, action.state);
            assert_eq!(self.world.position().await, before);
        }
    }

    /// Without each of the fields that the row asks for.
    async fn missing_fields(&mut self, contact: ContactId, action: &Action, at: DateTime<Utc>) {
        for ask in &action.asks {
            // What is so already, such as the rep that chance picked, needs no fields: another one is picked then.
            let (status, code, pointers) = loop {
                let mut fields = self.fields(action, contact, at).await;
                for name in ask.split('|') {
                    fields.as_object_mut().unwrap().remove(name);
                }
                let answer = self.sends(contact, action, fields, at).await;
                if answer.0 != 200 {
                    break answer;
                }
            };
            let field = format!("/{}", ask.split('|').next().unwrap());
            assert_eq!((status, code.as_str(), pointers.contains(&field)), (422, "field_required", true), "{} without {ask}: {pointers:?}", action.command);
        }
    }

    /// Sends a command over HTTP, which must store nothing. Answers its status, code and pointers.
    async fn sends(&self, contact: ContactId, action: &Action, fields: Value, at: DateTime<Utc>) -> (u16, String, Vec<String>) {
        self.world.clock.set(&at.to_rfc3339());
        let route = api::http::ROUTES.iter().find(|route| route.command == action.command).unwrap();
        let mut fields = fields;
        let mut path = route.path.replace("{contact}", &contact.to_string());
        for name in route.path_fields().filter(|name| *name != "contact") {
            let value = fields.as_object_mut().unwrap().remove(name).unwrap_or(json!(action.id));
            path = path.replace(&format!("{{{name}}}"), value.as_str().unwrap());
        }
        let before = self.world.position().await;
        let answer = self.world.post(&format!("/api/v1{path}"), fields).await;
        assert_eq!(self.world.position().await, before, "{} in {} {} stored something: {answer:?}", action.command, action.of, action.state);
        (answer.status.as_u16(), answer.code().to_owned(), answer.pointers().into_iter().map(str::to_owned).collect())
    }
}

/// The roles of a button in the state where it is.
fn who(action: &Action) -> BTreeSet<Role> {
    fn of<S: State>(table: &Blueprint<S>, action: &Action) -> Vec<Role> {
        let state = S::ALL.iter().find(|state| state.name() == action.state).copied();
        let rows = table.steps.iter().filter(|step| step.command == action.command && step.kind == action.kind && !step.is_automatic());
        rows.filter(|step| step.starts_from(state)).flat_map(|step| step.who.iter().copied()).collect()
    }
    let all = [of(&CONTACT, action), of(&QUOTE, action), of(&SALE, action), of(&JOB, action), of(&CHANGE_ORDER, action)];
    let tables = ["contact", "quote", "sale", "job", "change_order"];
    match tables.iter().position(|of| *of == action.of) {
        Some(at) => all[at].iter().copied().collect(),
        None => of(&DEMO, action).into_iter().chain(of(&PLAIN_MEETING, action)).collect(),
    }
}

/// The buttons of records where they are not, such as those of a sold quote, which the list of transitions leaves out.
fn out_of_place(file: &ContactFile) -> Vec<Action> {
    let mut found = Vec::new();
    if file.is_erased() {
        return found;
    }
    file.meetings.iter().for_each(|(id, meeting)| found.extend(not_from(meeting.blueprint(), id.0, meeting.state)));
    file.quotes.iter().for_each(|(id, quote)| found.extend(not_from(&QUOTE, id.0, quote.state)));
    for (id, sale) in &file.sales {
        found.extend(not_from(&SALE, id.0, sale.state));
        found.extend(not_from(&JOB, id.0, sale.job.status));
        sale.change_orders.iter().for_each(|(order, change_order)| found.extend(not_from(&CHANGE_ORDER, order.0, change_order.state)));
    }
    found
}

fn not_from<S: State>(table: &'static Blueprint<S>, id: Uuid, state: S) -> Vec<Action> {
    let starts_here = |command: &str| buttons(table).any(|step| step.command == command && step.starts_from(Some(state)));
    let action = |step: &Step<S>| Action {
        command: step.command,
        kind: step.kind,
        label: step.label,
        of: table.of,
        id,
        state: state.name(),
        allowed: false,
        why_not: None,
        leads_to: vec![],
        asks: vec![],
    };
    buttons(table).filter(|step| !starts_here(step.command)).map(action).collect()
}
