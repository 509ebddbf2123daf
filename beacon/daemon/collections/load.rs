//! Reading one collection file with the .torrent files that it names.

use std::{
    collections::BTreeMap,
    fs::{self, File},
    io::{self, Read},
    path::{Path, PathBuf},
};

use super::{CollectionProblem, stamp::Stamp};
use crate::{
    catalog::{CatalogFault, SameId, TorrentFacts, resolve_with},
    collection::CollectionFile,
    json::Located,
    metainfo::METAINFO_BYTES_MAX,
    model::{CatalogCollection, CatalogTorrent, CollectionId, Source},
};

/// A collection file that can be used.
#[derive(Debug)]
pub(super) struct Loaded {
    pub(super) collection: CatalogCollection,
    /// What its .torrent files looked like when they were read, in the order of its torrents; `None` for magnet links.
    pub(super) stamps: Vec<Option<Stamp>>,
}

/// Why a collection file cannot be used.
#[derive(Debug)]
pub(super) struct Failed {
    pub(super) problem: CollectionProblem,
    /// The .torrent file that is to blame, which may be mended without an edit of the collection file.
    pub(super) torrent: Option<PathBuf>,
    /// The id that another file has already.
    pub(super) refused: Option<CollectionId>,
}

/// Reads the collection file at `path` with the .torrent files that it names; `taken` tells the file that has an id already.
///
/// # Errors
/// The first thing that is wrong, and where.
pub fn read_collection(
    path: &Path,
    taken: impl Fn(CollectionId) -> Option<PathBuf>,
) -> Result<CatalogCollection, CollectionProblem> {
    load(path, None, taken).map(|loaded| loaded.collection).map_err(|failed| failed.problem)
}

/// Reads the collection file at `path`. What `before` tells of .torrent files that have not changed since is taken from
/// there; `taken` tells the file that has an id already.
pub(super) fn load(
    path: &Path,
    before: Option<(&CatalogCollection, &[Option<Stamp>])>,
    taken: impl Fn(CollectionId) -> Option<PathBuf>,
) -> Result<Loaded, Failed> {
    let whole = |message: String, refused| Failed {
        problem: CollectionProblem { file: path.to_owned(), at: None, message },
        torrent: None,
        refused,
    };
    let bytes = read_up_to(path, CollectionFile::BYTES_MAX)
        .map_err(|error| whole(format!("the file cannot be read: {error}"), None))?;
    let file = CollectionFile::read(&bytes).map_err(|error| failed(path, error.map(CatalogFault::Collection)))?;
    drop(bytes);
    if let Some(kept) = taken(file.id) {
        return Err(whole(SameId { id: file.id, kept }.to_string(), Some(file.id)));
    }

    let known = by_path(before);
    let mut stamps = BTreeMap::new();
    let base_dir = path.parent().unwrap_or(Path::new(""));
    let collection = resolve_with(&file, base_dir, |torrent| {
        let unreadable = |reason| CatalogFault::Unreadable { path: torrent.to_owned(), reason };
        // Looked at before it is read: a change in between shows as a change later.
        let stamp = Stamp::of(torrent).map_err(unreadable)?;
        stamps.insert(torrent.to_owned(), stamp);
        if let Some((_, facts)) = known.get(torrent).filter(|(then, _)| *then == stamp) {
            return Ok(TorrentFacts::from(*facts));
        }
        let bytes = read_up_to(torrent, METAINFO_BYTES_MAX).map_err(unreadable)?;
        TorrentFacts::of_file(&bytes).map_err(|reason| CatalogFault::Metainfo { path: torrent.to_owned(), reason })
    })
    .map_err(|error| failed(path, error))?;
    let stamp_of = |torrent: &CatalogTorrent| match &torrent.source {
        Source::File(path) => stamps.get(path).copied(),
        Source::Magnet(_) => None,
    };
    let stamps = collection.torrents.iter().map(stamp_of).collect();
    Ok(Loaded { collection, stamps })
}

fn by_path<'a>(
    before: Option<(&'a CatalogCollection, &[Option<Stamp>])>,
) -> BTreeMap<&'a Path, (Stamp, &'a CatalogTorrent)> {
    let Some((collection, stamps)) = before else { return BTreeMap::new() };
    let pair = |(torrent, stamp): (&'a CatalogTorrent, &Option<Stamp>)| match (&torrent.source, stamp) {
        (Source::File(path), Some(stamp)) => Some((path.as_path(), (*stamp, torrent))),
        _ => None,
    };
    collection.torrents.iter().zip(stamps).filter_map(pair).collect()
}

fn failed(path: &Path, error: Located<CatalogFault>) -> Failed {
    let problem = CollectionProblem { file: path.to_owned(), at: Some(error.at), message: error.error.to_string() };
    let torrent = match error.error {
        CatalogFault::Unreadable { path, .. } | CatalogFault::Metainfo { path, .. } => Some(path),
        CatalogFault::Collection(_)
        | CatalogFault::Magnet(_)
        | CatalogFault::Outside(_)
        | CatalogFault::Twice { .. } => None,
    };
    Failed { problem, torrent, refused: None }
}

/// Reads a file, and one byte more than `limit` at most: enough for whoever looks at it to refuse it as too large.
///
/// # Errors
/// Where the file cannot be opened or read, or is a pipe or device, which could keep the reader for ever.
pub fn read_up_to(path: &Path, limit: usize) -> io::Result<Vec<u8>> {
    if !fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(limit as u64 + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}
