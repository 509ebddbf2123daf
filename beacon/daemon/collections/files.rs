//! The collection files of one directory, and the last good version of each.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs, io, mem,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::{
    CatalogState, CollectionProblem,
    load::{Failed, Loaded, load},
    stamp::Stamp,
};
use crate::model::{Catalog, CatalogCollection, CollectionId, Source};

/// How many .torrent files of a collection are looked at in one scan. They hardly ever change, and looking at 20,000 of
/// them each second would take a few hundredths of a core for nothing.
const TORRENTS_LOOKED_AT: usize = 500;

/// The collection files of one directory. Nothing happens until [`CollectionFiles::scan`] is called.
#[derive(Debug)]
pub struct CollectionFiles {
    dir: PathBuf,
    known: BTreeMap<PathBuf, Known>,
    catalog: Arc<Catalog>,
    dir_problem: Option<CollectionProblem>,
}

/// Whether a file that is suddenly bad or gone may be in the middle of being written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    /// It may be: it counts as it was, until the next scan finds it no better.
    WaitOnce,
    /// It counts at once.
    None,
}

/// What a scan found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outcome {
    /// The catalog or the problems are others than before.
    pub changed: bool,
    /// Something seems to be half written; the next scan should come soon.
    pub unsettled: bool,
}

/// What is known of one file.
#[derive(Debug, Default)]
struct Known {
    /// What it looked like when it was last read.
    seen: Option<Stamp>,
    /// What of it is in the catalog.
    good: Option<Good>,
    /// What is wrong with it at present.
    problem: Option<CollectionProblem>,
    /// It was found bad or gone, and that has not been believed yet.
    doubted: bool,
    /// The .torrent file that is to blame for the problem, and what it looked like.
    blamed: Option<(PathBuf, Option<Stamp>)>,
    /// The id that another file has too.
    refused: Option<CollectionId>,
    /// Where the next look at its .torrent files begins.
    cursor: usize,
}

#[derive(Debug)]
struct Good {
    id: CollectionId,
    stamps: Vec<Option<Stamp>>,
}

impl CollectionFiles {
    /// The files of `dir`, none of which has been read yet.
    pub fn new(dir: PathBuf) -> Self {
        Self { dir, known: BTreeMap::new(), catalog: Arc::default(), dir_problem: None }
    }

    /// Reads what is new or changed. Of a file that has become bad, and of a directory that has gone as a whole (an
    /// unmounted disk, say), the last good version stays.
    pub fn scan(&mut self, patience: Patience) -> Outcome {
        let mut outcome = Outcome::default();
        let paths = match collection_paths(&self.dir) {
            Ok(paths) => paths,
            Err(error) => {
                let message = format!("the directory of collections cannot be read: {error}");
                let problem = CollectionProblem { file: self.dir.clone(), at: None, message };
                outcome.changed = set_problem(&mut self.dir_problem, Some(problem), !self.known.is_empty());
                return outcome;
            }
        };
        outcome.changed = set_problem(&mut self.dir_problem, None, true);
        self.drop_missing(&paths, patience, &mut outcome);
        for path in paths {
            let mut known = self.known.remove(&path).unwrap_or_default();
            let stamp = Stamp::of(&path).ok();
            if known.doubted || known.seen != stamp || self.needs_another_look(&mut known) {
                self.read(&path, stamp, &mut known, patience, &mut outcome);
            }
            self.known.insert(path, known);
        }
        outcome
    }

    /// The good collections, and what is wrong with the others.
    pub fn state(&self) -> CatalogState {
        let problems = self.dir_problem.iter().chain(self.known.values().filter_map(|known| known.problem.as_ref()));
        let files = self.known.iter().filter_map(|(path, known)| Some((known.good.as_ref()?.id, path.clone())));
        CatalogState {
            catalog: Arc::clone(&self.catalog),
            files: Arc::new(files.collect()),
            problems: problems.cloned().collect(),
        }
    }

    /// The good collection that the file at `path` holds.
    pub fn collection(&self, path: &Path) -> Option<&CatalogCollection> {
        let id = self.known.get(path)?.good.as_ref()?.id;
        self.catalog.collections.iter().find(|collection| collection.id == id)
    }

    fn drop_missing(&mut self, present: &BTreeSet<PathBuf>, patience: Patience, outcome: &mut Outcome) {
        let missing: Vec<PathBuf> = self.known.keys().filter(|path| !present.contains(*path)).cloned().collect();
        for path in missing {
            let Some(mut known) = self.known.remove(&path) else { continue };
            // Some editors move a file away before they write the new one.
            if patience == Patience::WaitOnce && !known.doubted {
                known.doubted = true;
                outcome.unsettled = true;
                self.known.insert(path, known);
                continue;
            }
            tracing::info!(file = %path.display(), "a collection file is gone, its torrents are no longer managed");
            self.replace(known.good.map(|good| good.id), None);
            outcome.changed = true;
        }
    }

