//! A made-up company: a year of a window-and-roofing business, told through the same commands that people press.
//!
//! The same seed and the same circumstances give the same log, hash by hash. In reading order: [`chance`](mod@chance) draws what
//! is left open, [`town`] has the people who call, [`firm`] the company they call, [`calendar`] its hours and seasons; [`story`]
//! is what happens to one contact, [`plan`](mod@plan) all stories in order of time, and [`tell`](mod@tell) hands them to the
//! company's writer, under a clock of its own.

pub mod calendar;
pub mod chance;
pub mod firm;
mod offer;
pub mod plan;
pub mod story;
pub mod tell;
#[cfg(test)]
mod tests;
pub mod town;

pub use plan::{Circumstances, Told, plan};
pub use tell::{TellError, Telling, tell};

/// The name of the demo company when no other was given.
pub const NAME: &str = "Lakeside Windows & Roofing";
