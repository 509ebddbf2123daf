//! Finding a collection by what people call it, and putting a new torrent beside it.

use std::path::{Path, PathBuf};

use crate::{
    collection::CollectionFile,
    daemon::{
        Editor,
        collections::{collection_paths, read_up_to},
    },
    model::InfoHashes,
};

/// The file of the collection with this id or name, of which there must be only one.
pub(super) fn find(dir: &Path, wanted: &str) -> Option<PathBuf> {
    let paths = collection_paths(dir).ok()?;
    let is_wanted = |path: &PathBuf| {
        let bytes = read_up_to(path, CollectionFile::BYTES_MAX).ok();
        let file = bytes.and_then(|bytes| CollectionFile::read(&bytes).ok());
        file.is_some_and(|file| file.name == wanted || file.id.to_string() == wanted)
    };
    let mut found = paths.into_iter().filter(is_wanted);
    found.next().filter(|_| found.next().is_none())
}

/// Lists `torrent`, which lies in the collection file's own directory, unless one of its `hashes` is in the collection
/// already; why it cannot be listed otherwise.
pub(super) fn list(
    editor: &Editor,
    collection: &Path,
    torrent: &Path,
    hashes: &InfoHashes,
    target: Option<u16>,
) -> Result<(), String> {
    let cannot = |why: &dyn ToString| {
        let why = why.to_string();
        format!("{} is made, but {} cannot be changed: {why}", torrent.display(), collection.display())
    };
    let name = torrent.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| cannot(&"the name of the .torrent is not UTF-8"))?;
    let listed = editor.list(collection, name, hashes, target);
    listed.map_err(|refusal| cannot(&format!("{refusal}; put the torrent in with `beacon collection add`")))
}
