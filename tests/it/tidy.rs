//! The house rules as tests: a promise of docs/ARCHITECTURE.md that is not checked here or by the compiler is only a wish.

mod arrows;
mod files;
mod map;
mod problems;
mod sql;
mod text;
