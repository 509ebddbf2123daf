//! The tracker as HTTP (BEP 3, BEP 48): who is let in, and what is asked of the loop.

mod cache;
mod door;
mod service;
#[cfg(test)]
mod tests;

pub(super) use door::routes;
pub use door::{Admits, serve_tracker};
pub use service::{Tracker, TrackerSettings};
