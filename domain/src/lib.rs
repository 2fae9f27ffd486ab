//! What Leadtrail knows about its business: facts, rules and figures, without IO, clock or chance.
//!
//! In reading order:
//! - [`id`], [`instant`], [`money`], [`text`], [`personal`], [`address`], [`reference`]: the small values;
//! - [`holidays`]: which days are business days;
//! - [`role`], [`context`], [`refusal`]: who asks, under which circumstances, and how a rule says no;
//! - [`blueprint`]: the processes as tables;
//! - [`profile`], [`journey`], [`meeting`], [`quote`], [`sale`]: the parts of a contact file, each with its events and commands;
//! - [`policy`]: rules across the parts, named as sentences;
//! - [`contact_file`]: the aggregate that composes them;
//! - [`company`]: the settings of a company, as facts;
//! - [`figure`]: windows and indexes;
//! - [`wire`]: how facts and commands are written and read; [`claim`], [`timer`], [`message`]: what facts do beside being recorded;
//! - [`likeness`]: by what two contacts may be the same.

pub mod address;
pub mod blueprint;
pub mod claim;
pub mod company;
pub mod contact_file;
pub mod context;
pub mod dates;
pub mod figure;
pub mod holidays;
pub mod id;
pub mod instant;
pub mod journey;
pub mod likeness;
pub mod meeting;
pub mod message;
pub mod money;
pub mod personal;
pub mod policy;
pub mod profile;
pub mod quote;
pub mod reference;
pub mod refusal;
pub mod role;
pub mod sale;
pub mod text;
pub mod timer;
pub mod wire;

#[cfg(test)]
mod testing;

pub use contact_file::{Command, ContactFile};
pub use context::Context;
pub use instant::Instant;
pub use money::Money;
pub use personal::Personal;
pub use refusal::{Code, Refusal};
pub use role::{Actor, Role};
pub use timer::Timer;
pub use wire::Fact;
