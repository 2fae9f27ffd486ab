mod actions;
mod edges;
mod laws;
mod standing;
