//! Floor 1: collection files and manifests.

mod edit;
mod error;
mod file;
mod manifest;

pub use edit::{NewEntry, append, template};
pub use error::{CollectionError, CollectionFault};
pub use file::{CollectionFile, EntrySource, TorrentEntry};
pub use manifest::{Manifest, ManifestError};
