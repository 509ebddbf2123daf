//! Floor 2: collection files joined with the metainfo of their torrents, and what is found in them.

mod error;
mod facts;
mod fold;
mod names;
mod resolve;
mod same_id;
mod search;
mod sought;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;

pub use error::{CatalogError, CatalogFault};
pub use facts::TorrentFacts;
pub use names::Names;
pub use resolve::{Survey, resolve, resolve_with, survey};
pub use same_id::SameId;
pub use search::{Fit, Hit, meant};
pub use sought::{Digits, Sought, SoughtError};
