//! Finding a collection by what people call it, and putting a new torrent beside it.

use std::path::{Path, PathBuf};

use crate::{
    collection::{CollectionFile, EntrySource, NewEntry, append},
    create::write_whole,
    daemon::collections::{collection_paths, read_collection, read_up_to},
    json::Document,
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
pub(super) fn list(collection: &Path, torrent: &Path, hashes: &InfoHashes, target: Option<u16>) -> Result<(), String> {
    let cannot = |why: &dyn ToString| {
        let why = why.to_string();
        format!("{} is made, but {} cannot be changed: {why}", torrent.display(), collection.display())
    };
    let name = torrent.file_name().and_then(|name| name.to_str());
    let name = name.ok_or_else(|| cannot(&"the name of the .torrent is not UTF-8"))?;
    // A link stays a link: what it points to is replaced, but beacons find its .torrent files beside the link.
    let real = collection.canonicalize().map_err(|error| cannot(&error))?;
    let bytes_now = || read_up_to(&real, CollectionFile::BYTES_MAX).map_err(|error| cannot(&error));
    let bytes = bytes_now()?;
    let before = read_collection(collection, |_| None).map_err(|problem| cannot(&problem))?;
    if before.torrents.iter().any(|torrent| torrent.hashes.iter().any(|hash| hashes.contains(&hash))) {
        return Ok(());
    }
    let text = Document::decode(&bytes).map_err(|error| cannot(&error))?;
    let entry = NewEntry { target, ..NewEntry::new(EntrySource::File(name.to_owned())) };
    let text = append(text, &[entry]).map_err(|error| cannot(&error))?;
    // Reading the .torrent files of a large collection takes a while.
    if bytes_now()? != bytes {
        return Err(cannot(&"somebody else changed it meanwhile; put the torrent in with `beacon collection add`"));
    }
    write_whole(&real, text.as_bytes(), true).map_err(|error| cannot(&error))
}
