//! The one integration binary: the whole product over real databases. Each module is a noun or a promise.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on should stop")]

mod backup;
mod bad_input;
mod campaigns;
mod commands;
mod contacts;
mod counts;
mod databases;
mod demo;
mod drift;
mod erasure;
mod export;
mod exports;
mod features;
mod figures;
mod http;
mod import;
mod lists;
mod live;
mod matrix;
mod old_formats;
mod oracle;
mod outbox;
mod places;
mod play;
mod projection_laws;
mod real_data;
mod refused;
mod rep_time;
mod roles;
mod search;
mod similar;
mod store_contract;
mod tamper;
mod tidy;
mod timeline;
mod timers;
mod world;
