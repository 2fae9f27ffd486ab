//! The store's promises, as functions of a store: whoever brings a database can have it tell whether they are kept.
//!
//! They fail by panic, as tests do, and are for tests alone. Each makes its companies itself, always two with the
//! same stream ids, and leaves behind logs that verify.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "promises are checked by assertion")]

mod appends;
mod claims;
mod faults;
mod followers;
mod kinds;
mod later;
mod leases;
mod logs;
mod notebook;
mod proofs;
mod receipts;
mod seals;
mod tampering;
mod world;
mod writers;

pub use appends::*;
pub use claims::*;
pub use faults::*;
pub use followers::*;
pub use kinds::*;
pub use later::*;
pub use leases::*;
pub use logs::*;
pub use proofs::*;
pub use receipts::*;
pub use seals::*;
pub use tampering::*;
pub use writers::*;
