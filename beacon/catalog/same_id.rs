//! Two files that say that they are one collection.

use std::path::PathBuf;

use thiserror::Error;

use crate::model::CollectionId;

/// Two files say that they are the same collection: only one of them can count.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the id {id} is also that of {}; give this collection an id of its own, or remove one of the files", .kept.display())]
pub struct SameId {
    /// The id that both have.
    pub id: CollectionId,
    /// The other file, which counts.
    pub kept: PathBuf,
}
