//! One torrent as `torrents/info` tells it: what is needed to act on it, asked for just before acting.

use serde::Deserialize;

use super::{
    identity::{ToldHash, TorrentId, told_hashes},
    marks::Marks,
    paths::Place,
};
use crate::model::InfoHash;

/// A torrent, as of now.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Record {
    #[serde(rename = "hash")]
    pub(super) id: TorrentId,
    infohash_v1: Option<ToldHash>,
    infohash_v2: Option<ToldHash>,
    #[serde(default, rename = "tags")]
    pub(super) marks: Marks,
    total_size: Option<i64>,
    #[serde(default)]
    save_path: String,
    #[serde(default)]
    download_path: String,
    #[serde(default)]
    content_path: String,
}

/// A file as `torrents/files` tells it.
#[derive(Debug, Deserialize)]
pub(super) struct FileRecord {
    /// Its path below the torrent's save path.
    pub(super) name: String,
}

impl Record {
    /// Whether this is the torrent of that info-hash.
    pub(super) fn is(&self, hash: &InfoHash) -> bool {
        let hashes = told_hashes([self.infohash_v1, self.infohash_v2]);
        match hashes.canonical() {
            Some(_) => hashes.contains(hash),
            None => self.id == TorrentId::of(hash),
        }
    }

    /// Whether there is metadata; without it there are no files.
    pub(super) fn has_metadata(&self) -> bool {
        // Where nothing is told, there may be files.
        self.total_size.is_none_or(|size| size > 0)
    }

    /// Where its content is; `None` where that was not told in a way that can be relied upon.
    pub(super) fn content(&self) -> Option<Place> {
        Place::read(&self.content_path)
    }

    /// The directory it was added into.
    pub(super) fn save_dir(&self) -> Option<Place> {
        Place::read(&self.save_path)
    }

    /// All directories that the paths of its files may be relative to.
    pub(super) fn file_roots(&self) -> Option<Vec<Place>> {
        let roots = [&self.save_path, &self.download_path];
        roots.into_iter().filter(|path| !path.is_empty()).map(|path| Place::read(path)).collect()
    }
}
