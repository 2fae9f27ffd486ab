//! Questions and their answers: read models that follow the log, each rebuilt from it at any time.
//!
//! A read model is a fold ([`Projection`]): it names the rows that a fact concerns and says what becomes of them. One
//! piece of code loads, folds and writes those rows, whether inside the append, catching up, or rebuilding.
//!
//! In reading order:
//! - [`happened`], [`projection`], [`rows`]: a fact as read models see it, what a read model is, how a batch is folded;
//! - [`checkpoint`]: how far each read model has come, and which generation of its rows is in use;
//! - [`inline`], [`runner`], [`rebuild`]: inside the append, catching up, and anew beside the rows in use;
//! - [`digest`]: the rows as one hash, and whether they equal a rebuild;
//! - [`reading`]: answers, with the place in the log they reflect;
//! - [`figures`]: what is counted of journeys, from sums kept in memory and from rows;
//! - [`journey_table`], [`canceled_demos`], [`contact_list`], [`meeting_list`], [`quote_list`], [`sale_list`], [`campaign_members`]: the read models.

pub mod checkpoint;
pub mod digest;
pub mod error;
pub mod figures;
pub mod happened;
pub mod inline;
pub mod projection;
pub mod reading;
pub mod rebuild;
pub mod rows;
pub mod runner;
pub mod table;

pub mod campaign_members;
pub mod canceled_demos;
pub mod contact_list;
pub mod journey_table;
pub mod meeting_list;
pub mod quote_list;
pub mod sale_list;

#[cfg(test)]
mod testing;

pub use checkpoint::{Checkpoint, statuses};
pub use contact_list::scrub;
pub use digest::{Difference, check, check_at, digest};
pub use error::{Fault, ProjectionError};
pub use figures::Figures;
pub use happened::Happened;
pub use inline::Inline;
pub use projection::{PROJECTIONS, Projection, find, rows_of};
pub use reading::{Counted, Listed, Reading};
pub use rebuild::{Canceled, Progress, Rebuilt, cancel, needs_rebuild, rebuild, rebuild_at};
pub use runner::{Pace, catch_up, catch_up_at, keep_up, prepare};
pub use table::Table;
