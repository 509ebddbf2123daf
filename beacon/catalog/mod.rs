//! Floor 2: collection files joined with the metainfo of their torrents.

mod error;
mod facts;
mod merge;
mod resolve;

pub use error::{CatalogError, CatalogFault};
pub use facts::TorrentFacts;
pub use merge::{SameId, merge};
pub use resolve::{resolve, resolve_with, torrent_path};
