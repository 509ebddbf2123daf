//! Floor 1: who holds what, and the copies that makes.
//!
//! What is known of each beacon is its latest status; which of two is later is for the hello to say, so merging what
//! different beacons know is taking the larger version of each. Counts are kept as the statuses change, never by
//! going through all of them.

#[expect(clippy::module_inception, reason = "the module is named for what it holds")]
mod census;
mod manifest_map;
mod page;
mod status;
mod torrents;

pub use census::{Census, Tally};
pub use page::{PageError, StatusPage};
pub use status::{CollectionStatus, PartialStatus, Status, StatusError};
pub use torrents::{Torrent, TorrentIndex, Torrents};
