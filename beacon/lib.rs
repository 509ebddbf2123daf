//! Beacon keeps archives alive: beacons count the copies of the torrents of shared collections, and each tells its own
//! BitTorrent client what to fetch.
//!
//! The crate is a house with floors; a module imports only from lower ones, and `tests/tidy.rs` holds it to that.
//! Floors 0 to 3, but for `files`, and `sim` are pure: time, randomness and everything else from outside come in as arguments.
//!
//! Whoever drives `node::Node` keeps to one contract, the daemon and the simulator alike: hand it one input, drain its
//! outputs, and wait for the next input or until its next timeout, whichever is earlier.

pub mod catalog;
pub mod census;
#[cfg(feature = "daemon")]
pub mod cli;
#[cfg(feature = "daemon")]
pub mod client;
pub mod collection;
#[cfg(feature = "daemon")]
pub mod config;
#[cfg(feature = "daemon")]
pub mod create;
#[cfg(feature = "daemon")]
pub mod daemon;
#[cfg(feature = "daemon")]
pub mod files;
pub mod json;
pub mod metainfo;
pub mod model;
#[cfg(feature = "daemon")]
pub mod net;
pub mod node;
pub mod notify;
pub mod plan;
pub mod protocol;
pub mod sim;
#[cfg(feature = "daemon")]
pub mod store;
pub mod tracker;
#[cfg(feature = "daemon")]
pub mod web;
pub mod wire;
