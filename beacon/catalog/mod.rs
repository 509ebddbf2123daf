//! Floor 2: collection files joined with the metainfo of their torrents.

mod error;
mod facts;
mod resolve;
mod same_id;
#[cfg(test)]
mod tests;

pub use error::{CatalogError, CatalogFault};
pub use facts::TorrentFacts;
pub use resolve::{resolve, resolve_with};
pub use same_id::SameId;
