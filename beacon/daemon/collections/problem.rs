//! What the directory of collections says as a whole.

use std::{collections::BTreeMap, fmt, path::PathBuf, sync::Arc};

use crate::{
    json::Position,
    model::{Catalog, CollectionId},
    node::view::CollectionView,
};

/// All collections that can be used, and what is wrong with the others.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CatalogState {
    /// The last good version of every collection file.
    pub catalog: Arc<Catalog>,
    /// Where each of them is.
    pub files: Arc<BTreeMap<CollectionId, PathBuf>>,
    /// What is wrong at present, by file.
    pub problems: Vec<CollectionProblem>,
}

impl CatalogState {
    /// Says of each collection which file it is of, and what is the matter with that.
    pub fn tell_files(&self, collections: &mut [CollectionView]) {
        for collection in collections {
            let Some(path) = self.files.get(&collection.id) else { continue };
            // Where the directory is concerns nobody who only looks.
            collection.file = path.file_name().map(PathBuf::from);
            let problem = self.problems.iter().find(|problem| problem.file == *path);
            collection.problem = problem.map(|problem| match problem.at {
                Some(at) => format!("line {}, column {}: {}", at.line, at.column, problem.message),
                None => problem.message.clone(),
            });
        }
    }
}

/// Something that is wrong with a collection file, or with the directory. Written as `file:line:column: message`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CollectionProblem {
    /// The file or directory.
    pub file: PathBuf,
    /// Where in the file, if it is about one place.
    pub at: Option<Position>,
    /// What is wrong, and what to do.
    pub message: String,
}

impl fmt::Display for CollectionProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some(at) => write!(f, "{}:{at}: {}", self.file.display(), self.message),
            None => write!(f, "{}: {}", self.file.display(), self.message),
        }
    }
}
