//! Floor 4: a deterministic simulator that drives nodes as the daemon does.
//!
//! A [`Scenario`] says what there is and what happens; a [`Simulation`] plays it: it hands each node its inputs, carries
//! its outputs out on a network that delays and loses, and on BitTorrent clients and disks that are only modelled, and
//! wakes it when it asks to be. Time stands still while a node thinks. Nothing in it depends on the machine, so that a
//! seed replays exactly: see [`Report::trace_hash`].

mod act;
mod acts;
mod beacon;
pub mod churn;
mod client;
mod clock;
mod course;
mod event;
pub mod faults;
mod knowledge;
mod lies;
mod network;
mod outputs;
pub mod plot;
mod queue;
mod report;
mod scenario;
pub mod scenarios;
mod simulation;
mod tasks;
mod trace;
mod traffic;
mod truth;
mod warm;

#[cfg(test)]
mod tests;

pub use act::{Act, Lie};
pub use course::Moment;
pub use knowledge::{Knowledge, Overlay};
pub use report::Report;
pub use scenario::{BeaconSpec, NetworkModel, Scenario, Timing, TorrentSpec};
pub use simulation::Simulation;
pub use traffic::Traffic;
pub use truth::Incident;
