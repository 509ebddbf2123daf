//! Floor 1: a BitTorrent tracker without its sockets (BEP 3, 7, 23, 48, 52): reading requests, remembering who announced,
//! choosing whom to tell of whom, and writing answers.
//!
//! It answers with two kinds of clients: those that beacons know of ([`Known`]), and those that announced themselves
//! ([`Registry`]). Time and chance are arguments.

mod answer;
mod asker;
mod known;
mod pace;
mod registry;
mod request;
mod room;
mod select;
#[cfg(test)]
mod tests;

pub use answer::{Answer, Counts, Told, failure, scrape_answer};
pub use asker::Asker;
pub use known::{Known, KnownPeer};
pub use registry::{Registry, Totals};
pub use request::{Announce, Event, PeerForm, RequestError, SCRAPE_MAX, ShortHash, scraped};
