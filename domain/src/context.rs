//! What a decision knows besides the contact file: time, actor and the company's settings.

use crate::company::Company;
use crate::instant::Instant;
use crate::role::Actor;

/// The circumstances of one command. Everything a rule may know arrives here; rules read no clock.
#[derive(Clone, Debug)]
pub struct Context<'a> {
    /// The business time: when it happened.
    pub at: Instant,
    /// Who asks.
    pub actor: Actor,
    /// The company's settings.
    pub company: &'a Company,
}

impl Context<'_> {
    /// The same circumstances, with a rule of the product as the actor.
    pub fn as_system(&self) -> Self {
        Context { at: self.at, actor: self.actor.as_system(), company: self.company }
    }
}
