//! A BitTorrent engine within the beacon, so that nothing else has to be installed: librqbit, driven as any other client.
//!
//! librqbit moves the data. What it has to remember is kept here, in files that a power cut cannot tear, and a complete
//! torrent is handed to it only while somebody wants something of it: a torrent that it serves costs it ten wake-ups a
//! second, one that it does not know costs nothing.

mod client;
mod engine;
mod entry;
mod error;
mod gate;
mod journal;
mod magnet;
mod open_files;
mod pieces;
mod record;
mod redial;
mod retry;
mod settings;
mod shelf;
mod storage;
mod tending;
mod torrent_files;

#[cfg(test)]
mod tests;

pub use client::Embedded;
pub use error::EmbeddedError;
pub use settings::{EmbeddedSettings, SpeedLimits};
