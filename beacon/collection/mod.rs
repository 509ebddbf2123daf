//! Floor 1: collection files.

mod edit;
mod error;
mod file;

pub use edit::{NewEntry, append, template};
pub use error::{CollectionError, CollectionFault};
pub use file::{CollectionFile, EntrySource, TorrentEntry};
