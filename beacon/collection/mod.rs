//! Floor 1: collection files and manifests.

mod checked;
mod edit;
#[cfg(test)]
mod edit_tests;
mod error;
mod file;
mod manifest;

pub use checked::Checked;
pub use edit::{Change, EntryChange, HeadChange, NewEntry, append, change_entry, change_head, remove_entry, template};
pub use error::{CollectionError, CollectionFault};
pub use file::{CollectionFile, EntrySource, TorrentEntry};
pub use manifest::{Manifest, ManifestError};
