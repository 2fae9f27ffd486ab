//! The binary, as people and programs run it: results, exit codes, and what survives being killed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod backups;
mod checkpoints;
mod histories;
mod logs;
mod mistakes;
mod service;
mod world;
