//! Given, when, then: a small language in which the rules are told as tests.
//!
//! `given` takes what happened, `when` what is asked, `then` the whole answer: every fact in order, with the rule that
//! asked for it. The cast works for a company in the State of New York that sells windows, roofing and gutters.

mod asks;
mod cast;
mod facts;
pub mod golden;
mod sale_facts;
pub mod walk;

pub use asks::*;
pub use cast::*;
pub use facts::*;
pub use sale_facts::*;

use crate::company::{Company, CompanyEvent};
use crate::contact_file::{Caused, Command, ContactFile, open_transitions};
use crate::context::Context;
use crate::instant::Instant;
use crate::refusal::{Code, Kind, Refusal};
use crate::role::{Actor, Role};
use crate::wire::Fact;
use std::sync::LazyLock;

static COMPANY: LazyLock<Company> = LazyLock::new(company);

/// A contact with a past. Unless told otherwise somebody with every role asks, on Monday at noon.
pub fn given(history: impl IntoIterator<Item = Facts>) -> Given {
    let mut file = ContactFile::default();
    history.into_iter().flat_map(|facts| facts.list).for_each(|fact| file.evolve(&fact, instant(MONDAY)));
    Given { file, at: instant(NOON), actor: Actor::with_every_role(Some(SAM)), company: &COMPANY }
}

/// A contact file, and the circumstances of the next command.
#[derive(Clone)]
pub struct Given {
    pub file: ContactFile,
    pub at: Instant,
    pub actor: Actor,
    pub company: &'static Company,
}

impl Given {
    /// The business time of what is asked next.
    pub fn at(self, time: &str) -> Given {
        Given { at: instant(time), ..self }
    }

    /// Sam asks, with this role only.
    pub fn by(self, role: Role) -> Given {
        Given { actor: Actor { person: Some(SAM), roles: vec![role] }, ..self }
    }

    /// Nobody in particular asks, with every role: a program with the token.
    pub fn by_nobody(self) -> Given {
        Given { actor: Actor::with_every_role(None), ..self }
    }

    /// The same in a company that has settled this as well.
    pub fn settled(self, events: impl IntoIterator<Item = CompanyEvent>) -> Given {
        self.with_company(|company| events.into_iter().for_each(|event| company.evolve(&event)))
    }

    /// The same in a company with other settings.
    pub fn with_company(self, change: impl FnOnce(&mut Company)) -> Given {
        let mut company = self.company.clone();
        change(&mut company);
        Given { company: Box::leak(Box::new(company)), ..self }
    }

    /// More of the past, told as commands that were accepted.
    pub fn did(mut self, commands: impl IntoIterator<Item = Command>) -> Given {
        for command in commands {
            let decided = self.file.decide(&command, &self.context()).unwrap_or_else(|refusal| panic!("{command:?} was refused: {refusal}"));
            decided.iter().for_each(|caused| self.file.evolve(&caused.fact, caused.at));
        }
        self
    }

    /// The circumstances as rules see them.
    pub fn context(&self) -> Context<'static> {
        Context { at: self.at, actor: self.actor.clone(), company: self.company }
    }

    /// Asks.
    pub fn when(self, command: Command) -> Answer {
        let before = self.file.clone();
        let answer = self.file.decide(&command, &self.context());
        assert_eq!(before, self.file, "deciding changes nothing");
        Answer { given: self, answer }
    }
}

/// What a command was answered with.
pub struct Answer {
    given: Given,
    answer: Result<Vec<Caused>, Refusal>,
}

impl Answer {
    /// These facts, in this order, for these reasons, and no others.
    #[track_caller]
    pub fn then(self, expected: impl IntoIterator<Item = Facts>) {
        let now = self.given.at;
        let caused = |facts: Facts| facts.list.into_iter().map(move |fact| Caused { at: facts.at.unwrap_or(now), fact, by: facts.by });
        let expected: Vec<Caused> = expected.into_iter().flat_map(caused).collect();
        match self.answer {
            Ok(decided) => assert_eq!(decided, expected),
            Err(refusal) => panic!("refused: {} {:?} {}", refusal.code.as_str(), refusal.pointers, refusal.detail),
        }
    }

    /// The facts themselves, where a test looks at a part of one.
    #[track_caller]
    pub fn decided(self) -> Vec<Fact> {
        self.answer.unwrap().into_iter().map(|caused| caused.fact).collect()
    }

    /// Refused for what the contact's state or the actor's role is: the answer says what may be done instead.
    #[track_caller]
    pub fn then_refused(self, code: Code) {
        let refusal = self.refusal();
        assert_eq!((refusal.code, refusal.pointers.len()), (code, 0), "{}", refusal.detail);
        let open = if matches!(code.kind(), Kind::Conflict | Kind::Forbidden) { open_transitions(&self.given.file, &self.given.context()) } else { vec![] };
        assert_eq!(refusal.open, open);
    }

    /// Refused because of a field.
    #[track_caller]
    pub fn then_refused_at(self, code: Code, field: &str) {
        let refusal = self.refusal();
        assert_eq!((refusal.code, refusal.pointers, refusal.open), (code, vec![field.to_owned()], vec![]), "{}", refusal.detail);
    }

    /// Refused with this sentence for people.
    #[track_caller]
    pub fn then_refused_saying(self, detail: &str) {
        assert_eq!(self.refusal().detail, detail);
    }

    #[track_caller]
    fn refusal(&self) -> Refusal {
        self.answer.clone().expect_err("it should have been refused")
    }
}
