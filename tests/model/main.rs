//! Model checking of deletion by grants: every order in which things can happen, tried on the struct that the program runs.
//!
//! The larger models are in `benches/model.rs`.

mod cases;
mod check;
mod fair;
mod flawed;
mod rules;
mod safe;
mod variant;
mod world;
