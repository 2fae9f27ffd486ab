//! The auditor pack: one contact's whole timeline in one file, with everything that is needed to check it without the database.
//!
//! Each event comes with the hash before it and the path that leads from it to the root of the newest signed checkpoint. The checkpoints
//! are the newest one and, for each event, the first that was signed after it, with the proofs that each continues the one before: so the
//! file shows by when each event was in the log. It is signed as a whole, so that nothing can be cut out of it on its way.

mod check;
mod format;
mod make;

pub use check::{Audit, PackError, check};
pub use make::{MakeError, make};
