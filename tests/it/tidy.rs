//! The house rules as tests: a promise of docs/ARCHITECTURE.md that is not checked here or by the compiler is only a wish.

mod arrows;
mod company_tables;
mod features;
mod files;
mod map;
mod problems;
mod sql;
mod sql_rules;
mod text;
