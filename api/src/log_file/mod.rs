//! A company's log as a file of JSON lines, and back, with every hash.
//!
//! The first line says whose log it is, then comes one line for each event, and the last line says where the log ends, so that a
//! file that was cut off is not taken for a whole one. The data of an event is carried as the very bytes that were hashed.

mod check;
#[cfg(test)]
mod events_document;
mod export;
mod format;
mod import;
mod keys;

pub use check::{FileChecked, check};
pub use export::{ExportError, Exported, export};
pub use format::{End, EventLine, Header};
pub use import::{Imported, Source, TakeOverError};
pub use keys::{export_keys, import_keys, read_keys};
