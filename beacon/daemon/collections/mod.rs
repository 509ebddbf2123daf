//! The directory of collection files: read, watched, and the last good version of each kept.

mod files;
mod load;
mod problem;
mod stamp;
#[cfg(test)]
mod tests;
mod watcher;

pub use files::{CollectionFiles, Outcome, Patience, collection_paths, is_collection_name};
pub use load::{read_collection, read_up_to};
pub use problem::{CatalogState, CollectionProblem};
pub use watcher::CollectionsWatcher;
