//! Floor 4: the BitTorrent client behind the beacon.

pub mod embedded;
pub mod qbittorrent;
mod torrent_client;

pub use torrent_client::{AddOutcome, AddRequest, AddSource, CommandError, Owner, Removed, TorrentClient};