    /// Whether a file that looks as before may still mean something else, since other files have changed.
    fn needs_another_look(&self, known: &mut Known) -> bool {
        if let Some((torrent, then)) = &known.blamed {
            return Stamp::of(torrent).ok() != *then;
        }
        if let Some(id) = known.refused {
            return self.owner(id).is_none();
        }
        if let Some(problem) = &known.problem {
            // What has no place in the file is that it cannot be opened, and a right to do so changes no stamp.
            return problem.at.is_none();
        }
        let Some(good) = &known.good else { return true };
        let Some(collection) = self.catalog.collections.iter().find(|collection| collection.id == good.id) else {
            return true;
        };
        let count = good.stamps.len();
        let first = if known.cursor < count { known.cursor } else { 0 };
        known.cursor = first + TORRENTS_LOOKED_AT;
        let looked_at = collection.torrents.iter().zip(&good.stamps).skip(first).take(TORRENTS_LOOKED_AT);
        looked_at.into_iter().any(|(torrent, then)| match (&torrent.source, then) {
            (Source::File(path), Some(then)) => Stamp::of(path).ok() != Some(*then),
            _ => false,
        })
    }

    fn read(
        &mut self,
        path: &Path,
        stamp: Option<Stamp>,
        known: &mut Known,
        patience: Patience,
        outcome: &mut Outcome,
    ) {
        let before = known.good.as_ref().and_then(|good| {
            let collection = self.catalog.collections.iter().find(|collection| collection.id == good.id)?;
            Some((collection, good.stamps.as_slice()))
        });
        let result = load(path, before, |id| self.owner(id));
        // A file that changed between two looks is still being written.
        let settled = known.doubted && known.seen == stamp;
        known.seen = stamp;
        match result {
            Ok(Loaded { collection, stamps }) => {
                let id = collection.id;
                let replaced = known.good.replace(Good { id, stamps }).map(|good| good.id);
                let is_new = before_differs(&self.catalog, replaced, &collection);
                if is_new {
                    let torrents = collection.torrents.len();
                    tracing::info!(file = %path.display(), name = %collection.name, torrents, "collection loaded");
                    self.replace(replaced, Some(collection));
                }
                known.doubted = false;
                known.blamed = None;
                known.refused = None;
                outcome.changed |= set_problem(&mut known.problem, None, true) | is_new;
            }
            Err(_) if patience == Patience::WaitOnce && !settled && known.problem.is_none() => {
                known.doubted = true;
                outcome.unsettled = true;
            }
            Err(Failed { problem, torrent, refused }) => {
                known.doubted = false;
                known.blamed = torrent.map(|torrent| {
                    let stamp = Stamp::of(&torrent).ok();
                    (torrent, stamp)
                });
                known.refused = refused;
                outcome.changed |= set_problem(&mut known.problem, Some(problem), known.good.is_some());
            }
        }
    }

    /// The file whose collection has this id. The one that is being read is not among those looked at.
    fn owner(&self, id: CollectionId) -> Option<PathBuf> {
        let owns = |known: &Known| known.good.as_ref().is_some_and(|good| good.id == id);
        self.known.iter().find(|(_, known)| owns(known)).map(|(path, _)| path.clone())
    }

    fn replace(&mut self, old: Option<CollectionId>, new: Option<CatalogCollection>) {
        let Catalog { mut collections } = Arc::unwrap_or_clone(mem::take(&mut self.catalog));
        collections.retain(|collection| Some(collection.id) != old);
        collections.extend(new);
        collections.sort_unstable_by_key(|collection| collection.id);
        self.catalog = Arc::new(Catalog { collections });
    }
}

/// The collection files of a directory: names that end in `.json` or `.collection` and do not begin with a dot or a `#`, as
/// those do that editors put beside a file.
///
/// # Errors
/// Where the directory cannot be read.
pub fn collection_paths(dir: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut paths = BTreeSet::new();
    for entry in fs::read_dir(dir)? {
        let path = entry?.path();
        if is_collection_name(&path) && path.is_file() {
            paths.insert(path);
        }
    }
    Ok(paths)
}

/// Whether a file is taken for a collection by its name.
pub fn is_collection_name(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let extension = path.extension().and_then(|extension| extension.to_str()).unwrap_or_default();
    !name.starts_with(['.', '#']) && matches!(extension, "json" | "collection")
}

fn before_differs(catalog: &Catalog, old: Option<CollectionId>, new: &CatalogCollection) -> bool {
    catalog.collections.iter().find(|collection| Some(collection.id) == old) != Some(new)
}

/// Notes what is wrong, and says it in the log where that is news; `kept` tells whether an earlier version stays in use.
/// Tells whether it is news.
fn set_problem(place: &mut Option<CollectionProblem>, problem: Option<CollectionProblem>, kept: bool) -> bool {
    if *place == problem {
        return false;
    }
    match (&place, &problem) {
        (_, Some(problem)) if kept => tracing::warn!("{problem} (the last good version stays in use)"),
        (_, Some(problem)) => tracing::warn!("{problem} (nothing of it is in use)"),
        (Some(mended), None) => tracing::info!("{} is good again", mended.file.display()),
        (None, None) => {}
    }
    *place = problem;
    true
}
