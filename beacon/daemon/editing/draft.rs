//! A collection file that is being changed.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use super::naming::unwritable;
use crate::{
    catalog::{CatalogFault, TorrentFacts},
    collection::{Checked, CollectionError, CollectionFile, EntrySource, TorrentEntry},
    daemon::collections::read_up_to,
    files,
    json::Document,
    metainfo::METAINFO_BYTES_MAX,
    model::{CatalogTorrent, InfoHash, InfoHashes, Source},
    web::{EditRefusal, Expected, Fault},
};

/// A collection file that is being changed: what it said when it was opened, and what is in its torrents.
#[derive(Debug)]
pub struct Draft {
    path: PathBuf,
    bytes: Vec<u8>,
    file: CollectionFile,
}

/// The torrents whose .torrent files have been read before, by their paths.
pub(super) type Known<'a> = BTreeMap<&'a Path, &'a CatalogTorrent>;

/// Faults of a file that are told.
pub(super) const FAULTS_MAX: usize = 100;

impl Draft {
    /// Opens a collection file that is good as far as that can be said without its .torrent files.
    pub fn open(path: &Path) -> Result<Self, EditRefusal> {
        let bytes = read(path, CollectionFile::BYTES_MAX)?;
        let broken = |faults| EditRefusal::Broken { path: path.to_owned(), faults };
        let text = Document::decode(&bytes).map_err(|error| broken(vec![fault(&error)]))?;
        let Checked { file, faults } = Checked::of(text, FAULTS_MAX);
        if faults.is_empty() {
            return Ok(Self { path: path.to_owned(), file, bytes });
        }
        Err(broken(faults.iter().map(fault).collect()))
    }

    /// What it says.
    pub fn text(&self) -> &str {
        // It was text when it was opened.
        str::from_utf8(&self.bytes).unwrap_or_default()
    }

    /// What it means.
    pub const fn file(&self) -> &CollectionFile {
        &self.file
    }

    /// Refuses where it is not a version that was seen.
    pub(super) fn expect(&self, expected: &Expected) -> Result<(), EditRefusal> {
        if expected.allows(&self.bytes) { Ok(()) } else { Err(EditRefusal::Changed(self.path.clone())) }
    }

    /// The place in the file of a torrent, counted from 0.
    pub fn place_of(&self, info_hash: &InfoHash) -> Result<usize, EditRefusal> {
        self.place_with(info_hash, &Known::new())
    }

    pub(super) fn place_with(&self, info_hash: &InfoHash, known: &Known<'_>) -> Result<usize, EditRefusal> {
        let is_it = |entry: &TorrentEntry| self.hashes(entry, known).is_some_and(|hashes| hashes.contains(info_hash));
        self.file.torrents.iter().position(is_it).ok_or(EditRefusal::NotListed(*info_hash))
    }

    /// Whether it lists a torrent by any of these hashes.
    pub(super) fn lists(&self, hashes: &InfoHashes, known: &Known<'_>) -> bool {
        let has_one = |own: InfoHashes| own.iter().any(|hash| hashes.contains(&hash));
        self.file.torrents.iter().filter_map(|entry| self.hashes(entry, known)).any(has_one)
    }

    /// Puts a text in the place of what it said, unless somebody else has changed it meanwhile.
    pub fn replace(&self, text: &str) -> Result<(), EditRefusal> {
        replace(&self.path, &self.bytes, text)
    }

    /// The hashes of a torrent of the file, as far as they can be read.
    fn hashes(&self, entry: &TorrentEntry, known: &Known<'_>) -> Option<InfoHashes> {
        match &entry.source {
            EntrySource::Magnet(link) => TorrentFacts::of_magnet(link).ok().map(|facts| facts.hashes),
            EntrySource::File(written) => {
                let path = self.path.parent().unwrap_or(Path::new("")).join(written);
                match known.get(path.as_path()) {
                    Some(torrent) => Some(torrent.hashes),
                    None => read_facts(&path).ok().map(|facts| facts.hashes),
                }
            }
        }
    }
}

/// Puts a text in the place of what a file said, unless somebody else has changed it meanwhile.
pub(super) fn replace(path: &Path, before: &[u8], text: &str) -> Result<(), EditRefusal> {
    // Reading the .torrent files of a large collection takes a while.
    if read(path, CollectionFile::BYTES_MAX)? != before {
        return Err(EditRefusal::Changed(path.to_owned()));
    }
    if text.as_bytes() == before {
        return Ok(());
    }
    files::replace(path, text.as_bytes()).map_err(|error| unwritable(path, &error))
}

/// What is known of the torrents of a catalog that have .torrent files.
pub(super) fn known<'a>(torrents: impl Iterator<Item = &'a CatalogTorrent>) -> Known<'a> {
    let by_path = |torrent: &'a CatalogTorrent| match &torrent.source {
        Source::File(path) => Some((path.as_path(), torrent)),
        Source::Magnet(_) => None,
    };
    torrents.filter_map(by_path).collect()
}

/// Reads a .torrent file.
pub(super) fn read_facts(path: &Path) -> Result<TorrentFacts, CatalogFault> {
    let bytes = read_up_to(path, METAINFO_BYTES_MAX)
        .map_err(|reason| CatalogFault::Unreadable { path: path.to_owned(), reason })?;
    TorrentFacts::of_file(&bytes).map_err(|reason| CatalogFault::Metainfo { path: path.to_owned(), reason })
}

/// Reads a file of at most so many bytes.
pub(super) fn read(path: &Path, most: usize) -> Result<Vec<u8>, EditRefusal> {
    let unreadable =
        |error: std::io::Error| EditRefusal::File { path: path.to_owned(), verb: "read", reason: error.to_string() };
    let bytes = read_up_to(path, most).map_err(unreadable)?;
    if bytes.len() > most { Err(EditRefusal::TooLarge(path.to_owned())) } else { Ok(bytes) }
}

/// What is wrong, for those who see the text.
pub(super) fn fault<E: ToString>(located: &crate::json::Located<E>) -> Fault {
    Fault { line: located.at.line, column: located.at.column, text: located.error.to_string() }
}

/// Why an edit of a good text makes a bad one.
pub(super) fn spoiled(error: &CollectionError) -> EditRefusal {
    EditRefusal::Faults(vec![fault(error)])
}
