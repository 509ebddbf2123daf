//! Floor 4: what outlives the process, in SQLite.
//!
//! One beacon owns one data directory: `beacon.lock` is held while it runs, `beacon.sqlite` has everything small, and
//! `metainfo/` has the .torrent files of torrents that were found by their hash. Every call that writes returns after what it
//! wrote is on the disk, so that a power cut at any moment loses nothing that was acted upon.

mod deletions;
mod error;
mod facts;
mod files;
mod history;
mod ledger;
mod lock;
mod members;
mod metainfo;
mod neighbors;
mod orders;
mod row;
mod schema;
#[expect(clippy::module_inception, reason = "the file of the type `Store`")]
mod store;
mod told;
mod trend;

#[cfg(test)]
mod tests;

pub use deletions::{DELETIONS_KEPT, DELETIONS_MAX, DeletionRow};
pub use error::StoreError;
pub use history::{EVENT_BYTES_MAX, EVENTS_MAX, EventFilter, EventRow};
pub use ledger::{LedgerRow, LedgerStage};
pub use members::{HighWaterMark, MARKS_MAX, MemberRow};
pub use store::Store;
