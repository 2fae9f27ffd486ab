//! Another system's history, line by line, as commands of the role importer.
//!
//! [`line`](mod@line) reads a line and says what is wrong with it, [`lines`] cuts the input into lines, [`names`] makes the people,
//! sources and products that are missing, [`company`] the company itself, and [`take`] hands it all to the company's writer:
//! in order, many lines on their way at once, each under its own id, so that a line is never taken twice.

pub mod company;
pub mod line;
pub mod lines;
pub mod names;
pub mod report;
pub mod take;

pub use company::{NewCompany, company_for};
pub use report::{BadLine, Summary};
pub use take::{Ahead, ImportError, Watch, look_ahead, refuse, take};

/// The codes of a bad line that no request over HTTP can have.
pub const CODES: &[&str] = &[line::LINE_TOO_LONG, line::UNKNOWN_COMMAND];
