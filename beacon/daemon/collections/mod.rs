//! The directory of collection files: read, watched, and the last good version of each kept.

mod files;
mod load;
mod problem;
mod stamp;
#[cfg(test)]
mod tests;
mod watcher;

pub use files::{CollectionFiles, Outcome, Patience, collection_paths};
pub use problem::{CatalogState, CollectionProblem};
pub use watcher::CollectionsWatcher;
