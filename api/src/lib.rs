//! The edge of Leadtrail: HTTP, command line, imports and exports, over the application that composes the crates.
//!
//! In reading order: [`app`] is what the edges may call; [`http`] and [`cli`] are the edges; [`figures`] and [`views`] are the
//! answers they share; [`history`] brings another system's history in, [`log_file`] a log out and in again; [`backup`] keeps
//! copies and brings them back; [`demo`] makes up a company.

pub mod app;
pub mod backup;
pub mod cli;
pub mod demo;
pub mod figures;
pub mod history;
pub mod http;
mod json;
pub mod log_file;
pub mod pack;
pub mod proofs;
pub mod views;
