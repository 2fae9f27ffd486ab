//! The specification of the contact file: what its parts decide together.

mod actions;
mod edges;
mod laws;
mod standing;
